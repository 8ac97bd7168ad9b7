"""`arner find NAME DB`: in which documents of a database a name stands, how often, under which forms."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arner.cli import CHECK_FAILED, CONTEXT, Failure
from arner.decoding import printable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

    from arner.index.query import Named


def _files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add what a question to a database is: a name, the database, and how to answer."""
    for option in reversed((
        # The words of a name have no end that a shell could see: it offers files, for the database comes last.
        click.argument("name", nargs=-1, required=True, shell_complete=_files),
        click.argument("database", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--json", "as_json", is_flag=True, help="Answer in JSON Lines."),
    )):
        command = option(command)
    return command


@click.command(context_settings=CONTEXT)
@asking
def command(name: tuple[str, ...], database: Path, *, as_json: bool) -> int:
    """Say in which documents of DATABASE the entity NAME stands, how often and under which forms.

    NAME is some words of a name, in any spelling (hamza, ta marbuta, marks and the article do not matter), or a
    reference such as per/nasser-bourita. The database is one of `arner index`. Exit code 1 where nothing has that name.
    """
    from arner.export.options import dumps
    from arner.index import query

    with closing(open_index(database)) as opened:
        found = named(opened, " ".join(name))
        for entity in found:
            places = query.places(opened, entity.id)
            if as_json:
                for place in places:
                    click.echo(dumps({**public(entity), **place._asdict(), "forms": dict(place.forms)}))
                continue
            click.echo(heading(entity))
            for place in places:
                forms = "، ".join(f"{form} ×{often}" for form, often in place.forms)
                click.echo("\t".join(("", printable(place.document), place.date or "-", str(place.mentions), forms)))
    return 0 if found else CHECK_FAILED


def open_index(path: Path) -> sqlite3.Connection:
    """Open a database, or end the run where it is no index."""
    from arner.index import build

    try:
        return build.check_index(path)
    except build.NotAnIndexError as error:
        raise Failure(str(error)) from None


def named(database: sqlite3.Connection, name: str) -> list[Named]:
    """Return the entities of a name; say on stderr where there are none."""
    from arner.index import query

    found = query.find(database, name)
    if not found:
        click.echo(f"arner: nothing in the database has the name {name!r}", err=True)
    return found


def heading(entity: Named) -> str:
    """Return the line that says who an entity is."""
    counts = f"{entity.mentions} mentions", f"{entity.documents} documents"
    return "\t".join((entity.label, entity.name, entity.kind, entity.ref or "-", entity.en or "-", *counts))


def public(entity: Named) -> dict[str, Any]:
    """Return what JSON says of an entity."""
    return {"label": entity.label, "kind": entity.kind, "name": entity.name, "ref": entity.ref, "en": entity.en}
