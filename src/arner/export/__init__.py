"""Tagged documents in, bytes out: the table of formats, whose modules are loaded when they are first used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, TypedDict

from arner.export.options import SCHEMES, UNITS, Options, UnavailableError, Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.document import Tagged

__all__ = ["FORMATS", "SCHEMES", "UNITS", "Format", "Options", "UnavailableError", "Unit"]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write tagged documents.

    `write` yields the bytes of one stream. `per_document`: a stream holds one document, so that each needs a file
    of its own; otherwise any number go into one. `units`: those that its offsets can be in, none where it writes
    no offsets. `beside`: what else each document needs beside that file, by suffix. `translit`: it has a place for
    names in Latin letters. `text`: it needs the text, and not only the entities' words and places.
    """

    name: str
    summary: str
    suffix: str
    write: Callable[[Iterable[Tagged], Options], Iterator[bytes]]
    per_document: bool = False
    units: tuple[Unit, ...] = ("codepoint",)
    beside: tuple[tuple[str, Callable[[Tagged], bytes]], ...] = ()
    translit: bool = False
    text: bool = True


class _Records(TypedDict):
    """What the formats have in common that hold records of entities and no text."""

    units: tuple[Unit, ...]
    translit: bool
    text: bool


def _writer(place: str) -> Callable[[Iterable[Tagged], Options], Iterator[bytes]]:
    """Return the writer at `module.function`; a run uses one of a dozen modules, and each costs start-up time."""
    module, name = place.split(".")

    def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
        written: Iterator[bytes] = getattr(import_module(f"arner.export.{module}"), name)(tagged, options)
        return written

    return write


def _brat_text(tagged: Tagged) -> bytes:
    from arner.export import brat

    return brat.text(tagged)


_jsonl, _json = _writer("jsonl.write"), _writer("json_array.write")
_tsv, _csv = _writer("table.write_tsv"), _writer("table.write_csv")
_spacy, _spacy_json = _writer("spacy.write_docbin"), _writer("spacy.write_json")
_html = _writer("html.write")
_BRAT_TEXT = ((".txt", _brat_text),)
_RECORDS: _Records = {"units": UNITS, "translit": True, "text": False}

_ALL = (
    Format("jsonl", "JSON Lines of schema arner/1, one document a line", ".jsonl", _jsonl, **_RECORDS),
    Format("json", "the same objects, indented; more than one as an array", ".json", _json, **_RECORDS),
    Format("tsv", "tab-separated values, one row an entity", ".tsv", _tsv, **_RECORDS),
    Format("csv", "comma-separated values, one row an entity", ".csv", _csv, **_RECORDS),
    Format("conll", "a token and its BIO label a line", ".conll", _writer("conll.write"), units=()),
    Format("html", "a right-to-left page with the entities marked", ".html", _html, units=(), translit=True),
    Format("brat", "brat standoff and its text", ".ann", _writer("brat.write"), per_document=True, beside=_BRAT_TEXT),
    Format("spacy", "a spaCy DocBin (needs spaCy)", ".spacy", _spacy, units=()),
    Format("spacy-json", "spaCy training data as JSON Lines", ".jsonl", _spacy_json),
    Format("doccano", "doccano's JSON Lines for sequence labelling", ".jsonl", _writer("doccano.write")),
    Format("label-studio", "Label Studio tasks with predictions", ".json", _writer("label_studio.write")),
    Format("webanno", "W3C Web Annotations as JSON-LD", ".jsonld", _writer("webanno.write"), per_document=True),
    Format(
        "bdoc", "GATE BDOC JSON", ".bdocjs", _writer("bdoc.write"),
        per_document=True, units=("codepoint", "utf16"), translit=True,
    ),
)
FORMATS: dict[str, Format] = {format_.name: format_ for format_ in _ALL}
