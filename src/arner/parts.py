"""A text too long to be read as one in, what was found in its parts out, as if it had been read as one.

Memory for the words of a text is some fifty times its size, so a text of more than LONGEST code points (some 500 pages)
is cut at line ends. Within a part everything is linked as ever; from part to part, mentions with one reference, or one
label and name, are one chain. A surname is not looked up in another part. What the parts hold is kept on disk.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from arner import letters
from arner.document import Document, Tagged
from arner.spilled import Spilled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from arner.document import Entity, Noise, Relation

LONGEST: Final = 1_000_000  # code points
_ENDS: Final = (("\n", letters.code("\n")), (" ", letters.code(" ")))


def tag(document: Document, borders: Iterable[tuple[int, int]], part: Callable[[Document], Tagged]) -> Tagged:
    """Tag a document part by part with `part`; the parts lie between `borders`, as `cuts` gives them.

    Results are kept on disk: memory is that of the source, of one part, and of the names of chains. Raises SpillError
    where there is no room for them.
    """
    results = _Results()
    for start, end in borders:
        results.add(part(Document(document.name, document.source[start:end])), start)
    return Tagged(document, results.entities, results.relations, results.noise)


def cuts(source: str, code: bytes, longest: int) -> Iterator[tuple[int, int]]:
    r"""Yield the start and end of each part, none longer than `longest` code points.

    `code` is that of the source with markup and page furniture blanked out.

    A part ends behind a line end outside markup, or where there is none, behind a space, or anywhere.

    >>> list(cuts("قال\nثم قال\nنعم", letters.encode("قال\nثم قال\nنعم"), 12))
    [(0, 11), (11, 14)]
    """
    start = 0
    while len(source) - start > longest:
        end = _end(source, code, start, start + longest)
        yield start, end
        start = end
    yield start, len(source)


def _end(source: str, code: bytes, start: int, last: int) -> int:
    for sign, coded in _ENDS:
        at = source.rfind(sign, start, last)
        while at >= 0 and code[at : at + 1] != coded:  # inside markup
            at = source.rfind(sign, start, at)
        if at >= 0:
            return at + 1
    return last


class _Chains:
    """The chains of a text by what they name: a reference, or else a label and a name."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}
        self._count = 0

    def joined(self, entities: Sequence[Entity]) -> dict[str, str]:
        """Return the new name of each chain of a part; two of one part stay two."""
        joined: dict[str, str] = {}
        taken: set[str] = set()
        for entity in entities:
            if entity.chain in joined:
                continue
            key = ("", entity.ref) if entity.ref else (entity.label, entity.name)
            name = self._known.get(key)
            if name is None or name in taken:
                self._count += 1
                name = f"c{self._count}"
                self._known.setdefault(key, name)
            joined[entity.chain] = name
            taken.add(name)
        return joined


class _Results:
    """What was found in the parts, as it is in the whole."""

    def __init__(self) -> None:
        self.entities: Spilled[Entity] = Spilled()
        self.relations: Spilled[Relation] = Spilled()
        self.noise: Spilled[Noise] = Spilled()
        self._chains = _Chains()
        self._last = 0  # the number of the last entity

    def add(self, found: Tagged, start: int) -> None:
        """Add what was found in the part that begins at `start`."""
        ids = {entity.id: f"e{self._last + int(entity.id[1:])}" for entity in found.entities}
        joined = self._chains.joined(found.entities)
        self.entities.add(_moved(entity, start, ids[entity.id], joined[entity.chain]) for entity in found.entities)
        self.relations.add(_role_moved(role, start, ids) for role in found.relations)
        self.noise.add(replace(n, start=n.start + start, end=n.end + start) for n in found.noise)
        self._last = max([self._last, *(int(new[1:]) for new in ids.values())])


def _role_moved(role: Relation, by: int, ids: Mapping[str, str]) -> Relation:
    org = ids[role.org] if role.org else None
    return replace(role, person=ids[role.person], org=org, role_start=role.role_start + by, role_end=role.role_end + by)


def _moved(entity: Entity, by: int, new: str, chain: str) -> Entity:
    nested = tuple(replace(m, start=m.start + by, end=m.end + by) for m in entity.nested)
    beaten = tuple(c._replace(start=c.start + by, end=c.end + by) for c in entity.beaten)
    start, end = entity.start + by, entity.end + by
    return replace(entity, id=new, start=start, end=end, chain=chain, nested=nested, beaten=beaten)
