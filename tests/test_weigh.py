"""Points: pooled evidence, the fast sum against the slow one, and figures that add up to what was decided."""

from __future__ import annotations

from math import inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import decide, discourse, weigh
from arner.context import Context
from arner.document import LABELS, Candidate, Evidence
from arner.recognizers import patterns

TEXTS = (
    "قال مدير مكتب التحقيقات الفيدرالي كريستوفر راي في الرباط إن التحقيق مستمر، وأضاف راي أن الأمر انتهى.",
    "استقبل الملك محمد السادس بالرباط وزير الخارجية الفرنسي. وزار الوفد جامعة محمد الخامس.",
    "",
)


def candidate(first, last, label="PER", source="a", **fields):
    return Candidate(first, last, first, last, label, (Evidence("rules", source, 0.0),), **fields)


def test_candidates_of_one_span_and_label_are_one_with_all_evidence():
    one, two, other = candidate(0, 2, source="a"), candidate(0, 2, source="b"), candidate(0, 2, "ORG", "c")
    pooled = weigh.pool([one, two, other, one])
    assert [(c.label, [e.source for e in c.evidence]) for c in pooled] == [("PER", ["a", "b"]), ("ORG", ["c"])]


def test_pooled_candidate_is_the_first_that_has_a_reference_else_a_kind():
    plain, kind, ref = candidate(0, 1), candidate(0, 1, kind="city"), candidate(0, 1, kind="town", ref="loc/x")
    assert weigh.pool([plain, kind, ref])[0][5:8] == weigh.pool([ref, kind, plain])[0][5:8]
    (pooled,) = weigh.pool([plain, kind, ref])
    assert (pooled.kind, pooled.ref) == ("town", "loc/x")
    (pooled,) = weigh.pool([plain, kind])
    assert pooled.kind == "city"


def weighed(tagger, text):
    _, tokens, reading, candidates = tagger.propose(text)
    context = Context(tokens, reading, candidates)
    return context, candidates


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("stage", [0, 1])
def test_fast_sum_is_the_sum_over_the_named_features(tagger, text, stage):
    context, candidates = weighed(tagger, text)
    named = tagger.weights.named
    if stage:
        context = Context(context.tokens, context.reading, candidates, context)
    for c in weigh.weigh(tagger.weights, context, candidates):
        slow = sum(named.get(name, (0.0, 0.0))[stage] * value for name, value in context.features(c))
        assert c.points == pytest.approx(max(slow, weigh.least(context, c)))


def test_what_is_kept_from_the_first_decision_is_what_would_be_worked_out_again(tagger):
    text = "قال عبد اللطيف حموشي، مدير مكتب التحقيقات الفيدرالي (FBI)، إن حموشي في الرباط والكاف."
    _, tokens, reading, candidates = tagger.propose(text)
    before = Context(tokens, reading, candidates)
    first = decide.choose(weigh.weigh(tagger.weights, before, candidates))
    pooled = weigh.pool((*candidates, *discourse.recall(tokens, discourse.lessons(tokens, first))))
    assert len(pooled) > len(candidates) or pooled != candidates
    kept = Context(tokens, reading, pooled, before)
    fresh = Context(tokens, reading, pooled, Context(tokens, reading, pooled))
    assert weigh.weigh(tagger.weights, kept, pooled) == weigh.weigh(tagger.weights, fresh, pooled)


def test_items_of_an_explanation_add_up_to_the_points(tagger):
    context, candidates = weighed(tagger, TEXTS[0])
    for c in weigh.weigh(tagger.weights, context, candidates):
        items = [e for e in weigh.itemised(c, context, tagger.weights) if e.recognizer == "points"]
        assert sum(e.points for e in items) == pytest.approx(c.points, abs=0.001 * len(items))


@pytest.mark.parametrize(
    ("text", "name", "least"),
    [
        ("ارتفعت أسهم اتصالات المغرب أمس", "اتصالات المغرب", weigh.SEVERAL),
        ("عبر مضيق جبل طارق أمس", "مضيق جبل طارق", weigh.SEVERAL),
        ("قالت وزيرة الخارجية الإسبانية أمس", "الخارجية الإسبانية", -inf),  # a title
        ("استقبل المديرُ العام للأمن الوطني ضيفه", "لأمن الوطني", -inf),
        ("احتضنت المنامة القمة", "المنامة", weigh.ONE),
        ("قال حموشي إن", "حموشي", -inf),  # one word of a person
    ],
)
def test_listed_name_weighs_at_least_something(tagger, text, name, least):
    context, candidates = weighed(tagger, text)
    here = [c for c in weigh.weigh(tagger.weights, context, candidates) if text[c.start : c.end] == name]
    assert here
    assert max(weigh.least(context, c) for c in here) == least
    assert max(c.points for c in here) >= least


def test_every_sure_rule_is_a_rule():
    assert {rule.id for rule in patterns.built_in()} >= weigh.SURE_RULES


def test_most_features_of_real_text_were_fitted(tagger):
    context, candidates = weighed(tagger, TEXTS[0])
    names = {name for c in candidates for name, _ in context.features(c)}
    assert len(names & tagger.weights.named.keys()) > len(names) / 3


def test_weights_that_were_not_fitted_weigh_nothing():
    weights = weigh.read_weights("feature\tfirst\tsecond\nPER words 2\t1.5\t-0.25\n")
    assert weights["PER words ", 2] == (1.5, -0.25)
    assert weights["PER words ", 3] == (0.0, 0.0)
    assert "PER words 3" not in weights.named


@given(points=st.floats(-20, 20))
def test_score_is_the_share_that_log_odds_mean(points):
    share = weigh.probability(points)
    assert 0 < share < 1
    assert log(share / (1 - share)) == pytest.approx(points, abs=1e-3)


@given(points=st.floats(allow_nan=False))
def test_score_stays_between_nothing_and_certain(points):
    assert 0 <= weigh.probability(points) <= 1


def test_every_label_has_its_features(tagger):
    context, candidates = weighed(tagger, TEXTS[1])
    for label in LABELS:
        held = [c for c in candidates if c.label == label]
        assert held
        named = [name for c in held for name, _ in context.features(c)]
        assert all(name.startswith((label, "rule ", "chain ", "closing ")) for name in named)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("رحبت الحكومة السعودية بالقرار", []),
        ("نقلت وسائل إعلام رسمية سورية عن مصدر", []),
        ("زار السعودية أمس", ["السعودية"]),
        ("وصل إلى شمال سورية أمس", ["سورية"]),
        ("دارت اشتباكات في حي المحاميد، المحاذي لحي الحرازات", ["المحاميد", "الحرازات"]),
    ],
)
def test_no_place_is_an_adjective_or_begins_with_what_it_is(tagger, text, places):
    assert [e.text for e in tagger.tag(text).entities if e.label == "LOC"] == places
