"""Where a stretch stands between a person's two marks: the one place that decides it.

Feedback, score and report all ask here, so that they can never disagree.

With the reading l and the marks l1 (first resistance) and lT (tolerance), all muscle lengths (m),

    position p = (l - l1) / (lT - l1):  0 at first resistance, 1 at tolerance.

How far the joints go does not enter. Errors enter as dp (lT - l1) = dl - (1 - p) dl1 - p dlT, so
with C the joint covariance (3, 3) of (l, l1, lT) and w = (1, p - 1, -p)

    sd(p) = sqrt(w' C w) / (lT - l1).

What was marked in this session was read by the same sensors in the same set-up, so it shares the
slow part of its error with the reading, and that part cancels as far as the weights let it. How
large it is the body estimate knows (`tissue.moments`). Where it does not, `shared_bias_ratio` of
the variance is taken as shared. A mark of another day shares nothing.

A tolerance of another day that today's first resistance carries over is lT = l1 + D. It errs with
that very mark, and with the distance D besides. D was marked in one session, so its variance is
var(l1) + var(lT) - 2 cov(l1, lT) of that day (`Mark.distance_sd_m`).
"""

from math import hypot, sqrt

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_SHARED_BIAS_RATIO = constant("tissue", "shared_bias_ratio")
_KNOWN_POSITION_SD = constant("tissue", "known_position_sd")
_CEILING_SD_FACTOR = constant("tissue", "ceiling_sd_factor")
_WINDOW_SD_FACTOR = constant("tissue", "window_sd_factor")
_STEP = constant("tissue", "little_further_ratio")


class MarkReading(Struct, frozen=True):
    """A mark as muscle length. `this_session`: it shares its bias with the present reading.

    `distance_sd_m`: for a tolerance carried over by today's first resistance, the sd of the
    distance between the two; the rest of its error is that mark's own. None: a mark by itself.
    """

    length_m: float
    sd_m: float
    this_session: bool
    distance_sd_m: float | None = None


def tolerance_today(
    first_now: MarkReading,
    *,
    first_then: MarkReading,
    tolerance_then: MarkReading,
    distance_sd_m: float | None = None,
) -> MarkReading:
    """Tolerance of another day, carried over to today's reading by the first resistance.

    Both marks of that day shared their bias, so their distance is surer than either:
    `distance_sd_m` where it was told, else as far as `shared_bias_ratio` says. Today's first
    resistance says where it begins, and only downwards: no re-marking lifts the ceiling. Where that
    cuts the carry short the sd stays that of the uncut one, whose tolerance is further on.
    """
    shift_m = min(first_now.length_m - first_then.length_m, 0.0)
    if distance_sd_m is None:
        distance_sd_m = sqrt(1.0 - _SHARED_BIAS_RATIO) * hypot(first_then.sd_m, tolerance_then.sd_m)
    return MarkReading(
        length_m=tolerance_then.length_m + shift_m,
        sd_m=hypot(first_now.sd_m, distance_sd_m),
        this_session=True,
        distance_sd_m=distance_sd_m,
    )


def length_covariance_m2(
    reading_sd_m: float,
    first: MarkReading,
    tolerance: MarkReading,
    *,
    of_session_m2: np.ndarray | None = None,
) -> np.ndarray:
    """(3, 3) joint covariance of a reading, first resistance and tolerance, as lengths.

    `of_session_m2` (n, n): of the reading and those of the two that were marked in this session,
    where the body estimate knows it; never mixed with the rule, which could promise what cannot be.
    """
    taken_now = tolerance.this_session and tolerance.distance_sd_m is None
    sds_m = np.array([reading_sd_m, first.sd_m, tolerance.sd_m])
    session = np.array([0, *(i for i, now in ((1, first.this_session), (2, taken_now)) if now)])
    by_rule = of_session_m2 is None
    if of_session_m2 is None:
        of_session_m2 = np.empty((0, 0))
    joint: np.ndarray = _length_covariance_m2(sds_m, session, of_session_m2, by_rule)
    if tolerance.distance_sd_m is not None:
        joint[2, :2] = joint[:2, 2] = joint[1, :2]
        joint[2, 2] = joint[1, 1] + tolerance.distance_sd_m**2
    return joint


@njit(cache=True)
def _length_covariance_m2(
    sds_m: np.ndarray, session: np.ndarray, of_session_m2: np.ndarray, by_rule: bool
) -> np.ndarray:
    """(3, 3) of independent errors (3,), but for the moments `session` (n,) among the three, whose
    errors are as in `of_session_m2` (n, n) or share what the rule says."""
    joint = np.diag(sds_m**2)
    for i in range(len(session)):
        for j in range(len(session)):
            a, b = session[i], session[j]
            if not by_rule:
                joint[a, b] = of_session_m2[i, j]
            elif a != b:
                joint[a, b] = _SHARED_BIAS_RATIO * sds_m[a] * sds_m[b]
    return joint


def window_position(
    reading_m: float,
    *,
    first: MarkReading,
    tolerance: MarkReading,
    covariance_m2: np.ndarray,
    least_span_m: float,
) -> Estimate | None:
    """Position of a length between the marks, not limited to 0..1.

    `covariance_m2` as from `length_covariance_m2`. None where the marks lie in the other order or
    less than `least_span_m` apart, so that nothing fits between.
    """
    if not between(first, tolerance, least_span_m):
        return None
    mean, sd = position_of(reading_m, first.length_m, tolerance.length_m, covariance_m2)
    return Estimate(mean, sd)


def between(first: MarkReading, tolerance: MarkReading, least_span_m: float) -> bool:
    """Whether the marks are in their order and so far apart that something fits between."""
    return tolerance.length_m - first.length_m >= least_span_m


@njit(cache=True)
def position_of(
    reading_m: float, first_m: float, tolerance_m: float, covariance_m2: np.ndarray
) -> tuple[float, float]:
    """Position and its sd, by the equations of this module's head."""
    span_m = tolerance_m - first_m
    position = (reading_m - first_m) / span_m
    weight = (1.0, position - 1.0, -position)
    variance_m2 = 0.0
    for i in range(3):
        for j in range(3):
            variance_m2 += weight[i] * covariance_m2[i, j] * weight[j]
    return position, sqrt(max(variance_m2, 0.0)) / span_m


def numeric(position: Estimate | None) -> Estimate | None:
    """The position if it is sure enough (`known_position_sd`) to be a numeric window, else None.

    With a wider sd the ceiling (mean + 1.64 sd below 0.90) leaves no room inside 0.60 to 0.85: a
    person could only be eased away, so the first gentle pull leads instead.
    """
    return position if position is not None and position.sd <= _KNOWN_POSITION_SD else None


class TargetPosition(Struct, frozen=True, gc=False):
    """Where one target of the exercise is, however unsure, and what it is held against.

    `known`: the position may be shown, counted and deepened by.
    """

    position: Estimate
    window: Window
    known: bool

    @property
    def muscle(self) -> tuple[MuscleGroup, Side]:
        return self.window.group, self.window.side


def surely(position: Estimate) -> Estimate:
    """What a position says that is sure enough to be held against a limit.

    A known position (sd within `known_position_sd`, s0) stands as it is: its doubt counts against
    going further. With a wider sd s the first gentle pull leads, and the position only says that
    the stretch has come at least to mean - `ceiling_sd_factor` (s - s0), with the doubt s0 of the
    least sure one that is known: so nothing is gained by being a little less sure, a guess eases
    nobody, and a stretch that is clearly too far still meets every limit.
    """
    excess = position.sd - _KNOWN_POSITION_SD
    if not excess > 0.0:
        return position
    return Estimate(position.mean - _CEILING_SD_FACTOR * excess, _KNOWN_POSITION_SD)


def surely_over(target: TargetPosition) -> bool:
    """Whether a target has passed its ceiling, also where its position is not known."""
    return over_ceiling(surely(target.position), target.window) is True


def window_for(windows: tuple[Window, ...], group: MuscleGroup, side: Side) -> Window:
    """The person's window of one muscle, or the general one (0.60 to 0.85, ceiling 0.90)."""
    for window in windows:
        if window.group is group and window.side is side:
            return window
    return Window(group, side)


def in_window(position: Estimate | None, window: Window) -> bool | None:
    """Whether the stretch is inside the window: what counts, what is shown and what is reported.

    True only where that is sure: `window_sd_factor` sds lie within both edges. False where the
    estimate itself lies outside. None where it cannot be known: no position, or one with too wide
    an sd for its place.
    """
    about = about_in_window(position, window)
    if position is None or not about:
        return about
    margin = _WINDOW_SD_FACTOR * position.sd
    sure = window.low <= position.mean - margin and position.mean + margin <= window.high
    return True if sure else None


def about_in_window(position: Estimate | None, window: Window) -> bool | None:
    """Whether the estimate itself lies inside, edges included, however near them.

    It leads a person there and counts nothing: half of what lies on an edge is outside. None
    without a position, or with one that is no numeric window.
    """
    if numeric(position) is None or position is None:
        return None
    return window.low <= position.mean <= window.high


def surer_further(position: Estimate | None, window: Window) -> bool:
    """Whether somebody about in the window would surely be in it a little further on.

    False where the sd leaves no place in the window that is sure, or none below the ceiling a
    little further on: then nobody is sent to look.
    """
    if position is None or not about_in_window(position, window):
        return False
    margin = _WINDOW_SD_FACTOR * position.sd
    sure_place = 2.0 * margin <= window.high - window.low and position.mean - margin < window.low
    return sure_place and room_further(position, window)


def room_further(position: Estimate | None, window: Window) -> bool:
    """Whether a little further (`little_further_ratio`) is still below the ceiling, doubt included,
    so that nobody is led to where they would be eased."""
    if position is None:
        return False
    return over_ceiling(Estimate(position.mean + _STEP, position.sd), window) is False


def leads(position: Estimate | None, window: Window) -> bool:
    """Whether a window has room for somebody who is led into it: who comes from just short of its
    lower edge a little further stays below the ceiling, doubt included.

    With an sd that leaves no such room a person would be eased for having followed, so the first
    gentle pull leads. The position forbids all the same.
    """
    if numeric(position) is None or position is None:
        return False
    return room_further(Estimate(window.low, position.sd), window)


class WidestSd(Struct, frozen=True):
    """Sds of a position up to which it is `shown`, its window `leads`, and a place in the middle of
    it is sure, so that it `counts`."""

    shown: float
    leads: float
    counts: float


def widest_sd(window: Window) -> WidestSd:
    leads_to = (window.ceiling - window.low - _STEP) / _CEILING_SD_FACTOR
    return WidestSd(
        shown=_KNOWN_POSITION_SD,
        leads=min(max(leads_to, 0.0), _KNOWN_POSITION_SD),
        counts=(window.high - window.low) / (2.0 * _WINDOW_SD_FACTOR),
    )


def over_ceiling(position: Estimate | None, window: Window) -> bool | None:
    """Whether position + 1.64 sd passes the ceiling; None without a position.

    Unlike `in_window` this answers however wide the sd is: doubt counts against going further.
    """
    if position is None:
        return None
    return position.mean + _CEILING_SD_FACTOR * position.sd > window.ceiling
