"""The coded text in, words with their readings out: what each word can be, with and without its proclitics.

Clitics are offered, never forced: the whole word is looked up first (وجدة is not و + جدة). What a word is depends
on its letters alone, so it is worked out once a word type (`Words`) and each text costs one look-up a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from arner import clitics, compounds, letters
from arner.clitics import AL, LL
from arner.lexicon.schema import BITS, WORD_CLASSES

if TYPE_CHECKING:
    from arner.lexicon.store import Lexicon, Record

__all__ = ["AL", "LISTED", "LL", "Reading", "Tokens", "Word", "Words"]

_SPACE = b" \t" + bytes(c for c in range(32) if c not in b"\t\n") + b"\x7f" + letters.code(letters.NO_BREAK_SPACE)
_INVISIBLE = letters.code(letters.INVISIBLE)
_MARKS = letters.code(letters.MARKS)
_JOINERS = letters.code("\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}")
_ARABIC = letters.code(letters.LETTERS + letters.MARKS + letters.TATWEEL + "".join(letters.LIGATURES))


def _set(codes: bytes, ranges: bytes = b"") -> bytes:
    return b"[" + ranges + re.escape(codes) + b"]"


_DIGIT = _set(letters.code(letters.ARABIC_DIGITS), b"0-9")
# What belongs to the sign or letter before it, as grapheme clusters do.
_BEHIND = _set(_MARKS + _JOINERS) + b"*"
_LEAD = _SPACE + _INVISIBLE + _MARKS
_BEFORE = _set(_LEAD) + b"*"
# A word, a number, or one sign; each with the white space before it, so that the pieces add up to the text. Letters
# of two scripts are two words («الـFBI»); digits behind letters stay, for names such as «عربي21», until looked up.
# An address of a page or of mail is one word, in which no name is looked for.
_ADDRESS = (
    rb"(?:https?://|www\.)[!-~]*[A-Za-z0-9/]"
    rb"|[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9.-]{0,252}[A-Za-z0-9]"
)
_WHOLE_ADDRESS = re.compile(_ADDRESS)
_TOKEN = re.compile(
    _BEFORE + b"(?:" + _set(_ARABIC) + _set(_ARABIC + _INVISIBLE) + b"*(?:" + _DIGIT + b"+" + _BEHIND + b")?|"
    + _ADDRESS + b"|[A-Za-z]" + _set(_MARKS + _INVISIBLE, b"A-Za-z0-9") + b"*|"
    + _DIGIT + b"+(?:[A-Za-z][A-Za-z0-9]*)?" + _BEHIND + b"|." + _BEHIND + b"|\n|\\Z)"
)  # fmt: skip
_BLANK = re.compile(_set(_SPACE))
_ARABIC_LETTER = re.compile(_set(letters.code(letters.LETTERS)))
_DIGITS_BEHIND = re.compile(_DIGIT + b"+" + _BEHIND + b"$")

_ALEF_MAKSURA = letters.code("ى")

DEFINITE = BITS["definite"]
UNKNOWN = BITS["unknown"]
_CLITICS = BITS["conjunction"] | BITS["preposition"]
_WORDS = sum(BITS[c] for c in WORD_CLASSES)
_PARTS = sum(BITS[c] for c in ("given", "given-weak", "family", "family-weak"))
_SURNAMES = BITS["family"] | BITS["family-weak"] | BITS["per-weak"]
_VERBS = BITS["say"] | BITS["motion"] | BITS["verb"]
_SPOKEN = _VERBS | BITS["stop"]
# A word of every sentence is at least this frequent (zipf × 25).
_USUAL = 75
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


_WHOLE = ("", 0)
_ALONE: dict[bytes, tuple[str, int]] = {}


@lru_cache(maxsize=1024)
def _way(proclitic: str, offset: int) -> tuple[str, int]:
    """Return both as one object for all words."""
    return proclitic, offset


class Reading(NamedTuple):
    """One way to read a word: the proclitics taken off, the stem to look up, where the stem starts.

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
    those that the lexicon can use, the one that gives the classes first; `open` tells whether a name of the lexicon
    may begin here. `parts` stands where spaces were lost inside: the words found.
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
        found = self._stems
        if found is None:
            body = self.raw[len(self.raw) - self.trail - self.size : len(self.raw) - self.trail]
            found = {}
            if len(self.key) > 3:
                for proclitic, stem, cut in clitics.peel(self.key):
                    if len(stem) > 2 and stem != self.key:
                        found.setdefault(stem, _way(proclitic, clitics.width(body, cut)))
            # Most words have but one stem: it is not kept, for there are many words.
            found = self._stems = {self.key: _WHOLE, **found} if found else _ALONE
        return found if found is not _ALONE else {self.key: _WHOLE}

    @property
    def is_acronym(self) -> bool:
        """Whether it is written in Latin capitals."""
        body = self.raw[len(self.raw) - self.trail - self.size : len(self.raw) - self.trail]
        return self.size > 1 and body.isascii() and body.isupper()

    def head(self) -> tuple[str, int, bytes]:
        """Return the proclitics to leave out where the word opens a name, the code points they take, the stem."""
        if self.mask & _CLITICS:
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


def _spoken(proclitic: str, classes: int, record: Record | None, zipf: int) -> bool:
    """Return whether a surname is, far more often, a proclitic and a word of every sentence: «وأكد», not «فيشر».

    No preposition stands before a verb: «بيرسون» is no «ب + يرسون».
    """
    spoken = classes & (_SPOKEN if proclitic[-1] in "وف" else _SPOKEN & ~_VERBS)
    return bool(spoken and record and record.zipf >= max(zipf, _USUAL))


class Words(dict[bytes, Word]):
    """Word types by their code, worked out when first met; one lexicon, any number of texts.

    Memory stays flat over any number of documents: when there are LIMIT types, those that are not met again until there
    are as many others are forgotten.
    """

    LIMIT = 20_000

    def __init__(self, *lexicons: Lexicon) -> None:
        super().__init__()
        self.lexicons = lexicons
        self._older: dict[bytes, Word] = {}

    def __missing__(self, raw: bytes) -> Word:
        word = self._older.get(raw) or self._read(raw)
        if len(self) >= self.LIMIT:
            self._older = dict(self)
            self.clear()
        self[raw] = word
        return word

    def forget(self) -> None:
        """Forget all types, where what they are worth has changed."""
        self.clear()
        self._older.clear()

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
        lead = len(raw) - len(raw.lstrip(_LEAD))
        core = raw[lead:]
        body = _without_trail(core)
        trail = len(core) - len(body)
        spaced = bool(_BLANK.search(raw, 0, lead))
        key = letters.fold(body)
        if body[:1].isascii() and _WHOLE_ADDRESS.fullmatch(body):
            return Word(raw, key, len(body), trail, spaced, BITS["mark"], 0, (), open=False)
        if not key or key in _SIGNS or not (key[:1].isalnum() or _ARABIC_LETTER.match(key)):
            mask = _SIGNS.get(key, BITS["mark"])
            return Word(raw, key, len(body), trail, spaced, mask, 0, (), open=False)
        if key[:1].isdigit():
            record = self.record(key)
            readings = (Reading("", key, 0, record),) if record else ()
            return Word(raw, key, len(body), trail, spaced, BITS["digits"], 0, readings, bool(record))
        found, mask, zipf = self._readings(key, body)
        opens = any(r.record and (r.record.more or r.record.mask & _ENTRIES) for r in found)
        if mask & BITS["stop"] and body[-1:] == _ALEF_MAKSURA:
            # «على» and «إلى» fold to names (علي); spelled with ى they are particles.
            mask, opens = mask & ~(_PARTS | _ENTRIES), False
        parts = () if mask & LISTED else self._parts(raw, lead, body, key, zipf, opens=opens)
        return Word(raw, key, len(body), trail, spaced, mask, zipf, found, opens, parts)

    def _readings(self, key: bytes, body: bytes) -> tuple[tuple[Reading, ...], int, int]:
        whole = self.record(key)
        zipf = whole.zipf if whole else 0
        mask = self._classes(key, whole)
        if len(key) == 1 or key in clitics.DETACHED:
            return (Reading("", key, 0, whole),), mask | BITS["letter"] | (UNKNOWN if not mask & LISTED else 0), zipf
        readings = [Reading("", key, 0, whole)] if whole and (whole.more or whole.mask & LISTED) else []
        best = mask if mask & LISTED else 0
        for proclitic, stem, cut in clitics.peel(key):
            record = self.record(stem)
            classes = self._classes(stem, record)
            if not (classes & LISTED or (record and record.more)):
                continue
            reading = Reading(proclitic, stem, clitics.width(body, cut), record)
            if classes & LISTED and (
                not best or (best & LISTED & ~_SURNAMES == 0 and _spoken(proclitic, classes, record, zipf))
            ):
                best = classes | clitics.bits(proclitic)
                readings.insert(0, reading)
            else:
                readings.append(reading)
        if best:
            return tuple(readings), best | (mask & BITS["frequent"]), zipf
        if key[:1].isascii():
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
                # «الداخلة» is a city, or the inner one, but not «داخله» with an article.
                taken = _WORDS | _PARTS if not mask & _ENTRIES else (_WORDS | _PARTS) & ~BITS["stop"]
                mask |= bare.mask & taken
        elif not mask & (_WORDS | _PARTS | _ENTRIES):
            definite = self.record(AL + key)
            if definite:
                mask |= definite.mask & (BITS["family"] | BITS["family-weak"])
        if not mask & LISTED:
            loose = letters.loosen(key)
            if loose != key and (other := self.record(loose)):
                mask |= other.mask & _WORDS
        return mask

    def _parts(self, raw: bytes, lead: int, body: bytes, key: bytes, zipf: int, *, opens: bool) -> tuple[Word, ...]:
        """Return the words that stand unparted in one of which nothing is known, or nothing: it is one word."""
        digits = _DIGITS_BEHIND.search(body)
        if digits:
            cuts = [digits.start()] if not (opens or key[:1].isascii()) else []
        elif compounds.SHORTEST <= len(key) <= compounds.LONGEST and zipf <= compounds.RAREST and not key[:1].isascii():
            cuts = [clitics.width(body, cut) for cut in compounds.cuts(key, self._known)]
        else:
            return ()
        if not cuts:
            return ()
        borders = (0, *(lead + cut for cut in cuts), len(raw))
        words = tuple(self._read(raw[begin:end]) for begin, end in pairwise(borders))
        return words if not any(w.parts for w in words) else ()

    def _known(self, key: bytes) -> tuple[bool, int, int]:
        record = self.record(key)
        classes = self._classes(key, record)
        return bool(classes & LISTED), classes, record.zipf if record else 0


def _without_trail(core: bytes) -> bytes:
    """Return a word without the invisible characters behind it, but for the joiners that its last letter holds."""
    end = len(core.rstrip(_INVISIBLE))
    while core[end : end + 1] and core[end] in _JOINERS:
        end += 1
    return core[:end]


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
