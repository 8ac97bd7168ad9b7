"""The words of a text in, those that stand inside a title out: there the name of an organisation is no mention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arner.lexicon.schema import BITS
from arner.tokens import LL

if TYPE_CHECKING:
    from arner.tokens import Tokens, Word

_OFFICE: Final = BITS["role"]
_HEAD: Final = BITS["org-head"]
_QUALITY: Final = BITS["org-adjective"] | BITS["adjective"]
_GOES_ON: Final = sum(
    BITS[c]
    for c in ("org-topic", "org-field", "org-adjective", "org-head", "nationality", "adjective", "noun", "definite")
)
_BREAKS: Final = sum(
    BITS[c] for c in ("say", "verb", "stop", "comma", "stop-mark", "newline", "bracket-open", "quote-open", "colon")
)


def complements(tokens: Tokens) -> frozenset[int]:
    """Return the words of complements that a title takes with ل: «المدير العام للأمن الوطني ولمراقبة التراب الوطني».

    There the name of an organisation is part of the title, not a mention of it; one that is called by what it is
    («الكاتب العام لوزارة الداخلية», «نائب المنسق لمكتب مكافحة الإرهاب») is a mention.
    """
    words = tokens.words
    found: set[int] = set()
    for at, word in enumerate(words):
        if not word.mask & _OFFICE:
            continue
        here = at + 1
        while here < len(words) and here - at < 3 and words[here].mask & _QUALITY and not words[here].mask & _BREAKS:
            here += 1
        if here < len(words) and _takes_for(words[here]) and not words[here].mask & _HEAD:
            # What an earlier title took goes on to where this one would: no word is looked at twice.
            while here < len(words) and words[here].mask & _GOES_ON and not words[here].mask & _BREAKS:
                if here in found:
                    break
                found.add(here)
                here += 1
    return frozenset(found)


def _takes_for(word: Word) -> bool:
    """Return whether a word carries ل, be it read off («لمراقبة») or listed so («للأمن» in topics)."""
    return word.head()[0].endswith("ل") or word.key.startswith(LL)
