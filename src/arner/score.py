"""Gold spans and predicted spans in, precision, recall and F1 out, exact and partial, with each error and its cause.

A prediction is right where start, end and label are those of a gold mention (or of one of its `alt` borders), each
mention counted once. Predictions that match an `optional` span, or touch one and no gold mention, count neither way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from arner.document import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROCLITICS = "وفبلكس"


class Span(NamedTuple):
    """A labelled span in code points; `ref` where it is known, `alt` other borders that are right too."""

    start: int
    end: int
    label: str
    ref: str | None = None
    alt: tuple[tuple[int, int], ...] = ()


class GoldText(NamedTuple):
    """A text with its gold; `words` holds the borders of its words where gold knows words only (CoNLL)."""

    name: str
    text: str
    spans: tuple[Span, ...]
    optional: tuple[tuple[int, int], ...] = ()
    words: tuple[tuple[int, int], ...] = ()
    labels: tuple[str, ...] = LABELS


class Error(NamedTuple):
    """A missed (`miss`) or wrong (`extra`) span, why, and where it stands."""

    kind: str
    cause: str
    label: str
    text: str
    context: str
    doc: str


@dataclass(slots=True)
class Count:
    """How many were right, predicted and due."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Count) -> Count:
        """Return the sum of two counts."""
        return Count(self.right + other.right, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """The share of the predicted that is right; 0 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold that was found; 0 where there is none."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def _counts() -> dict[str, Count]:
    return {label: Count() for label in LABELS}


@dataclass(slots=True)
class Score:
    """The counts of a run by label, exact and partial (an overlap with the label right), its errors and references."""

    exact: dict[str, Count] = field(default_factory=_counts)
    partial: dict[str, Count] = field(default_factory=_counts)
    errors: list[Error] = field(default_factory=list)
    refs_right: int = 0
    refs: int = 0

    def micro(self, *, partial: bool = False) -> Count:
        """Return the counts summed over the labels."""
        return sum((self.partial if partial else self.exact).values(), Count())


def score(pairs: Iterable[tuple[GoldText, Sequence[Span]]]) -> Score:
    """Score the predictions of texts.

    >>> gold = GoldText("a", "في الرباط", (Span(3, 9, "LOC"),))
    >>> score([(gold, [Span(3, 9, "LOC")])]).micro().f1
    1.0
    """
    total = Score()
    for gold, predicted in pairs:
        due = tuple(s for s in gold.spans if s.label in gold.labels)
        kept = [p for p in predicted if p.label in gold.labels]
        (_by_words if gold.words else _by_offsets)(total, gold._replace(spans=due), kept)
    return total


def _by_offsets(total: Score, gold: GoldText, predicted: list[Span]) -> None:
    used: set[int] = set()
    missed: list[Span] = []
    for due in gold.spans:
        borders = {(due.start, due.end), *due.alt}
        hits = (
            i for i, p in enumerate(predicted) if i not in used and (p.start, p.end) in borders and p.label == due.label
        )
        hit = next(hits, None)
        total.exact[due.label].gold += 1
        if hit is None:
            missed.append(due)
            continue
        used.add(hit)
        total.exact[due.label].right += 1
        if due.ref:
            total.refs += 1
            total.refs_right += predicted[hit].ref == due.ref
    counted = [p for i, p in enumerate(predicted) if i in used or not _forgiven(p, gold)]
    for p in counted:
        total.exact[p.label].predicted += 1
    _partial(total, gold, counted)
    extra = [p for i, p in enumerate(predicted) if i not in used and not _forgiven(p, gold)]
    _report(total, gold, missed, extra)


def _forgiven(span: Span, gold: GoldText) -> bool:
    if (span.start, span.end) in gold.optional:
        return True
    if any(_overlap(span, due) for due in gold.spans):
        return False
    return any(span.start < end and start < span.end for start, end in gold.optional)


def _by_words(total: Score, gold: GoldText, predicted: list[Span]) -> None:
    """Compare words, since the clitics of CoNLL corpora stay on them."""

    def place(span: Span) -> Span | None:
        inside = [w for w in gold.words if w[0] < span.end and span.start < w[1]]
        return span._replace(start=inside[0][0], end=inside[-1][1]) if inside else None

    due = {(s.start, s.end, s.label): s for s in gold.spans}
    found = {(p.start, p.end, p.label): p for p in map(place, predicted) if p}
    for key in due:
        total.exact[key[2]].gold += 1
    for key in found:
        total.exact[key[2]].predicted += 1
        total.exact[key[2]].right += key in due
    _partial(total, gold._replace(spans=tuple(due.values())), list(found.values()))
    _report(total, gold, [s for k, s in due.items() if k not in found], [s for k, s in found.items() if k not in due])


def _partial(total: Score, gold: GoldText, predicted: Sequence[Span]) -> None:
    taken: set[int] = set()
    for due in gold.spans:
        total.partial[due.label].gold += 1
        for i, p in enumerate(predicted):
            if i not in taken and p.label == due.label and _overlap(p, due):
                taken.add(i)
                total.partial[due.label].right += 1
                break
    for p in predicted:
        total.partial[p.label].predicted += 1


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _report(total: Score, gold: GoldText, missed: list[Span], extra: list[Span]) -> None:
    for kind, spans, others in (("miss", missed, extra), ("extra", extra, missed)):
        for span in sorted(spans):
            text = gold.text[span.start : span.end]
            before, after = gold.text[max(0, span.start - 30) : span.start], gold.text[span.end : span.end + 20]
            context = f"{before}[{text}]{after}".replace("\n", " ")
            cause = _cause(gold, span, others, missed=kind == "miss")
            total.errors.append(Error(kind, cause, span.label, text, context, gold.name))


def _cause(gold: GoldText, span: Span, others: list[Span], *, missed: bool) -> str:
    for other in others:
        if (other.start, other.end) == (span.start, span.end):
            return f"wrong label: {span.label} and {other.label}"
    for other in others:
        if _overlap(span, other):
            first, last = sorted((span.start, other.start))
            between = gold.text[first:last]
            if span.end == other.end and between and all(c in PROCLITICS for c in between):
                return "clitic"
            return "wrong boundary" if span.label == other.label else "wrong boundary and label"
    return "not found" if missed else "not a name"
