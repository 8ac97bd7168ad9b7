"""`arner tag`: texts in, their entities out, in any format."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arner import files
from arner.cli import CONTEXT, DONE, SOME_FAILED, Failure
from arner.cli.engine import alone, engine_of, engine_options
from arner.cli.options import ANY_PATH, jobs_option, lexicon_options, reading_options
from arner.engines import Engine, EngineError
from arner.export import FORMATS, SCHEMES, UNITS, Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.batch import Job, Work
    from arner.document import Document
    from arner.output import Totals
    from arner.tagger import Tagger

_LEAST = 16  # inputs that are worth a process of their own


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


def jobs_for(given: dict[str, Any], inputs: int, engine: Engine | None = None) -> int:
    """Return how many processes are to work: as many as asked for, or as there are cores; no more than inputs."""
    from arner.pool import cores

    jobs: int | None = given["jobs"]
    if engine and alone(engine, jobs):
        return 1
    if not jobs:
        jobs = min(cores(), 1 + inputs // _LEAST) if any(map(os.path.isdir, given["paths"])) else 1
    return min(jobs, max(1, inputs))


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, type=ANY_PATH, metavar="[PATH]...")
@click.option(
    "-f", "--format", "form", type=click.Choice(["auto", "terminal", *FORMATS]), default="auto", show_default=True,
    metavar="FORMAT",
    help="terminal, auto or one that `arner formats` lists. auto is terminal on a terminal, what -o FILE ends in, "
    "else jsonl.",
)
@click.option("-o", "--output", type=ANY_PATH, metavar="PATH", help="A file or a folder; see above.")
@jobs_option
@click.option("--resume", is_flag=True, help="Pass over the files that an earlier run into the same folder has done.")
@click.option("--check", is_flag=True, help="Write nothing; say how -o differs from what would be written.")
@click.option(
    "--report-format", type=click.Choice(["text", "json", "github", "gitlab"]), default="text", show_default=True,
    help="How --check says it.",
)
@lexicon_options
@engine_options
@click.option("--explain", is_flag=True, help="Add the evidence of each entity and the readings it beat.")
@click.option(
    "--offsets", type=click.Choice(UNITS), default="codepoint", show_default=True, help="The unit of offsets."
)
@click.option(
    "--translit", type=click.Choice(SCHEMES),
    help="Add each name in Latin letters, by a scheme of Buckwalter's or Habash, Soudi and Buckwalter's.",
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
    """Find people, organisations and places in files, folders or standard input.

    Without PATH, or with -, the text is read from standard input. Folders are searched to any depth; hidden files
    and those that an .arnerignore file names are left out.

    -o is a folder where it is one, ends in / or has no suffix: each input then gets a file of its own name and the
    format's suffix (news/a.txt: OUT/news/a.txt.jsonl), beside them stands summary.json. Else it is one file for all.
    Files are written whole or not at all; an input that fails is reported, the others go on, the exit code is 3.

    --check compares spans, labels, kinds, names and references, not scores and chains; the exit code is 1 where they
    differ.
    """
    folder = is_folder(given["output"])
    glob = given["glob"] or ("*.jsonl" if given["form_in"] == "jsonl" else "*.txt")
    sources = list_sources(given["paths"], glob, skip=_skipped(given["output"], given["paths"]))
    job = _job(given, len(sources), folder=folder)
    jobs = jobs_for(given, len(sources), job.engine)
    work = make_work(job)
    if not sources:
        click.echo(f"arner: nothing to read: no file matches {glob}", err=True)
    if given["output"] is None:
        return _to_stdout(work, sources, jobs)
    from arner.cli import tag_output

    run = tag_output.Run(work, sources, given["output"], folder, jobs)
    if given["check"]:
        return tag_output.check(run, given["report_format"])
    return tag_output.write(run, resume=given["resume"])


def make_tagger(gazetteers: Iterable[Path], types: str, min_score: float, engine: Engine | None = None) -> Tagger:
    """Return a tagger, or end the run where the options are wrong."""
    from arner.tagger import Tagger

    try:
        return Tagger(gazetteers, types_of(types), min_score, engine=engine or Engine())
    except (ValueError, OSError, EngineError) as error:
        raise Failure(str(error)) from None


def list_sources(paths: tuple[str, ...], glob: str | None, *, skip: Iterable[str] = ()) -> list[files.Source]:
    """Return the files to read, in order; end the run where a path does not exist or a terminal would be read."""
    if not paths and sys.stdin.isatty():
        raise Failure("nothing to read: give a file, a folder, or pipe a text in (arner tag -h)")
    try:
        return list(files.find(paths or (files.STDIN,), glob or "*.txt", skip=skip))
    except files.MissingPathError as error:
        raise Failure(str(error)) from None


def read_all(sources: Iterable[files.Source], failures: Failures, given: dict[str, Any]) -> Iterator[Document]:
    """Yield the documents of the sources; what fails is reported and passed over."""
    for source in sources:
        try:
            yield files.read(
                source, encoding=given["encoding"], errors=given["encoding_errors"],
                notice=lambda line: click.echo(f"arner: {line}", err=True),
            )
        except files.InputError as error:
            failures.report(error)
        except ValueError as error:
            raise Failure(str(error)) from None


def types_of(types: str) -> tuple[str, ...]:
    """Return the labels that --types lists."""
    return tuple(t.strip().upper() for t in types.split(",") if t.strip())


def is_folder(output: str | None) -> bool:
    """Return whether -o means a folder, whatever the inputs are."""
    if output is None:
        return False
    path = Path(output)
    return path.is_dir() or output.endswith(("/", os.sep)) or not (path.suffix or path.exists())


def _skipped(output: str | None, paths: Iterable[str]) -> list[str]:
    """Return the output folder, whose files are no inputs; end the run where it is an input folder itself."""
    if output is None or not Path(output).is_dir():
        return []
    if any(Path(path).is_dir() and Path(path).samefile(output) for path in paths):
        raise Failure(f"{files.printable(output)}: is the input folder: give another -o")
    return [output]


def _job(given: dict[str, Any], inputs: int, *, folder: bool) -> Job:
    """Return what the options ask for, or end the run where they do not go together."""
    from arner.batch import Job
    from arner.records import Keys

    keys = Keys(given["text_key"], given["id_key"]) if given["form_in"] == "jsonl" else None
    form = given["form"]
    if form == "auto":
        form = format_for(given["output"], folder=folder)
    if given["output"] is None and (given["check"] or given["resume"]):
        raise Failure("--check and --resume need -o: the output that is there")
    if given["check"] and given["resume"]:
        raise Failure("--check writes nothing, so there is nothing to --resume")
    if given["resume"] and not folder:
        raise Failure("--resume needs a folder, whose files are done one by one: end -o in /")
    if form == "terminal":
        if given["output"] is not None:
            raise Failure("-f terminal is for a terminal: give another format with -o")
    else:
        _check_format(form, given, one=inputs == 1 and keys is None, records=keys is not None, folder=folder)
    if given["translit"]:
        from arner import translit

        translit.require(given["translit"])
    options = Options(**{name: given[name] for name in ("offsets", "nested", "bom", "explain", "translit")})
    types = types_of(given["types"])
    reading = {"keys": keys, "encoding": given["encoding"], "errors": given["encoding_errors"]}
    gazetteers = tuple(given["gazetteers"])
    return Job(gazetteers, types, given["min_score"], form, options, **reading, engine=engine_of(given))


def format_for(output: str | None, *, folder: bool) -> str:
    """Return the format that an output is written in where none is named."""
    if output is None:
        return "terminal" if sys.stdout.isatty() else "jsonl"
    suffix = "" if folder else Path(output).suffix
    return next((name for name, form in FORMATS.items() if form.suffix == suffix), "jsonl")


def _check_format(name: str, given: dict[str, Any], *, one: bool, records: bool, folder: bool) -> None:
    form = FORMATS[name]
    if form.per_document and not one and (records or not folder):
        instead = "give another -f" if records else "give a folder, -o OUT/"
        raise Failure(f"{name} holds one document a file: {instead}")
    if form.beside and given["output"] is None:
        raise Failure(f"{name} is more than one file a document: give -o")
    if given["offsets"] not in (*form.units, "codepoint"):
        those = " ".join(other.name for other in FORMATS.values() if given["offsets"] in other.units)
        raise Failure(f"{name} has no offsets in {given['offsets']} units; these have: {those}")
    if given["translit"] and not form.translit:
        those = " ".join(other.name for other in FORMATS.values() if other.translit)
        raise Failure(f"{name} has no place for names in Latin letters; these have: {those}")
    b"".join(form.write((), Options()))  # says now where a package is not installed


def make_work(job: Job) -> Work:
    """Return the work to do, its tagger made; end the run where the options are wrong."""
    from arner.batch import Work

    work = Work(job)
    try:
        files.decode(b"", "", encoding=job.encoding)
        work.tagger.types  # noqa: B018 -- made now, so that a bad option ends the run before anything is written
    except (ValueError, OSError, EngineError) as error:
        raise Failure(str(error)) from None
    return work


def _to_stdout(work: Work, sources: list[files.Source], jobs: int) -> int:
    from contextlib import closing

    from arner import output
    from arner.cli.progress import Teller
    from arner.spilled import SpillError

    totals = output.Totals(len(sources))
    if work.job.form == "terminal":
        _show(work, sources, totals)
    else:
        try:
            with closing(output.stream(work, sources, totals, Teller(), jobs=jobs)) as chunks:
                for chunk in chunks:
                    sys.stdout.buffer.write(chunk)
                    sys.stdout.buffer.flush()
        except SpillError as error:  # what was written can't be read again
            raise Failure(str(error)) from None
    return SOME_FAILED if totals.faults else DONE


def _show(work: Work, sources: list[files.Source], totals: Totals) -> None:
    from arner import output
    from arner.cli.progress import Teller
    from arner.explain import explain
    from arner.export import terminal

    for one in output.documents(work, sources, totals, Teller()):
        terminal.show(one)
        if work.job.options.explain:
            for line in explain(one):
                click.echo(line)
