"""Each format: its golden file, and what holds for all of them.

`ARNER_GOLDEN=write pytest tests/test_export*.py` writes the golden files anew; read the difference before you keep it.
"""

import pytest
from hypothesis import given, settings

from arner.export import FORMATS, Options
from export_documents import ALL, check_golden, tagged_texts, written

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


@pytest.mark.parametrize("name", GOLDENS)
def test_golden(name):
    form, documents, options = GOLDENS[name]
    check_golden(name, written(form, documents, **options))


def test_every_format_has_a_golden_file_or_a_reader_here():
    assert {form for form, _, _ in GOLDENS.values()} | {"spacy"} == set(FORMATS)
    assert all(name == form.name and form.suffix.startswith(".") and form.summary for name, form in FORMATS.items())


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
