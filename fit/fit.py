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
import points
import runs as fit_runs

from arner.lexicon.table import Table, build
from arner.recognizers import runs
from arner.tagger import Tagger

if TYPE_CHECKING:
    from arner.score import GoldText

CORPORA = {"news:train": 4, "cleananercorp/train": 1, "aqmar/train": 1, "caraner/train": 1}
FOLDS = 4
WEIGHTS = Path(__file__).resolve().parent.parent / "src" / "arner" / "weights"


def _texts(names: dict[str, int]) -> list[tuple[GoldText, int]]:
    return [(gold, times) for name, times in names.items() for gold in corpora.load(name)]


# Filled before the workers fork, so that each has the lines of all texts without a copy.
_LINES: list[list[fit_runs.Sequence]] = []


def _fit_without(fold: int, rounds: int) -> str:
    """Fit on all texts but a fold's; fold -1 holds none back."""
    return fit_runs.fit((line for i, lines in enumerate(_LINES) if i % FOLDS != fold for line in lines), rounds=rounds)


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", default=",".join(f"{n}*{t}" for n, t in CORPORA.items()))
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    names = {n: int(t or 1) for n, _, t in (part.partition("*") for part in args.corpora.split(","))}
    texts = _texts(names)
    tagger, features = Tagger(), fit_runs.Features()
    _LINES.extend(fit_runs.sequences(tagger, gold, times, features) for gold, times in texts)
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        *held, table = pool.map(_fit_without, (*range(FOLDS), -1), [args.rounds] * (FOLDS + 1))
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "runs.tsv").write_text(table, "utf-8")
    works: list[points.Work] = []
    for fold, without in enumerate(held):
        tagger.use_weights(Table(build(runs.weights_table(without)), 0).get)
        works += [points.Work(tagger, gold, times) for i, (gold, times) in enumerate(texts) if i % FOLDS == fold]
    fitted = points.fit(works)
    (args.out / "points.tsv").write_text(fitted, "utf-8")


if __name__ == "__main__":
    main()
