"""Use case: what came of a ramp to tolerance, when its session is looked back on."""

from contextlib import suppress
from math import hypot
from pathlib import Path

import msgspec
from msgspec import Struct

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision
from lengthwise.contracts.errors import LengthwiseError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.session import SessionConfig
from lengthwise.live.ramp_asked import targets_of
from lengthwise.live.ramp_read import RampRead
from lengthwise.record.session_folder import SEALED_NAME
from lengthwise.record.store import ProfileStore
from lengthwise.report.words import muscle_place
from lengthwise.vault.files import read_bytes

_EVENTS_NAME = "events.jsonl"
_MM = 1e3


class RampEnded(Struct, frozen=True):
    """`number` 1 or 2; 0: none was begun. `why`: id of the reason."""

    number: int
    why: str


class Length(Struct, frozen=True):
    mm: float
    sd_mm: float


class RampFound(Struct, frozen=True):
    """`place`: what it lengthened first. `ended`: how each did; one that was broken off did not.
    `first`, `enough`: the marks of it that are kept; None: none is. `between`: the way from one to
    the other. `begun`: how many count for that day."""

    place: str
    ended: tuple[RampEnded, ...]
    kept: bool
    first: Length | None
    enough: Length | None
    between: Length | None
    begun: int
    harmed: bool


def ramp_found(store: ProfileStore, session_id: str, exercise_id: str | None) -> RampFound | None:
    """None where no ramp was led in it, or its decisions are not there to be read."""
    decisions = _decisions(store.recording(session_id))
    read = RampRead()
    for decision in decisions:
        read.take(decision)
    led = read.led or any(r.session_id == session_id for r in store.person().ramps)
    side = next((d.side for d in decisions if d.side is not None), None)
    targets = targets_of(SessionConfig(exercise_id, side)) if led else ()
    if not targets:
        return None
    ended = tuple(RampEnded(number, why) for number, why in sorted(read.ends.items()))
    return _found(store, session_id, targets[0], ended, read.lower)


def _found(
    store: ProfileStore,
    session_id: str,
    muscle: tuple[MuscleGroup, Side],
    ended: tuple[RampEnded, ...],
    lower: int | None,
) -> RampFound:
    person = store.person()
    marks = [m for m in person.marks if m.session_id == session_id and (m.group, m.side) == muscle]
    firsts = [m for m in marks if m.kind is MarkKind.FIRST_RESISTANCE]
    enough = next((m for m in marks if m.kind is MarkKind.TOLERANCE), None)
    # Of the ramp whose tolerance is kept.
    first = firsts[min(lower or 1, len(firsts)) - 1] if firsts else None
    led = [r for r in person.ramps if r.session_id == session_id]
    return RampFound(
        place=muscle_place(*muscle),
        ended=ended,
        kept=enough is not None,
        first=_length(first),
        enough=_length(enough),
        between=None if first is None or enough is None else _between(first, enough),
        begun=len(led),
        harmed=any(r.harmed is not False for r in led),
    )


def _length(mark: Mark | None) -> Length | None:
    return None if mark is None else Length(_MM * mark.length_m, _MM * mark.sd_m)


def _between(first: Mark, enough: Mark) -> Length:
    """Of the same session and sensors, so that they share a bias; where it is not told how much of
    it, as if they shared none."""
    sd_m = enough.distance_sd_m
    sd_m = hypot(first.sd_m, enough.sd_m) if sd_m is None else sd_m
    return Length(_MM * (enough.length_m - first.length_m), _MM * sd_m)


def _decisions(recording: Path) -> list[Decision]:
    found: list[Decision] = []
    events = recording.with_name(_EVENTS_NAME)
    with suppress(OSError, LengthwiseError, msgspec.MsgspecError):
        if recording.name == SEALED_NAME and events.is_file():
            lines = read_bytes(events).splitlines()
            found = [msgspec.json.decode(line, type=Decision) for line in lines]
    return found
