"""What the fitted recognizer sees of a word: features of its classes, its letters and the phrases it stands in.

They say what a word is, never which name it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arner import letters
from arner.lexicon.schema import BITS, SENSE_WEAK, TOKEN_CLASSES, WORD_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arner.recognizers.gazetteer import Match
    from arner.tokens import Word

# One class stands for a word where two neighbours are looked at together: the first of these that it has.
ORDER: Final = (
    "newline",
    "stop-mark",
    "comma",
    "colon",
    "quote-open",
    "quote-close",
    "bracket-open",
    "bracket-close",
    "dash",
    "mark",
    "digits",
    "country",
    "org",
    "per",
    "loc",
    "say",
    "role",
    "honorific",
    "rank",
    "org-head",
    "org-classifier",
    "place-outside",
    "place-inside",
    "stop",
    "nationality",
    "kunya",
    "nasab",
    "abd",
    "given",
    "family",
    "occupation",
    "kin",
    "org-field",
    "motion",
    "verb",
    "month",
    "weekday",
    "number",
    "time",
    "ordinal",
    "org-adjective",
    "regional",
    "direction",
    "noun",
    "adjective",
    "org-topic",
    "particle",
    "laqab",
    "loc-weak",
    "org-weak",
    "given-weak",
    "family-weak",
    "per-weak",
    "name-token",
    "acronym",
    "latin",
    "unknown",
    "frequent",
)
_BITS_IN_ORDER = tuple(BITS[name] for name in ORDER)
_IDENTITY = sum(BITS[c] for c in WORD_CLASSES)
_NAMES = sum(
    BITS[c]
    for c in ("given", "given-weak", "family", "family-weak", "per", "per-weak", "loc", "loc-weak", "org", "org-weak")
)
_SEEN = tuple((bit, name) for name, bit in BITS.items() if name != "letter")
_CLITICS = BITS["conjunction"] | BITS["preposition"]
assert set(TOKEN_CLASSES) <= set(BITS)


def coarse(mask: int) -> int:
    """Return the number of the one class that stands for a word of this mask among neighbours."""
    for number, bit in enumerate(_BITS_IN_ORDER):
        if mask & bit:
            return number
    return len(_BITS_IN_ORDER)


CLASSES: Final = len(ORDER) + 1


def mask_features(mask: int) -> Iterator[str]:
    """Yield the features of a word that follow from its classes alone."""
    for bit, name in _SEEN:
        if mask & bit:
            yield "c=" + name
    yield f"m={mask:x}"


def word_features(word: Word) -> Iterator[str]:
    """Yield the features of a word that follow from its letters: shape, affixes, frequency; never a name itself."""
    key = word.key
    if (
        not word.mask & BITS["digits"]
        and not key[:1].isalpha()
        and len(key) <= 1
        and word.size <= 1
        and not word.zipf
        and not word.readings
    ):
        yield f"p={key.hex()}"
        return
    yield f"z={min(word.zipf, 170) // 13}"
    yield f"l={min(len(key), 10)}"
    stem = word.readings[0].stem if word.mask & _CLITICS and word.readings else key
    text = letters.decode(stem)
    if text.startswith("ال") and len(text) > 4:
        text = text[2:]
    for size in (1, 2, 3):
        if len(text) > size:
            yield f"b{size}={text[:size]}"
            yield f"e{size}={text[-size:]}"
    if word.mask & _CLITICS and word.readings:
        yield "k=" + word.readings[0].proclitic
    if word.mask & _IDENTITY and not word.mask & _NAMES:
        yield "w=" + letters.decode(stem)


def phrase_tags(matches: Sequence[Match], size: int) -> list[str]:
    """Return a tag a word for the gazetteer phrases of two words or more that it stands in; "" for none.

    Longer matches win; a tag joins the places (B, I) in matches by label, tier (~ for weak) and length (at most 4).
    """
    tags: list[dict[str, str]] = [{} for _ in range(size)]
    for match in sorted(matches, key=lambda m: (m.first - m.last, m.first)):
        if match.last - match.first < 2:
            continue
        for row, kind in match.record.entries():
            label = row.label
            if any(label in tags[i] for i in range(match.first, match.last)):
                continue
            kept = f"{label}{'~' if kind == SENSE_WEAK else ''}{min(match.last - match.first, 4)}"
            for i in range(match.first, match.last):
                tags[i][label] = f"{'B' if i == match.first else 'I'}-{kept}"
    return ["|".join(tag for _, tag in sorted(t.items())) for t in tags]
