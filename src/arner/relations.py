"""Entities and the words around them in, relations out: which person holds which role in which organisation.

«مدير مكتب التحقيقات الفيدرالي كريستوفر راي» gives (كريستوفر راي, مدير, FBI). A title may name an organisation without
saying it: «المدير العام للأمن الوطني ولمراقبة التراب الوطني» stands for the heads of two directorates; the office of a
title (`gazetteers/words/offices.tsv`: مدير عام → مديرية عامة) with the title's complement is looked up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arner import letters
from arner.document import Entity, Relation
from arner.lexicon.schema import BITS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arner.tokens import Tokens, Words

_HEADS = sum(BITS[c] for c in ("role", "rank", "occupation"))
_ROLE = BITS["role"]
_COMPLEMENT = sum(
    BITS[c]
    for c in (
        "org-field", "org-topic", "org-adjective", "org-head", "nationality", "regional", "adjective", "noun", "role",
        "occupation", "honorific", "loc", "country", "ordinal", "place-outside", "frequent", "definite", "preposition",
    )
)
_STOP = sum(BITS[c] for c in ("say", "motion", "verb", "stop", "stop-mark", "newline", "quote-open", "quote-close", "colon"))
_PAUSE = BITS["comma"] | BITS["dash"]
_FARTHEST: Final = 14
_AL, _LL, _L, _W = (letters.code(x) for x in ("ال", "لل", "ل", "و"))


class Offices:
    """The office that a title is the head of, by folded words («مدير عام» → «مديريه عامه»)."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = {letters.key(title): letters.key(office) for title, office in pairs.items()}

    def of(self, words: Words, title: Sequence[bytes], complement: Sequence[bytes]) -> str | None:
        """Return the reference of the organisation that a title with its complement stands for, or None."""
        bare = b" ".join(w[2:] if w.startswith(_AL) and len(w) > 4 else w for w in title)
        office = self._pairs.get(bare)
        if office is None:
            return None
        definite = b" ".join(_AL + w for w in office.split(b" "))
        for head in (definite, office):
            for end in range(len(complement), 0, -1):
                record = words.record(head + b" " + b" ".join(complement[:end]))
                entries = [row for row, _ in record.entries() if row.label == "ORG"] if record else []
                if len({row.ref for row in entries}) == 1:
                    return entries[0].ref
        return None


def find(tokens: Tokens, words: Words, offices: Offices, source: str, placed: Sequence[tuple[int, int, Entity]]) -> list[Relation]:
    """Return the roles of the persons of a document, in the order of the persons.

    `placed` holds each entity with its first and last (exclusive) word.
    """
    at_word: dict[int, tuple[int, int, Entity]] = {}
    for item in placed:
        for i in range(item[0], item[1]):
            at_word[i] = item
    found: list[Relation] = []
    for first, last, entity in placed:
        if entity.label == "PER":
            role = _before(tokens, at_word, first) or _behind(tokens, at_word, last)
            if role:
                found += _relations(tokens, words, offices, source, at_word, entity, *role)
    return found


def _before(tokens: Tokens, at_word: dict[int, tuple[int, int, Entity]], first: int) -> tuple[int, int] | None:
    """Return the words (first, last exclusive) of the role that stands before a person."""
    at, end, best = first - 1, first, -1
    while at >= 0 and first - at <= _FARTHEST:
        word = tokens.words[at]
        held = at_word.get(at)
        if held:
            if held[2].label == "PER":
                break
            at = held[0] - 1
            continue
        if word.mask & _PAUSE and at == first - 1:
            end = at
            at -= 1
            continue
        if word.mask & BITS["bracket-close"]:
            opened = next((i for i in range(at - 1, max(-1, at - 7), -1) if tokens.words[i].mask & BITS["bracket-open"]), -1)
            if opened < 0:
                break
            at = opened - 1
            continue
        if word.mask & _HEADS and not word.mask & _STOP & ~BITS["motion"]:
            best = at
            if not word.mask & BITS["definite"] or word.mask & _ROLE:
                follows = tokens.words[at - 1] if at else None
                if not (follows and follows.mask & _ROLE and at - 1 not in at_word):
                    break
        elif word.mask & _STOP or not word.mask & _COMPLEMENT:
            break
        at -= 1
    return (best, end) if best >= 0 else None


def _behind(tokens: Tokens, at_word: dict[int, tuple[int, int, Entity]], last: int) -> tuple[int, int] | None:
    words = tokens.words
    at = last
    if at < len(words) and words[at].mask & _PAUSE:
        at += 1
    if at >= len(words) or not words[at].mask & _HEADS or at in at_word:
        return None
    end = at + 1
    while end < len(words) and end - at <= _FARTHEST:
        held = at_word.get(end)
        if held:
            if held[2].label == "PER":
                break
            end = held[1]
            continue
        if words[end].mask & (_STOP | _PAUSE) or not words[end].mask & _COMPLEMENT:
            break
        end += 1
    return at, end


def _relations(
    tokens: Tokens, words: Words, offices: Offices, source: str, at_word: dict[int, tuple[int, int, Entity]],
    person: Entity, first: int, end: int,
) -> list[Relation]:
    named = list(dict.fromkeys(at_word[i] for i in range(first, end) if i in at_word and at_word[i][2].label == "ORG"))
    stop = next((i for i in range(first + 1, end) if i in at_word and at_word[i][2].label == "ORG"), end)
    bracket = next((i for i in range(first + 1, stop) if tokens.words[i].mask & BITS["bracket-open"]), stop)
    stop = min(stop, bracket)
    while stop > first + 1 and tokens.words[stop - 1].mask & (_PAUSE | BITS["stop"]):
        stop -= 1
    start, finish = tokens.start(first) + tokens.words[first].head()[1], tokens.end(stop - 1)
    text = source[start:finish]
    if named:
        return [Relation("role", person.id, text, start, finish, org=item[2].id, org_ref=item[2].ref) for item in named]
    refs = _offices(tokens, words, offices, first, stop)
    if refs:
        return [Relation("role", person.id, text, start, finish, org_ref=ref) for ref in refs]
    return [Relation("role", person.id, text, start, finish)]


def _offices(tokens: Tokens, words: Words, offices: Offices, first: int, stop: int) -> list[str]:
    """Return the references of the organisations that a title stands for, each «و» beginning another complement."""
    keys = [tokens.words[i].key for i in range(first, stop)]
    keys[0] = tokens.words[first].head()[2]
    for size in (2, 1):
        title, rest = keys[:size], keys[size:]
        if not rest:
            continue
        parts: list[list[bytes]] = [[]]
        for key in rest:
            if key[:1] == _W and len(key) > 4 and parts[-1]:
                parts.append([])
                key = key[1:]
                if not key.startswith(_L) and parts[0][0].startswith(_L):
                    key = _L + key
            parts[-1].append(key)
        found = [ref for part in parts if (ref := offices.of(words, title, part))]
        if found:
            return list(dict.fromkeys(found))
    return []
