"""The spellings that compiling makes of a name: what newspapers use is there, what means something else is not."""

from __future__ import annotations

import pytest

from arner import letters
from arner.lexicon import variants


def made(name: str, english: str = "", *, foreign: bool = False) -> list[str]:
    return [letters.decode(key) for key in variants.spellings(name, english, foreign=foreign)]


@pytest.mark.parametrize(
    ("name", "english", "spelling"),
    [
        ("عبد اللطيف حموشي", "Abdellatif Hammouchi", "عبداللطيف حموشي"),
        ("عبداللطيف حموشي", "Abdellatif Hammouchi", "عبد اللطيف حموشي"),
        ("محمد عبدالله", "Mohamed Abdallah", "محمد عبد الله"),
        ("عبد الله بن عبد العزيز", "Abdullah bin Abdulaziz", "عبدالله بن عبد العزيز"),
        ("بن جرير", "Ben Guerir", "بنجرير"),
        ("عبد الإله بنكيران", "Abdelilah Benkirane", "عبد الاله بن كيران"),
        ("شرطة أبوظبي", "Abu Dhabi Police", "شرطه ابو ظبي"),
        ("مكتب التحقيقات الفيدرالي", "FBI", "مكتب التحقيقات الفدرالي"),
        ("وزارة الخارجية الأمريكية", "State Department", "وزاره الخارجيه الاميركيه"),
        ("وزارة الشؤون الخارجية", "Ministry of Foreign Affairs", "وزاره الشئون الخارجيه"),
        ("الاتحاد الأوروبي", "European Union", "الاتحاد الاوربي"),
        ("فؤاد عالي الهمة", "Fouad Ali El Himma", "فواد عالي الهمه"),
    ],
)
def test_the_press_writes_it_both_ways(name, english, spelling):
    assert spelling in made(name, english)


@pytest.mark.parametrize(
    ("name", "english", "spelling"),
    [
        ("مارغريت تاتشر", "Margaret Thatcher", "مارجريت تاتشر"),
        ("مارغريت تاتشر", "Margaret Thatcher", "ماركريت تاتشر"),
        ("ألبرتو جونزاليس", "Alberto Gonzales", "البرتو غونزاليس"),
        ("إليزابيث وارن", "Elizabeth Warren", "اليزابيت وارن"),
        ("أندورا", "Andorra", "اندوره"),
        ("هولييود", "Hollywood", "هوليود"),
    ],
)
def test_foreign_sounds_are_written_in_several_ways(name, english, spelling):
    assert spelling in made(name, english, foreign=True)
    assert spelling not in made(name, english)


@pytest.mark.parametrize(
    ("name", "english", "wrong"),
    [
        ("محمد بن سلمان", "Mohammed bin Salman", "محمد بنسلمان"),
        ("عبدالي", "Abdali", "عبد الي"),
        ("بنغازي", "Benghazi", "بن غازي"),
        ("غانا", "Ghana", "جانا"),
        ("جورج بوش", "George Bush", "غورغ بوش"),
        ("كولومبيا", "Colombia", "كولومبيه"),
        ("البرتغال", "Portugal", "البرتقال"),
        ("توغو", "Togo", "توجو"),
    ],
)
def test_what_would_be_another_name_is_not_made(name, english, wrong):
    assert wrong not in made(name, english, foreign=True)


def test_fixed_words_keep_their_letters():
    fixed = {letters.key("الغينية")}
    keys = variants.spellings("الشرطة الغينية", "Guinea Police (Gendarmerie)", foreign=True, fixed=fixed.__contains__)
    assert all(letters.key("الغينية") in key for key in keys)


def test_the_name_itself_comes_first_and_the_number_is_capped():
    name = "عبد الله عبد الرحمن عبد العزيز عبد الكريم الأمريكي الفيدرالي الأوروبي"
    assert made(name)[0] == variants.words(name)
    assert len(made(name)) == variants.LIMIT == len(set(made(name)))


@pytest.mark.parametrize("stems", variants.PRESS, ids=lambda stems: variants.words(stems[0]))
def test_press_words_are_exchanged_in_all_directions(stems):
    keys = {variants.words(f"مجلس {stem}") for stem in stems}
    assert len(keys) > 1
    assert all(keys <= set(made(f"مجلس {stem}")) for stem in stems)
