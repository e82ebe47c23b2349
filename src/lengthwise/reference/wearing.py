"""Where sensors are worn, as data: positions with their axes, and which one for which exercise."""

from functools import cache
from importlib.resources import files
from math import radians

import msgspec
from msgspec import Struct

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Axis, Posture, Segment
from lengthwise.reference.exercises import Exercise


class Position(Struct, frozen=True, forbid_unknown_fields=True):
    """A wearing position. `front` and `up`: axes of a phone worn like in the picture, standing."""

    segment: Segment
    name: str
    picture: str
    front: Axis
    up: Axis


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """Where to wear the one sensor one has: ids of positions, and why."""

    recommended: str
    why: str
    forbidden: tuple[str, ...] = ()


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    position: dict[str, Position]
    start: dict[Posture, Place]
    exercise: dict[str, Place]
    tips: dict[str, dict[Segment, tuple[float, float]]]


@cache
def _table() -> _Table:
    raw = (files("lengthwise.reference") / "wearing.toml").read_bytes()
    return msgspec.toml.decode(raw, type=_Table)


def positions() -> dict[str, Position]:
    """Every wearing position by id; treat as read-only."""
    return _table().position


def position(position_id: str) -> Position:
    """Raises InputError with the known ids."""
    known = positions()
    if position_id not in known:
        raise InputError(
            "wearing position",
            value=position_id,
            allowed=", ".join(known),
            remedy="choose one of these ids",
        )
    return known[position_id]


def place_for_posture(posture: Posture) -> Place:
    return _table().start[posture]


def place_for_exercise(exercise: Exercise) -> Place:
    """Of the exercise where it has one of its own, else of its start posture; for its side."""
    found = _table().exercise.get(exercise.id, place_for_posture(exercise.start_posture))
    return msgspec.structs.replace(
        found, recommended=found.recommended.format(side=exercise.written_for.value)
    )


def tip_rad(motion: str, segment: Segment) -> tuple[float, float]:
    """How far a segment tips in a known motion, and the spread among people."""
    usual, spread = _table().tips[motion][segment]
    return radians(usual), radians(spread)
