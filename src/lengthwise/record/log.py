"""The append log of a running session: nothing that was written is lost when the program is.

Each frame (`log_frames`) goes to the kernel with one write, so that the end of the process at any
moment costs at most the frame in flight; the disk is told to keep it about once a second, beside
all else, and at once for what must last (a stop). Measured against other ways of writing:
docs/decisions.
"""

import os
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from lengthwise.contracts.codec import encode
from lengthwise.contracts.errors import InputError, StorageError
from lengthwise.contracts.session import SessionEvent
from lengthwise.record.beside import Beside
from lengthwise.record.lock import try_lock_named
from lengthwise.record.log_frames import ENCRYPTED, MAX_PAYLOAD_BYTES, PLAIN, frame, header
from lengthwise.record.log_reading import FrameScan
from lengthwise.record.session_folder import sync_folder
from lengthwise.vault.blocks import BlockSealer, is_block
from lengthwise.vault.errors import LockedError
from lengthwise.vault.files import is_encrypted
from lengthwise.vault.keyring import key_for

_SYNC_INTERVAL_S = 1.0
_to_disk: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)


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
            self._write(header(PLAIN if self._blocks is None else ENCRYPTED))
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
            scan, last = FrameScan(path), b""
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
        except BaseException:  # whatever it is, and raised again: no file stays open
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
        elif self._monotonic_s() // self._sync_interval_s > self._synced_s // self._sync_interval_s:
            # All logs at the same moments: a file system keeps them with one entry in its journal,
            # and who appends meanwhile waits for one and not for each of them.
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
            written=self.path,
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
            written=path,
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
