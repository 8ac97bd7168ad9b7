"""A path in, the sole right to write beside it out, for as long as this process or one that it forked lives."""

# ruff: noqa: PTH108, PTH116

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from arner.files import OutputError, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATIENCE = 10.0  # seconds for the workers of a run that was killed to see that it has gone


class LockedError(Exception):
    """Another run writes there; says which process."""


@contextmanager
def hold(path: str, output: str) -> Iterator[None]:
    """Hold the lock file `path` of an output; it is removed at the end.

    The kernel drops the lock when its holders have died, so a lock file that a killed run left is taken over. Where
    the file system knows no locks, there is none. Raises LockedError where another run holds it, OutputError where
    the lock file can't be written.
    """
    number = _acquire(path, output)
    try:
        yield
    finally:
        with suppress(OSError):
            os.unlink(path)
        os.close(number)


def _acquire(path: str, output: str) -> int:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            number = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise OutputError(output, f"can't be written: {error.strerror}") from None
        if not _lock(number):
            owner = os.read(number, 200).decode("utf-8", "replace")
            os.close(number)
            if _alive(owner) or time.monotonic() > until:
                who = owner.strip() or "a process that has just begun"
                raise LockedError(
                    f"{printable(output)}: another arner ({who}) writes there: let it end, or give another -o"
                )
            time.sleep(0.1)
        elif _is_at(number, path):
            os.ftruncate(number, 0)
            os.write(number, f"process {os.getpid()} on {_machine()}\n".encode())
            return number
        else:  # its last holder removed it after it was opened here
            os.close(number)


def _lock(number: int) -> bool:
    """Take the lock of an open file; return whether it was free."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(number, 1 << 20, os.SEEK_SET)  # a byte far behind the text, which others must be able to read
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
            os.lseek(number, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _machine() -> str:
    import platform  # an import that most runs do without

    return platform.node()


def _is_at(number: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(number), os.stat(path))
    except OSError:
        return False


def _alive(owner: str) -> bool:
    """Return whether the process that a lock file names lives; one of another machine counts as alive."""
    words = owner.split()
    if len(words) != 4 or not words[1].isdigit():
        return False
    if words[3] != _machine() or sys.platform == "win32":
        return True
    try:
        os.kill(int(words[1]), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
