"""The measurement update: second-order divided differences, with considered variables.

Foreshortening has no slope at neutral, so a linearised filter walks into a mirrored solution and
claims it. Here the expected readings and their slopes come from divided differences over the whole
spread of the estimate (DD2: Norgaard, Poulsen and Ravn 2000, doi:10.1016/S0005-1098(00)00089-3),
and what the slope cannot explain counts as noise.

Considered variables (errors of sensors that stay) enter with their variance and correlations, but
are not corrected (Schmidt-Kalman): otherwise a posture that is held for long would slowly be
explained as an error of the sensor. They are learnt at the zero pose only.
"""

from math import sqrt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numba import njit

from lengthwise.body import projection
from lengthwise.body.matrices import lower_root, lowered, product, solved_lower, solved_upper
from lengthwise.body.process import Model
from lengthwise.reference.constants import constant

_BENT_TAU_S = constant("body", "bent_tau_s")
_LEAST_STEP_S = 1e-3


def repeated(tau_s: float, dt_s: float) -> float:
    """By how much to widen a variance that is read anew every `dt_s` and stays for `tau_s`."""
    return max(tau_s / (2.0 * max(dt_s, _LEAST_STEP_S)), 1.0)


class Expected(Struct, frozen=True, eq=False):
    """What sensors should read: `value` (m,), `slope` (m, n), `bent` (m, k) curvature as columns
    whose outer product is the covariance that the slope leaves out; `here` (m,) at the mean;
    `variance` (m,) of the values themselves."""

    value: np.ndarray
    slope: np.ndarray
    bent: np.ndarray
    here: np.ndarray
    variance: np.ndarray


def expected(
    model: Model,
    mean: np.ndarray,
    covariance: np.ndarray,
    away_m: float,
    *,
    dt_s: float,
    up: np.ndarray = projection.UPRIGHT,
) -> Expected:
    """All outputs of `projection` for the estimate; errors of the sensors are left out.

    `dt_s` since the last readings: what a slope leaves out stays for as long as the pose does, so
    as white noise it is widened by the number of frames in that time. `up` (3,) see `projection`.
    """
    widened = sqrt(2.0 * repeated(_BENT_TAU_S, dt_s))
    return Expected(
        *_expected(
            model.feeds,
            model.start_joints,
            model.body_m,
            mean,
            covariance,
            away_m,
            widened,
            up,
        )
    )


@njit(cache=True)
def _expected(
    feeds: np.ndarray,
    start_joints: np.ndarray,
    body_m: np.ndarray,
    mean: np.ndarray,
    covariance: np.ndarray,
    away_m: float,
    widened: float,
    up: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The parts of `Expected`; `widened`: by what to widen the curvature."""
    n, k = len(mean), feeds.max() + 1
    inputs, across = np.zeros(k), np.zeros((k, n))
    feeding = np.flatnonzero(feeds >= 0)
    for at in feeding:
        inputs[feeds[at]] += mean[at]
        across[feeds[at]] += covariance[at]
    spread = np.zeros((k, k))
    for at in feeding:
        for j in range(k):
            spread[feeds[at], j] += across[j, at]
    root = lower_root(spread)
    here, half, bend = projection.differences(start_joints, inputs, root, body_m, away_m, up)
    by_input = solved_upper(root, half)
    outputs = half.shape[1]
    value, variance = np.zeros(outputs), np.zeros(outputs)
    for i in range(k):
        value += bend[i]
        variance += half[i] * half[i]
    slope, bent = np.zeros((outputs, n)), np.empty((outputs, k))
    for i in range(outputs):
        for at in feeding:
            slope[i, at] = by_input[feeds[at], i]
        for j in range(k):
            # With a step of sqrt(3) sds the covariance beyond the slope is 2 bend' bend.
            bent[i, j] = bend[j, i] * widened
    return here + value, slope, bent, here.copy(), variance


class Reading(Struct, frozen=True, eq=False):
    """k readings against what was expected: `innovation` (k,), `slope` (k, n) with the sensors'
    errors, `noise` (k, k) covariance of what is white or bent."""

    innovation: np.ndarray
    slope: np.ndarray
    noise: np.ndarray

    def part(self, kept: np.ndarray) -> "Reading":
        return Reading(self.innovation[kept], self.slope[kept], self.noise[np.ix_(kept, kept)])


def joined(*readings: Reading) -> Reading:
    """Readings of independent noise as one."""
    if len(readings) == 1:
        return readings[0]
    sizes = [len(r.innovation) for r in readings]
    noise = np.zeros((sum(sizes), sum(sizes)))
    start = 0
    for reading, size in zip(readings, sizes, strict=True):
        noise[start : start + size, start : start + size] = reading.noise
        start += size
    return Reading(
        np.concatenate([r.innovation for r in readings]),
        np.concatenate([r.slope for r in readings]),
        noise,
    )


class Weighed(Struct, frozen=True, eq=False):
    """Readings with `shared` (k, n), their covariance with the variables, and `spread` (k, k)
    covariance of the innovations."""

    reading: Reading
    shared: np.ndarray
    spread: np.ndarray

    def part(self, kept: np.ndarray) -> "Weighed":
        return Weighed(self.reading.part(kept), self.shared[kept], self.spread[np.ix_(kept, kept)])


def weighed(covariance: np.ndarray, reading: Reading) -> Weighed:
    return Weighed(reading, *_weighed(covariance, reading.slope, reading.noise))


@njit(cache=True)
def _weighed(
    covariance: np.ndarray, slope: np.ndarray, noise: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    shared = product(slope, covariance)
    return shared, product(slope, np.ascontiguousarray(shared.T)) + noise


class Mark(Struct, frozen=True, eq=False):
    """Coordinates (13,) as they were at an earlier moment, kept with the estimate.

    `mean` (13,), `covariance` (13, 13); `shared` (n, 13) covariance of the variables now with them,
    so that a difference from then has its true spread. A mark is considered, not corrected: what
    is read minutes later must not move it.
    """

    mean: np.ndarray
    covariance: np.ndarray
    shared: np.ndarray


class Updated(Struct, frozen=True, eq=False):
    mean: np.ndarray
    covariance: np.ndarray
    marks: tuple[Mark, ...]


def update(
    mean: np.ndarray,
    covariance: np.ndarray,
    weighed: Weighed,
    *,
    considered: np.ndarray | None,
    marks: tuple[Mark, ...] = (),
) -> Updated:
    """The estimate after k readings.

    `considered` (n,) bool: variables that are not corrected, None where all are.
    """
    reading = weighed.reading
    fixed = np.zeros(len(mean), dtype=bool) if considered is None else considered
    after, moved, root, gain = _update(
        mean, covariance, weighed.shared, weighed.spread, reading.innovation, fixed
    )
    followed = tuple(
        replace(mark, shared=_mark_followed(root, gain, reading.slope, mark.shared))
        for mark in marks
    )
    return Updated(after, moved, followed)


@njit(cache=True)
def _update(
    mean: np.ndarray,
    covariance: np.ndarray,
    shared: np.ndarray,
    spread: np.ndarray,
    innovation: np.ndarray,
    fixed: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Mean (n,) and covariance (n, n) after readings; the lower root (k, k) of their spread, and
    the gain (n, k) behind it."""
    root = lower_root(spread)
    weighted = solved_lower(root, shared)
    moved = lowered(covariance, weighted, fixed)
    white = solved_lower(root, np.ascontiguousarray(innovation).reshape((-1, 1)))
    after = np.zeros(len(mean))
    for i in range(len(white)):
        after += white[i, 0] * weighted[i]
    for j in range(len(mean)):
        if fixed[j]:
            after[j] = 0.0
            weighted[:, j] = 0.0
        after[j] += mean[j]
    return after, moved, root, np.ascontiguousarray(weighted.T)


@njit(cache=True)
def _mark_followed(
    root: np.ndarray, gain: np.ndarray, slope: np.ndarray, shared: np.ndarray
) -> np.ndarray:
    """(n, 13) covariance of the variables with a mark after readings."""
    followed: np.ndarray = shared - product(gain, solved_lower(root, product(slope, shared)))
    return followed
