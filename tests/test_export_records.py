"""JSON, JSON Lines and tables: the schema, offsets in every unit, and reading back."""

import csv
import io
import json
import os
import re
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.export import Options, jsonl, spans
from arner.export.read import RecordError, read_jsonl
from export_documents import ALL, BOM, CODEC, WIDTH, news, written


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
    for key in set(part) - {"country", "lat", "lon"}:
        value = part.pop(key)
        assert not validator.is_valid(record), f"{path} without {key}"
        part[key] = value


def test_the_first_keys_come_in_the_documented_order():
    record = jsonl.record(news(), Options(explain=True))
    assert " ".join(record) == "schema doc sha256 chars encoding offset_unit entities relations noise"
    keys = "id start end text label kind name ref en score chain proclitic nested country evidence beaten"
    assert " ".join(record["entities"][0]) == keys
    assert " ".join(record["entities"][1]) == keys.replace("country", "country lat lon")


def test_a_place_has_both_coordinates_or_none():
    validator = jsonschema.Draft202012Validator(jsonl.schema())
    record = jsonl.record(news(), Options())
    rabat = record["entities"][1]
    assert (rabat["lat"], rabat["lon"]) == (34.0133, -6.8326)
    del rabat["lon"]
    assert not validator.is_valid(record)


@pytest.mark.parametrize("unit", WIDTH)
@pytest.mark.parametrize("document", ALL, ids=lambda t: t.document.name[:5])
def test_every_span_slices_its_text_in_every_unit(document, unit):
    record = json.loads(written("jsonl", [document], offsets=unit, explain=True))
    data = document.document.source.encode(CODEC[unit])
    width = WIDTH[unit]

    def at(span, start="start", end="end"):
        return data[span[start] * width : span[end] * width].decode(CODEC[unit])

    for found in record["entities"]:
        assert at(found) == found["text"]
        assert all(at(inner) == inner["text"] for inner in (*found["nested"], *found["beaten"]))
    assert all(at(r, "role_start", "role_end") == r["role"] for r in record["relations"])
    assert record["offset_unit"] == unit
    assert record["chars"] == len(document.document.source)


@given(st.text(max_size=60), st.sampled_from([1, 7, 1000]), st.data())
def test_offsets_in_any_unit_slice_the_same_text(text, times, data):
    source = text * times
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    for unit, codec in CODEC.items():
        at = spans.offsets(source, unit)
        whole = source.encode(codec)
        assert whole[at(start) * WIDTH[unit] : at(end) * WIDTH[unit]].decode(codec) == source[start:end]


def test_json_is_one_object_or_an_array_of_what_the_lines_hold():
    lines = [json.loads(line) for line in written("jsonl").splitlines()]
    assert json.loads(written("json", ALL[:1])) == lines[0]
    assert json.loads(written("json")) == lines
    assert json.loads(written("json", [])) == []


def test_a_file_name_that_is_not_utf8_can_be_read_back():
    name = os.fsdecode(b"a\xff.txt")
    data = written("jsonl", [replace(news(), document=replace(news().document, name=name))])
    assert json.loads(data.decode("utf-8"))["doc"] == name


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
