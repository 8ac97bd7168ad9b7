"""A database and a name in; out: where the name stands, under which forms, and who is named with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from arner.index.build import bare
from arner.report.collect import matching

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator


class Named(NamedTuple):
    """An entity of the database; `documents` and `mentions` are counts."""

    id: int
    label: str
    kind: str
    name: str
    ref: str | None
    en: str | None
    mentions: int
    documents: int


class Place(NamedTuple):
    """A document that names an entity: how often, and under which forms, the commonest first."""

    document: str
    date: str | None
    mentions: int
    forms: tuple[tuple[str, int], ...]


class Partner(NamedTuple):
    """An entity named with another, in how many sentences and documents."""

    other: Named
    sentences: int
    documents: int


_NAMED = "e.id, e.label, e.kind, e.name, e.ref, e.en, e.mentions, e.documents"


def find(database: sqlite3.Connection, name: str) -> list[Named]:
    """Return the entities that a name may mean, those named most first.

    A name means an entity where one of its forms holds all the name's words, in any order, with or without the article;
    a reference (`org/dgsn`) means its entity. Where forms are exactly the name, only their entities are meant.
    """
    by_ref = database.execute(f"SELECT {_NAMED} FROM entities e WHERE e.ref = ?", (name,)).fetchall()  # noqa: S608
    if by_ref:
        return [Named(*row) for row in by_ref]
    words = re.findall(r"\w+", bare(matching(name)))
    if not words:
        return []
    asked = "bare : " + " ".join(f'"{word}"' for word in words)
    rows = database.execute(
        f"SELECT max(replace(n.bare, ' ', '') = ?), {_NAMED} FROM names n JOIN entities e ON e.id = n.entity"  # noqa: S608
        " WHERE names MATCH ? GROUP BY e.id ORDER BY e.mentions DESC, e.id",
        ("".join(words), asked),
    ).fetchall()
    exact = [row for row in rows if row[0]]
    return [Named(*row[1:]) for row in exact or rows]


def places(database: sqlite3.Connection, entity: int) -> Iterator[Place]:
    """Yield the documents that name an entity, in their order."""
    rows = database.execute(
        "SELECT d.id, d.name, d.date, m.form, count(*) AS often FROM mentions m JOIN documents d ON d.id = m.document"
        " WHERE m.entity = ? GROUP BY d.id, m.form ORDER BY d.id, often DESC, m.form",
        (entity,),
    )
    held: list[tuple[int, str, str | None, str, int]] = []
    for row in rows:
        if held and held[0][0] != row[0]:
            yield _place(held)
            held = []
        held.append(row)
    if held:
        yield _place(held)


def _place(rows: list[tuple[int, str, str | None, str, int]]) -> Place:
    forms = tuple((form, often) for *_, form, often in rows)
    return Place(rows[0][1], rows[0][2], sum(often for _, often in forms), forms)


def partners(database: sqlite3.Connection, entity: int, most: int) -> list[Partner]:
    """Return the entities named with one in the most sentences."""
    rows = database.execute(
        f"SELECT t.sentences, t.documents, {_NAMED} FROM ("  # noqa: S608
        " SELECT b.entity AS other, count(DISTINCT a.document || ' ' || a.sentence) AS sentences,"
        " count(DISTINCT a.document) AS documents FROM mentions a JOIN mentions b"
        " ON b.document = a.document AND b.sentence = a.sentence AND b.entity <> a.entity"
        " WHERE a.entity = ? GROUP BY b.entity) t JOIN entities e ON e.id = t.other"
        " ORDER BY t.sentences DESC, t.documents DESC, e.mentions DESC, e.id LIMIT ?",
        (entity, most),
    )
    return [Partner(Named(*row[2:]), row[0], row[1]) for row in rows]
