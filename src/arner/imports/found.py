"""Labelled spans as a file of another tool gives them in, entities of a text out, checked against the text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from arner.decoding import InputError
from arner.document import LABELS, Entity, Mention, Tagged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from arner.document import Document

_KINDS = {"PER": "person", "ORG": "organisation", "LOC": "place"}
# What other tools call the same, in capitals.
_KNOWN = {
    **dict.fromkeys(("PER", "PERS", "PERSON", "PEOPLE"), "PER"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "ORGANISATION"), "ORG"),
    **dict.fromkeys(("LOC", "LOCATION", "GPE", "PLACE"), "LOC"),
}


class Found(NamedTuple):
    """A span in code points with its label, and what else the file says of it.

    `text`, where it is given, must be the text of the span; `where` is its line, where it has one of its own.
    """

    start: int
    end: int
    label: str
    text: str | None = None
    ref: str | None = None
    kind: str = ""
    name: str = ""
    en: str | None = None
    score: float = 1.0
    chain: str = ""
    translit: str | None = None
    where: str = ""


class Read(NamedTuple):
    """A document as it was read: `where` it stands (`path:line`), and whether its text is the real one.

    Where the text was not at hand (`whole` is false), the source holds the entities at their places and U+FFFD between;
    or it was `made` of the tokens, and offsets in it are no other text's.
    """

    tagged: Tagged
    where: str
    whole: bool = True
    made: bool = False


class Labels:
    """Turns other tools' labels into arner's, and counts those that it leaves out, in `left_out`.

    `more` are the user's, `{"FAC": "LOC"}`; a label made "" is left out on purpose. Raises ValueError for one that is
    made a label that arner has not.

    >>> labels = Labels({"FAC": "LOC"})
    >>> labels("person"), labels("FAC"), labels("MISC"), labels.left_out
    ('PER', 'LOC', None, Counter({'MISC': 1}))
    """

    def __init__(self, more: Mapping[str, str] | None = None) -> None:
        for label, made in (more or {}).items():
            if made and made not in LABELS:
                raise ValueError(f"{label}={made}: the labels are {' '.join(LABELS)}; none after = leaves it out")
        self._more = dict(more or {})
        self.left_out: Counter[str] = Counter()

    def __call__(self, label: str) -> str | None:
        """Return the label, or None where the span is to be left out."""
        if label in self._more:
            return self._more[label] or None
        known = _KNOWN.get(label.upper())
        if known is None:
            self.left_out[label] += 1
        return known


def tagged(document: Document, found: Iterable[Found], labels: Labels, where: str) -> Tagged:
    """Return a document with spans as its entities, in the order of the text; one inside another is nested in it.

    Raises InputError, at `where`, for a span that is outside the text, empty, or of other words.
    """
    source = document.source
    outer: list[tuple[Found, list[Found]]] = []
    for one in sorted(_checked(source, found, labels, where), key=lambda f: (f.start, -f.end)):
        around = outer[-1][0] if outer else None
        if around and one.end <= around.end and one[:2] != around[:2]:
            outer[-1][1].append(one)
        else:
            outer.append((one, []))
    chains = _chains([one for one, _ in outer])
    entities = (
        _entity(number, one, source, chain, tuple(_mention(m, source) for m in inner))
        for number, ((one, inner), chain) in enumerate(zip(outer, chains, strict=True), 1)
    )
    return Tagged(document, tuple(entities))


def _checked(source: str, found: Iterable[Found], labels: Labels, where: str) -> Iterator[Found]:
    for one in found:
        span = f"the span {one.start}:{one.end}"
        if not 0 <= one.start < one.end <= len(source):
            raise InputError(one.where or where, f"{span} is empty or outside the text of {len(source)} code points")
        there = source[one.start : one.end]
        if one.text is not None and there != one.text:
            raise InputError(one.where or where, f"{span} is {short(there)}, not {short(one.text)}")
        if label := labels(one.label):
            yield one._replace(label=label)


def short(words: str) -> str:
    r"""Return words for a message, on one line, the end of many left out.

    >>> print(short("فاس\n"))
    «فاس\n»
    """
    shown = words if len(words) <= 40 else words[:40] + "…"
    return "«" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown) + "»"


def _chains(found: list[Found]) -> Iterator[str]:
    """Yield the chain of each: the one given, else one of its own."""
    taken = {one.chain for one in found}
    number = 0
    for one in found:
        while not one.chain and f"c{(number := number + 1)}" in taken:
            pass
        yield one.chain or f"c{number}"


def _entity(number: int, one: Found, source: str, chain: str, nested: tuple[Mention, ...]) -> Entity:
    text = source[one.start : one.end]
    return Entity(
        id=f"e{number}",
        start=one.start,
        end=one.end,
        text=text,
        label=one.label,
        kind=one.kind or _KINDS[one.label],
        name=one.name or " ".join(text.split()),
        ref=one.ref,
        en=one.en,
        score=one.score,
        chain=chain,
        nested=nested,
        translit=one.translit,
    )


def _mention(one: Found, source: str) -> Mention:
    kind = one.kind or _KINDS[one.label]
    return Mention(one.start, one.end, source[one.start : one.end], one.label, kind, one.ref)
