"""Tagged documents in, brat's standoff files out: `.ann` with the annotations and `.txt` with the text they count in.

brat reads a text with its line ends made one, so the text beside is the source with each CRLF written as space and
line feed: as many code points, and every offset stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from arner.export.pieces import gathered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Entity, Mention, Tagged
    from arner.export.options import Options

# A span may not hold a line end, nor its text a tab: it is written as the fragments between them.
_FRAGMENT = re.compile(r"[^\n\r\t\v\f]+")


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:  # noqa: ARG001
    """Yield the annotations of each document: T lines, N lines for refs, R lines and notes for relations."""
    for document in tagged:
        yield from (lines.encode("utf-8", "replace") for lines in gathered(f"{line}\n" for line in _lines(document)))


def text(tagged: Tagged) -> bytes:
    """Return the text file that the offsets count in."""
    return one_line_end(tagged.document.source).encode("utf-8", "replace")


def one_line_end(source: str) -> str:
    """Return a text with its line ends made line feeds, of the same length."""
    return source.replace("\r\n", " \n").replace("\r", "\n")


def _lines(tagged: Tagged) -> Iterator[str]:
    source = one_line_end(tagged.document.source)
    for number, span in enumerate(_spans(tagged), 1):
        yield f"T{number}\t{span.label} {_fragments(source, span)}"
    with_ref = ((n, s) for n, s in enumerate(_spans(tagged), 1) if s.ref)
    for number, (mark, span) in enumerate(with_ref, 1):
        yield f"N{number}\tReference T{mark} arner:{span.ref}\t{_on_one_line(getattr(span, 'name', span.text))}"
    named = [r for r in tagged.relations if r.org]
    ends = {identity for r in named for identity in (r.person, r.org)}
    marks = {e.id: f"T{number}" for number, e in enumerate(tagged.entities, 1) if e.id in ends}
    for number, relation in enumerate(named, 1):
        yield f"R{number}\t{relation.type} Arg1:{marks[relation.person]} Arg2:{marks[relation.org or '']}"
        yield f"#{number}\tAnnotatorNotes R{number}\t{_on_one_line(relation.role)}"


def _spans(tagged: Tagged) -> Iterator[Entity | Mention]:
    yield from tagged.entities
    yield from (m for e in tagged.entities for m in e.nested)


def _fragments(source: str, span: Entity | Mention) -> str:
    pieces = []
    for match in _FRAGMENT.finditer(source, span.start, span.end):
        bare = match[0].strip()
        if bare:
            start = match.start() + match[0].index(bare)
            pieces.append((start, start + len(bare), bare))
    places = ";".join(f"{start} {end}" for start, end, _ in pieces)
    return f"{places}\t{' '.join(piece for _, _, piece in pieces)}"


def _on_one_line(words: str) -> str:
    return " ".join(words.split())
