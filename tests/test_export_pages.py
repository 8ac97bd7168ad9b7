"""What people look at: the HTML page and the terminal."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner.document import Noise
from arner.export import FORMATS, Options, terminal
from export_documents import ALL, check_golden, tagged_texts, written


class Page(HTMLParser):
    """What a browser would make of the page: the texts, the marks in them, every tag and every address."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.addresses = [], [], []
        self.texts, self.marks, self.titles = [], [], []
        self.inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append(tag)
        self.addresses += [attributes[a] for a in ("href", "src", "style", "onclick") if a in attributes]
        if tag == "meta":
            return
        self.open.append(tag)
        if tag == "div":
            self.inside = True
            self.texts.append("")
        if tag == "mark" and self.inside:
            self.titles.append(attributes["title"])
            self.marks.append([attributes["class"], len(self.texts[-1]), None])
            self.open[-1] = self.marks[-1]

    def handle_endtag(self, tag):
        opened = self.open.pop()
        if isinstance(opened, list):
            opened[2] = len(self.texts[-1])
        else:
            assert opened == tag, "tags are nested properly"
        self.inside &= tag != "div"

    def handle_data(self, data):
        if self.inside:
            self.texts[-1] += data


def test_the_page_holds_the_texts_and_their_marks_and_nothing_active():
    page = Page(written("html").decode())
    shown = [re.sub("[\x07\x1b]", "\N{REPLACEMENT CHARACTER}", t.document.source) for t in ALL]
    assert page.texts == shown
    spans_ = [s for t in ALL for e in t.entities for s in (e, *e.nested)]
    assert page.marks == [[s.label, s.start, s.end] for s in spans_]
    assert not page.addresses, "no address, no network"
    assert " ".join(sorted(set(page.tags))) == "article bdi body div h1 head html li main mark meta span style title ul"
    assert page.titles[0] == "ناصر بوريطة\nNasser Bourita\nper/nasser-bourita\nPER · person\n0.98"


def test_the_page_tells_the_evidence_on_request():
    assert "+4.25 gazetteer people/public.tsv:12 ناصر بوريطة" in Page(written("html", explain=True).decode()).titles[0]


def test_the_page_is_right_to_left_follows_the_theme_and_prints():
    page = written("html", []).decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert "http" not in page


@given(tagged_texts(), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_marks_stay_nested_whatever_overlaps(tagged, noises):
    size = len(tagged.document.source)
    noise = tuple(Noise(min(a, b, size), min(max(a, b), size), "x") for a, b in noises)
    shuffled = replace(tagged, noise=noise)
    page = Page(b"".join(FORMATS["html"].write([shuffled], Options())).decode())
    assert page.marks == [[e.label, e.start, e.end] for e in tagged.entities]


def printed(width, colours="standard", **options):
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=bool(colours), color_system=colours, **options)
    for tagged in ALL:
        terminal.show(tagged, console)
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_terminal_golden_and_width(width):
    from rich.cells import cell_len

    text = printed(width)
    check_golden(f"terminal-{width}.txt", text.encode())
    bare = re.sub("\x1b\\[[0-9;]*m", "", text)
    assert "\x1b" not in bare, "the text's own escape sequences do not reach the terminal"
    assert max(map(cell_len, bare.split("\n"))) <= width
    isolated = re.findall("\N{FIRST STRONG ISOLATE}(.*?)\N{POP DIRECTIONAL ISOLATE}", bare)
    assert isolated == [e.label for t in ALL for e in t.entities]


def test_arabic_stands_right_and_the_rest_left():
    lines = re.sub("\x1b\\[[0-9;]*m", "", printed(80, no_color=True)).split("\n")
    arabic = next(line for line in lines if "أعلن" in line)
    assert re.fullmatch(" +\N{RIGHT-TO-LEFT ISOLATE}.*بالقرار\\.\N{POP DIRECTIONAL ISOLATE}", arabic)
    assert next(line for line in lines if "ad a b" in line).startswith("ad")


def test_no_isolates_and_no_codes_where_there_is_no_terminal():
    text = printed(80, None)
    assert "\x1b" not in text
    assert not set("\N{FIRST STRONG ISOLATE}\N{RIGHT-TO-LEFT ISOLATE}\N{POP DIRECTIONAL ISOLATE}") & set(text)
    assert "PER people 3   ORG organisations 2   LOC places 2" in text
