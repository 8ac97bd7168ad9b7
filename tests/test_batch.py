"""Runs over many files: killed and resumed, workers that die, states that are stale, locks that are left behind."""

import json
import os
import random
import select
import signal
import subprocess
import sys
import time

import pytest

from arner import batch, files, lock, output, placing, pool, records, state
from arner.cli.progress import Teller
from command_line import ENVIRONMENT, ROOT, SURE, arner, articles, contents, process, start, tree

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def lock_of(folder):
    """Return what the lock of an output folder says; "" where there is none."""
    try:
        return (folder / placing.LOCK).read_text("utf-8")
    except FileNotFoundError:
        return ""


def outputs(folder):
    """Return what a run left but for the lock, which a killed one can't remove."""
    return {name: data for name, data in contents(folder).items() if name != placing.LOCK}


# --- killed and resumed ---------------------------------------------------------------------------------------------


@POSIX
def test_a_run_killed_at_random_moments_and_resumed_gives_the_same_bytes(tmp_path):
    """20 kills, by every signal; whatever stands in the folder in between is whole."""
    chance = random.Random(5)  # noqa: S311
    articles(tmp_path / "in", 90)
    begin = time.monotonic()
    assert process("tag", tmp_path / "in", "-o", tmp_path / "whole", "-j", "1").code == 0
    seconds = time.monotonic() - begin
    whole = outputs(tmp_path / "whole")
    out = tmp_path / "out"
    begun = met = 0
    for kill in range(20):
        number = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)[kill % 3]
        arguments = ("tag", tmp_path / "in", "-o", out, "-j", 1 + kill % 2, "--resume")
        with start(*arguments, stderr=subprocess.PIPE, start_new_session=True) as run:
            if kill % 5 == 4:
                # Any time from its beginning on; before that, Python itself is still starting.
                while run.poll() is None and f"process {run.pid} " not in lock_of(out):
                    time.sleep(0.002)
                time.sleep(chance.uniform(0.0, 1.0) * seconds / 2)
            else:
                # A random amount of work further: a moment that a slow machine meets as well as a fast one.
                goal = len(list(out.rglob("*.txt.jsonl"))) + chance.randrange(1, 30)
                while run.poll() is None and len(list(out.rglob("*.txt.jsonl"))) < goal:
                    time.sleep(0.002)
            if run.poll() is None:
                os.killpg(run.pid, number) if kill % 2 else run.send_signal(number)
            errors = run.communicate()[1].decode()
        assert run.returncode in {0, -number, 128 + number}, errors
        done = {name: data for name, data in outputs(out).items() if name.endswith(".txt.jsonl")}
        assert all(whole[name] == data for name, data in done.items())
        assert "Traceback" not in errors
        met += run.returncode != 0 and 0 < len(done) < 90
        begun += bool(done)
        if len(done) == 90:
            for path in sorted(out.rglob("*.jsonl")):
                path.unlink()
    assert begun > 3, "the kills came before anything was written: give the run more time"
    assert met, "no kill met a run at work"
    assert process("tag", tmp_path / "in", "-o", out, "--resume").code == 0
    assert outputs(out) == whole


@POSIX
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_says_how_to_go_on_and_leaves_whole_files(tmp_path, number, code):
    articles(tmp_path / "in", 200)
    out = tmp_path / "out"
    with start("tag", tmp_path / "in", "-o", out, "-j", 2, stderr=subprocess.PIPE, start_new_session=True) as run:
        while not list(out.rglob("*.txt.jsonl")):
            assert run.poll() is None
        os.killpg(run.pid, number)  # as Ctrl-C on a terminal does
        errors = run.stderr.read().decode().split()
    assert run.returncode == code
    assert " ".join(errors).startswith("arner: stopped: the files that are done are whole; --resume goes on arner: ")
    for name, data in contents(out).items():
        assert not name.endswith((".tmp", placing.LOCK))
        assert data.endswith(b"\n")


@POSIX
def test_a_stopped_run_into_one_file_leaves_the_old_one(tmp_path):
    articles(tmp_path / "in", 200)
    target = tmp_path / "out.jsonl"
    target.write_bytes(b"old")
    with start("tag", tmp_path / "in", "-o", target, "-j", 2, stderr=subprocess.PIPE) as run:
        while not list(tmp_path.glob(".arner-*.tmp")):
            assert run.poll() is None
        run.terminate()
        assert "nothing was written" in run.stderr.read().decode()
    assert target.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out.jsonl"]


def test_what_a_killed_run_left_half_written_is_removed(tmp_path):
    tree(tmp_path / "in", a=SURE)
    left = tmp_path / "out" / "sub" / ".arner-0123456789ab.tmp"
    left.parent.mkdir(parents=True)
    left.touch()
    theirs = tmp_path / "out" / ".arner-notes.tmp"
    theirs.touch()
    assert arner("tag", tmp_path / "in", "-o", tmp_path / "out").code == 0
    assert not left.exists()
    assert theirs.exists()


# --- a state that is stale ------------------------------------------------------------------------------------------


def resumed(done):
    """Return how many files a run passed over."""
    words = done.lines[-1].split("(")
    return int(words[1].split()[0]) if len(words) > 1 else 0


GAZETTEER = "ref\tname\taliases\tweak\ten\tkind\tcountry\tlat\tlon\ttier\tsource\n"


def edit_source(folder, _):
    (folder / "a.txt").write_text(SURE * 2, "utf-8")


def edit_output(_, out):
    path = out / "a.txt.jsonl"
    path.write_bytes(path.read_bytes().replace(b"LOC", b"ORG"))


def remove_output(_, out):
    (out / "a.txt.jsonl").unlink()


def damage_state(_, out):
    path = out / state.NAME
    head, first, *rest = path.read_text("utf-8").split("\n")
    short = {"doc": "a.txt", "source": "x", "output": "y", "documents": 1, "size": 1, "entities": [1]}
    foreign = ["{}", "[]", "7", json.dumps(short), first[:-9]]
    path.write_text("\n".join([head, *foreign, *rest]), "utf-8")


@pytest.mark.parametrize(
    ("damage", "left"), [(edit_source, 1), (edit_output, 1), (remove_output, 1), (damage_state, 1), (None, 2)]
)
def test_only_what_is_as_it_was_is_passed_over(tmp_path, damage, left):
    folder = tree(tmp_path / "in", a=SURE, b=SURE)
    assert arner("tag", folder, "-o", tmp_path / "out").code == 0
    if damage:
        damage(folder, tmp_path / "out")
    done = arner("tag", folder, "-o", tmp_path / "out", "--resume")
    assert (done.code, resumed(done)) == (0, left)
    assert arner("tag", folder, "-o", tmp_path / "fresh").code == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


@pytest.mark.parametrize(
    "options",
    [("--types", "LOC"), ("--min-score", "0.5"), ("--offsets", "byte"), ("--explain",), ("--encoding", "utf-8"),
     ("--encoding-errors", "replace"), ("-f", "json"), ("--gazetteer", "mine.tsv"), ("--translit", "hsb")],
)  # fmt: skip
def test_other_options_pass_over_nothing(tmp_path, monkeypatch, options):
    if "--translit" in options:
        pytest.importorskip("camel_tools.utils.transliterate")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.tsv").write_text(GAZETTEER, "utf-8")
    tree(tmp_path / "in", a=SURE)
    assert arner("tag", "in", "-o", "out").code == 0
    assert resumed(arner("tag", "in", "-o", "out", "--resume", *options)) == 0
    assert resumed(arner("tag", "in", "-o", "out", "--resume", *options)) == 1


def test_another_gazetteer_of_the_same_name_passes_over_nothing(tmp_path):
    own = tmp_path / "mine.tsv"
    own.write_text(GAZETTEER, "utf-8")
    folder = tree(tmp_path / "in", a="وصل إلى ززوقة.")
    arguments = ("tag", folder, "-o", tmp_path / "out", "--gazetteer", own, "--resume")
    assert (arner(*arguments).code, resumed(arner(*arguments))) == (0, 1)
    own.write_text(GAZETTEER + "loc/own-x\tززوقة\t-\t-\tZazouga\tcity\tMA\t-\t-\tsure\thand\n", "utf-8")
    assert resumed(arner(*arguments)) == 0
    assert "loc/own-x" in (tmp_path / "out" / "a.txt.jsonl").read_text("utf-8")


def test_an_input_that_failed_is_tried_again(tmp_path):
    folder = tree(tmp_path / "in", a=SURE, b=b"\xff")
    assert arner("tag", folder, "-o", tmp_path / "out").code == 3
    again = arner("tag", folder, "-o", tmp_path / "out", "--resume")
    assert (again.code, resumed(again)) == (3, 1)
    (folder / "b.txt").write_text(SURE, "utf-8")
    assert arner("tag", folder, "-o", tmp_path / "out", "--resume").code == 0
    assert arner("tag", folder, "-o", tmp_path / "fresh").code == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_records_are_passed_over_by_the_file(tmp_path):
    (tmp_path / "in").mkdir()
    record = json.dumps({"id": "x", "text": SURE}) + "\n"
    (tmp_path / "in" / "a.jsonl").write_text(record)
    (tmp_path / "in" / "b.jsonl").write_text(record + "bad\n")
    arguments = ("tag", tmp_path / "in", "--input", "jsonl", "-o", tmp_path / "out", "--resume")
    assert [resumed(arner(*arguments)) for _ in range(2)] == [0, 1]
    (tmp_path / "in" / "a.jsonl").write_text(record * 2)
    assert resumed(arner(*arguments)) == 0


def test_a_file_that_changes_under_the_run_is_caught(tmp_path, monkeypatch):
    """The output is of one of both texts, and says of which; what fits no longer is done again and verified."""
    folder = tree(tmp_path / "in", a=SURE)
    real = files.read

    def read(source, **options):
        document = real(source, **options)
        if source.name == "a.txt":
            (folder / "a.txt").write_text("تغير النص في الرباط.", "utf-8")
        return document

    monkeypatch.setattr(files, "read", read)
    assert arner("tag", folder, "-o", tmp_path / "out").code == 0
    monkeypatch.undo()
    stale = arner("verify", tmp_path / "out", folder)
    assert stale.code == 1
    assert "is not the file that was tagged" in stale.text
    assert resumed(arner("tag", folder, "-o", tmp_path / "out", "--resume")) == 0
    assert arner("verify", tmp_path / "out", folder).code == 0


# --- workers --------------------------------------------------------------------------------------------------------


def work(task):
    """Square a number; some numbers end the process or raise."""
    if task == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if task == 77:
        raise LookupError("seventy-seven")
    return task * task


POOL = """
import json, sys, test_batch
from arner import pool
tasks = json.loads(sys.argv[1])
results = pool.run(test_batch.work, tasks, int(sys.argv[2]), int(sys.argv[3]) or None)
if sys.argv[4] == "order":
    results = enumerate(pool.in_order(results))
for number, result in results:
    print(json.dumps([number, result]))
"""


def pooled(tasks, jobs, ahead=0, how="any"):
    """Run the pool in a process that has one thread, as the program has."""
    environment = {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join((ENVIRONMENT["PYTHONPATH"], str(ROOT / "tests")))}
    arguments = [sys.executable, "-c", POOL, json.dumps(tasks), str(jobs), str(ahead), how]
    return subprocess.run(arguments, capture_output=True, env=environment, check=False)


@POSIX
@pytest.mark.parametrize("ahead", [0, 1, 5])
def test_a_worker_that_dies_loses_only_the_task_that_it_died_on(ahead):
    done = pooled([*range(100, 300), 13, *range(50)], 2, ahead, "order")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == b""
    assert [number for number, _ in found] == list(range(251))
    dead = {200, 214}  # the thirteens
    assert all(result == [-signal.SIGKILL] for number, result in found if number in dead)
    assert [r for n, r in found if n not in dead] == [t * t for t in (*range(100, 300), *range(50)) if t != 13]


@POSIX
def test_no_worker_outlives_a_run_that_was_killed(tmp_path):
    """Not even one that has more to send than a pipe holds: nobody reads what the run writes."""
    articles(tmp_path / "in", 300)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start("tag", tmp_path / "in", "--explain", "-j", 3, **pipes) as run:
        assert run.stdout.read(1)
        time.sleep(2)
        run.kill()
        # What any process of the run holds open is open until the last has ended.
        assert select.select([run.stderr], [], [], 30)[0], "a worker holds on"
        assert run.stderr.read() == b""


@POSIX
def test_an_error_of_the_work_itself_ends_the_run():
    done = pooled([1, 2, 77, 3], 2)
    assert done.returncode == 1
    assert done.stderr.endswith(b"LookupError: seventy-seven\n")


def test_a_task_that_killed_its_worker_is_a_fault_with_its_name(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "run", lambda *_: (result for result in [(0, pool.Died(-9))]))
    totals = output.into_folder(
        batch.Work(batch.Job()), [files.Source("a.txt", "a.txt")], str(tmp_path / "out"), Teller(), jobs=2
    )
    assert totals.faults == [
        batch.Fault("a.txt", "a.txt: the process that worked on it died (signal 9): out of memory?")
    ]


# --- locks ----------------------------------------------------------------------------------------------------------


@POSIX
def test_a_lock_is_held_by_one_and_left_by_the_dead(tmp_path):
    path = tmp_path / "lock"
    with lock.hold(str(path), "out"):
        with pytest.raises(lock.LockedError, match=rf"out: another arner \(process {os.getpid()} on "), lock.hold(
            str(path), "out"
        ):
            pass
        assert path.exists()
    assert not path.exists()
    path.write_text("process 1 on here\n")  # a file that nobody locks, whoever it names
    with lock.hold(str(path), "out"):
        assert path.read_text().startswith(f"process {os.getpid()} on ")


# --- parts ----------------------------------------------------------------------------------------------------------


def test_the_state_has_one_order_and_survives_foreign_names(tmp_path):
    kept = state.State(str(tmp_path), "k")
    done = {f"{name}.txt": state.Done("s", "o", state.Counts(1, 2, (3, 4, 5))) for name in ("b", "a", "\udcff\n")}
    kept.finish(done)
    again = state.State(str(tmp_path), "k")
    again.load()
    assert list(again.done.items()) == list(done.items())
    other = state.State(str(tmp_path), "other")
    other.load()
    assert other.done == {}


def test_names_stay_inside_and_apart():
    sources = [files.Source(name, name) for name in ("a.txt", "../a.txt")]
    with pytest.raises(files.OutputError, match=r"\.\./a\.txt and is the output of a\.txt"):
        placing.place(sources, "out", (".jsonl",))
    assert placing.place(sources[:1], "out", (".jsonl",)) == [os.path.join("out", "a.txt")]  # noqa: PTH118


def test_records_that_can_not_be_read_are_said(tmp_path):
    gone, folder, known = str(tmp_path / "gone"), str(tmp_path), "can't be read"
    for source in (files.Source("a", gone), files.Source("b", folder), files.Source("c", "c", known)):
        with pytest.raises(files.InputError):
            list(records.read(source, records.Keys()))
