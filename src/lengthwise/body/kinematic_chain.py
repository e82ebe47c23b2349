"""The body's variables, and inclinations of its segments as linear maps of joint coordinates.

The filter's body variables are deviations from the declared start posture: nineteen JOINTS (pelvis,
lumbar spine, the chest's bending beyond the lumbar spine, hips, knees, ankles), and seven slow ones
(SLOW): how this person holds that posture, which stays while the joints move.

Inclinations of a segment against gravity: **pitch** + top to the front, **roll** + top to the
right. With the order of turns of `conventions` (pelvis: rotation, obliquity, tilt; joints: flexion,
side-bend, rotation), to first order in the frontal angles:

    pitch  pelvis = tilt            t12 = tilt + lumbar         thorax = t12 + residual
           thigh = tilt - hip       shank = thigh + knee        foot = shank - dorsiflexion
    roll   pelvis = -obliquity
           others = -obliquity + cos(pitch) * side-bends + sin(pitch) * turns to the left

where pitch is the segment's own. They say whether a person is in a declared posture; what the
filter expects to see comes from `projection`.
"""

from enum import StrEnum
from math import cos, hypot, sin

import numpy as np
from numba import njit

from lengthwise.body.matrices import product
from lengthwise.contracts.coordinates import (
    COORDINATES,
    TRUNK,
    Coordinate,
    chest_against_gravity,
    chest_up,
)
from lengthwise.contracts.observation import Segment
from lengthwise.reference.constants import constant


class Plane(StrEnum):
    SAGITTAL = "sagittal"
    FRONTAL = "frontal"


class Link(StrEnum):
    """Segments whose inclination can be seen; CHORD is the line from hips to shoulders."""

    PELVIS = "pelvis"
    T12 = "t12"
    THORAX = "thorax"
    CHORD = "chord"
    THIGH_L = "thigh_l"
    THIGH_R = "thigh_r"
    SHANK_L = "shank_l"
    SHANK_R = "shank_r"
    FOOT_L = "foot_l"
    FOOT_R = "foot_r"


LINK_OF: dict[Segment, Link] = {segment: Link(segment.value) for segment in Segment}

JOINTS: tuple[str, ...] = (
    *(c.value for c in COORDINATES[:6]),
    "residual_flexion", "residual_side_bend", "residual_rotation",
    *(c.value for c in COORDINATES[6:16]),
)  # fmt: skip
"""Order of the nineteen joint variables, as in `projection`."""
JOINT: dict[str, int] = {name: i for i, name in enumerate(JOINTS)}
SLOW: tuple[str, ...] = (
    "pelvis_tilt", "lumbar_flexion", "residual_flexion",
    "hip_adduction_l", "hip_rotation_l", "hip_adduction_r", "hip_rotation_r",
)  # fmt: skip
SLOW_JOINTS = np.array([JOINT[name] for name in SLOW])
BODY_SIZE = len(JOINTS) + len(SLOW)
TRUNK_JOINTS: dict[str, np.ndarray] = {
    plane: np.array([JOINT[name] for name in names])
    for plane, names in (
        ("sagittal", ("pelvis_tilt", "lumbar_flexion", "residual_flexion")),
        ("frontal", ("pelvis_obliquity", "lumbar_side_bend", "residual_side_bend")),
        ("axial", ("pelvis_rotation", "lumbar_rotation", "residual_rotation")),
    )
}
"""The joints that share a bend of the trunk in each plane: pelvis, lumbar spine, residual."""
BEND_SHARES: dict[str, np.ndarray] = {
    plane: np.array(
        [
            constant("body", f"{part}_share_of_{plane}_bend")
            for part in ("pelvis", "lumbar", "residual")
        ]
    )
    for plane in TRUNK_JOINTS
}
_CHORD_LUMBAR = constant("body", "chord_lumbar_gain")
_CHORD_RESIDUAL = constant("body", "chord_residual_gain")


def _joint_map() -> np.ndarray:
    """(21, 19) all coordinates from the joints; chest against pelvis is lumbar + residual."""
    rows = np.eye(len(JOINTS))
    row = {name: rows[i] for i, name in enumerate(JOINTS)}
    chest = [row[f"lumbar_{way}"] + row[f"residual_{way}"] for way in _WAYS]
    derived = [
        *chest,
        row["pelvis_tilt"] + chest[0],
        chest[1] - row["pelvis_obliquity"],
    ]
    return np.stack([row[c.value] for c in COORDINATES[:16]] + derived)


_WAYS = ("flexion", "side_bend", "rotation")
JOINT_MAP = _joint_map()
JOINTS_MAP = np.concatenate([np.eye(len(JOINTS)), np.eye(len(JOINTS))[:, SLOW_JOINTS]], axis=1)
"""(19, 26): change of every joint per change of the filter's body variables."""
COORDINATE_MAP = JOINT_MAP @ JOINTS_MAP
"""(21, 26): change of every coordinate per change of the filter's body variables; of the derived
ones, chest against gravity, for an upright body (elsewhere `map_at`)."""


def coordinates_of(start_rad: np.ndarray, body: np.ndarray) -> np.ndarray:
    """(21,) coordinates from those of the start posture (21,) and the body's variables (26,)."""
    coordinates: np.ndarray = start_rad + COORDINATE_MAP @ body
    coordinates[TRUNK] = chest_against_gravity(coordinates)
    return coordinates


def map_at(coordinates_rad: np.ndarray) -> np.ndarray:
    """(21, 26) COORDINATE_MAP in a pose (21,)."""
    slope: np.ndarray = COORDINATE_MAP.copy()
    slope[TRUNK] = trunk_map(coordinates_rad)
    return slope


def trunk_map(coordinates_rad: np.ndarray) -> np.ndarray:
    """(2, 26) change of trunk flexion and side lean per change of the body's variables."""
    up = chest_up(coordinates_rad)
    return np.asarray(_trunk_map(coordinates_rad[TRUNK_PARTS], up, _TRUNK_PARTS))


_PARTS = (
    "pelvis_tilt", "pelvis_obliquity", "thorax_flexion", "thorax_side_bend", "thorax_rotation"
)  # fmt: skip
TRUNK_PARTS = np.array([COORDINATES.index(Coordinate(name)) for name in _PARTS])
"""The coordinates that trunk flexion and side lean follow from."""
_TRUNK_PARTS = COORDINATE_MAP[TRUNK_PARTS]
_LEAST_COSINE = 0.1


def trunk_slope(coordinates_rad: np.ndarray) -> np.ndarray:
    """(2, 5) of trunk flexion and side lean by TRUNK_PARTS in a pose (21,).

    Of a chest that lies on its side (within 6 degrees) they are those just outside.
    """
    return np.asarray(_trunk_slope(coordinates_rad[TRUNK_PARTS], chest_up(coordinates_rad)))


@njit(cache=True)
def _trunk_slope(parts_rad: np.ndarray, up: tuple[float, float, float]) -> np.ndarray:
    """As `trunk_slope`: from TRUNK_PARTS (5,) and up in the chest."""
    tilt, obliquity, flexion, bend, turn = parts_rad
    so, co, sb, cb = sin(obliquity), cos(obliquity), sin(bend), cos(bend)
    sp, cp, st, ct = sin(tilt + flexion), cos(tilt + flexion), sin(turn), cos(turn)
    # Of up before the last turn, by pitch, obliquity and bend; then of up itself.
    before = (
        (-co * cp, -co * sp * sb, -co * sp * cb),
        (so * sp, -so * cp * sb - co * cb, co * sb - so * cp * cb),
        (0.0, co * cp * cb + so * sb, so * cb - co * cp * sb),
    )
    upright = max(hypot(up[0], up[2]), _LEAST_COSINE)
    out = np.empty((2, 5))
    for column, angle in enumerate((0, 1, 0, 2)):
        before_x, before_y, z = before[angle]
        x, y = before_x * ct + before_y * st, before_y * ct - before_x * st
        out[0, column] = (up[0] * z - up[2] * x) / upright**2
        out[1, column] = y / upright
    out[0, 4] = -up[2] * up[1] / upright**2
    out[1, 4] = -up[0] / upright
    return out


@njit(cache=True)
def _trunk_map(
    parts_rad: np.ndarray, up: tuple[float, float, float], parts_map: np.ndarray
) -> np.ndarray:
    """As `trunk_map`: from TRUNK_PARTS (5,), up in the chest, and the parts' own map (5, 26)."""
    return product(_trunk_slope(parts_rad, up), parts_map)


def joints_of(coordinates_rad: np.ndarray) -> np.ndarray:
    """(19,) joints of a posture given by its 21 coordinates."""
    joints = np.empty(len(JOINTS))
    joints[:6] = coordinates_rad[:6]
    chest = [_AT[Coordinate(f"thorax_{way}")] for way in _WAYS]
    joints[6:9] = coordinates_rad[chest] - coordinates_rad[3:6]
    joints[9:] = coordinates_rad[6:16]
    return joints


_AT = {c: i for i, c in enumerate(COORDINATES)}


def _weights(**weights: float) -> np.ndarray:
    """(21,) weights of coordinates by name."""
    row = np.zeros(len(COORDINATES))
    for name, weight in weights.items():
        row[_AT[Coordinate(name)]] = weight
    return row


def _pitch_weights() -> dict[Link, np.ndarray]:
    """Per link, (21,) its pitch from the coordinates. The feet are level in standing."""
    tilt, lumbar = _weights(pelvis_tilt=1.0), _weights(lumbar_flexion=1.0)
    thorax = _weights(thorax_flexion=1.0)
    weights = {
        Link.PELVIS: tilt,
        Link.T12: tilt + lumbar,
        Link.THORAX: tilt + thorax,
        Link.CHORD: tilt + _CHORD_LUMBAR * lumbar + _CHORD_RESIDUAL * (thorax - lumbar),
    }
    for side in ("l", "r"):
        thigh = tilt - _weights(**{f"hip_flexion_{side}": 1.0})
        shank = thigh + _weights(**{f"knee_flexion_{side}": 1.0})
        weights[Link(f"thigh_{side}")] = thigh
        weights[Link(f"shank_{side}")] = shank
        weights[Link(f"foot_{side}")] = shank - _weights(**{f"ankle_dorsiflexion_{side}": 1.0})
    return weights


def _roll_weights() -> dict[Link, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Per link, (21,) weights of what always, with cos(pitch) and with sin(pitch) rolls it."""
    level, none = _weights(pelvis_obliquity=-1.0), np.zeros(len(COORDINATES))
    return {
        Link.PELVIS: (level, none, none),
        Link.T12: (level, _weights(lumbar_side_bend=1.0), _weights(lumbar_rotation=1.0)),
        Link.THORAX: (level, _weights(thorax_side_bend=1.0), _weights(thorax_rotation=1.0)),
        Link.THIGH_L: (level, _weights(hip_adduction_l=-1.0), _weights(hip_rotation_l=-1.0)),
        Link.THIGH_R: (level, _weights(hip_adduction_r=1.0), _weights(hip_rotation_r=1.0)),
    }


PITCH_WEIGHTS = _pitch_weights()
ROLL_WEIGHTS = _roll_weights()


def pitch_of_posture_rad(link: Link, coordinates_rad: np.ndarray) -> float:
    """Pitch of a link in a posture given by its 21 coordinates."""
    return float(PITCH_WEIGHTS[link] @ coordinates_rad)


def roll_of_posture_rad(link: Link, coordinates_rad: np.ndarray) -> float:
    """Roll of a link in a posture given by its 21 coordinates."""
    level, bend, turn = ROLL_WEIGHTS[link]
    pitch = pitch_of_posture_rad(link, coordinates_rad)
    return float((level + cos(pitch) * bend + sin(pitch) * turn) @ coordinates_rad)
