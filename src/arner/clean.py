"""The source in, its code with markup blanked out, and the regions that are page furniture.

Nothing is deleted and nothing moves: a tag becomes as many invisible signs, a block tag line ends, an entity its
character and invisible signs, so that byte i of the code is still code point i of the source.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from arner import letters
from arner.document import Noise
from arner.lexicon.furniture import DEEPER, DEEPEST, OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# The start of a comment, a tag, or an entity. Two signs with more than 300 words between them are no tag.
_MARKUP = re.compile(
    r"<!--"
    r"|<[/!?]?(?P<name>[A-Za-z][A-Za-z0-9_-]{0,40}(?::[A-Za-z0-9_-]{1,40})?)"
    r"(?:[\s/](?:[^<>\s]++\s*+|\s++){0,300}+)?>"
    r"|&(?P<entity>#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_CLOSERS = {name: re.compile(rf"</{name}\s*+>", re.IGNORECASE) for name in ("script", "style")}
_CLOSERS["!--"] = re.compile("-->")
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s small span strike strong sub sup "  # noqa: SIM905
    "time tt u var wbr".split()
)
_GAP = "\N{ZERO WIDTH SPACE}"
_BREAK = "\n"
_TRIM = " \t\r\N{NO-BREAK SPACE}" + letters.INVISIBLE
_BLANK = letters.code(_TRIM)
LONGEST_FURNITURE = 160
_STRETCH = 1 << 18  # code points of a long text that are looked at together
# These lines hold names that count («جميع الحقوق محفوظة © شركة …»); all other furniture is not tagged.
READABLE = frozenset(("copyright",))


class Cleaned(NamedTuple):
    """The code of a text (one byte a code point) and its noise: page furniture and markup."""

    code: bytes
    noise: tuple[Noise, ...]


class Markup(NamedTuple):
    """A tag, comment, script or entity, in code points, and what a reader sees for it: `text`.

    That is a line end for a block's tag, nothing for an inline tag, and an entity's characters.
    """

    start: int
    end: int
    text: str
    reason: str


class Furniture:
    """The patterns of page furniture, each compiled when a line that it can match is first met.

    Each is a regular expression for a whole line, and its kind. `starts` says which of these a line can match by its
    first characters (`lexicon.furniture.index`); without it, all are tried.
    """

    def __init__(
        self, patterns: Sequence[tuple[str, str]], starts: Mapping[str, Sequence[int]] | None = None
    ) -> None:
        self._kinds = [kind for _, kind in patterns]
        self._sources = [pattern for pattern, _ in patterns]
        self._starts = {"": range(len(patterns))} if starts is None else starts
        self._any = sorted(self._starts.get("", ()))
        self._compiled: dict[int, re.Pattern[str]] = {}
        self.reason = lru_cache(maxsize=2048)(self._reason)

    def _reason(self, line: str) -> str | None:
        """Return the kind of furniture that a whole trimmed line is, or None."""
        if not self._kinds or not 0 < len(line) <= LONGEST_FURNITURE:
            return None
        begun = self._begun(line)
        for number in sorted({*self._any, *begun}) if begun else self._any:
            pattern = self._compiled.get(number)
            if pattern is None:
                pattern = self._compiled[number] = re.compile(self._sources[number], re.IGNORECASE)
            if pattern.fullmatch(line):
                return self._kinds[number]
        return None

    def _begun(self, line: str) -> Sequence[int]:
        """Return the numbers of the patterns that a line's first characters begin."""
        key = line[:DEEPEST].lower()
        found: Sequence[int] = ()
        for size in range(1, len(key) + 1):
            begun = self._starts.get(key[:size])
            found = self._starts.get(key[: size - 1] + OTHER, ()) if begun is None else begun
            if begun is None or found[0] != DEEPER:
                break
        return found[1:] if found and found[0] == DEEPER else found

    def find(self, source: str) -> list[Noise]:
        """Return the regions of a text that are page furniture, in order."""
        if not self._kinds:
            return []
        found: list[Noise] = []
        at = 0
        for line in source.split("\n"):
            bare = line.strip(_TRIM)
            if bare and len(bare) <= LONGEST_FURNITURE and (reason := self.reason(bare)):
                start = at + line.index(bare)
                found.append(Noise(start, start + len(bare), reason))
            at += len(line) + 1
        return found


def scan(source: str, furniture: Furniture) -> Cleaned:
    """Return the code of a text with markup blanked, and its page furniture.

    >>> scan("<b>logo</b>", Furniture([("logo", "navigation")])).noise[1]
    Noise(start=3, end=7, reason='navigation')
    """
    visible, noise = _without_markup(source) if has_markup(source) else (source, [])
    coded = bytearray(letters.encode(visible))
    _join_lines(coded)
    furnished = furniture.find(visible)
    for region in furnished:
        if region.reason not in READABLE:
            _close(coded, region.start, region.end)
    if noise:
        furnished = sorted(noise + furnished, key=lambda n: (n.start, n.end))
    return Cleaned(bytes(coded), tuple(furnished))


def code(source: str, furniture: Furniture) -> bytes:
    r"""Return the code that `scan` gives, for a text of any length: in a few bytes a code point, whatever it holds.

    >>> source = "<b>قال</b> في\n"
    >>> code(source, Furniture(())) == scan(source, Furniture(())).code
    True
    """
    from array import array

    coded = bytearray()
    closed = array("Q")
    for stretch in _stretches(source):
        for region in furniture.find(stretch):
            if region.reason not in READABLE:
                closed.extend((len(coded) + region.start, len(coded) + region.end))
        coded += letters.encode(stretch)
    _join_lines(coded)
    for start, end in zip(closed[::2], closed[1::2], strict=True):
        _close(coded, start, end)
    return bytes(coded)


def _stretches(source: str) -> Iterator[str]:
    """Yield whole lines at a time of what a reader sees of a text, markup stretched as in `_without_markup`."""
    held: list[str] = []
    size = 0
    for piece in _pieces(source):
        held.append(piece)
        size += len(piece)
        if size >= _STRETCH and (cut := piece.rfind("\n") + 1):
            held[-1] = piece[:cut]
            yield "".join(held)
            held, size = [piece[cut:]], len(piece) - cut
    yield "".join(held)


def has_markup(source: str) -> bool:
    """Return whether a text may hold markup."""
    return "<" in source or "&" in source


def _pieces(source: str) -> Iterator[str]:
    done = 0
    for start, end, text, _ in markup(source) if has_markup(source) else ():
        yield from _slices(source, done, start)
        yield _filled(text, end - start)
        done = end
    yield from _slices(source, done, len(source))


def _slices(source: str, start: int, end: int) -> Iterator[str]:
    return (source[at : min(at + _STRETCH, end)] for at in range(start, end, _STRETCH))


def markup(source: str) -> Iterator[Markup]:
    r"""Find the tags, comments, scripts and entities of a text, in order; in time linear in its length.

    What only looks like one is left out: `1 < 2`, `R&D;`, an address in angle brackets. Entities are decoded once:
    `&amp;lt;` stands for `&lt;`.

    >>> [m.text for m in markup("<p>R&amp;D <b>1</b></p>")]
    ['\n', '&', '', '', '\n']
    """
    from html import unescape  # with a table of 2,000 names that most texts do not need
    from html.entities import html5

    ends = _Ends(source)
    at = 0
    while match := _MARKUP.search(source, at):
        start, at = match.span()
        entity, name = match["entity"], (match["name"] or "!--").lower()
        if entity:
            if entity[0] == "#" or entity + ";" in html5:
                yield Markup(start, at, unescape(match[0]), "html-entity")
            continue
        opens = source.startswith(name[0], start + 1) or source[start + 1].isalpha()
        end = ends.behind(name, at) if opens and name in _CLOSERS else None
        at = end or at
        if name != "!--":
            yield Markup(start, at, "" if name in _INLINE else _BREAK, "html-tag")
        elif end:
            yield Markup(start, at, "", "html-tag")


class _Ends:
    """The next end of a comment or script; each is searched for once, however many starts stand before it."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._next = dict.fromkeys(_CLOSERS, (-1, 0))

    def behind(self, name: str, at: int) -> int | None:
        """Return the offset behind the first closer of `name` at or after `at`, if there is one."""
        if self._next[name][0] < at:
            found = _CLOSERS[name].search(self._source, at)
            self._next[name] = found.span() if found else (sys.maxsize, 0)
        return self._next[name][1] or None


def _without_markup(source: str) -> tuple[str, list[Noise]]:
    """Return a text of the same length in which markup is what a reader sees for it, and the regions of markup."""
    pieces: list[str] = []
    noise: list[Noise] = []
    done = 0
    for start, end, text, _ in markup(source):
        pieces += (source[done:start], _filled(text, end - start))
        noise.append(Noise(start, end, "markup"))
        done = end
    pieces.append(source[done:])
    return "".join(pieces), noise


def _filled(text: str, length: int) -> str:
    """Return a text stretched by invisible signs; of a line end both ends are one, so that no word joins the signs."""
    if text == _BREAK and length > 1:
        return _BREAK + _GAP * (length - 2) + _BREAK
    return text + _GAP * (length - len(text))


def _close(coded: bytearray, start: int, end: int) -> None:
    """Make a stretch of page furniture a border that no name crosses."""
    coded[start:end] = letters.code(_filled(_BREAK, end - start))


def _join_lines(coded: bytearray) -> None:
    """Turn the line ends of hard-wrapped paragraphs into spaces.

    A text is hard-wrapped where most of its lines are full (near the longest line, at most 130 characters) and
    do not end a sentence; there a line end inside a paragraph is no border for a name.
    """
    if coded.count(b"\n") < 3:
        return
    lengths = [len(line) for line in _lines(coded) if line.strip(_BLANK)]
    longest = max(lengths, default=0)
    if not 40 <= longest <= 130:
        return
    full = sum(length > longest * 0.75 for length in lengths)
    if full < 0.6 * len(lengths):
        return
    at = 0
    for line, following in pairwise(_lines(coded)):
        at += len(line) + 1
        bare = line.rstrip(_BLANK)
        if len(line) > longest * 0.75 and following.strip(_BLANK) and bare[-1:] not in _ENDS:
            coded[at - 1 : at] = b" "


def _lines(coded: bytearray) -> Iterator[bytes]:
    """Yield the lines; a list of all those of a long text would be several times its size."""
    at = 0
    while (end := coded.find(b"\n", at + _STRETCH)) >= 0:
        yield from bytes(coded[at:end]).split(b"\n")
        at = end + 1
    yield from bytes(coded[at:]).split(b"\n")


_ENDS = frozenset(letters.code(x) for x in ".!؟?…:")
