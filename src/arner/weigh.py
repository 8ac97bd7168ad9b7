"""Candidates in, the same with points: the log-odds of being right, added up from fitted weights.

Candidates for the same words and label are one: their evidence is pooled. Each piece of evidence, and what stands
around the words, is a feature (`context`); its weight comes from `weights/*/points.tsv`, fitted by `fit/points.py` with
logistic regression. Two columns of weights: for the first decision, which knows the sentence, and for the second,
which also knows what the document taught.
"""

from __future__ import annotations

from math import exp, inf
from typing import TYPE_CHECKING, Final

from arner import discourse, engines
from arner.context import AGREES, ANOTHER, CATEGORY
from arner.document import LABELS, Candidate, Evidence
from arner.lexicon.schema import BITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from arner.context import Context

# What is surely known weighs at least this. Several words are likely (`decide.LIKELY`), so that only a longer reading
# beats them, not what they are made of: of 900 listed names of several words in annotated news, 97 in 100 were that
# name or stood inside a longer one. One word is more than nothing: of 1,000 listed places and organisations of one
# word 98 in 100 were so, of 80 listed surnames in texts that hold the full name all but one.
SEVERAL, ONE = 1.0, 0.3
# Rules whose pattern is all that it takes: of the names that they find in annotated news, 92 in 100 are right, or they
# name what the guidelines name.
SURE_RULES: Final = frozenset((
    "loc.capital", "loc.direction", "loc.sahel", "loc.sahel-in", "nam.kunya-first", "org.agency", "org.club-of",
    "org.court-at", "org.embassy", "org.embassy-of", "org.fm", "org.group-at", "org.head-person-for", "org.unit",
    "org.versus-first", "org.versus-second", "per.colon-name", "per.name-comma-title", "per.role-comma-name",
))  # fmt: skip
_AT_LEAST: Final = "known at least"
_SURE: Final = frozenset(f"{kind} {size}" for kind in ("name", "alias", "spelling") for size in range(1, 6))
_ROLE, _HEAD = BITS["role"], BITS["org-head"]
_ROUNDING: Final = 1e-6


def pool(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return one candidate for each span of words and label, its evidence joined in the order given.

    Reference, name and kind are those of the first that has a reference, else of the first that has a kind. Where a
    name begins is as the first has it, unless no list knows it and the text says a full name with it: «لبراق» is whole
    behind «مصطفى لبراق».
    """
    pooled: dict[tuple[int, int, str], Candidate] = {}
    for candidate in candidates:
        key = (candidate.first, candidate.last, candidate.label)
        held = pooled.get(key)
        if held is None:
            pooled[key] = candidate
            continue
        best = held
        if not held.ref and (candidate.ref or (not held.kind and candidate.kind)):
            best = candidate
        elif not held.ref and candidate.start != held.start and discourse.of_full_name(candidate):
            best = held._replace(start=candidate.start, proclitic=candidate.proclitic)
        evidence = (*held.evidence, *(e for e in candidate.evidence if e not in held.evidence))
        pooled[key] = best._replace(evidence=evidence)
    return list(pooled.values())


# Not left to fitting: by arner's guidelines a title is no organisation, no place begins with what it is or is an
# adjective, and a name that the lists surely know has the label that it has there; a listed name of five words or more,
# rare in any training text, is itself; so is a short name that the lists know and the text explains, and a name's gloss
# in Latin letters.
FIXED: Final = (
    {"ORG in title unknown": -12.0, "ORG taught defined": 5.0, CATEGORY: -4.0, AGREES: -4.0, ANOTHER: -3.0}
    | {f"{label} taught gloss": 5.0 for label in LABELS}
    | {f"{label} gazetteer {sense} 5": 6.0 for label in LABELS for sense in ("name", "alias", "spelling")}
)


class Weights(dict[tuple[str, object], tuple[float, float]]):
    """The weights of features, split once into (kind of feature, its argument): what the fast sum looks up.

    A feature that was not fitted weighs nothing. `sure` says whether what is surely known weighs at least something,
    as it does by arner's guidelines (see `least`).
    """

    def __missing__(self, key: tuple[str, object]) -> tuple[float, float]:
        self[key] = found = self.named.get(key[0] + str(key[1]), (0.0, 0.0))
        return found

    def __init__(self, named: Mapping[str, tuple[float, float]], *, sure: bool = True) -> None:
        super().__init__()
        self.named, self.sure = named, sure


def total(context: Context, candidate: Candidate, weights: Weights) -> float:
    """Return the points of a candidate's features: the sum of weight times value.

    What does not depend on other candidates is added up once for both decisions.
    """
    key = (candidate.first, candidate.last, candidate.label)
    kept = context.still.sums.get(key)
    if kept is None or kept[0] is not candidate:
        # Not by `sum`, which adds floats in other ways from Python 3.12 on: points are the same everywhere.
        first = second = 0.0
        for kind, argument, value in context.own(candidate):
            weight = weights[kind, argument]
            first += weight[0] * value
            second += weight[1] * value
        kept = context.still.sums[key] = candidate, first, second
    at = context.decision
    others = 0.0
    for kind, argument, value in context.others(candidate):
        others += weights[kind, argument][at] * value
    return (kept[2] if at else kept[1]) + others


def least(context: Context, candidate: Candidate) -> float:
    """Return what a candidate weighs at least: -inf but for what is surely known.

    That is a name by a sure rule, a listed name, or the listed surname of a full name, unless a title takes it as its
    complement or it is an adjective; a person of one word is in no list surely.
    """
    first, label, evidence = candidate.first, candidate.label, candidate.evidence
    one = candidate.last - first == 1
    if context.in_title(first) or (one and label == "LOC" and context.is_adjective(first)):
        return -inf
    known = any(e.source in SURE_RULES and e.recognizer == "rules" for e in evidence)
    if not known and one and label == "PER":
        known = any(e.source == "surname" and e.note == discourse.LISTED for e in evidence)
    elif not known and not _after_office(context, candidate):
        known = any(e.recognizer == "gazetteer" and e.note in _SURE for e in evidence)
    return (ONE if one else SEVERAL) if known else -inf


def _after_office(context: Context, candidate: Candidate) -> bool:
    """Return whether an organisation is what an office is of: «وزيرة الخارجية الإسبانية»."""
    first, words = candidate.first, context.tokens.words
    office = candidate.label == "ORG" and first and words[first - 1].mask & _ROLE
    return bool(office and not words[first].mask & _HEAD)


def weigh(weights: Weights, context: Context, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return pooled candidates with their points at the decision of a context."""
    weighed = []
    for c in candidates:
        points = total(context, c, weights)
        if weights.sure and points < SEVERAL:
            points = max(points, least(context, c))
        weighed.append(c._replace(points=points))
    return weighed


def probability(points: float) -> float:
    """Return the score that log-odds mean, from 0 to 1.

    >>> round(probability(0.0), 2)
    0.5
    """
    return 1 / (1 + exp(-max(-30.0, min(30.0, points))))


def read_weights(text: str, *, sure: bool = True) -> Weights:
    """Return the weights of a `points.tsv`: feature, points at the first decision, points at the second.

    `sure` adds what arner's guidelines say and no fit: `FIXED` and `least`.
    """
    rows = (line.split("\t") for line in text.splitlines()[1:])
    fitted = {name: (float(first), float(second)) for name, first, second in rows}
    return Weights(fitted | {name: (points, points) for name, points in fixed(sure=sure).items()}, sure=sure)


def fixed(*, sure: bool) -> dict[str, float]:
    """Return the points of features that are not left to fitting, for `read_weights`."""
    return engines.POINTS | FIXED if sure else engines.POINTS


def itemised(candidate: Candidate, context: Context, weights: Weights) -> tuple[Evidence, ...]:
    """Return the evidence of a weighed candidate with the points that each feature added at the decision."""
    items = []
    fitted = 0.0
    for name, value in context.features(candidate):
        points = weights.named.get(name, (0.0, 0.0))[context.decision] * value
        fitted += points
        items.append(Evidence("points", name, round(points, 3)))
    if candidate.points > fitted + _ROUNDING:
        reason = engines.LIFT if engines.found_by_camel(candidate) else _AT_LEAST
        items.append(Evidence("points", reason, round(candidate.points - fitted, 3)))
    return (*candidate.evidence, *items)
