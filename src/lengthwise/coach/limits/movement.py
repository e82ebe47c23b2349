"""Limits of how one moves: not fast into a stretch, and not deeper right after easing."""

from math import exp, inf, isnan

from msgspec import Struct

from lengthwise.coach.limits.actions import FREE, Action, Verdict, answer, is_amount, missing
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings


class Pace(Struct, frozen=True, gc=False):
    """Speed along the path into the stretch, in paths a second, smoothed; None: not known."""

    t_s: float | None = None
    progress: float | None = None
    rate_per_s: float | None = None


STILL = Pace(rate_per_s=0.0)


def followed(pace: Pace, progress: float | None, *, t_s: float, time_s: float) -> Pace:
    """One frame; v <- v + (dp/dt - v) (1 - exp(-dt / time_s)), the same at any rate of frames.

    From out of sight it begins anew: its first frame says where, not how fast.
    """
    if progress is None:
        return Pace()
    if pace.progress is None or pace.t_s is None:
        return Pace(t_s, progress)
    dt_s = t_s - pace.t_s
    if dt_s <= 0.0:
        return pace
    rate = (progress - pace.progress) / dt_s
    before = 0.0 if pace.rate_per_s is None else pace.rate_per_s
    smoothed = before + (rate - before) * (1.0 - exp(-dt_s / time_s))
    return Pace(t_s, progress, smoothed)


def speed(pace: Pace, settings: Settings) -> Verdict:
    rate = pace.rate_per_s
    if rate is None or isnan(rate):
        return answer(Action.HOLD, ReasonId.SPEED_NOT_KNOWN)
    if rate > settings.pace_pause_per_s:
        return answer(Action.PAUSE, ReasonId.SPEED_FAST, path_per_s=rate)
    if rate > settings.pace_ease_per_s:
        return answer(Action.EASE, ReasonId.SPEED_EASE, path_per_s=rate)
    return FREE


def settling(since_ease_s: float | None, settings: Settings) -> Verdict:
    """`since_ease_s`: infinite where nobody has been eased yet."""
    if since_ease_s == inf:
        return FREE
    if since_ease_s is None or not is_amount(since_ease_s):
        return missing("since_ease_known")
    if since_ease_s < settings.ease_lapse_s:
        return answer(Action.HOLD, ReasonId.SETTLING, since_ease_s=since_ease_s)
    return FREE
