"""How purely an exercise lengthens its target: line alignment and selectivity.

With q the joint angles, q0 the start posture, f_i the range fraction of muscle i:

    line alignment = cos(d, g),  d = q - q0,  g = sum over targets of mean df/dq   (radians)
    selectivity    = sum over targets of max(f - f0, 0) / sum over the region of max(f - f0, 0)

The slope is the mean of those at the start and now, so that d . g is what the targets gained: the
moment arm at the end of a wide movement alone would blame a faultless one for having turned.
Alignment looks at the coordinates that the targets depend on and that are claimed or moved by the
exercise: the front knee that bends while a lunge sinks says nothing about the line of the psoas
(what should not move is the matter of constraints). Selectivity looks at both sides of every
muscle of the region. Either is None while its own sd, from the covariance of
the joint angles, is too wide or too little was moved to tell; selectivity also while a target is
not claimed.
"""

from math import isnan, nan, sqrt

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import (
    ANATOMICAL,
    INDEX,
    Coordinate,
    Side,
)
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES
from lengthwise.contracts.states import Precision
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import Exercise
from lengthwise.reference.postures import posture_mean_rad

_MIN_MOVEMENT_RAD = constant("tissue", "min_movement_rad")
_MIN_GAIN = constant("tissue", "min_gain_ratio")
_PRECISION_SD = constant("tissue", "precision_sd")

_NEGLIGIBLE_SLOPE_M = 1e-5

_FIRST = INDEX[ANATOMICAL[0]]
_PAST_LAST = _FIRST + len(ANATOMICAL)


class StretchLine(Struct, frozen=True):
    """What one working side of an exercise should do.

    `targets`, `region` (32,): 1.0 where a muscle group is meant, else 0.0; `in_path` (13,) which
    coordinates the exercise moves, `depends` (13,) which ones change the length of a target;
    `start_rad` (13,). `stretches` false for holds, whose purpose is not length. `kept`: what should
    not move, and its place in the start posture, rad.
    """

    side: Side
    targets: np.ndarray
    region: np.ndarray
    in_path: np.ndarray
    depends: np.ndarray
    start_rad: np.ndarray
    stretches: bool
    kept: tuple[tuple[Coordinate, float], ...] = ()


class Movement(Struct, frozen=True):
    """Where the joints are and what that did since the start posture.

    `change_rad` (13,), `covariance_rad2` (13, 13), `claimed` (13,) per coordinate; `gain` (32,)
    of range fraction and whether it is `known` (32,); `slope` and `start_slope` (32, 13)
    d range fraction / d coordinate, 1/rad, now and at the start posture.
    """

    change_rad: np.ndarray
    covariance_rad2: np.ndarray
    claimed: np.ndarray
    gain: np.ndarray
    known: np.ndarray
    slope: np.ndarray
    start_slope: np.ndarray


def stretch_line(exercise: Exercise, side: Side, *, typical_slope_m: np.ndarray) -> StretchLine:
    """The line of an exercise with `side` as the working one.

    `typical_slope_m` (32, 13) of `RangeBounds` says which joints a target crosses.
    """
    written = exercise.for_side(side)
    targets = {GROUP_INDEX[t.group, t.side] for t in written.about}
    region = {GROUP_INDEX[group, s] for group in written.region for s in Side} | targets
    moved = {motion.coordinate for motion in written.path}
    start_rad = posture_mean_rad(
        written.start_posture, overrides_rad=written.start_rad(), side=side
    )
    crossed = typical_slope_m[sorted(targets)].max(axis=0, initial=0.0) > _NEGLIGIBLE_SLOPE_M
    return StretchLine(
        side=side,
        targets=frozen_array([i in targets for i in range(len(GROUP_SIDES))]),
        region=frozen_array([i in region for i in range(len(GROUP_SIDES))]),
        in_path=frozen_array([c in moved for c in ANATOMICAL], dtype="bool"),
        depends=frozen_array(crossed, dtype="bool"),
        start_rad=frozen_array(start_rad[_FIRST:_PAST_LAST]),
        stretches=bool(written.targets),
        kept=tuple(
            (c.coordinate, float(start_rad[INDEX[c.coordinate]])) for c in written.constraints
        ),
    )


def precision(line: StretchLine, movement: Movement) -> Precision:
    """Both numbers for one working side; None for holds."""
    if not line.stretches:
        return Precision(line.side, None, None)
    return Precision(line.side, _line_alignment(line, movement), _selectivity(line, movement))


def _line_alignment(line: StretchLine, movement: Movement) -> float | None:
    cosine = _alignment(
        movement.change_rad,
        movement.covariance_rad2,
        (movement.claimed | line.in_path) & line.depends,
        line.targets,
        movement.start_slope,
        movement.slope,
    )
    return None if isnan(cosine) else float(cosine)


def _selectivity(line: StretchLine, movement: Movement) -> float | None:
    share = _share(
        movement.gain,
        movement.known,
        movement.slope,
        movement.covariance_rad2,
        line.region,
        line.targets,
    )
    return None if isnan(share) else float(share)


@njit(cache=True)
def _alignment(
    change_rad: np.ndarray,
    covariance_rad2: np.ndarray,
    looked_at: np.ndarray,
    targets: np.ndarray,
    start_slope: np.ndarray,
    slope: np.ndarray,
) -> float:
    """Cosine between movement and line over the coordinates `looked_at` (13,); NaN: not told."""
    size = len(change_rad)
    along, uphill = np.zeros(size), np.zeros(size)
    for i in range(size):
        if looked_at[i]:
            along[i] = change_rad[i]
            for row in range(len(targets)):
                if targets[row] != 0.0:
                    uphill[i] += targets[row] * (start_slope[row, i] + slope[row, i])
    moved_rad, steepness = sqrt((along**2).sum()), sqrt((uphill**2).sum())
    if moved_rad < _MIN_MOVEMENT_RAD or steepness == 0.0:
        return nan
    along /= moved_rad
    uphill /= steepness
    cosine = (along * uphill).sum()
    cosine_sd = _sd((uphill - cosine * along) / moved_rad, covariance_rad2)
    # At cosine 1 its sd vanishes to first order, so the movement must stand out by itself as well.
    if cosine_sd > _PRECISION_SD or moved_rad < 2.0 * _sd(along, covariance_rad2):
        return nan
    return float(min(1.0, max(-1.0, cosine)))


@njit(cache=True)
def _share(
    gain: np.ndarray,
    known: np.ndarray,
    slope: np.ndarray,
    covariance_rad2: np.ndarray,
    region: np.ndarray,
    targets: np.ndarray,
) -> float:
    """The targets' share of what the region gained; NaN: not told, as where one is not known."""
    size = slope.shape[1]
    total, of_target = 0.0, 0.0
    total_slope, target_slope = np.zeros(size), np.zeros(size)
    for row in range(len(gain)):
        if targets[row] != 0.0 and not known[row]:
            return nan
        if region[row] != 0.0 and gain[row] > 0.0:
            total += region[row] * gain[row]
            of_target += region[row] * targets[row] * gain[row]
            for i in range(size):
                total_slope[i] += region[row] * slope[row, i]
                target_slope[i] += region[row] * targets[row] * slope[row, i]
    if total < _MIN_GAIN:
        return nan
    share = of_target / total
    share_sd = _sd((target_slope - share * total_slope) / total, covariance_rad2)
    if share_sd > _PRECISION_SD or total < 2.0 * _sd(total_slope, covariance_rad2):
        return nan
    return min(1.0, max(0.0, share))


@njit(cache=True)
def _sd(slope: np.ndarray, covariance: np.ndarray) -> float:
    variance = 0.0
    for i in range(len(slope)):
        for j in range(len(slope)):
            variance += slope[i] * covariance[i, j] * slope[j]
    return sqrt(max(variance, 0.0))
