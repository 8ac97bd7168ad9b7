"""Tagged documents in, indented JSON of schema arner/1 out: one object, or an array of them where there are more."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from arner.export.jsonl import record
from arner.export.options import Options, dumps, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Tagged


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    """Yield one document as an object; none or more than one as an array, written as they come."""
    held: str | None = None
    opened = False
    for document in tagged:
        if held is not None:
            yield encode(("," if opened else "[") + "\n" + indent(held, "  "))
            opened = True
        held = dumps(record(document, options), indent=2)
    if held is None:
        yield b"[]\n"
    elif opened:
        yield encode(",\n" + indent(held, "  ") + "\n]\n")
    else:
        yield encode(held + "\n")
