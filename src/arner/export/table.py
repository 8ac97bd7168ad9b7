"""Tagged documents in, a table out, one row an entity: tab-separated (TSV) or comma-separated (CSV) values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arner.export.options import Options, encode
from arner.export.pieces import chunks
from arner.export.spans import offsets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Tagged

COLUMNS = ("doc", "start", "end", "text", "label", "kind", "name", "ref", "en", "score", "chain")

_TSV_ESCAPES = {ord("\\"): "\\\\", ord("\t"): "\\t", ord("\n"): "\\n", ord("\r"): "\\r"}


def write_tsv(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    r"""Yield a header and a row an entity; tab, line end and backslash in a value become `\t`, `\n`, `\r`, `\\`."""
    yield encode("\t".join(_columns(options)) + "\n")
    for document in tagged:
        rows = _rows(document, options)
        yield from chunks("\t".join(v.translate(_TSV_ESCAPES) for v in row) + "\n" for row in rows)


def write_csv(tagged: Iterable[Tagged], options: Options) -> Iterator[bytes]:
    """Yield a header and a row an entity as RFC 4180 has it: quoted where needed, lines ended by CRLF."""
    import csv

    if options.bom:
        yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
    yield encode(",".join(_columns(options)) + "\r\n")
    for document in tagged:
        writer = csv.writer(_Echo(), lineterminator="\r\n")
        yield from chunks(writer.writerow(row) for row in _rows(document, options))


class _Echo:
    """A file that gives back what is written, as `writerow` then does."""

    def write(self, line: str) -> str:
        return line


def _columns(options: Options) -> tuple[str, ...]:
    return (*COLUMNS, "translit") if options.translit else COLUMNS


def _rows(tagged: Tagged, options: Options) -> Iterator[tuple[str, ...]]:
    document = tagged.document
    at = offsets(document.source, options.offsets)
    for e in tagged.entities:
        span = (str(at(e.start)), str(at(e.end)))
        row = (document.name, *span, e.text, e.label, e.kind, e.name, e.ref or "", e.en or "", str(e.score), e.chain)
        yield (*row, e.translit or "") if options.translit else row
