"""What the envelope can answer, and the answers that many limits give."""

from enum import IntEnum
from math import isfinite

from msgspec import Struct

from lengthwise.coach.reasons import ReasonId
from lengthwise.contracts.decision import Reason


class Action(IntEnum):
    """What the person is asked to do, from the least to the most permissive."""

    STOP = 0
    RELEASE = 1
    PAUSE = 2
    EASE = 3
    HOLD = 4
    DEEPEN = 5


class Verdict(Struct, frozen=True, gc=False):
    """`reasons` is empty where the proposal stands unchanged."""

    action: Action
    reasons: tuple[Reason, ...] = ()


FREE = Verdict(Action.DEEPEN)


def missing(what: str) -> Verdict:
    """Something that must be known is not: the strictest answer short of a stop."""
    return Verdict(Action.RELEASE, (Reason(ReasonId.ENVELOPE_MISSING, {what: 0.0}),))


def answer(action: Action, reason_id: ReasonId, **numbers: float) -> Verdict:
    return Verdict(action, (Reason(reason_id, numbers),))


def is_amount(value: float | None) -> bool:
    """A finite number, not below zero."""
    return value is not None and isfinite(value) and value >= 0.0
