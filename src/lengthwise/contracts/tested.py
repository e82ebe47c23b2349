"""What came of one test that was led, and why nothing did where nothing did."""

from enum import StrEnum
from math import isfinite

from msgspec import Struct

from lengthwise.contracts.coordinates import Side

FARTHEST_REACH = 5
"""How far a feeling reaches down a leg: 0 not into it, 5 to the foot (rule K)."""


class Untaken(StrEnum):
    """Why a test has no result. `NOT_CONTROLLED`: what has to be kept surely left its place;
    `CONTROL_NOT_SEEN`: whether it was kept is not known. `EASED`: the envelope held the person
    back, so that how far they would have gone is not known; `LOAD`: it was the load of the low
    back, which another try would only repeat. `NOT_ANSWERED`: what only they can tell was not
    told."""

    NOT_BEGUN = "not_begun"
    NOT_REACHED = "not_reached"
    NOT_SEEN = "not_seen"
    NOT_STILL = "not_still"
    NOT_BACK = "not_back"
    NOT_CONTROLLED = "not_controlled"
    CONTROL_NOT_SEEN = "control_not_seen"
    EASED = "eased"
    LOAD = "load"
    STOPPED = "stopped"
    NOT_ANSWERED = "not_answered"
    CUT_OFF = "cut_off"


class Tested(Struct, frozen=True):
    """One test of one side in one session.

    `value` with `sd`: degrees in the direction of the movement, of what is held seconds; None where
    `untaken` says why, or where the test asks for words alone. `tries` that count. `controlled`:
    what has to be kept was; None: nothing has to, or it is not known. `symptom`: the leg's own
    feeling changed with a distant joint, or was told of; None: not asked, not answered.
    `reach_before`, `reach_after`: 0 to 5. `at_least`: it was ended before it ended by itself.
    """

    __test__ = False

    test_id: str
    side: Side | None
    value: float | None = None
    sd: float | None = None
    tries: int = 0
    controlled: bool | None = None
    symptom: bool | None = None
    reach_before: int | None = None
    reach_after: int | None = None
    at_least: bool = False
    untaken: Untaken | None = None

    def __post_init__(self) -> None:
        if (self.value is None) is not (self.sd is None):
            raise ValueError("a value and its sd stand together")
        if self.sd is not None and not (isfinite(self.sd) and self.sd > 0.0):
            raise ValueError(f"the sd of a result is {self.sd}; allowed: above 0")
