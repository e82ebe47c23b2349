"""Names and order of the joint coordinates, and which side is which.

Signs (zero is upright standing): pelvis_tilt + anterior, pelvis_obliquity + right side up,
pelvis_rotation + to the left; flexion +; side-bend + to the right; rotation + to the left;
hip_adduction +; hip_rotation + internal; ankle_dorsiflexion +. Radians inside, degrees in files.
"""

from enum import StrEnum


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
