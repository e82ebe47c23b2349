"""How the estimate follows a person who lies down on the side, as declared, or turns over.

Whoever lies on one side for a moment is taken to lie there, at once where a session begins so. What
the pelvis' angles are against changes then (`side_lying`), so they begin anew from the start
posture, and so does the camera's attitude; joints, sensors' mounts and the errors of landmarks stay
as they were learnt.
"""

from math import radians

import numpy as np
from msgspec.structs import replace

from lengthwise.body import projection
from lengthwise.body.bounds import Contact, contacts
from lengthwise.body.camera_estimate import CameraMemory, CameraSetup
from lengthwise.body.camera_geometry import unmirrored
from lengthwise.body.camera_view import ViewMemory
from lengthwise.body.gates import finite_landmarks
from lengthwise.body.imu_estimate import hang_rad
from lengthwise.body.kinematic_chain import JOINT, SLOW
from lengthwise.body.segment_ups import UP_OF, ups_of
from lengthwise.body.session import Params
from lengthwise.body.session_state import LyingRival, State, anew
from lengthwise.body.shaking import Shaking
from lengthwise.body.side_lying import (
    Lying,
    feels_lying,
    head_quarters,
    looks_lying,
    upwards,
)
from lengthwise.contracts.observation import LandmarkFrame, Posture, Segment, View
from lengthwise.reference.constants import constant

_DWELL_S = constant("body", "side_lying_dwell_s")
_ROLL_VARIANCE = radians(constant("body", "camera_roll_sd_deg")) ** 2
_HEADING_VARIANCE = radians(constant("body", "camera_yaw_sd_deg")) ** 2
_PELVIS = np.array(
    [
        *(JOINT[name] for name in ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation")),
        len(JOINT) + SLOW.index("pelvis_tilt"),
    ]
)
_LEGS = (Segment.THIGH_L, Segment.THIGH_R, Segment.SHANK_L, Segment.SHANK_R)
_TELLS = (Segment.PELVIS, Segment.T12, Segment.THORAX, Segment.THIGH_L, Segment.THIGH_R)
"""Segments that lie on the side when the person does, the surest first."""


def followed(params: Params, state: State, t_s: float, frame: LandmarkFrame | None) -> State:
    """The state with the side on the floor as it shows at this frame (None: at a tick)."""
    if params.posture is not Posture.SIDE_LYING:
        return state
    if params.zero_s is not None and not state.zero.done:
        return state
    found = _shown(params, state, t_s, frame)
    if found is None:
        return state
    if found == state.lying:
        return replace(state, lying_rival=None) if state.lying_rival is not None else state
    if state.lying is not None and state.lying == Lying(found.down):
        return replace(state, lying=found, lying_rival=None)
    if state.lying is None and params.zero_s is None:
        return lain_down(params, state, found)
    rival = state.lying_rival
    if rival is None or rival.seen != found:
        return replace(state, lying_rival=LyingRival(found, t_s))
    return lain_down(params, state, found) if t_s - rival.since_s >= _DWELL_S else state


def _shown(params: Params, state: State, t_s: float, frame: LandmarkFrame | None) -> Lying | None:
    """What sensors show now; a side felt stands above a side seen. None: nothing was shown."""
    down = None
    sensors = {
        stream.segment: (stream, memory)
        for stream, memory in zip(params.model.layout.channels.imus, state.imus, strict=True)
    }
    for segment in _TELLS:
        if down is None and segment in sensors:
            down = feels_lying(*sensors[segment], t_s=t_s)
    known = state.lying
    quarters = None if known is None else known.quarters
    if frame is not None and params.camera is not None:
        points, _ = finite_landmarks(frame)
        if params.camera.mirrored:
            points = unmirrored(points, image_width_px=params.camera.stream.image_width_px)
        seen = looks_lying(points)
        if seen is not None:
            down, quarters = down or seen[0], seen[1]
        if known is not None and known.quarters is None:
            quarters = head_quarters(points) if quarters is None else quarters
            down = down or (known.down if quarters is not None else None)
    return None if down is None else Lying(down, quarters)


def lain_down(params: Params, state: State, found: Lying) -> State:
    """The state of a person found lying on a side."""
    model, layout = params.model, params.model.layout
    first = model.first[np.ix_(_PELVIS, _PELVIS)]
    state = anew(state, _PELVIS, np.zeros(len(_PELVIS)), first)
    if layout.channels.camera is not None:
        rows = (projection.PITCH, projection.ROLL, projection.YAW)
        at = np.array([layout.view(row) for row in rows])
        state = anew(state, at, np.zeros(len(at)), model.first[np.ix_(at, at)])
        state = replace(state, camera=_new_look(params, state), facing=View.UNKNOWN)
    return replace(state, lying=found, lying_rival=None)


def _new_look(params: Params, state: State) -> CameraMemory:
    """The camera's memory where the image was turned: the view is as declared only if the person
    lay there from the start. How far away they lie is new, too; the light is the same."""
    begun = params.zero_s is None and state.lying is None and params.camera is not None
    view = params.camera.stream.view if begun and params.camera is not None else View.UNKNOWN
    shaking = Shaking(white_m=state.camera.shaking.white_m)
    return CameraMemory(ViewMemory(view), frame_s=state.camera.frame_s, shaking=shaking)


def setup_of(params: Params, state: State) -> CameraSetup:
    """How the camera is to be read now. There must be one."""
    assert params.camera is not None
    setup = _with_worn(params.camera, params, state)
    if params.posture is not Posture.SIDE_LYING:
        return setup
    if state.lying is None:
        return replace(setup, unsettled=params.zero_s is None)
    quarters = state.lying.quarters
    return replace(setup, quarters=quarters or 0, on_side=True, unsettled=quarters is None)


def _with_worn(setup: CameraSetup, params: Params, state: State) -> CameraSetup:
    """With what sensors on the legs say of them, for which leg is which."""
    worn = {
        stream.segment: memory
        for stream, memory in zip(params.model.layout.channels.imus, state.imus, strict=True)
        if stream.segment in _LEGS
    }
    if not worn or state.time_s is None:
        return setup
    told = [hang_rad(worn[leg], state.time_s) if leg in worn else None for leg in _LEGS]
    return replace(setup, hang_rad=tuple(told))


def aimed(state: State, view: View, roll: int) -> State:
    """The state with the camera's roll (a place among the variables) as sure as it is from a view.

    From above it is how the person lies on the floor, which nobody knows beforehand.
    """
    if state.lying is None:
        return state
    above = view in (View.LEFT, View.RIGHT)
    variance = _HEADING_VARIANCE if above else _ROLL_VARIANCE
    return anew(state, np.array([roll]), np.zeros(1), np.array([[variance]]))


def zero_ups_of(params: Params, state: State) -> np.ndarray:
    """(k, 3) up in each worn sensor's segment at the zero pose."""
    if params.zero_s is not None or state.lying is None:
        return params.zero_ups
    worn = [UP_OF[stream.segment] for stream in params.model.layout.channels.imus]
    return np.asarray(ups_of(params.start_rad, upwards(state.lying))[worn])


def resting_of(params: Params, state: State) -> tuple[Contact, ...]:
    """What rests on the floor or a seat."""
    if params.posture is not Posture.SIDE_LYING:
        return params.resting
    return () if state.lying is None else contacts(params.posture, state.lying.down)
