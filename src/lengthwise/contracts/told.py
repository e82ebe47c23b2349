"""What a person told of their back beside a session."""

from enum import StrEnum

from msgspec import Struct


class PainMoment(StrEnum):
    """`MOST`: while it was done, at its most."""

    BEFORE = "before"
    AFTER = "after"
    MOST = "most"


class PainTold(Struct, frozen=True):
    """Pain of the back from 0 to 10 (`nrs`) at one moment of a session, told at `at_s`, seconds
    since 1970 UTC. Who did not answer has told none: that is no zero."""

    session_id: str
    moment: PainMoment
    nrs: float
    at_s: float
