"""The one place that discards: the best set, the documented ties, the same choice for any order of the input."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from arner import decide
from arner.document import Candidate, Evidence


def candidate(first, last, label="PER", points=1.0, recognizer="rules", ref=None):
    return Candidate(first, last, first, last, label, (Evidence(recognizer, "x", 0.0),), ref=ref, points=points)


def spans(chosen):
    return [(c.first, c.last, c.label) for c in chosen]


# Quarters add up exactly, so that ties are ties.
candidates = st.lists(
    st.builds(
        lambda first, size, label, points: candidate(first, first + size, label, points / 4),
        st.integers(0, 7),
        st.integers(1, 4),
        st.sampled_from(("LOC", "ORG", "PER")),
        st.integers(-1, 8),
    ),
    max_size=9,
    unique_by=lambda c: (c.first, c.last, c.label),
)


def disjoint(chosen):
    return all(a.last <= b.first or b.last <= a.first for a, b in combinations(chosen, 2))


def best(order, points):
    """Return the best set by trying all: most points, then most words, then the one that is first in the text."""
    sets = (s for size in range(len(order) + 1) for s in combinations(range(len(order)), size))
    allowed = [s for s in sets if disjoint([order[i] for i in s])]

    def worth(chosen):
        return sum(points[i] for i in chosen), sum(order[i].last - order[i].first for i in chosen)

    most = max(map(worth, allowed))
    # First in the text: of the spans in which two sets differ, the last one in the order of ranks comes earlier.
    return [order[i] for i in min((s for s in allowed if worth(s) == most), key=lambda s: s[::-1])]


def value(whole, order):
    """Return the points of a candidate with what stands inside it: all where it is likely, else all but the best."""
    span = (whole.first, whole.last)
    inside = [c for c in order if whole.first <= c.first and c.last <= whole.last and (c.first, c.last) != span]
    values = [value(c, order) for c in inside]
    chosen = [values[next(i for i, other in enumerate(inside) if other is c)] for c in best(inside, values)]
    doubt = 0.0 if whole.points >= decide.LIKELY else max(chosen, default=0.0)
    return whole.points + sum(chosen) - doubt


@given(given_=candidates)
def test_choice_is_the_best_of_all_sets(given_):
    order = sorted((c for c in given_ if c.points > 0), key=decide.rank)
    assert decide.choose(given_) == best(order, [value(c, order) for c in order])


@given(given_=candidates, data=st.data())
def test_order_of_the_input_does_not_matter(given_, data):
    shuffled = data.draw(st.permutations(given_))
    assert decide.choose(shuffled) == decide.choose(given_)


@given(given_=candidates)
def test_chosen_are_disjoint_in_the_order_of_the_text_and_have_points(given_):
    chosen = decide.choose(given_)
    assert all(a.last <= b.first for a, b in pairwise(chosen))
    assert all(c.points > 0 for c in chosen)


def test_likely_whole_beats_its_fragments():
    fragments = [candidate(0, 1, "LOC", 2.0), candidate(1, 2, "LOC", 2.0), candidate(2, 3, "LOC", 2.0)]
    assert spans(decide.choose([candidate(0, 3, "LOC", 1.0), *fragments])) == [(0, 3, "LOC")]
    assert spans(decide.choose([candidate(0, 3, "ORG", 2.0), candidate(1, 2, "LOC", 2.5)])) == [(0, 3, "ORG")]


def test_person_is_no_fragment_of_a_person():
    """«دونالد رامسفيلد» is not outvoted by what follows the name, however likely that is."""
    assert spans(decide.choose([candidate(0, 3, points=2.0), candidate(0, 2, points=2.5)])) == [(0, 2, "PER")]
    assert spans(decide.choose([candidate(0, 3, points=2.5), candidate(0, 2, points=2.0)])) == [(0, 3, "PER")]


def test_listed_name_is_no_fragment_of_what_goes_on_where_no_list_has_it():
    """«جبهة الخلاص الوطني» is not outvoted by «جبهة الخلاص الوطني المعارضة»."""
    listed = candidate(0, 3, "ORG", 1.0)._replace(evidence=(Evidence("gazetteer", "list:1", 0.0, "name 3"),))
    assert spans(decide.choose([candidate(0, 4, "ORG", 0.9), listed])) == [(0, 3, "ORG")]
    longer = listed._replace(last=4, points=0.9)
    assert spans(decide.choose([longer, listed])) == [(0, 4, "ORG")]


def test_doubtful_whole_counts_its_fragments_as_the_best_of_them():
    whole, fragments = candidate(0, 2, "LOC", 0.5), [candidate(0, 1, "LOC", 0.25), candidate(1, 2, "LOC", 0.25)]
    assert spans(decide.choose([whole, *fragments])) == [(0, 2, "LOC")]
    fragments = [candidate(0, 1, "LOC", 2.0), candidate(1, 2, "LOC", 0.25)]
    assert spans(decide.choose([whole, *fragments])) == spans(fragments)


def test_two_names_that_overlap_a_third_at_its_ends_beat_it():
    chosen = decide.choose([candidate(1, 4, "ORG", 3.0), candidate(0, 2, "PER", 2.0), candidate(3, 5, "LOC", 2.0)])
    assert spans(chosen) == [(0, 2, "PER"), (3, 5, "LOC")]


def test_between_equals_the_longer_wins():
    assert spans(decide.choose([candidate(0, 1), candidate(0, 2)])) == [(0, 2, "PER")]


def test_between_equals_of_one_length_the_first_wins():
    assert spans(decide.choose([candidate(1, 3), candidate(0, 2), candidate(2, 4)])) == [(0, 2, "PER"), (2, 4, "PER")]
    assert spans(decide.choose([candidate(1, 3), candidate(0, 2)])) == [(0, 2, "PER")]


def test_between_equals_of_one_span_the_label_decides():
    same = [candidate(0, 2, label) for label in ("PER", "ORG", "LOC")]
    assert spans(decide.choose(same)) == [(0, 2, "LOC")]


def test_no_points_no_entity():
    assert decide.choose([candidate(0, 1, points=0.0), candidate(1, 2, points=-1.0)]) == []
    assert decide.choose([]) == []
