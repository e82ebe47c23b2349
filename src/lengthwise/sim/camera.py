"""A simulated webcam: the true figure through a pinhole, with the errors of a pose model.

Errors of each landmark in metres at the person, as measured on real BlazePose landmarks:
white noise; a slow bias (Ornstein-Uhlenbeck), shared in part by the two shoulders and the two hips;
an error that grows with the displacement from the first pose (in pelvis axes) and keeps its
direction; hidden landmarks are noisier and of low visibility. Seen from front or back, the hip line
shows only part of a pelvic obliquity. Image depth has the model's own scale.
"""

from dataclasses import dataclass, field
from math import cos, exp, inf, sin, sqrt
from statistics import NormalDist

import numpy as np
from msgspec import Struct

from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    LANDMARKS,
    AuditFrame,
    CameraStream,
    LandmarkFrame,
    PoseModel,
    Posture,
    Segment,
    View,
)
from lengthwise.reference.constants import constant
from lengthwise.sim.draws import Stream, normals
from lengthwise.sim.hiding import hidden_share
from lengthwise.sim.skeleton import Figure

_COUNT = len(LANDMARKS)
_WHITE_M = constant("sim", "landmark_white_sd_m")
_TAU_S = constant("sim", "landmark_bias_tau_s")
_WANDER = constant("sim", "landmark_wander_ratio")
_GROWTH = constant("sim", "landmark_growth_ratio") / sqrt(3.0)
_SHARED = constant("sim", "pose_models_error_correlation")
_HIP_LINE_GAIN = constant("sim", "hip_line_gain")
_HIDDEN_NOISE = constant("sim", "hidden_noise_ratio")
_DROP = 7 * _COUNT
"""Place of the drop-out's number among those of a frame."""

_UP = np.array([0.0, 0.0, 1.0])
_HEADWARDS = np.array([-1.0, 0.0, 0.0])
_LEVEL = {
    View.FRONT: (np.array([-1.0, 0.0, 0.0]), _UP),
    View.BACK: (np.array([1.0, 0.0, 0.0]), _UP),
    View.LEFT: (np.array([0.0, -1.0, 0.0]), _UP),
    View.RIGHT: (np.array([0.0, 1.0, 0.0]), _UP),
}
_FROM_ABOVE = {
    (Posture.SUPINE, View.FRONT): (np.array([0.0, 0.0, -1.0]), _HEADWARDS),
    (Posture.PRONE, View.BACK): (np.array([0.0, 0.0, -1.0]), -_HEADWARDS),
    (Posture.SIDE_LYING, View.RIGHT): (np.array([0.0, 0.0, -1.0]), np.array([1.0, 0.0, 0.0])),
    (Posture.SIDE_LYING, View.LEFT): (np.array([0.0, 0.0, -1.0]), np.array([1.0, 0.0, 0.0])),
}
"""A lying person's front or back is seen from above, the head at the top of the image; the upper
side of one who lies on the other from above too, the head to the left or right of the image."""


def _rows(name: str) -> tuple[int, int]:
    return LANDMARK_INDEX[f"left_{name}"], LANDMARK_INDEX[f"right_{name}"]


def _bias_sd_m() -> np.ndarray:
    """(33, 1) sd of landmarks whose bias is their own."""
    sd = np.full((_COUNT, 1), constant("sim", "arm_and_head_bias_sd_m"))
    for name in ("knee", "ankle"):
        sd[list(_rows(name))] = constant("sim", f"{name}_bias_sd_m")
    for name in ("heel", "foot_index"):
        sd[list(_rows(name))] = constant("sim", "foot_bias_sd_m")
    return sd


def _pair_sd_m(name: str) -> tuple[np.ndarray, np.ndarray]:
    """(3,) sds of what a left-right pair shares and of its difference: image right, up, depth."""
    found = []
    for part in ("common", "differential"):
        lateral = constant("sim", f"{name}_bias_lateral_{part}_sd_m")
        found.append(
            np.array([lateral, constant("sim", f"{name}_bias_vertical_{part}_sd_m"), lateral])
        )
    return found[0], found[1]


_BIAS_SD_M = _bias_sd_m()
_PAIRS = tuple((*_rows(name), *_pair_sd_m(name)) for name in ("shoulder", "hip"))
_HIPS, _SHOULDERS = (np.array(_rows(name)) for name in ("hip", "shoulder"))


def _depth_gains() -> np.ndarray:
    """(33,) image depth against true depth."""
    shoulder = constant("sim", "image_z_slope_shoulder_ratio")
    hip = constant("sim", "image_z_slope_hip_ratio")
    gains = np.full(_COUNT, (shoulder + hip) / 2)
    gains[list(_rows("shoulder"))] = shoulder
    gains[_HIPS] = hip
    return gains


_DEPTH_GAIN = _depth_gains()
_LOSS = np.full(_COUNT, 0.7)
_LOSS[[*_rows("shoulder"), *_rows("hip")]] = 0.35
"""Visibility that a hidden landmark loses: pose models stay surer of the trunk than of limbs."""


@dataclass(frozen=True)
class Camera:
    """Where the camera stands, about the place where the person exercises.

    `pitch_rad`: + looks down. `noise` scales all landmark errors; 0 gives exact landmarks.
    `white_m`: sd of the white part alone, at the person; the slow parts stay as they are.
    `drop_ratio`: share of frames that never arrive. `axes` (3, 3) rows: image right, image up and
    the way the camera looks, in the world; `drops_below`: the normal number under which one drops.
    """

    view: View
    seed: int
    posture: Posture
    distance_m: float = 3.0
    height_m: float = 0.9
    pitch_rad: float = 0.0
    image_width_px: int = 1280
    image_height_px: int = 720
    focal_px: float = 900.0
    rate_hz: float = 30.0
    noise: float = 1.0
    white_m: float = _WHITE_M
    drop_ratio: float = 0.0
    mirrored: bool = False
    audit_model: PoseModel | None = None
    hip_line_gain: float = _HIP_LINE_GAIN
    axes: np.ndarray = field(init=False)
    drops_below: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "axes", self._axes())
        drops_below = NormalDist().inv_cdf(self.drop_ratio) if self.drop_ratio > 0 else -inf
        object.__setattr__(self, "drops_below", drops_below)

    def stream(self) -> CameraStream:
        return CameraStream(
            image_width_px=self.image_width_px,
            image_height_px=self.image_height_px,
            fps_hz=self.rate_hz,
            view=self.view,
            mirrored=self.mirrored,
            posture=self.posture,
            pose_model=PoseModel.SIMULATED,
            audit_model=self.audit_model,
        )

    def _axes(self) -> np.ndarray:
        forward, up = _FROM_ABOVE.get((self.posture, self.view), _LEVEL[self.view])
        right = np.cross(forward, up)
        down = self.pitch_rad
        return np.stack(
            [right, cos(down) * up + sin(down) * forward, cos(down) * forward - sin(down) * up]
        )

    def middle_m(self) -> np.ndarray:
        """(3,) the point in the world that a camera without pitch looks at."""
        overhead = (self.posture, self.view) in _FROM_ABOVE
        return np.array([0.0, 0.0, 0.0 if overhead else self.height_m])


class State(Struct, frozen=True):
    """`bias_m` (33, 3) slow errors; `zero_m` (33, 3) first pose in pelvis axes; None at first."""

    count: int = 0
    t_s: float = 0.0
    bias_m: np.ndarray | None = None
    zero_m: np.ndarray | None = None


def step(
    camera: Camera,
    state: State,
    t_s: float,
    seen: Figure,
    *,
    aside_m: float = 0.0,
    people: int = 1,
) -> tuple[State, LandmarkFrame | None]:
    """The next frame, or None for one that was dropped.

    `seen` is the person whom the pose model follows, `aside_m` towards the right of the image;
    `people` how many it has found.
    """
    drawn = normals(camera.seed, Stream.CAMERA, part=0, count=state.count, width=_DROP + 1)
    own = _in_pelvis_axes(seen)
    moved = State(
        state.count + 1,
        t_s,
        _bias(state, t_s, drawn[: 3 * _COUNT].reshape(_COUNT, 3)),
        own if state.zero_m is None else state.zero_m,
    )
    if drawn[_DROP] < camera.drops_below:
        return moved, None
    points = (seen.landmarks_m - camera.middle_m()) @ camera.axes.T + [
        aside_m,
        0.0,
        camera.distance_m,
    ]
    hidden = hidden_share(points)
    white = drawn[3 * _COUNT : 6 * _COUNT].reshape(_COUNT, 3)
    points = _shown(camera, points)
    points = points + camera.noise * _errors(camera, moved, own, white, hidden)
    return moved, _frame(camera, t_s, points, hidden, drawn[6 * _COUNT : _DROP], people)


def audit_frame(
    camera: Camera,
    live: State,
    other: Camera,
    own: State,
    seen: Figure,
    *,
    ratio: float = 1.0,
) -> AuditFrame:
    """What a second pose model finds in the image that `camera` took just now.

    `live` and `own`: states after that image; `other` draws what is the second model's alone. Its
    errors are `ratio` times as large, and partly the same.
    """
    drawn = normals(other.seed, Stream.CAMERA, part=0, count=own.count - 1, width=_DROP + 1)
    points = _in_camera_axes(camera, seen)
    hidden = hidden_share(points)
    axes, alone = _in_pelvis_axes(seen), sqrt(1.0 - _SHARED**2)
    white = drawn[3 * _COUNT : 6 * _COUNT].reshape(_COUNT, 3)
    errors = _SHARED * _errors(camera, live, axes, np.zeros((_COUNT, 3)), hidden)
    errors += alone * _errors(other, own, axes, white / alone, hidden)
    points = _shown(camera, points) + camera.noise * ratio * errors
    return AuditFrame(_frame(camera, live.t_s, points, hidden, drawn[6 * _COUNT : _DROP], 1))


def _in_camera_axes(camera: Camera, seen: Figure) -> np.ndarray:
    """(33, 3) right, up and away."""
    points = (seen.landmarks_m - camera.middle_m()) @ camera.axes.T
    return np.asarray(points + np.array([0.0, 0.0, camera.distance_m]))


def _in_pelvis_axes(seen: Figure) -> np.ndarray:
    """(33, 3) landmarks from the middle of the hips."""
    middle = seen.landmarks_m[_HIPS].mean(axis=0)
    return frozen_array((seen.landmarks_m - middle) @ seen.rotation[Segment.PELVIS])


def _paired(drawn: np.ndarray) -> np.ndarray:
    """(33, 3) errors from as many normal numbers: shoulders and hips share a part of theirs."""
    errors: np.ndarray = _BIAS_SD_M * drawn
    for left, right, common, differential in _PAIRS:
        errors[left] = common * drawn[left] + 0.5 * differential * drawn[right]
        errors[right] = common * drawn[left] - 0.5 * differential * drawn[right]
    return errors


def _bias(state: State, t_s: float, drawn: np.ndarray) -> np.ndarray:
    """The slow errors a moment later; at first as they are in the long run."""
    fresh = _WANDER * _paired(drawn)
    if state.bias_m is None:
        return frozen_array(fresh)
    keep = exp(-max(t_s - state.t_s, 0.0) / _TAU_S)
    return frozen_array(keep * state.bias_m + sqrt(1 - keep**2) * fresh)


def _staying(camera: Camera) -> np.ndarray:
    """(33, 3) the part of the errors that stays for a recording."""
    drawn = normals(camera.seed, Stream.CAMERA_TRAIT, part=1, count=0, width=3 * _COUNT)
    return np.asarray(sqrt(1.0 - _WANDER**2) * _paired(drawn.reshape(_COUNT, 3)))


def _shown(camera: Camera, points: np.ndarray) -> np.ndarray:
    """What the model shows of the hip line from front or back: less of how one hip is nearer to
    the head than the other, also of one who lies on the side across the image."""
    if camera.noise == 0.0 or camera.view not in (View.FRONT, View.BACK):
        return points
    out = points.copy()
    trunk = points[_SHOULDERS].mean(axis=0) - points[_HIPS].mean(axis=0)
    across = camera.posture is Posture.SIDE_LYING and abs(trunk[0]) > abs(trunk[1])
    along = 0 if across else 1
    middle = points[_HIPS, along].mean()
    out[_HIPS, along] = middle + camera.hip_line_gain * (points[_HIPS, along] - middle)
    return out


def _errors(
    camera: Camera, state: State, own: np.ndarray, white: np.ndarray, hidden: np.ndarray
) -> np.ndarray:
    """(33, 3) errors in camera axes at this moment."""
    noisier = (1.0 + (_HIDDEN_NOISE - 1.0) * hidden)[:, None]
    moved_m = np.linalg.norm(own - state.zero_m, axis=1, keepdims=True)
    directions = normals(camera.seed, Stream.CAMERA_TRAIT, part=0, count=0, width=3 * _COUNT)
    growth = _GROWTH * moved_m * directions.reshape(_COUNT, 3)
    bias = np.zeros((_COUNT, 3)) if state.bias_m is None else state.bias_m
    return np.asarray(noisier * (camera.white_m * white + bias + _staying(camera)) + growth)


def _frame(
    camera: Camera,
    t_s: float,
    points: np.ndarray,
    hidden: np.ndarray,
    drawn: np.ndarray,
    people: int,
) -> LandmarkFrame:
    """`points` (33, 3) in camera axes, metres."""
    depth_m = np.maximum(points[:, 2], 0.3)
    width, height = camera.image_width_px, camera.image_height_px
    xy = np.stack(
        [
            width / 2 + camera.focal_px * points[:, 0] / depth_m,
            height / 2 - camera.focal_px * points[:, 1] / depth_m,
        ],
        axis=1,
    )
    behind_m = points[:, 2] - points[_HIPS, 2].mean()
    z_px = _DEPTH_GAIN * camera.focal_px * behind_m / max(points[_HIPS, 2].mean(), 0.3)
    if camera.mirrored:
        xy[:, 0] = width - xy[:, 0]
        xy, z_px, hidden = xy[_MIRRORED], z_px[_MIRRORED], hidden[_MIRRORED]
    inside = ((xy >= 0) & (xy < [width, height])).all(axis=1)
    visibility = np.where(inside, 0.97 - _LOSS * hidden, 0.1) + 0.01 * drawn
    found = bool(inside.any())
    return LandmarkFrame(
        t_s=t_s,
        xy_px=frozen_array(xy),
        image_z_px=frozen_array(z_px),
        visibility=frozen_array(np.clip(visibility, 0.0, 1.0)),
        present=frozen_array(np.full(_COUNT, found), dtype="bool"),
        person_count=people if found else people - 1,
    )


def _mirror_name(name: str) -> str:
    """A pose model calls a mirrored person's right arm the left one."""
    return name.replace("left", "right") if "left" in name else name.replace("right", "left")


_MIRRORED = np.array([LANDMARK_INDEX[_mirror_name(name)] for name in LANDMARKS])
