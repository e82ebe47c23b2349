"""Axes, zero posture and signs of every joint of the skeleton: written here once.

**Bone axes.** In the zero posture (upright standing, knees straight, feet forward) every bone has
x to the front, y up and z to the person's right (Wu et al. 2002, J Biomech 35:543-548, for pelvis
and femur; the models of Christophy et al. 2012, doi:10.1007/s10237-011-0290-6, and Rajagopal et al.
2016, doi:10.1109/TBME.2016.2586891, use the same axes for lumbar spine and legs).

**World axes** of a placed body: x to the person's left, y to the back, z up. The origin of the
pelvis (midpoint between the anterior superior iliac spines) stands at PELVIS_ORIGIN_M.

**Order of turns.** Lumbar levels: flexion about z, side-bend about x, rotation about y, each about
the axes that the turns before have carried along. Hip: flexion about the pelvis z, adduction about
x, rotation about the femur y. Pelvis in space: rotation about the vertical, then obliquity about
the turned front axis, then tilt about the turned right axis (Baker 2001, Hum Mov Sci 20:787-807).

**Zero and signs** are those of `contracts.coordinates`. JOINT_AXES says for each anatomical
coordinate which hinge of the model follows it and with which sign. Knee and ankle turn about the
oblique axes of the model; at the knee the shank also slides and turns with flexion, and the patella
follows, by the polynomials in `joint_map`.
"""

from math import cos, sin

import numpy as np
from msgspec import Struct

from lengthwise.contracts.coordinates import Coordinate

PELVIS_ORIGIN_M = (0.0, 0.0, 1.0)

ROT_WORLD_FROM_UPRIGHT = ((0.0, 0.0, -1.0), (-1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
"""Bone axes (front, up, right) of the upright body to world axes (left, back, up)."""


class JointAxis(Struct, frozen=True):
    """Which hinges follow a coordinate. `sign`: hinge angle = sign x share x coordinate.

    `positive`: what a positive angle does to the body, in words that a test can check.
    """

    coordinate: Coordinate
    hinges: tuple[str, ...]
    sign: float
    positive: str


def _level_hinges(first: str, direction: str) -> tuple[str, ...]:
    return (first, *(f"{level}_{direction}" for level in ("L4_L5", "L3_L4", "L2_L3", "L1_L2")))


_LUMBAR = (
    JointAxis(
        Coordinate.LUMBAR_FLEXION,
        _level_hinges("flex_extension", "FE"),
        -1.0,
        "the chest moves forward and down",
    ),
    JointAxis(
        Coordinate.LUMBAR_SIDE_BEND,
        _level_hinges("lat_bending", "LB"),
        1.0,
        "the chest moves to the right",
    ),
    JointAxis(
        Coordinate.LUMBAR_ROTATION,
        _level_hinges("axial_rotation", "AR"),
        1.0,
        "the front of the chest turns to the left",
    ),
)

_LEG = (
    ("hip_flexion", "hip_flexion", "the thigh moves forward"),
    ("hip_adduction", "hip_adduction", "the thigh moves towards the other leg"),
    ("hip_rotation", "hip_rotation", "the front of the thigh turns inwards"),
    ("knee_flexion", "knee_angle", "the shank moves backward"),
    ("ankle_dorsiflexion", "ankle_angle", "the toes move up"),
)

JOINT_AXES: tuple[JointAxis, ...] = _LUMBAR + tuple(
    JointAxis(Coordinate(f"{name}_{side}"), (f"{hinge}_{side}",), 1.0, positive)
    for side in ("l", "r")
    for name, hinge, positive in _LEG
)
"""In the order of `contracts.coordinates.ANATOMICAL`."""


def rot_world_from_pelvis(tilt_rad: float, obliquity_rad: float, rotation_rad: float) -> np.ndarray:
    """(3, 3) pelvis axes to world axes for an attitude of the pelvis in space.

    + anterior tilt: the top of the pelvis moves forward; + obliquity: the right side is up;
    + rotation: the front turns to the left.
    """
    t, o, r = -tilt_rad, -obliquity_rad, rotation_rad
    about_z = np.array([[cos(t), -sin(t), 0.0], [sin(t), cos(t), 0.0], [0.0, 0.0, 1.0]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, cos(o), -sin(o)], [0.0, sin(o), cos(o)]])
    about_y = np.array([[cos(r), 0.0, sin(r)], [0.0, 1.0, 0.0], [-sin(r), 0.0, cos(r)]])
    return np.asarray(np.array(ROT_WORLD_FROM_UPRIGHT) @ about_y @ about_x @ about_z)
