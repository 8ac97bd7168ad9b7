"""brat's standoff files in (`.ann`, with the `.txt` beside), a tagged document out: T lines, and refs of N lines.

brat counts in the text with its line ends made one; here offsets are those of the text as it is. Of a span in pieces
the whole stretch counts. Relations, events, attributes and notes are left out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from arner.decoding import InputError
from arner.files import Source, opened
from arner.files import read as text
from arner.imports.found import Found, Labels, Read, short, tagged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from arner.imports.texts import Texts

_SUFFIX = ".ann"
_MARK = re.compile(r"(?P<id>T\S+)\t(?P<label>\S+) (?P<places>\d+ \d+(?:;\d+ \d+)*)(?:\t(?P<text>.*))?")
_REFERENCE = re.compile(r"N\S+\tReference (?P<mark>T\S+) (?P<ref>[^\t]+)(?:\t.*)?")
_LEFT_OUT = tuple("NREAM#*")


def read(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:  # noqa: ARG001
    """Yield the document, named by the file without its suffix. Raises InputError, also for its text."""
    name, path = (s.removesuffix(_SUFFIX) for s in (source.name, source.path))
    document = replace(text(Source(f"{name}.txt", f"{path}.txt"), encoding="utf-8"), name=name, sha256=None)
    read_by_brat = document.source.replace("\r\n", "\n").replace("\r", "\n")
    at = _way_back(document.source)
    refs: dict[str, str] = {}
    found: dict[str, Found] = {}
    for number, line in enumerate(_lines(source), 1):
        where = f"{source.name}:{number}"
        if match := _MARK.fullmatch(line):
            found[match["id"]] = _found(where, match, read_by_brat, at)
        elif match := _REFERENCE.fullmatch(line):
            refs.setdefault(match["mark"], match["ref"].removeprefix("arner:"))
        elif line.strip() and not line.startswith(_LEFT_OUT):
            raise InputError(where, f"not a line of brat's: {short(line)}")
    spans = (one._replace(ref=refs.get(mark)) for mark, one in found.items())
    yield Read(tagged(document, spans, labels, source.name), source.name)


def _lines(source: Source) -> list[str]:
    with opened(source) as file:
        data = file.read()
    try:
        return [line.removesuffix("\r") for line in data.decode("utf-8").split("\n")]
    except UnicodeDecodeError as error:
        raise InputError(source.name, f"not UTF-8 at byte {error.start}") from None


def _found(where: str, match: re.Match[str], text: str, at: Callable[[int], int]) -> Found:
    pieces = [tuple(map(int, place.split(" "))) for place in match["places"].split(";")]
    start, end = pieces[0][0], pieces[-1][1]
    if not 0 <= start < end <= len(text):
        raise InputError(where, f"the span {start}:{end} is empty or outside the text of {len(text)} characters")
    there = " ".join(text[first:last] for first, last in pieces)
    if match["text"] is not None and match["text"] != there:
        raise InputError(where, f"the span {match['places']} is {short(there)}, not {short(match['text'])}")
    return Found(at(start), at(end - 1) + 1, match["label"], where=where)


def _way_back(source: str) -> Callable[[int], int]:
    """Return the function from offsets in the text as brat reads it, with one line end for a CRLF, to those in it."""
    if "\r\n" not in source:
        return int
    places = [at for at, c in enumerate(source) if c != "\r" or source[at + 1 : at + 2] != "\n"]
    return places.__getitem__
