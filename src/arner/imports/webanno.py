"""W3C Web Annotations (JSON-LD) in, a tagged document out: a collection with its first page, a page, or annotations.

They quote the text and do not hold it: where it is not at hand, the document has only the words of its entities.
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

def read(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:
    """Yield the document of each collection."""
    return each(source, lambda where, value: _document(where, value, texts, labels))


def _document(where: str, value: Any, texts: Texts, labels: Labels) -> Read:  # noqa: ANN401 -- of JSON
    items = _items(where, value)
    found = [one for item in items if (one := _found(where, item))]
    name = value.get("label") or next(map(_source, items), None)
    if not isinstance(name, str):
        raise InputError(where, "names no document: a label, or a target with a source, is due")
    text = texts.find(name)
    if text is not None:
        return Read(tagged(text, found, labels, where), where)
    characters = ["\N{REPLACEMENT CHARACTER}"] * max((f.end for f in found), default=0)
    for one in found:
        if one.text is None or not 0 <= one.start < one.end or len(one.text) != one.end - one.start:
            raise InputError(where, f"the span {one.start}:{one.end} does not fit the words quoted for it")
        characters[one.start : one.end] = one.text
    return Read(tagged(Document(name, "".join(characters)), found, labels, where), where, whole=False)


def _items(where: str, value: Any) -> list[Any]:  # noqa: ANN401 -- of JSON
    if not isinstance(value, dict):
        raise InputError(where, "an annotation or a collection of them is due")
    if value.get("type") == "Annotation":
        return [value]
    page = value.get("first", {} if "total" in value else value)
    return list(field(where, page, "items", list)) if page else []


def _objects(value: dict[str, Any] | list[Any]) -> list[dict[str, Any]]:
    return [one for one in ([value] if isinstance(value, dict) else value) if isinstance(one, dict)]


def _source(item: Any) -> str | None:  # noqa: ANN401 -- of JSON
    from urllib.parse import unquote

    source = item["target"].get("source") if isinstance(item, dict) and isinstance(item.get("target"), dict) else None
    return unquote(source, errors="surrogateescape") if isinstance(source, str) else None


def _found(where: str, item: Any) -> Found | None:  # noqa: ANN401 -- of JSON
    selectors = field(where, field(where, item, "target", dict), "selector", (list, dict))
    by_type = {str(s.get("type")): s for s in _objects(selectors)}
    if "TextPositionSelector" not in by_type:
        raise InputError(where, "a target has no TextPositionSelector")
    start, end = (field(where, by_type["TextPositionSelector"], key, int) for key in ("start", "end"))
    body = field(where, item, "body", (list, dict))
    values = {str(b.get("purpose", "tagging")): b.get("value") for b in _objects(body)}
    label, ref = values.get("tagging"), values.get("identifying")
    if not isinstance(label, str):
        return None  # a comment or a highlight
    quoted = by_type.get("TextQuoteSelector", {}).get("exact")
    return Found(start, end, label, quoted if isinstance(quoted, str) else None, ref if isinstance(ref, str) else None)
