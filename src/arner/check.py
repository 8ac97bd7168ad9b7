"""Tagged texts and the outputs of an earlier run in, what differs out; nothing is written."""

# Paths are strings here, as in files.py.
# ruff: noqa: PTH118, PTH123

from __future__ import annotations

import os
from collections import defaultdict, deque
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arner import compare, files, output, placing, stored
from arner.batch import Task
from arner.compare import Change
from arner.export import FORMATS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from arner.batch import Work
    from arner.document import Tagged

READABLE = ("jsonl", "json")  # formats whose entities can be compared; of others only the bytes
ENTITIES, NEW, GONE, TEXT, BYTES, BROKEN = "entities", "new", "gone", "text", "bytes", "broken"


class Place(NamedTuple):
    """A change and where it is in the text as it now is: line and column from 1, or None where that is not known."""

    change: Change
    line: int | None = None
    column: int | None = None


class Difference(NamedTuple):
    """A document that differs from what the output holds; `path` is the file to look at.

    `state`: its entities changed; it is `new` to the output; its input is `gone`; its `text` was edited; the `bytes`
    of its output differ; its output is `broken`, as `note` says.
    """

    doc: str
    path: str
    state: str
    changes: tuple[Place, ...] = ()
    note: str = ""


def against_folder(
    work: Work, sources: Sequence[files.Source], folder: str, totals: output.Totals, watcher: output.Watcher, *,
    jobs: int = 1,
) -> Iterator[Difference]:
    """Yield what differs from the outputs in a folder, in the order of the inputs, then the outputs without input.

    Raises OutputError where two inputs would have one output, and what `Tagger` raises.
    """
    form = FORMATS[work.job.form]
    suffixes = (form.suffix, *(suffix for suffix, _ in form.beside))
    bases = placing.place(sources, folder, suffixes)
    with closing(_tagged(work, sources, totals, watcher, jobs)) as coming:
        for source, base, tagged in zip(sources, bases, coming, strict=True):
            if tagged is None:
                continue
            if work.job.form in READABLE:
                at = dict.fromkeys((one.document.name for one in tagged), source)
                yield from _compared(base + form.suffix, tagged, at)
            else:
                written = [b"".join(make(t) for t in tagged) for _, make in form.beside]
                written.insert(0, b"".join(form.write(tagged, work.job.options)))
                if any(_bytes(base + suffix) != data for suffix, data in zip(suffixes, written, strict=True)):
                    state = BYTES if os.path.exists(base + form.suffix) else NEW  # noqa: PTH110
                    yield Difference(source.name, source.path, state)
    due = {base + form.suffix for base in bases}
    for path in _files_below(folder, form.suffix):
        if path not in due:
            yield Difference(os.path.relpath(path, folder), path, GONE)


def against_file(
    work: Work, sources: Sequence[files.Source], path: str, totals: output.Totals, watcher: output.Watcher, *,
    jobs: int = 1,
) -> Iterator[Difference]:
    """Yield what differs from one output of all inputs, in their order. Raises what `Tagger` raises."""
    if work.job.form not in READABLE:
        data = b"".join(output.stream(work, sources, totals, watcher, jobs=jobs))
        if _bytes(path) != data:
            yield Difference(path, path, BYTES)
        return
    tagged: list[Tagged] = []
    at: dict[str, files.Source] = {}
    with closing(_tagged(work, sources, totals, watcher, jobs)) as coming:
        for source, found in zip(sources, coming, strict=True):
            tagged += found or ()
            at.update(dict.fromkeys((t.document.name for t in found or ()), source))
    failed = {fault.name for fault in totals.faults}
    yield from (d for d in _compared(path, tagged, at) if d.state != GONE or d.doc not in failed)


def _tagged(
    work: Work, sources: Sequence[files.Source], totals: output.Totals, watcher: output.Watcher, jobs: int
) -> Generator[tuple[Tagged, ...] | None, None, None]:
    """Yield the documents of each source; None where it failed as a whole."""
    tasks = [Task(source, bare=True) for source in sources]
    for result in output.counted(work, tasks, totals, watcher, jobs=jobs):
        yield None if result.faults and not result.tagged else result.tagged


def _compared(path: str, tagged: Iterable[Tagged], at: dict[str, files.Source]) -> Iterator[Difference]:
    """Yield how documents differ from the records of their output; records of one name are taken in their order."""
    records: defaultdict[str, deque[stored.Stored]] = defaultdict(deque)
    try:
        for record in stored.read(Path(path)):
            records[record.record["doc"]].append(record)
    except FileNotFoundError:
        pass
    except (stored.StoredError, OSError) as error:
        yield Difference(", ".join(at), path, BROKEN, note=str(error))
        return
    for one in tagged:
        name = one.document.name
        if difference := _difference(one, records[name].popleft() if records[name] else None, at[name].path):
            yield difference
    for left in records.values():
        yield from (Difference(record.record["doc"], path, GONE) for record in left)


def _difference(tagged: Tagged, record: stored.Stored | None, path: str) -> Difference | None:
    document = tagged.document
    new = compare.of_entities(tagged.entities)
    lines = compare.Lines(document.source)
    if record is None:
        gained = tuple(Place(Change(compare.GAINED, e), *lines(e.start)) for e in new)
        return Difference(document.name, path, NEW, gained)
    same = record.record["sha256"] == document.sha256 and record.record["chars"] == len(document.source)
    old = compare.of_record(record.record, document.source if same else None)
    found = compare.changes(old, new, same_text=same)
    places = tuple(Place(c, *lines(c.entity.start)) if same or c.how != compare.LOST else Place(c) for c in found)
    if same and not places:
        return None
    return Difference(document.name, path, ENTITIES if same else TEXT, places)


def _bytes(path: str) -> bytes | None:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None


def _files_below(folder: str, suffix: str) -> list[str]:
    found = []
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [os.path.join(path, name) for name in names if name.endswith(suffix) and not name.startswith(".")]
    own = {os.path.join(folder, name) for name in placing.OWN}
    return sorted(set(found) - own)
