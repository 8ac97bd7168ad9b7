"""Candidates in, the same with points: the log-odds of being right, added up from fitted weights.

Candidates for the same words and label are one: their evidence is pooled. Each piece of evidence, and what stands
around the words, is a feature; its weight comes from `weights/points.tsv`, fitted by `fit/points.py` with logistic
regression. Two columns of weights: for the first decision, which knows the sentence, and for the second, which
also knows what the document taught.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING, Final

from arner.document import Candidate, Evidence
from arner.recognizers import runs
from arner.recognizers.runs import LABELS, coarse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from arner.tokens import Tokens

_COARSE: Final = (*runs.ORDER, "other")
# The odds of the fitted chain are cut off here: beyond, they say no more.
LEAST_ODDS, MOST_ODDS = -6.0, 10.0


def pool(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return one candidate for each span of words and label, its evidence joined in the order given.

    Reference, name and kind are those of the first that has a reference, else of the first that has a kind.
    """
    pooled: dict[tuple[int, int, str], Candidate] = {}
    for candidate in candidates:
        key = (candidate.first, candidate.last, candidate.label)
        held = pooled.get(key)
        if held is None:
            pooled[key] = candidate
            continue
        best = held
        if not held.ref and (candidate.ref or not held.kind and candidate.kind):
            best = candidate
        evidence = (*held.evidence, *(e for e in candidate.evidence if e not in held.evidence))
        pooled[key] = replace(best, evidence=evidence)
    return list(pooled.values())


class Context:
    """What the features of a text's candidates are read from."""

    def __init__(self, tokens: Tokens, reading: runs.Reading, candidates: Sequence[Candidate]) -> None:
        self.tokens = tokens
        self.reading = reading
        self.spans = runs.spans(reading.chain)
        self._at: list[tuple[int, int, str] | None] = [None] * len(tokens.words)
        for span in self.spans:
            for i in range(span[0], span[1]):
                self._at[i] = span
        self._over = _covers(candidates)
        self.labels: dict[tuple[int, int], set[str]] = {}
        self.taught: dict[tuple[int, int], set[str]] = {}
        for c in candidates:
            for e in c.evidence:
                if e.recognizer == "gazetteer":
                    self.labels.setdefault((c.first, c.last), set()).add(c.label)
                elif e.recognizer == "discourse" and e.source == "same":
                    self.taught.setdefault((c.first, c.last), set()).add(c.label)

    def features(self, candidate: Candidate) -> list[tuple[str, float]]:
        """Return the features of a candidate, each with its value (1 for what merely holds)."""
        words = self.tokens.words
        first, last, label = candidate.first, candidate.last, candidate.label
        found: list[tuple[str, float]] = [(f"{label} prior", 1.0)]
        recognizers = set()
        for e in candidate.evidence:
            recognizers.add(e.recognizer)
            if e.recognizer == "gazetteer":
                found.append((f"{label} gazetteer {e.note}" if e.source != "closing nationality" else "closing nationality", 1.0))
            elif e.recognizer == "rules":
                found.append((f"rule {e.source}", 1.0))
            elif e.recognizer == "discourse":
                found.append((f"{label} taught {e.source}", 1.0))
        if candidate.kind:
            found.append((f"{label} kind {candidate.kind}", 1.0))
        odds = self.reading.odds(first, last, label)
        odds = LEAST_ODDS if odds < LEAST_ODDS else MOST_ODDS if odds > MOST_ODDS else odds
        found.append((f"{label} chain odds", odds / 4))
        found.append((f"{label} {self._relation(first, last, label)}", 1.0))
        if len(recognizers) == 1:
            found.append((f"{label} only {next(iter(recognizers))}", 1.0))
        for by in self._over.get((first, last), ()):
            found.append((f"{label} inside {by}", 1.0))
        size = last - first
        found.append((f"{label} words {min(size, 5)}", 1.0))
        if size == 1:
            word = words[first]
            found.append((f"{label} is {_COARSE[coarse(word.mask)]}", 1.0))
            found.append((f"{label} zipf {min(word.zipf, 150) // 25}", 1.0))
        else:
            found.append((f"{label} begins {_COARSE[coarse(words[first].mask)]}", 1.0))
            found.append((f"{label} ends {_COARSE[coarse(words[last - 1].mask)]}", 1.0))
        before = _COARSE[coarse(words[first - 1].mask)] if first else "start"
        after = _COARSE[coarse(words[last].mask)] if last < len(words) else "end"
        found.append((f"{label} after {before}", 1.0))
        found.append((f"{label} before {after}", 1.0))
        if candidate.proclitic:
            found.append((f"{label} behind {candidate.proclitic}", 1.0))
        for other in LABELS_OF:
            if other != label:
                if other in self.labels.get((first, last), ()):
                    found.append((f"{label} also {other}", 1.0))
                if other in self.taught.get((first, last), ()):
                    found.append((f"{label} taught as {other}", 1.0))
        return found

    def _relation(self, first: int, last: int, label: str) -> str:
        """Return how the best chain of the fitted recognizer stands to a span."""
        here = {span for span in self._at[first:last] if span}
        if not here:
            return "chain none"
        if len(here) > 1:
            return "chain many"
        span = next(iter(here))
        if span[:2] == (first, last):
            return "chain exact" if span[2] == label else f"chain exact {span[2]}"
        how = "inside" if span[0] <= first and last <= span[1] else "covers" if first <= span[0] and span[1] <= last else "crosses"
        return f"chain {how} {span[2]}"


def _covers(candidates: Sequence[Candidate]) -> dict[tuple[int, int], list[str]]:
    """Return, for each span of words, what longer candidates hold it: the recognizer and the label of the longest of each."""
    holders: dict[int, list[tuple[int, int, str]]] = {}
    for c in candidates:
        if c.last - c.first > 1:
            by = {"gazetteer": "", "rules": "", "discourse": ""}
            for e in c.evidence:
                if e.recognizer in by:
                    by[e.recognizer] = " weak" if e.note.startswith("weak") else ""
                    name = f"{e.recognizer}{by[e.recognizer]} {c.label}"
                    for at in range(c.first, c.last):
                        holders.setdefault(at, []).append((c.first, c.last, name))
    found: dict[tuple[int, int], list[str]] = {}
    for c in candidates:
        span = (c.first, c.last)
        if span in found or c.first not in holders:
            continue
        names = (n for first, last, n in holders[c.first] if first <= c.first and c.last <= last and (first, last) != span)
        if unique := list(dict.fromkeys(names)):
            found[span] = unique
    return found


LABELS_OF: Final = ("PER", "ORG", "LOC")
assert {name[2:] for name in LABELS if name != "O"} == set(LABELS_OF)


def weigh(
    weights: Mapping[str, tuple[float, float]], context: Context, candidates: Sequence[Candidate], stage: int
) -> list[Candidate]:
    """Return pooled candidates with their points at a decision: 0 (of the sentence) or 1 (of the document)."""
    zero = (0.0, 0.0)
    return [
        replace(c, points=sum(weights.get(name, zero)[stage] * value for name, value in context.features(c)))
        for c in candidates
    ]


def probability(points: float) -> float:
    """Return the score that log-odds mean, from 0 to 1.

    >>> round(probability(0.0), 2)
    0.5
    """
    return 1 / (1 + exp(-max(-30.0, min(30.0, points))))


def read_weights(text: str) -> dict[str, tuple[float, float]]:
    """Return the weights of a `points.tsv`: feature, points at the first decision, points at the second."""
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {name: (float(first), float(second)) for name, first, second in rows}


def itemised(candidate: Candidate, context: Context, weights: Mapping[str, tuple[float, float]]) -> tuple[Evidence, ...]:
    """Return the evidence of a weighed candidate with the points that each feature added at the second decision."""
    items = []
    for name, value in context.features(candidate):
        points = weights.get(name, (0.0, 0.0))[1] * value
        items.append(Evidence("points", name, round(points, 3)))
    return (*candidate.evidence, *items)
