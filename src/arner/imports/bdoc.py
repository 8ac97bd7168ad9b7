"""GATE's BDOC JSON in, a tagged document out: annotations of the default set whose type is a label, and roles."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from arner.compare import codepoints
from arner.decoding import InputError
from arner.document import Document, Relation
from arner.imports.found import Found, Labels, Read, tagged
from arner.imports.values import each, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arner.export import Unit
    from arner.files import Source
    from arner.imports.texts import Texts

_UNITS: dict[str, Unit] = {"p": "codepoint", "j": "utf16"}
_ROLE = "role"


def read(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:  # noqa: ARG001
    """Yield the document, named by `name`, else by the file."""
    return each(source, lambda where, value: _document(where, value, labels))


def _document(where: str, value: Any, labels: Labels) -> Read:  # noqa: ANN401 -- of JSON
    text = field(where, value, "text", str)
    unit = _UNITS.get(str(value.get("offset_type", "p")))
    if unit is None:
        raise InputError(where, f"the offset type is {value['offset_type']!r}, where p or j is due")
    annotations = _annotations(where, value)
    at = codepoints(text, unit, (field(where, a, key, int) for a in annotations for key in ("start", "end")))
    features = _features(value)
    words = [v if isinstance(v := features.get(key), str) else None for key in ("sha256", "encoding")]
    document = Document(str(value.get("name") or where), text, words[0], words[1] or "utf-8")
    roles = [a for a in annotations if _is_role(a)]
    named = [a for a in annotations if not _is_role(a)]
    found = [_found(where, a, at) for a in named]
    done = tagged(document, found, labels, where)
    ids = {(e.start, e.end): e.id for e in done.entities}
    places = {str(a.get("id")): ids.get((at[a["start"]], at[a["end"]])) for a in named}
    relations = [r for a in roles if (r := _relation(a, text, at, places))]
    return Read(replace(done, relations=tuple(relations)), where)


def _is_role(annotation: dict[str, Any]) -> bool:
    return annotation.get("type") == _ROLE and "person" in _features(annotation)


def _features(holder: dict[str, Any]) -> dict[str, Any]:
    features = holder.get("features")
    return features if isinstance(features, dict) else {}


def _annotations(where: str, value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 -- of JSON
    sets = field(where, value, "annotation_sets", dict)
    annotations: list[dict[str, Any]] = field(where, sets.get("", {"annotations": []}), "annotations", list)
    if not all(isinstance(a, dict) for a in annotations):
        raise InputError(where, "an annotation is no object")
    return annotations


def _found(where: str, annotation: dict[str, Any], at: dict[int, int]) -> Found:
    features = _features(annotation)
    words = {k: v for k in ("ref", "kind", "name", "en", "chain", "translit") if isinstance(v := features.get(k), str)}
    if not re.fullmatch("c[1-9][0-9]*", words.get("chain", "")):
        words.pop("chain", None)
    score = features.get("score")
    return Found(
        at[annotation["start"]], at[annotation["end"]], field(where, annotation, "type", str),
        score=score if isinstance(score, int | float) and 0 <= score <= 1 else 1.0, **words,
    )  # fmt: skip


def _relation(
    annotation: dict[str, Any], text: str, at: dict[int, int], places: dict[str, str | None]
) -> Relation | None:
    features, start, end = _features(annotation), at[annotation["start"]], at[annotation["end"]]
    person = places.get(str(features["person"]))
    if person is None:
        return None
    ref = features.get("ref")
    org = places.get(str(features["org"])) if "org" in features else None
    return Relation(_ROLE, person, text[start:end], start, end, org, ref if isinstance(ref, str) else None)
