"""Tables of weights in, their mean out: fits on different mixes of texts err differently, their mean errs less."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def of_runs(tables: Sequence[str]) -> str:
    """Return the mean of `runs.tsv` tables; a weight that a table lacks is 0 there."""
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for table in tables:
        for line in table.splitlines()[1:]:
            kind, name, listed = line.split("\t")
            for item in listed.split(" "):
                where, _, weight = item.rpartition("=")
                sums[kind, name][where] += int(weight) / len(tables)
    lines = []
    for (kind, name), weights in sorted(sums.items()):
        steps = {where: round(weight) for where, weight in sorted(weights.items())}
        if listed := " ".join(f"{where}={step}" for where, step in steps.items() if step):
            lines.append(f"{kind}\t{name}\t{listed}\n")
    return "kind\tfeature\tweights\n" + "".join(lines)


def of_points(tables: Sequence[str]) -> str:
    """Return the mean of `points.tsv` tables; a weight that a table lacks is 0 there."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for table in tables:
        for line in table.splitlines()[1:]:
            name, *pair = line.split("\t")
            sums[name] = [held + float(new) / len(tables) for held, new in zip(sums[name], pair, strict=True)]
    lines = [f"{name}\t{first:.3f}\t{second:.3f}\n" for name, (first, second) in sorted(sums.items())]
    return "feature\tfirst\tsecond\n" + "".join(lines)
