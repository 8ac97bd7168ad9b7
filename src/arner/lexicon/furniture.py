"""Patterns of page furniture in, an index by the first two characters of a line out; made when compiling.

Compiling a hundred regular expressions takes 50 ms; a text needs the few that its short lines can begin. `regex` can
tell whether two characters are the beginning of a match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arner import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

# A pattern that more first characters than this can begin is tried on every line.
MOST_FIRST = 50
_PLAIN = "0123456789abcdefghijklmnopqrstuvwxyz !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\t"


def index(patterns: Sequence[str]) -> dict[str, list[int]]:
    """Return the numbers of the patterns that a line can match, by its first two characters in lower case.

    A line of one character has that one for its key; `""` has the patterns that are tried on every line.

    >>> index(["logo", "طباعة"])["lo"]
    [0]
    """
    import regex

    alphabet = {*letters.LETTERS, *letters.ARABIC_DIGITS, *letters.ARABIC_PUNCTUATION, *_PLAIN}
    alphabet |= {*letters.QUOTES_OPEN, *letters.QUOTES_CLOSE, *letters.OTHER_PUNCTUATION}
    alphabet |= {c for pattern in patterns for c in pattern.lower() if not c.isascii()}
    characters = sorted(alphabet)
    found: dict[str, list[int]] = {}
    for number, pattern in enumerate(patterns):
        begins = regex.compile(pattern, regex.IGNORECASE)
        first = [c for c in characters if begins.fullmatch(c, partial=True)]
        if len(first) > MOST_FIRST:
            found.setdefault("", []).append(number)
            continue
        second = [a + b for a in first for b in characters if begins.fullmatch(a + b, partial=True)]
        for key in (*first, *second):
            found.setdefault(key, []).append(number)
    return found
