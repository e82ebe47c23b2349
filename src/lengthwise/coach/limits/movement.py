"""Limits of how one moves: not fast into a stretch, not to and fro in it, not deeper right after
an ease."""

from math import exp, inf, isnan

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.limits.actions import FREE, Action, Verdict, answer, is_amount, missing
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.settings import Settings


class Swings(Struct, frozen=True, gc=False):
    """Turns of the way into the stretch: `low`, `high` progress since the last one, `turned_s` when
    the last ones were, `rising` which way it went; None: not known. `since_s`: since when there are
    as many as in bouncing; None: there are not."""

    low: float = inf
    high: float = -inf
    rising: bool | None = None
    turned_s: tuple[float, ...] = ()
    since_s: float | None = None


class Pace(Struct, frozen=True, gc=False):
    """Speed along the path into the stretch, in paths a second, smoothed; None: not known."""

    t_s: float | None = None
    progress: float | None = None
    rate_per_s: float | None = None
    swings: Swings = Swings()


STILL = Pace(rate_per_s=0.0)
_NO_SWINGS = Swings()


def turned(swings: Swings, progress: float) -> float:
    """How far it has come back from where it last went furthest."""
    back, forth = swings.high - progress, progress - swings.low
    if swings.rising is None:
        return max(back, forth)
    return back if swings.rising else forth


def swung(
    swings: Swings, progress: float, *, t_s: float, least: float, settings: Settings
) -> Swings:
    """One frame; coming back by `least` of the way is a turn."""
    low, high, rising = min(swings.low, progress), max(swings.high, progress), swings.rising
    times_s = swings.turned_s
    if rising is not False and high - progress >= least:
        low = high = progress
        rising = False
    elif rising is not True and progress - low >= least:
        low = high = progress
        rising = True
    else:
        fresh = not times_s or t_s - times_s[0] <= settings.bounce_s
        if fresh and low == swings.low and high == swings.high:
            return swings
        return _counted(Swings(low, high, rising, times_s, swings.since_s), t_s, settings)
    return _counted(Swings(low, high, rising, (*times_s, t_s), swings.since_s), t_s, settings)


def _counted(swings: Swings, t_s: float, settings: Settings) -> Swings:
    recent_s = tuple([at_s for at_s in swings.turned_s if t_s - at_s <= settings.bounce_s])
    since_s = t_s if swings.since_s is None else swings.since_s
    bounces = len(recent_s) >= settings.bounce_turns
    return replace(swings, turned_s=recent_s, since_s=since_s if bounces else None)


def followed(
    pace: Pace,
    progress: float | None,
    *,
    t_s: float,
    time_s: float,
    swings: Swings = _NO_SWINGS,
) -> Pace:
    """One frame; v <- v + (dp/dt - v) (1 - exp(-dt / time_s)), the same at any rate of frames.

    From out of sight it begins anew: its first frame says where, not how fast.
    """
    if progress is None:
        return Pace()
    if pace.progress is None or pace.t_s is None:
        return Pace(t_s, progress, swings=swings)
    dt_s = t_s - pace.t_s
    if dt_s <= 0.0:
        return pace
    rate = (progress - pace.progress) / dt_s
    before = 0.0 if pace.rate_per_s is None else pace.rate_per_s
    smoothed = before + (rate - before) * (1.0 - exp(-dt_s / time_s))
    return Pace(t_s, progress, smoothed, swings)


def speed(pace: Pace, settings: Settings) -> Verdict:
    rate, bounces_since_s = pace.rate_per_s, pace.swings.since_s
    if bounces_since_s is not None and pace.t_s is not None:
        bounced_s, turns = pace.t_s - bounces_since_s, float(len(pace.swings.turned_s))
        if bounced_s > settings.ease_answer_s:
            return answer(Action.RELEASE, ReasonId.SPEED_BOUNCE, turns=turns, bounced_s=bounced_s)
        if not (rate or 0.0) > settings.pace_pause_per_s:
            return answer(Action.EASE, ReasonId.SPEED_BOUNCE, turns=turns)
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
