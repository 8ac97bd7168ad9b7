"""Rows and the index of all refs that outputs may hold in, findings out about those that no row has any more.

`refs.txt` beside the lists holds every ref that was ever accepted, one a line, sorted. A ref without a row must stand
in `refs-retired.tsv`, with the ref that took its place or `-`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from arner.lexicon import schema
from arner.lexicon.findings import ERROR, Finding, error
from arner.lexicon.read import REF

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from arner.lexicon.read import Row

INDEX: Final = "refs.txt"


def accept(folder: Path, rows: Iterable[Row]) -> tuple[bytes, int]:
    """Return the index of a folder with the refs of its rows added, and how many are new. Raises OSError."""
    path = folder / INDEX
    known = set(path.read_text("utf-8").split("\n")) - {""} if path.is_file() else set()
    refs = {row["ref"] for row in rows if row.table in schema.LABELS}
    return "\n".join((*sorted(known | refs), "")).encode(), len(refs - known)


def check(data: bytes, shown: str, rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield an error for each ref of an index that is gone, for each row's that it lacks, and for what is no index."""
    live = {row["ref"]: row for row in rows if row.table in schema.LABELS}
    retired = {row["old"]: row for row in rows if row.table == "retired"}
    lines = data.decode("utf-8", "replace").split("\n")
    if lines.pop():
        yield Finding(shown, len(lines) + 1, ERROR, "refs", "the last line does not end in a line feed")
    known = set[str]()
    previous = ""
    for number, ref in enumerate(lines, 1):
        if not REF.fullmatch(ref):
            yield Finding(shown, number, ERROR, "refs", f"{ref!r} is no ref: take the line out")
        elif ref <= previous:
            yield Finding(shown, number, ERROR, "refs", f"{ref} stands after {previous}: run lint --accept")
        elif ref not in live and ref not in retired:
            reason = f"ref {ref} is gone: restore its row, or record it in refs-retired.tsv (old, and new or -)"
            yield Finding(shown, number, ERROR, "ref-gone", reason)
        previous = ref
        known.add(ref)
    for ref, row in live.items():
        if ref not in known:
            yield error(row, "ref-new", f"ref {ref} is new: run lint --accept, and never change it again")


def retired(rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield an error for a retired ref that a row has, and for one that leads to no row."""
    live = {row["ref"] for row in rows if row.table in schema.LABELS}
    for row in rows:
        if row.table != "retired":
            continue
        if row["old"] in live:
            yield error(row, "refs", f"ref {row['old']} is retired, yet a row has it: give that row another ref")
        if row["new"] != "-" and row["new"] not in live:
            yield error(row, "refs", f"no row has ref {row['new']}, which took the place of {row['old']}")
