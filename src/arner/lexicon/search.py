"""A name in, the gazetteer rows that know it out, each with the key and the reading under which it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from arner import letters
from arner.document import LABELS
from arner.lexicon import variants
from arner.lexicon.compile import ARAB
from arner.lexicon.schema import SENSE_VARIANT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arner.lexicon.store import Known
    from arner.tokens import Words

SENSES: Final = ("name", "alias", "spelling", "weak", "word")
MOST_CLOSE: Final = 5
# Nobody mistypes one letter of a longer name.
LONGEST: Final = 60
_ALPHABET: Final = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئ"


class Hit(NamedTuple):
    """A row found: the key, the proclitics left out (or empty), one of `SENSES`, the row."""

    key: str
    proclitic: str
    sense: str
    row: Known


def find(words: Words, name: str) -> list[Hit]:
    """Return the rows that know a name: as it is, then without proclitics, then with hamzas loosened."""
    hits: list[Hit] = []
    seen: set[tuple[bytes, str]] = set()
    for key, proclitic in _keys(words, name):
        record = words.record(key)
        for kind, number in record.senses if record else ():
            row = record.lexicon.row(number) if record else None
            if row and (key, row.where) not in seen:
                seen.add((key, row.where))
                hits.append(Hit(letters.decode(key), proclitic, SENSES[kind], row))
    return hits


def _keys(words: Words, name: str) -> Iterator[tuple[bytes, str]]:
    whole = variants.key(name)
    yield whole, ""
    first, _, rest = whole.partition(b" ")
    for stem, (proclitic, _) in words[first].stems.items() if first else ():
        if proclitic:
            yield b" ".join(filter(None, (stem, rest))), proclitic
    yield letters.loosen(whole), ""


def closest(words: Words, name: str) -> list[Hit]:
    """Return rows under keys that differ from a name's by the article, one letter or one word left out."""
    found: dict[str, Hit] = {}
    for key in _near(variants.words(name)):
        record = words.record(letters.code(key)) if key else None
        for row, kind in record.entries() if record else ():
            found.setdefault(row.where, Hit(key, "", SENSES[kind], row))
        if len(found) >= MOST_CLOSE:
            break
    return list(found.values())[:MOST_CLOSE]


def _near(name: str) -> Iterator[str]:
    yield name.removeprefix("ال") if name.startswith("ال") else "ال" + name
    if len(name) > LONGEST:
        return
    for at in range(len(name)):
        yield name[:at] + name[at + 1 :]
    for at in range(len(name) + 1):
        for letter in _ALPHABET:
            yield name[:at] + letter + name[at:]
            yield name[:at] + letter + name[at + 1 :]
    parts = name.split(" ")
    if len(parts) > 1:
        yield from (" ".join(parts[:at] + parts[at + 1 :]) for at in range(len(parts)))
        yield from parts[::-1]


def spellings(words: Words, row: Known) -> list[str]:
    """Return the spellings of a row's name that compiling made, in which the row is found too."""
    if row.label not in LABELS:
        return []
    english = "" if row.en == "-" else row.en
    made = variants.spellings(row.name, english, foreign=row.country not in ARAB)
    return [letters.decode(key) for key in made if _is_made(words, key, row)]


def _is_made(words: Words, key: bytes, row: Known) -> bool:
    record = words.record(key)
    return record is not None and any(
        kind == SENSE_VARIANT and record.lexicon.row(number).where == row.where for kind, number in record.senses
    )
