"""What a person answered to the safety questions, and when."""

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
