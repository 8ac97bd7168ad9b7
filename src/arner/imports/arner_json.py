"""Outputs of arner (JSON Lines or JSON of schema arner/1) in, tagged documents with all that they hold out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arner.compare import codepoints
from arner.decoding import InputError
from arner.document import LABELS, Candidate, Document, Entity, Evidence, Mention, Noise, Relation, Tagged
from arner.export.brat import one_line_end
from arner.export.read import RecordError, checked
from arner.imports.found import Read, short
from arner.imports.values import each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arner.files import Source
    from arner.imports.found import Labels
    from arner.imports.texts import Texts

Fields = dict[str, Any]


def read(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:  # noqa: ARG001
    """Yield the documents; one whose text is not at hand has only the words of its entities."""
    return each(source, lambda where, value: _document(where, value, texts))


def _document(where: str, value: object, texts: Texts) -> Read:
    try:
        record = checked(value)
        text = texts.find(record["doc"], record["encoding"])
        if text is None:
            return Read(_tagged(_stand_in(where, record), record), where, whole=False)
        _require_same(where, record, text)
        tagged = _tagged(text, _in_codepoints(record, text.source))
    except RecordError as error:
        raise InputError(where, str(error)) from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(where, f"not as schema arner/1 has it: {type(error).__name__} {error}") from None
    _require_words(where, tagged)
    return Read(tagged, where)


def _require_same(where: str, record: Fields, text: Document) -> None:
    hashes = record["sha256"], text.sha256
    if len(text.source) != record["chars"] or (all(hashes) and hashes[0] != hashes[1]):
        raise InputError(where, f"its text {text.name} is not the one that was tagged")


def _require_words(where: str, tagged: Tagged) -> None:
    spans: list[Entity | Mention] = [*tagged.entities, *(m for e in tagged.entities for m in e.nested)]
    for e in spans:
        there = tagged.document.source[e.start : e.end]
        if one_line_end(e.text) != one_line_end(there):
            raise InputError(where, f"the span {e.start}:{e.end} is {short(there)}, not {short(e.text)}")


def _stand_in(where: str, record: Fields) -> Document:
    """Return a document of the right length with the words that the record holds at their places."""
    if record["offset_unit"] != "codepoint":
        unit, name = record["offset_unit"], record["doc"]
        raise InputError(where, f"counts in {unit} units, and its text {name} is not at hand: give --source FOLDER")
    characters = ["\N{REPLACEMENT CHARACTER}"] * record["chars"]
    for start, end, words in _words([record["relations"], record["entities"]]):
        if not 0 <= start < end <= len(characters) or len(words) != end - start:
            raise InputError(where, f"the span {start}:{end} of {short(words)} does not fit")
        characters[start:end] = words
    return Document(record["doc"], "".join(characters), record["sha256"], record["encoding"])


def _words(value: Any) -> Iterator[tuple[int, int, str]]:  # noqa: ANN401 -- of JSON
    """Yield the stretches of which a record has the words."""
    if isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, dict):
        if "text" in value:
            yield value["start"], value["end"], value["text"]
        elif "role" in value:
            yield value["role_start"], value["role_end"], value["role"]
        for inner in value.values():
            yield from _words(inner)


def _in_codepoints(record: Fields, source: str) -> Fields:
    """Return a record with its offsets in code points."""
    if record["offset_unit"] == "codepoint":
        return record
    found: list[int] = []
    _map_offsets(record, lambda at: found.append(at) or at)  # type: ignore[func-returns-value]
    places = codepoints(source, record["offset_unit"], found)
    moved: Fields = _map_offsets(record, places.__getitem__)
    return moved


def _map_offsets(value: Any, to: Any) -> Any:  # noqa: ANN401 -- of JSON
    if isinstance(value, list):
        return [_map_offsets(one, to) for one in value]
    if not isinstance(value, dict):
        return value
    offsets = ("start", "end", "role_start", "role_end")
    return {k: to(v) if k in offsets else _map_offsets(v, to) for k, v in value.items()}


def _tagged(document: Document, record: Fields) -> Tagged:
    return Tagged(
        Document(record["doc"], document.source, record["sha256"], record["encoding"]),
        tuple(_entity(e) for e in record["entities"]),
        tuple(Relation(**r) for r in record["relations"]),
        tuple(Noise(**n) for n in record["noise"]),
    )


def _entity(fields: Mapping[str, Any]) -> Entity:
    if fields["label"] not in LABELS:
        raise ValueError(f"has no label {fields['label']!r}")
    plain = {k: v for k, v in fields.items() if k not in ("nested", "evidence", "beaten", "lat", "lon")}
    return Entity(
        **plain,
        place=(fields["lat"], fields["lon"]) if "lat" in fields else None,
        nested=tuple(Mention(**m) for m in fields.get("nested", ())),
        evidence=_evidence(fields.get("evidence", ())),
        beaten=tuple(
            Candidate(
                0, 0, b["start"], b["end"], b["label"], _evidence(b["evidence"]), b["kind"], b["ref"],
                points=b["points"],
            )
            for b in fields.get("beaten", ())
        ),
    )


def _evidence(evidence: Any) -> tuple[Evidence, ...]:  # noqa: ANN401 -- of JSON
    return tuple(Evidence(**e) for e in evidence)
