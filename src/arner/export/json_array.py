"""Tagged documents in, indented JSON of schema arner/1 out: one object, or an array of them where there are more."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from arner.export.jsonl import fields
from arner.export.pieces import chunks, jsons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Tagged
    from arner.export.options import Options


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    """Yield one document as an object; none or more than one as an array, written as they come."""
    coming = iter(tagged)
    first, second = next(coming, None), next(coming, None)
    if first is None or second is None:
        yield from chunks(chain(jsons(fields(first, options), indent=2) if first else ("[]",), "\n"))
        return
    opening = "[\n  "
    for document in chain((first, second), coming):
        yield from chunks(chain((opening,), jsons(fields(document, options), indent=2, level=1)))
        opening = ",\n  "
    yield b"\n]\n"
