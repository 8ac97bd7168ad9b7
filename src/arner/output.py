"""A job and its inputs in, an output file or folder out, whole or not at all, by one process or several."""

# Paths are strings here, as in files.py.
# ruff: noqa: PTH103, PTH108, PTH110, PTH113, PTH118, PTH120

from __future__ import annotations

import json
import os
import re
import time
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from arner import __version__, files, lock, parcel, placing, pool, state
from arner.batch import JOINED, Fault, Reading, Result, Task
from arner.document import LABELS
from arner.export import FORMATS
from arner.spilled import SpillError
from arner.state import Counts

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from arner.batch import Work
    from arner.document import Tagged

_AHEAD = 512  # tasks whose bytes may wait for an earlier one
_LEFT_BEHIND = re.compile(r"\.arner-[0-9a-f]{12}\.tmp")


class Watcher(Protocol):
    """What a run tells while it goes on."""

    def fault(self, fault: Fault) -> None:
        """Say that an input failed."""

    def notice(self, line: str) -> None:
        """Say what a user should know of an input."""

    def advance(self, size: int, inputs: int) -> None:
        """Say that `size` more bytes of text and so many more inputs are done."""


@dataclass(slots=True)
class Totals:
    """What a run has done: inputs, those that were done before, counts and faults."""

    files: int = 0
    resumed: int = 0
    counts: Counts = field(default_factory=Counts)
    faults: list[Fault] = field(default_factory=list)

    def summary(self, form: str, seconds: float) -> bytes:
        """Return the summary as JSON: all but the last two fields is the same for the same inputs, whoever works."""
        entities = dict(zip(LABELS, self.counts.entities, strict=True))
        failed = [{"doc": fault.name, "why": fault.message} for fault in sorted(self.faults)]
        summary = {
            "arner": __version__,
            "format": form,
            "files": self.files,
            "documents": self.counts.documents,
            "bytes": self.counts.size,
            "entities": {**entities, "all": sum(entities.values())},
            "failures": len(failed),
            "failed": failed,
            "seconds": round(seconds, 3),
            "mb_per_second": round(self.rate(seconds), 3),
        }
        text = json.dumps(summary, ensure_ascii=False, indent=2)
        return (text + "\n").encode("utf-8", "backslashreplace")

    def rate(self, seconds: float) -> float:
        """Return how many megabytes of text were read a second."""
        return self.counts.size / max(seconds, 1e-3) / 1e6


def results(
    work: Work, tasks: Sequence[Task], jobs: int, ahead: int | None = None
) -> Generator[tuple[int, Result], None, None]:
    """Yield the number and result of each task as they come; a task that kills its worker is a fault.

    Raises what `Tagger` raises.
    """
    if jobs > 1:
        import gc

        work.tagger.tag("")  # what is loaded before the workers are forked, they share
        gc.freeze()
    run: Generator[tuple[int, Result | pool.Died], None, None] = (
        pool.run(work, tasks, jobs, ahead) if work.tagger.ahead == 1 else _in_groups(work, tasks)
    )
    with closing(run) as coming:
        for number, result in coming:
            if isinstance(result, pool.Died):
                yield number, Result(faults=(_died(tasks[number].source.name, result.code),))
            else:
                yield number, result


def _in_groups(work: Work, tasks: Sequence[Task]) -> Generator[tuple[int, Result | pool.Died], None, None]:
    """Yield the number and result of each task in order, by this process; a group is foreseen before it is done."""
    size = work.tagger.ahead
    for first in range(0, len(tasks), size):
        group = tasks[first : first + size]
        work.foresee(group)
        yield from enumerate(map(work, group), first)


def _died(name: str, code: int | None) -> Fault:
    how = f"signal {-code}" if code and code < 0 else f"exit code {code}"
    return Fault(name, f"{files.printable(name)}: the process that worked on it died ({how}): out of memory?")


def into_folder(
    work: Work, sources: Sequence[files.Source], folder: str, watcher: Watcher, *, jobs: int = 1, resume: bool = False
) -> Totals:
    """Write an output for each input, a summary, and the state for a later run with `resume`.

    Raises OutputError where the folder can't be written or two outputs would be one file, LockedError where another
    run writes there, and what `Tagger` raises. An input that fails is told to the watcher, and the rest goes on.
    """
    start = time.monotonic()
    job, form = work.job, FORMATS[work.job.form]
    bases = placing.place(sources, folder, (form.suffix, *(suffix for suffix, _ in form.beside)))
    options = (job.types, job.min_score, job.form, job.options, job.keys, job.encoding, job.errors, job.engine)
    key = state.key(work.tagger.fingerprints(), options)
    with _locked(os.path.join(folder, placing.LOCK), folder):
        _sweep(folder)
        kept = state.State(folder, key)
        if resume:
            kept.load()
        kept.begin()
        known = kept.done
        tasks = [Task(s, base, known.get(s.name)) for s, base in zip(sources, bases, strict=True)]
        totals = Totals(files=len(sources))
        done: dict[int, state.Done] = {}
        with closing(kept), closing(results(work, tasks, jobs)) as coming:
            for number, result in coming:
                _tell(result, totals, watcher)
                if result.done:
                    done[number] = result.done
                    if not result.resumed:
                        with suppress(OSError):  # a full disk: the outputs say so, and only time is lost
                            kept.add(sources[number].name, result.done)
        kept.finish({sources[number].name: done[number] for number in sorted(done)})
        files.write_whole(os.path.join(folder, placing.SUMMARY), totals.summary(job.form, time.monotonic() - start))
    return totals


def into_file(work: Work, sources: Sequence[files.Source], path: str, watcher: Watcher, *, jobs: int = 1) -> Totals:
    """Write one output for all inputs. Raises as `into_folder`; then what stood there stands there still."""
    form = FORMATS[work.job.form]
    files.refuse_overlap(sources, path)
    totals = Totals(files=len(sources))
    head, tail = os.path.split(os.path.realpath(path))
    device = os.path.exists(path) and not os.path.isfile(path)
    with nullcontext() if device else _locked(os.path.join(head, f".{tail}{placing.LOCK}"), path):
        if form.beside:
            base = path.removesuffix(form.suffix)
            for suffix, _ in form.beside:
                files.refuse_overlap(sources, base + suffix)
            tagged = list(documents(work, sources, totals, watcher))
            for suffix, make in form.beside:
                files.write_whole(base + suffix, map(make, tagged))
            files.write_whole(path, form.write(tagged, work.job.options))
        else:
            with closing(stream(work, sources, totals, watcher, jobs=jobs)) as chunks:
                files.write_whole(path, chunks)
    return totals


def stream(
    work: Work, sources: Sequence[files.Source], totals: Totals, watcher: Watcher, *, jobs: int = 1
) -> Generator[bytes, None, None]:
    """Yield the bytes of one output for all inputs, in their order, each as soon as it is there.

    More than one process is used for formats that can be cut between documents, and for texts; records are read line
    by line by one. Raises what `Tagger` raises.
    """
    job = work.job
    if min(jobs, len(sources)) < 2 or job.form not in JOINED or job.keys:
        yield from FORMATS[job.form].write(documents(work, sources, totals, watcher), job.options)
        return
    folder = parcel.new_folder()
    tasks = [Task(source, opens=not number, folder=folder) for number, source in enumerate(sources)]
    try:
        with closing(counted(work, tasks, totals, watcher, jobs=jobs)) as coming:
            for source, result in zip(sources, coming, strict=True):
                try:
                    yield from parcel.unpack(result.data)
                except SpillError as error:
                    fault = Fault(source.name, f"{files.printable(source.name)}: {error}")
                    totals.faults.append(fault)
                    watcher.fault(fault)
    finally:
        parcel.clear(folder)


def counted(
    work: Work, tasks: Sequence[Task], totals: Totals, watcher: Watcher, *, jobs: int = 1
) -> Generator[Result, None, None]:
    """Yield the results of tasks in their order; faults and counts go to `totals`. Raises what `Tagger` raises."""
    with closing(results(work, tasks, jobs, _AHEAD)) as coming:
        for result in pool.in_order(coming):
            _tell(result, totals, watcher)
            yield result


def documents(work: Work, sources: Sequence[files.Source], totals: Totals, watcher: Watcher) -> Iterator[Tagged]:
    """Yield the documents of all inputs, tagged, in this process; faults and counts go to `totals`."""

    def fault(found: Fault) -> None:
        totals.faults.append(found)
        watcher.fault(found)

    reading = Reading(work.job, work.tagger, fault, watcher.notice)
    size = work.tagger.ahead
    for number, source in enumerate(sources):
        if size > 1 and number % size == 0:
            work.foresee(map(Task, sources[number : number + size]))
        for tagged in reading.all([source]):
            watcher.advance(reading.counts.size - totals.counts.size, 0)
            totals.counts = reading.counts
            yield tagged
        watcher.advance(0, 1)


def _tell(result: Result, totals: Totals, watcher: Watcher) -> None:
    for line in result.notices:
        watcher.notice(line)
    for fault in result.faults:
        watcher.fault(fault)
    totals.faults += result.faults
    totals.counts = totals.counts.plus(result.counts)
    totals.resumed += result.resumed
    watcher.advance(result.counts.size, 1)


@contextmanager
def _locked(path: str, output: str) -> Iterator[None]:
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise files.OutputError(output, "can't be written: a file stands where a folder is due") from None
    except OSError as error:
        raise files.OutputError(output, f"can't be written: {error.strerror}") from None
    with lock.hold(path, output):
        yield


def _sweep(folder: str) -> None:
    """Remove the temporary files that a killed run has left; nobody else writes here now."""
    for path, _, names in os.walk(folder):
        for name in names:
            if _LEFT_BEHIND.fullmatch(name):
                with suppress(OSError):
                    os.unlink(os.path.join(path, name))
