"""Encrypted payloads of an append log, one block for each event.

    prefix 4 | file id 16 | place u64 | attempt u32 | encrypted event | tag 16

little-endian; AES-256-GCM under a key of this log, the nonce being place and attempt. Each block
says which log it is of and stands for itself: one damaged stretch costs no other block, and the end
of a process costs the block in flight. Places grow by one: a block that was left out, repeated,
exchanged or brought from another log is noticed. An end that was cut off is one without
`SessionEnded`, which nobody can write without the key.
"""

import secrets
import struct
from typing import TYPE_CHECKING

from lengthwise.vault.keys import FILE_ID_BYTES, DataKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PREFIX = b"\xc1Lw1"
"""0xc1 begins no msgpack: an event in clear is never taken for a block, nor the other way round."""
_HEAD = struct.Struct(f"<4s{FILE_ID_BYTES}sQI")
_NONCE_AT = 4 + FILE_ID_BYTES


class BlockSealer:
    """Encrypts the events of one log in their order."""

    def __init__(self, key: DataKey) -> None:
        self._file_id = secrets.token_bytes(FILE_ID_BYTES)
        self._cipher = _cipher(key, self._file_id)
        self._place = self._attempt = self._first_attempt = 0

    @classmethod
    def after(cls, block: bytes, key: DataKey) -> "BlockSealer":
        """Goes on with a log behind a block of it. Places behind it may have been written and lost:
        attempts begin at a number that nobody used, so no nonce comes twice."""
        sealer = cls(key)
        _, sealer._file_id, place, _ = _HEAD.unpack_from(block)
        sealer._cipher = _cipher(key, sealer._file_id)
        sealer._place = place + 1
        sealer._attempt = sealer._first_attempt = 1 + secrets.randbits(31)
        return sealer

    def sealed(self, payload: bytes) -> bytes:
        """The block of the next place. Until `written`, another one may take the place; the same
        nonce is never used for two."""
        head = _HEAD.pack(PREFIX, self._file_id, self._place, self._attempt)
        self._attempt += 1
        return head + self._cipher.encrypt(head[_NONCE_AT:], payload, None)

    def written(self) -> None:
        """The block is in the file: the next one is of the next place."""
        self._place += 1
        self._attempt = self._first_attempt


class BlockOpener:
    """Decrypts the blocks of one log in their order. `missing`: places that no block came for."""

    def __init__(self, key: DataKey) -> None:
        self._key = key
        self._file_id: bytes | None = None
        self._cipher: AESGCM | None = None
        self._next = 0
        self.missing = 0

    def opened(self, block: bytes) -> bytes | None:
        """The event; None where it is none of this log, or stands in the wrong place."""
        from cryptography.exceptions import InvalidTag

        if len(block) < _HEAD.size or not is_block(block):
            return None
        _, file_id, place, _ = _HEAD.unpack_from(block)
        if self._file_id not in (None, file_id) or place < self._next:
            return None
        cipher = self._cipher or _cipher(self._key, file_id)
        try:
            payload = cipher.decrypt(block[_NONCE_AT : _HEAD.size], block[_HEAD.size :], None)
        except InvalidTag:
            return None
        self._file_id, self._cipher = file_id, cipher
        self.missing += place - self._next
        self._next = place + 1
        return payload


def is_block(payload: bytes) -> bool:
    return payload.startswith(PREFIX)


def _cipher(key: DataKey, file_id: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key.derived("log", file_id))
