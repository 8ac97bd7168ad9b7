"""`arner convert`: entities in one format in, the same in another out."""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from arner import files, imports, placing
from arner.cli import CONTEXT, Failure
from arner.cli.tag import Failures, format_for, is_folder
from arner.export import FORMATS, UNITS, Options
from arner.imports.found import Labels
from arner.imports.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.document import Tagged
    from arner.imports.found import Read


def import_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where texts are and what labels mean."""
    for option in reversed((
        click.option(
            "--source", "texts", type=click.Path(exists=True),
            help="The texts, for formats that do not hold them: a file, a folder, or JSON Lines of records.",
        ),
        click.option(
            "--label", "labels", multiple=True, metavar="THEIRS=OURS",
            help="Take a label for PER, ORG or LOC, or for nothing (MISC=); may be given more than once.",
        ),
    )):
        command = option(command)
    return command


@click.command(context_settings=CONTEXT)
@click.argument("input_", metavar="IN", type=click.Path(exists=True))
@click.argument("output", metavar="OUT")
@click.option(
    "-f", "--format", "form", type=click.Choice(list(FORMATS)), metavar="FORMAT",
    help="One that `arner formats` lists.  [default: what OUT ends in, else jsonl]",
)
@click.option(
    "--from", "form_in", type=click.Choice(list(imports.FORMATS)), metavar="FORMAT",
    help="The format of IN.  [default: found out]",
)
@import_options
@click.option(
    "--offsets", type=click.Choice(UNITS), default="codepoint", show_default=True, help="The unit of offsets in OUT."
)
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Convert the entities of IN, a file or folder, into another format, into OUT: a file, a folder or - (a pipe).

    Nothing is tagged. JSON of arner holds everything but the text; other formats have spans and labels, some
    references, and nothing else. A document that can't be used is reported, the others go on, the exit code is 3.
    """
    folder = given["output"] != files.STDIN and is_folder(given["output"])
    form = given["form"] or format_for(given["output"], folder=folder)
    if given["offsets"] not in (*FORMATS[form].units, "codepoint"):
        raise Failure(f"{form} has no offsets in {given['offsets']} units")
    b"".join(FORMATS[form].write((), Options()))  # says now where a package is not installed
    failures = Failures()
    labels = make_labels(given["labels"])
    sources = imports.find(given["input_"], given["form_in"] and imports.FORMATS[given["form_in"]])
    texts = Texts(given["texts"])
    converted = _converted(sources, given["form_in"], texts, labels, form, failures)
    options = Options(offsets=given["offsets"])
    first = next(converted, None)
    if first is not None or not failures.count:
        documents = chain(() if first is None else (first,), converted)
        _write(documents, sources, given["output"], form, options, folder=folder)
    tell_left_out(labels)
    return failures.code


def make_labels(pairs: tuple[str, ...]) -> Labels:
    """Return what labels mean, or end the run where an option is wrong."""
    split = [pair.partition("=") for pair in pairs]
    if not all(middle and theirs for theirs, middle, _ in split):
        raise Failure("--label is THEIRS=OURS, such as FAC=LOC")
    try:
        return Labels({theirs: ours for theirs, _, ours in split})
    except ValueError as error:
        raise Failure(str(error)) from None


def tell_left_out(labels: Labels) -> None:
    """Say in one line which labels were left out, if any."""
    if labels.left_out:
        ordered = sorted(labels.left_out.items(), key=lambda item: (-item[1], item[0]))
        counts = files.printable(", ".join(f"{label} {n:,}" for label, n in ordered))
        click.echo(f"arner: spans left out, whose labels arner has not: {counts}; --label takes them", err=True)


def _converted(
    sources: list[files.Source], form_in: str | None, texts: Texts, labels: Labels, form: str, failures: Failures
) -> Iterator[Tagged]:
    for source in sources:
        try:
            read = imports.FORMATS[form_in] if form_in else imports.detect(source)
            for one in read.read(source, texts, labels):
                if isinstance(one, files.InputError):
                    failures.report(one)
                elif FORMATS[form].text and not one.whole:
                    failures.report(_needs_text(one, form))
                else:
                    yield one.tagged
        except files.InputError as error:
            failures.report(error)


def _needs_text(one: Read, form: str) -> files.InputError:
    name = files.printable(one.tagged.document.name)
    return files.InputError(one.where, f"{form} needs the text of {name}, which is not at hand: give --source FOLDER")


def _write(
    documents: Iterable[Tagged], sources: list[files.Source], output: str, form: str, options: Options, *, folder: bool
) -> None:
    """Write the documents; end the run where they do not fit what OUT is."""
    whole = FORMATS[form]
    if whole.per_document and not folder:
        documents = list(documents)
        if len(documents) != 1:
            raise Failure(f"{form} holds one document a file, and there are {len(documents):,}: give a folder, OUT/")
    try:
        if folder:
            _into_folder(list(documents), sources, output, form, options)
        elif output == files.STDIN:
            if whole.beside:
                raise Failure(f"{form} is more than one file a document: give OUT")
            for chunk in whole.write(documents, options):
                sys.stdout.buffer.write(chunk)
        else:
            _into_files(documents, sources, output.removesuffix(whole.suffix), output, form, options)
    except files.OutputError as error:
        raise Failure(str(error)) from None


def _into_folder(
    documents: list[Tagged], sources: list[files.Source], folder: str, form: str, options: Options
) -> None:
    suffixes = (FORMATS[form].suffix, *(suffix for suffix, _ in FORMATS[form].beside))
    named = [files.Source(one.document.name, "") for one in documents]
    for one, base in zip(documents, placing.place(named, folder, suffixes), strict=True):
        _into_files([one], sources, base, base + FORMATS[form].suffix, form, options)


def _into_files(
    documents: Iterable[Tagged], sources: list[files.Source], base: str, path: str, form: str, options: Options
) -> None:
    beside = FORMATS[form].beside
    for target in (path, *(base + suffix for suffix, _ in beside)):
        files.refuse_overlap(sources, target)
    if beside:
        documents = list(documents)
    for suffix, make in beside:
        files.write_whole(base + suffix, map(make, documents))
    files.write_whole(path, FORMATS[form].write(documents, options))
