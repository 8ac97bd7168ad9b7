"""Patterns of page furniture in, an index by the first characters of a line out; made when compiling.

Compiling a hundred regular expressions takes 50 ms; a text needs the few that its short lines can begin. `regex` can
tell whether some characters are the beginning of a match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from arner import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

# A pattern that more first characters than this can begin is tried on every line.
MOST_FIRST = 50
# Where more patterns than this go on from a beginning, one more character tells them apart, up to the deepest.
FEW, DEEPEST = 2, 8
# Stands at the head of a list when longer beginnings have lists of their own.
DEEPER = -1
# Stands for any character that no pattern names.
OTHER = "\uf8ff"
_PLAIN = "0123456789abcdefghijklmnopqrstuvwxyz !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\t"


def index(patterns: Sequence[str]) -> dict[str, list[int]]:
    """Return the numbers of the patterns that a line can match, by its first characters in lower case.

    The list of a beginning holds all that can go on from it; `DEEPER` stands first where one character more has a
    list too, or where none has: nothing goes on. `OTHER` at the end of a beginning is any character that no pattern
    names. `""` has the patterns that are tried on every line.

    >>> found = index(["logo", "طباعة"])
    >>> found["l"], found["ط"]
    ([0], [1])
    """
    import regex

    alphabet = {*letters.LETTERS, *letters.ARABIC_DIGITS, *letters.ARABIC_PUNCTUATION, *_PLAIN}
    alphabet |= {*letters.QUOTES_OPEN, *letters.QUOTES_CLOSE, *letters.OTHER_PUNCTUATION}
    alphabet |= {c for pattern in patterns for c in pattern.lower() if not c.isascii()}
    characters = [*sorted(alphabet), OTHER]
    begins = [regex.compile(pattern, regex.IGNORECASE) for pattern in patterns]
    found: dict[str, list[int]] = {}

    def add(prefix: str, numbers: list[int]) -> None:
        found[prefix] = numbers
        if prefix and (len(numbers) <= FEW or len(prefix) == DEEPEST or not prefix.isalpha()):
            # Digits and signs can be in any order: what goes on from them are thousands.
            return
        going_on = {c: [n for n in numbers if begins[n].fullmatch(prefix + c, partial=True)] for c in characters}
        longer = {c: kept for c, kept in going_on.items() if kept}
        if not prefix or len(longer) <= MOST_FIRST:
            found[prefix] = [DEEPER, *numbers]
            for character, kept in longer.items():
                add(prefix + character, kept)

    first = [sum(bool(b.fullmatch(c, partial=True)) for c in characters) for b in begins]
    add("", [n for n, count in enumerate(first) if count <= MOST_FIRST])
    found[""] = [n for n, count in enumerate(first) if count > MOST_FIRST]
    return found
