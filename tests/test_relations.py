"""Which person holds which role in which organisation: the cases of cases/relations.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from arner.relations import Offices
from arner.tagger import Tagger

CASES = tomllib.loads((Path(__file__).parent / "cases" / "relations.toml").read_text("utf-8"))["case"]


def roles(tagged):
    text = {e.id: e.text for e in tagged.entities}
    return [[text[r.person], r.role, text.get(r.org, "-"), r.org_ref or "-"] for r in tagged.relations]


@pytest.mark.parametrize("case", CASES, ids=[c["why"] for c in CASES])
def test_roles(tagger, case):
    tagged = tagger.tag(case["text"])
    found = roles(tagged)
    if "roles" in case:
        assert found == case["roles"]
    else:
        assert [(row[0], row[3]) for row in found] == [(case["person"], ref) for ref in case["refs"]]
    for relation in tagged.relations:
        assert case["text"][relation.role_start : relation.role_end] == relation.role


def test_relation_keeps_the_reference_of_an_organisation_that_is_not_reported():
    text = "قال مدير مكتب التحقيقات الفيدرالي كريستوفر راي إن التحقيق مستمر."
    (relation,) = Tagger(types=["PER"]).tag(text).relations
    assert (relation.org, relation.org_ref) == (None, "org/fbi")


def test_no_relation_of_a_person_that_is_not_reported():
    text = "قال مدير مكتب التحقيقات الفيدرالي كريستوفر راي إن التحقيق مستمر."
    assert Tagger(types=["ORG"]).tag(text).relations == ()


def test_title_that_heads_no_office(tagger):
    assert Offices({"وزير": "وزارة"}).of(tagger.words, [b"x"], [b"y"], None) is None
