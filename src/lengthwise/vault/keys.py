"""The key that a profile's files are encrypted with, and what is derived from it.

One random key of 32 bytes for each profile. Nothing is encrypted with it directly: HKDF-SHA256
gives each use, and each file by its random id, a key of its own (RFC 5869). So no nonce can meet
the same key twice, and what is of one file fits no other.
"""

import hmac
import secrets
from hashlib import sha256

KEY_BYTES = 32
FILE_ID_BYTES = 16
TAG_BYTES = 16


class DataKey:
    """The data key of one profile. Never shown: neither its text nor an error holds it."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError(f"a data key has {KEY_BYTES} bytes")
        self._raw = raw

    @classmethod
    def fresh(cls) -> "DataKey":
        return cls(secrets.token_bytes(KEY_BYTES))

    def raw(self) -> bytes:
        """For wrapping it, and for another process of ours."""
        return self._raw

    def derived(self, use: str, salt: bytes = b"") -> bytes:
        """A key of 32 bytes for one use, and with `salt` for one file."""
        return hkdf(self._raw, salt=salt, info=b"lengthwise 1 " + use.encode())

    @property
    def name(self) -> str:
        """Tells keys apart without telling anything of them."""
        return self.derived("name")[:8].hex()

    def tag(self, what: bytes) -> bytes:
        """Shows that who wrote `what` had the key."""
        return hmac.digest(self.derived("tag"), what, "sha256")

    def __repr__(self) -> str:
        return "DataKey(hidden)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a data key is not pickled")


def hkdf(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA256 of one block: T(1) = HMAC(HMAC(salt, key), info | 0x01)."""
    extracted = hmac.digest(salt or b"\0" * sha256().digest_size, key, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")
