"""Words and their proclitics: the cases of cases/tokens.txt, and what holds of any text."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import clitics, letters
from arner.lexicon.schema import BITS
from arner.tokens import Words

_ESCAPE = re.compile(r"\\N\{[^}]+\}|\\x[0-9a-f]{2}|\\[rnt]")
_OUTSIDE = " \t\r\0" + letters.NO_BREAK_SPACE + letters.INVISIBLE.replace("\N{ZERO WIDTH NON-JOINER}", "")


CASES = Path(__file__).parent / "cases"


def _cases():
    for line in (CASES / "tokens.txt").read_text("utf-8").split("\n"):
        if line and not line.startswith("#"):
            yield pytest.param(_ESCAPE.sub(lambda m: m[0].encode().decode("unicode_escape"), line), id=line)


def _cut(words, text):
    """Return the words of a text, a + behind the proclitics that the lexicon reads off."""
    tokens = words.tokens(letters.encode(text))
    found = []
    for at, word in enumerate(tokens.words):
        start, end = tokens.start(at), tokens.end(at)
        if start < end:
            stem = start + word.head()[1]
            found.append(text[start:stem] + "+" * (start < stem) + text[stem:end])
    return found


@pytest.mark.parametrize("case", list(_cases()))
def test_words_and_proclitics(tagger, case):
    text = case.replace("|", "").replace("+", "")
    due = [word for piece in case.split("|") if (word := piece.strip(_OUTSIDE))]
    assert _cut(tagger.words, text) == due


def test_whole_word_is_the_first_reading_and_its_clitics_are_still_offered(tagger):
    word = tagger.words.tokens(letters.encode("وليد")).words[0]
    assert word.readings[0].proclitic == ""
    assert letters.key("ليد") in word.stems


def test_particle_spelled_with_alef_maksura_is_not_the_name_that_it_folds_to(tagger):
    names = BITS["given"] | BITS["per"]
    particle, name = tagger.words.tokens(letters.encode("على علي")).words[:2]
    assert not particle.mask & names
    assert not particle.open
    assert name.mask & names


@pytest.mark.parametrize("text", ["وعلى", "فإلى", "وبالرباط", "لفرنسا", "ولد", "وحدة", "كان", "بلا"])
def test_first_reading_has_the_proclitics_that_the_classes_tell(tagger, text):
    word = tagger.words.tokens(letters.encode(text)).words[0]
    taken = word.readings[0].proclitic
    assert word.mask & (BITS["conjunction"] | BITS["preposition"]) == clitics.bits(taken)


def test_marks_behind_a_proclitic_stay_with_it(tagger):
    text = "بِـالرِّباط"
    tokens = tagger.words.tokens(letters.encode(text))
    proclitic, offset, _ = tokens.words[0].head()
    assert (proclitic, text[offset:]) == ("ب", "الرِّباط")


def test_ligature_is_not_cut():
    body = letters.encode("\N{ARABIC LIGATURE LAM WITH ALEF ISOLATED FORM}مريكا")
    assert clitics.width(body, 1) == 0
    assert clitics.width(body, 2) == 1


def test_mark_without_a_letter_belongs_to_what_stands_before_it(tagger):
    text = "( _^محمد (_عربي21_ 7_ _".replace("_", "\N{ARABIC FATHA}").replace("^", "\N{ARABIC SHADDA}")
    words = ["(", "محمد", "(\N{ARABIC FATHA}", "عربي21\N{ARABIC FATHA}", "7\N{ARABIC FATHA}"]
    assert _cut(tagger.words, text) == words
    tokens = tagger.words.tokens(letters.encode(text))
    assert tokens.words[0].mask == tokens.words[2].mask == BITS["bracket-open"]


def test_inline_markup_is_no_space(tagger):
    tokens = tagger.words.tokens(letters.encode("فاس\N{ZERO WIDTH SPACE}-\N{ZERO WIDTH SPACE}مكناس - فاس"))
    assert [word.spaced for word in tokens.words[:5]] == [False, False, False, True, True]


def test_hostile_compound_is_left_whole(tagger):
    text = "المديرالعام" * 500
    assert _cut(tagger.words, text) == [text]


def test_memory_is_bounded_and_forgetting_changes_nothing(tagger, monkeypatch):
    monkeypatch.setattr(Words, "LIMIT", 3)
    words = Words(*tagger.words.lexicons)
    text = "وصل ناصر بوريطة إلى الرباط أمس ثم وصل ناصر"
    seen = [_cut(words, text) for _ in range(3)]
    assert len(words) <= 3
    assert seen == [_cut(tagger.words, text)] * 3


_ANY = st.text() | st.text("محمدبلكوفا \N{ARABIC FATHA}\N{ARABIC TATWEEL}\N{ZERO WIDTH JOINER}\n.-(2٢aB", max_size=40)


@given(text=_ANY)
def test_words_stand_in_order_and_hold_every_character_that_is_seen(tagger, text):
    coded = letters.encode(text)
    tokens = tagger.words.tokens(coded)
    spans = [(tokens.start(at), tokens.end(at)) for at in range(len(tokens.words))]
    assert tokens.ends[-1] == len(text)
    assert all(0 <= start <= end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    held = {at for start, end in spans for at in range(start, end)}
    lost = bytes(coded[at] for at in range(len(text)) if at not in held)
    assert not letters.fold(lost).strip(bytes(range(33)) + b"\x7f" + letters.code(letters.NO_BREAK_SPACE))


@pytest.mark.parametrize(
    ("word", "proclitic"), [("فيشر", ""), ("بيرسون", ""), ("بيدرسون", ""), ("وجدة", ""), ("وأكد", "و"), ("فقال", "ف")]
)
def test_a_surname_is_whole_unless_it_is_far_more_often_a_proclitic_and_a_verb(tagger, word, proclitic):
    (token,) = (w for w in tagger.words.tokens(letters.encode(word)).words if w.size)
    assert token.readings[0].proclitic == proclitic
