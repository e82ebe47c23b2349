"""Finishing sessions that were cut off: every whole frame is kept, nothing is recorded twice.

A log whose writer still lives is locked and left alone. Recovery may itself be cut off at any
moment and run again: the sealed file appears whole, the store is told, and only then the log goes.
What the store is told first is whether the session ended with a symptom or with pain, or may have:
then the safety questions come before the next one (`record.stops`).
"""

import os
import time
from collections.abc import Container, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.errors import InputError, LengthwiseError, StorageError
from lengthwise.contracts.session import SessionStarted, SessionTotals
from lengthwise.record.lock import try_lock_named
from lengthwise.record.log_frames import HEADER_BYTES
from lengthwise.record.log_reading import LogReading, is_log
from lengthwise.record.seal import (
    ByteProgress,
    Sealed,
    retire_log,
    write_sealed,
)
from lengthwise.record.sealed_reading import read_sealed, sealed_session_id
from lengthwise.record.session_folder import LOG_NAME, SEALED_NAME, profile_folder
from lengthwise.record.stops import StopSeen
from lengthwise.record.store import ProfileStore, profiles
from lengthwise.record.totals import TotalsCount
from lengthwise.vault.keyring import is_locked


class Recovered(Struct, frozen=True):
    """What became of one unfinished session. Paths as text, so that it can be shown as JSON.

    `sealed` None: nothing whole was in the log, or it could not be recovered now (`problem` says
    why, in one line; the log is still there). `events` kept, frames among them; `bytes_cut` of a
    torn end and `bytes_skipped` of damaged stretches were left out (then the log is kept as
    `session.log.damaged`). `stored`: listed in the store of its profile. `log` None: a finished
    recording that the store did not know.
    """

    session_id: str | None
    log: str | None
    sealed: str | None
    events: int = 0
    frames: int = 0
    bytes_cut: int = 0
    bytes_skipped: int = 0
    stored: bool = False
    problem: str | None = None


def recover(
    where: Path,
    *,
    leave: Container[Path] = (),
    progress: ByteProgress = lambda _done, _all: None,
) -> list[Recovered]:
    """Recover every unfinished session in a data home, a folder or one log file.

    In a data home, finished recordings that the store does not list are listed as well. `leave`:
    logs that are left as they are, to go on with. Raises InputError where there is no such place;
    what hinders one session is told in its `problem`.
    """
    if not where.exists():
        raise InputError(
            "recover", value=where, allowed="an existing folder or log", remedy="check the path"
        )
    logs = [where] if where.is_file() else sorted(where.rglob(LOG_NAME))
    logs = [log for log in logs if log not in leave]
    found = [r for log in logs if (r := _recover_log(log, progress)) is not None]
    return found + list(_unlisted(where))


def _recover_log(log: Path, progress: ByteProgress) -> Recovered | None:
    """None for what is not an unfinished log of ours or is still being written."""
    try:
        fd = os.open(log, os.O_RDWR)
    except FileNotFoundError:
        return None
    except OSError as cause:
        _stop_unknown(log)
        return Recovered(None, str(log), None, problem=f"{log}: {cause.strerror}")
    try:
        # Locked by a living writer, or finished by another process since it was found.
        if not try_lock_named(fd, log):
            return None
        return _recover_locked(log, progress)
    except LengthwiseError as cause:
        _stop_unknown(log)
        return Recovered(None, str(log), None, problem=str(cause))
    finally:
        os.close(fd)


def _recover_locked(log: Path, progress: ByteProgress) -> Recovered | None:
    reading = LogReading(log)
    first = next(iter(reading), None)
    if first is None:
        # An empty file of another name is not ours to remove.
        if not is_log(log) or log.name != LOG_NAME:
            return None
        size = log.stat().st_size
        if size > HEADER_BYTES:
            _stop_unknown(log)
        _remove_empty(log)
        return Recovered(None, str(log), None, bytes_cut=size)
    session_id = first.session_id if isinstance(first, SessionStarted) else None
    sealed = write_sealed(log, _target(log, session_id), cut_off=True, progress=progress)
    stored = _list(sealed)
    retire_log(log, sealed.log)
    return Recovered(
        session_id=sealed.session_id,
        log=str(log),
        sealed=str(sealed.path),
        events=sealed.log.events,
        frames=sealed.frames,
        bytes_cut=sealed.log.bytes_cut,
        bytes_skipped=sealed.log.bytes_skipped,
        stored=stored,
    )


def _target(log: Path, session_id: str | None) -> Path:
    """The sealed file's name: never that of another session's recording."""
    target = log.with_name(SEALED_NAME)
    if not target.exists() or (session_id is not None and sealed_session_id(target) == session_id):
        return target
    for i in range(1, 1000):
        beside = log.with_name(f"session-{i}.mcap")
        if not beside.exists() or (
            session_id is not None and sealed_session_id(beside) == session_id
        ):
            return beside
    raise StorageError(
        f"recovering {log}", cause="too many recordings beside it", remedy="move some elsewhere"
    )


def _remove_empty(log: Path) -> None:
    try:
        log.unlink()
    except OSError as cause:
        raise StorageError(
            f"removing {log}",
            cause=cause.strerror or str(cause),
            remedy="check the permissions of its folder",
        ) from cause


def _home_and_profile(sealed: Path) -> tuple[Path, str] | None:
    """`<home>`, profile id of `<home>/profiles/<id>/sessions/<session>/session.mcap`."""
    parts = sealed.resolve().parents
    if len(parts) < 5 or parts[1].name != "sessions" or parts[3].name != "profiles":
        return None
    return parts[4], parts[2].name


def _list(sealed: Sealed) -> bool:
    """Tell the profile's store, if the session lies in one."""
    place = _home_and_profile(sealed.path)
    if place is None:
        return False
    with ProfileStore.open(*place) as store:
        totals, asks_anew = _read(sealed.path)
        if asks_anew or sealed.log.damaged:
            _keep_stop(store, sealed.session_id or sealed.path.parent.name)
        if totals is not None:
            store.add_session(totals, sealed.path)
    return totals is not None


def _read(sealed: Path) -> tuple[SessionTotals | None, bool]:
    """The totals, None without the event that says whose they are; and whether to ask anew."""
    count, stop = TotalsCount(), StopSeen()
    for event in read_sealed(sealed):
        count.take(event)
        stop.take(event)
    return count.totals(), stop.asks_anew


def _keep_stop(store: ProfileStore, session_id: str) -> None:
    store.add_safety_stop(session_id, at_s=time.time())


def _stop_unknown(log: Path) -> None:
    """How it ended could not be read now: then it may have been with a symptom. It has no other
    name than that of its folder."""
    place = _home_and_profile(log)
    if place is not None:
        with suppress(LengthwiseError), ProfileStore.open(*place) as store:
            _keep_stop(store, log.parent.name)


def _unlisted(home: Path) -> Iterator[Recovered]:
    """Recordings in a data home that were sealed, but cut off before the store was told."""
    for profile_id in profiles(home):
        try:
            if is_locked(profile_folder(home, profile_id)):
                continue  # its own next opening does it
            with ProfileStore.open(home, profile_id) as store:
                listed = {totals.session_id for totals in store.sessions()}
                for path in sorted((store.folder / "sessions").glob(f"*/{SEALED_NAME}")):
                    if path.parent.name not in listed:
                        yield from _relisted(store, path, listed)
        except LengthwiseError as cause:
            yield Recovered(None, None, None, problem=str(cause))


def _relisted(store: ProfileStore, path: Path, listed: set[str]) -> Iterator[Recovered]:
    try:
        totals, asks_anew = _read(path)
    except InputError as cause:
        _stop_unknown(path)
        yield Recovered(None, None, str(path), problem=str(cause))
        return
    # Without its first event a session has no id to be listed by; its recovery said so once.
    if totals is not None and totals.session_id not in listed:
        if asks_anew:
            _keep_stop(store, totals.session_id)
        store.add_session(totals, path)
        yield Recovered(totals.session_id, None, str(path), frames=totals.frames, stored=True)
