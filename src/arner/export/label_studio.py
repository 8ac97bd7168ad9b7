"""Tagged documents in, Label Studio tasks with predictions out: one JSON array.

The labelling configuration must name its parts so: `<Labels name="label" toName="text">` and
`<Text name="text" value="$text">`.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from arner.export.pieces import Rows, chunks, jsons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Entity, Relation, Tagged
    from arner.export.options import Options


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:  # noqa: ARG001
    """Yield an array of tasks, one a document; entities are its regions, roles its relations."""
    opening = "[\n"
    for document in tagged:
        yield from chunks(chain((opening,), jsons(_task(document))))
        opening = ",\n"
    yield b"\n]\n" if opening == ",\n" else b"[]\n"


def _task(tagged: Tagged) -> dict[str, Any]:
    result = chain(map(_region, tagged.entities), (_link(r) for r in tagged.relations if r.org))
    prediction: dict[str, Any] = {"model_version": "arner", "result": Rows(result)}
    if tagged.entities:
        prediction["score"] = round(sum(e.score for e in tagged.entities) / len(tagged.entities), 3)
    return {"data": {"text": tagged.document.source, "doc": tagged.document.name}, "predictions": [prediction]}


def _region(entity: Entity) -> dict[str, Any]:
    region: dict[str, Any] = {
        "id": entity.id,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "score": entity.score,
        "value": {"start": entity.start, "end": entity.end, "text": entity.text, "labels": [entity.label]},
    }
    if entity.ref:
        region["meta"] = {"text": [entity.ref]}
    return region


def _link(relation: Relation) -> dict[str, Any]:
    ends = {"from_id": relation.person, "to_id": relation.org}
    return {"type": "relation", **ends, "direction": "right", "labels": [relation.type]}
