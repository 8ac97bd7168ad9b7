"""Files of other tools read: what an exporter wrote is read as it was, what is wrong is named with its line."""

import json
import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import export, imports
from arner.document import Document, Entity, Tagged
from arner.export import Options, UnavailableError
from arner.files import InputError, Source
from arner.imports.found import Labels, Read
from arner.imports.texts import Texts
from export_documents import BOM, GAP, hostile, news, tagged_texts

FORMATS = [pytest.param(name, marks=pytest.mark.filterwarnings("ignore")) for name in imports.FORMATS]
UNITS = [(name, unit) for name in imports.FORMATS for unit in export.FORMATS[name].units or ("codepoint",)]


def needs(form):
    if form == "spacy":
        pytest.importorskip("spacy")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("formats")


def written(folder, form, tagged, **options):
    """Write one document in a format; return the source to read."""
    how = export.FORMATS[form]
    path = folder / f"a.txt{how.suffix}"
    path.write_bytes(b"".join(how.write([tagged], Options(**options))))
    for suffix, make in how.beside:
        (folder / f"a.txt{suffix}").write_bytes(make(tagged))
    return Source(path.name, str(path))


def read(form, source, *, known=(), labels=None, root=None):
    return list(imports.FORMATS[form].read(source, Texts(root, known), labels or Labels()))


def spans(tagged):
    return [(e.start, e.end, e.label) for e in tagged.entities]


# --- what an exporter wrote -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("form", "unit"), UNITS)
@pytest.mark.parametrize("tagged", [news(), hostile()], ids=["news", "hostile"])
@pytest.mark.filterwarnings("ignore")
def test_a_document_is_read_as_it_was_written(folder, form, unit, tagged):
    """A byte-order mark, CRLF, nested names; astral characters, markup, names over a line end; in every unit."""
    needs(form)
    (one,) = read(form, written(folder, form, tagged, offsets=unit), known=[tagged.document])
    assert one.whole
    assert spans(one.tagged) == spans(tagged)
    text = one.tagged.document.source
    assert [e.text for e in one.tagged.entities] == [text[e.start : e.end] for e in one.tagged.entities]
    if form != "brat":
        assert text == tagged.document.source


@pytest.mark.parametrize("form", FORMATS)
@given(tagged=tagged_texts())
def test_any_document_is_read_as_it_was_written(folder, form, tagged):
    needs(form)
    # What comes in no text that was decoded has no place in some formats either.
    lost = {"conll": "\ud800", "spacy": "\ud800", "brat": "\x00\x1b"}.get(form, "")
    plain = str.maketrans(lost, "x" * len(lost))
    tagged = replace(tagged, document=Document("a.txt", tagged.document.source.translate(plain)))
    found = read(form, written(folder, form, tagged), known=[tagged.document])
    if tagged.document.source.strip() or form != "conll":
        assert [spans(one.tagged) for one in found] == [spans(tagged)]


@pytest.mark.parametrize("unit", export.UNITS)
@pytest.mark.parametrize("form", ["jsonl", "json"])
@pytest.mark.parametrize("tagged", [news(), hostile()], ids=["news", "hostile"])
def test_arners_json_loses_nothing(folder, form, unit, tagged):
    tagged = replace(tagged, entities=(replace(tagged.entities[0], translit="nASr"), *tagged.entities[1:]))
    source = written(folder, form, tagged, explain=True, offsets=unit)
    (one,) = read(form, source, known=[tagged.document])
    again = b"".join(export.FORMATS[form].write([one.tagged], Options(explain=True, offsets=unit)))
    assert again == Path(source.path).read_bytes()


def test_without_its_text_arners_json_still_loses_nothing(folder):
    tagged = news()
    source = written(folder, "jsonl", tagged, explain=True)
    (one,) = read("jsonl", source)
    assert not one.whole
    again = b"".join(export.FORMATS["jsonl"].write([one.tagged], Options(explain=True)))
    assert again == Path(source.path).read_bytes()


@pytest.mark.parametrize("form", ["brat", "spacy", "webanno", "bdoc", "jsonl"])
@pytest.mark.filterwarnings("ignore")
def test_references_are_read_where_a_format_has_them(folder, form):
    needs(form)
    tagged = news()
    (one,) = read(form, written(folder, form, tagged), known=[tagged.document])
    assert [e.ref for e in one.tagged.entities] == [e.ref for e in tagged.entities]


@pytest.mark.parametrize("form", ["brat", "spacy", "bdoc", "jsonl"])
@pytest.mark.filterwarnings("ignore")
def test_names_inside_names_are_read_as_such(folder, form):
    needs(form)
    tagged = news()
    (one,) = read(form, written(folder, form, tagged), known=[tagged.document])
    assert [[m[:2] for m in map(place, e.nested)] for e in one.tagged.entities] == [
        [m[:2] for m in map(place, e.nested)] for e in tagged.entities
    ]


def place(span):
    return span.start, span.end


def test_bdoc_keeps_what_its_features_hold(folder):
    tagged = news()
    (one,) = read("bdoc", written(folder, "bdoc", tagged, offsets="utf16"))
    kept = ("id", "start", "end", "text", "label", "kind", "name", "ref", "en", "score", "chain")
    for mine, theirs in zip(one.tagged.entities, tagged.entities, strict=True):
        assert [getattr(mine, name) for name in kept] == [getattr(theirs, name) for name in kept]
    assert one.tagged.relations == tagged.relations
    assert one.tagged.document == tagged.document


@pytest.mark.parametrize("form", FORMATS)
def test_the_format_is_found_out(folder, form):
    needs(form)
    found = imports.detect(written(folder, form, news())).name
    assert found == ("jsonl" if form == "json" else form)


# --- what other tools write -----------------------------------------------------------------------------------------


def given_file(folder, name, data):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return Source(name, str(path))


TEXT = "زار راي فاس"
PLACES = [(4, 7, "PER"), (8, 11, "LOC")]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("doccano", {"text": TEXT, "labels": [[4, 7, "PER"], [8, 11, "LOC"]]}),
        ("doccano", {"text": TEXT, "relations": [], "entities": [
            {"id": 1, "start_offset": 4, "end_offset": 7, "label": "PERSON"},
            {"id": 2, "start_offset": 8, "end_offset": 11, "label": "GPE"},
        ]}),
        ("spacy-json", {"text": TEXT, "ents": [{"start": 4, "end": 7, "label": "PER"},
                                               {"start": 8, "end": 11, "label": "LOC"}], "tokens": []}),
        ("spacy-json", [[TEXT, {"entities": [[4, 7, "PER"], [8, 11, "LOC"]]}]]),
        ("label-studio", [{"id": 1, "data": {"text": TEXT}, "annotations": [{"result": [
            {"type": "labels", "value": {"start": 4, "end": 7, "text": "راي", "labels": ["PERS"]}},
            {"type": "choices", "value": {"choices": ["x"]}},
            {"type": "labels", "value": {"start": 8, "end": 11, "text": "فاس", "labels": ["LOC"]}},
        ]}], "predictions": []}]),
        ("bdoc", {"text": TEXT, "features": {}, "annotation_sets": {"": {"name": "", "annotations": [
            {"id": 5, "type": "PER", "start": 4, "end": 7, "features": {}},
            {"id": 2, "type": "LOC", "start": 8, "end": 11, "features": {}},
        ], "next_annid": 6}}}),
    ],
)  # fmt: skip
def test_other_tools_shapes_are_read_and_found_out(folder, form, value):
    for indent in (None, 2):
        source = given_file(folder, "x.json", json.dumps(value, ensure_ascii=False, indent=indent))
        assert imports.detect(source).name == form
        (one,) = read(form, source)
        assert spans(one.tagged) == PLACES


@pytest.mark.filterwarnings("ignore")
def test_what_spacy_itself_writes_is_read(folder):
    spacy = pytest.importorskip("spacy")
    doc = spacy.blank("ar")(TEXT)
    doc.ents = [doc.char_span(start, end, label) for start, end, label in PLACES]
    binary = spacy.tokens.DocBin()
    binary.add(doc)
    for form, data in (("spacy", binary.to_bytes()), ("spacy-json", json.dumps(doc.to_json()))):
        source = given_file(folder, "x.spacy" if form == "spacy" else "x.json", data)
        assert imports.detect(source).name == form
        (one,) = read(form, source)
        assert (spans(one.tagged), one.tagged.document.source) == (PLACES, TEXT)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("unit", ["codepoint", "utf16"])
def test_what_gatenlp_itself_writes_is_read(folder, unit):
    gatenlp = pytest.importorskip("gatenlp")
    tagged = hostile()
    document = gatenlp.Document.load(written(folder, "bdoc", tagged, offsets=unit).path, fmt="json")
    document.annset().add(0, 1, "Token", {"string": "😀"})
    document.save(str(folder / "b.bdocjs"), fmt="json")
    (one,) = read("bdoc", Source("b.bdocjs", str(folder / "b.bdocjs")))
    assert spans(one.tagged) == spans(tagged)


def test_labels_are_arners_and_those_it_has_not_are_counted(folder):
    value = {"text": TEXT, "label": [[0, 3, "MISC"], [4, 7, "pers"], [8, 11, "FAC"]]}
    source = given_file(folder, "x.jsonl", json.dumps(value))
    labels = Labels()
    (one,) = read("doccano", source, labels=labels)
    assert spans(one.tagged) == [(4, 7, "PER")]
    assert labels.left_out == {"MISC": 1, "FAC": 1}
    labels = Labels({"FAC": "LOC", "MISC": "", "pers": "ORG"})
    (one,) = read("doccano", source, labels=labels)
    assert spans(one.tagged) == [(4, 7, "ORG"), (8, 11, "LOC")]
    assert not labels.left_out


@pytest.mark.parametrize(
    "columns",
    [
        "زار O\nراي B-PERS\nفاس B-LOC\n",
        "زار\tO\r\nراي\tB-PER\r\n\r\nفاس\tI-LOC\r\n",
        "-DOCSTART- -X- O O\n\nزار VB x O\nراي NN x I-PER\nفاس NN x I-LOC\n",
        BOM + "زار O O\nراي B-PER O\nفاس B-LOC O",
    ],
    ids=["ANERcorp", "tabs and CRLF", "CoNLL-2003", "nested"],
)
def test_conll_of_many_kinds(folder, columns):
    source = given_file(folder, "x.conll", columns)
    assert spans(read("conll", source, known=[Document("x", TEXT)])[0].tagged) == PLACES
    (one,) = read("conll", source)
    assert [e.text for e in one.tagged.entities] == ["راي", "فاس"]


@pytest.mark.parametrize(
    "text",
    [
        BOM + "زار\r\n\r\nراي  فاس\r\n",
        "زارَ رَاي فـــاس\N{ARABIC KASRA}",
        "زار \N{RIGHT-TO-LEFT MARK}راي\N{ZERO WIDTH NON-JOINER} فاس",
    ],
    ids=["BOM and CRLF", "marks and tatweel", "invisible"],
)
def test_conll_tokens_find_their_places_in_the_text(folder, text):
    source = given_file(folder, "x.conll", "زار O\nراي B-PER\nفاس B-LOC\n")
    (one,) = read("conll", source, known=[Document("x", text)])
    assert one.tagged.document.source == text
    words = [e.text for e in one.tagged.entities]
    bare = str.maketrans("", "", "\N{ARABIC FATHA}\N{ARABIC KASRA}\N{ARABIC TATWEEL}")
    assert [w.translate(bare) for w in words] == ["راي", "فاس"]
    assert "".join(words).count("\N{ARABIC KASRA}") == text.count("\N{ARABIC KASRA}"), "a mark stays on its letter"


def test_conll_of_several_texts_is_put_on_them_in_order(folder):
    source = given_file(folder, "all.conll", "في O\nفاس B-LOC\nزار O\nراي B-PER\n")
    found = read("conll", source, known=[Document("1", "في فاس"), Document("2", ""), Document("3", "زار راي")])
    assert [(one.tagged.document.name, spans(one.tagged)) for one in found] == [
        ("1", [(3, 6, "LOC")]), ("2", []), ("3", [(4, 7, "PER")])
    ]  # fmt: skip


def test_brat_counts_a_crlf_as_one(folder):
    (folder / "c.txt").write_bytes("زار\r\nراي\r\nفاس\r\n".encode())
    source = given_file(folder, "c.ann", "T1\tPER 4 7\tراي\r\nT2\tLOC 8 11\tفاس\r\nA1\tx T1\n#1\tNotes T1\tx\n")
    (one,) = read("brat", source)
    assert [e.text for e in one.tagged.entities] == ["راي", "فاس"]
    assert one.tagged.document.name == "c"


# --- what is wrong --------------------------------------------------------------------------------------------------

REGION = {"type": "labels", "value": {"start": 0, "end": 1, "text": "b", "labels": ["PER"]}}
WRONG_REGION = json.dumps([{"data": {"text": "ab"}, "predictions": [{"result": [REGION]}]}])
GOOD = json.dumps({"text": TEXT, "label": [[4, 7, "PER"]]}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("form", "name", "data", "says"),
    [
        ("doccano", "x.jsonl", GOOD + '\n{"text":\n', "x.jsonl:2: not JSON (Expecting value, column 9)"),
        ("doccano", "x.jsonl", '{"text":\n' + GOOD, "x.jsonl:1: not JSON (Expecting value, column 9)"),
        ("doccano", "x.jsonl", GOOD + "\n{}\n", "x.jsonl:2: 'text' is missing"),
        ("doccano", "x.jsonl", GOOD + "\n7\n", "x.jsonl:2: an object with 'text' is due, not 7"),
        ("doccano", "x.jsonl", GOOD.encode() + b"\n\xff\n", "x.jsonl:2: not UTF-8 at byte 0 of the line"),
        ("doccano", "x.jsonl", '{"text":"ab","label":[[0,"x",1]]}', "x.jsonl:1: [start, end, label] is due, not [0,"),
        ("doccano", "x.jsonl", '{"text":"ab","label":[[true,2,"PER"]]}', "x.jsonl:1: [start, end, label] is due"),
        ("doccano", "x.jsonl", '{"text":"ab","label":[[1,9,"PER"]]}',
         "x.jsonl:1: the span 1:9 is empty or outside the text of 2 code points"),
        ("doccano", "x.jsonl", '{"text":"ab","label":[[-1,1,"PER"]]}', "x.jsonl:1: the span -1:1 is empty or outside"),
        ("label-studio", "x.json", '[\n{"data":{"text":"ab"}},\n{"data":{}}]', "x.json:3: 'text' is missing"),
        ("label-studio", "x.json", '[{"data":{"text":"ab"}}\n{"data":{}}]', "x.json:2: not JSON (a comma is due)"),
        ("label-studio", "x.json", WRONG_REGION, "x.json:1: the span 0:1 is «a», not «b»"),
        ("spacy-json", "x.json", "[" * 100_000, "x.json:1: not JSON (nested too deeply)"),
        ("bdoc", "x.bdocjs", '{"text":"ab","offset_type":"x","annotation_sets":{}}', "x.bdocjs:1: the offset type"),
        ("bdoc", "x.bdocjs", '{"text":"ab","annotation_sets":{"":{"annotations":[7]}}}', "x.bdocjs:1: an annotation"),
        ("webanno", "x.jsonld", '{"type":"Annotation","body":[],"target":{"source":"a","selector":[]}}',
         "x.jsonld:1: a target has no TextPositionSelector"),
        ("brat", "x.ann", "T1\tPER 0 3\tزار\nT2\tPER 0 1\tx\n", "x.ann:2: the span 0 1 is «ز», not «x»"),
        ("brat", "x.ann", "T1\tPER 0 99\tزار\n", "x.ann:1: the span 0:99 is empty or outside the text of 11"),
        ("brat", "x.ann", "T1 PER 0 3 x\n", "x.ann:1: not a line of brat's: «T1 PER 0 3 x»"),
        ("brat", "y.ann", "", "y.txt: no such file"),
        ("conll", "x.conll", "زار O\nراي X\n", "x.conll:2: a token and O, B-… or I-… are due, not «راي X»"),
        ("conll", "x.conll", "زار O\nحموشي B-PER\n", "x.conll:2: «حموشي» does not fit x, which goes on «راي فاس»"),
        ("conll", "x.conll", "زار O\n", "x.conll: ends before x does, at «راي فاس»"),
        ("conll", "x.conll", "زار O\nراي O\nفاس O\nx O\n", "x.conll:4: «x» is behind the end of the texts"),
        ("jsonl", "x.jsonl", '{"schema":"arner/2"}', "x.jsonl:1: the schema is 'arner/2', where 'arner/1' is due"),
        ("spacy", "x.spacy", "not one", "x.spacy: is no DocBin of spaCy"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore")
def test_what_is_wrong_is_named_with_its_line(tmp_path, form, name, data, says):
    needs(form)
    (tmp_path / "x.txt").write_text(TEXT, "utf-8")
    source = given_file(tmp_path, name, data)
    try:
        found = read(form, source, known=[Document("x", TEXT)] if form == "conll" else ())
    except InputError as error:
        found = [error]
    assert str(next(one for one in found if isinstance(one, InputError))).startswith(says)


def test_good_lines_around_a_bad_one_are_read(folder):
    source = given_file(folder, "x.jsonl", f"{GOOD}\n{{\n{GOOD}\n")
    assert [isinstance(one, InputError) for one in read("doccano", source)] == [False, True, False]


def record(**changes):
    tagged = Tagged(Document("a.txt", TEXT), (Entity("e1", 8, 11, "فاس", "LOC", "city", "فاس", None, None, 0.5, "c1"),))
    value = json.loads(b"".join(export.FORMATS["jsonl"].write([tagged], Options())))
    for key, new in changes.items():
        (value if key in value else value["entities"][0])[key] = new
    return json.dumps(value)


@pytest.mark.parametrize(
    ("changes", "known", "says"),
    [
        ({"offset_unit": "utf16"}, [], "counts in utf16 units, and its text a.txt is not at hand: give --source"),
        ({"chars": 10}, [Document("a.txt", TEXT)], "its text a.txt is not the one that was tagged"),
        ({"text": "سلا"}, [Document("a.txt", TEXT)], "the span 8:11 is «فاس», not «سلا»"),
        ({"label": "MISC"}, [], "not as schema arner/1 has it: ValueError has no label 'MISC'"),
        ({"end": 99}, [], "the span 8:99 of «فاس» does not fit"),
        ({"start": "8"}, [], "entities[0]: 'start' is '8', of the wrong type"),
        ({"doc": "x" * 5000, "offset_unit": "byte"}, [], "counts in byte units, and its text x"),
        ({"nested": [7]}, [], "not as schema arner/1 has it: TypeError"),
    ],
)
def test_arners_own_json_is_checked(folder, changes, known, says):
    (error,) = read("jsonl", given_file(folder, "x.jsonl", record(**changes)), known=known)
    assert str(error).startswith(f"x.jsonl:1: {says}")


def test_a_file_of_no_known_format_is_said(folder):
    for data in ('{"a":1}', "[]", "", "7"):
        with pytest.raises(InputError, match="its format is not plain from it: name it, one of jsonl json conll"):
            imports.detect(given_file(folder, "x.json", data))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_read_to_find_out_its_format(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is a pipe or device, whose format can't be found out by looking: name it"):
        imports.detect(Source("pipe", str(tmp_path / "pipe")))


def test_without_spacy_the_user_learns_how_to_get_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(UnavailableError, match=r'^the format spacy needs spaCy: pip install "arner\[spacy\]"$'):
        read("spacy", given_file(folder, "x.spacy", b""))


KEYS = (
    "text", "label", "labels", "entities", "ents", "relations", "start", "end", "start_offset", "end_offset", "data",
    "predictions", "annotations", "result", "type", "value", "doc", "name", "annotation_sets", "features",
    "offset_type", "person", "org", "first", "items", "target", "selector", "body", "source", "total", "exact",
    "purpose", "meta", "schema",
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers(-1, 3) | st.sampled_from(
    ["", "ab", "PER", "labels", "Annotation", "TextPositionSelector", "TextQuoteSelector", "tagging", "role", "j", "c1"]
)  # fmt: skip
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner), max_leaves=20
)
JSON = VALUES.map(lambda value: json.dumps(value).encode())


@pytest.mark.parametrize("form", sorted(set(imports.FORMATS) - {"spacy"}))
@given(data=st.binary() | GAP.map(lambda text: text.encode("utf-8", "replace")) | JSON)
def test_no_bytes_bring_a_reader_down(folder, data, form):
    (folder / "n.txt").write_bytes(b"ab")
    source = given_file(folder, "n.ann" if form == "brat" else "n", data)
    with suppress(InputError):
        assert all(isinstance(one, InputError | Read) for one in read(form, source))


MUTABLE = ("jsonl", "doccano", "spacy-json", "label-studio", "webanno", "bdoc")


@pytest.mark.parametrize("form", MUTABLE)
@given(choices=st.data())
def test_no_wrong_value_in_a_good_file_brings_a_reader_down(folder, choices, form):
    value = json.loads(Path(written(folder, form, news()).path).read_text("utf-8"))
    holder, path = value, []
    while isinstance(holder, dict | list) and holder:
        keys = sorted(holder) if isinstance(holder, dict) else range(len(holder))
        path.append((holder, choices.draw(st.sampled_from(keys))))
        holder = holder[path[-1][1]]
    where, key = path[choices.draw(st.integers(0, len(path) - 1))]
    where[key] = choices.draw(VALUES)
    source = given_file(folder, "n", json.dumps(value))
    with suppress(InputError):
        assert all(isinstance(one, InputError | Read) for one in read(form, source))
