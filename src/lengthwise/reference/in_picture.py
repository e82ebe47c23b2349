"""What of the body a camera has to see for an exercise, told from the angles that it must know.

A part is a place that a pose model finds: whoever is to tell an angle must see both ends of the
segments that it lies between. From the side the near one of two parts is enough; from the front
both are wanted. All of it is an expert default: it decides when a session may begin by itself, and
never what is claimed; a person may always begin without.
"""

from enum import StrEnum

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import View
from lengthwise.reference.exercise_parts import MOVES_ABOUT
from lengthwise.reference.exercises import Exercise


class Seen(StrEnum):
    """Parts from the head down, each named by the landmarks at its joints."""

    HEAD = "head"
    SHOULDERS = "shoulders"
    HIPS = "hips"
    KNEES = "knees"
    ANKLES = "ankles"
    FEET = "feet"


_TRUNK = (Seen.SHOULDERS, Seen.HIPS)
_OF_JOINT: dict[str, tuple[Seen, ...]] = {
    "pelvis": _TRUNK,
    "lumbar": _TRUNK,
    "thorax": _TRUNK,
    "trunk": _TRUNK,
    "hip": (*_TRUNK, Seen.KNEES),
    "knee": (Seen.HIPS, Seen.KNEES, Seen.ANKLES),
    "ankle": (Seen.KNEES, Seen.ANKLES, Seen.FEET),
}


def parts_needed(e: Exercise) -> tuple[Seen, ...]:
    """In the order of `Seen`. Of who walks about nothing need be seen; of who sits and breathes the
    trunk. The head always: a pose model finds a person by it."""
    if e.kind in MOVES_ABOUT:
        return ()
    wanted = {Seen.HEAD, *_TRUNK}
    moved = tuple(m.coordinate for m in e.path)
    kept = tuple(c.coordinate for c in e.constraints)
    for coordinate in (*e.required, *moved, *kept):
        wanted.update(_OF_JOINT[coordinate.value.partition("_")[0]])
    return tuple(part for part in Seen if part in wanted)


def near_side(e: Exercise) -> Side | None:
    """The side that is to be turned to the camera; None: the front is."""
    view = e.camera_view()
    return {View.LEFT: Side.LEFT, View.RIGHT: Side.RIGHT}.get(view)


def legs_watched(e: Exercise) -> tuple[Side, ...]:
    """Sides whose hip, knee and ankle are wanted: the near one, or both from the front."""
    near = near_side(e)
    return tuple(Side) if near is None else (near,)
