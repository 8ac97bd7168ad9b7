"""A record of an output and its source in, what does not fit out: the hash, the length, and every span."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from arner import files, records
from arner.placing import relative

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from arner.document import Document


class Span(NamedTuple):
    """A stretch that a record names: what it is, where, and its words; None where the record has none (noise)."""

    what: str
    start: object
    end: object
    text: str | None


class Sources:
    """Finds the source of a record: below `root`, a folder, or `root` itself where it is a file.

    With `keys`, the sources are JSON Lines, read once and in their order, as the outputs are.
    """

    def __init__(self, root: str, *, errors: str = "strict", keys: tuple[str, str] | None = None) -> None:
        self._root = Path(root)
        self._errors = errors
        self._records = self._read(records.Keys(*keys)) if keys else None

    def find(self, record: Mapping[str, Any]) -> Document:
        """Return the source of a record, decoded as it then was. Raises InputError where there is none."""
        name = record["doc"]
        if self._records is not None:
            for document in self._records:
                if document.name == name:
                    return document
            where = files.printable(str(self._root))
            raise files.InputError(name, f"no record of this name in {where} behind those that were found")
        path = self._root if self._root.is_file() else self._root / name
        if not path.exists():
            path = self._root / relative(name)
        source = files.Source(name, str(path))
        try:
            return files.read(source, encoding=record["encoding"], errors=self._errors)
        except ValueError as error:
            raise files.InputError(name, str(error)) from None

    def _read(self, keys: records.Keys) -> Iterator[Document]:
        for source in files.find([self._root], "*.jsonl"):
            for found in records.read(source, keys, errors=self._errors):
                if not isinstance(found, files.InputError):  # `arner tag` passed it over too
                    yield found


def spans(record: Mapping[str, Any]) -> Iterator[Span]:
    """Yield all stretches that a record names."""
    for entity in record["entities"]:
        yield _span(entity["id"], entity)
        for part in ("nested", "beaten"):
            yield from (_span(f"{entity['id']} {part}", inner) for inner in entity.get(part, ()))
    for relation in record["relations"]:
        if "role_start" in relation:
            yield Span("role", relation["role_start"], relation["role_end"], relation["role"])
    yield from (Span("noise", noise["start"], noise["end"], None) for noise in record["noise"])


def _span(what: str, fields: Mapping[str, Any]) -> Span:
    return Span(what, fields["start"], fields["end"], fields["text"])


def mismatches(record: Mapping[str, Any], sources: Sources) -> Iterator[str]:
    """Yield a line for each thing in a record that is not so in its source."""
    try:
        document = sources.find(record)
    except files.InputError as error:
        yield str(error)
        return
    name = files.printable(record["doc"])
    if record["sha256"] != document.sha256:
        yield f"{name}: is not the file that was tagged: SHA-256 {document.sha256}, recorded {record['sha256']}"
    if record["chars"] != len(document.source):
        yield f"{name}: has {len(document.source)} code points, recorded {record['chars']}"
    cut = _Cutter(document.source, record["offset_unit"])
    for span in spans(record):
        there = cut(span.start, span.end)
        if there is None:
            yield f"{name}: {span.what} [{span.start}:{span.end}] is outside the text or cuts a character"
        elif span.text is not None and there != span.text:
            yield f"{name}: {span.what} [{span.start}:{span.end}] is {_shown(there)}, recorded {_shown(span.text)}"


class _Cutter:
    """Cuts stretches out of a text by offsets in a unit."""

    def __init__(self, source: str, unit: str) -> None:
        codec, self._width = {"byte": ("utf-8", 1), "utf16": ("utf-16-le", 2)}.get(unit, ("utf-32-le", 4))
        self._codec = codec
        self._unit = unit
        self._data = source.encode(codec, "surrogatepass")

    def __call__(self, start: object, end: object) -> str | None:
        if not (isinstance(start, int) and isinstance(end, int)):
            return None
        if not 0 <= start <= end <= len(self._data) // self._width or self._parts(start) or self._parts(end):
            return None
        try:
            return self._data[start * self._width : end * self._width].decode(self._codec, "surrogatepass")
        except UnicodeDecodeError:
            return None

    def _parts(self, at: int) -> bool:
        """Return whether an offset in UTF-16 parts the two halves of a character, which decoding would let pass."""
        around = self._data[max(0, at - 1) * 2 : (at + 1) * 2]
        return self._unit == "utf16" and len(around.decode("utf-16-le", "surrogatepass")) < len(around) // 2


def _shown(words: object) -> str:
    text = files.printable(str(words))
    return f"«{text if len(text) < 80 else text[:80] + '…'}»"
