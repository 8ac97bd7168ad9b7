"""The program as a whole: exit codes row by row, one-line errors, signals, a reader that goes away, and `--help`."""

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from arner import __version__
from arner.cli import COMMANDS
from command_line import SURE, arner, process, start, tree

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


def test_exit_0_when_all_is_done(tmp_path):
    tree(tmp_path, a=SURE)
    done = arner("tag", tmp_path / "a.txt")
    assert (done.code, done.err) == (0, "")
    assert [e["text"] for e in json.loads(done.out)["entities"]] == ["ناصر بوريطة", "الرباط"]


def test_exit_1_when_a_check_failed(tmp_path):
    tree(tmp_path / "in", a=SURE)
    (tmp_path / "out").mkdir()
    assert arner("tag", tmp_path / "in", "-o", tmp_path / "out", "--check").code == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tag", "no such\nfile.txt"], r"no such file or folder: no such\nfile.txt"),
        (["tag", "a.txt", "nowhere/"], "no such file or folder: nowhere/"),
        (["tag", "a.txt", "--types", "PER,CAT"], "unknown type 'CAT'; one of: PER ORG LOC"),
        (["tag", "a.txt", "--encoding", "klingon"], "unknown encoding 'klingon'; such as: utf-8, utf-16, windows-1256"),
        (["tag", "a.txt", "--gazetteer", "bad.tsv"], "bad.tsv:2: "),
        (["tag", "a.txt", "-o", "a.txt/out/"], "a.txt/out/: can't be written: a file stands where a folder"),
        (["tag", "a.txt", "-o", "a.txt/b.jsonl"], "a.txt/b.jsonl: can't be written: a file stands where a folder"),
        (["tag", "a.txt", "-o", "a.txt"], "a.txt: is the input a.txt: give another -o"),
        (["tag", ".", "-o", "."], ".: is the input folder: give another -o"),
        (["tag", "a.txt", "-f", "terminal", "-o", "b.jsonl"], "-f terminal is for a terminal: give another format"),
        (["tag", "a.txt", "-f", "brat"], "brat is more than one file a document: give -o"),
        (["tag", "a.txt", "b.txt", "-f", "webanno"], "webanno holds one document a file: give a folder, -o OUT/"),
        (["tag", "a.txt", "-f", "brat", "--offsets", "byte", "-o", "x/"], "brat has no offsets in byte units; these "),
        (["tag", "a.txt", "--check"], "--check and --resume need -o"),
        (["tag", "a.txt", "--resume", "-o", "b.jsonl"], "--resume needs a folder"),
        (["tag", ".", "--resume", "--check", "-o", "x/"], "--check writes nothing"),
        (["tag", ".", "--check", "-o", "x/"], "x/: nothing to check there yet: run without --check first"),
        (["verify", "empty"], "empty: holds no JSON Lines or JSON of arner"),
    ],
)
def test_exit_2_with_one_line_and_nothing_written_for_wrong_usage(tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, a=SURE, b=SURE)
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.tsv").write_text("word\tclass\tnote\nكلمة\tnonsense\t-\n", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    failed = arner(*arguments)
    assert (failed.code, failed.out) == (2, b"")
    assert len(failed.lines) == 1
    assert failed.err.startswith(f"arner: {says}")
    assert sorted(tmp_path.rglob("*")) == before


def test_exit_2_for_an_unknown_option_says_where_help_is():
    failed = arner("tag", "--colour")
    assert (failed.code, failed.out) == (2, b"")
    assert failed.err.startswith("arner: No such option")
    assert failed.err.endswith("(arner tag -h says more)\n")


def test_exit_3_when_some_inputs_failed_and_the_rest_is_written(tmp_path):
    tree(tmp_path, a=SURE, b=SURE.encode() + b"\xff", c=SURE)
    done = arner("tag", tmp_path)
    assert done.code == 3
    assert [json.loads(line)["doc"] for line in done.out.splitlines()] == ["a.txt", "c.txt"]
    assert re.fullmatch(r"arner: b\.txt: .+\n", done.err)


@POSIX
@pytest.mark.parametrize(
    ("number", "code", "says"),
    [(signal.SIGINT, 130, "arner: interrupted"), (signal.SIGTERM, 143, "arner: ended by SIGTERM")],
)
def test_results_come_as_they_are_found_and_a_signal_ends_the_run(number, code, says):
    record = json.dumps({"text": SURE}).encode() + b"\n"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start("tag", "--input", "jsonl", "-f", "jsonl", **pipes) as run:
        run.stdin.write(record)
        run.stdin.flush()
        assert json.loads(run.stdout.readline())["doc"] == "-:1"  # while the input is still open
        run.send_signal(number)
        assert run.stderr.read().decode().split("\n") == [*[""] * (number == signal.SIGINT), says, ""]
        run.stdin.close()
    assert run.returncode == code


@POSIX
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_reader_that_goes_away_is_no_error(tmp_path, jobs):
    tree(tmp_path, **{f"f{number}": SURE * 60 for number in range(40)})
    with start("tag", tmp_path, "-j", jobs, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout.read(10) == b'{"schema":'
        run.stdout.close()
        assert run.stderr.read() == b""
    assert run.returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_a_full_disk_behind_a_redirection_is_said(tmp_path):
    tree(tmp_path, a=SURE)
    full = os.open("/dev/full", os.O_WRONLY)
    with start("tag", tmp_path / "a.txt", stdout=full, stderr=subprocess.PIPE) as run:
        os.close(full)
        assert run.stderr.read() == b"arner: the output: No space left on device\n"
    assert run.returncode == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_that_fits_a_narrow_terminal(name):
    helped = arner(name, "--help")
    assert (helped.code, helped.err) == (0, "")
    assert helped.text.startswith(f"Usage: arner {name} ")
    assert max(map(len, helped.text.splitlines())) <= 80
    assert helped.text == arner(name, "-h").text


def test_help_lists_the_commands_without_loading_them():
    code = "import sys; from arner.cli import main; sys.argv = ['arner', '-h']\ntry: main()\nexcept SystemExit: pass\n"
    code += "print([m for m in sys.modules if m.startswith(('arner.cli.', 'arner.lexicon', 'rich', 'multiproc'))])"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, env=env, check=True).stdout.decode()
    assert out.endswith("\n[]\n")
    assert all(re.search(rf"^  {name} +\S", out, re.MULTILINE) for name in COMMANDS)


def test_the_version_is_said():
    assert arner("--version").text == f"arner {__version__}\n"


def test_no_command_is_guessed():
    failed = arner("tga")
    assert (failed.code, failed.out) == (2, b"")
    assert failed.err.startswith("arner: No such command 'tga'")


def test_errors_of_the_process_itself_have_no_traceback(tmp_path):
    tree(tmp_path, a=SURE)
    failed = process("tag", tmp_path / "a.txt", "-o", tmp_path / "a.txt" / "b" / "c.jsonl")
    assert failed.code == 2
    assert len(failed.lines) == 1
