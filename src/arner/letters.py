"""Characters in, a private one-byte code out: one byte a code point, so that byte i is code point i.

A text is encoded once (`encode`); words are slices of the code and `fold` turns such a slice into its matching
form. Marks and controls stay in the code, so offsets need no table; they fall away when a word is folded.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import cache

LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي" + "ٱپچژڤگکیۀہھەڭݣ"
TATWEEL = "\N{ARABIC TATWEEL}"
MARKS = (
    "\N{ARABIC FATHATAN}\N{ARABIC DAMMATAN}\N{ARABIC KASRATAN}\N{ARABIC FATHA}\N{ARABIC DAMMA}"
    "\N{ARABIC KASRA}\N{ARABIC SHADDA}\N{ARABIC SUKUN}\N{ARABIC MADDAH ABOVE}"
    "\N{ARABIC HAMZA ABOVE}\N{ARABIC HAMZA BELOW}\N{ARABIC LETTER SUPERSCRIPT ALEF}"
)
# One code point that stands for several letters; the fold spells it out.
LIGATURES = {
    "\N{ARABIC LIGATURE LAM WITH ALEF ISOLATED FORM}": "لا",
    "\N{ARABIC LIGATURE ALLAH ISOLATED FORM}": "الله",
    "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}": "صلي",
    "\N{ARABIC LIGATURE MOHAMMAD ISOLATED FORM}": "محمد",
}
ARABIC_DIGITS = "٠١٢٣٤٥٦٧٨٩"
ARABIC_PUNCTUATION = "،؛؟٪٫٬٭"
QUOTES_OPEN = "«“‘„‹"
QUOTES_CLOSE = "»”’›"
OTHER_PUNCTUATION = "…–—•·©®™°"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
# Invisible: they never end a word and are never part of a span's edge.
INVISIBLE = (
    "\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{LEFT-TO-RIGHT MARK}"
    "\N{RIGHT-TO-LEFT MARK}\N{LEFT-TO-RIGHT EMBEDDING}\N{RIGHT-TO-LEFT EMBEDDING}"
    "\N{POP DIRECTIONAL FORMATTING}\N{LEFT-TO-RIGHT OVERRIDE}\N{RIGHT-TO-LEFT OVERRIDE}"
    "\N{LEFT-TO-RIGHT ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}\N{FIRST STRONG ISOLATE}"
    "\N{POP DIRECTIONAL ISOLATE}\N{ARABIC LETTER MARK}\N{ZERO WIDTH NO-BREAK SPACE}"
)
LINE_SEPARATORS = "\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"

_ASCII = "".join(map(chr, range(128)))
_TABLE = "".join(
    (
        _ASCII,
        LETTERS,
        TATWEEL,
        MARKS,
        "".join(LIGATURES),
        ARABIC_DIGITS,
        ARABIC_PUNCTUATION,
        QUOTES_OPEN,
        QUOTES_CLOSE,
        OTHER_PUNCTUATION,
        NO_BREAK_SPACE,
        INVISIBLE,
        LINE_SEPARATORS,
    )
)
# U+FFFE marks a free slot: it can stand in no text that was decoded.
_TABLE = _TABLE.ljust(256, "\ufffe")
assert len(_TABLE) == 256, "the one-byte code is full"
_ENCODING = codecs.charmap_build(_TABLE)
UNKNOWN = b"?"


def code(characters: str) -> bytes:
    """Return the one-byte code of characters that have a slot each.

    >>> len(code("محمد"))
    4
    """
    return codecs.charmap_encode(characters, "strict", _ENCODING)[0]


class _Rare(dict[int, str]):
    """Characters without a slot, each mapped to one that has one and reads the same; found when first met."""

    def __missing__(self, point: int) -> str:
        self[point] = value = _stand_in(chr(point))
        return value


def _stand_in(character: str) -> str:
    if character in _TABLE:
        return character
    category = unicodedata.category(character)
    if category in ("Mn", "Me") or _joins(character):
        return "\N{ARABIC SUKUN}"
    if category == "Cf":
        return "\N{ZERO WIDTH SPACE}"
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.digit(character))
    plain = unicodedata.normalize("NFKD", character)
    base = "".join(c for c in plain if unicodedata.category(c) not in ("Mn", "Zs"))
    composed = unicodedata.normalize("NFKC", character)
    for ligature, letters in LIGATURES.items():
        if len(base) > 1 and base.startswith(letters):
            return ligature
    if len(composed) == 1 and composed in _TABLE:
        return composed
    if len(base) == 1 and base in _TABLE:
        return base
    if not base and character >= "\N{ARABIC LIGATURE SHADDA WITH DAMMATAN ISOLATED FORM}":
        return "\N{ARABIC SUKUN}"  # a mark standing alone, as PDF files have them
    return "?"


def _joins(character: str) -> bool:
    """Return whether a character that is no mark makes one grapheme cluster with the letter before it."""
    import regex

    return regex.match(r"[\p{GCB=Extend}\p{GCB=SpacingMark}]", character) is not None


_RARE = _Rare()


def encode(source: str) -> bytes:
    """Encode a text of any characters; the result has one byte a code point.

    Characters without a slot become the nearest that has one (presentation forms, accented Latin letters, Quranic
    marks), else `?`.

    >>> len(encode("ﷲ أكبر")) == len("ﷲ أكبر")
    True
    """
    encoded: bytes = codecs.charmap_encode(source, "replace", _ENCODING)[0]
    if encoded.count(UNKNOWN) != source.count("?"):
        encoded = codecs.charmap_encode(source.translate(_RARE), "replace", _ENCODING)[0]
    return encoded


def _folding() -> bytes:
    pairs = dict(zip("أإآٱ", "اااا", strict=True))
    pairs |= {"ى": "ي", "ی": "ي", "ة": "ه", "ۀ": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه"}
    pairs |= {"ک": "ك", "ڭ": "ك", "ݣ": "ك", "گ": "ك", "پ": "ب", "چ": "ج", "ڤ": "ف", "ژ": "ج"}
    pairs |= dict(zip(ARABIC_DIGITS, "0123456789", strict=True))
    pairs |= {c: c.lower() for c in map(chr, range(ord("A"), ord("Z") + 1))}
    table = bytearray(range(256))
    for source, target in pairs.items():
        table[code(source)[0]] = code(target)[0]
    return bytes(table)


FOLD = _folding()
IGNORED = code(MARKS + TATWEEL + INVISIBLE)
_LIGATURE_BYTES = {code(k): code(v) for k, v in LIGATURES.items()}
_LIGATURES_CODED = code("".join(LIGATURES))
LOOSE = bytes.maketrans(code("ؤئ"), code("وي"))


def fold(word: bytes) -> bytes:
    """Return the matching form of a coded word: marks off, variants of a letter made one.

    أإآٱ→ا, ى ی→ي, ة→ه, ک گ→ك, پ→ب, چ→ج, ڤ→ف; Latin letters to lower case; Arabic digits to ASCII.

    >>> fold(encode("مُحَمَّــدٌ")) == fold(encode("محمد"))
    True
    """
    if len(word.translate(None, _LIGATURES_CODED)) != len(word):
        for ligature, letters in _LIGATURE_BYTES.items():
            word = word.replace(ligature, letters)
    return word.translate(FOLD, IGNORED)


def loosen(key: bytes) -> bytes:
    """Return the weaker key of a folded word: hamza seats become plain (ؤ→و, ئ→ي) and a bare hamza goes.

    >>> loosen(fold(encode("مسؤول"))) == fold(encode("مسوول"))
    True
    """
    return key.translate(LOOSE, code("ء"))


def key(text: str) -> bytes:
    """Return the matching form of a whole text: `fold` of its code.

    >>> key("الأمن") == key("الامن")
    True
    """
    return fold(encode(text))


def decode(coded: bytes) -> str:
    """Return the characters of a code, for messages and explanations.

    >>> decode(key("أحمد"))
    'احمد'
    """
    return coded.decode("latin-1").translate(_decoding())


@cache
def _decoding() -> dict[int, str]:
    return dict(enumerate(_TABLE))
