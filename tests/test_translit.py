"""Names in Latin letters: which text is written so, by which scheme, into which formats, and without camel-tools."""

import csv
import io
import json
import subprocess
import sys

import jsonschema
import pytest

from arner import translit
from arner.export import FORMATS, SCHEMES, jsonl
from command_line import ENVIRONMENT, arner, tree

TEXT = "استقبل عبد اللطيف حموشي بالرباط سفراء للمغرب.\n"


@pytest.fixture
def _camel():
    reason = "camel_tools is not installed: pip install --no-deps camel-tools, pip install six"
    pytest.importorskip("camel_tools.utils.transliterate", reason=reason)


def latin(scheme, text=TEXT):
    done = arner("tag", "--translit", scheme, stdin=text.encode())
    assert (done.code, done.err) == (0, "")
    record = json.loads(done.out)
    jsonschema.validate(record, jsonl.schema())
    return [e["translit"] for e in record["entities"]]


@pytest.mark.usefixtures("_camel")
@pytest.mark.parametrize(
    ("scheme", "first"),
    [("bw", "Ebd AllTyf Hmw$y"), ("safebw", "Ebd AllTyf Hmwcy"), ("xmlbw", "Ebd AllTyf Hmw$y"),
     ("hsb", "ςbd AllTyf Hmwšy")],
)  # fmt: skip
def test_each_scheme_writes_every_entity(scheme, first):
    names = latin(scheme)
    assert names[:2] == [first, "AlrbAT"]
    assert names[2].startswith("Al"), "the alef that للمغرب leaves unwritten is there"


@pytest.mark.usefixtures("_camel")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("مُحَمَّد السادس", "muHam~ad AlsAds"),
        ("مُحَمّـــَد السادس", "muHam~ad AlsAds"),
        ("محمد\n<b>السادس</b>", "mHmd AlsAds"),
        ("محمد \N{RIGHT-TO-LEFT MARK}السادس", "mHmd AlsAds"),
        ("\N{ARABIC LIGATURE MOHAMMAD ISOLATED FORM} السادس", "mHmd AlsAds"),
        ("ا\N{ARABIC HAMZA ABOVE}حمد", ">Hmd"),
        ("@@IGNORE@@محمد FBI", "@@IGNORE@@mHmd FBI"),
    ],
)
def test_what_is_written_is_the_mention_as_a_reader_sees_it(text, name):
    assert translit._latin(translit.shown(text), "bw") == name


@pytest.mark.usefixtures("_camel")
def test_tables_have_a_column_only_when_asked():
    for form, options in (("csv", {}), ("tsv", {"delimiter": "\t"})):
        plain, asked = (
            list(csv.DictReader(io.StringIO(arner("tag", "-f", form, *more, stdin=TEXT.encode()).text), **options))
            for more in ((), ("--translit", "bw"))
        )
        assert [row.pop("translit") for row in asked] == latin("bw")
        assert asked == plain


@pytest.mark.usefixtures("_camel")
@pytest.mark.parametrize("form", [name for name, form in FORMATS.items() if form.translit])
def test_formats_that_have_a_place_for_it_hold_it(form):
    assert b"AllTyf" in arner("tag", "-f", form, "--translit", "bw", stdin=TEXT.encode()).out
    assert b"AllTyf" not in arner("tag", "-f", form, stdin=TEXT.encode()).out


@pytest.mark.usefixtures("_camel")
def test_terminals_and_explanations_show_it():
    shown = arner("tag", "-f", "terminal", "--explain", "--translit", "bw", stdin=TEXT.encode()).text
    assert shown.count("AlrbAT") == 2


@pytest.mark.parametrize("form", ["conll", "brat", "doccano"])
def test_formats_without_a_place_for_it_are_refused(tmp_path, form):
    tree(tmp_path, a=TEXT)
    failed = arner("tag", "--translit", "bw", "-f", form, tmp_path, "-o", tmp_path / "out")
    assert (failed.code, len(failed.lines)) == (2, 1)
    assert failed.err.startswith(f"arner: {form} has no place for names in Latin letters; these have: jsonl json ")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("missing", ["camel_tools", "six"])
def test_without_the_package_one_line_says_what_to_run_before_any_work(tmp_path, monkeypatch, missing):
    if missing == "six":
        pytest.importorskip("camel_tools")
    translit._transliterator.cache_clear()
    for name in [m for m in sys.modules if m.split(".")[0] == "camel_tools"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    tree(tmp_path / "in", a=TEXT)
    failed = arner("tag", "--translit", "hsb", tmp_path / "in", "-o", tmp_path / "out")
    assert (failed.code, len(failed.lines)) == (2, 1)
    assert failed.err.startswith("arner: --translit needs a part of camel-tools (")
    assert failed.err.endswith("): pip install --no-deps camel-tools, pip install six\n")
    assert not (tmp_path / "out").exists()


def test_an_unknown_scheme_is_refused():
    failed = arner("tag", "--translit", "iso", stdin=TEXT.encode())
    assert failed.code == 2
    assert all(scheme in failed.err for scheme in SCHEMES)


@pytest.mark.usefixtures("_camel")
def test_workers_write_the_same_bytes_as_one_process(tmp_path):
    tree(tmp_path, **{f"f{number:02}": TEXT * (1 + number % 3) for number in range(40)})
    one, two = (arner("tag", tmp_path, "--translit", "bw", "-j", jobs) for jobs in (1, 2))
    assert one.out == two.out
    assert one.out.count(b'"translit":"Ebd AllTyf Hmw$y"') == sum(1 + number % 3 for number in range(40))


def test_runs_without_the_option_load_nothing_of_it():
    code = "import sys; from arner.cli import main; sys.argv = ['arner', 'tag']\ntry: main()\nexcept SystemExit: pass\n"
    code += "print([m for m in sys.modules if m.split('.')[0] in ('camel_tools', 'six', 'torch', 'numpy')])"
    program = [sys.executable, "-c", code]
    out = subprocess.run(program, input=TEXT.encode(), capture_output=True, env=ENVIRONMENT, check=True)
    assert out.stdout.splitlines()[-1] == b"[]"
