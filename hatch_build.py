"""A checkout in, a wheel with the compiled lexicon out: hatchling calls this before it packs the files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LexiconHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles `gazetteers/` and the weights into `src/arner/data/lexicon.bin`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before a wheel is packed; an editable install reads the checkout instead."""
        del build_data
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from arner.lexicon.compile import compile_files
            from arner.lexicon.layout import gazetteer_files

            files = gazetteer_files(root / "gazetteers")
            data = compile_files(files, root, root / "src/arner/weights")
        finally:
            sys.path.pop(0)
        target = root / "src/arner/data/lexicon.bin"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
