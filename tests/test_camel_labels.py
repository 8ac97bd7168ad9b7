"""Labels of a neural model as candidates, votes and evidence, as far as they go without torch."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arner import engines
from arner.camel import model
from arner.camel.checkpoint import LABELS
from arner.camel.morphology import Morphology
from arner.decide import LIKELY
from arner.document import Candidate, Evidence
from arner.engines import EngineError
from arner.recognizers.camel import Camel, sentences, spans_of, written
from arner.weigh import probability


class Told:
    """A labeller that knows the labels of words by heart, and counts how often it is asked."""

    def __init__(self, **labels):
        self.table = labels
        self.asked = []

    def labels(self, sentences):
        self.asked.append(len(sentences))
        return [[self.table.get(word, "O") for word in words] for words in sentences]

    def fingerprint(self):
        return b"told"


def proposed(tagger, text, **labels):
    tokens = tagger.propose(text).tokens
    found = Camel(Told(**labels)).propose(tokens)
    return [(text[c.start : c.end], c.label, c.proclitic) for c in found]


# --- words, sentences, labels ----------------------------------------------------------------------------------------


def text_of(tagger, text):
    tokens = tagger.propose(text).tokens
    return [" ".join(written(tokens.words[i]) for i in sentence) for sentence in sentences(tokens)]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("وصل الوفد. عاد الوفد؟ نعم!", ["وصل الوفد .", "عاد الوفد ؟", "نعم !"]),
        ("عنوان\nوصل الوفد", ["عنوان", "وصل الوفد"]),
        ("قال د. محمد إن 3.5 منهم عادوا.", ["قال د . محمد إن 3 . 5 منهم عادوا ."]),
        ("مُحَمَّـــد\N{RIGHT-TO-LEFT MARK} والأمْنُ", ["محمد والأمن"]),
        ("<p>وصل <b>نا</b>صر</p>", ["وصل ناصر"]),
        ("ﷲ", ["الله"]),
        ("...\n\n؟", []),
        ("", []),
    ],
)
def test_sentences_are_words_as_newspapers_write_them(tagger, text, due):
    assert text_of(tagger, text) == due


@pytest.mark.parametrize(
    ("labels", "due"),
    [
        ("B-PERS I-PERS O", [(0, 2, "PERS")]),
        ("B-PERS B-PERS O", [(0, 1, "PERS"), (1, 2, "PERS")]),
        ("I-LOC I-LOC O", [(0, 2, "LOC")]),
        ("B-ORG I-LOC O", [(0, 1, "ORG"), (1, 2, "LOC")]),
        ("B-ORG - I-ORG", [(0, 3, "ORG")]),
        ("B-ORG - O", [(0, 1, "ORG")]),
        ("- - -", []),
        ("O O B-MISC", [(2, 3, "MISC")]),
    ],
)
def test_labels_become_spans(labels, due):
    given = [None if label == "-" else label for label in labels.split()]
    assert [span[:3] for span in spans_of(range(len(given)), given)] == due


PER, LOC, ORG = "B-PERS", "B-LOC", "B-ORG"


@pytest.mark.parametrize(
    ("text", "labels", "due"),
    [
        # Proclitics that the lexicon reads off, that the text or an article shows, and letters that belong to a name.
        ("وصل إلى بالرباط أمس", {"بالرباط": LOC}, [("الرباط", "LOC", "ب")]),
        ("قدم شكره للمغرب", {"للمغرب": LOC}, [("لمغرب", "LOC", "ل")]),
        ("زار وجدة", {"وجدة": LOC}, [("وجدة", "LOC", "")]),
        ("جاء زغزوغ. قال وزغزوغ", {"وزغزوغ": PER}, [("زغزوغ", "PER", "و")]),
        ("قال وزغزوغ", {"وزغزوغ": PER}, [("وزغزوغ", "PER", "")]),
        ("قال والزغزوغي", {"والزغزوغي": PER}, [("الزغزوغي", "PER", "و")]),
        # Signs at the ends stay outside; inside they stay.
        ("قال «زغزوغ» أمس", {"«": PER, "زغزوغ": "I-PERS", "»": "I-PERS"}, [("زغزوغ", "PER", "")]),
        ("قال ، أمس", {"،": PER}, []),
        ("في زغزوغ-لهان", {"زغزوغ": LOC, "-": "I-LOC", "لهان": "I-LOC"}, [("زغزوغ-لهان", "LOC", "")]),
        ("قال و زغزوغ", {"و": PER, "زغزوغ": "I-PERS"}, [("زغزوغ", "PER", "")]),
        # Marks and tatweel belong to their word.
        ("قال زغـزوغٌ أمس", {"زغزوغ": PER}, [("زغـزوغٌ", "PER", "")]),
        # What arner has no label for.
        ("فاز بكأس العرب", {"بكأس": "B-MISC", "العرب": "I-MISC"}, []),
    ],
)
def test_labels_get_spans_of_the_source(tagger, text, labels, due):
    assert proposed(tagger, text, **labels) == due


@given(
    st.text("ابل ولم.،«»\n-ّـزغ", max_size=60),
    st.lists(st.sampled_from(["O", PER, "I-PERS", LOC, "I-LOC", ORG, "B-MISC", None]), min_size=1, max_size=9),
)
def test_whatever_the_labels_spans_hold_a_word_and_begin_and_end_in_words(tagger, text, labels):
    class Any(Told):
        def labels(self, sentences):
            return [[labels[i % len(labels)] for i in range(len(words))] for words in sentences]

    found = Camel(Any()).propose(tagger.propose(text).tokens)
    for c in found:
        name = text[c.start : c.end]
        assert name
        assert name[0] not in " .،«»\n-ّ"
        assert name.rstrip("ّ")[-1] not in " .،«»\n-"
    assert all(a.last <= b.first for a, b in pairwise(found))


# --- windows and memory ----------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(["ا", "،", "."]), st.integers(0, 9)), max_size=60), st.integers(1, 12))
def test_no_part_is_longer_than_the_window_and_no_word_is_lost_or_cut(words, room):
    texts, sizes = [w for w, _ in words], [size for _, size in words]
    parts = list(model.windows(texts, sizes, room))
    assert all(0 < sum(sizes[i] for i in part) <= room for part in parts)
    assert [i for part in parts for i in part] == [i for i, size in enumerate(sizes) if 0 < size <= room]


def test_long_sentence_is_cut_behind_a_pause_if_one_is_near_else_between_words():
    words = ["ا"] * 20
    assert list(map(len, model.windows(words, [1] * 20, room=8))) == [8, 8, 4]
    words[5] = "،"
    assert list(map(len, model.windows(words, [1] * 20, room=8))) == [6, 8, 6]
    words[5], words[1] = "ا", "،"
    assert list(map(len, model.windows(words, [1] * 20, room=8))) == [8, 8, 4]


class Small:
    """A recognizer with room for so many sentences at a time, and for sentences of so many words."""

    def __init__(self, sentences, words=99, error=None):
        self.most, self.words = sentences, words
        self.error = error or MemoryError()
        self.tokenizer = self
        self.done = []

    def tokenize(self, word):
        return [word] * (word != "-")

    def predict(self, sentences, batch_size):
        assert batch_size == len(sentences)
        if len(sentences) > self.most or any(len(s) > self.words for s in sentences):
            raise self.error
        self.done.append(len(sentences))
        return [[f"B-{word}" for word in words] for words in sentences]


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes"),
    ],
)
def test_out_of_memory_halves_the_batch_and_goes_on(error):
    recognizer = Small(5, error=error)
    wanted = [[str(n), "-"] for n in range(40)]
    assert model.Model(recognizer, Path(), "cpu").labels(wanted) == [[f"B-{n}", None] for n in range(40)]
    assert recognizer.done == [4] * 10


def test_sentence_that_does_not_fit_alone_is_said():
    with pytest.raises(EngineError, match="no memory to label a sentence of 9 words on the cpu"):
        model.Model(Small(5, words=8), Path(), "cpu").labels([["a"], ["b"] * 9])


def test_other_errors_of_the_model_are_not_taken_for_memory():
    with pytest.raises(RuntimeError, match="mat1 and mat2"):
        model.Model(Small(0, error=RuntimeError("mat1 and mat2")), Path(), "cpu").labels([["a"]])


def test_texts_are_labelled_together_and_one_that_fails_alone(tagger):
    texts = [tagger.propose(text).tokens for text in ("قال زغزوغ.", "عاد زغزوغ. قال.", "قال زغزوغ.")]
    told = Told(زغزوغ=PER)
    camel = Camel(told)
    camel.foresee(texts)
    assert told.asked == [3]  # four sentences, two of them the same
    assert [len(camel.propose(tokens)) for tokens in texts] == [1, 1, 1]
    assert told.asked == [3]
    camel = Camel(model.Model(Small(5, words=3), Path(), "cpu"))
    camel.foresee([*texts, tagger.propose("قال زغزوغ أمس إن.").tokens])
    with pytest.raises(EngineError, match="no memory"):
        camel.propose(tagger.propose("قال زغزوغ أمس إن.").tokens)


# --- union and vote --------------------------------------------------------------------------------------------------


def candidate(first, last, label, *recognizers, points=1.0):
    evidence = tuple(Evidence(name, "x", 0.0) for name in recognizers)
    return Candidate(first, last, first * 10, last * 10, label, evidence, points=points)


def test_vote_keeps_what_shares_a_word_and_the_label():
    ours = [candidate(*c, "runs") for c in ((0, 2, "PER"), (3, 4, "LOC"), (5, 8, "ORG"), (9, 10, "LOC"))]
    theirs = [candidate(*c, "camel") for c in ((0, 2, "PER"), (3, 4, "ORG"), (4, 6, "ORG"), (7, 8, "ORG"))]
    kept = engines.vote(ours, theirs)
    assert [(c.first, c.last, [e.note for e in c.evidence]) for c in kept] == [
        (0, 2, ["", ""]), (5, 8, ["", "overlaps, at [40:60]"]),
    ]  # fmt: skip
    assert [engines.found_by_camel(c) for c in kept] == [True, False]


def test_union_gives_what_camel_found_at_least_the_points_of_camel_alone():
    given = [candidate(0, 1, "PER", "camel", points=-9.0), candidate(1, 2, "PER", "runs", points=-9.0)]
    given += [candidate(2, 3, "LOC", "runs", "camel", points=5.0)]
    assert [c.points for c in engines.lift(given)] == [engines.ALONE, -9.0, 5.0]
    assert 0 < engines.ALONE < LIKELY
    assert round(probability(engines.ALONE), 2) == 0.67


def test_every_class_of_camels_has_a_label_or_is_dropped_openly():
    assert {name for name, label in LABELS.items() if label is None} == {"MISC"}


# --- morphology ------------------------------------------------------------------------------------------------------


class Analyzer:
    """An analyzer that knows a few words: their parts of speech and what is split off."""

    KNOWN: ClassVar = {
        "وأكد": [("verb", "wa_conj", "0")],
        "بالرباط": [("noun_prop", "0", "bi_prep")],
        "وليد": [("noun_prop", "0", "0"), ("adj", "0", "0")],
        "وزغزوغ": [("noun", "wa_conj", "0")],
        "والزغزوغي": [("noun", "0", "0")],
        "أحمد": [("noun_prop", "0", "0"), ("verb", "0", "0")],
    }

    def analyze(self, word):
        if word.isdigit():
            return [{"pos": "digit", "source": "digit"}]
        return [{"pos": pos, "prc2": two, "prc1": one, "source": "lex"} for pos, two, one in self.KNOWN.get(word, [])]


@pytest.mark.parametrize(
    ("word", "proclitic", "due"),
    [
        ("وأكد", "و", ["this split", "only a verb"]),
        ("وأكد", "", ["no such split", "only a verb"]),
        ("بالرباط", "ب", ["this split", "a name"]),
        ("وليد", "", ["a name"]),
        ("وليد", "و", ["no such split", "a name"]),
        ("أحمد", "", []),
        ("زغزوغ", "", []),
        ("2026", "", []),
    ],
)
def test_analyses_are_evidence_on_clitics_and_on_verbs(tagger, word, proclitic, due):
    tokens = tagger.propose(word).tokens
    one = Candidate(0, 1, 0, len(word), "PER", (), proclitic=proclitic)
    morphology = Morphology(Analyzer(), Path())
    (judged,) = morphology.judge(tokens, [one])
    assert [e.source for e in judged.evidence] == due
    assert all(f"morphology {source}" in engines.POINTS for source in due)
    assert morphology.judge(tokens, [judged]) == [judged]


@pytest.mark.parametrize(
    ("word", "proclitic", "ref", "due"),
    [
        ("وزغزوغ", "", None, (1, "و")),
        ("وزغزوغ", "و", None, (1, "و")),
        ("وزغزوغ", "", "per/x", (0, "")),  # a list says where the name begins
        ("والزغزوغي", "و", None, (0, "")),
        ("وليد", "", None, (0, "")),
        ("زغزوغ", "", None, (0, "")),
    ],
)
def test_analyses_settle_where_a_name_begins_that_opens_with_an_unknown_word(tagger, word, proclitic, ref, due):
    tokens = tagger.propose(word).tokens
    one = Candidate(0, 1, len(proclitic), len(word), "PER", (), proclitic=proclitic, ref=ref)
    (judged,) = Morphology(Analyzer(), Path()).judge(tokens, [one])
    assert (judged.start, judged.proclitic) == due
