"""A finished session as an MCAP file: one open container that other tools read.

One channel `/session/events`, message encoding `x-msgpack-lengthwise`: each message is the bytes
of one event as they stood in the log, `sequence` its place, `log_time` its session time in
nanoseconds (SessionStarted at 0). An event without a usable time takes the one before it, and
rejections may name earlier times: order by `sequence`. Chunks are zstd-compressed, each with a
CRC. The schema record holds the JSON Schema of the events. Metadata `lengthwise.session` says
what the session is and `lengthwise.end` what the recording holds.
"""

import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np
from mcap.writer import CompressionType, Writer
from msgspec import Struct

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.session import (
    BandOrdered,
    DecisionLogged,
    DeviceLogged,
    FrameLogged,
    ObservationLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
    SessionStarted,
)
from lengthwise.record.lock import try_lock_named
from lengthwise.record.log_reading import LogReading, LogReport
from lengthwise.record.sealed_reading import MESSAGE_ENCODING, TOPIC, sealed_payloads
from lengthwise.record.session_folder import STATE_NAME, sync_folder
from lengthwise.vault.files import open_writing

SCHEMA_NAME = "lengthwise.SessionEvent"
SESSION_METADATA = "lengthwise.session"
END_METADATA = "lengthwise.end"

_CHUNK_BYTES = 1 << 20
_MAX_TIME_S = 1e9

ByteProgress = Callable[[int, int], None]
"""Called with bytes of the log done and bytes in all."""


class Sealed(Struct, frozen=True):
    """A verified recording. `session_id` None where the first event was lost.

    `last_s`: session time of the latest observation or frame.
    """

    path: Path
    session_id: str | None
    events: int
    frames: int
    last_s: float
    complete: bool
    log: LogReport


def seal(
    log_path: Path, mcap_path: Path, *, progress: ByteProgress = lambda _done, _all: None
) -> Sealed:
    """Turn a closed log into an MCAP file, verify it, then remove the log.

    Either the log or the sealed file is whole at every moment. A log in which something was
    damaged is kept beside it as `*.damaged`. Raises StorageError (no room, or the log is still
    being written; the log stays as it was) or InputError (not a log).
    """
    fd = lock_log(log_path)
    try:
        sealed = write_sealed(log_path, mcap_path, cut_off=False, progress=progress)
        retire_log(log_path, sealed.log)
    finally:
        os.close(fd)
    return sealed


def lock_log(log_path: Path) -> int:
    """The locked log as a file descriptor to be closed. Raises InputError or StorageError."""
    try:
        fd = os.open(log_path, os.O_RDWR)
    except OSError as cause:
        raise InputError(
            "session log",
            value=log_path,
            allowed="a log of a session that ended",
            remedy=f"check the path ({cause.strerror})",
        ) from cause
    if not try_lock_named(fd, log_path):
        os.close(fd)
        raise StorageError(
            f"sealing {log_path}",
            cause="it is still being written",
            remedy="end that session first",
        )
    return fd


def retire_log(log_path: Path, report: LogReport) -> None:
    """Remove a log that is sealed, and what only helped to go on with it; set the log aside where
    the sealed file could not hold all of it."""
    try:
        if report.damaged:
            log_path.replace(log_path.with_name(log_path.name + ".damaged"))
        else:
            log_path.unlink()
        log_path.with_name(STATE_NAME).unlink(missing_ok=True)
        sync_folder(log_path.parent)
    except OSError as cause:
        raise _refusal(log_path, cause) from cause


def write_sealed(
    log_path: Path,
    mcap_path: Path,
    *,
    cut_off: bool,
    progress: ByteProgress = lambda _done, _all: None,
) -> Sealed:
    """Write and verify the sealed file beside the log, which is left untouched.

    `cut_off`: end the recording with `SessionEnded(complete=False)` where the log has no end.
    The file appears under its name only when it is complete, verified and on disk.
    """
    part = mcap_path.with_name(f".{mcap_path.name}.part")
    reading = LogReading(log_path)
    content = _Content(reading, cut_off=cut_off, progress=progress)
    try:
        with open_writing(part, durable=True) as stream:
            _write(stream, content, reading)
            if content.events == 0:
                raise _no_event(log_path)
        _verify(part, content)
        part.replace(mcap_path)
        sync_folder(mcap_path.parent)
    except OSError as cause:
        raise _refusal(mcap_path, cause, written=mcap_path) from cause
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return Sealed(
        path=mcap_path,
        session_id=content.started.session_id if content.started else None,
        events=content.events,
        frames=content.frames,
        last_s=content.last_s,
        complete=content.ended is not None and content.ended.complete,
        log=reading.report,
    )


class _Content:
    """The messages of the sealed file, with what was counted on the way."""

    def __init__(self, reading: LogReading, *, cut_off: bool, progress: ByteProgress) -> None:
        self._reading, self._cut_off, self._progress = reading, cut_off, progress
        self._size = reading.path.stat().st_size if reading.path.exists() else 0
        self.started: SessionStarted | None = None
        self.ended: SessionEnded | None = None
        self.events = self.frames = self.crc = 0
        self.last_s = 0.0
        self._time_s = 0.0

    def messages(self) -> Iterator[tuple[int, bytes]]:
        """Session time in ns and payload of each event."""
        done = 0
        for payload, event in self._reading.payloads():
            yield self._count(payload, event)
            done += len(payload)
            if self.events % 256 == 0:
                self._progress(done, self._size)
        if self._cut_off and self.ended is None and self.events:
            end = SessionEnded(self.last_s, complete=False, frames=self.frames)
            yield self._count(encode(end), end)
        self._progress(self._size, self._size)

    def _count(self, payload: bytes, event: SessionEvent) -> tuple[int, bytes]:
        if isinstance(event, SessionStarted) and self.started is None:
            self.started = event
        elif isinstance(event, SessionEnded):
            self.ended = event
        elif isinstance(event, FrameLogged):
            self.frames += 1
        t_s = event_time_s(event)
        if t_s is not None:
            self._time_s = t_s
            if isinstance(event, ObservationLogged | DeviceLogged | FrameLogged):
                self.last_s = max(self.last_s, t_s)
        self.events += 1
        self.crc = zlib.crc32(payload, self.crc)
        return round(self._time_s * 1e9), payload


def event_time_s(event: SessionEvent) -> float | None:
    """Session time of an event; None where it states none that can be used."""
    match event:
        case SessionStarted():
            t_s = 0.0
        case ObservationLogged():
            t_s = event.observation.t_s
        case RejectionLogged():
            t_s = event.rejection.t_s
        case DeviceLogged():
            t_s = event.sample.t_s
        case BandOrdered():
            t_s = event.order.t_s
        case FrameLogged():
            t_s = event.body.t_s
        case DecisionLogged():
            t_s = event.decision.t_s
        case SessionEnded():
            t_s = event.t_s
    return t_s if 0.0 <= t_s < _MAX_TIME_S else None


def _write(stream: IO[bytes], content: _Content, reading: LogReading) -> None:
    writer = Writer(stream, chunk_size=_CHUNK_BYTES, compression=CompressionType.ZSTD)
    writer.start(profile="")
    schema_id = writer.register_schema(SCHEMA_NAME, "jsonschema", event_schema())
    channel_id = writer.register_channel(TOPIC, MESSAGE_ENCODING, schema_id)
    described = False
    for sequence, (time_ns, payload) in enumerate(content.messages()):
        if content.started is not None and not described:
            writer.add_metadata(SESSION_METADATA, _description(content.started))
            described = True
        writer.add_message(
            channel_id,
            log_time=time_ns,
            data=payload,
            publish_time=time_ns,
            sequence=sequence & 0xFFFFFFFF,
        )
    report = reading.report
    writer.add_metadata(
        END_METADATA,
        {
            "events": str(content.events),
            "frames": str(content.frames),
            "complete": str(content.ended is not None and content.ended.complete).lower(),
            "log_bytes_cut": str(report.bytes_cut),
            "log_bytes_skipped": str(report.bytes_skipped),
            "log_undecodable": str(report.undecodable),
        },
    )
    writer.finish()  # type: ignore[no-untyped-call]


def _description(started: SessionStarted) -> dict[str, str]:
    return {
        "session_id": started.session_id,
        "started_utc": started.started_utc,
        "software": started.software,
        "log_version": str(started.version),
        "simulated": str(started.recording.simulated).lower(),
    }


def event_schema() -> bytes:
    """JSON Schema of the events; an array is `[kind, shape, bytes]` (see contracts.codec)."""

    def array_schema(kind: type) -> dict[str, Any]:
        if kind is np.ndarray:
            return {
                "type": "array",
                "prefixItems": [
                    {"enum": ["f", "b", "i"], "description": "float64, bool or int64"},
                    {"type": "array", "items": {"type": "integer"}, "description": "shape"},
                    {"type": "string", "description": "little-endian bytes, last axis fastest"},
                ],
            }
        raise NotImplementedError  # How msgspec is told that a type is not ours to describe.

    schema = msgspec.json.schema(SessionEvent, schema_hook=array_schema)
    return msgspec.json.encode(schema)


def _verify(path: Path, content: _Content) -> None:
    """Read the new file back. Raises OSError where it does not hold what was written."""
    events = crc = 0
    try:
        for payload in sealed_payloads(path):
            events += 1
            crc = zlib.crc32(payload, crc)
    except InputError as cause:
        raise OSError(f"it could not be read back ({cause.value})") from cause
    if (events, crc) != (content.events, content.crc):
        raise OSError("it does not read back as it was written")


def _no_event(log_path: Path) -> InputError:
    return InputError(
        f"session log {log_path}",
        value="no whole event",
        allowed="a log with at least one event",
        remedy=f"clear it away with: lengthwise recover {log_path.parent}",
    )


def _refusal(path: Path, cause: OSError, *, written: Path | None = None) -> StorageError:
    return StorageError(
        f"sealing {path}",
        cause=cause.strerror or str(cause),
        remedy=f"the log is kept; make room, then run: lengthwise recover {path.parent}",
        written=written,
    )
