"""Tagged documents in, W3C Web Annotations (JSON-LD) out: one collection a document, one annotation an entity.

Positions count code points of the source as it stands, as the standard has it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from arner.export.pieces import Rows, chunks, jsons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Entity, Tagged
    from arner.export.options import Options

_CONTEXT = 32  # code points quoted before and behind an entity, so that it is found again in an edited text


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:  # noqa: ARG001
    """Yield an AnnotationCollection a document, its one page inside."""
    for document in tagged:
        yield from chunks(chain(jsons(_collection(document), indent=2), "\n"))


def _collection(tagged: Tagged) -> dict[str, Any]:
    from urllib.parse import quote

    document = tagged.document
    source = quote(document.name, errors="surrogateescape")
    collection: dict[str, Any] = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{source}#annotations",
        "type": "AnnotationCollection",
        "label": document.name,
        "total": len(tagged.entities),
    }
    if tagged.entities:
        items = Rows(_annotation(e, document.source, source) for e in tagged.entities)
        collection["first"] = {"id": f"{source}#page", "type": "AnnotationPage", "startIndex": 0, "items": items}
    return collection


def _annotation(entity: Entity, text: str, source: str) -> dict[str, Any]:
    bodies = [{"type": "TextualBody", "purpose": "tagging", "value": entity.label}]
    if entity.ref:
        bodies.append({"type": "TextualBody", "purpose": "identifying", "value": entity.ref})
    quoted = {
        "type": "TextQuoteSelector",
        "exact": entity.text,
        "prefix": text[max(0, entity.start - _CONTEXT) : entity.start],
        "suffix": text[entity.end : entity.end + _CONTEXT],
    }
    position = {"type": "TextPositionSelector", "start": entity.start, "end": entity.end}
    return {
        "id": f"{source}#{entity.id}",
        "type": "Annotation",
        "motivation": "identifying" if entity.ref else "tagging",
        "body": bodies,
        "target": {"source": source, "selector": [position, quoted]},
    }
