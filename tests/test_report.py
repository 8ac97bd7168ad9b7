"""The report page: what it holds, that it is the same each time, and that no text or file name breaks out of it."""

import json
import re
import time
from html.parser import HTMLParser

import pytest

from arner.document import Document, Entity, Evidence, Noise, Relation, Tagged
from arner.lexicon import schema
from arner.report import graph, page
from arner.report.collect import LONGEST_LIST, Links, Tally, said, sentences, title_of
from arner.report.dates import date_of
from command_line import SURE, arner, articles, process, tree
from export_documents import ALL, entity, hostile, news

HOSTILE = "</script><script>alert(1)</script><!--<script>\N{LINE SEPARATOR}\x00\x85\udcff"
SPELLED = {"\x00": "�", "\x85": "�"}


class Outline(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts by id."""

    def __init__(self, markup):
        super().__init__()
        self.elements = []
        self.scripts = {}
        self._script = None
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self._script = dict(attrs).get("id", "code") if tag == "script" else None
        if self._script:
            self.scripts[self._script] = ""

    def handle_endtag(self, tag):
        del tag
        self._script = None

    def handle_data(self, data):
        if self._script:
            self.scripts[self._script] += data

    def all(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]


def written(documents, title="نصوص"):
    return b"".join(page.write(documents, title)).decode()


def parts(documents):
    scripts = Outline(written(documents)).scripts
    return json.loads(scripts["data"]), json.loads(scripts["documents"])


def tagged(name, source, *names):
    """Return a document whose names are marked where they first stand: (text, label) or (text, label, reference)."""
    entities = tuple(entity(source, n, text, label, "person", *more) for n, (text, label, *more) in enumerate(names, 1))
    return Tagged(Document(name, source), entities)


def test_the_page_is_right_to_left_arabic_with_one_heading_and_named_regions():
    outline = Outline(written(ALL))
    assert outline.elements[0] == ("html", {"lang": "ar", "dir": "rtl"})
    assert len(outline.all("h1")) == 1
    assert all("aria-label" in nav for nav in outline.all("nav"))
    assert all({"aria-label", "aria-labelledby"} & set(section) for section in outline.all("section"))
    ids = [attributes["id"] for _, attributes in outline.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = [a["aria-labelledby"] for _, a in outline.elements if "aria-labelledby" in a]
    assert set(targets) <= set(ids)


def test_the_page_asks_for_nothing_from_outside():
    markup = written(ALL)
    policy = next(m["content"] for m in Outline(markup).all("meta") if m.get("http-equiv"))
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    outside = re.findall(r"https?://[^\s\"'<]+|@import|url\(", markup)
    assert not outside
    assert not [a for _, a in Outline(markup).elements if "style" in a or any(name.startswith("on") for name in a)]


def test_offsets_fit_the_text_in_the_units_of_javascript():
    _, documents = parts(ALL)
    for record, source in zip(documents, ALL, strict=True):
        units = record["text"].encode("utf-16-le", "surrogatepass")
        shown = [
            units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass") for start, end, *_ in record["mentions"]
        ]
        assert shown == [e.text for e in source.entities]


def test_one_reference_is_one_subject_and_so_is_one_label_and_name():
    one = tagged("a", "قال أحمد الريسوني في فاس", ("أحمد الريسوني", "PER"), ("فاس", "LOC", "loc/ma-fes"))
    two = tagged("b", "قال احمد الريسونى بفاس", ("احمد الريسونى", "PER"), ("فاس", "LOC", "loc/ma-fes"))
    three = tagged("c", "فاس أحمد", ("فاس", "PER"), ("أحمد", "PER"))
    across, _ = parts([one, two, three])
    found = {(label, name): seen for label, _, name, _, _, _, seen, _ in across["subjects"]}
    assert found == {
        ("PER", "أحمد الريسوني"): [["أحمد الريسوني", 1], ["احمد الريسونى", 1]],
        ("LOC", "فاس"): [["فاس", 2]],
        ("PER", "فاس"): [["فاس", 1]],
        ("PER", "أحمد"): [["أحمد", 1]],
    }


def test_forms_are_quoted_on_one_line_without_marks_and_with_the_elided_alef():
    source = "وصل إلى لـلمغرب ثم الدار\r\n البَيْضاء"
    morocco = entity(source.replace("ـ", ""), 1, "لمغرب", "LOC", "country", "loc/MA", proclitic="ل")
    assert said(morocco, source.replace("ـ", "")).form == "المغرب"
    assert said(entity(source, 2, "الدار\r\n البَيْضاء", "LOC", "city"), source).form == "الدار البيضاء"


def test_who_is_with_whom_counts_sentences_and_documents():
    source = "التقى لفتيت وهوراني في الرباط. ثم سافر هوراني.\nلفتيت وهوراني معا"
    at = [m.start() for m in re.finditer("لفتيت|هوراني", source)]
    assert sentences(source, at) == [0, 0, 1, 2, 2]
    links = Links()
    links.add(0, [0, 0, 1, 2, 2], [4, 7, 7, 4, 7])
    links.add(1, [0, 0], [7, 4])
    links.add(2, [0, 1], [7, 4])
    (link,) = links.strongest()
    assert tuple(link) == (4, 7, 3, 2, (0, 0))


def test_a_list_of_names_links_nobody_and_costs_no_time():
    links = Links()
    links.add(0, [0] * 100_000, list(range(100_000)))
    links.add(1, [0] * LONGEST_LIST, list(range(LONGEST_LIST)))
    assert len(links.strongest()) == LONGEST_LIST * (LONGEST_LIST - 1) // 2


@pytest.mark.parametrize("text", ["د. بوريطة وأ. لفتيت معا", "نسبة 6.5 في المائة", "موقع arner.org الجديد", ""])
def test_a_stop_that_ends_no_sentence(text):
    assert sentences(text, [len(text)]) == [0]


def test_a_million_stops_are_read_in_a_moment():
    begin = time.perf_counter()
    assert sentences("قال" + "." * 1_000_000 + "؟" + ".»" * 500_000, [0]) == [0]
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize(
    ("name", "source", "day"),
    [
        ("JA-politic-10-20170209.txt", "", "2017-02-09"),
        ("2024-02-29 قمة.txt", "", "2024-02-29"),
        ("2023-02-29.txt", "", None),
        ("news/20170209/a.txt", "", None),
        ("003_a89f7cf720504675.txt", "", None),
        ("a20170209b.txt", "", None),
        ("12017020912.txt", "", None),
        ("a.txt", "عاجل\n27 نونبر 2025\n", "2025-11-27"),
        ("a.txt", "الاثنين 24/فبراير/2025 - 06:15 م", "2025-02-24"),
        ("a.txt", "آخر تحديث: ٢٠ دجنبر ٢٠٢٤ - 10:00", "2024-12-20"),
        ("a.txt", "نشر في 09/02/2017", "2017-02-09"),
        ("a.txt", "بيروت، 3 كانون الأول 2019", "2019-12-03"),
        ("a.txt", "الجزائر - 5 جويلية 2022 - أعلن الوزير أن بلاده سترحب بكل القرارات التي ستصدر", "2022-07-05"),
        ("a.txt", "لم تحمل انتخابات 6 أكتوبر 2024 مفاجأة كبيرة في تونس، فقد حصد الرئيس أكثر الأصوات فيها", None),
        ("a.txt", "سطر من الخبر\n" * 20 + "27 نونبر 2025", None),
        ("20170209.txt", "27 نونبر 2025", "2017-02-09"),
        ("a.txt", "99/99/2017", None),
    ],
)
def test_the_day_of_a_document(name, source, day):
    assert date_of(name, source) == day


def test_the_title_is_the_first_real_line():
    source = "\N{ZERO WIDTH NO-BREAK SPACE}سياسة\n\nad a b\n  الرباط  وواشنطن.. شراكة أمنية\nنص"
    ad = source.index("ad a b")
    assert title_of(source, (Noise(ad, ad + 6, "ad-slot"),)) == "الرباط وواشنطن.. شراكة أمنية"
    assert title_of("كلمة", ()) == "كلمة"
    assert title_of("", ()) == ""
    long = title_of("كلمة " * 100, ())
    assert long.endswith("كلمة…")
    assert len(long) < 120


def test_roles_name_their_person_and_organisation():
    across, (record, *_) = parts([news()])
    subjects = across["subjects"]
    (minister, head) = record["roles"]
    assert minister[1:] == ["وزير الخارجية", "org/ma-foreign-affairs"]
    assert [subjects[record["mentions"][head[0]][2]][2], head[1], subjects[head[2]][2]] == [
        "عبد اللطيف حموشي", "المدير العام", "الأمن الوطني"
    ]  # fmt: skip


def test_reasons_are_written_once_and_points_where_they_are_known():
    source = "ناصر بوريطة"
    evidence = (Evidence("gazetteer", "people.tsv:1", 0.0, "name 2"), Evidence("points", "PER prior", -2.25))
    one = Tagged(Document("a", source), (entity(source, 1, source, "PER", "person", evidence=evidence),))
    across, documents = parts([one, one])
    assert across["reasons"] == ["gazetteer: people.tsv:1 (name 2)", "-2.25 PER prior"]
    assert [d["mentions"][0][5] for d in documents] == [[0, 1], [0, 1]]


def test_every_kind_has_an_arabic_word():
    kinds = {kind for kinds in schema.KINDS.values() for kind in kinds} | {"person", "organisation", "place"}
    assert kinds <= set(page.kind_names())


def test_hostile_texts_names_and_titles_stay_inside_their_place():
    source = HOSTILE.replace("\udcff", "")
    mark = Entity("e1", 0, 9, source[:9], "PER", HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0.5, "c1", country=HOSTILE)
    other = Entity("e2", 9, 17, source[9:17], "ORG", "ministry", "<b>&", None, None, 0.5, "c2")
    role = Relation("role", "e1", HOSTILE, 0, 3, org_ref=HOSTILE)
    evil = Tagged(Document(HOSTILE, source), (mark, other), (role,), (Noise(0, 4, HOSTILE),))
    plain = tagged("a", "سلام")
    markup = written([evil, hostile()], HOSTILE)
    outline, usual = Outline(markup), Outline(written([plain]))
    assert list(outline.scripts) == ["data", "documents", "code"]
    assert outline.scripts["code"] == usual.scripts["code"]
    assert not re.search(r"<(?!/?[a-z!])", markup.split("<script", 1)[0].split("</style>")[1])
    drawn = {"svg", "g", "line", "rect", "text", "optgroup"}
    assert {tag for tag, _ in outline.elements} <= {tag for tag, _ in usual.elements} | drawn
    record = json.loads(outline.scripts["documents"])[0]
    assert record["text"] == source
    assert record["name"].endswith("\udcff"), "the name can be read back"
    assert not [c for c in markup if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160]


def test_the_same_documents_give_the_same_bytes():
    documents = [*ALL, *crowd(60)]
    assert written(documents) == written(documents)


def crowd(count):
    families = ("بناني", "العلوي", "التازي", "برادة")
    people = [f"{given} {family}" for given in ("كريم", "سلمى", "ناصر") for family in families]
    places = ("الرباط", "فاس", "طنجة", "وجدة")
    for n in range(count):
        one, two, where = people[n % 12], people[(n * 5 + 1) % 12], places[n % 4]
        source = f"التقى {one} مع {two} في {where} يوم أمس. " + "وتباحثا في شأن المدينة وأهلها. " * 20
        names = {one: "PER", two: "PER", where: "LOC"}
        yield tagged(f"crowd-{n}-201{n % 8}0{1 + n % 9}1{n % 10}.txt", source, *names.items())


def test_a_thousand_documents_are_a_page_in_a_few_seconds():
    documents = list(crowd(1000))
    begin = time.perf_counter()
    markup = written(documents)
    assert time.perf_counter() - begin < 8
    across, records = parts(documents)
    assert len(records) == 1000
    assert len(across["subjects"]) == 16
    # The texts are data, not elements: a browser has as little to lay out as for one text.
    assert len(Outline(markup).elements) < 600
    assert len(markup) < 4 * sum(len(d.document.source) for d in documents)


def picture(documents):
    return re.search(r"<svg.*</svg>", written(documents), re.DOTALL)[0]


def test_the_picture_shows_the_strongest_links_without_names_on_names():
    svg = picture(list(crowd(300)))
    boxes = [
        tuple(map(float, box))
        for box in re.findall(r'<rect x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="([\d.-]+)"', svg)
    ]
    assert len(boxes) == 12, "people, not places"
    width, height = map(float, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
    for index, (x, y, w, h) in enumerate(boxes):
        assert 0 <= x <= x + w <= width + 1
        assert 0 <= y <= y + h <= height + 1
        for x2, y2, w2, h2 in boxes[:index]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
    assert svg.count("<line") <= graph.MOST_LINKS


def test_without_links_there_is_no_picture():
    tally = Tally()
    tally.add(said(entity("فاس", 1, "فاس", "LOC", "city"), "فاس"), 0)
    assert graph.draw(tally.subjects(), []) == ""
    assert "<svg" not in written([tagged("a", "سلام")])


def test_the_command_writes_one_page_and_reports_what_it_could_not_read(tmp_path):
    texts = tree(tmp_path / "نصوص", a=SURE)
    out = tmp_path / "report.html"
    assert arner("report", texts, "-o", out).code == 0
    first = out.read_bytes()
    assert "<title>نصوص</title>" in first.decode()
    assert "per/nasser-bourita" in first.decode()
    assert arner("report", texts).out == first
    tree(texts, b=b"PK\x03\x04" + bytes(range(256)) * 8)
    failed = arner("report", texts, "-o", out)
    assert failed.code == 3
    assert failed.err == "arner: b.txt: is not text\n"
    assert [d["name"] for d in json.loads(Outline(out.read_text("utf-8")).scripts["documents"])] == ["a.txt"]


def test_the_command_refuses_what_it_can_not_do(tmp_path):
    tree(tmp_path, a=SURE)
    assert arner("report", tmp_path / "none", "-o", tmp_path / "r.html").code == 2
    assert arner("report", tmp_path / "a.txt", "-o", tmp_path / "a.txt").code == 2
    assert (tmp_path / "a.txt").read_text("utf-8") == SURE
    assert arner("report", tmp_path / "a.txt", "-o", tmp_path / "a.txt" / "r.html").code == 2
    assert "give -o report.html" in arner("report", tmp_path, terminal=True).err


def test_an_empty_folder_is_an_empty_page(tmp_path):
    done = arner("report", tmp_path, "-o", tmp_path / "r.html")
    assert (done.code, done.err) == (0, "arner: nothing to read: no file matches *.txt\n")
    assert json.loads(Outline((tmp_path / "r.html").read_text("utf-8")).scripts["documents"]) == []


def test_any_number_of_processes_writes_the_same_page(tmp_path):
    articles(tmp_path / "in", 40)
    tree(tmp_path / "in", broken=b"\xff")
    pages = set()
    for jobs in (1, 2, 3):
        done = process("report", tmp_path / "in", "-o", tmp_path / "r.html", "--explain", "--jobs", jobs)
        assert (done.code, done.err.count("\n")) == (3, 1)
        pages.add((tmp_path / "r.html").read_bytes())
    assert len(pages) == 1
    assert process("report", tmp_path / "in", "--explain").out in pages
