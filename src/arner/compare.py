"""Entities of a text as they were and as they are in, what was gained, lost and changed out.

A span, its label, kind, name and reference count; scores, chains and evidence do not, so that a refitted weight that
changes no answer is no difference.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from arner.document import Entity
    from arner.export import Unit

GAINED, LOST, CHANGED = "gained", "lost", "changed"


class Found(NamedTuple):
    """An entity as far as it counts in a comparison; `start` and `end` in code points."""

    start: int
    end: int
    text: str
    label: str
    kind: str
    name: str
    ref: str | None


class Change(NamedTuple):
    """A difference: `how` is gained, lost or changed; `was` is what a changed entity was."""

    how: str
    entity: Found
    was: Found | None = None

    def says(self) -> str:
        """Return what it is about in words: label and reference, or what became what.

        >>> fes = Found(0, 3, "فاس", "LOC", "city", "فاس", "loc/ma-fes")
        >>> Change("gained", fes).says(), Change("changed", fes, fes._replace(label="ORG", ref=None)).says()
        ('LOC loc/ma-fes', 'label ORG → LOC, ref - → loc/ma-fes')
        """
        if self.was is None:
            return " ".join(filter(None, (self.entity.label, self.entity.ref)))
        pairs = zip(Found._fields[3:], self.was[3:], self.entity[3:], strict=True)
        return ", ".join(f"{name} {old or '-'} → {new or '-'}" for name, old, new in pairs if old != new)


def of_entities(entities: Iterable[Entity]) -> list[Found]:
    """Return tagged entities as they count."""
    return [Found(e.start, e.end, e.text, e.label, e.kind, e.name, e.ref) for e in entities]


def of_record(record: Mapping[str, Any], source: str | None = None) -> list[Found]:
    """Return the entities of an arner/1 record; offsets of another unit become code points where `source` is given."""
    found = [
        Found(e["start"], e["end"], e["text"], e["label"], e["kind"], e["name"], e["ref"]) for e in record["entities"]
    ]
    if source is None or record["offset_unit"] == "codepoint":
        return found
    at = codepoints(source, record["offset_unit"], [n for f in found for n in f[:2]])
    return [f._replace(start=at[f.start], end=at[f.end]) for f in found]


def changes(old: Sequence[Found], new: Sequence[Found], *, same_text: bool) -> list[Change]:
    """Return the differences in the order of the text.

    Entities are matched by their spans where both are of the same text; else each by its words, the first with the
    first, since all that follows an edit has moved.

    >>> fes = Found(0, 3, "فاس", "LOC", "city", "فاس", None)
    >>> changes([fes], [fes._replace(start=9, end=12)], same_text=False)
    []
    """
    was = _keyed(old, same_text=same_text)
    found = []
    for key, entity in _keyed(new, same_text=same_text).items():
        before = was.pop(key, None)
        if before is None:
            found.append(Change(GAINED, entity))
        elif before[3:] != entity[3:]:
            found.append(Change(CHANGED, entity, before))
    found += (Change(LOST, entity) for entity in was.values())
    return sorted(found, key=lambda c: (c.entity[:2], c.how))


def _keyed(entities: Sequence[Found], *, same_text: bool) -> dict[tuple[object, ...], Found]:
    keyed: dict[tuple[object, ...], Found] = {}
    seen: dict[object, int] = {}
    for entity in entities:
        key = entity[:2] if same_text else entity.text
        seen[key] = seen.get(key, 0) + 1
        keyed[key, seen[key]] = entity
    return keyed


def codepoints(source: str, unit: Unit, places: Iterable[int]) -> dict[int, int]:
    """Return for offsets in `unit` those in code points; one inside a character is that of the character's end.

    >>> codepoints("😀 فاس", "utf16", [3, 6])
    {3: 2, 6: 5}
    """
    if unit == "codepoint":
        return {place: place for place in places}
    codec, width = ("utf-8", 1) if unit == "byte" else ("utf-16-le", 2)
    data = source.encode(codec, "surrogatepass")
    found = {}
    last = count = 0
    for place in sorted(set(places)):
        piece = data[last * width : place * width].decode(codec, "replace")
        count += len(piece)
        last = place
        found[place] = count
    return found


class Lines:
    """The lines of a text; they end as an editor has it, at LF, CR or both."""

    def __init__(self, source: str) -> None:
        """Find the line ends; the time is linear in the text."""
        unified = source.replace("\r\n", " \n").replace("\r", "\n")
        self._starts = [0]
        while at := unified.find("\n", self._starts[-1]) + 1:
            self._starts.append(at)

    def __call__(self, offset: int) -> tuple[int, int]:
        r"""Return line and column, from 1, of an offset in code points.

        >>> Lines("فاس\r\nسلا")(7)
        (2, 3)
        """
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
