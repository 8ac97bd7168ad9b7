"""What a user can ask of the writers, and text and JSON out as bytes that any reader can take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from json import JSONEncoder

Unit = Literal["codepoint", "utf16", "byte"]
UNITS: tuple[Unit, ...] = ("codepoint", "utf16", "byte")
SCHEMES = ("bw", "safebw", "xmlbw", "hsb")  # of Arabic in Latin letters


class UnavailableError(Exception):
    """A format that needs a package which is not installed; says which, and how to get it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user can ask of a format; each format uses those that it has.

    `offsets`: the unit of every start and end; bytes are those of the text in UTF-8. `nested`: inner mentions too
    (conll). `bom`: begin with a byte-order mark, for spreadsheets (csv). `explain`: evidence and beaten readings.
    `translit`: the scheme in which entities are written in Latin letters too (one of `SCHEMES`).
    """

    offsets: Unit = "codepoint"
    nested: bool = False
    bom: bool = False
    explain: bool = False
    translit: str | None = None


# A reader that splits lines the Unicode way would cut a JSON Lines record at these.
_LINE_ENDS = "\N{NEXT LINE}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"


def dumps(value: object, indent: int | None = None) -> str:
    r"""Return a value as JSON: compact, or over lines with `indent`; characters as they are but for line ends.

    >>> print(dumps({"text": "ا\N{LINE SEPARATOR}ب"}))
    {"text":"ا\u2028ب"}
    """
    text = _encoder(indent).encode(value)
    if text.isascii():
        return text
    for line_end in _LINE_ENDS:
        text = text.replace(line_end, f"\\u{ord(line_end):04x}")
    return text


@cache
def _encoder(indent: int | None) -> JSONEncoder:
    from json import JSONEncoder

    return JSONEncoder(ensure_ascii=False, separators=(",", ":") if indent is None else (",", ": "), indent=indent)


def encode(text: str) -> bytes:
    r"""Return a text in UTF-8; a lone surrogate, as in a file name that is not UTF-8, is written `\udcff`.

    In JSON that is its escape, so that the name can be read back.

    >>> encode("a\udcff.txt")
    b'a\\udcff.txt'
    """
    return text.encode("utf-8", "backslashreplace")
