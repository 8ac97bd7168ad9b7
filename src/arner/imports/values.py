"""A file of JSON Lines, or of JSON that is one value or an array of them, in; the values with their lines out."""

from __future__ import annotations

import codecs
import json
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from arner.decoding import InputError
from arner.files import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.files import Source
    from arner.imports.found import Read

_SPACE = " \t\r\n"


class Value(NamedTuple):
    """A JSON value and where it begins: `path:line`."""

    where: str
    value: Any


def each(source: Source, make: Callable[[str, Any], Read]) -> Iterator[Read | InputError]:
    """Yield what `make` makes of each value and its place; the InputError that it raises, and one of bad JSON, instead.

    JSON Lines are read line by line, and go on behind a bad one. Raises InputError where the file can't be read.
    """
    for value in read(source):
        if isinstance(value, InputError):
            yield value
            continue
        try:
            yield make(*value)
        except InputError as error:
            yield error


def read(source: Source) -> Iterator[Value | InputError]:
    """Yield the values of a file. Raises InputError where it can't be read."""
    with opened(source) as file:
        first = file.readline().removeprefix(codecs.BOM_UTF8)
        if _is_object(first):
            yield from _lines(chain((first,), file), source.name)
            return
        data = first + file.read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield InputError(source.name, f"not UTF-8 at byte {error.start}")
        return
    if first.startswith(b"{") and first.strip() != b"{" and not _is_object(data):
        yield from _lines(data.splitlines(keepends=True), source.name)  # whose first line is a bad one
    else:
        yield from _parts(text, source.name)


def _is_object(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except (ValueError, RecursionError):
        return False


def _lines(lines: Iterable[bytes], name: str) -> Iterator[Value | InputError]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield Value(f"{name}:{number}", json.loads(line.decode("utf-8").rstrip()))
            except UnicodeDecodeError as error:
                yield InputError(f"{name}:{number}", f"not UTF-8 at byte {error.start} of the line")
            except (ValueError, RecursionError) as error:
                yield InputError(f"{name}:{number}", f"not JSON ({_reason(error)})")


def _parts(text: str, name: str) -> Iterator[Value | InputError]:
    """Yield the elements of an array, or the one value, of a JSON text."""
    decoder = json.JSONDecoder()
    at = _behind_space(text, 0)
    array = text.startswith("[", at)
    at = _behind_space(text, at + array)
    line, counted = 1, 0
    while text[at : at + 1] != "]" if array else at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield InputError(f"{name}:{getattr(error, 'lineno', line)}", f"not JSON ({_reason(error)})")
            return
        yield Value(f"{name}:{line}", value)
        at = _behind_space(text, at)
        if text[at : at + 1] not in (",", "]") if array else at < len(text):
            line += text.count("\n", counted, at)
            yield InputError(f"{name}:{line}", f"not JSON ({'a comma is due' if array else 'more behind the value'})")
            return
        at = _behind_space(text, at + 1) if text[at : at + 1] == "," else at


def _behind_space(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in _SPACE:
        at += 1
    return at


def _reason(error: Exception) -> str:
    return f"{error.msg}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else "nested too deeply"


def field(where: str, holder: object, key: str, kind: type | tuple[type, ...]) -> Any:  # noqa: ANN401 -- of that kind
    """Return the value of a key. Raises InputError, at `where`, where there is none of that kind.

    >>> field("a.json:1", {"start": 3}, "start", int)
    3
    """
    if not isinstance(holder, dict):
        raise InputError(where, f"an object with {key!r} is due, not {holder!r:.60}")
    if key not in holder:
        raise InputError(where, f"{key!r} is missing")
    value = holder[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise InputError(where, f"{key!r} is {value!r:.60}, of the wrong type")
    return value
