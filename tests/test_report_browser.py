"""The report page in a real browser: it opens from disk without complaint, and search, filters, cards and keys work."""

import json

import pytest

from arner.report import page
from arner.report.collect import matching
from browser import CHROMIUM, Browser
from export_documents import ALL, hostile
from test_index import BOURITA
from test_report import HOSTILE, crowd, tagged

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no {CHROMIUM} to open the page in")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("profile")) as started:
        started.size(1400, 900)
        yield started


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "تقرير.html"
    path.write_bytes(b"".join(page.write([*ALL, *crowd(60)], "تقرير")))
    return path


@pytest.fixture
def opened(browser, report):
    browser.open(report)
    browser.until("document.querySelector('#reader .text')")
    return browser


def shown(browser, selector):
    return browser.ask(f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.textContent)")


def section(browser):
    return browser.ask("[...document.querySelectorAll('main > section')].filter(s => !s.hidden).map(s => s.id)")


def test_it_opens_without_complaint_and_asks_for_nothing_else(browser, report):
    browser.errors.clear()
    browser.requests.clear()
    for fragment in ("", "#index", "#links", "#time", "#d0m1", "#e0", "#d99999", "#e99999", "#d0m99", "#%22"):
        browser.open(report, fragment)
        browser.until("document.querySelector('header nav a[aria-current]')")
    assert browser.errors == []
    assert {url.split("#")[0] for url in browser.requests} == {"about:blank", report.as_uri()} - {"about:blank"}


def test_the_text_is_shown_whole_with_its_mentions(opened):
    for number, one in enumerate(ALL):
        opened.ask(f"location.hash = '#d{number}'")
        opened.until(f"current === {number}")
        assert opened.ask("texts[current].text") == one.document.source
        if one.entities:
            assert opened.ask("document.querySelector('.text').textContent") == one.document.source
        assert shown(opened, ".text a[data-m]") == [e.text for e in one.entities]


@pytest.mark.parametrize("query", ["ناصر بوريطه", "نَاصِر  بوريطة", "NASSER", "حمّوشي", "الـخـارجية"])
def test_search_finds_any_spelling(opened, query):
    opened.type("#query", query)
    opened.until("filter.query")
    assert shown(opened, "#list .file") == ["2024/news.txt"]
    assert opened.ask("document.getElementById('found').textContent").startswith("النصوص 1 من 63")
    assert opened.ask("CSS.highlights.get('hit').size") >= 1


def test_search_marks_what_it_found_in_the_text(opened):
    opened.type("#query", "للامن الوطنى")
    opened.until("filter.query")
    assert opened.ask("[...CSS.highlights.get('hit')].map(r => r.toString())") == ["للأمن الوطني"]


def test_search_filters_the_index_and_the_timeline(opened):
    opened.ask("location.hash = '#index'")
    opened.until("section === 'index'")
    opened.type("#query", "كريم")
    opened.until("filter.query")
    assert {name.split()[0] for name in shown(opened, "#entries .m")} == {"كريم"}
    opened.ask("location.hash = '#time'")
    opened.until("section === 'time'")
    assert not shown(opened, "#periods .empty")
    opened.type("#query", "zzz")
    opened.until("filter.query === 'كريمzzz'")
    assert shown(opened, "#periods .empty") == ["لا نص يطابق البحث"]


def test_the_folding_is_that_of_the_program(browser, report):
    browser.open(report)
    texts = [
        "أحمد إبراهيم آل ٱلرحمن مؤمن بيئة شىء", "مُحَمَّــدٌ ﷲ ﻻ ﺍﻟﻤﻐﺮﺏ", "گورباتشوف پاریس چاد ڤيينا ک ھ ہ ە",
        "FBI Élysée ١٢٣ ۴", "a\N{RIGHT-TO-LEFT MARK}b\N{NO-BREAK SPACE}\r\nc",
    ]  # fmt: skip
    both = [[text, matching(text)] for text in texts]
    assert browser.ask(f"{json.dumps(both)}.filter(([a, b]) => fold(a).trim() !== fold(b).trim())") == []


def test_hiding_a_label_hides_its_marks_and_entries(opened):
    opened.ask("document.querySelector('[data-label=LOC]').click()")
    assert shown(opened, ".text a[data-m]:not([data-off])") == [
        e.text for e in ALL[0].entities if e.label != "LOC"
    ]  # fmt: skip
    opened.ask("location.hash = '#index'")
    opened.until("section === 'index'")
    assert shown(opened, "#entries .m.PER")
    assert not shown(opened, "#entries .m.LOC")
    assert opened.ask("document.querySelector('[data-label=LOC]').getAttribute('aria-pressed')") == "false"


def test_a_kind_filters_too(opened):
    opened.ask("kinds.value = 'ORG university'; kinds.dispatchEvent(new Event('change'))")
    assert shown(opened, "#list .file") == ["2024/news.txt"]
    assert shown(opened, ".text a[data-m]:not([data-off])") == ["جامعة محمد الخامس بالرباط"]


def test_hover_and_focus_explain_a_mention_and_escape_takes_it_away(opened):
    opened.hover(".text a[data-m='0']")
    text = opened.until("!card.hidden && card.textContent")
    for part in ("ناصر بوريطة", "Nasser Bourita", BOURITA, "0.98", "people/public.tsv:12", "وزير الخارجية"):
        assert part in text
    assert opened.ask("document.querySelector('[data-m=\"0\"]').getAttribute('aria-describedby')") == "card"
    box = opened.ask("(() => { const r = card.getBoundingClientRect(); return [r.left, r.right, innerWidth] })()")
    assert 0 <= box[0] <= box[1] <= box[2]
    opened.press("Escape")
    assert opened.ask("card.hidden")
    opened.ask("document.querySelector('[data-m=\"2\"]').focus()")
    assert "loc/MA" in opened.until("!card.hidden && card.textContent")


def test_a_search_takes_away_the_card_of_a_text_that_is_no_longer_shown(opened):
    opened.hover(".text a[data-m='0']")
    opened.until("!card.hidden")
    opened.type("#query", "كريم")
    opened.until("filter.query && current !== 0")
    assert opened.ask("card.hidden && card.of === null")


def test_keys_walk_through_texts_and_mentions(opened):
    opened.press("j", "KeyJ", 74)
    opened.until("current === 1")
    opened.press("ن", "KeyK", 75)  # an Arabic layout: the same key, another letter
    opened.until("current === 0")
    opened.press("n", "KeyN", 78)
    opened.until("document.activeElement.dataset.m === '0'")
    opened.press("n", "KeyN", 78)
    opened.until("document.activeElement.dataset.m === '1'")
    opened.press("/", "Slash", 191)
    assert opened.ask("document.activeElement.id") == "query"


def test_an_entry_leads_to_its_mentions_and_back(opened):
    number = opened.ask("subjects.find(s => s.name === 'ناصر بوريطة').number")
    opened.ask(f"location.hash = '#e{number}'")
    assert opened.until(f"document.querySelector('#e{number}[open] .about')?.textContent")
    assert section(opened) == ["view-index"]
    assert shown(opened, f"#e{number} .row:first-of-type li") == ["ناصر بوريطة 1"]
    opened.ask(f"document.querySelectorAll('#e{number} .places a')[0].click()")
    assert opened.until("document.activeElement.dataset.m") == "0"
    assert section(opened) == ["view-texts"]


def test_a_thousand_texts_open_and_are_searched_in_a_moment(browser, tmp_path):
    path = tmp_path / "many.html"
    path.write_bytes(b"".join(page.write(crowd(1000), "كثير")))
    browser.open(path)
    browser.until("document.querySelectorAll('#list li').length === 1000", 15)
    search = "query.value = 'سلمى'; changed();"
    spent = browser.ask(f"(() => {{ const t = performance.now(); {search} return performance.now() - t }})()")
    assert spent < 3000
    assert browser.ask("document.querySelectorAll('*').length") < 20_000


def test_hostile_texts_and_names_run_nothing(browser, tmp_path):
    path = tmp_path / "hostile.html"
    source = HOSTILE.replace("\udcff", "") + "<img src=x onerror=alert(1)>"
    evil = tagged(HOSTILE, source, (source[:9], "PER"), ("<img", "ORG"))
    path.write_bytes(b"".join(page.write([evil, hostile()], HOSTILE)))
    browser.errors.clear()
    browser.open(path)
    browser.until("document.querySelector('#reader .text')")
    assert browser.ask("document.querySelector('.text').textContent") == source
    assert browser.ask("document.images.length + document.querySelectorAll('script').length") == 3
    for fragment in ("#index", "#e0", "#links", "#time"):
        browser.open(path, fragment)
    assert browser.errors == []


@pytest.mark.parametrize("width", [1400, 420])
@pytest.mark.parametrize("fragment", ["#d0", "#index", "#links", "#time"])
def test_no_width_needs_sideways_scrolling(browser, report, width, fragment):
    browser.size(width, 900)
    browser.open(report, fragment)
    assert browser.ask("document.documentElement.scrollWidth") <= width
    browser.size(1400, 900)


def test_labels_differ_without_colour(opened):
    lines = opened.ask(
        "['PER', 'ORG', 'LOC'].map(l => getComputedStyle(document.querySelector('.chips .m.' + l)).borderBlockEndStyle)"
    )
    assert lines == ["solid", "double", "dashed"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_every_ground(browser, report, scheme):
    browser.size(1400, 900, scheme)
    browser.open(report)
    least = browser.ask(
        """(() => {
          const read = (name) => {
            const canvas = document.createElement('canvas').getContext('2d');
            canvas.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name);
            canvas.fillRect(0, 0, 1, 1);
            const light = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
              .map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
            return .2126 * light[0] + .7152 * light[1] + .0722 * light[2];
          };
          const ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
          const grounds = ['--paper', '--sheet', '--PER', '--ORG', '--LOC', '--hit'].map(read);
          return [Math.min(...grounds.map(g => ratio(g, read('--ink')))),
                  Math.min(...grounds.slice(0, 2).map(g => ratio(g, read('--soft'))))];
        })()"""
    )
    browser.size(1400, 900)
    assert least[0] >= 7
    assert least[1] >= 4.5


def test_it_prints(opened):
    assert opened.printed().startswith(b"%PDF")
