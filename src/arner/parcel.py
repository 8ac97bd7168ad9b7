"""The bytes of an output in, by one process, the same bytes out, to another: large ones by way of a temporary file."""

# Paths are strings here, as in files.py.
# ruff: noqa: PTH108, PTH118, PTH123

from __future__ import annotations

import os
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from arner.spilled import SpillError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LARGEST: Final = 1 << 20  # bytes that are handed over as they are
_READ: Final = 1 << 20  # bytes


class Parcel(NamedTuple):
    """Bytes, or the path of the file that holds them."""

    data: bytes = b""
    path: str = ""


def new_folder() -> str:
    """Return the path of a folder for the files of one run, which is not made yet; empty where none has room."""
    from tempfile import gettempdir

    try:
        return os.path.join(gettempdir(), f"arner-{os.urandom(12).hex()}")
    except OSError:
        return ""


def pack(chunks: Iterable[bytes], folder: str) -> Parcel:
    """Take all chunks; more than LARGEST bytes go to a file in `folder`. Raises SpillError where that has no room."""
    held: list[bytes] = []
    size = 0
    coming = iter(chunks)
    for chunk in coming:
        held.append(chunk)
        size += len(chunk)
        if size > LARGEST:
            return Parcel(path=_written(chain(held, coming), folder))
    return Parcel(b"".join(held))


def _written(chunks: Iterable[bytes], folder: str) -> str:
    path = os.path.join(folder, os.urandom(6).hex())
    try:
        with suppress(FileExistsError):
            os.mkdir(folder, 0o700)  # noqa: PTH102
        with open(path, "xb") as file:
            file.writelines(chunks)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(path)
        if isinstance(error, OSError) and not isinstance(error, SpillError):
            raise SpillError.of(error) from None
        raise
    return path


def unpack(parcel: Parcel) -> Iterator[bytes]:
    """Yield the bytes in chunks; a file is removed behind them. Raises SpillError where it can't be read."""
    if not parcel.path:
        yield parcel.data
        return
    try:
        with open(parcel.path, "rb") as file:
            os.unlink(parcel.path)
            while chunk := file.read(_READ):
                yield chunk
    except OSError as error:
        raise SpillError.of(error) from None


def clear(folder: str) -> None:
    """Remove a run's folder, with the files that nobody came for."""
    try:
        names = os.listdir(folder)  # noqa: PTH208
    except OSError:  # nothing was large
        return
    for name in names:
        with suppress(OSError):
            os.unlink(os.path.join(folder, name))
    with suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106
