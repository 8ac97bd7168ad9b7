"""Candidates in, the same with points: the log-odds of being right, added up from fitted weights.

Candidates for the same words and label are one: their evidence is pooled. Each piece of evidence, and what stands
around the words, is a feature; its weight comes from `weights/points.tsv`, fitted by `fit/points.py` with logistic
regression. Two columns of weights: for the first decision, which knows the sentence, and for the second, which
also knows what the document taught.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, inf
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import engines, titles
from arner.document import Candidate, Evidence
from arner.lexicon.schema import BITS
from arner.recognizers import runs
from arner.recognizers.features import ORDER, coarse
from arner.recognizers.packed import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from arner.tokens import Tokens

_COARSE: Final = (*ORDER, "other")
# The odds of the fitted chain are cut off here: beyond, they say no more.
LEAST_ODDS, MOST_ODDS = -6.0, 10.0
# A listed name of several words is at least likely (`decide.LIKELY`): of 900 in annotated news, 97 in 100 were that
# name or stood inside a longer one. Only the longer reading beats it, not what it is made of.
LISTED: Final = 1.0
# Of 1,000 listed places and organisations of one word, 98 in 100; many more of them stand inside a longer name.
LISTED_ONE: Final = 0.3
_AT_LEAST: Final = "listed at least"
_SURE: Final = frozenset(f"{kind} {size}" for kind in ("name", "alias", "spelling") for size in range(1, 6))
_ROLE, _HEAD = BITS["role"], BITS["org-head"]
_ROUNDING: Final = 1e-6


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
        if not held.ref and (candidate.ref or (not held.kind and candidate.kind)):
            best = candidate
        evidence = (*held.evidence, *(e for e in candidate.evidence if e not in held.evidence))
        pooled[key] = best._replace(evidence=evidence)
    return list(pooled.values())


class _Names(NamedTuple):
    """The kinds of features of a label, as they stand before the argument in `points.tsv`."""

    prior: str
    gazetteer: str
    taught: str
    taught_as: str
    kind: str
    odds: str
    chain: str
    only: str
    inside: str
    words: str
    is_: str
    zipf: str
    begins: str
    ends: str
    after: str
    before: str
    behind: str
    also: str
    title: str
    from_here: str
    to_here: str
    over: str


_CLOSING: Final = "closing nationality"
_WORDING: Final = (
    "prior",
    "gazetteer ",
    "taught ",
    "taught as ",
    "kind ",
    "chain odds",
    "chain ",
    "only ",
    "inside ",
    "words ",
    "is ",
    "zipf ",
    "begins ",
    "ends ",
    "after ",
    "before ",
    "behind ",
    "also ",
    "in title ",
    "rules from here ",
    "rules to here ",
    "over ",
)
LABELS_OF: Final = ("PER", "ORG", "LOC")
_NAMES: Final = {label: _Names(*(f"{label} {wording}" for wording in _WORDING)) for label in LABELS_OF}
assert {name[2:] for name in LABELS if name != "O"} == set(LABELS_OF)


@lru_cache(maxsize=65536)
def _class_of(mask: int) -> str:
    return _COARSE[coarse(mask)]


class Context:
    """What the features of a text's candidates are read from."""

    def __init__(self, tokens: Tokens, reading: runs.Reading, candidates: Sequence[Candidate]) -> None:
        self.tokens = tokens
        self.classes = [_class_of(word.mask) for word in tokens.words]
        self.reading = reading
        self.spans = runs.spans(reading.chain)
        self._at: list[tuple[int, int, str] | None] = [None] * len(tokens.words)
        for span in self.spans:
            for i in range(span[0], span[1]):
                self._at[i] = span
        self._over = _covers(candidates)
        self._reach = _Reach(candidates)
        self._titles = titles.complements(tokens)
        self.labels: dict[tuple[int, int], set[str]] = {}
        self.taught: dict[tuple[int, int], set[str]] = {}
        for c in candidates:
            for e in c.evidence:
                if e.recognizer == "gazetteer":
                    self.labels.setdefault((c.first, c.last), set()).add(c.label)
                elif e.recognizer == "discourse" and e.source == "same":
                    self.taught.setdefault((c.first, c.last), set()).add(c.label)

    def features(self, candidate: Candidate) -> list[tuple[str, float]]:
        """Return the features of a candidate by name, each with its value (1 for what merely holds)."""
        return [(kind + str(argument), value) for kind, argument, value in self._features(candidate)]

    def sum(self, candidate: Candidate, weights: Weights, stage: int) -> float:
        """Return the points of a candidate: the sum over its features of weight times value."""
        return sum([weights[kind, argument][stage] * value for kind, argument, value in self._features(candidate)])

    def least(self, candidate: Candidate) -> float:
        """Return what a candidate weighs at least: a name that a list surely knows, and that is no title's complement.

        A person of one word is never sure.
        """
        first, label = candidate.first, candidate.label
        one = candidate.last - first == 1
        if (one and label == "PER") or first in self._titles:
            return -inf
        words = self.tokens.words
        if label == "ORG" and first and words[first - 1].mask & _ROLE and not words[first].mask & _HEAD:
            return -inf  # «وزيرة الخارجية الإسبانية»
        if any(e.recognizer == "gazetteer" and e.note in _SURE for e in candidate.evidence):
            return LISTED_ONE if one else LISTED
        return -inf

    def _features(self, candidate: Candidate) -> list[tuple[str, object, float]]:
        """Return (kind, argument, value) of each feature; kind and argument joined are its name."""
        evidence = candidate.evidence
        if evidence and evidence[0].recognizer == engines.CAMEL and (alone := engines.features_alone(evidence)):
            return alone
        first, last, label = candidate.first, candidate.last, candidate.label
        names = _NAMES[label]
        words, classes = self.tokens.words, self.classes
        found: list[tuple[str, object, float]] = [(names.prior, "", 1.0)]
        relation = self._relation(first, last, label)
        recognizers = set()
        for recognizer, source, _, note in evidence:
            recognizers.add(recognizer)
            if recognizer == "gazetteer":
                found.append((names.gazetteer, note, 1.0) if source != _CLOSING else (_CLOSING, "", 1.0))
            elif recognizer == "rules":
                found.append(("rule ", source, 1.0))
                found.append(("rule with chain ", f"{source}, {relation}", 1.0))
            elif recognizer == "discourse":
                found.append((names.taught, source, 1.0))
            elif recognizer in engines.SECOND:
                recognizers.discard(recognizer)  # the weights were fitted without it
                found += engines.features(recognizer, source, note, label)
        if first in self._titles:
            rows = (e for e in candidate.evidence if e.recognizer == "gazetteer" and e.source != _CLOSING)
            known = any(not e.note.startswith("weak") for e in rows)
            found.append((names.title, "known" if known else "unknown", 1.0))
        if candidate.kind:
            found.append((names.kind, candidate.kind, 1.0))
        odds = self.reading.odds(first, last, label)
        odds = LEAST_ODDS if odds < LEAST_ODDS else min(odds, MOST_ODDS)
        found.append((names.odds, "", odds / 4))
        found.append((names.chain, relation, 1.0))
        if len(recognizers) == 1:
            found.append((names.only, recognizers.pop(), 1.0))
        found += [(names.inside, by, 1.0) for by in self._over.get((first, last), ())]
        if "rules" in recognizers:
            found.append((names.from_here, self._reach.from_here(first, last, label), 1.0))
            found.append((names.to_here, self._reach.to_here(first, last, label), 1.0))
        size = last - first
        found.append((names.words, min(5, size), 1.0))
        if size == 1:
            zipf = words[first].zipf
            found.append((names.is_, classes[first], 1.0))
            found.append((names.zipf, (min(150, zipf)) // 25, 1.0))
        else:
            found += [(names.over, what, 1.0) for what in self._reach.over(first, last)]
            found.append((names.begins, classes[first], 1.0))
            found.append((names.ends, classes[last - 1], 1.0))
        found.append((names.after, classes[first - 1] if first else "start", 1.0))
        found.append((names.before, classes[last] if last < len(classes) else "end", 1.0))
        if candidate.proclitic:
            found.append((names.behind, candidate.proclitic, 1.0))
        span = (first, last)
        if len(self.labels.get(span, ())) > 1:
            found += [(names.also, other, 1.0) for other in LABELS_OF if other != label and other in self.labels[span]]
        if span in self.taught:
            found += [
                (names.taught_as, other, 1.0) for other in LABELS_OF if other != label and other in self.taught[span]
            ]
        return found

    def _relation(self, first: int, last: int, label: str) -> str:
        """Return how the best chain of the fitted recognizer stands to a span."""
        here = {span for span in self._at[first:last] if span}
        if not here:
            return "none"
        if len(here) > 1:
            return "many"
        span = next(iter(here))
        if span[:2] == (first, last):
            return "exact" if span[2] == label else f"exact {span[2]}"
        how = (
            "inside"
            if span[0] <= first and last <= span[1]
            else "covers"
            if first <= span[0] and span[1] <= last
            else "crosses"
        )
        return f"{how} {span[2]}"


# Not left to fitting: by the guidelines a title is no organisation; a listed name of five words or more, rare in any
# training text, is itself; so is a short name that the lists know and the text explains.
FIXED: Final = engines.POINTS | {"ORG in title unknown": -12.0, "ORG taught defined": 5.0} | {
    f"{label} gazetteer {sense} 5": 6.0 for label in LABELS_OF for sense in ("name", "alias", "spelling")
}


def _covers(candidates: Sequence[Candidate]) -> dict[tuple[int, int], list[str]]:
    """Return, for each span of words, what longer candidates hold it: their recognizers and labels."""
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
        names = (
            n for first, last, n in holders[c.first] if first <= c.first and c.last <= last and (first, last) != span
        )
        if unique := list(dict.fromkeys(names)):
            found[span] = unique
    return found


class _Reach:
    """How far the rules' readings of a place go, and where surely listed names begin and end inside a candidate."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._last: dict[tuple[int, str], int] = {}
        self._first: dict[tuple[int, str], int] = {}
        self._begin: dict[int, dict[tuple[int, str], None]] = {}
        self._end: dict[int, dict[tuple[int, str], None]] = {}
        for first, last, _, _, label, evidence, *_ in candidates:
            recognizers = {e.recognizer for e in evidence}
            if "rules" in recognizers:
                self._last[first, label] = max(last, self._last.get((first, label), last))
                self._first[last, label] = min(first, self._first.get((last, label), first))
            if "gazetteer" in recognizers and any(
                e.recognizer == "gazetteer" and not e.note.startswith("weak") and e.source != _CLOSING for e in evidence
            ):
                several = "several" if last - first > 1 else "one"
                self._begin.setdefault(first, {})[last, f"{label} {several} first"] = None
                self._end.setdefault(last, {})[first, f"{label} {several} last"] = None

    def from_here(self, first: int, last: int, label: str) -> str:
        """Return whether rules have a longer reading that begins where a candidate of rules begins."""
        return "longest" if self._last[first, label] == last else "shorter"

    def to_here(self, first: int, last: int, label: str) -> str:
        """Return whether rules have a longer reading that ends where a candidate of rules ends."""
        return "longest" if self._first[last, label] == first else "shorter"

    def over(self, first: int, last: int) -> dict[str, None]:
        """Return the labels and lengths of the listed names at either end of a longer candidate, each once."""
        found = {what: None for end, what in self._begin.get(first, ()) if end < last}
        return found | {what: None for begin, what in self._end.get(last, ()) if begin > first}


class Weights(dict[tuple[str, object], tuple[float, float]]):
    """The weights of features, split once into (kind of feature, its argument): what the fast sum looks up.

    A feature that was not fitted weighs nothing.
    """

    def __missing__(self, key: tuple[str, object]) -> tuple[float, float]:
        self[key] = found = self.named.get(key[0] + str(key[1]), (0.0, 0.0))
        return found

    def __init__(self, named: Mapping[str, tuple[float, float]]) -> None:
        super().__init__()
        self.named = named


def weigh(weights: Weights, context: Context, candidates: Sequence[Candidate], stage: int) -> list[Candidate]:
    """Return pooled candidates with their points at a decision: 0 (of the sentence) or 1 (of the document)."""
    weighed = []
    for c in candidates:
        points = context.sum(c, weights, stage)
        weighed.append(c._replace(points=points if points > LISTED else max(points, context.least(c))))
    return weighed


def probability(points: float) -> float:
    """Return the score that log-odds mean, from 0 to 1.

    >>> round(probability(0.0), 2)
    0.5
    """
    return 1 / (1 + exp(-max(-30.0, min(30.0, points))))


def read_weights(text: str) -> Weights:
    """Return the weights of a `points.tsv`: feature, points at the first decision, points at the second."""
    rows = (line.split("\t") for line in text.splitlines()[1:])
    fitted = {name: (float(first), float(second)) for name, first, second in rows}
    return Weights(fitted | {name: (points, points) for name, points in FIXED.items()})


def itemised(candidate: Candidate, context: Context, weights: Weights) -> tuple[Evidence, ...]:
    """Return the evidence of a weighed candidate with the points that each feature added at the second decision."""
    items = []
    total = 0.0
    for name, value in context.features(candidate):
        points = weights.named.get(name, (0.0, 0.0))[1] * value
        total += points
        items.append(Evidence("points", name, round(points, 3)))
    if candidate.points > total + _ROUNDING:
        reason = engines.LIFT if engines.found_by_camel(candidate) else _AT_LEAST
        items.append(Evidence("points", reason, round(candidate.points - total, 3)))
    return (*candidate.evidence, *items)
