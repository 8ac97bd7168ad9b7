"""`arner index`: texts in, a database of who is named where out; texts that have not changed are not tagged again."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from arner import files
from arner.cli import CONTEXT, Failure
from arner.cli.report import Reading
from arner.cli.tag import lexicon_options, list_sources, make_tagger, reading_options

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK: Final = 1 << 20  # bytes


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The database to make or update.",
)
@lexicon_options
@reading_options
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Make an SQLite database of who is named in the texts of files or folders, and with whom.

    Run again, it tags only what is new or has changed, or all where the gazetteers or options have; files that are gone
    leave the database. Ask it with `arner find` and `arner with`, or with SQL: its schema says what is what.
    """
    from arner import state
    from arner.index import build

    output: Path = given["output"]
    tagger = make_tagger(given["gazetteers"], given["types"], given["min_score"])
    sources = list_sources(given["paths"], given["glob"])
    options = (build.FORMAT, tagger.types, tagger.min_score, given["encoding"], given["encoding_errors"])
    made_with = state.key([lexicon.fingerprint for lexicon in tagger.words.lexicons], options)
    reading = Reading(sources, given)
    try:
        files.refuse_overlap(sources, output)
        with tempfile.TemporaryDirectory(prefix="arner-") as folder:
            target = Path(folder) / "entities.db"
            old = output if output.exists() and output.stat().st_size else None
            counts = build.build(target, reading.documents(), tagger.tag, made_with, old)
            files.write_whole(output, _chunks(target))
    except (build.NotAnIndexError, files.OutputError) as error:
        raise Failure(str(error)) from None
    except (sqlite3.Error, OSError) as error:
        raise Failure(f"{output}: can't be made: {error}") from None
    click.echo(
        f"arner: {counts.documents} documents ({counts.tagged} tagged, {counts.documents - counts.tagged} unchanged, "
        f"{counts.removed} gone), {counts.entities} entities, {counts.mentions} mentions",
        err=True,
    )
    return reading.code


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
