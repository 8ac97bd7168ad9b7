"""A name in, the keys of the other spellings that newspapers use out; run when compiling, never when tagging.

What the fold of `letters` makes equal needs no rule here: hamza on alef, ى/ي, ة/ه, ڤ/ف, پ/ب, گ/ك, marks, tatweel.
The feminine of a Slavic name (-وفا beside -وف) is no rule either: it is another person.
"""

from __future__ import annotations

import operator
import re
from functools import cache
from itertools import islice, product
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT: Final = 16
# A single word of fewer letters, one of them swapped, is too often another word.
SHORTEST: Final = 5
SEPARATORS: Final = " \t\n\r\N{NO-BREAK SPACE}-–_/.'’‘،,«»\"()"

ARTICLE: Final = letters.code("ال")

# Words that the Arab press spells in more than one way, without affixes; Mashreq and Maghreb differ on most.
PRESS: Final = (
    ("أمريكي", "أميركي"),
    ("أمريكا", "أميركا"),
    ("فيدرالي", "فدرالي"),
    ("فيدرالية", "فدرالية"),
    ("كونفدرالي", "كونفيدرالي"),
    ("سوفياتي", "سوفيتي", "سوفييتي"),
    ("ديمقراطي", "ديموقراطي"),
    ("أوروبي", "أوربي"),
    ("أوروبا", "أوربا"),
    ("إنجليزي", "إنكليزي"),
    ("إنجلترا", "إنكلترا"),
    ("كردي", "كوردي"),
    ("كردستان", "كوردستان"),
    ("كردستاني", "كوردستاني"),
    ("شؤون", "شئون"),
    ("مسؤولية", "مسئولية"),
    ("هيئة", "هيأة"),
    ("ميليشيا", "مليشيا"),
    ("تلفزيون", "تليفزيون"),
    ("تلفزيوني", "تليفزيوني"),
    ("تكنولوجيا", "تقنولوجيا"),
    ("إنترنت", "انترنيت"),
    ("مائة", "مئة"),
)
_BEFORE: Final = ("", "ال", "لل", "و", "وال", "بال", "ل")
_BEHIND: Final = ("", "ة", "ين", "ون", "ات")
# Particles of names written joined or apart, where the English name has them too: بن جرير/بنجرير is Ben Guerir,
# but the بن of محمد بن سلمان (bin) is never joined.
_PARTICLES: Final = (
    ("بن", re.compile(r"\bben", re.IGNORECASE)),
    ("بو", re.compile(r"\bbou", re.IGNORECASE)),
    ("أبو", re.compile(r"\babo?u", re.IGNORECASE)),
    ("أم", re.compile(r"\bou?m\b", re.IGNORECASE)),
    ("آيت", re.compile(r"\bait\b", re.IGNORECASE)),
)
# The g of foreign names is غ in the Levant, ج in Egypt, ك in Iraq and the Maghreb. «gh» is always غ.
_G: Final = re.compile(r"g(?!h)", re.IGNORECASE)
# Where the Arabic has ج it is this g, unless the English has a j or a soft g, which are ج everywhere.
_HARD_G: Final = re.compile(r"g(?![heiy])", re.IGNORECASE)
_J: Final = re.compile("j|g[eiy]", re.IGNORECASE)
_TH: Final = re.compile("th", re.IGNORECASE)
_FINAL_A: Final = re.compile(r"a\b", re.IGNORECASE)


def key(name: str) -> bytes:
    """Return the key of a name: its folded words parted by single spaces; hyphens, dots and quotes part words.

    >>> letters.decode(key("الدار البيضاء-سطات"))
    'الدار البيضاء سطات'
    """
    return b" ".join(letters.key(name).translate(_parting()).split())


def words(name: str) -> str:
    """Return the key of a name as characters.

    >>> words("المكتب الفيدرالي")
    'المكتب الفيدرالي'
    """
    return letters.decode(key(name))


def spellings(
    name: str, english: str = "", *, foreign: bool = False, fixed: Callable[[bytes], bool] | None = None
) -> list[bytes]:
    """Return the keys of a name's spellings, its own first, at most `LIMIT`.

    `english` is its English name, which tells what a letter stands for. `foreign` adds the ways in which foreign
    sounds are written in Arabic letters; in a name of several words, those that are `fixed` keep their letters.

    >>> [letters.decode(k) for k in spellings("عبد اللطيف حموشي")]
    ['عبد اللطيف حموشي', 'عبداللطيف حموشي']
    >>> [letters.decode(k) for k in spellings("غوردون براون", "Gordon Brown", foreign=True)]
    ['غوردون براون', 'جوردون براون', 'كوردون براون', 'قوردون براون']
    """
    base = key(name)
    found = dict.fromkeys((base,))
    if _servant().bare in base:
        _extend(found, _with_servant)
    if not _press_words().keys().isdisjoint(base.split(b" ")):
        _extend(found, _with_press_words)
    if english:
        _extend(found, lambda s: _with_particles(s, english))
        if foreign and (b" " in base or len(base) >= SHORTEST):
            _extend(found, lambda s: _transliterated(s, english, fixed))
    for spelling in list(found):
        found.setdefault(letters.loosen(spelling))
    return [s for s in islice(found, LIMIT) if s]


def _extend(found: dict[bytes, None], ways: Callable[[bytes], Iterator[bytes]]) -> None:
    for spelling in list(found):
        if len(found) < LIMIT:
            found.update(dict.fromkeys(ways(spelling)))


def _with_servant(spelling: bytes) -> Iterator[bytes]:
    """«عبد ال…» is one word or two, as the writer likes; each in a name by itself."""
    servant = _servant()
    pieces = servant.pattern.split(spelling)
    for way in islice(product((servant.apart, servant.joined), repeat=len(pieces) - 1), LIMIT):
        yield pieces[0] + b"".join(map(operator.add, way, pieces[1:]))


def _with_press_words(spelling: bytes) -> Iterator[bytes]:
    table = _press_words()
    parts = spelling.split(b" ")
    if any(part in table for part in parts):
        for way in islice(product(*((part, *table.get(part, ())) for part in parts)), LIMIT):
            yield b" ".join(way)


def _with_particles(spelling: bytes, english: str) -> Iterator[bytes]:
    for particle, pattern in _particles():
        spaced = b" " + spelling
        if not pattern.search(english):
            continue
        if b" " + particle + b" " in spaced:
            yield spaced.replace(b" " + particle + b" ", b" " + particle)[1:]
        elif b" " + particle in spaced[1:]:
            # Only inside a name: بنغازي, alone, is no بن غازي.
            yield spelling.replace(b" " + particle, b" " + particle + b" ")


def _transliterated(spelling: bytes, english: str, fixed: Callable[[bytes], bool] | None) -> Iterator[bytes]:
    swaps = list(_swaps(spelling, english))
    if not swaps and not _doubled().search(spelling):
        return
    parts = spelling.split(b" ")
    free = [not (fixed and len(parts) > 1 and fixed(part)) for part in parts]
    for swap in swaps:
        yield b" ".join(swap(part) if loose else part for part, loose in zip(parts, free, strict=True))
    single = _doubled().sub(rb"\1", spelling)
    if single != spelling:
        yield single


def _swaps(spelling: bytes, english: str) -> Iterator[Callable[[bytes], bytes]]:
    gh, j, k, q, th, t = (letters.code(c) for c in "غجكقثت")
    if gh in spelling and _G.search(english):
        yield lambda part: part.replace(gh, j)
        yield lambda part: part.replace(gh, k)
        if b" " in spelling:
            # Yemen and the Gulf; by itself «البرتغال» would become an orange.
            yield lambda part: part.replace(gh, q)
    elif j in spelling and _HARD_G.search(english) and not _J.search(english):
        yield lambda part: part.replace(j, gh)
    if th in spelling and _TH.search(english):
        # The Maghreb has no ث in foreign names: إليزابيت, كاترين.
        yield lambda part: part.replace(th, t)
    if _FINAL_A.search(english):
        yield _with_final_ha


def _with_final_ha(part: bytes) -> bytes:
    """The final «a» of a foreign stem: أندورا is also أندورة; behind ي it would make the adjective (كولومبية)."""
    alef, ya, ha = letters.code("ا"), letters.code("ي"), letters.code("ه")
    return part[:-1] + ha if len(part) > 3 and part[-1:] == alef and part[-2:-1] not in (ya, alef) else part


@cache
def _parting() -> bytes:
    table = bytearray(range(256))
    for byte in letters.code(SEPARATORS):
        table[byte] = ord(" ")
    return bytes(table)


class _Servant(NamedTuple):
    """«عبد», «عبد ال», «عبدال», and what the latter two look like in a name; عبدالي is another word."""

    bare: bytes
    apart: bytes
    joined: bytes
    pattern: re.Pattern[bytes]


@cache
def _servant() -> _Servant:
    bare, article, god = map(letters.code, ("عبد", "ال", "له"))
    apart, joined = bare + b" " + article, bare + article
    pattern = rb"(?:(?<= )|^)(?:" + apart + b"|" + joined + b"(?=" + god + b"|[^ ]{3}))"
    return _Servant(bare, apart, joined, re.compile(pattern))


@cache
def _particles() -> tuple[tuple[bytes, re.Pattern[str]], ...]:
    return tuple((letters.key(particle), pattern) for particle, pattern in _PARTICLES)


@cache
def _doubled() -> re.Pattern[bytes]:
    """Two long vowels of one kind, one of which writers leave out: هوليوود, فيينا."""
    return re.compile(b"([" + letters.code("اوي") + rb"])\1")


@cache
def _press_words() -> dict[bytes, tuple[bytes, ...]]:
    table: dict[bytes, tuple[bytes, ...]] = {}
    for before, behind in product(_BEFORE, _BEHIND):
        for stems in PRESS:
            keys = [letters.key(before + stem + behind) for stem in stems]
            for one in keys:
                table.setdefault(one, tuple(other for other in keys if other != one))
    return table
