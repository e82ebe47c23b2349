"""A simulated webcam: the true figure through a pinhole, with the noise of a pose model.

Noise per landmark in metres at the person: white, plus an Ornstein-Uhlenbeck bias. Image depth has
the model's own scale. Landmarks that the body hides are reported with low visibility.
"""

from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    LANDMARKS,
    CameraStream,
    LandmarkFrame,
    PoseModel,
    Posture,
    View,
)
from lengthwise.reference.constants import constant
from lengthwise.sim.skeleton import Figure

_WHITE_M = constant("sim", "landmark_white_sd_m")
_TAU_S = constant("sim", "landmark_bias_tau_s")
_Z_SLOPE = constant("sim", "image_z_slope_ratio")

_LOOKS_ALONG = {
    View.FRONT: np.array([-1.0, 0.0, 0.0]),
    View.BACK: np.array([1.0, 0.0, 0.0]),
    View.LEFT: np.array([0.0, -1.0, 0.0]),
    View.RIGHT: np.array([0.0, 1.0, 0.0]),
}


def _bias_sd_m() -> np.ndarray:
    sd = np.full(len(LANDMARKS), constant("sim", "leg_bias_sd_m"))
    sd[[LANDMARK_INDEX[f"{s}_shoulder"] for s in ("left", "right")]] = constant(
        "sim", "shoulder_bias_sd_m"
    )
    sd[[LANDMARK_INDEX[f"{s}_hip"] for s in ("left", "right")]] = constant("sim", "hip_bias_sd_m")
    return sd


_BIAS_SD_M = _bias_sd_m()


@dataclass(frozen=True)
class Camera:
    """Where the camera stands. `noise` scales all landmark noise; 0 gives exact landmarks."""

    view: View
    seed: int
    posture: Posture
    distance_m: float = 3.0
    height_m: float = 0.9
    image_width_px: int = 1280
    image_height_px: int = 720
    focal_px: float = 900.0
    rate_hz: float = 30.0
    noise: float = 1.0
    drop_ratio: float = 0.0
    mirrored: bool = False

    def stream(self) -> CameraStream:
        return CameraStream(
            image_width_px=self.image_width_px,
            image_height_px=self.image_height_px,
            fps_hz=self.rate_hz,
            view=self.view,
            mirrored=self.mirrored,
            posture=self.posture,
            pose_model=PoseModel.SIMULATED,
        )


class State(Struct, frozen=True):
    """`bias_m` (33, 3) slow error of each landmark; None before the first frame."""

    count: int = 0
    t_s: float = 0.0
    bias_m: np.ndarray | None = None


def step(
    camera: Camera, state: State, t_s: float, seen: Figure
) -> tuple[State, LandmarkFrame | None]:
    """The next frame, or None for one that was dropped."""
    rng = np.random.Generator(np.random.Philox(key=camera.seed, counter=[0, 0, 2, state.count]))
    drawn = rng.standard_normal((2, len(LANDMARKS), 3))
    if state.bias_m is None:
        bias = _BIAS_SD_M[:, None] * drawn[0]
    else:
        keep = exp(-(t_s - state.t_s) / _TAU_S)
        bias = keep * state.bias_m + _BIAS_SD_M[:, None] * sqrt(1 - keep**2) * drawn[0]
    moved = State(state.count + 1, t_s, frozen_array(bias))
    if rng.random() < camera.drop_ratio:
        return moved, None
    points = seen.landmarks_m + camera.noise * (bias + _WHITE_M * drawn[1])
    return moved, _frame(camera, t_s, points, rng)


def _frame(
    camera: Camera, t_s: float, points_m: np.ndarray, rng: np.random.Generator
) -> LandmarkFrame:
    forward = _LOOKS_ALONG[camera.view]
    right = np.cross(forward, [0.0, 0.0, 1.0])
    middle = points_m[[LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]]].mean(axis=0)
    centre = np.array([0.0, 0.0, camera.height_m])
    depth_m = camera.distance_m + (points_m - centre) @ forward
    u = camera.focal_px * ((points_m - centre) @ right) / depth_m
    v = camera.focal_px * (points_m[:, 2] - camera.height_m) / depth_m
    xy = np.stack([camera.image_width_px / 2 + u, camera.image_height_px / 2 - v], axis=1)
    behind_m = (points_m - middle) @ forward
    z_px = _Z_SLOPE * camera.focal_px * behind_m / camera.distance_m
    if camera.mirrored:
        xy[:, 0] = camera.image_width_px - xy[:, 0]
        order = [LANDMARK_INDEX[_mirror_name(n)] for n in LANDMARKS]
        xy, z_px, behind_m = xy[order], z_px[order], behind_m[order]
    inside = (
        (xy[:, 0] >= 0)
        & (xy[:, 0] < camera.image_width_px)
        & (xy[:, 1] >= 0)
        & (xy[:, 1] < camera.image_height_px)
    )
    hidden = np.clip((behind_m - 0.05) / 0.2, 0.0, 1.0)
    visibility = np.where(inside, 0.97 - 0.45 * hidden, 0.1) + 0.02 * rng.random(len(LANDMARKS))
    return LandmarkFrame(
        t_s=t_s,
        xy_px=frozen_array(xy),
        image_z_px=frozen_array(z_px),
        visibility=frozen_array(np.clip(visibility, 0.0, 1.0)),
        present=frozen_array(np.ones(len(LANDMARKS), dtype=bool), dtype="bool"),
    )


def _mirror_name(name: str) -> str:
    """A pose model calls a mirrored person's right arm the left one."""
    return name.replace("left", "right") if "left" in name else name.replace("right", "left")
