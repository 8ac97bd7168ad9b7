"""GeoNames cities in, gazetteer rows out for those that are worth their ambiguity.

Kept: every city of the Arab countries that GeoNames lists with an Arabic name; elsewhere those of 100,000 and more, and
the capitals. Left out: what rows by hand have already, what is an ordinary Arabic word, districts, Persian spellings.
Weak, so that the text must confirm them: short names, names that are also persons' names, small places elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.lexicon import lint_sound, schema, variants
from arner.lexicon.compile import ARAB
from arner.lexicon.lint_names import consonants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arner.lexicon.compile import Draft
    from arner.lexicon.read import Row

LEAST_ABROAD: Final = 100_000
SURE_ABROAD: Final = 300_000
# One word of fewer letters is too often something else.
SHORTEST_SURE: Final = 5
SHORTEST: Final = 3
# A word this frequent is something else, unless the place is one that everybody names.
FREQUENT_ZIPF: Final = 4.0
CITY: Final = 100_000
# A namesake in another country of more than this share of the people makes both weak.
RIVAL: Final = 0.2
# Where GeoNames and the rows by hand may differ about the country of a place.
SAME: Final = {"EH": "MA", "IL": "PS"}

# The letters of Modern Standard Arabic: Persian, Urdu, Pashto and Kurdish spellings have others.
# ة and ى stand at the end of words alone.
_WORD: Final = "(?:(?![ةى][\u0621-\u064a])[\u0621-\u063a\u0641-\u064a])+"
_STANDARD: Final = re.compile(f"{_WORD}(?:[ -]{_WORD}){{0,3}}")
_CATEGORY: Final = re.compile("^(?:مدينة|بلدية|بلدة|قرية|محافظة|ولاية|إقليم|قضاء) ")
_DISTRICT: Final = re.compile(
    "^(?:حي|ضاحية|منطقة|شارع|قطاع|قسم|مركز|ناحية|دائرة|جماعة|حارة|شياخة|الحي|المركز|السوق)(?: |$)"
)
_V: Final = re.compile("v", re.IGNORECASE)
_NO_LETTERS: Final = re.compile("[^a-z]+")
_WORDS: Final = sum(schema.BITS[c] for c in schema.WORD_CLASSES)
_OTHER_NAMES: Final = ("given", "given-weak", "family", "family-weak", "name-token", "per", "org")
_NAMES: Final = sum(schema.BITS[c] for c in _OTHER_NAMES)


class City(NamedTuple):
    """A city as GeoNames has it; coordinates in degrees, `alternates` in any script."""

    number: int
    name: str
    country: str
    population: int
    lat: float
    lon: float
    alternates: tuple[str, ...]


class _Chosen(NamedTuple):
    city: City
    name: str
    key: bytes
    capital: bool


def rows(
    cities: Iterable[City], capitals: frozenset[tuple[str, str]], hand: Iterable[Row], drafts: Mapping[bytes, Draft]
) -> list[tuple[str, ...]]:
    """Return the rows of the cities that are kept, in the columns of places.

    `capitals` are pairs of country code and name; `hand` the rows that win; `drafts` what is known of each key.
    """
    taken = _Taken(row for row in hand if row.table == "places")
    chosen = [c for c in _chosen(cities, capitals, drafts) if not taken.has(c)]
    best: dict[bytes, _Chosen] = {}
    rivals: set[bytes] = set()
    for one in sorted(chosen, key=lambda c: (-c.city.population, c.city.number)):
        first = best.setdefault(one.key, one)
        abroad = first.city.country != one.city.country
        if abroad and one.city.population > RIVAL * first.city.population:
            rivals.add(one.key)
    return [_row(one, weak=one.key in rivals or is_weak(one, drafts)) for one in best.values()]


class _Taken:
    """The places that rows by hand have: by key, by consonants and by English name within a country."""

    def __init__(self, places: Iterable[Row]) -> None:
        self._spelled: set[tuple[str, bytes]] = set()
        self._english: set[tuple[str, str]] = set()
        for row in places:
            country = SAME.get(row["country"], row["country"])
            for form in (row["name"], *row.many("aliases"), *row.many("weak")):
                self._spelled |= {(country, variants.key(form)), (country, consonants(form))}
            self._english.add((country, letters_of(row["en"])))

    def has(self, one: _Chosen) -> bool:
        country = SAME.get(one.city.country, one.city.country)
        spelled = {(country, one.key), (country, consonants(one.name))}
        return bool(spelled & self._spelled) or (country, letters_of(one.city.name)) in self._english


def _chosen(
    cities: Iterable[City], capitals: frozenset[tuple[str, str]], drafts: Mapping[bytes, Draft]
) -> Iterator[_Chosen]:
    for city in cities:
        capital = (city.country, city.name) in capitals
        if city.country not in ARAB and city.population < LEAST_ABROAD and not capital:
            continue
        name = arabic_name(city, drafts)
        if name and not _is_word(variants.key(name), city, drafts):
            yield _Chosen(city, name, variants.key(name), capital)


def arabic_name(city: City, drafts: Mapping[bytes, Draft]) -> str | None:
    """Return the usual Arabic name among a city's alternates, or None.

    The one that is most frequent in Arabic; else the one that sounds most like the name, has ف for v (Persian writes
    و), and writes most vowels.

    >>> arabic_name(City(6050610, "Laval", "CA", 438366, 45.57, -73.69, ("لافال", "لاوال، کبک", "لاول")), {})
    'لافال'
    """
    forms = {_CATEGORY.sub("", form) for form in city.alternates if _STANDARD.fullmatch(form)}
    forms = {form for form in forms if not _DISTRICT.match(form)}
    forms = {form for form in forms if lint_sound.distance(form, city.name) <= lint_sound.TOLERANCE}
    if city.country not in ARAB and _V.search(city.name):
        forms = {form for form in forms if "ف" in form or "ب" in form}
    if not forms:
        return None

    def fitness(form: str) -> tuple[float, float, int, str]:
        draft = drafts.get(variants.key(form))
        return (-(draft.zipf if draft else 0), lint_sound.distance(form, city.name), -len(form), form)

    return min(forms, key=fitness)


def _is_word(key: bytes, city: City, drafts: Mapping[bytes, Draft]) -> bool:
    if b" " in key:
        return False
    if len(key) < SHORTEST:
        return True
    bare = key[2:] if key.startswith(variants.ARTICLE) and len(key) > 4 else key
    known = [draft for draft in (drafts.get(key), drafts.get(bare)) if draft]
    if any(draft.mask & _WORDS for draft in known):
        return True
    return city.population < 10 * LEAST_ABROAD and any(draft.zipf >= FREQUENT_ZIPF * 25 for draft in known)


def is_weak(one: _Chosen, drafts: Mapping[bytes, Draft]) -> bool:
    """Return whether a city's name needs the text to confirm it."""
    draft = drafts.get(one.key)
    if draft and draft.mask & (_NAMES | schema.BITS["loc"] | schema.BITS["loc-weak"]):
        return True
    if b" " not in one.key and len(one.key) < SHORTEST_SURE:
        return True
    return one.city.country not in ARAB and one.city.population < SURE_ABROAD and not one.capital


def _row(one: _Chosen, *, weak: bool) -> tuple[str, ...]:
    city = one.city
    kind = "city" if city.population >= CITY or one.capital else "town"
    place = (f"{city.lat:.4f}", f"{city.lon:.4f}")
    tier = "weak" if weak else "sure"
    return (f"loc/gn{city.number}", one.name, "-", "-", _plain(city.name), kind, city.country, *place, tier, "geonames")


def _plain(name: str) -> str:
    """Return a name without diacritics and the signs of transliteration."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", re.sub("[‘’ʻʼ`]", "", bare)).strip()


def letters_of(name: str) -> str:
    """Return the Latin letters of a name, without diacritics, spaces and signs.

    >>> letters_of("Qabāţīyah")
    'qabatiyah'
    """
    plain = name if name.isascii() else unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return _NO_LETTERS.sub("", plain.lower())
