"""Why an entity is one: rows, rules, points and the readings that lost."""

from __future__ import annotations

from math import log

import pytest

from arner.explain import explain, reasons
from arner.tagger import Tagger

TEXT = "قال مدير مكتب التحقيقات الفيدرالي كريستوفر راي إن التحقيق مستمر."


@pytest.fixture(scope="module")
def tagged(tagger):
    return tagger.tag(TEXT, explain=True)


def test_each_entity_is_explained_by_its_sources_its_points_and_their_sum(tagged):
    lines = list(explain(tagged))
    heads = [line for line in lines if line[0] == "e"]
    assert len(heads) == len(tagged.entities)
    for entity, head in zip(tagged.entities, heads, strict=True):
        assert head.startswith(f"{entity.id}  [{entity.start}:{entity.end}]  {entity.text}  {entity.label}  ")
    assert any("gazetteers/people/" in line and "name 2" in line for line in lines)
    assert sum(line.endswith("  sum") for line in lines) == len(heads)


def test_points_shown_are_those_of_the_score(tagged):
    for entity in tagged.entities:
        if 0.01 < entity.score < 0.99:
            *_, total = reasons(entity.evidence)
            assert float(total.split()[0]) == pytest.approx(log(entity.score / (1 - entity.score)), abs=0.1)


def test_points_are_listed_largest_first_and_small_ones_are_summed(tagged):
    for entity in tagged.entities:
        points = [float(line.split()[0]) for line in reasons(entity.evidence) if line.lstrip()[0] in "+-"]
        *shown, rest, total = points
        assert [abs(p) for p in shown] == sorted((abs(p) for p in shown), reverse=True)
        assert sum(shown) + rest == pytest.approx(total, abs=0.02 * len(points))


def test_readings_that_lost_overlap_the_entity_and_are_limited(tagged):
    assert any(entity.beaten for entity in tagged.entities)
    for entity in tagged.entities:
        assert all(c.start < entity.end and entity.start < c.end for c in entity.beaten)
        assert [c.points for c in entity.beaten] == sorted((c.points for c in entity.beaten), reverse=True)
    shown = [line for line in explain(tagged, losers=1) if line.startswith("  beat")]
    assert len(shown) == sum(bool(entity.beaten) for entity in tagged.entities)


def test_roles_are_said(tagged):
    assert "role  كريستوفر راي — مدير — مكتب التحقيقات الفيدرالي" in list(explain(tagged))


def test_role_whose_organisation_is_not_reported_names_its_reference():
    tagged = Tagger(types=["PER"]).tag(TEXT, explain=True)
    assert "role  كريستوفر راي — مدير — org/fbi" in list(explain(tagged))


def test_nothing_found_is_nothing_said(tagger):
    assert list(explain(tagger.tag("", explain=True))) == []


def test_without_explain_there_are_sources_but_no_points(tagger):
    for entity in tagger.tag(TEXT).entities:
        assert entity.evidence
        assert all(e.recognizer != "points" for e in entity.evidence)
        assert entity.beaten == ()
