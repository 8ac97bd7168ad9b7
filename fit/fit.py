"""Learn arner's weights again: `make fit`. Writes src/arner/weights/runs.tsv and points.tsv.

Texts: the train splits that CORPORA names, each with how often a text counts. No dev or test text is read. The
committed tables are the mean of what this gives and of three earlier fits, on one mix each: runs.tsv of the chains, and
points.tsv of the points fitted on each of them with the features of today. On held-out news one fit is as good as
another; their mean moves less from text to text.
"""

from __future__ import annotations

import argparse
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import corpora
import points
import runs as fit_runs

from arner.lexicon.table import Table, build
from arner.recognizers import packed
from arner.tagger import Tagger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.score import GoldText

CORPORA = {"news:train": 4, "cleananercorp/train": 1, "aqmar/train": 1, "caraner/train": 1, "wikifane/train": 1}
# The chain is fitted on four mixes and the mean taken: CaraNER marks persons alone, WikiFANE is encyclopaedia alone,
# each pulls the chain its own way. On held-out folds of the news the mean is better than any one of them.
BASE = ("news:train", "cleananercorp/train", "aqmar/train")
CHAINS = (BASE, (*BASE, "caraner/train"), (*BASE, "wikifane/train"), (*BASE, "caraner/train", "wikifane/train"))
# WikiFANE, as much text as all others, says little of which reading of a news text is right.
POINTS = tuple(name for name in CORPORA if name != "wikifane/train")
FOLDS = 4
WEIGHTS = Path(__file__).resolve().parent.parent / "src" / "arner" / "weights"


# Filled before the workers fork, so that each has the lines of all texts without a copy.
_LINES: list[list[fit_runs.Sequence]] = []


def _fit_without(fold: int, rounds: int) -> str:
    """Fit on all texts but a fold's; fold -1 holds none back."""
    return fit_runs.fit((line for i, lines in enumerate(_LINES) if i % FOLDS != fold for line in lines), rounds=rounds)


def _chains(texts: Sequence[tuple[str, GoldText]], corpora_of: Sequence[str], rounds: int) -> list[str]:
    """Return the tables of a chain fitted without each fold of its corpora, and of one fitted on all of them."""
    tagger, seen = Tagger(), fit_runs.Features()
    _LINES[:] = [
        fit_runs.sequences(tagger, gold, CORPORA[name], seen) if name in corpora_of else [] for name, gold in texts
    ]
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        return list(pool.map(_fit_without, (*range(FOLDS), -1), [rounds] * (FOLDS + 1)))


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=45)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    texts = [(name, gold) for name in CORPORA for gold in corpora.load(name)]
    fitted = [_chains(texts, chain, args.rounds) for chain in CHAINS]
    *held, table = map(fit_runs.mean, zip(*fitted, strict=True))
    tagger, works = Tagger(), list[points.Work]()
    for fold, without in enumerate(held):
        tagger.use_weights(Table(build(packed.weights_table(without)), 0).get)
        works += [
            points.Work(tagger, gold, CORPORA[name])
            for i, (name, gold) in enumerate(texts)
            if i % FOLDS == fold and name in POINTS
        ]
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "runs.tsv").write_text(table, "utf-8")
    (args.out / "points.tsv").write_text(points.fit(works), "utf-8")


if __name__ == "__main__":
    main()
