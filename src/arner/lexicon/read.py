"""A gazetteer file in, its rows out, or an error that names the file and the line."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arner.lexicon import schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Controls, tatweel, Arabic marks, zero-width and bidirectional characters.
_HIDDEN_SET = r"\x00-\x08\x0b-\x1f\x7f\u0640\u064b-\u065f\u0670\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_SLUG = re.compile("[A-Za-z0-9][A-Za-z0-9/-]*")
REF = re.compile(f"(?:{'|'.join(schema.REF_PREFIX.values())}){_SLUG.pattern}")
_COUNTRY = re.compile("[A-Z]{2}")
_DEGREES = re.compile(r"-|-?[0-9]+(\.[0-9]+)?")
_NUMBER = re.compile("[1-9][0-9]*")
_ZIPF = re.compile(r"[0-9]\.[0-9][0-9]?")
_HIDDEN = re.compile(f"[{_HIDDEN_SET}]")
_UNTIDY = re.compile(rf"[{_HIDDEN_SET}]|[^\S\t\n](?=\s|\Z)|(?<=[\t\n])[^\S\t\n]|\A[^\S\t\n]")


class GazetteerError(ValueError):
    """A row that breaks the contract; the text is `path:line: what is wrong`."""

    def __init__(self, path: Path | str, line: int, message: str) -> None:
        """Take where the row is (lines count from 1) and what is wrong with it."""
        self.path, self.line, self.message = str(path), line, message
        super().__init__(f"{path}:{line}: {message}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a gazetteer: its table (see `schema.COLUMNS`), its fields by column and where it stands."""

    table: str
    fields: dict[str, str]
    path: str
    line: int

    def __getitem__(self, column: str) -> str:
        """Return a field; raises KeyError for a column that the table has not."""
        return self.fields[column]

    def many(self, column: str) -> tuple[str, ...]:
        """Return the `|`-separated values of a column; an empty one (`-`) gives none."""
        value = self.fields[column]
        return () if value == "-" else tuple(value.split("|"))

    @property
    def where(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.line}"


def table_of(path: Path, header: tuple[str, ...]) -> str | None:
    """Return the table that a file holds: by its folder and name, else by its header; None where neither tells."""
    for name in (path.stem, path.parent.name):
        if schema.COLUMNS.get(name) == header:
            return name
    return next((table for table, columns in schema.COLUMNS.items() if columns == header), None)


def read_file(path: Path, shown: str | None = None) -> list[Row]:
    """Read one TSV file strictly.

    `shown` is the path to name in rows and errors (the path itself where None).
    Raises GazetteerError at the first bad line and OSError where the file can't be read.
    """
    rows: list[Row] = []
    for item in parse(path.read_bytes(), path, shown or str(path)):
        if isinstance(item, GazetteerError):
            raise item
        rows.append(item)
    return rows


def parse(data: bytes, path: Path, shown: str) -> Iterator[Row | GazetteerError]:
    """Yield the rows of a file's bytes, each checked against its table, and an error for each line that fails."""
    try:
        text = _text(data, shown)
        lines = text.split("\n")
        table = _table(path, shown, tuple(lines[0].split("\t")))
    except GazetteerError as error:
        yield error
        return
    columns = schema.COLUMNS[table]
    check = _CHECKS.get(table, _no_check)
    # What is true of the whole text need not be asked of each value.
    tidy = table == "noise" or (unicodedata.is_normalized("NFC", text) and not _UNTIDY.search(text))
    for number, line in enumerate(lines[1:], 2):
        values = line.split("\t")
        if len(values) != len(columns):
            if line:
                reason = f"{len(values)} fields, {len(columns)} due ({' '.join(columns)}); fields are parted by one tab"
                yield GazetteerError(shown, number, reason)
            elif number < len(lines):
                yield GazetteerError(shown, number, "blank line: take it out")
            continue
        row = Row(table, dict(zip(columns, values, strict=True)), shown, number)
        problem = (None if tidy and "" not in values else _untidy(row)) or check(row)
        yield GazetteerError(shown, number, problem) if problem else row


def _text(data: bytes, shown: str) -> str:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise GazetteerError(shown, line, f"not UTF-8 at byte {error.start}: save the file as UTF-8") from None
    if text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}"):
        raise GazetteerError(shown, 1, "starts with a byte-order mark: save the file as UTF-8 without one")
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        raise GazetteerError(shown, line, "has a carriage return: save the file with LF line ends")
    return text


def _table(path: Path, shown: str, header: tuple[str, ...]) -> str:
    table = table_of(path, header)
    if table is None:
        known = "; ".join(" ".join(c) for c in dict.fromkeys(schema.COLUMNS.values()))
        raise GazetteerError(shown, 1, f"unknown header {' '.join(header)!r}; one of: {known}")
    return table


def _untidy(row: Row) -> str | None:
    for column, value in row.fields.items():
        if not value:
            return f"{column} is blank: write - for nothing"
        if row.table == "noise":
            continue
        if value != value.strip() or "  " in value:
            return f"{column} has stray white space: {value!r}"
        if not unicodedata.is_normalized("NFC", value):
            return f"{column} is not in Unicode form NFC: {value!r}"
        hidden = _HIDDEN.search(value)
        if hidden:
            return f"{column} has U+{ord(hidden[0]):04X} (a mark, a tatweel or an invisible character): {value!r}"
    return None


def _no_check(_: Row) -> str | None:
    return None


def _check_entity(row: Row) -> str | None:
    prefix = schema.REF_PREFIX[row.table]
    if not (row["ref"].startswith(prefix) and _SLUG.fullmatch(row["ref"], len(prefix))):
        return f"ref {row['ref']!r} is not {prefix} and a slug of letters, digits and hyphens"
    if row["kind"] not in schema.KINDS[row.table]:
        return f"unknown kind {row['kind']!r}; one of: {' '.join(schema.KINDS[row.table])}"
    if row["country"] != "-" and not _COUNTRY.fullmatch(row["country"]):
        return f"country {row['country']!r} is not an ISO 3166 two-letter code or -"
    for column in ("aliases", "weak"):
        if any(not a or a != a.strip() for a in row.many(column)):
            return f"{column} has an empty or padded value between bars: {row[column]!r}"
    return (_check_degrees(row) if row.table == "places" else None) or _check_tier(row)


def _check_degrees(row: Row) -> str | None:
    lat, lon = row["lat"], row["lon"]
    if not (_DEGREES.fullmatch(lat) and _DEGREES.fullmatch(lon)) or (lat == "-") != (lon == "-"):
        return f"lat and lon are degrees, or both -: {lat!r} {lon!r}"
    if lat != "-" and not (-90 <= float(lat) <= 90 and -180 <= float(lon) <= 180):
        return f"lat and lon are no place on earth: {lat!r} {lon!r}"
    return None


def _check_coordinates(row: Row) -> str | None:
    if not row["ref"].startswith(schema.REF_PREFIX["places"]):
        return f"ref {row['ref']!r} is not a place's ({schema.REF_PREFIX['places']}…)"
    if not _NUMBER.fullmatch(row["geoname"]):
        return f"geoname {row['geoname']!r} is not a number of GeoNames"
    return _check_degrees(row)


def _check_tier(row: Row) -> str | None:
    return None if row["tier"] in schema.TIERS else f"tier {row['tier']!r} is not one of: {' '.join(schema.TIERS)}"


def _check_name(row: Row) -> str | None:
    if row.fields.get("gender", "u") not in schema.GENDERS:
        return f"gender {row['gender']!r} is not one of: {' '.join(schema.GENDERS)}"
    if row["origin"] not in schema.ORIGINS and not _COUNTRY.fullmatch(row["origin"]):
        return f"origin {row['origin']!r} is neither a country code nor one of: {' '.join(sorted(schema.ORIGINS))}"
    return _check_tier(row)


def _check_word(row: Row) -> str | None:
    known = row["class"] in schema.WORD_CLASSES
    return None if known else f"unknown class {row['class']!r}; one of: {' '.join(schema.WORD_CLASSES)}"


def _check_nationality(row: Row) -> str | None:
    return None if _COUNTRY.fullmatch(row["country"]) else f"country {row['country']!r} is not two letters"


def _check_noise(row: Row) -> str | None:
    if row["kind"] not in schema.NOISE_KINDS:
        return f"unknown kind {row['kind']!r}; one of: {' '.join(sorted(schema.NOISE_KINDS))}"
    try:
        re.compile(row["pattern"])
    except re.error as error:
        return f"pattern does not compile: {error}"
    return None


def _check_frequency(row: Row) -> str | None:
    return None if _ZIPF.fullmatch(row["zipf"]) else f"zipf {row['zipf']!r} is not a number such as 3.25"


def _check_retired(row: Row) -> str | None:
    refs = (row["old"],) if row["new"] == "-" else (row["old"], row["new"])
    return next((f"{ref!r} is no ref" for ref in refs if not REF.fullmatch(ref)), None)


_CHECKS = {
    "people": _check_entity,
    "orgs": _check_entity,
    "places": _check_entity,
    "coordinates": _check_coordinates,
    "given": _check_name,
    "family": _check_name,
    "words": _check_word,
    "particles": _check_word,
    "nationalities": _check_nationality,
    "noise": _check_noise,
    "frequency": _check_frequency,
    "retired": _check_retired,
}
