"""The annotated corpora beside the checkout, by name: for fitting and for measuring."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from arner.document import LABELS
from arner.gold import read_gold

if TYPE_CHECKING:
    from arner.score import GoldText

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
# What a corpus annotates by rules close enough to arner's to learn from and to compare with.
TRUSTED = {"aqmar": ("PER", "LOC"), "caraner": ("PER",)}


def load(name: str) -> list[GoldText]:
    """Return a corpus: `seeds`, `news:train`, `news:dev`, or `FOLDER/train`, `FOLDER/dev` for a CoNLL corpus."""
    if name == "seeds":
        return read_gold(SHARED / "gold" / "seeds", SHARED / "seeds")
    if name.startswith("news:"):
        folder = SHARED / "gold" / "news" / name[5:]
        return read_gold(folder / "gold", folder / "docs")
    return read_gold(SHARED / "corpora" / f"{name}.conll", labels=TRUSTED.get(name.partition("/")[0], LABELS))


def present(name: str) -> bool:
    """Return whether a corpus stands beside the checkout."""
    folder = (
        "gold/" + name.replace("news:", "news/")
        if name == "seeds" or name.startswith("news:")
        else f"corpora/{name}.conll"
    )
    return (SHARED / folder).exists()
