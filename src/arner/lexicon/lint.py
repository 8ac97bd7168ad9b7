"""Gazetteer files in, findings out: what breaks the contract (errors) and what will likely mislead (warnings).

The built-in lists are linted as one whole. A user's list is linted by itself, with the built-in lexicon behind it:
where both know a name the user's row wins, and the finding says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arner.lexicon import lint_forms, lint_names, lint_sound, refs
from arner.lexicon.compile import Compiler
from arner.lexicon.findings import ERROR, Finding
from arner.lexicon.layout import gazetteer_files
from arner.lexicon.read import GazetteerError, Row, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from arner.lexicon.store import Lexicon


class Report(NamedTuple):
    """The findings in order of path and line, and how many rows and files were read."""

    findings: tuple[Finding, ...]
    rows: int
    files: int


def lint(
    sources: Sequence[Path], built_in: Lexicon | None = None, shown: Callable[[Path], str] = Path.as_posix
) -> Report:
    """Lint gazetteer files and folders as one list; `built_in` is what stands behind a user's.

    `shown` names a file in findings. Raises OSError where a file can't be read.
    """
    found: list[Finding] = []
    rows: list[Row] = []
    files = 0
    for source in sources:
        first, whole = len(rows), True
        for path in gazetteer_files(source):
            files += 1
            data = path.read_bytes()
            broken = _read(data, path, shown(path), rows)
            found += broken or lint_forms.order(data, path, shown(path))
            whole = whole and not broken
        index = source / refs.INDEX
        # The ref of a row that can't be read is not gone.
        if whole and index.is_file():
            found += refs.check(index.read_bytes(), shown(index), rows[first:])
    found += _check(rows, built_in)
    return Report(tuple(sorted(set(found), key=lambda f: (f.path, f.line, f.check, f.message))), len(rows), files)


def _read(data: bytes, path: Path, shown: str, rows: list[Row]) -> list[Finding]:
    """Add the good rows of a file to `rows` and return what is wrong with the others."""
    found: list[Finding] = []
    for item in parse(data, path, shown):
        if isinstance(item, Row):
            rows.append(item)
        else:
            found.append(_broken(item))
    return found


def _broken(error: GazetteerError) -> Finding:
    return Finding(error.path, error.line, ERROR, "format", error.message)


def _check(rows: Sequence[Row], built_in: Lexicon | None) -> Iterator[Finding]:
    compiler = Compiler(rows)
    meanings = lint_names.Meanings(compiler.drafts, built_in)
    entities = list(lint_names.entities(rows))
    checks: tuple[Iterable[Finding], ...] = (
        lint_forms.letters_mixed(rows),
        lint_forms.placed_nowhere(rows),
        lint_forms.refs_twice(entities),
        refs.retired(rows),
        lint_names.repeated(entities),
        lint_names.clashes(entities),
        lint_names.two_labels(entities),
        lint_names.common_words(entities, meanings),
        lint_names.given_names(entities, meanings),
        lint_names.behind_proclitics(entities, built_in),
        lint_names.duplicates(entities),
        lint_names.dropped(compiler.dropped),
        lint_sound.unlike(entities),
        lint_names.overlaid(entities, built_in) if built_in else (),
    )
    for check in checks:
        yield from check
