"""Rule L: whether six or twelve weeks have helped, and what follows where they have not. Pure.

Where sessions were too few, or pain was not told, nothing can be said of the exercises: then it
waits, and says so.
"""

from collections.abc import Iterable
from statistics import median

from msgspec.structs import replace

from lengthwise.contracts.adaptation import Adapt, Adaptation, Adaptive, Muscle
from lengthwise.contracts.week import NeededLength
from lengthwise.reference.constants import constant

_REVIEW_DAYS = (
    int(constant("plan", "plateau_targets_days")),
    int(constant("plan", "plateau_clinician_days")),
)
_ADHERENCE = constant("plan", "plateau_adherence_ratio")
_BETTER = constant("plan", "plateau_better_ratio")
_LESS = constant("plan", "retarget_ratio")
RESTED = "six weeks were for it, so others come first"
_WEEK = 7.0
_LEAST_TOLD = 3
"""Days of pain told without which a week has no middle."""


def reviewed(now: Adaptive, day: int) -> tuple[Adaptive, tuple[Adaptation, ...]]:
    """At most one review a day; each of the two once."""
    if now.start_day is None:
        return now, ()
    lived = day - now.start_day
    due = [days for days in _REVIEW_DAYS if lived >= days and days not in now.reviews]
    if not due:
        return now, ()
    # Of two that fall due together, as after a long pause, the later one counts.
    review = max(due)
    now = replace(now, reviews=(*now.reviews, *due))
    reason, action, change = _judged(now, day, review)
    found = Adaptation(
        day, action, ("L",), ("progress.plateau",), reason, change, about=f"week {review // 7}"
    )
    if action is Adapt.CHANGE_TARGETS:
        now = replace(now, retargeted=now.stretched)
    return now, (found,)


def _judged(now: Adaptive, day: int, review: int) -> tuple[str, Adapt, str]:
    assert now.start_day is not None
    due = (day - now.start_day) / _WEEK * now.sessions_a_week
    if len(now.session_days) < _ADHERENCE * due:
        return "few_sessions", Adapt.WAIT, "sessions"
    week = [k.pain for k in now.kept if k.pain is not None and k.day > day - _WEEK]
    if min(len(week), len(now.start_pains)) < _LEAST_TOLD:
        return "pain_not_told", Adapt.WAIT, "tell_pain"
    start = median(now.start_pains)
    if start <= 0.0 or median(week) <= (1.0 - _BETTER) * start:
        return "better", Adapt.WAIT, "no_longer_better"
    if review == _REVIEW_DAYS[-1]:
        return "no_better_late", Adapt.CLINICIAN, "look"
    if not now.stretched:
        return "nothing_stretched", Adapt.MEASURE_ANEW, "tested"
    return "no_better", Adapt.CHANGE_TARGETS, "better_by_then"


def retargeted(needs: Iterable[NeededLength], rested: Iterable[Muscle]) -> tuple[NeededLength, ...]:
    """The needs with those at half their weight that six weeks have been for. Where that leaves
    nothing else, all weigh as before beside each other: what is short is then measured anew."""
    back = set(rested)
    return tuple(
        replace(n, weight=n.weight * _LESS, finding="; ".join(filter(None, (n.finding, RESTED))))
        if (n.group, n.side) in back
        else n
        for n in needs
    )
