"""`arner clean`: cleaned text to where it belongs, and the report of what was changed."""

import json

import pytest

from command_line import arner, contents, tree

PAGE = "ad a b\nقالَ <b>ناصر</b> بوريطة&nbsp;في الرّباط.\r\n\n  طباعة\nﷲ\n"
CLEAN = "قال ناصر بوريطة في الرباط.\n\nالله\n"


def rows(done):
    return [tuple(line.split("\t")) for line in done.text.splitlines()]


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_cleaned(arguments):
    done = arner("clean", *arguments, stdin=PAGE.encode())
    assert done == (0, CLEAN.encode(), "")


def test_what_is_clean_comes_out_as_it_went_in():
    assert arner("clean", stdin=CLEAN.encode()).text == CLEAN


def test_diacritics_are_kept_and_letters_folded_where_asked():
    assert arner("clean", "--marks", stdin="إلى الرّباط".encode()).text == "إلى الرّباط"
    assert arner("clean", "--fold", stdin="إلى الرّباط".encode()).text == "الي الرباط"


def test_texts_follow_each_other_from_the_start_of_a_line(tmp_path):
    tree(tmp_path, a="فاسُ", b="ad a b\n", c="سلا")
    assert arner("clean", tmp_path).text == "فاس\nسلا"
    assert arner("clean", tmp_path, "-o", tmp_path / "all.txt").text == ""
    assert (tmp_path / "all.txt").read_text("utf-8") == "فاس\nسلا"


def test_other_encodings_are_read_and_said(tmp_path):
    (tmp_path / "a.txt").write_bytes("إنَّ وزير الخارجية ناصر بوريطة في الرباط".encode("windows-1256"))
    done = arner("clean", tmp_path / "a.txt")
    assert done.text == "إن وزير الخارجية ناصر بوريطة في الرباط"
    assert "windows-1256" in done.err


def test_a_folder_gets_a_file_of_the_same_name_for_each_input(tmp_path):
    source = tree(tmp_path / "in", a=PAGE, sub__b=PAGE)
    for _ in range(2):
        done = arner("clean", source, "-o", tmp_path / "out")
        assert (done.code, done.out) == (0, b"")
        assert contents(tmp_path / "out") == {"a.txt": CLEAN.encode(), "sub/b.txt": CLEAN.encode()}


def test_an_output_folder_inside_the_input_is_not_read_again(tmp_path):
    tree(tmp_path, a=PAGE)
    for _ in range(2):
        assert arner("clean", tmp_path, "-o", f"{tmp_path}/out/").code == 0
    assert contents(tmp_path) == {"a.txt": PAGE.encode(), "out/a.txt": CLEAN.encode()}


@pytest.mark.parametrize("output", ["a.txt", "."])
def test_an_input_is_never_written_over(tmp_path, monkeypatch, output):
    monkeypatch.chdir(tree(tmp_path, a=PAGE, b=PAGE))
    for paths in (("a.txt", "b.txt"), (".",)):
        done = arner("clean", *paths, "-o", output)
        assert done.code == 2
        assert "give another -o" in done.err
        assert len(done.lines) == 1
    assert contents(tmp_path) == {"a.txt": PAGE.encode(), "b.txt": PAGE.encode()}


def test_a_path_that_does_not_exist_ends_the_run_before_anything_is_written(tmp_path):
    tree(tmp_path, a=PAGE)
    done = arner("clean", tmp_path / "a.txt", tmp_path / "none.txt", "-o", tmp_path / "all.txt")
    assert done.code == 2
    assert len(done.lines) == 1
    assert "none.txt" in done.err
    assert contents(tmp_path) == {"a.txt": PAGE.encode()}


def test_an_input_that_fails_is_said_and_the_others_are_cleaned(tmp_path):
    tree(tmp_path, a=PAGE, b=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", c="فاس \N{ZERO WIDTH SPACE}".encode() + b"\xd9", d="سلا")
    done = arner("clean", tmp_path)
    assert done.code == 3
    assert done.text == CLEAN + "سلا"
    assert [line.split(":")[1].strip() for line in done.lines] == ["b.txt", "c.txt"]
    assert arner("clean", "--encoding-errors", "ignore", tmp_path / "c.txt").text == "فاس "


def test_a_folder_without_a_matching_file_is_said(tmp_path):
    done = arner("clean", tree(tmp_path, a=PAGE), "--glob", "*.html")
    assert done == (0, b"", "arner: nothing to read: no file matches *.html\n")


def test_the_report_counts_what_each_step_changed_and_lists_the_noise_lines(tmp_path):
    done = arner("clean", "--report", tree(tmp_path, a=PAGE, b=CLEAN))
    assert rows(done) == [
        ("doc", "line", "reason", "places", "characters", "text"),
        ("a.txt", "", "html-tag", "2", "7", ""),
        ("a.txt", "", "html-entity", "1", "6", ""),
        ("a.txt", "", "line-end", "1", "2", ""),
        ("a.txt", "", "ligature", "1", "1", ""),
        ("a.txt", "", "mark", "2", "2", ""),
        ("a.txt", "1", "ad-slot", "1", "6", "ad a b"),
        ("a.txt", "4", "navigation", "1", "5", "طباعة"),
    ]


def test_the_report_as_json_has_offsets_into_the_source(tmp_path):
    done = arner("clean", "--report", "--report-format", "json", tree(tmp_path, a=PAGE, b=CLEAN))
    first, second = map(json.loads, done.text.splitlines())
    assert first["doc"] == "a.txt"
    assert (first["chars"], first["cleaned_chars"]) == (len(PAGE), len(CLEAN))
    assert [PAGE[noise["start"] : noise["end"]] for noise in first["noise"]] == ["ad a b", "طباعة"]
    assert [(noise["line"], noise["reason"], noise["text"]) for noise in first["noise"]] == [
        (1, "ad-slot", "ad a b"),
        (4, "navigation", "طباعة"),
    ]
    assert {"reason": "ligature", "places": 1, "characters": 1} in first["changes"]
    assert second == {"doc": "b.txt", "chars": len(CLEAN), "cleaned_chars": len(CLEAN), "changes": [], "noise": []}


def test_the_report_on_a_terminal_is_in_columns(tmp_path):
    tree(tmp_path, a="ad a b\nﻻ شيءَ\n", b=CLEAN)
    assert arner("clean", "--report", tmp_path, terminal=True).text == (
        "a.txt\n"
        "line  reason    places  characters  text\n"
        "      ligature       1           1\n"
        "      mark           1           1\n"
        "   1  ad-slot        1           6  ad a b\n"
        "\n"
        "b.txt: nothing to change\n"
        "\n"
    )


def test_the_report_can_go_to_a_file_or_a_folder(tmp_path):
    source = tree(tmp_path / "in", a=PAGE, b=PAGE)
    shown = arner("clean", "--report", source).out
    arner("clean", "--report", source, "-o", tmp_path / "report.tsv")
    assert (tmp_path / "report.tsv").read_bytes() == shown
    arner("clean", "--report", source, "-o", tmp_path / "out")
    assert all(data.startswith(b"doc\tline") for data in contents(tmp_path / "out").values())
