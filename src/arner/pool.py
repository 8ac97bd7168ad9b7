"""Tasks and a function in, its results out, worked out by processes that each take a batch of tasks at a time.

A worker that dies (out of memory, killed) loses nothing but the task that it died on. When the run ends early, the
workers end too: those of a run that was killed see that it has gone.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")

_MOST = 64  # tasks a batch, fewer towards the end so that the workers end together
_GRACE = 5.0  # seconds to a worker that was asked to end, before it is killed
_LOOK = 0.2  # seconds between an idle worker's looks whether its run is still there

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Died(NamedTuple):
    """What comes of a task whose worker died on it: the signal (negative) or exit code."""

    code: int | None


def cores() -> int:
    """Return how many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def run(
    work: Callable[[T], R], tasks: Sequence[T], jobs: int, ahead: int | None = None
) -> Generator[tuple[int, R | Died], None, None]:
    """Yield the number and the result of each task, as they come; with one job, in this process and in order.

    `work`, tasks and results must be picklable. No task is begun that is `ahead` or more behind the first whose
    result has not been taken. An exception of `work` ends the run and is raised here.
    """
    jobs = min(jobs, len(tasks))
    if jobs <= 1:
        yield from ((number, work(task)) for number, task in enumerate(tasks))
        return
    crew = _Crew(work, tasks, jobs, ahead)
    try:
        yield from crew.results()
    finally:
        crew.dismiss()


def in_order(results: Iterator[tuple[int, R]]) -> Iterator[R]:
    """Yield numbered results in the order of their numbers, from 0.

    >>> list(in_order(iter([(1, "b"), (0, "a"), (2, "c")])))
    ['a', 'b', 'c']
    """
    held: dict[int, R] = {}
    due = 0
    for number, result in results:
        held[number] = result
        while due in held:
            yield held.pop(due)
            due += 1


@dataclass(eq=False, slots=True)
class _Worker:
    """A process, the pipe to it, and the numbers of the tasks that it has in hand."""

    process: BaseProcess
    pipe: Connection[Any, Any]
    batch: list[int]


class _Crew(Generic[T, R]):
    """The workers of a run and what is still to be done."""

    def __init__(self, work: Callable[[T], R], tasks: Sequence[T], jobs: int, ahead: int | None) -> None:
        self._work = work
        self._tasks = tasks
        self._jobs = jobs
        self._ahead = len(tasks) if ahead is None else ahead
        self._next = 0
        self._again: deque[int] = deque()
        self._unfinished: dict[int, None] = {}  # begun, in order
        self._workers: list[_Worker] = []

    def results(self) -> Iterator[tuple[int, R | Died]]:
        from multiprocessing.connection import wait

        for _ in range(self._jobs):
            self._workers.append(self._hire())
        while True:
            for worker in self._workers:
                if not worker.batch:
                    self._deal(worker)
            busy = {worker.pipe: worker for worker in self._workers if worker.batch}
            if not busy:
                return
            for pipe in wait(list(busy)):
                yield from self._collect(busy[pipe])  # type: ignore[index]

    def _batch(self) -> list[int]:
        if self._again:
            return [self._again.popleft()]
        first = next(iter(self._unfinished), self._next)
        room = min(len(self._tasks), first + self._ahead) - self._next
        left = len(self._tasks) - self._next
        size = min(room, _MOST, max(1, left // (3 * self._jobs)))
        batch = list(range(self._next, self._next + max(0, size)))
        self._next += len(batch)
        self._unfinished.update(dict.fromkeys(batch))
        return batch

    def _deal(self, worker: _Worker) -> None:
        worker.batch = self._batch()
        if worker.batch:
            with suppress(OSError):  # where it has died, `_collect` finds the pipe closed
                worker.pipe.send([self._tasks[number] for number in worker.batch])

    def _collect(self, worker: _Worker) -> Iterator[tuple[int, R | Died]]:
        """Yield what a worker has done; where it has died, put another in its place."""
        batch = worker.batch
        try:
            answer = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join()
            worker.pipe.close()
            place = self._workers.index(worker)
            del self._workers[place]
            self._workers.insert(place, self._hire())
            if len(batch) > 1:  # which task it died on is found by trying them one by one
                self._again.extend(batch)
                return
            answer = [Died(worker.process.exitcode)]
        else:
            if isinstance(answer, BaseException):
                raise answer
            self._deal(worker)  # before the results are taken, so that it need not wait for that
        for number, result in zip(batch, answer, strict=True):
            del self._unfinished[number]
            yield number, result

    def _hire(self) -> _Worker:
        import multiprocessing

        # A fork has the lexicon and the tagger at no cost; elsewhere than on Linux, system libraries forbid it.
        fork = sys.platform == "linux"
        context: Any = multiprocessing.get_context("fork" if fork else "spawn")
        here, there = context.Pipe()
        # A fork holds the parent's ends of the pipes too; open there, they would hide from a worker that sends its
        # answers that nobody is left to read them.
        inherited = [here, *(worker.pipe for worker in self._workers)] if fork else []
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # or the fork would write it once more
        process = context.Process(target=_serve, args=(self._work, there, os.getpid(), inherited), daemon=True)
        with _signals_held():  # until the worker has said what it does with them
            process.start()
        there.close()
        return _Worker(process, here, [])

    def dismiss(self) -> None:
        """End the workers: idle ones by word, busy ones by signal, so that they remove what they have half written."""
        for worker in self._workers:
            if worker.batch:
                worker.process.terminate()
            else:
                with suppress(OSError):
                    worker.pipe.send(None)
        for worker in self._workers:
            worker.process.join(_GRACE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.pipe.close()


@contextmanager
def _signals_held() -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(
    work: Callable[[T], R], pipe: Connection[Any, Any], parent: int, inherited: Sequence[Connection[Any, Any]]
) -> None:
    """Answer batches until the pipe closes or the parent has gone: the whole life of a worker."""
    for other in inherited:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the parent says what to do
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    while os.getppid() == parent:
        try:
            if pipe.poll(_LOOK):
                batch = pipe.recv()
                if batch is None:
                    return
                pipe.send(_answers(work, batch, parent))
        except (EOFError, OSError):
            return


def _answers(work: Callable[[T], R], batch: Sequence[T], parent: int) -> list[R] | Exception:
    answers = []
    for task in batch:
        if os.getppid() != parent:
            break
        try:
            answers.append(work(task))
        except Exception as error:  # noqa: BLE001 -- raised in the parent
            return error
    return answers
