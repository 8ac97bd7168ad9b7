"""Inputs and an output folder in, the file that each input is written to out; no two the same, none an input."""

# Paths are strings here, as in files.py.
# ruff: noqa: PTH112, PTH116, PTH118

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from arner import state
from arner.files import STDIN, OutputError, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arner.files import Source

LOCK = ".arner-lock"
SUMMARY = "summary.json"
OWN = (state.NAME, LOCK, SUMMARY)


def relative(name: str) -> str:
    """Return the path below an output folder of a document's name; it never leads out of the folder.

    >>> relative("news/a.txt"), relative("../news/a.txt"), relative("/srv/a.txt"), relative("-")
    ('news/a.txt', 'news/a.txt', 'srv/a.txt', 'stdin')
    """
    if name == STDIN:
        return "stdin"
    inside = os.path.splitdrive(name)[1].replace(os.sep, "/")
    return "/".join(part for part in inside.split("/") if part not in ("", ".", "..")) or "unnamed"


def place(sources: Sequence[Source], folder: str, suffixes: Iterable[str]) -> list[str]:
    """Return for each source its path in the output folder, without the suffix.

    `suffixes` are those of all files that a source is written to. Raises OutputError where two sources would be
    written to one file, or one over an input or over arner's own files.
    """
    suffixes = tuple(suffixes)
    # In a folder that is not there yet nothing is an input.
    inputs = _identities(sources) if os.path.isdir(folder) else {}
    taken: dict[str, str] = {os.path.join(folder, own): "arner's own file" for own in OWN}
    bases = []
    for source in sources:
        base = os.path.join(folder, *relative(source.name).split("/"))
        for path in (base + suffix for suffix in suffixes):
            if path in taken:
                other = printable(taken[path])
                raise OutputError(path, f"would be written for {printable(source.name)} and is {other}: rename one")
            taken[path] = f"the output of {source.name}"
            if inputs and (identity := _identity(path)) in inputs:
                raise OutputError(path, f"is the input {printable(inputs[identity])}: give another -o")
        bases.append(base)
    return bases


def _identities(sources: Iterable[Source]) -> dict[tuple[int, int] | None, str]:
    found = {_identity(source.path): source.name for source in sources if source.path != STDIN}
    found.pop(None, None)
    return found


def _identity(path: str) -> tuple[int, int] | None:
    """Return what is the same for all names of a file; None where there is none, or the system can't tell."""
    try:
        there = os.stat(path)
    except (OSError, ValueError):
        return None
    return (there.st_dev, there.st_ino) if there.st_ino else None
