"""Words in, candidates out for every rule that matches: `rules/*.toml` holds the rules, `patterns.py` their language.

All rules run at once, from the last word to the first, as bits of one integer: a bit says that a place in a rule,
and all that follows it, matches here. So a word costs one look-up and nine operations, however the text is made.
"""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import chain
from typing import TYPE_CHECKING

from arner import letters
from arner.document import Candidate, Evidence
from arner.lexicon.schema import BITS
from arner.recognizers.patterns import FOR, IN, INFLECTED, Rule, built_in
from arner.tokens import AL, LL, Tokens, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.recognizers.patterns import Element, Test

__all__ = ["Rule", "Rules", "built_in"]

NAME = "rules"
_DEFINITE, _CONJUNCTION, _PREPOSITION, _UNKNOWN, _NEWLINE = (
    BITS[name] for name in ("definite", "conjunction", "preposition", "unknown", "newline")
)
_CLITICS = _CONJUNCTION | _PREPOSITION
_SHAPE = _CLITICS | _DEFINITE
_LETTERS = {"و": _CONJUNCTION, "ف": _CONJUNCTION, "ب": _PREPOSITION | IN, "ل": _PREPOSITION | FOR, "ك": _PREPOSITION}
_WORD_TYPES = 60_000
_EDGE = Word(b"", b"", 0, 0, spaced=False, mask=_NEWLINE, zipf=0, readings=(), open=False)
# Endings and beginnings that a name does not have; «ة», which folds to «ه», is looked at as written.
_PRONOUNS = tuple(map(letters.code, ("ها", "هم", "هما", "هن", "كم", "ه")))
_WITH_ARTICLE = tuple(letters.code(c + "ال") for c in "وفبك") + (LL, letters.code("ولل"), letters.code("وبال"))
_TANWIN = frozenset(letters.code("\N{ARABIC FATHATAN}\N{ARABIC DAMMATAN}\N{ARABIC KASRATAN}"))


class _Places(dict[Word, int]):
    """The places of all rules where a word type may stand, as bits; worked out when the word is first met.

    Every test has a bit; a class holds the tests that want it, a word's places are those of the tests that it passes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tests: dict[Test, int] = {}
        self._of_test: defaultdict[int, int] = defaultdict(int)
        self._some, self._none, self._every = (defaultdict[int, int](int) for _ in range(3))
        self._words, self._barred = (defaultdict[bytes, int](int) for _ in range(2))

    def add(self, element: Element, place: int) -> None:
        """Let a place take the words that pass an element."""
        for test in element.tests:
            if test not in self._tests:
                self._tests[test] = bit = 1 << len(self._tests)
                for table, classes in ((self._some, test.some), (self._none, test.none), (self._every, test.every)):
                    for one in _ones(classes):
                        table[one] |= bit
                for table_, words in ((self._words, test.words), (self._barred, test.barred)):
                    for word in words:
                        table_[word] |= bit
            self._of_test[self._tests[test]] |= place

    def __missing__(self, word: Word) -> int:
        if len(self) >= _WORD_TYPES:
            self.clear()
        mask = word.mask if word.size else _NEWLINE
        keys = {word.key, *(reading.stem for reading in word.readings)}
        keys |= {key[2:] for key in keys if key.startswith(AL)}
        passed = 0
        for clitics in _clitics(word, mask):
            passed |= self._passed(mask | clitics, keys)
        for reading in word.readings[1:]:
            # «وأكد» is a family name and, more often, و and a verb.
            if reading.record and reading.proclitic in _LETTERS:
                definite = _DEFINITE if reading.stem.startswith(AL) else 0
                passed |= self._passed(reading.record.mask | _LETTERS[reading.proclitic] | definite, keys, mask & ~_SHAPE)
        self[word] = found = _union(self._of_test[bit] for bit in _ones(passed))
        return found

    def _passed(self, mask: int, keys: set[bytes], other: int = 0) -> int:
        """Return the tests that a word of these classes and keys passes; `other` classes count where a test bars them."""
        some = none = 0
        for bit in _ones(mask):
            some |= self._some.get(bit, 0)
        for bit in _ones(mask | other):
            none |= self._none.get(bit, 0)
        for bit, tests in self._every.items():
            if not mask & bit:
                none |= tests
        for key in keys:
            some |= self._words.get(key, 0)
            none |= self._barred.get(key, 0)
        return some & ~none


def _clitics(word: Word, mask: int) -> Iterator[int]:
    """Yield the bits of each way to read the proclitics of a word; an unknown word may have some or none."""
    if mask & _PREPOSITION:
        yield _LETTERS[next(reading.proclitic[-1] for reading in word.readings if reading.proclitic)]
        return
    yield INFLECTED if mask & _UNKNOWN and _inflected(word) else 0
    if mask & _UNKNOWN and not mask & _CLITICS:
        for stem, (proclitic, _) in word.stems.items():
            if len(proclitic) == 1 and proclitic in "وبل":
                yield _LETTERS[proclitic] | (_DEFINITE if stem.startswith(AL) else 0)
    elif word.key.startswith(LL):
        yield _LETTERS["ل"]


def _inflected(word: Word) -> bool:
    body = word.raw[: len(word.raw) - word.trail]
    tanwin = not _TANWIN.isdisjoint(body)
    return tanwin or len(word.key) > 3 and (body.endswith(_PRONOUNS) or word.key.startswith(_WITH_ARTICLE))


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total


def _ones(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low
        mask ^= low


class Rules:
    """A set of rules, ready to run: places are numbered from a rule's last element to its first."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self.rules = rules
        self._places = _Places()
        self._starts = self._optional = self._before = self._behind = 0
        self._begins: dict[int, Rule] = {}
        self._element: dict[int, int] = {}
        self._next: dict[int, tuple[int, ...]] = {}
        self._evidence = {rule.id: Evidence(NAME, rule.id, 0.0, rule.why) for rule in rules}
        place = 1
        for rule in rules:
            place = self._lay(rule, place)
        self._final = _union(self._begins)
        self._longest = max((sum(e.most for e in rule.elements) for rule in rules), default=0)

    def _lay(self, rule: Rule, place: int) -> int:
        """Give a rule its places behind a bit that is always on, and return the next free one."""
        self._starts |= place
        ways: tuple[int, ...] = ()
        in_block = False
        for index in range(len(rule.elements) - 1, -1, -1):
            element = rule.elements[index]
            for copy in range(element.most):
                place <<= 1
                optional = copy < element.most - element.least
                if optional:
                    self._optional |= place
                    self._before |= 0 if in_block else place >> 1
                elif in_block:
                    self._behind |= place >> 1
                in_block = optional
                self._places.add(element, place)
                self._element[place] = index
                self._next[place] = ways
                ways = (place, *ways) if optional else (place,)
        self._begins[place] = rule
        return place << 1

    def propose(self, tokens: Tokens) -> list[Candidate]:
        """Propose a candidate for every span that rules take, the longest of each rule from each first word."""
        found: defaultdict[tuple[int, int, str], list[Rule]] = defaultdict(list)
        starts, optional, before, behind, final = self._starts, self._optional, self._before, self._behind, self._final
        skipped = optional ^ (optional & ((starts | behind) - before ^ (starts | behind)))
        first = (starts | skipped) << 1
        window = deque([0] * (self._longest + 1), self._longest + 1)
        edge = self._places[_EDGE]
        at = len(tokens.words)
        state = 0
        for places in chain(map(self._places.__getitem__, reversed(tokens.words)), (edge,)):
            at -= 1
            if state:
                # What may be skipped behind a place that matches is on too: Navarro and Raffinot, 2002, chapter 4.
                state |= starts
                filled = state | behind
                state |= optional ^ (optional & ((filled - before) ^ filled))
                state = (state << 1) & places
            else:
                state = first & places
            window.appendleft(state)
            if hits := state & final:
                for place in _ones(hits):
                    rule = self._begins[place]
                    opened, closed = self._taken(rule, place, window)
                    found[at + opened, at + closed, rule.label].append(rule)
        return [self._candidate(tokens, *span, found[span]) for span in sorted(found)]

    def _taken(self, rule: Rule, place: int, window: deque[int]) -> tuple[int, int]:
        """Return the words that a rule takes, counted from the first that it matches."""
        opened = closed = -1
        at = 0
        while place:
            index = self._element[place]
            if index == rule.opens and opened < 0:
                opened = at
            elif index >= rule.closes and closed < 0:
                closed = at
            at += 1
            here = window[at]
            place = next((p for p in self._next[place] if here & p), 0)
        return opened, closed if closed > 0 else at

    def _candidate(self, tokens: Tokens, first: int, last: int, label: str, rules: list[Rule]) -> Candidate:
        """Return the candidate for a span that rules took; the proclitics of its first word stay outside."""
        word = tokens.words[first]
        proclitic, offset = "", 0
        if word.mask & _CLITICS:
            proclitic, offset = next((r.proclitic, r.offset) for r in word.readings if r.proclitic)
        else:
            tests = (test for rule in rules for test in rule.elements[rule.opens].tests)
            every = _union(test.every for test in tests) & (_CLITICS | IN | FOR)
            for stem_proclitic, stem_offset in word.stems.values() if every else ():
                if _LETTERS.get(stem_proclitic, 0) & every:
                    proclitic, offset = stem_proclitic, stem_offset
                    break
        kind = next((rule.kind for rule in rules if rule.kind), "")
        evidence = tuple(self._evidence[rule.id] for rule in rules)
        start = tokens.start(first) + offset
        return Candidate(first, last, start, tokens.end(last - 1), label, evidence, kind=kind, proclitic=proclitic)
