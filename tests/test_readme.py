"""The README against the program: every example is run, every command, format and exit code is named."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from arner.cli import COMMANDS
from arner.export import FORMATS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
EXAMPLES = [
    (command, output)
    for block in CONSOLE
    for command, output in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]


def bash(command: str) -> subprocess.CompletedProcess[str]:
    program = f'arner() {{ "{sys.executable}" -c "from arner.cli import main; main()" "$@"; }}\n'
    return subprocess.run(
        [shutil.which("bash") or "bash", "-c", program + command],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[c for c, _ in EXAMPLES])
def test_example(command: str, output: str) -> None:
    run = bash(command)
    assert run.stderr == ""
    assert run.stdout == output


def test_python_examples() -> None:
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(blocks, {}, "README.md", "README.md", 0)
    assert test.examples
    result = doctest.DocTestRunner().run(test)
    assert result.failed == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_described(name: str) -> None:
    assert f"| `arner {name}" in README


@pytest.mark.parametrize("name", FORMATS)
def test_format_is_described(name: str) -> None:
    assert f"| `{name}` |" in README


@pytest.mark.parametrize("target", re.findall(r"^    make ([a-z]+)$", README, re.MULTILINE))
def test_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
