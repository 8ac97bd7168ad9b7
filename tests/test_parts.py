"""Texts too long to be read as one: where they are cut, and that the parts' results are those of the whole."""

import json
import pickle
import re
import subprocess
import sys
from itertools import pairwise

import pytest

from arner import letters, parts
from arner.export import FORMATS, Options
from arner.tagger import Tagger
from arner.verify import Sources, mismatches
from command_line import ENVIRONMENT, ROOT, SURE, arner, tree


@pytest.fixture(scope="module")
def tagger():
    return Tagger()


def sample():
    """Return a text of some 30,000 code points, with markup and page furniture."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]
    return "<!-- a\n comment -->\n" + "\n\n".join(texts) + "\n<p>المدير العام\nللأمن الوطني</p>\n"


def shown(tagged, offset=0):
    """Return what a reader sees of the entities but for the names that documents give them."""
    return [(e.start + offset, e.text, e.label, e.ref, e.name, e.score) for e in tagged.entities]


def test_each_part_is_read_as_a_text_of_its_own_and_nothing_moves(tagger, monkeypatch):
    source = sample()
    code = letters.encode(source)
    monkeypatch.setattr(parts, "LONGEST", 9000)
    found = tagger.tag(source, explain=True)
    cut = list(parts.cuts(source, code, 9000))
    assert len(cut) > 2
    due = [row for start, end in cut for row in shown(tagger.tag(source[start:end]), start)]
    assert shown(found) == due
    assert found.document.source == source
    ids = [e.id for e in found.entities]
    assert len(set(ids)) == len(ids)
    assert {i for r in found.relations for i in (r.person, r.org) if i} <= set(ids)
    assert all(source[r.role_start : r.role_end] == r.role for r in found.relations)
    assert [n.start for n in found.noise] == sorted(n.start for n in found.noise)
    record = json.loads(b"".join(FORMATS["jsonl"].write([found], Options(explain=True))))
    assert record["entities"][-1]["beaten"] is not None
    assert all(source[e.start : e.end] == e.text for e in found.entities)
    assert all(source[m.start : m.end] == m.text for e in found.entities for m in e.nested)


def test_mentions_of_one_entity_are_one_chain_across_parts_and_others_are_not(tagger, monkeypatch):
    monkeypatch.setattr(parts, "LONGEST", 40)
    found = tagger.tag("أعلن ناصر بوريطة في الرباط.\n" * 4 + "وصل سلمان بن عبد العزيز إلى الرباط.\n")
    by_ref = {}
    for entity in found.entities:
        by_ref.setdefault(entity.ref, set()).add(entity.chain)
    assert by_ref["per/nasser-bourita"] == {"c1"}
    assert by_ref["loc/ma-rabat"] == {"c2"}
    assert len(set().union(*by_ref.values())) == len(by_ref)


@pytest.mark.parametrize(
    ("source", "due"),
    [
        ("", [""]),
        ("abc", ["abc"]),
        ("ab\ncd\nef", ["ab\n", "cd\n", "ef"]),
        ("ab cd ef", ["ab ", "cd ", "ef"]),
        ("abcdefghij", ["abcd", "efgh", "ij"]),
        ("\n\n\n\n\n", ["\n\n\n\n", "\n"]),
    ],
)
def test_a_part_ends_at_a_line_else_at_a_space_else_anywhere(source, due):
    assert [source[a:b] for a, b in parts.cuts(source, letters.encode(source), 4)] == due


def test_no_part_ends_inside_markup(tagger, monkeypatch):
    source = f"{SURE}<!-- {SURE * 3} -->\n{SURE}<p\nclass='a'\n>{SURE}</p>\n"
    whole = tagger.tag(source)
    monkeypatch.setattr(parts, "LONGEST", 150)
    assert [row[:-1] for row in shown(tagger.tag(source))] == [row[:-1] for row in shown(whole)]
    assert [e.text for e in whole.entities] == ["ناصر بوريطة", "الرباط"] * 3


def test_what_is_found_in_parts_can_be_pickled_and_is_read_again_and_again(tagger, monkeypatch):
    monkeypatch.setattr(parts, "LONGEST", 3000)
    found = tagger.tag(sample())
    again = pickle.loads(pickle.dumps(found))  # noqa: S301
    assert again == found
    assert list(again.entities) == list(found.entities) == list(found.entities)
    assert found.entities[-1].end <= len(found.document.source)
    assert [e.start for e in found.entities] == sorted(e.start for e in found.entities)
    assert all(a.end <= b.start for a, b in pairwise(found.entities))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_long_text_among_others_is_in_pages_and_databases_as_it_would_be_alone(tmp_path, jobs):
    """With two processes, what was found goes from one to the other."""
    folder = tree(tmp_path / "in", a=SURE, big=SURE * 40, z=SURE)
    program = "from arner import cli, parts; parts.LONGEST = 200; cli.main()"
    arguments = [sys.executable, "-c", program, "index", str(folder), "-o", str(tmp_path / "o.db"), "-j", str(jobs)]
    done = subprocess.run(arguments, env=ENVIRONMENT, capture_output=True, check=True)
    assert b"84 mentions" in done.stderr


def test_a_long_file_is_said_to_be_read_in_parts_and_verifies(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "LONGEST", 1000)
    (tmp_path / "a.txt").write_bytes((SURE * 50).encode())
    done = arner("tag", tmp_path / "a.txt", "-o", tmp_path / "out.jsonl")
    assert done.code == 0
    assert done.lines[0].endswith("a.txt: 1,400 characters: read in parts of 1,000, each by itself")
    record = json.loads((tmp_path / "out.jsonl").read_bytes())
    assert len(record["entities"]) == 100
    assert not list(mismatches(record, Sources(str(tmp_path / "a.txt"))))
    assert re.search("PER 50 ORG 0 LOC 50", done.err)
