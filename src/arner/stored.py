"""Outputs of arner in (JSON Lines or JSON, a file or a folder), their records out, each with where it stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from arner.export.read import RecordError, read_jsonl
from arner.files import printable
from arner.placing import SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Record = dict[str, Any]

SUFFIXES = (".jsonl", ".json")


class StoredError(Exception):
    """An output that can't be used; says `path:line: …`."""


class Stored(NamedTuple):
    """A record of an output: its file, its line (from 1; in JSON its place in the array) and the object."""

    path: Path
    line: int
    record: Record

    @property
    def where(self) -> str:
        """Where it stands, to print."""
        return f"{printable(str(self.path))}:{self.line}"


def outputs(path: Path) -> list[Path]:
    """Return the output files of a folder, without arner's own, in the order of their names; a file is its own.

    Raises StoredError where there is nothing.
    """
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise StoredError(f"{printable(str(path))}: no such file or folder")
    found = [p for p in path.rglob("*") if p.suffix in SUFFIXES and p.is_file() and _counts(p.relative_to(path))]
    return sorted(found, key=lambda p: p.relative_to(path).parts)


def _counts(inside: Path) -> bool:
    return str(inside) != SUMMARY and not any(part.startswith(".") for part in inside.parts)


def read(path: Path) -> Iterator[Stored]:
    """Yield the records of an output file; JSON Lines are read line by line.

    Raises StoredError for what is no record of schema arner/1, OSError where the file can't be read.
    """
    if path.suffix == ".json":
        yield from _read_json(path)
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _record(path, number, line)


def _read_json(path: Path) -> Iterator[Stored]:
    try:
        value = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise StoredError(f"{printable(str(path))}: not JSON ({error})") from None
    for number, record in enumerate(value if isinstance(value, list) else [value], 1):
        yield _record(path, number, json.dumps(record).encode())


def _record(path: Path, number: int, line: bytes) -> Stored:
    try:
        (record,) = read_jsonl(line.decode())
    except RecordError as error:
        raise StoredError(f"{printable(str(path))}:{number}: {str(error).removeprefix('line 1: ')}") from None
    except UnicodeDecodeError as error:
        raise StoredError(f"{printable(str(path))}:{number}: not UTF-8 at byte {error.start} of the line") from None
    return Stored(path, number, record)
