"""Places and velocities of the bones of `muscle_paths` and of the points that they carry, compiled.

A bone stands in its parent as at rest and is moved by its joints in turn: a slide along its axis, a
hinge about its axis through its anchor. Everything is seen from bone 0, the pelvis.

No sum is reordered by the compiler, so the same coordinates give the same bits whoever asks.
Helpers are inlined and arrays go whole with an index: a compiled view of a row, or a call that
takes arrays, costs more in counting references than its arithmetic.
"""

from math import cos, sin

import numpy as np
from numba import njit

from lengthwise.body.around_surface import Point
from lengthwise.body.muscle_paths import SLIDE

COORDINATES = 13
_POWERS, _END, _BEND, _TURN = 6, 11, 12, 13


@njit(cache=True, inline="always")
def _joint_position(joint_numbers: np.ndarray, joint: int, angle_rad: float) -> tuple[float, float]:
    """Position of a joint and its slope in the coordinate that it follows (`JointCurve`)."""
    fitted = min(angle_rad, joint_numbers[joint, _END])
    c1, c2 = joint_numbers[joint, _POWERS + 1], joint_numbers[joint, _POWERS + 2]
    c3, c4 = joint_numbers[joint, _POWERS + 3], joint_numbers[joint, _POWERS + 4]
    value = joint_numbers[joint, _POWERS] + fitted * (
        c1 + fitted * (c2 + fitted * (c3 + fitted * c4))
    )
    slope = c1 + fitted * (2.0 * c2 + fitted * (3.0 * c3 + fitted * (4.0 * c4)))
    beyond, turn = angle_rad - fitted, joint_numbers[joint, _TURN]
    if beyond > 0.0 and turn != 0.0:
        s, c, bend = sin(turn * beyond), cos(turn * beyond), joint_numbers[joint, _BEND]
        value += (slope * s + bend * (1.0 - c) / turn) / turn
        slope = slope * c + bend * s / turn
    elif beyond > 0.0:
        value += slope * beyond
    return value, slope


@njit(cache=True, inline="always")
def turned(turns: np.ndarray, bone: int, x: float, y: float, z: float) -> Point:
    """A vector of a bone's axes in those of the pelvis."""
    return (
        turns[bone, 0] * x + turns[bone, 1] * y + turns[bone, 2] * z,
        turns[bone, 3] * x + turns[bone, 4] * y + turns[bone, 5] * z,
        turns[bone, 6] * x + turns[bone, 7] * y + turns[bone, 8] * z,
    )


@njit(cache=True, inline="always")
def _turn_about(
    turns: np.ndarray, bone: int, x: float, y: float, z: float, angle_rad: float
) -> None:
    """Turns a bone about an axis in its own frame (Rodrigues)."""
    c, s = cos(angle_rad), sin(angle_rad)
    for i in range(0, 9, 3):
        a, b, d = turns[bone, i], turns[bone, i + 1], turns[bone, i + 2]
        along = (1.0 - c) * (a * x + b * y + d * z)
        turns[bone, i] = c * a + along * x + s * (b * z - d * y)
        turns[bone, i + 1] = c * b + along * y + s * (d * x - a * z)
        turns[bone, i + 2] = c * d + along * z + s * (a * y - b * x)


@njit(cache=True, inline="always")
def _move_joint(
    joint: int,
    kind: int,
    angle_rad: float,
    joint_numbers: np.ndarray,
    bone: int,
    turns: np.ndarray,
    places: np.ndarray,
    screws: np.ndarray,
) -> None:
    """Moves a bone by one of its joints; `screws` (J, 6): turning, then velocity at the pelvis."""
    moved, slope = _joint_position(joint_numbers, joint, angle_rad)
    ax, ay, az = joint_numbers[joint, 0], joint_numbers[joint, 1], joint_numbers[joint, 2]
    x, y, z = turned(turns, bone, ax, ay, az)
    if kind == SLIDE:
        places[bone, 0] += moved * x
        places[bone, 1] += moved * y
        places[bone, 2] += moved * z
        screws[joint, 0] = screws[joint, 1] = screws[joint, 2] = 0.0
        screws[joint, 3], screws[joint, 4], screws[joint, 5] = slope * x, slope * y, slope * z
        return
    hx, hy, hz = joint_numbers[joint, 3], joint_numbers[joint, 4], joint_numbers[joint, 5]
    a, b, c = turned(turns, bone, hx, hy, hz)
    a, b, c = places[bone, 0] + a, places[bone, 1] + b, places[bone, 2] + c
    _turn_about(turns, bone, ax, ay, az, moved)
    back = turned(turns, bone, hx, hy, hz)
    places[bone, 0], places[bone, 1], places[bone, 2] = a - back[0], b - back[1], c - back[2]
    screws[joint, 0], screws[joint, 1], screws[joint, 2] = slope * x, slope * y, slope * z
    screws[joint, 3] = slope * (b * z - c * y)
    screws[joint, 4] = slope * (c * x - a * z)
    screws[joint, 5] = slope * (a * y - b * x)


@njit(cache=True, inline="always")
def _place_bone(
    bone: int, parent: int, bone_rest: np.ndarray, turns: np.ndarray, places: np.ndarray
) -> None:
    """A bone at rest in its parent."""
    x, y, z = turned(turns, parent, bone_rest[bone, 0], bone_rest[bone, 1], bone_rest[bone, 2])
    places[bone, 0] = places[parent, 0] + x
    places[bone, 1] = places[parent, 1] + y
    places[bone, 2] = places[parent, 2] + z
    for j in range(3):
        x, y, z = turned(
            turns, parent, bone_rest[bone, 3 + j], bone_rest[bone, 6 + j], bone_rest[bone, 9 + j]
        )
        turns[bone, j], turns[bone, 3 + j], turns[bone, 6 + j] = x, y, z


@njit(cache=True, inline="always")
def _place_points(
    first: int,
    end: int,
    bone: int,
    point_place: np.ndarray,
    turns: np.ndarray,
    places: np.ndarray,
    points: np.ndarray,
) -> None:
    """The points of one bone, which follow one another."""
    a, b, c = places[bone, 0], places[bone, 1], places[bone, 2]
    t0, t1, t2 = turns[bone, 0], turns[bone, 1], turns[bone, 2]
    t3, t4, t5 = turns[bone, 3], turns[bone, 4], turns[bone, 5]
    t6, t7, t8 = turns[bone, 6], turns[bone, 7], turns[bone, 8]
    for i in range(first, end):
        x, y, z = point_place[0, i], point_place[1, i], point_place[2, i]
        points[0, i] = a + (t0 * x + t1 * y + t2 * z)
        points[1, i] = b + (t3 * x + t4 * y + t5 * z)
        points[2, i] = c + (t6 * x + t7 * y + t8 * z)


@njit(cache=True)
def place_all(
    row: int,
    poses_rad: np.ndarray,
    bone_index: np.ndarray,
    bone_rest: np.ndarray,
    joint_index: np.ndarray,
    joint_numbers: np.ndarray,
    point_place: np.ndarray,
    turns: np.ndarray,
    places: np.ndarray,
    screws: np.ndarray,
    points: np.ndarray,
) -> None:
    """Into `turns` (B, 9), `places` (B, 3), `screws` (J, 6) and `points` (3, P), from bone 0."""
    for i in range(9):
        turns[0, i] = 1.0 if i % 4 == 0 else 0.0
    places[0, 0] = places[0, 1] = places[0, 2] = 0.0
    joint = first = 0
    for bone in range(len(bone_index)):
        if bone:
            _place_bone(bone, bone_index[bone, 0], bone_rest, turns, places)
        while joint < bone_index[bone, 1]:
            angle_rad = poses_rad[row, joint_index[joint, 1]]
            kind = joint_index[joint, 0]
            _move_joint(joint, kind, angle_rad, joint_numbers, bone, turns, places, screws)
            joint += 1
        end = bone_index[bone, 2]
        _place_points(first, end, bone, point_place, turns, places, points)
        first = end


@njit(cache=True)
def twists_of_bones(
    bone_index: np.ndarray, joint_index: np.ndarray, screws: np.ndarray, twists: np.ndarray
) -> None:
    """Into `twists` (B, 13, 6): turning and velocity at the pelvis by bone and coordinate."""
    twists[0] = 0.0
    joint = 0
    for bone in range(1, len(bone_index)):
        parent = bone_index[bone, 0]
        for i in range(COORDINATES):
            for k in range(6):
                twists[bone, i, k] = twists[parent, i, k]
        while joint < bone_index[bone, 1]:
            for k in range(6):
                twists[bone, joint_index[joint, 1], k] += screws[joint, k]
            joint += 1
