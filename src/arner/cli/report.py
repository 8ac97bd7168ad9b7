"""`arner report`: a folder of texts in, one page to read them by out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arner import files
from arner.cli import CONTEXT, Failure
from arner.cli.tag import Failures, lexicon_options, list_sources, make_tagger, read_all, reading_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The page; else it goes to stdout.")
@click.option("--title", help="The page's title; else the name of the folder.")
@click.option("--explain", is_flag=True, help="Show the points of the evidence too.")
@lexicon_options
@reading_options
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Make one self-contained HTML page of the texts in files or folders.

    It shows the texts with their entities explained, an index of people, organisations and places, who is named with
    whom, and a timeline. It opens from disk in any browser, and asks nothing of the network.
    """
    from arner.report import page

    output = given["output"]
    if output is None and sys.stdout.isatty():
        raise Failure("a page is no reading for a terminal: give -o report.html")
    tagger = make_tagger(given["gazetteers"], given["types"], given["min_score"])
    sources = list_sources(given["paths"], given["glob"])
    if not sources:
        click.echo(f"arner: no {given['glob']} in {' '.join(given['paths'])}: the page will be empty", err=True)
    failures = Failures()
    documents = read_all(watched(sources), failures, given)
    tagged = (tagger.tag(document, explain=given["explain"]) for document in documents)
    chunks = page.write(tagged, files.printable(given["title"] or Path(given["paths"][0]).resolve().name))
    try:
        if output is None:
            sys.stdout.buffer.writelines(chunks)
            sys.stdout.flush()
        else:
            files.refuse_overlap(sources, output)
            files.write_whole(output, chunks)
    except files.OutputError as error:
        raise Failure(str(error)) from None
    return failures.code


def watched(sources: Sequence[files.Source]) -> Iterable[files.Source]:
    """Return the sources, with a progress bar over them where stderr is a terminal."""
    return _track(sources) if sys.stderr.isatty() else sources


def _track(sources: Sequence[files.Source]) -> Iterator[files.Source]:
    from rich.console import Console
    from rich.progress import track

    yield from track(sources, "arner", console=Console(stderr=True), transient=True)
