"""A comparison in, tables on standard output out: rich ones on a terminal, plain columns in a pipe."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from arner import agreement, files
from arner.document import LABELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from arner.agreement import Comparison, Row
    from arner.score import Count, GoldText, Score, Span

_FSI, _PDI = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_SHOWN = {
    agreement.AGREED: "agreed",
    agreement.LABEL: "other label",
    agreement.OVERLAP: "overlap",
    agreement.ONLY_A: "only A",
    agreement.ONLY_B: "only B",
}
_WIDE = 100_000  # columns: a line of a pipe is never wrapped


def show(found: Comparison, scores: tuple[Score, Score] | None, most: int) -> None:
    """Print how often either side has what, the figures by gold, and at most so many differences."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else _WIDE, markup=False, highlight=False, emoji=False)
    for number, table in enumerate(_tables(found, scores, most, isolates=terminal)):
        if terminal:
            console.print(table)
            continue
        with console.capture() as captured:
            console.print(table)
        lines = [line.rstrip() for line in captured.get().split("\n") if line.strip()]
        click.echo("\n" * bool(number) + "\n".join(lines))


def _table(*columns: str, figures: bool = True) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD if sys.stdout.isatty() else None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number and figures else "left", overflow="fold")
    return table


def _tables(
    found: Comparison, scores: tuple[Score, Score] | None, most: int, *, isolates: bool
) -> Iterator[Table]:
    yield _counts(found)
    if scores:
        yield _scored(scores)
    if most and any(row.how != agreement.AGREED for d in found.documents for row in d.rows):
        yield _listed(found, most, isolates=isolates)


def _counts(found: Comparison) -> Table:
    table = _table("label", *map(_SHOWN.__getitem__, agreement.HOWS), "F1 of both")
    for label, counts in found.counts().items():
        if counts or label == "all":
            table.add_row(label, *(f"{counts[how]:,}" for how in agreement.HOWS), f"{_likeness(found, label):.3f}")
    return table


def _likeness(found: Comparison, label: str) -> float:
    """Return the F1 of either side with the other taken for gold; 1 where neither has anything."""
    sizes = [
        sum(label in (span.label, "all") for d in found.documents for row in d.rows for span in (row.a, row.b)[side])
        for side in (0, 1)
    ]
    return 2 * found.counts()[label][agreement.AGREED] / sum(sizes) if sum(sizes) else 1.0


def _scored(scores: tuple[Score, Score]) -> Table:
    table = _table("by gold", "gold", *(f"{side} {figure}" for side in "AB" for figure in ("P", "R", "F1", "F1 part")))
    for label in (*LABELS, "all"):
        exact = [s.micro() if label == "all" else s.exact[label] for s in scores]
        partial = [s.micro(partial=True) if label == "all" else s.partial[label] for s in scores]
        if exact[0].gold or any(count.predicted for count in exact):
            figures = (cell for pair in zip(exact, partial, strict=True) for cell in _cells(*pair))
            table.add_row(label, f"{exact[0].gold:,}", *figures)
    return table


def _cells(exact: Count, partial: Count) -> list[str]:
    return [f"{figure:.3f}" for figure in (exact.precision, exact.recall, exact.f1, partial.f1)]


def _listed(found: Comparison, most: int, *, isolates: bool) -> Table:
    judged = any(document.gold for document in found.documents)
    table = _table("document", "place", "how", "A", "B", *(["right"] if judged else []), figures=False)
    differ = [(d, row) for d in found.documents for row in d.rows if row.how != agreement.AGREED]
    for document, row in differ[:most]:
        start, end = min((*row.a, *row.b))[0], max(span.end for span in (*row.a, *row.b))
        source = agreement.source(document)
        cells = [files.printable(document.name), f"{start}:{end}", _SHOWN[row.how]]
        cells += (_words(side, source, isolates=isolates) for side in (row.a, row.b))
        table.add_row(*cells, *([_right(document.gold, row)] if judged else []))
    if len(differ) > most:
        table.add_row(f"… {len(differ) - most:,} more: --show {len(differ)}")
    return table


def _words(side: Sequence[Span], source: str, *, isolates: bool) -> str:
    """Return spans with their labels; on a terminal words stand between isolates, so that columns keep their order."""
    opening, closing = (_FSI, _PDI) if isolates else ("", "")
    shown = (files.printable(" ".join(source[s.start : s.end].split())) for s in side)
    return ", ".join(f"{opening}{words}{closing} {s.label}" for words, s in zip(shown, side, strict=True))


def _right(gold: GoldText | None, row: Row) -> str:
    """Return which side gold says is right."""
    if gold is None:
        return "-"
    due = {(start, end, g.label) for g in gold.spans for start, end in ((g.start, g.end), *g.alt)}
    right = [any(span[:3] in due for span in side) for side in (row.a, row.b)]
    return {(True, True): "both", (True, False): "A", (False, True): "B", (False, False): "neither"}[right[0], right[1]]
