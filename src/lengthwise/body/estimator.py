"""The body estimate: one linear-Gaussian filter over what any camera and inertial sensors see.

A pure step. Plane geometry turns landmarks and gravity into inclinations of segments
(`camera_geometry`, `imu_geometry`); the filter fuses them into joint coordinates with a full
covariance (`process`, `fusion`); gates keep out what does not belong (`gates`); the zero pose
removes offsets (`zero_pose`); `claims` says what may be shown.

`LandmarkFrame` and `Tick` give a BodyState. An `ImuSample` is only taken in; it is fused at the
next frame or tick, so that its cost stays small. Mirroring that is not known is taken as not
mirrored; then left and right are as the pose model named them.
"""

from dataclasses import dataclass, field
from math import isfinite, radians
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import camera_estimate, imu_estimate, zero_pose
from lengthwise.body.camera_estimate import CameraMemory, CameraSetup
from lengthwise.body.camera_geometry import LineReading, line_lengths_m, wrapped_rad
from lengthwise.body.channels import Line
from lengthwise.body.claims import claims
from lengthwise.body.fusion import innovation_variance, update
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.kinematic_chain import BODY_SIZE, COORDINATE_MAP, Plane
from lengthwise.body.process import SLOW_ERRORS, Model, Readings, predict, session_model
from lengthwise.body.zero_pose import Glance, ZeroSearch
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    Observation,
    Posture,
    Rejection,
    RejectionReason,
    Stream,
    Tick,
)
from lengthwise.contracts.states import BodyOutput, BodyState, Unseen
from lengthwise.reference.constants import constant

if TYPE_CHECKING:
    from lengthwise.body.scaling import BodyMeasures

_NEVER_S = -1e9
_OUTLIER_CHI2 = constant("body", "outlier_chi2")
_FASTEST_RAD_S = radians(constant("body", "fastest_segment_deg_s"))
_IMU_WHITE_VARIANCE = radians(constant("body", "imu_white_sd_deg")) ** 2


@dataclass(frozen=True)
class Params:
    """What a session declares. `start_rad` (21,) as from `reference.postures.posture_mean_rad`.

    `zero_s`: a period (start, end) of upright standing, or None for the first still period of the
    start posture. `mirrored`: whether the image is a mirror image; None: as the stream says, and
    where that is not known either, not mirrored.
    """

    streams: tuple[Stream, ...]
    posture: Posture
    start_rad: np.ndarray
    zero_s: tuple[float, float] | None = None
    mirrored: bool | None = None
    measures: "BodyMeasures | None" = None
    model: Model = field(init=False, repr=False)
    camera: CameraSetup | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        model = session_model(
            self.streams,
            self.posture,
            self.start_rad,
            zero_declared=self.zero_s is not None,
        )
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "camera", self._camera_setup(model))

    def _camera_setup(self, model: Model) -> CameraSetup | None:
        stream = model.layout.camera
        if stream is None:
            return None
        mirrored = stream.mirrored if self.mirrored is None else self.mirrored
        size = self.measures
        lengths = (
            line_lengths_m()
            if size is None
            else line_lengths_m(
                height_m=size.height_m,
                trunk_m=size.trunk_length_m,
                thigh_m=size.thigh_length_m,
                shank_m=size.shank_length_m,
            )
        )
        name = stream.pose_model.value.removeprefix("blazepose_")
        return CameraSetup(
            stream=stream,
            mirrored=bool(mirrored),
            posture=self.posture,
            noise_ratio=constant("body", f"pose_model_{name}_noise_ratio"),
            line_m=tuple(lengths[line] for line in Line),
            trunk_m=lengths[Line.TRUNK],
        )


class State(Struct, frozen=True):
    """Everything the estimate remembers; it can be saved at any observation.

    `mean` (n,), `covariance` (n, n) of the filter's variables at `time_s`; `fused_s` (m,) when each
    channel last informed them; `hindrance` (m,) why a channel did not at its last chance.
    """

    time_s: float | None
    mean: np.ndarray
    covariance: np.ndarray
    fused_s: np.ndarray
    hindrance: tuple[Unseen, ...]
    camera: CameraMemory
    imus: tuple[ImuMemory, ...]
    zero: ZeroSearch


def start(params: Params) -> State:
    """Nothing seen yet: every variable at its prior."""
    model = params.model
    channels = model.layout.channels
    return State(
        time_s=None,
        mean=frozen_array(np.zeros(model.layout.size)),
        covariance=frozen_array(np.diag(model.variance)),
        fused_s=frozen_array(np.full(len(channels), _NEVER_S)),
        hindrance=tuple(
            Unseen.STALE if channel.imu is None else Unseen.NOT_CALIBRATED for channel in channels
        ),
        camera=camera_estimate.begin(model.layout.camera),
        imus=tuple(ImuMemory() for _ in model.layout.imus),
        zero=zero_pose.begin(len(model.layout.imus)),
    )


def step(params: Params, state: State, observation: Observation) -> tuple[State, BodyOutput]:
    """One observation. A frame or tick that cannot be used still gives the state as it stands."""
    if isinstance(observation, ImuSample):
        return _take_sample(params, state, observation)
    if isinstance(observation, LandmarkFrame):
        return _see_frame(params, state, observation)
    if isinstance(observation, Tick):
        return _pass_time(params, state, observation)
    return state, BodyOutput(None)


def _take_sample(params: Params, state: State, sample: ImuSample) -> tuple[State, BodyOutput]:
    imus = params.model.layout.imus
    at = next((i for i, s in enumerate(imus) if s.segment is sample.segment), None)
    if at is None:
        return state, BodyOutput(None)
    memory, rejection = imu_estimate.take(imus[at], state.imus[at], sample, state.time_s)
    moved = replace(state, imus=(*state.imus[:at], memory, *state.imus[at + 1 :]))
    return moved, BodyOutput(None, () if rejection is None else (rejection,))


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
) -> tuple[State, BodyOutput]:
    """The estimate as it stands, for an observation that was not used."""
    rejection = Rejection(t_s if isfinite(t_s) else state.time_s or 0.0, source, reason)
    return state, BodyOutput(_emitted(params, state), (rejection,))


def _pass_time(params: Params, state: State, tick: Tick) -> tuple[State, BodyOutput]:
    if not isfinite(tick.t_s):
        return _unused(params, state, tick.t_s, "clock", RejectionReason.NON_FINITE)
    if state.time_s is not None and tick.t_s < state.time_s:
        return _unused(params, state, tick.t_s, "clock", RejectionReason.TIME_BACKWARDS)
    state, expected = _predicted(params, state, tick.t_s)
    state, _ = _fused(params, state, expected, ())
    return state, BodyOutput(_emitted(params, state))


def _see_frame(params: Params, state: State, frame: LandmarkFrame) -> tuple[State, BodyOutput]:
    if params.camera is None:
        return _unused(params, state, frame.t_s, "camera", RejectionReason.OUT_OF_RANGE)
    fault = _time_fault(frame.t_s, state.camera.frame_s, state.time_s)
    if fault is not None:
        return _unused(params, state, frame.t_s, "camera", fault)
    seen = camera_estimate.look(params.camera, state.camera, frame)
    state, expected = _predicted(params, replace(state, camera=seen.memory), frame.t_s)
    if seen.unseen is not None:
        hindrance = tuple(
            seen.unseen if channel.imu is None else before
            for channel, before in zip(params.model.layout.channels, state.hindrance, strict=True)
        )
        state = replace(state, hindrance=hindrance)
    state, outliers = _fused(params, state, expected, seen.lines)
    return state, BodyOutput(_emitted(params, state), seen.rejections + outliers)


def _predicted(params: Params, state: State, t_s: float) -> tuple[State, Readings]:
    mean, covariance, expected = predict(
        params.model,
        state.mean,
        state.covariance,
        dt_s=0.0 if state.time_s is None else t_s - state.time_s,
        view=state.camera.view.view,
    )
    return replace(state, time_s=t_s, mean=mean, covariance=covariance), expected


@dataclass(frozen=True)
class _Measured:
    """Readings of some channels: `at` their places, `value_rad`, `white_variance`; (k,) each."""

    at: list[int]
    value_rad: list[float]
    white_variance: list[float]


def _fused(
    params: Params, state: State, expected: Readings, lines: tuple[LineReading, ...]
) -> tuple[State, tuple[Rejection, ...]]:
    """The state after the lines of a frame (none at a tick) and all waiting inertial samples."""
    assert state.time_s is not None
    layout = params.model.layout
    hindrance = list(state.hindrance)
    measured = _Measured([], [], [])
    for reading in lines:
        channel = layout.line_index[reading.line]
        hindrance[channel] = reading.unseen
        if reading.angle_rad is not None:
            measured.at.append(channel)
            measured.value_rad.append(reading.angle_rad)
            measured.white_variance.append(reading.white_sd_rad**2)
    imus = tuple(imu_estimate.settle(s, m) for s, m in zip(layout.imus, state.imus, strict=True))
    ups = tuple(imu_estimate.fresh_up(memory) for memory in imus)
    for i, (memory, up) in enumerate(zip(imus, ups, strict=True)):
        inclination = None if up is None else imu_estimate.inclination_rad(memory, up)
        for channel in layout.imu_channels(i):
            hindrance[channel] = Unseen.NOT_CALIBRATED if memory.axes is None else Unseen.STALE
            if inclination is not None:
                sagittal = layout.channels[channel].plane is Plane.SAGITTAL
                measured.at.append(channel)
                measured.value_rad.append(inclination[0 if sagittal else 1])
                measured.white_variance.append(_IMU_WHITE_VARIANCE)
    imus = tuple(imu_estimate.mark_read(memory) for memory in imus)
    state = replace(state, imus=imus, hindrance=tuple(hindrance))
    state, rejections = _updated(params, state, expected, measured)
    return _zeroed(params, state, Glance(state.time_s or 0.0, lines, ups)), rejections


def _updated(
    params: Params, state: State, expected: Readings, measured: _Measured
) -> tuple[State, tuple[Rejection, ...]]:
    """The filter after one joint update; lines that cannot belong to the body are left out."""
    if not measured.at:
        return state, ()
    assert state.time_s is not None
    channels = params.model.layout.channels
    at = np.array(measured.at)
    slope = expected.slope[at]
    errors = slope[:, BODY_SIZE:] @ state.mean[BODY_SIZE:]
    innovation = wrapped_rad(np.array(measured.value_rad) - expected.expected[at] - errors)
    white = np.array(measured.white_variance)
    variance = innovation_variance(state.covariance, slope, white)
    reach = _FASTEST_RAD_S * (state.time_s - state.fused_s[at])
    camera = np.array([channels[i].imu is None for i in measured.at])
    outlier = camera & (innovation**2 > _OUTLIER_CHI2 * variance) & (np.abs(innovation) > reach)
    rejections = tuple(
        Rejection(state.time_s, "camera", RejectionReason.OUTLIER, str(channels[i].line))
        for i in at[outlier]
    )
    kept = ~outlier
    if not kept.any():
        return state, rejections
    mean, covariance = update(
        state.mean,
        state.covariance,
        innovation=innovation[kept],
        slope=slope[kept],
        noise_variance=white[kept],
        considered=SLOW_ERRORS,
    )
    fused_s = state.fused_s.copy()
    fused_s[at[kept]] = state.time_s
    return replace(state, mean=mean, covariance=covariance, fused_s=fused_s), rejections


def _zeroed(params: Params, state: State, glance: Glance) -> State:
    """The state after looking for the zero pose, and with it where it was found now."""
    if params.zero_s is None:
        search, found = zero_pose.look_for_still(params.model, params.posture, state.zero, glance)
    else:
        search, found = zero_pose.look_in_period(state.zero, glance, params.zero_s)
    if not found:
        return state if search is state.zero else replace(state, zero=search)
    model, layout = params.model, params.model.layout
    known = zero_pose.known_posture(model, params.posture, declared=params.zero_s is not None)
    imus = tuple(
        imu_estimate.set_axes(stream, memory, zero_pose.mean_up(search, i), known.coordinates_rad)
        for i, (stream, memory) in enumerate(zip(layout.imus, state.imus, strict=True))
    )
    mean, covariance = zero_pose.learn_offsets(
        model,
        state.mean,
        state.covariance,
        known,
        [
            channel
            for i, memory in enumerate(imus)
            if memory.axes is not None
            for channel in layout.imu_channels(i)
        ],
    )
    return replace(
        state, mean=mean, covariance=covariance, imus=imus, zero=replace(search, done=True)
    )


def _emitted(params: Params, state: State) -> BodyState:
    """The 21 coordinates with their covariance, and what may be shown of them."""
    model = params.model
    time_s = 0.0 if state.time_s is None else state.time_s
    mean_rad = model.coordinates_rad + COORDINATE_MAP @ state.mean[:BODY_SIZE]
    body = state.covariance[:BODY_SIZE, :BODY_SIZE]
    covariance = COORDINATE_MAP @ body @ COORDINATE_MAP.T
    covariance = 0.5 * (covariance + covariance.T)
    claimed = claims(
        model.layout,
        t_s=time_s,
        fused_s=state.fused_s,
        hindrance=state.hindrance,
        sd_rad=np.sqrt(np.maximum(covariance.diagonal(), 0.0)),
    )
    return BodyState(
        t_s=time_s,
        mean_rad=frozen_array(mean_rad),
        covariance_rad2=frozen_array(covariance),
        unseen=claimed.unseen,
        quality=claimed.quality,
        own_covariance_rad2=frozen_array(_own_covariance(state.covariance)),
    )


_ANATOMICAL_MAP = COORDINATE_MAP[INDEX[ANATOMICAL[0]] : INDEX[ANATOMICAL[-1]] + 1]


def _own_covariance(covariance: np.ndarray) -> np.ndarray:
    """(13, 13) covariance of the anatomical coordinates given the slow errors of all channels:

    P_xx - P_xc P_cc^-1 P_cx, with c the slow errors.
    """
    cross = covariance[:BODY_SIZE, SLOW_ERRORS]
    own = covariance[:BODY_SIZE, :BODY_SIZE]
    if cross.size:
        own = own - cross @ np.linalg.solve(covariance[SLOW_ERRORS, SLOW_ERRORS], cross.T)
    mapped = _ANATOMICAL_MAP @ own @ _ANATOMICAL_MAP.T
    return np.asarray(0.5 * (mapped + mapped.T))
