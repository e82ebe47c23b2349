"""Use cases of sessions that were cut off: which may be gone on with, and what becomes of the rest.

A session is offered for a while after it was cut off, to its own person, who may be led now, where
its record is whole and neither a stop nor a symptom is in it. Whatever is not plainly so is sealed,
and what it leaves open is asked.
"""

import os
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from lengthwise import __version__
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError, LengthwiseError, SafetyRefusedError
from lengthwise.contracts.observation import CameraStream
from lengthwise.contracts.session import LOG_VERSION, DecisionLogged, FrameLogged, SessionStarted
from lengthwise.live import guided
from lengthwise.live.guided import LIVE_DRIVER
from lengthwise.live.ramp_read import RampRead
from lengthwise.record.log_reading import LogReading
from lengthwise.record.recover import Recovered, recover
from lengthwise.record.seal import lock_log
from lengthwise.record.session_folder import LOG_NAME
from lengthwise.record.stops import StopSeen
from lengthwise.record.store import ProfileStore, profiles
from lengthwise.record.totals import TotalsCount
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import led_exercises
from lengthwise.vault.files import is_encrypted

OFFERED_S = constant("session", "gone_on_within_s")


class CutOff(Struct, frozen=True):
    """A session that may be gone on with. `away_s`: since when nothing came to its log;
    `effective_s`: what counts so far; `side` that was worked last."""

    session_id: str
    exercise_id: str
    plain_name: str
    side: Side | None
    effective_s: float
    away_s: float
    folder: Path
    started: SessionStarted


class Image(Struct, frozen=True):
    """The camera's image that a page would go on with, in pixels."""

    width_px: int
    height_px: int


def cut_off(store: ProfileStore) -> tuple[CutOff, ...]:
    """Those of this person that may be gone on with now, the latest first."""
    logs = (store.folder / "sessions").glob(f"*/{LOG_NAME}")
    found = [c for log in logs if (c := _of(store, log)) is not None]
    return tuple(sorted(found, key=lambda c: c.away_s))


def to_go_on_with(store: ProfileStore, session_id: str, image: Image) -> CutOff:
    """That one. Raises SafetyRefusedError where it may not be gone on with any more, InputError
    where the camera shows another image: what was measured in the old one is not true of it."""
    found = next((c for c in cut_off(store) if c.session_id == session_id), None)
    if found is None:
        raise SafetyRefusedError(
            "going on with that session",
            reason="it is over, too long ago, or the safety questions come first",
            remedy="begin a new one",
        )
    check_image(found.started, image)
    return found


def check_image(started: SessionStarted, image: Image) -> None:
    """Raises InputError as `to_go_on_with`."""
    for camera in (s for s in started.recording.streams if isinstance(s, CameraStream)):
        then = Image(camera.image_width_px, camera.image_height_px)
        if then != image:
            raise InputError(
                "the camera's image",
                value=f"{image.width_px} x {image.height_px}",
                allowed=f"{then.width_px} x {then.height_px}, as when the session began",
                remedy="use the same camera, or end that session and begin a new one",
            ).coded(
                "other_camera",
                width=image.width_px,
                height=image.height_px,
                then_width=then.width_px,
                then_height=then.height_px,
            )


def recover_cut_off(home: Path) -> list[Recovered]:
    """Bring back what a crash left unfinished, of whomever, and how it ended. What may be gone on
    with is left to go on with."""
    left: set[Path] = set()
    for profile_id in profiles(home):
        with suppress(LengthwiseError), ProfileStore.open(home, profile_id) as store:
            left |= {c.folder / LOG_NAME for c in cut_off(store)}
    return recover(home, leave=left)


def finish_all(store: ProfileStore) -> None:
    """What was cut off is ended where it stands, so that whether the next session may begin is
    asked of all that came before it."""
    recover(store.folder)


def _of(store: ProfileStore, log: Path) -> CutOff | None:
    try:
        status = log.stat()
        if is_encrypted(log):  # as a whole, once it had been cut off: it can be finished alone
            return None
    except OSError:
        return None
    away_s = time.time() - status.st_mtime
    if not 0.0 <= away_s <= OFFERED_S or _being_written(log):
        return None
    found = _scanned(log, status.st_size, status.st_mtime_ns)
    if found is None or not _may_go_on(store, found.started):
        return None
    chosen = led_exercises()[found.started.config.exercise_id or ""]
    return CutOff(
        session_id=found.started.session_id,
        exercise_id=chosen.id,
        plain_name=chosen.plain_name,
        side=found.side,
        effective_s=found.effective_s,
        away_s=away_s,
        folder=log.parent,
        started=found.started,
    )


class _Scanned(Struct, frozen=True):
    started: SessionStarted
    side: Side | None
    effective_s: float


@lru_cache(maxsize=16)
def _scanned(log: Path, size: int, changed_ns: int) -> _Scanned | None:
    """What the log of that size and time holds; None where nothing is left to go on with."""
    count, stop, ramp, reading = TotalsCount(), StopSeen(), RampRead(), LogReading(log)
    started: SessionStarted | None = None
    side: Side | None = None
    try:
        for event in reading:
            count.take(event)
            stop.take(event)
            if isinstance(event, SessionStarted):
                started = event
            elif isinstance(event, DecisionLogged):
                ramp.take(event.decision)
            elif isinstance(event, FrameLogged) and event.guidance is not None:
                side = event.guidance.side
    except InputError:
        return None
    totals = count.totals()
    if started is not None and started.config.ramp is not None and not ramp.kept:
        return None  # of half a ramp nothing is kept, and nobody is led on in one
    if stop.over or stop.asks_anew or reading.report.damaged or started is None or totals is None:
        return None
    return _Scanned(started, side, totals.effective_s or 0.0) if totals.frames else None


def _may_go_on(store: ProfileStore, started: SessionStarted) -> bool:
    """Led live by this very program, of this person, who may be led through it now."""
    chosen = led_exercises().get(started.config.exercise_id or "")
    return (
        chosen is not None
        and started.version == LOG_VERSION
        and started.software == f"lengthwise {__version__}"
        and started.recording.driver == LIVE_DRIVER
        and started.person.profile_id == store.profile_id
        and not store.ended_unsafely(started.session_id)
        and guided.standing(store, chosen).refusal is None
    )


def _being_written(log: Path) -> bool:
    try:
        os.close(lock_log(log))
    except LengthwiseError:
        return True
    return False
