"""The folder of a model in, what is wrong with it out: found from its files, before torch is loaded."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final, NoReturn

from arner.engines import EngineError

if TYPE_CHECKING:
    from pathlib import Path

# The classes that arner knows, by their names without B- and I-; MISC has no label of arner's and is dropped.
LABELS: Final = {"PERS": "PER", "PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": None}
# What camel_tools.ner pads every sequence to, whatever the model's own window is.
WINDOW: Final = 256
SAFETENSORS: Final = "model.safetensors"
PICKLED: Final = "pytorch_model.bin"
_SPECIAL: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
# English vocabularies hold single Arabic letters, but no Arabic words.
_ARABIC_WORD: Final = re.compile("[\u0621-\u064a]{3}")
_HEADER: Final = 8
_CLASSIFIER: Final = "classifier.weight"
_EMBEDDINGS: Final = "bert.embeddings.word_embeddings.weight"


def check(folder: Path) -> None:
    """Raise EngineError where a folder holds no Arabic BERT checkpoint for names: which file is wrong, and how."""
    if not folder.is_dir():
        _fail(folder, "is no folder of a checkpoint (config.json, vocab.txt, model.safetensors)")
    config = _json(folder / "config.json")
    labels = _configured(folder / "config.json", config)
    words = _vocabulary(folder)
    size = config.get("vocab_size")
    if not isinstance(size, int) or len(words) > size:
        _fail(folder / "vocab.txt", f"has {len(words)} entries, where config.json has a vocab_size of {size}")
    shapes = _shapes(folder)
    if shapes.get(_CLASSIFIER, [labels])[0] != labels:
        _fail(folder / SAFETENSORS, f"classifies into {shapes[_CLASSIFIER][0]} labels, where config.json has {labels}")
    if shapes.get(_EMBEDDINGS, [size])[0] != size:
        _fail(folder / SAFETENSORS, f"knows {shapes[_EMBEDDINGS][0]} word pieces, where config.json has {size}")


def fingerprint(folder: Path) -> bytes:
    """Return the hash of a checkpoint's files, names and bytes."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        with path.open("rb") as file:
            total.update(path.name.encode("utf-8", "surrogatepass") + hashlib.file_digest(file, "sha256").digest())
    return total.digest()


def _fail(path: Path, message: str) -> NoReturn:
    raise EngineError(f"{path}: {message}")


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        _fail(path, "is missing: give the folder of a BERT checkpoint for token classification")
    except OSError as error:
        _fail(path, f"can't be read: {error.strerror}")
    except (ValueError, RecursionError):
        _fail(path, "is no JSON, or cut short")
    if not isinstance(found, dict):
        _fail(path, "is no JSON object")
    return found


def _configured(path: Path, config: dict[str, Any]) -> int:
    """Check the configuration; return the number of labels."""
    kind, made_for = config.get("model_type"), config.get("architectures") or ["BertForTokenClassification"]
    if kind != "bert":
        _fail(path, f"is a model of type {kind}, where bert is due")
    if "BertForTokenClassification" not in made_for:
        _fail(path, f"is a {made_for[0]}, where a BertForTokenClassification is due")
    window = config.get("max_position_embeddings", 512)
    if not isinstance(window, int) or window < WINDOW:
        _fail(path, f"has a window of {window} word pieces, where CAMeL Tools needs {WINDOW}")
    given = config.get("id2label")
    labels = list(map(str, given.values())) if isinstance(given, dict) else []
    known = {"O", *(mark + name for name in LABELS for mark in ("B-", "I-"))}
    others = [label for label in labels if label not in known]
    if others or "O" not in labels or not any(label[2:] in LABELS and LABELS[label[2:]] for label in labels):
        said = " ".join(others[:3]) or " ".join(labels) or "none"
        _fail(path, f"has other labels ({said}) than O and B-, I- of PERS (or PER), ORG, LOC and MISC")
    return len(labels)


def _vocabulary(folder: Path) -> list[str]:
    """Return the word pieces, from vocab.txt, else tokenizer.json."""
    path = folder / "vocab.txt"
    if path.is_file():
        try:
            words = path.read_text("utf-8").splitlines()
        except (OSError, ValueError) as error:
            _fail(path, f"can't be read: {error}")
    else:
        path = folder / "tokenizer.json"
        if not path.is_file():
            _fail(folder / "vocab.txt", "is missing, and so is tokenizer.json")
        model = _json(path).get("model")
        vocabulary = model.get("vocab") if isinstance(model, dict) else None
        if not isinstance(vocabulary, dict):
            _fail(path, "holds no word pieces")
        words = list(vocabulary)
    missing = [word for word in _SPECIAL if word not in words]
    if missing:
        _fail(path, f"lacks {' '.join(missing)}: no vocabulary of BERT, or cut short")
    if not any(map(_ARABIC_WORD.search, words)):
        _fail(path, "holds no Arabic word: the model is for another language")
    return words


def _shapes(folder: Path) -> dict[str, list[int]]:
    """Return the shapes of the weights by name, where the file says them; check that it is whole."""
    path = folder / SAFETENSORS
    if path.is_file():
        return _safetensors(path)
    pickled = folder / PICKLED
    if not pickled.is_file():
        _fail(path, f"is missing, and so is {PICKLED}")
    from zipfile import is_zipfile

    if not is_zipfile(pickled):
        _fail(pickled, "is cut short, or no file of weights")
    return {}


def _safetensors(path: Path) -> dict[str, list[int]]:
    size = path.stat().st_size
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_HEADER), "little")
            if not 0 < length <= size - _HEADER:
                _fail(path, "is cut short, or no file of weights")
            header = json.loads(file.read(length))
        weights = {name: entry for name, entry in header.items() if name != "__metadata__"}
        due = _HEADER + length + max(entry["data_offsets"][1] for entry in weights.values())
        shapes = {name: entry["shape"] or [0] for name, entry in weights.items()}
    except OSError as error:
        _fail(path, f"can't be read: {error.strerror}")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        _fail(path, "is no file of weights")
    if size != due:
        _fail(path, f"is cut short: {size} bytes, where {due} are due")
    if _CLASSIFIER not in shapes:
        _fail(path, "has no classifier: a model that was not trained for token classification")
    return shapes
