"""Gold files in, gold texts out: stand-off JSON with its texts, or CoNLL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from arner.document import LABELS
from arner.score import GoldText, Span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TEXT_FOLDERS = (".", "docs", "../docs", "../texts", "..", "../../seeds")


class GoldError(ValueError):
    """A gold file that can't be used; the text says which and why."""


def read_gold(path: Path, texts: Path | None = None, labels: tuple[str, ...] = LABELS) -> list[GoldText]:
    """Return the gold texts of a file or folder; `labels` are those that count.

    A `.conll` file gives one text a sentence. A JSON file (or each of a folder) holds `doc`, `entities` and perhaps
    `optional`; its text is looked for in `texts`, else beside it, in `docs/` and in the folder above. Raises
    GoldError and OSError.
    """
    if path.suffix == ".conll":
        return list(_conll(path, labels))
    found = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not found:
        raise GoldError(f"{path}: no .json file in it")
    return [_standoff(file, texts)._replace(labels=labels) for file in found]


def _standoff(path: Path, texts: Path | None) -> GoldText:
    try:
        gold: dict[str, Any] = json.loads(path.read_text("utf-8"))
        doc, entities = gold["doc"], gold["entities"]
        spans = tuple(
            Span(e["start"], e["end"], e["label"], e.get("ref"), tuple(map(tuple, e.get("alt", ())))) for e in entities
        )
        optional = tuple((o["start"], o["end"]) for o in gold.get("optional", ()))
    except (ValueError, KeyError, TypeError) as error:
        raise GoldError(
            f"{path}: not a gold file ({error!r}); it needs doc and entities with start, end, label"
        ) from None
    folders = [texts] if texts else [path.parent / folder for folder in _TEXT_FOLDERS]
    source = next((folder / doc for folder in folders if (folder / doc).is_file()), None)
    if source is None:
        raise GoldError(f"{path}: its text {doc} is not beside it: give --texts FOLDER")
    text = _read(source)
    for e, span in zip(entities, spans, strict=True):
        if span.label not in LABELS:
            raise GoldError(f"{path}: the label {span.label!r} is not one of: {' '.join(LABELS)}")
        if text[span.start : span.end] != e.get("text", text[span.start : span.end]):
            raise GoldError(f"{path}: the span {span.start}:{span.end} is not {e.get('text')!r} in {source}")
    return GoldText(doc, text, spans, optional)


def _conll(path: Path, labels: tuple[str, ...]) -> Iterator[GoldText]:
    """Yield a text a sentence; sentences are numbered from 0."""
    sentence: list[tuple[str, str]] = []
    count = 0
    for number, line in enumerate((*_read(path).split("\n"), ""), 1):
        if line.strip():
            sentence.append(_token(path, number, line))
        elif sentence:
            yield _sentence(f"{path.parent.name}-{count}", sentence, labels)
            sentence, count = [], count + 1


def _token(path: Path, number: int, line: str) -> tuple[str, str]:
    word, *tags = line.split("\t") if "\t" in line else line.split()
    tag = tags[0].strip() if tags else ""
    if not word or not (tag == "O" or tag[:2] in ("B-", "I-")):
        raise GoldError(f"{path}:{number}: a word, a tab and O, B-… or I-… are due, not {line!r}")
    return word, tag


def _sentence(name: str, sentence: list[tuple[str, str]], labels: tuple[str, ...]) -> GoldText:
    text, words, spans = "", [], []
    begun: tuple[int, str] | None = None
    for word, tag in (*sentence, ("", "O")):
        if begun and (tag == "O" or tag[0] == "B" or tag[2:] != begun[1]):
            if begun[1] in LABELS:
                spans.append(Span(begun[0], len(text) - 1, begun[1]))
            begun = None
        if tag != "O" and not begun:
            begun = (len(text), tag[2:])
        if word:
            words.append((len(text), len(text) + len(word)))
        text += word + " "
    return GoldText(name, text[:-2], tuple(spans), (), tuple(words), labels)


def _read(path: Path) -> str:
    """Return the text of a file with its line ends as they are, which offsets count."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: not UTF-8 at byte {error.start}") from None
