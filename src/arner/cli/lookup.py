"""`arner lookup NAME`: the gazetteer rows that know a name, and under which key."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from arner.cli import CHECK_FAILED, CONTEXT
from arner.lexicon import load
from arner.lexicon.search import closest, find, spellings
from arner.tokens import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.lexicon.search import Hit

COLUMNS: Final = (
    "key", "proclitic", "sense", "label", "ref", "name", "en", "kind", "country", "tier", "coordinates", "where",
)  # fmt: skip


@click.command(context_settings=CONTEXT)
@click.argument("name", nargs=-1, required=True)
@click.option(
    "--gazetteer", "gazetteers", multiple=True, type=click.Path(exists=True, path_type=Path),
    help="A TSV file or folder of your own, laid over arner's; may be given more than once.",
)  # fmt: skip
@click.option("--spellings", "with_spellings", is_flag=True, help="Also print the spellings made of each row's name.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(name: tuple[str, ...], gazetteers: tuple[Path, ...], *, with_spellings: bool, as_json: bool) -> None:
    """Print the gazetteer rows that know NAME, and under which key.

    Columns: key, proclitics left out, sense (name, alias, spelling, weak, word), label, ref, name, English name, kind,
    country, tier, degrees north and east, place of the row; aligned on a terminal, tab-separated in a pipe. Where no
    row knows NAME, close matches go to stderr and the exit code is 1.
    """
    words = Words(load.built_in(), *map(load.compiled, gazetteers))
    text = " ".join(name)
    hits = find(words, text)
    close = [] if hits else closest(words, text)
    if as_json:
        rows = [_object(hit) | {"spellings": spellings(words, hit.row)} for hit in hits]
        click.echo(json.dumps({"name": text, "rows": rows, "close": list(map(_object, close))}, ensure_ascii=False))
    else:
        _print([_values(hit) for hit in hits])
        for where, made in {hit.row.where: spellings(words, hit.row) for hit in hits if with_spellings}.items():
            if made:
                click.echo("\t".join((f"spellings of {where}", *made)))
    if not hits:
        click.echo(f"arner: no row knows {text!r}" + ("; close matches:" if close else ""), err=True)
        for hit in close:
            click.echo(f"  {hit.key}  {hit.row.label} {hit.row.ref} {hit.row.en} ({hit.row.where})", err=True)
        raise SystemExit(CHECK_FAILED)


def _object(hit: Hit) -> dict[str, Any]:
    row = hit.row
    return {
        "key": hit.key, "proclitic": hit.proclitic, "sense": hit.sense, "label": row.label, "ref": row.ref,
        "name": row.name, "en": row.en, "kind": row.kind, "country": row.country, "tier": row.tier, "role": row.role,
        "lat": _degrees(row.lat), "lon": _degrees(row.lon), "where": row.where,
    }  # fmt: skip


def _values(hit: Hit) -> tuple[str, ...]:
    values = _object(hit)
    values["coordinates"] = "" if hit.row.lat == "-" else f"{hit.row.lat},{hit.row.lon}"
    return tuple(values[column] or "-" for column in COLUMNS)


def _degrees(value: str) -> float | None:
    return None if value == "-" else float(value)


def _print(rows: Sequence[tuple[str, ...]]) -> None:
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(COLUMNS, *rows, strict=True)]
    for row in (COLUMNS, *rows) if rows else ():
        cells = (_isolated(value) + " " * (width - cell_len(value)) for value, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _isolated(value: str) -> str:
    """Return a value that a terminal which reorders Arabic keeps in its column."""
    return value if value.isascii() else f"\N{FIRST STRONG ISOLATE}{value}\N{POP DIRECTIONAL ISOLATE}"
