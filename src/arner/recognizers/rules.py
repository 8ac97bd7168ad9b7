"""Words in, candidates out for every rule that matches: `rules/*.toml` holds the rules, `patterns.py` their language.

All rules run at once, from the last word to the first, as bits of one integer: a bit says that a place in a rule,
and all that follows it, matches here. So a word costs one look-up and nine operations, however the text is made.
"""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from arner import letters
from arner.document import Candidate, Evidence
from arner.lexicon.schema import BITS
from arner.recognizers.patterns import FOR, IN, INFLECTED, Rule, built_in
from arner.tokens import AL, LL, Tokens, Word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.recognizers.patterns import Check, Element

__all__ = ["Rule", "Rules", "built_in"]

NAME = "rules"
_DEFINITE, _CONJUNCTION, _PREPOSITION, _UNKNOWN, _NEWLINE = (
    BITS[name] for name in ("definite", "conjunction", "preposition", "unknown", "newline")
)
_CLITICS = _CONJUNCTION | _PREPOSITION
_SHAPE = _CLITICS | _DEFINITE
_LETTERS = {"و": _CONJUNCTION, "ف": _CONJUNCTION, "ب": _PREPOSITION | IN, "ل": _PREPOSITION | FOR, "ك": _PREPOSITION}
_WORD_TYPES = 20_000
_EDGE = Word(b"", b"", 0, 0, spaced=False, mask=_NEWLINE, zipf=0, readings=(), open=False)
# Endings and beginnings that a name does not have; «ة», which folds to «ه», is looked at as written.
_PRONOUNS = tuple(map(letters.code, ("ها", "هم", "هما", "هن", "كم", "ه")))
_WITH_ARTICLE = tuple(map(letters.code, ("وال", "فال", "بال", "كال", "وبال", "لل", "ولل")))
_TANWIN = frozenset(letters.code("\N{ARABIC FATHATAN}\N{ARABIC DAMMATAN}\N{ARABIC KASRATAN}"))


class _Places(dict[Word, int]):
    """The places of all rules where a word type may stand, as bits; worked out when the word is first met.

    Every check has a bit; a class knows the checks that want it; a word's places are those of the checks it passes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._checks: dict[Check, int] = {}
        self._of_check: defaultdict[int, int] = defaultdict(int)
        self._some, self._none, self._every = (defaultdict[int, int](int) for _ in range(3))
        self._words, self._barred = (defaultdict[bytes, int](int) for _ in range(2))
        self._of_classes: dict[int, tuple[int, int]] = {}
        self._of_passed: dict[int, int] = {}

    def add(self, element: Element, place: int) -> None:
        """Let a place take the words that pass an element."""
        for check in element.checks:
            if check not in self._checks:
                self._checks[check] = bit = 1 << len(self._checks)
                for table, classes in ((self._some, check.some), (self._none, check.none), (self._every, check.every)):
                    for one in _ones(classes):
                        table[one] |= bit
                for table_, words in ((self._words, check.words), (self._barred, check.barred)):
                    for word in words:
                        table_[word] |= bit
            self._of_check[self._checks[check]] |= place

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
                other = reading.record.mask | _LETTERS[reading.proclitic] | definite
                passed |= self._passed(other, keys, mask & ~_SHAPE)
        found = self._of_passed.get(passed)
        if found is None:
            found = self._of_passed[passed] = _union(self._of_check[bit] for bit in _ones(passed))
        self[word] = found
        return found

    def _passed(self, mask: int, keys: set[bytes], barred: int = 0) -> int:
        """Return the checks that a word of these classes and keys passes; what bars `barred` classes is not passed."""
        some, none = self._wanted(mask)
        if barred:
            none |= _union(self._none.get(bit, 0) for bit in _ones(barred))
        for key in keys:
            some |= self._words.get(key, 0)
            none |= self._barred.get(key, 0)
        return some & ~none

    def _wanted(self, mask: int) -> tuple[int, int]:
        """Return the checks that want one of these classes, and those that fail for one of them or for lack of one."""
        found = self._of_classes.get(mask)
        if found is None:
            some = _union(self._some.get(bit, 0) for bit in _ones(mask))
            none = _union(self._none.get(bit, 0) for bit in _ones(mask))
            none |= _union(checks for bit, checks in self._every.items() if not mask & bit)
            found = self._of_classes[mask] = some, none
        return found


def _clitics(word: Word, mask: int) -> Iterator[int]:
    """Yield the bits of each way to read the proclitics of a word; an unknown word may have some or none."""
    if mask & _PREPOSITION:
        yield _LETTERS.get(_proclitic(word)[0][-1:], 0)
        return
    yield INFLECTED if mask & _UNKNOWN and _inflected(word) else 0
    if mask & _UNKNOWN and not mask & _CLITICS:
        for stem, (proclitic, _) in word.stems.items():
            if len(proclitic) == 1 and proclitic in "وبل":
                yield _LETTERS[proclitic] | (_DEFINITE if stem.startswith(AL) else 0)
    elif word.key.startswith(LL):
        yield _LETTERS["ل"]


def _proclitic(word: Word) -> tuple[str, int]:
    """Return the proclitics of the reading that the word has its classes from, and the code points they take."""
    for reading in word.readings:
        proclitic = reading.proclitic
        if proclitic and (_LETTERS[proclitic[0]] | _LETTERS[proclitic[-1]]) & _CLITICS == word.mask & _CLITICS:
            return proclitic, reading.offset
    return "", 0


def _inflected(word: Word) -> bool:
    body = word.raw[: len(word.raw) - word.trail]
    tanwin = not _TANWIN.isdisjoint(body)
    return tanwin or (len(word.key) > 3 and (body.endswith(_PRONOUNS) or word.key.startswith(_WITH_ARTICLE)))


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


class _Place(NamedTuple):
    """A place in a rule: whether its words are taken or behind what is taken, and the places that may follow it."""

    taken: bool
    behind: bool
    following: tuple[tuple[int, int], ...]


class Rules:
    """A set of rules, ready to run. Places are numbered from each rule's last element to its first."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        """Lay the rules out one behind the other."""
        self.rules = rules
        self._words = _Places()
        # Bits: always on, before each rule; places that may be left out; those before and at the end of a run of them.
        self._starts = self._optional = self._before = self._behind = 0
        self._places: list[_Place] = []
        self._rule: dict[int, Rule] = {}
        self._of_rule: dict[str, tuple[Evidence, int]] = {}
        for rule in rules:
            self._lay(rule)
            peels = _union(check.every for check in rule.elements[rule.opens].checks) & (_CLITICS | IN | FOR)
            self._of_rule[rule.id] = Evidence(NAME, rule.id, 0.0, rule.why), peels
        self._final = _union(1 << number for number in self._rule)
        self._longest = max((sum(e.most for e in rule.elements) for rule in rules), default=0)

    def _lay(self, rule: Rule) -> None:
        """Give a rule its places, behind a bit that is always on."""
        self._starts |= 1 << len(self._places)
        self._places.append(_Place(taken=False, behind=True, following=()))
        following: tuple[tuple[int, int], ...] = ()
        in_run = False
        for index in range(len(rule.elements) - 1, -1, -1):
            element = rule.elements[index]
            for copy in range(element.most):
                number = len(self._places)
                bit = 1 << number
                optional = copy < element.most - element.least
                if optional:
                    self._optional |= bit
                    self._before |= 0 if in_run else bit >> 1
                elif in_run:
                    self._behind |= bit >> 1
                in_run = optional
                self._words.add(element, bit)
                self._places.append(_Place(rule.opens <= index < rule.closes, index >= rule.closes, following))
                here = (bit, number)
                following = (here, *following) if optional else (here,)
        self._rule[len(self._places) - 1] = rule

    def propose(self, tokens: Tokens) -> list[Candidate]:
        """Propose a candidate for every span that rules take, the longest of each rule from each first word."""
        found: dict[tuple[int, int, str], list[Rule]] = {}
        starts, optional, before, behind, final = self._starts, self._optional, self._before, self._behind, self._final
        filled = starts | behind
        first = (starts | optional ^ (optional & ((filled - before) ^ filled))) << 1
        window = deque([0] * (self._longest + 1), self._longest + 1)
        at = len(tokens.words)
        state = 0
        for places in chain(map(self._words.__getitem__, reversed(tokens.words)), (self._words[_EDGE],)):
            at -= 1
            if state:
                # What may be left out behind a place that matches is on too: Navarro and Raffinot, 2002, chapter 4.
                state |= starts
                filled = state | behind
                state = (state | optional ^ (optional & ((filled - before) ^ filled))) << 1 & places
            else:
                state = first & places
            window.appendleft(state)
            hits = state & final
            while hits:
                number = hits.bit_length() - 1
                hits ^= 1 << number
                rule = self._rule[number]
                opened, closed = self._taken(number, window)
                found.setdefault((at + opened, at + closed, rule.label), []).append(rule)
        return [self._candidate(tokens, *span, found[span]) for span in sorted(found)]

    def _taken(self, number: int, window: deque[int]) -> tuple[int, int]:
        """Return the words that a rule takes, counted from the first that it matches; `number` is its first place."""
        opened = -1
        at = 0
        while True:
            taken, behind, following = self._places[number]
            if behind:
                return opened, at
            if taken and opened < 0:
                opened = at
            at += 1
            here = window[at]
            for bit, next_number in following:
                if here & bit:
                    number = next_number
                    break
            else:
                return opened, at

    def _candidate(self, tokens: Tokens, first: int, last: int, label: str, rules: list[Rule]) -> Candidate:
        """Return the candidate for a span that rules took; the proclitics of its first word stay outside."""
        word = tokens.words[first]
        proclitic, offset, kind, peels = "", 0, "", 0
        evidence = []
        for rule in rules:
            reason, clitics = self._of_rule[rule.id]
            evidence.append(reason)
            peels |= clitics
            kind = kind or rule.kind
        if word.mask & _CLITICS:
            proclitic, offset = _proclitic(word)
        elif peels:
            ways = (way for way in word.stems.values() if _LETTERS.get(way[0], 0) & peels)
            proclitic, offset = next(ways, ("", 0))
        start = tokens.start(first) + offset
        end = tokens.end(last - 1)
        return Candidate(first, last, start, end, label, tuple(evidence), kind=kind, proclitic=proclitic)
