"""What is loaded when: starting costs nothing that a command does not use, and no heavy library is ever imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"
HEAVY = {"camel_tools", "torch", "numpy", "pandas", "transformers", "tensorflow", "spacy", "sklearn", "pycrfsuite"}
# What only some commands need.
LATE = {"click", "rich", "regex", "charset_normalizer", "jsonschema", "http", "asyncio", "multiprocessing"}


def loaded(code):
    """Run a program in a fresh interpreter; return the modules that it has loaded at its end, but for its start-up."""
    program = f"import sys; before = set(sys.modules)\n{code}\nprint('loaded', *sorted(set(sys.modules) - before))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}, encoding="utf-8",
    )  # fmt: skip
    return set(done.stdout.splitlines()[-1].split()[1:])


def tops(modules):
    return {name.partition(".")[0] for name in modules}


def test_import_loads_nothing_but_itself():
    modules = loaded("import arner")
    assert not tops(modules) & (HEAVY | LATE)
    assert {name for name in modules if name.startswith("arner")} == {"arner"}


def test_import_reads_no_lexicon():
    assert loaded(
        "import arner.tagger\nfrom arner.lexicon import load\nassert not load.built_in.cache_info().misses"
    )


def test_help_loads_neither_rich_nor_the_lexicon():
    modules = loaded(
        "from arner.cli import main\nsys.argv = ['arner', '--help']\ntry:\n    main()\nexcept SystemExit as end:\n"
        "    assert not end.code, end.code"
    )
    assert not tops(modules) & (HEAVY | {"rich", "regex"})
    assert not {name for name in modules if name.startswith("arner.lexicon")}
    assert "arner.tagger" not in modules


def test_tagging_loads_no_heavy_library():
    modules = loaded("import arner\nassert arner.tag('وصل ناصر بوريطة إلى الرباط').entities")
    assert not tops(modules) & (HEAVY | {"click", "rich", "jsonschema", "asyncio"})


def test_every_module_can_be_imported_alone_without_heavy_libraries():
    code = (
        "import importlib, pkgutil, arner\n"
        "for module in pkgutil.walk_packages(arner.__path__, 'arner.'):\n"
        "    if not module.name.endswith('__main__'):\n"
        "        importlib.import_module(module.name)"
    )
    modules = loaded(code)
    assert len([name for name in modules if name.startswith("arner.")]) > 20
    assert not tops(modules) & HEAVY


def test_public_names_are_there_and_others_are_said():
    import arner

    assert all(getattr(arner, name) for name in arner.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        arner.nothing  # noqa: B018
