"""What the tagger must not see: markup and page furniture, blanked without moving anything."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from any_text import HOSTILE, texts
from arner import clean, letters
from arner.document import Noise
from arner.normalize import built_in_furniture

MEGABYTE = 1_000_000
NONE = clean.Furniture(())


def visible(source, furniture=NONE):
    """Return the folded text that is left to tag."""
    return letters.decode(letters.fold(clean.scan(source, furniture).code))


def shown(source):
    return [(source[one.start : one.end], one.text) for one in clean.markup(source)]


@given(texts)
def test_the_code_of_any_text_has_one_byte_for_each_code_point(text):
    cleaned = clean.scan(text, built_in_furniture())
    assert len(cleaned.code) == len(text)
    for noise in cleaned.noise:
        assert 0 <= noise.start < noise.end <= len(text)
    assert list(cleaned.noise) == sorted(cleaned.noise, key=lambda n: (n.start, n.end))


@given(texts)
def test_markup_is_found_in_order_and_apart(text):
    done = 0
    for one in clean.markup(text):
        assert done <= one.start < one.end <= len(text)
        assert len(one.text) <= one.end - one.start
        done = one.end


@given(texts)
def test_a_text_without_markup_or_furniture_or_line_ends_is_only_encoded(text):
    plain = text.translate(dict.fromkeys(map(ord, "<&\n")))
    assert clean.scan(plain, NONE) == (letters.encode(plain), ())


@given(texts, st.integers(1, 40), st.integers(1, 60))
def test_the_code_of_a_long_text_is_that_of_any_text(text, stretch, times):
    wrapped = f"{text}{'كلمة ' * 20}\n" * times + text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clean, "_STRETCH", stretch)
        found = [clean.code(source, built_in_furniture()) for source in (text, wrapped)]
    assert found == [clean.scan(source, built_in_furniture()).code for source in (text, wrapped)]


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_a_megabyte_of_anything_takes_linear_time(piece):
    furniture = built_in_furniture()
    furniture.reason("لا")
    source = piece * (MEGABYTE // len(piece))
    before = time.process_time()
    clean.scan(source, furniture)
    assert time.process_time() - before < 30  # seconds; a quadratic step takes an hour


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("<p>فاس</p>", [("<p>", "\n"), ("</p>", "\n")]),
        ("عبد<b>الله</b>", [("<b>", ""), ("</b>", "")]),
        ("<A HREF='x'>فاس</A>", [("<A HREF='x'>", ""), ("</A>", "")]),
        ("فاس<br/>سلا<br />", [("<br/>", "\n"), ("<br />", "\n")]),
        ("<blockquote>", [("<blockquote>", "\n")]),
        ("<o:p>", [("<o:p>", "\n")]),
        ("<!DOCTYPE html><?xml version='1'?>", [("<!DOCTYPE html>", "\n"), ("<?xml version='1'?>", "\n")]),
        ("فاس<!-- سلا\n--> طنجة -->", [("<!-- سلا\n-->", "")]),
        ("<script>a < b && '<p>'</script>سلا", [("<script>a < b && '<p>'</script>", "\n")]),
        ("<STYLE type='x'>p{}</Style >سلا", [("<STYLE type='x'>p{}</Style >", "\n")]),
        ("<script>سلا", [("<script>", "\n")]),
        ("</script>سلا</script>", [("</script>", "\n"), ("</script>", "\n")]),
        ("<scripts>سلا</script>", [("<scripts>", "\n"), ("</script>", "\n")]),
        ("&amp;&#1605;&#x645;", [("&amp;", "&"), ("&#1605;", "م"), ("&#x645;", "م")]),
        ("&nbsp;", [("&nbsp;", "\N{NO-BREAK SPACE}")]),
        ("<a href='?a=1&amp;b=2'>", [("<a href='?a=1&amp;b=2'>", "")]),
        ("&amp;lt;", [("&amp;", "&")]),
        ("&#9999999;", [("&#9999999;", "\N{REPLACEMENT CHARACTER}")]),
    ],
)
def test_markup_is_what_a_reader_sees_for_it(source, pieces):
    assert shown(source) == pieces


@pytest.mark.parametrize(
    "source",
    [
        "1 < 2 > 1", "a<3", "<>", "< p>", "<رباط>", "<rabat@example.org>", "<https://example.org/a>", "R&D;", "AT&T",
        "&;", "&#;", "&#x;", "&nosuchname;", "<!-- سلا", "<a href=", "<a\n<", "x <b " + "و " * 400 + "> y",
    ],
)  # fmt: skip
def test_what_only_looks_like_markup_stays(source):
    assert shown(source) == []
    assert clean.scan(source, NONE) == (letters.encode(source), ())


def test_a_tag_of_a_picture_in_base64_is_one_tag():
    source = "فاس<img src='data:image/png;base64," + "A1+/" * 50_000 + "' alt='x'>سلا"
    assert [one.text for one in clean.markup(source)] == ["\n"]


def test_a_name_with_tags_inside_reads_as_one_word():
    source = "عبد <b>الل</b>طيف"
    assert visible(source) == "عبد اللطيف"
    assert clean.scan(source, NONE).noise == (Noise(4, 7, "markup"), Noise(10, 14, "markup"))


def test_tags_of_blocks_part_words():
    assert visible("<td>فاس</td><td>سلا</td>").split() == ["فاس", "سلا"]


def test_an_entity_stands_where_it_began():
    code = clean.scan("&#1605;حمد", NONE).code
    assert letters.fold(code) == letters.key("محمد")
    assert code[0] == letters.code("م")[0]


def test_an_address_inside_a_tag_leaves_no_sign_behind():
    assert visible('فاس <a href="?a=1&amp;b=2">سلا</a>') == "فاس سلا"


def test_furniture_is_closed_to_tagging_but_a_copyright_line_is_not():
    furniture = clean.Furniture([("logo", "navigation"), (r"جميع الحقوق.*", "copyright")])
    source = "الرباط\n  logo \nجميع الحقوق محفوظة هسبريس"
    cleaned = clean.scan(source, furniture)
    assert [(source[n.start : n.end], n.reason) for n in cleaned.noise] == [
        ("logo", "navigation"),
        ("جميع الحقوق محفوظة هسبريس", "copyright"),
    ]
    assert visible(source, furniture).split() == ["الرباط", "جميع", "الحقوق", "محفوظه", "هسبريس"]


@pytest.mark.parametrize(
    "line",
    [
        "logo", "\N{RIGHT-TO-LEFT MARK}logo\N{NO-BREAK SPACE}", "logo\r", "LOGO", "<li>logo</li>",
        "<a href='x'>logo</a>",
    ],
)  # fmt: skip
def test_furniture_is_found_behind_invisible_signs_and_tags(line):
    furniture = clean.Furniture([("logo", "navigation")])
    source = f"فاس\n{line}\nسلا"
    (noise,) = (n for n in clean.scan(source, furniture).noise if n.reason != "markup")
    assert source[noise.start : noise.end].lower() == "logo"
    assert visible(source, furniture).split() == ["فاس", "سلا"]


def test_a_long_line_is_no_furniture():
    furniture = clean.Furniture([("شارك.*", "share")])
    assert furniture.find("شارك " + "و" * clean.LONGEST_FURNITURE) == []
    assert len(furniture.find("شارك " + "و" * (clean.LONGEST_FURNITURE - 5))) == 1


WRAPPED = (
    "أعلنت وزارة الداخلية الإسبانية أن الشرطة الوطنية أوقفت\n"
    "في مدينة سبتة ثلاثة أشخاص، وحضر العملية المدير العام عبد\n"
    "اللطيف حموشي، بتعاون مع المديرية العامة لمراقبة التراب\n"
    "الوطني المغربية.\n"
)


def line_ends(source):
    code = clean.scan(source, NONE).code
    return [at for at, byte in enumerate(code) if byte == ord("\n")]


def test_a_name_wrapped_over_two_lines_reads_as_one():
    assert line_ends(WRAPPED) == [len(WRAPPED) - 1]


def test_wrapping_is_seen_through_carriage_returns_and_in_html():
    assert len(line_ends(WRAPPED.replace("\n", "\r\n"))) == 1
    assert len(line_ends("<i>" + WRAPPED + "</i>")) == 1


def test_lines_that_are_paragraphs_of_their_own_stay_apart():
    headlines = "الرباط: لقاء أمني رفيع المستوى بين البلدين\nفاس\nوصول كريستوفر راي\nمكناس: افتتاح معرض الفلاحة\n"
    assert len(line_ends(headlines)) == 4
    sentences = WRAPPED.replace("\n", ".\n")
    assert len(line_ends(sentences)) == 4
    spread = WRAPPED.replace("\n", "\n\n")
    assert len(line_ends(spread)) == 8
