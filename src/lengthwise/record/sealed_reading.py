"""A sealed session read back, in bounded memory; its form is told in `record.seal`."""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard
from mcap.exceptions import EndOfFile, McapError
from mcap.records import Channel, Message
from mcap.records import Metadata as McapMetadata
from mcap.stream_reader import StreamReader

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.session import SessionEvent, SessionStarted
from lengthwise.record.log_frames import decode_event
from lengthwise.vault.files import open_reading

TOPIC = "/session/events"
MESSAGE_ENCODING = "x-msgpack-lengthwise"

_RECORD_LIMIT_BYTES = 1 << 28
_UNREADABLE = (
    McapError,
    msgspec.MsgspecError,
    struct.error,
    zstandard.ZstdError,
    ValueError,
    OSError,
    MemoryError,
    OverflowError,
)
"""What reading a damaged container may raise."""


def read_sealed(path: Path) -> Iterator[SessionEvent]:
    """The events of a sealed session in their order, in bounded memory.

    Raises InputError, at the place where it is met, on what is not a whole sealed session.
    """
    for payload in sealed_payloads(path):
        try:
            yield decode_event(payload)
        except msgspec.MsgspecError as cause:
            raise _unreadable(path, "an event of another version") from cause


def sealed_start(path: Path) -> SessionStarted | None:
    """How a sealed session began; None where that cannot be read."""
    try:
        first = next(read_sealed(path), None)
    except InputError:
        return None
    return first if isinstance(first, SessionStarted) else None


def sealed_session_id(path: Path) -> str | None:
    """Which session a sealed file is of; None where its beginning cannot be read."""
    started = sealed_start(path)
    return started.session_id if started else None


def sealed_payloads(path: Path) -> Iterator[bytes]:
    """The bytes of each event, CRCs checked. Raises InputError as `read_sealed`."""
    channels: set[int] = set()
    for record in _records(path):
        if isinstance(record, Channel) and record.topic == TOPIC:
            if record.message_encoding != MESSAGE_ENCODING:
                raise _unreadable(path, f"messages encoded as {record.message_encoding}")
            channels.add(record.id)
        elif isinstance(record, Message) and record.channel_id in channels:
            yield record.data
    if not channels:
        raise _unreadable(path, "no session events in it")


def sealed_metadata(path: Path) -> dict[str, dict[str, str]]:
    """The metadata records by name. Raises InputError as `read_sealed`."""
    return {r.name: r.metadata for r in _records(path) if isinstance(r, McapMetadata)}


def _records(path: Path) -> Iterator[object]:
    try:
        with open_reading(path) as stream:
            reader = StreamReader(
                _WithinFile(stream),  # type: ignore[arg-type]  # only `read` is used
                validate_crcs=True,
                record_size_limit=_RECORD_LIMIT_BYTES,
            )
            yield from reader.records
    except _UNREADABLE as cause:
        found = cause.strerror if isinstance(cause, OSError) else "a damaged or other file"
        raise _unreadable(path, found or type(cause).__name__) from cause


class _WithinFile:
    """A file that refuses a damaged length before memory is asked for it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._rest = stream.seek(0, os.SEEK_END)
        stream.seek(0)

    def read(self, length: int) -> bytes:
        if not 0 <= length <= self._rest:
            raise EndOfFile
        self._rest -= length
        return self._stream.read(length)


def _unreadable(path: Path, found: str) -> InputError:
    return InputError(
        f"recording {path}",
        value=found,
        allowed="a whole sealed session (.mcap)",
        remedy="if its session.log is still there, run: lengthwise recover",
    )
