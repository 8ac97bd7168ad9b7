"""Words in, candidates out for every gazetteer entry that stands in the text, behind any proclitic."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from arner import letters, overlaps
from arner.document import Candidate, Evidence
from arner.lexicon.schema import BITS, SENSE_ALIAS, SENSE_CLASS, SENSE_WEAK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arner.lexicon.store import Known, Record
    from arner.tokens import Reading, Tokens, Word, Words

NAME = "gazetteer"


def _keys(words: str) -> frozenset[bytes]:
    return frozenset(map(letters.key, words.split()))


_AND = letters.code("و")
_JOINERS = frozenset(letters.code(x) for x in "-–.'’")
# However it is spaced, a dash joins the cities that name a region: «الرباط- سلا - القنيطرة».
_DASHES = frozenset(letters.code(x) for x in "-–")
_IN, _AT = letters.code("في"), "ب"
_CLASSIFIER = BITS["org-classifier"]
_PROCLITIC = BITS["conjunction"] | BITS["preposition"]
_NATIONALITY, _DEFINITE = BITS["nationality"], BITS["definite"]
LONGEST = 14
# «تنظيم القاعدة في بلاد المغرب الإسلامي», «بعثة الأمم المتحدة في ليبيا» and «مملكة بروسيا» are names whole.
_WHOLE = ("armed-group", "international", "country")
# What stands outside a name that is known without it: «جريدة هسبريس», «مدينة وجدة».
_OUTSIDE = {
    "ORG": _keys("جريدة صحيفة مجلة يومية أسبوعية موقع منصة قناة إذاعة شركة"),
    "LOC": _keys("دولة مدينة منطقة إقليم جهة ولاية محافظة عمالة قضاء ناحية معتمدية مقاطعة بلدة قرية حي دوار"),
}
_QUARTERS = _keys("حي دوار")
_REGION = _keys("جهة")
_WIDE = ("continent", "world-region")


class Match(NamedTuple):
    """An entry found: tokens first to last (exclusive), the reading of its first word, the record, typos borne."""

    first: int
    last: int
    reading: Reading
    record: Record
    repairs: int


def matches(words: Words, tokens: Tokens) -> Iterator[Match]:
    """Yield every key of the lexicon that stands in the text, shorter and longer ones alike."""
    for first, word in enumerate(tokens.words):
        if word.open:
            for reading in word.readings:
                if reading.record:
                    yield from _from(words, tokens, first, reading, reading.record)


def _from(words: Words, tokens: Tokens, first: int, reading: Reading, record: Record) -> Iterator[Match]:
    if record.senses:
        yield Match(first, first + 1, reading, record, 0)
    key, at, repairs, count = reading.stem, first + 1, 0, 1
    listed = tokens.words
    while record.more and at < len(listed) and count < LONGEST:
        word = listed[at]
        if word.key in _JOINERS and at + 1 < len(listed) and (word.key in _DASHES or not _spaced(listed, at)):
            at += 1
            word = listed[at]
        tries = [(word.key, at + 1, 0)]
        if word.key == _AND and at + 1 < len(listed):
            tries.insert(0, (_AND + listed[at + 1].key, at + 2, 0))
        elif count > 2 and word.key[:1] == _AND:
            # «مراقبة التراب والوطني»: a stray و inside a long name.
            tries.append((word.key[1:], at + 1, 1))
        found = None
        for tail, after, repair in tries:
            longer = key + b" " + tail
            found = words.record(longer)
            if not found and (loose := letters.loosen(longer)) != longer:
                found = words.record(loose)
                longer = loose if found else longer
            if found:
                key, at, repairs = longer, after, repairs + repair
                break
        if not found:
            return
        record = found
        count += 1
        if record.senses:
            yield Match(first, at, reading, record, repairs)


def _spaced(listed: Sequence[Word], at: int) -> bool:
    """Return whether a space stands before or behind a sign."""
    return listed[at].spaced or listed[at + 1].spaced


def _parted(tokens: Tokens, match: Match, row: Known) -> bool:
    """Return whether a dash parts what it stands in: with a space beside it all but places, with two also two cities.

    «الدار البيضاء - سطات» may be a way from one to the other, «جهة الدار البيضاء - سطات» is a region.
    """
    listed = tokens.words
    dashes = [at for at in range(match.first + 1, match.last - 1) if listed[at].key in _DASHES and _spaced(listed, at)]
    if not dashes or row.label != "LOC":
        return bool(dashes)
    wide = listed[dashes[0]].spaced and listed[dashes[0] + 1].spaced
    region = match.first and not _REGION.isdisjoint(listed[match.first - 1].stems)
    return wide and len(dashes) == 1 and row.kind == "region" and not region


def propose(words: Words, tokens: Tokens, found: list[Match]) -> list[Candidate]:
    """Propose a candidate for every label of every entry found."""
    proposed: list[Candidate] = []
    hidden = _in_time_phrases(found)
    for match in found:
        if match.first in hidden and match.last - match.first == 1:
            continue
        by_label: dict[str, list[tuple[Known, int]]] = {}
        for row, kind in match.record.entries():
            by_label.setdefault(row.label, []).append((row, kind))
        several = match.last - match.first > 1
        for label, rows in by_label.items():
            if several and _parted(tokens, match, rows[0][0]):
                continue
            candidate = _candidate(tokens, match, label, rows, len(by_label))
            if label == "ORG" and not several:
                candidate = _of_country(candidate, _nationality(words, tokens, match))
            proposed.append(_bare(words, tokens, match, candidate, rows) if several and label != "PER" else candidate)
            if label == "ORG" and several and proposed[-1] is candidate:
                closing = _nationality(words, tokens, match)
                if closing:
                    proposed.append(_closed(tokens, match, rows, closing))
    return proposed


def _in_time_phrases(found: list[Match]) -> set[int]:
    """Return the words of phrases that say when: «صلاة المغرب», «عيد الاستقلال»; there the word alone names nothing."""
    hidden: set[int] = set()
    for match in found:
        if match.last - match.first > 1 and match.record.is_time:
            hidden.update(range(match.first, match.last))
    return hidden


def _bare(
    words: Words, tokens: Tokens, match: Match, candidate: Candidate, rows: list[tuple[Known, int]]
) -> Candidate:
    """Return a candidate without the place behind its name or the word before it that says what it is."""
    seat = None if candidate.kind in _WHOLE else _seat(words, tokens, match)
    if seat:
        return candidate._replace(last=seat, end=tokens.end(seat - 1))
    if _classified(words, tokens, match, candidate.label, rows):
        return candidate._replace(first=match.first + 1, start=tokens.start(match.first + 1), proclitic="")
    return candidate


def _seat(words: Words, tokens: Tokens, match: Match) -> int | None:
    """Return where the place or parent begins that a name ends with behind ب or في: unit and place are two mentions.

    «جامعة محمد الخامس بالرباط»: the row says which university it is, the name ends before «بالرباط».
    """
    listed = tokens.words
    for at in range(match.first + 1, match.last):
        word = listed[at]
        proclitic, _, head = word.head()
        of: tuple[str, ...] = ("LOC",)
        if proclitic.startswith(_AT):
            of = ("LOC", "ORG")  # «فريق … بمجلس النواب»
            parts = [head, *(w.key for w in listed[at + 1 : match.last])]
        elif word.key == _IN and at + 1 < match.last:
            parts = [w.key for w in listed[at + 1 : match.last]]
        else:
            continue
        record = words.record(b" ".join(parts))
        places = [row for row, _ in record.entries() if row.label in of] if record else []
        if places and all(place.kind not in _WIDE for place in places):
            return at
    return None


def _classified(
    words: Words, tokens: Tokens, match: Match, label: str, rows: list[tuple[Known, int]]
) -> bool:
    """Return whether a name is what it is, and a name that is known without that: «جريدة هسبريس»."""
    stem = match.reading.stem
    if stem not in _OUTSIDE.get(label, ()):
        return False
    if stem in _QUARTERS:
        return True
    rest = words.record(b" ".join(w.key for w in tokens.words[match.first + 1 : match.last]))
    known = {row.ref for row, _ in rest.entries()} if rest else set()
    return any(row.ref in known for row, _ in rows)


def _nationality(words: Words, tokens: Tokens, match: Match) -> str | None:
    """Return the country of the nationality adjective behind a name («… الفيدرالي الأمريكي»), if there is one.

    Behind «صحيفة يديعوت أحرونوت» it says whose newspaper that is.
    """
    if match.last >= len(tokens.words) or (match.first and tokens.words[match.first - 1].mask & _CLASSIFIER):
        return None
    word = tokens.words[match.last]
    if not (word.mask & _NATIONALITY and word.mask & _DEFINITE) or word.mask & _PROCLITIC:
        return None
    return country_of(words, word)


def country_of(words: Words, word: Word) -> str | None:
    """Return the country that a nationality adjective belongs to, or None."""
    for reading in word.readings:
        for stem in (reading.stem, reading.stem[2:]):
            record = words.record(stem)
            for kind, number in record.senses if record else ():
                row = record.lexicon.row(number) if record else None
                if kind == SENSE_CLASS and row and row.label == "nationalities":
                    return row.country
    return None


def _closed(tokens: Tokens, match: Match, rows: list[tuple[Known, int]], country: str) -> Candidate:
    longer = match._replace(last=match.last + 1)
    same = [(row, kind) for row, kind in rows if row.country == country]
    closed = _candidate(tokens, longer, "ORG", same or rows, 1)
    if not same:
        closed = _unknown(closed, country)
    return closed._replace(evidence=(*closed.evidence, Evidence(NAME, overlaps.CLOSING, 0.0, country)))


def _of_country(candidate: Candidate, country: str | None) -> Candidate:
    """Return a candidate without its entity where a nationality behind it says another country: «DST الفرنسية»."""
    same = not country or not candidate.country or candidate.country == country
    return candidate if same else _unknown(candidate, country)


def _unknown(candidate: Candidate, country: str | None) -> Candidate:
    """Return a candidate as a mention of an entity of a country that no list knows."""
    return candidate._replace(ref=None, name="", en=None, country=country, place=None, options=())


def _given(value: str) -> str | None:
    return None if value == "-" else value


_KINDS = ("name", "alias", "spelling", "weak")


def _candidate(tokens: Tokens, match: Match, label: str, found: list[tuple[Known, int]], labels: int) -> Candidate:
    found = sorted(found, key=lambda f: (f[1], f[0].ref))
    row, kind = found[0]
    best = [f[0] for f in found if f[1] == kind]
    single = len({r.ref for r in best}) == 1
    if not single and label == "LOC":
        # Of weak names the one that a place is called by goes before the short form of another.
        key = b" ".join((match.reading.stem, *(w.key for w in tokens.words[match.first + 1 : match.last])))
        called = [r for r in best if letters.key(r.name) == key]
        single = len(called) == 1
        row = called[0] if single else row
    length = match.last - match.first
    if kind == SENSE_WEAK and length == 1 and tokens.words[match.first].is_acronym:
        kind = SENSE_ALIAS  # weak beside other names; in Arabic text «DGST» is no word
    note = f"{_KINDS[kind]} {min(length, 5)}"
    if labels > 1:
        note += " ambiguous"
    if match.repairs:
        note += " repaired"
    candidate = Candidate(
        match.first,
        match.last,
        tokens.start(match.first) + match.reading.offset,
        tokens.end(match.last - 1),
        label,
        (Evidence(NAME, row.where, 0.0, note),),
        kind=row.kind,
        proclitic=match.reading.proclitic,
        options=_options(label, best, [r for r, _ in found]),
    )
    return named(candidate, row) if single else candidate


def _options(label: str, best: list[Known], rows: list[Known]) -> tuple[Known, ...]:
    """Return the rows of a name among which the document chooses: those of equal rank, for places all."""
    if label == "LOC" and len({row.country for row in rows}) > 1:
        return tuple(rows)
    return tuple(best) if label == "ORG" and len({row.ref for row in best}) > 1 else ()


def named(candidate: Candidate, row: Known) -> Candidate:
    """Return a candidate as a mention of the entity of a gazetteer row."""
    return candidate._replace(
        kind=row.kind,
        ref=row.ref,
        name=row.name,
        en=_given(row.en),
        country=_given(row.country),
        place=(float(row.lat), float(row.lon)) if row.lat != "-" else None,
    )
