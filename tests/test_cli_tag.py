"""`arner tag`: what is read, what is written where, and each of its options."""

import errno
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections import Counter

import pytest

from arner import files, parts
from arner.cli import progress
from arner.export import FORMATS
from command_line import ENVIRONMENT, PROGRAM, SURE, arner, articles, contents, process, start, tree

RECORD = json.dumps({"id": "r1", "text": SURE}, ensure_ascii=False)
HERE = [name for name in FORMATS if name != "spacy"]  # spaCy may not be installed


def documents(data):
    return [json.loads(line) for line in data.splitlines()]


def texts(data):
    return [[e["text"] for e in document["entities"]] for document in documents(data)]


# --- what is read ---------------------------------------------------------------------------------------------------


def test_standard_input_is_read_without_a_path_and_with_a_dash():
    for arguments in ((), ("-",)):
        (document,) = documents(arner("tag", *arguments, stdin=SURE.encode()).out)
        assert document["doc"] == "-"
        assert [e["text"] for e in document["entities"]] == ["ناصر بوريطة", "الرباط"]


def test_folders_are_searched_and_ignore_files_heeded(tmp_path):
    tree(tmp_path, b=SURE, a=SURE, sub__c=SURE, sub__drafts__d=SURE)
    (tmp_path / "sub" / ".arnerignore").write_text("drafts/\n")
    (tmp_path / "sub" / "e.md").write_text(SURE, "utf-8")
    assert [d["doc"] for d in documents(arner("tag", tmp_path).out)] == ["a.txt", "b.txt", "sub/c.txt"]
    assert [d["doc"] for d in documents(arner("tag", tmp_path, "--glob", "*.md").out)] == ["sub/e.md"]


def test_a_folder_without_a_matching_file_is_said_and_is_no_failure(tmp_path):
    (tmp_path / "in").mkdir()
    done = arner("tag", tmp_path / "in", "-o", tmp_path / "out")
    assert done.code == 0
    assert done.lines[0] == "arner: nothing to read: no file matches *.txt"
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["files"] == 0
    assert arner("tag", tmp_path / "in").out == b""


def test_encodings_are_found_out_and_said(tmp_path):
    tree(tmp_path, a=SURE.encode("windows-1256"), b=SURE.encode("utf-16"))
    done = arner("tag", tmp_path)
    assert texts(done.out) == [["ناصر بوريطة", "الرباط"]] * 2
    assert [d["encoding"] for d in documents(done.out)] == ["windows-1256", "utf-16-le"]
    assert [line.split(": ")[1] for line in done.lines] == ["a.txt", "b.txt"]


def test_a_given_encoding_is_used_and_broken_bytes_are_dealt_with_as_asked(tmp_path):
    tree(tmp_path, a=SURE.encode("iso-8859-6"), b=SURE.encode() + b"\xff")
    assert texts(arner("tag", tmp_path / "a.txt", "--encoding", "iso-8859-6").out) == [["ناصر بوريطة", "الرباط"]]
    failed = arner("tag", tmp_path / "b.txt")
    assert failed.code == 3
    assert f"not UTF-8 at byte {len(SURE.encode())}" in failed.err
    for errors, more in (("replace", 1), ("ignore", 0)):
        done = arner("tag", tmp_path / "b.txt", "--encoding-errors", errors)
        assert (done.code, documents(done.out)[0]["chars"]) == (0, len(SURE) + more)


# --- records --------------------------------------------------------------------------------------------------------


def test_records_are_read_line_by_line_and_bad_ones_named():
    lines = [
        "\N{ZERO WIDTH NO-BREAK SPACE}" + RECORD, "", "not json", '{"id":3}', '{"text":5}', "[]", "7",
        json.dumps({"text": SURE, "id": None}), json.dumps({"text": "\ud800"}),
    ]
    done = arner("tag", "--input", "jsonl", stdin="\n".join(lines).encode() + b"\n\xff\xfe\n" + RECORD.encode())
    assert done.code == 3
    assert [d["doc"] for d in documents(done.out)] == ["r1", "-:8", "-:9", "r1"]
    assert done.lines == [
        "arner: -:3: not a JSON record",
        "arner: -:4: no key 'text': give --text-key",
        "arner: -:5: 'text' is not a text",
        "arner: -:6: no key 'text': give --text-key",
        "arner: -:7: no key 'text': give --text-key",
        "arner: -:10: not utf-8 at byte 0 of the line: give --encoding-errors replace",
    ]


def test_keys_and_encoding_of_records(tmp_path):
    record = json.dumps({"body": SURE, "url": "http://a"}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_bytes(record.encode("windows-1256"))
    keys = ("--input", "jsonl", "--text-key", "body", "--id-key", "url", "--encoding", "windows-1256")
    for path in (tmp_path, tmp_path / "a.jsonl"):  # a folder is searched for *.jsonl
        (document,) = documents(arner("tag", path, *keys).out)
        assert (document["doc"], len(document["entities"])) == ("http://a", 2)


def test_records_in_utf_16_are_refused_with_the_way_out(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(RECORD.encode("utf-16"))
    for more in ((), ("--encoding", "utf-16")):
        failed = arner("tag", tmp_path / "a.jsonl", "--input", "jsonl", *more)
        assert failed.code == 3
        assert "iconv" in failed.err


def test_records_are_not_held_in_memory(tmp_path):
    code = (
        "import resource, sys\nfrom arner.cli import main\nsys.argv = ['arner', *sys.argv[1:]]\ntry: main()\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    used = []
    filler = json.dumps({"text": "", "pad": "x" * 100_000}).encode() + b"\n"
    for name, lines in (("small", 1), ("large", 600)):  # 60 MB
        path = tmp_path / f"{name}.jsonl"
        with path.open("wb") as file:
            file.writelines(filler for _ in range(lines))
        options = ["--input", "jsonl", "-o", str(tmp_path / "out.jsonl")]
        arguments = [sys.executable, "-c", code, "tag", str(path), *options]
        done = subprocess.run(arguments, capture_output=True, env=ENVIRONMENT, check=True)
        used.append(int(done.stderr.split()[-1]))
    assert used[1] - used[0] < 20_000, "kilobytes"


# --- what is written where ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("out", ["out", "out/", "made.already"])
def test_a_folder_gets_an_output_an_input(tmp_path, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "in", a=SURE, sub__b=SURE)
    (tmp_path / "made.already").mkdir()
    assert arner("tag", "in", "-o", out).code == 0
    written = contents(tmp_path / out)
    assert set(written) == {"a.txt.jsonl", "sub/b.txt.jsonl", "summary.json", ".arner-state.jsonl"}
    assert documents(written["sub/b.txt.jsonl"])[0]["doc"] == "sub/b.txt"


@pytest.mark.parametrize(
    ("path", "place"),
    [("a.txt", "a.txt"), ("../in/a.txt", "in/a.txt"), ("{here}/a.txt", "{here}/a.txt"), ("-", "stdin")],
)
def test_no_name_leads_out_of_the_output_folder(tmp_path, monkeypatch, path, place):
    here = tree(tmp_path / "in", a=SURE)
    monkeypatch.chdir(here)
    assert arner("tag", path.format(here=here), "-o", "out/", stdin=SURE.encode()).code == 0
    target = here / "out" / (place.format(here=str(here).strip("/")) + ".jsonl")
    assert texts(target.read_bytes()) == [["ناصر بوريطة", "الرباط"]]


def test_a_file_holds_all_inputs_in_the_format_of_its_suffix(tmp_path):
    tree(tmp_path / "in", a=SURE, b=SURE)
    for suffix, begins in {"jsonl": b"{", "tsv": b"doc\t", "csv": b"doc,", "json": b"[", "html": b"<!"}.items():
        target = tmp_path / f"out.{suffix}"
        assert arner("tag", tmp_path / "in", "-o", target).code == 0
        assert target.read_bytes().startswith(begins)
    assert arner("tag", tmp_path / "in", "-o", tmp_path / "out.csv", "-f", "jsonl").code == 0
    assert len(documents((tmp_path / "out.csv").read_bytes())) == 2


def test_an_output_folder_among_the_inputs_is_not_read_again(tmp_path):
    tree(tmp_path, a=SURE)
    for _ in range(2):
        assert arner("tag", tmp_path, "-o", tmp_path / "out", "-f", "brat").code == 0
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["files"] == 1


def test_two_inputs_for_one_output_are_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tree(tmp_path, x__a=SURE, y__x__a=SURE))
    monkeypatch.chdir(tmp_path / "y")
    failed = arner("tag", "x/a.txt", "../x/a.txt", "-o", "out/")
    assert failed.code == 2
    assert "would be written for ../x/a.txt and is the output of x/a.txt: rename one" in failed.err
    assert not (tmp_path / "y" / "out").exists()


def test_an_input_is_never_written_over_nor_arners_own_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "out" / "in", a=SURE)
    (tmp_path / "out" / "in" / "a.txt.txt").hardlink_to(tmp_path / "out" / "in" / "a.txt")
    failed = arner("tag", "out/in/a.txt", "-o", "./", "-f", "brat")
    assert failed.code == 2
    assert "is the input out/in/a.txt: give another -o" in failed.err
    (tmp_path / "summary").write_text(SURE, "utf-8")
    failed = arner("tag", "summary", "-o", "new/", "-f", "json")
    assert failed.code == 2
    assert "summary.json: would be written for summary and is arner's own file" in failed.err


def test_brat_puts_the_text_beside(tmp_path):
    tree(tmp_path / "in", a=SURE)
    assert arner("tag", tmp_path / "in", "-o", tmp_path / "out", "-f", "brat").code == 0
    assert (tmp_path / "out" / "a.txt.txt").read_text("utf-8") == SURE
    assert arner("tag", tmp_path / "in" / "a.txt", "-o", tmp_path / "x.ann").code == 0
    assert (tmp_path / "x.ann").read_bytes() == (tmp_path / "out" / "a.txt.ann").read_bytes()
    assert (tmp_path / "x.txt").read_text("utf-8") == SURE


def test_records_go_to_a_file_for_each_file_of_records(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text(f"{RECORD}\nbad\n{RECORD}\n", "utf-8")
    done = arner("tag", tmp_path / "in", "--input", "jsonl", "-o", tmp_path / "out")
    assert done.code == 3
    assert len(documents((tmp_path / "out" / "a.jsonl.jsonl").read_bytes())) == 2
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["files"], summary["documents"], summary["failures"]) == (1, 2, 1)
    failed = arner("tag", tmp_path / "in", "--input", "jsonl", "-f", "brat", "-o", tmp_path / "other")
    assert (failed.code, failed.lines) == (2, ["arner: brat holds one document a file: give another -f"])


def test_the_summary_counts_and_names_what_failed(tmp_path):
    tree(tmp_path / "in", a=SURE, b=b"\xff" + SURE.encode(), c="")
    done = arner("tag", tmp_path / "in", "-o", tmp_path / "out")
    summary = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))
    assert summary["entities"] == {"PER": 1, "ORG": 0, "LOC": 1, "all": 2}
    assert (summary["files"], summary["documents"], summary["bytes"]) == (3, 2, len(SURE.encode()))
    assert [failed["doc"] for failed in summary["failed"]] == ["b.txt"]
    assert summary["seconds"] > 0
    assert summary["mb_per_second"] == pytest.approx(summary["bytes"] / 1e6 / summary["seconds"], abs=0.01)
    assert done.code == 3
    assert re.fullmatch(
        r"arner: 3 files, 1 failed; PER 1 ORG 0 LOC 1; \d+\.\d s, \d+\.\d\d MB/s -> .*out", done.lines[-1]
    )
    assert not (tmp_path / "out" / "b.txt.jsonl").exists()


@pytest.mark.parametrize("form", HERE)
def test_two_processes_write_the_same_bytes_as_one(tmp_path, form):
    articles(tmp_path / "in", 21)
    (tmp_path / "in" / "0" / "000.txt").write_bytes(b"\xff fails, and is the first")
    for jobs in ("1", "2"):
        assert process("tag", tmp_path / "in", "-f", form, "-j", jobs, "-o", tmp_path / f"out{jobs}").code == 3
    assert contents(tmp_path / "out1") == contents(tmp_path / "out2")


@pytest.mark.parametrize("form", ["jsonl", "csv", "json", "conll"])
def test_two_processes_put_the_same_bytes_into_one_stream(tmp_path, form):
    articles(tmp_path / "in", 21)
    one, two = (process("tag", tmp_path / "in", "-f", form, "-j", jobs, "--bom") for jobs in ("1", "2"))
    assert (one.code, one.err) == (0, "")
    assert one == two
    assert process("tag", tmp_path / "in", "-f", form, "-j", "2", "--bom", "-o", tmp_path / "o.x").code == 0
    assert (tmp_path / "o.x").read_bytes() == one.out


# --- options of tagging ---------------------------------------------------------------------------------------------


def test_types_and_min_score_choose():
    found = documents(arner("tag", "--types", " loc ", stdin=SURE.encode()).out)[0]["entities"]
    assert [e["label"] for e in found] == ["LOC"]
    scores = [e["score"] for e in documents(arner("tag", stdin=SURE.encode()).out)[0]["entities"]]
    kept = documents(arner("tag", "--min-score", max(scores), stdin=SURE.encode()).out)[0]["entities"]
    assert [e["score"] for e in kept] == [s for s in scores if s >= max(scores)]


def test_a_gazetteer_of_the_users_own_is_used(tmp_path):
    rows = "ref\tname\taliases\tweak\ten\tkind\tcountry\tlat\tlon\ttier\tsource\n"
    (tmp_path / "mine.tsv").write_text(rows + "loc/own-x\tززوقة\t-\t-\tZazouga\tcity\tMA\t-\t-\tsure\thand\n", "utf-8")
    text = "وصل إلى ززوقة.".encode()
    found = documents(arner("tag", "--gazetteer", tmp_path / "mine.tsv", stdin=text).out)[0]["entities"]
    assert [e["ref"] for e in found] == ["loc/own-x"]


def test_explain_adds_the_evidence_and_offsets_their_unit():
    text = "\N{GRINNING FACE} " + SURE
    (document,) = documents(arner("tag", "--explain", "--offsets", "utf16", stdin=text.encode()).out)
    entity = document["entities"][-1]
    assert document["offset_unit"] == "utf16"
    assert text.encode("utf-16-le")[entity["start"] * 2 : entity["end"] * 2].decode("utf-16-le") == "الرباط"
    assert entity["evidence"]


def test_a_terminal_gets_text_and_a_pipe_json_lines():
    shown = arner("tag", stdin=SURE.encode(), terminal=True).text
    assert "people 1" in shown
    assert "schema" not in shown
    explained = arner("tag", "-f", "terminal", "--explain", stdin=SURE.encode()).text
    assert "ref" not in shown
    assert len(explained) > len(arner("tag", "-f", "terminal", stdin=SURE.encode()).text)


# --- faults ---------------------------------------------------------------------------------------------------------


def test_each_input_that_fails_has_its_line_and_the_others_their_results(tmp_path, monkeypatch):
    """A folder named like a text, links to nothing and to themselves, no text, broken bytes, an input that vanishes."""
    folder = tree(tmp_path / "in", a=SURE, bad=b"\0\1\2", broken=SURE.encode() + b"\xd8", gone=SURE, z=SURE)
    (folder / "nothing.txt").symlink_to("nowhere")
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "up").symlink_to("..", target_is_directory=True)
    found = list(files.find([folder]))
    monkeypatch.setattr(files, "find", lambda *_, **__: [*found, files.Source("dir.txt", str(folder))])
    (folder / "gone.txt").unlink()
    done = arner("tag", folder, "-o", tmp_path / "out")
    assert done.code == 3
    assert sorted(line.split(": ")[1] for line in done.lines[:-1]) == [
        "bad.txt", "broken.txt", "dir.txt", "gone.txt", "nothing.txt", "self.txt",
    ]
    written = set(contents(tmp_path / "out"))
    assert {"a.txt.jsonl", "z.txt.jsonl"} == {name for name in written if name.endswith(".txt.jsonl")}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of bytes")
def test_names_with_newlines_and_bad_bytes_are_tagged_and_shown_on_one_line(tmp_path):
    folder = os.fsencode(tree(tmp_path / "in", a=SURE))
    for name, data in ((b"n\nl.txt", SURE.encode()), (b"\xff.txt", SURE.encode()), (b"\xfe.txt", b"\xff")):
        with open(os.path.join(folder, name), "wb") as file:  # noqa: PTH118, PTH123
            file.write(data)
    done = arner("tag", tmp_path / "in", "-o", tmp_path / "out")
    assert done.code == 3
    assert [line[:22] for line in done.lines[:-1]] == ["arner: \\udcfe.txt: not"]
    written = os.listdir(os.fsencode(tmp_path / "out"))  # noqa: PTH208
    assert {b"a.txt.jsonl", b"n\nl.txt.jsonl", b"\xff.txt.jsonl"} <= set(written)
    again = arner("tag", tmp_path / "in", "-o", tmp_path / "out", "--resume")
    assert "(3 done before)" in again.lines[-1]
    assert arner("verify", tmp_path / "out", tmp_path / "in").code == 0


class FullDisk(io.FileIO):
    """A file on a disk that has room for one byte more."""

    def writelines(self, chunks):
        for chunk in chunks:
            self.write(chunk[:1])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def open_on_a_full_disk(path, mode):
    return open(path, mode) if "r" in mode else FullDisk(path, mode)  # noqa: PTH123


def test_a_full_disk_leaves_what_stood_there(tmp_path, monkeypatch):
    folder, out = tree(tmp_path / "in", a=SURE, b=SURE), tmp_path / "out"
    assert arner("tag", folder, "-o", out).code == 0
    before = contents(out)
    (folder / "b.txt").write_text(SURE * 2, "utf-8")
    monkeypatch.setattr(files, "open", open_on_a_full_disk, raising=False)
    failed = arner("tag", folder, "-o", out)
    assert failed.code == 2  # not even the state could be begun
    assert failed.lines == [f"arner: {out / '.arner-state.jsonl'}: can't be written: No space left on device"]
    assert contents(out) == before
    assert arner("tag", folder, "-o", tmp_path / "one.jsonl").code == 2
    assert not (tmp_path / "one.jsonl").exists()


def test_a_disk_that_fills_up_on_the_way_fails_the_files_that_it_has_no_room_for(tmp_path, monkeypatch):
    folder, out = tree(tmp_path / "in", a=SURE, b=SURE, c=SURE), tmp_path / "out"
    real = files.write_whole

    def write_whole(path, data):
        if str(path).endswith("b.txt.jsonl"):
            monkeypatch.setattr(files, "open", open_on_a_full_disk, raising=False)
        try:
            real(path, data)
        finally:
            monkeypatch.setattr(files, "open", open, raising=False)

    monkeypatch.setattr(files, "write_whole", write_whole)
    failed = arner("tag", folder, "-o", out)
    assert failed.code == 3
    assert failed.lines[0] == f"arner: {out / 'b.txt.jsonl'}: can't be written: No space left on device"
    assert {n for n in contents(out) if n.endswith("txt.jsonl")} == {"a.txt.jsonl", "c.txt.jsonl"}
    monkeypatch.undo()
    assert "(2 done before)" in arner("tag", folder, "-o", out, "--resume").lines[-1]


def test_a_fault_of_arners_own_on_one_text_is_said_and_loses_no_other(tmp_path, monkeypatch):
    from arner.tagger import Tagger

    real = Tagger.tag

    def tag(self, document, *rest, **options):
        if document.name == "b.txt":
            raise IndexError("out of range")
        return real(self, document, *rest, **options)

    monkeypatch.setattr(Tagger, "tag", tag)
    done = arner("tag", tree(tmp_path, a=SURE, b=SURE, c=SURE))
    assert done.code == 3
    assert [d["doc"] for d in documents(done.out)] == ["a.txt", "c.txt"]
    assert done.lines == ["arner: b.txt: arner failed on it, please report this: IndexError: out of range"]


IN_PARTS = "from arner import cli, parts; parts.LONGEST = {}; cli.main()"


def peak(longest, *arguments):
    """Run arner in a process of its own, which reads texts in parts of that length; return its peak of memory."""
    command = [sys.executable, "-c", IN_PARTS.format(longest), *map(str, arguments)]
    with subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE) as run:
        said = run.stderr.read()
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0, said
    assert b"big.txt: " in said
    return used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.skipif(os.name != "posix", reason="figures of POSIX")
def test_one_large_file_takes_memory_for_its_text_and_not_for_what_is_found_in_it(tmp_path):
    """In parts, as 100 MB are; `ARNER_BIG=100` makes it 100 MB, which takes long."""
    size = float(os.environ.get("ARNER_BIG", "0.25")) * 1e6
    longest = min(parts.LONGEST, int(size / 40))
    used = []
    for part in (0.1, 1):
        count = int(size * part / len(SURE.encode()))
        folder = tree(tmp_path / str(part), a=SURE, z=SURE)
        with (folder / "big.txt").open("wb") as file:
            file.writelines(SURE.encode() for _ in range(count))
        used.append(peak(longest, "tag", folder, "-o", tmp_path / f"out{part}"))
    # What is found takes 40 bytes a byte of this text where it is held as objects.
    assert used[1] - used[0] < 6 * 0.9 * size + 3e6, used
    assert used[1] < 1e9
    out = tmp_path / "out1"
    assert texts((out / "z.txt.jsonl").read_bytes()) == [["ناصر بوريطة", "الرباط"]]
    chains, rest = Counter(), b""
    with (out / "big.txt.jsonl").open("rb") as file:
        while block := file.read(1 << 20):
            *whole, rest = (rest + block).split(b'"chain":')
            chains.update(piece.partition(b",")[0] for piece in whole)
    chains.update([rest.partition(b",")[0]])
    assert (chains.pop(b'"c1"'), chains.pop(b'"c2"'), chains.total()) == (count, count, 1), "and the head of the record"


# --- progress -------------------------------------------------------------------------------------------------------


def test_a_log_gets_a_line_in_ten_seconds_at_most(monkeypatch, capsys):
    now = 100.0
    monkeypatch.setattr(progress.time, "monotonic", lambda: now)
    log = progress.Log(100)
    for _ in range(40):
        now += 1.0
        log.advance(1_000_000, 1)
    assert capsys.readouterr().err.splitlines() == [
        f"arner: {n} of 100 files, 1.00 MB/s, {100 - n} s left" for n in (10, 20, 30, 40)
    ]


def test_a_short_run_in_a_log_says_only_its_end(tmp_path):
    assert len(arner("tag", tree(tmp_path / "in", a=SURE), "-o", tmp_path / "out").lines) == 1


def test_a_terminal_gets_a_bar_below_the_lines_and_it_goes_at_the_end(tmp_path):
    articles(tmp_path / "in", 12)
    tree(tmp_path / "in", z=b"\xff")
    here, there = pty.openpty()
    environment = {**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "100"}
    run = subprocess.Popen(
        [*PROGRAM, "tag", str(tmp_path / "in"), "-o", str(tmp_path / "out"), "-j", "2"], stderr=there, env=environment
    )
    os.close(there)
    shown = b""
    try:
        while piece := os.read(here, 1 << 16):
            shown += piece
    except OSError:  # the terminal's end
        pass
    os.close(here)
    assert run.wait() == 3
    text = shown.decode()
    assert "MB/s" in text
    assert "/13" in text
    assert "arner: z.txt: not UTF-8 at byte 0" in text
    assert "arner: 13 files, 1 failed" in text
    assert text.rstrip().endswith("out")


def test_two_runs_on_one_output_are_refused(tmp_path):
    articles(tmp_path / "in", 30)
    out = tmp_path / "out"
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
    with start("tag", "-", tmp_path / "in", "-o", out, **pipes) as first:
        while not (out / ".arner-lock").exists():
            assert first.poll() is None
        while not (out / ".arner-lock").read_bytes():
            pass
        second = arner("tag", tmp_path / "in", "-o", out)
        assert (second.code, len(second.lines)) == (2, 1)
        assert f"another arner (process {first.pid} on " in second.err
        assert "let it end, or give another -o" in second.err
        first.kill()
        first.communicate()
    assert (out / ".arner-lock").exists()
    assert arner("tag", tmp_path / "in", "-o", out).code == 0, "a dead run's lock is taken over"
    assert not (out / ".arner-lock").exists()
