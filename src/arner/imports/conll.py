"""CoNLL columns in, tagged documents out: tokens with BIO labels, put back on the text that they were cut from.

The columns do not say where a token stands, so that its place is found in the text: white space, invisible characters,
diacritics and tatweel may differ, letters may not. Without a text at hand, the tokens joined by spaces are one.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from arner.decoding import InputError
from arner.document import Document
from arner.files import opened
from arner.imports.found import Found, Labels, Read, short, tagged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arner.files import Source
    from arner.imports.texts import Texts

SUFFIXES = (".conll", ".bio", ".iob", ".iob2")
_DOCUMENT = "-DOCSTART-"
_TATWEEL = "\N{ARABIC TATWEEL}"


class Token(NamedTuple):
    """A token, its label, the label of a name inside a name, its line, and whether it opens a sentence or document."""

    text: str
    label: str
    nested: str
    line: int
    opens: bool
    begins: bool


def read(source: Source, texts: Texts, labels: Labels) -> Iterator[Read | InputError]:
    """Yield the documents; one that has no text is named by the file. Raises InputError, at `path:line`.

    The texts are that of the file's name without its suffix, or all that are at hand, in their order.
    """
    tokens = list(_tokens(source))
    name = next((source.name.removesuffix(s) for s in SUFFIXES if source.name.endswith(s)), source.name)
    named = texts.find(name)
    if named is None and not texts:
        yield from _without_text(source.name, name, tokens, labels)
        return
    at = 0
    for text in (named,) if named else texts.in_order():
        places, behind = _aligned(source.name, text, tokens, at)
        spans = list(_spans(tokens[at:behind], places))
        yield Read(tagged(text, spans, labels, source.name), f"{source.name}:{tokens[at].line if spans else 1}")
        at = behind
        if at == len(tokens):
            return
    raise InputError(f"{source.name}:{tokens[at].line}", f"{short(tokens[at].text)} is behind the end of the texts")


def _tokens(source: Source) -> Iterator[Token]:
    with opened(source) as file:
        data = file.read()
    try:
        lines = data.decode("utf-8").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(source.name, f"not UTF-8 at byte {error.start}") from None
    opens = begins = True
    for number, line in enumerate(lines, 1):
        bare = line.strip(" \t\r")
        if not bare or bare.startswith(_DOCUMENT):
            opens, begins = True, begins or bool(bare)
            continue
        text, *tags = bare.split("\t") if "\t" in bare else bare.split(" ")
        label, nested = _labels(tags)
        if not text or not all(tag == "O" or (tag[:2] in ("B-", "I-") and tag[2:]) for tag in (label, nested)):
            raise InputError(f"{source.name}:{number}", f"a token and O, B-… or I-… are due, not {short(line)}")
        yield Token(text, label, nested, number, opens, begins)
        opens = begins = False


def _labels(tags: Sequence[str]) -> tuple[str, str]:
    """Return label and nested label: of two columns the first and second, of more, as CoNLL-2003 has, the last."""
    if len(tags) == 1:
        return tags[0], "O"
    return (tags[0], tags[1]) if len(tags) == 2 else ((tags or [""])[-1], "O")


def _spans(tokens: Sequence[Token], places: Sequence[tuple[int, int]]) -> Iterator[Found]:
    for column in (1, 2):
        begun: Found | None = None
        for token, (start, end) in zip(tokens, places, strict=True):
            tag = str(token[column])
            if begun and tag == f"I-{begun.label}" and not token.begins:
                begun = begun._replace(end=end)
                continue
            if begun:
                yield begun
            begun = Found(start, end, tag[2:]) if tag != "O" else None
        if begun:
            yield begun


def _without_text(where: str, name: str, tokens: Sequence[Token], labels: Labels) -> Iterator[Read]:
    """Yield the documents with texts made of their tokens: a sentence a line."""
    starts = [number for number, token in enumerate(tokens) if token.begins]
    for number, (first, last) in enumerate(zip(starts, [*starts[1:], len(tokens)], strict=False), 1):
        source, places = "", []
        for token in tokens[first:last]:
            source += ("\n" if token.opens else " ") if source else ""
            places.append((len(source), len(source) + len(token.text)))
            source += token.text
        document = Document(name if len(starts) == 1 else f"{name}:{number}", source)
        spans = _spans(tokens[first:last], places)
        yield Read(tagged(document, spans, labels, where), f"{where}:{tokens[first].line}", made=True)


def _aligned(
    name: str, document: Document, tokens: Sequence[Token], first: int
) -> tuple[list[tuple[int, int]], int]:
    """Return the places of the tokens of a text, from the `first` on, and the number of the first behind it."""
    source, at = document.source, 0
    places: list[tuple[int, int]] = []
    while (number := first + len(places)) < len(tokens):
        token = tokens[number]
        following = tokens[number + 1].text if number + 1 < len(tokens) else ""
        at = _begin(source, at, token.text)
        if at == len(source):
            break
        end = _end(source, at, token.text, following)
        if end is None:
            there = short(source[at : at + 20])
            problem = f"{short(token.text)} does not fit {document.name}, which goes on {there}"
            raise InputError(f"{name}:{token.line}", problem)
        places.append((at, end))
        at = end
    if not all(map(_loose, source[at:])):
        raise InputError(name, f"ends before {document.name} does, at {short(source[at : at + 20].strip())}")
    return places, first + len(places)


def _begin(source: str, at: int, token: str) -> int:
    """Return where a token begins: behind what is blank, and behind loose marks where it does not begin with them."""
    while at < len(source) and _loose(source[at]):
        if not _blank(source[at]) and source.startswith(token, at):
            break
        at += 1
    return at


def _end(source: str, at: int, token: str, following: str) -> int | None:
    """Return the offset behind a token, whose diacritics and tatweel may be others than the text's, or None.

    The marks behind it are its own, but for those that the following token begins with.

    >>> _end("مُحَمَّدٌ السادس", 0, "محمد", "السادس")
    9
    """
    if source.startswith(token, at):
        at += len(token)
    else:
        for character in token:
            if _loose(character):
                continue
            while at < len(source) and source[at] != character and _loose(source[at]):
                at += 1
            if source[at : at + 1] != character:
                return None
            at += 1
    while at < len(source) and _loose(source[at]) and not _blank(source[at]) and not following.startswith(source[at]):
        at += 1
    return at


def _blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) == "Cf"


def _loose(character: str) -> bool:
    return _blank(character) or character == _TATWEEL or unicodedata.category(character) == "Mn"
