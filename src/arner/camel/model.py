"""Sentences of words in, CAMeL Tools' labels out: one a word, whatever the tokenizer makes of it.

`camel_tools.ner.NERecognizer` drops words for which its tokenizer has no piece, so that all labels behind them shift
(camel_tools issue 105). Such words are not sent to it here, and none is longer than its window.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from arner.camel import checkpoint, packages
from arner.engines import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BATCH: Final = 32
ROOM: Final = checkpoint.WINDOW - 2  # word pieces, beside the two that mark the ends
_PAUSES: Final = frozenset("،,؛;:–—-)]}»”.!؟?…")
_NEEDS: Final = ("camel_tools", "torch", "transformers")
_NO_MEMORY: Final = ("out of memory", "can't allocate memory", "not enough memory")

Labels = list[str | None]


class OutOfMemoryError(EngineError):
    """Not even one sentence at a time fits into memory."""


class Model:
    """A checkpoint that `NERecognizer` has loaded; may be used by many threads, one at a time.

    A word's label is one of the checkpoint's, such as `B-PERS`, or None where the model can't see the word.
    """

    def __init__(self, recognizer: Any, folder: Path, device: str) -> None:  # noqa: ANN401 -- see `packages`
        self._recognizer = recognizer
        self._folder = folder
        self._device = device
        self._batch = BATCH
        self._lock = threading.Lock()

    def labels(self, sentences: Sequence[Sequence[str]]) -> list[Labels]:
        """Return the labels of sentences, in batches. Raises OutOfMemoryError.

        A sentence longer than the window is labelled in parts, cut behind a pause where there is one in the second
        half of the window, else between two words.
        """
        labels: list[Labels] = [[None] * len(words) for words in sentences]
        parts: list[tuple[int, list[int]]] = []
        with self._lock:
            for number, words in enumerate(sentences):
                sizes = [len(self._recognizer.tokenizer.tokenize(word)) for word in words]
                parts += ((number, part) for part in windows(words, sizes))
            at = 0
            while at < len(parts):
                batch = parts[at : at + self._batch]
                found = self._predict([[sentences[number][i] for i in part] for number, part in batch])
                for (number, part), row in zip(batch, found, strict=False):
                    for i, label in zip(part, row, strict=True):
                        labels[number][i] = label
                at += len(found)
        return labels

    def fingerprint(self) -> bytes:
        """Return the hash of the checkpoint and of the versions of the packages that run it."""
        from importlib.metadata import version

        versions = [f"{name} {version(name)}" for name in ("camel-tools", "torch", "transformers")]
        return checkpoint.fingerprint(self._folder) + "\n".join(versions).encode()

    def _predict(self, batch: list[list[str]]) -> list[list[str]]:
        """Return the labels of a batch, or of as much of it as fits into memory."""
        while True:
            try:
                found: list[list[str]] = self._recognizer.predict(batch, batch_size=len(batch))
            except (MemoryError, RuntimeError) as error:
                if not _no_memory(error):
                    raise
            else:
                return found
            self._empty_cache()
            if len(batch) == 1:
                raise OutOfMemoryError(f"no memory to label a sentence of {len(batch[0])} words on the {self._device}")
            # Kept for the rest of the run: what did not fit once will not fit again.
            self._batch = max(1, len(batch) // 2)
            batch = batch[: self._batch]

    def _empty_cache(self) -> None:
        if self._device == "cuda":
            import torch

            torch.cuda.empty_cache()


def _no_memory(error: Exception) -> bool:
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(sign in said for sign in _NO_MEMORY)


def windows(words: Sequence[str], sizes: Sequence[int], room: int = ROOM) -> Iterator[list[int]]:
    """Yield the words (by number) of each part of a sentence; `sizes` are their word pieces, `room` those of a part.

    Words of no piece, and those that alone are longer than a part, are in none.

    >>> list(windows(["a", "،", "b", "c", "", "d"], [1, 1, 1, 1, 0, 1], room=3))
    [[0, 1], [2, 3, 5]]
    """
    part: list[int] = []
    used = 0
    for i, size in enumerate(sizes):
        if not 0 < size <= room:
            continue
        while used + size > room:
            cut = _cut(words, sizes, part, room)
            yield part[:cut]
            part = part[cut:]
            used = sum(sizes[j] for j in part)
        part.append(i)
        used += size
    if part:
        yield part


def _cut(words: Sequence[str], sizes: Sequence[int], part: list[int], room: int) -> int:
    """Return how many words of a full part to take: up to its last pause, if that leaves at least half of the room."""
    taken = sum(sizes[i] for i in part)
    for cut in range(len(part), 0, -1):
        if 2 * taken < room:
            break
        if words[part[cut - 1]] in _PAUSES:
            return cut
        taken -= sizes[part[cut - 1]]
    return len(part)


def find(given: str | None) -> Path:
    """Return the checked folder of a model: of a path, or of a name that CAMeL Tools knows. Raises EngineError."""
    from pathlib import Path

    packages.need(_NEEDS, "CAMeL's recognizer")
    if given is not None and (Path(given).exists() or "/" in given or "\\" in given):
        folder = Path(given)
    else:
        folder = packages.locate(packages.NER, given)
    checkpoint.check(folder)
    return folder


def load(folder: Path, device: str) -> Model:
    """Load a checkpoint that was checked. Raises EngineError."""
    with packages.quietly():
        import torch
        import transformers  # before camel_tools, whose home folder for a moment is another one

        if device == "cuda" and not torch.cuda.is_available():
            raise EngineError("--camel-device cuda: torch finds no GPU that it can use: give cpu")
        ner = packages.load("camel_tools.ner")
        progress = transformers.utils.logging.is_progress_bar_enabled()
        transformers.utils.logging.disable_progress_bar()
        try:
            recognizer = ner.NERecognizer(str(folder), use_gpu=device == "cuda")
        except Exception as error:  # noqa: BLE001 -- whatever it finds wrong with the files
            raise EngineError(f"{folder}: can't be loaded: {packages.first_line(error)}") from None
        finally:
            if progress:
                transformers.utils.logging.enable_progress_bar()
    return Model(recognizer, folder, device)
