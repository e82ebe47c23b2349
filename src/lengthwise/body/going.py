"""From what sensors show now to how fast joints go on until they show more."""

from math import exp, radians

import numpy as np
from numba import njit

from lengthwise.body import projection
from lengthwise.body.camera_estimate import CameraLook
from lengthwise.body.fusion import Expected
from lengthwise.body.landmark_reading import PAIR_GAINS, PAIR_WHITE_M, POINTS, error_ratios
from lengthwise.body.movement import UP_SD_RAD, followed, stirring, wander_ratios
from lengthwise.body.pace import HIDDEN_RATIO, LONGEST_S, pace
from lengthwise.body.session import Params
from lengthwise.body.session_state import Going, State
from lengthwise.contracts.codec import frozen_array
from lengthwise.reference.constants import constant

_IMAGE = projection.UPS_AT
_STAYS_S = constant("body", "movement_stays_s")
_POINTS = projection.PAIRS_AT
_WANDER, _WHITE = wander_ratios(constant("body", "landmark_fast_tau_s"))
_UP_WANDER, _UP_WHITE = wander_ratios(constant("body", "imu_fast_tau_s"))
_UP_DIFFERENCE_RAD = _UP_WANDER * UP_SD_RAD + _UP_WHITE * radians(
    constant("body", "imu_white_sd_deg")
)


def going(
    params: Params,
    state: State,
    sight: CameraLook | None,
    ups: list[np.ndarray | None],
    there: Expected,
) -> Going:
    """How joints go on after what was seen now; `there` what was expected."""
    assert state.time_s is not None
    model, size = params.model, len(params.shown)
    values, seen = np.zeros(size), np.zeros(size, dtype=bool)
    sds, differences = np.full(size, UP_SD_RAD), np.full(size, _UP_DIFFERENCE_RAD)
    for i, up in enumerate(ups):
        if up is not None:
            rows = slice(_IMAGE + 3 * i, _IMAGE + 3 * (i + 1))
            values[rows], seen[rows] = up, True
    image = slice(0, _IMAGE)
    fast_m, white_m = params.fast_sd_m.copy(), np.full(_IMAGE, PAIR_WHITE_M)
    white_m[:_POINTS] = model.white_m
    if sight is not None and sight.points is not None:
        points = sight.points
        ratios = error_ratios(points, state.facing)
        _see(points.xy_px, points.z_px, points.usable, ratios, values, seen, fast_m, white_m)
    sds[image] = np.hypot(fast_m, white_m)
    trunk_px = state.camera.trunk_px
    if params.camera is not None and trunk_px is not None:
        px_per_m = trunk_px / params.camera.trunk_m
        differences[image] = (_WANDER * fast_m + _WHITE * white_m) * px_per_m
    movement = followed(state.going.movement, values, seen, differences, t_s=state.time_s)
    recent = state.time_s - movement.seen_s <= LONGEST_S
    slope = there.slope[params.shown, : projection.JOINT_COUNT] * recent[:, None]
    # A movement that has just been seen may still go on, too slowly to be seen.
    for_s = state.time_s - state.going.seen_s
    moving = max(
        stirring(movement, differences, t_s=state.time_s),
        state.going.stirring * exp(-for_s / _STAYS_S),
    )
    if sight is not None and sight.repeated:
        moving = 1.0
    # Who was not asked to keep the pelvis may move it where nothing shows; and a sensor that holds
    # still says little of the rest of a body that a camera should show.
    free = not params.pelvis_kept or (params.camera is not None and not recent[image].any())
    return Going(
        movement,
        frozen_array(
            pace(
                model.root,
                model.root_inverse,
                model.tau_s[: projection.JOINT_COUNT],
                slope,
                sds,
                moving,
                1.0 if free else HIDDEN_RATIO,
            )
        ),
        moving,
        state.time_s,
    )


@njit(cache=True)
def _see(
    xy_px: np.ndarray,
    z_px: np.ndarray,
    usable: np.ndarray,
    ratios: np.ndarray,
    values: np.ndarray,
    seen: np.ndarray,
    fast_m: np.ndarray,
    white_m: np.ndarray,
) -> None:
    """Fill in what the landmarks of a frame show, and make the errors of unsure ones larger."""
    for j in range(projection.POINT_COUNT):
        for axis in range(2):
            at = 2 * j + axis
            values[at], seen[at] = xy_px[POINTS[j], axis], usable[POINTS[j]]
            fast_m[at] *= ratios[j]
            white_m[at] *= ratios[j]
    for pair in range(projection.PAIR_COUNT):
        left, right = POINTS[2 * pair], POINTS[2 * pair + 1]
        at = _POINTS + pair
        values[at] = (z_px[left] - z_px[right]) / PAIR_GAINS[pair]
        given = z_px[left] != 0.0 or z_px[right] != 0.0
        seen[at] = usable[left] and usable[right] and given
