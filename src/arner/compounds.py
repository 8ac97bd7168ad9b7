"""A folded word of which nothing is known in, where spaces were lost inside it out: «المديرالعام» is two words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arner import letters
from arner.clitics import AL
from arner.lexicon.schema import BITS

if TYPE_CHECKING:
    from collections.abc import Callable

# A compound is a word of this many letters that texts hardly ever use as it stands (zipf × 25).
SHORTEST: Final = 7
LONGEST: Final = 40
RAREST: Final = 60
# The words found inside are usual ones (zipf × 25).
USUAL: Final = 90
# Rarer particles are also how other words end: هما in «أفكارهما», بأني in «الحرباني».
PARTICLE: Final = 140
_MOST_WORDS: Final = 4
_NON_JOINING = frozenset(letters.code("ادذرزوءةىهآ"))
# No word ends like these: what stands before one may be any usual word («أساسهذا»).
_DEMONSTRATIVES = frozenset(map(letters.key, ("هذا", "هذه", "ذلك", "تلك", "الذي", "التي", "الذين")))


def cuts(key: bytes, known: Callable[[bytes], tuple[bool, int, int]], words: int = _MOST_WORDS) -> tuple[int, ...]:
    """Return the letters before each lost space, or nothing where the word does not fall into at most `words` words.

    `known` tells of a folded word whether it is listed, its classes and its zipf × 25.
    """
    for at in range(len(key) - 3, 2, -1):
        left, right = key[:at], key[at:]
        if not _begins(left, right, known):
            continue
        if _ends(right, known):
            return (at,)
        if words > 2 and len(right) > 6 and (more := cuts(right, known, words - 1)):
            return (at, *(at + m for m in more))
    return ()


def _begins(key: bytes, rest: bytes, known: Callable[[bytes], tuple[bool, int, int]]) -> bool:
    """Return whether a piece can stand before a lost space.

    Only behind a letter that does not join is a lost space hard to see; elsewhere the word must be long.
    """
    clear = len(key) > 3 and rest in _DEMONSTRATIVES
    if not (clear or key[-1] in _NON_JOINING or len(key) > 5):
        return False
    listed, _, zipf = known(key)
    return zipf >= USUAL and (clear or listed)


def _ends(key: bytes, known: Callable[[bytes], tuple[bool, int, int]]) -> bool:
    """Return whether a piece can be the last: it carries the article or is a particle, where writers lose the space."""
    listed, classes, zipf = known(key)
    definite = key.startswith(AL) and len(key) > 4
    particle = bool(classes & BITS["stop"]) and zipf >= PARTICLE
    return zipf >= USUAL and listed and (definite or particle)
