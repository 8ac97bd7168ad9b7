"""What holds of the whole tagger for any text: exact offsets, whole letters, one answer, time that grows with size."""

from __future__ import annotations

import gc
import pickle
import time
import unicodedata
from multiprocessing.pool import ThreadPool

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from any_text import texts
from arner import Document, Tagger
from arner.tokens import Words

NAMES = (
    "محمد السادس", "عبد اللطيف حموشي", "وحموشي", "للحموشي", "كريستوفر راي", "FBI", "الـFBI", "ناصر بوريطة",
    "مكتب التحقيقات الفيدرالي", "المديرية العامة للأمن الوطني", "المكتب المركزي للأبحاث القضائية (البسيج)",
    "الرباط", "بالرباط", "للمغرب", "ولفرنسا", "وجدة", "الولايات المتحدة الأمريكية", "الولاياتالمتحدةالأمريكية",
    "بنك المغرب",
    "أ.ف.ب", "عربي21", "حزب الاستقلال", "«داعش»", "الأمم المتحدة", "آل نهيان", "بن علي", "Le Temps",
)  # fmt: skip
TITLES = (
    "مدير", "وزير الداخلية المغربي", "المدير العام للأمن الوطني ولمراقبة التراب الوطني", "الملك", "قال", "وأضاف",
    "الباحث", "مدينة", "في", "رئيس", "إن", "و ", "ب", "لل", "ال", "سبتمبر2001",
)  # fmt: skip
INSIDE = (
    "\N{ARABIC FATHA}", "\N{ARABIC SHADDA}", "\N{ARABIC TATWEEL}", "\N{ARABIC LETTER SUPERSCRIPT ALEF}",
    "\N{ARABIC SMALL HIGH DOTLESS HEAD OF KHAH}", "\N{COMBINING ACUTE ACCENT}", "\N{VARIATION SELECTOR-16}",
    "\N{RIGHT-TO-LEFT MARK}", "\N{ZERO WIDTH SPACE}", "\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}",
    "\N{ZERO WIDTH NO-BREAK SPACE}", "\N{RIGHT-TO-LEFT EMBEDDING}", "\N{POP DIRECTIONAL ISOLATE}", "\N{SOFT HYPHEN}",
    "<b>", "</b>", "&#1605;", "\0", "\x1f",
)  # fmt: skip
OTHERS = (
    " ", " ", " ", "  ", "\n", "\n\n", "\r\n", "\r\n \r\n", "\t", "\N{NO-BREAK SPACE}", "\N{IDEOGRAPHIC SPACE}",
    "\N{LINE SEPARATOR}", "\N{PARAGRAPH SEPARATOR}", "\x85", "،", ".", "؟", "(", ")", "«", "»", '"', "'", "-", "–", ":",
    "<p>", "<br/>", "<!--", "-->", "<script>", "&nbsp;", "&amp;", "٢٠٠١", "2001", "ad a b\n", "ﷲ", "ﻻ", "ﷴ",
    "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}", "\ud800", "\udfff", "\ufffe",
)  # fmt: skip


@st.composite
def marked(draw):
    """A name with marks, tatweel, invisible characters and tags anywhere inside and behind."""
    name = draw(st.sampled_from(NAMES + TITLES))
    places = draw(st.lists(st.tuples(st.integers(0, len(name)), st.sampled_from(INSIDE)), max_size=4))
    for at, sign in sorted(places, reverse=True):
        name = name[:at] + sign + name[at:]
    return name


pieces = st.sampled_from(NAMES) | st.sampled_from(TITLES) | marked() | st.sampled_from(OTHERS) | st.sampled_from(INSIDE)
documents = st.lists(pieces | st.just(" "), max_size=24).map("".join) | texts

# Characters that join a letter's cluster and that the one-byte code does not know for marks yet.
_ODD = regex.compile(r"[\p{GCB=Prepend}\p{GCB=SpacingMark}]|[\p{GCB=Extend}--[\p{Mn}\p{Me}\u200c]]", regex.V1)
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
_BLANK_LINE = regex.compile(r"[\n\u2028\u2029]\s*[\n\u2028\u2029]")


def borders(text):
    return {0, *(cluster.end() for cluster in regex.finditer(r"\X", text, regex.DOTALL))}


def spans(tagged):
    """Return every span of a result: start, end, text."""
    for e in tagged.entities:
        yield e.start, e.end, e.text
        yield from ((m.start, m.end, m.text) for m in e.nested)
    yield from ((r.role_start, r.role_end, r.role) for r in tagged.relations)


@given(text=documents)
@example(text="محمد السادس\N{ZERO WIDTH JOINER} بالرباط\N{RIGHT-TO-LEFT MARK}")
@example(text="\N{ARABIC SHADDA}الرباط")
@example(text="قال عربي21\N{ARABIC FATHA} نعم")
def test_spans_slice_the_source_and_hold_whole_letters(tagger, text):
    text = _ODD.sub("", text)
    whole = borders(text)
    for start, end, sliced in spans(tagger.tag(text)):
        assert 0 <= start < end <= len(text)
        assert text[start:end] == sliced
        assert {start, end} <= whole


@given(text=documents)
def test_spans_neither_begin_nor_end_in_white_space_or_the_invisible(tagger, text):
    for _, _, sliced in spans(tagger.tag(text)):
        for edge in (sliced[0], sliced[-1]):
            assert not edge.isspace()
            assert edge in _JOINERS or unicodedata.category(edge) not in ("Cc", "Cf", "Zs", "Zl", "Zp")


@given(text=documents)
def test_entities_are_sorted_and_disjoint_and_nested_ones_inside(tagger, text):
    tagged = tagger.tag(text)
    last = 0
    for entity in tagged.entities:
        assert last <= entity.start
        last = entity.end
        inner = 0
        for mention in entity.nested:
            assert entity.start <= mention.start
            assert mention.end <= entity.end
            assert mention.end - mention.start < entity.end - entity.start
            assert inner <= mention.start
            inner = mention.end


@given(text=documents)
@example(text="زار محمد\n\nالسادس مدينة الدار\r\n\r\nالبيضاء ومكتب التحقيقات\n \nالفيدرالي")
def test_no_name_crosses_a_blank_line(tagger, text):
    for _, _, sliced in spans(tagger.tag(text)):
        assert not _BLANK_LINE.search(sliced)


@given(text=documents)
def test_ids_chains_and_relations_fit_together(tagger, text):
    tagged = tagger.tag(text)
    ids = [e.id for e in tagged.entities]
    assert ids == [f"e{number}" for number in range(1, len(ids) + 1)]
    first = list(dict.fromkeys(e.chain for e in tagged.entities))
    assert first == [f"c{number}" for number in range(1, len(first) + 1)]
    assert all(0 <= e.score <= 1 for e in tagged.entities)
    persons = {e.id for e in tagged.entities if e.label == "PER"}
    organisations = {e.id for e in tagged.entities if e.label == "ORG"} | {None}
    assert all(r.person in persons and r.org in organisations for r in tagged.relations)


@given(text=documents)
def test_names_in_closed_page_furniture_are_not_tagged(tagger, text):
    tagged = tagger.tag(text)
    closed = [n for n in tagged.noise if n.reason not in ("markup", "copyright")]
    assert not [(e, n) for e in tagged.entities for n in closed if e.start < n.end and n.start < e.end]


@given(text=documents)
def test_explaining_changes_nothing(tagger, text):
    plain, explained = tagger.tag(text), tagger.tag(text, explain=True)
    assert [(e.start, e.end, e.label, e.score, e.chain) for e in plain.entities] == [
        (e.start, e.end, e.label, e.score, e.chain) for e in explained.entities
    ]


@pytest.fixture(scope="module")
def other():
    """A second tagger, which sees other texts before the ones that are compared."""
    return Tagger()


@given(before=st.lists(documents, max_size=3), text=documents)
def test_answer_does_not_depend_on_what_was_tagged_before(tagger, other, before, text):
    for earlier in before:
        other.tag(earlier)
    assert other.tag(text) == tagger.tag(text)
    assert other.tag(Document("-", text)) == tagger.tag(text)


def test_forgetting_all_words_changes_no_answer(tagger):
    text = " ".join(NAMES + TITLES) + ". " + "، ".join(reversed(NAMES))
    due = tagger.tag(text)
    fresh = Tagger()
    fresh.tag(text[::-1])
    fresh.words.forget()
    assert fresh.tag(text) == due


def test_words_that_are_forgotten_on_the_way_change_no_answer_and_memory_is_bounded(tagger, monkeypatch):
    monkeypatch.setattr(Words, "LIMIT", 12)
    small = Tagger()
    text = " ".join(NAMES + TITLES) + ". " + "، ".join(reversed(NAMES))
    for _ in range(3):
        assert small.tag(text) == tagger.tag(text)
    assert len(small.words) <= 12
    assert len(small.words._older) <= 12


def test_pickled_tagger_is_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("ARNER_CACHE", str(tmp_path / "cache"))
    mine = tmp_path / "places.tsv"
    header = "ref\tname\taliases\tweak\ten\tkind\tcountry\tlat\tlon\ttier\tsource\n"
    mine.write_bytes((header + "loc/mine\tالرباط\t-\t-\tMine\tcity\tMA\t-\t-\tsure\thand\n").encode())
    made = Tagger([mine], types=["LOC"], min_score=0.1)
    again = pickle.loads(pickle.dumps(made))  # noqa: S301 -- made on the line itself
    text = "وصل ناصر بوريطة إلى الرباط"
    assert again.tag(text) == made.tag(text)
    assert [(e.text, e.ref) for e in again.tag(text).entities] == [("الرباط", "loc/mine")]
    assert (again.types, again.min_score, again.gazetteers) == (("LOC",), 0.1, (mine,))


def test_threads_share_a_tagger(tagger):
    articles = [
        ". ".join(f"قال {title} {name} في {place} إن الأمر انتهى" for name in NAMES[at::4] for place in NAMES[at::5])
        for at, title in enumerate(TITLES[:6])
    ] * 6
    due = [tagger.tag(text) for text in articles]
    shared = Tagger()
    with ThreadPool(4) as pool:
        assert pool.map(shared.tag, articles, chunksize=1) == due


def distinct(size):
    """Return many full names that begin alike and end in surnames of their own."""
    signs = "ابتجدرسعفقكلمنهوي"
    surnames = ("".join(signs[at // len(signs) ** i % len(signs)] for i in range(5)) for at in range(7, size, 11))
    return " و".join(f"قال محمد {name} إن" for name in surnames)


HOSTILE = (
    "محمد ", "بن ", "عبد اللطيف ", "عبد اللطيف حموشي وقال حموشي. ", "و", "و ", "(", "<", "<a ", "<!--", "<script>",
    "&#1605;", "محمد", "a", "المديرالعام ", "مكتب التحقيقات الفيدرالي ", "مكتب التحقيقات الفيدرالي (FBI) ", "والرباط ",
    "محمد، ", "وزير الداخلية المغربي ", "المدير العام للأمن الوطني عبد اللطيف حموشي ", "«محمد» ", "أ.ف.ب.", " ",
    "محمد السادس\n", "\n", "\N{ARABIC FATHA}", "\N{RIGHT-TO-LEFT MARK}", "\ud800", "\N{MAN}", "2001", "ad a b\n",
    "لل", "جامعة محمد الخامس بالرباط ", "في كل من فاس ومكناس والرباط ", "المدير للمدير ", distinct,
)  # fmt: skip
HUGE = 120_000


def seconds(tagger, text):
    gc.collect()
    start = time.process_time()
    tagger.tag(text)
    return time.process_time() - start


@pytest.fixture(params=["compiled", "python"])
def either(request, tagger):
    """A tagger that finds by the compiled core, and one that finds in Python."""
    if request.param == "compiled":
        return tagger
    python = Tagger()
    python._core = None
    return python


@pytest.mark.parametrize("part", HOSTILE, ids=[str(number) for number in range(len(HOSTILE))])
def test_time_grows_with_the_size_of_a_hostile_text_and_no_faster(either, part):
    # Bytes of UTF-8, two for each Arabic letter.
    whole = part(HUGE // 2) if callable(part) else part * (HUGE // len(part.encode("utf-8", "surrogatepass")))
    quarter = seconds(either, whole[: len(whole) // 4])
    due = seconds(either, whole)
    assert due < 10
    # Four times the text may take a little more than four times as long; quadratic time would be sixteen times.
    assert due < 0.5 or due < 7 * quarter, (quarter, due)


def test_memory_does_not_grow_with_the_number_of_documents(either):
    sizes = []
    for number in range(3):
        for at in range(200):
            either.tag(f"قال محمد سعيد{number}{at} في الرباط")
        gc.collect()
        sizes.append(len(gc.get_objects()))
    assert len(either.words) <= either.words.LIMIT
    assert sizes[2] - sizes[1] < 20_000
