"""Lengths between landmarks from a still standing look and the person's height.

A camera alone gives proportions, not metres, and its landmarks are centimetres off for as long as
the session lasts. So the look is joined with what is known beforehand: each length as a share of
the height with its spread among people. In logs, with s the pixels per metre, p the camera's pitch
and y_i the height of line i above the hips at the distance d,

    log l_i = log s + log L_i - p y_i / d + e_i,   log L_i ~ N(log(share_i h), spread_i^2)

where e is the error of the landmarks at the line's ends (`process.landmark_covariance`), averaged
over the look as far as it wanders. One linear Gaussian update gives lengths with their covariance.
"""

from math import exp, hypot, radians

import numpy as np
from msgspec import Struct

from lengthwise.body.camera_geometry import Landmarks, line_lengths_m
from lengthwise.body.landmark_errors import landmark_covariance
from lengthwise.body.landmark_reading import POINTS, error_ratios
from lengthwise.body.priors import LINES_OF
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import View
from lengthwise.contracts.person import FindingKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

LENGTHS = tuple(LINES_OF)
_SPREAD = np.array([constant("calibration", f"{kind.value}_spread_ratio") for kind in LENGTHS])
_HEIGHT_SD_M = constant("calibration", "stated_height_sd_m")
_POSE_SD = np.array([constant("calibration", f"{kind.value}_pose_ratio") for kind in LENGTHS])
_PITCH_VARIANCE = radians(constant("body", "camera_pitch_sd_deg")) ** 2
_SCALE_VARIANCE = 4.0
"""Of log pixels per metre: nothing is known of it."""
_WANDER = constant("body", "landmark_wander_ratio")
_TAU_S = constant("body", "landmark_fast_tau_s")
_WHITE_M = constant("body", "landmark_white_m")
_LEAST_FRAMES = 8
_LEAST_LEG = constant("calibration", "standing_leg_ratio")
_COUNT = 8
"""Shoulders, hips, knees, ankles: the first of POINTS."""
_ENDS: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = (
    ((0, 1), (2, 3)),
    ((0,), (1,)),
    ((2,), (3,)),
)
_LEGS = (((2,), (4,)), ((3,), (5,))), (((4,), (6,)), ((5,), (7,)))
"""Thigh and shank: of both sides, their mean."""


class StandingLook(Struct, frozen=True):
    """Sums over the frames of a still period. `sum_px` (8, 2): shoulders, hips, knees, ankles;
    `ratio` (8,) on the errors of each in the last frame.
    """

    frames: int = 0
    begun_s: float = 0.0
    last_s: float = 0.0
    sum_px: np.ndarray | None = None
    ratio: np.ndarray | None = None


def looked(look: StandingLook, points: Landmarks, view: View, t_s: float) -> StandingLook:
    """The look after one still frame; one in which a point is missing adds nothing."""
    at = POINTS[:_COUNT]
    if not points.usable[at].all():
        return look
    here = points.xy_px[at]
    total = here if look.sum_px is None else look.sum_px + here
    return StandingLook(
        look.frames + 1,
        t_s if look.frames == 0 else look.begun_s,
        t_s,
        frozen_array(total),
        frozen_array(error_ratios(points, view)[:_COUNT]),
    )


def heights_px(look: StandingLook) -> tuple[float, float, float] | None:
    """Mean heights of the shoulders, the left and the right knee over the hips; None: not seen."""
    if look.sum_px is None:
        return None
    up = -look.sum_px[:, 1] / look.frames
    hips = float(up[2:4].mean())
    return float(up[:2].mean()) - hips, float(up[4]) - hips, float(up[5]) - hips


def upright(points: Landmarks) -> bool:
    """Whether the points can be of a person who stands: shoulders, hips, knees and ankles below
    each other, with legs that are not bent or pointed at the camera. True where they are not seen.
    """
    at = POINTS[:_COUNT]
    if not points.usable[at].all():
        return True
    shoulders, hips, knees, ankles = (-points.xy_px[at, 1]).reshape(4, 2).mean(axis=1).tolist()
    trunk = shoulders - hips
    return bool(trunk > 0.0 and min(hips - knees, knees - ankles) > _LEAST_LEG * trunk)


def enough(look: StandingLook) -> bool:
    return look.frames >= _LEAST_FRAMES


def lengths(
    look: StandingLook, *, height_m: float, noise_ratio: float, focal_px: float
) -> dict[FindingKind, Estimate]:
    """Each length with its sd, of a person who stands with front or back to the camera."""
    assert look.sum_px is not None and look.ratio is not None
    at_px = look.sum_px / look.frames
    expected = line_lengths_m(height_m=height_m)
    prior_m = np.array([expected[LINES_OF[kind][0]] for kind in LENGTHS])
    seen, gradient, centre_px = _measured(at_px)
    scale = float(np.median(seen[[0, 3, 4]] / prior_m[[0, 3, 4]]))
    away_m = focal_px / scale
    # The unknowns: five log ratios to what is expected, log scale over the guess, pitch.
    size = len(LENGTHS)
    prior = np.zeros((size + 2, size + 2))
    prior[:size, :size] = np.diag(_SPREAD**2) + (_HEIGHT_SD_M / height_m) ** 2
    prior[size, size], prior[size + 1, size + 1] = _SCALE_VARIANCE, _PITCH_VARIANCE
    slope = np.zeros((size, size + 2))
    slope[:, :size], slope[:, size] = np.eye(size), 1.0
    slope[:, size + 1] = -centre_px / (scale * away_m)
    per_m = gradient / seen[:, None] * scale
    noise = per_m @ _error_m2(look, noise_ratio) @ per_m.T + np.diag(_POSE_SD**2)
    innovation = np.log(seen / (scale * prior_m))
    gain = prior @ slope.T @ np.linalg.inv(slope @ prior @ slope.T + noise)
    mean = gain @ innovation
    after = prior - gain @ slope @ prior
    return {
        LENGTHS[i]: Estimate(
            float(prior_m[i] * exp(mean[i])),
            float(prior_m[i] * exp(mean[i]) * np.sqrt(after[i, i])),
        )
        for i in range(size)
    }


def _error_m2(look: StandingLook, noise_ratio: float) -> np.ndarray:
    """(16, 16) covariance of the mean places, metres^2, right and up of each point in turn."""
    size = 2 * _COUNT
    assert look.ratio is not None
    span = max(look.last_s - look.begun_s, 1e-6) / _TAU_S
    averaged = 2.0 / span * (1.0 - (1.0 - exp(-span)) / span)
    stays = 1.0 - _WANDER**2 + _WANDER**2 * averaged
    ratio = np.repeat(look.ratio, 2)
    own = landmark_covariance()[:size, :size] * stays + np.eye(size) * _WHITE_M**2 / look.frames
    return np.asarray(own * np.outer(ratio, ratio) * noise_ratio**2)


def _measured(at_px: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lengths (5,) in pixels, their slopes on the places (5, 16; right, up), and the height of
    their middles above the hips (5,) in pixels."""
    length, slope, centre = np.zeros(5), np.zeros((5, 2 * _COUNT)), np.zeros(5)
    up = at_px * np.array([1.0, -1.0])
    hips = up[2:4, 1].mean()
    for i, parts in enumerate((*((ends,) for ends in _ENDS), *_LEGS)):
        for first, second in parts:
            way = up[list(first)].mean(axis=0) - up[list(second)].mean(axis=0)
            one_px = hypot(*way.tolist())
            length[i] += one_px / len(parts)
            centre[i] += (up[[*first, *second], 1].mean() - hips) / len(parts)
            for ends, sign in ((first, 1.0), (second, -1.0)):
                for end in ends:
                    part = sign * way / one_px / (len(ends) * len(parts))
                    slope[i, 2 * end : 2 * end + 2] += part
    return length, slope, centre
