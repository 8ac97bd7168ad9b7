"""Learn arner's weights again: `make fit`. Writes src/arner/weights/runs.tsv and points.tsv.

Texts: the train splits that CORPORA names, each with how often a text counts. No dev or test text is read.
"""

from __future__ import annotations

import argparse
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import corpora
import means
import points
import runs as fit_runs

from arner.lexicon.table import Table, build
from arner.recognizers import packed
from arner.tagger import Tagger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.score import GoldText

CORPORA = {"news:train": 4, "cleananercorp/train": 1, "aqmar/train": 1, "caraner/train": 1}
# The chain is fitted twice and the mean taken. CaraNER marks persons alone: with it the chain knows more persons, and
# takes every other name there for plain text.
CHAINS = ("news:train", "cleananercorp/train", "aqmar/train", "caraner/train"), (
    "news:train", "cleananercorp/train", "aqmar/train",
)
FOLDS = 4
WEIGHTS = Path(__file__).resolve().parent.parent / "src" / "arner" / "weights"


# Filled before the workers fork, so that each has the lines of all texts without a copy.
_LINES: list[list[fit_runs.Sequence]] = []


def _fit_without(fold: int, rounds: int) -> str:
    """Fit on all texts but a fold's; fold -1 holds none back."""
    return fit_runs.fit((line for i, lines in enumerate(_LINES) if i % FOLDS != fold for line in lines), rounds=rounds)


def _fit(texts: Sequence[tuple[str, GoldText]], chain: Sequence[str], rounds: int) -> tuple[str, str]:
    """Return the tables of the chain fitted on some of the corpora, and of the points on all."""
    tagger, features = Tagger(), fit_runs.Features()
    _LINES[:] = [
        fit_runs.sequences(tagger, gold, CORPORA[name], features) if name in chain else [] for name, gold in texts
    ]
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        *held, table = pool.map(_fit_without, (*range(FOLDS), -1), [rounds] * (FOLDS + 1))
    works: list[points.Work] = []
    for fold, without in enumerate(held):
        tagger.use_weights(Table(build(packed.weights_table(without)), 0).get)
        works += [
            points.Work(tagger, gold, CORPORA[name]) for i, (name, gold) in enumerate(texts) if i % FOLDS == fold
        ]
    return table, points.fit(works)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=45)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    texts = [(name, gold) for name in CORPORA for gold in corpora.load(name)]
    fitted = [_fit(texts, chain, args.rounds) for chain in CHAINS]
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "runs.tsv").write_text(means.of_runs([table for table, _ in fitted]), "utf-8")
    (args.out / "points.tsv").write_text(means.of_points([table for _, table in fitted]), "utf-8")


if __name__ == "__main__":
    main()
