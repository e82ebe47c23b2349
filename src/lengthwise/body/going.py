"""From what sensors show now to how fast joints go on until they show more."""

from math import exp, isfinite, radians

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.body import projection
from lengthwise.body.camera_estimate import CameraLook
from lengthwise.body.camera_geometry import without_points
from lengthwise.body.fusion import Expected
from lengthwise.body.landmark_reading import PAIR_GAINS, PAIR_WHITE_M, POINTS, error_ratios
from lengthwise.body.movement import (
    REMEMBERED_S,
    UP_SD_RAD,
    Movement,
    displaced,
    elsewhere,
    followed,
    stirring,
    wander_ratios,
)
from lengthwise.body.pace import HIDDEN_RATIO, LONGEST_S, pace, unseen_share
from lengthwise.body.session import Params
from lengthwise.body.session_state import Going, State
from lengthwise.body.stepping import image_differences_m, step_sds
from lengthwise.contracts.codec import frozen_array
from lengthwise.reference.constants import constant

_IMAGE = projection.UPS_AT
_STAYS_S = constant("body", "movement_stays_s")
_POINTS = projection.PAIRS_AT
_STEP_SDS = constant("body", "small_step_sds")
_STEP_GOES = constant("body", "small_step_stirring")
_MOVES = 0.5
"""From this much stirring on somebody does not hold still."""
_WANDER, _WHITE = wander_ratios(constant("body", "landmark_fast_tau_s"))
_UP_WANDER, _UP_WHITE = wander_ratios(constant("body", "imu_fast_tau_s"))
_UP_DIFFERENCE_RAD = _UP_WANDER * UP_SD_RAD + _UP_WHITE * radians(
    constant("body", "imu_white_sd_deg")
)


_NONE_WORSE = np.ones(projection.POINT_COUNT)


class _Shown(Struct, frozen=True, eq=False):
    """`values` (k,) that movement is told from, those `there` (k,) now, `sds` (k,) of one of them,
    by how much errors alone let neighbouring means differ (`differences`, k)."""

    values: np.ndarray
    there: np.ndarray
    sds: np.ndarray
    differences: np.ndarray
    px_per_m: float


def _shown(
    params: Params,
    state: State,
    sight: CameraLook | None,
    ups: list[np.ndarray | None],
    outlying: tuple[int, ...],
) -> _Shown:
    size = len(params.shown)
    values, there = np.zeros(size), np.zeros(size, dtype=bool)
    sds, differences = np.full(size, UP_SD_RAD), np.full(size, _UP_DIFFERENCE_RAD)
    for i, up in enumerate(ups):
        if up is not None:
            rows = slice(_IMAGE + 3 * i, _IMAGE + 3 * (i + 1))
            values[rows], there[rows] = up, True
    ratios, white_m = _NONE_WORSE, params.model.white_m
    if sight is not None and sight.points is not None:
        points = sight.points
        if outlying:
            points = without_points(points, POINTS[list(outlying)].tolist())
        ratios, white_m = error_ratios(points, state.facing), white_m * points.white_ratio
        _see(points.xy_px, points.z_px, points.usable, values, there)
    px_per_m, trunk_px = 0.0, state.camera.trunk_px
    if params.camera is not None and trunk_px is not None:
        px_per_m = trunk_px / params.camera.trunk_m
    _set_errors(params.fast_sd_m, white_m, ratios, px_per_m, sds, differences)
    return _Shown(values, there, sds, differences, px_per_m)


def unseen_before(params: Params, state: State, sight: CameraLook) -> tuple[float, float]:
    """For how long no landmark was seen before these, s, and how clearly (0 to 1) they show that
    the body was moved meanwhile."""
    assert state.time_s is not None
    before = state.going.movement
    unseen_s = float(state.time_s - before.seen_s[:_IMAGE].max())
    if not isfinite(unseen_s):
        return 0.0, 0.0
    if not LONGEST_S < unseen_s <= REMEMBERED_S or sight.moved:
        return min(unseen_s, REMEMBERED_S), 1.0
    shown = _shown(params, state, sight, [None] * len(state.imus), ())
    one = shown.sds.copy()
    one[:_IMAGE] *= shown.px_per_m
    return unseen_s, displaced(before, shown.values, shown.there, one)


def going(
    params: Params,
    state: State,
    sight: CameraLook | None,
    ups: list[np.ndarray | None],
    there: Expected,
    outlying: tuple[int, ...] = (),
) -> Going:
    """How joints go on after what was seen now; `there` what was expected.

    `outlying` landmarks (0 to 11) were not believed: they show neither a movement nor its absence.
    """
    assert state.time_s is not None
    shown = _shown(params, state, sight, ups, outlying)
    before, differences = state.going.movement, shown.differences
    if sight is not None and sight.moved:
        before = elsewhere(before, slice(0, _IMAGE))
    movement = followed(before, shown.values, shown.there, differences, t_s=state.time_s)
    # A movement that has just been seen may still go on, too slowly to be seen.
    for_s = state.time_s - state.going.seen_s
    moving = max(
        stirring(movement, differences, t_s=state.time_s),
        state.going.stirring * exp(-for_s / _STAYS_S),
    )
    if sight is not None and sight.repeated:
        moving = 1.0
    still = moving < _MOVES and for_s <= LONGEST_S
    steps = still and _steps(params, state, movement, sight, there)
    goes = max(moving, _STEP_GOES) if steps else moving
    return Going(
        movement,
        frozen_array(_pace(params, movement, shown.sds, there, goes, state.time_s)),
        moving,
        state.time_s,
        state.going.still_s + for_s if still and not steps else 0.0,
    )


def _steps(
    params: Params,
    state: State,
    movement: Movement,
    sight: CameraLook | None,
    there: Expected,
) -> bool:
    """Whether a frame shows a step too small to be told by one landmark (`stepping`): joints go
    on, slowly, and nobody counts as holding.

    Asked for only where marks are told as what depends on it (`alike`).
    """
    assert state.time_s is not None
    if not state.marks or not params.pelvis_kept or params.zero_s is None:
        return False
    trunk_px = state.camera.trunk_px
    if params.camera is None or sight is None or sight.points is None or trunk_px is None:
        return False
    place = slice(params.model.layout.root, params.model.layout.root + 3)
    white_m = np.full(_IMAGE, params.model.white_m * sight.points.white_ratio)
    white_m[_POINTS:] = PAIR_WHITE_M
    worse = np.ones(_IMAGE)
    worse[:_POINTS] = np.repeat(error_ratios(sight.points, state.facing), 2)
    sds = step_sds(
        movement,
        there.slope[params.shown, : projection.JOINT_COUNT],
        there.slope[params.shown, place],
        params.model.root,
        image_sds_m=worse * image_differences_m(params.fast_sd_m, white_m),
        px_per_m=trunk_px / params.camera.trunk_m,
        t_s=state.time_s,
    )
    return sds > _STEP_SDS


def _pace(
    params: Params,
    movement: Movement,
    sds: np.ndarray,
    there: Expected,
    moving: float,
    t_s: float,
) -> np.ndarray:
    """The pace by what is seen, and the longer something has not been the less by that."""
    model = params.model
    unseen_s = t_s - movement.seen_s
    recent = unseen_s <= LONGEST_S
    # Of a sensor that was lost nothing is remembered: it may come back worn otherwise (`slipping`).
    lapsed = ~recent & (unseen_s <= REMEMBERED_S)
    lapsed[_IMAGE:] = False
    tau_s = model.tau_s[: projection.JOINT_COUNT]

    def by(rows: np.ndarray) -> np.ndarray:
        # Who was not asked to keep the pelvis may move it where nothing shows; and a sensor that
        # holds still says little of the rest of a body that a camera should show.
        free = not params.pelvis_kept or (params.camera is not None and not rows[:_IMAGE].any())
        hidden = 1.0 if free else HIDDEN_RATIO
        slope = _slope_of(there.slope, params.shown, rows)
        return pace(model.root, model.root_inverse, tau_s, slope, sds, moving, hidden)

    out = by(recent)
    if lapsed.any():
        share = unseen_share(float(unseen_s[lapsed].max()))
        out = share * out + (1.0 - share) * by(recent | lapsed)
    return out


@njit(cache=True)
def _see(
    xy_px: np.ndarray,
    z_px: np.ndarray,
    usable: np.ndarray,
    values: np.ndarray,
    seen: np.ndarray,
) -> None:
    """Fill in what the landmarks of a frame show."""
    for j in range(projection.POINT_COUNT):
        for axis in range(2):
            at = 2 * j + axis
            values[at], seen[at] = xy_px[POINTS[j], axis], usable[POINTS[j]]
    for pair in range(projection.PAIR_COUNT):
        left, right = POINTS[2 * pair], POINTS[2 * pair + 1]
        at = _POINTS + pair
        values[at] = (z_px[left] - z_px[right]) / PAIR_GAINS[pair]
        given = z_px[left] != 0.0 or z_px[right] != 0.0
        seen[at] = usable[left] and usable[right] and given


@njit(cache=True)
def _set_errors(
    fast_sd_m: np.ndarray,
    white_m: float,
    ratios: np.ndarray,
    px_per_m: float,
    sds: np.ndarray,
    differences: np.ndarray,
) -> None:
    """Fill in the errors of what an image shows (26,); larger ones of unsure landmarks.

    Differences in pixels, left as they are where the scale is not known (0).
    """
    for at in range(_IMAGE):
        ratio = ratios[at // 2] if at < _POINTS else 1.0
        fast_m = fast_sd_m[at] * ratio
        own_white_m = (white_m if at < _POINTS else PAIR_WHITE_M) * ratio
        sds[at] = np.hypot(fast_m, own_white_m)
        if px_per_m > 0.0:
            differences[at] = (_WANDER * fast_m + _WHITE * own_white_m) * px_per_m


@njit(cache=True)
def _slope_of(slope: np.ndarray, shown: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(k, 19) slope by the joints of the outputs `shown` (k,), 0 but for `rows` (k,)."""
    out = np.zeros((len(shown), projection.JOINT_COUNT))
    for i in range(len(shown)):
        if rows[i]:
            out[i] = slope[shown[i], : projection.JOINT_COUNT]
    return out
