"""JSON Lines of schema arner/1 in, their objects out, checked far enough to be used without further checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from arner.export.jsonl import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOCUMENT: dict[str, type | tuple[type, ...]] = {
    "doc": str,
    "chars": int,
    "encoding": str,
    "offset_unit": str,
    "entities": list,
    "relations": list,
    "noise": list,
}
_ENTITY: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "start": int,
    "end": int,
    "text": str,
    "label": str,
    "kind": str,
    "name": str,
    "ref": (str, type(None)),
    "score": (int, float),
    "chain": str,
}


class RecordError(Exception):
    """A line that is no arner/1 object; says `line N: …`."""


def read_jsonl(text: str) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines text; empty lines and a byte-order mark are passed over.

    Raises RecordError for the first line that is not JSON, has another schema, or lacks what every object has.

    >>> read_jsonl('{"schema":"arner/2"}')
    Traceback (most recent call last):
    arner.export.read.RecordError: line 1: the schema is 'arner/2', where 'arner/1' is due
    """
    lines = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").split("\n")
    return [_record(line, number) for number, line in enumerate(lines, 1) if line.strip()]


def _record(line: str, number: int) -> dict[str, Any]:
    import json

    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = f"{error.msg}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)
        raise RecordError(f"line {number}: not JSON ({reason})") from None
    try:
        return checked(value)
    except RecordError as error:
        raise RecordError(f"line {number}: {error}") from None


def checked(value: object) -> dict[str, Any]:
    """Return a value that is an object of schema arner/1 as far as every object is one. Raises RecordError."""
    if not isinstance(value, dict) or "schema" not in value:
        raise RecordError(f'no arner output: an object with "schema":"{SCHEMA}" is due')
    if value["schema"] != SCHEMA:
        raise RecordError(f"the schema is {value['schema']!r}, where {SCHEMA!r} is due")
    _require(value, _DOCUMENT, "")
    for index, entity in enumerate(value["entities"]):
        if not isinstance(entity, dict):
            raise RecordError(f"entities[{index}] is no object")
        _require(entity, _ENTITY, f"entities[{index}]: ")
    return value


def _require(value: Mapping[str, Any], fields: Mapping[str, type | tuple[type, ...]], where: str) -> None:
    for key, kind in fields.items():
        if key not in value:
            raise RecordError(f"{where}{key!r} is missing")
        if not isinstance(value[key], kind) or isinstance(value[key], bool):
            raise RecordError(f"{where}{key!r} is {value[key]!r:.60}, of the wrong type")
