"""How far the pelvis goes with the legs of someone who lies: a share of the person's own.

When a leg is raised lying on the back, the pelvis tilts backwards by a share of it, and the lumbar
spine bends as much; lying on the front it tilts forward as a leg is lifted. The usual share is in
the joints' covariance; how far this person's is from it is a variable g that stays (in units of
sd). As the thighs rise from the floor by a step h, both together, as estimated,

    tilt -= r h g,   lumbar flexion += r h g,

with r the sd of the share between people. A camera does not see the pelvis tilt: g is learnt only
where a sensor is worn at the sacrum or above it. So the doubt about the pelvis grows with the leg's
way, is the same again where the leg was before, and cancels between two near positions of the leg.
"""

import numpy as np
from msgspec.structs import replace

from lengthwise.body.kinematic_chain import JOINT
from lengthwise.body.session import Params
from lengthwise.body.session_state import State
from lengthwise.body.trail import Sheared, longer
from lengthwise.contracts.codec import frozen_array
from lengthwise.reference.constants import constant

_SHARE_SD = constant("body", "pelvis_per_leg_raise_lying_sd")
_RISES = np.zeros(len(JOINT))
_RISES[[JOINT["hip_flexion_l"], JOINT["hip_flexion_r"]]] = 1.0
_RISES[JOINT["pelvis_tilt"]] = -2.0
_GOES = np.zeros(len(JOINT))
_GOES[JOINT["pelvis_tilt"]], _GOES[JOINT["lumbar_flexion"]] = -_SHARE_SD, _SHARE_SD


def pelvis_followed(params: Params, state: State) -> State:
    """The state after the pelvis has gone with the legs, since that was last done."""
    own = params.model.layout.rhythm
    if own is None:
        return state
    risen_rad = float(_RISES @ state.mean[: len(_RISES)])
    before_rad = state.thighs_rad
    step_rad = 0.0 if before_rad is None or not state.zero.done else risen_rad - before_rad
    goes = step_rad * _GOES
    k = len(goes)
    mean, covariance = state.mean.copy(), state.covariance.copy()
    mean[:k] += goes * mean[own]
    covariance[:k] += np.outer(goes, covariance[own])
    covariance[:, :k] += np.outer(covariance[:, own], goes)
    covariance[:k, :k] = 0.5 * (covariance[:k, :k] + covariance[:k, :k].T)
    covariance[k:, :k] = covariance[:k, k:].T
    marks = []
    for mark in state.marks:
        shared = mark.pose.shared.copy()
        shared[:k] += np.outer(goes, shared[own])
        marks.append(replace(mark, pose=replace(mark.pose, shared=shared)))
    return replace(
        state,
        mean=frozen_array(mean),
        covariance=frozen_array(covariance),
        marks=tuple(marks),
        thighs_rad=risen_rad,
        trail=longer(state.trail, Sheared(own, goes)),
    )
