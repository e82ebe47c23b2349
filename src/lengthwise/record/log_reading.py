"""Reading the log of a session front to back, whatever is damaged or missing in it."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.session import SessionEvent, SessionStarted
from lengthwise.record.log_frames import (
    ENCRYPTED,
    FRAME,
    HEADER,
    MARKER,
    MAX_PAYLOAD_BYTES,
    PLAIN,
    crc_of,
    decode_event,
    header,
    version_of,
)
from lengthwise.record.session_folder import LOG_NAME
from lengthwise.vault.blocks import BlockOpener, is_block
from lengthwise.vault.errors import LockedError
from lengthwise.vault.files import open_reading
from lengthwise.vault.keyring import key_for

_SCAN_BYTES = 1 << 20


def events_at(path: Path, places: Iterable[int]) -> list[SessionEvent]:
    """The events whose frames begin there, as `bytes_written` told before each was appended.

    Raises StorageError where one of them is damaged by now.
    """
    found, opener = [], Opener(path)
    with path.open("rb") as stream:
        for place in places:
            stream.seek(place)
            _, length, crc = FRAME.unpack(stream.read(FRAME.size).ljust(FRAME.size, b"\0"))
            raw = stream.read(min(length, MAX_PAYLOAD_BYTES))
            whole = len(raw) == length and crc_of(raw) == crc
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
        scan, opener = FrameScan(self.path), Opener(self.path)
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


class Opener:
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


class FrameScan:
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
            if self.size < HEADER.size:
                self.cut = self.size
                return
            version = version_of(stream.read(HEADER.size), self._path)
            if version is None:
                self.skipped, self.gaps = HEADER.size, 1
            else:
                self.encrypted = version == ENCRYPTED
            end = HEADER.size
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
                at = end = at + FRAME.size + len(payload)
                yield payload
            self.cut = self.size - end

    def _frame_at(self, stream: BinaryIO, at: int) -> bytes | None:
        head = stream.read(FRAME.size)
        if len(head) < FRAME.size:
            return None
        marker, length, crc = FRAME.unpack(head)
        room = self.size - at - FRAME.size
        if marker != MARKER or length > min(room, MAX_PAYLOAD_BYTES):
            return None
        payload = stream.read(length)
        return payload if len(payload) == length and crc_of(payload) == crc else None

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


def log_session_id(path: Path) -> str | None:
    """Which session a log is of; None where its beginning cannot be read."""
    try:
        first = next(iter(LogReading(path)), None)
    except InputError:
        return None
    return first.session_id if isinstance(first, SessionStarted) else None


def is_encrypted_log(path: Path) -> bool:
    """Whether a file is a log whose events are encrypted, by the first of them that is whole: its
    header may be damaged."""
    if not path.name.startswith(LOG_NAME):
        return False
    return is_block(next(FrameScan(path).payloads(), b""))


def is_log(path: Path) -> bool:
    """Whether a file is, or was about to become, a log of this program; False if unreadable."""
    try:
        with open_reading(path) as stream:
            head = stream.read(HEADER.size)
    except OSError:
        return False
    return any(header(version).startswith(head) for version in (PLAIN, ENCRYPTED))
