"""Files that appear whole or not at all, and files of which as little as can be stays behind.

Overwriting is what a program can do. A disk of flash memory writes elsewhere, and keeps the old
cells until it needs them; a file system with snapshots keeps them on purpose (decision 0054).
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from lengthwise.contracts.errors import StorageError

_BLOCK = b"\0" * (1 << 16)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a small file durably; its old content is overwritten. Raises StorageError."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        take_place(part, path)
    except OSError as cause:
        raise StorageError(
            f"writing {path}",
            cause=cause.strerror or str(cause),
            remedy="make room or check the permissions of its folder",
            written=path,
        ) from cause
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def take_place(part: Path, path: Path) -> None:
    """`part` becomes `path`, durably; then what bore that name before is overwritten."""
    try:
        before = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        before = None
    try:
        part.replace(path)
        sync(path.parent)
        if before is not None:
            overwrite_open(before)
    finally:
        if before is not None:
            os.close(before)


def overwrite(path: Path) -> None:
    """Put zeros over a file's content, as far as it can be done."""
    with suppress(OSError):
        fd = os.open(path, os.O_WRONLY)
        try:
            overwrite_open(fd)
        finally:
            os.close(fd)


def overwrite_open(fd: int) -> None:
    """The same for an open file, whether or not it still has a name."""
    rest = os.fstat(fd).st_size
    os.lseek(fd, 0, os.SEEK_SET)
    while rest > 0:
        rest -= os.write(fd, _BLOCK[: min(rest, len(_BLOCK))])
    os.fsync(fd)


def sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
