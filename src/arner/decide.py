"""Candidates in, the ones that stand out: the only place that discards.

The order is one sentence: of all sets of candidates that do not overlap, the set with the most points in all wins,
where a candidate is credited with the points of what stands inside it; between equals, the one whose spans are longer,
then the one that is first in the text, then by label.
Candidates whose points are not above `LEAST` never win.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from arner.overlaps import strong

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arner.document import Candidate


# Log-odds from which a longer reading is not weighed against its fragments: right twice as often as wrong.
LIKELY: Final = 0.8
# Log-odds that a candidate must exceed.
LEAST: Final = 0.0


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
    usable = sorted((c for c in candidates if c.points > LEAST), key=rank)
    points = [c.points - LEAST for c in usable]
    return _best(usable, [own + credit for own, credit in zip(points, _credits(usable, points), strict=True)])


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


def _credits(ranked: Sequence[Candidate], own: Sequence[float]) -> list[float]:
    """Return what each candidate is credited: what the best choice of fragments inside it would give.

    The longest reading wins (a place inside the name of an agency is no evidence against the agency), so fragments
    never
    outvote a whole that is likely right; against a doubtful one they count as the best of them, since fragments of one
    span are right or wrong together. A whole competes with what crosses it.
    """
    credited = [0.0] * len(ranked)
    order = sorted(range(len(ranked)), key=lambda i: ranked[i].last - ranked[i].first)
    for at in order:
        whole = ranked[at]
        if whole.last - whole.first < 2:
            continue
        # Ranked by their ends: what stands inside ends no later, and begins within the whole.
        low = at
        while low and ranked[low - 1].last > whole.first:
            low -= 1
        inside = []
        for i in range(low, len(ranked)):
            if ranked[i].last > whole.last:
                break
            part = ranked[i]
            within = whole.first <= part.first and (part.first, part.last) != (whole.first, whole.last)
            if within and not _rivals(whole, part):
                inside.append(i)
        if inside:
            parts = [ranked[i] for i in inside]
            points = [own[i] + credited[i] for i in inside]
            chosen = _best(parts, points)
            value = dict(zip(map(id, parts), points, strict=True))
            credit = 0.0  # added one by one, as in `weigh.total`
            for part in chosen:
                credit += value[id(part)]
            credited[at] = credit - (0.0 if own[at] >= LIKELY else max(value[id(c)] for c in chosen))
    return credited


def _rivals(whole: Candidate, part: Candidate) -> bool:
    """Return whether a part is another end for the same name, and so no credit to the whole.

    A person is no part of a person; a name of several words that is listed, and goes on where no list has it
    («حزب النهضة المعارض»), is no part of the longer name.
    """
    if whole.label != part.label:
        return False
    return whole.label == "PER" or (part.last - part.first > 1 and strong(part) and not strong(whole))
