"""The fitted recognizer: its fast sums and its search against slow and obvious ones, and what it never looks at."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import letters
from arner.lexicon.schema import BITS
from arner.recognizers import features, gazetteer, packed, runs

SIZE = len(packed.LABELS)
LETTERS = {"O": 0, "B-PER": 1, "I-PER": 2, "B-ORG": 3, "I-ORG": 4, "B-LOC": 5, "I-LOC": 6}


def test_labels_have_the_numbers_that_these_tests_use():
    assert {name: at for at, name in enumerate(packed.LABELS)} == LETTERS


weights = st.lists(st.integers(-3000, 3000), min_size=SIZE, max_size=SIZE)


@given(one=weights, other=weights)
def test_sum_of_packs_is_the_pack_of_sums(one, other):
    assert packed.unpack(packed.pack(one) + packed.pack(other)) == tuple(map(sum, zip(one, other, strict=True)))


def may_follow(before, now):
    return packed.LABELS[now][0] != "I" or packed.LABELS[before] in (packed.LABELS[now], "B" + packed.LABELS[now][1:])


def worth(chain, emissions, moves):
    """Return the points of a chain between plain words, or None where it is no chain of names."""
    steps = list(zip((0, *chain), (*chain, 0), strict=True))
    if not all(may_follow(*step) for step in steps):
        return None
    moved = sum(moves[before][now] for before, now in steps)
    return moved + sum(points[label] for points, label in zip(emissions, chain, strict=True))


# Points of O are 0; where another label is within reach of it the search must be exact.
others = st.lists(st.integers(-runs.LEAD, 2 * runs.LEAD), min_size=SIZE - 1, max_size=SIZE - 1)
open_points = others.map(lambda points: [0, *points])
move_points = st.lists(st.lists(st.integers(-200, 200), min_size=SIZE, max_size=SIZE), min_size=SIZE, max_size=SIZE)


@given(emissions=st.lists(open_points, min_size=1, max_size=3), moves=move_points)
def test_best_chain_is_the_best_of_all_chains(emissions, moves):
    found = runs._viterbi([packed.pack(points) for points in emissions], moves)
    chains = product(range(SIZE), repeat=len(emissions))
    best = max(value for chain in chains if (value := worth(chain, emissions, moves)) is not None)
    assert worth(found, emissions, moves) == best


@given(emissions=st.lists(open_points, min_size=1, max_size=4), moves=move_points)
def test_words_that_are_surely_plain_part_the_text_into_stretches(emissions, moves):
    plain = [0] + [-runs.LEAD - 1] * (SIZE - 1)
    flat = [packed.pack(points) for points in emissions]
    apart = runs._viterbi([*flat, packed.pack(plain), *flat], moves)
    alone = runs._viterbi(flat, moves)
    assert apart == [*alone, 0, *alone]


@given(points=st.lists(st.integers(-4 * runs.LEAD, 4 * runs.LEAD), min_size=SIZE - 1, max_size=SIZE - 1))
def test_open_words_are_those_that_can_be_something(points):
    assert bool(runs.open_words([packed.pack([0, *points])])) == (max(points) >= -runs.LEAD)


@pytest.mark.parametrize(
    ("chain", "found"),
    [
        ("O B-PER I-PER O", [(1, 3, "PER")]),
        ("B-PER B-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("B-PER I-ORG", [(0, 1, "PER"), (1, 2, "ORG")]),
        ("I-LOC I-LOC", [(0, 2, "LOC")]),
        ("O O", []),
    ],
)
def test_spans_of_a_chain(chain, found):
    assert runs.spans([LETTERS[name] for name in chain.split()]) == found


def trimmed(tagger, text, chain):
    words = tagger.words.tokens(letters.encode(text)).words[: len(chain)]
    return "".join("x" if label else "." for label in runs._trimmed(chain, words))


@pytest.mark.parametrize(
    ("text", "chain", "due"),
    [
        ("« خالد »", [1, 2, 2], ".x."),
        ("خالد ، الطيار .", [1, 2, 2, 2], "xxx."),
        ("خالد \n", [1, 2], "x."),
        ("( خالد ( الطيار )", [1, 2, 2, 2, 2], ".xxxx"),
        (". ،", [1, 2], ".."),
        ("خالد الطيار", [1, 2], "xx"),
    ],
)
def test_names_neither_begin_nor_end_with_signs(tagger, text, chain, due):
    assert trimmed(tagger, text, chain) == due


TEXT = "قال محمد الطيار إن الرباط، عاصمة المغرب، جميلة. وأعلن مكتب التحقيقات الفيدرالي ذلك"
LINES = [
    "kind\tfeature\tweights",
    "word\tc=given\t0/B-PER=320 1/I-PER=-40 -1/B-PER=77 2/O=9 -2/B-LOC=-5",
    "word\tc=say\t0/O=100 -1/B-PER=250 -2/I-PER=30",
    "word\tc=comma\t0/O=50 1/I-ORG=-60",
    "word\tg=B-ORG\t0/B-ORG=400 -1/I-ORG=20",
    "word\tg=I-ORG\t0/I-ORG=300",
    "word\tl=5\t0/I-PER=33 1/B-LOC=-12",
    "here\tsay given\tB-PER=11 O=-7",
    "after\tgiven family\tI-PER=41",
    "move\tO\tB-PER=-20",
    "move\tB-PER\tI-PER=64 O=5",
]


def slow_emissions(words, tags):
    """Add up the weights of every word's features one by one, over those of O."""
    rows = (line.split("\t") for line in LINES[1:])
    table = {(kind, name): dict(w.split("=") for w in listed.split()) for kind, name, listed in rows}
    order = (*features.ORDER, "other")
    total = [[0] * SIZE for _ in words]
    for at, word in enumerate(words):
        names = [*features.mask_features(word.mask), *features.word_features(word)]
        names += [f"g={t}" for t in (*tags[at].split("|"), "=" + tags[at])] if tags[at] else []
        for name in names:
            for where, weight in table.get(("word", name), {}).items():
                # A word at offset -1 of another stands before it.
                offset, label = where.split("/")
                if 0 <= at - int(offset) < len(words):
                    total[at - int(offset)][LETTERS[label]] += int(weight)
        for kind, place in (("here", at), ("after", at + 1)):
            if at + 1 < len(words):
                pair = " ".join(order[features.coarse(w.mask)] for w in words[at : at + 2])
                for label, weight in table.get((kind, pair), {}).items():
                    total[place][LETTERS[label]] += int(weight)
    return [tuple(value - points[0] for value in points) for points in total]


def test_fast_sums_are_the_slow_sums(tagger):
    tokens = tagger.words.tokens(letters.encode(TEXT))
    for word in tokens.words:
        word.vectors = None
    recognizer = runs.Runs(packed.weights_table("\n".join(LINES)).get)
    tags = features.phrase_tags(list(gazetteer.matches(tagger.words, tokens)), len(tokens.words))
    assert "B-ORG" in " ".join(tags)
    fast = recognizer.emissions(tokens.words, tags)
    for word in tokens.words:
        word.vectors = None
    assert [packed.unpack(points) for points in fast] == slow_emissions(tokens.words, tags)


def test_moves_of_the_table_are_used_and_a_name_cannot_begin_inside():
    recognizer = runs.Runs(packed.weights_table("\n".join(LINES)).get)
    moves = recognizer._moves
    assert moves[LETTERS["B-PER"]][LETTERS["I-PER"]] == 64
    assert moves[LETTERS["O"]][LETTERS["B-PER"]] == -20
    assert moves[LETTERS["O"]][LETTERS["I-PER"]] < -1000


def test_unknown_row_of_the_table_is_said():
    with pytest.raises(ValueError, match="unknown row 'wrd'"):
        packed.weights_table("kind\tfeature\tweights\nwrd\tx\tO=1")


def test_no_feature_is_a_name_itself(tagger):
    for name in ("حموشي", "الرباط", "بوريطة", "كريستوفر"):
        word = tagger.words.tokens(letters.encode(name)).words[0]
        assert word.mask & (BITS["family"] | BITS["loc"] | BITS["given"] | BITS["family-weak"] | BITS["given-weak"])
        assert not [f for f in features.word_features(word) if f.startswith("w=")]


def test_run_that_is_too_long_for_a_name_is_not_proposed(tagger):
    tokens = tagger.words.tokens(letters.encode("محمد " * 60))
    for size, proposed in ((runs.LONGEST, 1), (runs.LONGEST + 1, 0)):
        chain = [1, *[2] * (size - 1), *[0] * (len(tokens.words) - size)]
        assert len(runs.propose(runs.Reading(chain, [], []), tokens)) == proposed


def test_odds_of_a_span_are_the_points_that_its_labels_have_over_plain_text():
    moves = [[0] * SIZE for _ in range(SIZE)]
    moves[LETTERS["B-PER"]][LETTERS["I-PER"]] = packed.SCALE
    emissions = [packed.pack([0, 2 * packed.SCALE, *[0] * 5]), packed.pack([0, 0, packed.SCALE, *[0] * 4])]
    reading = runs.Reading([0, 0], emissions, moves)
    assert reading.odds(0, 2, "PER") == 4
    assert reading.odds(0, 1, "PER") == 2
    assert reading.odds(0, 2, "LOC") == 0


def test_empty_text_has_no_chain(tagger):
    assert tagger.runs.read([], []).chain == []
