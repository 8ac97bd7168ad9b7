"""SHA-256 without OpenSSL, whose loading costs a tenth of the time that tagging one article takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Iterable, Iterator
    from hashlib import sha256
else:
    # CPython's own: a module of its own up to 3.11, of all the SHA-2 functions since.
    try:
        from _sha2 import sha256
    except ImportError:
        try:
            from _sha256 import sha256
        except ImportError:
            from hashlib import sha256

__all__ = ["add_file", "hashed", "sha256"]

_READ = 1 << 20  # bytes


def hashed(chunks: Iterable[bytes], total: hashlib._Hash) -> Iterator[bytes]:
    """Yield chunks and add them to a hash."""
    for chunk in chunks:
        total.update(chunk)
        yield chunk


def add_file(total: hashlib._Hash, path: str) -> None:
    """Add the bytes of a file to a hash. Raises OSError, or ValueError for a path that can't be one."""
    with open(path, "rb") as file:  # noqa: PTH123 -- paths are strings, as in files.py
        while chunk := file.read(_READ):
            total.update(chunk)
