"""`arner lookup` as a user types it: rows, close matches, JSON, a list of one's own."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from arner.cli import lookup
from arner.lexicon.schema import COLUMNS


def run(*arguments: str):
    return CliRunner().invoke(lookup.command, arguments)


def test_a_name_prints_its_row_tab_separated():
    result = run("عبد", "اللطيف", "حموشي")
    assert result.exit_code == 0
    first = dict(zip(lookup.COLUMNS, result.stdout.split("\n")[0].split("\t"), strict=True))
    assert (first["label"], first["ref"], first["sense"]) == ("PER", "per/abdellatif-hammouchi", "name")
    path, line = first["where"].split(":")
    assert path == "gazetteers/people/morocco.tsv"
    assert line.isdigit()


def test_a_place_has_its_coordinates_and_a_person_none():
    column = lookup.COLUMNS.index("coordinates")
    assert run("وجدة").stdout.split("\n")[0].split("\t")[column] == "34.6814,-1.9086"
    assert run("عبد اللطيف حموشي").stdout.split("\n")[0].split("\t")[column] == "-"
    oujda = json.loads(run("--json", "وجدة").stdout)["rows"][0]
    assert (oujda["lat"], oujda["lon"]) == (34.6814, -1.9086)


def test_a_name_behind_a_proclitic_says_which():
    result = run("للمغرب")
    assert "المغرب\tل\tname\tLOC\tloc/MA" in result.stdout


def test_a_word_is_shown_with_its_class():
    assert any("\tsay\t" in line and line.split("\t")[2] == "word" for line in run("قال").stdout.split("\n"))


def test_made_spellings_are_listed_when_asked_for():
    result = run("--spellings", "عبد اللطيف حموشي")
    assert "عبداللطيف حموشي" in result.stdout.split("spellings of", 1)[1]


def test_an_unknown_name_lists_close_ones_and_fails():
    result = run("عبد اللطيف حموشيي")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "no row knows 'عبد اللطيف حموشيي'" in result.stderr
    assert "per/abdellatif-hammouchi" in result.stderr


@pytest.mark.parametrize("name", ["ضظغضظغضظغ", "؟!", " ", "\N{ARABIC FATHA}", "x" * 3000])
def test_nonsense_fails_in_one_line(name):
    result = run(name)
    assert result.exit_code == 1
    assert len(result.stderr.strip().split("\n")) == 1
    assert "Traceback" not in result.stderr


def test_json_is_one_object_with_rows_and_spellings():
    found = json.loads(run("--json", "عبد اللطيف حموشي").stdout)
    (row,) = [row for row in found["rows"] if row["ref"] == "per/abdellatif-hammouchi"]
    assert row["en"] == "Abdellatif Hammouchi"
    assert "عبداللطيف حموشي" in row["spellings"]
    assert found["close"] == []


def test_json_without_rows_has_close_ones_and_fails():
    result = run("--json", "ناصر بوريطةة")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["rows"] == []
    assert "per/nasser-bourita" in [row["ref"] for row in found["close"]]


def test_a_users_list_wins(tmp_path):
    mine = tmp_path / "mine.tsv"
    row = "loc/my-rabat\tالرباط\t-\t-\tRabat Street\tstreet\tMA\t-\t-\tsure\thand"
    mine.write_text("\t".join(COLUMNS["places"]) + f"\n{row}\n", "utf-8")
    result = run("--gazetteer", str(mine), "الرباط")
    assert "loc/my-rabat" in result.stdout
    assert "loc/ma-rabat" not in result.stdout
