"""Gazetteers with planted faults: the linter finds each at its line by its name, and nothing in good lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from arner.lexicon.compile import compile_files
from arner.lexicon.findings import ERROR, WARNING
from arner.lexicon.lint import lint
from arner.lexicon.lint_forms import canonical
from arner.lexicon.lint_sound import TOLERANCE, distance, is_like
from arner.lexicon.schema import COLUMNS
from arner.lexicon.store import Lexicon

if TYPE_CHECKING:
    from pathlib import Path

    from arner.lexicon.findings import Finding


def person(ref: str, name: str, aliases: str = "-", weak: str = "-", en: str = "-", tier: str = "sure") -> str:
    return f"per/{ref}\t{name}\t{aliases}\t{weak}\t{en}\tpolitician\tFR\t-\t{tier}\thand"


def place(ref: str, name: str, aliases: str = "-", en: str = "-", tier: str = "sure") -> str:
    return f"loc/{ref}\t{name}\t{aliases}\t-\t{en}\tcity\tMA\t-\t-\t{tier}\thand"


def write(folder: Path, name: str, rows: list[str], table: str | None = None) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("\t".join(COLUMNS[table or path.parent.name]), *rows, "")), "utf-8")
    return path


def found(folder: Path, built_in: Lexicon | None = None) -> list[Finding]:
    return list(lint([folder], built_in, lambda path: path.relative_to(folder).as_posix()).findings)


def checks(findings: list[Finding]) -> list[tuple[str, int, str]]:
    return [(finding.path, finding.line, finding.check) for finding in findings]


def test_a_good_list_has_no_findings(tmp_path):
    write(tmp_path, "people/a.tsv", [
        person("emmanuel-macron", "إيمانويل ماكرون", "ماكرون", en="Emmanuel Macron"),
        person("francois-bayrou", "فرانسوا بايرو", weak="بايرو", en="Francois Bayrou"),
    ])  # fmt: skip
    write(tmp_path, "places/a.tsv", [place("ma-oujda", "وجدة", en="Oujda"), place("ma-rabat", "الرباط", en="Rabat")])
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("rows", "expected", "level"),
    [
        ([place("b", "الرباط"), place("a", "وجدة")], (3, "order"), ERROR),
        ([place("a", "الرباط"), place("a", "وجدة")], (3, "ref"), ERROR),
        ([place("a", "أصيلة"), place("b", "اصيله")], (3, "clash"), ERROR),
        ([place("a", "الرباط"), place("b", "وجدة", "الرباط")], (3, "clash"), ERROR),
        ([place("a", "الربatاط")], (2, "mixed"), ERROR),
        ([place("a", "الرباط", en="R\N{CYRILLIC SMALL LETTER A}bat")], (2, "mixed"), ERROR),
        ([place("a", "وجدة"), place("b", "جدة")], (2, "proclitic"), WARNING),
        ([place("a", "وبجاية"), place("b", "جاية")], (2, "proclitic"), WARNING),
        ([place("a", "للعيون"), place("b", "العيون")], (2, "proclitic"), WARNING),
        ([place("a", "الرباط", "الرِباط")], (2, "format"), ERROR),
        ([place("a", "الرباط", "الرباط")], (2, "repeated"), WARNING),
        ([place("a", "وجدة", en="Casablanca")], (2, "sound"), WARNING),
    ],
)
def test_a_fault_in_places_is_found(tmp_path, rows, expected, level):
    write(tmp_path, "places/a.tsv", rows)
    findings = found(tmp_path)
    assert ("places/a.tsv", *expected) in checks(findings)
    assert {f.level for f in findings if f.check == expected[1]} == {level}


def test_weak_rows_may_share_a_name(tmp_path):
    write(tmp_path, "places/a.tsv", [place("a", "سيدي علي", tier="weak"), place("b", "سيدي علي", tier="weak")])
    assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("rows", "line", "check"),
    [
        ([person("a", "أنجيلا ميركل", en="A. Merkel"), person("b", "أنغيلا ميركل", en="A. Merkel")], 3, "duplicate"),
        ([person("a", "كريستوفر راي"), person("b", "كرستوفر راي")], 3, "duplicate"),
        ([person("a", "عبد اللطيف الحموشي"), person("b", "عبداللطيف حموشي")], 3, "duplicate"),
        ([person("a", "بيير", en="Pierre")], 2, "given-name"),
        ([person("a", "إيمانويل ماكرون", "قال")], 2, "common-word"),
        ([person("a", "إيمانويل ماكرون", "القال")], 2, "common-word"),
        ([person("a", "إيمانويل ماكرون", "مبروك")], 2, "frequent"),
        ([person("a", "ريشار غاسكي", "غاسكي", en="R. Gasquet"), person("b", "نيكولا جاسكي", "جاسكي")], 2, "spelling"),
    ],
)
def test_a_doubtful_person_is_a_warning(tmp_path, rows, line, check):
    write(tmp_path, "people/a.tsv", rows)
    write(tmp_path, "names/given.tsv", ["بيير\tm\teuropean\tsure\thand"], "given")
    write(tmp_path, "words/verbs.tsv", ["قال\tsay\t-"], "words")
    write(tmp_path, "words/frequency.tsv", ["مبروك\t4.40"], "frequency")
    findings = found(tmp_path)
    assert ("people/a.tsv", line, check) in checks(findings)
    assert {finding.level for finding in findings} == {WARNING}


def test_a_form_both_sure_and_weak_is_an_error(tmp_path):
    write(tmp_path, "people/a.tsv", [person("a", "إيمانويل ماكرون", "ماكرون", "ماكرون")])
    assert [(f.level, f.check) for f in found(tmp_path)] == [(ERROR, "repeated")]


def test_a_ref_of_two_files_is_an_error_that_names_both(tmp_path):
    write(tmp_path, "people/a.tsv", [person("emmanuel-macron", "إيمانويل ماكرون")])
    write(tmp_path, "people/b.tsv", [person("emmanuel-macron", "إيمانويل ماكرون")])
    (finding,) = found(tmp_path)
    assert (finding.path, finding.line, finding.level, finding.check) == ("people/b.tsv", 2, ERROR, "ref")
    assert "people/a.tsv:2" in finding.message


def indexed(folder: Path, *refs: str) -> None:
    (folder / "refs.txt").write_text("".join(f"{ref}\n" for ref in refs), "utf-8")


def test_a_ref_that_is_renamed_is_gone_and_new(tmp_path):
    write(tmp_path, "places/a.tsv", [place("ma-oujda", "وجدة"), place("ma-rbat", "الرباط")])
    indexed(tmp_path, "loc/ma-oujda", "loc/ma-rabat")
    assert checks(found(tmp_path)) == [("places/a.tsv", 3, "ref-new"), ("refs.txt", 2, "ref-gone")]
    assert "ref loc/ma-rabat is gone: restore its row, or record it in refs-retired.tsv" in found(tmp_path)[1].message
    indexed(tmp_path, "loc/ma-oujda", "loc/ma-rabat", "loc/ma-rbat")
    write(tmp_path, "refs-retired.tsv", ["loc/ma-rabat\tloc/ma-rbat"], "retired")
    assert found(tmp_path) == []


def test_a_ref_may_be_retired_for_nothing_but_not_used_again_nor_lead_nowhere(tmp_path):
    write(tmp_path, "places/a.tsv", [place("ma-oujda", "وجدة")])
    indexed(tmp_path, "loc/ma-fes", "loc/ma-oujda", "loc/ma-rabat")
    retired = ["loc/ma-fes\tloc/ma-fez", "loc/ma-oujda\t-", "loc/ma-rabat\t-"]
    write(tmp_path, "refs-retired.tsv", retired, "retired")
    assert checks(found(tmp_path)) == [("refs-retired.tsv", 2, "refs"), ("refs-retired.tsv", 3, "refs")]


@pytest.mark.parametrize(
    ("index", "line"),
    [
        ("loc/ma-rabat\nloc/ma-oujda\n", 2),
        ("loc/ma-oujda\nloc/ma-oujda\nloc/ma-rabat\n", 2),
        ("<<<<<<< HEAD\nloc/ma-oujda\nloc/ma-rabat\n", 1),
        ("loc/ma-oujda\nloc/ma-rabat", 2),
    ],
)
def test_an_index_that_was_merged_badly_is_an_error(tmp_path, index, line):
    write(tmp_path, "places/a.tsv", [place("ma-oujda", "وجدة"), place("ma-rabat", "الرباط")])
    (tmp_path / "refs.txt").write_text(index, "utf-8")
    assert checks(found(tmp_path))[-1] == ("refs.txt", line, "refs")


def test_the_ref_of_a_row_that_cannot_be_read_is_not_gone(tmp_path):
    write(tmp_path, "places/a.tsv", [place("ma-oujda", "وجدة"), place("ma-rabat", "الرباط", tier="sure?")])
    indexed(tmp_path, "loc/ma-oujda", "loc/ma-rabat")
    assert checks(found(tmp_path)) == [("places/a.tsv", 3, "format")]


@pytest.mark.parametrize("row", ["loc/ma-rabat\trabat", "rabat\t-", "loc/ma-rabat\tper/", "-\tloc/ma-rabat"])
def test_a_retired_row_holds_refs(tmp_path, row):
    write(tmp_path, "refs-retired.tsv", [row], "retired")
    assert checks(found(tmp_path)) == [("refs-retired.tsv", 2, "format")]


def test_coordinates_of_no_place_are_an_error(tmp_path):
    write(tmp_path, "places/a.tsv", [place("ma-oujda", "وجدة")])
    rows = ["loc/ma-oujda\t34.6814\t-1.9086\t2538475", "loc/ma-rabat\t34.01\t-6.83\t2538474"]
    write(tmp_path, "places/coordinates.tsv", rows, "coordinates")
    (finding,) = found(tmp_path)
    assert (finding.path, finding.line, finding.level, finding.check) == ("places/coordinates.tsv", 3, ERROR, "ref")


def test_a_ref_used_twice_is_found_in_a_file_with_other_faults(tmp_path):
    rows = [place("a", "الرباط"), place("a", "وجدة"), place("b", "فاس", tier="sure?")]
    write(tmp_path, "places/a.tsv", rows)
    assert checks(found(tmp_path)) == [("places/a.tsv", 3, "ref"), ("places/a.tsv", 4, "format")]


def test_a_name_of_two_labels_is_a_warning_that_names_the_other_row(tmp_path):
    write(tmp_path, "orgs/a.tsv", ["org/fao\tالفاو\t-\t-\tFAO\tinternational\t-\tsure\thand"])
    write(tmp_path, "places/a.tsv", [place("iq-faw", "الفاو")])
    (finding,) = found(tmp_path)
    assert (finding.path, finding.line, finding.level, finding.check) == ("places/a.tsv", 2, WARNING, "two-labels")
    assert "ORG org/fao too (orgs/a.tsv:2)" in finding.message


def test_a_broken_file_does_not_hide_the_others(tmp_path):
    write(tmp_path, "people/a.tsv", ["per/x\tx", person("y", "إيمانويل ماكرون", tier="sure?")])
    write(tmp_path, "places/a.tsv", [place("a", "أصيلة"), place("b", "اصيله")])
    assert checks(found(tmp_path)) == [
        ("people/a.tsv", 2, "format"), ("people/a.tsv", 3, "format"), ("places/a.tsv", 3, "clash"),
    ]  # fmt: skip


def test_words_may_have_several_classes_and_noise_its_own_order(tmp_path):
    write(tmp_path, "words/titles.tsv", ["رئيس\thonorific\t-", "رئيس\trole\t-"], "words")
    write(tmp_path, "words/noise.tsv", ["ب\tshare\tب", "أ\tshare\tأ"], "noise")
    assert found(tmp_path) == []


def test_a_users_row_that_the_built_in_list_has_otherwise_wins_and_is_reported(tmp_path):
    theirs = write(tmp_path / "built-in", "places/a.tsv", [place("ma-oujda", "وجدة"), place("ma-rabat", "الرباط")])
    write(tmp_path / "mine", "places/a.tsv", [place("my-oujda", "وجدة"), place("ma-rabat", "الرباط")])
    write(tmp_path / "mine", "places/a.tsv", [place("ma-rabat", "الرباط"), place("my-oujda", "وجدة")])
    (finding,) = found(tmp_path / "mine", Lexicon(compile_files([theirs], theirs.parent)))
    assert (finding.line, finding.level, finding.check) == (3, WARNING, "built-in")
    assert "loc/ma-oujda" in finding.message
    assert "yours wins" in finding.message


def test_a_users_name_is_checked_against_the_weak_forms_and_behind_the_proclitics_of_the_built_in_list(tmp_path):
    theirs = tmp_path / "built-in"
    files = [
        write(theirs, "people/a.tsv", [person("nasser-bourita", "ناصر بوريطة", weak="بوريطة")]),
        write(theirs, "places/a.tsv", [place("sa-jeddah", "جدة")]),
    ]
    write(tmp_path / "mine", "people/a.tsv", [person("b", "علي بوريطة", weak="بوريطة")])
    write(tmp_path / "mine", "places/a.tsv", [place("my-oujda", "وجدة")])
    findings = found(tmp_path / "mine", Lexicon(compile_files(files, theirs)))
    assert checks(findings) == [("people/a.tsv", 2, "built-in"), ("places/a.tsv", 2, "proclitic")]
    assert "'بوريطة' may be PER per/nasser-bourita" in findings[0].message
    assert "'جدة' (places/a.tsv:2)" in findings[1].message


def test_the_canonical_form_is_what_the_linter_wants(tmp_path):
    path = write(tmp_path, "places/a.tsv", [place("b", "الرباط ")])
    row = place("a", "وجدة")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + f"\n{row}\n{row}".encode())
    path.write_bytes(canonical(path.read_bytes(), path))
    assert found(tmp_path) == []
    assert path.read_text("utf-8").split("\n")[1:] == [row, place("b", "الرباط"), ""]
    assert canonical(path.read_bytes(), path) == path.read_bytes()


def test_the_canonical_form_keeps_the_order_of_noise(tmp_path):
    path = write(tmp_path, "words/noise.tsv", ["ب\tshare\tب", "أ\tshare\tأ"], "noise")
    assert canonical(path.read_bytes(), path) == path.read_bytes()


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("ناصر بوريطة", "Nasser Bourita"),
        ("عبد اللطيف حموشي", "Abdellatif Hammouchi"),
        ("جورج بوش", "George Bush"),
        ("خورخي خيسوس", "Jorge Jesus"),
        ("تشاو شينتشي", "Zhao Xinzhi"),
        ("لوكاشينكو", "Lukashenko"),
        ("فهد بن عبد العزيز", "Fahd"),
        ("سوتشي", "Sochi"),
        ("الغريبة صفاقس", "Ghraiba"),
    ],
)
def test_names_written_by_sound_are_alike(arabic, english):
    assert is_like(arabic, english)


@pytest.mark.parametrize(
    ("arabic", "english"),
    [
        ("ناصر بوريطة", "Abdellatif Hammouchi"),
        ("وجدة", "Casablanca"),
        ("مدائن صالح", "AlUla"),
        ("جورج بوش", "Bill Clinton"),
        ("كريستوفر راي", "James Comey"),
    ],
)
def test_another_ones_name_is_not(arabic, english):
    assert distance(arabic, english) > TOLERANCE
    assert not is_like(arabic, english)
