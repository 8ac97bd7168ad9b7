"""Gazetteer files with every fault an editor can make: each is an error that names file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from arner.lexicon.read import GazetteerError, Row, parse, read_file, table_of

PEOPLE = "ref\tname\taliases\tweak\ten\tkind\tcountry\trole\ttier\tsource\n"
PLACES = "ref\tname\taliases\tweak\ten\tkind\tcountry\tlat\tlon\ttier\tsource\n"
GOOD = (
    "per/nasser-bourita\tناصر بوريطة\tناصر بوريطه\tبوريطة\tNasser Bourita\tpolitician\tMA\tوزير الخارجية\tsure\thand\n"
)


def file(folder: Path, text: str | bytes, name: str = "people/mine.tsv") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_good_row_has_its_table_fields_and_place(tmp_path):
    (row,) = read_file(file(tmp_path, PEOPLE + GOOD), "people/mine.tsv")
    assert row.table == "people"
    assert row["en"] == "Nasser Bourita"
    assert row.many("weak") == ("بوريطة",)
    assert row.where == "people/mine.tsv:2"


@pytest.mark.parametrize(
    ("fault", "line", "reason"),
    [
        (GOOD.replace("\tMA", ""), 2, "9 fields, 10 due"),
        (GOOD.replace("MA", "M\tA"), 2, "11 fields, 10 due"),
        (GOOD.replace("sure", "certain"), 2, "tier 'certain'"),
        (GOOD.replace("politician", "minister"), 2, "unknown kind 'minister'"),
        (GOOD.replace("per/nasser", "org/nasser"), 2, "ref 'org/nasser-bourita'"),
        (GOOD.replace("\tMA", "\tMorocco"), 2, "country 'Morocco'"),
        (GOOD.replace("\tبوريطة\t", "\t\t"), 2, "weak is blank"),
        (GOOD.replace("ناصر بوريطة\t", "ناصر  بوريطة\t"), 2, "stray white space"),
        (GOOD.replace("ناصر بوريطة\t", "ناصر بوريطة \t"), 2, "stray white space"),
        (GOOD.replace("ناصر بوريطه", "ناصر|"), 2, "empty or padded value"),
        (GOOD.replace("ناصر بوريطة\t", "ناصر بوري\N{ARABIC TATWEEL}طة\t"), 2, "U+0640"),
        (GOOD.replace("ناصر بوريطة\t", "ناصر\N{ZERO WIDTH NON-JOINER} بوريطة\t"), 2, "U+200C"),
        (GOOD.replace("ناصر بوريطة\t", "ناصر بوريطة\N{RIGHT-TO-LEFT MARK}\t"), 2, "U+200F"),
        (GOOD.replace("Bourita\t", "Bourite\N{COMBINING ACUTE ACCENT}\t"), 2, "NFC"),
        (GOOD + "\n" + GOOD, 3, "blank line"),
        (GOOD.replace("\n", "\r\n"), 2, "carriage return"),
    ],
)
def test_a_bad_row_names_its_line_and_the_reason(tmp_path, fault, line, reason):
    with pytest.raises(GazetteerError) as caught:
        read_file(file(tmp_path, PEOPLE + fault), "people/mine.tsv")
    assert str(caught.value).startswith(f"people/mine.tsv:{line}: ")
    assert reason in caught.value.message


@pytest.mark.parametrize(
    ("lat", "lon", "reason"),
    [
        ("34,6", "-1.9", "lat and lon are degrees"), ("34.6", "-", "lat and lon are degrees"),
        ("34.6", "-181", "no place on earth"), ("91", "0", "no place on earth"),
    ],
)  # fmt: skip
def test_coordinates_are_degrees_in_both_tables(tmp_path, lat, lon, reason):
    place = f"loc/ma-oujda\tوجدة\t-\t-\tOujda\tcity\tMA\t{lat}\t{lon}\tsure\thand\n"
    with pytest.raises(GazetteerError, match=reason):
        read_file(file(tmp_path, PLACES + place, "places/a.tsv"))
    with pytest.raises(GazetteerError, match=reason):
        read_file(file(tmp_path, f"ref\tlat\tlon\tgeoname\nloc/ma-oujda\t{lat}\t{lon}\t1\n", "places/b.tsv"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [("org/fbi\t34.6\t-1.9\t1", "is not a place's"), ("loc/ma-oujda\t34.6\t-1.9\tgn1", "geoname 'gn1'")],
)
def test_coordinates_belong_to_a_place_and_a_number_of_geonames(tmp_path, row, reason):
    with pytest.raises(GazetteerError, match=reason):
        read_file(file(tmp_path, f"ref\tlat\tlon\tgeoname\n{row}\n", "places/b.tsv"))


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"\xef\xbb\xbf" + PEOPLE.encode(), 1, "byte-order mark"),
        (PEOPLE.encode() + "ناصر".encode("cp1256"), 2, "not UTF-8"),
        (b"name\twho\nx\ty\n", 1, "unknown header 'name who'"),
        (b"", 1, "unknown header"),
    ],
)
def test_a_file_that_is_no_gazetteer_says_so(tmp_path, data, line, reason):
    with pytest.raises(GazetteerError, match=reason) as caught:
        read_file(file(tmp_path, data))
    assert caught.value.line == line


def test_all_bad_rows_of_a_file_are_found(tmp_path):
    path = file(tmp_path, PEOPLE + GOOD.replace("sure", "x") + GOOD + GOOD.replace("\tMA", ""))
    items = list(parse(path.read_bytes(), path, "p"))
    assert [type(item) for item in items] == [GazetteerError, Row, GazetteerError]


@pytest.mark.parametrize("degrees", ["33.97", "-6.85", "-", "12"])
def test_degrees_are_numbers_or_nothing(tmp_path, degrees):
    row = f"loc/ma-rabat\tالرباط\t-\t-\tRabat\tcity\tMA\t{degrees}\t{degrees}\tsure\thand\n"
    assert read_file(file(tmp_path, PLACES + row, "places/x.tsv"))[0]["lat"] == degrees
    with pytest.raises(GazetteerError, match="degrees"):
        read_file(file(tmp_path, PLACES + row.replace(f"\t{degrees}\t{degrees}\t", "\t34°N\t-\t"), "places/x.tsv"))


def test_the_table_is_told_by_name_folder_or_header():
    columns = ("name", "origin", "tier", "source")
    assert table_of(Path("names/family.tsv"), columns) == "family"
    assert table_of(Path("mine.tsv"), columns) == "family"
    entity = ("ref", "name", "aliases", "weak", "en", "kind", "country", "tier", "source")
    assert table_of(Path("orgs/mine.tsv"), entity) == "orgs"
    assert table_of(Path("mine.tsv"), ("a", "b")) is None
