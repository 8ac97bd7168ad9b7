"""A source and the edits made to it in, the edited text out, with the way back from any stretch of it to the source."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Edit(NamedTuple):
    """A stretch of the source, `start` to `end` in code points, the `text` put in its place, and the step's name."""

    start: int
    end: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Normalized:
    """A text made from a source by edits, which stand in order and do not overlap.

    Made by `normalize.clean` and `normalize.match`. The edits are the whole difference: `replay()` gives `text` again.
    """

    text: str
    source: str
    edits: tuple[Edit, ...]
    _way_back: _WayBack | None = field(default=None, init=False, repr=False, compare=False)

    def replay(self) -> str:
        """Return the source with the edits applied: the text."""
        return applied(self.source, self.edits)

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        r"""Return the smallest stretch of whole grapheme clusters of the source that stands for text[start:end].

        All offsets are code points. An edit that the stretch touches is taken whole; what was deleted at its edges is
        left out, unless it belongs to a cluster (the mark on the last letter). An empty stretch gives an empty one.
        The first call takes time linear in the source, each further one O(log n). Raises ValueError where start and
        end are not 0 <= start <= end <= len(text).

        >>> Normalized("محمد", "مُحَمَّـدٌ", (Edit(1, 2, "", "mark"), Edit(3, 4, "", "mark"), Edit(5, 8, "", "mark"),
        ...     Edit(9, 10, "", "mark"))).to_source(0, 1)
        (0, 2)
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"no stretch {start}:{end} in a text of {len(self.text)} code points")
        if self._way_back is None:
            object.__setattr__(self, "_way_back", _WayBack(self.source, self.edits))
        assert self._way_back is not None
        return self._way_back.stretch(start, end)


class _WayBack:
    """Offsets of the text to offsets of the source, by bisection over the edits and over the longer clusters."""

    def __init__(self, source: str, edits: Sequence[Edit]) -> None:
        self._edits = edits
        self._behind: list[int] = []  # of each edit: the offset behind its text, in the edited text
        shift = 0
        for edit in edits:
            self._behind.append(edit.start - shift + len(edit.text))
            shift = edit.end - self._behind[-1]
        self._clusters = list(_long_clusters(source))
        self._cluster_starts = [start for start, _ in self._clusters]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        first, _ = self._cluster(*self._origin(start))
        if start == end:
            return first, first
        _, last = self._cluster(*self._origin(end - 1))
        return first, last

    def _origin(self, at: int) -> tuple[int, int]:
        """Return the stretch of the source that one character of the text comes from."""
        before = bisect_right(self._behind, at)
        shift = self._edits[before - 1].end - self._behind[before - 1] if before else 0
        if before < len(self._edits) and self._edits[before].start <= at + shift:
            return self._edits[before].start, self._edits[before].end
        return at + shift, at + shift + 1

    def _cluster(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch of the source widened to whole clusters."""
        return self._around(start)[0], self._around(end - 1)[1]

    def _around(self, at: int) -> tuple[int, int]:
        number = bisect_right(self._cluster_starts, at) - 1
        if number >= 0 and at < self._clusters[number][1]:
            return self._clusters[number]
        return at, at + 1


def _long_clusters(source: str) -> Iterator[tuple[int, int]]:
    """Yield the grapheme clusters of more than one code point.

    Two neighbours of the class Other never join, so only the stretches between such neighbours are looked at.
    """
    stretch, cluster = _cluster_patterns()
    for found in stretch.finditer(source):
        for match in cluster.finditer(source, *found.span()):
            if match.end() - match.start() > 1:
                yield match.span()


@cache
def _cluster_patterns() -> tuple[Any, Any]:
    import regex  # here, since few texts are asked for the way back

    other = r"\p{Grapheme_Cluster_Break=Other}"
    joining = rf"[^{other}]++"
    # For a flag, \X counts all the flag letters before it, each time; so pairs are taken off a run of them first.
    flag = r"\p{GCB=Regional_Indicator}{1,2}+(?![\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}])"
    return regex.compile(rf"{other}?{joining}(?:{other}{joining})*+{other}?"), regex.compile(rf"{flag}|\X")


def applied(source: str, edits: Iterable[Edit]) -> str:
    """Return a source with edits applied, which must stand in order and not overlap.

    >>> applied("ﻻ شيء", [Edit(0, 1, "لا", "ligature")])
    'لا شيء'
    """
    pieces: list[str] = []
    done = 0
    for edit in edits:
        pieces += (source[done : edit.start], edit.text)
        done = edit.end
    pieces.append(source[done:])
    return "".join(pieces)


def chained(first: Sequence[Edit], text: str, second: Sequence[Edit]) -> list[Edit]:
    """Return the edits of the source that do what `first` and then `second` do, in time linear in their number.

    `first` made `text` from the source, `second` are edits of `text`. Where they overlap they become one edit, which
    has the reason of the second, or of the first where the second only changes what an edit of the first had put.

    >>> chained([Edit(0, 4, "<", "html-entity")], "<b>x", [Edit(0, 3, "", "html-tag")])
    [Edit(start=0, end=6, text='', reason='html-tag')]
    >>> chained([Edit(0, 7, "أ", "html-entity")], "أ", [Edit(0, 1, "ا", "alef")])
    [Edit(start=0, end=7, text='ا', reason='html-entity')]
    """
    if not first:
        return list(second)
    out: list[Edit] = []
    shift = 0  # what to add to an offset of `text` for that of the source, behind the edits of `first` so far
    mine = 0
    at = 0
    while at < len(second):
        start, end, put, reason = second[at]
        while mine < len(first) and first[mine].start - shift + len(first[mine].text) <= start:
            shift += first[mine].end - first[mine].start - len(first[mine].text)
            out.append(first[mine])
            mine += 1
        begin, at_first, source_start = start, at, start + shift
        spans: list[tuple[int, int]] = []
        at += 1
        while True:
            if mine < len(first) and first[mine].start - shift < end:
                earlier = first[mine]
                spans.append((earlier.start - shift, earlier.start - shift + len(earlier.text)))
                begin, end = min(begin, spans[-1][0]), max(end, spans[-1][1])
                source_start = min(source_start, earlier.start)
                shift += earlier.end - earlier.start - len(earlier.text)
                mine += 1
            elif at < len(second) and second[at].start < end:
                end = max(end, second[at].end)
                reason = second[at].reason
                at += 1
            else:
                break
        if spans == [(begin, end)]:
            reason = first[mine - 1].reason
        if (begin, end) != second[at_first][:2]:
            inside = (Edit(e.start - begin, e.end - begin, e.text, "") for e in second[at_first:at])
            put = applied(text[begin:end], inside)
        out.append(Edit(source_start, end + shift, put, reason))
    out += first[mine:]
    return out
