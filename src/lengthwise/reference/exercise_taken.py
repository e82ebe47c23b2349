"""What makes an exercise a test: how its result is taken, as written in the file."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from lengthwise.contracts.coordinates import Coordinate


class Way(StrEnum):
    """How a result is taken; code asks for this and never for a test's id.

    `furthest`: the angle at which the person stays, or turns back, by their own choice; `held`:
    seconds until what is held leaves its place; `repeated`: how far a feeling reaches down the leg
    before and after many movements; `still`: the angles of a quiet start posture.
    """

    FURTHEST = "furthest"
    HELD = "held"
    REPEATED = "repeated"
    STILL = "still"


class OfTries(StrEnum):
    """Which of several tries is the result."""

    MEDIAN = "median"
    LARGEST = "largest"


class Asked(StrEnum):
    """What only the person can tell. `reach`: how far down the leg, 0 to 5, before and after;
    `changed`: whether the leg's own feeling changes with a distant joint, at the furthest place."""

    REACH = "reach"
    CHANGED = "changed"


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """One coordinate of the measured angle, which is the sum of `factor` times each."""

    coordinate: Coordinate
    factor: float = 1.0


Tries = Annotated[int, Meta(ge=1, le=5)]


class Taken(Struct, frozen=True, forbid_unknown_fields=True):
    """Written for the left side. `result`: the entry of `assessments.toml` that it answers.

    `parts` add up to the measured angle, in the direction of the movement; `from_start`: it is the
    change since the quiet start of the test, else the angle from upright standing. `tries` and
    which `of_tries` counts, with `why`. `controls`: constraints of the file without which the
    result says nothing; `leaves_deg`: of what is held, how far it may come back before the time is
    over, at most `longest_s`. `asks` the person; `cycles` of each of the two sets of repeated
    movements. `stops`: ids of `reasons.toml` that end the test with no result, beside all else that
    the envelope ends. `open`: what it cannot tell, in one plain sentence.
    """

    result: str
    way: Way
    stops: tuple[str, ...]
    why: str
    parts: tuple[Part, ...] = ()
    from_start: bool = True
    tries: Tries = 1
    of_tries: OfTries = OfTries.MEDIAN
    controls: tuple[Coordinate, ...] = ()
    leaves_deg: float | None = None
    longest_s: float | None = None
    cycles: int | None = None
    asks: tuple[Asked, ...] = ()
    open: str = ""


def disagreement(taken: Taken) -> str | None:
    """The first thing in it that does not fit together."""
    repeated, held = taken.way is Way.REPEATED, taken.way is Way.HELD
    if repeated is bool(taken.parts) and taken.way is not Way.STILL:
        return "parts belong to every test but one of repeated movements"
    if repeated is not (taken.cycles is not None):
        return "cycles belong to a test of repeated movements, and only there"
    if held is not (taken.leaves_deg is not None and taken.longest_s is not None):
        return "leaves_deg and longest_s belong to what is held, and only there"
    if Asked.REACH in taken.asks and not repeated:
        return "how far a feeling reaches is asked around repeated movements"
    if Asked.CHANGED in taken.asks and taken.way is not Way.FURTHEST:
        return "a change with a distant joint is asked at the furthest place"
    if not taken.stops:
        return "stops names nothing"
    return None
