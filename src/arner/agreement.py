"""Two taggings of the same texts in, what both, one or neither found out, beside gold where there is some.

Where they come from does not matter: outputs of tools as `arner.imports` reads them, or engines run on a text. Entities
count, and not the names inside them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from arner.document import LABELS
from arner.export.brat import one_line_end
from arner.score import GoldText, Span, score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arner.imports.found import Read
    from arner.score import Score

AGREED, LABEL, OVERLAP, ONLY_A, ONLY_B = HOWS = ("agreed", "label", "overlap", "only_a", "only_b")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


class Row(NamedTuple):
    """What both sides have at one place: a span each where they agree or only labels differ, any where they overlap."""

    how: str
    a: tuple[Span, ...]
    b: tuple[Span, ...]


class Mismatch(Exception):  # noqa: N818 -- of two inputs, and no fault
    """Two sides of which the documents of one name are of different texts."""


@dataclass(slots=True)
class Both:
    """A document of both sides, and what they have in it."""

    name: str
    rows: list[Row]
    a: Read
    b: Read
    gold: GoldText | None = None


@dataclass(slots=True)
class Comparison:
    """The documents of both sides, and the names of those that only one has."""

    documents: list[Both]
    only_a: list[str] = field(default_factory=list)
    only_b: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, Counter[str]]:
        """Return how many rows of each kind there are, by label (that of A where both have one) and for `all`."""
        counts: dict[str, Counter[str]] = {label: Counter() for label in (*LABELS, "all")}
        for document in self.documents:
            for row in document.rows:
                for key in ((row.a or row.b)[0].label, "all"):
                    counts[key][row.how] += 1
        return counts

    def scores(self) -> tuple[Score, Score] | None:
        """Return the scores of A and B on the documents that have gold; None where none has."""
        judged = [(d, d.gold) for d in self.documents if d.gold is not None]
        if not judged:
            return None
        return score((g, spans(d.a)) for d, g in judged), score((g, spans(d.b)) for d, g in judged)


def spans(read: Read) -> list[Span]:
    """Return the entities of a document as spans."""
    return [Span(e.start, e.end, e.label, e.ref) for e in read.tagged.entities]


def source(both: Both) -> str:
    """Return the text of a document, or where neither side has it, the words of A at their places."""
    return (both.b if both.b.whole else both.a).tagged.document.source


def compare(a: Iterable[Read], b: Iterable[Read], gold: Sequence[GoldText] = ()) -> Comparison:
    """Compare two sides document by document; raises Mismatch where two of one name are of different texts.

    Documents are the same that have the same name, else the same file name, else the same text; a sole document of
    either side is compared with that of the other whatever its name.
    """
    first, second = list(a), _Side(b)
    both = Comparison([])
    for one in first:
        other = second.take(one, sole=len(first) == 1)
        if other is None:
            both.only_a.append(one.tagged.document.name)
            continue
        _require_same_text(one, other)
        found = rows(spans(one), spans(other))
        both.documents.append(Both(one.tagged.document.name, found, one, other, _gold(one, other, gold)))
    both.only_b = [other.tagged.document.name for other in second.left()]
    return both


def rows(a: Sequence[Span], b: Sequence[Span]) -> list[Row]:
    """Return what two sides have, in the order of the text; each span is in one row.

    >>> fes, city = Span(3, 6, "LOC"), Span(0, 6, "LOC")
    >>> [row.how for row in rows([fes], [fes])], [row.how for row in rows([fes], [city])]
    (['agreed'], ['overlap'])
    """
    found: list[Row] = []
    left_a, left_b = list(a), list(b)
    for how, fields in ((AGREED, 3), (LABEL, 2)):  # a span's start and end, and its label
        waiting: dict[tuple[object, ...], list[Span]] = {}
        for span in left_b:
            waiting.setdefault(span[:fields], []).append(span)
        still = []
        for span in left_a:
            if same := waiting.get(span[:fields]):
                found.append(Row(how, (span,), (same.pop(0),)))
            else:
                still.append(span)
        left_a, left_b = still, [span for spans_ in waiting.values() for span in spans_]
    found += _groups(left_a, left_b)
    return sorted(found, key=lambda row: ((row.a or row.b)[0][:2], row.how))


def _groups(a: Sequence[Span], b: Sequence[Span]) -> list[Row]:
    """Return the spans that are left, those that overlap in one row."""
    found: list[Row] = []
    group: list[tuple[Span, bool]] = []
    end = -1
    for span, is_b in (*sorted([(s, False) for s in a] + [(s, True) for s in b]), (None, False)):
        if group and (span is None or span.start >= end):
            found += _rows_of(group)
            group = []
        if span is not None:
            end = max(end, span.end) if group else span.end
            group.append((span, is_b))
    return found


def _rows_of(group: list[tuple[Span, bool]]) -> list[Row]:
    a, b = (tuple(span for span, is_b in group if is_b is side) for side in (False, True))
    if a and b:
        return [Row(OVERLAP, a, b)]
    return [Row(ONLY_A, (span,), ()) for span in a] + [Row(ONLY_B, (), (span,)) for span in b]


class _Side:
    """The documents of a side, found by name, by file name or by text, each taken once."""

    def __init__(self, documents: Iterable[Read]) -> None:
        self._all = list(documents)
        self._left = dict.fromkeys(range(len(self._all)))
        self._numbers: dict[tuple[str, str], list[int]] = {}
        for number, one in enumerate(self._all):
            for key in self._keys(one):
                self._numbers.setdefault(key, []).append(number)

    @staticmethod
    def _keys(one: Read) -> list[tuple[str, str]]:
        name = one.tagged.document.name
        keys = [("name", name), ("file", name.rpartition("/")[2])]
        return [*keys, ("text", _as_brat(one))] if one.whole else keys

    def take(self, one: Read, *, sole: bool) -> Read | None:
        """Return the document that is the same as one of the other side, if it is left."""
        for key in self._keys(one):
            numbers = [n for n in self._numbers.get(key, ()) if n in self._left]
            if numbers and (key[0] != "file" or len(numbers) == 1):
                return self._taken(numbers[0])
        return self._taken(0) if sole and len(self._all) == 1 else None

    def _taken(self, number: int) -> Read:
        del self._left[number]
        return self._all[number]

    def left(self) -> list[Read]:
        """Return the documents that were not taken."""
        return [self._all[number] for number in self._left]


def _as_brat(read: Read) -> str:
    """Return a text with its line ends as brat's files have them, which keeps the offsets."""
    return one_line_end(read.tagged.document.source)


def _require_same_text(one: Read, other: Read) -> None:
    a, b = one.tagged.document, other.tagged.document
    first, second = _as_brat(one), _as_brat(other)
    texts = zip(first, second, strict=False)
    if one.whole and other.whole:
        if first != second:
            parts = (n for n, (x, y) in enumerate(texts) if x != y)
            at = next(parts, min(len(first), len(second)))
            advice = ": give the texts, --source FOLDER" if one.made or other.made else ""
            raise Mismatch(f"{one.where} and {other.where} are of different texts, from code point {at} on{advice}")
    elif not one.whole and not other.whole and a.sha256 and b.sha256 and a.sha256 != b.sha256:
        raise Mismatch(f"{one.where} and {other.where} are of different texts: their SHA-256 differ")
    elif one.made or other.made or any(x != y and _UNKNOWN not in (x, y) for x, y in texts):
        raise Mismatch(f"{one.where} and {other.where} are of different texts: give the texts, --source FOLDER")


def _gold(one: Read, other: Read, gold: Sequence[GoldText]) -> GoldText | None:
    names = {read.tagged.document.name for read in (one, other)}
    names |= {name.rpartition("/")[2] for name in names}
    texts = {read.tagged.document.source for read in (one, other) if read.whole}
    return next((g for g in gold if g.name in names), None) or next((g for g in gold if g.text in texts), None)
