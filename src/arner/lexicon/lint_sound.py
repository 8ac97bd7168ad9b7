"""Entity rows in, a finding out for each whose English name does not sound like the Arabic.

Both names are cut down to the classes of their consonants and aligned; letters that one script leaves out (ع, h, w …)
cost nothing. A row whose alignment fails for more than `TOLERANCE` of the letters is most likely a slip: another
person's name, two fields exchanged, a word lost. Only names that are written by sound are compared: people and towns.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from arner.lexicon import variants
from arner.lexicon.findings import warning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.lexicon.findings import Finding
    from arner.lexicon.read import Row

TOLERANCE: Final = 0.3
KINDS: Final = frozenset(("city", "town", "village"))
# Classes of sounds: B labial stop, F labial breath, T tooth, S hiss, K throat, R L M N themselves; - may be silent.
ARABIC: Final = {
    "تش": "SK", "تس": "ST",
    "ب": "BF", "ف": "FB", "ت": "TS", "ط": "T", "د": "T", "ض": "TS", "ذ": "TS", "ظ": "TS", "ث": "TS",
    "س": "S", "ص": "S", "ز": "ST", "ش": "SK", "ج": "SKY", "ك": "KS", "ق": "KS", "غ": "KR-", "خ": "KS-",
    "ر": "R", "ل": "L", "م": "M", "ن": "N", "و": "F-", "ي": "Y-", "ه": "K-", "ح": "K-", "ع": "-", "ء": "-",
}  # fmt: skip
LATIN: Final = {
    "tch": "S", "sch": "S", "sh": "S", "ch": "SK", "kh": "K", "gh": "K-", "ph": "F", "th": "T", "dh": "T", "zh": "SK",
    "ck": "K", "cz": "S", "ll": "LY", "b": "B", "p": "BF", "f": "F", "v": "FB", "w": "F-", "t": "TS-",
    "d": "TS-", "s": "S-", "z": "ST", "c": "SK", "j": "SYK", "x": "SK", "k": "K", "q": "K", "g": "KS-", "r": "R-",
    "l": "L-", "m": "M", "n": "N", "h": "K-", "y": "Y-",
}  # fmt: skip
_ARABIC: Final = re.compile("تش|تس|[" + "".join(letter for letter in ARABIC if len(letter) == 1) + "]")
_LATIN: Final = re.compile("|".join(sorted(LATIN, key=lambda part: (-len(part), part))))
_NOT_SOUND: Final = re.compile(r"\b(?:al|el|an|ar|as|ash|at|ad|az|en|er|es|the|of|de)\b[ -]|['’`\-]")
# What the English name has and the Arabic leaves out or translates.
_TITLE: Final = re.compile(
    r"\b(?:crown prince|king|queen|prince|princess|imam|sultan|sheikh|pope|patriarch|cardinal|lord|colonel|saint)\b"
    r"|\b[IVX]+\b|\b(?:city|town|province|nahiyat|qaryat)\b|\b(?:of|the) .*|-shi\b|,.*",
    re.IGNORECASE,
)
_BARRED: Final = str.maketrans("đðłøı", "ddloi")
_DOUBLE: Final = re.compile(r"([b-km-z])\1")


def unlike(rows: Iterable[Row]) -> Iterator[Finding]:
    """Yield a warning for each person and town whose English name does not sound like any of its Arabic forms."""
    for row in rows:
        if row["en"] == "-" or not (row.table == "people" or row["kind"] in KINDS):
            continue
        forms = [form for form in (row["name"], *row.many("aliases"), *row.many("weak")) if not form.isascii()]
        english = {row["en"], _TITLE.sub("", row["en"]).strip()}
        if not any(is_like(form, one) for form in forms for one in english):
            yield warning(row, "sound", f"{row['en']!r} does not sound like {row['name']!r}")


def is_like(arabic: str, english: str) -> bool:
    """Return whether an English name sounds like an Arabic one or like a part of it.

    >>> is_like("محمد بن سليمان الجزولي", "Muhammad al-Jazuli")
    True
    """
    words, count = arabic.split(), len(english.split())
    parts = [arabic, " ".join(words[:count]), f"{words[0]} {words[-1]}"]
    if count == 1:
        parts += words
    return any(distance(part, english) <= TOLERANCE for part in parts)


def distance(arabic: str, english: str) -> float:
    """Return the share of consonants, from 0 to 1, that have no like in the other name.

    >>> distance("كريستوفر راي", "Christopher Wray")
    0.0
    >>> distance("كريستوفر راي", "Abdellatif Hammouchi") > TOLERANCE
    True
    """
    left, right = _of_arabic(arabic), _of_latin(english)
    longest = max(_sounded(left), _sounded(right))
    return min(1.0, _alignment(left, right) / longest) if longest else 0.0


def _sounded(sounds: list[str]) -> int:
    return sum("-" not in sound for sound in sounds)


def _of_arabic(name: str) -> list[str]:
    parts = (part.removeprefix("ال") for part in variants.words(name).split())
    return [ARABIC[sound] for part in parts for sound in _ARABIC.findall(part)]


def _of_latin(name: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).lower()
    plain = plain.translate(_BARRED)
    sounds: list[str] = []
    for part in _LATIN.findall(_DOUBLE.sub(r"\1", _NOT_SOUND.sub("", plain))):
        sounds += ("K", "S-") if part == "x" else (LATIN[part],)
    return sounds


def _alignment(left: list[str], right: list[str]) -> int:
    """Return the least number of sounds left out or changed to make one of the other."""
    before = [0]
    for sound in right:
        before.append(before[-1] + ("-" not in sound))
    for one in left:
        skip = "-" not in one
        now = [before[0] + skip]
        for at, other in enumerate(right, 1):
            now.append(min(before[at] + skip, now[-1] + ("-" not in other), before[at - 1] + (not _alike(one, other))))
        before = now
    return before[-1]


@cache
def _alike(one: str, other: str) -> bool:
    return any(sound in other for sound in one if sound != "-")
