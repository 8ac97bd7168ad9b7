"""The weights of the fitted recognizer: a `runs.tsv` in, a table of packed weights out; packing and unpacking.

The weights of all labels are packed into one big integer, a field a label, so that adding up a word's evidence is one
addition in C.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from arner.recognizers.features import ORDER

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS: Final = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")
OFFSETS: Final = (-2, -1, 0, 1, 2)
FIELD: Final = 20
BLOCK: Final = FIELD * len(LABELS)
HALF: Final = 1 << (FIELD - 1)
BIAS: Final = sum(HALF << (FIELD * i) for i in range(len(LABELS)))
FULL: Final = (1 << FIELD) - 1
# Weights are stored in steps of 1/SCALE.
SCALE: Final = 64
# A name can't begin inside.
BANNED: Final = -30 * SCALE
HERE, AFTER, MOVES = b"\x01", b"\x02", b"\x03"


def pack(weights: Sequence[int]) -> int:
    """Pack signed weights, one a label (or one a label and offset), into one integer; sums of packs are packs of sums.

    >>> unpack(pack([0, -3, 5, 0, 0, 0, 0]) + pack([1, 1, 1, 0, 0, 0, 0]))
    (1, -2, 6, 0, 0, 0, 0)
    """
    return sum(w << (FIELD * i) for i, w in enumerate(weights))


def unpack(packed: int) -> tuple[int, ...]:
    """Return the signed weights of a packed integer of one block."""
    packed += BIAS
    return tuple(((packed >> (FIELD * i)) & FULL) - HALF for i in range(len(LABELS)))


_BLOCK_FULL: Final = (1 << BLOCK) - 1
_ALL_BIAS: Final = sum(BIAS << (BLOCK * i) for i in range(len(OFFSETS)))


def by_offset(packed: int) -> tuple[int, ...]:
    """Return the packs of a pack over all offsets, one an offset."""
    packed += _ALL_BIAS
    return tuple(((packed >> (BLOCK * i)) & _BLOCK_FULL) - BIAS for i in range(len(OFFSETS)))


def numbers(blob: bytes) -> list[int]:
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
    moves = [BANNED if b[0] == "I" and a not in (b, "B" + b[1:]) else 0 for a in LABELS for b in LABELS]
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
            key = (HERE if kind == "here" else AFTER) + bytes((classes[first], classes[second]))
            items[key] = _over_outside(values)
        elif kind == "move":
            for label, weight in pairs:
                moves[number[name] * n + number[label]] = weight
        else:
            raise ValueError(f"runs.tsv: unknown row {kind!r}")
    items[MOVES] = struct.pack(f"<{n * n}h", *moves)
    return items
