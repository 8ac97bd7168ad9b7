"""Files and folders as users have them, with their faults; and that an output is whole or not there."""

import errno
import hashlib
import io
import os
import pickle
import stat
import sys

import pytest

from arner import files

ARTICLE = "أعلن ناصر بوريطة، وزير الخارجية، في الرباط: «لا جديد».\r\nوقال إنّ الأمن مستتبّ.\n"
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def code(text: str, encoding: str) -> bytes:
    return text.encode(encoding)


def test_a_document_has_its_name_text_hash_and_encoding(tmp_path):
    path = tmp_path / "مقال.txt"
    path.write_bytes(code(ARTICLE, "windows-1256"))
    notices = []
    document = files.read(path, notice=notices.append)
    assert document.name == path.as_posix()
    assert document.source == ARTICLE
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document.encoding == "windows-1256"
    assert len(notices) == 1
    assert "windows-1256" in notices[0]


def test_an_empty_file_is_an_empty_document(tmp_path):
    (tmp_path / "a.txt").touch()
    assert files.read(tmp_path / "a.txt").source == ""


def test_standard_input_is_read_as_bytes(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(code(ARTICLE, "utf-16")), "ascii"))
    document = files.read("-")
    assert (document.name, document.source) == ("-", BOM + ARTICLE)


def test_what_can_not_be_read_says_why(tmp_path, monkeypatch):
    with pytest.raises(files.InputError, match="is a folder, where a file is due"):
        files.read(tmp_path)
    with pytest.raises(files.InputError, match="no such file"):
        files.read(tmp_path / "gone.txt")

    def refuse(path, _mode):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(files, "open", refuse, raising=False)
    with pytest.raises(files.InputError, match=r"a\.txt: can't be read: Permission denied"):
        files.read("a.txt")


def test_a_file_that_vanishes_after_it_was_found_fails_alone(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name)
    read, failed = [], []
    for source in files.find([tmp_path]):
        (tmp_path / "b.txt").unlink(missing_ok=True)
        try:
            read.append(files.read(source).source)
        except files.InputError as error:
            failed.append(error.path)
    assert (read, failed) == (["a.txt", "c.txt"], ["b.txt"])


def test_errors_cross_between_processes():
    for error in (files.InputError("a", "b"), files.OutputError("a", "b"), files.MissingPathError(["a", "b"])):
        assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301


def tree(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def names(*paths, **options):
    return [s.name for s in files.find(paths, **options)]


def test_a_folder_is_searched_in_the_order_of_whole_paths(tmp_path):
    tree(tmp_path, "b.txt", "a/z.txt", "a/b/c.txt", "a-b/x.txt", "a.txt", "a.md", "ب.txt", "A.txt")
    assert names(tmp_path) == ["A.txt", "a-b/x.txt", "a.txt", "a/b/c.txt", "a/z.txt", "b.txt", "ب.txt"]
    assert names(tmp_path) == sorted(names(tmp_path))


def test_names_stay_apart_where_several_paths_are_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, "one/a.txt", "two/a.txt", "c.md")
    assert names("one", "./two/", "c.md", "-") == ["one/a.txt", "./two/a.txt", "c.md", "-"]
    assert [files.read(s).source for s in files.find(["one", "two"])] == ["one/a.txt", "two/a.txt"]


@pytest.mark.parametrize(
    ("glob", "found"),
    [
        ("*.txt", ["a/b/c.txt", "a/n.txt", "r.txt"]),
        ("a/*.txt", ["a/n.txt"]),
        ("a/**/*.txt", ["a/b/c.txt", "a/n.txt"]),
        ("**/c.*", ["a/b/c.md", "a/b/c.txt"]),
        ("/r.txt", ["r.txt"]),
        ("[mn].txt", ["a/n.txt"]),
    ],
)
def test_globs(tmp_path, glob, found):
    tree(tmp_path, "r.txt", "a/n.txt", "a/b/c.txt", "a/b/c.md")
    assert names(tmp_path, glob=glob) == found


def test_hidden_files_and_folders_are_passed_over_unless_given(tmp_path):
    tree(tmp_path, ".git/a.txt", ".a.txt", "b.txt")
    assert names(tmp_path) == ["b.txt"]
    assert names(tmp_path / ".git") == ["a.txt"]
    assert names(tmp_path / ".a.txt") == [(tmp_path / ".a.txt").as_posix()]


def test_ignore_files_hold_for_their_folder_and_below(tmp_path):
    tree(tmp_path, "drafts/a.txt", "a/drafts/b.txt", "a/keep.txt", "a/old-1.txt", "a/b/old-2.txt")
    tree(tmp_path, "b/old-3.txt", "c.txt")
    (tmp_path / ".arnerignore").write_bytes(b"\xef\xbb\xbf# not yet\r\ndrafts/\r\n\r\n/c.txt\r\n")
    (tmp_path / "a" / ".arnerignore").write_text("old-*\n!old-1.txt\n")
    assert names(tmp_path) == ["a/keep.txt", "a/old-1.txt", "b/old-3.txt"]


def test_an_ignore_file_that_can_not_be_read_is_said_and_nothing_is_read_in_its_place(tmp_path):
    tree(tmp_path, "a/secret.txt", "b.txt")
    (tmp_path / "a" / ".arnerignore").write_bytes(b"secret\xff.txt")
    first, second = files.find([tmp_path])
    assert second.name == "b.txt"
    with pytest.raises(files.InputError, match=r"a: the folder can't be searched: .*not UTF-8 at byte 6"):
        files.read(first)


def test_a_folder_that_can_not_be_listed_is_said_and_the_rest_is_found(tmp_path, monkeypatch):
    tree(tmp_path, "a/x.txt", "b.txt")
    listed = os.scandir

    def scandir(path):
        if str(path).endswith("a"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    first, second = files.find([tmp_path])
    assert second.name == "b.txt"
    with pytest.raises(files.InputError, match="a: the folder can't be searched: Permission denied"):
        files.read(first)


def test_missing_paths_are_all_named_before_anything_is_read(tmp_path):
    tree(tmp_path, "a.txt")
    with pytest.raises(files.MissingPathError) as caught:
        files.find([tmp_path / "a.txt", tmp_path / "no", tmp_path / "a.txt" / "x", "nul\0"])
    assert caught.value.paths == (str(tmp_path / "no"), str(tmp_path / "a.txt" / "x"), "nul\0")
    assert "\n" not in str(caught.value)


def test_each_real_folder_is_searched_once_through_links(tmp_path):
    tree(tmp_path, "real/a.txt", "real/deep/b.txt")
    try:
        (tmp_path / "real" / "deep" / "up").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "self.txt").symlink_to("self.txt")
        (tmp_path / "view").symlink_to("real", target_is_directory=True)
    except OSError:
        pytest.skip("links can't be made here")
    found = list(files.find([tmp_path, tmp_path / "real"]))
    assert [s.path for s in found] == [str(tmp_path / n) for n in ("real/a.txt", "real/deep/b.txt", "self.txt")]
    with pytest.raises(files.InputError, match=r"self\.txt"):
        files.read(found[-1])


def test_a_link_to_nothing_in_a_folder_is_reported_not_dropped(tmp_path):
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone")
    (source,) = files.find([tmp_path])
    with pytest.raises(files.InputError, match="no such file"):
        files.read(source)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_in_a_folder_does_not_hang_the_run(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    assert names(tmp_path) == []


def test_skipped_folders_and_repeated_paths(tmp_path):
    tree(tmp_path, "a.txt", "out/a.txt")
    assert names(tmp_path, skip=[tmp_path / "out"]) == ["a.txt"]
    assert len(names(tmp_path, tmp_path)) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_names_with_line_ends_or_bad_bytes_are_read_and_printed_on_one_line(tmp_path):
    for raw in (b"a\nb.txt", b"a\xff.txt"):
        with open(os.path.join(os.fsencode(tmp_path), raw), "wb") as file:  # noqa: PTH118, PTH123
            file.write(b"x")
    assert [files.read(s).source for s in files.find([tmp_path])] == ["x", "x"]
    shown = [str(files.InputError(s.name, "is not text")) for s in files.find([tmp_path])]
    assert shown == [r"a\nb.txt: is not text", r"a\udcff.txt: is not text"]
    for line in shown:
        line.encode()


def left(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_file_is_written_whole_with_the_usual_rights(tmp_path):
    files.write_whole(tmp_path / "new" / "a.jsonl", iter([b"one\n", b"two\n"]))
    path = tmp_path / "new" / "a.jsonl"
    assert path.read_bytes() == b"one\ntwo\n"
    plain = tmp_path / "new" / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode
    assert left(tmp_path / "new") == ["a.jsonl", "plain"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError, SystemExit])
def test_an_interrupted_output_leaves_the_old_file_and_nothing_else(tmp_path, stop):
    (tmp_path / "a.jsonl").write_bytes(b"old")

    def chunks():
        yield b"half"
        raise stop

    with pytest.raises(stop):
        files.write_whole(tmp_path / "a.jsonl", chunks())
    assert (tmp_path / "a.jsonl").read_bytes() == b"old"
    assert left(tmp_path) == ["a.jsonl"]


class FullDisk(io.FileIO):
    def write(self, data):
        super().write(data[:1])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_the_old_file_and_says_so(tmp_path, monkeypatch):
    (tmp_path / "a.jsonl").write_bytes(b"old")
    monkeypatch.setattr(files, "open", FullDisk, raising=False)
    with pytest.raises(files.OutputError, match=r"a\.jsonl: can't be written: No space left on device"):
        files.write_whole(tmp_path / "a.jsonl", b"new")
    assert (tmp_path / "a.jsonl").read_bytes() == b"old"
    assert left(tmp_path) == ["a.jsonl"]


def test_a_rename_that_fails_leaves_no_temporary_file(tmp_path, monkeypatch):
    def fail(*paths):
        raise PermissionError(errno.EPERM, "Operation not permitted", *paths)

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(files.OutputError, match="Operation not permitted"):
        files.write_whole(tmp_path / "a.jsonl", b"new")
    assert left(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")  # noqa: PTH110
def test_devices_are_written_straight_and_stay_devices():
    files.write_whole(os.devnull, b"gone")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)  # noqa: PTH116
    with pytest.raises(files.OutputError, match="No space left on device"):
        files.write_whole("/dev/full", b"new")


def test_a_folder_or_a_file_in_the_way_is_said(tmp_path):
    with pytest.raises(files.OutputError, match=r"can't be written: Is a directory|Permission denied"):
        files.write_whole(tmp_path, b"new")
    (tmp_path / "file").touch()
    with pytest.raises(files.OutputError, match="can't be written"):
        files.write_whole(tmp_path / "file" / "a.jsonl", b"new")


def test_a_link_is_written_through_and_a_name_may_be_as_long_as_allowed(tmp_path):
    (tmp_path / "link").symlink_to("target")
    files.write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "target").read_bytes() == b"new"
    longest = "ب" * 126 + ".a"
    files.write_whole(tmp_path / longest, b"new")
    assert left(tmp_path) == ["link", "target", longest]


def test_an_input_is_never_written_over_by_any_name(tmp_path):
    tree(tmp_path, "a.txt", "sub/b.txt")
    (tmp_path / "link").symlink_to("sub/b.txt")
    sources = [files.Source("-", "-"), *files.find([tmp_path])]
    for output in ("a.txt", "sub/../a.txt", "link"):
        with pytest.raises(files.OutputError, match=r"is the input .*\.txt: give another -o"):
            files.refuse_overlap(sources, tmp_path / output)
    files.refuse_overlap(sources, tmp_path / "a.jsonl")
    files.refuse_overlap(sources, os.devnull)
