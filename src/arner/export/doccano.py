"""Tagged documents in, doccano's JSON Lines for sequence labelling out; the name goes along as metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arner.export.options import Options, dumps, encode
from arner.export.spans import flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Tagged


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:  # noqa: ARG001
    """Yield one line a document: `{"text":…,"label":[[start,end,label],…],"doc":…}`."""
    for document in tagged:
        labels = [[e.start, e.end, e.label] for e in flat(document.entities)]
        record = {"text": document.document.source, "label": labels, "doc": document.document.name}
        yield encode(dumps(record) + "\n")
