"""Tagged documents in, JSON Lines of schema arner/1 out: one object a document, one document a line."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from arner.core import Coded
from arner.export.options import dumps, encode
from arner.export.pieces import Rows, chunks, jsons
from arner.export.spans import offsets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.document import Candidate, Entity, Evidence, Mention, Relation, Tagged
    from arner.export.options import Options

SCHEMA = "arner/1"


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    """Yield one line a document, a long one in pieces."""
    for document in tagged:
        if options.offsets == "codepoint" and not options.explain and (line := _ready(document)):
            yield line
        else:
            yield from chunks(chain(jsons(fields(document, options)), "\n"))


def _ready(tagged: Tagged) -> bytes | None:
    """Return the line of a document whose entities and relations are JSON already; None for others."""
    entities, relations = tagged.entities, tagged.relations
    if not (isinstance(entities, Coded) and isinstance(relations, Coded)):
        return None
    document = tagged.document
    head = (
        f'{{"schema":"{SCHEMA}","doc":{dumps(document.name)},"sha256":{dumps(document.sha256)},'
        f'"chars":{len(document.source)},"encoding":{dumps(document.encoding)},"offset_unit":"codepoint"'
    )
    noise = ",".join(f'{{"start":{n.start},"end":{n.end},"reason":{dumps(n.reason)}}}' for n in tagged.noise)
    pieces = (encode(head), entities.json, relations.json, noise.encode())
    return b'%b,"entities":%b,"relations":%b,"noise":[%b]}\n' % pieces


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one output object.

    >>> schema()["properties"]["schema"]
    {'const': 'arner/1'}
    """
    import json
    from importlib import resources

    text = (resources.files("arner") / "schema" / "arner-1.json").read_text("utf-8")
    return dict(json.loads(text))


def record(tagged: Tagged, options: Options) -> dict[str, Any]:
    """Return a tagged document as the object that is written, keys in their order.

    >>> from arner.document import Document, Tagged
    >>> from arner.export.options import Options
    >>> list(record(Tagged(Document("a.txt", ""), ()), Options()))[:4]
    ['schema', 'doc', 'sha256', 'chars']
    """
    return {
        key: list(value.values) if isinstance(value, Rows) else value for key, value in fields(tagged, options).items()
    }


def fields(tagged: Tagged, options: Options) -> dict[str, Any]:
    """Return what `record` returns, to be encoded: with `Rows` in place of lists."""
    document = tagged.document
    at = offsets(document.source, options.offsets)
    return {
        "schema": SCHEMA,
        "doc": document.name,
        "sha256": document.sha256,
        "chars": len(document.source),
        "encoding": document.encoding,
        "offset_unit": options.offsets,
        "entities": Rows(_entity(e, document.source, at, options) for e in tagged.entities),
        "relations": Rows(_relation(r, at) for r in tagged.relations),
        "noise": Rows({"start": at(n.start), "end": at(n.end), "reason": n.reason} for n in tagged.noise),
    }


def _entity(entity: Entity, source: str, at: Callable[[int], int], options: Options) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": entity.id,
        "start": at(entity.start),
        "end": at(entity.end),
        "text": entity.text,
        "label": entity.label,
        "kind": entity.kind,
        "name": entity.name,
        "ref": entity.ref,
        "en": entity.en,
        "score": entity.score,
        "chain": entity.chain,
        "proclitic": entity.proclitic,
        "nested": [_mention(m, at) for m in entity.nested],
    }
    if entity.country is not None:
        written["country"] = entity.country
    if entity.place is not None:
        written["lat"], written["lon"] = entity.place
    if entity.translit is not None:
        written["translit"] = entity.translit
    if options.explain:
        written["evidence"] = [_evidence(e) for e in entity.evidence]
        written["beaten"] = [_beaten(c, source, at) for c in entity.beaten]
    return written


def _mention(mention: Mention, at: Callable[[int], int]) -> dict[str, Any]:
    return {
        "start": at(mention.start),
        "end": at(mention.end),
        "text": mention.text,
        "label": mention.label,
        "kind": mention.kind,
        "ref": mention.ref,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "recognizer": evidence.recognizer,
        "source": evidence.source,
        "points": round(evidence.points, 3),
        "note": evidence.note,
    }


def _beaten(candidate: Candidate, source: str, at: Callable[[int], int]) -> dict[str, Any]:
    return {
        "start": at(candidate.start),
        "end": at(candidate.end),
        "text": source[candidate.start : candidate.end],
        "label": candidate.label,
        "kind": candidate.kind,
        "ref": candidate.ref,
        "points": round(candidate.points, 3),
        "evidence": [_evidence(e) for e in candidate.evidence],
    }


def _relation(relation: Relation, at: Callable[[int], int]) -> dict[str, Any]:
    return {
        "type": relation.type,
        "person": relation.person,
        "role": relation.role,
        "role_start": at(relation.role_start),
        "role_end": at(relation.role_end),
        "org": relation.org,
        "org_ref": relation.org_ref,
    }
