"""How fast joints may leave where they are: by the movement that is seen, not by the clock alone.

Joints follow an Ornstein-Uhlenbeck process with the covariance S = L L' of the start posture. With
z = L^-1 x it is

    dz = -G z dt + sqrt(2 G) dw,   G = s T + (1 - s) (h T^1/2 B^-1 T^1/2 + w),
    B = 1 + J' R^-1 J,   J = H L,

with T the inverse time constants of the joints (those that S connects have one and the same), s how
much moves in what is seen (`movement`), H (m, 19) the slopes of what is seen by the joints, and R
its own errors. While something moves (s = 1) all joints go on by the clock. While
nothing does, a direction in which a usual movement would have moved a landmark or turned a sensor
stands still but for the sway of anyone who holds a posture (w); one that could move unseen, such as
a tuck of the pelvis between still thighs and shoulders, goes on, slower by h. G is symmetric, so
whatever it is, S remains what the process tends to.
"""

from math import exp, radians

import numpy as np
from numba import njit

from lengthwise.body.matrices import lower_root, product, solved_lower, squares
from lengthwise.reference.constants import constant

HIDDEN_RATIO = constant("body", "hidden_pace_ratio")
_HOLD_RATE = radians(constant("body", "hold_wander_deg_per_sqrt_s")) ** 2
LONGEST_S = 0.25
"""A pace holds for this long without anything seen; then it goes over into that of the clock."""
_STARTS_S = constant("body", "movement_starts_s")


def unseen_share(unseen_s: float) -> float:
    """Probability that somebody who held still has begun to move, unseen for `unseen_s`:
    1 - exp(-t / tau) of what exceeds LONGEST_S."""
    return 1.0 - exp(-max(unseen_s - LONGEST_S, 0.0) / _STARTS_S)


def unpaid_s(unseen_s: float) -> float:
    """The integral of 1 - `unseen_share`: time for which joints stood, as they were last seen to,
    and would have gone on by the clock had a movement begun at once."""
    return _STARTS_S * unseen_share(unseen_s)


def towards_clock(pace: np.ndarray, tau_s: np.ndarray, share: float) -> np.ndarray:
    """G (19, 19) so much of the way to that of the clock; `tau_s` (19,) of the joints."""
    return pace if share <= 0.0 else (1.0 - share) * pace + share * np.diag(1.0 / tau_s)


def whitened(stationary: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """L (19, 19) of S (19, 19), and its inverse."""
    root = lower_root(stationary)
    return root, solved_lower(root, np.eye(len(root)))


@njit(cache=True)
def pace(
    root: np.ndarray,
    inverse: np.ndarray,
    tau_s: np.ndarray,
    slope: np.ndarray,
    sds: np.ndarray,
    stirring: float,
    hidden_ratio: float,
) -> np.ndarray:
    """G (19, 19), 1/s, from slopes (m, 19) of what is seen and the sds (m,) of its errors;
    `tau_s` (19,) of the joints; `hidden_ratio` h, above."""
    size = root.shape[0]
    seen = product(slope, root)
    for i in range(len(sds)):
        seen[i] /= sds[i]
    within = squares(np.ascontiguousarray(seen.T))
    for i in range(size):
        within[i, i] += 1.0
    half = solved_lower(lower_root(within), np.eye(size))
    hidden = squares(np.ascontiguousarray(half.T))
    out = 0.5 * _HOLD_RATE * squares(inverse)
    for i in range(size):
        for j in range(size):
            out[i, j] += hidden_ratio * hidden[i, j] / np.sqrt(tau_s[i] * tau_s[j])
            out[i, j] *= 1.0 - stirring
        out[i, i] += stirring / tau_s[i]
    return out


@njit(cache=True)
def kept_at(pace: np.ndarray, root: np.ndarray, inverse: np.ndarray, dt_s: float) -> np.ndarray:
    """(19, 19) what is kept of the joints after `dt_s`, at most LONGEST_S: L exp(-G dt) L^-1.

    The series is cut after the fourth power: of at most 0.2, so to 3e-6.
    """
    size = root.shape[0]
    step = pace * dt_s
    power, out = np.eye(size), np.eye(size)
    for i in range(1, 5):
        power = product(power, step)
        power *= -1.0 / i
        out += power
    return product(product(root, out), inverse)
