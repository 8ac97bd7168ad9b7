"""Inputs and what to make of them in, results out: the work on one input, which any process can do."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from arner import files, parcel, parts, records
from arner.core import Coded
from arner.digest import add_file, hashed, sha256
from arner.document import LABELS, Document, Tagged
from arner.engines import Engine, EngineError
from arner.export import FORMATS, Options
from arner.spilled import SpillError
from arner.state import Counts, Done

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from arner.tagger import Tagger

# Formats whose streams can be cut between documents, and the lines that open a stream.
JOINED = {"jsonl": 0, "conll": 0, "spacy-json": 0, "doccano": 0, "tsv": 1, "csv": 1}

_SLICE = 1 << 20  # code points


@dataclass(frozen=True, slots=True)
class Job:
    """What a user asked for: what to look for, how to read and how to write.

    `keys` where the inputs are JSON Lines, else None; `encoding` None finds it out.
    """

    gazetteers: tuple[Path, ...] = ()
    types: tuple[str, ...] = LABELS
    min_score: float = 0.0
    form: str = "jsonl"
    options: Options = field(default_factory=Options)
    keys: records.Keys | None = None
    encoding: str | None = None
    errors: str = "strict"
    engine: Engine = field(default_factory=Engine)


class Fault(NamedTuple):
    """An input (or a record of one) that failed: its name, and one line that says what is wrong and where."""

    name: str
    message: str


class Task(NamedTuple):
    """An input; the file to write without its suffix, or None to send the bytes back; what is known to be done.

    `opens` says that the bytes begin a stream; `bare` that the tagged documents are wanted, and no bytes. `folder` is
    where bytes stand that are too many to send (see `parcel`).
    """

    source: files.Source
    base: str | None = None
    known: Done | None = None
    opens: bool = True
    bare: bool = False
    folder: str = ""


class Result(NamedTuple):
    """What came of an input: counts, faults, notices, and by the task the bytes, the state or the documents."""

    counts: Counts = Counts()
    faults: tuple[Fault, ...] = ()
    notices: tuple[str, ...] = ()
    data: parcel.Parcel = parcel.Parcel()
    done: Done | None = None
    resumed: bool = False
    tagged: tuple[Tagged, ...] = ()


class Work:
    """Tags inputs for a job. Can be pickled; the tagger is made when it is first needed."""

    def __init__(self, job: Job, tagger: Tagger | None = None) -> None:
        self.job = job
        self._tagger = tagger

    def __reduce__(self) -> tuple[type[Work], tuple[Job]]:
        return Work, (self.job,)

    @property
    def tagger(self) -> Tagger:
        """The tagger of this process. Raises what `Tagger` raises."""
        if self._tagger is None:
            from arner.tagger import Tagger

            job = self.job
            self._tagger = Tagger(job.gazetteers, job.types, job.min_score, engine=job.engine)
        return self._tagger

    def __call__(self, task: Task) -> Result:
        """Do one task. What is wrong with an input is a fault of its result, and no exception."""
        faults: list[Fault] = []
        notices: list[str] = []
        reading = Reading(self.job, self.tagger, faults.append, notices.append)
        result = Result()
        try:
            result = self._write(task, reading) if task.base is not None else self._send(task, reading)
        except files.InputError as error:
            faults.append(Fault(error.path, str(error)))
        except files.OutputError as error:
            faults.append(Fault(task.source.name, str(error)))
        except SpillError as error:
            faults.append(Fault(task.source.name, f"{files.printable(task.source.name)}: {error}"))
        except Exception as error:  # noqa: BLE001 -- a fault of arner's on one input must not lose the others
            faults.append(_own_fault(task.source.name, error))
        return result._replace(faults=tuple(faults), notices=tuple(notices), done=None if faults else result.done)

    def foresee(self, tasks: Iterable[Task]) -> None:
        """Prepare tasks that come next, where their texts are better labelled together than one by one.

        A file that can't be read, or is another one when its turn comes, is met then.
        """
        texts = []
        for task in tasks:
            if task.source.path != files.STDIN and self.job.keys is None:
                with suppress(files.InputError):
                    document = files.read(task.source, encoding=self.job.encoding, errors=self.job.errors)
                    if task.known is None or document.sha256 != task.known.source:
                        texts.append(document.source)
        self.tagger.foresee(texts)

    def _send(self, task: Task, reading: Reading) -> Result:
        if task.known:
            document = reading.document(task.source)
            if document.sha256 == task.known.source:
                return Result(task.known.counts, done=task.known, resumed=True)
            tagged = reading.each([document])
        else:
            tagged = reading.tag(task.source)
        if task.bare:
            found = tuple(tagged)
            return Result(reading.counts, tagged=found)
        chunks = FORMATS[self.job.form].write(tagged, self.job.options)
        data = parcel.pack(chunks if task.opens else _headless(chunks, JOINED[self.job.form]), task.folder)
        return Result(reading.counts, data=data)

    def _write(self, task: Task, reading: Reading) -> Result:
        """Write an input's output, unless it is known to be done and both it and its output are as they were."""
        base = task.base or ""
        form = FORMATS[self.job.form]
        known = task.known
        if known and _digest_of_outputs(base, self.job.form) != known.output:
            known = None
        total = sha256()
        if self.job.keys is not None:
            if known and _digest(task.source) == known.source:
                return Result(known.counts, done=known, resumed=True)
            tagged: Iterable[Tagged] = reading.tag(task.source, digest=True)
        else:
            document = reading.document(task.source)
            if known and document.sha256 == known.source:
                return Result(known.counts, done=known, resumed=True)
            tagged = tuple(reading.each([document]))
            if not tagged:
                return Result()
            for suffix, make in form.beside:
                files.write_whole(base + suffix, hashed(map(make, tagged), total))
        files.write_whole(base + form.suffix, hashed(form.write(tagged, self.job.options), total))
        return Result(reading.counts, done=Done(reading.digest, total.hexdigest(), reading.counts))


class Reading:
    """Inputs as they are read, tagged and counted; faults and notices are told as they are found.

    `digest` is the SHA-256 of the bytes of the input read last.
    """

    def __init__(
        self, job: Job, tagger: Tagger, fault: Callable[[Fault], object], notice: Callable[[str], object]
    ) -> None:
        self._job = job
        self._tagger = tagger
        self._fault = fault
        self._notice = notice
        self.counts = Counts()
        self.digest = ""

    def all(self, sources: Iterable[files.Source]) -> Iterator[Tagged]:
        """Yield the documents of sources, tagged; a source that can't be read, or read on, is a fault."""
        for source in sources:
            try:
                yield from self.tag(source)
            except files.InputError as error:
                self._fault(Fault(error.path, str(error)))

    def tag(self, source: files.Source, *, digest: bool = False) -> Iterator[Tagged]:
        """Yield the documents of a source, tagged; `digest` says whether that of records is wanted.

        Raises InputError where it can't be read or read on.
        """
        job = self._job
        if job.keys is None:
            yield from self.each([self.document(source)])
            return
        seen = sha256() if digest else None
        update = seen.update if seen else len
        yield from self.each(records.read(source, job.keys, encoding=job.encoding, errors=job.errors, seen=update))
        self.digest = seen.hexdigest() if seen else ""

    def document(self, source: files.Source) -> Document:
        """Read a text. Raises InputError."""
        job = self._job
        document = files.read(source, encoding=job.encoding, errors=job.errors, notice=self._notice)
        self.digest = document.sha256 or ""
        return document

    def each(self, documents: Iterable[Document | files.InputError]) -> Iterator[Tagged]:
        """Yield documents tagged and counted; what fails is a fault and passed over."""
        for document in self._foreseen(documents):
            if isinstance(document, files.InputError):
                self._fault(Fault(document.path, str(document)))
                continue
            if (length := len(document.source)) > parts.LONGEST:
                name = files.printable(document.name)
                self._notice(f"{name}: {length:,} characters: read in parts of {parts.LONGEST:,}, each by itself")
            try:
                tagged = self._tagger.tag(document, explain=self._job.options.explain)
                if self._job.options.translit:
                    from arner.translit import romanised

                    tagged = romanised(tagged, self._job.options.translit)
            except (EngineError, SpillError) as error:
                self._fault(Fault(document.name, f"{files.printable(document.name)}: {error}"))
                continue
            except Exception as error:  # noqa: BLE001 -- a fault of arner's on one text must not lose the others
                self._fault(_own_fault(document.name, error))
                continue
            self.counts = self.counts.plus(_count(tagged))
            yield tagged


    def _foreseen(
        self, documents: Iterable[Document | files.InputError]
    ) -> Iterator[Document | files.InputError]:
        """Yield documents; those of records in groups that the tagger has seen before, if that is worth it."""
        if self._tagger.ahead == 1 or self._job.keys is None:
            yield from documents
            return
        coming = iter(documents)
        while group := tuple(islice(coming, self._tagger.ahead)):
            self._tagger.foresee(d.source for d in group if isinstance(d, Document))
            yield from group


def _count(tagged: Tagged) -> Counts:
    if isinstance(tagged.entities, Coded):
        return Counts(1, tagged.entities.size, tagged.entities.counts)
    source = tagged.document.source
    slices = (source[at : at + _SLICE] for at in range(0, len(source), _SLICE))
    size = sum(len(piece.encode("utf-8", "surrogatepass")) for piece in slices)
    labels = Counter(entity.label for entity in tagged.entities)
    return Counts(1, size, tuple(labels[label] for label in LABELS))


def _own_fault(name: str, error: Exception) -> Fault:
    where = files.printable(name)
    return Fault(name, f"{where}: arner failed on it, please report this: {type(error).__name__}: {error}")


def _headless(chunks: Iterable[bytes], lines: int) -> Iterator[bytes]:
    """Yield chunks without the first lines."""
    for chunk in chunks:
        rest = chunk
        while lines and rest:
            _, end, rest = rest.partition(b"\n")
            lines -= bool(end)
        yield rest


def _digest(source: files.Source) -> str | None:
    """Return the SHA-256 of a file that is read line by line; None where it can't be read, as is then found again."""
    total = sha256()
    try:
        add_file(total, source.path)
    except (OSError, ValueError):
        return None
    return total.hexdigest()


def _digest_of_outputs(base: str, form: str) -> str | None:
    total = sha256()
    try:
        for suffix in (*(suffix for suffix, _ in FORMATS[form].beside), FORMATS[form].suffix):
            add_file(total, base + suffix)
    except OSError:
        return None
    return total.hexdigest()
