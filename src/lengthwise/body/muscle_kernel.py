"""Lengths and moment arms of all muscles from the tables of `muscle_paths`, compiled.

**Lengths.** The bones stand where their joints' curves put them (`joint_map`). A path is the sum of
its steps: distances, and ways around surfaces.

**Moment arms.** A step pulls along the unit direction u of its straight parts; what lies on a
surface does no work. So d length / d coordinate = u . (v_B - v_A) + (x cross u) . (w_B - w_A), with
w the turning of the bones A and B at its ends for one unit of the coordinate, v their velocities at
the pelvis, and x any point on the line.
"""

from math import sqrt

import numpy as np
from numba import njit

from lengthwise.body.around_surface import FREE, Point, around_surface
from lengthwise.body.bone_kernel import COORDINATES, place_all, turned, twists_of_bones
from lengthwise.body.muscle_paths import SPHERE, STRAIGHT

_SIDE = 12


@njit(cache=True, inline="always")
def _distance(points: np.ndarray, i: int, j: int) -> float:
    x, y, z = points[0, j] - points[0, i], points[1, j] - points[1, i], points[2, j] - points[2, i]
    return sqrt(x * x + y * y + z * z)


@njit(cache=True, inline="always")
def _on_surface(
    points: np.ndarray,
    point: int,
    bone: int,
    turns: np.ndarray,
    places: np.ndarray,
    wrap: int,
    wrap_numbers: np.ndarray,
) -> Point:
    """A point in the axes of a surface that a bone carries."""
    x = points[0, point] - places[bone, 0]
    y = points[1, point] - places[bone, 1]
    z = points[2, point] - places[bone, 2]
    a = turns[bone, 0] * x + turns[bone, 3] * y + turns[bone, 6] * z - wrap_numbers[wrap, 0]
    b = turns[bone, 1] * x + turns[bone, 4] * y + turns[bone, 7] * z - wrap_numbers[wrap, 1]
    c = turns[bone, 2] * x + turns[bone, 5] * y + turns[bone, 8] * z - wrap_numbers[wrap, 2]
    return (
        wrap_numbers[wrap, 3] * a + wrap_numbers[wrap, 6] * b + wrap_numbers[wrap, 9] * c,
        wrap_numbers[wrap, 4] * a + wrap_numbers[wrap, 7] * b + wrap_numbers[wrap, 10] * c,
        wrap_numbers[wrap, 5] * a + wrap_numbers[wrap, 8] * b + wrap_numbers[wrap, 11] * c,
    )


@njit(cache=True, inline="always")
def _around(
    start: int,
    end: int,
    wrap: int,
    points: np.ndarray,
    turns: np.ndarray,
    places: np.ndarray,
    wrap_index: np.ndarray,
    wrap_numbers: np.ndarray,
    wrap_radius: np.ndarray,
    touch: np.ndarray,
) -> float:
    """Length of a step with a surface, FREE where it is straight.

    `touch` (2, 3) receives where it touches, in the axes of the surface.
    """
    bone = wrap_index[wrap, 1]
    p = _on_surface(points, start, bone, turns, places, wrap, wrap_numbers)
    q = _on_surface(points, end, bone, turns, places, wrap, wrap_numbers)
    side = wrap_numbers[wrap, _SIDE], wrap_numbers[wrap, _SIDE + 1], wrap_numbers[wrap, _SIDE + 2]
    sphere = wrap_index[wrap, 0] == SPHERE
    return around_surface(p, q, side, sphere, wrap_radius[wrap], touch)


@njit(cache=True, inline="always")
def _touched(
    touch: np.ndarray,
    which: int,
    bone: int,
    turns: np.ndarray,
    places: np.ndarray,
    wrap: int,
    wrap_numbers: np.ndarray,
) -> Point:
    """A touching point in the axes of the pelvis."""
    x, y, z = touch[which, 0], touch[which, 1], touch[which, 2]
    n = wrap_numbers
    a = n[wrap, 0] + n[wrap, 3] * x + n[wrap, 4] * y + n[wrap, 5] * z
    b = n[wrap, 1] + n[wrap, 6] * x + n[wrap, 7] * y + n[wrap, 8] * z
    c = n[wrap, 2] + n[wrap, 9] * x + n[wrap, 10] * y + n[wrap, 11] * z
    x, y, z = turned(turns, bone, a, b, c)
    return places[bone, 0] + x, places[bone, 1] + y, places[bone, 2] + z


@njit(cache=True, inline="always")
def _pull(
    slopes_m: np.ndarray,
    muscle: int,
    first: int,
    end: int,
    a: Point,
    b: Point,
    bone_a: int,
    bone_b: int,
    twists: np.ndarray,
) -> None:
    """Adds d |b - a| / d coordinate to row `muscle`, for the coordinates from `first` to `end`.

    a and b are carried by `bone_a` and `bone_b`.
    """
    x, y, z = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    length = sqrt(x * x + y * y + z * z)
    if length == 0.0:
        return
    x, y, z = x / length, y / length, z / length
    k, m, n = a[1] * z - a[2] * y, a[2] * x - a[0] * z, a[0] * y - a[1] * x
    for i in range(first, end):
        slopes_m[muscle, i] += (
            k * (twists[bone_b, i, 0] - twists[bone_a, i, 0])
            + m * (twists[bone_b, i, 1] - twists[bone_a, i, 1])
            + n * (twists[bone_b, i, 2] - twists[bone_a, i, 2])
            + x * (twists[bone_b, i, 3] - twists[bone_a, i, 3])
            + y * (twists[bone_b, i, 4] - twists[bone_a, i, 4])
            + z * (twists[bone_b, i, 5] - twists[bone_a, i, 5])
        )


@njit(cache=True)
def lengths_batch(
    poses_rad: np.ndarray,
    out_m: np.ndarray,
    bone_index: np.ndarray,
    bone_rest: np.ndarray,
    joint_index: np.ndarray,
    joint_numbers: np.ndarray,
    point_place: np.ndarray,
    wrap_index: np.ndarray,
    wrap_numbers: np.ndarray,
    wrap_radius: np.ndarray,
    step_index: np.ndarray,
    muscle_end: np.ndarray,
    muscle_constant: np.ndarray,
) -> None:
    """(k, 13) coordinates to `out_m` (k, n)."""
    turns, places = np.empty((len(bone_index), 9)), np.empty((len(bone_index), 3))
    screws, points = np.empty((len(joint_index), 6)), np.empty(point_place.shape)
    touch = np.empty((2, 3))
    for row in range(len(poses_rad)):
        place_all(
            row, poses_rad, bone_index, bone_rest, joint_index, joint_numbers, point_place,
            turns, places, screws, points,
        )  # fmt: skip
        s = 0
        for muscle in range(len(muscle_end)):
            total_m = muscle_constant[muscle]
            while s < muscle_end[muscle]:
                start, end, wrap = step_index[s, 0], step_index[s, 1], step_index[s, 2]
                length_m = FREE
                if wrap != STRAIGHT:
                    length_m = _around(
                        start, end, wrap, points, turns, places,
                        wrap_index, wrap_numbers, wrap_radius, touch,
                    )  # fmt: skip
                if length_m == FREE:
                    length_m = _distance(points, start, end)
                total_m += length_m
                s += 1
            out_m[row, muscle] = total_m


@njit(cache=True)
def lengths_and_slopes(
    poses_rad: np.ndarray,
    out_m: np.ndarray,
    slopes_m: np.ndarray,
    bone_index: np.ndarray,
    bone_rest: np.ndarray,
    joint_index: np.ndarray,
    joint_numbers: np.ndarray,
    point_place: np.ndarray,
    wrap_index: np.ndarray,
    wrap_numbers: np.ndarray,
    wrap_radius: np.ndarray,
    step_index: np.ndarray,
    muscle_end: np.ndarray,
    muscle_constant: np.ndarray,
) -> None:
    """(1, 13) coordinates to `out_m` (n,) and `slopes_m` (n, 13), metres per radian."""
    turns, places = np.empty((len(bone_index), 9)), np.empty((len(bone_index), 3))
    screws, points = np.empty((len(joint_index), 6)), np.empty(point_place.shape)
    touch, twists = np.empty((2, 3)), np.empty((len(bone_index), COORDINATES, 6))
    place_all(
        0, poses_rad, bone_index, bone_rest, joint_index, joint_numbers, point_place,
        turns, places, screws, points,
    )  # fmt: skip
    twists_of_bones(bone_index, joint_index, screws, twists)
    slopes_m[:] = 0.0
    s = 0
    for muscle in range(len(muscle_end)):
        total_m = muscle_constant[muscle]
        while s < muscle_end[muscle]:
            start, end, wrap = step_index[s, 0], step_index[s, 1], step_index[s, 2]
            bone_a, bone_b = step_index[s, 3], step_index[s, 4]
            first, last = step_index[s, 5], step_index[s, 6]
            a = points[0, start], points[1, start], points[2, start]
            b = points[0, end], points[1, end], points[2, end]
            length_m = FREE
            if wrap != STRAIGHT:
                length_m = _around(
                    start, end, wrap, points, turns, places,
                    wrap_index, wrap_numbers, wrap_radius, touch,
                )  # fmt: skip
            if length_m == FREE:
                length_m = _distance(points, start, end)
                _pull(slopes_m, muscle, first, last, a, b, bone_a, bone_b, twists)
            else:
                on = wrap_index[wrap, 1]
                p = _touched(touch, 0, on, turns, places, wrap, wrap_numbers)
                q = _touched(touch, 1, on, turns, places, wrap, wrap_numbers)
                _pull(slopes_m, muscle, first, last, a, p, bone_a, on, twists)
                _pull(slopes_m, muscle, first, last, q, b, on, bone_b, twists)
            total_m += length_m
            s += 1
        out_m[muscle] = total_m
