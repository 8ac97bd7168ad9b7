"""The coded text in, words with their readings out: what each word can be, with and without its proclitics.

Clitics are offered, never forced: the whole word is looked up first (وجدة is not و + جدة). What a word is depends
on its letters alone, so it is worked out once a word type (`Words`) and each text costs one look-up a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from arner import letters
from arner.lexicon.schema import BITS, WORD_CLASSES

if TYPE_CHECKING:
    from arner.lexicon.store import Lexicon, Record

_ESCAPED = re.escape
_SPACE = b" \t\r\x0b\x0c" + letters.code(letters.NO_BREAK_SPACE)
_INVISIBLE = letters.code(letters.INVISIBLE)
_ARABIC = letters.code(letters.LETTERS + letters.MARKS + letters.TATWEEL + "".join(letters.LIGATURES))
_DIGITS = b"0-9" + _ESCAPED(letters.code(letters.ARABIC_DIGITS))
_WORD = _ESCAPED(_ARABIC) + b"A-Za-z"
# A word, a number, or one sign; each with the white space before it, so that the pieces add up to the text.
_TOKEN = re.compile(
    b"[" + _ESCAPED(_SPACE + _INVISIBLE) + b"]*(?:["
    + _WORD + b"][" + _WORD + _ESCAPED(_INVISIBLE) + b"]*[0-9]*|["
    + _DIGITS + b"]+[A-Za-z]*|.|\n|\\Z)"
)
_LEAD = re.compile(b"[" + _ESCAPED(_SPACE + _INVISIBLE) + b"]*")
_ARABIC_LETTER = re.compile(b"[" + _ESCAPED(letters.code(letters.LETTERS)) + b"]")

AL = letters.code("ال")
LL = letters.code("لل")
L = letters.code("ل")
CONJUNCTIONS = letters.code("وف")
PREPOSITIONS = letters.code("بلك")
_ALEF_MAKSURA = letters.code("ى")

DEFINITE, CONJUNCTION, PREPOSITION = BITS["definite"], BITS["conjunction"], BITS["preposition"]
UNKNOWN = BITS["unknown"]
_CLITICS = CONJUNCTION | PREPOSITION
NEWLINE = BITS["newline"]
_WORDS = sum(BITS[c] for c in WORD_CLASSES)
_PARTS = sum(BITS[c] for c in ("given", "given-weak", "family", "family-weak"))
_ENTRIES = sum(BITS[c] for c in ("per", "per-weak", "org", "org-weak", "loc", "loc-weak"))
LISTED = _WORDS | _PARTS | _ENTRIES

_SIGNS: dict[bytes, int] = {}
for _signs, _class in (
    ("،,", "comma"),
    (".!؟?…؛;", "stop-mark"),
    (":", "colon"),
    (letters.QUOTES_OPEN, "quote-open"),
    (letters.QUOTES_CLOSE + "\"'", "quote-close"),
    ("([{", "bracket-open"),
    (")]}", "bracket-close"),
    ("-–—", "dash"),
    ("\n" + letters.LINE_SEPARATORS, "newline"),
):
    for _sign in _signs:
        _SIGNS[letters.code(_sign)] = BITS[_class]
# A straight quote opens as often as it closes.
for _sign in "\"'":
    _SIGNS[letters.code(_sign)] |= BITS["quote-open"]


class Reading(NamedTuple):
    """One way to read a word: the proclitics taken off, the stem that is looked up, where the stem starts.

    `offset` counts code points of the word before the stem; `record` is the lexicon's answer for the stem.
    """

    proclitic: str
    stem: bytes
    offset: int
    record: Record | None


@dataclass(slots=True, eq=False)
class Word:
    """A word type: `raw` is its code as written with leading space; `mask` its classes (see `schema.BITS`).

    `size` counts code points from its first letter to its last; `trail` the invisible ones behind; `readings` are
    those that the lexicon can use, best first. `parts` stands where spaces were lost inside: the words found.
    """

    raw: bytes
    key: bytes
    size: int
    trail: int
    spaced: bool
    mask: int
    zipf: int
    readings: tuple[Reading, ...]
    open: bool
    parts: tuple[Word, ...] = ()
    vectors: tuple[int, ...] | None = None
    _stems: dict[bytes, tuple[str, int]] | None = None

    @property
    def stems(self) -> dict[bytes, tuple[str, int]]:
        """Every stem that the word can have, listed or not, with the proclitics and code points before it."""
        if self._stems is None:
            body = self.raw[len(self.raw) - self.trail - self.size : len(self.raw) - self.trail]
            self._stems = {self.key: ("", 0)}
            if len(self.key) > 3:
                for proclitic, stem, cut in _peel(self.key):
                    if len(stem) > 2:
                        self._stems.setdefault(stem, (proclitic, _offset(body, cut)))
        return self._stems

    def head(self) -> tuple[str, int, bytes]:
        """Return the proclitics to leave out where the word opens a name, the code points they take, the stem."""
        if self.mask & _CLITICS and self.readings and self.readings[0].proclitic:
            reading = self.readings[0]
            return reading.proclitic, reading.offset, reading.stem
        return "", 0, self.key


class Tokens(NamedTuple):
    """The words of a text and the code-point offset behind each (invisible characters included)."""

    words: list[Word]
    ends: list[int]

    def start(self, index: int) -> int:
        """Return the offset of the first letter of a word."""
        word = self.words[index]
        return self.ends[index] - word.trail - word.size

    def end(self, index: int) -> int:
        """Return the offset behind the last letter of a word."""
        return self.ends[index] - self.words[index].trail


class Words(dict[bytes, Word]):
    """Word types by their code, worked out when first met; one lexicon, any number of texts.

    Kept below a fixed number of types, so that memory stays flat over any number of documents.
    """

    LIMIT = 60_000

    def __init__(self, *lexicons: Lexicon) -> None:
        super().__init__()
        self.lexicons = lexicons

    def __missing__(self, raw: bytes) -> Word:
        word = self._read(raw)
        if len(self) >= self.LIMIT:
            self.clear()
        self[raw] = word
        return word

    def tokens(self, coded: bytes) -> Tokens:
        """Cut a coded text into words."""
        pieces = _TOKEN.findall(coded)
        words = [self[piece] for piece in pieces]
        ends = list(accumulate(map(len, pieces)))
        if any(word.parts for word in words):
            words, ends = _spread(words, ends)
        return Tokens(words, ends)

    def record(self, key: bytes) -> Record | None:
        """Return what the lexicons hold under a key; the entities of a user's list win over the built-in ones."""
        found = self.lexicons[0].get(key)
        for lexicon in self.lexicons[1:]:
            if layered := lexicon.get(key):
                found = layered.over(found) if found else layered
        return found

    def _read(self, raw: bytes) -> Word:
        lead = _LEAD.match(raw)
        assert lead
        core = raw[lead.end() :]
        body = core.rstrip(_INVISIBLE)
        trail = len(core) - len(body)
        spaced = lead.end() > 0
        key = letters.fold(body)
        if not body or body in _SIGNS or not key or not (key[:1].isalnum() or _ARABIC_LETTER.match(key)):
            mask = _SIGNS.get(body, BITS["mark"])
            return Word(raw, key, len(body), trail, spaced, mask, 0, (), open=False)
        if key[:1].isdigit():
            record = self.record(key)
            readings = (Reading("", key, 0, record),) if record else ()
            return Word(raw, key, len(body), trail, spaced, BITS["digits"], 0, readings, bool(record))
        readings, mask, zipf = self._readings(key, body)
        if mask & BITS["stop"] and body[-1:] == _ALEF_MAKSURA:
            # «على» and «إلى» fold to names (علي); spelled with ى they are particles.
            readings, mask = (), mask & ~(_PARTS | _ENTRIES)
        parts = () if mask & LISTED else self._split(raw, body, key, zipf)
        opens = any(r.record and (r.record.more or r.record.mask & _ENTRIES) for r in readings)
        return Word(raw, key, len(body), trail, spaced, mask, zipf, readings, opens, parts)

    def _readings(self, key: bytes, body: bytes) -> tuple[tuple[Reading, ...], int, int]:
        whole = self.record(key)
        zipf = whole.zipf if whole else 0
        mask = self._classes(key, whole)
        if len(key) == 1 or key in _DETACHED:
            return (Reading("", key, 0, whole),), mask | BITS["letter"] | (UNKNOWN if not mask & LISTED else 0), zipf
        readings = [Reading("", key, 0, whole)] if whole and (whole.more or whole.mask & LISTED) else []
        best = mask if mask & LISTED else 0
        for proclitic, stem, cut in _peel(key):
            record = self.record(stem)
            classes = self._classes(stem, record)
            if not (classes & LISTED or record and record.more):
                continue
            readings.append(Reading(proclitic, stem, _offset(body, cut), record))
            if not best and classes & LISTED:
                best = classes | _clitic_bits(proclitic)
        if best:
            return tuple(readings), best | (mask & BITS["frequent"]), zipf
        latin = key[:1].isascii()
        if latin:
            upper = body.isupper() and len(body) > 1
            mask |= BITS["latin"] | (BITS["acronym"] if upper else 0)
        return tuple(readings), mask if mask & BITS["frequent"] else mask | UNKNOWN, zipf

    def _classes(self, key: bytes, record: Record | None) -> int:
        """Return the classes of a stem: its own, and those of the stem under its article."""
        mask = record.mask if record else 0
        if key.startswith(AL) and len(key) > 3:
            mask |= DEFINITE
            bare = self.record(key[2:])
            if bare:
                mask |= bare.mask & (_WORDS | _PARTS)
        elif not mask & (_WORDS | _PARTS | _ENTRIES):
            definite = self.record(AL + key)
            if definite:
                mask |= definite.mask & (BITS["family"] | BITS["family-weak"])
        if not mask & LISTED:
            loose = letters.loosen(key)
            if loose != key and (other := self.record(loose)):
                mask |= other.mask & _WORDS
        return mask

    def _split(self, raw: bytes, body: bytes, key: bytes, zipf: int) -> tuple[Word, ...]:
        """Return the words of a compound whose spaces were lost, or nothing; the compound itself is unknown."""
        if len(key) < 7 or zipf > 60 or key[:1].isascii() or len(key) > 40:
            return ()
        cuts = self._cuts(key, 3)
        if not cuts:
            return ()
        words: list[Word] = []
        begin = 0
        for number, cut in enumerate((*cuts, len(key))):
            stop = _offset(body, cut) if cut < len(key) else len(raw)
            piece = body[begin:stop] if cut < len(key) else (raw[len(raw) - len(raw.lstrip(_SPACE + _INVISIBLE)) :])[begin:]
            words.append(self._read(piece if number else raw[: len(raw) - len(raw.lstrip(_SPACE + _INVISIBLE))] + piece))
            begin = stop
        return tuple(words) if not any(w.parts for w in words) else ()

    def _cuts(self, key: bytes, depth: int) -> tuple[int, ...]:
        for at in range(len(key) - 3, 2, -1):
            left, right = key[:at], key[at:]
            if not self._stands(left, head=True):
                continue
            if self._stands(right, head=False):
                return (at,)
            if depth > 1 and len(right) > 6 and (more := self._cuts(right, depth - 1)):
                return (at, *(at + m for m in more))
        return ()

    def _stands(self, key: bytes, *, head: bool) -> bool:
        """Return whether a piece of a compound is a common word by itself.

        The last piece must carry the article or be a listed particle, which is where writers lose the space.
        """
        record = self.record(key)
        classes = self._classes(key, record)
        usual = bool(record and record.zipf >= 90)
        if head:
            # Only behind a letter that does not join is a lost space hard to see; elsewhere the word must be long.
            return usual and bool(classes & LISTED) and (key[-1] in _NON_JOINING or len(key) > 5)
        stop = bool(classes & BITS["stop"]) and len(key) >= 3
        return usual and bool(classes & LISTED) and (key.startswith(AL) and len(key) > 4 or stop)


_DETACHED = frozenset(letters.code(x) for x in ("ال", "لل", "وال", "بال"))
_NON_JOINING = frozenset(letters.code("ادذرزوءةىهآ"))


def _peel(key: bytes) -> list[tuple[str, bytes, int]]:
    """Return the ways to take proclitics off a folded word: (proclitics, stem, folded letters taken off).

    Of «لل…» the span starts at the second ل (the alef of ال is elided), or the name itself begins with ل.
    """
    ways: list[tuple[str, bytes, int]] = []
    for cut, conjunction in ((0, ""), (1, letters.decode(key[:1]))):
        if cut and key[0] not in CONJUNCTIONS:
            break
        rest = key[cut:]
        if cut and len(rest) > 1:
            ways.append((conjunction, rest, cut))
        if len(rest) > 2 and rest.startswith(LL):
            ways.append((conjunction + "ل", AL + rest[2:], cut + 1))
            ways.append((conjunction + "ل", rest[1:], cut + 1))
        elif len(rest) > 2 and rest[0] in PREPOSITIONS:
            ways.append((conjunction + letters.decode(rest[:1]), rest[1:], cut + 1))
    return ways


def _clitic_bits(proclitic: str) -> int:
    bits = CONJUNCTION if proclitic[:1] in ("و", "ف") else 0
    return bits | (PREPOSITION if proclitic[-1:] in ("ب", "ل", "ك") else 0)


def _offset(body: bytes, cut: int) -> int:
    """Return how many code points of a written word its first `cut` folded letters take, their marks included."""
    seen = 0
    for at, byte in enumerate(body):
        if byte in _IGNORED:
            continue
        if seen >= cut:
            return at
        seen += len(letters.fold(bytes((byte,))))
    return len(body)


_IGNORED = frozenset(letters.IGNORED)


def _spread(words: list[Word], ends: list[int]) -> tuple[list[Word], list[int]]:
    spread: list[Word] = []
    spread_ends: list[int] = []
    for word, end in zip(words, ends, strict=True):
        if not word.parts:
            spread.append(word)
            spread_ends.append(end)
            continue
        at = end - len(word.raw)
        for part in word.parts:
            at += len(part.raw)
            spread.append(part)
            spread_ends.append(at)
    return spread, spread_ends
