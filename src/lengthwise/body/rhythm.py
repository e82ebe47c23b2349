"""How far the pelvis goes with the legs of someone who lies: a share of the person's own.

When a leg is raised lying on the back, the pelvis tilts backwards by a share of it, and the lumbar
spine bends as much; lying on the front it tilts forward as a leg is lifted. The usual share is in
the joints' covariance; how far this person's is from it is a variable g that stays (in units of
sd). With the thighs risen from the floor by h, both together, as estimated,

    tilt = ... - r h g,   lumbar flexion = ... + r h g,   hip flexion = ... - r h g,

with r the sd of the share between people; the thighs stay where they are. What the joints do beside
that tends to the start posture; a share of one's own stays. A camera does not see the pelvis tilt:
g is learnt only where a sensor is worn at the sacrum or above it. So the doubt about the pelvis
grows with the leg's way, is the same again where the leg was before, and cancels between two near
positions of the leg.
"""

import numpy as np
from msgspec.structs import replace

from lengthwise.body.kinematic_chain import BODY_SIZE, JOINT, JOINTS_MAP
from lengthwise.body.session import Params
from lengthwise.body.session_state import State
from lengthwise.body.trail import Sheared, longer
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.observation import Posture
from lengthwise.reference.constants import constant

_SHARE_SD = constant("body", "pelvis_per_leg_raise_lying_sd")
_RISES = np.zeros(len(JOINT))
_RISES[[JOINT["hip_flexion_l"], JOINT["hip_flexion_r"]]] = 1.0
_RISES[JOINT["pelvis_tilt"]] = -2.0
_RISES = _RISES @ JOINTS_MAP
_GOES = np.zeros(len(JOINT))
_GOES[[JOINT["pelvis_tilt"], JOINT["hip_flexion_l"], JOINT["hip_flexion_r"]]] = -_SHARE_SD
_GOES[JOINT["lumbar_flexion"]] = _SHARE_SD


_NOTHING = frozen_array(np.zeros(len(JOINT)))
_USUALLY = constant("body", "pelvis_per_leg_raise_lying_ratio") / _SHARE_SD * _GOES


def _risen_rad(params: Params, state: State) -> float:
    """How far both thighs have risen from the floor (fallen, - , of one who lies on the front).

    Who still stands has thighs far on the other side of it: nothing goes with those.
    """
    risen_rad = float(_RISES @ state.mean[:BODY_SIZE])
    return max(risen_rad, 0.0) if params.posture is Posture.SUPINE else min(risen_rad, 0.0)


def gone_with_legs(params: Params, state: State) -> np.ndarray:
    """(19,) how far joints have gone with the legs of someone who lies, by the usual share and by
    what is known of their own."""
    own = params.model.layout.rhythm
    if own is None or not state.zero.done:
        return _NOTHING
    return np.asarray(_risen_rad(params, state) * (_USUALLY + float(state.mean[own]) * _GOES))


def pelvis_followed(params: Params, state: State, *, joints: np.ndarray) -> State:
    """The state, just carried on in time, with the pelvis gone with the legs as they were before.

    `joints` (19, 19): what was kept of the joints F. It is their deviation from r h g that decays,
    from that of the legs before (h0) to that of now (h1):

        x' = h1 d g + F (x - h0 d g),   d the direction in which the pelvis goes.
    """
    own = params.model.layout.rhythm
    if own is None:
        return state
    risen_rad = _risen_rad(params, state)
    if not state.zero.done:
        goes = np.zeros(len(_GOES))
    else:
        before_rad = risen_rad if state.thighs_rad is None else state.thighs_rad
        goes = risen_rad * _GOES - before_rad * (joints @ _GOES)
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
        mean=mean,
        covariance=covariance,
        marks=tuple(marks),
        thighs_rad=risen_rad,
        trail=longer(state.trail, Sheared(own, goes)),
    )
