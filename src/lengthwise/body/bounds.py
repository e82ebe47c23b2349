"""What is known without a sensor: the floor under the body, and how far joints go.

Both are readings of the filter that can only ever apply where the estimate allows them: a contact
is taken while the points concerned may be at one height, a limit only where it is exceeded. They
come with every frame but are one and the same knowledge, so their variance is widened by the number
of frames in their correlation time: repeating them makes nothing surer.
"""

from functools import lru_cache
from math import pi, radians

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.body import projection
from lengthwise.body.fusion import Expected, Reading, repeated
from lengthwise.body.kinematic_chain import BODY_SIZE, map_at
from lengthwise.body.matrices import product
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.observation import Posture
from lengthwise.reference.constants import constant
from lengthwise.reference.joint_limits import joint_limits_rad

_CONTACT_SD_M = constant("body", "contact_sd_m")
_SEAT_SD_M = constant("body", "seat_sd_m")
_CONTACT_TAU_S = constant("body", "contact_tau_s")
_CONTACT_WITHIN_SDS = constant("body", "contact_within_sds")
_WIDEST = 2.0
"""However unsure the estimate: its spread counts as at most this many variances of the contact."""
_LIMIT_SD_RAD = radians(constant("body", "limit_sd_deg"))
_LIMIT_TAU_S = constant("body", "limit_tau_s")
_FLESH_M = {
    name: constant("body", f"{name}_flesh_m")
    for name in ("shoulder", "hip", "knee", "ankle", "heel", "toe")
}
_POINTS = ("shoulder", "hip", "knee", "ankle", "heel", "toe")
_AT = {
    (name, side): projection.HEIGHTS_AT + 2 * i + k
    for i, name in enumerate(_POINTS)
    for k, side in enumerate(Side)
}


class Contact(Struct, frozen=True, eq=False):
    """Points that rest on one level: mean height of some less that of others is `level_m`.

    `weights` (OUTPUTS,) of the outputs of `projection`.
    """

    weights: np.ndarray
    level_m: float
    sd_m: float


def _contact(
    upper: tuple[tuple[str, Side], ...], lower: tuple[tuple[str, Side], ...], sd_m: float
) -> Contact:
    weights = np.zeros(projection.OUTPUTS)
    level_m = 0.0
    for points, sign in ((upper, 1.0), (lower, -1.0)):
        for point in points:
            weights[_AT[point]] += sign / len(points)
            level_m += sign * _FLESH_M[point[0]] / len(points)
    return Contact(weights, level_m, sd_m)


@lru_cache(maxsize=32)
def contacts(posture: Posture, side: Side | None) -> tuple[Contact, ...]:
    """What rests on the floor or a chair in a start posture. `side`: of the knee that kneels, or
    the one that someone lies on."""
    left, right = Side.LEFT, Side.RIGHT
    if posture in (Posture.SUPINE, Posture.PRONE):
        shoulders, hips = (("shoulder", left), ("shoulder", right)), (("hip", left), ("hip", right))
        return (
            _contact(shoulders, hips, _CONTACT_SD_M),
            _contact((("hip", left),), (("hip", right),), _CONTACT_SD_M),
            _contact((("shoulder", left),), (("shoulder", right),), _CONTACT_SD_M),
        )
    if posture is Posture.FOUR_POINT:
        return tuple(_contact((("knee", side),), (("toe", side),), _CONTACT_SD_M) for side in Side)
    if posture is Posture.HALF_KNEELING and side is not None:
        return (
            _contact((("knee", side),), (("toe", side),), _CONTACT_SD_M),
            _contact((("heel", side.other),), (("knee", side),), _CONTACT_SD_M),
        )
    if posture is Posture.SIDE_LYING and side is not None:
        return (
            _contact((("shoulder", side),), (("hip", side),), _CONTACT_SD_M),
            _contact((("knee", side),), (("ankle", side),), _CONTACT_SD_M),
            _contact((("hip", side),), (("knee", side),), _CONTACT_SD_M),
        )
    if posture is Posture.SITTING:
        return tuple(_contact((("hip", side),), (("knee", side),), _SEAT_SD_M) for side in Side)
    if posture is Posture.STANDING:
        return (_contact((("heel", left),), (("heel", right),), _CONTACT_SD_M),)
    return ()


def kneeling_side(start_rad: np.ndarray) -> Side | None:
    """The knee on the floor in a half-kneeling start (21,): that of the hip that is bent less."""
    left, right = (start_rad[INDEX[c]] for c in _HIPS)
    if abs(left - right) < pi / 6:
        return None
    return Side.LEFT if left < right else Side.RIGHT


_HIPS = tuple(c for c in ANATOMICAL if c.value.startswith("hip_flexion"))


def read_contacts(
    resting: tuple[Contact, ...],
    mean: np.ndarray,
    covariance: np.ndarray,
    expected: Expected,
    *,
    dt_s: float,
) -> Reading | None:
    """The contacts that may be there now, as a reading; None where none may."""
    if not resting:
        return None
    innovation, slope, noise = _read_contacts(
        *_stacked(resting),
        covariance,
        expected.value,
        expected.slope,
        expected.bent,
        repeated(_CONTACT_TAU_S, dt_s),
    )
    return Reading(innovation, slope, noise) if len(innovation) else None


@lru_cache(maxsize=32)
def _stacked(resting: tuple[Contact, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights (k, OUTPUTS), levels (k,) and sds (k,) of contacts."""
    return (
        np.array([contact.weights for contact in resting]),
        np.array([contact.level_m for contact in resting]),
        np.array([contact.sd_m for contact in resting]),
    )


@njit(cache=True)
def _read_contacts(
    weights: np.ndarray,
    level_m: np.ndarray,
    sd_m: np.ndarray,
    covariance: np.ndarray,
    value: np.ndarray,
    slope: np.ndarray,
    bent: np.ndarray,
    widened: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Innovation (k,), slope (k, n) and noise (k, k) of the contacts that may be there."""
    slopes, bents = product(weights, slope), product(weights, bent)
    shared = product(slopes, covariance)
    innovation, noise = np.empty(len(level_m)), np.zeros((len(level_m), len(level_m)))
    count = 0
    for i in range(len(level_m)):
        apart_m, left_out, spread = level_m[i], 0.0, 0.0
        for out in range(len(value)):
            apart_m -= weights[i, out] * value[out]
        for j in range(bents.shape[1]):
            left_out += bents[i, j] * bents[i, j]
        for j in range(slopes.shape[1]):
            spread += shared[i, j] * slopes[i, j]
        variance = sd_m[i] ** 2
        spread += left_out + variance
        if apart_m**2 <= _CONTACT_WITHIN_SDS**2 * min(spread, _WIDEST * variance):
            innovation[count], slopes[count] = apart_m, slopes[i]
            noise[count, count] = left_out + variance * widened
            count += 1
    return innovation[:count].copy(), slopes[:count].copy(), noise[:count, :count].copy()


BOUND = (
    *ANATOMICAL,
    Coordinate.THORAX_FLEXION,
    Coordinate.THORAX_SIDE_BEND,
    Coordinate.THORAX_ROTATION,
)
_LIMITED = np.array([INDEX[c] for c in (*BOUND, Coordinate.TRUNK_FLEXION)])
_IS_KNEE = np.array([c.value.startswith("knee_") for c in COORDINATES])
_LOW_RAD, _HIGH_RAD = np.array([*(joint_limits_rad()[c] for c in BOUND), (-pi, pi)]).T
_UPRIGHT_LOW_RAD = np.append(_LOW_RAD[:-1], radians(constant("body", "lean_back_limit_deg")))
_UPRIGHT = frozenset({Posture.STANDING, Posture.SITTING, Posture.HALF_KNEELING})


def read_limits(
    posture: Posture, now_rad: np.ndarray, size: int, *, shown: np.ndarray, dt_s: float
) -> Reading | None:
    """Joints beyond their normal range, drawn back to its end; None where there are none.

    In an upright posture the trunk does not lean far back either: from the front a camera cannot
    tell that from a bend. A knee that is `shown` (21,) may be past straight, see `straight_knees`.
    `now_rad` (21,) coordinates; `size` n of the filter's variables.
    """
    low_rad = _UPRIGHT_LOW_RAD if posture in _UPRIGHT else _LOW_RAD
    back_rad, beyond = _beyond(now_rad, _LIMITED, low_rad, _HIGH_RAD, shown & _IS_KNEE)
    if not len(beyond):
        return None
    slope = np.zeros((len(beyond), size))
    slope[:, :BODY_SIZE] = map_at(now_rad)[_LIMITED[beyond]]
    variance = _LIMIT_SD_RAD**2 * repeated(_LIMIT_TAU_S, dt_s)
    return Reading(back_rad[beyond], slope, np.eye(len(beyond)) * variance)


@njit(cache=True)
def _beyond(
    now_rad: np.ndarray,
    at: np.ndarray,
    low_rad: np.ndarray,
    high_rad: np.ndarray,
    any_low: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """(k,) how far it is back into the range for each of the coordinates `at` (k,), and the places
    among them of those that are not in it; `any_low` (21,) those without a lower end."""
    back_rad = np.empty(len(at))
    for i in range(len(at)):
        own = now_rad[at[i]]
        low = own if any_low[at[i]] else max(own, low_rad[i])
        back_rad[i] = min(low, high_rad[i]) - own
    return back_rad, np.flatnonzero(back_rad)
