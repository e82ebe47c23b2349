"""How sure the difference of two poses of one session is, beside what the filter makes of it.

A stretch is led by hip flexion now less hip flexion at a mark. The filter carries what both share,
but takes two things for new again and again that mostly stay: what a linear reading of a pose
leaves out, and how a pelvis is held that no sensor sees. So where one camera looks from the side on
which the person works, and the exercise asks to keep the pelvis, the sd of that difference may come
out wider than its error (docs/decisions/0067, 0100, 0104). It is told by a ratio q of it that was
found on simulated people, still ones and some who tuck the pelvis unseen.

With x the hip now and m the hip at a mark, what is told of the mark is the covariance of

    m' = (1 - q) x + q m,

so that x - m' = q (x - m), while x keeps its own. As m' is a mean of the two, all that is told
together stays positive semidefinite. A difference that is less sure than those that q was found
on has lost something that they had: no more is taken off its variance than off theirs,

    q^2 = 1 - (1 - r^2) min(1, s^2 / var(x - m)),   s their sd, r their ratio.

In a hold the filter averages what wanders and the errors get smaller than just after a movement,
while the stated sd still grows; so r goes over from the one to the other, and a step too small for
any one landmark ends a hold and is followed (`stepping`). A hip that is read as far out of the
plane makes q larger (`aside`).
"""

from math import exp, radians, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.body.channels import Channels
from lengthwise.body.kinematic_chain import BODY_SIZE
from lengthwise.body.session import Params
from lengthwise.body.session_state import ANATOMICAL_MAP, State
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.observation import Posture, Segment, View
from lengthwise.reference.constants import constant

_HIP = {side: ANATOMICAL.index(Coordinate(f"hip_flexion_{side.value}")) for side in Side}
_HELD_TAU_S = constant("body", "difference_held_tau_s")
_ASIDE_RAD = radians(constant("body", "difference_aside_deg"))
_ADDUCTION = {side: ANATOMICAL.index(Coordinate(f"hip_adduction_{side.value}")) for side in Side}
_THIGH = {Side.LEFT: Segment.THIGH_L, Side.RIGHT: Segment.THIGH_R}
_NEAR = {View.LEFT: Side.LEFT, View.RIGHT: Side.RIGHT}


class Found(Struct, frozen=True):
    """What was found: r above just after a movement and in a long hold, s squared."""

    moved_ratio: float
    held_ratio: float
    variance_rad2: float


def _found(name: str) -> Found:
    sd_rad = radians(constant("body", f"difference_{name}_found_sd_deg"))
    return Found(
        constant("body", f"difference_{name}_moved_ratio"),
        constant("body", f"difference_{name}_held_ratio"),
        sd_rad**2,
    )


_AFTER_STANDING = {
    (Posture.HALF_KNEELING, "camera"): _found("kneeling_camera"),
    (Posture.HALF_KNEELING, "pelvis"): _found("kneeling_pelvis"),
    (Posture.SUPINE, "camera"): _found("supine_camera"),
    (Posture.SUPINE, "thigh"): _found("supine_thigh"),
}
"""By posture and what is worn beside the camera, of sessions that began with upright standing."""
_IN_POSTURE = Found(1.0, 1.0, 0.0)
"""Of those that began in the start posture: nothing but what is said of `aside`."""


class Told(Struct, frozen=True, eq=False):
    """What is told of a marked pose: `covariance` (13, 13), `shared` (13, 13) of the coordinates
    now (rows) with it, `earlier` (k, 13, 13) of it (rows) with each of the k marks before it."""

    covariance: np.ndarray
    shared: np.ndarray
    earlier: np.ndarray


def told(
    params: Params, state: State, now_rad2: np.ndarray, marks: tuple[Told, ...]
) -> tuple[Told, ...]:
    """The marks of the state as they are told. `now_rad2` (13, 13) of the coordinates now."""
    side = _NEAR.get(state.facing)
    found = _of(params, side) if side is not None and state.zero.done else None
    if side is None or found is None:
        return marks
    hip = _HIP[side]
    wider = aside(float(ANATOMICAL_MAP[_ADDUCTION[side]] @ state.mean[:BODY_SIZE]))
    still_s = state.going.still_s
    ratios = [
        wider * (ratio(found, now_rad2, mark, hip, still_s=still_s) if kept.alike else 1.0)
        for kept, mark in zip(state.marks, marks, strict=True)
    ]
    return nearer(now_rad2, marks, ratios, hip)


def _of(params: Params, side: Side) -> Found | None:
    """What was found of sessions like this one; None where nothing was."""
    if not params.pelvis_kept or params.audit is not None:
        return None
    worn = _worn(params.model.layout.channels, side)
    found = None if worn is None else _AFTER_STANDING.get((params.posture, worn))
    return found if found is None or params.zero_s is not None else _IN_POSTURE


def _worn(channels: Channels, side: Side) -> str | None:
    """What is worn beside a camera that sees that side; None where that is anything else."""
    segments = [stream.segment for stream in channels.imus]
    if not segments:
        return "camera"
    if segments == [Segment.PELVIS]:
        return "pelvis"
    return "thigh" if segments == [_THIGH[side]] else None


def ratio(found: Found, now_rad2: np.ndarray, mark: Told, hip: int, *, still_s: float) -> float:
    """q above of one mark, for the coordinate `hip` of somebody who has held still so long."""
    variance = now_rad2[hip, hip] + mark.covariance[hip, hip] - 2.0 * mark.shared[hip, hip]
    if not variance > 0.0:
        return 1.0
    moved = exp(-still_s / _HELD_TAU_S)
    r = moved * found.moved_ratio + (1.0 - moved) * found.held_ratio
    share = min(1.0, found.variance_rad2 / float(variance))
    return sqrt(1.0 - (1.0 - r**2) * share)


def aside(adduction_rad: float) -> float:
    """By how much a difference is told less sure of a hip that is read that far adducted (+) or
    abducted (-) from the start: such a leg is one whose foreshortening is misread."""
    return max(1.0, abs(adduction_rad) / _ASIDE_RAD)


def nearer(
    now_rad2: np.ndarray, marks: tuple[Told, ...], ratios: list[float], hip: int
) -> tuple[Told, ...]:
    """The marks with the coordinate `hip` of each told as the mean above by its ratio."""
    return tuple(
        _nearer(now_rad2, marks, ratios, i, hip) if any(q != 1.0 for q in ratios[: i + 1]) else mark
        for i, mark in enumerate(marks)
    )


def _nearer(
    now_rad2: np.ndarray, marks: tuple[Told, ...], ratios: list[float], at: int, hip: int
) -> Told:
    """One mark with its hip told as the mean above, against now and the marks before it."""
    mark, q = marks[at], ratios[at]
    covariance, shared = mark.covariance.copy(), mark.shared.copy()
    shared[:, hip] = (1.0 - q) * now_rad2[:, hip] + q * mark.shared[:, hip]
    across = (1.0 - q) * mark.shared[hip] + q * mark.covariance[hip]
    covariance[hip] = covariance[:, hip] = across
    covariance[hip, hip] = (1.0 - q) * shared[hip, hip] + q * across[hip]
    earlier = mark.earlier.copy()
    for k, between in enumerate(earlier):
        before, p = marks[k], ratios[k]
        # First the hip of the earlier mark, in columns; then that of this one, in a row.
        between[:, hip] = (1.0 - p) * mark.shared[hip] + p * between[:, hip]
        now = before.shared[hip].copy()
        now[hip] = (1.0 - p) * now_rad2[hip, hip] + p * now[hip]
        between[hip] = (1.0 - q) * now + q * between[hip]
    return Told(frozen_array(covariance), frozen_array(shared), frozen_array(earlier))
