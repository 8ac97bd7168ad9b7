"""What a document teaches: short forms, near spellings, acronyms, and that a lesson needs a second place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import discourse, letters
from arner.document import Candidate, Evidence


def tokens_of(tagger, text):
    return tagger.words.tokens(letters.encode(text))


def candidate(tokens, first, last, label="PER", proclitic=""):
    start, end = tokens.start(first) + len(proclitic), tokens.end(last - 1)
    return Candidate(first, last, start, end, label, (Evidence("rules", "x", 0.0),), proclitic=proclitic, points=1.0)


def forms(tagger, name):
    tokens = tokens_of(tagger, name)
    size = len(name.split())
    return {(letters.decode(b" ".join(f)), how) for f, how in discourse.short_forms(tokens, candidate(tokens, 0, size))}


def test_short_forms_are_the_last_words_and_the_first(tagger):
    found = forms(tagger, "خالد الشرقاوي السموني")
    assert {("الشرقاوي السموني", "tail"), ("السموني", "surname"), ("خالد", "given")} <= found


def test_link_words_stay_with_what_follows(tagger):
    assert ("بن علي", "surname") in forms(tagger, "زين العابدين بن علي")
    assert ("ال نهيان", "surname") in forms(tagger, "محمد بن زايد آل نهيان")


def test_abd_is_never_parted_from_its_word(tagger):
    found = {form for form, _ in forms(tagger, "عبد اللطيف حموشي")}
    assert "حموشي" in found
    assert "اللطيف حموشي" not in found
    assert "اللطيف" not in found
    assert "عبد" not in found


@pytest.mark.parametrize(("one", "other"), [("حموشي", "الحموشي"), ("الطيار", "طيار")])
def test_article_comes_and_goes(one, other):
    assert discourse.with_article((letters.key(one),)) == (letters.key(other),)


def recalled(tagger, text, first, last, label="PER"):
    tokens = tokens_of(tagger, text)
    taught = discourse.lessons(tokens, [candidate(tokens, first, last, label)])
    return [(text[c.start : c.end], c.proclitic, c.evidence[0].source) for c in discourse.recall(tokens, taught)]


def test_surname_is_found_bare_with_an_article_and_behind_proclitics(tagger):
    text = "خالد الطيار قال الطيار وطيار وبالطيار وللطيار"
    found = recalled(tagger, text, 0, 2)
    assert {s for s in found if s[2] == "surname"} == {
        ("الطيار", "", "surname"), ("طيار", "و", "surname"), ("الطيار", "وب", "surname"), ("لطيار", "ول", "surname"),
    }  # fmt: skip


def test_near_spelling_of_a_surname_is_found(tagger):
    assert recalled(tagger, "مايكل بريدجيز قال بريدجز", 0, 2) == [("بريدجز", "", "near surname")]


def test_acronym_in_brackets_is_taught(tagger):
    text = "الوكالة الوطنية للسلامة (الونساط) قالت الونساط"
    found = recalled(tagger, text, 0, 3, "ORG")
    assert found.count(("الونساط", "", "acronym")) == 2


@pytest.mark.parametrize("inside", ["؟", "", "«", "\N{MAN}", "؟ الونساط"])
def test_signs_in_brackets_are_no_acronym(tagger, inside):
    text = f"الوكالة الوطنية للسلامة ({inside}) قالت «نعم»؟ " + "\N{MAN}"
    assert recalled(tagger, text, 0, 3, "ORG") == []


def test_a_name_teaches_nothing_about_itself(tagger):
    assert recalled(tagger, "خالد الطيار قال نعم", 0, 2) == []


def test_a_name_that_stands_twice_is_evidence_in_both_places(tagger):
    text = "خالد الطيار قال خالد الطيار"
    tokens = tokens_of(tagger, text)
    both = [candidate(tokens, 0, 2), candidate(tokens, 3, 5)]
    found = discourse.recall(tokens, discourse.lessons(tokens, both))
    assert [(c.first, c.last) for c in found if c.evidence[0].source == "same"] == [(0, 2), (3, 5)]


def test_form_at_the_end_of_the_text_needs_all_its_words(tagger):
    found = recalled(tagger, "خالد الشرقاوي السموني ثم الشرقاوي", 0, 3)
    assert {how for _, _, how in found} == {"middle"}


def test_lessons_of_a_form_stay_few_however_often_it_stands(tagger):
    text = "خالد الطيار " * 50
    tokens = tokens_of(tagger, text)
    taught = discourse.lessons(tokens, [candidate(tokens, at, at + 2) for at in range(0, 100, 2)])
    assert max(map(len, taught.values())) <= 4
    assert len(discourse.recall(tokens, taught)) <= 50 * 6


_WORDS = st.text("ابتسمكلنوي", min_size=3, max_size=8).map(letters.key)


@given(words=st.lists(_WORDS, max_size=30), word=_WORDS)
def test_near_words_are_those_that_are_one_apart(words, word):
    assert set(discourse.Near(words).of(word)) == {w for w in words if discourse.one_apart(word, w)}


@given(word=_WORDS, letter=st.sampled_from("ابتسم"), at=st.integers(2, 8))
def test_one_letter_added_lost_or_changed_is_one_apart(word, letter, at):
    letter = letters.key(letter)
    longer = word[:at] + letter + word[at:]
    assert discourse.one_apart(word, longer)
    assert discourse.one_apart(longer, word)
    changed = word[:at] + letter + word[at + 1 :]
    assert discourse.one_apart(word, changed) == (changed != word)
    assert not discourse.one_apart(word, word)


FAR = [("بريدجيز", "بريدز"), ("حموشي", "خموشي"), ("كريم", "اكريم"), ("سالم", "سلام")]


@pytest.mark.parametrize(("one", "other"), FAR)
def test_what_is_not_one_apart(one, other):
    assert not discourse.one_apart(letters.key(one), letters.key(other))


@pytest.mark.parametrize(
    ("text", "last", "label", "gloss"),
    [
        ("إدوار فيليب (Édouard Philippe) قال", 2, "PER", "Édouard Philippe"),
        ("معهد دراسات» (New Lines Institute) قال", 2, "ORG", "New Lines Institute"),
        ("الرباط (MAP) قال", 1, "LOC", None),
        ("إدوار فيليب (صورة Reuters) قال", 2, "PER", None),
        ("إدوار فيليب (Édouard", 2, "PER", None),
    ],
)
def test_a_name_in_latin_letters_in_brackets_is_a_gloss(tagger, text, last, label, gloss):
    glosses = [found for found, _, how in recalled(tagger, text, 0, last, label) if how == "gloss"]
    assert glosses == ([gloss] if gloss else [])


def test_a_country_in_brackets_behind_a_club_is_no_name_of_it(tagger):
    assert not recalled(tagger, "ستيوا بوخارست (رومانيا) قال رومانيا", 0, 2, "ORG")


def test_a_surname_that_looks_like_a_proclitic_and_a_word_is_whole(tagger):
    found = tagger.tag("أوضح مصطفى لبراق، خبير اقتصادي في الطاقة. وأضاف لبراق، في تصريح لهسبريس، أن الأمر عاد").entities
    assert [(e.text, e.chain) for e in found if e.label == "PER"] == [("مصطفى لبراق", "c1"), ("لبراق", "c1")]
