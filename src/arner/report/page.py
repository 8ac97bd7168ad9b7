"""Tagged documents in, one self-contained right-to-left HTML page out, which asks nothing of any network.

The texts and what was found in them stand in the page as JSON; `assets/*.js` shows what is asked for, so that a page of
a thousand texts opens as fast as one of ten. A policy in its head lets nothing run but that script.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from hashlib import sha256
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from arner.export.options import encode
from arner.export.spans import flat, offsets
from arner.report import graph
from arner.report.collect import Links, Said, Subject, Tally, said, sentences, title_of
from arner.report.dates import date_of
from arner.report.markup import escape, script_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from arner.document import Entity, Relation, Tagged
    from arner.report.collect import Link

LABELS: Final = {"PER": "أشخاص", "ORG": "منظمات", "LOC": "أماكن"}
SCRIPTS: Final = ("fold.js", "data.js", "text.js", "lists.js", "page.js")
_PARTNERS: Final = 12  # how many of those named with a subject its entry shows
_POINTS: Final = 4  # how many of an explained entity's points its card shows


class _Read(NamedTuple):
    """What is kept of the documents: a record of each, and the counts across them."""

    documents: list[dict[str, Any]]
    tally: Tally
    links: Links
    reasons: dict[str, int]


def write(tagged: Iterable[Tagged], title: str) -> Iterator[bytes]:
    """Yield the page of the documents, under a title. Where they were tagged with `explain`, cards show points too.

    >>> from arner.document import Document, Tagged
    >>> b"".join(write([Tagged(Document("a.txt", "سلام"), ())], "نصوص"))[:15]
    b'<!doctype html>'
    """
    read = _Read([], Tally(), Links(), {})
    for number, one in enumerate(tagged):
        read.documents.append(_document(number, one, read))
    subjects, links = _ranked(read)
    for document in read.documents:
        _finish(document, read.tally.numbers)
    style, script = _asset("page.css"), "".join(map(_asset, SCRIPTS))
    yield encode(
        Template(_asset("page.html")).substitute(
            policy=f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}",
            title=escape(title),
            style=style,
            counts=_counts(len(read.documents), subjects),
            chips=_chips(subjects),
            kinds=_kind_options(subjects),
            **_pictures(subjects, links),
        )
    )
    yield encode('<script type="application/json" id="data">')
    yield encode(script_json(_across(subjects, links, read)))
    yield b"</script>\n"
    yield encode('<script type="application/json" id="documents">[')
    for number, document in enumerate(read.documents):
        yield encode((",\n" if number else "\n") + script_json(document))
    yield encode(f"]</script>\n<script>{script}</script>\n</body>\n</html>\n")


def _asset(name: str) -> str:
    return (resources.files("arner.report") / "assets" / name).read_text("utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _document(number: int, tagged: Tagged, read: _Read) -> dict[str, Any]:
    """Return the record of a document; its subjects have the tally's numbers until all documents are read."""
    document = tagged.document
    at = offsets(document.source, "utf16")
    entities = flat(tagged.entities)
    about = [said(e, document.source) for e in entities]
    numbers = [read.tally.add(one, number) for one in about]
    read.links.add(number, sentences(document.source, (e.start for e in entities)), numbers)
    return {
        "name": document.name,
        "date": date_of(document.name, document.source),
        "title": title_of(document.source, tagged.noise),
        "mentions": [
            [at(e.start), at(e.end), n, round(e.score * 100), _form(one), _reasons(e, read.reasons)]
            for e, n, one in zip(entities, numbers, about, strict=True)
        ],
        "roles": _roles(tagged.relations, entities),
        "noise": [[at(n.start), at(n.end), n.reason] for n in flat(tagged.noise)],
        "text": document.source,
    }


def _form(one: Said) -> int | str:
    """Return the form of a mention; 0 for the common case that it is the name."""
    return 0 if one.form == one.name else one.form


def _reasons(entity: Entity, reasons: dict[str, int]) -> list[int]:
    """Return the numbers of the reasons for an entity; each is written once a page."""
    lines = [
        f"{e.recognizer}: {e.source}" + (f" ({e.note})" if e.note else "")
        for e in entity.evidence if e.recognizer != "points"
    ]  # fmt: skip
    points = sorted((e for e in entity.evidence if e.recognizer == "points"), key=lambda e: (-abs(e.points), e.source))
    lines += (f"{e.points:+.2f} {e.source}" for e in points[:_POINTS])
    return [reasons.setdefault(line, len(reasons)) for line in lines]


def _roles(relations: Sequence[Relation], entities: Sequence[Entity]) -> list[list[Any]]:
    """Return [mention of the person, role, mention or reference of the organisation, if any] of each role."""
    at = {e.id: index for index, e in enumerate(entities)}
    return [[at[r.person], r.role, at.get(r.org or "", r.org_ref)] for r in relations if r.person in at]


def _ranked(read: _Read) -> tuple[list[Subject], list[Link]]:
    """Return the subjects by number of mentions and the links between them, and renumber the tally so."""
    subjects = read.tally.subjects()
    order = sorted(range(len(subjects)), key=lambda n: (-subjects[n].mentions, -subjects[n].documents, n))
    rank = {number: place for place, number in enumerate(order)}
    links = []
    for link in read.links.strongest():
        a, b = sorted((rank[link.a], rank[link.b]))
        links.append(link._replace(a=a, b=b))
    for document in read.documents:
        for mention in document["mentions"]:
            mention[2] = rank[mention[2]]
    read.tally.numbers = {key: rank[number] for key, number in read.tally.numbers.items()}
    return [subjects[n] for n in order], links


def _finish(document: dict[str, Any], numbers: Mapping[str, int]) -> None:
    """Put the subject's number for each organisation that a role names, or its reference where none mentions it."""
    for role in document["roles"]:
        where = role[2]
        role[2] = document["mentions"][where][2] if isinstance(where, int) else numbers.get(where or "", where)


def _across(subjects: Sequence[Subject], links: Sequence[Link], read: _Read) -> dict[str, Any]:
    """Return what the page knows beside the documents: subjects, who is named with each, reasons, words for kinds."""
    partners: list[list[list[int]]] = [[] for _ in subjects]
    for link in links:
        for one, other in ((link.a, link.b), (link.b, link.a)):
            if len(partners[one]) < _PARTNERS:
                partners[one].append([other, link.sentences, *link.first])
    kinds = kind_names()
    return {
        "subjects": [
            [s.label, s.kind, s.name, s.ref, s.en, s.country, s.forms, partners[n]] for n, s in enumerate(subjects)
        ],
        "reasons": list(read.reasons),
        "kinds": {kind: kinds[kind] for kind in sorted({s.kind for s in subjects}) if kind in kinds},
    }


def kind_names() -> dict[str, str]:
    """Return the Arabic word for each kind of entity."""
    rows = (line.partition("\t") for line in _asset("kinds.tsv").splitlines()[1:])
    return {kind: name for kind, _, name in rows}


def _counts(documents: int, subjects: Sequence[Subject]) -> str:
    counts = {"نصوص": documents}
    counts |= {name: sum(s.label == label for s in subjects) for label, name in LABELS.items()}
    counts["إشارات"] = sum(s.mentions for s in subjects)
    return "".join(f"<li><b>{count}</b> {name}</li>" for name, count in counts.items())


def _chips(subjects: Sequence[Subject]) -> str:
    count = Counter(s.label for s in subjects)
    return "".join(
        f'<button type="button" aria-pressed="true" data-label="{label}"><span class="m {label}">{name}</span>'
        f'<span class="n">{count[label]}</span></button>\n'
        for label, name in LABELS.items()
    )


def _kind_options(subjects: Sequence[Subject]) -> str:
    """Return the kinds that occur, grouped by label, the commonest first."""
    names = kind_names()
    groups = []
    for label, title in LABELS.items():
        counts = Counter(s.kind for s in subjects if s.label == label)
        options = "".join(
            f'<option value="{label} {escape(kind)}">{escape(names.get(kind, kind))} ({count})</option>'
            for kind, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        )
        if options:
            groups.append(f'<optgroup label="{title}">{options}</optgroup>')
    return "\n".join(groups)


def _pictures(subjects: Sequence[Subject], links: Sequence[Link]) -> dict[str, str]:
    """Return the picture of the strongest links, and the same in words."""
    drawn = graph.choose(subjects, links)
    lines = "".join(
        f'<li><a class="m {escape(subjects[k.a].label)}" href="#e{k.a}">{escape(subjects[k.a].name)}</a> '
        f'<span aria-hidden="true">↔</span> <a class="m {escape(subjects[k.b].label)}" href="#e{k.b}">'
        f'{escape(subjects[k.b].name)}</a> <a class="n" href="#d{k.first[0]}m{k.first[1]}" '
        f'title="أول موضع">{k.sentences}</a></li>\n'
        for k in drawn
    )
    return {"picture": graph.draw(subjects, drawn), "links": lines}
