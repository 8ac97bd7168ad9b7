"""Chosen candidates in, chains out: which mentions of a document are one entity, and which one of those that are known.

Mentions that the gazetteer surely knows as different entities never stand in one chain.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import discourse, letters, overlaps
from arner.document import Evidence
from arner.lexicon.schema import BITS
from arner.recognizers.gazetteer import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arner.document import Candidate
    from arner.tokens import Tokens

_NATIONALITY = BITS["nationality"]
_AL = letters.code("ال")
# Two names on lists of names are two names, however alike (العلوي, العلمي).
_SETTLED = sum(BITS[c] for c in ("given", "given-weak", "family", "family-weak"))
# Of longer names only the beginnings are taken for the same person: the ways to leave words out double with each word.
_MOST_WORDS: Final = 8
# Why a name that several entities have is that of one.
AT_HOME: Final = Evidence("discourse", "home", 0.0, "of those called so, that of the country named most")


class Chain(NamedTuple):
    """The mentions of one entity (indexes into the chosen candidates) and the candidate that knows most of it.

    `at_home` says that it has this name with others and was taken for that of the document's country.
    """

    members: list[int]
    known: Candidate | None
    at_home: bool = False


class _Groups:
    """Disjoint sets of mentions, each with the one reference that is surely known of it, if any."""

    def __init__(self, refs: list[str | None]) -> None:
        self._parent = list(range(len(refs)))
        self._refs = refs

    def find(self, at: int) -> int:
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at

    def join(self, one: int, other: int) -> None:
        """Make two sets one, unless they are known to be two entities."""
        one, other = sorted((self.find(one), self.find(other)))
        if one != other and (not self._refs[one] or self._refs[other] in (None, self._refs[one])):
            self._refs[one] = self._refs[one] or self._refs[other]
            self._parent[other] = one


def link(tokens: Tokens, chosen: Sequence[Candidate]) -> list[Chain]:
    """Return the chains of a document in the order of their first mentions; time is linear in the mentions."""
    keys = [discourse.keys_of(tokens, c) for c in chosen]
    groups = _Groups([c.ref if c.ref and overlaps.strong(c) else None for c in chosen])
    _join_equal(tokens, chosen, keys, groups)
    _join_full_names(tokens, chosen, keys, groups)
    _join_short_forms(tokens, chosen, keys, groups)
    _join_acronyms(tokens, chosen, groups)
    members: dict[int, list[int]] = {}
    for at in range(len(chosen)):
        members.setdefault(groups.find(at), []).append(at)
    counts: Counter[str | None] = Counter(c.country for c in chosen if c.ref and c.country and not c.options)
    country = home(counts)
    linked = []
    for _, found in sorted(members.items()):
        known = _known(chosen, keys, found)
        moved = None
        if not known or (known.options and known.country not in counts):
            moved = _at_home(chosen, found, country)
        linked.append(Chain(found, moved or known, moved is not None))
    return linked


def home(counts: Counter[str | None]) -> str | None:
    """Return the country that a document is about: that of most known mentions, twice as many as of any other."""
    most = counts.most_common(2)
    if not most or (len(most) > 1 and most[0][1] < 2 * most[1][1]):
        return None
    return most[0][0]


def _identity(tokens: Tokens, candidate: Candidate, keys: tuple[bytes, ...]) -> tuple[str, ...]:
    if candidate.ref and (overlaps.strong(candidate) or candidate.label != "PER"):
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
        if candidate.label == "PER" and len(keys[at]) == 1 and not overlaps.strong(candidate):
            continue
        groups.join(seen.setdefault(_identity(tokens, candidate, keys[at]), at), at)


def _join_full_names(
    tokens: Tokens, chosen: Sequence[Candidate], keys: list[tuple[bytes, ...]], groups: _Groups
) -> None:
    """Join full names of which one leaves out inner or last words of the other («خالد الشرقاوي (السموني)»).

    And those of which the last words are two spellings of one that no list settles (بريدجيز, بريدجز).
    """
    first_at: dict[tuple[bytes, ...], int] = {}
    for at, candidate in enumerate(chosen):
        if candidate.label == "PER" and len(keys[at]) > 1:
            groups.join(first_at.setdefault(keys[at], at), at)
    near = discourse.Near(name[-1] for name in first_at)
    for name, at in first_at.items():
        for short in _shorter(name):
            if short in first_at:
                groups.join(first_at[short], at)
        for last in near.of(name[-1]):
            other = first_at.get((*name[:-1], last))
            if other is not None and not _settled(tokens, chosen[at], chosen[other]):
                groups.join(other, at)


def _shorter(name: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    """Yield what is left of a name of which words behind the first are left out, two words or more."""
    if len(name) > _MOST_WORDS:
        yield from (name[:end] for end in range(2, len(name)))
        return
    for size in range(1, len(name) - 1):
        for rest in combinations(name[1:], size):
            yield (name[0], *rest)


def _settled(tokens: Tokens, one: Candidate, other: Candidate) -> bool:
    return all(tokens.words[c.last - 1].mask & _SETTLED for c in (one, other))


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
    near = discourse.Near(form[0] for form in forms if len(form) == 1 and len(form[0]) > 4)
    alone: dict[tuple[bytes, ...], int] = {}
    for at, candidate in enumerate(chosen):
        if candidate.label != "PER":
            continue
        key = keys[at]
        holders = forms.get(key, [])
        if not holders and len(key) == 1 and not tokens.words[candidate.first].mask & _SETTLED:
            holders = sorted(h for other in near.of(key[0]) for h in forms[(other,)])
        if holders:
            groups.join(holders[max(0, bisect_left(holders, at) - 1)], at)
        elif len(key) == 1:
            bare = (key[0][2:],) if key[0].startswith(_AL) else key
            groups.join(alone.setdefault(bare, at), at)


def _join_acronyms(tokens: Tokens, chosen: Sequence[Candidate], groups: _Groups) -> None:
    """Join an organisation to the short name in brackets behind it and to where that name stands again."""
    words = tokens.words
    for at, (candidate, following) in enumerate(pairwise(chosen)):
        between = words[candidate.last : following.first]
        if (
            candidate.label == following.label == "ORG"
            and 1 <= len(between) <= 2
            and between[0].mask & BITS["bracket-open"]
            and following.last < len(words)
            and (words[following.last].mask & BITS["bracket-close"] or len(between) == 1)
        ):
            groups.join(at, at + 1)


def _known(chosen: Sequence[Candidate], keys: list[tuple[bytes, ...]], members: list[int]) -> Candidate | None:
    """Return the member that tells who a chain is: one that the gazetteer surely knows.

    A surname tells only where the full names beside it agree; a weak name only where there are none.
    """
    named = [chosen[m] for m in members if chosen[m].ref and overlaps.strong(chosen[m])]
    full = [keys[m] for m in members if chosen[m].label == "PER" and len(keys[m]) > 1]
    if named:
        known = max(named, key=lambda c: (c.last - c.first, -c.first))
        objects = known.label == "PER" and known.last - known.first == 1 and full and not _fits(known, full)
        return None if objects else known
    if full:
        return None
    weak = [chosen[m] for m in members if chosen[m].ref]
    return weak[0] if weak and len({w.ref for w in weak}) == 1 else None


def _at_home(chosen: Sequence[Candidate], members: list[int], country: str | None) -> Candidate | None:
    """Return the member whose name is that of one entity of the document's country, among several, as that entity."""
    if any(chosen[member].country not in (None, country) and not chosen[member].options for member in members):
        return None
    for member in members:
        candidate = chosen[member]
        here = [row for row in candidate.options if row.country == country]
        if len({row.ref for row in here}) == 1:
            return named(candidate, here[0])
    return None


def _fits(known: Candidate, full: list[tuple[bytes, ...]]) -> bool:
    """Return whether any of the full names begins as the known person's does."""
    name = letters.key(known.name).replace(b" ", b"")
    return any(name.startswith(keys[0]) for keys in full)
