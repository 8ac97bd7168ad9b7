"""`arner report`: a folder of texts in, one page to read them by out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arner import files
from arner.cli import CONTEXT, Failure
from arner.cli.progress import watcher
from arner.cli.tag import Failures, lexicon_options, list_sources, make_tagger, read_all, reading_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arner.document import Document


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The page; else stdout.")
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
    reading = Reading(sources, given)
    tagged = (tagger.tag(document, explain=given["explain"]) for document in reading.documents())
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
    return reading.code


class Reading(Failures):
    """Reads sources one by one and says how far it is; what fails is reported, counted and passed over."""

    def __init__(self, sources: Sequence[files.Source], given: dict[str, Any]) -> None:
        super().__init__()
        self._sources = sources
        self._given = given
        self._teller = watcher(len(sources))
        if not sources:
            self._teller.say(f"arner: nothing to read: no file matches {given['glob'] or '*.txt'}")

    def report(self, error: Exception) -> None:
        """Print one line for a failed input."""
        self.count += 1
        self._teller.say(f"arner: {error}")

    def documents(self) -> Iterator[Document]:
        """Yield the documents of the sources that can be read."""
        try:
            for source in self._sources:
                size = 0
                for document in read_all((source,), self, self._given):
                    size = len(document.source.encode("utf-8", "surrogatepass"))
                    yield document
                self._teller.advance(size, 1)
        finally:
            self._teller.close()
