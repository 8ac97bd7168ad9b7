"""Files and folders in, their tagged documents out in order, by one process or several: for `report` and `index`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from arner import output
from arner.batch import Job, Result, Task
from arner.cli import DONE, SOME_FAILED
from arner.cli.engine import engine_of
from arner.cli.progress import watcher
from arner.cli.tag import jobs_for, make_work, types_of
from arner.export import Options

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from arner import files
    from arner.state import Done


class Run:
    """Tags sources as the options of a command say, and says how far it is; what fails is said and passed over.

    Ends the program where the options are wrong.
    """

    def __init__(self, given: dict[str, Any], sources: Sequence[files.Source]) -> None:
        job = Job(
            tuple(given["gazetteers"]), types_of(given["types"]), given["min_score"], encoding=given["encoding"],
            errors=given["encoding_errors"], options=Options(explain=given.get("explain", False)),
            engine=engine_of(given),
        )  # fmt: skip
        self.sources = sources
        self.work = make_work(job)
        self._jobs = jobs_for(given, len(sources), job.engine)
        self._glob = given["glob"] or "*.txt"
        self._totals = output.Totals(len(sources))

    def tagged(self, known: Mapping[str, Done] | None = None) -> Generator[Result, None, None]:
        """Yield the result of each source; one whose bytes are as `known` says by its name is not tagged again."""
        teller = watcher(len(self.sources))
        if not self.sources:
            teller.say(f"arner: nothing to read: no file matches {self._glob}")
        tasks = [Task(source, known=(known or {}).get(source.name), bare=True) for source in self.sources]
        with closing(teller), closing(output.counted(self.work, tasks, self._totals, teller, jobs=self._jobs)) as found:
            yield from found

    @property
    def code(self) -> int:
        """The exit code: 3 where an input failed, else 0."""
        return SOME_FAILED if self._totals.faults else DONE
