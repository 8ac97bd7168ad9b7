"""Gazetteer text in, findings about its form out; and the canonical form of a file, which `lint --fix` writes.

Canonical: UTF-8 in NFC, LF, a header, rows in code-point order of the first column (then of the line), none twice.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from arner.lexicon import schema
from arner.lexicon.findings import ERROR, Finding, error
from arner.lexicon.read import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from arner.lexicon.read import Row

# The patterns of these are tried in the order of the file.
UNSORTED: Final = frozenset(("noise",))
# The columns that make a row one of its kind; elsewhere it is the first.
IDENTITY: Final = {"words": 2, "particles": 2}
_MIXED: Final = re.compile(r"[A-Za-zÀ-ɏ][\u0621-\u06ff]|[\u0621-\u06ff][A-Za-zÀ-ɏ]")


def order(data: bytes, path: Path, shown: str) -> Iterator[Finding]:
    """Yield an error for the first row out of order, for each word that is there twice and for a missing last LF.

    Refs that are there twice are found by `refs_twice`, in a file with other faults too.
    """
    text = data.decode("utf-8")
    header, *lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    else:
        yield Finding(shown, len(lines) + 1, ERROR, "order", "the last line does not end in a line feed")
    table = table_of(path, tuple(header.split("\t"))) or ""
    width = IDENTITY.get(table, 1)
    previous, seen, sorted_so_far = "", dict[tuple[str, ...], int](), table not in UNSORTED
    for number, line in enumerate(lines, 2):
        if sorted_so_far and rank(line) < rank(previous):
            sorted_so_far = False
            yield Finding(shown, number, ERROR, "order", f"stands after {rank(previous)[0]!r}: run lint --fix")
        previous = line
        identity = tuple(line.split("\t")[:width])
        first = seen.setdefault(identity, number)
        if first != number and table not in schema.LABELS:
            yield Finding(shown, number, ERROR, "twice", f"{' '.join(identity)!r} is in line {first} already")


def rank(line: str) -> tuple[str, str]:
    """Return what rows are sorted by: the first column by code point, then the line."""
    return line.partition("\t")[0], line


def canonical(data: bytes, path: Path) -> bytes:
    r"""Return the canonical form of a file: what is plain to mend is mended, what is not is left to the linter.

    Raises UnicodeDecodeError for a file that is not UTF-8.

    >>> from pathlib import Path
    >>> canonical(b"title\toffice\r\nb \t-\r\n\r\na\t-", Path("offices.tsv")).decode()
    'title\toffice\na\t-\nb\t-\n'
    """
    text = unicodedata.normalize("NFC", data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    header, *lines = text.split("\n")
    if table_of(path, tuple(header.split("\t"))) in UNSORTED:
        kept = [line for line in dict.fromkeys(lines) if line]
    else:
        kept = sorted({_trimmed(line) for line in lines} - {""}, key=rank)
    return "\n".join((_trimmed(header), *kept, "")).encode()


def _trimmed(line: str) -> str:
    if not line.strip():
        return ""
    return "\t".join(re.sub(r"\s+", " ", value).strip() for value in line.split("\t"))


def letters_mixed(rows: Iterable[Row]) -> Iterator[Finding]:
    """Yield an error for a word that has Arabic and Latin letters, and for a letter of any other script."""
    for row in rows:
        if row.table in ("noise", "frequency"):
            continue
        for column, value in row.fields.items():
            if mixed := _MIXED.search(value):
                yield error(row, "mixed", f"{column} has a word of Arabic and Latin letters: {mixed[0]!r} in {value!r}")
            elif not value.isascii() and (other := next(filter(_is_foreign, value), None)):
                name = unicodedata.name(other, "a letter without a name")
                yield error(row, "mixed", f"{column} has {name}: {value!r}")


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not unicodedata.name(letter, "").startswith(("ARABIC", "LATIN"))


def placed_nowhere(rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield an error for coordinates of a ref that no place has."""
    places = {row["ref"] for row in rows if row.table == "places"}
    for row in rows:
        if row.table == "coordinates" and row["ref"] not in places:
            yield error(row, "ref", f"no place has ref {row['ref']}: run `arner gazetteer import`")


def refs_twice(rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield an error for a ref that an earlier row has."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row["ref"], row)
        if other is not row:
            yield error(row, "ref", f"ref {row['ref']} is used in {other.where} already: keep one row")
