"""What a person missed a place by that they looked for with eyes closed."""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.states import Estimate


class Untold(StrEnum):
    """Why nothing is told of a test. `TOO_FEW`: of its trials too few are known."""

    NOT_BEGUN = "not_begun"
    NOT_REACHED = "not_reached"
    NOT_STILL = "not_still"
    NOT_SEEN = "not_seen"
    NOT_BACK = "not_back"
    ENVELOPE = "envelope"
    STOPPED = "stopped"
    CUT_OFF = "cut_off"
    TOO_FEW = "too_few"


class PositionErrors(Struct, frozen=True):
    """Of `told` trials: errors in rad, + further from the start than the place.

    `constant`: their mean; `absolute`: the mean of their size, which is never below what the
    sensors make of no error at all, `sensors_rad`; `variable`: their standard deviation (n - 1).
    Each with the sd that the measurement leaves. `detectable_rad`: the least change of the constant
    error between two days that is one (95 %).
    """

    told: int
    constant: Estimate
    absolute: Estimate
    variable: Estimate
    sensors_rad: float
    detectable_rad: float


class Repositioning(Struct, frozen=True):
    """One test. `place`: the angle (rad) that was looked for, None where none was reached; `trials`
    that were made, and the errors, or why not. `called_back`: in so many trials the person went too
    far to be let go on; they are not among the errors, which are larger than these tell."""

    coordinate: Coordinate
    side: Side | None
    place: Estimate | None
    trials: int
    errors: PositionErrors | None
    untold: Untold | None = None
    called_back: int = 0
