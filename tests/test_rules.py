"""The rules: every one fires on its examples and on nothing else of them; broken ones are refused by name."""

from __future__ import annotations

import random
from functools import cache
from importlib import resources
from pathlib import Path
from time import process_time

import pytest

from arner import letters
from arner.lexicon import load
from arner.lexicon.schema import BITS
from arner.recognizers import patterns
from arner.recognizers.patterns import RuleError
from arner.recognizers.rules import Rules
from arner.tokens import Words

RULES = patterns.built_in()
FILES = sorted(Path(str(resources.files("arner") / "rules")).glob("*.toml"))
RULE_FILES = [f for f in FILES if f.name != "classes.toml"]
GROUPS = patterns.read_groups(next(f for f in FILES if f.name == "classes.toml").read_text("utf-8"))
ENTRY = {
    "id": "x",
    "label": "PER",
    "pattern": "say < name{1,3} >",
    "why": "a reason",
    "examples": ["قال [[أدونيس]]"],
    "counterexamples": ["قال"],
}


@cache
def words() -> Words:
    return Words(load.built_in())


def fired(rules: Rules, text: str) -> list[tuple[int, int]]:
    return [(c.start, c.end) for c in rules.propose(words().tokens(letters.encode(text)))]


def rule(pattern: str, **changes: object) -> patterns.Rule:
    return patterns.parse({**ENTRY, "pattern": pattern, **changes}, GROUPS)


def taken(pattern: str, text: str) -> list[str]:
    return [text[s:e] for s, e in fired(Rules((rule(pattern),)), text)]


@pytest.mark.parametrize("one", RULES, ids=lambda r: r.id)
def test_every_example_fires_its_rule_once_and_at_the_marks(one: patterns.Rule) -> None:
    alone = Rules((one,))
    assert len(one.examples) >= 2
    for (text, start, end), marked in zip(patterns.examples(one.examples), one.examples, strict=True):
        assert marked.count("[[") == marked.count("]]") == 1, marked
        got = [text[s:e] for s, e in fired(alone, text)]
        assert fired(alone, text) == [(start, end)], f"{marked}: got {got}; has the lexicon learned a word of it?"


@pytest.mark.parametrize("one", RULES, ids=lambda r: r.id)
def test_no_counterexample_fires_its_rule(one: patterns.Rule) -> None:
    alone = Rules((one,))
    for text in one.counterexamples:
        assert not fired(alone, text), f"{text}: got {[text[s:e] for s, e in fired(alone, text)]}"


def test_every_file_is_loaded_and_its_rules_are_in_order() -> None:
    named = [[r.id for r in patterns.load(f.read_text("utf-8"), GROUPS)] for f in RULE_FILES]
    assert [i for ids in named for i in ids] == [r.id for r in RULES]
    assert all(named)
    for file, ids in zip(RULE_FILES, named, strict=True):
        assert ids == sorted(ids), f"{file.name}: sort the rules by id"
    assert len({r.id for r in RULES}) == len(RULES)
    assert len({(r.label, r.pattern) for r in RULES}) == len(RULES), "two rules have one pattern"


def test_every_group_is_used() -> None:
    used = " ".join(f.read_text("utf-8").partition("[classes]")[2] or f.read_text("utf-8") for f in FILES)
    unused = [name for name in GROUPS if name not in (*BITS, "anything", "inflected") and used.count(name) < 2]
    assert not unused


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pattern": "say < nmae >"}, "unknown class 'nmae'"),
        ({"pattern": "say < name-!nmae >"}, "unknown class 'nmae'"),
        ({"pattern": "say < anything-!name >"}, "'name' is more than classes and words"),
        ({"pattern": "say name"}, "mark what is taken"),
        ({"pattern": "say < name > < name >"}, "mark what is taken"),
        ({"pattern": "say > name <"}, "mark what is taken"),
        ({"pattern": "say < >"}, "mark what is taken"),
        ({"pattern": "say? < name >"}, "the first element"),
        ({"pattern": "say < name? name >"}, "the first behind <"),
        ({"pattern": "say < name{3,1} >"}, "the count of 'name{3,1}'"),
        ({"pattern": "say < name{1,9} >"}, "the count of 'name{1,9}'"),
        ({"label": "PERSON"}, "label 'PERSON'"),
        ({"kind": "club"}, "kind 'club'"),
        ({"why": ""}, "why is missing"),
        ({"examples": []}, "examples is missing"),
        ({"counterexamples": []}, "counterexamples is missing"),
        ({"points": 1.0}, "unknown key 'points'"),
    ],
)
def test_a_broken_rule_is_refused_by_name(changes: dict[str, object], message: str) -> None:
    with pytest.raises(RuleError) as raised:
        patterns.parse({**ENTRY, "id": "per.broken", **changes}, GROUPS)
    assert "rule per.broken: " in str(raised.value)
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        # Proclitics: where the element says so, and outside the span.
        ("'في' < loc >", "في الرباط", ["الرباط"]),
        ("'في' < loc >", "في بالرباط", []),
        ("'في' < any:loc >", "في بالرباط", ["الرباط"]),
        ("loc < and:loc >", "الرباط وفاس", ["فاس"]),
        ("loc < and:loc >", "الرباط بفاس", []),
        ("loc < in:loc >", "الرباط بفاس", ["فاس"]),
        ("loc < for:loc >", "الرباط بفاس", []),
        ("loc < for:loc >", "الرباط لفاس", ["فاس"]),
        ("loc < to:loc >", "الرباط كفاس", ["فاس"]),
        ("< loc >", "والمغرب للمغرب", ["المغرب", "لمغرب"]),
        # An unknown word stands for itself, and for what is behind its first letter where that is asked for.
        ("loc < unknown >", "الرباط وقزخثض", ["وقزخثض"]),
        ("loc < and:unknown >", "الرباط وقزخثض", ["قزخثض"]),
        ("loc < in:unknown >", "الرباط وقزخثض", []),
        ("loc < in:unknown >", "الرباط بقزخثض", ["قزخثض"]),
        ("loc < unknown-!inflected >", "الرباط قزخثضها", []),
        ("loc < unknown-!inflected >", "الرباط قزخثضا\N{ARABIC FATHATAN}", []),
        ("loc < unknown-!inflected >", "الرباط قزخثضة", ["قزخثضة"]),
        # The article.
        ("say < the:noun >", "قال رأي قال الرأي", ["الرأي"]),
        ("say < bare:noun >", "قال رأي قال الرأي", ["رأي"]),
        ("say < 'رأي' >", "قال رأي قال الرأي", ["رأي", "الرأي"]),
        # What is taken out, and alternatives.
        ("say < noun-!'رأي|فكرة' >", "قال رأي قال كتاب", ["كتاب"]),
        ("say < loc/the:noun >", "قال الرباط قال رأي قال الرأي", ["الرباط", "الرأي"]),
        # As many words as leave a match for the rest; borders of the text are line ends.
        ("< digits{1,3} > digits", "1 2 3 4 5", ["1 2 3", "2 3 4", "3 4", "4"]),
        ("< digits > digits? comma", "1 2 ،", ["1", "2"]),
        ("newline < digits+ > newline", "1 2\n3", ["1 2", "3"]),
        ("< digits digits? latin* > comma", "1 2 Aa Bb ،", ["1 2 Aa Bb", "2 Aa Bb"]),
    ],
)
def test_the_language(pattern: str, text: str, expected: list[str]) -> None:
    assert taken(pattern, text) == expected


def test_a_form_that_a_family_bears_is_also_read_as_a_verb() -> None:
    """«وأكد» is listed as a name; after it stands who speaks all the same."""
    assert taken("say < loc >", "وأكد الرباط") == ["الرباط"]
    assert taken("anything-!role < loc >", "وزير الرباط") == []


def test_rules_for_one_span_make_one_candidate_with_a_reason_each() -> None:
    first, second = rule("say < loc >", id="a", label="LOC", kind="city"), rule("< loc >", id="b", label="LOC")
    (one,) = Rules((first, second)).propose(words().tokens(letters.encode("قال الرباط")))
    assert sorted(e.source for e in one.evidence) == ["a", "b"]
    assert (one.kind, one.first, one.last) == ("city", 1, 2)


def slow(rules: tuple[patterns.Rule, ...], text: str) -> set[tuple[str, int, int]]:
    """Match by trying: the meaning of the language without the bits. Needs rules without proclitics."""
    masks = [w.mask if w.size else BITS["newline"] for w in words().tokens(letters.encode(text)).words]
    masks = [BITS["newline"], *masks]
    found = set()

    def match(one: patterns.Rule, index: int, at: int, opened: int, closed: int) -> tuple[int, int] | None:
        opened = at if index == one.opens else opened
        closed = at if index == one.closes else closed
        if index == len(one.elements):
            return opened, closed
        element = one.elements[index]
        count = 0
        while count < element.most and at + count < len(masks) and any(
            masks[at + count] & t.some and not masks[at + count] & t.none for t in element.checks
        ):
            count += 1
        tries = (match(one, index + 1, at + n, opened, closed) for n in range(count, element.least - 1, -1))
        return next((t for t in tries if t), None)

    for one in rules:
        for at in range(len(masks)):
            if span := match(one, 0, at, -1, -1):
                found.add((one.id, span[0] - 1, span[1] - 1))
    return found


def test_the_bits_mean_what_trying_means() -> None:
    chance = random.Random(7)  # noqa: S311
    names = ("digits", "comma", "latin", "newline", "digits|comma", "latin|digits")
    counts = ("", "", "?", "*", "+", "{1,2}", "{0,3}", "{2,3}")
    rules = []
    for number in range(300):
        parts = [chance.choice(names) + chance.choice(counts) for _ in range(chance.randint(1, 5))]
        opens = chance.randrange(len(parts))
        closes = chance.randint(opens, len(parts) - 1)
        parts[opens] = "<" + " " + parts[opens]
        parts[closes] += " >"
        try:
            rules.append(rule(" ".join(parts), id=f"r{number}"))
        except RuleError:
            continue
    assert len(rules) > 100
    ready = Rules(tuple(rules))
    for _ in range(60):
        text = " ".join(chance.choice(("1", "2", "،", "xx", "\n")) for _ in range(chance.randint(1, 14)))
        got = {
            (e.source, c.first, c.last)
            for c in ready.propose(words().tokens(letters.encode(text)))
            for e in c.evidence
        }
        assert got == slow(tuple(rules), text), text


def test_spans_of_any_text_stand_in_it_and_never_begin_with_a_sign() -> None:
    chance = random.Random(11)  # noqa: S311
    known = [w for r in RULES for text, _, _ in patterns.examples(r.examples) for w in text.split()]
    ready = Rules(RULES)
    for _ in range(300):
        signs = ("\n", "،", "«", "»", "(", ")", "وبال", "و", "لل", "\N{RIGHT-TO-LEFT MARK}")
        parts = chance.choices((*known, *signs), k=12)
        text = chance.choice((" ", "")).join(parts)
        for c in ready.propose(words().tokens(letters.encode(text))):
            assert 0 <= c.start < c.end <= len(text)
            assert text[c.start].isalnum(), text[c.start : c.end]


def test_a_hostile_text_takes_linear_time() -> None:
    """A text of words with which every rule could go on: eight times the words, not 64 times the time."""
    ready = Rules(RULES)
    times = []
    for count in (2_500, 20_000):
        tokens = words().tokens(letters.encode("وزير " * count + "محمد " * count))
        start = process_time()
        assert ready.propose(tokens)
        times.append(process_time() - start)
    assert times[1] < 24 * times[0]
