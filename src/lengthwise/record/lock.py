"""Advisory locks, so that two processes never finish or recover the same thing at once.

A lock belongs to the open file: the kernel lets go of it when its process ends, however it ends.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lengthwise.contracts.errors import StorageError

_RETRY_S = 0.02


def try_lock(fd: int) -> bool:
    """Take the exclusive lock of an open file; False when another process (or fd) holds it."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def try_lock_named(fd: int, path: Path) -> bool:
    """Take the lock of an open file that is still the one of that name.

    False also when the file was removed or replaced between opening and locking it: what now
    bears the name may belong to another process.
    """
    if not try_lock(fd):
        return False
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def locked(path: Path, *, timeout_s: float) -> Iterator[None]:
    """Hold the exclusive lock of `path`, created if need be, while the block runs.

    Raises StorageError when another process keeps it longer than `timeout_s`, or when the file
    cannot be created.
    """
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as cause:
        raise StorageError(
            f"opening {path}",
            cause=cause.strerror or str(cause),
            remedy="check that this folder can be written to",
            written=path,
        ) from cause
    try:
        deadline_s = time.monotonic() + timeout_s
        while not try_lock(fd):
            if time.monotonic() > deadline_s:
                raise StorageError(
                    f"opening {path}",
                    cause="another lengthwise is using it",
                    remedy="wait for it to end, then try again",
                ).coded("in_use")
            time.sleep(_RETRY_S)
        yield
    finally:
        os.close(fd)
