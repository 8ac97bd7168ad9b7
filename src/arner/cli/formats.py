"""`arner formats`: what can be written, and read."""

from __future__ import annotations

import click

from arner.cli import CONTEXT
from arner.export import FORMATS
from arner.imports import FORMATS as READERS


@click.command(context_settings=CONTEXT)
def command() -> None:
    """List the formats of `arner tag -f`: suffix, what one file holds, units of offsets, what can read it.

    `read` says whether `arner convert` and `arner compare` can read it: with the texts where it does not hold them.
    """
    rows = [("format", "suffix", "a file holds", "offsets", "read", "what it is")]
    for form in FORMATS.values():
        suffix = " ".join((form.suffix, *(f"+ {beside}" for beside, _ in form.beside)))
        holds = "one document" if form.per_document else "any number"
        reader = READERS.get(form.name)
        read = "no" if reader is None else "yes" if reader.text else "with texts"
        rows.append((form.name, suffix, holds, " ".join(form.units) or "none", read, form.summary))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
