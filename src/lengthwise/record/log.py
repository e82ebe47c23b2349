"""The append log of a running session: nothing that was written is lost when the program is.

File: a header of 16 bytes (magic, version, CRC32), then frames of

    marker 4 | payload length u32 | CRC32 of length and payload u32 | payload

little-endian; a payload is `contracts.codec.encode(event)`, in a profile with a passphrase (then
version 2) encrypted (`vault.blocks`). Each frame goes to the kernel with
one write, so that the end of the process at any moment costs at most the frame in flight; the disk
is told to keep it about once a second, beside all else, and at once for what must last (a stop).
The marker lets a reader find the next frame behind a damaged one. Measured against other ways of
writing: docs/decisions.
"""

import os
import struct
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec
from msgspec import Struct

from lengthwise.contracts.codec import decoder, encode
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.session import SessionEvent, SessionStarted
from lengthwise.record.beside import Beside
from lengthwise.record.lock import try_lock_named
from lengthwise.record.session_folder import LOG_NAME, sync_folder
from lengthwise.vault.blocks import BlockOpener, BlockSealer, is_block
from lengthwise.vault.errors import LockedError
from lengthwise.vault.files import is_encrypted, open_reading
from lengthwise.vault.keyring import key_for

FORMAT_VERSION = 2
_PLAIN, _ENCRYPTED = 1, 2
MAGIC = b"\x89LwLog\r\n"
MARKER = b"\xf1Lw\x1e"
MAX_PAYLOAD_BYTES = 1 << 26
"""A longer length in a file is damage: no event comes near it."""

_HEADER = struct.Struct("<8sII")
_FRAME = struct.Struct("<4sII")
_LENGTH = struct.Struct("<I")
HEADER_BYTES = _HEADER.size
_SCAN_BYTES = 1 << 20
_SYNC_INTERVAL_S = 1.0
_to_disk: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)

_event_decoder: msgspec.msgpack.Decoder[SessionEvent] = decoder(SessionEvent)  # type: ignore[arg-type]


def decode_event(payload: bytes) -> SessionEvent:
    """The event of one payload. Raises msgspec.MsgspecError where it is not one."""
    event: SessionEvent = _event_decoder.decode(payload)
    return event


def _header(version: int = _PLAIN) -> bytes:
    bare = _HEADER.pack(MAGIC, version, 0)[:12]
    return bare + _LENGTH.pack(zlib.crc32(bare))


def _crc(payload: bytes) -> int:
    return zlib.crc32(payload, zlib.crc32(_LENGTH.pack(len(payload))))


def frame(payload: bytes) -> bytes:
    """One frame as it stands in the file."""
    return _FRAME.pack(MARKER, len(payload), _crc(payload)) + payload


class LogWriter:
    """Appends events to a new log and holds its lock until closed.

    Raises InputError when a log is already there (it may be an unfinished session: it is never
    written over), StorageError when the disk refuses. After a StorageError everything
    appended before it is still in the file and readable; appending may be tried again.
    """

    def __init__(
        self,
        path: Path,
        *,
        sync_interval_s: float = _SYNC_INTERVAL_S,
        monotonic_s: Callable[[], float] = time.monotonic,
        beside: Beside | None = None,
        _reopened: tuple[int, BlockSealer | None] | None = None,
    ) -> None:
        self.path = path
        self._sync_interval_s = sync_interval_s
        self._monotonic_s = monotonic_s
        self._size = 0
        self._synced_s = 0.0
        self._beside = beside or Beside()
        self._fd: int | None
        if _reopened is not None:
            self._fd, self._blocks = _reopened
            self._size = os.lseek(self._fd, 0, os.SEEK_END)
            return
        key = key_for(path)
        self._blocks = None if key is None else BlockSealer(key)
        self._fd = _create(path)
        with ExitStack() as undo:
            undo.callback(self._discard, self._fd)
            if not try_lock_named(self._fd, path):
                raise StorageError(
                    f"creating {path}",
                    cause="another lengthwise is recovering sessions here",
                    remedy="start again in a moment",
                )
            self._write(_header(_PLAIN if self._blocks is None else _ENCRYPTED))
            self._sync()
            sync_folder(path.parent)
            undo.pop_all()

    @classmethod
    def reopened(cls, path: Path) -> "LogWriter":
        """A log that was cut off, to go on with behind its last whole frame; a torn one is dropped.

        Raises InputError where it is none or something is missing before its end (it is left as it
        was), StorageError where it is still being written.
        """
        fd = _reopen(path)
        try:
            if is_encrypted(path):
                raise InputError(
                    "session log",
                    value=path,
                    allowed="a log that was never encrypted as a whole",
                    remedy=f"finish it instead: lengthwise recover {path.parent}",
                )
            scan, last = _FrameScan(path), b""
            for last in scan.payloads():  # noqa: B007 - the last one is what is wanted
                pass
            if scan.skipped or not last:
                raise InputError(
                    "session log",
                    value=path,
                    allowed="a whole log of a session that was cut off",
                    remedy=f"finish it instead: lengthwise recover {path.parent}",
                )
            os.ftruncate(fd, scan.size - scan.cut)
            return cls(path, _reopened=(fd, _sealer_after(last, path)))
        except BaseException:
            os.close(fd)
            raise

    def __enter__(self) -> "LogWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def bytes_written(self) -> int:
        return self._size

    def append(self, event: SessionEvent, *, durable: bool = False) -> None:
        """Write one event. `durable`: return only when it would survive a loss of power."""
        payload = encode(event)
        if self._blocks is not None:
            payload = self._blocks.sealed(payload)
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"an event of {len(payload)} bytes is longer than a frame may be")
        self._write(frame(payload))
        if self._blocks is not None:
            self._blocks.written()
        if durable:
            self._sync()
        elif self._monotonic_s() - self._synced_s >= self._sync_interval_s:
            self._sync_beside()

    def close(self) -> None:
        """Make everything durable and let go of the lock. May be called twice."""
        if self._fd is None:
            return
        try:
            self._sync()
        finally:
            os.close(self._fd)
            self._fd = None

    def _discard(self, fd: int) -> None:
        """Without a header nothing was recorded: leave no empty log to recover."""
        if try_lock_named(fd, self.path):
            self.path.unlink(missing_ok=True)
        os.close(fd)
        self._fd = None

    def _write(self, content: bytes) -> None:
        fd = self._open_fd()
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[os.write(fd, rest) :]
        except OSError as cause:
            self._drop_torn_frame(fd)
            raise self._refusal(cause) from cause
        self._size += len(content)

    def _drop_torn_frame(self, fd: int) -> None:
        """Cut back to whole frames, so that a later append follows a whole one."""
        try:
            os.ftruncate(fd, self._size)
            os.lseek(fd, self._size, os.SEEK_SET)
        except OSError:
            # The torn frame stays; readers step over it.
            self._size = os.lseek(fd, 0, os.SEEK_END)

    def _sync_beside(self) -> None:
        """A disk takes 10 to 40 ms, and a busy one more: nobody who is led waits for that."""
        fd = self._open_fd()
        try:
            begun = self._beside.begin(lambda: _to_disk(fd))
        except OSError as cause:
            raise self._refusal(cause) from cause
        if begun:
            self._synced_s = self._monotonic_s()

    def _sync(self) -> None:
        try:
            try:
                self._beside.wait()
            finally:
                _to_disk(self._open_fd())
        except OSError as cause:
            raise self._refusal(cause) from cause
        self._synced_s = self._monotonic_s()

    def _open_fd(self) -> int:
        if self._fd is None:
            raise ValueError(f"{self.path} is closed")
        return self._fd

    def _refusal(self, cause: OSError) -> StorageError:
        return StorageError(
            f"writing {self.path}",
            cause=cause.strerror or str(cause),
            remedy="what was recorded before is kept; make room, then run: lengthwise recover "
            f"{self.path.parent}",
        )


def _create(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as cause:
        raise InputError(
            "session log",
            value=path,
            allowed="a place without an unfinished session",
            remedy=f"finish that one first: lengthwise recover {path.parent}",
        ) from cause
    except OSError as cause:
        raise StorageError(
            f"creating {path}",
            cause=cause.strerror or str(cause),
            remedy="choose a folder that can be written to",
        ) from cause


def _reopen(path: Path) -> int:
    try:
        fd = os.open(path, os.O_RDWR)
    except OSError as cause:
        raise InputError(
            "session log",
            value=path,
            allowed="a log of a session that was cut off",
            remedy=f"check the path ({cause.strerror})",
        ) from cause
    if not try_lock_named(fd, path):
        os.close(fd)
        raise StorageError(
            f"opening {path}", cause="it is still being written", remedy="end that session first"
        )
    return fd


def _sealer_after(last: bytes, path: Path) -> BlockSealer | None:
    """What encrypts the next event of a log whose last payload that is; None: it is in clear."""
    if not is_block(last):
        return None
    key = key_for(path)
    if key is None:
        raise LockedError(path.parent)
    return BlockSealer.after(last, key)


def events_at(path: Path, places: Iterable[int]) -> list[SessionEvent]:
    """The events whose frames begin there, as `bytes_written` told before each was appended.

    Raises StorageError where one of them is damaged by now.
    """
    found, opener = [], _Opener(path)
    with path.open("rb") as stream:
        for place in places:
            stream.seek(place)
            _, length, crc = _FRAME.unpack(stream.read(_FRAME.size).ljust(_FRAME.size, b"\0"))
            raw = stream.read(min(length, MAX_PAYLOAD_BYTES))
            whole = len(raw) == length and _crc(raw) == crc
            payload = opener.payload(raw, encrypted=None) if whole else None
            if payload is None:
                raise StorageError(
                    f"reading {path}",
                    cause=f"what was written at byte {place} is damaged",
                    remedy=f"bring back what is whole: lengthwise recover {path.parent}",
                )
            found.append(decode_event(payload))
    return found


class LogReport(Struct, frozen=True):
    """How much of a log could be read.

    `bytes_cut`: behind the last whole frame (a torn end). `bytes_skipped`: damaged stretches
    before it, `gaps` their number. `undecodable`: whole frames whose content is not an event; of an
    encrypted log also those that do not belong where they stand, and those that are missing.
    """

    size_bytes: int
    events: int
    bytes_cut: int
    bytes_skipped: int
    gaps: int
    undecodable: int

    @property
    def damaged(self) -> bool:
        """Whether something is missing before the end; a torn end alone is no damage."""
        return self.bytes_skipped > 0 or self.undecodable > 0


class LogReading:
    """Reads a log front to back in bounded memory; iterate once, then ask for the report."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._report: LogReport | None = None

    @property
    def report(self) -> LogReport:
        """Known once the log was read to its end."""
        if self._report is None:
            raise ValueError("the report of a log is known once it was read to its end")
        return self._report

    def __iter__(self) -> Iterator[SessionEvent]:
        for _, event in self.payloads():
            yield event

    def payloads(self) -> Iterator[tuple[bytes, SessionEvent]]:
        """Each event with its bytes as they stand in the file.

        Raises InputError where there is no such file or a newer version wrote it, LockedError where
        it is encrypted and its key is not known here.
        """
        events = undecodable = 0
        scan, opener = _FrameScan(self.path), _Opener(self.path)
        for found in scan.payloads():
            payload = opener.payload(found, encrypted=scan.encrypted)
            try:
                event = None if payload is None else decode_event(payload)
            except msgspec.MsgspecError:
                event = None
            if payload is None or event is None:
                undecodable += 1
                continue
            events += 1
            yield payload, event
        undecodable += opener.missing
        self._report = LogReport(
            size_bytes=scan.size,
            events=events,
            bytes_cut=scan.cut,
            bytes_skipped=scan.skipped,
            gaps=scan.gaps,
            undecodable=undecodable,
        )


def read_log(path: Path) -> LogReading:
    """The events of a log in order; `report` of the result says what could not be read."""
    return LogReading(path)


class _Opener:
    """Takes blocks apart, where a log is encrypted. Which it is, its header or its first frame
    says; after that, what is of the other kind is none of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._blocks: BlockOpener | None = None
        self._encrypted: bool | None = None

    def payload(self, found: bytes, *, encrypted: bool | None) -> bytes | None:
        if self._encrypted is None:
            self._encrypted = is_block(found) if encrypted is None else encrypted
        if not self._encrypted:
            return found
        if self._blocks is None:
            key = key_for(self._path)
            if key is None:
                raise LockedError(self._path.parent)
            self._blocks = BlockOpener(key)
        return self._blocks.opened(found)

    @property
    def missing(self) -> int:
        return 0 if self._blocks is None else self._blocks.missing


class _FrameScan:
    """Walks from frame to frame; behind damage, on to the next marker with a valid CRC. `encrypted`
    as the header says, None where that is damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = self.cut = self.skipped = self.gaps = 0
        self.encrypted: bool | None = None

    def payloads(self) -> Iterator[bytes]:
        try:
            stream = open_reading(self._path, buffering=_SCAN_BYTES)
        except OSError as cause:
            raise InputError(
                "session log",
                value=self._path,
                allowed="a readable session log",
                remedy=f"check the path ({cause.strerror})",
            ) from cause
        with stream:
            # What a live writer appends after this moment is left for another reading.
            self.size = stream.seek(0, os.SEEK_END)
            stream.seek(0)
            if self.size < _HEADER.size:
                self.cut = self.size
                return
            version = _version_of(stream.read(_HEADER.size), self._path)
            if version is None:
                self.skipped, self.gaps = _HEADER.size, 1
            else:
                self.encrypted = version == _ENCRYPTED
            end = _HEADER.size
            at: int | None = end
            while at is not None and at < self.size:
                stream.seek(at)
                payload = self._frame_at(stream, at)
                if payload is None:
                    at = self._next_marker(stream, at + 1)
                    continue
                if at > end:
                    self.skipped += at - end
                    self.gaps += 1
                at = end = at + _FRAME.size + len(payload)
                yield payload
            self.cut = self.size - end

    def _frame_at(self, stream: BinaryIO, at: int) -> bytes | None:
        head = stream.read(_FRAME.size)
        if len(head) < _FRAME.size:
            return None
        marker, length, crc = _FRAME.unpack(head)
        room = self.size - at - _FRAME.size
        if marker != MARKER or length > min(room, MAX_PAYLOAD_BYTES):
            return None
        payload = stream.read(length)
        return payload if len(payload) == length and _crc(payload) == crc else None

    def _next_marker(self, stream: BinaryIO, at: int) -> int | None:
        overlap = len(MARKER) - 1
        while at < self.size:
            stream.seek(at)
            block = stream.read(min(_SCAN_BYTES, self.size - at))
            found = block.find(MARKER)
            if found >= 0:
                return at + found
            if len(block) <= overlap:
                return None
            at += len(block) - overlap
        return None


def _version_of(head: bytes, path: Path) -> int | None:
    """None where the header is damaged. Raises InputError on a newer version."""
    magic, version, crc = _HEADER.unpack(head)
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


def log_session_id(path: Path) -> str | None:
    """Which session a log is of; None where its beginning cannot be read."""
    try:
        first = next(iter(LogReading(path)), None)
    except InputError:
        return None
    return first.session_id if isinstance(first, SessionStarted) else None


def plain_header() -> bytes:
    return _header(_PLAIN)


def is_encrypted_log(path: Path) -> bool:
    """Whether a file is a log whose events are encrypted, by the first of them that is whole: its
    header may be damaged."""
    if not path.name.startswith(LOG_NAME):
        return False
    return is_block(next(_FrameScan(path).payloads(), b""))


def is_log(path: Path) -> bool:
    """Whether a file is, or was about to become, a log of this program; False if unreadable."""
    try:
        with open_reading(path) as stream:
            head = stream.read(_HEADER.size)
    except OSError:
        return False
    return any(_header(version).startswith(head) for version in (_PLAIN, _ENCRYPTED))
