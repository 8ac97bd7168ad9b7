"""A text in, the text that a reader sees (`clean`) or that look-ups use (`match`) out, with the way back to the source.

Each step turns a text into edits of it; the edits of all steps are chained into edits of the source. A text is run
through the steps until nothing changes, so that cleaning what is clean changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from arner import letters
from arner.clean import Furniture, markup
from arner.edits import Edit, Normalized, applied, chained

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arner.clean import Markup

__all__ = ["STEPS", "Edit", "Normalized", "built_in_furniture", "clean", "match"]

# The reasons that an edit can have; page furniture has its own kinds (`ad-slot`, `share`, …).
STEPS: Final = (
    "html-tag", "html-entity", "line-end", "control", "surrogate", "space", "tatweel", "presentation-form", "ligature",
    "composition", "mark", "alef", "hamza", "ya", "ta-marbuta", "kaf", "ha", "letter", "case", "digits", "unknown",
)  # fmt: skip
_FOLDS: Final = (
    ("alef", "أإآٱ", "ا"),
    ("ya", "ىی", "ي"),
    ("ta-marbuta", "ة", "ه"),
    ("kaf", "ک", "ك"),
    ("ha", "ۀہھە", "ه"),
)
_SEATS: Final = (("hamza", "ؤ", "و"), ("hamza", "ئ", "ي"))
_FOLDED: Final = {old: (new, reason) for reason, olds, new in (*_FOLDS, *_SEATS) for old in olds}
_FOLDABLE: Final = re.compile(f"[{''.join(_FOLDED)}]")
# These marks compose with a letter (ا + hamza → أ); they fall when they had their chance.
_HAMZA_MARKS: Final = "\N{ARABIC MADDAH ABOVE}\N{ARABIC HAMZA ABOVE}\N{ARABIC HAMZA BELOW}"
_MARK: Final = re.compile(
    "[\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0897-\u089f\u08ca-\u08e1\u08e3-\u08ff]"
)
_ANY_MARK: Final = re.compile(f"{_MARK.pattern}|[{_HAMZA_MARKS}]")
_LINE_ENDS: Final = "\n\r\v\f\x1c\x1d\x1e\x85" + letters.LINE_SEPARATORS
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
_ROUNDS: Final = 8
_LONG_RUN: Final = 32


def clean(source: str, *, marks: bool = False, fold: bool = False, furniture: Furniture | None = None) -> Normalized:
    r"""Return what a reader of a page sees, made uniform, with the way back to the source.

    Off go HTML tags, scripts and comments (a block's tag becomes a line end), control, bidi and zero-width characters,
    tatweel, diacritics unless `marks`, and the lines that are page furniture: those of arner's lexicon, unless another
    `furniture` is given (`Furniture(())` for none). Entities become their characters, presentation forms and ligatures
    their letters, line ends line feeds, special spaces plain ones, letter and mark one character where there is one
    (Unicode NFC). `fold` makes the variants of alef, hamza, ya, ta marbuta, kaf and ha one: أ→ا ؤ→و ى→ي ة→ه ک→ك ھ→ه.

    Runs of spaces, line ends inside paragraphs, digits, punctuation and the Persian letters پ چ ڤ گ stay. Markup
    inside decoded markup (`&lt;b&gt;`) is taken off too; behind eight such layers the signs < and & go themselves.
    Cleaning twice is cleaning once. Raises NoLexiconError where arner's lexicon is missing.

    >>> clean("قال <b>مُحَمَّــد</b>&nbsp;ﷲ\r\nad a b\r\n").text
    'قال محمد الله\n'
    >>> clean("إلى", fold=True).edits
    (Edit(start=0, end=1, text='ا', reason='alef'), Edit(start=2, end=3, text='ي', reason='ya'))
    """
    furniture = built_in_furniture() if furniture is None else furniture
    draft = _Draft(source)
    for _ in range(_ROUNDS):
        if not _round(draft, marks, fold, furniture) or not ("<" in draft.text or "&" in draft.text):
            break
    else:
        draft.apply(Edit(m.start(), m.end(), "", "html-tag") for m in re.finditer("[<&]+", draft.text))
        _round(draft, marks, fold, furniture)
    return Normalized(draft.text, source, tuple(draft.edits))


def match(source: str) -> Normalized:
    """Return the form that look-ups compare, with the way back to the source: `letters.fold`, as a str.

    A code point of the source gives one character; marks, tatweel and invisible characters give none, ligatures the
    letters that they stand for, characters that arner's code does not know `?`. Markup and furniture stay.

    >>> match("إِلى ﷲ").text
    'الي الله'
    """
    code = letters.encode(source)
    forms = _forms()
    edits = (
        Edit(at, at + 1, form, _why(character, form))
        for at, character in enumerate(source)
        if (form := forms[code[at]]) != character
    )
    merged = _merged(edits)
    return Normalized(applied(source, merged), source, tuple(merged))


@cache
def built_in_furniture() -> Furniture:
    """Return the page furniture of arner's lexicon. Raises NoLexiconError where the lexicon is missing."""
    from arner.lexicon import load

    return Furniture([tuple(row) for row in load.built_in().extra["noise"]])


class _Draft:
    """A text on its way from source to result."""

    def __init__(self, source: str) -> None:
        self.text = source
        self.edits: list[Edit] = []

    def apply(self, edits: Iterable[Edit]) -> bool:
        """Apply edits of the present text; return whether there were any."""
        new = list(edits)
        if new:
            self.edits = chained(self.edits, self.text, new)
            self.text = applied(self.text, new)
        return bool(new)


def _round(draft: _Draft, marks: bool, fold: bool, furniture: Furniture) -> bool:
    changed = draft.apply(_without_markup(draft.text))
    changed |= draft.apply(_plain_characters(draft.text, marks))
    changed |= draft.apply(_composed(draft.text, marks and not fold))
    changed |= draft.apply(_without_furniture(draft.text, fold, furniture))
    if fold:
        changed |= draft.apply(Edit(m.start(), m.end(), *_FOLDED[m[0]]) for m in _FOLDABLE.finditer(draft.text))
    return changed


def _without_markup(text: str) -> Iterator[Edit]:
    """Yield what takes markup off; a block's tag is a line end only where no line end stands beside it."""
    found = list(markup(text)) if "<" in text or "&" in text else []
    edges = [0, *(edge for one in found for edge in (one.start, one.end)), len(text)]
    between = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    opens = True  # whether the line shows nothing so far
    for (start, end, shown, reason), before, closes in zip(found, between, _closing(found, between), strict=False):
        opens = not before.rpartition("\n")[2].strip() and (opens or "\n" in before)
        put = "" if shown == "\n" and (opens or closes) else shown
        yield Edit(start, end, put, reason)
        opens = put == "\n" or (opens and not put)


def _closing(found: Sequence[Markup], between: Sequence[str]) -> list[bool]:
    """Return of each piece of markup whether nothing shows between it and a line end of the text."""
    closing: list[bool] = []
    closes = True
    for one, behind in zip(reversed(found), reversed(between), strict=False):
        rest = behind.lstrip(" \t")
        closes = rest[0] in _LINE_ENDS if rest else closes
        closing.append(closes)
        closes = closes and not one.text.strip()
    return closing[::-1]


def _plain_characters(text: str, marks: bool) -> Iterator[Edit]:
    pattern = _NOT_PLAIN_NOR_MARK if marks else _NOT_PLAIN
    for found in pattern.finditer(text):
        # What stands in runs (marks, tatweel, invisible characters) is all dropped; a CRLF is one line end.
        if change := _plain(found[0][0], marks):
            yield Edit(*found.span(), *change)


@lru_cache(maxsize=8192)
def _plain(character: str, marks: bool) -> tuple[str, str] | None:
    """Return what a character becomes, and the reason; None where it stays."""
    if character in _LINE_ENDS:
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


def _composed(text: str, marks: bool) -> Iterator[Edit]:
    """Yield what brings each letter and its marks into Unicode's composed form, and drops loose hamza marks."""
    for run in _joining().finditer(text):
        start = max(run.start() - 1, 0)
        old = new = text[start : run.end()]
        new = _nfc(old)
        reason = "composition" if new != old else "mark"
        if not marks and (bare := new.translate(dict.fromkeys(map(ord, _HAMZA_MARKS)))) != new:
            new = _nfc(bare)
        if new != old:
            same = len(new) if old.startswith(new) else 0
            yield Edit(start + same, run.end(), new[same:], reason)


@cache
def _joining() -> Any:  # noqa: ANN401 -- regex has no types
    """Return the pattern of all that can compose with what stands before it: marks and the later Hangul letters."""
    import regex  # type: ignore[import-untyped]

    return regex.compile(r"[\p{M}\u1160-\u11ff\U00016d63-\U00016d6a]++")


def _nfc(run: str) -> str:
    """Return a letter and its marks composed; in time linear in their number, which `normalize` alone is not."""
    if len(run) > _LONG_RUN:
        apart = "".join(unicodedata.normalize("NFD", c) for c in run)
        runs = groupby(apart, key=lambda c: unicodedata.combining(c) > 0)
        run = "".join("".join(sorted(r, key=unicodedata.combining) if moves else r) for moves, r in runs)
    return unicodedata.normalize("NFC", run)


def _without_furniture(text: str, fold: bool, furniture: Furniture) -> Iterator[Edit]:
    """Yield what drops the lines that are furniture, with their line ends."""
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if len(bare) < 400:  # marks and all
            bare = _ANY_MARK.sub("", bare)
            kind = furniture.reason(bare)
            if fold and not kind:
                kind = furniture.reason(_FOLDABLE.sub(lambda m: _FOLDED[m[0]][0], bare))
            if kind:
                yield Edit(at, at + len(line), "", kind)
        at += len(line)


def _merged(edits: Iterable[Edit]) -> list[Edit]:
    """Return edits with neighbouring deletions of one reason made one."""
    merged: list[Edit] = []
    end, deleted = -1, ""
    for edit in edits:
        if edit.start == end and edit.reason == deleted and not edit.text:
            merged[-1] = Edit(merged[-1].start, edit.end, "", deleted)
        else:
            merged.append(edit)
        end, deleted = edit.end, "" if edit.text else edit.reason
    return merged


@cache
def _forms() -> tuple[str, ...]:
    return tuple(letters.decode(letters.fold(bytes((byte,)))) for byte in range(256))


@lru_cache(maxsize=8192)
def _why(character: str, form: str) -> str:
    """Return the name of the step by which `match` makes a form of a character."""
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
