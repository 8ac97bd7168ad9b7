"""The types that travel through arner: documents, tokens, candidates with evidence, entities, relations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.lexicon.store import Known

LABELS = ("PER", "ORG", "LOC")


@dataclass(frozen=True, slots=True)
class Noise:
    """A stretch of page furniture, in code points of the source, and its kind (`ad-slot`, `share`, …)."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """A named text; `source` is kept as it was decoded: byte-order mark, line ends and all."""

    name: str
    source: str
    sha256: str | None = None
    encoding: str = "utf-8"


class Evidence(NamedTuple):
    """One reason for a candidate.

    `recognizer` gave it (gazetteer, rules, runs, discourse, context, …), `source` is the gazetteer line
    (`path:line`), the
    rule or the feature, `points` are what it adds to the candidate's sum, `note` says more in words.
    """

    recognizer: str
    source: str
    points: float
    note: str = ""


class Candidate(NamedTuple):
    """A proposed span: tokens `first` to `last` (exclusive), code points `start` to `end` of the source.

    Recognizers fill in the evidence; `weigh` adds `points`: log-odds of being right, natural units. `options` are the
    gazetteer rows of one name among which only the document can choose («وزارة الداخلية»: of which country?).
    """

    first: int
    last: int
    start: int
    end: int
    label: str
    evidence: tuple[Evidence, ...]
    kind: str = ""
    ref: str | None = None
    name: str = ""
    en: str | None = None
    country: str | None = None
    place: tuple[float, float] | None = None
    proclitic: str = ""
    points: float = 0.0
    options: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """An inner mention: an entity inside another, reported as nested."""

    start: int
    end: int
    text: str
    label: str
    kind: str
    ref: str | None


@dataclass(frozen=True, slots=True)
class Entity:
    """A decided mention; `source[start:end] == text` in code points of the document's source.

    `score` is the share of candidates with as many points that were right on the training corpora. `chain` joins the
    mentions of one entity in a document. `place` is where a place lies, in degrees north and east, where the gazetteer
    knows. `beaten` holds the readings that lost to it. `translit` is the mention in Latin letters, where that was asked
    for.
    """

    id: str
    start: int
    end: int
    text: str
    label: str
    kind: str
    name: str
    ref: str | None
    en: str | None
    score: float
    chain: str
    proclitic: str = ""
    country: str | None = None
    place: tuple[float, float] | None = None
    nested: tuple[Mention, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    beaten: tuple[Candidate, ...] = field(default=(), repr=False)
    translit: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A person (entity id), the role that the text gives and the organisation (entity id) that it names, if any.

    `org_ref` names an organisation that the title means without naming it («المدير العام للأمن الوطني» → org/dgsn).
    """

    type: str
    person: str
    role: str
    role_start: int
    role_end: int
    org: str | None = None
    org_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """A document with what was found in it, each in the order of the text.

    Tuples, or what reads like one: what the compiled core found is made into objects when it is first looked into
    (`core.Coded`), what was found in a long text is read from disk as it is iterated over (`Spilled`).
    """

    document: Document
    entities: Sequence[Entity]
    relations: Sequence[Relation] = ()
    noise: Sequence[Noise] = ()
