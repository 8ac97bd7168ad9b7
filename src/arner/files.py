"""Paths and folders in, documents out; and bytes written whole or not at all.

Nothing else in arner opens a text or writes an output file.
"""

# Paths are strings here: os.fspath keeps bytes that are no characters, and scandir is fast over many files.
# ruff: noqa: PTH103, PTH105, PTH108, PTH110, PTH112, PTH113, PTH116, PTH118, PTH120, PTH123

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from arner.decoding import ERRORS, Decoded, InputError, decode, printable
from arner.digest import sha256
from arner.document import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = [
    "ERRORS", "STDIN", "Decoded", "InputError", "MissingPathError", "OutputError", "Source",
    "decode", "find", "opened", "printable", "read", "refuse_overlap", "write_whole",
]  # fmt: skip

STDIN = "-"
IGNORE_FILE = ".arnerignore"

_Pattern = tuple[str, ...]


class OutputError(Exception):
    """A `path` that can't be written, or must not be; `message` says why. What stood there stands there still."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path, message)
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"{printable(self.path)}: {self.message}"


class MissingPathError(Exception):
    """Paths that do not exist, found before anything was done."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(paths)
        self.paths = tuple(paths)

    def __str__(self) -> str:
        return "no such file or folder: " + ", ".join(map(printable, self.paths))


class Source(NamedTuple):
    """A file to read: `name` says it in results, `path` opens it; `problem` says why it is known to be unreadable."""

    name: str
    path: str
    problem: str = ""


def read(
    source: Source | str | os.PathLike[str], *, encoding: str | None = None, errors: str = "strict",
    notice: Callable[[str], object] | None = None,
) -> Document:
    """Read and decode a file, or standard input for the path `-`; an empty one is an empty document.

    `notice` is called with one line where the encoding was a guess. Raises InputError.
    """
    if not isinstance(source, Source):
        path = os.fspath(source)
        source = Source(_posix(path), path)
    if source.problem:
        raise InputError(source.name, source.problem)
    data = _bytes(source)
    text, used, note = decode(data, source.name, encoding=encoding, errors=errors)
    if note and notice:
        notice(f"{printable(source.name)}: {note}")
    return Document(source.name, text, sha256(data).hexdigest(), used)


def _bytes(source: Source) -> bytes:
    with opened(source) as file:
        return file.read()


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Open a file, or standard input for the path `-`. Raises InputError, also where reading on fails."""
    try:
        if source.path == STDIN:
            import sys

            yield sys.stdin.buffer
        else:
            with open(source.path, "rb") as file:
                yield file
    except IsADirectoryError:
        raise InputError(source.name, "is a folder, where a file is due") from None
    except FileNotFoundError:
        raise InputError(source.name, "no such file: it has gone, or is a link to nothing") from None
    except (OSError, ValueError) as error:
        raise InputError(source.name, f"can't be read: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _posix(path: str) -> str:
    return path.replace(os.sep, "/")


def find(
    paths: Iterable[str | os.PathLike[str]], glob: str = "*.txt", *, skip: Iterable[str | os.PathLike[str]] = ()
) -> Iterator[Source]:
    """Find the files to read: each file as given, folders searched to any depth, `-` for standard input.

    In folders, files that match `glob` count (`*.txt` at any depth, `news/*.txt` and `**/a/*.txt` from the folder
    down), in the order of their names' code points; hidden ones, those that an `.arnerignore` names and the folders
    in `skip` do not. A link to a folder is followed, each real folder is searched once. A file's name is its path
    from the folder given; where several paths are given, the path with the folder, so that names stay apart.
    Raises MissingPathError at once, before any file is read.
    """
    given = list(dict.fromkeys(os.fspath(path) for path in paths))
    missing = [path for path in given if path != STDIN and not _exists(path)]
    if missing:
        raise MissingPathError(missing)
    return _search(given, _pattern(glob), {os.path.realpath(folder) for folder in skip})


def _exists(path: str) -> bool:
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True  # it is there; `read` says what is wrong with it
    return True


def _search(given: Sequence[str], glob: _Pattern, seen: set[str]) -> Iterator[Source]:
    for path in given:
        if path != STDIN and os.path.isdir(path):
            prefix = "" if len(given) == 1 else _posix(path).rstrip("/") + "/"
            yield from (s._replace(name=prefix + s.name) for s in _walk(path, glob, seen))
        else:
            yield Source(_posix(path), path)


class _Rule(NamedTuple):
    """A line of an ignore file: where it holds (names from the root), what it matches, and what it then says."""

    base: tuple[str, ...]
    pattern: _Pattern
    folders_only: bool
    ignored: bool


def _walk(root: str, glob: _Pattern, seen: set[str]) -> Iterator[Source]:
    """Yield the files of a folder in the order of their whole paths, which `a/` before `a-b` would not be."""
    pending: list[tuple[str, tuple[str, ...], tuple[_Rule, ...], bool]] = [(root, (), (), True)]
    while pending:
        path, parts, rules, folder = pending.pop()
        name = "/".join(parts)
        if not folder:
            yield Source(name, path)
            continue
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        try:
            rules += _ignore_rules(path, parts)
            entries = [e for e in os.scandir(path) if not e.name.startswith(".")]
        except (OSError, InputError) as error:
            yield Source(name or _posix(root), path, f"the folder can't be searched: {_reason(error)}")
            continue
        found = {}
        for entry in entries:
            # Only what a link leads to has to be asked for.
            inner, folder = (*parts, entry.name), os.path.isdir(entry) if entry.is_symlink() else entry.is_dir()
            wanted = folder or (_matches(inner, glob) and (entry.is_symlink() or entry.is_file()))
            if wanted and not _ignored(inner, rules, folder=folder):
                found[entry.name + "/" * folder] = (entry.path, inner, rules, folder)
        pending += (found[key] for key in sorted(found, reverse=True))


def _pattern(glob: str) -> _Pattern:
    """Return the parts of a glob; one without a slash holds at any depth."""
    parts = tuple(glob.strip("/").split("/"))
    return parts if "/" in glob.rstrip("/") else ("**", *parts)


def _matches(parts: tuple[str, ...], pattern: _Pattern) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[at:], pattern[1:]) for at in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _ignore_rules(folder: str, parts: tuple[str, ...]) -> tuple[_Rule, ...]:
    path = os.path.join(folder, IGNORE_FILE)
    if not os.path.isfile(path):
        return ()
    lines = [line.strip() for line in read(path).source.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()]
    rules = []
    for line in lines:
        if line and not line.startswith("#"):
            glob = line.removeprefix("!")
            rules.append(_Rule(parts, _pattern(glob), glob.endswith("/"), ignored=glob == line))
    return tuple(rules)


def _ignored(parts: tuple[str, ...], rules: Iterable[_Rule], *, folder: bool) -> bool:
    """Return what the last rule that matches says."""
    ignored = False
    for rule in rules:
        if (folder or not rule.folders_only) and _matches(parts[len(rule.base) :], rule.pattern):
            ignored = rule.ignored
    return ignored


def refuse_overlap(inputs: Iterable[Source], output: str | os.PathLike[str]) -> None:
    """Raise OutputError where a path to be written is one of the inputs, by whatever name."""
    try:
        there = os.stat(output)
    except OSError:
        return
    for source in inputs:
        if source.path != STDIN and _same(source.path, there):
            raise OutputError(os.fspath(output), f"is the input {printable(source.name)}: give another -o")


def _same(path: str, there: os.stat_result) -> bool:
    try:
        return stat.S_ISREG(there.st_mode) and os.path.samestat(os.stat(path), there)
    except OSError:
        return False


def write_whole(path: str | os.PathLike[str], data: bytes | Iterable[bytes]) -> None:
    """Write a file whole or not at all: into a temporary file beside it that takes its place when all is there.

    Whatever ends the writing early (a full disk, an error in `data`, Ctrl-C), an older file stays as it was and no
    temporary file is left. Devices and named pipes are written straight. Raises OutputError where the file can't
    be written.
    """
    chunks = (data,) if isinstance(data, bytes) else data
    target = os.path.realpath(path)
    straight = os.path.exists(target) and not os.path.isfile(target)
    # The temporary name is short whatever the name: names may be as long as the file system allows.
    temporary = os.path.join(os.path.dirname(target), f".arner-{os.urandom(6).hex()}.tmp")
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target if straight else temporary, "wb" if straight else "xb") as file:
            file.writelines(chunks)
        if not straight:
            os.replace(temporary, target)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise OutputError(os.fspath(path), f"can't be written: {_reason(error)}") from None
        raise
