"""What a person answered to the safety questions, and when; and that a session was stopped."""

from enum import StrEnum

from msgspec import Struct


class YesNo(StrEnum):
    YES = "yes"
    NO = "no"


class Screened(Struct, frozen=True):
    """All answers that were given at one time (`at_s`, seconds since 1970 UTC), by question; a
    question that was left open is not in it. `version` of the questions."""

    version: int
    at_s: float
    answers: dict[str, YesNo]


class SafetyStop(Struct, frozen=True):
    """A session ended with a symptom or with pain at `at_s`, seconds since 1970 UTC; or (`flare`)
    the back became clearly worse, without one."""

    at_s: float
    flare: bool = False


FLARE_STOP = "flare-"
"""Before the id of a stop that is no session's: the safety questions come again after a flare."""


Told = Screened | SafetyStop
"""What decides whether somebody may be led, in the order in which it was kept."""
