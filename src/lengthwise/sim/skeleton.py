"""A stick figure with 33 landmarks: what a simulated person's pose looks like from outside.

World frame: x to the person's front at zero rotation, y to the left, z up; the floor is z = 0.
Segment frames coincide with the world's in upright standing. Written independently of the
anatomical model and of the estimator's geometry, so that it may serve as truth for both.

Rotations (columns: segment axes in the world), signs of `contracts.coordinates`:

    pelvis = Rz(rotation) Rx(-obliquity) Ry(tilt)
    lumbar = pelvis Ry(flexion) Rx(side_bend) Rz(rotation)
    thorax = pelvis Ry(flexion) Rx(side_bend) Rz(rotation), with the coordinates thorax_*
    thigh  = pelvis Ry(-flexion) Rx(-adduction | +adduction) Rz(-rotation | +rotation)   (l | r)
    shank  = thigh Ry(knee);   foot = shank Ry(-dorsiflexion)
"""

from dataclasses import dataclass
from math import cos, exp, log, sin

import numpy as np

from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.observation import LANDMARK_INDEX, LANDMARKS, Posture, Segment
from lengthwise.reference.constants import constants
from lengthwise.sim.arms import Shoulder, arm_points

_C = Coordinate
_SHARE: dict[str, float] = {
    name.removesuffix("_height_ratio"): c.value
    for name, c in constants("sim").items()
    if name.endswith("_height_ratio")
}
"""Lengths as shares of body height."""

_LYING = (Posture.SUPINE, Posture.PRONE, Posture.SIDE_LYING)
_CONTACT_SOFTNESS = 0.002
"""As a share of height: rounds the change from one point of support to another (about 3 mm)."""

_SUPPORT = ("left_knee", "right_knee", "left_heel", "right_heel")
"""What does not slide: heels that stand and knees that kneel; toes may drag."""
_SUPPORT_ROWS = np.array([LANDMARK_INDEX[name] for name in _SUPPORT])

_HEAD = {
    # (forward, left, up) from the middle of the shoulders, in shares of head length
    "nose": (0.55, 0.0, 1.0),
    "left_eye_inner": (0.45, 0.08, 1.15),
    "left_eye": (0.43, 0.14, 1.15),
    "left_eye_outer": (0.40, 0.19, 1.15),
    "left_ear": (0.0, 0.33, 1.08),
    "mouth_left": (0.47, 0.10, 0.82),
}


@dataclass(frozen=True)
class Figure:
    """One pose in space: `landmarks_m` (33, 3); `rotation` and `origin_m` of each segment."""

    landmarks_m: np.ndarray
    rotation: dict[Segment, np.ndarray]
    origin_m: dict[Segment, np.ndarray]


_TURNS = ("pelvis_back", "half_lumbar", "lumbar", "half_chest", "chest",
          "thigh_l", "thigh_r", "shank_l", "shank_r", "foot_l", "foot_r")  # fmt: skip
_PELVIS_BACK, _HALF_LUMBAR, _LUMBAR, _HALF_CHEST, _CHEST = range(5)
_THIGHS, _SHANKS, _FEET = slice(5, 7), slice(7, 9), slice(9, 11)


def _angles_of_turns() -> np.ndarray:
    """(33, 21): angles about y, x and z of each turn of _TURNS from the coordinates."""
    out = np.zeros((len(_TURNS), 3, len(INDEX)))
    y, x, z = 0, 1, 2
    # The way back from the pelvis to the world has the order of turns that `bent` makes.
    out[_PELVIS_BACK, z, INDEX[_C.PELVIS_ROTATION]] = -1.0
    out[_PELVIS_BACK, x, INDEX[_C.PELVIS_OBLIQUITY]] = 1.0
    out[_PELVIS_BACK, y, INDEX[_C.PELVIS_TILT]] = -1.0
    for axis, way in ((y, "flexion"), (x, "side_bend"), (z, "rotation")):
        lumbar = INDEX[Coordinate(f"lumbar_{way}")]
        chest = INDEX[Coordinate(f"thorax_{way}")]
        out[_HALF_LUMBAR, axis, lumbar] = out[_HALF_CHEST, axis, [lumbar, chest]] = 0.5
        out[_LUMBAR, axis, lumbar] = out[_CHEST, axis, chest] = 1.0
    for i, side in enumerate(Side):
        lateral = _LATERAL[i]
        leg = {
            (5, y): ("hip_flexion", -1.0),
            (5, x): ("hip_adduction", -lateral),
            (5, z): ("hip_rotation", -lateral),
            (7, y): ("knee_flexion", 1.0),
            (9, y): ("ankle_dorsiflexion", -1.0),
        }
        for (turn, axis), (joint, sign) in leg.items():
            out[turn + i, axis, INDEX[Coordinate(f"{joint}_{side.value}")]] = sign
    return out.reshape(-1, len(INDEX))


_LATERAL = (1.0, -1.0)
"""Left and right along y."""
_ANGLES_OF_TURNS = _angles_of_turns()


def bent(angles_rad: np.ndarray) -> np.ndarray:
    """(n, 3) angles about y, x, z to (n, 3, 3) Ry @ Rx @ Rz, written out."""
    cy, cx, cz = np.cos(angles_rad).T
    sy, sx, sz = np.sin(angles_rad).T
    out = np.empty((len(angles_rad), 3, 3))
    sy_sx, cy_sx = sy * sx, cy * sx
    out[:, 0, 0] = cy * cz + sy_sx * sz
    out[:, 0, 1] = sy_sx * cz - cy * sz
    out[:, 0, 2] = sy * cx
    out[:, 1, 0] = cx * sz
    out[:, 1, 1] = cx * cz
    out[:, 1, 2] = -sx
    out[:, 2, 0] = cy_sx * sz - sy * cz
    out[:, 2, 1] = cy_sx * cz + sy * sz
    out[:, 2, 2] = cy * cx
    return out


def figure(
    pose_rad: np.ndarray,
    *,
    height_m: float,
    posture: Posture,
    arms: bool = True,
    roll_rad: float = 0.0,
) -> Figure:
    """The figure of a pose (21,) in the order of COORDINATES, standing or lying on the floor.

    The body rests on its lowest points: knees and, lying, hips and shoulders keep the thickness of
    their flesh above the floor. What supports it does not slide: the points that touch the floor
    keep their place (lying, the pelvis does). `posture` says where the arms are and what supports.
    Without `arms` their landmarks are left out (at the origin): segments alone are quicker.
    `roll_rad`: the posed body is rolled about the world's x, + with the right side down, as one who
    lies on the side.
    """
    turns = bent((_ANGLES_OF_TURNS @ pose_rad).reshape(-1, 3))
    pelvis = turns[_PELVIS_BACK].T
    points = np.zeros((len(LANDMARKS), 3))
    rotation = {Segment.PELVIS: pelvis}
    origin = {Segment.PELVIS: pelvis @ _SACRUM}
    _trunk(pelvis, turns, points, rotation, origin)
    _legs(pelvis, turns, points, rotation, origin)
    if roll_rad:
        _roll(roll_rad, points, rotation, origin)
    shift = _resting(points, lying=posture in _LYING)
    points += shift
    if arms:
        _arms(posture, points, rotation[Segment.THORAX])
    return Figure(
        points * height_m, rotation, {s: (o + shift) * height_m for s, o in origin.items()}
    )


def _roll(
    roll_rad: float,
    points: np.ndarray,
    rotation: dict[Segment, np.ndarray],
    origin: dict[Segment, np.ndarray],
) -> None:
    """Turn a posed body as a whole, in place."""
    turn = rolled_about_front(roll_rad)
    points[:] = points @ turn.T
    for segment in rotation:
        rotation[segment], origin[segment] = turn @ rotation[segment], turn @ origin[segment]


def rolled_about_front(roll_rad: float) -> np.ndarray:
    """(3, 3) turn about the world's x that brings the top of the body to its right."""
    c, s = cos(roll_rad), sin(roll_rad)
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])


def blended(a: Figure, b: Figure, share: float) -> Figure:
    """A figure on the way from a (0) to b (1) in place and arms; both are of the same pose."""
    return Figure(
        a.landmarks_m + share * (b.landmarks_m - a.landmarks_m),
        b.rotation,
        {s: o + share * (b.origin_m[s] - o) for s, o in a.origin_m.items()},
    )


_SACRUM = np.array([-0.06, 0.0, 0.06])
"""Where a sensor is worn on the sacrum, from the middle of the hip joints, in shares of height."""


def _trunk(
    pelvis: np.ndarray,
    turns: np.ndarray,
    points: np.ndarray,
    rotation: dict[Segment, np.ndarray],
    origin: dict[Segment, np.ndarray],
) -> None:
    """Lumbar and thoracic spine bend evenly: each is drawn as the chord at its middle angles."""
    half_lumbar, t12, half_chest, thorax = pelvis @ turns[_HALF_LUMBAR : _CHEST + 1]
    top = _SHARE["pelvis"] * pelvis[:, 2] + _SHARE["lumbar"] * half_lumbar[:, 2]
    middle = top + _SHARE["thorax"] * half_chest[:, 2]
    points[_CHEST_ROWS] = middle + _CHEST_OFFSETS @ thorax.T
    rotation[Segment.T12], rotation[Segment.THORAX] = t12, thorax
    origin[Segment.T12], origin[Segment.THORAX] = top, (top + middle) / 2


def _other(name: str) -> str:
    return name.replace("left", "right") if "left" in name else name.replace("right", "left")


def _chest_offsets() -> dict[str, tuple[float, float, float]]:
    """Landmarks that move with the chest: the head does, too."""
    half, head = _SHARE["shoulder_half"], _SHARE["head"]
    found = {"left_shoulder": (0.0, half, 0.0), "right_shoulder": (0.0, -half, 0.0)}
    for name, (x, y, z) in _HEAD.items():
        found[name] = (head * x, head * y, head * z)
        if name != "nose":
            found[_other(name)] = (head * x, -head * y, head * z)
    return found


_CHEST_ROWS = np.array([LANDMARK_INDEX[name] for name in _chest_offsets()])
_CHEST_OFFSETS = np.array(list(_chest_offsets().values()))


_LEG_ROWS = np.array(
    [
        LANDMARK_INDEX[f"{word}_{mark}"]
        for mark in ("hip", "knee", "ankle", "heel", "foot_index")
        for word in ("left", "right")
    ]
)
_HIP_WAY = np.array(_LATERAL)[:, None] * _SHARE["hip_half"]


def _legs(
    pelvis: np.ndarray,
    turns: np.ndarray,
    points: np.ndarray,
    rotation: dict[Segment, np.ndarray],
    origin: dict[Segment, np.ndarray],
) -> None:
    """Both legs at once, left first."""
    thigh = pelvis @ turns[_THIGHS]
    shank = thigh @ turns[_SHANKS]
    foot = shank @ turns[_FEET]
    hip = _HIP_WAY * pelvis[:, 1]
    knee = hip - _SHARE["thigh"] * thigh[:, :, 2]
    ankle = knee - _SHARE["shank"] * shank[:, :, 2]
    sole = ankle - _SHARE["ankle"] * foot[:, :, 2]
    forward = foot[:, :, 0]
    heel, toe = sole - _SHARE["heel"] * forward, sole + _SHARE["toe"] * forward
    points[_LEG_ROWS] = np.concatenate((hip, knee, ankle, heel, toe))
    rotation[Segment.THIGH_L], rotation[Segment.THIGH_R] = thigh
    rotation[Segment.SHANK_L], rotation[Segment.SHANK_R] = shank
    origin[Segment.THIGH_L], origin[Segment.THIGH_R] = (hip + knee) / 2
    origin[Segment.SHANK_L], origin[Segment.SHANK_R] = (knee + ankle) / 2


def _clearances() -> np.ndarray:
    """(33,) height of a landmark when its flesh touches the floor; arms support nothing."""
    rest = np.full(len(LANDMARKS), np.inf)
    for name in ("heel", "foot_index"):
        rest[[LANDMARK_INDEX[f"{w}_{name}"] for w in ("left", "right")]] = 0.0
    for name in ("ankle", "knee", "hip", "shoulder", "ear"):
        rest[[LANDMARK_INDEX[f"{w}_{name}"] for w in ("left", "right")]] = _SHARE[f"{name}_floor"]
    return rest


_CLEARANCE = _clearances()
_RESTS = np.flatnonzero(np.isfinite(_CLEARANCE))
_REST_CLEARANCE = _CLEARANCE[_RESTS]


def _resting(points: np.ndarray, *, lying: bool) -> np.ndarray:
    """(3,) the shift that brings the body onto the floor with its support in its place.

    Both the floor and the place follow a soft minimum, so that a limb which lifts off makes no
    corner in the path of the others.
    """
    gaps = (points[_RESTS, 2] - _REST_CLEARANCE).tolist()
    lowest = min(gaps)
    tau = _CONTACT_SOFTNESS
    down = lowest - tau * log(sum(exp((lowest - gap) / tau) for gap in gaps)) + tau * log(2.0)
    if lying:
        return np.array([0.0, 0.0, -down])
    support = points[_SUPPORT_ROWS]
    height = support[:, 2] - _CLEARANCE[_SUPPORT_ROWS]
    weight = np.exp((height.min() - height) / (5 * tau))
    place = weight @ support / weight.sum()
    return np.array([-place[0], -place[1], -down])


_SHOULDERS = tuple(LANDMARK_INDEX[f"{w}_shoulder"] for w in ("left", "right"))


def _arms(posture: Posture, points: np.ndarray, thorax: np.ndarray) -> None:
    """Elbows, wrists and hands of both sides, in place."""
    for lateral, word, shoulder in zip((1.0, -1.0), ("left", "right"), _SHOULDERS, strict=True):
        found = arm_points(Shoulder(points[shoulder], thorax, lateral), posture, points, _SHARE)
        for name, point in found.items():
            points[LANDMARK_INDEX[f"{word}_{name}"]] = point
