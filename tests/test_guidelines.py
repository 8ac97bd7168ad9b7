"""Whose rules for what a name is are followed: arner's own, or those of a corpus."""

from __future__ import annotations

import json
import pickle

import pytest

from arner import Engine, Tagger
from command_line import arner, contents, tree

# By arner's rules the ministry and the army are organisations; ANERcorp has them unlabelled.
TEXT = "قال كوفي عنان إن وزارة الخارجية الأمريكية نفت ذلك، وإن الجيش الاسرائيلي غادر بيروت أمس."


def organisations(found):
    return [e["text"] for e in found["entities"] if e["label"] == "ORG"]


def test_guidelines_decide_what_a_name_is():
    own, theirs = (
        json.loads(arner("tag", *options, "-f", "jsonl", stdin=TEXT.encode()).out)
        for options in ([], ["--guidelines", "anercorp"])
    )
    assert organisations(own) == ["وزارة الخارجية الأمريكية", "الجيش الاسرائيلي"]
    assert organisations(theirs) == []
    for found in (own, theirs):
        assert [e["text"] for e in found["entities"] if e["label"] != "ORG"] == ["كوفي عنان", "بيروت"]


def test_every_guidelines_have_weights_of_their_own():
    from arner.engines import GUIDELINES

    found = {name: Tagger(engine=Engine(guidelines=name)) for name in GUIDELINES}
    assert len({frozenset(t.weights.named.items()) for t in found.values()}) == len(GUIDELINES)
    words = next(iter(found.values())).propose(TEXT).tokens.words
    assert len({tuple(t.runs.vectors(words[0])) for t in found.values()}) == len(GUIDELINES)


def test_a_tagger_keeps_its_guidelines_in_another_process():
    tagger = Tagger(engine=Engine(guidelines="anercorp"))
    assert pickle.loads(pickle.dumps(tagger)).tag(TEXT) == tagger.tag(TEXT)  # noqa: S301 -- our own


def test_runs_with_other_guidelines_are_not_resumed(tmp_path):
    folder = tree(tmp_path / "in", a=TEXT)
    arner("tag", folder, "-o", tmp_path / "out/")
    before = contents(tmp_path / "out")
    arner("tag", folder, "-o", tmp_path / "out/", "--resume", "--guidelines", "anercorp")
    assert contents(tmp_path / "out") != before


@pytest.mark.parametrize("command", ["tag", "explain", "report", "index", "score"])
def test_unknown_guidelines_are_named(tmp_path, command):
    folder = tree(tmp_path / "in", a=TEXT)
    done = arner(command, folder, "--guidelines", "mine")
    assert done.code == 2
    assert "'mine' is not one of 'arner', 'anercorp', 'cleananercorp'" in done.err


def test_score_tags_by_the_guidelines_and_takes_none_for_what_is_tagged(tmp_path):
    gold = tmp_path / "gold.conll"
    words = [w.strip("،.") for w in TEXT.split()]
    names = {"كوفي": "B-PER", "عنان": "I-PER", "بيروت": "B-LOC"}
    gold.write_text("".join(f"{w}\t{names.get(w, 'O')}\n" for w in words) + "\n", "utf-8")
    assert arner("score", gold, "--guidelines", "anercorp", "--floor", "1").code == 0
    assert arner("score", gold, "--floor", "1").code == 1
    done = arner("score", gold, tmp_path, "--guidelines", "anercorp")
    assert (done.code, done.lines) == (2, ["arner: --guidelines is for texts that are tagged now: leave PREDICTED out"])
