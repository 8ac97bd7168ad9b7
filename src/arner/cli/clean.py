"""`arner clean`: texts in, the cleaned texts out, or a report of what was changed and which lines are noise."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from arner import files, normalize, placing
from arner.cli import CONTEXT, Failure
from arner.cli.options import ANY_PATH, reading_options
from arner.cli.tag import Failures, _skipped, is_folder, list_sources, read_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arner.document import Document

_COLUMNS: Final = ("doc", "line", "reason", "places", "characters", "text")


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, type=ANY_PATH, metavar="[PATH]...")
@click.option("--marks", is_flag=True, help="Keep diacritics.")
@click.option("--fold", is_flag=True, help="Make the variants of alef, hamza, ya, ta marbuta, kaf and ha one letter.")
@click.option("--report", is_flag=True, help="Print what was changed and which lines are noise, not the text.")
@click.option(
    "--report-format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="text is a table, tab-parted in a pipe or a file; json is one object a text, each on a line.",
)
@click.option("-o", "--output", type=ANY_PATH, metavar="PATH", help="A file, or a folder; see above.")
@reading_options
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Print texts as a reader sees them, made uniform: UTF-8 with line feeds.

    Off go diacritics, tatweel, control and zero-width characters, HTML, and the lines that are page furniture (ad
    slots, share bars, copyright lines); presentation forms and ligatures become letters. Without PATH, or with -, the
    text is read from standard input.

    -o is a folder where it is one, ends in / or has no suffix: each input then gets a file of its own name. Else it
    is one file for all.
    """
    output: str | None = given["output"]
    sources = list_sources(given["paths"], given["glob"], skip=_skipped(output, given["paths"]))
    if not sources:
        click.echo(f"arner: nothing to read: no file matches {given['glob'] or '*.txt'}", err=True)
    failures = Failures()
    eye = output is None and given["report"] and sys.stdout.isatty()
    results = _results(read_all(sources, failures, given), given, eye=eye)
    head = "\t".join(_COLUMNS) + "\n" if given["report"] and given["report_format"] == "text" and not eye else ""
    try:
        if output is None:
            sys.stdout.buffer.writelines(_stream(head, results))
            sys.stdout.buffer.flush()
        elif is_folder(output):
            _write_each(output, sources, head, results)
        else:
            files.refuse_overlap(sources, output)
            files.write_whole(output, _stream(head, results))
    except files.OutputError as error:
        raise Failure(str(error)) from None
    return failures.code


def _results(documents: Iterable[Document], given: dict[str, Any], *, eye: bool) -> Iterator[tuple[Document, str]]:
    """Yield each document with what is to be printed for it; for the `eye`, tables are aligned."""
    for document in documents:
        cleaned = normalize.clean(document.source, marks=given["marks"], fold=given["fold"])
        if not given["report"]:
            yield document, cleaned.text
        elif given["report_format"] == "json":
            yield document, json.dumps(_report(document, cleaned), ensure_ascii=False) + "\n"
        elif eye:
            yield document, _table(files.printable(document.name), [*_rows(document, cleaned)])
        else:
            yield document, "".join("\t".join(row) + "\n" for row in _rows(document, cleaned))


def _stream(head: str, results: Iterable[tuple[Document, str]]) -> Iterator[bytes]:
    """Yield the results one after the other, each from the start of a line."""
    ended = True
    for text in filter(None, chain((head,), (shown for _, shown in results))):
        yield _bytes(text if ended else "\n" + text)
        ended = text.endswith("\n")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _write_each(
    folder: str, sources: Sequence[files.Source], head: str, results: Iterable[tuple[Document, str]]
) -> None:
    targets = dict(zip((s.name for s in sources), placing.place(sources, folder, ("",)), strict=True))
    for document, shown in results:
        files.write_whole(targets[document.name], _bytes(head + shown))


class _Noise(NamedTuple):
    """Page furniture: its line in the source, counted from 1, and its offsets in code points of the source."""

    line: int
    start: int
    end: int
    reason: str
    text: str


def _noise(cleaned: normalize.Normalized) -> Iterator[_Noise]:
    line, done = 1, 0
    for start, end, _, reason in cleaned.edits:
        if reason in normalize.STEPS:
            continue
        text = cleaned.source[start:end]
        at = start + len(text) - len(text.lstrip())
        line += cleaned.source.count("\n", done, at)
        done = at
        yield _Noise(line, at, at + len(text.strip()), reason, text.strip())


def _changes(cleaned: normalize.Normalized) -> list[tuple[str, int, int]]:
    """Return of each step that changed something: its name, in how many places, how many code points of the source."""
    places = Counter(edit.reason for edit in cleaned.edits)
    characters: Counter[str] = Counter()
    for edit in cleaned.edits:
        characters[edit.reason] += edit.end - edit.start
    return [(step, places[step], characters[step]) for step in normalize.STEPS if step in places]


def _report(document: Document, cleaned: normalize.Normalized) -> dict[str, Any]:
    return {
        "doc": files.printable(document.name),
        "chars": len(cleaned.source),
        "cleaned_chars": len(cleaned.text),
        "changes": [
            {"reason": reason, "places": places, "characters": characters}
            for reason, places, characters in _changes(cleaned)
        ],
        "noise": [noise._asdict() for noise in _noise(cleaned)],
    }


def _rows(document: Document, cleaned: normalize.Normalized) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table: a row a step without a line number, then a row a stretch of noise."""
    name = files.printable(document.name)
    for reason, places, size in _changes(cleaned):
        yield name, "", reason, str(places), str(size), ""
    for noise in _noise(cleaned):
        text = " ".join(noise.text.split())
        yield name, str(noise.line), noise.reason, "1", str(noise.end - noise.start), text


def _table(name: str, rows: list[tuple[str, ...]]) -> str:
    """Return the rows of one text as columns under its name and a heading, for the eye."""
    if not rows:
        return f"{name}: nothing to change\n\n"
    cells = [_COLUMNS[1:], *(row[1:] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        f"{line:>{widths[0]}}  {reason:<{widths[1]}}  {places:>{widths[2]}}  {size:>{widths[3]}}  {text}".rstrip()
        for line, reason, places, size, text in cells
    ]
    return "\n".join((name, *lines, "\n"))
