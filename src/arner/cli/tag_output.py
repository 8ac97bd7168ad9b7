"""`arner tag -o`: a run into a file or folder, or the check of one; what it says on the way and at its end."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from arner import files, output
from arner.cli import CHECK_FAILED, DONE, SOME_FAILED, Failure
from arner.cli.progress import watcher
from arner.document import LABELS
from arner.lock import LockedError

if TYPE_CHECKING:
    from arner.batch import Work
    from arner.output import Totals


class Run(NamedTuple):
    """What to do, with which inputs, where to, and by how many processes."""

    work: Work
    sources: list[files.Source]
    output: str
    folder: bool
    jobs: int


def write(run: Run, *, resume: bool) -> int:
    """Tag into a file or folder; return the exit code."""
    start = time.monotonic()
    try:
        with closing(watcher(len(run.sources))) as watching:
            if run.folder:
                totals = output.into_folder(run.work, run.sources, run.output, watching, jobs=run.jobs, resume=resume)
            else:
                totals = output.into_file(run.work, run.sources, run.output, watching, jobs=run.jobs)
    except (files.OutputError, LockedError) as error:
        raise Failure(str(error)) from None
    except (KeyboardInterrupt, SystemExit):
        kept = "the files that are done are whole; --resume goes on" if run.folder else "nothing was written"
        click.echo(f"arner: stopped: {kept}", err=True)
        raise
    click.echo(f"arner: {_summary(totals, time.monotonic() - start)} -> {files.printable(run.output)}", err=True)
    return SOME_FAILED if totals.faults else DONE


def _summary(totals: Totals, seconds: float) -> str:
    counts = totals.counts
    inputs = f"{totals.files:,} {'file' if totals.files == 1 else 'files'}"
    if totals.resumed:
        inputs += f" ({totals.resumed:,} done before)"
    if counts.documents + len(totals.faults) != totals.files:
        inputs += f", {counts.documents:,} documents"
    entities = " ".join(f"{label} {n:,}" for label, n in zip(LABELS, counts.entities, strict=True))
    rate = totals.rate(seconds)
    return f"{inputs}, {len(totals.faults):,} failed; {entities}; {seconds:.1f} s, {rate:.2f} MB/s"


def check(run: Run, report_format: str) -> int:
    """Compare with what is there and report what differs; return the exit code. Nothing is written."""
    from arner import check as checking  # what a run without --check does without
    from arner import differences

    if not Path(run.output).exists():
        raise Failure(f"{files.printable(run.output)}: nothing to check there yet: run without --check first")
    totals = output.Totals(len(run.sources))
    compare = checking.against_folder if run.folder else checking.against_file
    try:
        with closing(watcher(len(run.sources))) as watching:
            found = list(compare(run.work, run.sources, run.output, totals, watching, jobs=run.jobs))
    except files.OutputError as error:
        raise Failure(str(error)) from None
    isolated = {"isolates": True} if report_format == "text" and sys.stdout.isatty() else {}
    for line in differences.FORMATS[report_format](found, **isolated):
        click.echo(line.encode("utf-8", "backslashreplace").decode())
    failed = f"; {len(totals.faults):,} inputs failed" if totals.faults else ""
    if found:
        click.echo(f"arner: {differences.count(found)}{failed}; the same command without --check writes it", err=True)
        return CHECK_FAILED
    click.echo(f"arner: {len(run.sources):,} files, no difference{failed}", err=True)
    return SOME_FAILED if totals.faults else DONE
