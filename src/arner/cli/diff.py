"""`arner diff`: what differs between two outputs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arner import check, compare, differences, stored
from arner.check import Difference, Place
from arner.cli import CHECK_FAILED, CONTEXT, DONE, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command(context_settings=CONTEXT)
@click.argument("old", type=click.Path(exists=True, path_type=Path))
@click.argument("new", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--report-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to say it."
)
def command(old: Path, new: Path, report_format: str) -> int:
    """Print the entities gained, lost and changed from OLD to NEW, outputs of `arner tag` (JSON Lines or JSON).

    Each is a file or a folder; documents are matched by name. What counts is the span, the label, the kind, the name
    and the reference. Exit code 1 where they differ.
    """
    try:
        found = list(_differences(old, new))
    except (stored.StoredError, OSError) as error:
        raise Failure(str(error)) from None
    isolated = {"isolates": True} if report_format == "text" and sys.stdout.isatty() else {}
    for line in differences.FORMATS[report_format](found, **isolated):
        click.echo(line.encode("utf-8", "backslashreplace").decode())
    click.echo(f"arner: {differences.count(found)}" if found else "arner: no difference", err=True)
    return CHECK_FAILED if found else DONE


def _differences(old: Path, new: Path) -> Iterator[Difference]:
    before, after = _records(old), _records(new)
    for key, (record, path) in after.items():
        if key not in before:
            places = tuple(Place(compare.Change(compare.GAINED, e)) for e in compare.of_record(record))
            yield Difference(key[0], path, check.NEW, places)
            continue
        was, _ = before[key]
        same = all(was[field] == record[field] for field in ("sha256", "chars", "offset_unit"))
        places = tuple(map(Place, compare.changes(compare.of_record(was), compare.of_record(record), same_text=same)))
        other = was["sha256"] != record["sha256"] or was["chars"] != record["chars"]
        if places or other:
            yield Difference(key[0], path, check.TEXT if other else check.ENTITIES, places)
    for key in before:
        if key not in after:
            record, path = before[key]
            places = tuple(Place(compare.Change(compare.LOST, e)) for e in compare.of_record(record))
            yield Difference(key[0], path, check.GONE, places)


def _records(output: Path) -> dict[tuple[str, int], tuple[stored.Record, str]]:
    """Return the records of an output by name; those of one name by their order too."""
    found: dict[tuple[str, int], tuple[stored.Record, str]] = {}
    seen: dict[str, int] = {}
    for path in stored.outputs(output):
        for one in stored.read(path):
            name = one.record["doc"]
            seen[name] = seen.get(name, 0) + 1
            found[name, seen[name]] = (one.record, str(path))
    return found
