"""How a session log is written down: a header of 16 bytes (magic, version, CRC32), then frames of

    marker 4 | payload length u32 | CRC32 of length and payload u32 | payload

little-endian; a payload is `contracts.codec.encode(event)`, in a profile with a passphrase (then
version 2) encrypted (`vault.blocks`). The marker lets a reader find the next frame behind a damaged
one.
"""

import struct
import zlib
from pathlib import Path

import msgspec

from lengthwise.contracts.codec import decoder
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.session import SessionEvent

FORMAT_VERSION = 2
PLAIN, ENCRYPTED = 1, 2
MAGIC = b"\x89LwLog\r\n"
MARKER = b"\xf1Lw\x1e"
MAX_PAYLOAD_BYTES = 1 << 26
"""A longer length in a file is damage: no event comes near it."""

HEADER = struct.Struct("<8sII")
FRAME = struct.Struct("<4sII")
_LENGTH = struct.Struct("<I")
HEADER_BYTES = HEADER.size

_event_decoder: msgspec.msgpack.Decoder[SessionEvent] = decoder(SessionEvent)  # type: ignore[arg-type]


def decode_event(payload: bytes) -> SessionEvent:
    """The event of one payload. Raises msgspec.MsgspecError where it is not one."""
    event: SessionEvent = _event_decoder.decode(payload)
    return event


def header(version: int = PLAIN) -> bytes:
    bare = HEADER.pack(MAGIC, version, 0)[:12]
    return bare + _LENGTH.pack(zlib.crc32(bare))


def crc_of(payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(_LENGTH.pack(len(payload))))


def frame(payload: bytes) -> bytes:
    """One frame as it stands in the file."""
    return FRAME.pack(MARKER, len(payload), crc_of(payload)) + payload


def version_of(head: bytes, path: Path) -> int | None:
    """None where the header is damaged. Raises InputError on a newer version."""
    magic, version, crc = HEADER.unpack(head)
    if magic != MAGIC or crc != zlib.crc32(head[:12]):
        return None
    if version > FORMAT_VERSION:
        raise InputError(
            f"session log {path}",
            value=f"format {version}",
            allowed=f"format {FORMAT_VERSION} or older",
            remedy="use the newer lengthwise that wrote it",
        )
    return int(version)
