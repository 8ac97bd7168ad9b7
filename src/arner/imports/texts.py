"""Names of documents in, their texts out: for formats that hold spans and no text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from arner import files, records
from arner.placing import relative

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from arner.document import Document


class Texts:
    """The texts that are at hand: those in `root` (a file, a folder, or JSON Lines of records), and those `known`.

    Without `root`, a document's name is also tried as a path from here.
    """

    def __init__(self, root: str | None = None, known: Iterable[Document] = ()) -> None:
        self._root = root
        self._known = {document.name: document for document in known}
        self._alike: dict[str, list[Document]] = {}  # by file name
        if root is not None and root.endswith(".jsonl"):
            for found in records.read(files.Source(root, root), records.Keys()):
                if not isinstance(found, files.InputError):
                    self._known[found.name] = found
        for document in self._known.values():
            self._alike.setdefault(_file(document.name), []).append(document)

    def find(self, name: str, encoding: str | None = None) -> Document | None:
        """Return the text of that name, if it is at hand. Raises InputError where it can't be read."""
        if name in self._known:
            return self._known[name]
        path = next(filter(_is_file, self._paths(name)), None)
        if path is not None:
            try:
                return files.read(files.Source(name, str(path)), encoding=encoding)
            except ValueError as error:
                raise files.InputError(name, str(error)) from None
        alike = self._alike.get(_file(name), ())
        return alike[0] if len(alike) == 1 else None

    def in_order(self) -> Iterator[Document]:
        """Yield all texts that are at hand, in their order. Raises InputError where one can't be read."""
        if self._root is None or self._root.endswith(".jsonl"):
            yield from self._known.values()
        else:
            yield from map(files.read, files.find([self._root]))

    def __bool__(self) -> bool:
        """Whether the user, or the other side of a comparison, has given any."""
        return self._root is not None or bool(self._known)

    def _paths(self, name: str) -> Iterator[Path]:
        if name == files.STDIN or self._root is None:
            if name != files.STDIN:
                yield Path(name)
            return
        root = Path(self._root)
        yield from (root,) if root.is_file() else (root / name, root / relative(name), root / Path(name).name)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False  # a name that no file can have


def _file(name: str) -> str:
    return name.rpartition("/")[2]
