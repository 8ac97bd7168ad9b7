"""`arner verify`: every kind of mismatch is found, and what fits passes."""

import json

import pytest

from command_line import SURE, arner, tree

TEXT = "\N{GRINNING FACE} خبر\r\n" + SURE


@pytest.fixture
def there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "in", a=TEXT, sub__b=SURE)
    assert arner("tag", "in", "-o", "out", "--explain").code == 0
    return tmp_path


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("form", ["jsonl", "json"])
@pytest.mark.parametrize("unit", ["codepoint", "utf16", "byte"])
@pytest.mark.parametrize("out", ["new", "new.{form}"])
def test_what_tag_writes_is_right(form, unit, out):
    out = out.format(form=form)
    assert arner("tag", "in", "-o", out, "-f", form, "--offsets", unit, "--explain").code == 0
    done = arner("verify", out, "in")
    assert (done.code, done.out) == (0, b"")
    assert done.err.startswith("arner: 2 documents, ")
    assert done.err.endswith("spans: all as in their sources\n")


def test_encodings_and_broken_bytes_are_read_as_they_were(there):
    tree(there / "in", c=SURE.encode("windows-1256"), d=SURE.encode("utf-16"), e=SURE.encode() + b"\xff")
    assert arner("tag", "in", "-o", "out", "--encoding-errors", "replace").code == 0
    assert arner("verify", "out", "in", "--encoding-errors", "replace").code == 0
    assert "e.txt: not utf-8 at byte" in arner("verify", "out", "in").text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda r: r["entities"][0].update(start=0, end=3), "a.txt: e1 [0:3] is «😀 خ», recorded «ناصر بوريطة»"),
        (lambda r: r["entities"][0].update(text="x"), "recorded «x»"),
        (lambda r: r["entities"][0].update(end=9999), ":9999] is outside the text"),
        (lambda r: r["entities"][0].update(start=-5), "[-5:"),
        (lambda r: r["entities"][0].update(nested=[{"start": 0, "end": 1, "text": "x"}]), "e1 nested [0:1]"),
        (lambda r: r["relations"].append({"role": "x", "role_start": 0, "role_end": 1}), "role [0:1] is «😀»"),
        (lambda r: r["noise"].append({"start": 0, "end": 999, "reason": "ad"}), "noise [0:999] is outside"),
        (lambda r: r.update(sha256="0" * 64), "is not the file that was tagged: SHA-256 "),
        (lambda r: r.update(chars=3), f"has {len(TEXT)} code points, recorded 3"),
        (lambda r: r.update(doc="c.txt"), "c.txt: no such file"),
        (lambda r: r.update(encoding="klingon"), "unknown encoding 'klingon'"),
        (lambda r: r.update(schema="arner/2"), "the schema is 'arner/2', where 'arner/1' is due"),
        (lambda r: r.pop("entities"), "'entities' is missing"),
    ],
)
def test_each_mismatch_is_one_line_with_its_place(there, change, says):
    path = there / "out" / "a.txt.jsonl"
    record = json.loads(path.read_bytes())
    change(record)
    path.write_text(json.dumps(record), "utf-8")
    failed = arner("verify", "out", "in")
    assert failed.code == 1
    (line,) = failed.text.splitlines()
    assert line.startswith("out/a.txt.jsonl:1: ")
    assert says in line
    assert failed.err.endswith(": 1 do not fit\n")


def test_an_offset_inside_a_character_is_caught(there):
    assert arner("tag", "in", "-o", "out", "--offsets", "utf16").code == 0
    path = there / "out" / "a.txt.jsonl"
    record = json.loads(path.read_bytes())
    record["entities"][0]["start"] = 1
    path.write_text(json.dumps(record), "utf-8")
    assert "cuts a character" in arner("verify", "out", "in").text


def test_a_changed_and_a_missing_source_are_found(there):
    (there / "in" / "a.txt").write_text("x", "utf-8")
    (there / "in" / "sub" / "b.txt").unlink()
    lines = arner("verify", "out", "in").text
    assert "a.txt: is not the file that was tagged" in lines
    assert "out/sub/b.txt.jsonl:1: sub/b.txt: no such file" in lines


@pytest.mark.usefixtures("there")
def test_without_sources_names_are_paths_from_here():
    assert arner("tag", "in/a.txt", "in/sub/b.txt", "-o", "o.jsonl").code == 0
    assert arner("verify", "o.jsonl").code == 0
    assert arner("verify", "out").code == 1


def test_records_are_verified_in_their_order(there):
    lines = [json.dumps({"id": i, "text": SURE + str(i)}, ensure_ascii=False) for i in range(4)]
    (there / "r.jsonl").write_text("\n".join([lines[0], "bad", *lines[1:]]), "utf-8")
    assert arner("tag", "r.jsonl", "--input", "jsonl", "-o", "o.jsonl").code == 3
    assert arner("verify", "o.jsonl", "r.jsonl", "--input", "jsonl").code == 0
    (there / "r.jsonl").write_text("\n".join([lines[0], *lines[2:]]).replace("الرباط", "فاس"), "utf-8")
    failed = arner("verify", "o.jsonl", "r.jsonl", "--input", "jsonl").text
    assert "o.jsonl:1: 0: e2 [" in failed
    assert "1: no record of this name" in failed


@pytest.mark.usefixtures("there")
def test_a_path_that_does_not_exist_is_wrong_usage():
    assert arner("verify", "nowhere").code == 2
    assert arner("verify", "out", "nowhere").code == 2
