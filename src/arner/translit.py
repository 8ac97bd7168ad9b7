"""Tagged documents in, the same with each entity in Latin letters out, by the tables of camel-tools.

What is written in Latin letters is the mention as a reader sees it: the text of its span cleaned (no markup, invisible
characters or tatweel; letters for presentation forms; Unicode NFC), on one line, with the alef that «للمغرب» leaves
unwritten, and with the diacritics that stand there, since the schemes write them. The schemes turn letters into
letters: no vowel is guessed, and Latin letters and signs stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from arner.clitics import elided
from arner.export.options import UnavailableError
from arner.spilled import Spilled, spilled

if TYPE_CHECKING:
    from arner.document import Entity, Tagged

# Unicode's order has a vowel before its shadda; the schemes write the doubling first (muHam~ad).
_VOWEL_THEN_SHADDA: Final = re.compile("([\N{ARABIC FATHATAN}-\N{ARABIC KASRA}])(\N{ARABIC SHADDA})")


def require(scheme: str) -> None:
    """Raise UnavailableError where the scheme's table can't be loaded; it says what to install.

    Only the part of camel-tools that needs no torch is used.
    """
    try:
        _transliterator(scheme)
    except ImportError as error:
        lacking = f"{error.name} is not installed" if error.name else str(error)
        raise UnavailableError(
            f"--translit needs a part of camel-tools ({lacking}): pip install --no-deps camel-tools, pip install six"
        ) from None


def romanised(tagged: Tagged, scheme: str) -> Tagged:
    """Return a tagged document whose entities have their `translit`. Raises ImportError without camel-tools.

    Those of a long text stay on disk; raises SpillError where there is no room for them.
    """
    source = tagged.document.source
    entities = (replace(e, translit=_of_entity(e, source, scheme)) for e in tagged.entities)
    return replace(tagged, entities=spilled(entities) if isinstance(tagged.entities, Spilled) else tuple(entities))


def _of_entity(entity: Entity, source: str, scheme: str) -> str:
    mention = shown(entity.text)
    return _latin(elided(mention, source[entity.start - 1 : entity.start], entity.proclitic) + mention, scheme)


def shown(text: str) -> str:
    r"""Return a mention as a reader sees it, with its diacritics.

    >>> shown("مُحَـمَّد\r\n<b>السادس</b>") == "مُحَمَّد السادس"
    True
    """
    from arner.clean import Furniture
    from arner.normalize import clean

    return " ".join(clean(text, marks=True, furniture=Furniture(())).text.split())


@lru_cache(maxsize=8192)
def _latin(mention: str, scheme: str) -> str:
    ordered = _VOWEL_THEN_SHADDA.sub(r"\2\1", mention)
    # A mention that begins with the marker by which camel-tools leaves words out is written like any other.
    latin: str = _transliterator(scheme).transliterate(ordered, ignore_markers=True)
    return latin


@cache
def _transliterator(scheme: str) -> Any:  # noqa: ANN401 -- camel-tools has no types
    charmap = import_module("camel_tools.utils.charmap")
    transliterate = import_module("camel_tools.utils.transliterate")
    return transliterate.Transliterator(charmap.CharMapper.builtin_mapper(f"ar2{scheme}"))
