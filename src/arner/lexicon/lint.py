"""Gazetteer files in, findings out: what breaks the contract (errors) and what will likely mislead (warnings).

The built-in lists are linted as one whole. A user's list is linted by itself, with the built-in lexicon behind it:
where both know a name the user's row wins, and the finding says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arner.lexicon import lint_forms, lint_names, lint_sound
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
    files = [path for source in sources for path in gazetteer_files(source)]
    for path in files:
        data = path.read_bytes()
        problems = 0
        for item in parse(data, path, shown(path)):
            if isinstance(item, Row):
                rows.append(item)
            else:
                problems += 1
                found.append(_broken(item))
        if not problems:
            found += lint_forms.order(data, path, shown(path))
    found += _check(rows, built_in)
    return Report(tuple(sorted(set(found), key=lambda f: (f.path, f.line, f.check, f.message))), len(rows), len(files))


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
        lint_names.repeated(entities),
        lint_names.clashes(entities),
        lint_names.common_words(entities, meanings),
        lint_names.given_names(entities, meanings),
        lint_names.behind_proclitics(entities),
        lint_names.duplicates(entities),
        lint_names.dropped(compiler.dropped),
        lint_sound.unlike(entities),
        lint_names.overlaid(entities, built_in) if built_in else (),
    )
    for check in checks:
        yield from check
