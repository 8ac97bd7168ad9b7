"""What a run into a folder has done, kept in it, so that `--resume` can pass over what would come out the same.

The file's first line is the key of the run: a hash of all that a result depends on but for the text. Each further
line is an input that is done, with the hash of its bytes and of the output's. An input is passed over only where all
three fit, so a stale, damaged or foreign state costs time and never a wrong result.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from arner import __version__
from arner.digest import sha256
from arner.document import LABELS
from arner.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = ".arner-state.jsonl"
_MADE_OF = (".py", ".toml", ".tsv", ".json")  # what of the package a result depends on, beside the lexicon


class Counts(NamedTuple):
    """What was tagged: documents, their size in UTF-8 bytes, and the entities by label, as in `LABELS`."""

    documents: int = 0
    size: int = 0
    entities: tuple[int, ...] = (0,) * len(LABELS)

    def plus(self, other: Counts) -> Counts:
        """Return the sums.

        >>> Counts(1, 10, (1, 0, 2)).plus(Counts(1, 5, (0, 0, 1)))
        Counts(documents=2, size=15, entities=(1, 0, 3))
        """
        entities = tuple(a + b for a, b in zip(self.entities, other.entities, strict=True))
        return Counts(self.documents + other.documents, self.size + other.size, entities)


class Done(NamedTuple):
    """An input that is done: the SHA-256 of its bytes and of what was written for it, and its counts."""

    source: str
    output: str
    counts: Counts


class State:
    """The state file of an output folder, read at the start of a run, added to as results come, sorted at its end."""

    def __init__(self, folder: str, key: str) -> None:
        self.path = Path(folder) / NAME
        self.key = key
        self.done: dict[str, Done] = {}
        self._lines: dict[str, str] = {}  # of what was done in this run
        self._file: BinaryIO | None = None

    def load(self) -> None:
        """Take over what an earlier run with the same key has done; lines that are cut short or foreign are not."""
        try:
            lines = self.path.read_text("utf-8").split("\n")
        except (OSError, ValueError):
            return
        if lines[0] != self._head():
            return
        for line in lines[1:]:
            with suppress(ValueError, KeyError, TypeError, RecursionError):
                name, done = _parse(json.loads(line))
                self.done[name] = done

    def begin(self) -> None:
        """Write the state as it is known. Raises OutputError where the folder can't be written."""
        self.finish(self.done)

    def add(self, name: str, done: Done) -> None:
        """Add an input that is done: its line is written at once. Raises OSError."""
        line = self._lines[name] = _line(name, done)
        if self._file is None:
            self._file = self.path.open("ab", buffering=0)
        self._file.write(line.encode())

    def finish(self, done: dict[str, Done]) -> None:
        """Write the state of a whole run: the same bytes whatever the order of its results. Raises OutputError."""
        self.close()
        lines = (self._lines.get(name) or _line(name, entry) for name, entry in done.items())
        write_whole(self.path, "".join((self._head() + "\n", *lines)).encode())

    def close(self) -> None:
        """Close the file that is added to."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _head(self) -> str:
        return json.dumps({"arner": __version__, "key": self.key})


def _line(name: str, done: Done) -> str:
    source, output, counts = json.dumps(done.source), json.dumps(done.output), done.counts
    return (
        f'{{"doc": {json.dumps(name)}, "source": {source}, "output": {output}, "documents": {counts.documents}, '
        f'"size": {counts.size}, "entities": {list(counts.entities)}}}\n'
    )


def _parse(entry: dict[str, Any]) -> tuple[str, Done]:
    """Return a line's entry. Raises ValueError, KeyError or TypeError where it is none."""
    entities = tuple(map(int, entry["entities"]))
    if len(entities) != len(LABELS):
        raise ValueError(entry)
    counts = Counts(int(entry["documents"]), int(entry["size"]), entities)
    return str(entry["doc"]), Done(str(entry["source"]), str(entry["output"]), counts)


def key(lexicons: Iterable[bytes], options: object) -> str:
    """Return the hash of all that a result depends on but for the text.

    That is arner's own code, rules and weights, the fingerprints of its lexicon and the user's, and the options.
    """
    total = sha256(f"{__version__}\n{options!r}\n".encode("utf-8", "surrogatepass"))
    package = Path(__file__).parent
    for path in sorted(p for p in package.rglob("*") if p.suffix in _MADE_OF):
        total.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for fingerprint in lexicons:
        total.update(fingerprint)
    return total.hexdigest()
