"""JSON values in whose lists come one by one, text out in pieces: of a long document, no more than a piece is held.

The pieces add up to what `options.dumps` makes of the value.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.export.options import dumps, encode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_CHUNK: Final = 1 << 18  # characters that are written together
_BATCH: Final = 500  # rows that are encoded together


class Rows(NamedTuple):
    """A list whose values are taken as they come."""

    values: Iterable[object]


def chunks(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield pieces of text as bytes, gathered.

    >>> list(chunks(["فاس", ", ", "وجدة"])) == ["فاس, وجدة".encode()]
    True
    """
    return map(encode, gathered(pieces))


def gathered(pieces: Iterable[str]) -> Iterator[str]:
    """Yield pieces of text, as many together as are worth a write."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield "".join(held)
            held, size = [], 0
    if held:
        yield "".join(held)


def jsons(value: object, indent: int | None = None, level: int = 0) -> Iterator[str]:
    """Yield the JSON of a value in pieces: of dicts, lists and `Rows` in each other, and of any values in those.

    `indent` is as in `dumps`; `level` says in how many others a value of several lines stands.

    >>> "".join(jsons({"label": Rows([n, n + 1] for n in range(2)), "doc": "-"}))
    '{"label":[[0,1],[1,2]],"doc":"-"}'
    """
    if isinstance(value, Rows):
        yield from _rows(value.values, indent, level)
    elif isinstance(value, dict) and value:
        yield from _object(value, indent, level)
    elif isinstance(value, list) and value:
        yield "["
        for number, item in enumerate(value):
            yield "," * (number > 0) + _line(indent, level + 1)
            yield from jsons(item, indent, level + 1)
        yield _line(indent, level) + "]"
    elif isinstance(value, str) and len(value) > _CHUNK:
        yield '"'
        yield from (dumps(value[at : at + _CHUNK])[1:-1] for at in range(0, len(value), _CHUNK))
        yield '"'
    else:
        yield dumps(value)


def _object(fields: Mapping[str, object], indent: int | None, level: int) -> Iterator[str]:
    colon = ":" if indent is None else ": "
    yield "{"
    for number, (key, value) in enumerate(fields.items()):
        yield "," * (number > 0) + _line(indent, level + 1) + dumps(key) + colon
        yield from jsons(value, indent, level + 1)
    yield _line(indent, level) + "}"


def _rows(values: Iterable[object], indent: int | None, level: int) -> Iterator[str]:
    coming = iter(values)
    opening = "["
    while batch := list(islice(coming, _BATCH)):
        inner = dumps(batch, indent)[1:-1]
        if indent is not None:  # no string of JSON holds a line end
            inner = inner[: -len(_line(indent, 0))].replace("\n", _line(indent, level))
        yield opening + inner
        opening = ","
    yield "[]" if opening == "[" else _line(indent, level) + "]"


def _line(indent: int | None, level: int) -> str:
    return "" if indent is None else "\n" + " " * indent * level
