"""Gazetteer rows in, one binary lexicon out: what `store.Lexicon` maps into memory.

`layout` says what stands where.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.digest import sha256
from arner.lexicon import furniture, schema, table, variants
from arner.lexicon.layout import ENTITY_FIELDS, ENTRY, HEADER, MAGIC, MORE, SENSE, VERSION, weight_files, weights_key
from arner.lexicon.read import Row, read_file
from arner.lexicon.schema import SENSE_ALIAS, SENSE_CLASS, SENSE_NAME, SENSE_VARIANT, SENSE_WEAK
from arner.recognizers import packed, patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ARAB: Final = frozenset((
    "MA", "DZ", "TN", "LY", "MR", "EG", "SD", "PS", "LB", "SY", "JO", "IQ", "SA", "AE", "QA", "KW", "BH", "OM",
    "YE", "SO", "DJ", "KM", "EH",
))  # fmt: skip
# A word this frequent (zipf: log10 of uses in a thousand million words) is not taken for an unknown name.
FREQUENT_ZIPF: Final = 4.2
_WORDS: Final = sum(schema.BITS[c] for c in schema.WORD_CLASSES)
_NAMES: Final = sum(schema.BITS[c] for c in ("given", "given-weak", "family", "family-weak"))
_FREQUENT: Final = schema.BITS["frequent"]
_DECLINED: Final = sum(schema.BITS[c] for c in ("noun", "adjective", "org-adjective", "nationality", "occupation"))
_ALEF: Final = variants.key("ا")
# A spelling that was made must not be a word this frequent.
COMMON_ZIPF: Final = 3.5


@dataclass(slots=True)
class Draft:
    """What is known of a key so far: class mask, zipf × 25, flags, kind of sense by number of row."""

    mask: int = 0
    zipf: int = 0
    flags: int = 0
    senses: dict[int, int] = field(default_factory=dict)


class Dropped(NamedTuple):
    """A spelling that was made of a row's name and left out, since it is a common word or another row's own form."""

    key: bytes
    row: Row
    reason: str


def digest(files: Iterable[Path]) -> bytes:
    """Return the SHA-256 over names and bytes of the input files and the format version."""
    total = sha256(f"{MAGIC!r}{VERSION}{sorted(schema.BITS.items())}".encode())
    for path in files:
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.digest()


def compile_files(files: Sequence[Path], root: Path | None = None, weights: Path | None = None) -> bytes:
    """Compile gazetteer files, and the folder of weights of the fitted recognizer where given, into a lexicon.

    Rows name their file relative to `root` where it is given. Raises GazetteerError at the first bad row.
    """
    rows: list[Row] = []
    for path in files:
        shown = path.relative_to(root).as_posix() if root else str(path)
        rows += read_file(path, shown)
    tables = weight_files(weights) if weights else []
    fitted = {
        weights_key(path.parent.name) + feature: value
        for path in tables
        for feature, value in packed.weights_table(path.read_text("utf-8")).items()
    }
    return Compiler(rows).pack(digest([*files, *tables]), fitted)


class Compiler:
    """The keys of gazetteer rows as they are collected; `dropped` lists the spellings left out."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Collect the rows of all files: words first, since a made spelling must be none of them."""
        self.drafts: dict[bytes, Draft] = {}
        self.dropped: list[Dropped] = []
        self._rows: list[str] = []
        self._files: dict[str, int] = {}
        self._noise: list[tuple[str, str]] = []
        self._offices: dict[str, str] = {}
        self._placed = {row["ref"]: row for row in rows if row.table == "coordinates"}
        # Who owns a key by its own name, alias or weak form; None where several do.
        self._owners: dict[bytes, str | None] = {}
        entities = [row for row in rows if row.table in schema.LABELS]
        # A user's list has no frequencies: nothing there tells that one word, a letter swapped, is a common one.
        self._knows_words = any(row.table == "frequency" for row in rows)
        for row in rows:
            if row.table not in schema.LABELS:
                self._word_row(row)
        for row in entities:
            self._own(row)
        for row in entities:
            self._entity(row)
        self._accusatives()
        self._prefixes()

    def _word_row(self, row: Row) -> None:
        match row.table:
            case "given" | "family":
                self._word(row, (row["name"],), row.table if row["tier"] == "sure" else f"{row.table}-weak")
            case "particles":
                self._word(row, (row["name"],), row["class"])
            case "words":
                self._word(row, (row["word"],), row["class"])
            case "nationalities":
                self._word(row, row.many("forms"), "nationality")
            case "noise":
                self._noise.append((row["pattern"], row["kind"]))
            case "offices":
                self._offices[row["title"]] = row["office"]
            case "frequency":
                self._frequency(row)

    def _row(self, row: Row, values: tuple[str, ...]) -> int:
        file = self._files.setdefault(row.path, len(self._files))
        self._rows.append("\t".join((*values, f"{file}:{row.line}")))
        return len(self._rows) - 1

    def _own(self, row: Row) -> None:
        ref = row["ref"]
        for text in (row["name"], *row.many("aliases"), *row.many("weak")):
            key = variants.key(text)
            if self._owners.setdefault(key, ref) != ref:
                self._owners[key] = None

    def _entity(self, row: Row) -> None:
        fields = row.fields
        if fields.get("lat") == "-" and (placed := self._placed.get(row["ref"])):
            fields = fields | {"lat": placed["lat"], "lon": placed["lon"]}
        number = self._row(row, (schema.LABELS[row.table], *(fields.get(column, "-") for column in ENTITY_FIELDS)))
        label = schema.LABELS[row.table].lower()
        foreign = row["country"] not in ARAB
        # The Arabic words of a name keep their letters («الغينية», of Guinea, is not «الكينية»).
        fixed = None if label == "per" else self._is_word
        english = row["en"] if row["en"] != "-" else ""
        listed = [(row["name"], SENSE_NAME)]
        listed += [(alias, SENSE_ALIAS) for alias in row.many("aliases")]
        listed += [(alias, SENSE_WEAK) for alias in row.many("weak")]
        for text, sense in listed:
            weak = sense == SENSE_WEAK or row["tier"] == "weak"
            bit = schema.BITS[f"{label}-weak" if weak else label]
            if row["kind"] == "country" and not weak:
                bit |= schema.BITS["country"]
            swapped = foreign and (self._knows_words or " " in text)
            for i, key in enumerate(variants.spellings(text, english, foreign=swapped, fixed=fixed)):
                if i and not self._is_free(key, row, weak=weak):
                    continue
                draft = self._draft(key)
                draft.mask |= bit
                kind = SENSE_WEAK if weak else SENSE_VARIANT if i else sense
                draft.senses[number] = min(kind, draft.senses.get(number, SENSE_CLASS))
        if label == "per":
            for token in variants.key(row["name"]).split():
                if len(token) > 2:
                    self._draft(token).mask |= schema.BITS["name-token"]

    def _is_free(self, key: bytes, row: Row, *, weak: bool) -> bool:
        """Return whether a spelling that was made means nothing else; one that does is noted as dropped."""
        ref = row["ref"]
        if key in self._owners:
            owner = self._owners[key]
            reason = "" if owner == ref else f"is {owner or 'several rows'}"
        else:
            bare = key[2:] if key.startswith(variants.ARTICLE) and len(key) > 4 else key
            taken = b" " not in key and (self._is_common(key, names=not weak) or self._is_common(bare, names=not weak))
            reason = "is a common word or a name" if taken else ""
        if reason:
            self.dropped.append(Dropped(key, row, reason))
        return not reason

    def _is_common(self, key: bytes, *, names: bool) -> bool:
        draft = self.drafts.get(key)
        listed = _NAMES | _WORDS if names else _WORDS
        return draft is not None and (draft.zipf >= COMMON_ZIPF * 25 or bool(draft.mask & listed))

    def _is_word(self, key: bytes) -> bool:
        drafts = (self.drafts.get(key), self.drafts.get(key.removeprefix(variants.ARTICLE)))
        return any(draft is not None and draft.mask & _WORDS for draft in drafts)

    def _word(self, row: Row, forms: Iterable[str], bit: str) -> None:
        fields = row.fields
        first = next(iter(fields.values()))
        kind = fields.get("class", row.table)
        number = self._row(row, (row.table, first, kind, fields.get("country", "-"), fields.get("tier", "-")))
        for form in forms:
            for i, key in enumerate(variants.spellings(form)):
                if not i or b" " not in key:
                    draft = self._draft(key)
                    draft.mask |= schema.BITS[bit]
                    draft.senses.setdefault(number, SENSE_CLASS)

    def _frequency(self, row: Row) -> None:
        zipf = float(row["zipf"])
        draft = self._draft(variants.key(row["word"]))
        draft.zipf = max(draft.zipf, min(255, round(zipf * 25)))
        if zipf >= FREQUENT_ZIPF:
            draft.mask |= schema.BITS["frequent"]

    def _draft(self, key: bytes) -> Draft:
        draft = self.drafts.get(key)
        if draft is None:
            draft = self.drafts[key] = Draft()
        return draft

    def _accusatives(self) -> None:
        """Give the indefinite accusative of a noun or adjective its class, where it is a known word: «مؤكدا»."""
        for key, draft in self.drafts.items():
            if draft.mask & ~_FREQUENT or not draft.zipf or not key.endswith(_ALEF) or b" " in key:
                continue
            base = self.drafts.get(key.removesuffix(_ALEF))
            if base is not None:
                draft.mask |= base.mask & _DECLINED

    def _prefixes(self) -> None:
        for key in list(self.drafts):
            end = key.find(b" ")
            while end > 0:
                self._draft(key[:end]).flags |= MORE
                end = key.find(b" ", end + 1)

    def pack(self, fingerprint: bytes, fitted: dict[bytes, bytes]) -> bytes:
        """Return the compiled lexicon, with the fingerprint of its inputs and the weights given."""
        items: dict[bytes, bytes] = {}
        for key, draft in self.drafts.items():
            if 0 < len(key) <= table.LONGEST_KEY:
                senses = sorted((kind, number) for number, kind in draft.senses.items())
                packed = b"".join(SENSE.pack(*sense) for sense in senses)
                items[key] = ENTRY.pack(draft.mask, draft.zipf, draft.flags) + packed
        texts = [row.encode() for row in self._rows]
        offsets = [0, *accumulate(map(len, texts))]
        lines = [pattern for pattern, _ in self._noise]
        extra = {
            "files": list(self._files),
            "noise": self._noise,
            "starts": furniture.index(lines) if lines else {},
            "offices": self._offices,
            "rules": patterns.listed() if fitted else {},
        }
        sections = (
            table.build(items),
            struct.pack(f"<{len(offsets)}I", *offsets),
            b"".join(texts),
            json.dumps(extra, ensure_ascii=False).encode(),
            table.build(fitted),
        )
        return HEADER.pack(MAGIC, VERSION, fingerprint, *map(len, sections)) + b"".join(sections)
