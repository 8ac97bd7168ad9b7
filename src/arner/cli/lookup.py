"""`arner lookup NAME`: the gazetteer rows that know a name, and under which key."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from arner import letters
from arner.cli import CHECK_FAILED, CONTEXT
from arner.lexicon import load, variants
from arner.lexicon.compile import SENSE_CLASS
from arner.tokens import Words

_SENSES: Final = ("name", "alias", "spelling", "weak", "word")


@click.command(context_settings=CONTEXT)
@click.argument("name", nargs=-1, required=True)
@click.option("--gazetteer", "gazetteers", multiple=True, type=click.Path(exists=True, path_type=Path), help="A TSV file or folder of your own; may be given more than once.")
def command(name: tuple[str, ...], gazetteers: tuple[Path, ...]) -> None:
    """Print the gazetteer rows that know NAME, and under which key.

    Exit code 1 where no row knows it; the closest keys are then listed.
    """
    words = Words(load.built_in(), *map(load.compiled, gazetteers))
    found = False
    text = " ".join(name)
    for key, how in keys(words, text):
        record = words.record(letters.code(key))
        for kind, number in record.senses if record else ():
            row = record.lexicon.row(number) if record else None
            if row is None:
                continue
            found = True
            parts = [key + how, _SENSES[kind], row.label, row.ref, row.name]
            parts += [row.en, row.kind, row.country] if kind < SENSE_CLASS else [row.kind]
            click.echo("\t".join((*parts, row.where)))
    if not found:
        click.echo(f"arner: no row knows {text!r}", err=True)
        for close in closest(words, variants.words(text)):
            click.echo(f"  close: {close}", err=True)
        raise SystemExit(CHECK_FAILED)


def keys(words: Words, text: str) -> list[tuple[str, str]]:
    """Return the keys to try for a text: whole, and without the proclitics of its first word."""
    folded = variants.words(text)
    first, _, rest = folded.partition(" ")
    tries = {folded: ""}
    for stem, (proclitic, _) in words[letters.encode(first)].stems.items():
        if proclitic:
            tries.setdefault(" ".join(filter(None, (letters.decode(stem), rest))), f" (behind {proclitic})")
    loose = letters.decode(letters.loosen(letters.key(folded)))
    tries.setdefault(loose, " (hamza loosened)")
    return list(tries.items())


def closest(words: Words, folded: str, most: int = 5) -> list[str]:
    """Return known keys that differ from a folded name by one letter, the article or one word left out."""
    found: dict[str, None] = {}
    alphabet = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءؤئ"
    tries = [folded[2:] if folded.startswith("ال") else "ال" + folded]
    parts = folded.split(" ")
    tries += [" ".join(parts[:i] + parts[i + 1 :]) for i in range(len(parts)) if len(parts) > 1]
    for at in range(len(folded) + 1):
        tries += [folded[:at] + c + folded[at:] for c in alphabet]
        if at < len(folded):
            tries.append(folded[:at] + folded[at + 1 :])
            tries += [folded[:at] + c + folded[at + 1 :] for c in alphabet]
    for spelling in tries:
        record = words.record(letters.code(spelling)) if spelling else None
        if record and any(kind < SENSE_CLASS for kind, _ in record.senses):
            found.setdefault(spelling)
        if len(found) == most:
            break
    return list(found)
