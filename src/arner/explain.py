"""A tagged document in, lines of text out that say why each entity is one and what it beat."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arner.document import Candidate, Entity, Evidence, Tagged

# Smaller points are noise to a reader; they are summed in one line.
LEAST_POINTS = 0.15


def explain(tagged: Tagged, *, losers: int = 3) -> Iterator[str]:
    """Yield the explanation of a document that was tagged with `explain=True`, line by line.

    `losers` is the most readings to show that an entity beat.
    """
    named = {identity for role in tagged.relations for identity in (role.person, role.org)}
    words = {}
    for entity in tagged.entities:
        yield from _entity(entity, losers)
        if entity.id in named:
            words[entity.id] = entity.text
    for role in tagged.relations:
        org = words[role.org] if role.org else role.org_ref or "-"
        yield f"role  {words[role.person]} — {role.role} — {org}"


def _entity(entity: Entity, losers: int) -> Iterator[str]:
    who = " ".join(filter(None, (entity.kind, entity.ref or "no ref", entity.en, entity.translit)))
    where = f"{entity.id}  [{entity.start}:{entity.end}]  {entity.text}"
    yield f"{where}  {entity.label}  {entity.score:.3f}  {who}  {entity.chain}"
    for line in reasons(entity.evidence):
        yield "    " + line
    for loser in entity.beaten[:losers]:
        yield f"  beat  [{loser.start}:{loser.end}] {loser.label} {loser.points:+.2f}  {_sources(loser)}"


def reasons(evidence: tuple[Evidence, ...]) -> Iterator[str]:
    """Yield where a candidate came from, then its points, the largest first."""
    for e in evidence:
        if e.recognizer != "points":
            yield f"{e.recognizer}: {e.source}" + (f" ({e.note})" if e.note else "")
    points = sorted((e for e in evidence if e.recognizer == "points"), key=lambda e: (-abs(e.points), e.source))
    rest = sum(e.points for e in points if abs(e.points) < LEAST_POINTS)
    for e in points:
        if abs(e.points) >= LEAST_POINTS:
            yield f"{e.points:+6.2f}  {e.source}"
    yield f"{rest:+6.2f}  the rest"
    yield f"{sum(e.points for e in points):+6.2f}  sum"


def _sources(candidate: Candidate) -> str:
    return ", ".join(f"{e.recognizer}: {e.source}" for e in candidate.evidence if e.recognizer != "points")
