"""`arner completion`: the scripts are those of each shell, and they complete."""

import os
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


@pytest.mark.skipif(not shutil.which("bash") or os.name != "posix", reason="no bash")
def test_bash_completes_with_the_script(tmp_path):
    program = tmp_path / "arner"
    program.write_text(f"#!/bin/sh\nexec '{PROGRAM[0]}' -c '{PROGRAM[2]}' \"$@\"\n")
    program.chmod(0o755)
    (tmp_path / "script").write_text(arner("completion", "bash").text)
    ask = 'source "$1"; COMP_WORDS=(arner ver); COMP_CWORD=1; _arner_completion arner; echo "${COMPREPLY[*]}"'
    environment = {**ENVIRONMENT, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "-c", ask, "-", tmp_path / "script"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert done.stdout.decode().split() == ["verify"]
