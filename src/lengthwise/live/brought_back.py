"""A session that was cut off, brought back to the moment at which its log ends.

The log alone is enough: what came in goes through the same pure steps again. That takes a tenth of
the session's time, so what the steps remember is saved beside the log now and then, and only what
came in since is stepped again. What follows is compared with what the log says of it, byte by byte:
where it differs (another version, another machine) nothing is gone on with.
"""

import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.session import (
    DeviceLogged,
    ObservationLogged,
    RejectionLogged,
    SessionEnded,
    SessionEvent,
)
from lengthwise.live import pipeline
from lengthwise.live.learning_taken import LearningTaken
from lengthwise.live.practice_taken import PracticeSaved
from lengthwise.live.session import LiveSession
from lengthwise.record.log_reading import LogReading
from lengthwise.record.session_folder import STATE_NAME
from lengthwise.vault.files import read_bytes, write_bytes

SAVED_EVERY_S = 5.0
_CRC_BYTES = 4


class NotTheSameError(LengthwiseError):
    """What the steps make of the log is not what the log says of it."""

    def __init__(self, log: Path) -> None:
        super().__init__(
            f"session {log.parent.name}: it cannot be gone on with, as this program would not have "
            "decided the same; what was recorded is kept, begin a new one"
        )


class Saved(Struct, frozen=True):
    """What is remembered when the first `events` of the log are taken, which end at `log_bytes`."""

    software: str
    session_id: str
    events: int
    log_bytes: int
    frames: int
    last_s: float
    state: pipeline.State
    practised: PracticeSaved


def save(saved: Saved, folder: Path) -> None:
    """Put it in the place of the one before. It only saves time: whether the disk takes it does not
    matter, and what is torn is not used."""
    content = encode(saved)
    part = folder / f".{STATE_NAME}.part"
    with suppress(OSError):
        write_bytes(part, zlib.crc32(content).to_bytes(_CRC_BYTES, "little") + content)
        part.replace(folder / STATE_NAME)


def read_saved(folder: Path, *, session_id: str, software: str, log_bytes: int) -> Saved | None:
    """What was saved of this session, by this program, within so much of the log; else None."""
    try:
        raw = read_bytes(folder / STATE_NAME)
        if zlib.crc32(raw[_CRC_BYTES:]) != int.from_bytes(raw[:_CRC_BYTES], "little"):
            return None
        saved = decode(raw[_CRC_BYTES:], Saved)
    except (OSError, LengthwiseError, msgspec.MsgspecError, ValueError, TypeError):
        return None
    of_it = saved.session_id == session_id and saved.software == software
    return saved if of_it and saved.log_bytes <= log_bytes else None


def bring_back(
    session: LiveSession,
    learnt: LearningTaken,
    log: Path,
    saved: Saved | None,
    *,
    retake: Callable[[SessionEvent], None],
) -> list[SessionEvent]:
    """Take a log again: each event goes to `retake`, and the steps end where they were. `session`
    and `learnt` have taken nothing yet.

    Returns what follows from the last observation and was not written any more. Raises
    NotTheSameError, also where the session has ended.
    """
    events = 1 if saved is None else saved.events
    if saved is not None:
        session.go_on_from(saved.state, frames=saved.frames, last_s=saved.last_s)
        learnt.go_on_from(saved.practised, saved.state)
    follows: deque[SessionEvent] = deque()
    reading = LogReading(log)
    for n, (payload, event) in enumerate(reading.payloads()):
        if n == 0:
            continue
        if isinstance(event, SessionEnded):
            raise NotTheSameError(log)
        retake(event)
        if isinstance(event, ObservationLogged | DeviceLogged):
            came = event.observation if isinstance(event, ObservationLogged) else event.sample
            if n < events:
                session.passed_over(came)
            else:
                follows.extend(session.deliver(came))
        if n < events or (isinstance(event, RejectionLogged) and event.before_steps):
            continue
        if not follows or encode(follows.popleft()) != payload:
            raise NotTheSameError(log)
    if reading.report.damaged:
        raise NotTheSameError(log)
    return list(follows)
