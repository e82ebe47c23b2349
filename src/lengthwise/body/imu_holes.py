"""Samples that never came: how the sensor turned meanwhile, and how far that may be off.

The orientation filter counts samples, so each one lost is filled in at once, by a line between its
neighbours. A turn that bends is then off: a straight line cuts the bend. How it bends is known from
both sides one sample later (a', a, hole, b, b'), and what the line left out is turned along with
that sample. So nothing waits for it, and what is made up is the cubic through the four.

One side alone tells too little: a quadratic through two before and one behind is worse than a line
where a foot hits the ground (decision 0103).
"""

from math import copysign, dist, exp, hypot

from msgspec import Struct

from lengthwise.body.imu_geometry import LARGEST_GAP_S
from lengthwise.reference.constants import constant

_MISSED_RATIO = constant("body", "imu_missed_ratio")
_BENT_RATIO = constant("body", "imu_bent_ratio")
_MISSED_TAU_S = constant("body", "imu_missed_tau_s")
_BENT_AT_MOST_S = constant("body", "imu_bent_at_most_s")
_BENDS_ALIKE = constant("body", "imu_bends_alike_ratio")
_BENDS_DIFFER = constant("body", "imu_bends_differ_ratio")
_LEVEL = (0.0, 0.0, 0.0)

Triple = tuple[float, float, float]


class Turned(Struct, frozen=True):
    """A turn (rad/s, sensor axes) that was heard, and how many were lost just before it."""

    t_s: float
    turn_rad_s: Triple
    lost: int = 0


class Holes(Struct, frozen=True):
    """`heard`: the last turns, three at most. Variances of the orientation by what never came:
    `rad2` by holes that were seen from both sides, `open_rad2` by one just before the last turn."""

    heard: tuple[Turned, ...] = ()
    rad2: float = 0.0
    open_rad2: float = 0.0


def heard_more(holes: Holes, now: Turned) -> tuple[Holes, Triple | None]:
    """The holes after a turn that was heard, and what is to be turned more along with it (rad/s,
    for the time of one sample), for a hole before the last one; None where nothing is."""
    if not holes.heard or now.t_s - holes.heard[-1].t_s > LARGEST_GAP_S:
        return Holes((now,)), None  # the orientation begins anew
    last, more, rad2 = holes.heard[-1], None, holes.rad2
    if rad2:
        rad2 *= exp(-2.0 * (now.t_s - last.t_s) / _MISSED_TAU_S)
    if last.lost:
        seen = _from_both_sides(holes.heard, now)
        rad2 += holes.open_rad2 if seen is None else seen[1]
        more = None if seen is None else seen[0]
    open_rad2 = _by_line_rad2(holes.heard, now) if now.lost else 0.0
    return Holes((*holes.heard[-2:], now), rad2, open_rad2), more


def _from_both_sides(heard: tuple[Turned, ...], after: Turned) -> tuple[Triple, float] | None:
    """What a line leaves of the cubic (rad/s, the sum over the samples that were lost), and the
    variance (rad2) of what is left then: in proportion to how the bends of both sides differ.

    With divided differences l = [a', a, b] and r = [a, b, b'] the cubic is the line and (t - a)
    (t - b) ((1 - w) l + w r), w = (t - a') / (b' - a'). Of each axis no more is taken than a few
    times the lesser bend, and nothing where they are opposite: a knock is on one side alone.
    """
    if len(heard) < 3:
        return None
    before, first, last = heard
    gap_s, lost = last.t_s - first.t_s, last.lost
    if max(first.t_s - before.t_s, gap_s, after.t_s - last.t_s) > _BENT_AT_MOST_S:
        return None
    left_s, right_s = last.t_s - before.t_s, after.t_s - first.t_s
    whole_s = after.t_s - before.t_s
    share = (0.5 * (first.t_s + last.t_s) - before.t_s) / whole_s
    slopes = _slope(before, first), _slope(first, last), _slope(last, after)
    # Sum of (t - a)(b - t) over samples that lie evenly between a and b.
    size_s2 = gap_s**2 * lost * (lost + 2) / (6.0 * (lost + 1))
    more, differ = [], []
    for early, across, late in zip(*slopes, strict=True):
        bend_l, bend_r = (across - early) / left_s, (late - across) / right_s
        bend = 0.0
        if bend_l * bend_r > 0.0:
            most = _BENDS_ALIKE * min(abs(bend_l), abs(bend_r))
            bend = (1.0 - share) * bend_l + share * bend_r
            bend = copysign(min(abs(bend), most), bend)
        more.append(-bend * size_s2)
        differ.append(bend_l - bend_r)
    sd_rad = _BENDS_DIFFER * hypot(*differ) * size_s2 * gap_s / (lost + 1)
    return (more[0], more[1], more[2]), sd_rad**2


def _by_line_rad2(heard: tuple[Turned, ...], now: Turned) -> float:
    """Variance by a hole before `now` that a line fills in: a turn that bends by k (rad/s3) is off
    by k T^3 / 12 over T, and by no more than a share of what its neighbours differ by."""
    gap_s = now.t_s - heard[-1].t_s
    step_s, slope = gap_s / (now.lost + 1), _slope(heard[-1], now)
    slope_before = _slope(heard[-2], heard[-1]) if len(heard) > 1 else _LEVEL
    bends = dist(slope, slope_before) / (0.5 * (gap_s + step_s))
    by_bend_rad = _BENT_RATIO * bends * gap_s**3 / 12.0
    by_size_rad = _MISSED_RATIO * hypot(*slope) * gap_s * now.lost * step_s
    return min(by_bend_rad, by_size_rad) ** 2


def _slope(before: Turned, now: Turned) -> Triple:
    """How fast the turn changes between two (rad/s2)."""
    step_s = now.t_s - before.t_s
    (a, b, c), (x, y, z) = before.turn_rad_s, now.turn_rad_s
    return (x - a) / step_s, (y - b) / step_s, (z - c) / step_s
