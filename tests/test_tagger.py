"""The whole pipeline as a library: what a user gets for a text, and what the options change."""

from __future__ import annotations

import dataclasses
import json

import pytest

import arner
from arner import Document, Tagger, letters
from arner.document import LABELS

TEXT = "استقبل ناصر بوريطة، وزير الخارجية، بالرباط وفدا من وكالة الاستخبارات المركزية."


def found(tagged):
    return [(e.text, e.label, e.ref) for e in tagged.entities]


DUE = [
    ("ناصر بوريطة", "PER", "per/nasser-bourita"),
    ("الرباط", "LOC", "loc/ma-rabat"),
    ("وكالة الاستخبارات المركزية", "ORG", "org/cia"),
]


def test_people_organisations_and_places(tagger):
    assert found(tagger.tag(TEXT)) == DUE


def test_the_short_way_is_the_same():
    assert found(arner.tag(TEXT)) == DUE


@pytest.mark.parametrize("label", LABELS)
def test_only_the_labels_that_are_asked_for(label):
    assert found(Tagger(types=[label]).tag(TEXT)) == [row for row in DUE if row[1] == label]


def test_least_score(tagger):
    whole = tagger.tag(TEXT).entities
    least = sorted(e.score for e in whole)[1]
    assert [e.id for e in Tagger(min_score=least).tag(TEXT).entities] == [e.id for e in whole if e.score >= least]


def test_unknown_label_is_said():
    with pytest.raises(ValueError, match="unknown type 'GPE'; one of: PER ORG LOC"):
        Tagger(types=["PER", "GPE"])


def test_proclitics_are_left_out_and_told(tagger):
    (entity,) = [e for e in tagger.tag(TEXT).entities if e.label == "LOC"]
    assert (entity.proclitic, entity.start) == ("ب", TEXT.index("الرباط"))


def test_elided_article_is_in_the_name_but_not_in_the_text(tagger):
    text = "قدم الوفد شكره للمغرب ولفرنسا."
    entities = tagger.tag(text).entities
    assert [(e.text, e.proclitic, e.name, e.ref) for e in entities] == [
        ("لمغرب", "ل", "المغرب", "loc/MA"),
        ("فرنسا", "ول", "فرنسا", "loc/FR"),
    ]


def test_name_of_a_known_person_is_that_of_the_gazetteer(tagger):
    (entity,) = tagger.tag("وصل ناصــر بُوريطة أمس").entities
    assert (entity.text, entity.name, entity.en) == ("ناصــر بُوريطة", "ناصر بوريطة", "Nasser Bourita")


def test_name_of_an_unknown_person_has_no_marks_and_one_line(tagger):
    (entity,) = tagger.tag("قال الباحث جمـال  الزُّبيديّ إن الأمن مستتب").entities
    assert (entity.text, entity.name, entity.ref) == ("جمـال  الزُّبيديّ", "جمال الزبيدي", None)


def test_nothing_is_said_of_what_is_not_known(tagger):
    text = "قال الباحث محمد الطيار في الأمم المتحدة بالرباط إن الأمن مستتب"
    for entity in tagger.tag(text).entities:
        assert "-" not in (entity.ref, entity.en, entity.country, entity.kind, entity.name)


def test_inner_names_are_nested_and_not_entities(tagger):
    entities = tagger.tag("أعلنت جامعة القاهرة وبنك المغرب النتائج").entities
    assert [(e.text, e.label, [(m.text, m.label, m.ref) for m in e.nested]) for e in entities] == [
        ("جامعة القاهرة", "ORG", [("القاهرة", "LOC", "loc/eg-cairo")]),
        ("بنك المغرب", "ORG", [("المغرب", "LOC", "loc/MA")]),
    ]


def test_ids_and_chains_are_numbered_in_the_order_of_the_text(tagger):
    tagged = tagger.tag(TEXT)
    assert [e.id for e in tagged.entities] == ["e1", "e2", "e3"]
    assert [e.chain for e in tagged.entities] == ["c1", "c2", "c3"]


def test_document_keeps_its_name_and_source(tagger):
    document = Document("a.txt", TEXT, sha256="x", encoding="windows-1256")
    tagged = tagger.tag(document)
    assert tagged.document is document
    assert found(tagged) == DUE
    assert tagger.tag(TEXT, "b").document == Document("b", TEXT)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "و", ".", "؟", "\N{ZERO WIDTH NO-BREAK SPACE}", "\ud800", "\0", "ـ"])
def test_texts_without_names(tagger, text):
    tagged = tagger.tag(text, explain=True)
    assert (tagged.entities, tagged.relations) == ((), ())


def test_byte_order_mark_and_carriage_returns_are_counted(tagger):
    text = "\N{ZERO WIDTH NO-BREAK SPACE}خبر\r\nوصل ناصر بوريطة\r\nإلى الرباط"
    assert [(e.start, e.end) for e in tagger.tag(text).entities] == [(10, 21), (27, 33)]


def test_markup_is_passed_over(tagger):
    text = "<p>وصل <b>ناصر</b> <i>بوريطة</i> إلى&nbsp;<a href='الرباط'>الرباط</a>.</p>"
    entities = tagger.tag(text).entities
    assert [(e.ref, letters.key(e.name)) for e in entities] == [
        ("per/nasser-bourita", letters.key("ناصر بوريطة")),
        ("loc/ma-rabat", letters.key("الرباط")),
    ]
    assert entities[0].text == "ناصر</b> <i>بوريطة"
    assert entities[1].text == "الرباط"
    assert entities[1].start == text.rindex("الرباط")


def test_page_furniture_is_noise_and_holds_no_names(tagger):
    text = "مقالات ذات صلة\nوصل ناصر بوريطة إلى الرباط\nad a b\n"
    tagged = tagger.tag(text)
    assert [text[n.start : n.end] for n in tagged.noise] == ["مقالات ذات صلة", "ad a b"]
    assert [e.text for e in tagged.entities] == ["ناصر بوريطة", "الرباط"]


def test_a_place_says_where_it_lies_and_nothing_else_does(tagger):
    places = {e.text: e.place for e in tagger.tag("وصل ناصر بوريطة إلى وجدة في المغرب").entities}
    assert places == {"ناصر بوريطة": None, "وجدة": (34.6814, -1.9086), "المغرب": None}


def test_results_are_plain_data(tagger):
    tagged = tagger.tag(TEXT, explain=True)
    assert json.loads(json.dumps(dataclasses.asdict(tagged)))["entities"][0]["label"] == "PER"
    with pytest.raises(dataclasses.FrozenInstanceError):
        tagged.entities[0].label = "LOC"


def test_canonical_name_of_an_unknown_place_behind_lam(tagger):
    (entity,) = [e for e in tagger.tag("قال الباحث محمد الطيار نعم. وللطيار كتب كثيرة.").entities if e.proclitic]
    assert (entity.text, entity.proclitic) == ("لطيار", "ول")
    assert entity.name == "محمد الطيار"


@pytest.mark.parametrize(
    "address", ["www.hespress.com", "https://www.dgsn.gov.ma/ar?cia=fbi", "contact@hespress.com", "(http://bbc.com)"]
)
def test_no_name_stands_in_an_address(tagger, address):
    text = f"زوروا {address} لمعرفة أخبار الرباط"
    assert [e.text for e in tagger.tag(text).entities] == ["الرباط"]
