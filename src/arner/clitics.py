"""A folded word in, the ways to take proclitics off it out: (و|ف)(ب|ل|ك)(ال), and لل for ل + ال.

Ways are offered only: whether one of them holds is for the lexicon to say, and the whole word comes first.
"""

from __future__ import annotations

from typing import NamedTuple

from arner import letters
from arner.lexicon.schema import BITS

AL = letters.code("ال")
LL = letters.code("لل")
CONJUNCTIONS = letters.code("وف")
PREPOSITIONS = letters.code("بلك")
# Written apart from their word, or before a word in other letters («الـFBI»).
DETACHED = frozenset(letters.code(x) for x in ("ال", "لل", "وال", "بال"))
_IGNORED = frozenset(letters.IGNORED)


class Way(NamedTuple):
    """One way to read a folded word: its proclitics, the stem behind them, how many folded letters they take."""

    proclitic: str
    stem: bytes
    cut: int


def peel(key: bytes) -> list[Way]:
    """Return the ways to take proclitics off a folded word, the shorter proclitics first.

    Of «لل…» the span starts at the second ل (the alef of ال is elided), or the name itself begins with ل.

    >>> [(way.proclitic, letters.decode(way.stem)) for way in peel(letters.key("وللمغرب"))]
    [('و', 'للمغرب'), ('ول', 'المغرب'), ('ول', 'لمغرب')]
    """
    ways: list[Way] = []
    for cut, conjunction in ((0, ""), (1, letters.decode(key[:1]))):
        if cut and key[0] not in CONJUNCTIONS:
            break
        rest = key[cut:]
        if cut and len(rest) > 1:
            ways.append(Way(conjunction, rest, cut))
        if len(rest) > 2 and rest.startswith(LL):
            ways.append(Way(conjunction + "ل", AL + rest[2:], cut + 1))
            ways.append(Way(conjunction + "ل", rest[1:], cut + 1))
        elif len(rest) > 2 and rest[0] in PREPOSITIONS:
            ways.append(Way(conjunction + letters.decode(rest[:1]), rest[1:], cut + 1))
    return ways


def bits(proclitic: str) -> int:
    """Return the classes that proclitics give their word."""
    conjunction = BITS["conjunction"] if proclitic[:1] in ("و", "ف") else 0
    return conjunction | (BITS["preposition"] if proclitic[-1:] in ("ب", "ل", "ك") else 0)


def elided(text: str, before: str, proclitic: str) -> str:
    """Return the alef that «لل…» leaves unwritten before a span's text, else nothing; `before` is the letter before.

    >>> elided("لمغرب", "ل", "ل"), elided("ليبيا", " ", "")
    ('ا', '')
    """
    return "ا" if proclitic.endswith("ل") and text.startswith("ل") and before == "ل" else ""


def width(body: bytes, cut: int) -> int:
    """Return how many code points of a written word its first `cut` folded letters take, with their marks.

    A ligature that the cut would split is left to the stem.
    """
    seen = 0
    for at, byte in enumerate(body):
        if byte in _IGNORED:
            continue
        if seen >= cut:
            return at
        seen += len(letters.fold(bytes((byte,))))
        if seen > cut:
            return at
    return len(body)
