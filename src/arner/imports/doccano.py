"""doccano's JSON Lines for sequence labelling in, tagged documents out; relations are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arner.decoding import InputError
from arner.document import Document
from arner.imports.found import Found, Labels, Read, tagged
from arner.imports.values import each, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arner.files import Source
    from arner.imports.texts import Texts


def read(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:  # noqa: ARG001
    """Yield the documents, named by `doc`, else by file and line."""
    return each(source, lambda where, value: _document(where, value, labels))


def _document(where: str, value: object, labels: Labels) -> Read:
    text = field(where, value, "text", str)
    assert isinstance(value, dict)
    name = value.get("doc") or where
    if "entities" in value:
        found = [
            Found(
                field(where, e, "start_offset", int), field(where, e, "end_offset", int), field(where, e, "label", str)
            )
            for e in field(where, value, "entities", list)
        ]
    else:
        found = list(triples(where, field(where, value, "labels" if "labels" in value else "label", list)))
    return Read(tagged(Document(str(name), text), found, labels, where), where)


def triples(where: str, values: list[Any]) -> Iterator[Found]:
    """Yield the spans of `[start, end, label]` triples. Raises InputError, at `where`, for anything else."""
    for value in values:
        if not isinstance(value, list) or [type(part) for part in value[:3]] != [int, int, str]:
            raise InputError(where, f"[start, end, label] is due, not {value!r:.60}")
        yield Found(*value[:3])
