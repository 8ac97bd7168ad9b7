"""The lexicon's whereabouts: inside an installed wheel, or compiled from a checkout's `gazetteers/` into the cache."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from arner.lexicon import compile as compiler
from arner.lexicon.store import Lexicon, LexiconFileError

_PACKAGE = Path(__file__).resolve().parent.parent
BUNDLED = _PACKAGE / "data" / "lexicon.bin"
SOURCES = _PACKAGE.parent.parent / "gazetteers"
WEIGHTS = _PACKAGE / "weights" / "runs.tsv"
# Every edit of a list makes another file in the cache; older ones than these are taken out.
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
    files = compiler.gazetteer_files(source)
    name = f"lexicon-{compiler.digest([*files, weights] if weights else files).hex()[:24]}.bin"
    target = _in_cache(name)
    if target and target.is_file():
        with suppress(LexiconFileError, OSError):
            return Lexicon.open(target)
    data = compiler.compile_files(files, source.parent if source.is_dir() else None, weights)
    if target and _write(target, data):
        return Lexicon.open(target)
    return Lexicon(data)


def _in_cache(name: str) -> Path | None:
    try:
        return cache_folder() / name
    except RuntimeError:  # no home folder
        return None


def _write(target: Path, data: bytes) -> bool:
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
    compiled = sorted(folder.glob("lexicon-*.bin"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in compiled[KEPT:]:
        # Where another process has it open or took it out, it is not ours to care.
        with suppress(OSError):
            old.unlink()
