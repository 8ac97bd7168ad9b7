"""The candidates of a text in, what speaks for and against each out: features by name, each with its value.

Evidence, the fitted chain, the classes of the words of a span and around it, and the other candidates that hold it,
stand in it or end elsewhere. `weigh` gives each feature its weight.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import engines, letters, overlaps, titles
from arner.document import LABELS
from arner.lexicon.schema import BITS
from arner.recognizers import runs
from arner.recognizers.features import ORDER, coarse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.document import Candidate
    from arner.tokens import Tokens, Word

# The kind of a feature, its argument, its value.
Part = tuple[str, object, float]
_COARSE: Final = (*ORDER, "other")
# The odds of the fitted chain are cut off here: beyond, they say no more.
LEAST_ODDS, MOST_ODDS = -6.0, 10.0
# What speaks against a place: «حي النور» begins with what it is, «السعودية» of «الحكومة السعودية» is an adjective.
CATEGORY: Final = "LOC begins with its category"
AGREES: Final = "LOC agrees with the noun before"
# What speaks against any: the lists know the name, and with another label. In annotated news 46 of 47 were that.
ANOTHER: Final = "listed as another"
_NOUNS: Final = frozenset(
    ("noun", "adjective", "org-adjective", "org-field", "org-head", "org-topic", "place-outside", "unknown")
)
_NATIONALITY, _DEFINITE = BITS["nationality"], BITS["definite"]
_PROCLITIC = BITS["conjunction"] | BITS["preposition"]
_FEMININE = letters.code("ه")  # as ة is folded


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

_HOW: Final = [f"{how} {label}" for how in ("exact", "inside", "covers", "crosses") for label in LABELS]
_WITH_CHAIN: Final = {relation: f"chain {relation}, rule " for relation in ("none", "many", "exact", *_HOW)}


@lru_cache(maxsize=65536)
def _class_of(mask: int) -> str:
    return _COARSE[coarse(mask)]


class _Still:
    """What stays as it is when a document teaches more candidates; `sums` is for `weigh.total`.

    `sums` holds the points that a candidate has by itself, at both decisions.
    """

    def __init__(self, tokens: Tokens, reading: runs.Reading, candidates: Sequence[Candidate]) -> None:
        self.classes = [_class_of(word.mask) for word in tokens.words]
        self.chain_at = _chain_at(reading, len(tokens.words))
        self.titles = titles.complements(tokens)
        self.reach = overlaps.Reach(candidates)
        self.labels = overlaps.listed_labels(candidates)
        self.sure = {(c.first, c.last) for c in candidates if c.last - c.first > 1 and overlaps.strong(c)}
        self.sums: dict[tuple[int, int, str], tuple[Candidate, float, float]] = {}


class Context:
    """What the features of a text's candidates are read from.

    `before` is the context of the same text and candidates before the document taught more of them: what does not
    depend on others is kept from there, and the decision is the second (1, else 0).
    """

    def __init__(
        self, tokens: Tokens, reading: runs.Reading, candidates: Sequence[Candidate], before: Context | None = None
    ) -> None:
        self.tokens, self.reading = tokens, reading
        self.decision = 1 if before else 0
        self.still: _Still = before.still if before else _Still(tokens, reading, candidates)
        self.classes = self.still.classes
        self.taught: dict[tuple[int, int], set[str]] = {}
        self._over = overlaps.covers(candidates)
        for c in candidates:
            if any(e.recognizer == "discourse" and e.source == "same" for e in c.evidence):
                self.taught.setdefault((c.first, c.last), set()).add(c.label)

    def features(self, candidate: Candidate) -> list[tuple[str, float]]:
        """Return the features of a candidate by name, each with its value (1 for what merely holds)."""
        found = self.own(candidate) + self.others(candidate)
        return [(kind + str(argument), value) for kind, argument, value in found]

    def in_title(self, first: int) -> bool:
        """Return whether a word stands in the complement of a title (see `titles`)."""
        return first in self.still.titles

    def is_adjective(self, at: int) -> bool:
        """Return whether a word is a nationality that agrees with the noun before it: «الحكومة السعودية»."""
        return at > 0 and self.classes[at - 1] in _NOUNS and _agrees(*self.tokens.words[at - 1 : at + 1])

    def own(self, candidate: Candidate) -> list[Part]:
        """Return (kind, argument, value) of each feature that no other candidate for the words changes.

        Kind and argument joined are its name.
        """
        evidence = candidate.evidence
        if evidence and evidence[0].recognizer == engines.CAMEL and (alone := engines.features_alone(evidence)):
            return alone
        first, last, label = candidate.first, candidate.last, candidate.label
        names = _NAMES[label]
        odds = self.reading.odds(first, last, label)
        odds = LEAST_ODDS if odds < LEAST_ODDS else min(odds, MOST_ODDS)
        relation = self._relation(first, last, label)
        found: list[Part] = [(names.prior, "", 1.0), (names.odds, "", odds / 4), (names.chain, relation, 1.0)]
        recognizers = self._add_evidence(found, candidate, names, relation)
        if candidate.kind:
            found.append((names.kind, candidate.kind, 1.0))
        if len(recognizers) == 1:
            found += [(names.only, recognizer, 1.0) for recognizer in recognizers]
        if "rules" in recognizers:
            found.append((names.from_here, self.still.reach.from_here(first, last, label), 1.0))
            found.append((names.to_here, self.still.reach.to_here(first, last, label), 1.0))
        if candidate.proclitic:
            found.append((names.behind, candidate.proclitic, 1.0))
        self._add_words(found, names, first, last)
        listed = "gazetteer" in recognizers
        if label == "LOC":
            self._add_place(found, first, last, listed=listed)
        if not listed and (first, last) in self.still.sure:
            found.append((ANOTHER, "", 1.0))
        return found

    def others(self, candidate: Candidate) -> list[Part]:
        """Return the features that say what other candidates hold a span, and which give it another label."""
        evidence = candidate.evidence
        if evidence and evidence[0].recognizer == engines.CAMEL and engines.features_alone(evidence):
            return []
        label, span, listed = candidate.label, (candidate.first, candidate.last), self.still.labels
        names = _NAMES[label]
        found: list[Part] = [(names.inside, by, 1.0) for by in self._over.get(span, ())]
        if len(listed.get(span, ())) > 1:
            found += [(names.also, other, 1.0) for other in LABELS if other != label and other in listed[span]]
        if span in self.taught:
            taught = self.taught[span]
            found += [(names.taught_as, other, 1.0) for other in LABELS if other != label and other in taught]
        return found

    def _add_evidence(self, found: list[Part], candidate: Candidate, names: _Names, relation: str) -> set[str]:
        """Add what the recognizers say of a candidate; return which of them the weights were fitted with."""
        recognizers = set()
        known = False
        for recognizer, source, _, note in candidate.evidence:
            recognizers.add(recognizer)
            if recognizer == "gazetteer":
                closing = source == overlaps.CLOSING
                known = known or not (closing or note.startswith("weak"))
                found.append((overlaps.CLOSING, "", 1.0) if closing else (names.gazetteer, note, 1.0))
            elif recognizer == "rules":
                found.append(("rule ", source, 1.0))
                found.append((_WITH_CHAIN[relation], source, 1.0))
            elif recognizer == "discourse":
                found.append((names.taught, source, 1.0))
            elif recognizer in engines.SECOND:
                recognizers.discard(recognizer)
                found += engines.features(recognizer, source, note, candidate.label)
        if self.in_title(candidate.first):
            found.append((names.title, "known" if known else "unknown", 1.0))
        return recognizers

    def _add_words(self, found: list[Part], names: _Names, first: int, last: int) -> None:
        """Add what words and listed names a span has, and which words stand around it."""
        classes, size = self.classes, last - first
        found.append((names.words, min(5, size), 1.0))
        if size == 1:
            found.append((names.is_, classes[first], 1.0))
            found.append((names.zipf, min(150, self.tokens.words[first].zipf) // 25, 1.0))
        else:
            found += [(names.over, what, 1.0) for what in self.still.reach.over(first, last)]
            found.append((names.begins, classes[first], 1.0))
            found.append((names.ends, classes[last - 1], 1.0))
        found.append((names.after, classes[first - 1] if first else "start", 1.0))
        found.append((names.before, classes[last] if last < len(classes) else "end", 1.0))

    def _add_place(self, found: list[Part], first: int, last: int, *, listed: bool) -> None:
        """Add what speaks against a place: a category at its head, or that it is an adjective of the word before it."""
        if last - first > 1:
            if not listed and self.classes[first] == "place-outside":
                found.append((CATEGORY, "", 1.0))
        elif self.is_adjective(first):
            found.append((AGREES, "", 1.0))

    def _relation(self, first: int, last: int, label: str) -> str:
        """Return how the best chain of the fitted recognizer stands to a span."""
        span = self.still.chain_at[first] if last - first == 1 else None
        if not span:
            here = {span for span in self.still.chain_at[first:last] if span}
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


def _agrees(noun: Word, word: Word) -> bool:
    """Return whether a nationality has the article, or the feminine ending, that the noun before it has."""
    if not word.mask & _NATIONALITY or word.mask & _PROCLITIC:
        return False
    if word.mask & _DEFINITE:
        return bool(noun.mask & _DEFINITE)
    return not noun.mask & _DEFINITE and noun.key.endswith(_FEMININE) and word.key.endswith(_FEMININE)


def _chain_at(reading: runs.Reading, size: int) -> list[tuple[int, int, str] | None]:
    """Return, for each word, the span of the best chain that it stands in."""
    at: list[tuple[int, int, str] | None] = [None] * size
    for span in runs.spans(reading.chain):
        at[span[0] : span[1]] = [span] * (span[1] - span[0])
    return at
