"""Tagged documents in, GATE's BDOC JSON out: the text with its annotations, one document a file."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from arner.export.pieces import Rows, chunks, jsons
from arner.export.spans import offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.document import Entity, Mention, Tagged
    from arner.export.options import Options

# BDOC's own letters: p counts as Python does, j as Java does.
_OFFSET_TYPES = {"codepoint": "p", "utf16": "j"}


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    """Yield a document each: annotations PER, ORG and LOC, and one a relation over the words of the role."""
    for document in tagged:
        yield from chunks(chain(jsons(_document(document, options)), "\n"))


def _document(tagged: Tagged, options: Options) -> dict[str, Any]:
    at = offsets(tagged.document.source, options.offsets)
    count = len(tagged.entities) + sum(len(e.nested) for e in tagged.entities) + len(tagged.relations)
    annotations = Rows(_numbered(tagged, at))
    return {
        "annotation_sets": {"": {"name": "", "annotations": annotations, "next_annid": count}},
        "text": tagged.document.source,
        "features": {"encoding": tagged.document.encoding, "sha256": tagged.document.sha256},
        "offset_type": _OFFSET_TYPES[options.offsets],
        "name": tagged.document.name,
    }


def _numbered(tagged: Tagged, at: Callable[[int], int]) -> Iterator[dict[str, Any]]:
    for number, annotation in enumerate(_annotations(tagged)):
        annotation["id"] = number
        annotation["start"], annotation["end"] = at(annotation["start"]), at(annotation["end"])
        yield annotation


def _annotations(tagged: Tagged) -> Iterator[dict[str, Any]]:
    """Yield the annotations without numbers: entities first, in order, so that an entity's place is its number."""
    named = {identity for r in tagged.relations for identity in (r.person, r.org)}
    places: dict[str, int] = {}
    for number, e in enumerate(tagged.entities):
        if e.id in named:
            places[e.id] = number
        yield _annotation(e, name=e.name, en=e.en, score=e.score, chain=e.chain, translit=e.translit)
    yield from (_annotation(m, nested=True) for e in tagged.entities for m in e.nested)
    for relation in tagged.relations:
        features = {"person": places[relation.person], "org": places.get(relation.org or ""), "ref": relation.org_ref}
        annotation = {"type": relation.type, "start": relation.role_start, "end": relation.role_end}
        yield {**annotation, "features": {key: value for key, value in features.items() if value is not None}}


def _annotation(span: Entity | Mention, **more: object) -> dict[str, Any]:
    features = {"kind": span.kind, "ref": span.ref, **more}
    known = {key: value for key, value in features.items() if value is not None}
    return {"type": span.label, "start": span.start, "end": span.end, "features": known}
