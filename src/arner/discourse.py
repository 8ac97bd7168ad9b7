"""A first decision over a whole document in, what it teaches about the rest of the text out.

A full name said once makes its surname a name everywhere («حموشي» after «عبد اللطيف حموشي»); a string that was a name
in one place is evidence in another; an acronym in brackets behind an organisation stands for it. This module proposes
and names chains; `decide` alone chooses.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters
from arner.document import Candidate, Evidence
from arner.lexicon.schema import BITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.tokens import Tokens, Word

NAME: Final = "discourse"
_AL = letters.code("ال")
_LINKS = sum(BITS[c] for c in ("kunya", "nasab", "abd", "particle"))
_SHUT = BITS["stop"] | BITS["say"] | BITS["ordinal"]
_OPEN, _CLOSE = BITS["bracket-open"] | BITS["quote-open"] | BITS["dash"], BITS["bracket-close"] | BITS["quote-close"]
_JOIN = BITS["conjunction"] | BITS["preposition"]


class Lesson(NamedTuple):
    """What a document teaches of a key: the label it had, how (`same`, `surname`, `near`, `acronym`), from which entity."""

    label: str
    how: str
    source: Candidate


def keys_of(tokens: Tokens, candidate: Candidate) -> tuple[bytes, ...]:
    """Return the folded words of a candidate, its proclitics off."""
    words = tokens.words[candidate.first : candidate.last]
    first = next((s for s, (c, _) in words[0].stems.items() if c == candidate.proclitic), words[0].key)
    if candidate.proclitic.endswith("ل") and words[0].key.endswith(first) is False:
        first = words[0].head()[2]
    return (first, *(w.key for w in words[1:]))


def short_forms(tokens: Tokens, person: Candidate) -> list[tuple[tuple[bytes, ...], str]]:
    """Return the forms that stand for a full name later in a text: its last words, alone and joined.

    The article comes and goes (حموشي, الحموشي); a link word stays with what follows it (بن علي, آل نهيان).
    """
    keys = keys_of(tokens, person)
    words = tokens.words[person.first : person.last]
    forms: list[tuple[tuple[bytes, ...], str]] = []
    for at in range(1, len(keys)):
        tail = keys[at:]
        if words[at].mask & _SHUT or len(tail[0]) < 3 and len(tail) == 1:
            continue
        if words[at - 1].mask & BITS["abd"]:
            continue
        how = "surname" if at == len(keys) - 1 or words[at].mask & _LINKS else "tail"
        forms.append((tail, how))
        if len(tail) > 1 and at < len(keys) - 1 and not words[at].mask & _LINKS:
            forms.append(((keys[at],), "middle"))
    if len(keys) > 1 and not words[0].mask & _LINKS and len(keys[0]) > 2:
        forms.append(((keys[0],), "given"))
    return forms


def with_article(form: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return a form with the article of its first word taken off or put on."""
    first = form[0]
    return (first[2:] if first.startswith(_AL) and len(first) > 4 else _AL + first, *form[1:])


def lessons(tokens: Tokens, chosen: Sequence[Candidate]) -> dict[tuple[bytes, ...], list[Lesson]]:
    """Return what the first decision teaches, by the folded words that it is about."""
    taught: dict[tuple[bytes, ...], list[Lesson]] = defaultdict(list)
    for candidate in chosen:
        keys = keys_of(tokens, candidate)
        taught[keys].append(Lesson(candidate.label, "same", candidate))
        if candidate.label == "PER" and len(keys) > 1:
            for form, how in short_forms(tokens, candidate):
                taught[form].append(Lesson("PER", how, candidate))
                if how in ("surname", "tail"):
                    taught[with_article(form)].append(Lesson("PER", how, candidate))
        elif candidate.label == "ORG":
            for short in _acronym(tokens, candidate):
                taught[short].append(Lesson("ORG", "acronym", candidate))
    return taught


def _acronym(tokens: Tokens, organisation: Candidate) -> list[tuple[bytes, ...]]:
    """Return the short name in brackets behind an organisation: «… للأبحاث القضائية (البسيج)»."""
    words = tokens.words
    at = organisation.last
    if at + 2 >= len(words) or not words[at].mask & BITS["bracket-open"]:
        return []
    for end in range(at + 2, min(at + 5, len(words))):
        if words[end].mask & BITS["bracket-close"]:
            return [tuple(w.key for w in words[at + 1 : end])]
    return []


def recall(tokens: Tokens, taught: dict[tuple[bytes, ...], list[Lesson]]) -> list[Candidate]:
    """Return a candidate for every place where a form that the document taught stands.

    Each place gets the lessons of one label once, the nearest teacher first: the last before it, else the first behind.
    """
    heads: dict[bytes, list[tuple[bytes, ...]]] = defaultdict(list)
    for form in taught:
        heads[form[0]].append(form)
    near = _near_keys(tokens, taught, heads)
    found: list[Candidate] = []
    known = heads.keys() | near.keys()
    for at, word in enumerate(tokens.words):
        stems = word.stems
        if known.isdisjoint(stems):
            continue
        for stem, (proclitic, offset) in stems.items():
            for form in heads.get(stem, ()):
                last = _stands(tokens, at, form)
                if last:
                    found += _taught(tokens, at, last, offset, proclitic, taught[form], "")
            for form in near.get(stem, ()):
                found += _taught(tokens, at, at + 1, offset, proclitic, taught[form], "near ")
    return found


def _stands(tokens: Tokens, at: int, form: tuple[bytes, ...]) -> int:
    words = tokens.words
    if at + len(form) > len(words):
        return 0
    return at + len(form) if all(words[at + i].key == form[i] for i in range(1, len(form))) else 0


def _taught(
    tokens: Tokens, first: int, last: int, offset: int, proclitic: str, learned: list[Lesson], prefix: str
) -> list[Candidate]:
    found: list[Candidate] = []
    for label in ("PER", "ORG", "LOC"):
        ways: dict[str, Lesson] = {}
        for lesson in learned:
            if lesson.label == label and not (lesson.source.first <= first and last <= lesson.source.last):
                held = ways.get(lesson.how)
                # The last teacher before the place, else the first behind it.
                if held is None or lesson.source.first < first:
                    ways[lesson.how] = lesson
        for how in ways:
            evidence = (Evidence(NAME, prefix + how, 0.0),)
            start, end = tokens.start(first) + offset, tokens.end(last - 1)
            found.append(Candidate(first, last, start, end, label, evidence, proclitic=proclitic))
    return found


def _near_keys(
    tokens: Tokens, taught: dict[tuple[bytes, ...], list[Lesson]], heads: dict[bytes, list[tuple[bytes, ...]]]
) -> dict[bytes, list[tuple[bytes, ...]]]:
    """Return unknown words of the text that differ from a taught surname by one letter (بريدجيز, بريدجز)."""
    forms = [f for f, ls in taught.items() if len(f) == 1 and len(f[0]) > 4 and any(x.how == "surname" for x in ls)]
    if not forms:
        return {}
    found: dict[bytes, list[tuple[bytes, ...]]] = defaultdict(list)
    seen: set[bytes] = set()
    for word in tokens.words:
        if word.mask & BITS["unknown"] and word.zipf < 75 and len(word.key) > 3:
            for stem in word.stems:
                if stem in seen or stem in heads:
                    continue
                seen.add(stem)
                for form in forms:
                    if one_apart(stem, form[0]):
                        found[stem].append(form)
    return found


def one_apart(left: bytes, right: bytes) -> bool:
    """Return whether two folded words begin alike and differ by one letter added, lost or changed.

    >>> one_apart(letters.key("بريدجيز"), letters.key("بريدجز"))
    True
    """
    if left[:2] != right[:2] or abs(len(left) - len(right)) > 1 or left == right:
        return False
    if len(left) > len(right):
        left, right = right, left
    at = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), len(left))
    return left[at + (len(left) == len(right)) :] == right[at + 1 :]
