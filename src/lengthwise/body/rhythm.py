"""How far the pelvis goes with the legs of someone who lies: a share of the person's own.

When a leg is raised lying on the back, the pelvis tilts backwards by a share of it, and the lumbar
spine bends as much. The usual share is in the joints' covariance; how far this person's is from it
is a variable g that stays (in units of sd). As the hips bend by a step h, as estimated,

    tilt -= r h g,   lumbar flexion += r h g,

with r the sd of the share between people. So the doubt about the pelvis grows with the leg's way,
is the same again where the leg was before, and cancels between two near positions of the leg.
"""

import numpy as np
from msgspec.structs import replace

from lengthwise.body.kinematic_chain import JOINT
from lengthwise.body.session import Params
from lengthwise.body.session_state import State
from lengthwise.body.trail import Sheared, longer
from lengthwise.contracts.codec import frozen_array
from lengthwise.reference.constants import constant

_SHARE_SD = constant("body", "pelvis_per_hip_flexion_lying_sd")
_HIPS = [JOINT["hip_flexion_l"], JOINT["hip_flexion_r"]]
_GOES = np.zeros(len(JOINT))
_GOES[JOINT["pelvis_tilt"]], _GOES[JOINT["lumbar_flexion"]] = -_SHARE_SD, _SHARE_SD


def pelvis_followed(params: Params, state: State) -> State:
    """The state after the pelvis has gone with the hips, since that was last done."""
    own = params.model.layout.rhythm
    if own is None:
        return state
    bent_rad = float(state.mean[_HIPS].sum())
    step_rad = bent_rad - (bent_rad if state.hips_rad is None else state.hips_rad)
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
        hips_rad=bent_rad,
        trail=longer(state.trail, Sheared(own, goes)),
    )
