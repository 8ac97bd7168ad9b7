"""The sample documents and their gold: well formed, and tagged as well as `floors.toml` asks; so too the real seeds.

The real seeds stand in `../shared`, beside the checkout; without them their tests are skipped.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
import unicodedata
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from arner.document import LABELS
from arner.gold import read_gold
from arner.score import Span, score

if TYPE_CHECKING:
    from arner.document import Tagged
    from arner.tagger import Tagger

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "seeds"
SHARED = ROOT.parent / "shared"
FLOORS = Path(__file__).with_name("floors.toml")
FILES = sorted((SAMPLES / "gold").glob("*.json"))
REASONS = {
    "ad-slot", "share", "related", "navigation", "follow", "keywords", "copyright", "subscribe", "comments", "counter",
}  # fmt: skip

Gold = dict[str, Any]
Mention = dict[str, Any]


class Texts(NamedTuple):
    """Gold texts of one folder: each gold file with its tagged text, and the shares that the tagger reaches."""

    golds: list[Gold]
    tagged: list[Tagged]
    shares: dict[str, float]


def read(path: Path) -> Gold:
    gold: Gold = json.loads(path.read_text("utf-8"))
    return gold


def source_of(gold: Gold) -> str:
    return (SAMPLES / str(gold["doc"])).read_bytes().decode("utf-8")


def measure(tagger: Tagger, folder: Path, texts: Path) -> Texts:
    golds = read_gold(folder, texts)
    tagged = [tagger.tag(gold.text, gold.name) for gold in golds]
    spans = [[Span(e.start, e.end, e.label, e.ref) for e in t.entities] for t in tagged]
    total = score(zip(golds, spans, strict=True))
    files = [read(path) for path in sorted(folder.glob("*.json"))]
    assert [f["doc"] for f in files] == [g.name for g in golds]
    shares = {
        "f1": total.micro().f1,
        "refs": total.refs_right / total.refs,
        "chains": chains_right(files, tagged),
    }
    return Texts(files, tagged, shares)


def chains_right(golds: list[Gold], tagged: list[Tagged]) -> float:
    """Return the share of gold mentions that stand in the right predicted chain.

    A predicted chain belongs to the gold chain that has most of its mentions (the one met first, of equals). A gold
    mention is right where the tagger found it, label and borders, in a chain that belongs to the mention's own gold
    chain. So a missed mention is wrong, and so is the smaller part of a chain that joins two entities; an entity
    split into two chains is not counted against the tagger.
    """
    right = due = 0
    for gold, document in zip(golds, tagged, strict=True):
        predicted = {(e.start, e.end, e.label): e.chain for e in document.entities}
        pairs = [(mention["chain"], predicted_chain(mention, predicted)) for mention in gold["entities"]]
        votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for own, chain in pairs:
            if chain:
                votes[chain][own] += 1
        right += sum(votes[chain].most_common(1)[0][0] == own for own, chain in pairs if chain)
        due += len(pairs)
    return right / due


def predicted_chain(mention: Mention, predicted: dict[tuple[int, int, str], str]) -> str | None:
    borders = [(mention["start"], mention["end"]), *mention.get("alt", ())]
    return next((predicted[s, e, mention["label"]] for s, e in borders if (s, e, mention["label"]) in predicted), None)


@pytest.fixture(scope="module")
def samples(tagger: Tagger) -> Texts:
    return measure(tagger, SAMPLES / "gold", SAMPLES)


@pytest.fixture(scope="module")
def real(tagger: Tagger) -> Texts:
    gold, texts = SHARED / "gold" / "seeds", SHARED / "seeds"
    if not (gold.is_dir() and texts.is_dir()):
        pytest.skip("the real seeds (../shared/seeds and ../shared/gold/seeds) are not beside this checkout")
    return measure(tagger, gold, texts)


@pytest.fixture(scope="module")
def floors() -> dict[str, float]:
    return tomllib.loads(FLOORS.read_text("utf-8"))


def test_each_document_has_its_gold() -> None:
    assert FILES
    texts = {path.stem for path in SAMPLES.glob("*.txt")}
    assert {path.stem for path in FILES} == texts
    assert all(read(path)["doc"] == f"{path.stem}.txt" for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_hash_is_that_of_the_bytes(path: Path) -> None:
    gold = read(path)
    assert gold["sha256"] == hashlib.sha256((SAMPLES / gold["doc"]).read_bytes()).hexdigest()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_spans_slice_the_source(path: Path) -> None:
    gold = read(path)
    source = source_of(gold)
    for part in ("entities", "nested", "optional"):
        for mention in gold[part]:
            start, end, text = mention["start"], mention["end"], mention["text"]
            assert mention["label"] in LABELS
            assert source[start:end] == text == text.strip()
            assert not unicodedata.combining(text[0])
            assert not unicodedata.combining(source[end : end + 1] or " ")
            assert all(s < end and start < e for s, e in mention.get("alt", ()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_entities_are_sorted_and_apart(path: Path) -> None:
    gold = read(path)
    entities = gold["entities"]
    assert entities
    assert all(one["end"] <= two["start"] for one, two in pairwise(entities))
    for part in ("nested", "optional", "noise"):
        borders = [(m["start"], m["end"]) for m in gold[part]]
        assert borders == sorted(set(borders))
    for inner in gold["nested"]:
        assert any(e["start"] <= inner["start"] and inner["end"] <= e["end"] for e in entities), inner
    closed = [n for n in gold["noise"] if n["reason"] != "copyright"]
    assert not [e for e in entities if any(n["start"] < e["end"] and e["start"] < n["end"] for n in closed)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_chain_is_one_entity(path: Path) -> None:
    known: dict[str, tuple[str, str | None]] = {}
    for mention in read(path)["entities"]:
        who = (mention["label"], mention.get("ref"))
        assert known.setdefault(mention["chain"], who) == who
    refs = [ref for _, ref in known.values() if ref]
    assert len(refs) == len(set(refs))


def test_refs_are_in_the_gazetteers() -> None:
    listed = {
        line.partition("\t")[0]
        for folder in ("people", "orgs", "places")
        for table in (ROOT / "gazetteers" / folder).glob("*.tsv")
        for line in table.read_text("utf-8").split("\n")
    }
    used = {mention["ref"] for path in FILES for mention in read(path)["entities"] if "ref" in mention}
    assert used - listed == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_noise_of_the_gold_is_lines(path: Path) -> None:
    gold = read(path)
    source = source_of(gold)
    assert gold["noise"]
    for region in gold["noise"]:
        text = source[region["start"] : region["end"]]
        assert text
        assert text == text.strip()
        assert "\n" not in text
        assert region["reason"] in REASONS


def test_noise_is_marked(samples: Texts) -> None:
    for gold, tagged in zip(samples.golds, samples.tagged, strict=True):
        source = source_of(gold)
        due = {(n["start"], n["end"], n["reason"]) for n in gold["noise"]}
        marked = {(n.start, n.end, n.reason) for n in tagged.noise if n.reason != "markup"}
        assert [(gold["doc"], source[s:e], reason) for s, e, reason in sorted(due - marked)] == []
        assert [(gold["doc"], source[s:e], reason) for s, e, reason in sorted(marked - due)] == []


@pytest.mark.parametrize("share", ["f1", "refs", "chains"])
def test_samples_reach_their_floors(samples: Texts, floors: dict[str, float], share: str) -> None:
    assert samples.shares[share] >= floors[f"seeds_{share}"]


@pytest.mark.parametrize("share", ["f1", "refs", "chains"])
def test_real_seeds_reach_their_floors(real: Texts, floors: dict[str, float], share: str) -> None:
    assert real.shares[share] >= floors[f"real_seeds_{share}"]
