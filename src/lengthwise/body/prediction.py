"""The estimate carried on in time, and set to the person where a camera first sees them."""

from math import log, pi, radians

import numpy as np
from msgspec.structs import replace

from lengthwise.body import projection
from lengthwise.body.audit import fast_errors
from lengthwise.body.camera_estimate import CameraLook
from lengthwise.body.camera_geometry import torso_middle_px
from lengthwise.body.drifting import Drift, Kept, by_clock, predict
from lengthwise.body.kinematic_chain import JOINTS
from lengthwise.body.line_reading import line_growth_rad
from lengthwise.body.lying_down import aimed
from lengthwise.body.movement import REMEMBERED_S
from lengthwise.body.pace import LONGEST_S, towards_clock, unpaid_s, unseen_share
from lengthwise.body.rhythm import gone_with_legs, pelvis_followed
from lengthwise.body.session import Params
from lengthwise.body.session_state import SessionMark, State, anew
from lengthwise.body.trail import Drifted, longer
from lengthwise.contracts.observation import View
from lengthwise.reference.constants import constant

_YAW = {View.FRONT: 0.0, View.LEFT: pi / 2, View.RIGHT: -pi / 2, View.BACK: pi}
_YAW_VARIANCE = radians(constant("body", "camera_yaw_sd_deg")) ** 2
_MOVED_VARIANCE = radians(constant("body", "camera_moved_sd_deg")) ** 2
_LEGS = np.array([i for i, name in enumerate(JOINTS) if name.endswith(("_l", "_r"))])
"""What had been read of one leg is of the other where labels are found to have been exchanged."""
_PLACE_VARIANCE = np.array([constant("body", "first_place_sd_m") ** 2] * 2)
_AWAY_RATIO = constant("body", "first_distance_sd_ratio")


def predicted(params: Params, state: State, t_s: float) -> State:
    """The state at `t_s`, not before its own time."""
    model = params.model
    dt_s = 0.0 if state.time_s is None else t_s - state.time_s
    drift = Drift(
        home=params.start_home if state.zero.done else params.zero_home,
        line_growth_rad=line_growth_rad(state.mean),
        explained=gone_with_legs(params, state),
        pace=_pace(params, state, t_s),
    )
    mean, covariance, passed = predict(model, state.mean, state.covariance, dt_s=dt_s, drift=drift)
    state = replace(
        state,
        time_s=t_s,
        step_s=dt_s if dt_s > 0.0 else state.step_s,
        mean=mean,
        covariance=covariance,
        marks=_marks_followed(state, passed),
        trail=longer(state.trail, Drifted(passed.kept, passed.joints)),
    )
    return pelvis_followed(params, state, joints=passed.joints)


def _marks_followed(state: State, passed: Kept) -> tuple[SessionMark, ...]:
    return tuple(
        replace(mark, pose=replace(mark.pose, shared=_followed(mark.pose.shared, passed)))
        for mark in state.marks
    )


def _pace(params: Params, state: State, t_s: float) -> np.ndarray | None:
    """How joints go on up to `t_s`, since anything was last seen of them; None: by the clock."""
    unseen_s = t_s - state.going.seen_s
    if unseen_s > REMEMBERED_S:
        return None
    tau_s = params.model.tau_s[: projection.JOINT_COUNT]
    return towards_clock(state.going.pace, tau_s, unseen_share(unseen_s))


def _followed(shared: np.ndarray, passed: Kept) -> np.ndarray:
    """(n, 13) covariance of the variables with a mark, after time has passed."""
    size = len(passed.joints)
    out: np.ndarray = shared * passed.kept[:, None]
    out[:size] = passed.joints @ shared[:size]
    return out


def caught_up(params: Params, state: State, *, unseen_s: float, moved: float) -> State:
    """The state where landmarks are seen again and show that the body was moved meanwhile.

    Unseen it went on slowly, as it had been held; now it has what the clock would have given it in
    that time. `moved` 0 to 1: how clearly they show it.
    """
    owed_s = moved * unpaid_s(unseen_s)
    if owed_s <= 0.0 or state.step_s > LONGEST_S:
        return state
    home = params.start_home if state.zero.done else params.zero_home
    mean, covariance, passed = by_clock(
        params.model,
        state.mean,
        state.covariance,
        dt_s=owed_s,
        home=home,
        explained=gone_with_legs(params, state),
    )
    return replace(
        state,
        mean=mean,
        covariance=covariance,
        marks=_marks_followed(state, passed),
        trail=longer(state.trail, Drifted(passed.kept, passed.joints)),
    )


def faced(params: Params, state: State, seen: CameraLook) -> State:
    """The state with the camera's place set anew where the person is first seen, or elsewhere, or
    from another side."""
    view = seen.memory.view.view
    if seen.points is None or params.camera is None:
        return state
    if state.facing is view and not seen.moved:
        return state
    middle_px = torso_middle_px(seen.points)
    if middle_px is None or seen.memory.trunk_px is None:
        return state
    layout, camera = params.model.layout, params.lens
    away_m = camera.focal_px * params.camera.trunk_m / seen.memory.trunk_px
    place = np.array(
        [
            (middle_px[0] - camera.middle_px[0]) / camera.focal_px,
            (camera.middle_px[1] - middle_px[1]) / camera.focal_px,
            log(away_m),
        ]
    )
    spread = np.diag([*(_PLACE_VARIANCE / away_m**2), _AWAY_RATIO**2])
    state = anew(state, np.arange(layout.root, layout.root + 3), place, spread)
    fast = fast_errors(layout, params.audit)
    stationary = params.model.stationary[np.ix_(fast, fast)]
    state = anew(state, fast, np.zeros(len(fast)), stationary)
    if seen.relabelled:
        home = params.start_home if state.zero.done else params.zero_home
        legs = params.model.stationary[np.ix_(_LEGS, _LEGS)]
        state = anew(state, _LEGS, home[_LEGS], legs)
    if seen.camera_moved:
        tilted = np.array([layout.view(projection.PITCH), layout.view(projection.ROLL)])
        state = anew(state, tilted, params.model.first_mean[tilted], _MOVED_VARIANCE * np.eye(2))
    if state.facing is not view or seen.camera_moved:
        yaw = np.array([layout.view(projection.YAW)])
        state = anew(state, yaw, np.array([_YAW[view]]), np.array([[_YAW_VARIANCE]]))
        state = aimed(state, view, layout.view(projection.ROLL))
    return replace(state, facing=view)
