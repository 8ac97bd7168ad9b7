"""The one-byte code: one byte a code point for any text, and folds that make the spellings of a word one key."""

import pytest
from hypothesis import given

from any_text import texts
from arner import letters


@given(texts)
def test_a_code_has_one_byte_for_each_code_point(text):
    assert len(letters.encode(text)) == len(text)


@given(texts, texts)
def test_a_character_has_the_same_code_whatever_stands_beside_it(one, other):
    assert letters.encode(one + other) == letters.encode(one) + letters.encode(other)


@given(texts)
def test_a_fold_of_a_fold_is_the_fold(text):
    key = letters.key(text)
    assert letters.fold(key) == key
    assert letters.key(letters.decode(key)) == key


@given(texts)
def test_loosening_twice_is_loosening_once(text):
    loose = letters.loosen(letters.key(text))
    assert letters.loosen(loose) == loose


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("أحمد", "احمد"),
        ("إدريس", "ادريس"),
        ("آسفي", "اسفي"),
        ("ٱلرباط", "الرباط"),
        ("مصطفى", "مصطفي"),
        ("وجدة", "وجده"),
        ("مُحَمَّدٌ السَّادِسُ", "محمد السادس"),
        ("المغـــــرب", "المغرب"),
        ("لطیفه", "لطيفه"),
        ("شیراک", "شيراك"),
        ("گوگل", "كوكل"),
        ("پوتین", "بوتين"),
        ("چاڤيز", "جافيز"),
        ("اݣادير", "اكادير"),
        ("ﺍﻟﻤﻐﺮﺏ", "المغرب"),
        ("ﻻ", "لا"),
        ("ﻵ", "لا"),
        ("عبد ﷲ", "عبد الله"),
        ("ﷴ", "محمد"),
        ("٢٠٢٤", "2024"),
        ("۲۰۲۴", "2024"),
        ("FBI", "fbi"),
        ("Dârfûr", "darfur"),
        ("المغ\N{RIGHT-TO-LEFT MARK}رب", "المغرب"),
        ("بن\N{ZERO WIDTH NON-JOINER}كيران", "بنكيران"),
        ("اليوس\N{SOFT HYPHEN}في", "اليوسفي"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}فاس", "فاس"),
        ("هٰذا", "هذا"),
        ("ا\N{ARABIC HAMZA ABOVE}حمد", "احمد"),
    ],
)
def test_spellings_of_a_word_have_one_key(written, key):
    assert letters.decode(letters.key(written)) == key


@pytest.mark.parametrize(
    ("one", "other"), [("مسؤول", "مسوول"), ("هيئة", "هيية"), ("علاء", "علا"), ("سماء", "سما")]
)
def test_hamza_seats_part_keys_but_not_loose_ones(one, other):
    assert letters.key(one) != letters.key(other)
    assert letters.loosen(letters.key(one)) == letters.loosen(letters.key(other))


@pytest.mark.parametrize(("one", "other"), [("سلا", "صلا"), ("ذكر", "دكر"), ("علي", "عالي"), ("قمر", "كمر")])
def test_different_letters_keep_different_keys(one, other):
    assert letters.key(one) != letters.key(other)


def test_what_has_no_slot_is_a_question_mark_and_nothing_else_moves():
    assert letters.decode(letters.encode("فاس 漢 سلا")) == "فاس ? سلا"


def test_a_character_without_a_slot_has_no_code():
    with pytest.raises(UnicodeEncodeError):
        letters.code("漢")


def test_all_of_unicode_has_a_code():
    everything = "".join(map(chr, range(0x110000)))
    code = letters.encode(everything)
    assert len(code) == len(everything)
    assert code[:128] == bytes(range(128))
