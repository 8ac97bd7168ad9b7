"""`arner compare`: outputs of several tools side by side, in their formats, as text and as JSON."""

import json

import pytest

from command_line import SURE, arner, tree

GOLD = {"doc": "a.txt", "entities": [
    {"start": 5, "end": 16, "label": "PER", "text": "ناصر بوريطة"},
    {"start": 20, "end": 26, "label": "LOC", "text": "الرباط"},
]}  # fmt: skip
OTHERS = "أعلن\tO\nناصر\tB-PERS\nبوريطة\tI-PERS\nفي\tO\nالرباط\tB-ORG\n.\tO\n"


@pytest.fixture
def there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "in", a=SURE, sub__b="في فاس.\r\n")
    assert arner("tag", "in", "-o", "arner.jsonl").code == 0
    (tmp_path / "a.txt.conll").write_text(OTHERS, "utf-8")
    (tmp_path / "gold.json").write_text(json.dumps(GOLD), "utf-8")
    return tmp_path


def counts(*arguments):
    done = arner("compare", *arguments, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)["counts"]["all"]


@pytest.mark.usefixtures("there")
def test_every_format_of_the_same_entities_agrees_with_arners_own():
    for form in ("json", "conll", "brat", "spacy-json", "doccano", "label-studio", "webanno", "bdoc"):
        assert arner("tag", "in", "-o", f"{form}/", "-f", form).code == 0
        for sides in (("arner.jsonl", form), (form, "arner.jsonl")):
            found = counts(*sides, "--source", "in")
            assert found == {"agreed": 3, "label": 0, "overlap": 0, "only_a": 0, "only_b": 0}, form


@pytest.mark.usefixtures("there")
def test_the_text_is_that_of_the_side_that_has_it():
    assert arner("tag", "in/a.txt", "-o", "ls.json", "-f", "label-studio").code == 0
    found = counts("a.txt.conll", "ls.json")
    assert (found["agreed"], found["label"]) == (1, 1)


@pytest.mark.usefixtures("there")
def test_differences_are_listed_with_their_places_and_what_is_right():
    done = arner("compare", "arner.jsonl", "a.txt.conll", "--source", "in", "--gold", "gold.json")
    assert done.code == 0
    lines = [line.split() for line in done.text.splitlines()]
    assert lines[0] == ["label", "agreed", "other", "label", "overlap", "only", "A", "only", "B", "F1", "of", "both"]
    assert ["all", "1", "1", "0", "0", "0", "0.500"] in lines
    assert ["all", "2", "1.000", "1.000", "1.000", "1.000", "0.500", "0.500", "0.500", "0.500"] in lines
    assert lines[-1] == ["a.txt", "20:26", "other", "label", "الرباط", "LOC", "الرباط", "ORG", "A"]
    assert done.lines == ["arner: only A has sub/b.txt"]
    assert "\N{FIRST STRONG ISOLATE}" not in done.text


@pytest.mark.usefixtures("there")
def test_a_terminal_gets_a_table_with_isolates(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    shown = arner("compare", "arner.jsonl", "a.txt.conll", "--source", "in", terminal=True).text
    assert "\N{FIRST STRONG ISOLATE}الرباط\N{POP DIRECTIONAL ISOLATE} ORG" in shown
    assert "─" in shown


@pytest.mark.usefixtures("there")
def test_no_more_is_listed_than_asked_for():
    shown = arner("compare", "arner.jsonl", "a.txt.conll", "--source", "in", "--show", "0").text
    assert "الرباط" not in shown
    assert arner("tag", "in", "--types", "ORG", "-o", "none.jsonl").code == 0
    lines = arner("compare", "arner.jsonl", "none.jsonl", "--show", "2").text.splitlines()
    assert lines[-1] == "… 1 more: --show 3"


@pytest.mark.usefixtures("there")
def test_json_has_all_rows_and_figures():
    done = arner("compare", "arner.jsonl", "a.txt.conll", "--source", "in", "--gold", "gold.json", "--format", "json")
    whole = json.loads(done.out)
    (document,) = whole["documents"]
    assert [row["how"] for row in document["rows"]] == ["agreed", "label"]
    assert document["rows"][1]["b"] == [{"start": 20, "end": 26, "text": "الرباط", "label": "ORG", "ref": None}]
    assert whole["only_a"] == ["sub/b.txt"]
    assert whole["gold"]["b"]["all"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "gold": 2}


@pytest.mark.usefixtures("there")
def test_labels_are_taken_as_the_user_says():
    done = arner("compare", "arner.jsonl", "a.txt.conll", "--source", "in", "--label", "ORG=LOC", "--format", "json")
    assert json.loads(done.out)["counts"]["all"]["agreed"] == 2
    text = OTHERS.replace("B-ORG", "B-MISC")
    with open("a.txt.conll", "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(text)
    done = arner("compare", "arner.jsonl", "a.txt.conll", "--source", "in")
    assert done.lines[-1] == "arner: spans left out, whose labels arner has not: MISC 1; --label takes them"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("arner.jsonl", "a.txt.conll"), "are of different texts: give the texts, --source FOLDER"),
        (("arner.jsonl", "bad.conll", "--source", "in"), "bad.conll:2: «حموشي» does not fit a.txt, which goes on «"),
        (("arner.jsonl", "in/a.txt"), "arner: in/a.txt:1: not JSON"),
        (("arner.jsonl", "empty"), "arner: empty: holds no file that can be read"),
        (("arner.jsonl", "nowhere"), "does not exist"),
        (("arner.jsonl", "a.txt.conll", "--gold", "arner.jsonl"), "arner: arner.jsonl: not a gold file"),
        (("arner.jsonl", "a.txt.conll", "--label", "X"), "arner: --label is THEIRS=OURS, such as FAC=LOC"),
        (("arner.jsonl", "a.txt.conll", "--label", "X=Y"), "arner: X=Y: the labels are PER ORG LOC"),
        (("other.jsonl", "two.jsonl"), "arner: A and B have no document in common"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_and_exit_2(there, arguments, says):
    (there / "bad.conll").write_text("أعلن\tO\nحموشي\tB-PER\n", "utf-8")
    (there / "empty").mkdir()
    for name, docs in (("other", "xy"), ("two", "zw")):
        lines = [json.dumps({"text": f"نص {d}", "label": [], "doc": d}) for d in docs]
        (there / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    failed = arner("compare", *arguments)
    assert (failed.code, failed.out, len(failed.lines)) == (2, b"", 1)
    assert says in failed.err
