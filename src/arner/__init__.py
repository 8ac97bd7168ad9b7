"""Text in, people, organisations and places out, with offsets into the untouched source.

>>> import arner
>>> [(e.text, e.label) for e in arner.tag("زار كريستوفر راي الرباط").entities]
[('كريستوفر راي', 'PER'), ('الرباط', 'LOC')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Document", "Engine", "Entity", "Relation", "Tagged", "Tagger", "__version__", "tag"]

if TYPE_CHECKING:
    from arner.document import Document, Entity, Relation, Tagged
    from arner.engines import Engine
    from arner.tagger import Tagger, tag

_HOME = {
    "Document": "arner.document",
    "Engine": "arner.engines",
    "Entity": "arner.document",
    "Relation": "arner.document",
    "Tagged": "arner.document",
    "Tagger": "arner.tagger",
    "tag": "arner.tagger",
}


def __getattr__(name: str) -> object:
    """Load the public names on first use, so that `import arner` costs nothing."""
    if name in _HOME:
        from importlib import import_module

        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'arner' has no attribute {name!r}")
