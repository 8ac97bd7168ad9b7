"""`arner explain`: why each entity is one, and what it beat."""

from __future__ import annotations

from typing import Any

import click

from arner.cli import CONTEXT
from arner.cli.engine import engine_of, engine_options
from arner.cli.options import ANY_PATH, lexicon_options, reading_options
from arner.cli.tag import Failures, list_sources, make_tagger, read_all
from arner.engines import EngineError
from arner.explain import explain
from arner.files import InputError
from arner.spilled import SpillError


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, type=ANY_PATH, metavar="[PATH]...")
@click.option(
    "--losers", type=click.IntRange(0, 50), default=3, show_default=True, help="How many beaten readings to show."
)
@lexicon_options
@engine_options
@reading_options
def command(**given: Any) -> int:  # noqa: ANN401 -- click passes the options by name
    """Say why each entity of a text is one: the gazetteer line and rule, the points of each reason, what it beat."""
    tagger = make_tagger(given["gazetteers"], given["types"], given["min_score"], engine_of(given))
    sources = list_sources(given["paths"], given["glob"])
    failures = Failures()
    for document in read_all(sources, failures, given):
        try:
            tagged = tagger.tag(document, explain=True)
        except (EngineError, SpillError) as error:
            failures.report(InputError(document.name, str(error)))
            continue
        if len(sources) > 1:
            click.echo(f"# {document.name}")
        for line in explain(tagged, losers=given["losers"]):
            click.echo(line)
    return failures.code
