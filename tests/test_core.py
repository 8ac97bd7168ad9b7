"""The compiled core finds what the pipeline in Python finds, to the last byte, for any text and any setting."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import Engine, Tagger, core
from arner.engines import GUIDELINES
from arner.export import Options, jsonl
from arner.recognizers import patterns
from test_properties import documents

ROOT = Path(__file__).resolve().parent.parent
RAW = ROOT.parent / "shared" / "raw"

WORDS = (
    "المدير", "العام", "للأمن", "الوطني", "ولمراقبة", "التراب", "بالرباط", "و", "حموشي", "عبد", "اللطيف", "،",
    "(", ")", "«", "»", "FBI", "2001", ".", "الأمريكي", "-", "سطات", "في", "قال",
)  # fmt: skip

pytestmark = pytest.mark.skipif(core.sources() is None, reason="the compiled core is not built: no cargo")


def slow(*args, **kwargs):
    """Return a tagger that goes the Python way."""
    tagger = Tagger(*args, **kwargs)
    tagger._core = None
    return tagger


@pytest.fixture(scope="module")
def fast():
    return Tagger()


@pytest.fixture(scope="module")
def python():
    return slow()


def require_same(fast, python, text):
    assert fast._core is not None
    found, expected = fast.tag(text), python.tag(text)
    assert isinstance(expected.entities, tuple)
    assert found.entities == expected.entities
    assert [e.evidence for e in found.entities] == [e.evidence for e in expected.entities]
    assert found.relations == expected.relations
    assert found.noise == expected.noise
    lines = (b"".join(jsonl.write([tagged], Options())) for tagged in (found, expected))
    assert next(lines) == next(lines)


def written():
    """Return texts that people wrote: samples, cases, the examples of rules, and articles where they are there."""
    files = [*sorted((ROOT / "seeds").glob("*.txt")), *sorted((ROOT / "tests" / "cases").rglob("*.*"))]
    yield from (file.read_text("utf-8") for file in files)
    for rule in patterns.built_in():
        yield from (text for text, _, _ in patterns.examples(rule.examples))
        yield from rule.counterexamples
    articles = sorted(RAW.rglob("*.txt"))
    yield from (file.read_text("utf-8", "replace") for file in articles[:: max(1, len(articles) // 250)])


def test_library_is_built_of_these_sources():
    """A core that is older than its sources would be tested in their place: `make core` builds it again."""
    sys.path.insert(0, str(ROOT / "core"))
    try:
        import build_core
    finally:
        sys.path.pop(0)
    assert core.sources() == build_core.digest()


def test_finds_the_same_in_written_texts(fast, python):
    for text in written():
        require_same(fast, python, text)


@given(text=documents)
def test_finds_the_same_in_any_text(fast, python, text):
    require_same(fast, python, text)


@given(words=st.lists(st.sampled_from(WORDS)))
def test_finds_the_same_in_any_order_of_words(fast, python, words):
    require_same(fast, python, " ".join(words))


@pytest.mark.parametrize("guidelines", GUIDELINES)
def test_finds_the_same_by_any_guidelines(guidelines):
    engine = Engine(guidelines=guidelines)
    fast, python = Tagger(engine=engine), slow(engine=engine)
    for seed in sorted((ROOT / "seeds").glob("*.txt")):
        require_same(fast, python, seed.read_text("utf-8"))


def test_finds_the_same_with_a_list_of_the_user_and_a_choice_of_labels(tmp_path, monkeypatch):
    monkeypatch.setenv("ARNER_CACHE", str(tmp_path / "cache"))
    mine = tmp_path / "orgs.tsv"
    header = "ref\tname\taliases\tweak\ten\tkind\tcountry\ttier\tsource\n"
    row = "org/mine\tمرصد الشمال\tالرباط|FBI\t-\tNorthern Observatory\tngo\tMA\tsure\tmine\n"
    mine.write_text(header + row, "utf-8")
    chosen = {"gazetteers": [mine], "types": ["ORG", "PER"], "min_score": 0.6}
    fast, python = Tagger(**chosen), slow(**chosen)
    text = "قال مدير مرصد الشمال أحمد التوفيق بالرباط إن FBI"
    assert [e.ref for e in fast.tag(text).entities][:1] == ["org/mine"]
    for seed in sorted((ROOT / "seeds").glob("*.txt")):
        text += "\n" + seed.read_text("utf-8")
        require_same(fast, python, text)


def test_names_in_characters_that_the_code_lacks_go_the_python_way(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("ARNER_CACHE", str(tmp_path / "cache"))
    mine = tmp_path / "places.tsv"
    header = "ref\tname\taliases\tweak\ten\tkind\tcountry\tlat\tlon\ttier\tsource\n"
    rows = (
        "loc/tella\t\N{ARABIC LETTER TEH INITIAL FORM}لة\t-\t-\tTella\ttown\tMA\t-\t-\tweak\tmine\n"
        "loc/tella-town\tمدينة تلة\tتلة\t-\tTella Town\ttown\tDZ\t-\t-\tweak\tmine\n"
    )
    mine.write_text(header + rows, "utf-8")
    fast, python = Tagger([mine]), slow([mine])
    assert fast._core.find("وصل الوفد إلى تلة", fast.types, 0.0) is None
    require_same(fast, python, "وصل الوفد إلى تلة")
    require_same(fast, python, "وصل الوفد إلى الرباط")
    assert capfd.readouterr().err == ""


def test_explanations_go_the_python_way_and_name_the_same_entities(fast):
    text = "استقبل عبد اللطيف حموشي بالرباط كريستوفر راي"
    explained, found = fast.tag(text, explain=True), fast.tag(text)
    assert [(e.text, e.score) for e in explained.entities] == [(e.text, e.score) for e in found.entities]
    assert any(e.recognizer == "points" for e in explained.entities[0].evidence)


def test_lone_surrogate_goes_the_python_way(fast, python):
    text = "وصل ناصر بوريطة \ud800 إلى الرباط"
    assert fast._core.find(text, fast.types, 0.0) is None
    assert fast.tag(text) == python.tag(text)


def test_threads_find_the_same(fast):
    texts = [file.read_text("utf-8") for file in sorted((ROOT / "seeds").glob("*.txt"))]
    expected = [fast.tag(text) for text in texts]
    with ThreadPool(4) as threads:
        assert threads.map(fast.tag, texts * 3) == expected * 3


def test_result_is_like_a_tuple(fast, python):
    found, expected = (t.tag("وصل ناصر بوريطة إلى الرباط").entities for t in (fast, python))
    assert (len(found), found[0], found[1:], list(found)) == (2, expected[0], expected[1:], list(expected))
    assert (hash(found), repr(found)) == (hash(expected), repr(expected))
    assert expected == found
    assert found
    assert not fast.tag("نعم").entities
    assert pickle.loads(pickle.dumps(found)) == expected  # noqa: S301 -- pickled here


def test_switched_off_it_is_not_used_and_nothing_changes():
    def run(code, *arguments, **changed):
        command = [sys.executable, "-c", code, *arguments]
        return subprocess.run(command, capture_output=True, check=True, env={**os.environ, **changed}).stdout

    tag = "from arner.cli import main; main()"
    folder = str(ROOT / "seeds")
    assert run(tag, "tag", folder) == run(tag, "tag", folder, ARNER_CORE="off")
    assert run("from arner import core; print(core.sources())", ARNER_CORE="off").strip() == b"None"


@pytest.mark.skipif(sys.platform == "win32", reason="no getrusage here")
def test_memory_does_not_grow_with_the_number_of_words():
    code = """
from resource import RUSAGE_SELF, getrusage
from arner import Tagger
tagger = Tagger()
for third in range(3):
    for text in range(10):
        # Words of five letters, none twice: 12,000 a text.
        letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
        first = 12_000 * (10 * third + text)
        words = ("".join(letters[(n // 28**at) % 28] for at in range(5)) for n in range(first, first + 12_000))
        tagger.tag(" ".join(words))
    print(getrusage(RUSAGE_SELF).ru_maxrss)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    first, second, third = map(int, run.stdout.split())
    assert third - second < 0.1 * first, (first, second, third)


def test_what_it_refuses_is_left_to_python(fast, tmp_path):
    weights = {"points": "feature\tfirst\tsecond\nPER prior\tno number\t0\n", "fixed": {}, "sure": True}
    paths = [lexicon.path for lexicon in fast.words.lexicons]
    assert core.open_core(paths, "arner", weights) is None
    assert core.open_core([tmp_path / "none"], "arner", weights) is None
    assert core.open_core([None], "arner", weights) is None
