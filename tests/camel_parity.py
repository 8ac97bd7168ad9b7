"""A text in, where arner and camel_tools differ on it out, each difference with its row in the table of those meant.

`cases/camel_differences.tsv` is that table. Its columns: the function of camel_tools; code points, ranges of them, or a
step of arner's (`html-tag`) that looks at more than one character; what camel makes of each; what arner makes of it;
and why. What is made of a character is a text, or one of the words in `_MADE`; `-` for a step.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arner import letters, normalize
from arner.clean import Furniture
from arner.edits import Edit, Normalized, applied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TABLE = Path(__file__).parent / "cases" / "camel_differences.tsv"
_NO_FURNITURE = Furniture(())
_MADE: dict[str, Callable[[str, str], bool]] = {
    "kept": lambda c, made: made == c,
    "dropped": lambda _, made: made == "",
    "unknown": lambda _, made: made == "?",
    "space": lambda _, made: made == " ",
    "line-end": lambda _, made: made == "\n",
    "lower": lambda c, made: made == c.lower(),
    "digit": lambda c, made: made == str(unicodedata.digit(c)),
    "other": lambda c, made: made not in ("", c),  # each another
    "base": lambda c, made: made == _base(c).lower(),
    "shown": lambda c, made: made not in ("", c) and made in _shown(c),
}


def _shown(character: str) -> str:
    """Return the letters of a presentation form, with and without their marks."""
    spelled = unicodedata.normalize("NFKC", character)
    return f"{spelled} {unicodedata.normalize('NFC', _base(character))} بسم الله الرحمن الرحيم"


def _base(character: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) != "Mn")


class Pair(NamedTuple):
    """A function of camel_tools and what arner does in its place."""

    name: str
    camel: Callable[[str], str]
    arner: Callable[[str], Normalized]


class Row(NamedTuple):
    """A row of the table: for a function and a character (or step), what each makes of it and why."""

    camel: str
    arner: str
    why: str


class Difference(NamedTuple):
    """A stretch of a text of which the two make different things; `row` is None where no row says so."""

    source: str
    camel: str
    arner: str
    row: Row | None


@cache
def pairs() -> tuple[Pair, ...]:
    """Return what is compared. Raises ImportError without the light part of camel_tools."""
    from camel_tools.utils import dediac
    from camel_tools.utils import normalize as camel
    from camel_tools.utils.charmap import CharMapper

    def all_four(text: str) -> str:
        text = camel.normalize_alef_ar(dediac.dediac_ar(text))
        return str(camel.normalize_teh_marbuta_ar(camel.normalize_alef_maksura_ar(text)))

    return (
        Pair("dediac_ar", dediac.dediac_ar, lambda text: _step(text, "mark")),
        Pair("normalize_alef_ar", camel.normalize_alef_ar, lambda text: _step(text, "alef")),
        Pair("normalize_alef_maksura_ar", camel.normalize_alef_maksura_ar, lambda text: _step(text, "ya")),
        Pair("normalize_teh_marbuta_ar", camel.normalize_teh_marbuta_ar, lambda text: _step(text, "ta-marbuta")),
        Pair("all four", all_four, normalize.match),
        Pair("arclean", CharMapper.builtin_mapper("arclean").map_string, clean),
    )


def clean(text: str) -> Normalized:
    """Return what `arner clean` makes of a text, but for the lines that are page furniture, which camel never drops."""
    return normalize.clean(text, furniture=_NO_FURNITURE)


def _step(text: str, step: str) -> Normalized:
    edits = tuple(edit for edit in normalize.match(text).edits if edit.reason == step)
    return Normalized(applied(text, edits), text, edits)


@cache
def table() -> dict[tuple[str, str], Row]:
    """Return the rows by function and character or step."""
    rows: dict[tuple[str, str], Row] = {}
    for number, line in enumerate(TABLE.read_text("utf-8").splitlines()[1:], 2):
        function, characters, camel, arner, why = line.split("\t")
        assert why, f"line {number} gives no reason"
        for part in characters.split():
            for key in _keys(part):
                assert (function, key) not in rows, f"line {number}: {part} is listed twice"
                rows[function, key] = Row(camel, arner, why)
    return rows


def _keys(part: str) -> Iterator[str]:
    if part in normalize.STEPS:
        yield part
        return
    first, _, last = part.partition("-")
    yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


def differences(pair: Pair, text: str) -> list[Difference]:
    """Return where the two differ on a text, in order.

    camel works character by character, arner by edits, so that each difference belongs to a character or an edit.
    """
    ours = pair.arner(text)
    if pair.camel(text) == ours.text:
        return []
    found: list[Difference] = []
    at = 0
    for edit in (*ours.edits, Edit(len(text), len(text), "", "")):
        for character in text[at : edit.start]:
            found += _of_character(pair, character, character)
        found += _of_edit(pair, text[edit.start : edit.end], edit)
        at = edit.end
    return found


def _of_character(pair: Pair, character: str, arner: str) -> list[Difference]:
    camel = pair.camel(character)
    return [] if camel == arner else [_difference(pair, character, camel, arner)]


def _of_edit(pair: Pair, old: str, edit: Edit) -> list[Difference]:
    camel = pair.camel(old)
    if camel == edit.text:
        return []
    if len(old) == 1:
        return [_difference(pair, old, camel, edit.text)]
    # What stands around markup that is taken off may be one edit with it, by another step's name.
    row = table().get((pair.name, "html-tag" if "<" in old or "&" in old else edit.reason))
    if row is None and not edit.text:  # a run of which each is dropped
        return [d for c in old for d in _of_character(pair, c, "")]
    return [Difference(old, camel, edit.text, row)]


def _difference(pair: Pair, character: str, camel: str, arner: str) -> Difference:
    row = table().get((pair.name, character))
    if row and not (_fits(row.camel, character, camel) and _fits(row.arner, character, arner)):
        row = None
    return Difference(character, camel, arner, row)


def _fits(how: str, character: str, made: str) -> bool:
    return _MADE[how](character, made) if how in _MADE else made == how


def named(difference: Difference) -> str:
    """Return a difference in words, for messages."""
    points = " ".join(f"U+{ord(c):04X}" for c in difference.source[:8])
    name = unicodedata.name(difference.source[0], "")
    return f"{points} {name}: camel {difference.camel!r}, arner {difference.arner!r}"


def fold(text: str) -> bytes:
    """Return what arner's look-ups compare: the fold without the way back, which is the work of all four functions."""
    return letters.key(text)
