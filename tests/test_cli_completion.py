"""`arner completion`: the scripts are those of each shell, and they complete."""

import os
import pty
import select
import shutil
import subprocess

import pytest

from arner.cli import COMMANDS
from command_line import ENVIRONMENT, PROGRAM, arner


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_the_shell_takes(shell, tmp_path):
    done = arner("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert f"_ARNER_COMPLETE={shell}_complete" in done.text
    if shutil.which(shell):
        (tmp_path / "script").write_text(done.text)
        subprocess.run([shell, "-n", tmp_path / "script"], check=True)


def test_another_shell_is_wrong_usage():
    assert arner("completion", "tcsh").code == 2


@pytest.mark.parametrize(
    ("words", "due"), [("arner ", set(COMMANDS)), ("arner tag --report-format git", {"github", "gitlab"})]
)
def test_commands_and_values_are_completed(words, due):
    asked = {"_ARNER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = subprocess.run(PROGRAM, env={**ENVIRONMENT, **asked}, capture_output=True, check=True)
    assert {line.partition(",")[2] for line in done.stdout.decode().splitlines()} == due


@pytest.mark.parametrize(
    "words",
    ["tag", "tag -o", "tag --gazetteer", "clean", "clean -o", "explain", "report", "report -o", "index", "index -o",
     "find بوريطة", "with بوريطة", "verify", "diff", "score", "gazetteer lint"],
)  # fmt: skip
def test_file_names_are_left_to_the_shell(words):
    typed = f"arner {words} ne"
    asked = {"_ARNER_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split(" ")) - 1)}
    done = subprocess.run(PROGRAM, env={**ENVIRONMENT, **asked}, capture_output=True, check=True)
    assert done.stdout.decode().split() == ["file,ne"]


def install(folder):
    """Put a program `arner` into a folder."""
    program = folder / "arner"
    program.write_text(f"#!/bin/sh\nexec '{PROGRAM[0]}' -c '{PROGRAM[2]}' \"$@\"\n")
    program.chmod(0o755)


@pytest.mark.skipif(not shutil.which("bash") or os.name != "posix", reason="no bash")
@pytest.mark.parametrize(
    ("typed", "due"),
    [
        ("arner ver", ["verify"]),
        ("arner tag -f label", ["label-studio"]),
        ("arner gazetteer l", ["lint"]),
        ("arner tag -f spacy", ["spacy", "spacy-json"]),
    ],
)
def test_bash_completes_with_the_script(tmp_path, typed, due):
    install(tmp_path)
    (tmp_path / "script").write_text(arner("completion", "bash").text)
    words = typed.split(" ")
    ask = (
        'source "$1"; shift; COMP_CWORD=$(($# - 1)); COMP_WORDS=("$@"); _arner_completion arner; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = {**ENVIRONMENT, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "-c", ask, "-", tmp_path / "script", *words]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert done.stdout.decode().split() == due


@pytest.mark.skipif(not shutil.which("bash") or os.name != "posix", reason="no bash")
def test_bash_completes_the_names_of_files_at_a_terminal(tmp_path):
    """A shell at a terminal: what is typed before Tab, and what the line then is."""
    install(tmp_path)
    (tmp_path / "articles").mkdir()
    environment = {**ENVIRONMENT, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "TERM": "dumb", "PS1": "> "}
    here, there = pty.openpty()
    command = ["bash", "--norc", "--noprofile", "-i"]
    with subprocess.Popen(command, stdin=there, stdout=there, stderr=there, env=environment, cwd=tmp_path,
                          start_new_session=True) as shell:  # fmt: skip
        os.close(there)
        os.write(here, b'eval "$(arner completion bash)"; echo re""ady\n')
        _until(here, b"ready\r\n")
        os.write(here, b"arner tag art\t")
        shown = _until(here, b"articles/")
        shell.kill()
    os.close(here)
    assert shown.endswith(b"arner tag articles/")


def _until(terminal, due):
    """Return what a terminal shows up to some bytes; fail where it stays silent."""
    shown = b""
    while due not in shown:
        assert select.select([terminal], [], [], 30)[0], shown
        shown += os.read(terminal, 1 << 16)
    return shown[: shown.index(due) + len(due)]


@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
@pytest.mark.parametrize(
    ("typed", "due"), [("ver", {"verify"}), ("tag -f js", {"json", "jsonl"}), ("tag art", {"articles/"})]
)
def test_fish_completes_with_the_script(tmp_path, typed, due):
    install(tmp_path)
    (tmp_path / "articles").mkdir()
    script = tmp_path / "config" / "fish" / "completions" / "arner.fish"
    script.parent.mkdir(parents=True)
    script.write_text(arner("completion", "fish").text)
    environment = {
        **ENVIRONMENT, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data"),
    }  # fmt: skip
    command = ["fish", "-c", f'complete -C "arner {typed}"']
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, check=True)
    assert {line.split("\t")[0] for line in done.stdout.decode().splitlines() if line} == due
