"""Entities and the words around them in, relations out: which person holds which role in which organisation.

«مدير مكتب التحقيقات الفيدرالي كريستوفر راي» gives (كريستوفر راي, مدير, FBI). A title may name an organisation without
saying it: «المدير العام للأمن الوطني ولمراقبة التراب الوطني» is the head of two directorates; the office of a title
(`gazetteers/words/offices.tsv`: مدير عام → مديرية عامة) with the title's complement is looked up.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters
from arner.document import Entity, Relation
from arner.lexicon.schema import BITS, SENSE_WEAK
from arner.recognizers.gazetteer import country_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arner.lexicon.store import Known
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
_VERBS = sum(BITS[c] for c in ("say", "motion", "verb"))
_STOP = _VERBS | sum(BITS[c] for c in ("stop", "stop-mark", "newline", "quote-open", "quote-close", "colon"))
_JOINED = BITS["conjunction"] | BITS["preposition"]
_PAUSE = BITS["comma"] | BITS["dash"]
_FARTHEST: Final = 14
_AL, _L, _W = (letters.code(x) for x in ("ال", "ل", "و"))


class Offices:
    """The office that a title is the head of, by folded words («مدير عام» → «مديريه عامه»)."""

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._pairs = {letters.key(title): letters.key(office) for title, office in pairs.items()}

    def of(
        self, words: Words, title: Sequence[bytes], complement: Sequence[bytes], country: str | None
    ) -> tuple[str, int] | None:
        """Return the organisation that a title with its complement stands for and how many words name it, or None.

        `country` is the one that the title names, else the person's: «وزير الخارجية» alone is of no country.
        """
        bare = b" ".join(w[2:] if w.startswith(_AL) and len(w) > 4 else w for w in title)
        office = self._pairs.get(bare)
        if office is None:
            return None
        definite = b" ".join(_AL + w for w in office.split(b" "))
        for end in range(len(complement), 0, -1):
            for head in (definite, office):
                record = words.record(head + b" " + b" ".join(complement[:end]))
                refs = {
                    row.ref
                    for row, kind in (record.entries() if record else ())
                    if row.label == "ORG" and _of_country(row, kind, country)
                }
                if len(refs) == 1:
                    return refs.pop(), end
        return None


def _of_country(row: Known, kind: int, country: str | None) -> bool:
    if kind == SENSE_WEAK:
        return row.country == country
    return country is None or row.country in (country, "-")


def find(
    tokens: Tokens, words: Words, offices: Offices, source: str, placed: Sequence[tuple[int, int, Entity]]
) -> list[Relation]:
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
            before = range(at - 1, max(-1, at - 7), -1)
            opened = next((i for i in before if tokens.words[i].mask & BITS["bracket-open"]), -1)
            if opened < 0:
                break
            at = opened - 1
            continue
        if word.mask & _HEADS and not _stops(word.mask & ~BITS["motion"]):
            best = at
            # «ولمراقبة» goes on with a complement that began with ل, though مراقبة is an occupation too.
            goes_on = word.mask & _JOINED == _JOINED and not word.mask & _ROLE
            if not goes_on and (not word.mask & BITS["definite"] or word.mask & _ROLE):
                follows = tokens.words[at - 1] if at else None
                if not (follows and follows.mask & _ROLE and at - 1 not in at_word):
                    break
        elif _stops(word.mask) or not word.mask & _COMPLEMENT:
            break
        at -= 1
    return (best, end) if best >= 0 else None


def _stops(mask: int) -> bool:
    """Return whether a word of this mask ends a title; what has the article is no verb («والتعاون»)."""
    return bool(mask & (_STOP & ~_VERBS if mask & BITS["definite"] else _STOP))


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
        if words[end].mask & _PAUSE or _stops(words[end].mask) or not words[end].mask & _COMPLEMENT:
            break
        end += 1
    return at, end


def _relations(
    tokens: Tokens, words: Words, offices: Offices, source: str, at_word: dict[int, tuple[int, int, Entity]],
    person: Entity, first: int, end: int,
) -> list[Relation]:
    named = list(dict.fromkeys(at_word[i] for i in range(first, end) if i in at_word and at_word[i][2].label == "ORG"))
    # An organisation that the text names goes before the office that stands for it («الأمين العام للأمم المتحدة»).
    meant = [
        office for office in _meant(tokens, words, offices, first, end, person.country)
        if not any(office.first < last and begin < office.last for begin, last, _ in named)
    ]  # fmt: skip
    used = max((office.last for office in meant), default=first)
    stop = next((begin for begin, _, _ in named if begin > first and begin >= used), end)
    stop = next((i for i in range(first + 1, stop) if tokens.words[i].mask & BITS["bracket-open"]), stop)
    while stop > first + 1 and tokens.words[stop - 1].mask & (_PAUSE | BITS["stop"]):
        stop -= 1
    start, finish = tokens.start(first) + tokens.words[first].head()[1], tokens.end(stop - 1)
    orgs: list[tuple[int, str | None, str | None]] = [(office.first, None, office.ref) for office in meant]
    orgs += [(begin, entity.id, entity.ref) for begin, _, entity in named]
    role = source[start:finish]
    return [
        Relation("role", person.id, role, start, finish, org=org, org_ref=ref)
        for _, org, ref in sorted(orgs, key=itemgetter(0)) or [(first, None, None)]
    ]


class _Office(NamedTuple):
    """An organisation that a title stands for, and the words (first, last exclusive) that say so."""

    first: int
    last: int
    ref: str


def _meant(
    tokens: Tokens, words: Words, offices: Offices, first: int, end: int, country: str | None
) -> list[_Office]:
    """Return the organisations that a title stands for.

    Behind the first complement each «و» may begin another: «للأمن الوطني ولمراقبة التراب الوطني».
    """
    said = (country_of(words, word) for word in tokens.words[first:end] if word.mask & BITS["nationality"])
    country = next(filter(None, said), country)
    keys = [tokens.words[first].head()[2], *(word.key for word in tokens.words[first + 1 : end])]
    for size in (2, 1):
        title, rest = keys[:size], keys[size:]
        found: list[_Office] = []
        at = 0
        while at < len(rest):
            after = at + 1
            if meant := offices.of(words, title, [_part(rest, at), *rest[after:]], country):
                after = at + meant[1]
                found.append(_Office(first + size + at, first + size + after, meant[0]))
            at = next((i for i in range(after, len(rest)) if _opens(rest[i])), len(rest))
        if found:
            return found
    return []


def _opens(key: bytes) -> bool:
    return key[:1] == _W and len(key) > 4


def _part(rest: Sequence[bytes], at: int) -> bytes:
    """Return the word that opens a complement, its «و» off and the «ل» of the first complement on."""
    if not at:
        return rest[at]
    key = rest[at][1:]
    return _L + key if rest[0].startswith(_L) and not key.startswith(_L) else key
