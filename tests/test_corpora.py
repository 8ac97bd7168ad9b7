"""The dev splits of the annotated corpora: found as well as `floors.toml` asks. Skipped where they are not present."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

from arner.engines import GUIDELINES, Engine
from arner.score import Span, score
from arner.tagger import Tagger

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "fit"))

import corpora  # noqa: E402

FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text("utf-8"))["corpora"]


@pytest.mark.parametrize("name", FLOORS)
def test_corpus_reaches_its_floors(name: str) -> None:
    if not corpora.present(name):
        pytest.skip(f"{name} is not beside the checkout")
    own = name.partition("/")[0]
    tagger = Tagger(engine=Engine(guidelines=own if own in GUIDELINES else "arner"))
    golds = corpora.load(name)
    tagged = [[Span(e.start, e.end, e.label, e.ref) for e in tagger.tag(g.text).entities] for g in golds]
    found = score(zip(golds, tagged, strict=True))
    reached = {"f1": found.micro().f1, "precision": found.micro().precision}
    reached |= {label: count.f1 for label, count in found.exact.items()}
    assert {k: reached[k] for k, least in FLOORS[name].items() if reached[k] < least} == {}
