"""Words in, candidates out for the names that CAMeL Tools' neural recognizer finds among them.

The model labels whole words, with their proclitics, and signs; here its labels get spans of the source: proclitics
stay outside, signs at the ends too. Its MISC has no label of arner's and is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from arner import letters
from arner.camel.checkpoint import LABELS
from arner.document import Candidate, Evidence
from arner.engines import CAMEL
from arner.lexicon.schema import BITS
from arner.tokens import AL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from arner.tokens import Tokens, Word

_SIGNS: Final = sum(
    BITS[c] for c in (
        "comma", "stop-mark", "colon", "quote-open", "quote-close", "bracket-open", "bracket-close", "dash", "mark",
        "newline",
    )
)  # fmt: skip
_NEWLINE, _STOP, _LETTER, _UNKNOWN = (BITS[c] for c in ("newline", "stop-mark", "letter", "unknown"))
_CLITICS: Final = BITS["conjunction"] | BITS["preposition"]
_AND: Final = letters.code("و")
_DOT: Final = letters.code(".")
# «والزبيدي» is و and a name with its article; «كالن» and «والاس» are names.
_SURELY_ARTICLE: Final = 6


class Labeller(Protocol):
    """What labels the words of sentences, one label (or None) a word: `arner.camel.model.Model`."""

    def labels(self, sentences: Sequence[Sequence[str]]) -> list[list[str | None]]:
        """Return the labels of each sentence's words."""

    def fingerprint(self) -> bytes:
        """Return a hash of all that the labels depend on."""


class Span(NamedTuple):
    """Words first to last (exclusive) that the model takes for one name, its class and its labels."""

    first: int
    last: int
    label: str
    marks: str


class Camel:
    """The recognizer over a model; labels that `foresee` has asked for are kept until it is asked again."""

    def __init__(self, model: Labeller) -> None:
        self._model = model
        self._foreseen: dict[tuple[str, ...], list[str | None]] = {}

    def foresee(self, texts: Iterable[Tokens]) -> None:
        """Label the sentences of texts together, in full batches, so that each need not be labelled alone."""
        from arner.camel.model import OutOfMemoryError

        wanted = list(dict.fromkeys(_words(tokens, s) for tokens in texts for s in sentences(tokens)))
        try:
            self._foreseen = dict(zip(wanted, self._model.labels(wanted) if wanted else (), strict=True))
        except OutOfMemoryError:
            self._foreseen = {}  # the text that is too much is found when each is labelled alone

    def fingerprint(self) -> bytes:
        """Return a hash of all that its candidates depend on, beside arner's own code."""
        return self._model.fingerprint()

    def propose(self, tokens: Tokens) -> list[Candidate]:
        """Propose a candidate for each name, in the order of the text. Raises what the model raises."""
        found = list(sentences(tokens))
        words = [_words(tokens, sentence) for sentence in found]
        known = self._foreseen
        rest = [w for w in dict.fromkeys(words) if w not in known]
        known = known | dict(zip(rest, self._model.labels(rest), strict=True)) if rest else known
        spans = [
            span for sentence, key in zip(found, words, strict=True)
            for span in spans_of(sentence, known[key]) if LABELS[span.label]
        ]  # fmt: skip
        keys = {word.key for word in tokens.words} if spans else set()
        trimmed = (_trimmed(tokens, span) for span in spans)
        return [self._candidate(tokens, span, keys) for span in trimmed if span]

    def _candidate(self, tokens: Tokens, span: Span, keys: set[bytes]) -> Candidate:
        proclitic, offset = self._opening(tokens.words[span.first], keys)
        start, end = tokens.start(span.first) + offset, tokens.end(span.last - 1)
        label = LABELS[span.label] or ""
        evidence = (Evidence(CAMEL, span.marks, 0.0),)
        return Candidate(span.first, span.last, start, end, label, evidence, proclitic=proclitic)

    @staticmethod
    def _opening(word: Word, keys: set[bytes]) -> tuple[str, int]:
        """Return the proclitics to leave out before a name, and the code points they take.

        What the lexicon reads off is left out; of an unknown word, what leaves a word that stands in the text by
        itself, and what stands before an article.
        """
        if word.mask & _CLITICS:
            return word.head()[:2]
        if not word.mask & _UNKNOWN:
            return "", 0
        for stem, (proclitic, offset) in word.stems.items():
            if proclitic and (stem in keys or (stem.startswith(AL) and len(stem) >= _SURELY_ARTICLE)):
                return proclitic, offset
        return "", 0


def sentences(tokens: Tokens) -> Iterator[list[int]]:
    """Yield the words (by number) of each sentence: up to a stop, or a line's end; signs are words too."""
    sentence: list[int] = []
    words = tokens.words
    for i, word in enumerate(words):
        if word.mask & _NEWLINE:
            yield from _worth(words, sentence)
            sentence = []
            continue
        if word.key:
            sentence.append(i)
        if word.mask & _STOP and _ends(words, i):
            yield from _worth(words, sentence)
            sentence = []
    yield from _worth(words, sentence)


def _worth(words: list[Word], sentence: list[int]) -> Iterator[list[int]]:
    if any(not words[i].mask & _SIGNS for i in sentence):
        yield sentence


def _ends(words: list[Word], at: int) -> bool:
    """Return whether a stop ends a sentence: a dot behind a letter («د. محمد») or before a word («3.5») does not."""
    if words[at].key != _DOT:
        return True
    follows = at + 1 < len(words) and not words[at + 1].spaced and not words[at + 1].mask & _SIGNS
    return not follows and not (at and words[at - 1].mask & _LETTER)


def written(word: Word) -> str:
    """Return a word as newspapers write it: its letters as they are, without marks, tatweel and invisible signs."""
    body = word.raw[len(word.raw) - word.trail - word.size : len(word.raw) - word.trail]
    text = letters.decode(body.translate(None, letters.IGNORED))
    for ligature, spelled in letters.LIGATURES.items():
        text = text.replace(ligature, spelled)
    return text


def _words(tokens: Tokens, sentence: Sequence[int]) -> tuple[str, ...]:
    return tuple(written(tokens.words[i]) for i in sentence)


def spans_of(sentence: Sequence[int], labels: Sequence[str | None]) -> Iterator[Span]:
    """Yield the names that labels mark. An I- that continues nothing begins a name; a word without label ends none.

    >>> [span[:3] for span in spans_of([4, 5, 6, 7], ["B-PERS", None, "I-PERS", "I-LOC"])]
    [(4, 7, 'PERS'), (7, 8, 'LOC')]
    """
    opened: list[tuple[int, str]] = []
    for at, label in [*zip(sentence, labels, strict=True), (-1, "O")]:
        if label is None:
            continue
        if opened and not (label[0] == "I" and label[2:] == opened[0][1][2:]):
            yield Span(opened[0][0], opened[-1][0] + 1, opened[0][1][2:], " ".join(mark for _, mark in opened))
            opened = []
        if label != "O":
            opened.append((at, label))


def _trimmed(tokens: Tokens, span: Span) -> Span | None:
    """Return a name without the signs, and the «و» that stands by itself, at its ends; None where nothing is left."""
    words = tokens.words
    first, last = span.first, span.last
    while first < last and (words[first].mask & _SIGNS or (words[first].key == _AND and last - first > 1)):
        first += 1
    while last > first and words[last - 1].mask & _SIGNS:
        last -= 1
    return span._replace(first=first, last=last) if last > first else None
