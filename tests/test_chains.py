"""Which mentions of a document are one entity: the cases of cases/chains.toml, and what holds of any names."""

from __future__ import annotations

import re
import time
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from arner import chains, letters
from arner.document import Candidate, Evidence

CASES = tomllib.loads((Path(__file__).parent / "cases" / "chains.toml").read_text("utf-8"))["case"]
_MARK = re.compile(r"\[([^\]]+)\](\d)")


def marked(text):
    """Return a text without its marks, and the marked spans with their numbers."""
    plain, spans, at = "", [], 0
    for mark in _MARK.finditer(text):
        plain += text[at : mark.start()]
        spans.append((len(plain), len(plain) + len(mark[1]), mark[2]))
        plain += mark[1]
        at = mark.end()
    return plain + text[at:], spans


@pytest.mark.parametrize("case", CASES, ids=[c["why"] for c in CASES])
def test_mentions_are_chained(tagger, case):
    text, spans = marked(case["text"])
    found = {(e.start, e.end): e for e in tagger.tag(text).entities}
    missing = [text[start:end] for start, end, _ in spans if (start, end) not in found]
    assert not missing, [(e.text, e.label) for e in found.values()]
    mentions = [(number, found[start, end]) for start, end, number in spans]
    for (one, first), (other, second) in combinations(mentions, 2):
        assert (first.chain == second.chain) == (one == other), (first.text, second.text)
    for number, entity in mentions:
        assert entity.ref == case.get("refs", {}).get(number), entity.text


def test_mentions_of_a_chain_share_name_and_reference(tagger):
    text = "استقبل عبد اللطيف حموشي وفدا أجنبيا. وقال حموشي إن التعاون مستمر."
    known = {(e.name, e.ref, e.en, e.country) for e in tagger.tag(text).entities}
    assert known == {("عبد اللطيف حموشي", "per/abdellatif-hammouchi", "Abdellatif Hammouchi", "MA")}


def test_chains_are_numbered_in_the_order_of_the_text(tagger):
    text = "وصل ناصر بوريطة إلى الرباط. ثم غادر ناصر بوريطة الرباط إلى فرنسا."
    assert [e.chain for e in tagger.tag(text).entities] == ["c1", "c2", "c1", "c2", "c3"]


def test_nationality_that_closes_a_name_does_not_make_another_organisation(tagger):
    tokens = tagger.words.tokens(letters.encode("مكتب الشؤون العقارية الأردني ثم مكتب الشؤون العقارية"))
    spans = [(0, 4), (5, 8)]
    chosen = [
        Candidate(first, last, tokens.start(first), tokens.end(last - 1), "ORG", (Evidence("rules", "x", 0.0),))
        for first, last in spans
    ]
    assert [chain.members for chain in chains.link(tokens, chosen)] == [[0, 1]]


def test_sets_that_are_known_to_differ_are_not_joined():
    groups = chains._Groups(["per/a", None, "per/b", None])
    groups.join(0, 1)
    groups.join(1, 2)
    groups.join(2, 3)
    groups.join(3, 0)
    assert [groups.find(at) for at in range(4)] == [0, 0, 2, 2]


def test_shorter_forms_keep_the_first_word_and_the_order():
    assert set(chains._shorter((b"a", b"b", b"c", b"d"))) == {
        (b"a", b"b"), (b"a", b"c"), (b"a", b"d"), (b"a", b"b", b"c"), (b"a", b"b", b"d"), (b"a", b"c", b"d"),
    }  # fmt: skip
    assert list(chains._shorter((b"a", b"b"))) == []


def test_very_long_names_take_no_exponential_time():
    start = time.perf_counter()
    assert len(list(chains._shorter(tuple(b"%d" % i for i in range(60))))) == 58
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("شهدت تونس حدثا. وأكدت وزارة الداخلية في بلاغ أن سوسة والمهدية هادئتان", "org/tn-interior-ministry"),
        ("شهد المغرب حدثا. وأكدت وزارة الداخلية في بلاغ أن وجدة وفاس هادئتان", "org/ma-interior-ministry"),
        ("اتفقت تونس والجزائر. وأكدت وزارة الداخلية ذلك في بلاغ لها", None),
        ("أكدت وزارة الداخلية في بلاغ لها أن الوضع هادئ", None),
        ("شهدت تونس حدثا. وأكدت وزارة الداخلية السلوفينية في بلاغ أن سوسة والمهدية هادئتان", None),
    ],
)
def test_a_name_of_several_countries_is_that_of_the_documents_country(tagger, text, ref):
    (ministry,) = (e for e in tagger.tag(text).entities if e.text.startswith("وزارة"))
    assert ministry.ref == ref
    assert (chains.AT_HOME in ministry.evidence) == (ref is not None)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("شهد لبنان احتجاجات في بيروت وصيدا، وتظاهر المئات في طرابلس أمام البلدية", "loc/lb-tripoli-lebanon"),
        ("وصل الوفد من بيروت وصيدا في لبنان إلى ليبيا وزار طرابلس أمس", "loc/ly-tripoli"),
        ("أعلنت السلطات ذلك في طرابلس أمس", "loc/ly-tripoli"),
    ],
)
def test_a_place_is_that_of_the_documents_country_unless_the_usual_one_has_its_own_there(tagger, text, ref):
    (tripoli,) = (e for e in tagger.tag(text).entities if e.text == "طرابلس")
    assert tripoli.ref == ref
    assert (chains.AT_HOME in tripoli.evidence) == (ref == "loc/lb-tripoli-lebanon")
