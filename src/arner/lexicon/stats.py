"""Gazetteer rows in, counts out: by label, kind, country, tier, source and file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from arner.lexicon import schema

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arner.lexicon.read import Row

MOST_COUNTRIES: Final = 20


def count(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Return tables of counts, each with the greatest first, then by name.

    `label` counts entities by PER, ORG and LOC and all other rows by their table; `kind`, `country` (the most frequent
    `MOST_COUNTRIES`), `tier` and `source` count entities and name parts; `forms` counts names, aliases and weak forms,
    `coordinates` the places that have any.
    """
    tables: dict[str, Counter[str]] = {
        name: Counter() for name in ("label", "kind", "country", "tier", "source", "forms", "coordinates", "file")
    }
    rows = list(rows)
    placed = {row["ref"] for row in rows if row.table == "coordinates" or row.fields.get("lat", "-") != "-"}
    for row in rows:
        label = schema.LABELS.get(row.table, row.table)
        tables["label"][label] += 1
        tables["file"][row.path] += 1
        if row.table in schema.LABELS:
            tables["kind"][f"{label} {row['kind']}"] += 1
            tables["country"][row["country"]] += 1
            tables["forms"]["name"] += 1
            tables["forms"]["alias"] += len(row.many("aliases"))
            tables["forms"]["weak"] += len(row.many("weak"))
            tables["coordinates"][f"{label} {row['kind']}"] += row["ref"] in placed
        for column in ("tier", "source"):
            if column in row.fields:
                tables[column][row[column]] += 1
    tables["coordinates"] = +tables["coordinates"]
    limits = {"country": MOST_COUNTRIES}
    return {name: dict(_ranked(counts)[: limits.get(name)]) for name, counts in tables.items()}


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
