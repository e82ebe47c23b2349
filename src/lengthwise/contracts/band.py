"""What a session has a motorised band do, and why it does not."""

from enum import StrEnum

from msgspec import Struct


class BandLead(StrEnum):
    """By what a pull is led. `FORCE`: the position is not known, and the force that kept this
    person in their window before is kept."""

    WINDOW = "window"
    FORCE = "force"


class Withheld(StrEnum):
    """Why nothing pulls now: the gravest that holds. The last two the person's hand can change."""

    STOPPED = "stopped"
    NOT_THIS_EXERCISE = "not_this_exercise"
    NOT_THIS_JOINT = "not_this_joint"
    NO_WINDOW = "no_window"
    BARRED = "barred"
    NO_LINK = "no_link"
    FAULT = "fault"
    SAID_NOTHING = "said_nothing"
    NOT_IN_HOLD = "not_in_hold"
    EASED = "eased"
    NOT_DEEPER = "not_deeper"
    NO_POSITION = "no_position"
    GRIP_OPEN = "grip_open"
    GRIP_ANEW = "grip_anew"


class BandOrder(Struct, frozen=True):
    """What the band `source` is to be sent: go for `force_n` at no more than `rate_n_s`, worth
    nothing after `valid_for_s`. A force of 0 is a release. `target_n` that is led to now, with
    which `lead`; `phase` of the controller; `why` it is released, ids of `band.signals.Cause`."""

    t_s: float
    source: str
    force_n: float
    rate_n_s: float
    valid_for_s: float
    target_n: float
    phase: str
    lead: BandLead | None = None
    why: tuple[str, ...] = ()
