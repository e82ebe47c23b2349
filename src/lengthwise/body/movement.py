"""How much moves in what sensors show: whether somebody holds still.

Each image coordinate and each direction of up is followed by three exponential means, of a moment,
of about a second and of several seconds. Where a shorter mean has left the longer one by more than
the sensor's own errors make it wander, something moves: the first pair tells a movement soon, the
second one that creeps. As long as the first pair tells one the longest mean goes with the second,
so that a movement is over soon after its end. `stirring` is 0 where nothing moves beyond those
errors, 1 where something clearly does, and where too little has been seen to know.
"""

from itertools import pairwise
from math import radians, sqrt

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.contracts.codec import frozen_array
from lengthwise.reference.constants import constant

_TAUS_S = (
    constant("body", "movement_moment_s"),
    constant("body", "movement_second_s"),
    constant("body", "movement_long_s"),
)
_LONGEST_BLINK_S = 0.3
REMEMBERED_S = constant("body", "movement_remembered_s")
_KNOWN_AFTER_S = _TAUS_S[1]
_STILL_SDS = constant("body", "movement_still_sds")
_CLEAR_SDS = constant("body", "movement_clear_sds")
_ODD_SDS = constant("body", "movement_odd_sds")
_FRAME_S = 1.0 / 30.0
"""At which white noise is averaged; sensors differ, and it is the smaller part."""
UP_SD_RAD = radians(constant("body", "movement_up_sd_deg"))


class Movement(Struct, frozen=True):
    """`means` (3, k) of k values, shortest first; `since_s`, `seen_s` (k,) since when each has been
    followed and when it was seen last; `last` (k,) the value then, not finite where it was odd."""

    means: np.ndarray
    since_s: np.ndarray
    seen_s: np.ndarray
    last: np.ndarray


def nothing_seen(count: int) -> Movement:
    never = np.full(count, -np.inf)
    return Movement(
        frozen_array(np.zeros((3, count))),
        frozen_array(never),
        frozen_array(never),
        frozen_array(never),
    )


def elsewhere(before: Movement, rows: slice) -> Movement:
    """The same with some values begun anew: nothing of where they were is comparable."""
    since_s, seen_s = before.since_s.copy(), before.seen_s.copy()
    since_s[rows] = seen_s[rows] = -np.inf
    return Movement(before.means, frozen_array(since_s), frozen_array(seen_s), before.last)


def followed(
    before: Movement, values: np.ndarray, there: np.ndarray, sds: np.ndarray, *, t_s: float
) -> Movement:
    """The means after values (k,) of which those that are `there` (k,) bool were seen.

    `sds` (k,): by how much a value's own errors let neighbouring means differ.
    """
    return Movement(
        *_followed(
            before.means, before.since_s, before.seen_s, before.last, values, there, sds, t_s
        )
    )


@njit(cache=True)
def _followed(
    means: np.ndarray,
    since_s: np.ndarray,
    seen_s: np.ndarray,
    last: np.ndarray,
    values: np.ndarray,
    there: np.ndarray,
    sds: np.ndarray,
    t_s: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    means, since_s, seen_s, last = means.copy(), since_s.copy(), seen_s.copy(), last.copy()
    for j in range(len(values)):
        if not there[j]:
            continue
        step_s = t_s - seen_s[j]
        odd = np.isfinite(last[j]) and abs(values[j] - last[j]) > _ODD_SDS * sds[j]
        if odd and step_s <= _LONGEST_BLINK_S:
            # What lies far off in one look only is no movement: the next look tells.
            last[j] = -np.inf
            continue
        last[j] = values[j]
        if not step_s <= REMEMBERED_S:
            since_s[j] = t_s
            means[:, j] = values[j]
        elif step_s > 0.0:
            # One look after a gap counts as one: it must not replace seconds of looking.
            since_s[j] += max(step_s - _LONGEST_BLINK_S, 0.0)
            if step_s > _LONGEST_BLINK_S:
                step_s = _FRAME_S
            for i in range(3):
                # At first the plain mean, then one that forgets.
                span_s = min(t_s - since_s[j] + step_s, _TAUS_S[i])
                means[i, j] += min(step_s / span_s, 1.0) * (values[j] - means[i, j])
            if abs(means[0, j] - means[1, j]) > _STILL_SDS * sds[j]:
                means[2, j] = means[1, j]
        seen_s[j] = t_s
    return means, since_s, seen_s, last


def displaced(seen: Movement, values: np.ndarray, there: np.ndarray, sds: np.ndarray) -> float:
    """0 to 1, how clearly values (k,) that are `there` (k,) lie elsewhere than they were for about
    a second before. `sds` (k,) of one value; the mean of a second has a lesser error beside."""
    compared = there & np.isfinite(seen.seen_s)
    if not compared.any():
        return 1.0
    apart = np.abs(values - seen.means[1])[compared] / (_WITH_MEAN * sds[compared])
    return float(np.clip((apart.max() - _STILL_SDS) / (_CLEAR_SDS - _STILL_SDS), 0.0, 1.0))


_WITH_MEAN = sqrt(1.5)


def wander_ratios(tau_s: float) -> tuple[float, float]:
    """How far apart two neighbouring means are (sd), per sd of an error that wanders with `tau_s`
    and per sd of white noise at 30 Hz; the larger one of both pairs of means."""
    moment, second = (_ratios(*pair, tau_s) for pair in pairwise(_TAUS_S))
    return max(moment[0], second[0]), max(moment[1], second[1])


def second_to_long_ratios(tau_s: float) -> tuple[float, float]:
    """The same of the means of a second and of several."""
    return _ratios(*_TAUS_S[1:], tau_s)


def _ratios(short_s: float, long_s: float, tau_s: float) -> tuple[float, float]:
    """Exponential means with rates a and b of an Ornstein-Uhlenbeck error with rate c and variance
    1 have the covariance a b / (a + b) (1 / (a + c) + 1 / (b + c)); of white noise, a b / (a + b)
    dt."""
    a, b, c = 1.0 / short_s, 1.0 / long_s, 1.0 / tau_s
    wander = (
        0.5 * a * 2.0 / (a + c)
        + 0.5 * b * 2.0 / (b + c)
        - 2.0 * a * b / (a + b) * (1.0 / (a + c) + 1.0 / (b + c))
    )
    white = (0.5 * a + 0.5 * b - 2.0 * a * b / (a + b)) * _FRAME_S
    return sqrt(wander), sqrt(white)


def stirring(seen: Movement, sds: np.ndarray, *, t_s: float) -> float:
    """0 to 1, by the value that moves most. `sds` (k,) as in `followed`."""
    return float(_stirring(seen.means, seen.since_s, seen.seen_s, sds, t_s))


@njit(cache=True)
def _stirring(
    means: np.ndarray, since_s: np.ndarray, seen_s: np.ndarray, sds: np.ndarray, t_s: float
) -> float:
    most, known = 0.0, False
    for j in range(len(sds)):
        if t_s - seen_s[j] <= _LONGEST_BLINK_S:
            known |= t_s - since_s[j] >= _KNOWN_AFTER_S
            for i in range(2):
                most = max(most, abs(means[i, j] - means[i + 1, j]) / sds[j])
    if not known:
        return 1.0
    return min(max((most - _STILL_SDS) / (_CLEAR_SDS - _STILL_SDS), 0.0), 1.0)
