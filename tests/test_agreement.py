"""Two taggings side by side: what both, one or neither found, which documents are the same, and the figures by gold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import agreement
from arner.document import Document, Entity, Tagged
from arner.imports.found import Read
from arner.score import GoldText, Span

TEXT = "أعلن ناصر بوريطة في الرباط أن المغرب يرحب"
PER, ORG, LOC = "PER", "ORG", "LOC"
BOURITA, SURNAME, RABAT, MOROCCO = (5, 16), (10, 16), (20, 26), (30, 36)


def side(*spans, name="a.txt", text=TEXT, whole=True, sha256=None):
    entities = tuple(
        Entity(f"e{n}", start, end, text[start:end], label, "x", "x", None, None, 1.0, f"c{n}")
        for n, (start, end, label) in enumerate(spans, 1)
    )
    return Read(Tagged(Document(name, text, sha256), entities), f"{name}:1", whole=whole)


def hows(a, b):
    spans = ([Span(*one) for one in some] for some in (a, b))
    return [(row.how, len(row.a), len(row.b)) for row in agreement.rows(*spans)]


@pytest.mark.parametrize(
    ("a", "b", "due"),
    [
        ([(*BOURITA, PER)], [(*BOURITA, PER)], [("agreed", 1, 1)]),
        ([(*BOURITA, PER)], [(*BOURITA, ORG)], [("label", 1, 1)]),
        ([(*BOURITA, PER)], [(*SURNAME, PER)], [("overlap", 1, 1)]),
        ([(*BOURITA, PER)], [], [("only_a", 1, 0)]),
        ([], [(*BOURITA, PER)], [("only_b", 0, 1)]),
        ([(0, 9, ORG)], [(0, 4, ORG), (5, 9, LOC)], [("overlap", 1, 2)]),
        ([(0, 9, ORG)], [(0, 9, ORG), (5, 9, LOC)], [("agreed", 1, 1), ("only_b", 0, 1)]),
        ([(0, 4, ORG)], [(4, 9, ORG)], [("only_a", 1, 0), ("only_b", 0, 1)]),
        ([(0, 4, ORG), (0, 4, PER)], [(0, 4, PER)], [("agreed", 1, 1), ("only_a", 1, 0)]),
    ],
)
def test_what_either_side_has_is_told_apart(a, b, due):
    assert hows(a, b) == due


SPANS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 5), st.sampled_from([PER, ORG, LOC])).map(
        lambda t: Span(t[0], t[0] + t[1], t[2])
    ),
    max_size=8,
)


@given(SPANS, SPANS)
def test_each_span_is_in_one_row_and_sides_can_be_changed(a, b):
    rows = agreement.rows(a, b)
    for given_, number in ((a, 1), (b, 2)):
        assert sorted(span for row in rows for span in row[number]) == sorted(given_)
    turned = {"only_a": "only_b", "only_b": "only_a"}
    again = sorted((turned.get(row.how, row.how), sorted(row.b), sorted(row.a)) for row in agreement.rows(b, a))
    assert sorted((row.how, sorted(row.a), sorted(row.b)) for row in rows) == again


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (side(name="in/a.txt"), side(name="out/a.txt")),
        (side(name="1"), side(name="2")),
        (side(name="a.txt", text="فاس\r\n"), side(name="a.txt", text="فاس \n")),
        (side(name="1", whole=False), side(name="2", whole=True)),
    ],
    ids=["file name", "text", "brat's line ends", "one of each"],
)
def test_documents_that_are_the_same_are_found(a, b):
    others = [side(name="z", text="آخر")]
    found = agreement.compare([a], [b] if b.tagged.document.name == "2" and not a.whole else [*others, b])
    assert [(d.a, d.b) for d in found.documents] == [(a, b)]


def test_documents_that_one_side_has_are_named():
    found = agreement.compare([side(name="1", text="x"), side()], [side(), side(name="3", text="y")])
    assert (found.only_a, found.only_b) == (["1"], ["3"])
    assert [d.name for d in found.documents] == ["a.txt"]


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        (side(text="في فاس"), side(text="في سلا"), "of different texts, from code point 3 on"),
        (side(text="في فاس"), side(text="في فاس و"), "of different texts, from code point 6 on"),
        (side(whole=False, sha256="1"), side(whole=False, sha256="2"), "of different texts: their SHA-256 differ"),
        (side(whole=False), side(text="x" + TEXT), "of different texts: give the texts, --source FOLDER"),
    ],
)
def test_different_texts_of_one_name_are_refused(a, b, says):
    with pytest.raises(agreement.Mismatch, match=f"a.txt:1 and a.txt:1 are {says}"):
        agreement.compare([a], [b])


def test_a_document_without_its_text_is_compared_with_one_that_has_it():
    dashes = "\N{REPLACEMENT CHARACTER}" * len(TEXT)
    blank = dashes[: RABAT[0]] + TEXT[slice(*RABAT)] + dashes[RABAT[1] :]
    a, b = side((*RABAT, LOC), text=blank, whole=False), side((*RABAT, LOC))
    (document,) = agreement.compare([a], [b]).documents
    assert [row.how for row in document.rows] == ["agreed"]
    assert agreement.source(document) == TEXT


def test_counts_and_scores():
    a = side((*BOURITA, PER), (*RABAT, LOC), (*MOROCCO, ORG))
    b = side((*SURNAME, PER), (*RABAT, LOC), (*MOROCCO, LOC))
    gold = GoldText("a.txt", TEXT, (Span(*BOURITA, PER), Span(*RABAT, LOC), Span(*MOROCCO, LOC)))
    found = agreement.compare([a], [b], [gold])
    assert found.counts()["all"] == {"agreed": 1, "label": 1, "overlap": 1}
    assert found.counts()["ORG"] == {"label": 1}
    first, second = found.scores()
    assert (first.micro().right, second.micro().right, first.micro().gold) == (2, 2, 3)
    assert first.exact[PER].f1 == 1.0
    assert second.partial[PER].f1 == 1.0
    assert agreement.compare([a], [b]).scores() is None
    assert agreement.compare([a], [b], [gold._replace(name="other", text="other")]).scores() is None
    assert agreement.compare([a], [b], [gold._replace(name="other")]).scores() is not None
