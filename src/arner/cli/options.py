"""The options that several commands have alike: what to read, what to look for, how many processes work."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from arner import files
from arner.document import LABELS

if TYPE_CHECKING:
    from collections.abc import Callable

# Shells complete it by the names of files; what is wrong with one is said where it is read or written.
ANY_PATH: Final = click.Path(readable=False)


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what to read and how."""
    for option in reversed((
        click.option("--glob", help="Which files of a folder to read.  [default: *.txt; *.jsonl for records]"),
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
            "--min-score", type=click.FloatRange(0, 1), default=0.0, show_default=True,
            help="The least score to report.",
        ),
    )):
        command = option(command)
    return command


def jobs_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that says how many processes work."""
    option = click.option(
        "-j", "--jobs", type=click.IntRange(1), help="Processes.  [default: all cores for folders, else 1]"
    )
    return option(command)
