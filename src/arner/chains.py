"""Chosen candidates in, chains out: which mentions of a document are one person, organisation or place, and its reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arner import discourse, letters
from arner.lexicon.schema import BITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.document import Candidate
    from arner.tokens import Tokens

_NATIONALITY = BITS["nationality"]
_AL = letters.code("ال")
_STRONG = ("name", "alias", "spelling")


class Chain(NamedTuple):
    """The mentions of one entity (indexes into the chosen candidates) and the candidate that knows most of it."""

    members: list[int]
    known: Candidate | None


class _Groups:
    """Disjoint sets of mentions."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, at: int) -> int:
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at

    def join(self, one: int, other: int) -> None:
        one, other = sorted((self.find(one), self.find(other)))
        self._parent[other] = one


def link(tokens: Tokens, chosen: Sequence[Candidate]) -> list[Chain]:
    """Return the chains of a document in the order of their first mentions."""
    keys = [discourse.keys_of(tokens, c) for c in chosen]
    groups = _Groups(len(chosen))
    _join_equal(tokens, chosen, keys, groups)
    _join_full_names(chosen, keys, groups)
    _join_short_forms(tokens, chosen, keys, groups)
    _join_acronyms(tokens, chosen, keys, groups)
    members: dict[int, list[int]] = {}
    for at in range(len(chosen)):
        members.setdefault(groups.find(at), []).append(at)
    return [Chain(found, _known(chosen, found)) for _, found in sorted(members.items())]


def strong(candidate: Candidate) -> bool:
    """Return whether the gazetteer knows the candidate by a form that stands alone."""
    return any(e.recognizer == "gazetteer" and e.note.startswith(_STRONG) for e in candidate.evidence)


def _identity(tokens: Tokens, candidate: Candidate, keys: tuple[bytes, ...]) -> tuple[str, ...]:
    if candidate.ref and (strong(candidate) or candidate.label != "PER"):
        return ("ref", candidate.ref)
    words = list(keys)
    if candidate.label == "ORG" and len(words) > 2 and tokens.words[candidate.last - 1].mask & _NATIONALITY:
        words.pop()
    if len(words) == 1 and candidate.label != "LOC" and words[0].startswith(_AL):
        words[0] = words[0][2:]
    return (candidate.label, letters.decode(b"".join(words)))


def _join_equal(
    tokens: Tokens, chosen: Sequence[Candidate], keys: list[tuple[bytes, ...]], groups: _Groups
) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for at, candidate in enumerate(chosen):
        if candidate.label == "PER" and len(keys[at]) == 1 and not strong(candidate):
            continue
        groups.join(seen.setdefault(_identity(tokens, candidate, keys[at]), at), at)


def _join_full_names(chosen: Sequence[Candidate], keys: list[tuple[bytes, ...]], groups: _Groups) -> None:
    """Join full names of which one leaves out inner or last words of the other («خالد الشرقاوي (السموني)»)."""
    full = [at for at, c in enumerate(chosen) if c.label == "PER" and len(keys[at]) > 1]
    for number, at in enumerate(full):
        for other in full[:number]:
            if groups.find(at) == groups.find(other):
                continue
            short, long = sorted((keys[at], keys[other]), key=len)
            if len(short) < len(long) and short[0] == long[0] and _in_order(short, long):
                groups.join(other, at)
            elif len(short) == len(long) and short[0] == long[0] and discourse.one_apart(short[-1], long[-1]):
                groups.join(other, at)


def _in_order(short: tuple[bytes, ...], long: tuple[bytes, ...]) -> bool:
    rest = iter(long)
    return all(word in rest for word in short)


def _join_short_forms(
    tokens: Tokens, chosen: Sequence[Candidate], keys: list[tuple[bytes, ...]], groups: _Groups
) -> None:
    """Join each short form to the last full name before it that has it, else to the first behind it."""
    forms: dict[tuple[bytes, ...], list[int]] = {}
    for at, candidate in enumerate(chosen):
        if candidate.label == "PER" and len(keys[at]) > 1:
            for form, _ in discourse.short_forms(tokens, candidate):
                for spelled in (form, discourse.with_article(form)):
                    forms.setdefault(spelled, []).append(at)
    alone: dict[tuple[bytes, ...], int] = {}
    for at, candidate in enumerate(chosen):
        if candidate.label != "PER":
            continue
        holders = [h for h in forms.get(keys[at], ()) if h != at]
        if not holders and len(keys[at]) == 1:
            holders = [
                h for form, hs in forms.items() if len(form) == 1 and len(form[0]) > 4
                and discourse.one_apart(form[0], keys[at][0]) for h in hs
            ]
        if len(keys[at]) > 1:
            holders = [h for h in holders if len(keys[h]) > len(keys[at])]
        before = [h for h in holders if h < at]
        if holders:
            groups.join(max(before) if before else min(holders), at)
        elif len(keys[at]) == 1:
            bare = (keys[at][0][2:],) if keys[at][0].startswith(_AL) else keys[at]
            groups.join(alone.setdefault(bare, at), at)


def _join_acronyms(
    tokens: Tokens, chosen: Sequence[Candidate], keys: list[tuple[bytes, ...]], groups: _Groups
) -> None:
    """Join an organisation to the short name in brackets behind it and to where that name stands again."""
    for at, (candidate, following) in enumerate(zip(chosen, chosen[1:], strict=False)):
        if candidate.label != "ORG" or following.label != "ORG":
            continue
        between = tokens.words[candidate.last : following.first]
        if between and len(between) <= 2 and between[0].mask & BITS["bracket-open"] and following.last < len(tokens.words):
            if tokens.words[following.last].mask & BITS["bracket-close"] or len(between) == 1:
                groups.join(at, at + 1)


def _known(chosen: Sequence[Candidate], members: list[int]) -> Candidate | None:
    """Return the member that tells who a chain is: a strong gazetteer name; a weak one only where no full name objects."""
    named = [chosen[m] for m in members if chosen[m].ref and strong(chosen[m])]
    if named:
        return max(named, key=lambda c: (c.last - c.first, -c.first))
    if any(chosen[m].label == "PER" and chosen[m].last - chosen[m].first > 1 for m in members):
        return None
    weak = [chosen[m] for m in members if chosen[m].ref]
    return weak[0] if weak and len({w.ref for w in weak}) == 1 else None
