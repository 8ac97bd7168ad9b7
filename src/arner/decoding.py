"""The bytes of a file in, its text and its encoding out.

Offsets count the code points of the decoded text as they stand: a byte-order mark stays as its first character,
U+FEFF, and a CRLF stays two.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

ERRORS = ("strict", "replace", "ignore")

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Python's codecs of these names swallow the mark; their namesakes keep it, so that offsets fit the decoded text.
_KEEPS_BOM = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
_CONTROL = re.compile(r"[\0-\x07\x0e-\x19\x1c-\x1f\x7f]")
_ARABIC_WORD = r"[ء-غف-يپچژکگ]{2}"
_ARABIC_LETTER = r"[ء-يپچژکگ]"
_ARABIC_SIGN = r"[ء-\N{ARABIC SUKUN}پچژکگ،؛؟«»“”‘’–—…\N{NO-BREAK SPACE}\N{ZERO WIDTH NON-JOINER}]"
_HIGH = bytes(range(128, 256))
_SAMPLE = 32_768  # bytes on either side of the first that is not UTF-8


class InputError(Exception):
    """An input that can't be used: `path` is its name, `message` one line with what is wrong and what to do.

    >>> print(InputError("a.txt", "is not text"))
    a.txt: is not text
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(path, message)
        self.path = path
        self.message = message

    def __str__(self) -> str:
        return f"{printable(self.path)}: {self.message}"


class Decoded(NamedTuple):
    """A text, the encoding that gave it, and a note for the user where that was a guess or lost something."""

    text: str
    encoding: str
    note: str = ""


def printable(name: str) -> str:
    r"""Return a name that fits on one line of a terminal: controls and undecodable bytes escaped.

    >>> print(printable("a\nb.txt"))
    a\nb.txt
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def decode(data: bytes, name: str, *, encoding: str | None = None, errors: str = "strict") -> Decoded:
    r"""Decode a file's bytes: UTF-8, UTF-16 or windows-1256, whichever they are, or the `encoding` given.

    `errors` says what to do with bytes that are no characters: `strict` raises, `replace` puts U+FFFD, `ignore`
    drops them. Raises InputError with the byte position, or where the bytes are not text; ValueError for an
    encoding that does not exist. It does not guess between single-byte encodings other than windows-1256.

    >>> decode("الرباط".encode("windows-1256"), "a.txt").text
    'الرباط'
    >>> decode(b"\xef\xbb\xbfFBI", "a.txt").text
    '\ufeffFBI'
    """
    if encoding is not None:
        decoded = _decode_as(data, name, encoding, errors)
    else:
        decoded = _with_bom(data, name, errors) or _utf16_without_bom(data) or _utf8_or_1256(data, name, errors)
    _require_text(decoded.text, name)
    return decoded


def _decode_as(data: bytes, name: str, encoding: str, errors: str) -> Decoded:
    try:
        codec = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        raise ValueError(f"unknown encoding {encoding!r}; such as: utf-8, utf-16, windows-1256") from None
    for bom, marked in _BOMS:
        if data.startswith(bom) and marked.startswith(codec):
            codec = marked
    codec = _KEEPS_BOM.get(codec, codec)
    try:
        return Decoded(data.decode(codec, errors), codec)
    except UnicodeDecodeError as error:
        message = f"not {encoding} at byte {error.start}: give --encoding-errors replace, or another --encoding"
        raise InputError(name, message) from None
    except LookupError:
        raise ValueError(f"{encoding!r} is not a text encoding; such as: utf-8, utf-16, windows-1256") from None


def _with_bom(data: bytes, name: str, errors: str) -> Decoded | None:
    for bom, codec in _BOMS:
        if data.startswith(bom):
            return _decode_as(data, name, codec, errors)._replace(note=f"read as {codec}, by its byte-order mark")
    return None


def _utf16_without_bom(data: bytes) -> Decoded | None:
    """Return UTF-16 text of Arabic or Latin letters, known by its high bytes: nearly all are 00 or 06."""
    if len(data) < 4 or len(data) % 2 or not (b"\0" in data or b"\x06" in data):
        return None
    for codec, high in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        usual = high.count(0) + high.count(6) + high.count(0x20) + high.count(0xFE)
        if usual < 0.9 * len(high):
            continue
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and sum(c.isalnum() or c.isspace() for c in text) > 0.7 * len(text):
            return Decoded(text, codec, f"read as {codec}: every other byte is that of a letter's block")
    return None


def _utf8_or_1256(data: bytes, name: str, errors: str) -> Decoded:
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if b"\0" in data:
            raise InputError(name, "is not text") from None
        if _is_windows_1256(data, error.start):
            note = "read as windows-1256: it is not UTF-8, and its letters are Arabic in windows-1256"
            return Decoded(data.decode("windows-1256", "replace"), "windows-1256", note)
        if errors == "strict":
            message = f"not UTF-8 at byte {error.start}: give --encoding-errors replace, or --encoding"
            raise InputError(name, message) from None
    done = {"replace": "replaced by U+FFFD", "ignore": "dropped"}[errors]
    return Decoded(data.decode("utf-8", errors), "utf-8", f"broken UTF-8: the bytes that are no characters were {done}")


def _is_windows_1256(data: bytes, at: int) -> bool:
    """Return whether bytes that are not UTF-8 at position `at` are Arabic in windows-1256, and no damaged UTF-8."""
    sample = data[max(0, at - _SAMPLE) : at + _SAMPLE]
    high = len(sample) - len(sample.translate(None, _HIGH))
    text = sample.decode("windows-1256", "replace")
    letters, signs = len(re.findall(_ARABIC_LETTER, text)), len(re.findall(_ARABIC_SIGN, text))
    # Every other byte of Arabic in UTF-8 is no letter in windows-1256, however few of them are broken.
    # ISO-8859-6 read as windows-1256 turns و, ي, ه and ق into French letters: a fifth of the high bytes.
    return bool(re.search(_ARABIC_WORD, text)) and letters > 0.6 * high and signs > 0.9 * high


def _require_text(text: str, name: str) -> None:
    if not _CONTROL.search(text):
        return
    controls = len(_CONTROL.findall(text))
    if "\0" in text or controls > 1 + len(text) / 50:
        raise InputError(name, "is not text: it holds control bytes")
