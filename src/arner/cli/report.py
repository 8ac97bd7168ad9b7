"""`arner report`: a folder of texts in, one page to read them by out."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arner import files
from arner.cli import CONTEXT, Failure
from arner.cli.engine import engine_options
from arner.cli.options import ANY_PATH, jobs_option, lexicon_options, reading_options
from arner.cli.tag import list_sources

if TYPE_CHECKING:
    from collections.abc import Iterable


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, type=ANY_PATH, required=True, metavar="PATH...")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The page; else stdout.")
@click.option("--title", help="The page's title; else the name of the folder.")
@click.option("--explain", is_flag=True, help="Show the points of the evidence too.")
@jobs_option
@engine_options
@lexicon_options
@reading_options
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Make one self-contained HTML page of the texts in files or folders.

    It shows the texts with their entities explained, an index of people, organisations and places, who is named with
    whom, and a timeline. It opens from disk in any browser, and asks nothing of the network.
    """
    from arner.cli.bare import Run
    from arner.report import page

    output = given["output"]
    if output is None and sys.stdout.isatty():
        raise Failure("a page is no reading for a terminal: give -o report.html")
    run = Run(given, list_sources(given["paths"], given["glob"]))
    title = files.printable(given["title"] or Path(given["paths"][0]).resolve().name)
    try:
        if output is not None:
            files.refuse_overlap(run.sources, output)
        with closing(run.tagged()) as coming:
            _write(output, page.write((tagged for result in coming for tagged in result.tagged), title))
    except files.OutputError as error:
        raise Failure(str(error)) from None
    return run.code


def _write(output: Path | None, chunks: Iterable[bytes]) -> None:
    if output is None:
        sys.stdout.buffer.writelines(chunks)
        sys.stdout.flush()
    else:
        files.write_whole(output, chunks)
