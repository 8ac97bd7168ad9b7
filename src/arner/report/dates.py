"""A document's name and text in, the day it is dated out: from the name, else from a dateline near the top."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from arner import letters

# The Gregorian months as the Maghreb, Egypt, the Gulf, the Levant and Iraq call them.
_MONTHS: Final = (
    ("يناير", "جانفي", "كانون الثاني", "كانون ثاني"),
    ("فبراير", "فبرائر", "فيفري", "شباط"),
    ("مارس", "آذار"),
    ("أبريل", "أفريل", "نيسان"),
    ("ماي", "مايو", "أيار"),
    ("يونيو", "يونيه", "جوان", "حزيران"),
    ("يوليوز", "يوليو", "يوليه", "جويلية", "تموز"),
    ("غشت", "أغسطس", "أوت", "آب"),
    ("شتنبر", "سبتمبر", "أيلول"),
    ("أكتوبر", "تشرين الأول", "تشرين أول"),
    ("نونبر", "نوفمبر", "تشرين الثاني", "تشرين ثاني"),
    ("دجنبر", "ديسمبر", "كانون الأول", "كانون أول"),
)
_NUMBER: Final = {
    letters.decode(letters.key(name)): number for number, names in enumerate(_MONTHS, 1) for name in names
}
_MONTH: Final = "|".join(sorted(_NUMBER, key=len, reverse=True))
_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})"
_BEGIN, _END = r"(?<![0-9a-zء-ي])", r"(?![0-9a-zء-ي])"
# 20170209, 2017-02-09: the same sign, or none, in both places.
_ISO: Final = re.compile(
    rf"{_BEGIN}{_YEAR}(?P<sign>[-_./]?)(?P<month>[01][0-9])(?P=sign)(?P<day>[0-3][0-9])(?![0-9a-z])"
)
# 9 فبراير 2017, 24/فبراير/2025.
_WRITTEN: Final = re.compile(
    rf"{_BEGIN}(?P<day>[0-3]?[0-9])\s*[-/،]?\s*(?P<month>{_MONTH})\s*[-/،]?\s*{_YEAR}{_END}"
)
# 09/02/2017.
_NUMERIC: Final = re.compile(
    rf"(?<![-/.]){_BEGIN}(?P<day>[0-3]?[0-9])(?P<sign>[-/.])(?P<month>[01]?[0-9])(?P=sign){_YEAR}{_END}"
)
# A dateline stands near the top, alone on a short line or opening a long one («الرباط - 9 فبراير 2017 - أعلن…»);
# other dates are those of what is told.
_LINES: Final = 8
_SHORT: Final = 60  # code points
_OPENING_WORDS: Final = 4
_BEFORE: Final = "-–—(:/،"


def date_of(name: str, source: str) -> str | None:
    r"""Return the day of a document as `YYYY-MM-DD`, or None: of its file name, else of its first lines.

    >>> date_of("politic-10-20170209.txt", ""), date_of("a.txt", "الرباط\nالاثنين 24/فبراير/2025 - 06:15 م\n")
    ('2017-02-09', '2025-02-24')
    >>> date_of("a.txt", "لم تحمل انتخابات 6 أكتوبر 2024 مفاجأة كبيرة في تونس، فقد حصد الرئيس قيس سعيّد الأصوات") is None
    True
    """
    return _first(_ISO, name.rpartition("/")[2].lower()) or _dateline(source)


def _dateline(source: str) -> str | None:
    lines = [line for line in source[:4096].splitlines() if line.strip()]
    for line in lines[:_LINES]:
        opening = letters.decode(letters.key(line[: 2 * _SHORT])).strip()
        for pattern in (_ISO, _WRITTEN, _NUMERIC):
            found = _first(pattern, opening, dateline=len(opening) > _SHORT)
            if found:
                return found
    return None


def _first(pattern: re.Pattern[str], text: str, *, dateline: bool = False) -> str | None:
    for found in pattern.finditer(text):
        if dateline and not _opens(text[: found.start()]):
            return None
        month = found["month"]
        try:
            return date(int(found["year"]), int(_NUMBER.get(month, month)), int(found["day"])).isoformat()
        except ValueError:  # the 31st of February is a number, no date
            continue
    return None


def _opens(before: str) -> bool:
    """Return whether what stands before a date opens a dateline: nothing, or a few words and a dash."""
    words = before.split()
    return not words or (len(words) <= _OPENING_WORDS and words[-1][-1] in _BEFORE)
