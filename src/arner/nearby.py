"""A span and the candidates around it in, what stands inside it and what it beat out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arner import decide, overlaps, weigh
from arner.document import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.context import Context
    from arner.document import Candidate

# The kind of a span that no list gives one.
KIND: Final = {"PER": "person", "ORG": "organisation", "LOC": "place"}


class Nearby:
    """Candidates by their first word, so that an entity is compared with those around it alone."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_first: dict[int, list[Candidate]] = {}
        self._longest = 0
        for candidate in candidates:
            self._by_first.setdefault(candidate.first, []).append(candidate)
            self._longest = max(self._longest, candidate.last - candidate.first)

    def meeting(self, span: Candidate) -> Iterator[Candidate]:
        """Yield the candidates that share a word with a span."""
        for first in range(max(0, span.first - self._longest), span.last):
            yield from (c for c in self._by_first.get(first, ()) if c.last > span.first)


def nested(outer: Candidate, nearby: Nearby, source: str) -> tuple[Mention, ...]:
    """Return the surely known names inside a longer one, such as the city in the name of a university."""
    if outer.last - outer.first < 2:
        return ()
    inside = [
        c._replace(points=float(c.last - c.first))
        for c in nearby.meeting(outer)
        if outer.first <= c.first
        and c.last <= outer.last
        and c.last - c.first < outer.last - outer.first
        and overlaps.strong(c)
        and (c.ref is None or c.ref != outer.ref)
        and (c.label != outer.label or c.label == "ORG")
        and c.label != "PER"
    ]
    return tuple(
        Mention(c.start, c.end, source[c.start : c.end], c.label, c.kind or KIND[c.label], c.ref)
        for c in decide.choose(inside)
    )


def beaten(
    winner: Candidate, nearby: Nearby, context: Context, weights: weigh.Weights
) -> tuple[Candidate, ...]:
    """Return the readings that a span beat, the best first, with the points of their evidence."""
    losers = [c for c in nearby.meeting(winner) if c is not winner]
    losers.sort(key=lambda c: (-c.points, decide.rank(c)))
    return tuple(c._replace(evidence=weigh.itemised(c, context, weights)) for c in losers)
