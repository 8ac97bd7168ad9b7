"""Cleaned text and matching text: cases as files, and what must hold for any text, hostile ones included."""

import pickle
import re
import time
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from any_text import HOSTILE, texts
from arner import letters, normalize
from arner.clean import Furniture
from arner.edits import applied, chained
from arner.normalize import Edit, Normalized

CASES = sorted((Path(__file__).parent / "cases" / "clean").glob("*.txt"))
NONE = Furniture(())
LINES = Furniture([
    ("logo", "navigation"),
    ("ad(?: [a-z])*", "ad-slot"),
    ("انظر ايضا", "related"),
    ("طباعة", "navigation"),
])  # fmt: skip
CLUSTER = regex.compile(r"\X")
flags = st.booleans()


def written(text):
    r"""Return a case's text: \N{NAME}, \r and \t stand for characters that can't be seen in a file."""
    return re.sub(
        r"\\N\{([^}]+)\}|\\r|\\t",
        lambda m: unicodedata.lookup(m[1]) if m[1] else {"\\r": "\r", "\\t": "\t"}[m[0]],
        text,
    )


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case(path):
    title, _, rest = path.read_text("utf-8").partition("\n")
    assert title.startswith("# ")
    options = {}
    if rest.startswith("# options: "):
        line, _, rest = rest.partition("\n")
        options = dict.fromkeys(line.removeprefix("# options: ").split(), True)
    source, mark, output = rest.partition("\n# output\n")
    assert mark, "a case is an input, a line '# output' and the output"
    assert normalize.clean(written(source), **options).text == written(output.removesuffix("\n"))


def test_there_are_cases():
    assert len(CASES) > 20


@given(texts, flags, flags)
def test_cleaning_twice_is_cleaning_once(text, marks, fold):
    once = normalize.clean(text, marks=marks, fold=fold, furniture=LINES)
    twice = normalize.clean(once.text, marks=marks, fold=fold, furniture=LINES)
    assert twice.text == once.text
    assert twice.edits == ()


@given(texts)
def test_cleaning_twice_is_cleaning_once_with_the_furniture_of_the_lexicon(text):
    once = normalize.clean(text, fold=True)
    assert normalize.clean(once.text, fold=True).text == once.text


@pytest.mark.parametrize(
    "source",
    [
        "&am<b>p;lt;p>", "&" + "amp;" * 100 + "lt;b>", "&#38" * 20 + ";" * 20, "<" * 20 + "b>" * 20,
        "<\N{ZERO WIDTH SPACE}b>", "&lt\N{GREEK QUESTION MARK}b>", "<b " + "و " * 290 + "\nlogo" * 20 + "\n>",
        "e\N{ARABIC HAMZA ABOVE}\N{COMBINING ACUTE ACCENT}",
        "e" + "\N{ARABIC HAMZA ABOVE}" * 40 + "\N{COMBINING ACUTE ACCENT}",
        "أ\N{ARABIC MADDAH ABOVE}", "ى\N{ARABIC HAMZA ABOVE}", "إنظر أيضا", "\r\N{ZERO WIDTH SPACE}\n",
    ],
)  # fmt: skip
@pytest.mark.parametrize("marks", [False, True])
@pytest.mark.parametrize("fold", [False, True])
def test_what_one_step_lays_bare_for_another_is_met_the_first_time(source, marks, fold):
    once = normalize.clean(source, marks=marks, fold=fold, furniture=LINES).text
    assert normalize.clean(once, marks=marks, fold=fold, furniture=LINES).text == once


def kinds(edits):
    return {edit.reason for edit in edits}


@given(texts, flags, flags)
def test_the_edits_are_the_whole_difference(text, marks, fold):
    for result in (
        normalize.clean(text, marks=marks, fold=fold, furniture=LINES),
        normalize.match(text),
    ):
        assert result.source == text
        assert result.replay() == result.text
        done = 0
        for edit in result.edits:
            assert done <= edit.start < edit.end <= len(text)
            assert text[edit.start : edit.end] != edit.text
            done = edit.end
        assert kinds(result.edits) <= {*normalize.STEPS, "navigation", "ad-slot", "related"}


def expected_stretch(result, start, end):
    """Return the way back by the slow, obvious road: where each character came from, then whole clusters."""
    origins, done = [], 0
    for edit in (*result.edits, Edit(len(result.source), len(result.source), "", "")):
        origins += [(at, at + 1) for at in range(done, edit.start)]
        origins += [(edit.start, edit.end)] * len(edit.text)
        done = edit.end
    assert len(origins) == len(result.text)
    clusters = [match.span() for match in CLUSTER.finditer(result.source)]
    first = max((low for low, _ in clusters if low <= origins[start][0]))
    last = min((high for _, high in clusters if high >= origins[end - 1][1]))
    return first, last


@given(texts, flags, st.data())
def test_the_way_back_is_the_smallest_stretch_of_whole_grapheme_clusters(text, marks, data):
    result = data.draw(
        st.sampled_from([normalize.match(text), normalize.clean(text, marks=marks, furniture=LINES)]), label="result"
    )
    start = data.draw(st.integers(0, len(result.text)), label="start")
    end = data.draw(st.integers(start, len(result.text)), label="end")
    stretch = result.to_source(start, end)
    if start < end:
        assert stretch == expected_stretch(result, start, end)
    else:
        edges = {0, len(text), *(match.end() for match in CLUSTER.finditer(text))}
        assert stretch[0] == stretch[1]
        assert stretch[0] in edges


@pytest.mark.parametrize(
    ("source", "found", "stretch"),
    [
        ("قال مُحَمَّـدٌ.", "محمد", "مُحَمَّـدٌ"),
        ("عبد ﷲ بن", "الله", "ﷲ"),
        ("ﻻ شيء", "ا", "ﻻ"),
        ("<b>عبد</b> اللطيف", "عبد", "عبد"),
        ("ا\N{ARABIC HAMZA ABOVE}حمد", "أ", "ا\N{ARABIC HAMZA ABOVE}"),
        ("&laquo;فاس&raquo;", "«", "&laquo;"),
        ("\N{RIGHT-TO-LEFT MARK}فا\N{RIGHT-TO-LEFT MARK}س\N{RIGHT-TO-LEFT MARK}", "فاس", "فا\N{RIGHT-TO-LEFT MARK}س"),
        ("ـــفاس", "فاس", "فاس"),
        ("فاس\r\nسلا", "\n", "\r\n"),
    ],
)
def test_the_way_back_of_a_word(source, found, stretch):
    result = normalize.clean(source, furniture=NONE)
    at = result.text.index(found)
    start, end = result.to_source(at, at + len(found))
    assert source[start:end] == stretch


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (0, 5), (2, 1), (5, 5)])
def test_a_stretch_that_the_text_does_not_have_is_refused(start, end):
    with pytest.raises(ValueError, match="no stretch"):
        normalize.clean("طنجة", furniture=NONE).to_source(start, end)


def test_a_result_can_be_pickled_before_and_after_the_way_back_was_asked():
    result = normalize.clean("مُحَمَّد", furniture=NONE)
    assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 -- our own bytes
    assert result.to_source(0, 1) == (0, 2)
    assert pickle.loads(pickle.dumps(result)).to_source(0, 1) == (0, 2)  # noqa: S301


edits_of = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 3), st.sampled_from(["", "x", "yz", "لا"])), max_size=6
)


def edits_for(length, steps, name):
    """Return edits for a text of some length from gaps, sizes and texts; those that would pass its end fall away."""
    edits, at = [], 0
    for gap, size, put in steps:
        start, at = at + gap, at + gap + size
        if at > length:
            break
        edits.append(Edit(start, at, put, name))
    return edits


@given(st.text("abcdefgh", max_size=16), edits_of, edits_of)
def test_chained_edits_do_what_the_two_do_after_each_other(source, first, second):
    one = edits_for(len(source), first, "one")
    text = applied(source, one)
    two = edits_for(len(text), second, "two")
    both = chained(one, text, two)
    assert applied(source, both) == applied(text, two)
    assert all(before.end <= after.start for before, after in pairwise(both))
    assert sum(edit.reason == "two" for edit in both) <= len(two)


@given(texts)
def test_matching_text_is_the_fold(text):
    result = normalize.match(text)
    assert result.text == letters.decode(letters.key(text))
    assert normalize.match(result.text).text == result.text
    assert len(result.text) <= 4 * len(text)


@given(texts, flags)
def test_cleaned_text_can_be_written_and_has_no_hidden_signs(text, marks):
    cleaned = normalize.clean(text, marks=marks, furniture=NONE).text
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\r\v\f\0\N{ARABIC TATWEEL}\N{NO-BREAK SPACE}" + letters.INVISIBLE)
    assert not re.search("[\ufb50-\ufbb1\ufe80-\ufefc]", cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    if not marks:
        assert not re.search("[\u064b-\u065f\u0670]", cleaned)


def test_composition_is_that_of_unicode():
    characters = [chr(point) for point in range(0x110000)]
    apart = [unicodedata.normalize("NFD", c) for c in characters if unicodedata.category(c) != "Zs"]
    decomposed = "\n".join(d for d, c in zip(apart, characters, strict=False) if d != c and len(d) > 1)
    marks = [c for c in characters if unicodedata.category(c).startswith("M")]
    marked = "\n".join(letter + mark for letter in "اويeگ" for mark in marks)
    disordered = "\n".join("a" + "".join(marks[at : at + 90]) for at in range(0, len(marks), 45))
    for source in (decomposed, marked, disordered):
        assert normalize.clean(source, marks=True, furniture=NONE).text == unicodedata.normalize("NFC", source)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>", "html-tag"), ("&laquo;", "html-entity"), ("\r\n", "line-end"), ("\N{RIGHT-TO-LEFT MARK}", "control"),
        ("\ud800", "surrogate"), ("\N{NO-BREAK SPACE}", "space"), ("\N{ARABIC TATWEEL}", "tatweel"),
        ("ﻓ", "presentation-form"), ("ﻻ", "ligature"), ("e\N{COMBINING ACUTE ACCENT}", "composition"),
        ("\N{ARABIC FATHA}", "mark"), ("أ", "alef"), ("ؤ", "hamza"), ("ئ", "hamza"),
        ("ى", "ya"), ("ة", "ta-marbuta"), ("ک", "kaf"), ("ھ", "ha"), ("ad a b", "ad-slot"),
        ("logo", "navigation"), ("&nbsp;", "html-entity"), ("&lt;b&gt;", "html-tag"),
    ],
)  # fmt: skip
def test_each_step_names_itself(source, reason):
    assert [edit.reason for edit in normalize.clean(source, fold=True, furniture=LINES).edits] == [reason]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("أ", "alef"), ("ى", "ya"), ("ة", "ta-marbuta"), ("ک", "kaf"), ("ھ", "ha"), ("گ", "letter"), ("A", "case"),
        ("é", "letter"), ("٣", "digits"), ("ﷲ", "ligature"), ("ﻓ", "presentation-form"), ("\N{ARABIC FATHA}", "mark"),
        ("\N{ARABIC TATWEEL}", "tatweel"), ("\N{ZERO WIDTH SPACE}", "control"), ("\N{EM SPACE}", "space"),
        ("漢", "unknown"),
    ],
)  # fmt: skip
def test_each_step_of_matching_names_itself(source, reason):
    assert [edit.reason for edit in normalize.match(source).edits] == [reason]


def test_runs_of_marks_are_one_edit():
    assert len(normalize.clean("م" + "\N{ARABIC FATHA}" * 5 + "د", furniture=NONE).edits) == 1
    assert len(normalize.match("م" + "\N{ARABIC FATHA}" * 5 + "د").edits) == 1


def test_each_line_of_furniture_is_an_edit_of_its_own():
    result = normalize.clean("ad a b\nad ad ad\nفاس", furniture=LINES)
    assert result.edits == (Edit(0, 7, "", "ad-slot"),)[:1] + result.edits[1:]
    assert [result.source[e.start : e.end] for e in result.edits] == ["ad a b\n"]
    assert result.text == "ad ad ad\nفاس"


def test_an_empty_text_stays_empty():
    assert normalize.clean("") == Normalized("", "", ())
    assert normalize.match("").to_source(0, 0) == (0, 0)


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_a_megabyte_of_anything_takes_linear_time(piece):
    normalize.clean("لا")
    source = piece * (1_000_000 // len(piece))
    before = time.process_time()
    result = normalize.clean(source, fold=True)
    for at in range(0, len(result.text), len(result.text) // 1000 + 1):
        result.to_source(at, at + 1)
    assert time.process_time() - before < 60  # seconds; a quadratic step takes an hour
