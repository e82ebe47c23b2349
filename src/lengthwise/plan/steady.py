"""What counts as well borne from pain that is not little: steady pain (rules D and G). Pure.

Up to 3 before a session rule G's own cut decides: 3 at most in it. Above it absolute limits do not
hold (rule D), so a session counts where it added nothing to the person's usual pain, which is the
middle of the week before it:

    before, usual <= 5       during <= min(before, usual)       the day after <= usual

and a step up needs a usual pain that did not rise from one week to the next. These are the three
conditions of pain-monitoring models: up to 5 of 10, settled by the next morning, not rising week by
week. No rise at all is let through within a session, since from pain of 3 rule G lets none through:
more pain before it never makes for an easier green. A day worse than usual counts by what is usual.
The active end of a range and loads are for the stage of little pain (rule K): steady pain brings no
level above the full dose.
"""

from collections.abc import Sequence
from statistics import median

from lengthwise.contracts.progress import SessionTold
from lengthwise.reference.constants import constant

_LITTLE_NRS = constant("plan", "green_most_nrs")
_MOST_NRS = constant("plan", "steady_most_nrs")
_MOST_LEVEL = int(constant("plan", "steady_most_level"))
_DAYS_LEAST = int(constant("plan", "steady_days_least"))
_WEEK = 7

Pains = Sequence[tuple[int, float]]
"""Days and the pain told on each."""


def usual_nrs(pains: Pains, before_day: int) -> float | None:
    """The middle of the week before a day; None: too few of its days were told."""
    week = [pain for day, pain in pains if before_day - _WEEK <= day < before_day]
    return median(week) if len(week) >= _DAYS_LEAST else None


def counts(session: SessionTold, next_day: float | None, usual: float | None) -> bool:
    """Whether a session that was graded green is one of those that bring a step up."""
    before, during = session.before, session.during
    if before is None or during is None or next_day is None:
        return False
    if before <= _LITTLE_NRS:
        return during <= _LITTLE_NRS
    if usual is None or max(before, usual) > _MOST_NRS:
        return False
    return during <= min(before, usual) and next_day <= usual


def not_rising(pains: Pains, day: int) -> bool:
    """Whether usual pain is little or did not rise against the week before. A week of which too
    little was told stands in the way only of pain that is not little."""
    now = usual_nrs(pains, day)
    if now is None or now <= _LITTLE_NRS:
        return True
    before = usual_nrs(pains, day - _WEEK)
    return before is not None and now <= before


def may_rise_from(level: int, pains: Pains, day: int) -> bool:
    """Whether one level more is for the stage that usual pain tells (rule K)."""
    now = usual_nrs(pains, day)
    return level < _MOST_LEVEL or now is None or now <= _LITTLE_NRS
