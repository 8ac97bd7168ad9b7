"""A map of bytes to bytes in one block of memory: open addressing by CRC-32, read in place from a mapped file.

Layout (little-endian): u32 number of slots, u32 of each slot (0, or 1 + offset of a record), records: u8 length of the
key, u16 length of the value, key, value.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import mmap
    from collections.abc import Mapping

_HEAD = struct.Struct("<BH")
_SLOT = struct.Struct("<I")
LONGEST_KEY = 255


def build(items: Mapping[bytes, bytes]) -> bytes:
    """Return the block of a map; the same items give the same bytes. Keys are 1 to 255 bytes, values at most 65,535."""
    size = 1 << (len(items) * 3 // 2).bit_length()
    slots = [0] * size
    records = bytearray()
    for key in sorted(items):
        slot = zlib.crc32(key) & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = len(records) + 1
        value = items[key]
        records += _HEAD.pack(len(key), len(value)) + key + value
    return _SLOT.pack(size) + struct.pack(f"<{size}I", *slots) + bytes(records)


class Table:
    """A block made by `build`, at an offset of a buffer."""

    def __init__(self, data: bytes | mmap.mmap, offset: int) -> None:
        """Read the head of the block."""
        self._data = data
        size = _SLOT.unpack_from(data, offset)[0]
        self._mask = size - 1
        self._slots = offset + 4
        self._records = self._slots + 4 * size - 1

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key, or None."""
        data, slots, mask = self._data, self._slots, self._mask
        slot = zlib.crc32(key) & mask
        length = len(key)
        while True:
            offset = _SLOT.unpack_from(data, slots + 4 * slot)[0]
            if not offset:
                return None
            at = self._records + offset
            size, value = _HEAD.unpack_from(data, at)
            begin = at + 3
            end = begin + size
            if size == length and data[begin:end] == key:
                return data[end : end + value]
            slot = (slot + 1) & mask
