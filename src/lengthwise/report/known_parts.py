"""The posture that is drawn, and which parts of it have an attitude that is known.

From the side only bending can be told, from the front or back only leaning: an angle that the
picture does not show puts no fog on it.
"""

from math import radians

import numpy as np

from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import View
from lengthwise.contracts.states import BodyState
from lengthwise.reference.joint_limits import feasible_limits_rad
from lengthwise.report.body_parts import BodyPart

_C = Coordinate
_LIMBS: dict[BodyPart, tuple[tuple[Coordinate, ...], ...]] = {
    BodyPart.SHANK_L: ((_C.KNEE_FLEXION_L,),),
    BodyPart.SHANK_R: ((_C.KNEE_FLEXION_R,),),
    BodyPart.FOOT_L: ((_C.ANKLE_DORSIFLEXION_L,),),
    BodyPart.FOOT_R: ((_C.ANKLE_DORSIFLEXION_R,),),
}
_SIDE_RULE: dict[BodyPart, tuple[tuple[Coordinate, ...], ...]] = {
    BodyPart.CHEST: ((_C.TRUNK_FLEXION,), (_C.PELVIS_TILT, _C.LUMBAR_FLEXION)),
    BodyPart.LUMBAR: ((_C.LUMBAR_FLEXION,),),
    BodyPart.PELVIS: ((_C.PELVIS_TILT,),),
    BodyPart.THIGH_L: ((_C.HIP_FLEXION_L,),),
    BodyPart.THIGH_R: ((_C.HIP_FLEXION_R,),),
} | _LIMBS
_BACK_RULE: dict[BodyPart, tuple[tuple[Coordinate, ...], ...]] = {
    BodyPart.CHEST: ((_C.TRUNK_SIDE_LEAN,), (_C.PELVIS_OBLIQUITY, _C.LUMBAR_SIDE_BEND)),
    BodyPart.LUMBAR: ((_C.LUMBAR_SIDE_BEND,),),
    BodyPart.PELVIS: ((_C.PELVIS_OBLIQUITY,),),
    BodyPart.THIGH_L: ((_C.HIP_ADDUCTION_L,),),
    BodyPart.THIGH_R: ((_C.HIP_ADDUCTION_R,),),
} | _LIMBS
"""For each part the ways in which its attitude in that view can be known."""


def ways_to_know(part: BodyPart, *, facing: bool) -> tuple[tuple[Coordinate, ...], ...]:
    """The ways in which the attitude of a part can be known, `facing` the person or at its side:
    all angles of one of them."""
    return (_BACK_RULE if facing else _SIDE_RULE)[part]


_CHEST_TOLERANCE_RAD = radians(8.0)
"""The chest is drawn from pelvis and low back; it may differ this much from what is known of it."""


def drawn_mean_rad(state: BodyState) -> np.ndarray:
    """(21,) the posture to draw: where only the chest is seen, an unseen low back carries it there.

    The low back itself stays in fog. Its normal range is not left; a chest that then does not
    come where it is known to be is fogged too.
    """
    mean = np.array(state.mean_rad)
    for spine, pelvis, sign, chest in CHAINS:
        known = state.claimed(chest)
        if known is not None and state.claimed(spine) is None:
            low, high = feasible_limits_rad()[spine]
            mean[INDEX[spine]] = np.clip(known.mean - sign * mean[INDEX[pelvis]], low, high)
    return mean


CHAINS = (
    (_C.LUMBAR_FLEXION, _C.PELVIS_TILT, 1.0, _C.TRUNK_FLEXION),
    (_C.LUMBAR_SIDE_BEND, _C.PELVIS_OBLIQUITY, -1.0, _C.TRUNK_SIDE_LEAN),
)
"""Low back, pelvis, sign of the pelvis, and the attitude of the chest that follows from both."""


def unknown_parts(state: BodyState, view_from: View) -> tuple[BodyPart, ...]:
    """Parts whose attitude, as seen from there, is not claimed or not the one that is drawn."""
    facing = view_from in (View.FRONT, View.BACK)
    rule = _BACK_RULE if facing else _SIDE_RULE
    unknown = [
        part
        for part, ways in rule.items()
        if not any(all(state.claimed(c) is not None for c in way) for way in ways)
    ]
    if BodyPart.CHEST not in unknown and _chest_drawn_elsewhere(state, facing):
        unknown.insert(0, BodyPart.CHEST)
    return tuple(unknown)


def _chest_drawn_elsewhere(state: BodyState, facing: bool) -> bool:
    """Whether the chest's known attitude to gravity contradicts the drawn one."""
    spine, pelvis, sign, chest = CHAINS[1] if facing else CHAINS[0]
    known = state.claimed(chest)
    if known is None:
        return False
    mean = drawn_mean_rad(state)
    drawn = mean[INDEX[spine]] + sign * mean[INDEX[pelvis]]
    return abs(float(drawn) - known.mean) > _CHEST_TOLERANCE_RAD
