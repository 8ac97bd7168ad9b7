"""A checkout in, a wheel with the compiled lexicon and the compiled core out: hatchling calls this before it packs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LexiconHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles `gazetteers/` and the weights into `src/arner/data/lexicon.bin`, and the core beside it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before a wheel is packed; an editable install reads lists and weights from the checkout instead."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        library = _module(root / "core", "build_core").build()
        if version == "editable":
            return
        if library:
            # Loaded by its C interface: one library for all Pythons of a platform.
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{_platform()}"
            build_data["artifacts"].append(f"/{library.relative_to(root).as_posix()}")
        compiler, layout = (_module(root / "src", f"arner.lexicon.{name}") for name in ("compile", "layout"))
        data = compiler.compile_files(layout.gazetteer_files(root / "gazetteers"), root, root / "src/arner/weights")
        target = root / "src/arner/data/lexicon.bin"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _module(folder: Path, name: str) -> Any:  # noqa: ANN401 -- modules of the checkout, unknown before it is built
    from importlib import import_module

    sys.path.insert(0, str(folder))
    try:
        return import_module(name)
    finally:
        sys.path.pop(0)


def _platform() -> str:
    from packaging.tags import platform_tags

    return next(iter(platform_tags()))
