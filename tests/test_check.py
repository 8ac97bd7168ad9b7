"""`arner tag --check`: what counts as a difference, how it is said, and that nothing is written."""

import json
import re
import shlex
from pathlib import Path

import pytest

from arner import check, compare, differences
from arner.compare import Found
from command_line import ROOT, SURE, arner, articles, contents, process, tree

RABAT = Found(3, 9, "الرباط", "LOC", "city", "الرباط", "loc/ma-rabat")


@pytest.fixture
def there(tmp_path, monkeypatch):
    """A folder `in` of two texts, tagged into `out`, and into `out.jsonl`."""
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "in", a="خبر:\n" + SURE, b=SURE)
    assert arner("tag", "in", "-o", "out").code == 0
    assert arner("tag", "in", "-o", "out.jsonl").code == 0
    return tmp_path


def edit(path, **fields):
    """Change the last entity of the first record of an output, or drop it."""
    first, *rest = path.read_text("utf-8").splitlines(keepends=True)
    record = json.loads(first)
    if fields:
        record["entities"][-1].update(fields)
    else:
        record["entities"].pop()
    path.write_text("".join((json.dumps(record) + "\n", *rest)), "utf-8")


def checked(*arguments):
    """Run a check; nothing may change."""
    before = contents(Path())
    outcome = arner("tag", "in", "--check", *arguments)
    assert contents(Path()) == before
    return outcome


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("out", ["out", "out.jsonl"])
def test_no_difference_is_exit_0(out):
    done = checked("-o", out)
    assert (done.code, done.out, done.lines) == (0, b"", ["arner: 2 files, no difference"])


def test_two_processes_find_what_one_finds(there):
    edit(there / "out" / "a.txt.jsonl")
    (there / "in" / "b.txt").unlink()
    articles(there / "in", 20)
    one, two = (process("tag", "in", "-o", "out", "--check", "-j", jobs, cwd=there) for jobs in (1, 2))
    assert one.code == 1
    assert one == two


@pytest.mark.parametrize("out", ["out", "out.jsonl"])
def test_gained_lost_and_changed_entities_are_said_with_their_place(there, out):
    path = there / out / "a.txt.jsonl" if out == "out" else there / out
    edit(path)
    gained = checked("-o", out)
    assert gained.code == 1
    document, change = gained.text.splitlines()
    assert document == "a.txt"
    assert change.startswith("  + 2:21  «الرباط»  LOC ")
    assert "arner: 1 document differs: 1 gained, 0 lost, 0 changed" in gained.err
    assert arner("tag", "in", "-o", out).code == 0
    edit(path, label="ORG", ref=None)
    changed = checked("-o", out)
    assert changed.text.splitlines()[1].startswith("  ~ 2:21  «الرباط»  label ORG → LOC, ref - → loc/")
    edit(path, start=0, end=3, text="خبر")
    lost = checked("-o", out).text.splitlines()
    assert [line[:7] for line in lost[1:]] == ["  - 1:1", "  + 2:2"]


@pytest.mark.parametrize("fields", [{"score": 0.1}, {"chain": "c9"}, {"en": "x"}, {"id": "e7"}])
def test_scores_and_chains_are_no_difference(there, fields):
    edit(there / "out" / "a.txt.jsonl", **fields)
    assert checked("-o", "out").code == 0


def test_new_inputs_and_outputs_without_one_are_differences(there):
    tree(there / "in", c=SURE)
    (there / "in" / "b.txt").unlink()
    lines = checked("-o", "out").text.splitlines()
    assert lines[0] == "c.txt: has no output yet"
    assert lines[-1] == "b.txt.jsonl: the output has it, the inputs have not"
    assert "b.txt: the output has it, the inputs have not" in checked("-o", "out.jsonl").text


def test_an_edited_text_is_a_difference_and_what_only_moved_is_none(there):
    path = there / "in" / "a.txt"
    path.write_text("خبر جديد:\n\n" + path.read_text("utf-8"), "utf-8")
    for out in ("out", "out.jsonl"):
        assert checked("-o", out).text == "a.txt: its text is another than when the output was written\n"


@pytest.mark.usefixtures("there")
def test_outputs_in_other_units_or_another_form_are_compared_alike():
    for arguments in (("--offsets", "byte"), ("--offsets", "utf16"), ("-f", "json")):
        assert arner("tag", "in", "-o", "other", *arguments).code == 0
        assert checked("-o", "other", *arguments[-2:] if "-f" in arguments else ()).code == 0


def test_a_broken_output_is_named(there):
    (there / "out" / "a.txt.jsonl").write_text("{", "utf-8")
    done = checked("-o", "out")
    assert done.code == 1
    assert done.text.startswith("a.txt: its output can't be read: out/a.txt.jsonl:1: not JSON")


@pytest.mark.parametrize("form", ["conll", "csv", "html", "brat"])
def test_other_formats_are_compared_by_their_bytes(there, form):
    assert arner("tag", "in", "-o", "other", "-f", form).code == 0
    assert checked("-o", "other", "-f", form).code == 0
    path = next(p for p in (there / "other").iterdir() if p.name.startswith("a.txt"))
    path.write_bytes(path.read_bytes() + b" ")
    assert checked("-o", "other", "-f", form).text == "a.txt: its output would be other bytes\n"


def test_inputs_that_fail_are_exit_3_and_their_outputs_not_counted_as_lost(there):
    (there / "in" / "b.txt").write_bytes(b"\xff")
    for out in ("out", "out.jsonl"):
        done = checked("-o", out)
        assert (done.code, done.out) == (3, b"")
        assert done.lines[0].startswith("arner: b.txt: not UTF-8")


def test_records_are_checked_by_their_names(there):
    lines = [json.dumps({"id": name, "text": SURE}) for name in ("x", "x", "y")]
    (there / "r.jsonl").write_text("\n".join(lines))
    arguments = ("r.jsonl", "--input", "jsonl", "-o", "r.out.jsonl")
    assert arner("tag", *arguments).code == 0
    assert arner("tag", *arguments, "--check").code == 0
    (there / "r.jsonl").write_text("\n".join(lines[1:]))
    assert arner("tag", *arguments, "--check").text == "x: the output has it, the inputs have not\n"


# --- report formats -------------------------------------------------------------------------------------------------


def test_json_says_all(there):
    edit(there / "out" / "a.txt.jsonl", label="ORG")
    report = json.loads(checked("-o", "out", "--report-format", "json").out)
    assert (report["differ"], report["gained"], report["lost"], report["changed"]) == (1, 0, 0, 1)
    (document,) = report["documents"]
    assert (document["doc"], document["path"], document["state"]) == ("a.txt", "in/a.txt", "entities")
    (change,) = document["changes"]
    assert (change["how"], change["line"], change["text"]) == ("changed", 2, "الرباط")
    assert (change["label"], change["was"]["label"]) == ("LOC", "ORG")
    nothing = json.loads(checked("-o", "out.jsonl", "--report-format", "json").out)
    assert nothing == {"differ": 0, "gained": 0, "lost": 0, "changed": 0, "documents": []}


def test_github_gets_workflow_commands(there):
    edit(there / "out" / "a.txt.jsonl")
    line, end = checked("-o", "out", "--report-format", "github").text.split("\n")
    assert line.startswith("::error file=in/a.txt,line=2,col=21,title=arner::gained: «الرباط» LOC")
    assert end == ""


def test_github_can_not_be_fooled_by_names_and_texts():
    entity = RABAT._replace(text="100%\n::warning::x")
    place = check.Place(compare.Change(compare.GAINED, entity), 1, 1)
    (line,) = differences.github([check.Difference("a", "d/a,b:c%\n.txt", check.ENTITIES, (place,))])
    assert line.startswith("::error file=d/a%2Cb%3Ac%25%0A.txt,line=1,col=1,title=arner::gained: «100%25 ::warning::x»")
    assert "\n" not in line


def test_gitlab_gets_a_code_quality_report(there):
    edit(there / "out" / "a.txt.jsonl")
    (there / "in" / "c.txt").write_text(SURE, "utf-8")
    issues = json.loads(checked("-o", "out", "--report-format", "gitlab").out)
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
    assert issues[0]["location"] == {"path": "in/a.txt", "lines": {"begin": 2}}
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert json.loads(checked("-o", "out.jsonl", "--report-format", "gitlab").out)[0]["location"]["path"] == "in/c.txt"


def test_paths_in_annotations_start_from_here(there):
    edit(there / "out" / "a.txt.jsonl")
    text = arner("tag", there / "in", "-o", there / "out", "--check", "--report-format", "github").text
    assert text.startswith("::error file=in/a.txt,")


def test_a_terminal_gets_isolates_around_arabic_and_a_pipe_none(there):
    edit(there / "out" / "a.txt.jsonl")
    assert "\N{FIRST STRONG ISOLATE}" not in checked("-o", "out").text
    assert "\N{FIRST STRONG ISOLATE}«الرباط»" not in checked("-o", "out").text
    shown = arner("tag", "in", "-o", "out", "--check", terminal=True).text
    assert "\N{FIRST STRONG ISOLATE}«الرباط»\N{POP DIRECTIONAL ISOLATE}" in shown


# --- comparing ------------------------------------------------------------------------------------------------------


def test_the_same_words_twice_are_two_entities():
    later = RABAT._replace(start=20, end=26)
    assert compare.changes([RABAT, later], [RABAT], same_text=True) == [compare.Change(compare.LOST, later)]
    moved = [e._replace(start=e.start + 5, end=e.end + 5) for e in (RABAT, later)]
    assert compare.changes([RABAT, later], moved, same_text=False) == []
    assert [c.how for c in compare.changes([RABAT, later], moved[:1], same_text=False)] == ["lost"]


def test_two_entities_on_one_span_are_kept_apart():
    other = RABAT._replace(label="ORG")
    assert compare.changes([RABAT, other], [RABAT, other], same_text=True) == []
    assert [c.how for c in compare.changes([RABAT, other], [RABAT], same_text=True)] == ["lost"]


@pytest.mark.parametrize("unit", ["codepoint", "utf16", "byte"])
def test_offsets_come_back_from_every_unit(unit):
    from arner.export.spans import offsets

    source = "😀 في\r\nالرباط \ufeff و\u0301😀😀"
    at = offsets(source, unit)
    back = compare.codepoints(source, unit, [at(n) for n in range(len(source) + 1)])
    assert [back[at(n)] for n in range(len(source) + 1)] == list(range(len(source) + 1))


def test_lines_are_counted_as_editors_do():
    lines = compare.Lines("a\r\nb\rc\n\nd")
    assert [lines(n) for n in (0, 3, 5, 7, 8)] == [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]


# --- the page on CI and the hooks ---------------------------------------------------------------------------------


def commands():
    """Return the commands of docs/ci.md and of the hooks with the arguments that the page gives them."""
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    found = re.findall(r"^(?: +| *- (?:run: )?)(arner [^#>\n]+?) *(?:[#>].*)?$", page, re.MULTILINE)
    hooks = dict(re.findall(r"- id: (\S+)\n(?:  .*\n)*?  entry: (.+)", (ROOT / ".pre-commit-hooks.yaml").read_text()))
    assert set(re.findall(r"- id: (\S+)", page)) == set(hooks)
    (arguments,) = re.findall(r"args: \[(.+)\]", page)
    return [*found, f"{hooks['arner-check']} {arguments.replace(',', '')}", f"{hooks['arner-gazetteer-lint']} n.tsv"]


def test_the_commands_of_the_page_on_ci_work(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tree(tmp_path / "news", a=SURE)
    (tmp_path / "n.tsv").write_text("ref\tname\taliases\tweak\ten\tkind\tcountry\tlat\tlon\ttier\tsource\n", "utf-8")
    assert len(commands()) == 7
    for command in commands():
        assert arner(*shlex.split(command)[1:]).code == 0, command
