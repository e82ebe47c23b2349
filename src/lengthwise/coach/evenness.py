"""Tempo and smoothness of the movements to and fro of one set: measured, and judged by nobody.

Smoothness is the log dimensionless jerk of each movement (`repetition.log_dimensionless_jerk`). It
has no norm: it depends on the exercise, the tempo and the sensors. So the later movements of a set
are compared with its first ones alone, and only movements whose own angles were seen well enough
take part, whatever else of the body was not. With a and b the halves of the set, n
movements in all,

    change = mean(b) - mean(a),  sd = s * sqrt(1/n_a + 1/n_b),  s of both with n - 2 free

and a difference is spoken of when it is at least `smooth_least_change` and the interval of
Student's t at `smooth_probability` leaves out zero.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, stdev

from msgspec import Struct
from scipy.special import stdtrit

from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.repetition import Coefficients
from lengthwise.contracts.decision import Reason


class Made(Struct, frozen=True):
    """One movement that claimed angles have seen go, counted or hollow. `log_jerk` None: not seen
    well enough for it."""

    cycle_s: float
    log_jerk: float | None


def finding(made: Sequence[Made], asked_s: float | None, c: Coefficients) -> Reason:
    """What there is to say of a set, with its numbers; `asked_s` the tempo asked for."""
    jerks = [m.log_jerk for m in made if m.log_jerk is not None]
    lasts_s = [m.cycle_s for m in made]
    tempo = {
        "movements": float(len(made)),
        "cycle_s": fmean(lasts_s) if lasts_s else None,
        "cycle_sd_s": stdev(lasts_s) if len(lasts_s) > 1 else None,
        "asked_s": asked_s,
    }
    if len(jerks) < c.smooth_least_count:
        return reason(ReasonId.SET_UNTOLD, **tempo)
    change, sd, most = _change(jerks, c.smooth_probability)
    numbers = tempo | {
        "log_jerk": fmean(jerks),
        "log_jerk_change": change,
        "log_jerk_change_sd": sd,
    }
    if abs(change) < max(most, c.smooth_least_change):
        return reason(ReasonId.SET_AS_SMOOTH, **numbers)
    told = ReasonId.SET_SMOOTHER if change > 0.0 else ReasonId.SET_LESS_SMOOTH
    return reason(told, **numbers)


def _change(jerks: Sequence[float], probability: float) -> tuple[float, float, float]:
    """The change, its sd, and how much of it chance alone would make that often."""
    half = len(jerks) // 2
    first, later = jerks[:half], jerks[half:]
    free = len(jerks) - 2
    squares = sum((x - fmean(part)) ** 2 for part in (first, later) for x in part)
    sd = sqrt(squares / free) * sqrt(1.0 / len(first) + 1.0 / len(later))
    reach = float(stdtrit(free, 0.5 + 0.5 * probability))
    return fmean(later) - fmean(first), sd, reach * sd
