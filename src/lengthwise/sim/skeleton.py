"""A stick figure with 33 landmarks: what a simulated person's pose looks like from outside.

World frame: x to the person's front at zero rotation, y to the left, z up; the floor is z = 0.
Segment frames coincide with the world's in upright standing. Written independently of the
anatomical model and of the estimator's geometry, so that it may serve as truth for both.

Rotations (columns: segment axes in the world), signs of `contracts.coordinates`:

    pelvis = Rz(rotation) Ry(tilt) Rx(-obliquity)
    lumbar = pelvis Ry(flexion) Rx(side_bend) Rz(rotation);   thorax: the same on top of it
    thigh  = pelvis Ry(-flexion) Rx(-adduction | +adduction) Rz(-rotation | +rotation)   (l | r)
    shank  = thigh Ry(knee);   foot = shank Ry(-dorsiflexion)
"""

from dataclasses import dataclass
from functools import cache
from math import cos, sin

import numpy as np

from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.observation import LANDMARKS, Posture, Segment
from lengthwise.reference.constants import constants

_C = Coordinate
_UP = np.array([0.0, 0.0, 1.0])
_FORWARD = np.array([1.0, 0.0, 0.0])

_HEAD = {
    # landmark: (forward, left, up) of the nose-high middle of the head, in shares of head length
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


@cache
def _share(name: str) -> float:
    return constants("sim")[f"{name}_height_ratio"].value


def _rx(a: float) -> np.ndarray:
    return np.array([[1, 0, 0], [0, cos(a), -sin(a)], [0, sin(a), cos(a)]])


def _ry(a: float) -> np.ndarray:
    return np.array([[cos(a), 0, sin(a)], [0, 1, 0], [-sin(a), 0, cos(a)]])


def _rz(a: float) -> np.ndarray:
    return np.array([[cos(a), -sin(a), 0], [sin(a), cos(a), 0], [0, 0, 1]])


def figure(pose_rad: np.ndarray, *, height_m: float, posture: Posture) -> Figure:
    """The figure of a pose (21,) in the order of COORDINATES, standing or lying on the floor.

    `posture` only decides where the arms are. The lowest landmark touches the floor.
    """
    q = {c: float(pose_rad[i]) for c, i in INDEX.items()}
    pelvis = _rz(q[_C.PELVIS_ROTATION]) @ _ry(q[_C.PELVIS_TILT]) @ _rx(-q[_C.PELVIS_OBLIQUITY])
    points: dict[str, np.ndarray] = {}
    rotation: dict[Segment, np.ndarray] = {Segment.PELVIS: pelvis}
    origin: dict[Segment, np.ndarray] = {Segment.PELVIS: np.zeros(3)}
    _trunk(q, height_m, points, rotation, origin)
    for side in Side:
        _leg(q, side, height_m, points, rotation, origin)
    _arms(posture, height_m, points, rotation[Segment.THORAX])
    landmarks = np.array([points[name] for name in LANDMARKS])
    drop = np.array([0.0, 0.0, landmarks[:, 2].min()])
    return Figure(landmarks - drop, rotation, {s: o - drop for s, o in origin.items()})


def _trunk(
    q: dict[Coordinate, float],
    height_m: float,
    points: dict[str, np.ndarray],
    rotation: dict[Segment, np.ndarray],
    origin: dict[Segment, np.ndarray],
) -> None:
    """The lumbar spine and the chest bend evenly: each is drawn as the chord at half its angle."""
    lumbar = (q[_C.LUMBAR_FLEXION], q[_C.LUMBAR_SIDE_BEND], q[_C.LUMBAR_ROTATION])
    total = (q[_C.THORAX_FLEXION], q[_C.THORAX_SIDE_BEND], q[_C.THORAX_ROTATION])
    chest = tuple(t - part for t, part in zip(total, lumbar, strict=True))
    pelvis = rotation[Segment.PELVIS]
    t12 = pelvis @ _bent(*lumbar)
    thorax = t12 @ _bent(*chest)
    l5s1 = _share("pelvis") * height_m * pelvis @ _UP
    t12_origin = l5s1 + _share("lumbar") * height_m * pelvis @ _bent(*(a / 2 for a in lumbar)) @ _UP
    middle = t12_origin + _share("thorax") * height_m * t12 @ _bent(*(a / 2 for a in chest)) @ _UP
    half = _share("shoulder_half") * height_m
    for name, y in (("left_shoulder", half), ("right_shoulder", -half)):
        points[name] = middle + thorax @ np.array([0.0, y, 0.0])
    head = _share("head") * height_m
    for name, (x, y, z) in _HEAD.items():
        points[name] = middle + head * thorax @ np.array([x, y, z])
        if name != "nose":
            points[_other(name)] = middle + head * thorax @ np.array([x, -y, z])
    rotation[Segment.T12], rotation[Segment.THORAX] = t12, thorax
    origin[Segment.T12], origin[Segment.THORAX] = t12_origin, (t12_origin + middle) / 2


def _bent(flexion: float, side_bend: float, turn: float) -> np.ndarray:
    return np.asarray(_ry(flexion) @ _rx(side_bend) @ _rz(turn))


def _other(name: str) -> str:
    return name.replace("left", "right") if "left" in name else name.replace("right", "left")


def _leg(
    q: dict[Coordinate, float],
    side: Side,
    height_m: float,
    points: dict[str, np.ndarray],
    rotation: dict[Segment, np.ndarray],
    origin: dict[Segment, np.ndarray],
) -> None:
    sign, word = (-1.0, "left") if side is Side.LEFT else (1.0, "right")

    def angle(name: str) -> float:
        return q[Coordinate(f"{name}_{side.value}")]

    pelvis = rotation[Segment.PELVIS]
    thigh = (
        pelvis
        @ _ry(-angle("hip_flexion"))
        @ _rx(sign * angle("hip_adduction"))
        @ _rz(sign * angle("hip_rotation"))
    )
    shank = thigh @ _ry(angle("knee_flexion"))
    foot = shank @ _ry(-angle("ankle_dorsiflexion"))
    hip = pelvis @ np.array([0.0, -sign * _share("hip_half") * height_m, 0.0])
    knee = hip - _share("thigh") * height_m * thigh @ _UP
    ankle = knee - _share("shank") * height_m * shank @ _UP
    sole = -_share("ankle") * height_m * foot @ _UP
    points[f"{word}_hip"], points[f"{word}_knee"], points[f"{word}_ankle"] = hip, knee, ankle
    points[f"{word}_heel"] = ankle + sole - _share("heel") * height_m * foot @ _FORWARD
    points[f"{word}_foot_index"] = ankle + sole + _share("toe") * height_m * foot @ _FORWARD
    thigh_name, shank_name = Segment(f"thigh_{side.value}"), Segment(f"shank_{side.value}")
    rotation[thigh_name], rotation[shank_name] = thigh, shank
    origin[thigh_name], origin[shank_name] = (hip + knee) / 2, (knee + ankle) / 2


_ARM_DIRECTIONS: dict[Posture, tuple[bool, tuple[float, float], tuple[float, float]]] = {
    # in the world (True) or in the chest's frame, (forward, up) of upper arm and forearm
    Posture.HALF_KNEELING: (False, (0.6, -0.8), (0.9, -0.45)),
    Posture.FOUR_POINT: (True, (0.0, -1.0), (0.0, -1.0)),
}


def _arms(
    posture: Posture, height_m: float, points: dict[str, np.ndarray], thorax: np.ndarray
) -> None:
    """Hands on the front thigh, under the shoulders, or hanging beside the body."""
    in_world, upper, fore = _ARM_DIRECTIONS.get(posture, (False, (0.0, -1.0), (0.08, -1.0)))
    frame = np.eye(3) if in_world else thorax
    for word, sign in (("left", 1.0), ("right", -1.0)):
        along = [frame @ _unit(x, 0.08 * sign, z) for x, z in (upper, fore)]
        elbow = points[f"{word}_shoulder"] + _share("upper_arm") * height_m * along[0]
        wrist = elbow + _share("forearm") * height_m * along[1]
        hand = wrist + _share("hand") * height_m * along[1]
        points[f"{word}_elbow"], points[f"{word}_wrist"] = elbow, wrist
        for finger, y in (("pinky", 0.02), ("index", -0.02), ("thumb", -0.035)):
            points[f"{word}_{finger}"] = hand + frame @ np.array([0.0, y * sign, 0.0])


def _unit(x: float, y: float, z: float) -> np.ndarray:
    v = np.array([x, y, z])
    return np.asarray(v / np.linalg.norm(v))
