"""How surely the mean of what a sensor felt is gravity, since its orientation was begun anew.

A sensor says at once how it turns, so what it feels is summed in the axes in which it stood then,
and only the mean acceleration of the body hides in the mean: over a time T the mean is off by

    (v(T) - v(0)) / (g T).

Velocity shows in what was felt, but for a straight line in time, which is that very error. Two
things are hidden by the line: within less than a stride most of the velocity, and the curve of a
way that is walked in a turn, v x rate of turn / g, however long.
"""

from math import hypot, pi, sqrt

from msgspec import Struct

from lengthwise.reference.constants import constant

_BLOCK_S = constant("body", "imu_felt_block_s")
_STRIDE_S = constant("body", "imu_felt_stride_s")
_WALKED_M_S = constant("body", "imu_felt_walked_m_s")
_LEAST_SD_RAD = constant("body", "imu_felt_least_sd_deg") * pi / 180.0
_LEAST_BLOCKS = 3

Triple = tuple[float, float, float]
_NOTHING: Triple = (0.0, 0.0, 0.0)


class Felt(Struct, frozen=True):
    """Sums in blocks, in axes that follow from the gyroscope alone.

    `blocks`: how many there were; `total`, `squares` of their mean specific force (m/s2) and of its
    squares; `run` of its running sum, `run_squares` of the squares of that, `run_late` of the same
    weighed by the number of the block; `turned` of the rates of turn (rad/s). Of the block that is
    being filled since `since_s`: number of samples, their forces and turns.
    """

    blocks: int = 0
    total: Triple = _NOTHING
    squares: float = 0.0
    run: Triple = _NOTHING
    run_squares: float = 0.0
    run_late: Triple = _NOTHING
    turned: Triple = _NOTHING
    since_s: float | None = None
    count: int = 0
    filling: Triple = _NOTHING
    turning: Triple = _NOTHING


def felt_more(felt: Felt, t_s: float, *, force: Triple, turn: Triple) -> Felt:
    """One sample more: specific force (m/s2) and rate of turn (rad/s)."""
    filling, turning = _plus(felt.filling, force), _plus(felt.turning, turn)
    since_s, count = t_s if felt.since_s is None else felt.since_s, felt.count + 1
    if t_s - since_s < _BLOCK_S:
        return Felt(
            felt.blocks,
            felt.total,
            felt.squares,
            felt.run,
            felt.run_squares,
            felt.run_late,
            felt.turned,
            since_s,
            count,
            filling,
            turning,
        )
    mean, blocks = _times(filling, 1.0 / count), felt.blocks + 1
    total = _plus(felt.total, mean)
    return Felt(
        blocks,
        total,
        felt.squares + _dot(mean, mean),
        _plus(felt.run, total),
        felt.run_squares + _dot(total, total),
        _plus(felt.run_late, _times(total, float(blocks))),
        _plus(felt.turned, _times(turning, 1.0 / count)),
        t_s,
    )


def steady_sd_rad(felt: Felt) -> float:
    """Sd of the direction of gravity in the mean of what was felt, as if no block told of another:
    small where a sensor hardly felt anything but gravity."""
    if felt.blocks < _LEAST_BLOCKS:
        return float("inf")
    mean_squared = _dot(felt.total, felt.total) / felt.blocks**2
    spread = max(felt.squares / felt.blocks - mean_squared, 0.0)
    if mean_squared == 0.0:
        return float("inf")
    return sqrt(0.5 * spread / felt.blocks / mean_squared)


def moved_sd_rad(felt: Felt) -> float:
    """Sd of the direction of up in the mean of what was felt by a body that goes to and fro or
    walks; of its whole error, both ways that it can incline. inf: nothing can be said."""
    return hypot(swung_sd_rad(felt) * _stride_ratio(felt), curved_sd_rad(felt))


def _stride_ratio(felt: Felt) -> float:
    """How many times as long as what was felt a stride is, at least once."""
    return max(_STRIDE_S / (max(felt.blocks, 1) * _BLOCK_S), 1.0)


def swung_sd_rad(felt: Felt) -> float:
    """The part of it that going to and fro makes, as far as its speed shows: within less than a
    stride by so much more as a stride is longer, and in the plain mean as much again."""
    n, g = felt.blocks, hypot(*felt.total) / max(felt.blocks, 1)
    if n < _LEAST_BLOCKS or g == 0.0:
        return float("inf")
    return sqrt(2.0) * _run_sd(felt) * _stride_ratio(felt) / (g * n)


def curved_sd_rad(felt: Felt) -> float:
    """The part of it that a curve makes which is walked, and what is never known better."""
    n, g = felt.blocks, hypot(*felt.total) / max(felt.blocks, 1)
    if n < _LEAST_BLOCKS or g == 0.0:
        return float("inf")
    up = _times(felt.total, 1.0 / hypot(*felt.total))
    return hypot(_WALKED_M_S * abs(_dot(felt.turned, up)) / n / g, _LEAST_SD_RAD)


def _run_sd(felt: Felt) -> float:
    """Sd of the running sum about the straight line from nothing to the whole.

    Of r_k - m k, with r the running sum, k the block and m the mean: sum r^2 - 2 m sum k r +
    m^2 sum k^2, less the square of its own mean.
    """
    n, mean = felt.blocks, _times(felt.total, 1.0 / felt.blocks)
    places, place_squares = n * (n + 1) / 2.0, n * (n + 1) * (2 * n + 1) / 6.0
    squares = (
        felt.run_squares - 2.0 * _dot(mean, felt.run_late) + _dot(mean, mean) * place_squares
    ) / n
    middle = _times(_plus(felt.run, _times(mean, -places)), 1.0 / n)
    return sqrt(max(squares - _dot(middle, middle), 0.0))


def _plus(a: Triple, b: Triple) -> Triple:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _times(a: Triple, factor: float) -> Triple:
    return a[0] * factor, a[1] * factor, a[2] * factor


def _dot(a: Triple, b: Triple) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
