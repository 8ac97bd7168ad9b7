"""Words in, candidates out for runs of words that look like names, by weights learned on annotated text.

A linear chain over BIO labels: each word gives points to each label of its neighbours and itself, by what it is
(classes, shape, frequency; never which name it is), neighbouring classes and labels add theirs, and the best chain of
labels is found by Viterbi's algorithm. Weights are whole numbers, fitted by `fit/runs.py` and committed as
`weights/runs.tsv`.

The points of all labels are packed into one big integer, a field a label, so that adding up a word's evidence is one
addition in C; only words whose best label is not clearly O are ever unpacked.
"""

from __future__ import annotations

import itertools
import struct
from operator import add
from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters
from arner.document import Candidate, Evidence
from arner.lexicon.schema import BITS, SENSE_WEAK, TOKEN_CLASSES, WORD_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from arner.recognizers.gazetteer import Match
    from arner.tokens import Tokens, Word

NAME: Final = "runs"
LABELS: Final = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
OFFSETS: Final = (-2, -1, 0, 1, 2)
FIELD: Final = 20
_BLOCK: Final = FIELD * len(LABELS)
_HALF: Final = 1 << (FIELD - 1)
_BIAS: Final = sum(_HALF << (FIELD * i) for i in range(len(LABELS)))
_FULL: Final = (1 << FIELD) - 1
# Weights are stored in steps of 1/SCALE.
SCALE: Final = 64
# A name can't begin inside.
_BANNED: Final = -30 * SCALE
# No name has more words: a longer run of names is a list without commas.
LONGEST: Final = 24
_HERE, _AFTER, _MOVES = b"\x01", b"\x02", b"\x03"

# One class stands for a word where two neighbours are looked at together: the first of these that it has.
ORDER: Final = (
    "newline",
    "stop-mark",
    "comma",
    "colon",
    "quote-open",
    "quote-close",
    "bracket-open",
    "bracket-close",
    "dash",
    "mark",
    "digits",
    "country",
    "org",
    "per",
    "loc",
    "say",
    "role",
    "honorific",
    "rank",
    "org-head",
    "org-classifier",
    "place-outside",
    "place-inside",
    "stop",
    "nationality",
    "kunya",
    "nasab",
    "abd",
    "given",
    "family",
    "occupation",
    "kin",
    "org-field",
    "motion",
    "verb",
    "month",
    "weekday",
    "number",
    "time",
    "ordinal",
    "org-adjective",
    "regional",
    "direction",
    "noun",
    "adjective",
    "org-topic",
    "particle",
    "laqab",
    "loc-weak",
    "org-weak",
    "given-weak",
    "family-weak",
    "per-weak",
    "name-token",
    "acronym",
    "latin",
    "unknown",
    "frequent",
)
_BITS_IN_ORDER = tuple(BITS[name] for name in ORDER)
_IDENTITY = sum(BITS[c] for c in WORD_CLASSES)
_NAMES = sum(
    BITS[c]
    for c in ("given", "given-weak", "family", "family-weak", "per", "per-weak", "loc", "loc-weak", "org", "org-weak")
)
_SEEN = tuple((bit, name) for name, bit in BITS.items() if name != "letter")
_CLITICS = BITS["conjunction"] | BITS["preposition"]
_PAIRED = tuple((BITS[f"{name}-open"], BITS[f"{name}-close"]) for name in ("bracket", "quote"))
_EDGE = sum(BITS[c] for c in ("newline", "comma", "stop-mark", "colon", "dash", "mark")) | sum(
    a | b for a, b in _PAIRED
)
assert set(TOKEN_CLASSES) <= set(BITS)


def coarse(mask: int) -> int:
    """Return the number of the one class that stands for a word of this mask among neighbours."""
    for number, bit in enumerate(_BITS_IN_ORDER):
        if mask & bit:
            return number
    return len(_BITS_IN_ORDER)


CLASSES: Final = len(ORDER) + 1


def mask_features(mask: int) -> Iterator[str]:
    """Yield the features of a word that follow from its classes alone."""
    for bit, name in _SEEN:
        if mask & bit:
            yield "c=" + name
    yield f"m={mask:x}"


def word_features(word: Word) -> Iterator[str]:
    """Yield the features of a word that follow from its letters: shape, affixes, frequency; never a name itself."""
    key = word.key
    if (
        not word.mask & BITS["digits"]
        and not key[:1].isalpha()
        and len(key) <= 1
        and word.size <= 1
        and not word.zipf
        and not word.readings
    ):
        yield f"p={key.hex()}"
        return
    yield f"z={min(word.zipf, 170) // 13}"
    yield f"l={min(len(key), 10)}"
    stem = word.readings[0].stem if word.mask & _CLITICS and word.readings else key
    text = letters.decode(stem)
    if text.startswith("ال") and len(text) > 4:
        text = text[2:]
    for size in (1, 2, 3):
        if len(text) > size:
            yield f"b{size}={text[:size]}"
            yield f"e{size}={text[-size:]}"
    if word.mask & _CLITICS and word.readings:
        yield "k=" + word.readings[0].proclitic
    if word.mask & _IDENTITY and not word.mask & _NAMES:
        yield "w=" + letters.decode(stem)


def phrase_tags(matches: Sequence[Match], size: int) -> list[str]:
    """Return a tag a word for the gazetteer phrases of two words or more that it stands in; "" for none.

    Longer matches win; a tag joins the places (B, I) in matches by label, tier (~ for weak) and length (at most 4).
    """
    tags: list[dict[str, str]] = [{} for _ in range(size)]
    for match in sorted(matches, key=lambda m: (m.first - m.last, m.first)):
        if match.last - match.first < 2:
            continue
        for row, kind in match.record.entries():
            label = row.label
            if any(label in tags[i] for i in range(match.first, match.last)):
                continue
            kept = f"{label}{'~' if kind == SENSE_WEAK else ''}{min(match.last - match.first, 4)}"
            for i in range(match.first, match.last):
                tags[i][label] = f"{'B' if i == match.first else 'I'}-{kept}"
    return ["|".join(tag for _, tag in sorted(t.items())) for t in tags]


def pack(weights: Sequence[int]) -> int:
    """Pack signed weights, one a label (or one a label and offset), into one integer; sums of packs are packs of sums.

    >>> unpack(pack([0, -3, 5, 0, 0, 0, 0]) + pack([1, 1, 1, 0, 0, 0, 0]))
    (1, -2, 6, 0, 0, 0, 0)
    """
    return sum(w << (FIELD * i) for i, w in enumerate(weights))


def unpack(packed: int) -> tuple[int, ...]:
    """Return the signed weights of a packed integer of one block."""
    packed += _BIAS
    return tuple(((packed >> (FIELD * i)) & _FULL) - _HALF for i in range(len(LABELS)))


_BLOCK_FULL: Final = (1 << _BLOCK) - 1
_ALL_BIAS: Final = sum(_BIAS << (_BLOCK * i) for i in range(len(OFFSETS)))


def _by_offset(packed: int) -> tuple[int, ...]:
    """Return the packs of a pack over all offsets, one an offset."""
    packed += _ALL_BIAS
    return tuple(((packed >> (_BLOCK * i)) & _BLOCK_FULL) - _BIAS for i in range(len(OFFSETS)))


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
        self._pair_here = _Pairs(lookup, _HERE)
        self._pair_after = _Pairs(lookup, _AFTER)
        n = len(LABELS)
        moves = _numbers(lookup(_MOVES) or b"") or [0] * n * n
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
        return _by_offset(total + sum(map(self._weights, word_features(word))))

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
            found = self._tags[tag] = _by_offset(sum(self._weights("g=" + part) for part in parts))
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
_SIGNS: Final = sum(_HALF << (FIELD * i) for i in range(1, len(LABELS)))
_THRESHOLD: Final = _BIAS + LEAD * _ONES
_INSIDE: Final = tuple((i, LABELS.index("B" + name[1:])) for i, name in enumerate(LABELS) if name[0] == "I")
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
    stretch: list[int] = []
    for at in (*open_words(emissions), -2):
        if stretch and at != stretch[-1] + 1:
            _solve(emissions, moves, stretch, chain)
            stretch = []
        stretch.append(at)
    return chain


def _solve(emissions: list[int], moves: list[list[int]], stretch: list[int], chain: list[int]) -> None:
    scores = [0, *[_BANNED * 1000] * (len(LABELS) - 1)]
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


def _numbers(blob: bytes) -> list[int]:
    """Return the signed 16-bit numbers of a value of the weights table."""
    return list(struct.unpack(f"<{len(blob) // 2}h", blob))


def _over_outside(values: list[int]) -> bytes:
    """Return packed weights with those of O taken off each label, which changes no decision: only differences count."""
    packed = pack([weight - values[i - i % len(LABELS)] for i, weight in enumerate(values)])
    return packed.to_bytes((FIELD * len(values) + 15) // 8, "little", signed=True)


def weights_table(text: str) -> dict[bytes, bytes]:
    """Return the table of weights of a `runs.tsv`.

    Its rows: `word FEATURE`, `here A B` and `after A B` (A, B: neighbouring classes), `move LABEL`; each followed by
    `offset/label=weight` or `label=weight`, weights in steps of 1/SCALE. Raises ValueError for any other row.
    """
    n = len(LABELS)
    number = {name: i for i, name in enumerate(LABELS)}
    classes = {name: i for i, name in enumerate((*ORDER, "other"))}
    moves = [_BANNED if b[0] == "I" and a not in (b, "B" + b[1:]) else 0 for a in LABELS for b in LABELS]
    items: dict[bytes, bytes] = {}
    for line in text.splitlines()[1:]:
        kind, name, listed = line.split("\t")
        pairs = [(where, int(weight)) for where, _, weight in (item.rpartition("=") for item in listed.split(" "))]
        if kind == "word":
            values = [0] * (n * len(OFFSETS))
            for where, weight in pairs:
                offset, label = where.split("/")
                values[OFFSETS.index(int(offset)) * n + number[label]] = weight
            items[name.encode()] = _over_outside(values)
        elif kind in ("here", "after"):
            first, second = name.split(" ")
            values = [0] * n
            for label, weight in pairs:
                values[number[label]] = weight
            key = (_HERE if kind == "here" else _AFTER) + bytes((classes[first], classes[second]))
            items[key] = _over_outside(values)
        elif kind == "move":
            for label, weight in pairs:
                moves[number[name] * n + number[label]] = weight
        else:
            raise ValueError(f"runs.tsv: unknown row {kind!r}")
    items[_MOVES] = struct.pack(f"<{n * n}h", *moves)
    return items


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
            here = self.emissions[at] + _BIAS
            total += ((here >> (FIELD * now)) & _FULL) - _HALF + moves[before][now]
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
