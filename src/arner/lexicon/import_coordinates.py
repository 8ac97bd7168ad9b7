"""GeoNames cities and place rows written by hand in, coordinates out for the rows that are surely one of the cities.

A row and a city are matched within a country by English name and by Arabic name, each in all their spellings. A match
by the city's main name, or by both languages, is strong; any other must also be like the row's names, by sound and by
letters, and counts only where there is no strong one. Of several cities that match, the one that outnumbers all others
is taken for a city; for a town or a village, which GeoNames may not hold while it holds a namesake, none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.lexicon import lint_sound, variants
from arner.lexicon.import_cities import SAME, letters_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arner.lexicon.import_cities import City
    from arner.lexicon.read import Row

SETTLEMENTS: Final = frozenset(("city", "town", "village"))
# Every city has a quarter of some such name: both languages must agree.
PARTS: Final = frozenset(("quarter", "camp", "oasis", "port"))
# A namesake of fewer people than this share is not what a text means by a city's name.
RIVAL: Final = 0.2
# Entries of GeoNames that are no further apart, in degrees, are one place that is listed twice.
NEAR: Final = 0.1
SHORTEST: Final = 3
# An alternate name and the main one share so many letters: Oulad Abbou is not Oulad Barhil, whatever GeoNames has.
ALIKE: Final = 0.6
# Other scripts are passed over before their letters are looked at one by one.
_ARABIC: Final = re.compile("[\u0621-\u063a\u0641-\u064a][\u0621-\u063a\u0641-\u065f -]+\N{RIGHT-TO-LEFT MARK}*")
_LATIN: Final = re.compile("[‘’ʻʼ`']?[A-Za-zÀ-ɏḀ-ỿ]")
# How sure a match is: by an alternate English name, by an Arabic one, by the main name, by both languages.
ALTERNATE, ARABIC, MAIN, BOTH = range(4)


class _Place(NamedTuple):
    """What is looked at of a row; `english` are the letters of its English name without the country's behind it."""

    ref: str
    kind: str
    country: str
    english: str
    forms: tuple[str, ...]
    placed: bool

    @classmethod
    def of(cls, row: Row, countries: Mapping[str, str]) -> _Place:
        country = row["country"]
        english = letters_of(row["en"].removesuffix(f" {countries.get(country)}"))
        forms = (row["name"], *row.many("aliases"))
        return cls(row["ref"], row["kind"], SAME.get(country, country), english, forms, row["lat"] != "-")

    def names(self) -> set[tuple[str, str | bytes]]:
        """Return what no other row of the country may have: the Arabic name and the English one."""
        english: set[tuple[str, str | bytes]] = {(self.country, self.english)} if self.english else set()
        return {(self.country, variants.key(self.forms[0]))} | english


class _Match(NamedTuple):
    city: City
    strength: int


def rows(cities: Iterable[City], hand: Iterable[Row]) -> list[tuple[str, ...]]:
    """Return the rows of the table of coordinates: ref, degrees north and east, number of the city in GeoNames.

    `hand` are the rows to be placed; those that have coordinates of their own are left out.
    """
    everywhere = [row for row in hand if row.table == "places"]
    countries = {row["country"]: row["en"] for row in everywhere if row["kind"] == "country"}
    places = [_Place.of(row, countries) for row in everywhere if row["kind"] in SETTLEMENTS | PARTS]
    names = Counter(name for place in places if place.kind in SETTLEMENTS for name in place.names())
    index = _Index(cities, {place.country for place in places})
    claims: dict[City, list[tuple[_Place, int]]] = defaultdict(list)
    for place in places:
        if not place.placed and (place.kind in PARTS or all(names[name] == 1 for name in place.names())):
            match = _choose(place, index)
            if match:
                claims[match.city].append((place, match.strength))
    owners = ((city, _owner(city, claimed)) for city, claimed in claims.items())
    return [(place.ref, f"{city.lat:.4f}", f"{city.lon:.4f}", str(city.number)) for city, place in owners if place]


def _owner(city: City, claimed: list[tuple[_Place, int]]) -> _Place | None:
    """Return which of the rows that are matched with a city it is: the one that has its main name, or None."""
    ranked = [((strength, place.english == letters_of(city.name), place.kind in SETTLEMENTS), place)
              for place, strength in claimed]  # fmt: skip
    best = max(rank for rank, _ in ranked)
    owners = [place for rank, place in ranked if rank == best]
    return owners[0] if len(owners) == 1 else None


class _Index:
    """The cities of some countries by English and by Arabic name."""

    def __init__(self, cities: Iterable[City], countries: set[str]) -> None:
        self._english: dict[tuple[str, str], dict[int, City]] = defaultdict(dict)
        self._arabic: dict[tuple[str, bytes], dict[int, City]] = defaultdict(dict)
        for city in cities:
            country = SAME.get(city.country, city.country)
            if country not in countries:
                continue
            for name in (city.name, *city.alternates):
                if _ARABIC.fullmatch(name):
                    self._arabic[country, variants.key(name)][city.number] = city
                elif _LATIN.match(name) and len(latin := letters_of(name)) >= SHORTEST:
                    self._english[country, latin][city.number] = city

    def matches(self, place: _Place) -> Iterator[_Match]:
        """Yield the cities that share a name with a place."""
        latin = self._english.get((place.country, place.english), {})
        arabic: dict[int, City] = {}
        for form in place.forms:
            arabic |= self._arabic.get((place.country, variants.key(form)), {})
        for number, city in (latin | arabic).items():
            main = letters_of(city.name)
            if number in latin and number in arabic:
                yield _Match(city, BOTH)
            elif number in latin and main == place.english:
                yield _Match(city, MAIN)
            else:
                yield _Match(city, ARABIC if number in arabic else ALTERNATE)


def _choose(place: _Place, index: _Index) -> _Match | None:
    named = list(index.matches(place))
    matches = [match for match in named if match.strength == BOTH or _is_like(place, match)]
    if place.kind in PARTS:
        return matches[0] if len(matches) == 1 and matches[0].strength == BOTH else None
    if not matches:
        return None
    strong = [match for match in matches if match.strength >= MAIN]
    best = min(strong or matches, key=lambda m: (-m.city.population, -m.strength, m.city.number))
    # A city known by both names is not put in doubt by an alternate name of another one.
    others = strong if best.strength == BOTH else named
    rivals = [match.city.population for match in others if not _near(match.city, best.city)]
    least = RIVAL * best.city.population if place.kind == "city" else 0
    return best if all(population < least for population in rivals) else None


def _is_like(place: _Place, match: _Match) -> bool:
    """Return whether a city's name is like the place's, no word more and none less («رأس العين اليوسفية»)."""
    if match.strength == MAIN and place.kind == "city":
        return True
    shared = SequenceMatcher(None, place.english, letters_of(match.city.name)).ratio()
    if match.strength == ALTERNATE and shared < ALIKE:
        return False
    return lint_sound.distance(place.forms[0], match.city.name) <= lint_sound.TOLERANCE


def _near(one: City, other: City) -> bool:
    return abs(one.lat - other.lat) <= NEAR and abs(one.lon - other.lon) <= NEAR
