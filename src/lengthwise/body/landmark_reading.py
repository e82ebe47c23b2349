"""Landmarks of one frame as readings of the filter, with the errors that the pose model makes.

Image points are taken in metres at the person's distance, so that their errors, which are known in
metres, enter as they are: white noise; a fast error; one that stays; one that grows with the
displacement from the zero pose and keeps its direction. A landmark that is partly hidden, or on the
side away from the camera, has larger errors. Image depth is used as left-right differences of
shoulders and hips only, each with the scale of the pose model.
"""

from math import exp, inf, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.body import projection
from lengthwise.body.camera_geometry import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, Landmarks
from lengthwise.body.fusion import Expected, Reading, Weighed
from lengthwise.body.process import Model
from lengthwise.contracts.observation import LANDMARKS, View
from lengthwise.reference.constants import constant

POINTS = np.array([*SHOULDERS, *HIPS, *KNEES, *ANKLES, *HEELS, *TOES])
"""Places of the fused landmarks among the 33, in the order of `projection`."""

FOCAL_RATIO = constant("body", "camera_focal_ratio")
_OUTLIER_CHI2 = constant("body", "outlier_chi2")
_FASTEST_M_S = constant("body", "fastest_landmark_m_s")
GROWTH = constant("body", "landmark_growth_ratio") / sqrt(3.0)
"""Sd of a landmark's error in one direction, per displacement in the body since the zero pose."""
_FAR_RATIO = constant("body", "far_side_noise_ratio")
_HIDDEN_RATIO = constant("body", "hidden_noise_ratio")
_PAIR_GAIN = np.array(
    [constant("body", f"image_depth_gain_{pair}") for pair in ("shoulders", "hips")]
)
_PAIR_GAIN_SD = constant("body", "image_depth_gain_sd_ratio")
_PAIR_WHITE_M = constant("body", "pair_depth_white_m")
_FULLY_SEEN = 0.95
_SHOULDERS_ACROSS = np.array([0, 2])
_SHIFT_M = constant("body", "shoulder_shift_m")
_LONG_S = 1.0
"""After this long without landmarks the body may be anywhere."""
_PAIR_LEFTS = np.array([0, 2])
_LEFTS, _RIGHTS = POINTS[_PAIR_LEFTS], POINTS[_PAIR_LEFTS + 1]
_PAIRS = np.arange(projection.PAIRS_AT, projection.UPS_AT)
_UPWARDS = np.array([1.0, -1.0])


class Camera(Struct, frozen=True):
    """`focal_px` assumed; the middle of the image in pixels."""

    focal_px: float
    middle_px: tuple[float, float]

    @classmethod
    def of_image(cls, width_px: int, height_px: int) -> "Camera":
        return cls(FOCAL_RATIO * max(width_px, height_px), (0.5 * width_px, 0.5 * height_px))


def error_ratios(points: Landmarks, view: View) -> np.ndarray:
    """(12,) factor on the errors of each landmark: one that is hidden is a guess."""
    unseen = np.clip(1.0 - points.visibility[POINTS] / _FULLY_SEEN, 0.0, 1.0)
    ratios: np.ndarray = 1.0 + (_HIDDEN_RATIO - 1.0) * unseen / 0.5
    if view in (View.LEFT, View.RIGHT):
        ratios[int(view is View.LEFT) :: 2] *= _FAR_RATIO
    return ratios


def moved_since_zero_m(expected: Expected, zero_places_m: np.ndarray) -> np.ndarray:
    """(12, 3) RMS displacement of each point in pelvis axes since the zero pose, there (12, 3)."""
    places = slice(projection.PLACES_AT, projection.HEIGHTS_AT)
    moved = expected.here[places].reshape(-1, 3) - zero_places_m
    return np.asarray(np.sqrt(moved * moved + expected.variance[places].reshape(-1, 3)))


def read_landmarks(
    model: Model,
    camera: Camera,
    mean: np.ndarray,
    expected: Expected,
    points: Landmarks,
    *,
    ratios: np.ndarray,
    moved_m: np.ndarray,
) -> Reading:
    """Twelve landmarks (24) and two depth differences of a frame against the estimate.

    Those that are not usable are in it too, with numbers that mean nothing. `ratios` (12,) as from
    `error_ratios`; `moved_m` (12, 3) as from `moved_since_zero_m`.
    """
    layout = model.layout
    px_per_m = camera.focal_px * exp(mean[layout.view(projection.FOCAL)]) / mean[layout.root + 2]
    image_m = (points.xy_px[POINTS] - camera.middle_px) * _UPWARDS / px_per_m
    behind_m = (points.z_px[_LEFTS] - points.z_px[_RIGHTS]) / (_PAIR_GAIN * px_per_m)
    k = projection.UPS_AT
    value = expected.value[:k]
    slope = expected.slope[:k].copy()
    at = np.arange(projection.PAIRS_AT)
    ratios = np.repeat(ratios, 2)
    slope[at, layout.fast.start + at] = slope[at, layout.constant.start + at] = ratios
    grown_m = GROWTH * np.sqrt((moved_m * moved_m).sum(axis=1))
    slope[at, layout.growth.start + at] = np.repeat(grown_m, 2)
    slope[_PAIRS, layout.fast.start + _PAIRS] = 1.0
    white = np.full(k, model.white_m**2)
    white[: projection.PAIRS_AT] *= ratios**2
    largest_m = np.maximum(np.abs(behind_m), np.abs(value[_PAIRS]))
    white[_PAIRS] = _PAIR_WHITE_M**2 + (_PAIR_GAIN_SD * largest_m) ** 2
    noise = expected.bent[:k] @ expected.bent[:k].T
    noise.reshape(-1)[:: k + 1] += white
    errors = slice(layout.fast.start, layout.imus)
    measured = np.concatenate([image_m.reshape(-1), behind_m])
    return Reading(measured - value - slope[:, errors] @ mean[errors], slope, noise)


def without_heights(reading: Reading, pairs: tuple[int, ...]) -> Reading:
    """The readings of `read_landmarks` with, for some pairs (0 shoulders, 1 hips), the mean height
    in the place of the left one's and the height of left over right in that of the right one's.

    Where the shoulder line is read, the shoulders' sideways place says little beside it.
    """
    if not pairs:
        return reading
    turn = np.eye(len(reading.innovation))
    for pair in pairs:
        left, right = 4 * pair + 1, 4 * pair + 3
        turn[left, [left, right]] = 0.5
        turn[right, [left, right]] = 1.0, -1.0
    noise = turn @ reading.noise @ turn.T
    if 0 in pairs:
        noise[_SHOULDERS_ACROSS, _SHOULDERS_ACROSS] += _SHIFT_M**2
    return Reading(turn @ reading.innovation, turn @ reading.slope, noise)


def usable_readings(
    weighed: Weighed, points: Landmarks, *, since_s: float, pairs: tuple[int, ...] = ()
) -> tuple[np.ndarray, tuple[str, ...]]:
    """(26,) which readings of `read_landmarks` may be fused, and the landmarks left out of those
    reported: they lie where the body cannot be, and cannot have moved to.

    `since_s`: time since landmarks were last fused; `pairs` as in `without_heights`.
    """
    usable = points.usable[POINTS]
    reach_m = inf if since_s > _LONG_S else _FASTEST_M_S * since_s
    innovation = weighed.reading.innovation[: projection.PAIRS_AT].reshape(-1, 2)
    outlying = np.zeros(len(usable), dtype=bool)
    for i in np.flatnonzero(usable & ((innovation**2).sum(axis=1) > reach_m**2)):
        (a, b), (_, d) = weighed.spread[2 * i : 2 * i + 2, 2 * i : 2 * i + 2].tolist()
        x, y = innovation[i].tolist()
        chi2 = (d * x * x - 2.0 * b * x * y + a * y * y) / (a * d - b * b)
        outlying[i] = chi2 > _OUTLIER_CHI2
    kept = usable & ~outlying
    depth = kept[_PAIR_LEFTS] & kept[_PAIR_LEFTS + 1]
    depth &= (points.z_px[_LEFTS] != 0.0) | (points.z_px[_RIGHTS] != 0.0)
    names = tuple(LANDMARKS[i] for i in POINTS[outlying])
    fused = np.concatenate([np.repeat(kept, 2), depth])
    for pair in pairs:
        left, right = 4 * pair + 1, 4 * pair + 3
        fused[left] &= fused[right] and pair != 0
        fused[right] = False
    return fused, names
