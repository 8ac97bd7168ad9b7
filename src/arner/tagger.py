"""The pipeline: a text in, its people, organisations and places out.

`tag` is the short way; a `Tagger` keeps what can be kept between texts, and can be shared by threads and pickled.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from arner import (
    chains,
    clean,
    clitics,
    core,
    decide,
    discourse,
    engines,
    letters,
    nearby,
    overlaps,
    parts,
    relations,
    weigh,
)
from arner.context import Context
from arner.document import LABELS, Candidate, Document, Entity, Tagged
from arner.lexicon import load
from arner.recognizers import features, gazetteer, patterns, rules, runs
from arner.tokens import Tokens, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from arner.camel.morphology import Morphology
    from arner.recognizers.camel import Camel

AHEAD = 32
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
    `engine` says what finds the names (see `Engine`): its name, or an `Engine` with its options.
    Raises GazetteerError for a bad row, OSError for a path that can't be read, ValueError for an unknown label, and
    EngineError where a part of the engine is not installed or can't be used.

    >>> tagger = Tagger()
    >>> [e.text for e in tagger.tag("وصل ناصر بوريطة إلى الرباط").entities]
    ['ناصر بوريطة', 'الرباط']
    """

    def __init__(
        self,
        gazetteers: Iterable[str | Path] = (),
        types: Iterable[str] = LABELS,
        min_score: float = 0.0,
        *,
        engine: engines.Engine | str = "arner",
    ) -> None:
        self.engine = engines.Engine(engine) if isinstance(engine, str) else engine
        self.gazetteers = tuple(map(Path, gazetteers))
        self.types = tuple(types)
        self.min_score = min_score
        unknown = sorted(set(self.types) - set(LABELS))
        if unknown:
            raise ValueError(f"unknown type {unknown[0]!r}; one of: {' '.join(LABELS)}")
        lexicon = load.built_in()
        self.words = Words(lexicon, *map(load.compiled, self.gazetteers))
        extra = lexicon.extra
        self.furniture = clean.Furniture([tuple(p) for p in extra["noise"]], extra["starts"])
        self._morphology = _morphology(self.engine)
        self._camel = _camel(self.engine)

    # What the compiled core does without is made when it is first needed.

    @cached_property
    def runs(self) -> runs.Runs:
        """The fitted recognizer of runs of words."""
        return runs.Runs(self.words.lexicons[0].weights(self.engine.guidelines))

    @cached_property
    def weights(self) -> weigh.Weights:
        """The fitted points of features."""
        return weigh.read_weights(_points(self.engine.guidelines), sure=self._sure)

    @cached_property
    def rules(self) -> rules.Rules:
        """The rules, ready to run."""
        return rules.Rules(patterns.stored(self.words.lexicons[0].extra["rules"]))

    @cached_property
    def _offices(self) -> relations.Offices:
        return relations.Offices(self.words.lexicons[0].extra["offices"])

    @cached_property
    def _core(self) -> core.Core | None:
        if self._camel or self._morphology is not None:
            return None
        guidelines = self.engine.guidelines
        weights = {
            "points": _points(guidelines),
            "fixed": weigh.fixed(sure=self._sure),
            "sure": self._sure,
            "sure_rules": sorted(weigh.SURE_RULES),
        }
        return core.open_core([lexicon.path for lexicon in self.words.lexicons], guidelines, weights)

    @property
    def _sure(self) -> bool:
        return self.engine.guidelines == engines.GUIDELINES[0]

    def __reduce__(self) -> tuple[Any, ...]:
        return _make, (self.gazetteers, self.types, self.min_score, self.engine)

    def fingerprints(self) -> list[bytes]:
        """Return the hashes of the data that a result depends on: lexicons, model, morphology database."""
        found = [lexicon.fingerprint for lexicon in self.words.lexicons]
        if self._camel:
            found.append(self._camel.fingerprint())
        if self._morphology is not None:
            found.append(self._morphology.fingerprint())
        return found

    @property
    def ahead(self) -> int:
        """How many texts are worth to `foresee` together: 1 where it gains nothing."""
        return AHEAD if self._camel else 1

    def foresee(self, sources: Iterable[str]) -> None:
        """Let a neural recognizer label texts that will be tagged next in full batches. Nothing depends on it."""
        if self._camel:
            self._camel.foresee(self.words.tokens(clean.scan(s, self.furniture).code) for s in sources)

    def use_weights(self, lookup: Callable[[bytes], bytes | None], points: weigh.Weights | None = None) -> None:
        """Take other weights than the fitted ones: for fitting and for measuring what a part is worth."""
        self._core = None
        self.runs = runs.Runs(lookup)
        self.weights = self.weights if points is None else points
        self.words.forget()

    def tag(self, text: str | Document, name: str = "-", *, explain: bool = False) -> Tagged:
        """Tag a text. `explain` adds the points of each piece of evidence and the readings that were beaten.

        What is found in a text of more than `parts.LONGEST` code points is kept in a temporary file and read from there
        whenever it is asked for. Raises SpillError, an OSError, where there is no room for it.
        """
        document = text if isinstance(text, Document) else Document(name, text)
        if len(document.source) > parts.LONGEST:
            code = clean.code(document.source, self.furniture)
            borders = tuple(parts.cuts(document.source, code, parts.LONGEST))
            del code  # as many bytes as there are code points
            return parts.tag(document, borders, lambda part: self.tag(part, explain=explain))
        if not explain and (found := self._by_core(document)):
            return found
        proposals = self.propose(document.source)
        weighed, context, chosen = self._decide(proposals)
        return self._result(document, proposals, weighed, context, chosen, explain=explain)

    def _by_core(self, document: Document) -> Tagged | None:
        if self._core is None:
            return None
        source, answer = document.source, None
        if not clean.has_markup(source):
            noise = tuple(self.furniture.find(source))
            closed = [(n.start, n.end) for n in noise if n.reason not in clean.READABLE]
            answer = self._core.find(source, self.types, self.min_score, closed=closed)
        if answer is None:
            code, noise = clean.scan(source, self.furniture)
            answer = self._core.find(source, self.types, self.min_score, code=code)
        return answer and Tagged(document, core.entities(answer), core.relations(answer), noise)

    def propose(self, source: str) -> Proposals:
        """Return the candidates of all recognizers for a text, pooled but not weighed; voters are left out."""
        cleaned = clean.scan(source, self.furniture)
        tokens = self.words.tokens(cleaned.code)
        found = list(gazetteer.matches(self.words, tokens))
        reading = self.runs.read(tokens.words, features.phrase_tags(found, len(tokens.words)))
        candidates = gazetteer.propose(self.words, tokens, found)
        candidates += self.rules.propose(tokens)
        if self._camel and not self.engine.votes:
            candidates += self._camel.propose(tokens)  # before the runs, which know less of proclitics
        candidates += runs.propose(reading, tokens)
        return Proposals(cleaned, tokens, reading, self._pool(tokens, candidates))

    def _pool(self, tokens: Tokens, candidates: Iterable[Candidate]) -> list[Candidate]:
        pooled = weigh.pool(candidates)
        return self._morphology.judge(tokens, pooled) if self._morphology is not None else pooled

    def _weigh(self, context: Context, candidates: list[Candidate]) -> list[Candidate]:
        weighed = weigh.weigh(self.weights, context, candidates)
        return engines.lift(weighed) if self._camel else weighed

    def _decide(self, proposals: Proposals) -> tuple[list[Candidate], Context, list[Candidate]]:
        """Return the weighed candidates, what they were weighed by, and the chosen ones."""
        _, tokens, reading, candidates = proposals
        if self.engine.name == engines.CAMEL:
            context = Context(tokens, reading, candidates)
            weighed = self._weigh(context, candidates)
            return weighed, context, decide.choose(filter(engines.found_by_camel, weighed))
        weighed, context = self._decide_twice(proposals)
        chosen = decide.choose(weighed)
        if self._camel and self.engine.votes:
            chosen = self._weigh(context, engines.vote(chosen, self._camel.propose(tokens)))
            voted = {(c.first, c.last, c.label): c for c in chosen}
            weighed = [voted.get((c.first, c.last, c.label), c) for c in weighed]
        return weighed, context, chosen

    def _decide_twice(self, proposals: Proposals) -> tuple[list[Candidate], Context]:
        """Weigh once, learn from the document, and weigh again with what it taught; what teaches nothing is decided."""
        _, tokens, reading, candidates = proposals
        context = Context(tokens, reading, candidates)
        weighed = self._weigh(context, candidates)
        taught = discourse.recall(tokens, discourse.lessons(tokens, decide.choose(weighed)))
        if not taught:
            return weighed, context
        candidates = self._pool(tokens, (*candidates, *taught))
        context = Context(tokens, reading, candidates, context)
        return self._weigh(context, candidates), context

    def _result(
        self,
        document: Document,
        proposals: Proposals,
        weighed: list[Candidate],
        context: Context,
        chosen: list[Candidate],
        *,
        explain: bool,
    ) -> Tagged:
        source, tokens, around = document.source, proposals.tokens, nearby.Nearby(weighed)
        entities: list[Entity | None] = [None] * len(chosen)
        for number, chain in enumerate(chains.link(tokens, chosen), 1):
            known = chain.known
            longest = max((chosen[m] for m in chain.members), key=lambda c: (c.last - c.first, -c.first))
            name = known.name if known else canonical(longest, source)
            for member in chain.members:
                candidate = chosen[member]
                own = known or (candidate if overlaps.strong(candidate) else None)
                evidence = candidate.evidence
                beaten: tuple[Candidate, ...] = ()
                if explain:
                    evidence = weigh.itemised(candidate, context, self.weights)
                    beaten = nearby.beaten(candidate, around, context, self.weights)
                if chain.at_home:
                    evidence = (*evidence, chains.AT_HOME)
                entities[member] = Entity(
                    id=f"e{member + 1}",
                    start=candidate.start,
                    end=candidate.end,
                    text=source[candidate.start : candidate.end],
                    label=candidate.label,
                    kind=(own and own.kind) or candidate.kind or nearby.KIND[candidate.label],
                    name=name or canonical(candidate, source),
                    ref=known.ref if known else None,
                    en=known.en if known else None,
                    score=round(weigh.probability(candidate.points), 3),
                    chain=f"c{number}",
                    proclitic=candidate.proclitic,
                    country=own.country if own else None,
                    place=own.place if own else None,
                    nested=nearby.nested(candidate, around, source),
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
    return clitics.elided(name, source[candidate.start - 1 : candidate.start], candidate.proclitic) + name


def _camel(engine: engines.Engine) -> Camel | None:
    if not engine.neural:
        return None
    from arner.camel import model
    from arner.recognizers.camel import Camel

    folder = model.find(engine.model)
    return Camel(model.load(folder, engine.device))


def _morphology(engine: engines.Engine) -> Morphology | None:
    if not engine.morphology:
        return None
    from arner.camel import morphology

    return morphology.load(morphology.find(engine.morphology))


def _make(
    gazetteers: tuple[Path, ...], types: tuple[str, ...], min_score: float, engine: engines.Engine
) -> Tagger:
    return Tagger(gazetteers, types, min_score, engine=engine)


@cache
def _points(guidelines: str) -> str:
    return (Path(__file__).parent / "weights" / guidelines / "points.tsv").read_text("utf-8")


@cache
def _default() -> Tagger:
    return Tagger()


def tag(text: str) -> Tagged:
    """Tag a text with arner's own lexicon.

    >>> [(e.text, e.ref) for e in tag("أعلنت وكالة الاستخبارات المركزية").entities]
    [('وكالة الاستخبارات المركزية', 'org/cia')]
    """
    return _default().tag(text)
