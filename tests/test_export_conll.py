"""CoNLL: tokens that are slices of the source, borders of entities, sentences."""

import pytest
from hypothesis import given

from arner.document import Document, Tagged
from arner.export import conll
from export_documents import ALL, entity, tagged_texts, written


def entities_of(tagged, column):
    """Put the tokens of a column back on the source, and return the spans of its BIO labels."""
    (block,) = written("conll", [tagged], nested=True).decode().split("-DOCSTART-\tO\tO\n")[1:]
    at, found = 0, []
    for line in block.split("\n"):
        if not line:
            continue
        token, *labels = line.split("\t")
        start = tagged.document.source.index(token, at)
        at = start + len(token)
        label = labels[column]
        if label.startswith("B-"):
            found.append([start, at, label[2:]])
        elif label.startswith("I-"):
            assert found[-1][2] == label[2:]
            found[-1][1] = at
    return found


@pytest.mark.parametrize("tagged", ALL, ids=lambda t: t.document.name[:5])
def test_conll_labels_give_the_entities_back(tagged):
    assert entities_of(tagged, 0) == [[e.start, e.end, e.label] for e in tagged.entities]
    assert entities_of(tagged, 1) == [[m.start, m.end, m.label] for e in tagged.entities for m in e.nested]


def sentences(text, *entities):
    tokens = conll.tokens(Tagged(Document("-", text), entities), nested=False)
    cut = []
    for token in tokens:
        if token.opens:
            cut.append([])
        cut[-1].append(text[token.start : token.end])
    return [" ".join(words) for words in cut]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قال نعم. ثم غادر! لماذا؟ لا", ["قال نعم .", "ثم غادر !", "لماذا ؟", "لا"]),
        ("«قال نعم.» ثم غادر", ["« قال نعم . »", "ثم غادر"]),
        ("التقى د. محمد 3.5 مرات", ["التقى د . محمد 3 . 5 مرات"]),
        ("عنوان\n\nنص\r\nنص", ["عنوان", "نص", "نص"]),
        ("مُحَمَّــدٌ", ["مُحَمَّــدٌ"]),
        ("می\N{ZERO WIDTH NON-JOINER}خواهم \N{RIGHT-TO-LEFT MARK}نعم", ["می\N{ZERO WIDTH NON-JOINER}خواهم نعم"]),
        (" \n ", []),
    ],
)
def test_sentences_and_tokens(text, expected):
    assert sentences(text) == expected


def test_an_entity_is_never_cut_by_a_sentence():
    text = "زار ج. إدغار\nهوفر المقر."
    assert sentences(text, entity(text, 1, "ج. إدغار\nهوفر", "PER", "person")) == ["زار ج . إدغار هوفر المقر ."]


@given(tagged_texts())
def test_conll_gives_any_entities_back(tagged):
    kept = [[e.start, e.end, e.label] for e in tagged.entities]
    got, at = [], 0
    for token in conll.tokens(tagged, nested=False):
        assert at <= token.start < token.end
        at = token.end
        if token.label.startswith("B"):
            got.append([token.start, token.end, token.label[2:]])
        elif token.label.startswith("I"):
            got[-1][1] = token.end
    assert got == kept
