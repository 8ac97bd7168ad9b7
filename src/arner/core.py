"""The compiled core, where it was built: a text in, what is found in it out, as in Python, but faster.

`core/` is the pipeline in Rust, step by step what the modules of the same names are in Python. Where it is not built,
is switched off (`ARNER_CORE=off`), or does not do what is asked for (explanations, CAMeL Tools, a text with lone
surrogates), all goes the Python way, with the same results: two implementations of one thing, as PEP 399 has them.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import threading
import weakref
from array import array
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, overload

from arner import letters
from arner.document import LABELS, Entity, Evidence, Mention, Relation
from arner.lexicon.schema import BITS
from arner.recognizers.features import ORDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

T = TypeVar("T")

_SUFFIX: Final = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
FILE: Final = Path(__file__).parent / "data" / f"arner_core{_SUFFIX}"
SWITCH: Final = "ARNER_CORE"
_INTERFACE: Final = 2  # as in core/src/lib.rs
_NOTHING: Final = array("I")


class _Bytes(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("size", ctypes.c_size_t))


class _Answer(ctypes.Structure):
    _fields_ = (
        ("entities", _Bytes), ("relations", _Bytes), ("evidence", _Bytes), ("counts", ctypes.c_uint64 * len(LABELS)),
        ("size", ctypes.c_uint64),
    )  # fmt: skip


class Answer(NamedTuple):
    """What was found in a text: JSON as `export.jsonl` writes it, the evidence of each entity, counts by label.

    `size` is that of the text in bytes of UTF-8.
    """

    entities: bytes
    relations: bytes
    evidence: bytes
    counts: tuple[int, ...]
    size: int


class Coded(Sequence[T]):
    """A tuple that is made of JSON when it is first looked into; `json` is what `export.jsonl` writes of it.

    `counts` and `size` are those of the answer that it is of.

    >>> names = Coded(b'["Fes"]', lambda: ("Fes",))
    >>> names == ("Fes",), len(names), names[0]
    (True, 1, 'Fes')
    """

    __slots__ = ("_items", "_make", "counts", "json", "size")

    def __init__(
        self, coded: bytes, make: Callable[[], tuple[T, ...]], counts: tuple[int, ...] = (), size: int = 0
    ) -> None:
        self.json, self.counts, self.size = coded, counts, size
        self._make = make
        self._items: tuple[T, ...] | None = None

    def items(self) -> tuple[T, ...]:
        """Return the tuple."""
        if self._items is None:
            self._items = self._make()
        return self._items

    def __len__(self) -> int:
        return len(self.items())

    def __bool__(self) -> bool:
        return self.json != b"[]"

    @overload
    def __getitem__(self, index: int) -> T: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...

    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        return self.items()[index]

    def __eq__(self, other: object) -> bool:
        return self.items() == (other.items() if isinstance(other, Coded) else other)

    def __hash__(self) -> int:
        return hash(self.items())

    def __repr__(self) -> str:
        return repr(self.items())

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self.items(),)


class CoreError(Exception):
    """Lexicons or weights that the core refuses."""


class Core:
    """The core, set up with lexicons and weights. Threads share it, each with a memory of words of its own."""

    def __init__(self, library: ctypes.CDLL, setup: bytes) -> None:
        """Set it up. Raises CoreError."""
        self._library, self._setup = library, setup
        self._local = threading.local()
        self._session()

    def find(
        self, source: str, types: Iterable[str], min_score: float, *, code: bytes | None = None,
        closed: Iterable[tuple[int, int]] = (),
    ) -> Answer | None:
        """Return what is found in a text, None where the core can't tell.

        `code` is what `clean.scan` gives of it; without, the core makes it of a text without markup, `closed` the
        regions of furniture that hold no names.
        """
        try:
            points = source.encode("utf-32-le")
        except UnicodeEncodeError:
            return None
        try:
            session: _Session = self._local.session
        except AttributeError:
            session = self._session()
        answer = session.answer
        pairs = array("I", chain.from_iterable(closed)) if closed else _NOTHING
        done = self._library.arner_core_tag(
            session.handle, points, len(source), code, pairs.tobytes(), len(pairs) // 2,
            _wanted(tuple(types)), min_score, answer,
        )  # fmt: skip
        if not done:
            return None
        entities, relations, evidence = answer.entities, answer.relations, answer.evidence
        return Answer(
            ctypes.string_at(entities.data, entities.size),
            ctypes.string_at(relations.data, relations.size),
            ctypes.string_at(evidence.data, evidence.size),
            tuple(answer.counts),
            answer.size,
        )

    def _session(self) -> _Session:
        error = _Bytes()
        handle = self._library.arner_core_open(self._setup, len(self._setup), error)
        if not handle:
            raise CoreError(ctypes.string_at(error.data, error.size).decode("utf-8", "replace"))
        session = self._local.session = _Session(handle)
        weakref.finalize(session, self._library.arner_core_close, handle)
        return session


class _Session:
    """A thread's handle of the core, and room for its answers."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.answer = _Answer()


@cache
def _wanted(types: tuple[str, ...]) -> int:
    """Return labels as bits."""
    return sum(1 << LABELS.index(label) for label in set(types))


def open_core(lexicons: Sequence[Path | None], guidelines: str, weights: Mapping[str, object]) -> Core | None:
    """Return the core for compiled lexicons, arner's own first; None where it is not built or a lexicon is in no file.

    `weights` are the text of a `points.tsv` (`points`), points for features that are not fitted (`fixed`), whether what
    is surely known weighs at least something (`sure`) and the rules that know surely (`sure_rules`).
    """
    library = _library()
    if library is None or not all(lexicons):
        return None
    setup = {
        "letters": _letters(),
        "lexicons": [str(path) for path in lexicons],
        "guidelines": guidelines,
        "weights": weights,
    }
    try:
        return Core(library, json.dumps(setup, ensure_ascii=False).encode())
    except (CoreError, UnicodeEncodeError):
        return None  # it is slower without, and no other than with it


@cache
def _library() -> ctypes.CDLL | None:
    """Return the library, unless it is not there, switched off, or was built for another version."""
    if os.environ.get(SWITCH, "").lower() in ("off", "0", "no") or not FILE.is_file():
        return None
    try:
        library = ctypes.CDLL(str(FILE))
    except OSError:
        return None
    library.arner_core_names.restype = _Bytes
    library.arner_core_open.restype = ctypes.c_void_p
    library.arner_core_open.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(_Bytes))
    library.arner_core_tag.restype = ctypes.c_bool
    library.arner_core_tag.argtypes = (
        ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_size_t,
        ctypes.c_uint8, ctypes.c_double, ctypes.POINTER(_Answer),
    )  # fmt: skip
    library.arner_core_close.restype = None
    library.arner_core_close.argtypes = (ctypes.c_void_p,)
    return library if _names(library)[1:] == [str(_INTERFACE), *BITS, *ORDER] else None


def _names(library: ctypes.CDLL) -> list[str]:
    """Return what a library was built of (a hash), its interface, the classes that it knows and their order."""
    names = library.arner_core_names()
    return ctypes.string_at(names.data, names.size).decode().split("\n")


def sources() -> str | None:
    """Return the hash of the sources that the library was built of; None where none is used."""
    library = _library()
    return _names(library)[0] if library else None


def _letters() -> dict[str, object]:
    """Return the tables of `letters`, codes as latin-1."""
    signs = {
        "letters": letters.LETTERS, "marks": letters.MARKS, "tatweel": letters.TATWEEL,
        "digits": letters.ARABIC_DIGITS, "invisible": letters.INVISIBLE, "quotes_open": letters.QUOTES_OPEN,
        "quotes_close": letters.QUOTES_CLOSE, "line_separators": letters.LINE_SEPARATORS,
        "no_break_space": letters.NO_BREAK_SPACE, "hamza": "ء",
    }  # fmt: skip
    return {name: letters.code(text).decode("latin-1") for name, text in signs.items()} | {
        "table": letters.decode(bytes(range(256))),
        "fold": letters.FOLD.decode("latin-1"),
        "loose": letters.LOOSE.decode("latin-1"),
        "ignored": letters.IGNORED.decode("latin-1"),
        "ligatures": [
            [letters.code(sign).decode("latin-1"), letters.code(spelled).decode("latin-1")]
            for sign, spelled in letters.LIGATURES.items()
        ],
    }


def entities(answer: Answer) -> Coded[Entity]:
    """Return the entities of an answer."""
    return Coded(answer.entities, lambda: tuple(_entities(answer)), answer.counts, answer.size)


def relations(answer: Answer) -> Coded[Relation]:
    """Return the relations of an answer."""
    return Coded(answer.relations, lambda: tuple(Relation(**fields) for fields in _each(answer.relations)))


def _entities(answer: Answer) -> Iterator[Entity]:
    texts: dict[str, str] = {}
    reasons: dict[tuple[str, ...], Evidence] = {}
    for fields, given in zip(_each(answer.entities), _each(answer.evidence), strict=True):
        lat, lon = fields.pop("lat", None), fields.pop("lon", None)
        nested = tuple([Mention(**mention) for mention in fields.pop("nested")])
        for name, value in fields.items():  # what is said again takes no memory again
            fields[name] = texts.setdefault(value, value) if isinstance(value, str) else value
        evidence = tuple([reasons.setdefault(tuple(r), Evidence(r[0], r[1], 0.0, r[2])) for r in given])
        yield Entity(**fields, place=None if lat is None else (lat, lon), nested=nested, evidence=evidence)


def _each(coded: bytes) -> Iterator[Any]:
    """Yield the values of a JSON array, written without spaces, one by one."""
    text = coded.decode()
    decode = json.JSONDecoder().raw_decode
    at = 1
    while text[at] != "]":
        value, at = decode(text, at)
        yield value
        at += text[at] == ","
