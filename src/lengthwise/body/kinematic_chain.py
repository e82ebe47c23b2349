"""How the inclinations that sensors see follow from joint coordinates, as linear maps.

The filter's variables are deviations from the declared start posture (BODY, 20): one bend that
pelvis, lumbar spine and chest share, then the sixteen base coordinates in the order of
`contracts.coordinates`, then the bending of the chest beyond the lumbar spine (residual).

Inclinations of a segment against gravity: **pitch** + top to the front, **roll** + top to the
right. With the order of turns of `conventions` (pelvis: rotation, obliquity, tilt; joints: flexion,
side-bend, rotation):

    pitch  pelvis = tilt            t12 = tilt + lumbar         thorax = t12 + residual
           thigh = tilt - hip       shank = thigh + knee        foot = shank - dorsiflexion
    roll   pelvis = -obliquity
           others = -obliquity + cos(pitch) * side-bends + sin(pitch) * turns to the left

where pitch is the segment's own. So about the vertical gravity says nothing: lying on the back
(pitch -90 degrees) a side-bend leaves no trace, and a turn of the chest looks like a roll.
"""

from enum import StrEnum
from math import cos, sin

import numpy as np

from lengthwise.contracts.coordinates import COORDINATES, Coordinate
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

BASE = COORDINATES[:16]
"""The coordinates that are variables of their own; the other five are derived."""

BEND = 0
RESIDUAL_FLEXION, RESIDUAL_SIDE_BEND, RESIDUAL_ROTATION = 17, 18, 19
BODY_SIZE = 20
VARIABLE: dict[Coordinate, int] = {c: 1 + i for i, c in enumerate(BASE)}
"""Place of each base coordinate among the filter's variables."""

_BEND_SHARES = (
    (Coordinate.PELVIS_TILT, constant("body", "pelvis_share_of_bend")),
    (Coordinate.LUMBAR_FLEXION, constant("body", "lumbar_share_of_bend")),
)
_RESIDUAL_SHARE = constant("body", "residual_share_of_bend")
_CHORD_LUMBAR = constant("body", "chord_lumbar_gain")
_CHORD_RESIDUAL = constant("body", "chord_residual_gain")


def _base_map() -> np.ndarray:
    """(16, 20) base coordinates from variables."""
    base = np.zeros((len(BASE), BODY_SIZE))
    for place in VARIABLE.values():
        base[place - 1, place] = 1.0
    for coordinate, share in _BEND_SHARES:
        base[VARIABLE[coordinate] - 1, BEND] = share
    return base


def _residual_map() -> np.ndarray:
    """(3, 20) residual flexion, side-bend and rotation from variables."""
    residual = np.zeros((3, BODY_SIZE))
    residual[0, BEND] = _RESIDUAL_SHARE
    residual[0, RESIDUAL_FLEXION] = 1.0
    residual[1, RESIDUAL_SIDE_BEND] = 1.0
    residual[2, RESIDUAL_ROTATION] = 1.0
    return residual


def _coordinate_map() -> np.ndarray:
    """(21, 20) all coordinates from variables; chest against pelvis is lumbar + residual."""
    base, residual = _base_map(), _residual_map()
    row = {c: base[i] for i, c in enumerate(BASE)}
    flexion = row[Coordinate.LUMBAR_FLEXION] + residual[0]
    side_bend = row[Coordinate.LUMBAR_SIDE_BEND] + residual[1]
    derived = np.stack(
        [
            flexion,
            side_bend,
            row[Coordinate.LUMBAR_ROTATION] + residual[2],
            row[Coordinate.PELVIS_TILT] + flexion,
            side_bend - row[Coordinate.PELVIS_OBLIQUITY],
        ]
    )
    return np.concatenate([base, derived])


COORDINATE_MAP = _coordinate_map()
"""(21, 20): change of every coordinate per change of the filter's variables."""


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
