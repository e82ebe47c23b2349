"""A finished file, encrypted in chunks that can be read from any place.

    magic 8 | version u32 | file id 16 | chunks of 64 KiB, each encrypted, 16 bytes of tag behind it

little-endian; AES-256-GCM under a key of this file (`keys.DataKey.derived`). The nonce is the
chunk's place (u64) and whether it is the last (u32): a chunk that was moved, left out, repeated or
taken from another file does not open, and neither does the last one of a file that was cut or
lengthened (STREAM; Hoang, Reyhanitabar, Rogaway, Vizar 2015). The last chunk is always shorter than
64 KiB, and may be empty.
"""

import io
import os
import secrets
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lengthwise.vault.errors import TamperedError
from lengthwise.vault.keys import FILE_ID_BYTES, TAG_BYTES, DataKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"\x89LwEnc\r\n"
VERSION = 1
CHUNK_BYTES = 1 << 16
_HEAD = struct.Struct(f"<8sI{FILE_ID_BYTES}s")
_NONCE = struct.Struct("<QI")
_STEP = CHUNK_BYTES + TAG_BYTES


class Writer(io.BufferedIOBase):
    """Encrypts what is written to a new file, which must not stand in its place yet. `durable`: on
    the disk when it is closed. Left by an error, it is without its end and does not open."""

    def __init__(self, path: Path, key: DataKey, *, durable: bool = False) -> None:
        self._path, self._durable = path, durable
        file_id = secrets.token_bytes(FILE_ID_BYTES)
        self._cipher = _cipher(key, file_id)
        self._rest = bytearray()
        self._index = 0
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(fd, "wb", buffering=0)
        self._put(_HEAD.pack(MAGIC, VERSION, file_id))

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._index * CHUNK_BYTES + len(self._rest)

    def write(self, content: Any) -> int:
        if self.closed:
            raise ValueError("it is closed")
        taken = bytes(content)
        self._rest += taken
        while len(self._rest) >= CHUNK_BYTES:
            self._seal(bytes(self._rest[:CHUNK_BYTES]), last=False)
            del self._rest[:CHUNK_BYTES]
        return len(taken)

    def close(self) -> None:
        """Write the last chunk. Raises OSError where it does not fit on the disk."""
        if self.closed:
            return
        try:
            self._seal(bytes(self._rest), last=True)
            if self._durable:
                os.fsync(self._file.fileno())
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Leave it without its end."""
        self._rest.clear()
        self._file.close()
        # `IOBase.close` would come back here for a flush of nothing.
        super().close()

    def __exit__(self, kind: Any, value: Any, trace: Any) -> None:
        self.close() if kind is None else self.abandon()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._put(self._cipher.encrypt(_NONCE.pack(self._index, last), chunk, None))
        self._index += 1

    def _put(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            rest = rest[self._file.write(rest) :]


class Reader(io.RawIOBase):
    """Decrypts a file from any place; each chunk is checked before a byte of it is handed out.
    Raises TamperedError."""

    def __init__(self, path: Path, key: DataKey) -> None:
        self._path = path
        self._file = path.open("rb", buffering=0)
        head = self._file.read(_HEAD.size)
        size = os.fstat(self._file.fileno()).st_size
        if len(head) < _HEAD.size or head[:8] != MAGIC:
            self._refuse("no encrypted file")
        _, version, file_id = _HEAD.unpack(head)
        if version != VERSION:
            self._refuse(f"version {version}")
        chunks, last = divmod(size - _HEAD.size, _STEP)
        if last < TAG_BYTES:
            self._refuse("a file that was cut off")
        self._chunks = chunks + 1
        self._size = chunks * CHUNK_BYTES + last - TAG_BYTES
        self._cipher = _cipher(key, file_id)
        self._at = 0
        self._known: tuple[int, bytes] = (-1, b"")
        # A file that was cut shows it before anything of it is used.
        self._chunk(self._chunks - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("before the beginning")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, into: Any) -> int:
        index, within = divmod(self._at, CHUNK_BYTES)
        if self._at >= self._size:
            return 0
        piece = self._chunk(index)[within : within + len(into)]
        into[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._known = (-1, b"")
            self._file.close()
        super().close()

    def _chunk(self, index: int) -> bytes:
        if self._known[0] == index:
            return self._known[1]
        from cryptography.exceptions import InvalidTag

        self._file.seek(_HEAD.size + index * _STEP)
        sealed = self._file.read(_STEP)
        try:
            nonce = _NONCE.pack(index, index == self._chunks - 1)
            self._known = (index, self._cipher.decrypt(nonce, sealed, None))
        except InvalidTag:
            self._refuse("content that was changed or cut off")
        return self._known[1]

    def _refuse(self, found: str) -> None:
        self._file.close()
        raise TamperedError(self._path, found) from None


def _cipher(key: DataKey, file_id: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key.derived("file", file_id))
