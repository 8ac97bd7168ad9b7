"""Subjects and the links between them in, a static SVG of the strongest out; the same picture on every machine.

Only sums, products and square roots place the names, for those have one right result on every platform, which sines
and cosines do not.
"""

from __future__ import annotations

from itertools import combinations
from math import sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.report.markup import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.report.collect import Link, Subject

MOST_NAMES, MOST_LINKS = 32, 48
_ROUNDS: Final = 260
_GOLDEN: Final = (0.6180339887498949, 0.7548776662466927)  # spread points evenly over a square
_WIDTH, _HEIGHT = 1000.0, 620.0  # where the forces work; the picture is as large as what it shows
_CLOSE, _FAR, _GRAVITY = 0.62, 3.0, 0.22
_STRETCH: Final = 1.35  # names are wider than high
_GAP: Final = 16.0
_LONGEST_NAME: Final = 28  # characters
_LETTER: Final = 0.52  # the mean width of an Arabic letter, in font sizes
_SMALLEST, _LARGEST = 15.0, 22.0  # font sizes


class _Box(NamedTuple):
    """A name to place: its subject's number, what it shows, its font size, half its width and height."""

    number: int
    text: str
    size: float
    half_width: float
    half_height: float


def choose(subjects: Sequence[Subject], links: Sequence[Link], labels: Sequence[str] = ("PER", "ORG")) -> list[Link]:
    """Return the links to draw, the strongest first: between subjects of `labels`, as many as stay readable.

    What is together once is left out where enough is together more often.
    """
    drawn = [link for link in links if subjects[link.a].label in labels and subjects[link.b].label in labels]
    often = [link for link in drawn if link.sentences > 1]
    drawn = often if len(often) >= MOST_LINKS // 3 else drawn
    names: set[int] = set()
    chosen: list[Link] = []
    for link in drawn:
        if len(chosen) == MOST_LINKS:
            break
        if len(names | {link.a, link.b}) <= MOST_NAMES:
            names |= {link.a, link.b}
            chosen.append(link)
    return chosen


def draw(subjects: Sequence[Subject], links: Sequence[Link]) -> str:
    """Return the picture of links as SVG whose names link to `#e<number>`; nothing where there are no links."""
    if not links:
        return ""
    numbers = sorted({n for link in links for n in (link.a, link.b)}, key=lambda n: (-subjects[n].mentions, n))
    most = max(subjects[n].mentions for n in numbers)
    boxes = [_box(n, subjects[n], most) for n in numbers]
    at = {box.number: index for index, box in enumerate(boxes)}
    pairs = [(at[link.a], at[link.b], link.sentences) for link in links]
    places = _apart(boxes, _settled(len(boxes), pairs))
    return "".join(_svg(subjects, links, boxes, places, at))


def _box(number: int, subject: Subject, most: int) -> _Box:
    text = subject.name if len(subject.name) <= _LONGEST_NAME else subject.name[: _LONGEST_NAME - 1].rstrip() + "…"
    size = _SMALLEST + (_LARGEST - _SMALLEST) * sqrt(subject.mentions / most)
    return _Box(number, text, size, len(text) * size * _LETTER / 2 + 12, size * 0.95 + 2)


_Places = list[tuple[float, float]]


def _settled(count: int, pairs: Sequence[tuple[int, int, int]]) -> _Places:
    """Return the places of names that repel each other while links pull them together (Fruchterman and Reingold)."""
    places = [((0.5 + i * _GOLDEN[0]) % 1 * _WIDTH, (0.5 + i * _GOLDEN[1]) % 1 * _HEIGHT) for i in range(count)]
    ideal = _CLOSE * sqrt(_WIDTH * _HEIGHT / count)
    far = (_FAR * ideal) * (_FAR * ideal)  # beyond, names let each other be: else unlinked ones flee to the corners
    strongest = max(weight for _, _, weight in pairs)
    for step in range(_ROUNDS):
        moves = [[(_WIDTH / 2 - x) * _GRAVITY, (_HEIGHT / 2 - y) * _GRAVITY * _WIDTH / _HEIGHT] for x, y in places]
        for i, j in combinations(range(count), 2):
            dx, dy = places[i][0] - places[j][0], places[i][1] - places[j][1]
            square = dx * dx + dy * dy
            if square > far:
                continue
            push = ideal * ideal / max(square, 1.0)
            moves[i][0] += dx * push
            moves[i][1] += dy * push
            moves[j][0] -= dx * push
            moves[j][1] -= dy * push
        for i, j, weight in pairs:
            dx, dy = places[i][0] - places[j][0], places[i][1] - places[j][1]
            pull = sqrt(dx * dx + dy * dy) / ideal * (0.5 + 0.5 * sqrt(weight / strongest))
            moves[i][0] -= dx * pull
            moves[i][1] -= dy * pull
            moves[j][0] += dx * pull
            moves[j][1] += dy * pull
        limit = _WIDTH / 8 * (1 - step / _ROUNDS) + 1
        places = [_moved(place, move, limit) for place, move in zip(places, moves, strict=True)]
    return places


def _moved(place: tuple[float, float], move: Sequence[float], limit: float) -> tuple[float, float]:
    length = sqrt(move[0] * move[0] + move[1] * move[1])
    scale = min(length, limit) / length if length else 0.0
    return place[0] + move[0] * scale, place[1] + move[1] * scale


def _apart(boxes: Sequence[_Box], places: _Places) -> _Places:
    """Return the places with overlapping boxes pushed apart, each time the shorter way."""
    spots = [[x * _STRETCH, y] for x, y in places]
    for _ in range(400):
        clear = True
        for i, j in combinations(range(len(boxes)), 2):
            dx, dy = spots[i][0] - spots[j][0], spots[i][1] - spots[j][1]
            over_x = boxes[i].half_width + boxes[j].half_width + _GAP - abs(dx)
            over_y = boxes[i].half_height + boxes[j].half_height + _GAP - abs(dy)
            if over_x <= 0 or over_y <= 0:
                continue
            clear = False
            axis, over, way = (0, over_x, dx) if over_x < over_y else (1, over_y, dy)
            step = (over / 2 + 0.5) * (1 if way >= 0 else -1)
            spots[i][axis] += step
            spots[j][axis] -= step
        if clear:
            break
    return [(x, y) for x, y in spots]


def _svg(
    subjects: Sequence[Subject], links: Sequence[Link], boxes: Sequence[_Box], places: _Places, at: dict[int, int]
) -> list[str]:
    left = min(x - b.half_width for b, (x, _) in zip(boxes, places, strict=True)) - 8
    right = max(x + b.half_width for b, (x, _) in zip(boxes, places, strict=True)) + 8
    top = min(y - b.half_height for b, (_, y) in zip(boxes, places, strict=True)) - 8
    bottom = max(y + b.half_height for b, (_, y) in zip(boxes, places, strict=True)) + 8
    width, height = round(right - left), round(bottom - top)
    strongest = max(link.sentences for link in links)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [f'<svg {size} role="group" aria-labelledby="links-title" direction="rtl">\n<g class="lines">\n']
    for link in reversed(links):  # the strongest on top
        (x1, y1), (x2, y2) = places[at[link.a]], places[at[link.b]]
        line = 1 + 5 * sqrt((link.sentences - 1) / max(strongest - 1, 1))
        names = f"{subjects[link.a].name} — {subjects[link.b].name}: {link.sentences}"
        parts.append(
            f'<line data-a="{link.a}" data-b="{link.b}" x1="{x1 - left:.1f}" y1="{y1 - top:.1f}" x2="{x2 - left:.1f}" '
            f'y2="{y2 - top:.1f}" stroke-width="{line:.1f}"><title>{escape(names)}</title></line>\n'
        )
    parts.append("</g>\n")
    for box, (x, y) in zip(boxes, places, strict=True):
        subject = subjects[box.number]
        parts.append(_node(subject, box, x - left, y - top))
    parts.append("</svg>\n")
    return parts


def _node(subject: Subject, box: _Box, x: float, y: float) -> str:
    """Return a name in its box: a person's is round, an organisation's square with a double line."""
    width, height = 2 * box.half_width, 2 * box.half_height
    radius = box.half_height if subject.label == "PER" else 3.0
    left, top = x - box.half_width, y - box.half_height
    shape = _rectangle(left, top, width, height, radius)
    if subject.label == "ORG":
        shape += _rectangle(left + 3, top + 3, width - 6, height - 6, 1.0, ' class="inner"')
    label = escape(f"{subject.name} ({subject.mentions})")
    return (
        f'<a href="#e{box.number}" data-e="{box.number}" class="{escape(subject.label)}"><title>{label}</title>'
        f"{shape}"
        f'<text x="{x:.1f}" y="{y + box.size * 0.34:.1f}" font-size="{box.size:.1f}" text-anchor="middle">'
        f"{escape(box.text)}</text></a>\n"
    )


def _rectangle(x: float, y: float, width: float, height: float, radius: float, more: str = "") -> str:
    return f'<rect{more} x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:.1f}"/>'
