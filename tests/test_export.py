"""Each format: its golden file, and read back by a reader of its own.

`ARNER_GOLDEN=write pytest tests/test_export.py` writes the golden files anew; read the difference before you keep it.
"""

import csv
import io
import json
import os
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arner.document import Candidate, Document, Entity, Evidence, Mention, Noise, Relation, Tagged
from arner.export import FORMATS, Options, UnavailableError, conll, jsonl, spans, terminal
from arner.export.read import RecordError, read_jsonl

GOLDEN = Path(__file__).parent / "golden"
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def entity(source, number, text, label, kind, ref=None, en=None, **more):
    start = source.index(text, more.pop("after", 0))
    more = {"name": text, "chain": f"c{number}", "score": 0.98, **more}
    return Entity(f"e{number}", start, start + len(text), text, label, kind, ref=ref, en=en, **more)


def news():
    """A byte-order mark, CRLF, a proclitic, a nested place, a relation, page furniture."""
    source = (
        BOM + "أعلن وزير الخارجية ناصر بوريطة بالرباط أن المغرب يرحب بالقرار.\r\n"
        "ad a b\r\n"
        "وقال عبد اللطيف حموشي، المدير العام للأمن الوطني، بجامعة محمد الخامس بالرباط: «نعم.» ثم د. بوريطة.\r\n"
    )
    university = "جامعة محمد الخامس بالرباط"
    rabat = source.index("الرباط", source.index(university))
    nested = (Mention(rabat, rabat + 6, "الرباط", "LOC", "city", "loc/rabat"),)
    bourita = {"ref": "per/nasser-bourita", "en": "Nasser Bourita", "country": "MA"}
    evidence = (Evidence("gazetteer", "people/public.tsv:12", 4.25, "ناصر بوريطة"), Evidence("rules", "role-name", 1.5))
    beaten = Candidate(0, 0, 20, 24, "PER", (Evidence("gazetteer", "names/given.tsv:7", 0.5),), "person", points=0.5)
    entities = (
        entity(source, 1, "ناصر بوريطة", "PER", "person", evidence=evidence, beaten=(beaten,), **bourita),
        entity(source, 2, "الرباط", "LOC", "city", "loc/rabat", "Rabat", proclitic="ب", country="MA"),
        entity(source, 3, "المغرب", "LOC", "country", "loc/MA", "Morocco", country="MA"),
        entity(source, 4, "عبد اللطيف حموشي", "PER", "person", "per/abdellatif-hammouchi"),
        entity(source, 5, "لأمن الوطني", "ORG", "police", "org/dgsn", name="الأمن الوطني", proclitic="ل", score=0.9),
        entity(source, 6, university, "ORG", "university", nested=nested, proclitic="ب"),
        entity(source, 7, "بوريطة", "PER", "person", after=rabat, chain="c1", name="ناصر بوريطة"),
    )
    role, boss = source.index("وزير الخارجية"), source.index("المدير العام")
    relations = (
        Relation("role", "e1", "وزير الخارجية", role, role + 13, org_ref="org/ma-foreign-affairs"),
        Relation("role", "e4", "المدير العام", boss, boss + 12, org="e5", org_ref="org/dgsn"),
    )
    noise = source.index("ad a b")
    document = Document("2024/news.txt", source, "0" * 64)
    return Tagged(document, entities, relations, (Noise(noise, noise + 6, "ad-slot"),))


def hostile():
    """Characters that formats have to escape, a name over a line end, astral characters, markup, a terminal's codes."""
    source = (
        '😀 <b>Robert</b> Mueller & "FBI" \\ C:\\new\tin\N{LINE SEPARATOR}New\nYork 😀, '
        "\x1b[31mWashington</script>\x07\n"
        "\n=كان في نيو\r\nيورك\N{RIGHT-TO-LEFT OVERRIDE}!"
    )
    entities = (
        entity(source, 1, "Robert</b> Mueller", "PER", "person", name="Robert Mueller"),
        entity(source, 2, "FBI", "ORG", "police", "org/fbi", 'The "FBI"'),
        entity(source, 3, "New\nYork", "LOC", "city", name="New\tYork\\"),
        entity(source, 4, "Washington", "LOC", "city"),
        entity(source, 5, "نيو\r\nيورك", "LOC", "city", "loc/new-york"),
    )
    tags = tuple(Noise(m.start(), m.end(), "markup") for m in re.finditer("</?[a-z]+>", source))
    return Tagged(Document('a, "b"\n<i>.txt', source, None, "windows-1256"), entities, noise=tags)


def empty():
    return Tagged(Document("empty.txt", "", "1" * 64), ())


ALL = (news(), hostile(), empty())


def written(form, documents=ALL, **options):
    return b"".join(FORMATS[form].write(iter(documents), Options(**options)))


# --- golden files ---------------------------------------------------------------------------------------------------

GOLDENS = {
    "all.jsonl": ("jsonl", ALL, {}),
    "explained.jsonl": ("jsonl", ALL[:1], {"explain": True}),
    "utf16.jsonl": ("jsonl", ALL, {"offsets": "utf16"}),
    "byte.jsonl": ("jsonl", ALL, {"offsets": "byte"}),
    "one.json": ("json", ALL[:1], {}),
    "all.json": ("json", ALL, {}),
    "all.tsv": ("tsv", ALL, {}),
    "all.csv": ("csv", ALL, {}),
    "spreadsheet.csv": ("csv", ALL, {"bom": True}),
    "all.conll": ("conll", ALL, {}),
    "nested.conll": ("conll", ALL, {"nested": True}),
    "all.html": ("html", ALL, {}),
    "news.ann": ("brat", ALL[:1], {}),
    "hostile.ann": ("brat", ALL[1:2], {}),
    "spacy.jsonl": ("spacy-json", ALL, {}),
    "doccano.jsonl": ("doccano", ALL, {}),
    "label-studio.json": ("label-studio", ALL, {}),
    "news.jsonld": ("webanno", ALL[:1], {}),
    "hostile.jsonld": ("webanno", ALL[1:2], {}),
    "news.bdocjs": ("bdoc", ALL[:1], {}),
}


def check_golden(name, data):
    path = GOLDEN / name
    if os.environ.get("ARNER_GOLDEN") == "write":
        path.write_bytes(data)
    assert data == path.read_bytes(), f"{name} changed; see the top of this file"


@pytest.mark.parametrize("name", GOLDENS)
def test_golden(name):
    form, documents, options = GOLDENS[name]
    check_golden(name, written(form, documents, **options))


def test_every_format_has_a_golden_file_or_a_reader_here():
    assert {form for form, _, _ in GOLDENS.values()} | {"spacy"} == set(FORMATS)
    assert all(name == form.name and form.suffix.startswith(".") and form.summary for name, form in FORMATS.items())


# --- JSON -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"explain": True}, {"offsets": "utf16"}, {"offsets": "byte"}])
def test_json_lines_follow_their_schema(options):
    validator = jsonschema.Draft202012Validator(jsonl.schema())
    validator.check_schema(jsonl.schema())
    lines = written("jsonl", **options).decode().splitlines()
    assert len(lines) == len(ALL), "a record must not be cut by any reader's idea of a line"
    for line in lines:
        validator.validate(json.loads(line))


@pytest.mark.parametrize("path", ["", "entities", "relations", "noise"])
def test_the_schema_lets_no_unknown_key_and_no_missing_key_through(path):
    validator = jsonschema.Draft202012Validator(jsonl.schema())
    record = jsonl.record(news(), Options())
    part = record[path][0] if path else record
    part["more"] = 1
    assert not validator.is_valid(record)
    del part["more"]
    assert validator.is_valid(record)
    for key in set(part) - {"country"}:
        value = part.pop(key)
        assert not validator.is_valid(record), f"{path} without {key}"
        part[key] = value


def test_the_first_keys_come_in_the_documented_order():
    record = jsonl.record(news(), Options(explain=True))
    assert " ".join(record) == "schema doc sha256 chars encoding offset_unit entities relations noise"
    keys = "id start end text label kind name ref en score chain proclitic nested country evidence beaten"
    assert " ".join(record["entities"][0]) == keys


_WIDTH = {"codepoint": 4, "utf16": 2, "byte": 1}
_CODEC = {"codepoint": "utf-32-le", "utf16": "utf-16-le", "byte": "utf-8"}


@pytest.mark.parametrize("unit", _WIDTH)
@pytest.mark.parametrize("document", ALL, ids=lambda t: t.document.name[:5])
def test_every_span_slices_its_text_in_every_unit(document, unit):
    record = json.loads(written("jsonl", [document], offsets=unit, explain=True))
    data = document.document.source.encode(_CODEC[unit])
    width = _WIDTH[unit]

    def at(span, start="start", end="end"):
        return data[span[start] * width : span[end] * width].decode(_CODEC[unit])

    for found in record["entities"]:
        assert at(found) == found["text"]
        assert all(at(inner) == inner["text"] for inner in (*found["nested"], *found["beaten"]))
    assert all(at(r, "role_start", "role_end") == r["role"] for r in record["relations"])
    assert record["offset_unit"] == unit
    assert record["chars"] == len(document.document.source)


@given(st.text(max_size=60), st.integers(1, 80), st.data())
def test_offsets_in_any_unit_slice_the_same_text(text, times, data):
    source = text * times
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    for unit, codec in _CODEC.items():
        at = spans.offsets(source, unit)
        whole = source.encode(codec)
        assert whole[at(start) * _WIDTH[unit] : at(end) * _WIDTH[unit]].decode(codec) == source[start:end]


def test_json_is_one_object_or_an_array_of_what_the_lines_hold():
    lines = [json.loads(line) for line in written("jsonl").splitlines()]
    assert json.loads(written("json", ALL[:1])) == lines[0]
    assert json.loads(written("json")) == lines
    assert json.loads(written("json", [])) == []


@pytest.mark.parametrize("form", ["jsonl", "json", "tsv", "csv", "conll", "html", "doccano", "label-studio"])
def test_many_documents_are_written_as_they_come(form):
    def documents():
        yield from ALL
        raise RuntimeError("the fourth document")

    stream = FORMATS[form].write(documents(), Options())
    assert next(stream)
    assert next(stream), "the first documents are out before the last is in"
    with pytest.raises(RuntimeError, match="the fourth"):
        list(stream)


def test_a_file_name_that_is_not_utf8_can_be_read_back():
    name = os.fsdecode(b"a\xff.txt")
    data = written("jsonl", [replace(news(), document=replace(news().document, name=name))])
    assert json.loads(data.decode("utf-8"))["doc"] == name


# --- reading back ---------------------------------------------------------------------------------------------------


def test_records_are_read_back():
    assert read_jsonl(BOM + written("jsonl").decode() + "\n") == [jsonl.record(t, Options()) for t in ALL]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: not JSON (Expecting property name enclosed in double quotes, column 2)"),
        ("[" * 100_000, "line 2: not JSON (maximum recursion depth exceeded"),
        ("[]", 'line 2: no arner output: an object with "schema":"arner/1" is due'),
        ('{"text":"a"}', "line 2: no arner output"),
        ('{"schema":"arner/2"}', "line 2: the schema is 'arner/2', where 'arner/1' is due"),
        ('{"schema":"arner/1"}', "line 2: 'doc' is missing"),
    ],
)
def test_a_line_that_is_no_record_is_named(line, says):
    with pytest.raises(RecordError, match=re.escape(says)):
        read_jsonl(written("jsonl", ALL[:1]).decode() + line)


@pytest.mark.parametrize(("key", "value"), [("start", "1"), ("end", True), ("text", None), ("score", "high")])
def test_a_wrong_field_of_an_entity_is_named(key, value):
    record = jsonl.record(news(), Options())
    record["entities"][2][key] = value
    with pytest.raises(RecordError, match=rf"line 1: entities\[2\]: '{key}' is .*, of the wrong type"):
        read_jsonl(json.dumps(record))
    del record["entities"][2][key]
    with pytest.raises(RecordError, match=rf"line 1: entities\[2\]: '{key}' is missing"):
        read_jsonl(json.dumps(record))


# --- tables ---------------------------------------------------------------------------------------------------------


def rows():
    for tagged in ALL:
        for e in tagged.entities:
            fixed = (tagged.document.name, str(e.start), str(e.end), e.text, e.label, e.kind, e.name)
            yield [*fixed, e.ref or "", e.en or "", str(e.score), e.chain]


def test_csv_is_read_back_by_the_csv_module():
    assert list(csv.reader(io.StringIO(written("csv").decode(), newline="")))[1:] == list(rows())
    assert written("csv", bom=True) == BOM.encode() + written("csv")


def test_tsv_has_one_line_a_row_and_is_read_back():
    escapes = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    lines = written("tsv").decode().split("\n")
    read = [[re.sub(r"\\(.)", lambda m: escapes[m[1]], v) for v in line.split("\t")] for line in lines[1:-1]]
    assert read == list(rows())


# --- CoNLL ----------------------------------------------------------------------------------------------------------


def entities_of(tagged, column):
    """Put the tokens of a column back on the source, and return the spans of its BIO labels."""
    (block,) = written("conll", [tagged], nested=True).decode().split("-DOCSTART-\tO\tO\n")[1:]
    at, found = 0, []
    for line in block.split("\n"):
        if not line:
            continue
        token, *labels = line.split("\t")
        start = tagged.document.source.index(token, at)
        at = start + len(token)
        label = labels[column]
        if label.startswith("B-"):
            found.append([start, at, label[2:]])
        elif label.startswith("I-"):
            assert found[-1][2] == label[2:]
            found[-1][1] = at
    return found


@pytest.mark.parametrize("tagged", ALL, ids=lambda t: t.document.name[:5])
def test_conll_labels_give_the_entities_back(tagged):
    assert entities_of(tagged, 0) == [[e.start, e.end, e.label] for e in tagged.entities]
    assert entities_of(tagged, 1) == [[m.start, m.end, m.label] for e in tagged.entities for m in e.nested]


def sentences(text, *entities):
    tokens = conll.tokens(Tagged(Document("-", text), entities), nested=False)
    cut = []
    for token in tokens:
        if token.opens:
            cut.append([])
        cut[-1].append(text[token.start : token.end])
    return [" ".join(words) for words in cut]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال نعم. ثم غادر! لماذا؟ لا", ["قال نعم .", "ثم غادر !", "لماذا ؟", "لا"]),
        ("«قال نعم.» ثم غادر", ["« قال نعم . »", "ثم غادر"]),
        ("التقى د. محمد 3.5 مرات", ["التقى د . محمد 3 . 5 مرات"]),
        ("عنوان\n\nنص\r\nنص", ["عنوان", "نص", "نص"]),
        ("مُحَمَّــدٌ", ["مُحَمَّــدٌ"]),
        ("می\N{ZERO WIDTH NON-JOINER}خواهم \N{RIGHT-TO-LEFT MARK}نعم", ["می\N{ZERO WIDTH NON-JOINER}خواهم نعم"]),
        (" \n ", []),
    ],
)
def test_sentences_and_tokens(text, expected):
    assert sentences(text) == expected


def test_an_entity_is_never_cut_by_a_sentence():
    text = "زار ج. إدغار\nهوفر المقر."
    assert sentences(text, entity(text, 1, "ج. إدغار\nهوفر", "PER", "person")) == ["زار ج . إدغار هوفر المقر ."]


WORD = st.text(st.sampled_from("بالمغرب وزيرَﷲلاd9_😀"), min_size=1).map(str.strip).filter(bool)
GAP = st.text(st.sampled_from(" \n\r\t.،«»<&\"'\\\N{ZERO WIDTH NON-JOINER}\N{NO-BREAK SPACE}\ud800\x00\x1b\x85😀ب"))


@st.composite
def tagged_texts(draw):
    """A text of words, some of them entities; what is between may be anything, or nothing."""
    source, entities = draw(GAP), []
    pieces = st.tuples(st.sampled_from(["PER", "ORG", "LOC", None]), WORD, GAP)
    for label, word, gap in draw(st.lists(pieces, max_size=6)):
        if label:
            number, at = len(entities) + 1, len(source)
            found = Entity(f"e{number}", at, at + len(word), word, label, "x", word, None, None, 0.5, f"c{number}")
            entities.append(found)
        source += word + gap
    return Tagged(Document("a.txt", source), tuple(entities))


@given(tagged_texts())
def test_conll_gives_any_entities_back(tagged):
    kept = [[e.start, e.end, e.label] for e in tagged.entities]
    got, at = [], 0
    for token in conll.tokens(tagged, nested=False):
        assert at <= token.start < token.end
        at = token.end
        if token.label.startswith("B"):
            got.append([token.start, token.end, token.label[2:]])
        elif token.label.startswith("I"):
            got[-1][1] = token.end
    assert got == kept


@settings(max_examples=50)
@given(tagged_texts())
def test_every_format_takes_any_text_and_writes_utf8(tagged):
    for form in FORMATS.values():
        if form.name == "spacy":
            continue
        for unit in form.units or ("codepoint",):
            b"".join(form.write([tagged], Options(offsets=unit, nested=True))).decode("utf-8")
        for _, beside in form.beside:
            beside(tagged).decode("utf-8")


# --- tools' own formats ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tagged", ALL, ids=lambda t: t.document.name[:5])
def test_brat_reads_the_annotations_on_its_text(tagged):
    """As brat does: universal line ends, the text of a span is its fragments joined by a space."""
    ((suffix, text),) = FORMATS["brat"].beside
    assert suffix == ".txt"
    text = io.TextIOWrapper(io.BytesIO(text(tagged)), "utf-8").read()
    marks, notes, found = {}, [], []
    for line in written("brat", [tagged]).decode().splitlines():
        mark, kind, *rest = line.split("\t")
        if mark[0] == "T":
            label, _, places = kind.partition(" ")
            fragments = [tuple(map(int, place.split(" "))) for place in places.split(";")]
            assert " ".join(text[start:end] for start, end in fragments) == rest[0]
            marks[mark] = label
            found.append((fragments[0][0], fragments[-1][1], label))
        elif mark[0] == "N":
            assert kind.split(" ")[0] == "Reference"
            assert kind.split(" ")[1] in marks
        else:
            notes.append((mark, kind))
    whole = [(s.start, s.end, s.label) for s in (*tagged.entities, *(m for e in tagged.entities for m in e.nested))]
    assert found == whole
    assert len(notes) == 2 * sum(r.org is not None for r in tagged.relations)
    for mark, kind in notes:
        if mark[0] == "R":
            first, second = (part.split(":")[1] for part in kind.split(" ")[1:])
            assert (marks[first], marks[second]) == ("PER", "ORG")


def test_label_studio_regions_slice_the_text_and_relations_join_regions():
    tasks = json.loads(written("label-studio"))
    assert len(tasks) == len(ALL)
    assert json.loads(written("label-studio", [])) == []
    for task in tasks:
        result = task["predictions"][0]["result"]
        regions = {r["id"]: r["value"] for r in result if r["type"] == "labels"}
        assert all(task["data"]["text"][v["start"] : v["end"]] == v["text"] for v in regions.values())
        assert all({r["from_id"], r["to_id"]} <= set(regions) for r in result if r["type"] == "relation")


WEB_ANNOTATION = {
    "type": "object",
    "required": ["@context", "id", "type", "label", "total"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "type": {"const": "AnnotationCollection"},
        "total": {"type": "integer"},
        "first": {
            "required": ["id", "type", "startIndex", "items"],
            "properties": {"type": {"const": "AnnotationPage"}, "items": {"items": {"$ref": "#/$defs/annotation"}}},
        },
    },
    "$defs": {
        "annotation": {
            "required": ["id", "type", "body", "target"],
            "properties": {
                "type": {"const": "Annotation"},
                "motivation": {"enum": ["identifying", "tagging"]},
                "body": {"minItems": 1, "items": {"required": ["type", "value", "purpose"]}},
                "target": {"required": ["source", "selector"]},
            },
        }
    },
}


@pytest.mark.parametrize("tagged", ALL, ids=lambda t: t.document.name[:5])
def test_web_annotations_have_the_shape_of_the_standard_and_find_their_text(tagged):
    collection = json.loads(written("webanno", [tagged]))
    jsonschema.validate(collection, WEB_ANNOTATION)
    items = collection.get("first", {"items": []})["items"]
    assert len(items) == collection["total"] == len(tagged.entities)
    assert len({i["id"] for i in items}) == len(items)
    source = tagged.document.source
    for item in items:
        position, quoted = item["target"]["selector"]
        assert source[position["start"] : position["end"]] == quoted["exact"]
        assert quoted["prefix"] + quoted["exact"] + quoted["suffix"] in source
        assert unquote(item["target"]["source"]) == tagged.document.name
        assert re.fullmatch(r"[!-~]+", item["id"]), "an IRI has no white space and no controls"


@pytest.mark.parametrize("unit", ["codepoint", "utf16"])
def test_bdoc_slices_its_text_and_numbers_its_annotations(unit):
    for tagged in ALL:
        document = json.loads(written("bdoc", [tagged], offsets=unit))
        data = document["text"].encode(_CODEC[unit])
        found = document["annotation_sets"][""]
        for number, annotation in enumerate(found["annotations"]):
            assert annotation["id"] == number < found["next_annid"]
            if number < len(tagged.entities):
                text = data[annotation["start"] * _WIDTH[unit] : annotation["end"] * _WIDTH[unit]].decode(_CODEC[unit])
                assert text == tagged.entities[number].text
        assert document["offset_type"] == {"codepoint": "p", "utf16": "j"}[unit]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("unit", ["codepoint", "utf16"])
def test_bdoc_is_read_by_gatenlp(tmp_path, unit):
    gatenlp = pytest.importorskip("gatenlp")
    for tagged in ALL:
        path = tmp_path / "a.bdocjs"
        path.write_bytes(written("bdoc", [tagged], offsets=unit))
        document = gatenlp.Document.load(str(path), fmt="json")
        read = [(a.start, a.end, document[a]) for a in sorted(document.annset(), key=lambda a: a.id)]
        assert read[: len(tagged.entities)] == [(e.start, e.end, e.text) for e in tagged.entities]


@pytest.mark.filterwarnings("ignore")
def test_docbin_is_read_by_spacy():
    spacy = pytest.importorskip("spacy")
    data = written("spacy")
    assert data == written("spacy")
    docs = list(spacy.tokens.DocBin().from_bytes(data).get_docs(spacy.blank("ar").vocab))
    assert len(docs) == len(ALL)
    for doc, tagged in zip(docs, ALL, strict=True):
        assert doc.text == tagged.document.source
        assert doc.user_data["doc"] == tagged.document.name
        read = [(e.start_char, e.end_char, e.label_, e.kb_id_) for e in doc.ents]
        assert read == [(e.start, e.end, e.label, e.ref or "") for e in tagged.entities]
        nested = [(m.start, m.end) for e in tagged.entities for m in e.nested]
        assert [(s.start_char, s.end_char) for s in doc.spans["nested"]] == nested


def test_without_spacy_the_user_learns_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(UnavailableError, match=r'^the format spacy needs spaCy: pip install "arner\[spacy\]"$'):
        written("spacy")


# --- HTML -----------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would make of the page: the texts, the marks in them, every tag and every address."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.addresses = [], [], []
        self.texts, self.marks, self.titles = [], [], []
        self.inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        self.addresses += [attributes[a] for a in ("href", "src", "style", "onclick") if a in attributes]
        if tag == "meta":
            return
        self.open.append(tag)
        if tag == "div":
            self.inside = True
            self.texts.append("")
        if tag == "mark" and self.inside:
            self.titles.append(attributes["title"])
            self.marks.append([attributes["class"], len(self.texts[-1]), None])
            self.open[-1] = self.marks[-1]

    def handle_endtag(self, tag):
        opened = self.open.pop()
        if isinstance(opened, list):
            opened[2] = len(self.texts[-1])
        else:
            assert opened == tag, "tags are nested properly"
        self.inside &= tag != "div"

    def handle_data(self, data):
        if self.inside:
            self.texts[-1] += data


def test_the_page_holds_the_texts_and_their_marks_and_nothing_active():
    page = Page(written("html").decode())
    shown = [re.sub("[\x07\x1b]", "\N{REPLACEMENT CHARACTER}", t.document.source) for t in ALL]
    assert page.texts == shown
    spans_ = [s for t in ALL for e in t.entities for s in (e, *e.nested)]
    assert page.marks == [[s.label, s.start, s.end] for s in spans_]
    assert not page.addresses, "no address, no network"
    assert " ".join(sorted(set(page.tags))) == "article bdi body div h1 head html li main mark meta span style title ul"
    assert page.titles[0] == "ناصر بوريطة\nNasser Bourita\nper/nasser-bourita\nPER · person\n0.98"


def test_the_page_tells_the_evidence_on_request():
    assert "+4.25 gazetteer people/public.tsv:12 ناصر بوريطة" in Page(written("html", explain=True).decode()).titles[0]


def test_the_page_is_right_to_left_follows_the_theme_and_prints():
    page = written("html", []).decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "http" not in page


@given(tagged_texts(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_marks_stay_nested_whatever_overlaps(tagged, noises):
    size = len(tagged.document.source)
    noise = tuple(Noise(min(a, b, size), min(max(a, b), size), "x") for a, b in noises)
    shuffled = replace(tagged, noise=noise)
    page = Page(b"".join(FORMATS["html"].write([shuffled], Options())).decode())
    assert page.marks == [[e.label, e.start, e.end] for e in tagged.entities]


# --- terminal -------------------------------------------------------------------------------------------------------


def printed(width, colours="standard", **options):
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=bool(colours), color_system=colours, **options)
    for tagged in ALL:
        terminal.show(tagged, console)
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_terminal_golden_and_width(width):
    from rich.cells import cell_len

    text = printed(width)
    check_golden(f"terminal-{width}.txt", text.encode())
    bare = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert "\x1b" not in bare, "the text's own escape sequences do not reach the terminal"
    assert max(map(cell_len, bare.split("\n"))) <= width
    isolated = re.findall("\N{FIRST STRONG ISOLATE}(.*?)\N{POP DIRECTIONAL ISOLATE}", bare)
    assert isolated == [e.label for t in ALL for e in t.entities]


def test_arabic_stands_right_and_the_rest_left():
    lines = re.sub("\x1b\\[[0-9;]*m", "", printed(80, no_color=True)).split("\n")
    arabic = next(line for line in lines if "أعلن" in line)
    assert re.fullmatch(" +\N{RIGHT-TO-LEFT ISOLATE}.*بالقرار\\.\N{POP DIRECTIONAL ISOLATE}", arabic)
    assert next(line for line in lines if "ad a b" in line).startswith("ad")


def test_no_isolates_and_no_codes_where_there_is_no_terminal():
    text = printed(80, None)
    assert "\x1b" not in text
    assert not set("\N{FIRST STRONG ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}\N{POP DIRECTIONAL ISOLATE}") & set(text)
    assert "PER people 3   ORG organisations 2   LOC places 2" in text
