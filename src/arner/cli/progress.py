"""How far a run is: a bar on a terminal, a plain line now and then in a log; and what is wrong with its inputs."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from arner.batch import Fault

_EVERY = 10.0  # seconds between the lines of a log
_FRAME = 0.1  # seconds between the pictures of a bar


class Teller:
    """Says faults and notices on stderr, and nothing of how far the run is."""

    def fault(self, fault: Fault) -> None:
        """Print what is wrong with an input."""
        self.say(f"arner: {fault.message}")

    def notice(self, line: str) -> None:
        """Print what a user should know of an input."""
        self.say(f"arner: {line}")

    def advance(self, size: int, inputs: int) -> None:
        """Take note that more is done."""

    def say(self, line: str) -> None:
        """Print a line on stderr."""
        click.echo(line, err=True)

    def close(self) -> None:
        """Leave the terminal as it was."""


class Log(Teller):
    """Says how far a run of `total` inputs is, in plain lines, not more than one in ten seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = self._size = 0
        self._start = self._last = time.monotonic()

    def advance(self, size: int, inputs: int) -> None:
        """Count, and say so when it is time."""
        self._size += size
        self._done += inputs
        now = time.monotonic()
        if now - self._last < _EVERY:
            return
        self._last = now
        spent = now - self._start
        left = f", {spent / self._done * (self._total - self._done):,.0f} s left" if self._done else ""
        rate = self._size / spent / 1e6
        self.say(f"arner: {self._done:,} of {self._total:,} files, {rate:.2f} MB/s{left}")


class Bar(Teller):
    """Shows how far a run of `total` inputs is, with rate and time left, below the lines that it prints.

    It is drawn by `advance`, not by a thread: processes are forked while it is there.
    """

    def __init__(self, total: int) -> None:
        from rich import progress
        from rich.console import Console

        self._size = 0
        self._start = time.monotonic()
        self._drawn = 0.0
        rate = progress.TextColumn("files  {task.fields[rate]:.2f} MB/s")
        left = (progress.TimeRemainingColumn(), progress.TextColumn("left"))
        columns: tuple[Any, ...] = (progress.BarColumn(), progress.MofNCompleteColumn(), rate, *left)
        console = Console(stderr=True, markup=False, highlight=False, emoji=False)
        self._bar = progress.Progress(*columns, console=console, auto_refresh=False, transient=True)
        self._task = self._bar.add_task("", total=total, rate=0.0)
        self._bar.start()

    def advance(self, size: int, inputs: int) -> None:
        """Move the bar."""
        self._size += size
        now = time.monotonic()
        self._bar.update(self._task, advance=inputs, rate=self._size / max(now - self._start, 1e-3) / 1e6)
        if now - self._drawn > _FRAME:
            self._drawn = now
            self._bar.refresh()

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(line, soft_wrap=True)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.stop()


def watcher(total: int) -> Teller:
    """Return a bar where stderr is a terminal, else a log."""
    return Bar(total) if sys.stderr.isatty() else Log(total)
