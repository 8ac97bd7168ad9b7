"""Documents in, a database of who is named where out; what an older one of the same making knows is taken from there.

The new database is written from first to last each time, so that one made step by step has the same rows, ids and
order as one made at once.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.report.collect import Said, Tally, matching, said, sentences, title_of
from arner.report.dates import date_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from arner.document import Tagged

FORMAT: Final = "1"
_ARTICLE: Final = "ال"
_APPLICATION: Final = 0x41524E52  # "ARNR", by which the file is known


class NotAnIndexError(Exception):
    """A file that is there and is no index of arner's; says which, and what to do."""


class Mention(NamedTuple):
    """A mention as a row, but for the numbers of its document and entity."""

    said: Said
    start: int
    end: int
    text: str
    score: float
    chain: str
    sentence: int


class Role(NamedTuple):
    """A relation as a row; `person` and `organisation` are positions among the document's mentions."""

    type: str
    person: int
    role: str
    start: int
    end: int
    organisation: int | None
    org_ref: str | None


class Entry(NamedTuple):
    """All that the database holds of one document."""

    name: str
    sha256: str | None
    date: str | None
    title: str
    chars: int
    encoding: str
    mentions: tuple[Mention, ...]
    roles: tuple[Role, ...]


class Counts(NamedTuple):
    """What a run did."""

    documents: int
    tagged: int
    removed: int
    mentions: int
    entities: int


class Unchanged(NamedTuple):
    """A document that `known` told of and whose bytes are as they were."""

    name: str
    sha256: str


def known(old: Path, fingerprint: str) -> dict[str, str]:
    """Return the SHA-256 of each document, by its name, that an index made with the same `fingerprint` holds.

    Raises NotAnIndexError where `old` is none.
    """
    with closing(check_index(old)) as database:
        same = database.execute("SELECT value = ? FROM about WHERE key = 'made_with'", (fingerprint,)).fetchone()
        rows = database.execute("SELECT name, sha256 FROM documents WHERE sha256 IS NOT NULL ORDER BY id DESC")
        return dict(rows) if same and same[0] else {}


def build(
    target: Path, documents: Iterable[Tagged | Unchanged], fingerprint: str, old: Path | None = None
) -> Counts:
    """Write a database to `target`, a path where nothing stands, and return what was done.

    `fingerprint` stands for all that decides what is found in a text. Unchanged documents are taken from `old`.
    Raises NotAnIndexError where `old` is there and is none; sqlite3.Error where `target` can't be written.
    """
    kept = None if old is None else _Old(old)
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")  # a half-written file is thrown away
        database.execute("PRAGMA synchronous = OFF")
        database.execute(f"PRAGMA application_id = {_APPLICATION}")
        database.executescript((resources.files("arner.index") / "schema.sql").read_text("utf-8"))
        database.execute("BEGIN")
        database.executemany("INSERT INTO about VALUES (?, ?)", [("format", FORMAT), ("made_with", fingerprint)])
        writer = _Writer(database)
        tagged, names = 0, set()
        for document in documents:
            if isinstance(document, Unchanged):
                assert kept
                entry = kept.entry(document)
            else:
                entry = _entry(document)
                tagged += 1
            names.add(entry.name)
            writer.add(entry)
        entities = writer.finish()
        database.execute("COMMIT")
    removed = len(kept.names - names) if kept else 0
    if kept:
        kept.close()
    return Counts(writer.documents, tagged, removed, writer.mentions, entities)


def check_index(path: Path) -> sqlite3.Connection:
    """Open an index of this format for reading. Raises NotAnIndexError where the file is none."""
    try:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        known = database.execute("PRAGMA application_id").fetchone() == (_APPLICATION,)
        found = database.execute("SELECT value FROM about WHERE key = 'format'").fetchone() if known else None
    except sqlite3.Error:
        found = None
    if found is None:
        raise NotAnIndexError(f"{path}: is no index of arner: make one with `arner index FOLDER -o entities.db`")
    if found[0] != FORMAT:
        raise NotAnIndexError(f"{path}: is of format {found[0]}, this arner reads {FORMAT}: delete it and make it anew")
    return database


def storable(text: str) -> str:
    r"""Return a text that SQLite can hold: lone surrogates, as in file names that are no UTF-8, become `\udcff`."""
    return text.encode("utf-8", "backslashreplace").decode()


def _entry(tagged: Tagged) -> Entry:
    document = tagged.document
    numbers = sentences(document.source, (e.start for e in tagged.entities))
    mentions = tuple(
        Mention(said(e, document.source), e.start, e.end, e.text, e.score, e.chain, number)
        for e, number in zip(tagged.entities, numbers, strict=True)
    )
    at = {e.id: position for position, e in enumerate(tagged.entities)}
    roles = tuple(
        Role(r.type, at[r.person], r.role, r.role_start, r.role_end, at.get(r.org or ""), r.org_ref)
        for r in tagged.relations if r.person in at
    )  # fmt: skip
    date, title = date_of(document.name, document.source), title_of(document.source, tagged.noise)
    name = storable(document.name)
    return Entry(name, document.sha256, date, title, len(document.source), document.encoding, mentions, roles)


class _Writer:
    """Writes documents as they come, and the entities when all have come."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.documents = self.mentions = self._relations = 0
        self._database = database
        self._tally = Tally()

    def add(self, entry: Entry) -> None:
        """Write a document, its mentions and its relations."""
        self.documents += 1
        document, first = self.documents, self.mentions + 1
        put = self._database.executemany
        put("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)", [(document, *map(_text, entry[:6]))])
        put("INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._rows(document, entry.mentions))
        self.mentions += len(entry.mentions)
        rows = []
        for role in entry.roles:
            self._relations += 1
            organisation = None if role.organisation is None else first + role.organisation
            rows.append((self._relations, document, role.type, first + role.person, storable(role.role),
                         role.start, role.end, organisation, role.org_ref))  # fmt: skip
        put("INSERT INTO relations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _rows(self, document: int, mentions: tuple[Mention, ...]) -> Iterator[tuple[object, ...]]:
        for number, m in enumerate(mentions, self.mentions + 1):
            entity = self._tally.add(m.said, document) + 1
            words = map(storable, (m.text, m.said.form, m.said.name, m.said.kind))
            yield (number, document, entity, m.start, m.end, *words, m.score, m.chain, m.sentence)

    def finish(self) -> int:
        """Write the entities and their names; return how many entities there are."""
        put = self._database.executemany
        subjects = self._tally.subjects()
        put(
            "INSERT INTO entities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ((n, *map(_text, s[:7]), s.mentions, s.documents) for n, s in enumerate(subjects, 1)),
        )
        for number, subject in enumerate(subjects, 1):
            spelled = [subject.name, subject.en or "", *(form for form, _ in subject.forms)]
            forms = dict.fromkeys(filter(None, map(matching, spelled)))
            rows = [(storable(form), storable(bare(form)), number) for form in forms]
            put("INSERT INTO names (form, bare, entity) VALUES (?, ?, ?)", rows)
        return len(subjects)


def bare(form: str) -> str:
    """Return a name in matching form without the article of its words.

    >>> bare("عبد اللطيف الحموشي")
    'عبد لطيف حموشي'
    """
    words = form.split(" ")
    return " ".join(w.removeprefix(_ARTICLE) if len(w) > len(_ARTICLE) + 1 else w for w in words)


def _text(value: str | float | None) -> str | float | None:
    return storable(value) if isinstance(value, str) else value


class _Old:
    """An index that is there already, asked for the documents that it still knows."""

    def __init__(self, path: Path) -> None:
        self._database = check_index(path)
        self.names = {name for (name,) in self._database.execute("SELECT name FROM documents")}

    def close(self) -> None:
        """Close the file, so that another can take its place."""
        self._database.close()

    def entry(self, document: Unchanged) -> Entry:
        """Return what is known of a document."""
        ask = self._database.execute
        row = ask("SELECT * FROM documents WHERE name = ? AND sha256 = ? ORDER BY id", document).fetchone()
        found = ask(
            "SELECT m.id, e.key, e.label, m.kind, m.name, e.ref, e.en, e.country, m.form, m.start, m.end, m.text,"
            " m.score, m.chain, m.sentence FROM mentions m JOIN entities e ON e.id = m.entity"
            " WHERE m.document = ? ORDER BY m.id",
            (row[0],),
        ).fetchall()
        first = found[0][0] if found else 0
        mentions = tuple(Mention(Said(*m[1:9]), *m[9:]) for m in found)
        roles = tuple(
            Role(kind, person - first, role, start, end, None if org is None else org - first, ref)
            for kind, person, role, start, end, org, ref in ask(
                "SELECT type, person, role, role_start, role_end, organisation, org_ref FROM relations"
                " WHERE document = ? ORDER BY id", (row[0],),
            )
        )  # fmt: skip
        name, digest, date, title, chars, encoding = row[1:]
        return Entry(name, digest, date, title, chars, encoding, mentions, roles)
