"""Annotated texts in, the weights of the `runs` recognizer out: a conditional random field fitted by CRFsuite.

Every text shares the features; those annotated by the guidelines that the weights are for have a second copy of each,
which takes up what is peculiar to them (Daumé III 2007, "Frustratingly easy domain adaptation"). The weights written
are the sums.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pycrfsuite

from arner.lexicon.schema import BITS
from arner.recognizers import features, gazetteer, packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.score import GoldText
    from arner.tagger import Tagger
    from arner.tokens import Tokens, Word

_SEP = "§"
_OWN = "own" + _SEP
# At a distance of two words only these kinds of features are kept: the rest is noise that costs size.
_FAR = ("c=", "w=", "p=")
_NEAR_DROPPED = ("b1", "b3", "e1")


class Features:
    """The features of the words of a text, as strings for CRFsuite; those of a word type are kept."""

    def __init__(self) -> None:
        self._of_word: dict[tuple[int, int], tuple[Word, list[str]]] = {}

    def _shifted(self, word: Word, offset: int) -> list[str]:
        key = (id(word), offset)
        held = self._of_word.get(key)
        if held is None or held[0] is not word:
            own = (*features.mask_features(word.mask), *features.word_features(word))
            shifted = [sys.intern(f"word{_SEP}{offset}{_SEP}{f}") for f in own if _kept(f, offset)]
            held = self._of_word[key] = (word, shifted)
        return held[1]

    def of(self, words: list[Word], tags: list[str]) -> list[list[str]]:
        """Return the features of each word of a text."""
        classes = [features.coarse(w.mask) for w in words]
        rows = []
        for at in range(len(words)):
            row: list[str] = []
            for offset in packed.OFFSETS:
                other = at + offset
                if 0 <= other < len(words):
                    row += self._shifted(words[other], offset)
                    if tags[other]:
                        row += [
                            sys.intern(f"word{_SEP}{offset}{_SEP}g={t}")
                            for t in (*tags[other].split("|"), "=" + tags[other])
                        ]
            if at + 1 < len(words):
                row.append(sys.intern(f"here{_SEP}{classes[at]}{_SEP}{classes[at + 1]}"))
            if at:
                row.append(sys.intern(f"after{_SEP}{classes[at - 1]}{_SEP}{classes[at]}"))
            rows.append(row)
        return rows


def _kept(feature: str, offset: int) -> bool:
    if abs(offset) == 2:
        return feature.startswith(_FAR)
    return not offset or not feature.startswith(_NEAR_DROPPED)


def labels_of(gold: GoldText, tokens: Tokens) -> list[str]:
    """Return the BIO label of each word of a text."""
    labels = ["O"] * len(tokens.words)
    for start, end, label, *_ in gold.spans:
        inside = [i for i, w in enumerate(tokens.words) if w.size and tokens.start(i) < end and tokens.end(i) > start]
        for number, i in enumerate(inside):
            labels[i] = ("I-" if number else "B-") + label
    return labels


class Sequence(NamedTuple):
    """A line of a text as CRFsuite takes it: features and label of each word, and how often it counts."""

    rows: list[list[str]]
    labels: list[str]
    times: int


def sequences(tagger: Tagger, gold: GoldText, times: int, seen: Features, *, own: bool) -> list[Sequence]:
    """Return the lines of a text, ready to fit on."""
    tokens = tagger.propose(gold.text).tokens
    tags = features.phrase_tags(list(gazetteer.matches(tagger.words, tokens)), len(tokens.words))
    rows = seen.of(tokens.words, tags)
    if own:
        rows = [[*row, *(sys.intern(_OWN + f) for f in row)] for row in rows]
    labels = labels_of(gold, tokens)
    return [Sequence(rows[first:last], labels[first:last], times) for first, last in _lines(tokens)]


def fit(lines: Iterable[Sequence], *, rounds: int) -> str:
    """Fit on lines of texts and return the text of `runs.tsv`."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(
        {"c1": 0.3, "c2": 0.3, "max_iterations": rounds, "feature.minfreq": 4, "feature.possible_transitions": True}
    )
    for line in lines:
        items = pycrfsuite.ItemSequence(line.rows)
        for _ in range(line.times):
            trainer.append(items, line.labels)
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "model.crf")
        trainer.train(model)
        reader = pycrfsuite.Tagger()
        reader.open(model)
        info = reader.info()
        return _table(info.state_features, info.transitions)


def mean(tables: Iterable[str]) -> str:
    """Return the mean of `runs.tsv` tables; a weight that a table lacks is 0 there."""
    texts = list(tables)
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for table in texts:
        for line in table.splitlines()[1:]:
            kind, name, listed = line.split("\t")
            for item in listed.split(" "):
                where, _, weight = item.rpartition("=")
                sums[kind, name][where] += int(weight) / len(texts)
    lines = []
    for (kind, name), weights in sorted(sums.items()):
        steps = {where: round(weight) for where, weight in sorted(weights.items())}
        if listed := " ".join(f"{where}={step}" for where, step in steps.items() if step):
            lines.append(f"{kind}\t{name}\t{listed}\n")
    return "kind\tfeature\tweights\n" + "".join(lines)


def _lines(tokens: Tokens) -> Iterator[tuple[int, int]]:
    first = 0
    for at, word in enumerate(tokens.words):
        if word.mask & BITS["newline"] or at == len(tokens.words) - 1:
            if at - first > 0:
                yield first, at + 1
            first = at + 1


def _table(states: dict[tuple[str, str], float], moves: dict[tuple[str, str], float]) -> str:
    sums: dict[tuple[str, str], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    names = (*features.ORDER, "other")
    for (attribute, label), weight in states.items():
        kind, first, second = attribute.removeprefix(_OWN).split(_SEP)
        if kind == "word":
            sums[kind, second][f"{first}/{label}"] += weight
        else:
            sums[kind, f"{names[int(first)]} {names[int(second)]}"][label] += weight
    for (before, label), weight in moves.items():
        if label[0] != "I" or before in (label, "B" + label[1:]):
            sums["move", before][label] += weight
    lines = []
    for (kind, name), weights in sorted(sums.items()):
        steps = {where: round(w * packed.SCALE) for where, w in sorted(weights.items())}
        listed = " ".join(f"{where}={max(-32000, min(32000, w))}" for where, w in steps.items() if w)
        if listed:
            lines.append(f"{kind}\t{name}\t{listed}\n")
    return "kind\tfeature\tweights\n" + "".join(lines)
