"""Where a stretch stands between a person's two marks: the one place that decides it.

Feedback, score and report all ask here, so that they can never disagree.

With the reading f and the marks f1 (first resistance) and fT (tolerance), all range fractions,

    position p = (f - f1) / (fT - f1):  0 at first resistance, 1 at tolerance.

Errors enter as dp (fT - f1) = df - (1 - p) df1 - p dfT, so with C the joint covariance (3, 3) of
(f, f1, fT) and w = (1, p - 1, -p)

    sd(p) = sqrt(w' C w) / (fT - f1).

What was marked in this session was read by the same sensors in the same set-up, so it shares the
slow part of its error with the reading, and that part cancels as far as the weights let it. How
large it is the body estimate knows (`tissue.moments`). Where it does not, `shared_bias_ratio` of
the variance is taken as shared. A mark of another day shares nothing.

A tolerance of another day that today's first resistance carries over is fT = f1 + D. It errs with
that very mark, and with the distance D besides. D was marked in one session, so its variance is
var(f1) + var(fT) - 2 cov(f1, fT) of that day (`Mark.distance_sd`).
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
_MIN_MARK_SPAN = constant("tissue", "min_mark_span_ratio")


class MarkReading(Struct, frozen=True):
    """A mark as range fraction. `this_session`: it shares its bias with the present reading.

    `distance_sd`: for a tolerance carried over by today's first resistance, the sd of the distance
    between the two; the rest of its error is that mark's own. None: a mark by itself.
    """

    range_fraction: float
    sd: float
    this_session: bool
    distance_sd: float | None = None


def tolerance_today(
    first_now: MarkReading,
    *,
    first_then: MarkReading,
    tolerance_then: MarkReading,
    distance_sd: float | None = None,
) -> MarkReading:
    """Tolerance of another day, carried over to today's reading by the first resistance.

    Both marks of that day shared their bias, so their distance is surer than either: `distance_sd`
    where it was told, else as far as `shared_bias_ratio` says. Today's first resistance says where
    it begins, and only downwards: no re-marking lifts the ceiling. Where that cuts the carry short
    the sd stays that of the uncut one, whose tolerance is further on.
    """
    shift = min(first_now.range_fraction - first_then.range_fraction, 0.0)
    if distance_sd is None:
        distance_sd = sqrt(1.0 - _SHARED_BIAS_RATIO) * hypot(first_then.sd, tolerance_then.sd)
    return MarkReading(
        range_fraction=tolerance_then.range_fraction + shift,
        sd=hypot(first_now.sd, distance_sd),
        this_session=True,
        distance_sd=distance_sd,
    )


def fraction_covariance(
    reading_sd: float,
    first: MarkReading,
    tolerance: MarkReading,
    *,
    of_session: np.ndarray | None = None,
) -> np.ndarray:
    """(3, 3) joint covariance of a reading, first resistance and tolerance, as range fractions.

    `of_session` (n, n): of the reading and those of the two that were marked in this session, where
    the body estimate knows it; never mixed with the rule, which could promise what cannot be.
    """
    taken_now = tolerance.this_session and tolerance.distance_sd is None
    sds = np.array([reading_sd, first.sd, tolerance.sd])
    session = np.array([0, *(i for i, now in ((1, first.this_session), (2, taken_now)) if now)])
    by_rule = of_session is None
    if of_session is None:
        of_session = np.empty((0, 0))
    joint: np.ndarray = _fraction_covariance(sds, session, of_session, by_rule)
    if tolerance.distance_sd is not None:
        joint[2, :2] = joint[:2, 2] = joint[1, :2]
        joint[2, 2] = joint[1, 1] + tolerance.distance_sd**2
    return joint


@njit(cache=True)
def _fraction_covariance(
    sds: np.ndarray, session: np.ndarray, of_session: np.ndarray, by_rule: bool
) -> np.ndarray:
    """(3, 3) of independent errors (3,), but for the moments `session` (n,) among the three, whose
    errors are as in `of_session` (n, n) or share what the rule says."""
    joint = np.diag(sds**2)
    for i in range(len(session)):
        for j in range(len(session)):
            a, b = session[i], session[j]
            if not by_rule:
                joint[a, b] = of_session[i, j]
            elif a != b:
                joint[a, b] = _SHARED_BIAS_RATIO * sds[a] * sds[b]
    return joint


def window_position(
    reading: float, *, first: MarkReading, tolerance: MarkReading, covariance: np.ndarray
) -> Estimate | None:
    """Position of a range fraction between the marks, not limited to 0..1.

    `covariance` as from `fraction_covariance`. None where the marks lie in the other order or so
    close together that nothing fits between.
    """
    if not between(first, tolerance):
        return None
    mean, sd = position_of(reading, first.range_fraction, tolerance.range_fraction, covariance)
    return Estimate(mean, sd)


def between(first: MarkReading, tolerance: MarkReading) -> bool:
    """Whether the marks are in their order and so far apart that something fits between."""
    return tolerance.range_fraction - first.range_fraction >= _MIN_MARK_SPAN


@njit(cache=True)
def position_of(
    reading: float, first: float, tolerance: float, covariance: np.ndarray
) -> tuple[float, float]:
    """Position and its sd, by the equations of this module's head."""
    span = tolerance - first
    position = (reading - first) / span
    weight = (1.0, position - 1.0, -position)
    variance = 0.0
    for i in range(3):
        for j in range(3):
            variance += weight[i] * covariance[i, j] * weight[j]
    return position, sqrt(max(variance, 0.0)) / span


def numeric(position: Estimate | None) -> Estimate | None:
    """The position if it is sure enough (`known_position_sd`) to be a numeric window, else None.

    With a wider sd the ceiling (mean + 1.64 sd below 0.90) leaves no room inside 0.60 to 0.85: a
    person could only be eased away, so the first gentle pull leads instead.
    """
    return position if position is not None and position.sd <= _KNOWN_POSITION_SD else None


class TargetPosition(Struct, frozen=True):
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
    the stretch has come at least to mean - `ceiling_sd_factor` (s - s0), without more doubt. So a
    guess eases nobody, and a stretch that is clearly too far still meets every limit.
    """
    excess = position.sd - _KNOWN_POSITION_SD
    if not excess > 0.0:
        return position
    return Estimate(position.mean - _CEILING_SD_FACTOR * excess, 0.0)


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
    """Whether the stretch is inside the window, edges included.

    None where it cannot be known: no position, or one with too wide an sd.
    """
    if position is None or position.sd > _KNOWN_POSITION_SD:
        return None
    return window.low <= position.mean <= window.high


def over_ceiling(position: Estimate | None, window: Window) -> bool | None:
    """Whether position + 1.64 sd passes the ceiling; None without a position.

    Unlike `in_window` this answers however wide the sd is: doubt counts against going further.
    """
    if position is None:
        return None
    return position.mean + _CEILING_SD_FACTOR * position.sd > window.ceiling
