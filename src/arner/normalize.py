"""A text in, the text that a reader sees (`clean`) or that look-ups use (`match`) out, with the way back to the source.

Each step turns a text into edits of it; the edits of all steps are chained into edits of the source. A text is run
through the steps until nothing changes, so that cleaning what is clean changes nothing.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from arner import characters, letters
from arner.characters import LINE_ENDS, STEPS
from arner.clean import Furniture, markup
from arner.edits import Edit, Normalized, applied, chained

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arner.clean import Markup

__all__ = ["STEPS", "Edit", "Normalized", "built_in_furniture", "clean", "match"]

_LINE_END: Final = re.compile(f"[ \\t]*+(?:\r\n|[{LINE_ENDS}])")
_ROUNDS: Final = 8


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
        Edit(at, at + 1, form, characters.reason(character, form))
        for at, character in enumerate(source)
        if (form := forms[code[at]]) != character
    )
    merged = _merged(edits)
    return Normalized(applied(source, merged), source, tuple(merged))


@cache
def built_in_furniture() -> Furniture:
    """Return the page furniture of arner's lexicon. Raises NoLexiconError where the lexicon is missing."""
    from arner.lexicon import load

    extra = load.built_in().extra
    return Furniture([tuple(row) for row in extra["noise"]], extra["starts"])


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
    changed |= draft.apply(characters.uniform(draft.text, marks=marks))
    changed |= draft.apply(characters.composed(draft.text, marks=marks and not fold))
    changed |= draft.apply(_without_furniture(draft.text, fold, furniture))
    if fold:
        changed |= draft.apply(characters.folded(draft.text))
    return changed


def _without_markup(text: str) -> Iterator[Edit]:
    """Yield what takes markup off; a block's tag is a line end only where no line end stands beside it.

    A line that shows nothing but had markup goes with its line end.
    """
    found = list(markup(text)) if "<" in text or "&" in text else []
    edges = [0, *(edge for one in found for edge in (one.start, one.end)), len(text)]
    between = [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    opens = True  # whether the line shows nothing so far
    for (start, end, shown, reason), before, behind, closes in zip(
        found, between, between[1:], _closing(found, between), strict=False
    ):
        opens = not before.rpartition("\n")[2].strip() and (opens or "\n" in before)
        put = "" if shown == "\n" and (opens or closes) else shown
        empty = _LINE_END.match(behind) if opens and closes and not put else None
        yield Edit(start, end + (empty.end() if empty else 0), put, reason)
        opens = put == "\n" or (opens and not put)


def _closing(found: Sequence[Markup], between: Sequence[str]) -> list[bool]:
    """Return of each piece of markup whether nothing shows between it and a line end of the text."""
    closing: list[bool] = []
    closes = True
    for one, behind in zip(reversed(found), reversed(between), strict=False):
        rest = behind.lstrip(" \t")
        closes = rest[0] in LINE_ENDS if rest else closes
        closing.append(closes)
        closes = closes and not one.text.strip()
    return closing[::-1]


def _without_furniture(text: str, fold: bool, furniture: Furniture) -> Iterator[Edit]:
    """Yield what drops the lines that are furniture, with their line ends."""
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if len(bare) < 400:  # marks and all
            bare = characters.unmarked(bare)
            kind = furniture.reason(bare)
            if fold and not kind:
                kind = furniture.reason(applied(bare, characters.folded(bare)))
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
