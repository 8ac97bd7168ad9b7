"""The formats of other tools, read as those tools do, and by the tools themselves where they are installed."""

import io
import json
import re
import sys
from urllib.parse import unquote

import jsonschema
import pytest

from arner.export import FORMATS, UnavailableError
from export_documents import ALL, CODEC, WIDTH, written


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
        data = document["text"].encode(CODEC[unit])
        found = document["annotation_sets"][""]
        for number, annotation in enumerate(found["annotations"]):
            assert annotation["id"] == number < found["next_annid"]
            if number < len(tagged.entities):
                text = data[annotation["start"] * WIDTH[unit] : annotation["end"] * WIDTH[unit]].decode(CODEC[unit])
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
