"""The pipeline: a text in, its people, organisations and places out.

`tag` is the short way; a `Tagger` keeps what can be kept between texts, and can be shared by threads and pickled.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from arner import chains, clean, decide, discourse, letters, relations, weigh
from arner.document import LABELS, Candidate, Document, Entity, Mention, Tagged
from arner.lexicon import load
from arner.recognizers import gazetteer, patterns, rules, runs
from arner.tokens import Tokens, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_KIND = {"PER": "person", "ORG": "organisation", "LOC": "place"}
_AL = "ال"


class Proposals(NamedTuple):
    """What the recognizers make of a text, before anything is decided."""

    cleaned: clean.Cleaned
    tokens: Tokens
    reading: runs.Reading
    candidates: list[Candidate]


class Tagger:
    """Tags texts with arner's lexicon, the user's gazetteers layered on top.

    `gazetteers` are files or folders of TSV; `types` the labels to report; `min_score` the least score to report.
    Raises GazetteerError for a bad row, OSError for a path that can't be read and ValueError for an unknown label.

    >>> tagger = Tagger()
    >>> [e.text for e in tagger.tag("وصل ناصر بوريطة إلى الرباط").entities]
    ['ناصر بوريطة', 'الرباط']
    """

    def __init__(
        self, gazetteers: Iterable[str | Path] = (), types: Iterable[str] = LABELS, min_score: float = 0.0
    ) -> None:
        self.gazetteers = tuple(map(Path, gazetteers))
        self.types = tuple(types)
        self.min_score = min_score
        unknown = sorted(set(self.types) - set(LABELS))
        if unknown:
            raise ValueError(f"unknown type {unknown[0]!r}; one of: {' '.join(LABELS)}")
        lexicon = load.built_in()
        self.words = Words(lexicon, *map(load.compiled, self.gazetteers))
        self.runs = runs.Runs(lexicon.weights.get)
        self.weights = _weights()
        extra = lexicon.extra
        self.rules = rules.Rules(patterns.stored(extra["rules"]))
        self.furniture = clean.Furniture([tuple(p) for p in extra["noise"]], extra["starts"])
        self._offices = relations.Offices(extra["offices"])

    def __reduce__(self) -> tuple[Any, ...]:
        return Tagger, (self.gazetteers, self.types, self.min_score)

    def use_weights(self, lookup: Callable[[bytes], bytes | None], points: weigh.Weights | None = None) -> None:
        """Take other weights than the fitted ones: for fitting and for measuring what a part is worth."""
        self.runs = runs.Runs(lookup)
        self.weights = self.weights if points is None else points
        self.words.clear()

    def tag(self, text: str | Document, name: str = "-", *, explain: bool = False) -> Tagged:
        """Tag a text. `explain` adds the points of each piece of evidence and the readings that were beaten."""
        document = text if isinstance(text, Document) else Document(name, text)
        proposals = self.propose(document.source)
        second, context = self._decide_twice(proposals)
        chosen = decide.choose(second)
        return self._result(document, proposals, second, context, chosen, explain=explain)

    def propose(self, source: str) -> Proposals:
        """Return the candidates of all recognizers for a text, pooled but not weighed."""
        cleaned = clean.scan(source, self.furniture)
        tokens = self.words.tokens(cleaned.code)
        found = list(gazetteer.matches(self.words, tokens))
        reading = self.runs.read(tokens.words, runs.phrase_tags(found, len(tokens.words)))
        candidates = gazetteer.propose(self.words, tokens, found)
        candidates += self.rules.propose(tokens)
        candidates += runs.propose(reading, tokens)
        return Proposals(cleaned, tokens, reading, weigh.pool(candidates))

    def _decide_twice(self, proposals: Proposals) -> tuple[list[Candidate], weigh.Context]:
        """Weigh once, learn from the document, and weigh again with what it taught."""
        _, tokens, reading, candidates = proposals
        context = weigh.Context(tokens, reading, candidates)
        first = decide.choose(weigh.weigh(self.weights, context, candidates, 0))
        taught = discourse.recall(tokens, discourse.lessons(tokens, first))
        if taught:
            candidates = weigh.pool((*candidates, *taught))
            context = weigh.Context(tokens, reading, candidates)
        return weigh.weigh(self.weights, context, candidates, 1), context

    def _result(
        self,
        document: Document,
        proposals: Proposals,
        weighed: list[Candidate],
        context: weigh.Context,
        chosen: list[Candidate],
        *,
        explain: bool,
    ) -> Tagged:
        source, tokens, nearby = document.source, proposals.tokens, _Nearby(weighed)
        entities: list[Entity | None] = [None] * len(chosen)
        for number, chain in enumerate(chains.link(tokens, chosen), 1):
            known = chain.known
            longest = max((chosen[m] for m in chain.members), key=lambda c: (c.last - c.first, -c.first))
            name = known.name if known else canonical(longest, source)
            for member in chain.members:
                candidate = chosen[member]
                own = known or (candidate if chains.strong(candidate) else None)
                evidence = candidate.evidence
                beaten: tuple[Candidate, ...] = ()
                if explain:
                    evidence = weigh.itemised(candidate, context, self.weights)
                    beaten = _beaten(candidate, nearby, context, self.weights)
                entities[member] = Entity(
                    id=f"e{member + 1}",
                    start=candidate.start,
                    end=candidate.end,
                    text=source[candidate.start : candidate.end],
                    label=candidate.label,
                    kind=(own and own.kind) or candidate.kind or _KIND[candidate.label],
                    name=name or canonical(candidate, source),
                    ref=known.ref if known else None,
                    en=known.en if known else None,
                    score=round(weigh.probability(candidate.points), 3),
                    chain=f"c{number}",
                    proclitic=candidate.proclitic,
                    country=own.country if own else None,
                    place=own.place if own else None,
                    nested=_nested(candidate, nearby, source),
                    evidence=evidence,
                    beaten=beaten,
                )
        whole = [e for e in entities if e is not None]
        placed = [(c.first, c.last, e) for c, e in zip(chosen, whole, strict=True)]
        roles = relations.find(tokens, self.words, self._offices, source, placed)
        kept = tuple(e for e in whole if e.label in self.types and e.score >= self.min_score)
        ids = {e.id for e in kept}
        roles = [replace(r, org=r.org if r.org in ids else None) for r in roles if r.person in ids]
        return Tagged(document, kept, tuple(roles), proposals.cleaned.noise)


def canonical(candidate: Candidate, source: str) -> str:
    """Return the name of a span that no list knows: its letters without marks, on one line, the elided alef put back.

    «لمغرب» of «للمغرب» → «المغرب».
    """
    text = source[candidate.start : candidate.end]
    dropped = dict.fromkeys(map(ord, letters.MARKS + letters.TATWEEL + letters.INVISIBLE))
    name = " ".join(text.translate(dropped).split())
    if candidate.proclitic.endswith("ل") and name.startswith("ل") and source[candidate.start - 1] == "ل":
        return "ا" + name
    return name


class _Nearby:
    """Candidates by their first word, so that an entity is compared with those around it alone."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_first: dict[int, list[Candidate]] = {}
        self._longest = 0
        for candidate in candidates:
            self._by_first.setdefault(candidate.first, []).append(candidate)
            self._longest = max(self._longest, candidate.last - candidate.first)

    def meeting(self, span: Candidate) -> Iterator[Candidate]:
        """Yield the candidates that share a word with a span."""
        for first in range(max(0, span.first - self._longest), span.last):
            yield from (c for c in self._by_first.get(first, ()) if c.last > span.first)


def _nested(outer: Candidate, nearby: _Nearby, source: str) -> tuple[Mention, ...]:
    """Return the surely known names inside a longer one, such as the city in the name of a university."""
    if outer.last - outer.first < 2:
        return ()
    inside = [
        c._replace(points=float(c.last - c.first))
        for c in nearby.meeting(outer)
        if outer.first <= c.first
        and c.last <= outer.last
        and c.last - c.first < outer.last - outer.first
        and chains.strong(c)
        and (c.ref is None or c.ref != outer.ref)
        and (c.label != outer.label or c.label == "ORG")
        and c.label != "PER"
    ]
    return tuple(
        Mention(c.start, c.end, source[c.start : c.end], c.label, c.kind or _KIND[c.label], c.ref)
        for c in decide.choose(inside)
    )


def _beaten(
    winner: Candidate, nearby: _Nearby, context: weigh.Context, weights: weigh.Weights
) -> tuple[Candidate, ...]:
    losers = [c for c in nearby.meeting(winner) if c is not winner]
    losers.sort(key=lambda c: (-c.points, decide.rank(c)))
    return tuple(c._replace(evidence=weigh.itemised(c, context, weights)) for c in losers)


@cache
def _weights() -> weigh.Weights:
    return weigh.read_weights((Path(__file__).parent / "weights" / "points.tsv").read_text("utf-8"))


@cache
def _default() -> Tagger:
    return Tagger()


def tag(text: str) -> Tagged:
    """Tag a text with arner's own lexicon.

    >>> [(e.text, e.ref) for e in tag("أعلنت وكالة الاستخبارات المركزية").entities]
    [('وكالة الاستخبارات المركزية', 'org/cia')]
    """
    return _default().tag(text)
