"""SHA-256 without OpenSSL, whose loading costs a tenth of the time that tagging one article takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

__all__ = ["sha256"]
