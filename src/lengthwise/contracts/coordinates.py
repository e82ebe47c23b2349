"""Names and order of the joint coordinates, and which side is which.

Signs (zero is upright standing): pelvis_tilt + anterior, pelvis_obliquity + right side up,
pelvis_rotation + to the left; flexion +; side-bend + to the right; rotation + to the left;
hip_adduction +; hip_rotation + internal; ankle_dorsiflexion +. Thorax coordinates are of the chest
against the pelvis; trunk_flexion and trunk_side_lean of the chest against gravity. Radians inside,
degrees in files.
"""

from enum import StrEnum
from math import asin, atan2, cos, sin

import numpy as np


class Side(StrEnum):
    LEFT = "l"
    RIGHT = "r"

    @property
    def other(self) -> "Side":
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class Coordinate(StrEnum):
    PELVIS_TILT = "pelvis_tilt"
    PELVIS_OBLIQUITY = "pelvis_obliquity"
    PELVIS_ROTATION = "pelvis_rotation"
    LUMBAR_FLEXION = "lumbar_flexion"
    LUMBAR_SIDE_BEND = "lumbar_side_bend"
    LUMBAR_ROTATION = "lumbar_rotation"
    HIP_FLEXION_L = "hip_flexion_l"
    HIP_ADDUCTION_L = "hip_adduction_l"
    HIP_ROTATION_L = "hip_rotation_l"
    KNEE_FLEXION_L = "knee_flexion_l"
    ANKLE_DORSIFLEXION_L = "ankle_dorsiflexion_l"
    HIP_FLEXION_R = "hip_flexion_r"
    HIP_ADDUCTION_R = "hip_adduction_r"
    HIP_ROTATION_R = "hip_rotation_r"
    KNEE_FLEXION_R = "knee_flexion_r"
    ANKLE_DORSIFLEXION_R = "ankle_dorsiflexion_r"
    THORAX_FLEXION = "thorax_flexion"
    THORAX_SIDE_BEND = "thorax_side_bend"
    THORAX_ROTATION = "thorax_rotation"
    TRUNK_FLEXION = "trunk_flexion"
    TRUNK_SIDE_LEAN = "trunk_side_lean"


COORDINATES: tuple[Coordinate, ...] = tuple(Coordinate)
"""Canonical order, used by every array over coordinates."""

ANATOMICAL: tuple[Coordinate, ...] = COORDINATES[3:16]
"""The thirteen coordinates that muscle length depends on (lumbar and legs)."""

INDEX: dict[Coordinate, int] = {c: i for i, c in enumerate(COORDINATES)}


def chest_against_gravity(coordinates_rad: np.ndarray) -> tuple[float, float]:
    """Trunk flexion and trunk side lean of a pose (21,): the chest's own tilt and side lean.

    In the order of turns of the pelvis (rotation, side lean, tilt; obliquity is a side lean to the
    left), and so not the sum of pelvis and spine where the trunk is bent and turned: a chest that
    is turned while bent forward leans to the side. The two derived entries of the pose are not
    read. All turns as in `body.conventions`.
    """
    x, y, z = chest_up(coordinates_rad)
    return atan2(-x, z), asin(min(max(y, -1.0), 1.0))


def chest_up(coordinates_rad: np.ndarray) -> tuple[float, float, float]:
    """World up along the front, left and up of the chest in a pose (21,)."""
    tilt, obliquity = coordinates_rad[:2].tolist()
    flexion, bend, turn = coordinates_rad[_THORAX].tolist()
    pitch = tilt + flexion
    x = -cos(obliquity) * sin(pitch)
    level, upright = sin(obliquity), cos(obliquity) * cos(pitch)
    y = upright * sin(bend) - level * cos(bend)
    return (
        x * cos(turn) + y * sin(turn),
        y * cos(turn) - x * sin(turn),
        level * sin(bend) + upright * cos(bend),
    )


_THORAX = slice(INDEX[Coordinate.THORAX_FLEXION], INDEX[Coordinate.THORAX_ROTATION] + 1)
TRUNK = slice(INDEX[Coordinate.TRUNK_FLEXION], INDEX[Coordinate.TRUNK_SIDE_LEAN] + 1)
"""Places of the derived coordinates, chest against gravity."""

_SIGN_FLIPS = frozenset(
    {
        Coordinate.PELVIS_OBLIQUITY,
        Coordinate.PELVIS_ROTATION,
        Coordinate.LUMBAR_SIDE_BEND,
        Coordinate.LUMBAR_ROTATION,
        Coordinate.THORAX_SIDE_BEND,
        Coordinate.THORAX_ROTATION,
        Coordinate.TRUNK_SIDE_LEAN,
    }
)


def mirrored_pose_rad(pose_rad: np.ndarray) -> np.ndarray:
    """(21,) the pose of the mirrored body."""
    out = np.empty_like(pose_rad)
    for coordinate, value in zip(COORDINATES, pose_rad, strict=True):
        other, sign = mirrored(coordinate)
        # A zero stays +0, whose bytes are those of an unmirrored one.
        out[INDEX[other]] = sign * value + 0.0
    return out


def mirrored(coordinate: Coordinate) -> tuple[Coordinate, float]:
    """The coordinate and sign that take this one's place in the mirrored body."""
    if coordinate in _SIGN_FLIPS:
        return coordinate, -1.0
    name = coordinate.value
    if name.endswith("_l"):
        return Coordinate(name[:-2] + "_r"), 1.0
    if name.endswith("_r"):
        return Coordinate(name[:-2] + "_l"), 1.0
    return coordinate, 1.0
