"""Files of other tools, and arner's own outputs, in; tagged documents out: the table of formats that can be read.

It mirrors `arner.export`; a module is loaded when its format is first read.
"""

# Paths are strings here, as in files.py.
# ruff: noqa: PTH110, PTH112, PTH113

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from arner.decoding import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arner.files import Source
    from arner.imports.found import Labels, Read
    from arner.imports.texts import Texts

@dataclass(frozen=True, slots=True)
class Format:
    """A way to read documents with labelled spans; `name` is that of the exporter.

    `read` yields the documents of a file, and an error for each that can't be used; it raises InputError where the
    file can't be read at all, UnavailableError where a package is missing. `text`: a file holds the texts too.
    `suffixes` are of this format alone; `shapes` the keys that a first JSON value of the format has.
    """

    name: str
    read: Callable[[Source, Texts, Labels], Iterator[Read | InputError]]
    text: bool = True
    suffixes: tuple[str, ...] = ()
    shapes: tuple[frozenset[str], ...] = ()


def _reader(place: str) -> Callable[[Source, Texts, Labels], Iterator[Read | InputError]]:
    module, name = place.split(".")

    def read(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:
        found: Iterator[Read | InputError] = getattr(import_module(f"arner.imports.{module}"), name)(
            source, texts, labels
        )
        return found

    return read


def _shapes(*keys: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(some.split()) for some in keys)


_arner = _reader("arner_json.read")
_CONLL = (".conll", ".bio", ".iob", ".iob2")
# The order is that in which shapes are tried.
_ALL = (
    Format("jsonl", _arner, text=False, shapes=_shapes("schema entities")),
    Format("json", _arner, text=False),
    Format("conll", _reader("conll.read"), text=False, suffixes=_CONLL),
    Format("brat", _reader("brat.read"), suffixes=(".ann",)),
    Format("spacy", _reader("spacy.read_docbin"), suffixes=(".spacy",)),
    Format("doccano", _reader("doccano.read"), shapes=_shapes("text label", "text labels", "text entities relations")),
    Format("spacy-json", _reader("spacy.read_json"), shapes=_shapes("text entities", "text ents")),
    Format("label-studio", _reader("label_studio.read"), shapes=_shapes("data")),
    Format(
        "webanno", _reader("webanno.read"), text=False, suffixes=(".jsonld",), shapes=_shapes("@context", "body target")
    ),
    Format("bdoc", _reader("bdoc.read"), suffixes=(".bdocjs",), shapes=_shapes("annotation_sets")),
)
FORMATS: dict[str, Format] = {form.name: form for form in _ALL}
SUFFIXES = (*(suffix for form in _ALL for suffix in form.suffixes), ".jsonl", ".json")


def detect(source: Source) -> Format:
    """Return the format of a file, by its suffix, else by the shape of its first JSON value.

    Raises InputError where it is none that can be read.
    """
    by_suffix = next((form for form in _ALL if source.path.endswith(form.suffixes)), None)
    if by_suffix:
        return by_suffix
    if os.path.exists(source.path) and not os.path.isfile(source.path):
        raise InputError(source.name, "is a pipe or device, whose format can't be found out by looking: name it")
    from arner.imports.values import read

    first: Any = next(read(source), None)
    if isinstance(first, InputError):
        raise first
    shape = first.value if first else None
    if isinstance(shape, list) and len(shape) == 2 and isinstance(shape[1], dict):
        shape = {"text": shape[0], **shape[1]}
    for form in _ALL:
        if isinstance(shape, dict) and any(keys <= shape.keys() for keys in form.shapes):
            return form
    names = " ".join(FORMATS)
    raise InputError(source.name, f"its format is not plain from it: name it, one of {names}")


def find(path: str, form: Format | None = None) -> list[Source]:
    """Return the files to read: a file itself, or those of a folder that have a suffix of the format, or of any.

    Files are named by their paths in the folder. Raises MissingPathError where there is nothing.
    """
    from arner import export, files
    from arner.placing import SUMMARY

    if not os.path.isdir(path):
        return list(files.find([path]))
    suffixes = SUFFIXES if form is None else (*form.suffixes, export.FORMATS[form.name].suffix)
    found = (s for s in files.find([path], "*") if s.problem or s.name.endswith(suffixes))
    return [source for source in found if source.name != SUMMARY]
