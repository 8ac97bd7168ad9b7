"""`arner diff`: two outputs, and what differs between them."""

import json

import pytest

from command_line import SURE, arner, tree


@pytest.fixture
def there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "in", a=SURE, sub__b=SURE)
    for out in ("old", "new"):
        assert arner("tag", "in", "-o", out).code == 0
    return tmp_path


def edit(path, change):
    record = json.loads(path.read_bytes())
    change(record)
    path.write_text(json.dumps(record), "utf-8")


@pytest.mark.usefixtures("there")
def test_equal_outputs_are_exit_0_in_whatever_form():
    for out, arguments in (("o.jsonl", ()), ("o.json", ()), ("o", ("-f", "json"))):
        assert arner("tag", "in", "-o", out, *arguments).code == 0
        done = arner("diff", "old", out)
        assert (done.code, done.out, done.err) == (0, b"", "arner: no difference\n")


def test_gained_lost_and_relabelled(there):
    edit(there / "new" / "a.txt.jsonl", lambda r: r["entities"].pop(0))
    edit(there / "old" / "sub" / "b.txt.jsonl", lambda r: r["entities"][1].update(label="ORG", kind="party"))
    done = arner("diff", "old", "new")
    assert done.code == 1
    lines = done.text.splitlines()
    assert lines[0] == "a.txt"
    assert lines[1].startswith("  - -  «ناصر بوريطة»  PER ")
    assert lines[2] == "sub/b.txt"
    assert lines[3].startswith("  ~ -  «الرباط»  label ORG → LOC, kind party → ")
    assert done.err == "arner: 2 documents differ: 0 gained, 1 lost, 1 changed\n"


def test_documents_that_only_one_has(there):
    tree(there / "in", c=SURE)
    assert arner("tag", "in", "-o", "new").code == 0
    report = json.loads(arner("diff", "old", "new", "--report-format", "json").out)
    assert [(d["doc"], d["state"], len(d["changes"])) for d in report["documents"]] == [("c.txt", "new", 2)]
    report = json.loads(arner("diff", "new", "old", "--report-format", "json").out)
    assert [(d["doc"], d["state"]) for d in report["documents"]] == [("c.txt", "gone")]
    assert report["lost"] == 2


def test_an_edited_text_is_compared_by_words(there):
    (there / "in" / "a.txt").write_text("خبر: " + SURE + "وفي فاس.", "utf-8")
    assert arner("tag", "in", "-o", "new", "--types", "LOC").code == 0
    lines = arner("diff", "old", "new").text.splitlines()
    assert lines[0] == "a.txt: its text is another than when the output was written"
    assert [line.split()[0] for line in lines[1:3]] == ["-", "+"]


def test_scores_are_no_difference(there):
    edit(there / "new" / "a.txt.jsonl", lambda r: r["entities"][0].update(score=0.01))
    assert arner("diff", "old", "new").code == 0


def test_what_is_no_output_is_named_with_its_line(there):
    (there / "bad.jsonl").write_text((there / "old" / "a.txt.jsonl").read_text("utf-8") + "{}\n", "utf-8")
    failed = arner("diff", "old", "bad.jsonl")
    assert (failed.code, len(failed.lines)) == (2, 1)
    assert failed.err.startswith("arner: bad.jsonl:2: no arner output")
    assert arner("diff", "old", "nowhere").code == 2
