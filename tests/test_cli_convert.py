"""`arner convert`: formats into formats, files and folders; what fails and what is left out is said."""

import json

import pytest

from arner import imports
from arner.export import FORMATS
from command_line import SURE, arner, contents, tree

RELAXED = pytest.mark.filterwarnings("ignore")  # spaCy's own


@pytest.fixture
def there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "in", a="\N{ZERO WIDTH NO-BREAK SPACE}😀 " + SURE.replace("\n", "\r\n"), sub__b="في فَاسَ.\n" + SURE)
    assert arner("tag", "in", "-o", "o.jsonl").code == 0
    return tmp_path


def entities(path):
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [[(e["start"], e["end"], e["label"], e["text"]) for e in record["entities"]] for record in records]


@RELAXED
@pytest.mark.parametrize("form", imports.FORMATS)
def test_every_format_that_is_read_gives_the_entities_back(there, form):
    if form == "spacy":
        pytest.importorskip("spacy")
    one, two = arner("convert", "o.jsonl", "c/", "-f", form, "--source", "in"), None
    assert (one.code, one.out, one.err) == (0, b"", "")
    assert arner("tag", "in", "-o", "t/", "-f", form).code == 0
    (there / "t" / "summary.json").unlink()
    written = {name: data for name, data in contents(there / "t").items() if not name.startswith(".")}
    if form not in ("label-studio", "bdoc"):  # which hold scores of the documents' entities rounded
        assert contents(there / "c") == written
    two = arner("convert", "c", "back.jsonl", "--source", "in")
    assert (two.code, two.err) == (0, "")
    assert entities(there / "back.jsonl") == entities(there / "o.jsonl")


@pytest.mark.parametrize("unit", ["utf16", "byte"])
def test_offsets_are_those_asked_for(there, unit):
    assert arner("tag", "in", "-o", "due.jsonl", "--offsets", unit).code == 0
    assert arner("convert", "o.jsonl", "c.jsonl", "--source", "in", "--offsets", unit).code == 0
    assert (there / "c.jsonl").read_bytes() == (there / "due.jsonl").read_bytes()
    assert arner("convert", "c.jsonl", "back.json", "--source", "in").code == 0
    assert arner("convert", "back.json", "-").out == (there / "o.jsonl").read_bytes()


@pytest.mark.usefixtures("there")
def test_without_the_text_records_and_tables_are_written_and_others_say_what_they_need():
    for form in ("json", "tsv", "csv"):
        due = arner("tag", "in", "-f", form).out
        assert arner("convert", "o.jsonl", "-", "-f", form).out == due
    failed = arner("convert", "o.jsonl", "c.jsonl", "-f", "doccano")
    assert (failed.code, len(failed.lines)) == (3, 2)
    assert failed.lines[0] == (
        "arner: o.jsonl:1: doccano needs the text of a.txt, which is not at hand: give --source FOLDER"
    )


def test_texts_come_from_records_too(there):
    texts = {name: (there / "in" / name).read_bytes().decode() for name in ("a.txt", "sub/b.txt")}
    lines = [json.dumps({"id": name, "text": text}) for name, text in texts.items()]
    (there / "records.jsonl").write_text("\n".join(lines), "utf-8")
    assert arner("convert", "o.jsonl", "-", "-f", "conll", "--source", "records.jsonl").out == (
        arner("tag", "in", "-f", "conll").out
    )


def test_the_output_is_of_the_format_of_its_suffix(there):
    assert arner("convert", "o.jsonl", "c.conll", "--source", "in").code == 0
    assert (there / "c.conll").read_text("utf-8").startswith("-DOCSTART-")


def test_bad_documents_are_named_and_the_others_written(there):
    good = json.dumps({"text": "في فاس", "label": [[3, 6, "LOC"]]})
    (there / "x.jsonl").write_text(f"{good}\n{{\n{good}\n", "utf-8")
    done = arner("convert", "x.jsonl", "y.jsonl", "--from", "doccano")
    assert (done.code, len(done.lines)) == (3, 1)
    assert done.err.startswith("arner: x.jsonl:2: not JSON (")
    assert entities(there / "y.jsonl") == [[(3, 6, "LOC", "فاس")]] * 2


def test_labels_that_are_left_out_are_counted(there):
    (there / "x.jsonl").write_text(json.dumps({"text": "abc", "label": [[0, 1, "MISC"], [1, 2, "FAC"]]}), "utf-8")
    done = arner("convert", "x.jsonl", "y.jsonl")
    assert (done.code, entities(there / "y.jsonl")) == (0, [[]])
    assert done.err == "arner: spans left out, whose labels arner has not: FAC 1, MISC 1; --label takes them\n"
    done = arner("convert", "x.jsonl", "y.jsonl", "--label", "FAC=LOC", "--label", "MISC=")
    assert (done.err, entities(there / "y.jsonl")) == ("", [[(1, 2, "LOC", "b")]])


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("o.jsonl", "c.bdocjs", "--source", "in"), 2, "bdoc holds one document a file, and there are 2: give a"),
        (("o.jsonl", "-", "-f", "brat", "--source", "in"), 2, "brat "),
        (("o.jsonl", "o.jsonl"), 2, "o.jsonl: is the input o.jsonl: give another -o"),
        (("o.jsonl", "c.conll", "--offsets", "byte"), 2, "conll has no offsets in byte units"),
        (("nowhere", "c.jsonl"), 2, "Invalid value for 'IN': Path 'nowhere' does not exist."),
        (("o.jsonl", "c.jsonl", "--from", "tsv"), 2, "Invalid value for '--from'"),
        (("in/a.txt", "c.jsonl"), 3, "in/a.txt:1: not JSON"),
        (("table.json", "c.jsonl"), 3, "table.json: its format is not plain from it: name it, one of jsonl json conll"),
        (("o.jsonl", "c.jsonl", "--from", "bdoc"), 3, "o.jsonl:1: 'text' is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_written(there, arguments, code, says):
    (there / "table.json").write_text('{"a": [1]}', "utf-8")
    before = contents(there)
    failed = arner("convert", *arguments)
    assert (failed.code, failed.out) == (code, b"")
    assert failed.lines[0].startswith(f"arner: {says}")
    assert contents(there) == before


def test_a_full_disk_leaves_what_stood_there(there, monkeypatch):
    (there / "c.jsonl").write_text("old", "utf-8")
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    failed = arner("convert", "o.jsonl", "c.jsonl")
    assert (failed.code, failed.err) == (2, "arner: c.jsonl: can't be written: No space left on device\n")
    assert (there / "c.jsonl").read_text("utf-8") == "old"


def test_formats_says_what_can_be_read():
    rows = [line.split() for line in arner("formats").text.splitlines()[1:]]
    for name, *cells in rows:
        reader = imports.FORMATS.get(name)
        assert ("no" in cells) == (reader is None)
        assert ("texts" in cells) == (reader is not None and not reader.text)
    assert set(imports.FORMATS) < set(FORMATS)
