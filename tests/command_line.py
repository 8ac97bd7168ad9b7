"""Runs of the command line for tests: in this process, or in one of its own where signals and forks matter."""

import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from arner.cli import main

ROOT = Path(__file__).resolve().parent.parent
TOOK = re.compile(rb',\s+"seconds": [0-9.]+,\s+"mb_per_second": [0-9.]+')
PROGRAM = (sys.executable, "-c", "from arner.cli import main; main()")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
# Names that arner must know whatever its weights are.
SURE = "أعلن ناصر بوريطة في الرباط.\n"


class Outcome(NamedTuple):
    """What a run left: exit code, standard output, and standard error as text."""

    code: int
    out: bytes
    err: str

    @property
    def text(self):
        """Standard output as text."""
        return self.out.decode()

    @property
    def lines(self):
        """The lines of standard error."""
        return self.err.splitlines()


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def arner(*arguments, stdin=b"", terminal=False):
    """Run arner in this process."""
    kind = Terminal if terminal else io.TextIOWrapper
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr
    handler = signal.getsignal(signal.SIGTERM)
    streams = (io.TextIOWrapper(io.BytesIO(stdin)), kind(io.BytesIO()), io.TextIOWrapper(io.BytesIO()))
    sys.argv = ["arner", *map(str, arguments)]
    sys.stdin, sys.stdout, sys.stderr = streams
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before
        signal.signal(signal.SIGTERM, handler)
    streams[1].flush()
    streams[2].flush()
    return Outcome(code, streams[1].buffer.getvalue(), streams[2].buffer.getvalue().decode())


def start(*arguments, **options):
    """Start arner in a process of its own."""
    return subprocess.Popen([*PROGRAM, *map(str, arguments)], env=ENVIRONMENT, **options)


def process(*arguments, stdin=b"", **options):
    """Run arner in a process of its own."""
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)], input=stdin, capture_output=True, env=ENVIRONMENT, check=False, **options
    )
    return Outcome(done.returncode, done.stdout, done.stderr.decode())


def tree(root, **texts):
    """Write files below a folder: `a="…"` is a.txt, `sub__b="…"` sub/b.txt."""
    for name, text in texts.items():
        path = root / (name.replace("__", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def contents(folder):
    """Return the bytes of all files below a folder by name, hidden ones too, but for how long a run took."""
    found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: TOOK.sub(b"", data) if name.endswith("summary.json") else data for name, data in found.items()}


def articles(root, count):
    """Write that many different short texts, cut from the sample documents."""
    samples = [path.read_text("utf-8").splitlines() for path in sorted((ROOT / "seeds").glob("*.txt"))]
    lines = [line for sample in samples for line in sample if line.strip()]
    for number in range(count):
        path = root / f"{number % 3}" / f"{number:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        chosen = [lines[(number + step * 7) % len(lines)] for step in range(4)]
        path.write_text("\n".join([*chosen, f"{number}\n"]), "utf-8")
    return root
