"""Faults of the machine, as they really happen: what can't be read or written, a disk that is full.

Some need Linux, and mounts need root; where they can't be had, the same faults are injected in the tests of each part.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import ENVIRONMENT, SURE, articles, contents, process, tree

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="files of Linux")


def unreadable(folder):
    """Put a file into a folder that not even root can read; return its name."""
    (folder / "m.txt").symlink_to("/proc/self/mem")
    return "m.txt"


@LINUX
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("command", ["tag", "report", "index"])
def test_a_file_that_can_not_be_read_has_its_line_and_the_rest_goes_on(tmp_path, command, jobs):
    articles(tmp_path / "in", 20)
    name = unreadable(tmp_path / "in")
    closed = tree(tmp_path / "in", closed=SURE) / "closed.txt"
    closed.chmod(0)
    due = {f"arner: {name}: can't be read: Input/output error"}
    if os.geteuid():
        due.add("arner: closed.txt: can't be read: Permission denied")
    done = process(command, tmp_path / "in", "-o", tmp_path / "out.x", "-j", jobs)
    assert done.code == 3
    assert {line for line in done.lines if "can't be read" in line} == due
    written = (tmp_path / "out.x").read_bytes()
    assert written.count(b"019.txt") >= 1


@pytest.fixture
def not_writable(tmp_path):
    """A folder that is there and takes no file."""
    if os.name != "posix":
        pytest.skip("rights of POSIX")
    if os.geteuid():
        folder = tmp_path / "closed"
        folder.mkdir(mode=0o555)
        return folder
    if sys.platform != "linux":
        pytest.skip("root may write anywhere")
    return Path("/sys")


@pytest.mark.parametrize("out", ["out/", "out.jsonl"])
def test_an_output_that_can_not_be_written_is_said_at_once(tmp_path, not_writable, out):
    tree(tmp_path / "in", a=SURE, broken=b"\xff")
    done = process("tag", tmp_path / "in", "-o", f"{not_writable}/{out}")
    assert (done.code, len(done.lines)) == (2, 1)
    assert f"{not_writable}/{out}: can't be written: " in done.err
    assert not (not_writable / "out").exists()


@pytest.mark.parametrize("command", ["report", "index"])
def test_a_page_or_database_that_can_not_be_written_is_said_before_the_texts_are_tagged(
    tmp_path, not_writable, command
):
    tree(tmp_path / "in", a=SURE, broken=b"\xff")
    done = process(command, tmp_path / "in", "-o", not_writable / "out")
    assert (done.code, len(done.lines)) == (2, 1), done.err
    assert "can't be written: " in done.err


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 300 kB; None where it can't be had."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", folder]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root on Linux")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_disk_that_fills_up_leaves_whole_files_and_is_gone_on_with_when_there_is_room(tmp_path, small_disk, jobs):
    articles(tmp_path / "in", 120)
    out = small_disk / "out"
    assert process("tag", tmp_path / "in", "-o", tmp_path / "whole").code == 0
    whole = contents(tmp_path / "whole")
    full = process("tag", tmp_path / "in", "-o", out, "-j", jobs)
    assert full.code in (2, 3)  # 2 where not even the summary had room
    failed = [line for line in full.lines if line.endswith(".txt.jsonl: can't be written: No space left on device")]
    there = contents(out)
    done = {name: data for name, data in there.items() if name.endswith(".txt.jsonl")}
    assert failed
    assert done
    assert len(failed) + len(done) == 120
    assert all(whole[name] == data for name, data in done.items())
    assert not [name for name in there if name.endswith(".tmp")]
    subprocess.run(["mount", "-o", "remount,size=5m", small_disk], check=True)
    again = process("tag", tmp_path / "in", "-o", out, "-j", jobs, "--resume")
    assert again.code == 0
    # What the state had no room for is done again: that costs time, and no result.
    assert 0 < int(again.lines[-1].partition("(")[2].split()[0]) <= len(done)
    assert contents(out) == whole


def test_temporary_files_without_room_fail_the_long_text_and_no_other(tmp_path, small_disk, monkeypatch):
    """The text is read in many parts, as one of 100 MB is."""
    (small_disk / "filler").write_bytes(b"x" * (300 * 1024 - 12_000))
    monkeypatch.setitem(ENVIRONMENT, "TMPDIR", str(small_disk))
    tree(tmp_path / "in", a=SURE, big=SURE * 3000, z=SURE)
    program = "from arner import cli, parts; parts.LONGEST = 3000; cli.main()"
    arguments = [sys.executable, "-c", program, "tag", tmp_path / "in", "-o", tmp_path / "out"]
    done = subprocess.run(arguments, env=ENVIRONMENT, capture_output=True, check=False)
    assert done.returncode == 3, done.stderr
    due = "arner: big.txt: its results can't be kept in a temporary file: No space left on device: let TMPDIR name a "
    assert due in done.stderr.decode()
    assert {name for name in contents(tmp_path / "out") if "txt" in name} == {"a.txt.jsonl", "z.txt.jsonl"}
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


@pytest.mark.parametrize("command", ["report", "index"])
def test_a_page_or_database_that_has_no_room_leaves_the_old_one(tmp_path, small_disk, command):
    articles(tmp_path / "in", 120)
    out = small_disk / "out.x"
    tree(tmp_path / "one", a=SURE)
    assert process(command, tmp_path / "one", "-o", out).code == 0
    before = out.read_bytes()
    (small_disk / "filler").write_bytes(b"x" * (300 * 1024 - len(before) - 30_000))
    full = process(command, tmp_path / "in", "-o", out)
    assert full.code == 2
    assert full.lines[-1].endswith("can't be written: No space left on device")
    assert out.read_bytes() == before
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler", "out.x"]
