"""The sources of the compiled core in, the library that arner loads out, where Rust's `cargo` is at hand.

`python core/build_core.py` (`make core`) puts it in `src/arner/data/`; `hatch_build.py` calls `build` before it packs a
wheel. The core has no dependencies, so cargo needs no network.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What cargo calls the library, and what `arner.core` loads.
NAMES = {
    "win32": ("arner_core.dll", "arner_core.dll"),
    "darwin": ("libarner_core.dylib", "arner_core.dylib"),
}
MADE, LOADED = NAMES.get(sys.platform, ("libarner_core.so", "arner_core.so"))
TARGET = HERE.parent / "src" / "arner" / "data" / LOADED


def digest() -> str:
    """Return a hash of the sources, which the library names: a test compares them."""
    total = hashlib.sha256()
    for file in (HERE / "Cargo.toml", *sorted((HERE / "src").glob("*.rs"))):
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:16]


def build() -> Path | None:
    """Build the library and put it where arner looks for it; None, and the reason on stderr, where that can't be."""
    cargo = shutil.which("cargo")
    if cargo is None:
        return _without("no cargo")
    output = Path(os.environ.get("CARGO_TARGET_DIR", HERE / "target"))
    command = [cargo, "build", "--release", "--offline", "--quiet", "--target-dir", str(output)]
    done = subprocess.run(command, cwd=HERE, env={**os.environ, "ARNER_CORE_SOURCES": digest()}, check=False)
    if done.returncode:
        return _without("cargo failed")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    # By rename: a process that runs goes on with the library that it has.
    fresh = TARGET.with_name(f"{TARGET.name}.{os.getpid()}")
    shutil.copyfile(output / "release" / MADE, fresh)
    fresh.replace(TARGET)
    return TARGET


def _without(reason: str) -> Path | None:
    """Return the library that is there if it is of these sources; else take it away."""
    if TARGET.is_file() and digest().encode() in TARGET.read_bytes():
        return TARGET
    TARGET.unlink(missing_ok=True)
    print(f"{reason}: arner goes without its compiled core, and is slower", file=sys.stderr)
    return None


if __name__ == "__main__":
    build()
