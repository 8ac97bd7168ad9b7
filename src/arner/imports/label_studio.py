"""Label Studio tasks in (an array of JSON), tagged documents out: a task's first annotation, else its first prediction.

Regions of the type `labels` count, with their first label; relations are left out.
"""

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
    """Yield the documents, named by `data.doc`, else by file and line."""
    return each(source, lambda where, value: _document(where, value, labels))


def _document(where: str, task: Any, labels: Labels) -> Read:  # noqa: ANN401 -- of JSON
    data = field(where, task, "data", dict)
    text = field(where, data, "text", str)
    done = [one for key in ("annotations", "predictions") if task.get(key) for one in field(where, task, key, list)]
    result = field(where, done[0], "result", list) if done else []
    found = [_region(where, one) for one in result if isinstance(one, dict) and one.get("type") == "labels"]
    return Read(tagged(Document(str(data.get("doc") or where), text), found, labels, where), where)


def _region(where: str, region: dict[str, Any]) -> Found:
    value = field(where, region, "value", dict)
    label = next(iter(field(where, value, "labels", list)), None)
    if not isinstance(label, str):
        raise InputError(where, "a region has no label")
    meta = region.get("meta")
    notes = meta.get("text") if isinstance(meta, dict) else None
    ref = notes[0] if isinstance(notes, list) and notes and isinstance(notes[0], str) else None
    score = region.get("score")
    return Found(
        field(where, value, "start", int), field(where, value, "end", int), label, value.get("text"), ref,
        score=score if isinstance(score, int | float) and 0 <= score <= 1 else 1.0,
    )  # fmt: skip
