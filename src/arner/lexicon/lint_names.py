"""Entity rows in, findings out about names that clash, mean something else, or name one person twice."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters
from arner.lexicon import schema, variants
from arner.lexicon.compile import ARAB
from arner.lexicon.findings import error, warning
from arner.lexicon.schema import SENSE_ALIAS, SENSE_WEAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arner.lexicon.compile import Draft, Dropped
    from arner.lexicon.findings import Finding
    from arner.lexicon.read import Row
    from arner.lexicon.store import Known, Lexicon

# A word this frequent is more often itself than a name; names of places are that frequent because they are places.
FREQUENT_ZIPF: Final = 4.0
_NO_COMMON_WORDS: Final = frozenset(("particle", "kunya", "nasab", "abd", "laqab"))
_WORDS: Final = sum(schema.BITS[c] for c in schema.WORD_CLASSES if c not in _NO_COMMON_WORDS)
_GIVEN: Final = schema.BITS["given"] | schema.BITS["given-weak"]
_AL: Final = variants.ARTICLE
_LIL: Final = letters.code("لل")
_AND: Final = letters.code("و")
_SO: Final = letters.code("ف")
_PROCLITICS: Final = letters.code("وفبلك")
_WEAK_LETTERS: Final = letters.code("اويءهئؤ")


class Meanings(NamedTuple):
    """What a key means beside a name: the words of the linted lists, and of the built-in lexicon behind a user's."""

    drafts: Mapping[bytes, Draft]
    built_in: Lexicon | None

    def of(self, key: bytes) -> tuple[int, float]:
        """Return the classes of a key (see `schema.BITS`), with and without its article, and the zipf of the key."""
        mask, zipf = self._of(key)
        if key.startswith(_AL) and len(key) > 4:
            mask |= self._of(key[2:])[0]
        return mask, zipf

    def _of(self, key: bytes) -> tuple[int, float]:
        draft = self.drafts.get(key)
        record = self.built_in.get(key) if self.built_in else None
        mask = (draft.mask if draft else 0) | (record.mask if record else 0)
        return mask, max(draft.zipf if draft else 0, record.zipf if record else 0) / 25


def entities(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows that name an entity."""
    return (row for row in rows if row.table in schema.LABELS)


def sure_forms(row: Row) -> tuple[str, ...]:
    """Return the forms that stand alone: name and aliases, unless the whole row is weak."""
    return (row["name"], *row.many("aliases")) if row["tier"] == "sure" else ()


def clashes(rows: Iterable[Row]) -> Iterator[Finding]:
    """Yield an error for a sure form that a row of the same label with another ref has as well."""
    first: dict[tuple[str, bytes], Row] = {}
    for row in rows:
        for form in sure_forms(row):
            other = first.setdefault((row.table, _joined(variants.key(form))), row)
            if other["ref"] != row["ref"]:
                reason = f"{form!r} is {other['ref']} too ({other.where}): make it weak in both, or merge the rows"
                yield error(row, "clash", reason)


def two_labels(rows: Iterable[Row]) -> Iterator[Finding]:
    """Yield a warning for a sure form that a row of another label has as well: each text must tell which is meant."""
    first: dict[bytes, Row] = {}
    for row in rows:
        for form in sure_forms(row):
            other = first.setdefault(variants.key(form), row)
            if other.table != row.table:
                reason = f"{form!r} is {schema.LABELS[other.table]} {other['ref']} too ({other.where})"
                yield warning(row, "two-labels", f"{reason}: keep it in both only if texts mean both")


def repeated(rows: Iterable[Row]) -> Iterator[Finding]:
    """Yield an error for a form that is weak and sure in one row, a warning for one that the row has twice."""
    for row in rows:
        sure = [variants.key(form) for form in (row["name"], *row.many("aliases"))]
        weak = [variants.key(form) for form in row.many("weak")]
        for key in dict.fromkeys(weak):
            if key in sure:
                yield error(row, "repeated", f"{letters.decode(key)!r} is both a sure and a weak form: choose one")
        for key in {key: None for keys in (sure, weak) for key in keys if keys.count(key) > 1}:
            yield warning(row, "repeated", f"{letters.decode(key)!r} is there twice: the fold makes them equal")


def _joined(key: bytes) -> bytes:
    servant = letters.code("عبد ال")
    return key.replace(servant, servant.replace(b" ", b""))


def common_words(rows: Iterable[Row], meanings: Meanings) -> Iterator[Finding]:
    """Yield a warning for a sure form of one word that is an ordinary word as well."""
    for row in rows:
        for form in sure_forms(row):
            key = variants.key(form)
            if b" " in key:
                continue
            mask, zipf = meanings.of(key)
            classes = [name for name in schema.WORD_CLASSES if mask & _WORDS & schema.BITS[name]]
            if classes:
                yield warning(row, "common-word", f"{form!r} stands alone but is also a word ({' '.join(classes)})")
            elif zipf >= FREQUENT_ZIPF and row.table != "places":
                yield warning(row, "frequent", f"{form!r} stands alone and is a frequent word (zipf {zipf:.2f})")


def given_names(rows: Iterable[Row], meanings: Meanings) -> Iterator[Finding]:
    """Yield a warning for a person's sure form of one word that is a given name."""
    for row in rows:
        if row.table != "people":
            continue
        for form in sure_forms(row):
            key = variants.key(form)
            if b" " not in key and meanings.of(key)[0] & _GIVEN:
                yield warning(row, "given-name", f"{form!r} stands alone but is also a given name")


def behind_proclitics(rows: Sequence[Row], built_in: Lexicon | None) -> Iterator[Finding]:
    """Yield a warning for a sure form that is another row's form behind proclitics: وجدة, «and Jeddah»."""
    owners: dict[bytes, Row] = {}
    for row in rows:
        for form in sure_forms(row):
            owners.setdefault(variants.key(form), row)
    for key, row in owners.items():
        for stem in _stems(key):
            other = owners.get(stem)
            known = _surely(stem, built_in)
            if other and other["ref"] != row["ref"]:
                reason = f"{letters.decode(key)!r} is also a proclitic and {other['name']!r} ({other.where})"
                yield warning(row, "proclitic", reason)
            elif not other and known and known.ref != row["ref"]:
                reason = f"{letters.decode(key)!r} is also a proclitic and {known.name!r} ({known.where})"
                yield warning(row, "proclitic", reason)


def _surely(key: bytes, built_in: Lexicon | None) -> Known | None:
    record = built_in.get(key) if built_in else None
    return next((known for known, kind in record.entries() if kind <= SENSE_ALIAS), None) if record else None


def _stems(key: bytes) -> Iterator[bytes]:
    """Yield what is left of a key without its first letter, its first two (وب…) or with the article of لل."""
    for rest in (key, key[1:]) if key[:1] in (_AND, _SO) else (key,):
        if len(rest) > 3 and rest[0] in _PROCLITICS:
            yield rest[1:]
        if rest.startswith(_LIL) and len(rest) > 4:
            yield _AL + rest[2:]


def duplicates(rows: Iterable[Row]) -> Iterator[Finding]:
    """Yield a warning for a person whose English name, or nearly whose Arabic one, an earlier row has.

    Foreign names are compared by their consonants, Arabic ones (محمد, محمود) by all letters but article and hamza.
    """
    by_english: dict[str, Row] = {}
    by_arabic: dict[tuple[str, bytes], Row] = {}
    for row in rows:
        if row.table != "people":
            continue
        english = by_english.setdefault(_plain(row["en"]), row)
        near = without_articles(row["name"]) if row["country"] in ARAB else consonants(row["name"])
        arabic = by_arabic.setdefault((row["country"], near), row)
        other = next((o for o in (english, arabic) if o["ref"] != row["ref"]), None)
        if other:
            yield warning(row, "duplicate", f"{row['name']!r} may be {other['name']!r} ({other['ref']}, {other.where})")


def _plain(english: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", english) if not unicodedata.combining(c)).lower()
    bare = re.sub(r"\b(al|el|ben|bin|ibn|ould|abd|de|van|von)[ -]", "", bare)
    return re.sub(r"[^a-z]", "", bare)


def consonants(name: str) -> bytes:
    """Return the consonants of a name's words, without articles and vowels.

    >>> consonants("كريستوفر راي") == consonants("كرستوفر راي")
    True
    """
    return b" ".join(part[:1] + part[1:].translate(None, _WEAK_LETTERS) for part in _bare(name))


def without_articles(name: str) -> bytes:
    """Return the key of a name without articles and hamzas, and with عبد joined to what it serves.

    >>> without_articles("أحمد القطان") == without_articles("أحمد قطان")
    True
    """
    return letters.loosen(b"".join(_bare(name)))


def _bare(name: str) -> list[bytes]:
    return [part.removeprefix(_AL) if len(part) > 4 else part for part in _joined(variants.key(name)).split(b" ")]


def dropped(spellings: Iterable[Dropped]) -> Iterator[Finding]:
    """Yield a warning for each spelling that compiling made and left out, since it means something else."""
    for spelling in spellings:
        text = f"the spelling {letters.decode(spelling.key)!r} is not made: it {spelling.reason}"
        yield warning(spelling.row, "spelling", text)


def overlaid(rows: Iterable[Row], built_in: Lexicon) -> Iterator[Finding]:
    """Yield a warning for a form of a user's row that the built-in lexicon knows as something else."""
    for row in rows:
        for form in (row["name"], *row.many("aliases"), *row.many("weak")):
            record = built_in.get(variants.key(form))
            for known, kind in record.entries() if record else ():
                if known.ref != row["ref"]:
                    sense = "may be" if kind == SENSE_WEAK else "is"
                    what = f"{sense} {known.label} {known.ref} in the built-in list ({known.where})"
                    yield warning(row, "built-in", f"{form!r} {what}: yours wins")
