"""`arner index`: texts in, a database of who is named where out; texts that have not changed are not tagged again."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from arner import files
from arner.cli import CONTEXT, Failure
from arner.cli.engine import engine_options
from arner.cli.options import ANY_PATH, jobs_option, lexicon_options, reading_options
from arner.cli.tag import list_sources

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from arner.cli.bare import Run
    from arner.document import Tagged
    from arner.index.build import Counts, Unchanged

_CHUNK: Final = 1 << 20  # bytes


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, type=ANY_PATH, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The database to make or update.",
)
@jobs_option
@engine_options
@lexicon_options
@reading_options
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Make an SQLite database of who is named in the texts of files or folders, and with whom.

    Run again, it tags only what is new or has changed, or all where the gazetteers or options have; files that are gone
    leave the database. Ask it with `arner find` and `arner with`, or with SQL: its schema says what is what.
    """
    from arner.cli import bare
    from arner.index import build

    output: Path = given["output"]
    run = bare.Run(given, list_sources(given["paths"], given["glob"]))
    made: list[build.Counts] = []
    try:
        files.refuse_overlap(run.sources, output)
        # The output is opened before the texts are tagged: where it can't be written, that is said at once.
        files.write_whole(output, _built(run, output, made))
    except (build.NotAnIndexError, files.OutputError) as error:
        raise Failure(str(error)) from None
    except (sqlite3.Error, OSError) as error:
        raise Failure(f"{output}: can't be made: {error}") from None
    (counts,) = made
    click.echo(
        f"arner: {counts.documents} documents ({counts.tagged} tagged, {counts.documents - counts.tagged} unchanged, "
        f"{counts.removed} gone), {counts.entities} entities, {counts.mentions} mentions",
        err=True,
    )
    return run.code


def _built(run: Run, output: Path, made: list[Counts]) -> Iterator[bytes]:
    """Yield the bytes of a new database; what was done is put into `made`."""
    from arner.index import build

    made_with = _fingerprint(run)
    old = output if output.is_file() and output.stat().st_size else None
    known = build.known(old, made_with) if old else {}
    with tempfile.TemporaryDirectory(prefix="arner-") as folder:
        target = Path(folder) / "entities.db"
        with closing(_found(run, known)) as found:
            made.append(build.build(target, found, made_with, old))
        with target.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _fingerprint(run: Run) -> str:
    """Return what stands for all that decides what is found in a text."""
    from arner import state
    from arner.index import build

    job, tagger = run.work.job, run.work.tagger
    options = (build.FORMAT, tagger.types, tagger.min_score, job.encoding, job.errors, job.engine)
    return state.key(tagger.fingerprints(), options)


def _found(run: Run, known: dict[str, str]) -> Generator[Tagged | Unchanged, None, None]:
    """Yield the documents of a run; those whose bytes are as `known` says, by their names as stored, untagged."""
    from arner.index.build import Unchanged, storable
    from arner.state import Counts, Done

    names = {storable(source.name): source.name for source in run.sources}
    done = {names[name]: Done(digest, "", Counts()) for name, digest in known.items() if name in names}
    with closing(run.tagged(done)) as coming:
        for source, result in zip(run.sources, coming, strict=True):
            if result.resumed and result.done:
                yield Unchanged(storable(source.name), result.done.source)
            yield from result.tagged

