"""Tagged documents in, one self-contained right-to-left page out: the texts with their entities marked.

No script, no network: it opens from disk, follows the reader's light or dark theme and prints.
"""

from __future__ import annotations

import html
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from arner.decoding import printable
from arner.export.spans import flat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arner.document import Entity, Mention, Noise, Tagged
    from arner.export.options import Options

_LABELS = {"PER": "أشخاص", "ORG": "منظمات", "LOC": "أماكن"}
# Controls that HTML forbids; C1 controls would be read as windows-1252.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")

# Labels differ in colour and in the line under them, so that a print in grey and colour-blind readers tell them apart.
_STYLE = """
:root {
  color-scheme: light dark;
  --paper: #fdfcf9; --ink: #1d1b18; --soft: #6d675e; --line: #e2ddd3;
  --PER: #fde7b8; --PER-line: #b87700; --ORG: #cfe3fb; --ORG-line: #1c66b8; --LOC: #cfeed6; --LOC-line: #1f7f43;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #181715; --ink: #ece7dd; --soft: #a19a8e; --line: #37342f;
    --PER: #54400f; --PER-line: #f0b429; --ORG: #173a60; --ORG-line: #69adf5; --LOC: #17452a; --LOC-line: #5fd08a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1.15rem/2.1 "Noto Naskh Arabic", "Amiri", "Geeza Pro", "Segoe UI", "Tahoma", serif;
}
main { max-width: 46rem; margin: 0 auto; padding: 0 1.25rem; }
article { padding: 1.5rem 0 2.5rem; border-bottom: 1px solid var(--line); }
article:last-child { border: 0; }
h1 { margin: 0 0 .4rem; font: 600 .9rem/1.5 system-ui, sans-serif; color: var(--soft); overflow-wrap: anywhere; }
.legend {
  display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; margin: 0 0 1.2rem; padding: 0;
  list-style: none; font-size: .95rem; line-height: 1.8;
}
.count { color: var(--soft); font-variant-numeric: tabular-nums; }
.text { white-space: pre-wrap; unicode-bidi: plaintext; text-align: start; overflow-wrap: anywhere; }
mark {
  color: inherit; background: var(--PER); border-bottom: .14em solid var(--PER-line);
  border-radius: .2em; padding: .08em 0; /* no padding at the sides: a proclitic stays joined */
  -webkit-box-decoration-break: clone; box-decoration-break: clone;
}
mark.ORG { background: var(--ORG); border-bottom: .24em double var(--ORG-line); }
mark.LOC { background: var(--LOC); border-bottom: .14em dashed var(--LOC-line); }
mark mark { padding: 0; border-radius: 0; }
.noise { opacity: .5; }
@media print {
  body { background: #fff; color: #000; font-size: 11pt; line-height: 1.9; }
  main { max-width: none; padding: 0; }
  mark { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  article { break-after: page; }
  article:last-child { break-after: auto; }
}
"""


def write(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    """Yield the page: its head, an article a document, its foot."""
    headed = False
    for document in tagged:
        if not headed:
            yield _head(document.document.name)
            headed = True
        yield _encode(_article(document, options))
    if not headed:
        yield _head("arner")
    yield b"</main>\n</body>\n</html>\n"


def _head(title: str) -> bytes:
    return _encode(
        '<!doctype html>\n<html lang="ar" dir="rtl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{_escape(printable(title))}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
    )


def _article(tagged: Tagged, options: Options) -> str:
    document = tagged.document
    entities = flat(tagged.entities)
    counts = {label: sum(e.label == label for e in entities) for label in _LABELS}
    legend = "".join(
        f'<li><mark class="{label}">{name}</mark> <bdi>{label}</bdi> <span class="count">{counts[label]}</span></li>'
        for label, name in _LABELS.items()
    )
    text = "".join(_marked(document.source, _spans(entities, tagged.noise, options)))
    return (
        f"<article>\n<h1><bdi>{_escape(printable(document.name))}</bdi></h1>\n"
        f'<ul class="legend">{legend}</ul>\n<div class="text">{text}</div>\n</article>\n'
    )


class _Tag(NamedTuple):
    start: int
    end: int
    opening: str
    closing: str


def _spans(entities: Sequence[Entity], noise: Sequence[Noise], options: Options) -> list[_Tag]:
    """Return what to put around stretches of the text; noise that cuts through an entity is left out."""
    starts = [e.start for e in entities]

    def cuts(at: int) -> bool:
        index = bisect_left(starts, at) - 1
        return index >= 0 and at < entities[index].end

    tags = [
        _Tag(n.start, n.end, f'<span class="noise" title="{_escape(n.reason)}">', "</span>")
        for n in noise
        if not cuts(n.start) and not cuts(n.end)
    ]
    for entity in entities:
        tags.append(_mark(entity, _title(entity, options)))
        tags += (_mark(m, "\n".join(filter(None, (m.label, m.kind, m.ref)))) for m in flat(entity.nested))
    return tags


def _mark(span: Entity | Mention, title: str) -> _Tag:
    return _Tag(span.start, span.end, f'<mark class="{_escape(span.label)}" title="{_escape(title)}">', "</mark>")


def _title(entity: Entity, options: Options) -> str:
    """Return the lines of the tooltip; a line each, so that Arabic and Latin do not mix in one."""
    lines = [entity.name, entity.en, entity.translit, entity.ref]
    lines += (f"{entity.label} · {entity.kind}", f"{entity.score:.2f}")
    if options.explain:
        lines += (f"{e.points:+.2f} {e.recognizer} {e.source} {e.note}".rstrip() for e in entity.evidence)
    return "\n".join(filter(None, lines))


def _marked(source: str, tags: Iterable[_Tag]) -> Iterator[str]:
    """Yield the escaped text with its tags properly nested: one that would cross an open one is left out."""
    at = 0
    open_tags: list[_Tag] = []
    for tag in (*sorted(tags, key=lambda t: (t.start, -t.end)), _Tag(len(source), len(source), "", "")):
        while open_tags and open_tags[-1].end <= tag.start:
            closed = open_tags.pop()
            yield _escape(source[at : closed.end]) + closed.closing
            at = closed.end
        if open_tags and tag.end > open_tags[-1].end:
            continue
        yield _escape(source[at : tag.start]) + tag.opening
        at = tag.start
        open_tags.append(tag)


def _escape(text: str) -> str:
    return html.escape(text.translate(_CONTROLS))


def _encode(page: str) -> bytes:
    return page.encode("utf-8", "replace")
