"""A text in, the edits out that make its characters uniform: one code point for what a reader sees as one letter.

Presentation forms and ligatures become letters, special spaces and line ends plain ones; tatweel, marks and invisible
characters go; letter and mark become one character where there is one (Unicode NFC); variants of a letter may be folded
into one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from arner import letters
from arner.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

# The reasons that an edit of a text can have, in the order of the steps; page furniture has its own (`ad-slot`, …).
STEPS: Final = (
    "html-tag", "html-entity", "line-end", "control", "surrogate", "space", "tatweel", "presentation-form", "ligature",
    "composition", "mark", "alef", "hamza", "ya", "ta-marbuta", "kaf", "ha", "letter", "case", "digits", "unknown",
)  # fmt: skip
# Variants of a letter by what they differ in, and the letter that stands for them all.
_FOLDS: Final = (
    ("alef", "أإآٱ", "ا"),
    ("ya", "ىی", "ي"),
    ("ta-marbuta", "ة", "ه"),
    ("kaf", "ک", "ك"),
    ("ha", "ۀہھە", "ه"),
    ("hamza", "ؤ", "و"),
    ("hamza", "ئ", "ي"),
)
_FOLDED: Final = {old: (new, reason) for reason, olds, new in _FOLDS for old in olds}
_FOLDABLE: Final = re.compile(f"[{''.join(_FOLDED)}]")
# These marks compose with a letter (ا + hamza → أ); they fall when they had their chance.
_HAMZA_MARKS: Final = "\N{ARABIC MADDAH ABOVE}\N{ARABIC HAMZA ABOVE}\N{ARABIC HAMZA BELOW}"
_MARK: Final = re.compile(
    "[\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff]"
)
_ANY_MARK: Final = re.compile(f"{_MARK.pattern}|[{_HAMZA_MARKS}]")
LINE_ENDS: Final = "\n\r\v\f\x1c\x1d\x1e\x85" + letters.LINE_SEPARATORS
_INVISIBLE: Final = re.compile(
    "[\0-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\N{SOFT HYPHEN}\N{ARABIC LETTER MARK}\N{MONGOLIAN VOWEL SEPARATOR}"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\N{ZERO WIDTH NO-BREAK SPACE}\ufff9-\ufffb"
    "\U000e0001\U000e0020-\U000e007f]"
)
_PRESENTATION: Final = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc\U0001ee00-\U0001eeff]")
_BISMILLAH: Final = "\N{ARABIC LIGATURE BISMILLAH AR-RAHMAN AR-RAHEEM}"
# What no step but a fold changes; all other characters are looked at one by one.
_PLAIN: Final = "\t\n -~¡-¬®-ÿء-غف-ي٠-٭ٮٯٱ-ۓە۰-ۿ،؛؟–—‘’“”…•"
_RUNS: Final = f"\r\n|ـ++|(?:{_INVISIBLE.pattern})++"
_NOT_PLAIN: Final = re.compile(f"{_RUNS}|(?:{_MARK.pattern})++|[^{_PLAIN}]")
_NOT_PLAIN_NOR_MARK: Final = re.compile(f"{_RUNS}|[^{_PLAIN}{_MARK.pattern[1:-1]}]")
_LONG_RUN: Final = 32


def uniform(text: str, *, marks: bool) -> Iterator[Edit]:
    """Yield the edits that make characters uniform one by one: all but composition. `marks` keeps diacritics.

    >>> [edit.reason for edit in uniform("ﻻ مَـ", marks=False)]
    ['ligature', 'mark', 'tatweel']
    """
    pattern = _NOT_PLAIN_NOR_MARK if marks else _NOT_PLAIN
    for found in pattern.finditer(text):
        # What is found in runs (marks, tatweel, invisible characters) is all dropped; a CRLF is one line end.
        if change := _plain(found[0][0], marks):
            yield Edit(*found.span(), *change)


@lru_cache(maxsize=8192)
def _plain(character: str, marks: bool) -> tuple[str, str] | None:
    """Return what a character becomes, and the reason; None where it stays."""
    if character in LINE_ENDS:
        return "\n", "line-end"
    if _INVISIBLE.match(character):
        return "", "control"
    if character == letters.TATWEEL:
        return "", "tatweel"
    if _MARK.match(character):
        return None if marks else ("", "mark")
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}", "surrogate"
    if category == "Zs":
        return None if character == " " else (" ", "space")
    composed = unicodedata.normalize("NFC", character)
    if _PRESENTATION.match(character) and (spelled := _spelled(character)) != character:
        parts = ((c, _plain(c, marks)) for c in spelled)
        shown = "".join(c if change is None else change[0] for c, change in parts)
        return shown, "ligature" if len(_ANY_MARK.sub("", spelled)) > 1 else "presentation-form"
    return None if composed == character else (composed, "composition")


def _spelled(form: str) -> str:
    """Return the letters of a presentation form; a mark that has a space to stand on loses it."""
    if form == _BISMILLAH:
        return "بسم الله الرحمن الرحيم"
    return unicodedata.normalize("NFKC", form).removeprefix(" ")


def composed(text: str, *, marks: bool) -> Iterator[Edit]:
    """Yield the edits that bring letters and their marks into Unicode's composed form, in time linear in the text.

    Without `marks`, hamza and madda signs that compose with nothing are dropped.
    """
    for run in _joining().finditer(text):
        start = max(run.start() - 1, 0)
        old = text[start : run.end()]
        new = _nfc(old)
        step = "composition" if new != old else "mark"
        if not marks and (bare := new.translate(dict.fromkeys(map(ord, _HAMZA_MARKS)))) != new:
            new = _nfc(bare)
        if new != old:
            same = len(new) if old.startswith(new) else 0
            yield Edit(start + same, run.end(), new[same:], step)


@cache
def _joining() -> Any:  # noqa: ANN401 -- regex has no types
    """Return the pattern of all that can compose with what stands before it: marks and the later Hangul letters."""
    import regex

    return regex.compile(r"[\p{M}\u1160-\u11ff\U00016d63-\U00016d6a]++")


def _nfc(run: str) -> str:
    """Return a letter and its marks composed; in time linear in their number, which `normalize` alone is not."""
    if len(run) > _LONG_RUN:
        apart = "".join(unicodedata.normalize("NFD", c) for c in run)
        runs = groupby(apart, key=lambda c: unicodedata.combining(c) > 0)
        run = "".join("".join(sorted(r, key=unicodedata.combining) if moves else r) for moves, r in runs)
    return unicodedata.normalize("NFC", run)


def folded(text: str) -> Iterator[Edit]:
    """Yield the edits that make the variants of a letter one.

    >>> [edit.text for edit in folded("أمينة")]
    ['ا', 'ه']
    """
    for found in _FOLDABLE.finditer(text):
        yield Edit(*found.span(), *_FOLDED[found[0]])


def unmarked(text: str) -> str:
    """Return a text without diacritics.

    >>> unmarked("مُحَمَّد")
    'محمد'
    """
    return _ANY_MARK.sub("", text)


@lru_cache(maxsize=8192)
def reason(character: str, form: str) -> str:
    """Return the name of the step by which a character takes its matching form.

    >>> reason("ة", "ه"), reason("٣", "3"), reason("گ", "ك")
    ('ta-marbuta', 'digits', 'letter')
    """
    if not form:
        change = _plain(character, marks=False)
        return change[1] if change and not change[0] else "mark"
    if character in _FOLDED:
        return _FOLDED[character][1]
    if form == "?":
        return "unknown"
    if len(form) > 1:
        return "ligature"
    if _PRESENTATION.match(character):
        return "presentation-form"
    if form.isdecimal():
        return "digits"
    if form == " ":
        return "space"
    return "case" if character.lower() == form else "letter"
