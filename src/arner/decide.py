"""Candidates in, the ones that stand out: the only place that discards.

The order is one sentence: of all sets of candidates that do not overlap, the set with the most points in all wins, where
the fragments of a longer candidate count against it as the best of them; between equals, the one whose spans are longer, then the one that is first in the text, then by label.
Candidates without points above zero never win.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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

    Time is linear in the candidates, but for sorting them, as long as few stand inside one another.
    """
    usable = sorted((c for c in candidates if c.points > 0), key=rank)
    return _best(usable, [c.points + credit for c, credit in zip(usable, _credits(usable), strict=True)])


def _best(ranked: Sequence[Candidate], points: Sequence[float]) -> list[Candidate]:
    # best[i]: points and words covered by the best choice among the first i candidates.
    best: list[tuple[float, int]] = [(0.0, 0)]
    taken: list[bool] = []
    before: list[int] = []
    lasts: list[int] = []
    for candidate, own in zip(ranked, points, strict=True):
        fit = bisect_right(lasts, candidate.first)
        gain = (best[fit][0] + own, best[fit][1] + candidate.last - candidate.first)
        before.append(fit)
        taken.append(gain > best[-1])
        best.append(max(gain, best[-1]))
        lasts.append(candidate.last)
    chosen: list[Candidate] = []
    at = len(ranked)
    while at:
        if taken[at - 1]:
            chosen.append(ranked[at - 1])
            at = before[at - 1]
        else:
            at -= 1
    return chosen[::-1]


def _credits(ranked: Sequence[Candidate]) -> list[float]:
    """Return what each candidate is credited for the fragments that stand inside it.

    Fragments of one span are right or wrong together, so against the whole they count as the best of them, not as
    their sum: «الساحل» and «الصحراء» are no two reasons against «الساحل والصحراء».
    """
    credits = [0.0] * len(ranked)
    for at, whole in enumerate(ranked):
        if whole.last - whole.first < 2:
            continue
        # Ranked by their ends: what stands inside ends no later, and begins within the whole.
        inside: list[Candidate] = []
        low = at
        while low and ranked[low - 1].last > whole.first:
            low -= 1
        for other in ranked[low:]:
            if other.last > whole.last:
                break
            if other.first >= whole.first and (other.first, other.last) != (whole.first, whole.last):
                inside.append(other)
        if len(inside) > 1:
            parts = _best(inside, [c.points for c in inside])
            if len(parts) > 1:
                credits[at] = sum(c.points for c in parts) - max(c.points for c in parts)
    return credits
