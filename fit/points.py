"""Candidates of annotated texts in, the weights of `weigh` out: two logistic regressions, one a decision.

The candidates of a text come from a `runs` recognizer that was fitted without that text (`fit.py` takes turns), so
that its odds are as trustworthy here as on new text.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from arner import decide, discourse, weigh
from arner.context import Context
from arner.document import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arner.document import Candidate
    from arner.score import GoldText
    from arner.tagger import Proposals, Tagger

LEAST = 0.0005
PRIORS = tuple(f"{label} prior" for label in LABELS)
_OWN = "own "


@dataclass
class Sample:
    """Candidates as features, whether each is right, and how much each counts."""

    features: list[dict[str, float]]
    right: list[bool]
    counts: list[int]

    def fit(self) -> dict[str, float]:
        """Return the weight of each feature; the intercept is added to the three priors."""
        vectors = DictVectorizer()
        model = LogisticRegression(C=0.1, max_iter=500)
        model.fit(vectors.fit_transform(self.features), self.right, self.counts)
        weights: dict[str, float] = defaultdict(float)
        for name, weight in zip(vectors.feature_names_, model.coef_[0], strict=True):
            weights[name.removeprefix(_OWN)] += float(weight)
        for prior in PRIORS:
            weights[prior] += float(model.intercept_[0])
        return weights


class Work:
    """One text while it is fitted on: its gold, its proposals, how much it counts, and whether by own guidelines."""

    def __init__(self, tagger: Tagger, gold: GoldText, times: int, *, own: bool) -> None:
        self.gold, self.times, self.own = gold, times, own
        self.proposals: Proposals = tagger.propose(gold.text)
        tokens = self.proposals.tokens
        self._right: set[tuple[int, int, str]] = set()
        for start, end, label, _, others in gold.spans:
            if not gold.words:
                self._right |= {(*border, label) for border in ((start, end), *others)}
            else:
                # Clitics stay on the words of CoNLL corpora: compare words.
                inside = [
                    i for i, w in enumerate(tokens.words) if w.size and tokens.start(i) < end and tokens.end(i) > start
                ]
                if inside:
                    self._right.add((inside[0], inside[-1] + 1, label))

    def add(self, sample: Sample, candidates: Sequence[Candidate], context: Context) -> None:
        """Add the candidates that count to a sample."""
        for c in candidates:
            span = (c.first, c.last) if self.gold.words else (c.start, c.end)
            right = (*span, c.label) in self._right
            if c.label not in self.gold.labels:
                continue
            if not right and any(c.start < end and start < c.end for start, end in self.gold.optional):
                continue
            features = dict(context.features(c))
            if self.own:
                # A copy of each feature takes up where other guidelines differ.
                features |= {_OWN + name: value for name, value in features.items()}
            sample.features.append(features)
            sample.right.append(right)
            sample.counts.append(self.times)


def fit(works: Sequence[Work]) -> str:
    """Fit both decisions on texts and return the text of `points.tsv`."""
    first, second = Sample([], [], []), Sample([], [], [])
    for work in works:
        _, tokens, reading, candidates = work.proposals
        work.add(first, candidates, Context(tokens, reading, candidates))
    early = first.fit()
    for work in works:
        _, tokens, reading, candidates = work.proposals
        context = Context(tokens, reading, candidates)
        points = [sum(early.get(n, 0.0) * v for n, v in context.features(c)) for c in candidates]
        chosen = decide.choose([c._replace(points=p) for c, p in zip(candidates, points, strict=True)])
        taught = discourse.recall(tokens, discourse.lessons(tokens, chosen))
        pooled = weigh.pool((*candidates, *taught))
        work.add(second, pooled, Context(tokens, reading, pooled))
    late = second.fit()
    return _table({name: (early.get(name, 0.0), late.get(name, 0.0)) for name in {*early, *late}})


def mean(tables: Sequence[str], eager: float) -> str:
    """Return the mean of `points.tsv` tables, with `eager` on the priors; a weight that a table lacks is 0 there."""
    sums: dict[str, tuple[float, float]] = {}
    for table in tables:
        for line in table.splitlines()[1:]:
            name, first, second = line.split("\t")
            held = sums.get(name, (0.0, 0.0))
            sums[name] = held[0] + float(first), held[1] + float(second)
    weights = {name: (first / len(tables), second / len(tables)) for name, (first, second) in sums.items()}
    for prior in PRIORS:
        first, second = weights[prior]
        weights[prior] = first + eager, second + eager
    return _table(weights)


def _table(weights: dict[str, tuple[float, float]]) -> str:
    lines = [f"{name}\t{a:.3f}\t{b:.3f}\n" for name, (a, b) in sorted(weights.items()) if max(abs(a), abs(b)) >= LEAST]
    return "feature\tfirst\tsecond\n" + "".join(lines)
