"""Gravity in what a sensor felt since it came back, by how its body is accelerated.

In axes that the gyroscope carries it feels f = g + a. Of moments b_1 .. b_n their plain mean is the
best guess of g only where a forgets itself from one to the next; a body that strides swings. The
best weights there are (Gauss, Markov, Aitken)

    w = C^-1 1 / (1' C^-1 1),   with an sd of g of (1' C^-1 1)^-1/2 along each axis,

C_ij the covariance of a between b_i and b_j. It is a function of their distance in time alone, and
is taken from what was felt before the interruption and since: of the horizontal part, both ways
alike, since only that inclines. Neither posture nor heading nor phase of before is used, so nobody
is held to how they were; who moves otherwise now is told by the moments since. Where the body goes
in a curve its pull stands still in these axes, and no weights take it out (`imu_felt`).
"""

from math import sqrt

import numpy as np
from msgspec import Struct
from scipy.linalg import solve_toeplitz

from lengthwise.reference.constants import constant

BLOCK_S = constant("body", "imu_felt_block_s")
_KEPT = round(constant("body", "imu_waves_kept_s") / BLOCK_S)
_LAGS = round(constant("body", "imu_waves_lags_s") / BLOCK_S)
_WEIGH = round(constant("body", "imu_waves_weigh_s") / BLOCK_S)
_WHITE = constant("body", "imu_waves_white_ratio")
_DOUBT = constant("body", "imu_waves_doubt_ratio")
_LEAST = 3

Triple = tuple[float, float, float]
_NOTHING: Triple = (0.0, 0.0, 0.0)


class Waves(Struct, frozen=True):
    """`blocks`: mean specific force (m/s2) of each block since the orientation was begun, in axes
    that follow from the gyroscope alone, of late only; `before`: covariance (m2/s4) by distance, in
    blocks, of what was felt before that, empty: not known. Of the block that is being filled since
    `since_s`: number of samples and their forces."""

    blocks: tuple[Triple, ...] = ()
    before: tuple[float, ...] = ()
    since_s: float | None = None
    count: int = 0
    filling: Triple = _NOTHING


def more(waves: Waves, t_s: float, force: Triple) -> Waves:
    """One sample more."""
    a, b = waves.filling, force
    filling = a[0] + b[0], a[1] + b[1], a[2] + b[2]
    since_s, count = t_s if waves.since_s is None else waves.since_s, waves.count + 1
    if t_s - since_s < BLOCK_S:
        return Waves(waves.blocks, waves.before, since_s, count, filling)
    mean = filling[0] / count, filling[1] / count, filling[2] / count
    return Waves((*waves.blocks[1 - _KEPT :], mean), waves.before, t_s)


def begun_anew(waves: Waves) -> Waves:
    """After an interruption. Where too little was felt since the last one, what was known of before
    that stays."""
    if len(waves.blocks) < _LAGS:
        return Waves(before=waves.before)
    return Waves(before=tuple(_covariance(np.array(waves.blocks), _LAGS).tolist()))


def gravity(waves: Waves) -> tuple[Triple, float] | None:
    """Gravity's reaction (m/s2) in the gyroscope's axes, and the sd of its direction (rad, both
    ways that it can be off together); None where nothing was felt before or too little since."""
    n = min(len(waves.blocks), len(waves.before))
    if n < _LEAST:
        return None
    felt = np.array(waves.blocks[-n:])
    before, since = np.array(waves.before[:n]), _covariance(felt, n)
    lags = (_WEIGH * before + n * since) / (_WEIGH + n)
    if not lags[0] > 0.0:
        return None
    lags[0] *= 1.0 + _WHITE
    weights = solve_toeplitz(lags, np.ones(n))
    total = float(weights.sum())
    if not total > 0.0:
        return None
    found = weights @ felt / total
    size = float(np.linalg.norm(found))
    if size == 0.0:
        return None
    x, y, z = found.tolist()
    return (x, y, z), _DOUBT * sqrt(2.0 / total) / size


def _covariance(felt: np.ndarray, lags: int) -> np.ndarray:
    """(lags,) of the horizontal part of (n, 3), mean of both ways; divided by all of n at each
    distance, so that it is one of something (not below 0)."""
    mean = felt.mean(axis=0)
    size = float(np.linalg.norm(mean))
    off = felt - mean
    if size > 0.0:
        up = mean / size
        off = off - np.outer(off @ up, up)
    n = len(off)
    whole = np.sum([np.correlate(axis, axis, "full") for axis in off.T], axis=0)
    return np.asarray(0.5 * whole[n - 1 : n - 1 + lags] / n)
