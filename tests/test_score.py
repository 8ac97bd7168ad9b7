"""Gold against predictions: what counts as right, what is forgiven, and agreement with a second scorer."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from arner.gold import GoldError, read_gold
from arner.score import GoldText, Score, Span, score

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SCORER = SHARED / "tools" / "score.py"
TEXT = "زار محمد السادس مدينة الرباط ثم فاس"


def gold(*spans, **fields):
    return GoldText("a", TEXT, spans, **fields)


def span(text, label, **fields):
    at = TEXT.index(text)
    return Span(at, at + len(text), label, **fields)


def counts(total, label=None, *, partial=False):
    count = total.micro(partial=partial) if label is None else (total.partial if partial else total.exact)[label]
    return count.right, count.predicted, count.gold


def test_right_needs_borders_and_label():
    due = gold(span("محمد السادس", "PER"), span("الرباط", "LOC"), span("فاس", "LOC"))
    total = score([(due, [span("محمد", "PER"), span("الرباط", "ORG"), span("فاس", "LOC")])])
    assert counts(total) == (1, 3, 3)
    assert counts(total, "LOC") == (1, 1, 2)
    assert counts(total, partial=True) == (2, 3, 3)
    assert [(e.kind, e.cause) for e in total.errors] == [
        ("miss", "wrong boundary"),
        ("miss", "wrong label: LOC and ORG"),
        ("extra", "wrong boundary"),
        ("extra", "wrong label: ORG and LOC"),
    ]


def test_precision_recall_and_f1():
    total = score([(gold(span("الرباط", "LOC"), span("فاس", "LOC")), [span("فاس", "LOC"), span("محمد", "PER")])])
    micro = total.micro()
    assert (micro.precision, micro.recall, micro.f1) == (0.5, 0.5, 0.5)
    assert score([]).micro().f1 == 0
    assert score([(gold(), [span("فاس", "LOC")])]).micro().precision == 0


def test_other_borders_that_the_gold_allows_are_right_once():
    at = TEXT.index("مدينة الرباط")
    due = gold(span("الرباط", "LOC", alt=((at, at + 12),)))
    both = [Span(at, at + 12, "LOC"), span("الرباط", "LOC")]
    assert counts(score([(due, both[:1])])) == (1, 1, 1)
    assert counts(score([(due, both)])) == (1, 2, 1)


def test_optional_spans_count_neither_way():
    at = TEXT.index("الرباط")
    due = gold(span("فاس", "LOC"), optional=((at, at + 6),))
    assert counts(score([(due, [span("فاس", "LOC")])])) == (1, 1, 1)
    assert counts(score([(due, [span("فاس", "LOC"), span("الرباط", "ORG")])])) == (1, 1, 1)
    assert counts(score([(due, [span("فاس", "LOC"), span("مدينة الرباط", "LOC")])])) == (1, 1, 1)


def test_what_touches_gold_is_not_forgiven_for_touching_an_optional_span_too():
    at = TEXT.index("مدينة")
    due = gold(span("الرباط", "LOC"), optional=((at, at + 5),))
    assert counts(score([(due, [span("مدينة الرباط", "LOC")])])) == (0, 1, 1)


def test_references_are_counted_where_the_gold_has_one_and_the_span_is_right():
    due = gold(span("الرباط", "LOC", ref="loc/ma-rabat"), span("فاس", "LOC"))
    total = score([(due, [span("الرباط", "LOC", ref="loc/x"), span("فاس", "LOC", ref="loc/y")])])
    assert (total.refs_right, total.refs) == (0, 1)
    total = score([(due, [span("الرباط", "LOC", ref="loc/ma-rabat")])])
    assert (total.refs_right, total.refs) == (1, 1)


def test_labels_that_do_not_count_are_left_out_on_both_sides():
    spans = (span("محمد السادس", "PER"), span("الرباط", "LOC"))
    total = score([(gold(*spans, labels=("LOC",)), list(spans))])
    assert counts(total) == (1, 1, 1)
    words = tuple(m.span() for m in re.finditer(r"\S+", TEXT))
    total = score([(gold(*spans, labels=("LOC",), words=words), list(spans))])
    assert counts(total) == (1, 1, 1)


def test_proclitic_taken_or_left_is_its_own_kind_of_error():
    text = "في بالرباط"
    total = score([(GoldText("a", text, (Span(4, 10, "LOC"),)), [Span(3, 10, "LOC")])])
    assert {e.cause for e in total.errors} == {"clitic"}


def test_errors_say_where():
    (error,) = score([(gold(span("فاس", "LOC")), [])]).errors
    assert (error.kind, error.cause, error.text, error.doc) == ("miss", "not found", "فاس", "a")
    assert error.context.endswith("ثم [فاس]")


def test_scores_of_two_runs_add_up():
    one, other = gold(span("فاس", "LOC")), gold(span("الرباط", "LOC"))
    assert counts(score([(one, []), (other, [span("الرباط", "LOC")])])) == (1, 1, 2)


CONLL = "قال\tO\nمحمد\tB-PER\nالسادس\tI-PER\n.\tO\n\n\nبالرباط\tB-LOC\nوفاس\tB-LOC\nشيء\tB-MISC\nآخر\tI-MISC\n"


@pytest.fixture
def conll(tmp_path):
    path = tmp_path / "corpus" / "dev.conll"
    path.parent.mkdir()
    path.write_text(CONLL, "utf-8")
    return path


def test_conll_is_a_text_a_sentence(conll):
    first, second = read_gold(conll)
    assert (first.name, first.text) == ("corpus-0", "قال محمد السادس .")
    assert [(first.text[s.start : s.end], s.label) for s in first.spans] == [("محمد السادس", "PER")]
    assert [second.text[start:end] for start, end in second.words] == ["بالرباط", "وفاس", "شيء", "آخر"]
    assert [(second.text[s.start : s.end], s.label) for s in second.spans] == [("بالرباط", "LOC"), ("وفاس", "LOC")]


def test_conll_compares_words_since_its_clitics_stay_on_them(conll):
    _, second = read_gold(conll)
    rabat, fes = second.text.index("الرباط"), second.text.index("فاس")
    predicted = [Span(rabat, rabat + 6, "LOC"), Span(fes, fes + 3, "LOC"), Span(fes, fes + 3, "ORG")]
    assert counts(score([(second, predicted)])) == (2, 3, 2)


@pytest.mark.parametrize("text", [CONLL.replace("\n", "\r\n"), CONLL.replace("\t", " "), CONLL.rstrip("\n")])
def test_conll_with_other_line_ends_or_separators_is_the_same(conll, text):
    before = read_gold(conll)
    conll.write_bytes(text.encode())
    assert read_gold(conll) == before


@pytest.mark.parametrize("line", ["كلمة", "كلمة\tPER", "\tO"])
def test_bad_conll_line_is_named(conll, line):
    conll.write_text("قال\tO\n" + line + "\n", "utf-8")
    with pytest.raises(GoldError, match=r"dev\.conll:2: "):
        read_gold(conll)


def standoff(folder, **gold_):
    (folder / "a.txt").write_bytes(("\N{ZERO WIDTH NO-BREAK SPACE}" + TEXT + "\r\n").encode())
    (folder / "a.json").write_text(json.dumps({"doc": "a.txt", **gold_}), "utf-8")
    return folder / "a.json"


def test_stand_off_gold_counts_the_source_as_it_is(tmp_path):
    at = TEXT.index("فاس") + 1
    entity = {"start": at, "end": at + 3, "label": "LOC", "text": "فاس", "ref": "loc/ma-fes", "alt": [[at - 3, at + 3]]}
    (text,) = read_gold(standoff(tmp_path, entities=[entity], optional=[{"start": 0, "end": 4}]))
    assert text.spans == (Span(at, at + 3, "LOC", "loc/ma-fes", ((at - 3, at + 3),)),)
    assert text.optional == ((0, 4),)
    assert text.text.endswith("\r\n")


@pytest.mark.parametrize(
    ("gold_", "says"),
    [
        ({"entities": [{"start": 0, "end": 3, "label": "LOC", "text": "فاس"}]}, "span 0:3 is not 'فاس'"),
        ({"entities": [{"start": 0, "end": 3, "label": "XXX"}]}, "label 'XXX'"),
        ({"entities": [{"start": 0}]}, "it needs doc and entities"),
        ({}, "it needs doc and entities"),
        ({"entities": [], "doc": "b.txt"}, "give --texts"),
    ],
)
def test_bad_gold_is_named(tmp_path, gold_, says):
    with pytest.raises(GoldError, match=r"a\.json: .*" + re.escape(says)):
        read_gold(standoff(tmp_path, **gold_))


def test_gold_that_is_not_text_is_named(tmp_path):
    path = standoff(tmp_path, entities=[])
    (tmp_path / "a.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GoldError, match=r"a\.txt: not UTF-8 at byte 0"):
        read_gold(path)


def test_folder_without_gold_is_said(tmp_path):
    with pytest.raises(GoldError, match=r"no \.json file"):
        read_gold(tmp_path)


@pytest.mark.skipif(not SCORER.is_file(), reason="the second scorer is not beside the checkout")
def test_agrees_with_the_second_scorer(tmp_path, tagger):
    arner = tmp_path / "arner"
    arner.write_text(f"#!/bin/sh\nexec {sys.executable} -c 'from arner.cli import main; main()' \"$@\"\n", "utf-8")
    arner.chmod(arner.stat().st_mode | stat.S_IXUSR)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, SCORER, "seeds", "--arner", arner]
    printed = subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout

    golds = read_gold(SHARED / "gold" / "seeds")
    total: Score = score(
        [(g, [Span(e.start, e.end, e.label, e.ref) for e in tagger.tag(g.text).entities]) for g in golds]
    )
    micro = total.micro()
    assert f"micro: P {micro.precision:.3f} R {micro.recall:.3f} F1 {micro.f1:.3f}" in printed
    for label, count in total.exact.items():
        assert f"{label}: P {count.precision:.3f} R {count.recall:.3f} F {count.f1:.3f}  (gold {count.gold})" in printed
    assert f"refs right: {total.refs_right}/{total.refs} " in printed
