"""What stands where in a compiled lexicon, for `compile`, which writes it, and `store`, which reads it.

Little-endian: magic, version, SHA-256 of the inputs, five section sizes, then the sections: the keys (a
`table`), row offsets (u32), rows (UTF-8, tab-parted; each ends with the number of its file and its line), a JSON
section (files, noise patterns, offices) and the weights of the fitted recognizer (a `table`; a user's has none), under
`weights_key` for each of the guidelines.

The value of a key: u64 class mask, u8 zipf × 25, u8 flags (1: longer keys begin with this one), then per sense u8 kind
(`SENSE_*`) and u32 row.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MAGIC: Final = b"arnerlex"
VERSION: Final = 16
HEADER: Final = struct.Struct("<8sI32s5I")
ENTRY: Final = struct.Struct("<QBB")
SENSE: Final = struct.Struct("<BI")
MORE: Final = 1
# What a row of an entity keeps behind its label, and what a word's does: its table, then these.
ENTITY_FIELDS: Final = ("ref", "name", "en", "kind", "country", "tier", "role", "lat", "lon")
WORD_FIELDS: Final = ("name", "kind", "country", "tier")


def gazetteer_files(folder: Path) -> list[Path]:
    """Return the TSV files below a folder (or the file itself), in one order on every platform. Raises OSError."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no such file or folder")
    return sorted(folder.rglob("*.tsv"), key=lambda p: p.relative_to(folder).as_posix())


def weight_files(folder: Path) -> list[Path]:
    """Return the weights of the fitted recognizer below a folder, one file for each guidelines, named by its folder."""
    return sorted(folder.glob("*/runs.tsv"))


def weights_key(guidelines: str) -> bytes:
    """Return what stands before a feature in the table of weights."""
    return guidelines.encode() + b" "
