"""JSON Lines in, a document a line out, read line by line: memory is that of the longest line, not of the file."""

# Paths are strings here, as in files.py.
# ruff: noqa: PTH123

from __future__ import annotations

import codecs
import json
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from arner.document import Document
from arner.files import STDIN, InputError, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32's little-endian mark begins with the first


class Keys(NamedTuple):
    """The keys of a record's text and of its name."""

    text: str = "text"
    id: str = "id"


def read(
    source: Source, keys: Keys, *, encoding: str | None = None, errors: str = "strict",
    seen: Callable[[bytes], object] = len,
) -> Iterator[Document | InputError]:
    """Yield the document of each line, and an error for each line that has none, which the reader passes over.

    Lines are UTF-8, or in `encoding`, which must be one that leaves line feeds alone (not UTF-16); `errors` is as for
    `files.read`. A document is named by its record's id, else `file:line`. `seen` is called with all bytes as they are
    read, such as a hash's `update`. Raises InputError where the file can't be opened or read on.
    """
    if source.problem:
        raise InputError(source.name, source.problem)
    try:
        with ExitStack() as opened:
            file = sys.stdin.buffer if source.path == STDIN else opened.enter_context(open(source.path, "rb"))
            lines = _lines(file, source.name, encoding, seen)
            yield from _documents(lines, source.name, keys, encoding or "utf-8", errors)
    except IsADirectoryError:
        raise InputError(source.name, "is a folder, where a file is due") from None
    except FileNotFoundError:
        raise InputError(source.name, "no such file: it has gone, or is a link to nothing") from None
    except OSError as error:
        raise InputError(source.name, f"can't be read: {error.strerror or error}") from None


def _lines(file: BinaryIO, name: str, encoding: str | None, seen: Callable[[bytes], object]) -> Iterator[bytes]:
    first = file.readline()
    seen(first)
    wide = "\n".encode(encoding) != b"\n" if encoding else first.startswith(_WIDE)
    if wide:
        raise InputError(name, "JSON Lines must be UTF-8: convert it, as with `iconv -f UTF-16 -t UTF-8`")
    yield first.removeprefix(codecs.BOM_UTF8)
    for line in file:
        seen(line)
        yield line


def _documents(
    lines: Iterable[bytes], name: str, keys: Keys, encoding: str, errors: str
) -> Iterator[Document | InputError]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _document(line, f"{name}:{number}", keys, encoding, errors)


def _document(line: bytes, where: str, keys: Keys, encoding: str, errors: str) -> Document | InputError:
    try:
        record = json.loads(line.decode(encoding, errors))
        text, name = record[keys.text], record.get(keys.id)
    except UnicodeDecodeError as error:
        return InputError(where, f"not {encoding} at byte {error.start} of the line: give --encoding-errors replace")
    except (ValueError, RecursionError):
        return InputError(where, "not a JSON record")
    except (KeyError, TypeError, AttributeError):
        return InputError(where, f"no key {keys.text!r}: give --text-key")
    if not isinstance(text, str):
        return InputError(where, f"{keys.text!r} is not a text")
    return Document(where if name is None else str(name), text)
