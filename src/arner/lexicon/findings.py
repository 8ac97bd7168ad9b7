"""A row and a reason in, one line for a person out: what the linter reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from arner.lexicon.read import Row

ERROR: Final = "error"
WARNING: Final = "warning"


class Finding(NamedTuple):
    """What is wrong, where (lines count from 1), how bad (`ERROR` or `WARNING`) and which check found it."""

    path: str
    line: int
    level: str
    check: str
    message: str

    def __str__(self) -> str:
        """Return `path:line: level: message [check]`.

        >>> str(Finding("people/ma.tsv", 7, ERROR, "order", "stands after its place"))
        'people/ma.tsv:7: error: stands after its place [order]'
        """
        return f"{self.path}:{self.line}: {self.level}: {self.message} [{self.check}]"


def error(row: Row, check: str, message: str) -> Finding:
    """Return an error about a row."""
    return Finding(row.path, row.line, ERROR, check, message)


def warning(row: Row, check: str, message: str) -> Finding:
    """Return a warning about a row."""
    return Finding(row.path, row.line, WARNING, check, message)
