"""Tagged documents in, doccano's JSON Lines for sequence labelling out; the name goes along as metadata."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from arner.export.pieces import Rows, chunks, jsons
from arner.export.spans import each_flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Tagged
    from arner.export.options import Options


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:  # noqa: ARG001
    """Yield one line a document: `{"text":…,"label":[[start,end,label],…],"doc":…}`."""
    for document in tagged:
        labels = Rows([e.start, e.end, e.label] for e in each_flat(document.entities))
        record = {"text": document.document.source, "label": labels, "doc": document.document.name}
        yield from chunks(chain(jsons(record), "\n"))
