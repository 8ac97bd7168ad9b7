"""The engine that a user asks for, and how a second recognizer's candidates join arner's: united, voted on, or alone.

What stands here is light: the engines themselves are loaded when a `Tagger` needs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from arner.document import LABELS, Candidate, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NAMES: Final = ("arner", "camel", "both")
# Whose rules for what a name is the weights follow: arner's own, or those of a corpus (a folder of `weights/` each).
GUIDELINES: Final = ("arner", "anercorp", "cleananercorp")
COMBINES: Final = ("union", "vote")
DEVICES: Final = ("cpu", "cuda")
CAMEL: Final = "camel"
MORPHOLOGY: Final = "morphology"
SECOND: Final = (CAMEL, MORPHOLOGY)

# Log-odds, set by hand as no model was at hand to fit them with. A recognizer that finds 8 of 10 names and labels 1
# of 10 wrong readings makes a reading that it shares 8 times as likely: ln 8.
AGREES: Final = 2.0
# What a name is worth that CAMeL alone has: two in three are right (0.67). Below `decide.LIKELY`, so that where the
# spans cross or nest, a name that arner is sure of stands. Arner's own weights say nothing of it: they were fitted on
# spans that arner's recognizers propose.
ALONE: Final = 0.7
# A split of clitics that no analysis has, or all have; one word that can only be a verb, or is a name and no verb.
POINTS: Final = {f"{label} {CAMEL}": AGREES for label in LABELS} | {
    f"{CAMEL} alone": ALONE,
    f"{MORPHOLOGY} no such split": -1.5,
    f"{MORPHOLOGY} this split": 0.5,
    f"{MORPHOLOGY} only a verb": -2.0,
    f"{MORPHOLOGY} a name": 0.5,
}
LIFT: Final = f"{CAMEL} at least"


class EngineError(Exception):
    """A part of an engine that is not there or can't be used: one line that says what, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What finds the names: `arner`, CAMeL Tools' neural recognizer (`camel`), or `both`.

    `combine` says how both do: `union` has what either finds, `vote` what both find. `model` is the folder of a BERT
    checkpoint for token classification, or the name of a model that CAMeL Tools has installed; None is its default
    one. `device` is `cpu` or `cuda`. `morphology` is the path or the name of a morphology database, True for CAMeL
    Tools' default one, None to do without. `guidelines` says whose rules for what a name is are followed: arner's own,
    or those that the corpora ANERcorp and CLEANANERCorp were annotated by. Raises ValueError for other values.

    >>> Engine("both", combine="vote").neural
    True
    """

    name: str = "arner"
    combine: str = "union"
    model: str | None = None
    device: str = "cpu"
    morphology: str | bool | None = None
    guidelines: str = GUIDELINES[0]

    def __post_init__(self) -> None:
        for what, value, known in (
            ("engine", self.name, NAMES), ("combine", self.combine, COMBINES), ("device", self.device, DEVICES),
            ("guidelines", self.guidelines, GUIDELINES),
        ):  # fmt: skip
            if value not in known:
                raise ValueError(f"unknown {what} {value!r}; one of: {' '.join(known)}")

    @property
    def neural(self) -> bool:
        """Whether a neural model is needed."""
        return self.name != "arner"

    @property
    def votes(self) -> bool:
        """Whether only that counts which both engines find."""
        return self.name == "both" and self.combine == "vote"


def features(recognizer: str, source: str, note: str, label: str) -> list[tuple[str, object, float]]:
    """Return the features (see `weigh`) of a piece of evidence; that CAMeL's span only overlaps gives no points."""
    if recognizer == MORPHOLOGY:
        return [(f"{MORPHOLOGY} ", source, 1.0)]
    return [] if note else [(f"{label} {CAMEL}", "", 1.0)]


def features_alone(evidence: Iterable[Evidence]) -> list[tuple[str, object, float]] | None:
    """Return the features of a candidate that no recognizer of arner's proposed; None for others.

    A name that the document repeats is no other recognizer's proposal.
    """
    found: list[tuple[str, object, float]] = [(f"{CAMEL} alone", "", 1.0)]
    for recognizer, source, _, note in evidence:
        if recognizer == MORPHOLOGY:
            found += features(recognizer, source, note, "")
        elif recognizer not in (CAMEL, "discourse"):
            return None
    return found


def found_by_camel(candidate: Candidate) -> bool:
    """Return whether CAMeL proposed exactly this span with this label."""
    return any(e.recognizer == CAMEL and not e.note for e in candidate.evidence)


def lift(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return weighed candidates, those of CAMeL's with at least what they are worth where CAMeL alone has them.

    So a union holds all that CAMeL finds, but for what overlaps a better reading and what its analyses speak against.
    """
    return [_lifted(c) if found_by_camel(c) else c for c in candidates]


def _lifted(candidate: Candidate) -> Candidate:
    analyses = (POINTS[f"{MORPHOLOGY} {e.source}"] for e in candidate.evidence if e.recognizer == MORPHOLOGY)
    return candidate._replace(points=max(candidate.points, ALONE + sum(analyses)))


def vote(chosen: Sequence[Candidate], camels: Sequence[Candidate]) -> list[Candidate]:
    """Return the chosen candidates that share a word and the label with one of CAMeL's, its evidence added.

    The spans are the chosen ones. Both sequences are in the order of the text; time is linear in their lengths.
    """
    kept = []
    at = 0
    for candidate in chosen:
        while at < len(camels) and camels[at].last <= candidate.first:
            at += 1
        here = at
        while here < len(camels) and camels[here].first < candidate.last:
            other = camels[here]
            if other.label == candidate.label:
                kept.append(candidate._replace(evidence=(*candidate.evidence, *_seen(other, candidate))))
                break
            here += 1
    return kept


def _seen(other: Candidate, candidate: Candidate) -> tuple[Evidence, ...]:
    """Return CAMeL's evidence for a candidate that it overlaps: as it is where the words are the same."""
    if (other.first, other.last) == (candidate.first, candidate.last):
        return other.evidence
    return tuple(e._replace(note=f"overlaps, at [{other.start}:{other.end}]") for e in other.evidence)
