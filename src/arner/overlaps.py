"""The candidates of a text in, how they lie to each other out: which hold which, how far they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.document import Candidate

# The source of evidence that a nationality adjective closes a listed name.
CLOSING: Final = "closing nationality"


_STRONG: Final = ("name", "alias", "spelling")


def strong(candidate: Candidate) -> bool:
    """Return whether the gazetteer knows the candidate by a form that stands alone."""
    return any(e.recognizer == "gazetteer" and e.note.startswith(_STRONG) for e in candidate.evidence)


def listed_labels(candidates: Sequence[Candidate]) -> dict[tuple[int, int], set[str]]:
    """Return the labels that lists give each span of words."""
    labels: dict[tuple[int, int], set[str]] = {}
    for c in candidates:
        if any(e.recognizer == "gazetteer" for e in c.evidence):
            labels.setdefault((c.first, c.last), set()).add(c.label)
    return labels


def covers(candidates: Sequence[Candidate]) -> dict[tuple[int, int], list[str]]:
    """Return, for each span of words, what longer candidates hold it: their recognizers and labels."""
    holders: dict[int, list[tuple[int, int, str]]] = {}
    for c in candidates:
        if c.last - c.first > 1:
            by = {"gazetteer": "", "rules": "", "discourse": ""}
            for e in c.evidence:
                if e.recognizer in by:
                    by[e.recognizer] = " weak" if e.note.startswith("weak") else ""
                    name = f"{e.recognizer}{by[e.recognizer]} {c.label}"
                    for at in range(c.first, c.last):
                        holders.setdefault(at, []).append((c.first, c.last, name))
    found: dict[tuple[int, int], list[str]] = {}
    for c in candidates:
        span = (c.first, c.last)
        if span in found or c.first not in holders:
            continue
        names = (
            n for first, last, n in holders[c.first] if first <= c.first and c.last <= last and (first, last) != span
        )
        if unique := list(dict.fromkeys(names)):
            found[span] = unique
    return found


class Reach:
    """How far the rules' readings of a place go, and where surely listed names begin and end inside a candidate."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._last: dict[tuple[int, str], int] = {}
        self._first: dict[tuple[int, str], int] = {}
        self._begin: dict[int, dict[tuple[int, str], None]] = {}
        self._end: dict[int, dict[tuple[int, str], None]] = {}
        for candidate in candidates:
            first, last, label = candidate.first, candidate.last, candidate.label
            if any(e.recognizer == "rules" for e in candidate.evidence):
                self._last[first, label] = max(last, self._last.get((first, label), last))
                self._first[last, label] = min(first, self._first.get((last, label), first))
            if strong(candidate):
                several = "several" if last - first > 1 else "one"
                self._begin.setdefault(first, {})[last, f"{label} {several} first"] = None
                self._end.setdefault(last, {})[first, f"{label} {several} last"] = None

    def from_here(self, first: int, last: int, label: str) -> str:
        """Return whether rules have a longer reading that begins where a candidate of rules begins."""
        return "longest" if self._last[first, label] == last else "shorter"

    def to_here(self, first: int, last: int, label: str) -> str:
        """Return whether rules have a longer reading that ends where a candidate of rules ends."""
        return "longest" if self._first[last, label] == first else "shorter"

    def over(self, first: int, last: int) -> dict[str, None]:
        """Return the labels and lengths of the listed names at either end of a longer candidate, each once."""
        found = {what: None for end, what in self._begin.get(first, ()) if end < last}
        return found | {what: None for begin, what in self._end.get(last, ()) if begin > first}
