"""The body estimate: one filter over what any camera and inertial sensors see.

A pure step over what `session` declares and `session_state` remembers. What was remembered is
carried on in time (`prediction`) and corrected by what is seen now (`correction`, `zeroing`):
landmarks, lines and gravity are compared with what a skeleton would show (`projection`, `fusion`,
`landmark_reading`, `line_reading`, `up_reading`). Gates keep out what does not belong (`gates`);
`emission` and `claims` say what may be shown.

`LandmarkFrame` and `Tick` give a BodyState. An `ImuSample` is only taken in; it is fused at the
next frame or tick, so that its cost stays small. Mirroring that is not known is taken as not
mirrored; then left and right are as the pose model named them.
"""

from math import isfinite

from msgspec.structs import replace

from lengthwise.body import camera_estimate, imu_estimate
from lengthwise.body.correction import Compared, audit_fused, fused
from lengthwise.body.emission import emitted
from lengthwise.body.frame_gaps import frames_lost
from lengthwise.body.lying_down import followed, setup_of
from lengthwise.body.prediction import faced, predicted
from lengthwise.body.session import Params
from lengthwise.body.session_state import State, marked, start
from lengthwise.contracts.observation import (
    AuditFrame,
    ImuSample,
    LandmarkFrame,
    LateSample,
    Observation,
    Rejection,
    RejectionReason,
    Tick,
    View,
)
from lengthwise.contracts.states import BodyOutput
from lengthwise.reference.constants import constant

__all__ = ["Params", "State", "explained", "start", "step"]


def step(params: Params, state: State, observation: Observation) -> tuple[State, BodyOutput]:
    """One observation. A frame or tick that cannot be used still gives the state as it stands."""
    state, out, _ = explained(params, state, observation)
    return state, out


def explained(
    params: Params, state: State, observation: Observation
) -> tuple[State, BodyOutput, Compared | None]:
    """`step`, with what was compared where the filter was updated."""
    if isinstance(observation, LandmarkFrame):
        return _see_frame(params, state, observation)
    if isinstance(observation, Tick):
        return _pass_time(params, state, observation)
    if isinstance(observation, ImuSample):
        return *_take_sample(params, state, observation), None
    if isinstance(observation, LateSample):
        return *_take_sample(params, state, observation.sample, late=True), None
    if isinstance(observation, AuditFrame):
        return *_see_again(params, state, observation.frame), None
    return marked(state, observation), BodyOutput(None), None


def _take_sample(
    params: Params, state: State, sample: ImuSample, *, late: bool = False
) -> tuple[State, BodyOutput]:
    imus = params.model.layout.channels.imus
    at = next((i for i, s in enumerate(imus) if s.segment is sample.segment), None)
    if at is None:
        return state, BodyOutput(None)
    if late:
        memory, rejection = imu_estimate.take_late(imus[at], state.imus[at], sample)
    else:
        memory, rejection = imu_estimate.take(imus[at], state.imus[at], sample, state.time_s)
    moved = replace(state, imus=(*state.imus[:at], memory, *state.imus[at + 1 :]))
    return moved, BodyOutput(None, () if rejection is None else (rejection,))


def _see_again(params: Params, state: State, frame: LandmarkFrame) -> tuple[State, BodyOutput]:
    """What a second pose model saw. It only sharpens: the person is followed, the view found and
    the zero pose taken by the live one, without which nothing is read."""
    if params.audit is None or params.camera is None:
        reason: RejectionReason | None = RejectionReason.OUT_OF_RANGE
    else:
        reason = _time_fault(frame.t_s, state.audit_s, state.time_s)
    if reason is not None or state.facing is View.UNKNOWN or params.audit is None:
        at_s = frame.t_s if isfinite(frame.t_s) else state.time_s or 0.0
        rejected = () if reason is None else (Rejection(at_s, _AUDIT, reason),)
        return state, BodyOutput(None, rejected)
    setup = replace(setup_of(params, state), noise_ratio=params.audit.noise_ratio)
    # Two models differ by centimetres: as much as a person may have moved in a moment.
    apart = replace(frame, t_s=frame.t_s + _AUDIT_APART_S)
    seen = camera_estimate.look(setup, state.camera, apart)
    state = predicted(params, replace(state, audit_s=frame.t_s), frame.t_s)
    rejections = seen.rejections
    if seen.points is not None and seen.memory.view.view is state.facing and not seen.moved:
        state, outliers = audit_fused(params, state, seen)
        rejections += outliers
    return state, BodyOutput(
        None, tuple(replace(r, source=_AUDIT, t_s=frame.t_s) for r in rejections)
    )


_AUDIT = "camera:audit"
_AUDIT_APART_S = constant("body", "audit_apart_s")


def _time_fault(t_s: float, last_s: float | None, filter_s: float | None) -> RejectionReason | None:
    """Why an observation of that time cannot be fused; `last_s` the last one of its own stream."""
    if not isfinite(t_s):
        return RejectionReason.NON_FINITE
    if last_s is not None and t_s == last_s:
        return RejectionReason.DUPLICATE_TIME
    if last_s is not None and t_s < last_s:
        return RejectionReason.TIME_BACKWARDS
    if filter_s is not None and t_s < filter_s:
        return RejectionReason.LATE
    return None


def _unused(
    params: Params, state: State, t_s: float, source: str, reason: RejectionReason
) -> tuple[State, BodyOutput, None]:
    """The estimate as it stands, for an observation that was not used."""
    rejection = Rejection(t_s if isfinite(t_s) else state.time_s or 0.0, source, reason)
    return state, BodyOutput(emitted(params, state), (rejection,)), None


def _pass_time(
    params: Params, state: State, tick: Tick
) -> tuple[State, BodyOutput, Compared | None]:
    if not isfinite(tick.t_s):
        return _unused(params, state, tick.t_s, "clock", RejectionReason.NON_FINITE)
    if state.time_s is not None and tick.t_s < state.time_s:
        return _unused(params, state, tick.t_s, "clock", RejectionReason.TIME_BACKWARDS)
    state = followed(params, state, tick.t_s, None)
    state, rejections, compared = fused(params, predicted(params, state, tick.t_s), None)
    return state, BodyOutput(emitted(params, state), rejections), compared


def _see_frame(
    params: Params, state: State, frame: LandmarkFrame
) -> tuple[State, BodyOutput, Compared | None]:
    if params.camera is None:
        return _unused(params, state, frame.t_s, "camera", RejectionReason.OUT_OF_RANGE)
    fault = _time_fault(frame.t_s, state.camera.frame_s, state.time_s)
    if fault is not None:
        return _unused(params, state, frame.t_s, "camera", fault)
    times, lost = frames_lost(state.frames, frame.t_s)
    state = followed(params, replace(state, frames=times), frame.t_s, frame)
    seen = camera_estimate.look(setup_of(params, state), state.camera, frame)
    state = predicted(params, replace(state, camera=seen.memory), frame.t_s)
    if seen.unseen is not None:
        hindrance = tuple(
            seen.unseen if channel.imu is None else before
            for channel, before in zip(
                params.model.layout.channels.all, state.hindrance, strict=True
            )
        )
        state = replace(state, hindrance=hindrance)
    state, outliers, compared = fused(params, faced(params, state, seen), seen)
    missing = () if not lost else (_lost(frame.t_s, lost),)
    rejections = (*missing, *seen.rejections, *outliers)
    return state, BodyOutput(emitted(params, state), rejections), compared


def _lost(t_s: float, count: int) -> Rejection:
    detail = f"{count} frames before"
    return Rejection(t_s, camera_estimate.SOURCE, RejectionReason.LOST, detail)
