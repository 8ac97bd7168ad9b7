"""The encodings a user's files may have, and what is no text at all."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import files

ARTICLE = "أعلن ناصر بوريطة، وزير الخارجية، في الرباط: «لا جديد».\r\nوقال إنّ الأمن مستتبّ.\n"
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
WORDS = ["محمد", "الرباط", "وزارة", "پاكستان", "گرانت،", "(FBI)", "2024", ":", "على،"]

visible = st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\t\n\r")
texts = st.text(visible)


def code(text: str, encoding: str) -> bytes:
    return text.encode(encoding)


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (code(ARTICLE, "utf-8"), ARTICLE, "utf-8"),
        (code(ARTICLE, "utf-8-sig"), BOM + ARTICLE, "utf-8"),
        (code(BOM + ARTICLE, "utf-16-le"), BOM + ARTICLE, "utf-16-le"),
        (code(BOM + ARTICLE, "utf-16-be"), BOM + ARTICLE, "utf-16-be"),
        (code(BOM + ARTICLE, "utf-32-le"), BOM + ARTICLE, "utf-32-le"),
        (code(ARTICLE, "utf-16-le"), ARTICLE, "utf-16-le"),
        (code(ARTICLE, "utf-16-be"), ARTICLE, "utf-16-be"),
        (code("الأمن", "utf-16-le"), "الأمن", "utf-16-le"),  # not a NUL in it, and valid UTF-8
        (code("The FBI said", "utf-16-le"), "The FBI said", "utf-16-le"),  # valid UTF-8 too
        (code(ARTICLE, "windows-1256"), ARTICLE, "windows-1256"),
        (code("الرباط", "windows-1256"), "الرباط", "windows-1256"),
        (b"", "", "utf-8"),
    ],
)
def test_each_encoding_is_recognised(data, text, encoding):
    decoded = files.decode(data, "a.txt")
    assert (decoded.text, decoded.encoding) == (text, encoding)
    assert bool(decoded.note) == (encoding != "utf-8"), "a guess is said, and only a guess"


@given(texts)
def test_utf8_of_any_text_is_that_text(text):
    assert files.decode(text.encode(), "a.txt") == (text, "utf-8", "")


@given(texts, st.sampled_from(["utf-16-le", "utf-16-be", "utf-32-be"]))
def test_a_marked_encoding_keeps_every_character_and_the_mark(text, encoding):
    assert files.decode(code(BOM + text, encoding), "a.txt").text == BOM + text


@given(st.lists(st.sampled_from(WORDS), min_size=2).filter(lambda words: any(w[0] in "مگپ" for w in words)))
def test_windows_1256_of_arabic_words_is_those_words(words):
    text = " ".join(words)
    assert files.decode(code(text, "windows-1256"), "a.txt").text == text


@given(st.binary(), st.sampled_from(files.ERRORS))
def test_any_bytes_are_a_text_or_one_clear_error(data, errors):
    try:
        decoded = files.decode(data, "a.txt", errors=errors)
    except files.InputError as error:
        said = str(error)
    else:
        assert "\0" not in decoded.text
        return
    assert re.fullmatch(r"a\.txt: (is not text.*|not \S+ at byte \d+: .*)", said)
    assert errors == "strict" or "is not text" in said


BROKEN = code(ARTICLE, "utf-8")[:20] + b"\xff" + code(ARTICLE, "utf-8")[20:]


def test_broken_utf8_names_its_byte_and_the_way_out():
    with pytest.raises(files.InputError, match="not UTF-8 at byte 20: give --encoding-errors replace, or --encoding"):
        files.decode(BROKEN, "a.txt")


def test_broken_utf8_is_replaced_or_dropped_on_request():
    replaced = files.decode(BROKEN, "a.txt", errors="replace")
    assert replaced.text.replace("\N{REPLACEMENT CHARACTER}", "", 1) == ARTICLE
    assert replaced.note.startswith("broken UTF-8")
    assert files.decode(BROKEN, "a.txt", errors="ignore").text == ARTICLE


@pytest.mark.parametrize("cut", [b"\xc7\xe1\xd1", b"\xd8", b"\xf0\x9f\x98"])
def test_a_long_utf8_text_with_a_broken_tail_is_no_windows_1256(cut):
    data = code(ARTICLE * 2000, "utf-8") + cut
    with pytest.raises(files.InputError, match=f"not UTF-8 at byte {len(data) - len(cut)}"):
        files.decode(data, "a.txt")


@pytest.mark.parametrize(
    ("text", "encoding"), [(ARTICLE.replace("«", "").replace("»", ""), "iso8859-6"), ("L'été à Rabat, déjà", "latin-1")]
)
def test_other_single_byte_encodings_are_not_taken_for_windows_1256(text, encoding):
    with pytest.raises(files.InputError, match="not UTF-8 at byte"):
        files.decode(code(text, encoding), "a.txt")
    assert files.decode(code(text, encoding), "a.txt", encoding=encoding).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\4\xd8\0\0",
        b"\x7fELF\2\1\1\0\0\0\0\0",
        b"abc\0def",
        b"\1\2\3\4\5\6\7" * 9,
        code(ARTICLE, "utf-8") + b"\0",
    ],
)
def test_binary_is_not_text(data):
    with pytest.raises(files.InputError, match=r"^a\.txt: is not text"):
        files.decode(data, "a.txt", errors="replace")


def test_a_stray_control_does_not_lose_the_text():
    assert files.decode(code("\x02" + ARTICLE, "utf-8"), "a.txt").text == "\x02" + ARTICLE


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "UTF8"])
def test_a_given_encoding_keeps_the_byte_order_mark_too(encoding):
    data = (BOM + ARTICLE).encode("utf-16-be" if encoding == "utf-16" else "utf-8")
    assert files.decode(data, "a.txt", encoding=encoding).text == BOM + ARTICLE


def test_a_given_encoding_that_does_not_fit_names_the_byte():
    with pytest.raises(files.InputError, match="not ascii at byte 0: give --encoding-errors replace, or another"):
        files.decode(code(ARTICLE, "utf-8"), "a.txt", encoding="ascii")


@pytest.mark.parametrize("encoding", ["klingon", "rot13", "base64", "a\0b", ""])
def test_an_unknown_encoding_is_wrong_usage(encoding):
    with pytest.raises(ValueError, match="encoding"):
        files.decode(b"abc", "a.txt", encoding=encoding)
