"""Tagged documents in, CoNLL columns out: a token and its BIO label a line, a blank line behind each sentence.

Tokens are slices of the source. A border of an entity is always a border of a token, so that a proclitic before a
name is a token of its own: «بالمغرب» → `ب O`, `المغرب B-LOC`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from arner import letters
from arner.export.options import Options, encode
from arner.export.spans import flat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from arner.document import Entity, Mention, Tagged

DOCUMENT = "-DOCSTART-"

_INVISIBLE = re.escape(letters.INVISIBLE)
_MARKS = (
    "\N{COMBINING GRAVE ACCENT}-\N{COMBINING LATIN SMALL LETTER X}"
    "\N{ARABIC SIGN SALLALLAHOU ALAYHE WASSALLAM}-\N{ARABIC SMALL KASRA}"
    "\N{ARABIC FATHATAN}-\N{ARABIC WAVY HAMZA BELOW}\N{ARABIC LETTER SUPERSCRIPT ALEF}"
    "\N{ARABIC SMALL HIGH LIGATURE SAD WITH LAM WITH ALEF MAKSURA}-\N{ARABIC SMALL LOW MEEM}"
)
# A word with its marks and the invisible signs inside it, or one sign; white space and other invisible signs go.
_TOKEN = re.compile(rf"[\w{_MARKS}]+(?:[{_INVISIBLE}]+[\w{_MARKS}]+)*|[^\w\s{_MARKS}{_INVISIBLE}]")
_FINAL = frozenset(".!?؟…")
_LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\N{NEXT LINE}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}]")


class Token(NamedTuple):
    """A slice of the source in code points, its label, its nested label, and whether it opens a sentence."""

    start: int
    end: int
    label: str
    nested: str
    opens: bool


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    """Yield the lines of each document behind a `-DOCSTART-` line; with `nested` a third column has inner mentions."""
    for document in tagged:
        source = document.document.source
        lines = [f"{DOCUMENT}\tO\tO" if options.nested else f"{DOCUMENT}\tO"]
        for token in tokens(document, nested=options.nested):
            if token.opens:
                lines.append("")
            columns = (source[token.start : token.end], token.label, token.nested)
            lines.append("\t".join(columns if options.nested else columns[:2]))
        yield encode("\n".join(lines) + "\n\n")


def tokens(tagged: Tagged, *, nested: bool) -> Iterator[Token]:
    """Yield the tokens of a document in order.

    >>> from arner.document import Document, Entity, Tagged
    >>> fes = Entity("e1", 1, 4, "فاس", "LOC", "city", "فاس", "loc/fes", "Fes", 1.0, "c1", "ب")
    >>> [(t.start, t.end, t.label) for t in tokens(Tagged(Document("-", "بفاس."), (fes,)), nested=False)]
    [(0, 1, 'O'), (1, 4, 'B-LOC'), (4, 5, 'O')]
    """
    source = tagged.document.source
    outer = flat(tagged.entities)
    inner = flat(m for e in outer for m in e.nested) if nested else []
    spans: list[Entity | Mention] = [*outer, *inner]
    borders = sorted({0, len(source), *(s.start for s in spans), *(s.end for s in spans)})
    label, inner_label = _labels(outer), _labels(inner)
    last, ended = 0, True
    for start, end in _cut(source, borders):
        bio = label(start)
        opens = (ended and start > last) or bool(_LINE_END.search(source, last, start)) or not last
        yield Token(start, end, bio, inner_label(start), opens and not bio.startswith("I"))
        ended = _ends_sentence(source, start, end, last, ended=ended)
        last = end


def _cut(source: str, borders: Sequence[int]) -> Iterator[tuple[int, int]]:
    for start, end in pairwise(borders):
        for match in _TOKEN.finditer(source, start, end):
            yield match.span()


def _ends_sentence(source: str, start: int, end: int, last: int, *, ended: bool) -> bool:
    sign = source[start:end]
    if sign in letters.QUOTES_CLOSE + "\"')]":
        return ended
    # «د. محمد»: a point behind a single letter shortens a word.
    shortens = sign == "." and start == last and source[max(0, start - 2) : start - 1].strip() == ""
    return sign in _FINAL and not shortens


def _labels(spans: Sequence[Entity] | Sequence[Mention]) -> Callable[[int], str]:
    """Return the function that gives the BIO labels of tokens, asked for in order."""
    starts = [s.start for s in spans]
    begun = -1

    def label(at: int) -> str:
        nonlocal begun
        index = bisect_right(starts, at) - 1
        if index < 0 or at >= spans[index].end:
            return "O"
        first, begun = index != begun, index
        return f"{'B' if first else 'I'}-{spans[index].label}"

    return label
