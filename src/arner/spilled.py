"""Results of a long text in, part by part, the same results out in their order: kept on disk and not in memory.

They stand in a temporary file without a name, which is gone when the sequence is, however the process ends.
"""

from __future__ import annotations

import os
import sys
import weakref
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar, overload

if TYPE_CHECKING:
    from io import FileIO

T = TypeVar("T")

BATCH: Final = 1000  # items that are written, and read again, together


class SpillError(OSError):
    """A temporary file that can't be made, written or read; says why, and what to do."""

    @classmethod
    def of(cls, error: OSError) -> SpillError:
        """Return what an error of the machine means."""
        reason = error.strerror or str(error)
        return cls(f"its results can't be kept in a temporary file: {reason}: let TMPDIR name a folder with room")


class Spilled(Sequence[T]):
    """A sequence of any length that can be pickled item by item; memory is that of BATCH items.

    `add` puts items at its end; after the last it is read like a tuple, by any number of threads at once. It equals
    any sequence of the same items. Its pickle holds all items, in a twentieth of the memory that they take.

    >>> names = Spilled()
    >>> names.add(["فاس", "وجدة"])
    >>> names.add(["الرباط"])
    >>> len(names), names[-1], list(names)
    (3, 'الرباط', ['فاس', 'وجدة', 'الرباط'])
    """

    def __init__(self) -> None:
        """Make an empty sequence. Raises SpillError where no temporary file can be made."""
        self._file = _temporary()
        self._closing = weakref.finalize(self, self._file.close)
        self._lock = Lock()
        self._ends: list[int] = []  # of batches: how many items there are up to their ends
        self._places: list[tuple[int, int]] = []  # where the batches stand, and their lengths in bytes
        self._last: tuple[int, Sequence[T]] = (-1, ())  # the batch that was indexed last

    def add(self, items: Iterable[T]) -> None:
        """Put items at the end, taken as they come. Raises SpillError where the disk is full or fails."""
        import pickle
        import zlib

        coming = iter(items)
        while batch := tuple(islice(coming, BATCH)):
            self._write(len(batch), zlib.compress(pickle.dumps(batch, pickle.HIGHEST_PROTOCOL), 1))

    def _write(self, count: int, data: bytes) -> None:
        at = sum(self._places[-1]) if self._places else 0
        left = memoryview(data)
        try:
            self._file.seek(at)
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise SpillError.of(error) from None
        self._places.append((at, len(data)))
        self._ends.append(len(self) + count)

    def _data(self, number: int) -> bytes:
        at, size = self._places[number]
        try:
            if sys.platform == "win32":
                with self._lock:
                    self._file.seek(at)
                    return self._file.read(size)
            return os.pread(self._file.fileno(), size, at)  # forked processes share the file's position
        except OSError as error:
            raise SpillError.of(error) from None

    def _batch(self, number: int) -> Sequence[T]:
        import pickle
        import zlib

        batch: tuple[T, ...] = pickle.loads(zlib.decompress(self._data(number)))  # noqa: S301 -- written above
        return batch

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    def __iter__(self) -> Iterator[T]:
        for number in range(len(self._places)):
            yield from self._batch(number)

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...

    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        number, batch = self._last
        wanted = bisect_right(self._ends, at)
        if number != wanted:
            batch = self._batch(wanted)
            self._last = wanted, batch
        return batch[at - self._ends[wanted]]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self):,} items on disk>"

    def __reduce__(self) -> tuple[Any, ...]:
        counts = [end - start for start, end in zip([0, *self._ends], self._ends, strict=False)]
        return _restored, (tuple((count, self._data(number)) for number, count in enumerate(counts)),)


def spilled(items: Iterable[T]) -> Spilled[T]:
    """Return items, taken as they come, as a sequence on disk. Raises SpillError.

    >>> spilled(range(3)) == (0, 1, 2)
    True
    """
    kept: Spilled[T] = Spilled()
    kept.add(items)
    return kept


def _restored(batches: Sequence[tuple[int, bytes]]) -> Spilled[Any]:
    restored: Spilled[Any] = Spilled()
    for count, data in batches:
        restored._write(count, data)  # noqa: SLF001 -- the other half of its pickle
    return restored


def _temporary() -> FileIO:
    from tempfile import TemporaryFile

    try:
        return TemporaryFile(prefix="arner-", buffering=0)
    except OSError as error:
        raise SpillError.of(error) from None
