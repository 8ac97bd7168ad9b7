"""A first decision over a whole document in, what it teaches about the rest of the text out.

A full name said once makes its surname a name everywhere («حموشي» after «عبد اللطيف حموشي»); a string that was a name
in one place is evidence in another; an acronym in brackets behind an organisation stands for it. This module proposes
and names chains; `decide` alone chooses.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters
from arner.document import LABELS, Candidate, Evidence
from arner.lexicon.schema import BITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arner.tokens import Tokens, Word

NAME: Final = "discourse"
# The note of a short form that the lists too know as one of the entity that taught it.
LISTED: Final = "listed"
_AL = letters.code("ال")
_SIGNS = BITS["comma"] | sum(
    BITS[c] for c in ("stop-mark", "colon", "quote-open", "quote-close", "bracket-open", "dash", "mark", "newline")
)
_LINKS = sum(BITS[c] for c in ("kunya", "nasab", "abd", "particle"))
_ORDINARY = sum(BITS[c] for c in ("noun", "adjective", "verb", "say", "motion", "time", "number", "ordinal"))
_NAMED = sum(BITS[c] for c in ("org", "org-weak", "definite", "acronym", "latin"))
_PLACE = BITS["country"] | BITS["loc"]
_GLOSS = sum(BITS[c] for c in ("latin", "letter", "mark", "dash", "stop-mark", "quote-open", "quote-close"))
_LONGEST_GLOSS: Final = 14
_SHUT = BITS["stop"] | BITS["say"] | BITS["ordinal"]


class Lesson(NamedTuple):
    """What a document teaches of a form: the label it had, how (`same`, `surname`, …), from which entity."""

    label: str
    how: str
    source: Candidate


class Taught(dict[tuple[bytes, ...], list[Lesson]]):
    """Lessons by the folded words that they are about.

    A form keeps two lessons of one kind, from two entities: no place needs more, since a place lies in one entity at
    most and asks only whether another one taught it.
    """

    def add(self, form: tuple[bytes, ...], label: str, how: str, source: Candidate) -> None:
        """Keep a lesson, unless two of its kind are known or this entity gave it before."""
        held = self.setdefault(form, [])
        alike = [lesson for lesson in held if lesson.label == label and lesson.how == how]
        if len(alike) < 2 and all(lesson.source is not source for lesson in alike):
            held.append(Lesson(label, how, source))


def keys_of(tokens: Tokens, candidate: Candidate) -> tuple[bytes, ...]:
    """Return the folded words of a candidate, its proclitics off."""
    words = tokens.words[candidate.first : candidate.last]
    proclitic, _, head = words[0].head()
    if proclitic != candidate.proclitic:
        ways = (stem for stem, (taken, _) in words[0].stems.items() if taken == candidate.proclitic)
        readings = (reading.stem for reading in words[0].readings if reading.proclitic == candidate.proclitic)
        head = next(readings, None) or next(ways, words[0].key)
    return (head, *(w.key for w in words[1:]))


def short_forms(tokens: Tokens, person: Candidate) -> list[tuple[tuple[bytes, ...], str]]:
    """Return the forms that stand for a full name later in a text: its last words, alone and joined.

    The article comes and goes (حموشي, الحموشي); a link word stays with what follows it (بن علي, آل نهيان).
    """
    keys = keys_of(tokens, person)
    words = tokens.words[person.first : person.last]
    forms: list[tuple[tuple[bytes, ...], str]] = []
    for at in range(1, len(keys)):
        tail = keys[at:]
        if _shut(words[at]) or (len(tail[0]) < 3 and len(tail) == 1):
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


def _shut(word: Word) -> bool:
    """Return whether a word begins no short form; «فيشر» does, though «ف + يشر» is a verb of saying."""
    whole = next((reading.record for reading in word.readings if not reading.proclitic), None)
    return bool((whole.mask if whole else word.mask) & _SHUT)


def of_full_name(candidate: Candidate) -> bool:
    """Return whether a candidate is proposed as the last words of a full name."""
    return any(e.recognizer == NAME and e.source in ("surname", "tail") for e in candidate.evidence)


def with_article(form: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return a form with the article of its first word taken off or put on."""
    first = form[0]
    return (first[2:] if first.startswith(_AL) and len(first) > 4 else _AL + first, *form[1:])


def lessons(tokens: Tokens, chosen: Sequence[Candidate]) -> Taught:
    """Return what the first decision teaches, by the folded words that it is about."""
    taught = Taught()
    for candidate in chosen:
        keys = keys_of(tokens, candidate)
        taught.add(keys, candidate.label, "same", candidate)
        if candidate.label == "PER" and len(keys) > 1:
            for form, how in short_forms(tokens, candidate):
                taught.add(form, "PER", how, candidate)
                if how in ("surname", "tail"):
                    taught.add(with_article(form), "PER", how, candidate)
        elif candidate.label == "ORG":
            for short, how in _acronym(tokens, candidate):
                taught.add(short, "ORG", how, candidate)
        if gloss := _gloss(tokens, candidate):
            taught.add(gloss, candidate.label, "gloss", candidate)
    return taught


def _gloss(tokens: Tokens, candidate: Candidate) -> tuple[bytes, ...]:
    """Return the words of a name in Latin letters in brackets behind a candidate: «إدوار فيليب (Édouard Philippe)».

    What is all capitals may be another's: «الرباط (MAP)».
    """
    words = tokens.words
    at = candidate.last + 1
    if at < len(words) and words[at - 1].mask & BITS["quote-close"]:
        at += 1
    if at >= len(words) or not words[at - 1].mask & BITS["bracket-open"]:
        return ()
    for end in range(at, min(at + _LONGEST_GLOSS, len(words))):
        mask = words[end].mask
        if mask & BITS["bracket-close"]:
            inside = words[at:end]
            written = any(w.mask & BITS["latin"] and not w.mask & BITS["acronym"] for w in inside)
            return tuple(w.key for w in inside) if written and inside[0].mask & BITS["latin"] else ()
        if not mask & _GLOSS:
            break
    return ()


def _acronym(tokens: Tokens, organisation: Candidate) -> list[tuple[tuple[bytes, ...], str]]:
    """Return the short name in brackets behind an organisation: «… للأبحاث القضائية (البسيج)», and how it is one.

    It is `defined` where the lists know it as a name of this organisation: «(الكاف)» is no town then.
    """
    words = tokens.words
    at = organisation.last
    if at + 2 >= len(words) or not words[at].mask & BITS["bracket-open"]:
        return []
    for end in range(at + 1, min(at + 5, len(words))):
        if words[end].mask & BITS["bracket-close"]:
            inside = words[at + 1 : end]
            if not inside or (inside[0].mask & _ORDINARY and not inside[0].mask & _NAMED):
                return []  # «(صورة أرشيفية)»
            known = len(inside) == 1 and organisation.ref in _refs(inside[0])
            if not known and inside[0].mask & _PLACE and not inside[0].mask & _NAMED:
                return []  # «ستيوا بوخارست (رومانيا)»
            return [(tuple(word.key for word in inside), "defined" if known else "acronym")]
        if words[end].mask & _SIGNS:
            break
    return []


def _refs(word: Word) -> set[str]:
    """Return what the lists know under a word."""
    return {row.ref for reading in word.readings if reading.record for row, _ in reading.record.entries()}


def recall(tokens: Tokens, taught: Taught) -> list[Candidate]:
    """Return a candidate for every place where a form that another place of the document taught stands."""
    lengths: dict[bytes, list[int]] = defaultdict(list)
    for form in taught:
        if len(form) not in lengths[form[0]]:
            lengths[form[0]].append(len(form))
    near = _near_keys(tokens, taught)
    found: list[Candidate] = []
    known = lengths.keys() | near.keys()
    words = tokens.words
    for at, word in enumerate(words):
        stems = word.stems
        if known.isdisjoint(stems):
            continue
        for stem, (proclitic, offset) in stems.items():
            for length in lengths.get(stem, ()):
                last = at + length
                form = (stem, *(w.key for w in words[at + 1 : last]))
                if len(form) == length and form in taught:
                    found += _taught(tokens, at, last, offset, proclitic, taught[form], "")
            for form in near.get(stem, ()):
                found += _taught(tokens, at, at + 1, offset, proclitic, taught[form], "near ")
    return found


def _taught(
    tokens: Tokens, first: int, last: int, offset: int, proclitic: str, learned: list[Lesson], prefix: str
) -> list[Candidate]:
    start, end = tokens.start(first) + offset, tokens.end(last - 1)
    refs = _refs(tokens.words[first]) if last - first == 1 else set()
    elsewhere: dict[tuple[str, str], str] = {}
    for label, how, source in learned:
        if not (source.first <= first and last <= source.last):
            elsewhere[label, how] = LISTED if source.ref in refs else elsewhere.get((label, how), "")
    return [
        Candidate(first, last, start, end, label, (Evidence(NAME, prefix + how, 0.0, note),), proclitic=proclitic)
        for by_label in LABELS for (label, how), note in elsewhere.items() if label == by_label
    ]  # fmt: skip


def _near_keys(tokens: Tokens, taught: Taught) -> dict[bytes, list[tuple[bytes, ...]]]:
    """Return unknown words of the text that differ from a taught surname by one letter (بريدجيز, بريدجز)."""
    surnames = Near(
        f[0] for f, ls in taught.items() if len(f) == 1 and len(f[0]) > 4 and any(x.how == "surname" for x in ls)
    )
    if not surnames:
        return {}
    found: dict[bytes, list[tuple[bytes, ...]]] = {}
    seen: set[bytes] = set()
    for word in tokens.words:
        if word.mask & BITS["unknown"] and word.zipf < 75 and len(word.key) > 3:
            for stem in word.stems:
                known = any(lesson.how == "surname" for lesson in taught.get((stem,), ()))
                if stem not in seen and not known and (forms := surnames.of(stem)):
                    found[stem] = [(form,) for form in forms]
                seen.add(stem)
    return found


class Near:
    """Folded words, to be found by a word that is `one_apart` from them, in time that their number does not change."""

    LONGEST = 24

    def __init__(self, words: Iterable[bytes]) -> None:
        self._by_rest: dict[bytes, dict[bytes, None]] = {}
        for word in words:
            for rest in self._rests(word):
                self._by_rest.setdefault(rest, {})[word] = None

    def __bool__(self) -> bool:
        """Whether it holds any word."""
        return bool(self._by_rest)

    def _rests(self, word: bytes) -> Iterator[bytes]:
        """Yield the word, and the word without each of its letters: words that are one apart share one of these."""
        if len(word) <= self.LONGEST:
            yield word
            for at in range(2, len(word)):
                yield word[:at] + word[at + 1 :]

    def of(self, word: bytes) -> list[bytes]:
        """Return the words that are one apart from a word, always in the same order."""
        alike = {other: None for rest in self._rests(word) for other in self._by_rest.get(rest, ())}
        return [other for other in alike if one_apart(word, other)]


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
