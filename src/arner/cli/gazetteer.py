"""`arner gazetteer`: lint, count, compile and import the lists that arner knows names from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arner import files
from arner.cli import CHECK_FAILED, CONTEXT, Failure
from arner.lexicon import load
from arner.lexicon.compile import compile_files
from arner.lexicon.findings import ERROR
from arner.lexicon.layout import gazetteer_files
from arner.lexicon.refs import INDEX

if TYPE_CHECKING:
    from arner.lexicon.findings import Finding

_PATHS = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")


@click.group(context_settings=CONTEXT)
def command() -> None:
    """Lint, compile, count and import the gazetteers.

    PATH is a TSV file or a folder of them; without it, arner's own lists.
    """


@command.command(context_settings=CONTEXT)
@_PATHS
@click.option("--quiet", is_flag=True, help="List errors only; warnings are counted.")
@click.option("--fix", is_flag=True, help="First rewrite the files in canonical form: sorted, LF, NFC, no row twice.")
@click.option("--accept", is_flag=True, help="First add the refs of new rows to refs.txt beside the lists.")
def lint(paths: tuple[Path, ...], *, quiet: bool, fix: bool, accept: bool) -> None:
    """Check gazetteers: form, clashes, names that mean something else, refs that are gone.

    A list of your own is checked with arner's behind it: where both know a name, yours wins, and the linter says so.
    Exit code 1 where there are errors; warnings are advice.
    """
    from arner.lexicon.lint import lint as check

    sources = _sources(paths)
    if fix:
        _fix(sources)
    own = all(path.resolve().is_relative_to(load.SOURCES) for path in sources)
    # A part of arner's own lists is checked against the whole.
    checked = (load.SOURCES,) if own else sources
    if accept:
        _accept(checked)
    report = check(checked, None if own else load.built_in(), _shown)
    asked = [source.resolve() if own else source for source in sources]
    named = {_shown(path) for source in asked for path in (*gazetteer_files(source), source / INDEX)}
    findings = [finding for finding in report.findings if finding.path in named]
    errors = [finding for finding in findings if finding.level == ERROR]
    for finding in errors if quiet else findings:
        click.echo(str(finding))
    warned = _by_check([finding for finding in findings if finding.level != ERROR])
    click.echo(f"arner: {report.rows} rows in {report.files} files: {len(errors)} errors, {warned}", err=True)
    if errors:
        raise SystemExit(CHECK_FAILED)


def _by_check(warnings: list[Finding]) -> str:
    counts: dict[str, int] = {}
    for finding in warnings:
        counts[finding.check] = counts.get(finding.check, 0) + 1
    each = ", ".join(f"{check} {count}" for check, count in sorted(counts.items()))
    return f"{len(warnings)} warnings" + (f" ({each})" if each else "")


def _fix(sources: tuple[Path, ...]) -> None:
    from arner.lexicon.lint_forms import canonical

    for path in (path for source in sources for path in gazetteer_files(source)):
        data = path.read_bytes()
        try:
            fixed = canonical(data, path)
        except UnicodeDecodeError:
            continue  # the linter reports it
        if fixed != data:
            _write(path, fixed)
            click.echo(f"arner: rewrote {path.as_posix()}", err=True)


def _accept(folders: tuple[Path, ...]) -> None:
    from arner.lexicon.read import Row, parse
    from arner.lexicon.refs import accept

    for folder in folders:
        if not folder.is_dir():
            raise Failure(f"{folder} is no folder: refs.txt stands beside the lists of one")
        items = (item for path in gazetteer_files(folder) for item in parse(path.read_bytes(), path, _shown(path)))
        data, new = accept(folder, [item for item in items if isinstance(item, Row)])
        _write(folder / INDEX, data)
        click.echo(f"arner: {_shown(folder / INDEX)}: {new} new refs", err=True)


@command.command(context_settings=CONTEXT)
@_PATHS
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def stats(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Count the rows by label, kind, country, tier, source, form and file."""
    from arner.lexicon.read import read_file
    from arner.lexicon.stats import count

    rows = (row for source in _sources(paths) for path in gazetteer_files(source)
            for row in read_file(path, _shown(path)))  # fmt: skip
    tables = count(rows)
    if as_json:
        click.echo(json.dumps(tables, ensure_ascii=False))
        return
    for number, (title, counts) in enumerate(tables.items()):
        width = max(map(len, (title, *counts)))
        lines = [f"{name:<{width}}  {value:>7,}" for name, value in counts.items()]
        click.echo("\n".join(([""] if number else []) + [title, *lines]))


@command.command("compile", context_settings=CONTEXT)
@_PATHS
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def compile_(paths: tuple[Path, ...], output: Path | None) -> None:
    """Compile gazetteers into one file and print its path and size.

    Without PATH and -o, arner's own lists are compiled into the cache, where the next run finds them.
    """
    if not output:
        if paths:
            raise Failure("say where to: -o FILE")
        lexicon = load.compiled(_sources(())[0], load.WEIGHTS)
        click.echo(f"{lexicon.name}\t{lexicon.bytes} bytes\t{lexicon.size} rows")
        return
    sources = _sources(paths)
    inputs = [path for source in sources for path in gazetteer_files(source)]
    if output.resolve() in {path.resolve() for path in inputs}:
        raise Failure(f"{output} is one of the inputs: name another file")
    data = compile_files(inputs, None if paths else load.SOURCES.parent, None if paths else load.WEIGHTS)
    _write(output, data)
    click.echo(f"{output}\t{len(data)} bytes")


@command.command("import", context_settings=CONTEXT)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where a file would change.")
def import_(*, check: bool) -> None:
    """Build the lists that come from wordfreq, CLDR and GeoNames again; the same packages give the same bytes."""
    from arner.lexicon.imports import MissingPackageError, build

    (folder,) = _sources(())
    try:
        built = build(folder)
    except MissingPackageError as error:
        raise Failure(str(error)) from None
    for file in built:
        rows = file.data.count(b"\n") - 1
        state = ("would change" if check else "written") if file.changed else "unchanged"
        click.echo(f"{_shown(file.path)}\t{rows} rows\t{state}")
        if file.changed and not check:
            _write(file.path, file.data)
    if check and any(file.changed for file in built):
        raise SystemExit(CHECK_FAILED)


def _write(path: Path, data: bytes) -> None:
    try:
        files.write_whole(path, data)
    except files.OutputError as error:
        raise Failure(str(error)) from None


def _sources(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    if paths:
        return paths
    if not load.SOURCES.is_dir():
        raise Failure("arner's own lists are in its source checkout only: name a PATH, or run this in a checkout")
    return (load.SOURCES,)


def _shown(path: Path) -> str:
    """Return arner's own files as they stand in a checkout, others as they were named."""
    return path.relative_to(load.SOURCES.parent).as_posix() if path.is_relative_to(load.SOURCES) else path.as_posix()
