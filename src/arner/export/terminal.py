"""Tagged documents in, rich texts for a terminal out: the text with its entities coloured, and a legend.

Text stays in logical order: terminals that know Arabic shape and reorder it themselves. A Latin label between
Arabic words stands between isolates, so that it does not part the line into two runs in the wrong order.
"""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from arner.decoding import printable
from arner.export.spans import flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, Group
    from rich.text import Text

    from arner.document import Tagged

STYLES = {"PER": "bold yellow", "ORG": "bold cyan", "LOC": "bold green"}
_MEANS = {"PER": "people", "ORG": "organisations", "LOC": "places"}
_FSI, _PDI = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
# A text must not drive the terminal: its controls are shown as pictures, and all line ends are one.
_CONTROLS: dict[int, str] = {
    **{c: chr(0x2400 + c) for c in range(32) if c not in b"\t\n"},
    127: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys(range(128, 160), "\N{REPLACEMENT CHARACTER}"),
    **dict.fromkeys(map(ord, "\N{NEXT LINE}\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"), "\n"),
}


def show(tagged: Tagged, console: Console | None = None) -> None:
    """Print one document on standard output, or on a console of your own.

    rich finds out the width and whether colours and a terminal are there; isolates are for a terminal only.
    """
    from rich.console import Console  # noqa: PLC0415

    console = console or Console(markup=False, highlight=False, emoji=False)
    for group in render([tagged], isolates=console.is_terminal):
        console.print(group)


def render(tagged: Iterable[Tagged], *, isolates: bool = True) -> Iterator[Group]:
    """Yield what to print of each document: its name, its text, and a legend with counts.

    `console.print` wraps each to the width; Arabic paragraphs are set flush right. `isolates=False` leaves the
    isolates out, for an output that is no terminal.
    """
    from rich.console import Group  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    for document in tagged:
        name = document.document.name
        title = [Text(printable(name), "bold underline", overflow="fold")] if name != "-" else []
        paragraphs = _coloured(document, isolates=isolates).split("\n", allow_blank=True)
        for paragraph in paragraphs:
            paragraph.rstrip()
            paragraph.justify = "right" if _is_rtl(paragraph.plain) else None
            paragraph.overflow = "fold"
        # A group, because console.print joins plain texts and forgets how each is justified.
        yield Group(*title, *paragraphs, _legend(document))


def _coloured(tagged: Tagged, *, isolates: bool) -> Text:
    """Return the text with its entities and noise styled, and a label behind each entity."""
    from rich.text import Text  # noqa: PLC0415

    text = Text(_shown(tagged.document.source))
    entities = flat(tagged.entities)
    for noise in tagged.noise:
        text.stylize("dim", noise.start, noise.end)
    for entity in entities:
        text.stylize(STYLES[entity.label], entity.start, entity.end)
    pieces = text.divide([e.end for e in entities])
    whole = Text()
    for piece, entity in zip_longest(pieces, entities):
        whole.append_text(piece)
        if entity:
            label = f"{_FSI}{entity.label}{_PDI}" if isolates else entity.label
            whole.append(" ").append(label, f"dim {STYLES[entity.label]}")
    return whole


def _shown(source: str) -> str:
    """Return a text that is safe to print, of the same length: controls made visible, lone surrogates `?`."""
    lines = source.replace("\r\n", " \n").replace("\r", "\n")
    return lines.translate(_CONTROLS).encode("utf-8", "replace").decode()


def _is_rtl(text: str) -> bool:
    """Return whether the first letter is written from right to left."""
    return next((bidirectional(c) in ("R", "AL") for c in text if c.isalpha()), False)


def _legend(tagged: Tagged) -> Text:
    from rich.text import Text  # noqa: PLC0415

    counts = Counter(e.label for e in tagged.entities)
    legend = Text()
    for label, means in _MEANS.items():
        legend.append(label, STYLES[label]).append(f" {means} {counts[label]}   ")
    legend.rstrip()
    return legend.append("\n")
