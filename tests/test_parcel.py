"""Bytes that one process hands to another: small ones as they are, large ones in files that do not stay."""

import errno
import os

import pytest

from arner import parcel
from arner.batch import Job, Task, Work
from arner.files import Source
from arner.spilled import SpillError
from command_line import ENVIRONMENT, SURE, process, tree


@pytest.mark.parametrize("size", [0, 10, 11, 5000])
def test_what_is_packed_comes_out_and_no_file_stays(tmp_path, monkeypatch, size):
    monkeypatch.setattr(parcel, "LARGEST", 10)
    monkeypatch.setattr(parcel, "_READ", 100)
    folder = tmp_path / "run"
    packed = [parcel.pack((b"x" for _ in range(size)), str(folder)) for _ in range(2)]
    assert folder.exists() == (size > 10)
    for one in packed:
        assert b"".join(parcel.unpack(one)) == b"x" * size
    assert not folder.exists() or not list(folder.iterdir())
    parcel.clear(str(folder))
    assert not folder.exists()


def test_files_that_nobody_came_for_are_removed(monkeypatch):
    monkeypatch.setattr(parcel, "LARGEST", 0)
    folder = parcel.new_folder()
    parcel.pack([b"abc"], folder)
    parcel.clear(folder)
    assert not os.path.exists(folder)  # noqa: PTH110
    assert parcel.new_folder() != folder


def test_a_file_that_can_not_be_written_or_read_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(parcel, "LARGEST", 0)

    def full():
        yield b"abc"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(SpillError, match="temporary file: No space left on device: let TMPDIR name"):
        parcel.pack(full(), str(tmp_path))
    assert not list(tmp_path.iterdir())
    packed = parcel.pack([b"abc"], str(tmp_path))
    next(tmp_path.iterdir()).unlink()
    with pytest.raises(SpillError, match="No such file"):
        list(parcel.unpack(packed))


def test_an_output_that_can_not_be_handed_over_is_a_fault_of_its_input(tmp_path, monkeypatch):
    monkeypatch.setattr(parcel, "LARGEST", 0)
    path = tree(tmp_path, a=SURE) / "a.txt"
    result = Work(Job())(Task(Source("a.txt", str(path)), folder=str(tmp_path / "no" / "folder")))
    (fault,) = result.faults
    assert fault.message.startswith("a.txt: its results can't be kept in a temporary file: No such file or directory")


def test_large_outputs_of_two_processes_are_those_of_one_and_leave_no_file(tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setitem(ENVIRONMENT, "TMPDIR", str(temporary))
    large = dict.fromkeys("bd", SURE * 500)
    tree(tmp_path / "in", a=SURE, c=SURE, **large)
    for form in ("jsonl", "csv"):
        one, two = (process("tag", tmp_path / "in", "-f", form, "--explain", "-j", jobs) for jobs in (1, 2))
        assert one.code == 0
        assert one == two
        assert len(one.out) > (form == "jsonl") * 2 * parcel.LARGEST
    assert not list(temporary.iterdir())
