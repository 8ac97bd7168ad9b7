"""Words in, candidates out for runs of words that look like names, by weights learned on annotated text.

A linear chain over BIO labels: each word gives points to each label of its neighbours and itself, by what it is
(classes, shape, frequency; never which name it is), neighbouring classes and labels add theirs, and the best chain of
labels is found by Viterbi's algorithm. Weights are whole numbers, fitted by `fit/runs.py` and committed as
`weights/*/runs.tsv`.

The points of all labels are packed into one integer (`packed`); only words whose best label is not clearly O are ever
unpacked.
"""

from __future__ import annotations

import itertools
from operator import add
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.document import Candidate, Evidence
from arner.lexicon.schema import BITS
from arner.recognizers.features import CLASSES, coarse, mask_features, word_features
from arner.recognizers.packed import (
    AFTER,
    BANNED,
    BIAS,
    FIELD,
    FULL,
    HALF,
    HERE,
    LABELS,
    MOVES,
    SCALE,
    by_offset,
    numbers,
    unpack,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arner.tokens import Tokens, Word

NAME: Final = "runs"
# No name has more words: a longer run of names is a list without commas.
LONGEST: Final = 24
_PAIRED = tuple((BITS[f"{name}-open"], BITS[f"{name}-close"]) for name in ("bracket", "quote"))
_EDGE = sum(BITS[c] for c in ("newline", "comma", "stop-mark", "colon", "dash", "mark")) | sum(
    a | b for a, b in _PAIRED
)


class _Pairs(dict[int, int]):
    """The packed points of a pair of neighbouring classes, read from the table when first met."""

    def __init__(self, lookup: Callable[[bytes], bytes | None], kind: bytes) -> None:
        super().__init__()
        self._lookup, self._kind = lookup, kind

    def __missing__(self, pair: int) -> int:
        blob = self._lookup(self._kind + bytes(divmod(pair, CLASSES)))
        self[pair] = value = int.from_bytes(blob, "little", signed=True) if blob else 0
        return value


class Runs:
    """The fitted recognizer over a table of weights, made by `weights_table`; `lookup` gives a feature's, or None."""

    def __init__(self, lookup: Callable[[bytes], bytes | None]) -> None:
        self._lookup = lookup
        self._of_mask: dict[int, int] = {}
        self._coarse: dict[int, int] = {}
        self._tags: dict[str, tuple[int, ...]] = {}
        self._cache: dict[str, int] = {}
        self._pair_here = _Pairs(lookup, HERE)
        self._pair_after = _Pairs(lookup, AFTER)
        n = len(LABELS)
        moves = numbers(lookup(MOVES) or b"") or [0] * n * n
        self._moves = [moves[i * n : (i + 1) * n] for i in range(n)]

    def _weights(self, feature: str) -> int:
        try:
            return self._cache[feature]
        except KeyError:
            blob = self._lookup(feature.encode())
            found = int.from_bytes(blob, "little", signed=True) if blob else 0
            if len(self._cache) > 50_000:
                self._cache.clear()
            self._cache[feature] = found
            return found

    def vectors(self, word: Word) -> tuple[int, ...]:
        """Return the points that a word type gives to the labels of the words around it, one pack an offset."""
        total = self._of_mask.get(word.mask)
        if total is None:
            total = self._of_mask[word.mask] = sum(map(self._weights, mask_features(word.mask)))
        return by_offset(total + sum(map(self._weights, word_features(word))))

    def emissions(self, words: list[Word], tags: list[str]) -> list[int]:
        """Return the packed points of the labels of each word."""
        vectors = []
        classes = []
        coarse_of = self._coarse
        for word in words:
            vector = word.vectors
            if vector is None:
                vector = word.vectors = self.vectors(word)
            vectors.append(vector)
            number = coarse_of.get(word.mask)
            if number is None:
                number = coarse_of[word.mask] = coarse(word.mask)
            classes.append(number)
        a, b, c, d, e = zip(*vectors, strict=True)
        # A word at offset -1 of its neighbour speaks to the word after it, and so on.
        total = list(c)
        total[1:] = map(add, total[1:], b)
        total[2:] = map(add, total[2:], a)
        total[:-1] = map(add, total[:-1], d[1:])
        total[:-2] = map(add, total[:-2], e[2:])
        pairs = [x * CLASSES + y for x, y in itertools.pairwise(classes)]
        here, after = self._pair_here, self._pair_after
        total[:-1] = map(add, total[:-1], [here[p] for p in pairs])
        total[1:] = map(add, total[1:], [after[p] for p in pairs])
        for at, tag in enumerate(tags):
            if tag:
                for i, pack_ in zip((-2, -1, 0, 1, 2), self._tag(tag), strict=True):
                    if 0 <= at - i < len(total):
                        total[at - i] += pack_
        return total

    def _tag(self, tag: str) -> tuple[int, ...]:
        found = self._tags.get(tag)
        if found is None:
            parts = (*tag.split("|"), "=" + tag)
            found = self._tags[tag] = by_offset(sum(self._weights("g=" + part) for part in parts))
        return found

    def read(self, words: list[Word], tags: list[str]) -> Reading:
        """Return the best chain of labels for the words of a text."""
        if not words:
            return Reading([], [], self._moves)
        emissions = self.emissions(words, tags)
        return Reading(_trimmed(_viterbi(emissions, self._moves), words), emissions, self._moves)


# A word whose every other label is this far behind O is O whatever its neighbours are.
LEAD: Final = 3 * SCALE
_ONES: Final = sum(1 << (FIELD * i) for i in range(len(LABELS)))
_SIGNS: Final = sum(HALF << (FIELD * i) for i in range(1, len(LABELS)))
_THRESHOLD: Final = BIAS + LEAD * _ONES
_INSIDE: Final = tuple((i, LABELS.index("B" + name[1:])) for i, name in enumerate(LABELS) if name[0] == "I")
_BEGINS: Final = tuple((i, FIELD * i) for i, name in enumerate(LABELS) if name[0] == "B")
_OUTSIDE: Final = tuple(i for i, name in enumerate(LABELS) if name[0] != "I")


def open_words(emissions: list[int]) -> list[int]:
    """Return the words that can be anything but O.

    The points of O are always 0 (see `weights_table`), so a label's field with LEAD added is negative, its top bit
    clear,
    where O leads it by more.
    """
    return [at for at, packed in enumerate(emissions) if (packed + _THRESHOLD) & _SIGNS]


def _viterbi(emissions: list[int], moves: list[list[int]]) -> list[int]:
    """Return the best chain of labels: O but for the stretches of open words, each solved by itself."""
    chain = [0] * len(emissions)
    alone = [moves[0][label] + moves[label][0] for label in range(len(LABELS))]
    stretch: list[int] = []
    for at in (*open_words(emissions), -2):
        if stretch and at != stretch[-1] + 1:
            if len(stretch) == 1:
                chain[stretch[0]] = _solve_one(emissions[stretch[0]], alone)
            else:
                _solve(emissions, moves, stretch, chain)
            stretch = []
        stretch.append(at)
    return chain


def _solve_one(emission: int, alone: list[int]) -> int:
    """Return the best label of a word between two that are O: O, or a name of one word."""
    here, best, score = emission + BIAS, 0, alone[0]
    for label, shift in _BEGINS:
        if (points := ((here >> shift) & FULL) - HALF + alone[label]) > score:
            best, score = label, points
    return best


def _solve(emissions: list[int], moves: list[list[int]], stretch: list[int], chain: list[int]) -> None:
    scores = [0, *[BANNED * 1000] * (len(LABELS) - 1)]
    back: list[list[int]] = []
    for at in stretch:
        points = unpack(emissions[at])
        before, scores, column = scores, [0] * len(LABELS), [0] * len(LABELS)
        for label in _OUTSIDE:
            best, score = 0, before[0] + moves[0][label]
            for i in range(1, len(LABELS)):
                if (other := before[i] + moves[i][label]) > score:
                    best, score = i, other
            scores[label] = score + points[label]
            column[label] = best
        for label, begin in _INSIDE:
            began, went = before[begin] + moves[begin][label], before[label] + moves[label][label]
            scores[label] = max(began, went) + points[label]
            column[label] = begin if began >= went else label
        back.append(column)
    label = max(range(len(LABELS)), key=lambda i: scores[i] + moves[i][0])
    for at, column in zip(reversed(stretch), reversed(back), strict=True):
        chain[at] = label
        label = column[label]


def _trimmed(chain: list[int], words: Sequence[Word]) -> list[int]:
    """Return a chain whose names neither begin nor end with a sign, but for a bracket or quote that they opened."""
    if not any(number and words[at].mask & _EDGE for at, number in enumerate(chain)):
        return chain
    trimmed = list(chain)
    for first, last, _ in spans(chain):
        begin, end = first, last
        while begin < end and words[begin].mask & _EDGE:
            begin += 1
        while begin < end and words[end - 1].mask & _EDGE and not _closes(words[begin:end]):
            end -= 1
        for at in (*range(first, begin), *range(end, last)):
            trimmed[at] = 0
    return trimmed


def _closes(words: Sequence[Word]) -> bool:
    """Return whether the last word is a closing bracket or quote of one that stands before it."""
    pair = next((pair for pair in _PAIRED if words[-1].mask & pair[1]), None)
    return pair is not None and any(word.mask & pair[0] for word in words[:-1])


def spans(chain: Sequence[int]) -> list[tuple[int, int, str]]:
    """Return the spans (first, last exclusive, label) of a chain of BIO labels."""
    found: list[tuple[int, int, str]] = []
    first, label = -1, ""
    for at, number in enumerate((*chain, 0)):
        name = LABELS[number]
        if first >= 0 and (name == "O" or name[0] == "B" or name[2:] != label):
            found.append((first, at, label))
            first = -1
        if name != "O" and first < 0:
            first, label = at, name[2:]
    return found


class Reading(NamedTuple):
    """What the fitted recognizer makes of a text: the best chain of labels, and the packed points of each word."""

    chain: list[int]
    emissions: list[int]
    moves: list[list[int]]

    def odds(self, first: int, last: int, label: str) -> float:
        """Return how many more points words first to last have as one name than as plain text (natural log units).

        The neighbours keep the labels of the best chain.
        """
        begin, inside = LABELS.index("B-" + label), LABELS.index("I-" + label)
        left = self.chain[first - 1] if first else 0
        right = self.chain[last] if last < len(self.chain) else 0
        if LABELS[right][0] == "I":
            # The chain goes on behind the span: without the span it would have to begin there.
            right = 0
        moves = self.moves
        total, before = 0, left
        for at in range(first, last):
            now = begin if at == first else inside
            here = self.emissions[at] + BIAS
            total += ((here >> (FIELD * now)) & FULL) - HALF + moves[before][now]
            before = now
        total += moves[before][right]
        plain = moves[left][0] + moves[0][0] * (last - first - 1) + moves[0][right]
        return (total - plain) / SCALE


def propose(reading: Reading, tokens: Tokens) -> list[Candidate]:
    """Propose a candidate for every span of the best chain that is not too long to be a name."""
    proposed = []
    for first, last, label in spans(reading.chain):
        if last - first > LONGEST:
            continue
        proclitic, offset, _ = tokens.words[first].head()
        evidence = Evidence(NAME, "best chain", 0.0)
        proposed.append(
            Candidate(
                first, last, tokens.start(first) + offset, tokens.end(last - 1), label, (evidence,), proclitic=proclitic
            )
        )
    return proposed
