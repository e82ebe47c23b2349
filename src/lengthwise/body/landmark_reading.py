"""Landmarks of one frame as readings of the filter, with the errors that the pose model makes.

Image points are taken in metres at the person's distance, so that their errors, which are known in
metres, enter as they are: white noise; a fast error; one that stays; one that grows with the
displacement from the zero pose and keeps its direction. A landmark that is partly hidden, or on the
side away from the camera, has larger errors. Image depth is used as left-right differences of
shoulders and hips only, each with the scale of the pose model.

Seen from front or back, shoulder and hip line are readings of their own (`line_reading`), and so is
the trunk's length (`foreshortening`). Of shoulders and hips themselves only the hips' mean height,
their sideways places and the shoulders' mean sideways place are left then: arms that lift carry the
shoulders up, and a turn brings them nearer to each other, but their middle stays over the hips. Of
knees and feet the heights are left out: they tell how far a leg is bent towards the camera or away
from it, not which of both, and the filter would come to be sure of one of them.

A pose model also shows the higher end of a sloping line as the nearer one. So depth differences
have larger errors the higher one end is over the other.
"""

from math import sqrt

import numpy as np
from msgspec import Struct
from numba import njit

from lengthwise.body import projection
from lengthwise.body.camera_geometry import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, TOES, Landmarks
from lengthwise.body.fusion import Expected, Reading, Weighed
from lengthwise.body.matrices import squares
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
PAIR_GAINS = tuple(constant("body", f"image_depth_gain_{pair}") for pair in ("shoulders", "hips"))
_PAIR_GAIN_SD = constant("body", "image_depth_gain_sd_ratio")
PAIR_WHITE_M = constant("body", "pair_depth_white_m")
_PAIR_SLOPING = constant("body", "pair_depth_sloping_ratio") / constant("body", "pair_depth_sd_m")
_FULLY_SEEN = 0.95
_LONG_S = 1.0
"""After this long without landmarks the body may be anywhere."""
_POINT_COUNT, _PAIR_COUNT = projection.POINT_COUNT, projection.PAIR_COUNT
_PAIRS_AT, _PLACES_AT = projection.PAIRS_AT, projection.PLACES_AT
_LEFT_OUT = -1
_FROM_THE_FRONT = np.arange(_PAIRS_AT)
_FROM_THE_FRONT[:8] = (2, _LEFT_OUT, _LEFT_OUT, _LEFT_OUT, 4, 7, 6, _LEFT_OUT)
_FROM_THE_FRONT[9::2] = _LEFT_OUT
"""Seen from front or back, output of `projection` that each image point is averaged with: of the
shoulders only how far their middle is aside, of the hips both sides and their middle's height, of
the legs how far they are aside."""
NOT_ONE_POINT = -1


class Camera(Struct, frozen=True):
    """`focal_px` assumed; the middle of the image in pixels."""

    focal_px: float
    middle_px: tuple[float, float]

    @classmethod
    def of_image(cls, width_px: int, height_px: int) -> "Camera":
        return cls(FOCAL_RATIO * max(width_px, height_px), (0.5 * width_px, 0.5 * height_px))


class LandmarkErrors(Struct, frozen=True, eq=False):
    """What makes the errors of the twelve landmarks larger in one frame.

    `ratios` (12,): one that is hidden is a guess. `moved_m` (12, 3): RMS displacement in pelvis
    axes since the zero pose.
    """

    ratios: np.ndarray
    moved_m: np.ndarray


class LandmarkReading(Struct, frozen=True, eq=False):
    """`outputs` (k,): output of `projection` of each row; of the hips' mean height the left."""

    reading: Reading
    outputs: np.ndarray
    errors: LandmarkErrors


def is_frontal(view: View) -> bool:
    return view is View.FRONT or view is View.BACK


def read_landmarks(
    model: Model,
    camera: Camera,
    mean: np.ndarray,
    expected: Expected,
    points: Landmarks,
    *,
    view: View,
    zero_places_m: np.ndarray,
    px_per_m: float,
) -> LandmarkReading:
    """The usable ones of twelve landmarks, and depth differences, against the estimate.

    `px_per_m` at the person by the length of the trunk, for what trembles: it does so by pixels,
    and by the estimate's own scale somebody read as far away would seem to tremble less.
    `zero_places_m` (12, 3): the points in pelvis axes at the zero pose.
    """
    layout = model.layout
    ratios = error_ratios(points, view)
    moved_m = _moved_since_zero_m(expected.here, expected.variance, zero_places_m)
    innovation, slope, noise, outputs = _read(
        points.xy_px,
        points.z_px,
        points.usable,
        (camera.focal_px, *camera.middle_px),
        is_frontal(view),
        model.white_m * points.white_ratio * px_per_m,
        ratios,
        moved_m,
        mean,
        expected.value,
        expected.slope,
        expected.bent,
        (layout.root + 2, layout.view(projection.FOCAL)),
        (layout.fast.start, layout.constant.start, layout.growth.start),
    )
    return LandmarkReading(
        Reading(innovation, slope, noise), outputs, LandmarkErrors(ratios, moved_m)
    )


def error_ratios(points: Landmarks, view: View) -> np.ndarray:
    """(12,) factor on the errors of each landmark: one that is hidden is a guess."""
    near = 0 if view is View.LEFT else 1 if view is View.RIGHT else 2
    return np.asarray(_error_ratios(points.visibility, near))


@njit(cache=True)
def _error_ratios(visibility: np.ndarray, near: int) -> np.ndarray:
    """`near` side 0 left, 1 right, 2 both."""
    ratios = np.empty(_POINT_COUNT)
    for j in range(_POINT_COUNT):
        unseen = min(max(1.0 - visibility[POINTS[j]] / _FULLY_SEEN, 0.0), 1.0)
        ratios[j] = 1.0 + (_HIDDEN_RATIO - 1.0) * unseen / 0.5
        if near != 2 and j % 2 != near:
            ratios[j] *= _FAR_RATIO
    return ratios


@njit(cache=True)
def _moved_since_zero_m(
    here: np.ndarray, variance: np.ndarray, zero_places_m: np.ndarray
) -> np.ndarray:
    """(12, 3) RMS displacement in pelvis axes, from places (12, 3) at the zero pose."""
    moved_m = np.empty((_POINT_COUNT, 3))
    for j in range(_POINT_COUNT):
        for k in range(3):
            at = _PLACES_AT + 3 * j + k
            moved_m[j, k] = np.sqrt((here[at] - zero_places_m[j, k]) ** 2 + variance[at])
    return moved_m


@njit(cache=True)
def _read(
    xy_px: np.ndarray,
    z_px: np.ndarray,
    usable: np.ndarray,
    lens: tuple[float, float, float],
    frontal: bool,
    white_px: float,
    ratios: np.ndarray,
    moved_m: np.ndarray,
    mean: np.ndarray,
    value: np.ndarray,
    slope: np.ndarray,
    bent: np.ndarray,
    scale_at: tuple[int, int],
    errors_at: tuple[int, int, int],
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Innovation (k,), slope (k, n), noise (k, k) and outputs (k,) of what is usable."""
    focal_px, middle_x, middle_y = lens
    away_at, focal_at = scale_at
    fast, constant_, growth = errors_at
    px_per_m = focal_px * np.exp(mean[focal_at] - mean[away_at])
    white_m = white_px / px_per_m
    most = _PAIRS_AT + _PAIR_COUNT
    innovation, white = np.zeros(most), np.zeros(most)
    outputs = np.empty(most, dtype=np.int64)
    slopes, bents = np.zeros((most, slope.shape[1])), np.zeros((most, bent.shape[1]))
    count = 0
    for out in range(_PAIRS_AT):
        # A row is the mean of two outputs: of one and the same, or of left and right.
        other = _FROM_THE_FRONT[out] if frontal else out
        if other == _LEFT_OUT or not (usable[POINTS[out // 2]] and usable[POINTS[other // 2]]):
            continue
        for own in (out, other):
            j = own // 2
            x_px, y_px = xy_px[POINTS[j], 0], xy_px[POINTS[j], 1]
            measured = (x_px - middle_x if own % 2 == 0 else middle_y - y_px) / px_per_m
            grown = GROWTH * np.sqrt(moved_m[j, 0] ** 2 + moved_m[j, 1] ** 2 + moved_m[j, 2] ** 2)
            wrong = ratios[j] * (mean[fast + own] + mean[constant_ + own])
            wrong += grown * mean[growth + own]
            innovation[count] += 0.5 * (measured - value[own] - wrong)
            slopes[count] += 0.5 * slope[own]
            bents[count] += 0.5 * bent[own]
            slopes[count, fast + own] += 0.5 * ratios[j]
            slopes[count, constant_ + own] += 0.5 * ratios[j]
            slopes[count, growth + own] += 0.5 * grown
            white[count] += (0.5 if out == other else 0.25) * (white_m * ratios[j]) ** 2
        outputs[count] = out
        count += 1
    for pair in range(_PAIR_COUNT):
        left, right = POINTS[2 * pair], POINTS[2 * pair + 1]
        if not (usable[left] and usable[right]) or (z_px[left] == 0.0 and z_px[right] == 0.0):
            continue
        out = _PAIRS_AT + pair
        behind_m = (z_px[left] - z_px[right]) / (PAIR_GAINS[pair] * px_per_m)
        higher_m = (xy_px[right, 1] - xy_px[left, 1]) / px_per_m
        worse = np.sqrt(1.0 + (_PAIR_SLOPING * higher_m) ** 2)
        innovation[count] = behind_m - value[out] - worse * mean[fast + out]
        slopes[count] = slope[out]
        slopes[count, fast + out] += worse
        bents[count] = bent[out]
        largest_m = max(abs(behind_m), abs(value[out]))
        white[count] = PAIR_WHITE_M**2 + (_PAIR_GAIN_SD * largest_m) ** 2
        outputs[count] = out
        count += 1
    noise = squares(bents[:count])
    for i in range(count):
        noise[i, i] += white[i]
    return innovation[:count], slopes[:count], noise, outputs[:count]


def owners(outputs: np.ndarray) -> np.ndarray:
    """(k,) landmark (0 to 11) that each output (k,) belongs to, NOT_ONE_POINT for a depth."""
    return np.where(outputs < _PAIRS_AT, outputs // 2, NOT_ONE_POINT)


def outliers(weighed: Weighed, outputs: np.ndarray, *, since_s: float) -> tuple[int, ...]:
    """The landmarks (0 to 11) that lie where the body cannot be, and cannot have moved to.

    `weighed` begins with the rows of `outputs` (k,). `since_s`: since landmarks were last fused.
    """
    if since_s > _LONG_S:
        return ()
    innovation, spread = weighed.reading.innovation[: len(outputs)], weighed.spread
    farther = _farther(innovation, outputs, (_FASTEST_M_S * since_s) ** 2)
    if not len(farther):
        return ()
    owner, found = owners(outputs), []
    for j in farther.tolist():
        rows = np.flatnonzero(owner == j)
        own = innovation[rows]
        chi2 = own @ np.linalg.solve(spread[np.ix_(rows, rows)], own)
        if chi2 > _OUTLIER_CHI2:
            found.append(j)
    return tuple(found)


@njit(cache=True)
def _farther(innovation: np.ndarray, outputs: np.ndarray, reach2_m2: float) -> np.ndarray:
    """The landmarks whose squared distance from where they are expected is beyond reach."""
    far2_m2 = np.zeros(_POINT_COUNT)
    for i in range(len(outputs)):
        if outputs[i] < _PAIRS_AT:
            far2_m2[outputs[i] // 2] += innovation[i] ** 2
    return np.flatnonzero(far2_m2 > reach2_m2)


def name_of(landmark: int) -> str:
    """Name of a fused landmark (0 to 11)."""
    return str(LANDMARKS[POINTS[landmark]])
