"""How a simulated body looks in which one coordinate has left its place: what moves with it.

pelvis    turns alone: thighs and chest keep their place in the world, hips and spine give
spine     bends in the lumbar part, the chest goes along; a lean against gravity by that bend,
          and by a turn of the chest where the trunk lies level and a bend would not lean it
hip       the leg swings; a leg that kneels on all fours rocks over its knee instead
knee      the shank swings; under one who stands thigh and ankle give half each, so that the
          foot stays flat below the hip; on all fours the leg rocks
ankle     the foot alone
"""

from math import asin, atan2

import numpy as np

from lengthwise.contracts.coordinates import (
    INDEX,
    Coordinate,
    Side,
    chest_against_gravity,
)
from lengthwise.contracts.observation import Posture
from lengthwise.reference.joint_limits import joint_limits_rad
from lengthwise.sim.skeleton import bent
from lengthwise.sim.stance import Stance, agreeing

_C = Coordinate
_WAYS = ("flexion", "side_bend", "rotation")
_LUMBAR = np.array([INDEX[Coordinate(f"lumbar_{way}")] for way in _WAYS])
_CHEST = np.array([INDEX[Coordinate(f"thorax_{way}")] for way in _WAYS])
_PELVIS = {_C.PELVIS_TILT, _C.PELVIS_OBLIQUITY, _C.PELVIS_ROTATION}
_LEANS = {_C.TRUNK_FLEXION: 0, _C.TRUNK_SIDE_LEAN: 1}
_SMALL_RAD = 1e-4
_LARGEST_GAIN = 3.0
"""A lean may take this many times as much bend and turn of the chest, not more."""
_JOINTS = ("hip_", "knee_", "ankle_", "lumbar_")
_LIMITS = {INDEX[c]: x for c, x in joint_limits_rad().items() if c.value.startswith(_JOINTS)}
"""Of joints alone: how a lying pelvis stands to gravity is no matter of its range."""


def displaced(
    pose: np.ndarray, coordinate: Coordinate, change_rad: float, stance: Stance
) -> np.ndarray:
    """(21,) the pose with `coordinate` changed; joints stay within what a body can do."""
    out: np.ndarray = pose.copy()
    part, _, end = coordinate.value.rpartition("_")
    if coordinate in _PELVIS:
        _turn_pelvis(out, INDEX[coordinate], change_rad)
    elif coordinate in _LEANS:
        _lean(out, _LEANS[coordinate], change_rad)
    elif part in ("hip_flexion", "knee_flexion"):
        _leg(out, part, Side(end), change_rad, stance)
    elif INDEX[coordinate] in (*_LUMBAR, *_CHEST):
        _bend_spine(out, _WAYS.index(coordinate.value.partition("_")[2]), change_rad)
    else:
        out[INDEX[coordinate]] += change_rad
    for i, (low, high) in _LIMITS.items():
        out[i] = min(max(out[i], min(low, pose[i])), max(high, pose[i]))
    return agreeing(out, chest_moves=True)


def _bend_spine(pose: np.ndarray, way: int, change_rad: float) -> None:
    pose[_LUMBAR[way]] += change_rad
    pose[_CHEST[way]] += change_rad


def _lean(pose: np.ndarray, which: int, change_rad: float) -> None:
    """The chest's least bend and turn that changes one of its angles against gravity by as much."""
    goal = chest_against_gravity(pose)[which] + change_rad
    begin = pose[_CHEST].copy()
    most = _LARGEST_GAIN * abs(change_rad)
    for _ in range(8):
        short = goal - chest_against_gravity(pose)[which]
        slope = np.zeros(3)
        for way, i in enumerate(_CHEST):
            tried = pose.copy()
            tried[i] += _SMALL_RAD
            gained = chest_against_gravity(tried)[which] - chest_against_gravity(pose)[which]
            slope[way] = gained / _SMALL_RAD
        step = slope * short / max(float(slope @ slope), 1e-3)
        pose[_CHEST] = np.clip(pose[_CHEST] + step, begin - most, begin + most)
    pose[_LUMBAR] += pose[_CHEST] - begin


def _turn_pelvis(pose: np.ndarray, i: int, change_rad: float) -> None:
    """Thighs and chest stay where they are in the world."""
    before = _pelvis(pose)
    kept = {part: before @ _rotation(pose, part) for part in _HUNG}
    chest = pose[_CHEST].copy()
    pose[i] += change_rad
    after = _pelvis(pose)
    for part, rotation in kept.items():
        _place(pose, part, after.T @ rotation)
    pose[_LUMBAR] += pose[_CHEST] - chest


def _hip(side: Side, lateral: float) -> tuple[np.ndarray, np.ndarray]:
    """Places and signs of the angles about y, x and z, as in `sim.skeleton`."""
    names = ("hip_flexion", "hip_adduction", "hip_rotation")
    places = np.array([INDEX[Coordinate(f"{name}_{side.value}")] for name in names])
    return places, np.array([-1.0, -lateral, -lateral])


_HUNG = {
    "chest": (_CHEST, np.ones(3)),
    "thigh_l": _hip(Side.LEFT, 1.0),
    "thigh_r": _hip(Side.RIGHT, -1.0),
}


def _pelvis(pose: np.ndarray) -> np.ndarray:
    tilt, obliquity, rotation = pose[[INDEX[c] for c in (_C.PELVIS_TILT, _C.PELVIS_OBLIQUITY,
                                                         _C.PELVIS_ROTATION)]]  # fmt: skip
    return np.asarray(bent(np.array([[-tilt, obliquity, -rotation]]))[0].T)


def _rotation(pose: np.ndarray, part: str) -> np.ndarray:
    places, signs = _HUNG[part]
    return np.asarray(bent((signs * pose[places])[None])[0])


def _place(pose: np.ndarray, part: str, rotation: np.ndarray) -> None:
    places, signs = _HUNG[part]
    about_x = asin(min(max(-rotation[1, 2], -1.0), 1.0))
    about_y = atan2(rotation[0, 2], rotation[2, 2])
    about_z = atan2(rotation[1, 0], rotation[1, 1])
    pose[places] = signs * np.array([about_y, about_x, about_z])


def _leg(pose: np.ndarray, part: str, side: Side, change_rad: float, stance: Stance) -> None:
    posture = stance.exercise.start_posture

    def at(joint: str, leg: Side = side) -> int:
        return INDEX[Coordinate(f"{joint}_{leg.value}")]

    if posture is Posture.FOUR_POINT and side not in stance.leaving:
        for leg in (s for s in Side if s not in stance.leaving):
            pose[at("hip_flexion", leg)] += change_rad
            pose[at("knee_flexion", leg)] += change_rad
        return
    pose[at(part)] += change_rad
    if part == "knee_flexion" and posture is Posture.STANDING:
        pose[at("hip_flexion")] += change_rad / 2
        pose[at("ankle_dorsiflexion")] += change_rad / 2
