"""Opening files without having to know whether they are encrypted.

What lies in the folder of a profile with a passphrase is written encrypted, always; what is read is
recognised by its first bytes. Raises LockedError where the key was not given to this process.
"""

import io
import os
from pathlib import Path
from typing import IO, BinaryIO, TextIO, cast

from lengthwise.vault.errors import LockedError
from lengthwise.vault.keyring import key_for, locked_folder
from lengthwise.vault.sealed_file import MAGIC, Reader, Writer


def is_encrypted(path: Path) -> bool:
    """Whether a file is one of `sealed_file`. Raises OSError."""
    with path.open("rb", buffering=0) as stream:
        return stream.read(len(MAGIC)) == MAGIC


def open_reading(path: Path, *, buffering: int = 1 << 16) -> BinaryIO:
    """A file's content. Raises OSError as `open` does, LockedError, TamperedError."""
    if not is_encrypted(path):
        return path.open("rb", buffering=buffering)
    key = key_for(path)
    if key is None:
        # It was carried out of its profile, or the profile was deleted: there is no key to ask for.
        raise LockedError(locked_folder(path) or path)
    return cast(BinaryIO, io.BufferedReader(Reader(path, key), buffering))


def open_writing(path: Path, *, durable: bool = False) -> IO[bytes]:
    """A new file in the place of an old one. `durable`: on the disk once it is closed."""
    key = key_for(path)
    if key is not None:
        return cast("IO[bytes]", Writer(path, key, durable=durable))
    return io.BufferedWriter(_Durable(path)) if durable else path.open("wb")


def open_writing_text(path: Path) -> TextIO:
    """The same for text: UTF-8, one `\\n` after each line."""
    return io.TextIOWrapper(open_writing(path), encoding="utf-8", newline="\n")


def read_bytes(path: Path) -> bytes:
    with open_reading(path) as stream:
        return stream.read()


def write_bytes(path: Path, content: bytes) -> None:
    with open_writing(path) as stream:
        stream.write(content)


class _Durable(io.FileIO):
    """A file that is on the disk once it is closed without an error."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "wb")

    def close(self) -> None:
        if not self.closed:
            os.fsync(self.fileno())
        super().close()
