"""The real lists: the contract, the sizes that may not shrink, and names that must be known under the right row."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from arner.lexicon import load, schema
from arner.lexicon.findings import ERROR
from arner.lexicon.layout import gazetteer_files
from arner.lexicon.lint import lint
from arner.lexicon.lint_names import entities
from arner.lexicon.lint_sound import KINDS
from arner.lexicon.read import Row, read_file
from arner.lexicon.search import find
from arner.tokens import Words

GAZETTEERS = Path(__file__).parents[1] / "gazetteers"


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    files = gazetteer_files(GAZETTEERS)
    return [row for path in files for row in read_file(path, path.relative_to(GAZETTEERS).as_posix())]


@pytest.fixture(scope="module")
def report():
    return lint([GAZETTEERS], None, lambda path: path.relative_to(GAZETTEERS).as_posix())


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(load.built_in())


def test_the_lists_have_no_errors(report):
    assert [str(finding) for finding in report.findings if finding.level == ERROR] == []


@pytest.mark.parametrize(
    ("check", "most"),
    [
        ("common-word", 80), ("frequent", 40), ("given-name", 40), ("proclitic", 15), ("duplicate", 10),
        ("repeated", 0), ("spelling", 200), ("two-labels", 80),
    ],
)  # fmt: skip
def test_warnings_do_not_pile_up(report, check, most):
    found = [str(finding) for finding in report.findings if finding.check == check]
    assert len(found) <= most, "\n".join(found)


def test_english_names_sound_like_the_arabic_ones(report, rows):
    compared = sum(row.table == "people" or row.fields.get("kind") in KINDS for row in rows)
    flagged = sum(finding.check == "sound" for finding in report.findings)
    assert flagged < 0.01 * compared


def test_every_list_holds_rows_of_its_own_source(rows):
    for row in entities(rows):
        built = {"places/geonames.tsv": "geonames", "places/cldr.tsv": "cldr"}
        assert row["source"] == built.get(row.path, "hand"), row.where


def test_the_lists_are_as_large_as_promised(rows):
    labels = Counter(schema.LABELS.get(row.table, row.table) for row in rows)
    assert labels["PER"] >= 6_000
    assert labels["ORG"] >= 4_000
    assert labels["LOC"] >= 5_000
    assert labels["given"] >= 5_000
    assert labels["family"] >= 8_000


def test_the_compiled_lexicon_is_small(words):
    assert words.lexicons[0].bytes < 25_000_000


@pytest.mark.parametrize(
    ("name", "ref", "sense"),
    [
        ("عبد اللطيف حموشي", "per/abdellatif-hammouchi", "name"),
        ("عبداللطيف حموشي", "per/abdellatif-hammouchi", "spelling"),
        ("حموشي", "per/abdellatif-hammouchi", "weak"),
        ("مكتب التحقيقات الفيدرالي", "org/fbi", "name"),
        ("مكتب التحقيقات الفدرالي", "org/fbi", "spelling"),
        ("الإف بي آي", "org/fbi", "alias"),
        ("FBI", "org/fbi", "alias"),
        ("المغرب", "loc/MA", "name"),
        ("كينيا", "loc/KE", "name"),
        ("غينيا", "loc/GN", "name"),
    ],
)
def test_a_name_is_known_under_its_row(words, name, ref, sense):
    hits = [hit for hit in find(words, name) if hit.row.ref == ref and not hit.proclitic]
    assert hits
    assert hits[0].sense in (sense, "alias" if sense == "spelling" else sense)


def test_whole_words_come_before_proclitics(words):
    first = find(words, "وجدة")[0]
    assert (first.row.en, first.proclitic) == ("Oujda", "")
