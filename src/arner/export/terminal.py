"""Tagged documents in, rich texts for a terminal out: the text with its entities coloured, and a legend.

Text stays in logical order: terminals that know Arabic shape and reorder it themselves. A Latin label between
Arabic words stands between isolates, so that it does not part the line into two runs in the wrong order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from arner.decoding import printable
from arner.export.spans import flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console, ConsoleOptions, Group
    from rich.text import Text

    from arner.document import Tagged

COLOURS = {"PER": "magenta", "ORG": "cyan", "LOC": "green"}
_MEANS = {"PER": "people", "ORG": "organisations", "LOC": "places"}
_FSI, _RLI = "\N{FIRST STRONG ISOLATE}", "\N{RIGHT-TO-LEFT ISOLATE}"
_PDI = "\N{POP DIRECTIONAL ISOLATE}"
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
    from rich.console import Console

    console = console or Console(markup=False, highlight=False, emoji=False)
    for group in render([tagged], isolates=console.is_terminal):
        console.print(group)


def render(tagged: Iterable[Tagged], *, isolates: bool = True) -> Iterator[Group]:
    """Yield what to print of each document: its name, its text, and a legend with counts.

    `console.print` wraps each to the width; Arabic paragraphs are set flush right. `isolates=False` leaves the
    isolates out, for an output that is no terminal.
    """
    from rich.console import Group
    from rich.text import Text

    for document in tagged:
        name = document.document.name
        title = [Text(printable(name), "bold underline", overflow="fold")] if name != "-" else []
        paragraphs = _coloured(document, isolates=isolates).split("\n", allow_blank=True)
        lines = [_RightToLeft(p, isolates) if _is_rtl(p.plain) else p for p in paragraphs]
        yield Group(*title, *lines, _legend(document))


@dataclass(frozen=True, slots=True)
class _RightToLeft:
    """A paragraph set flush right, each line isolated as right-to-left.

    A terminal that takes lines as left-to-right would else put a last full stop to the right of an Arabic line, and
    the parts of a mixed one in the wrong order.
    """

    text: Text
    isolates: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        from rich.text import Text

        for line in self.text.wrap(console, options.max_width, overflow="fold"):
            line.rstrip()
            margin = Text(" " * (options.max_width - line.cell_len), end="\n")
            yield margin.append(_RLI).append_text(line).append(_PDI) if self.isolates else margin.append_text(line)


def _coloured(tagged: Tagged, *, isolates: bool) -> Text:
    """Return the text with its entities and noise styled, and a label behind each entity."""
    from rich.text import Text

    text = Text(_shown(tagged.document.source))
    entities = flat(tagged.entities)
    for noise in tagged.noise:
        text.stylize("dim", noise.start, noise.end)
    for entity in entities:
        text.stylize(f"bold {COLOURS[entity.label]}", entity.start, entity.end)
    pieces = text.divide([e.end for e in entities])
    whole = Text()
    for piece, entity in zip_longest(pieces, entities):
        whole.append_text(piece)
        if entity:
            latin = " ".join(filter(None, (entity.label, entity.translit)))
            label = f"{_FSI}{latin}{_PDI}" if isolates else latin
            whole.append(" ").append(label, f"dim {COLOURS[entity.label]}")
    return whole


def _shown(source: str) -> str:
    """Return a text that is safe to print, of the same length: controls made visible, lone surrogates `?`."""
    lines = source.replace("\r\n", " \n").replace("\r", "\n")
    return lines.translate(_CONTROLS).encode("utf-8", "replace").decode()


def _is_rtl(text: str) -> bool:
    """Return whether the first letter is written from right to left."""
    return next((bidirectional(c) in ("R", "AL") for c in text if c.isalpha()), False)


def _legend(tagged: Tagged) -> Text:
    from rich.text import Text

    counts = Counter(e.label for e in tagged.entities)
    legend = Text()
    for label, means in _MEANS.items():
        legend.append(label, f"bold {COLOURS[label]}").append(f" {means} {counts[label]}   ")
    legend.rstrip()
    return legend.append("\n")
