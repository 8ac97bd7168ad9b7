"""How candidates lie to each other: which hold which, how far rules reach, where listed names begin and end."""

from __future__ import annotations

from arner import overlaps
from arner.document import Candidate, Evidence

SURE = Evidence("gazetteer", "list:1", 0.0, "name 2")
WEAK = Evidence("gazetteer", "list:2", 0.0, "weak 1")
CLOSED = Evidence("gazetteer", overlaps.CLOSING, 0.0, "US")
RULE = Evidence("rules", "org.head", 0.0, "why")


def candidate(first, last, label, *evidence):
    return Candidate(first, last, first * 5, last * 5 - 1, label, evidence)


def test_what_holds_a_span_is_named_by_recognizer_tier_and_label():
    inner = candidate(1, 2, "LOC", SURE)
    found = overlaps.covers([candidate(0, 3, "ORG", RULE), candidate(0, 2, "PER", WEAK), inner])
    assert found[1, 2] == ["rules ORG", "gazetteer weak PER"]
    assert (0, 3) not in found


def test_a_span_does_not_hold_itself():
    assert overlaps.covers([candidate(0, 2, "ORG", RULE), candidate(0, 2, "PER", RULE)]) == {}


def test_rules_reach_from_a_word_and_to_a_word():
    reach = overlaps.Reach([candidate(0, 2, "ORG", RULE), candidate(0, 3, "ORG", RULE), candidate(1, 3, "ORG", RULE)])
    assert [reach.from_here(0, 2, "ORG"), reach.from_here(0, 3, "ORG")] == ["shorter", "longest"]
    assert [reach.to_here(1, 3, "ORG"), reach.to_here(0, 3, "ORG")] == ["shorter", "longest"]


def test_listed_names_at_the_ends_of_a_longer_candidate():
    reach = overlaps.Reach([
        candidate(0, 2, "ORG", SURE), candidate(3, 4, "LOC", SURE), candidate(2, 4, "PER", WEAK),
        candidate(0, 3, "ORG", CLOSED),
    ])  # fmt: skip
    assert list(reach.over(0, 4)) == ["ORG several first", "LOC one last"]
    assert list(reach.over(0, 2)) == []


def test_labels_that_lists_give_a_span():
    alike = [candidate(0, 1, "LOC", SURE), candidate(0, 1, "ORG", WEAK), candidate(0, 1, "PER", RULE)]
    assert overlaps.listed_labels(alike) == {(0, 1): {"LOC", "ORG"}}
