"""A compiled lexicon file in, look-ups out: the file is mapped into memory and read where a look-up touches it."""

from __future__ import annotations

import json
import mmap
import struct
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from arner.document import LABELS
from arner.lexicon.layout import ENTITY_FIELDS, ENTRY, HEADER, MAGIC, MORE, SENSE, VERSION, WORD_FIELDS, weights_key
from arner.lexicon.schema import BITS, SENSE_CLASS
from arner.lexicon.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


_TIME: Final = BITS["time"]


class Record(NamedTuple):
    """What a lexicon holds under one key: class mask, zipf × 25, whether longer keys go on from it, its senses.

    A sense is its kind (`schema.SENSE_*`) and the number of a row of `lexicon`.
    """

    mask: int
    zipf: int
    more: bool
    senses: tuple[tuple[int, int], ...]
    lexicon: Lexicon

    def entries(self) -> list[tuple[Known, int]]:
        """Return the entities named, each with the kind of its sense, the best first."""
        found = ((self.lexicon.row(number), kind) for kind, number in self.senses if kind < SENSE_CLASS)
        return [(row, kind) for row, kind in found if row.label in LABELS]

    @property
    def is_time(self) -> bool:
        """Whether the word or phrase says when."""
        return bool(self.mask & _TIME)

    def over(self, below: Record) -> Record:
        """Return this record of a user's list laid over the built-in one: classes join, its entities win."""
        top = self if self.senses else below
        return Record(self.mask | below.mask, below.zipf, self.more or below.more, top.senses, top.lexicon)


@dataclass(frozen=True, slots=True)
class Known:
    """One gazetteer row as look-ups see it; `label` is PER, ORG, LOC or the table of a word."""

    label: str
    ref: str
    name: str
    en: str
    kind: str
    country: str
    tier: str
    role: str
    lat: str
    lon: str
    where: str


class LexiconFileError(ValueError):
    """A file that is no lexicon of this version."""


class Lexicon:
    """A compiled lexicon, mapped read-only; safe to share between threads."""

    def __init__(self, data: bytes | mmap.mmap, name: str = "lexicon") -> None:
        """Read the head of a compiled lexicon; `name` is for errors. Raises LexiconFileError where it is none."""
        if len(data) < HEADER.size or data[:8] != MAGIC:
            raise LexiconFileError(f"{name}: not a compiled lexicon; run `arner gazetteer compile`")
        _, version, self.fingerprint, *sizes = HEADER.unpack_from(data)
        if version != VERSION:
            reason = f"format {version}, this arner reads {VERSION}"
            raise LexiconFileError(f"{name}: {reason}; run `arner gazetteer compile`")
        if len(data) != HEADER.size + sum(sizes):
            raise LexiconFileError(f"{name}: {len(data)} bytes, {HEADER.size + sum(sizes)} due: the file is cut short")
        self._data = data
        self.name, self.bytes = name, len(data)
        self.path: Path | None = None
        starts = [HEADER.size]
        for size in sizes:
            starts.append(starts[-1] + size)
        keys, self._offsets, self._rows, self._extra, weights, _ = starts
        self._keys = Table(data, keys)
        self._extra_end = weights
        self._weights = Table(data, weights)
        self.size = sizes[1] // 4 - 1
        self.row = lru_cache(maxsize=4096)(self._read_row)

    @classmethod
    def open(cls, path: Path) -> Lexicon:
        """Map a file. Raises OSError where it can't be read and LexiconFileError where it is not a lexicon."""
        with path.open("rb") as file:
            try:
                lexicon = cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), str(path))
            except ValueError as error:
                raise LexiconFileError(f"{path}: {error}") from None
        lexicon.path = path
        return lexicon

    def get(self, key: bytes) -> Record | None:
        """Return the record of a folded key (words parted by one space), or None."""
        value = self._keys.get(key)
        if value is None:
            return None
        mask, zipf, flags = ENTRY.unpack_from(value)
        senses = tuple(SENSE.iter_unpack(value[ENTRY.size :])) if len(value) > ENTRY.size else ()
        return Record(mask, zipf, bool(flags & MORE), senses, self)

    def weights(self, guidelines: str) -> Callable[[bytes], bytes | None]:
        """Return the look-up of the packed weights that the fitted recognizer has by some guidelines."""
        get, before = self._weights.get, weights_key(guidelines)
        return lambda feature: get(before + feature)

    def _read_row(self, number: int) -> Known:
        first, last = struct.unpack_from("<2I", self._data, self._offsets + 4 * number)
        label, *values, at = self._data[self._rows + first : self._rows + last].decode().split("\t")
        fields = dict(zip(ENTITY_FIELDS if label in LABELS else WORD_FIELDS, values, strict=True))
        file, _, line = at.partition(":")
        where = f"{self.extra['files'][int(file)]}:{line}"
        return Known(label, where=where, **{column: fields.get(column, "-") for column in ENTITY_FIELDS})

    @cached_property
    def extra(self) -> dict[str, Any]:
        """The JSON section: files, noise patterns, offices."""
        extra: dict[str, Any] = json.loads(self._data[self._extra : self._extra_end])
        return extra
