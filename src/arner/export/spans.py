"""Spans in code points in, the same spans in other units or without overlaps out."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Protocol, TypeVar

from arner.spilled import Spilled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from arner.export.options import Unit

_BLOCK = 1024  # code points; an offset in another unit costs the encoding of half a block


class Span(Protocol):
    """A stretch of a text, in code points: an entity, an inner mention, page furniture."""

    @property
    def start(self) -> int:
        """The first code point."""

    @property
    def end(self) -> int:
        """The code point behind the last."""


S = TypeVar("S", bound=Span)


def flat(spans: Iterable[S]) -> list[S]:
    """Return spans in order, without the empty ones and those that overlap an earlier or, from one start, longer one.

    The tagger's entities never overlap; entities read from elsewhere may.
    """
    return list(each_flat(spans))


def each_flat(spans: Iterable[S]) -> Iterator[S]:
    """Yield what `flat` returns; spans on disk, which are in order, one by one.

    >>> from arner.document import Noise
    >>> [n.reason for n in each_flat([Noise(2, 4, "b"), Noise(0, 3, "a")])]
    ['a']
    """
    end = 0
    for span in spans if isinstance(spans, Spilled) else sorted(spans, key=lambda s: (s.start, -s.end)):
        if span.start < span.end and end <= span.start:
            yield span
            end = span.end


def offsets(source: str, unit: Unit) -> Callable[[int], int]:
    """Return the function that turns an offset in code points of `source` into one in `unit`.

    >>> offsets("😀 الرباط", "utf16")(2), offsets("😀 الرباط", "byte")(2)
    (3, 5)
    """
    if unit == "codepoint" or source.isascii():
        return int
    size = _SIZES[unit]
    blocks = list(accumulate((size(source[at : at + _BLOCK]) for at in range(0, len(source), _BLOCK)), initial=0))
    return lambda at: blocks[at // _BLOCK] + size(source[at - at % _BLOCK : at])


def _utf16_size(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _byte_size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_SIZES: dict[str, Callable[[str], int]] = {"utf16": _utf16_size, "byte": _byte_size}
