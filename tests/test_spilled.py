"""Sequences on disk: they are read like tuples, hold no memory, leave nothing behind, and a full disk is said."""

import errno
import gc
import io
import json
import os
import pickle
import sys
import tempfile
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from arner import parts, spilled
from arner.document import Document, Noise
from arner.spilled import Spilled, SpillError
from command_line import SURE, arner, tree

ITEMS = tuple(Noise(at, at + 1, "share") for at in range(25))


@pytest.fixture
def kept(monkeypatch):
    """25 items in batches of 4 and what is left of each part."""
    monkeypatch.setattr(spilled, "BATCH", 4)
    kept = Spilled()
    for start, end in ((0, 10), (10, 10), (10, 11), (11, 25)):
        kept.add(ITEMS[start:end])
    return kept


def test_it_is_read_like_a_tuple(kept):
    assert len(kept) == len(ITEMS)
    assert tuple(kept) == ITEMS
    assert [kept[at] for at in range(-25, 25)] == [ITEMS[at] for at in range(-25, 25)]
    assert kept[3:20:5] == ITEMS[3:20:5]
    assert kept[::-1] == ITEMS[::-1]
    assert ITEMS[20] in kept
    for at in (25, -26):
        with pytest.raises(IndexError):
            kept[at]
    assert all(a is not b for a, b in zip(kept, kept, strict=True)), "two readers at once"


def test_it_equals_what_has_the_same_items_and_an_empty_one_is_false(kept):
    assert kept == ITEMS
    assert kept == spilled.spilled(iter(ITEMS))
    assert hash(kept) == hash(ITEMS)
    assert kept != ITEMS[:-1]
    assert kept != (*ITEMS[:-1], None)
    assert kept != "text"
    assert not Spilled()
    assert Spilled() == ()


def test_it_can_be_pickled_and_outlives_what_it_was_made_of(kept):
    data = pickle.dumps(kept)
    del kept
    assert pickle.loads(data) == ITEMS  # noqa: S301


def test_threads_read_it_at_once(kept):
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: tuple(kept), range(200))) == {ITEMS}


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    many = [spilled.spilled(ITEMS) for _ in range(10)]
    assert len(os.listdir("/proc/self/fd")) == before + 10  # noqa: PTH208
    assert not list(tmp_path.iterdir())
    del many
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_memory_does_not_grow_with_the_items():
    tracemalloc.start()
    try:
        many = spilled.spilled(Noise(at, at + 1, f"reason {at}") for at in range(30_000))
        assert sum(noise.start for noise in many) == sum(range(30_000))
        assert tracemalloc.get_traced_memory()[1] < 1_500_000, "bytes; as a tuple they take 6 MB"
    finally:
        tracemalloc.stop()


# --- faults ---------------------------------------------------------------------------------------------------------


class Small(io.FileIO):
    """A file on a disk with room for 8,000 bytes."""

    def write(self, data):
        room = 8000 - self.tell()
        if room <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data[:room])


@pytest.fixture
def _small_disk(tmp_path, monkeypatch):
    """Temporary files that hold little."""
    made = iter(range(100))
    monkeypatch.setattr(spilled, "_temporary", lambda: Small(tmp_path / f"{next(made)}.tmp", "x+"))


@pytest.mark.usefixtures("_small_disk")
def test_what_fits_is_whole_and_a_full_disk_is_said():
    kept = Spilled()
    kept.add(ITEMS)
    with pytest.raises(SpillError, match="No space left on device: let TMPDIR name a folder with room"):
        kept.add([os.urandom(9000)])
    assert kept == ITEMS


@pytest.mark.usefixtures("_small_disk")
def test_a_long_text_whose_results_have_no_room_is_a_fault_and_loses_no_other(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "LONGEST", 2000)
    folder = tree(tmp_path / "in", a=SURE, big=SURE * 900, long=SURE * 90, z=SURE)
    due = "arner: big.txt: its results can't be kept in a temporary file: No space left on device: "
    for more in (("-o", tmp_path / "out"), ()):
        failed = arner("tag", folder, *more)
        assert failed.code == 3
        assert any(line.startswith(due) for line in failed.lines)
    records = [json.loads(line) for line in failed.out.splitlines()]
    assert [(r["doc"], len(r["entities"])) for r in records] == [("a.txt", 2), ("long.txt", 180), ("z.txt", 2)]
    written = {path.name for path in (tmp_path / "out").glob("*.txt.jsonl")}
    assert written == {"a.txt.jsonl", "long.txt.jsonl", "z.txt.jsonl"}


def test_no_temporary_file_at_all_is_said(monkeypatch, tagger):
    def refused(**_):
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    monkeypatch.setattr(parts, "LONGEST", 100)
    with pytest.raises(SpillError, match="temporary file: No usable temporary directory found"):
        tagger.tag(Document("-", SURE * 10))
