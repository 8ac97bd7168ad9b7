"""Tagged documents in, CoNLL columns out: a token and its BIO label a line, a blank line behind each sentence.

Tokens are slices of the source. A border of an entity is always a border of a token, so that a proclitic before a
name is a token of its own: «بالمغرب» → `ب O`, `المغرب B-LOC`.
"""

from __future__ import annotations

import re
from heapq import merge
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from arner import letters
from arner.export.pieces import chunks
from arner.export.spans import Span, each_flat, flat
from arner.spilled import Spilled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.document import Entity, Mention, Tagged
    from arner.export.options import Options

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
        yield from chunks(_lines(document, nested=options.nested))


def _lines(tagged: Tagged, *, nested: bool) -> Iterator[str]:
    source = tagged.document.source
    yield f"{DOCUMENT}\tO\tO\n" if nested else f"{DOCUMENT}\tO\n"
    for token in tokens(tagged, nested=nested):
        columns = (source[token.start : token.end], token.label, token.nested)
        yield "\n" * token.opens + "\t".join(columns if nested else columns[:2]) + "\n"
    yield "\n"


def tokens(tagged: Tagged, *, nested: bool) -> Iterator[Token]:
    """Yield the tokens of a document in order.

    >>> from arner.document import Document, Entity, Tagged
    >>> fes = Entity("e1", 1, 4, "فاس", "LOC", "city", "فاس", "loc/fes", "Fes", 1.0, "c1", "ب")
    >>> [(t.start, t.end, t.label) for t in tokens(Tagged(Document("-", "بفاس."), (fes,)), nested=False)]
    [(0, 1, 'O'), (1, 4, 'B-LOC'), (4, 5, 'O')]
    """
    source = tagged.document.source
    borders = merge((0, len(source)), _borders(each_flat(tagged.entities)), _borders(_inner(tagged, nested=nested)))
    label, inner_label = _labels(each_flat(tagged.entities)), _labels(_inner(tagged, nested=nested))
    last, ended = 0, True
    for start, end in _cut(source, borders):
        bio = label(start)
        opens = (ended and start > last) or bool(_LINE_END.search(source, last, start)) or not last
        yield Token(start, end, bio, inner_label(start), opens and not bio.startswith("I"))
        ended = _ends_sentence(source, start, end, last, ended=ended)
        last = end


def _inner(tagged: Tagged, *, nested: bool) -> Iterator[Mention]:
    """Yield the inner mentions in order; those of a long text lie, in order, each inside its entity."""
    if not nested:
        return
    if isinstance(tagged.entities, Spilled):
        for entity in tagged.entities:
            yield from each_flat(entity.nested)
    else:
        yield from each_flat(m for e in flat(tagged.entities) for m in e.nested)


def _borders(spans: Iterable[Span]) -> Iterator[int]:
    for span in spans:
        yield from (span.start, span.end)


def _cut(source: str, borders: Iterable[int]) -> Iterator[tuple[int, int]]:
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


def _labels(spans: Iterator[Entity | Mention]) -> Callable[[int], str]:
    """Return the function that gives the BIO labels of tokens, asked for in order; the spans are in order too."""
    span = next(spans, None)
    begun = False

    def label(at: int) -> str:
        nonlocal span, begun
        while span is not None and span.end <= at:
            span, begun = next(spans, None), False
        if span is None or at < span.start:
            return "O"
        first, begun = not begun, True
        return f"{'B' if first else 'I'}-{span.label}"

    return label
