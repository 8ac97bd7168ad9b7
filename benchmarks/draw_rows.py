"""The gazetteers in, rows drawn at random out, each list by its share: what a person checks against other sources.

    python benchmarks/draw_rows.py --rows 80 --seed 20260

checked_rows.tsv says of each row what was found: right, wrong (and mended), or unconfirmed where no other source was.
Its rows were drawn with the seed that it names; the same lists give the same rows.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import TYPE_CHECKING

from arner.lexicon.layout import gazetteer_files
from arner.lexicon.read import read_file

if TYPE_CHECKING:
    from arner.lexicon.read import Row

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("people", "orgs", "places", "names")


def draw(count: int, seed: int) -> list[Row]:
    """Return rows drawn at random from all lists of names, as many of each folder as is its share."""
    lists: dict[str, list[Row]] = {folder: [] for folder in FOLDERS}
    for path in gazetteer_files(ROOT / "gazetteers"):
        if path.parent.name in lists:
            rows = read_file(path, path.relative_to(ROOT).as_posix())
            lists[path.parent.name] += [row for row in rows if "name" in row.fields]
    total = sum(map(len, lists.values()))
    # A seeded draw is what is wanted: anyone can draw the same rows again.
    chance = random.Random(seed)  # noqa: S311
    return [row for rows in lists.values() for row in chance.sample(rows, round(count * len(rows) / total))]


def main() -> None:
    """Print where each row stands and its fields."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=80)
    parser.add_argument("--seed", type=int, required=True)
    arguments = parser.parse_args()
    for row in draw(arguments.rows, arguments.seed):
        print(row.where, *row.fields.values(), sep="\t")


if __name__ == "__main__":
    main()
