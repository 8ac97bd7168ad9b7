"""The lexicon's whereabouts: inside an installed wheel, or compiled from a checkout's `gazetteers/` into the cache."""

from __future__ import annotations

import os
import sys
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from arner.lexicon.layout import VERSION, gazetteer_files, weight_files
from arner.lexicon.store import Lexicon, LexiconFileError

if TYPE_CHECKING:
    from collections.abc import Iterable

_PACKAGE = Path(__file__).resolve().parent.parent
BUNDLED = _PACKAGE / "data" / "lexicon.bin"
SOURCES = _PACKAGE.parent.parent / "gazetteers"
WEIGHTS = _PACKAGE / "weights"
RULES = _PACKAGE / "rules"
# Every edit of a list makes another file in the cache; older ones than these are taken out. arner's own lexicon and the
# lists of users are counted apart: a process may be about to map the one when another compiles many of the others.
KEPT = 8


class NoLexiconError(RuntimeError):
    """Neither a bundled lexicon nor the gazetteers to compile one from."""


def cache_folder() -> Path:
    """Return the folder for compiled lexicons: `$ARNER_CACHE`, else the platform's cache folder."""
    if named := os.environ.get("ARNER_CACHE"):
        return Path(named)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "arner"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/arner"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "arner"


@cache
def built_in() -> Lexicon:
    """Return arner's own lexicon, opened once a process.

    A checkout's gazetteers win over a bundled file, so that an edit shows at the next run. Raises NoLexiconError.
    """
    if SOURCES.is_dir():
        return compiled(SOURCES, WEIGHTS)
    if BUNDLED.is_file():
        return Lexicon.open(BUNDLED)
    raise NoLexiconError(f"no lexicon at {BUNDLED} and no gazetteers at {SOURCES}: install arner again")


def compiled(source: Path, weights: Path | None = None) -> Lexicon:
    """Return the lexicon of a gazetteer file or folder, compiled unless the cache has it.

    The cache is keyed by the bytes of the inputs and written by rename, so that two processes may race. Where the
    cache can't be written, the lexicon is used from memory. Raises GazetteerError for a bad row.
    """
    files = gazetteer_files(source)
    inputs = [*files, *weight_files(weights), *sorted(RULES.glob("*.toml"))] if weights else files
    note = _in_cache(f"inputs-{_unchanged(inputs)}.txt")
    if note and note.is_file():
        with suppress(LexiconFileError, OSError):
            return Lexicon.open(note.with_name(note.read_text("utf-8")))
    from arner.lexicon import compile as compiler  # 10 ms, which a run from the cache need not spend

    kind = "lexicon" if weights else "list"
    name = f"{kind}-{compiler.digest(inputs).hex()[:24]}.bin"
    target = _in_cache(name)
    if target and target.is_file():
        with suppress(LexiconFileError, OSError):
            found = Lexicon.open(target)
            _write(note, name.encode())
            return found
    data = compiler.compile_files(files, source.parent if source.is_dir() else None, weights)
    if target and _write(target, data):
        _write(note, name.encode())
        return Lexicon.open(target)
    return Lexicon(data)


def _unchanged(inputs: Iterable[Path]) -> str:
    """Return a hash of the paths, sizes and times of files: while it stays, their bytes need not be read again."""
    stamps = ((str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in inputs)
    return format(zlib.crc32(repr((VERSION, *stamps)).encode()), "08x")


def _in_cache(name: str) -> Path | None:
    try:
        return cache_folder() / name
    except RuntimeError:  # no home folder
        return None


def _write(target: Path | None, data: bytes) -> bool:
    if target is None:
        return False
    import tempfile  # 8 ms, which a run from the cache need not spend

    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            file.write(data)
        Path(file.name).replace(target)
        _prune(target.parent)
    except OSError:
        return False
    return True


def _prune(folder: Path) -> None:
    kept = (folder.glob(pattern) for pattern in ("lexicon-*.bin", "list-*.bin", "inputs-*.txt"))
    ranked = (sorted(found, key=lambda path: path.stat().st_mtime, reverse=True) for found in kept)
    for old in (path for found in ranked for path in found[KEPT:]):
        # Where another process has it open or took it out, it is not ours to care.
        with suppress(OSError):
            old.unlink()
