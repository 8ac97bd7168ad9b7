"""`arner with NAME DB`: who is named in the same sentences as a name."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from arner.cli import CHECK_FAILED, CONTEXT
from arner.cli.find import asking, heading, named, open_index, public

if TYPE_CHECKING:
    from pathlib import Path


@click.command("with", context_settings=CONTEXT)
@asking
@click.option("--most", type=click.IntRange(1), default=20, show_default=True, help="How many to list for each entity.")
def command(name: tuple[str, ...], database: Path, *, as_json: bool, most: int) -> int:
    """Say who is named in the same sentences as NAME in the documents of DATABASE, and in how many.

    NAME is as in `arner find`. Exit code 1 where nothing has that name.
    """
    from arner.export.options import dumps
    from arner.index import query

    with closing(open_index(database)) as opened:
        found = named(opened, " ".join(name))
        for entity in found:
            partners = query.partners(opened, entity.id, most)
            if as_json:
                for other, sentences, documents in partners:
                    counts = {"sentences": sentences, "documents": documents}
                    click.echo(dumps({**public(entity), "with": public(other), **counts}))
                continue
            click.echo(heading(entity))
            for other, sentences, documents in partners:
                who = (other.label, other.name, other.ref or "-")
                click.echo("\t".join(("", *who, f"{sentences} sentences", f"{documents} documents")))
    return 0 if found else CHECK_FAILED
