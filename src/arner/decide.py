"""Candidates in, the ones that stand out: the only place that discards.

The order is one sentence: of all sets of candidates that do not overlap, the set with the most points in all wins;
between equals, the one whose spans are longer, then the one that is first in the text, then by label.
Candidates without points above zero never win.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arner.document import Candidate


def rank(candidate: Candidate) -> tuple[int, int, str, str, str, float]:
    """Return the key that puts candidates in the one order in which decisions are made."""
    return (
        candidate.last,
        -candidate.first,
        candidate.label,
        candidate.evidence[0].recognizer,
        candidate.ref or "",
        -candidate.points,
    )


def choose(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the best set of candidates that do not overlap, in the order of the text.

    Time is linear in the candidates, but for sorting them.
    """
    usable = sorted((c for c in candidates if c.points > 0), key=rank)
    # best[i]: points and words covered by the best choice among the first i candidates.
    best: list[tuple[float, int]] = [(0.0, 0)]
    taken: list[int] = [0]
    lasts: list[int] = []
    from bisect import bisect_right

    before: list[int] = []
    for i, candidate in enumerate(usable):
        fit = bisect_right(lasts, candidate.first)
        before.append(fit)
        points, covered = best[fit]
        gain = (points + candidate.points, covered + candidate.last - candidate.first)
        better = gain > best[-1]
        best.append(gain if better else best[-1])
        taken.append(i + 1 if better else taken[-1])
        lasts.append(candidate.last)
    chosen: list[Candidate] = []
    at = len(usable)
    while at:
        pick = taken[at]
        if not pick:
            break
        chosen.append(usable[pick - 1])
        at = before[pick - 1]
    return chosen[::-1]
