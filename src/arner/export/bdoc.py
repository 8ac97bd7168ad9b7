"""Tagged documents in, GATE's BDOC JSON out: the text with its annotations, one document a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arner.export.options import Options, dumps, encode
from arner.export.spans import offsets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Entity, Mention, Tagged

# BDOC's own letters: p counts as Python does, j as Java does.
_OFFSET_TYPES = {"codepoint": "p", "utf16": "j"}


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    """Yield a document each: annotations PER, ORG and LOC, and one a relation over the words of the role."""
    for document in tagged:
        yield encode(dumps(_document(document, options)) + "\n")


def _document(tagged: Tagged, options: Options) -> dict[str, Any]:
    annotations = _annotations(tagged)
    at = offsets(tagged.document.source, options.offsets)
    for number, annotation in enumerate(annotations):
        annotation["id"] = number
        annotation["start"], annotation["end"] = at(annotation["start"]), at(annotation["end"])
    return {
        "annotation_sets": {"": {"name": "", "annotations": annotations, "next_annid": len(annotations)}},
        "text": tagged.document.source,
        "features": {"encoding": tagged.document.encoding, "sha256": tagged.document.sha256},
        "offset_type": _OFFSET_TYPES[options.offsets],
        "name": tagged.document.name,
    }


def _annotations(tagged: Tagged) -> list[dict[str, Any]]:
    """Return the annotations without numbers: entities first, in order, so that an entity's place is its number."""
    places = {e.id: number for number, e in enumerate(tagged.entities)}
    found = [
        _annotation(e, name=e.name, en=e.en, score=e.score, chain=e.chain, translit=e.translit)
        for e in tagged.entities
    ]
    found += (_annotation(m, nested=True) for e in tagged.entities for m in e.nested)
    for relation in tagged.relations:
        features = {"person": places[relation.person], "org": places.get(relation.org or ""), "ref": relation.org_ref}
        found.append({"type": relation.type, "start": relation.role_start, "end": relation.role_end})
        found[-1]["features"] = {key: value for key, value in features.items() if value is not None}
    return found


def _annotation(span: Entity | Mention, **more: object) -> dict[str, Any]:
    features = {"kind": span.kind, "ref": span.ref, **more}
    known = {key: value for key, value in features.items() if value is not None}
    return {"type": span.label, "start": span.start, "end": span.end, "features": known}
