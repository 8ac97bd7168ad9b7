"""The candidates of a text in, what speaks for and against each out: features by name, each with its value.

Evidence, the fitted chain, the classes of the words of a span and around it, and the other candidates that hold it,
stand in it or end elsewhere. `weigh` gives each feature its weight.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import engines, titles
from arner.document import LABELS
from arner.recognizers import runs
from arner.recognizers.features import ORDER, coarse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.document import Candidate
    from arner.tokens import Tokens

# The kind of a feature, its argument, its value.
Part = tuple[str, object, float]
_COARSE: Final = (*ORDER, "other")
# The odds of the fitted chain are cut off here: beyond, they say no more.
LEAST_ODDS, MOST_ODDS = -6.0, 10.0


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
_NAMES: Final = {label: _Names(*(f"{label} {wording}" for wording in _WORDING)) for label in LABELS}

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
        return [(kind + str(argument), value) for kind, argument, value in self.parts(candidate)]

    def in_title(self, first: int) -> bool:
        """Return whether a word stands in the complement of a title (see `titles`)."""
        return first in self._titles

    def parts(self, candidate: Candidate) -> list[Part]:
        """Return (kind, argument, value) of each feature; kind and argument joined are its name."""
        evidence = candidate.evidence
        if evidence and evidence[0].recognizer == engines.CAMEL and (alone := engines.features_alone(evidence)):
            return alone
        first, last, label = candidate.first, candidate.last, candidate.label
        names = _NAMES[label]
        odds = self.reading.odds(first, last, label)
        odds = LEAST_ODDS if odds < LEAST_ODDS else min(odds, MOST_ODDS)
        relation = self._relation(first, last, label)
        found: list[Part] = [
            (names.prior, "", 1.0),
            (names.odds, "", odds / 4),
            (names.chain, relation, 1.0),
        ]
        recognizers = self._add_evidence(found, candidate, names, relation)
        if candidate.kind:
            found.append((names.kind, candidate.kind, 1.0))
        if len(recognizers) == 1:
            found += [(names.only, recognizer, 1.0) for recognizer in recognizers]
        if "rules" in recognizers:
            found.append((names.from_here, self._reach.from_here(first, last, label), 1.0))
            found.append((names.to_here, self._reach.to_here(first, last, label), 1.0))
        if candidate.proclitic:
            found.append((names.behind, candidate.proclitic, 1.0))
        self._add_words(found, names, first, last)
        self._add_others(found, names, (first, last), label)
        return found

    def _add_evidence(self, found: list[Part], candidate: Candidate, names: _Names, relation: str) -> set[str]:
        """Add what the recognizers say of a candidate; return which of them the weights were fitted with."""
        recognizers = set()
        known = False
        for recognizer, source, _, note in candidate.evidence:
            recognizers.add(recognizer)
            if recognizer == "gazetteer":
                closing = source == _CLOSING
                known = known or not (closing or note.startswith("weak"))
                found.append((_CLOSING, "", 1.0) if closing else (names.gazetteer, note, 1.0))
            elif recognizer == "rules":
                found.append(("rule ", source, 1.0))
                found.append(("rule with chain ", f"{source}, {relation}", 1.0))
            elif recognizer == "discourse":
                found.append((names.taught, source, 1.0))
            elif recognizer in engines.SECOND:
                recognizers.discard(recognizer)
                found += engines.features(recognizer, source, note, candidate.label)
        if self.in_title(candidate.first):
            found.append((names.title, "known" if known else "unknown", 1.0))
        return recognizers

    def _add_words(self, found: list[Part], names: _Names, first: int, last: int) -> None:
        """Add what words a span has, and which stand around it."""
        classes, size = self.classes, last - first
        found.append((names.words, min(5, size), 1.0))
        if size == 1:
            found.append((names.is_, classes[first], 1.0))
            found.append((names.zipf, min(150, self.tokens.words[first].zipf) // 25, 1.0))
        else:
            found.append((names.begins, classes[first], 1.0))
            found.append((names.ends, classes[last - 1], 1.0))
        found.append((names.after, classes[first - 1] if first else "start", 1.0))
        found.append((names.before, classes[last] if last < len(classes) else "end", 1.0))

    def _add_others(self, found: list[Part], names: _Names, span: tuple[int, int], label: str) -> None:
        """Add what other candidates hold a span, stand in it, or give it another label."""
        found += [(names.inside, by, 1.0) for by in self._over.get(span, ())]
        if span[1] - span[0] > 1:
            found += [(names.over, what, 1.0) for what in self._reach.over(*span)]
        if len(self.labels.get(span, ())) > 1:
            found += [(names.also, other, 1.0) for other in LABELS if other != label and other in self.labels[span]]
        if span in self.taught:
            others = (other for other in LABELS if other != label and other in self.taught[span])
            found += [(names.taught_as, other, 1.0) for other in others]

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
