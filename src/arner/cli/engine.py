"""The options of the command line that say what finds the names in, an `Engine` out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from arner import engines
from arner.cli import Failure

if TYPE_CHECKING:
    from collections.abc import Callable


def guidelines_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that says whose rules for what a name is are followed."""
    option = click.option(
        "--guidelines", type=click.Choice(engines.GUIDELINES), default=engines.GUIDELINES[0], show_default=True,
        help="Whose rules say what a name is: arner's, or those of an annotated corpus.",
    )
    return option(command)


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what finds the names."""
    for option in reversed((
        click.option(
            "--engine", type=click.Choice(engines.NAMES), default="arner", show_default=True,
            help="What finds names: arner, the neural model of CAMeL Tools, or both.",
        ),
        click.option(
            "--combine", type=click.Choice(engines.COMBINES),
            help="How both do: what either finds, or what both find.  [default: union]",
        ),
        click.option(
            "--camel-model", metavar="PATH",
            help="A folder with a BERT checkpoint, or the name of a model that CAMeL Tools has installed.",
        ),
        click.option(
            "--camel-device", type=click.Choice(engines.DEVICES), help="What the model runs on.  [default: cpu]"
        ),
        click.option("--morphology", is_flag=True, help="Weigh names by the analyses of CAMeL Tools' morphology."),
        click.option(
            "--morphology-db", metavar="PATH", help="Its database, or the name of one; implies --morphology."
        ),
        guidelines_option,
    )):
        command = option(command)
    return command


def engine_of(given: dict[str, Any]) -> engines.Engine:
    """Return what the options ask for, or end the run where they do not go together."""
    name = given["engine"]
    if given["combine"] and name != "both":
        raise Failure("--combine is for --engine both")
    for option in ("camel_model", "camel_device"):
        if given[option] is not None and name == "arner":
            raise Failure(f"--{option.replace('_', '-')} is for --engine camel and --engine both")
    return engines.Engine(
        name,
        given["combine"] or "union",
        given["camel_model"],
        given["camel_device"] or "cpu",
        given["morphology_db"] or given["morphology"] or None,
        given["guidelines"],
    )


def alone(engine: engines.Engine, jobs: int | None) -> bool:
    """Return whether one process is to do it all; end the run where more are asked of a neural model."""
    if engine.neural and jobs and jobs > 1:
        raise Failure(f"--jobs {jobs} is for --engine arner: CAMeL's model uses all cores from one process")
    return engine.neural
