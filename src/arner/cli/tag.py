"""`arner tag`: texts in, their entities out, in any format."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arner import files
from arner.cli import CONTEXT, DONE, SOME_FAILED, Failure
from arner.document import LABELS, Document
from arner.export import FORMATS, Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.document import Tagged
    from arner.tagger import Tagger


class Failures:
    """The inputs that failed: each is reported at once on stderr and counted for the exit code."""

    def __init__(self) -> None:
        self.count = 0

    def report(self, error: Exception) -> None:
        """Print one line for a failed input."""
        self.count += 1
        click.echo(f"arner: {error}", err=True)

    @property
    def code(self) -> int:
        """The exit code: 3 where an input failed, else 0."""
        return SOME_FAILED if self.count else DONE


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what to read and how."""
    for option in reversed((
        click.option("--glob", default="*.txt", show_default=True, help="Which files of a folder to read."),
        click.option("--encoding", help="The encoding of the inputs, where arner should not find it out."),
        click.option(
            "--encoding-errors", type=click.Choice(files.ERRORS), default="strict", show_default=True,
            help="What to do with broken bytes: fail that file, put U+FFFD, or drop them.",
        ),
    )):
        command = option(command)
    return command


def lexicon_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what to look for."""
    for option in reversed((
        click.option(
            "--gazetteer", "gazetteers", multiple=True, type=click.Path(exists=True, path_type=Path),
            help="A TSV file or folder of your own, laid over arner's; may be given more than once.",
        ),
        click.option("--types", default=",".join(LABELS), show_default=True, help="The labels to report."),
        click.option(
            "--min-score", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="The least score to report."
        ),
    )):
        command = option(command)
    return command


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "-f", "--format", "form", type=click.Choice(["auto", "terminal", *FORMATS]), default="auto", show_default=True,
    help="auto is coloured text on a terminal, jsonl elsewhere.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file; or a folder, for one output an input.")
@lexicon_options
@click.option("--explain", is_flag=True, help="Add the evidence of each entity and the readings it beat.")
@click.option(
    "--offsets", type=click.Choice(["codepoint", "utf16", "byte"]), default="codepoint", show_default=True,
    help="The unit of offsets.",
)
@click.option("--nested", is_flag=True, help="conll: a third column for names inside names.")
@click.option("--bom", is_flag=True, help="csv: start with a byte-order mark, for spreadsheets.")
@click.option(
    "--input", "form_in", type=click.Choice(["text", "jsonl"]), default="text", show_default=True,
    help="jsonl: each line of an input is a record with a text.",
)
@click.option("--text-key", default="text", show_default=True, help="The key of a record's text.")
@click.option("--id-key", default="id", show_default=True, help="The key of a record's name.")
@reading_options
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Find people, organisations and places in files, folders (-r is implied) or standard input.

    Without PATH, or with -, the text is read from standard input.
    """
    tagger = make_tagger(given["gazetteers"], given["types"], given["min_score"])
    sources = list_sources(given["paths"], given["glob"])
    form = given["form"]
    if form == "auto":
        form = "terminal" if given["output"] is None and sys.stdout.isatty() else "jsonl"
    failures = Failures()
    explain = given["explain"]
    documents = read_all(sources, failures, given)
    tagged = (tagger.tag(document, explain=explain) for document in documents)
    options = Options(offsets=given["offsets"], nested=given["nested"], bom=given["bom"], explain=explain)
    if form == "terminal":
        _show(tagged, explain=explain)
    elif given["output"] is None:
        for chunk in FORMATS[form].write(tagged, options):
            sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
    else:
        _write(given["output"], sources, tagged, form, options, failures)
    return failures.code


def make_tagger(gazetteers: Iterable[Path], types: str, min_score: float) -> Tagger:
    """Return a tagger, or end the run where the options are wrong."""
    from arner.tagger import Tagger  # noqa: PLC0415 -- `--help` does not need it

    wanted = tuple(t.strip().upper() for t in types.split(",") if t.strip())
    try:
        return Tagger(gazetteers, wanted, min_score)
    except (ValueError, OSError) as error:
        raise Failure(str(error)) from None


def list_sources(paths: tuple[str, ...], glob: str) -> list[files.Source]:
    """Return the files to read, in order; end the run where a path does not exist or a terminal would be read."""
    if not paths and sys.stdin.isatty():
        raise Failure("nothing to read: give a file, a folder, or pipe a text in (arner tag -h)")
    try:
        return list(files.find(paths or (files.STDIN,), glob))
    except files.MissingPathError as error:
        raise Failure(str(error)) from None


def read_all(sources: Iterable[files.Source], failures: Failures, given: dict[str, Any]) -> Iterator[Document]:
    """Yield the documents of the sources; what fails is reported and passed over."""
    for source in sources:
        try:
            document = files.read(
                source, encoding=given["encoding"], errors=given["encoding_errors"],
                notice=lambda line: click.echo(f"arner: {line}", err=True),
            )
        except files.InputError as error:
            failures.report(error)
            continue
        except ValueError as error:
            raise Failure(str(error)) from None
        if given.get("form_in") == "jsonl":
            yield from records(document, given["text_key"], given["id_key"], failures)
        else:
            yield document


def records(document: Document, text_key: str, id_key: str, failures: Failures) -> Iterator[Document]:
    """Yield the texts of a JSON Lines document; a bad line is reported with its number and passed over."""
    for number, line in enumerate(document.source.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        where = f"{document.name}:{number}"
        try:
            record = json.loads(line)
            text = record[text_key]
            name = record.get(id_key, where)
        except (ValueError, RecursionError):
            failures.report(files.InputError(where, "not a JSON record"))
        except (KeyError, TypeError, AttributeError):
            failures.report(files.InputError(where, f"no key {text_key!r}: give --text-key"))
        else:
            if isinstance(text, str):
                yield Document(str(name), text)
            else:
                failures.report(files.InputError(where, f"{text_key!r} is not a text"))


def _show(tagged: Iterable[Tagged], *, explain: bool) -> None:
    from arner.explain import explain as reasons  # noqa: PLC0415
    from arner.export import terminal  # noqa: PLC0415 -- rich takes 40 ms that a pipe does not need

    for one in tagged:
        terminal.show(one)
        if explain:
            for line in reasons(one):
                click.echo(line)


def _write(
    output: Path, sources: list[files.Source], tagged: Iterable[Tagged], form: str, options: Options, failures: Failures
) -> None:
    try:
        if output.is_dir() or str(output).endswith("/") or not output.suffix and len(sources) != 1:
            for one in tagged:
                target = output / (one.document.name.lstrip("/") + FORMATS[form].suffix)
                try:
                    files.refuse_overlap(sources, target)
                    files.write_whole(target, FORMATS[form].write([one], options))
                except files.OutputError as error:
                    failures.report(error)
        else:
            files.refuse_overlap(sources, output)
            files.write_whole(output, FORMATS[form].write(tagged, options))
    except files.OutputError as error:
        raise Failure(str(error)) from None
