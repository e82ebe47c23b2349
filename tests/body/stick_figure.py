"""A person drawn by hand geometry, independent of the estimator: landmarks for known angles.

Degrees, since the cases are worked by hand. Lengths in metres, drawn at PX_PER_M; the middle of
the hips stands at HIP_PX. Sagittal figures bend only at hip, knee and ankle: the trunk is straight.
"""

from math import cos, radians, sin

import numpy as np

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    CameraStream,
    ImuSample,
    LandmarkFrame,
    PoseModel,
    Posture,
    Segment,
    View,
)

WIDTH_PX, HEIGHT_PX = 1280, 960
PX_PER_M = 320.0
HIP_PX = (640.0, 480.0)
TRUNK_M, THIGH_M, SHANK_M = 0.50, 0.42, 0.42
ANKLE_M, HEEL_M, TOE_M = 0.067, 0.06, 0.18
SHOULDERS_M, HIPS_M = 0.37, 0.22

Figure = dict[str, tuple[float, float]]
"""Landmark to (front or image-right, up) in metres from the middle of the hips."""


def camera(
    view: View, *, mirrored: bool | None = False, posture: Posture = Posture.STANDING
) -> CameraStream:
    return CameraStream(
        WIDTH_PX, HEIGHT_PX, 30.0, view, mirrored, posture, pose_model=PoseModel.SIMULATED
    )


def _turned(length: float, pitch_deg: float) -> tuple[float, float]:
    """A line of that length, upright at 0, its top to the front with pitch."""
    return length * sin(radians(pitch_deg)), length * cos(radians(pitch_deg))


def side_figure(
    *,
    trunk_deg: float = 0.0,
    hip_deg: tuple[float, float] = (0.0, 0.0),
    knee_deg: tuple[float, float] = (0.0, 0.0),
    ankle_deg: tuple[float, float] = (0.0, 0.0),
) -> Figure:
    """A straight trunk leaning forward by `trunk_deg`; left and right leg as (left, right)."""
    figure: Figure = {}
    front, up = _turned(TRUNK_M, trunk_deg)
    head_front, head_up = _turned(TRUNK_M + 0.25, trunk_deg)
    ahead = (0.12 * cos(radians(trunk_deg)), -0.12 * sin(radians(trunk_deg)))
    figure["nose"] = (head_front + ahead[0], head_up + ahead[1])
    for side, name in enumerate(("left", "right")):
        figure[f"{name}_ear"] = (head_front, head_up)
        figure[f"{name}_shoulder"] = (front, up)
        figure[f"{name}_hip"] = (0.0, 0.0)
        thigh_deg = trunk_deg - hip_deg[side]
        shank_deg = thigh_deg + knee_deg[side]
        foot_deg = shank_deg - ankle_deg[side]
        knee = _minus((0.0, 0.0), _turned(THIGH_M, thigh_deg))
        ankle = _minus(knee, _turned(SHANK_M, shank_deg))
        ahead = (cos(radians(foot_deg)), -sin(radians(foot_deg)))
        sole = _minus(ankle, _turned(ANKLE_M, foot_deg))
        figure[f"{name}_knee"], figure[f"{name}_ankle"] = knee, ankle
        for part, along_m in (("heel", -HEEL_M), ("foot_index", TOE_M)):
            figure[f"{name}_{part}"] = (sole[0] + along_m * ahead[0], sole[1] + along_m * ahead[1])
    return figure


def _minus(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    return a[0] - b[0], a[1] - b[1]


def front_figure(*, chest_lean_deg: float = 0.0, hips_up_right_deg: float = 0.0) -> Figure:
    """Seen from the front; the chest leans to the person's right, which is image left.

    `hips_up_right_deg` is what the hip landmarks show, not the pelvis.
    """
    lean, level = radians(chest_lean_deg), radians(hips_up_right_deg)
    figure: Figure = {}
    chest = (-TRUNK_M * sin(lean / 2), TRUNK_M * cos(lean / 2))
    figure["nose"] = (chest[0], chest[1] + 0.25)
    for name, sign in (("left", 1.0), ("right", -1.0)):
        across = sign * SHOULDERS_M / 2
        figure[f"{name}_shoulder"] = (chest[0] + across * cos(lean), chest[1] + across * sin(lean))
        hip = (sign * HIPS_M / 2 * cos(level), -sign * HIPS_M / 2 * sin(level))
        figure[f"{name}_hip"] = hip
        figure[f"{name}_ear"] = (chest[0] + sign * 0.07, chest[1] + 0.25)
        figure[f"{name}_knee"] = (hip[0], hip[1] - THIGH_M)
        figure[f"{name}_ankle"] = (hip[0], hip[1] - THIGH_M - SHANK_M)
        for part in ("heel", "foot_index"):
            figure[f"{name}_{part}"] = (hip[0], hip[1] - THIGH_M - SHANK_M - ANKLE_M)
    return figure


def frame(
    t_s: float,
    figure: Figure,
    view: View,
    *,
    shift_px: tuple[float, float] = (0.0, 0.0),
    noise_px: np.ndarray | None = None,
    size: float = 1.0,
) -> LandmarkFrame:
    """The figure in the image. In a view of the left side the front is image left."""
    toward_right = -1.0 if view is View.LEFT else 1.0
    xy, present = np.zeros((33, 2)), np.zeros(33, dtype=bool)
    z = np.zeros(33)
    for name, (across, up) in figure.items():
        i = LANDMARK_INDEX[name]
        x = HIP_PX[0] + toward_right * across * PX_PER_M * size + shift_px[0]
        y = HIP_PX[1] - up * PX_PER_M * size + shift_px[1]
        xy[i], present[i] = (x, y), True
        if view in (View.LEFT, View.RIGHT):
            near = name.startswith(view.value)
            z[i] = (-60.0 if near else 60.0) if "_" in name else 0.0
    # No two pictures give a pose model the same to the last digit.
    xy = xy + 1e-3 * np.cos(1e3 * t_s + np.arange(33))[:, None]
    if noise_px is not None:
        xy = xy + noise_px
    return LandmarkFrame(
        t_s,
        frozen_array(xy),
        frozen_array(z),
        frozen_array(np.where(present, 1.0, 0.0)),
        frozen_array(present, dtype="bool"),
    )


def mirror_image(seen: LandmarkFrame) -> LandmarkFrame:
    """What the pose model reports of the mirrored picture: x flipped, limbs named by looks."""
    swap = np.arange(33)
    for name, i in LANDMARK_INDEX.items():
        for one, other in (("left", "right"), ("right", "left")):
            if one in name.split("_"):
                words = [other if word == one else word for word in name.split("_")]
                swap[i] = LANDMARK_INDEX["_".join(words)]
    xy = seen.xy_px * np.array([-1.0, 1.0]) + np.array([float(WIDTH_PX), 0.0])
    return LandmarkFrame(
        seen.t_s,
        frozen_array(xy[swap]),
        frozen_array(seen.image_z_px[swap]),
        frozen_array(seen.visibility[swap]),
        frozen_array(seen.present[swap], dtype="bool"),
    )


def imu_sample(
    t_s: float,
    segment: Segment,
    *,
    pitch_deg: float,
    roll_deg: float = 0.0,
    pitch_rate_deg_s: float = 0.0,
    roll_rate_deg_s: float = 0.0,
    jitter: float = 0.0,
) -> ImuSample:
    """A sensor worn with x up, y to the left, z to the back (forward axis -z).

    Up in segment axes (front, left, up) is (-sin p cos r, sin r, cos p cos r) for pitch p, roll r.
    Pitch turns about the left, roll about the front; only one of them moves at a time.
    """
    p, r = radians(pitch_deg), radians(roll_deg)
    front, left, up = -sin(p) * cos(r), sin(r), cos(p) * cos(r)
    acc = (9.81 * up + jitter, 9.81 * left, -9.81 * front)
    turn = (jitter * 1e-4, radians(pitch_rate_deg_s), -radians(roll_rate_deg_s))
    return ImuSample(t_s, segment, acc, turn)


def worn(
    segment: Segment,
    pitches_deg: list[tuple[float, float]],
    *,
    rolls_deg: list[tuple[float, float]] | None = None,
    rate_hz: float = 100.0,
) -> list[ImuSample]:
    """A sensor that moves through (time, angle) knots, with a trace of noise: silence is frozen."""
    rolls = rolls_deg or [(0.0, 0.0)]
    times = np.arange(0.0, max(pitches_deg[-1][0], rolls[-1][0]), 1.0 / rate_hz)

    def track(knots: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
        angle = np.interp(times, [t for t, _ in knots], [a for _, a in knots])
        return angle, np.gradient(angle, 1.0 / rate_hz)

    (pitch, pitch_rate), (roll, roll_rate) = track(pitches_deg), track(rolls)
    return [
        imu_sample(
            float(t),
            segment,
            pitch_deg=float(pitch[k]),
            roll_deg=float(roll[k]),
            pitch_rate_deg_s=float(pitch_rate[k]),
            roll_rate_deg_s=float(roll_rate[k]),
            jitter=0.01 * (k % 5),
        )
        for k, t in enumerate(times)
    ]
