"""The body estimate: one filter over what any camera and inertial sensors see.

A pure step. Landmarks and gravity are fused into joint coordinates with a full covariance
(`process`, `projection`, `fusion`, `landmark_reading`); gates keep out what does not belong
(`gates`); the zero pose removes offsets (`zero_pose`); plane geometry says what is in view
(`camera_geometry`); `claims` says what may be shown.

`LandmarkFrame` and `Tick` give a BodyState. An `ImuSample` is only taken in; it is fused at the
next frame or tick, so that its cost stays small. Mirroring that is not known is taken as not
mirrored; then left and right are as the pose model named them.
"""

from dataclasses import dataclass, field
from math import isfinite, pi, radians
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import camera_estimate, imu_estimate, projection, zero_pose
from lengthwise.body.bounds import (
    Contact,
    contacts,
    kneeling_side,
    read_contacts,
    read_limits,
)
from lengthwise.body.camera_estimate import CameraLook, CameraMemory, CameraSetup
from lengthwise.body.camera_geometry import LineReading, line_lengths_m, torso_middle_px
from lengthwise.body.channels import Line
from lengthwise.body.claims import claims
from lengthwise.body.fusion import (
    Expected,
    Mark,
    Reading,
    Weighed,
    expected,
    joined,
    update,
    weighed,
)
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.kinematic_chain import BODY_SIZE, COORDINATE_MAP, JOINTS, joints_of
from lengthwise.body.landmark_reading import (
    Camera,
    error_ratios,
    read_landmarks,
    usable_readings,
    without_heights,
)
from lengthwise.body.line_reading import frontal_lines, line_growth_rad, read_lines
from lengthwise.body.matrices import lower_root, solved_lower
from lengthwise.body.process import LINES, Model, predict, session_model
from lengthwise.body.zero_pose import Glance, StartPosture, ZeroSearch
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    Observation,
    PersonSignal,
    Posture,
    Rejection,
    RejectionReason,
    SignalKind,
    Stream,
    Tick,
    View,
)
from lengthwise.contracts.states import BodyOutput, BodyState, MarkedPose, Unseen
from lengthwise.reference.constants import constant

if TYPE_CHECKING:
    from lengthwise.body.scaling import BodyMeasures

_NEVER_S = -1e9
_IMU_WHITE_VARIANCE = radians(constant("body", "imu_white_sd_deg")) ** 2
_HEADING_VARIANCE = radians(constant("body", "imu_heading_sd_deg")) ** 2
_OFFSET_VARIANCE = radians(constant("body", "imu_offset_prior_sd_deg")) ** 2
_YAW = {View.FRONT: 0.0, View.LEFT: pi / 2, View.RIGHT: -pi / 2, View.BACK: pi}
_YAW_VARIANCE = radians(constant("body", "camera_yaw_sd_deg")) ** 2
_TRUNK_SHARES = tuple(
    constant("body", f"{rod}_share_of_trunk") for rod in ("pelvis", "lumbar", "chest")
)
_FOOT_SHARES = tuple(constant("body", f"{part}_share_of_foot") for part in ("ankle", "heel", "toe"))
_PLACE_VARIANCE = np.array([constant("body", "first_place_sd_m") ** 2] * 2)
_AWAY_RATIO = constant("body", "first_distance_sd_ratio")


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
    start: StartPosture = field(init=False, repr=False)
    zero_places_m: np.ndarray = field(init=False, repr=False)
    zero_ups: np.ndarray = field(init=False, repr=False)
    lens: Camera = field(init=False, repr=False)
    zero_home: np.ndarray = field(init=False, repr=False)
    resting: tuple[Contact, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        body_m = assumed_lengths_m(self.measures)
        model = session_model(self.streams, self.posture, joints_of(self.start_rad), body_m=body_m)
        zero = np.zeros_like(self.start_rad) if self.zero_s is not None else self.start_rad
        there = np.zeros((1, projection.INPUTS))
        there[0, : projection.JOINT_COUNT] = joints_of(zero)
        out = projection.seen(there, body_m, 1.0)[0]
        places = out[projection.PLACES_AT : projection.HEIGHTS_AT].reshape(-1, 3)
        ups = out[projection.UPS_AT : projection.PLACES_AT].reshape(-1, 3)
        imus = model.layout.channels.imus
        worn = [imu_estimate.UP_OF[stream.segment] for stream in imus]
        for name, value in (
            ("model", model),
            ("camera", self._camera_setup(model)),
            ("start", StartPosture(self.posture, self.start_rad, imus)),
            ("zero_places_m", places),
            ("zero_ups", ups[worn]),
            ("lens", self._lens(model)),
            ("zero_home", joints_of(zero) - model.start_joints),
            ("resting", contacts(self.posture, kneeling_side(self.start_rad))),
        ):
            object.__setattr__(self, name, value)

    @staticmethod
    def _lens(model: Model) -> Camera:
        stream = model.layout.channels.camera
        if stream is None:
            return Camera(1.0, (0.0, 0.0))
        return Camera.of_image(stream.image_width_px, stream.image_height_px)

    def _camera_setup(self, model: Model) -> CameraSetup | None:
        stream = model.layout.channels.camera
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


def assumed_lengths_m(measures: "BodyMeasures | None") -> np.ndarray:
    """(10,) lengths of `projection`: measured where known, else in proportion to the body."""
    lines = (
        line_lengths_m()
        if measures is None
        else line_lengths_m(
            height_m=measures.height_m,
            trunk_m=measures.trunk_length_m,
            thigh_m=measures.thigh_length_m,
            shank_m=measures.shank_length_m,
        )
    )
    trunk, foot = lines[Line.TRUNK], lines[Line.FOOT_L]
    return np.array(
        [
            *(share * trunk for share in _TRUNK_SHARES),
            0.5 * lines[Line.SHOULDERS],
            0.5 * lines[Line.HIPS],
            lines[Line.THIGH_L],
            lines[Line.SHANK_L],
            *(share * foot for share in _FOOT_SHARES),
        ]
    )


class SessionMark(Struct, frozen=True):
    """A pose that the person marked: when, as what, for which muscles."""

    t_s: float
    kind: SignalKind
    targets: tuple[tuple[MuscleGroup, Side], ...]
    pose: Mark


class State(Struct, frozen=True):
    """Everything the estimate remembers; it can be saved at any observation.

    `mean` (n,), `covariance` (n, n) of the filter's variables at `time_s`; `fused_s` (m,) when each
    channel last informed them; `hindrance` (m,) why a channel did not at its last chance; `facing`
    the view from which the camera's place was set, UNKNOWN before; `landmarks_s` when landmarks
    were last fused; `step_s` the last step of time; `marks` the poses that the person has marked.
    """

    time_s: float | None
    mean: np.ndarray
    covariance: np.ndarray
    fused_s: np.ndarray
    hindrance: tuple[Unseen, ...]
    camera: CameraMemory
    imus: tuple[ImuMemory, ...]
    zero: ZeroSearch
    facing: View = View.UNKNOWN
    landmarks_s: float = _NEVER_S
    step_s: float = 0.0
    marks: tuple[SessionMark, ...] = ()


def start(params: Params) -> State:
    """Nothing seen yet: every variable at its prior."""
    model = params.model
    channels = model.layout.channels
    return State(
        time_s=None,
        mean=frozen_array(_at_home(params)),
        covariance=frozen_array(model.first),
        fused_s=frozen_array(np.full(len(channels.all), _NEVER_S)),
        hindrance=tuple(
            Unseen.STALE if channel.imu is None else Unseen.NOT_CALIBRATED
            for channel in channels.all
        ),
        camera=camera_estimate.begin(channels.camera),
        imus=tuple(ImuMemory() for _ in channels.imus),
        zero=zero_pose.begin(len(channels.imus)),
    )


def _at_home(params: Params) -> np.ndarray:
    """(n,) the first mean: in the zero pose until that has been taken."""
    mean = params.model.first_mean.copy()
    mean[: projection.JOINT_COUNT] = params.zero_home
    return mean


def step(params: Params, state: State, observation: Observation) -> tuple[State, BodyOutput]:
    """One observation. A frame or tick that cannot be used still gives the state as it stands."""
    if isinstance(observation, ImuSample):
        return _take_sample(params, state, observation)
    if isinstance(observation, LandmarkFrame):
        return _see_frame(params, state, observation)
    if isinstance(observation, Tick):
        return _pass_time(params, state, observation)
    return _marked(state, observation), BodyOutput(None)


_MARKS = (SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE)
_MOST_MARKS = 6


def _marked(state: State, signal: PersonSignal) -> State:
    """The state with the present pose marked; a mark takes the place of its like."""
    if signal.kind not in _MARKS:
        return state
    shared = state.covariance[:, :BODY_SIZE] @ _ANATOMICAL_MAP.T
    pose = Mark(
        _ANATOMICAL_MAP @ state.mean[:BODY_SIZE],
        _ANATOMICAL_MAP @ shared[:BODY_SIZE],
        shared,
    )
    others = tuple(m for m in state.marks if (m.kind, m.targets) != (signal.kind, signal.targets))
    mark = SessionMark(signal.t_s, signal.kind, signal.targets, pose)
    return replace(state, marks=(*others[1 - _MOST_MARKS :], mark))


def _take_sample(params: Params, state: State, sample: ImuSample) -> tuple[State, BodyOutput]:
    imus = params.model.layout.channels.imus
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
    state, _ = _fused(params, _predicted(params, state, tick.t_s), None)
    return state, BodyOutput(_emitted(params, state))


def _see_frame(params: Params, state: State, frame: LandmarkFrame) -> tuple[State, BodyOutput]:
    if params.camera is None:
        return _unused(params, state, frame.t_s, "camera", RejectionReason.OUT_OF_RANGE)
    fault = _time_fault(frame.t_s, state.camera.frame_s, state.time_s)
    if fault is not None:
        return _unused(params, state, frame.t_s, "camera", fault)
    seen = camera_estimate.look(params.camera, state.camera, frame)
    state = _predicted(params, replace(state, camera=seen.memory), frame.t_s)
    if seen.unseen is not None:
        hindrance = tuple(
            seen.unseen if channel.imu is None else before
            for channel, before in zip(
                params.model.layout.channels.all, state.hindrance, strict=True
            )
        )
        state = replace(state, hindrance=hindrance)
    state, outliers = _fused(params, _faced(params, state, seen), seen)
    return state, BodyOutput(_emitted(params, state), seen.rejections + outliers)


def _predicted(params: Params, state: State, t_s: float) -> State:
    model, mean = params.model, state.mean
    turned = np.zeros(len(params.zero_ups))
    if len(turned):
        rows = np.zeros((1, projection.INPUTS))
        rows[0, : projection.JOINT_COUNT] = (
            model.start_joints + (model.input_map @ mean)[: projection.JOINT_COUNT]
        )
        out = projection.seen(rows, model.body_m, 1.0)[0, projection.UPS_AT : projection.PLACES_AT]
        worn = [imu_estimate.UP_OF[stream.segment] for stream in params.start.imus]
        now = out.reshape(-1, 3)[worn]
        turned = np.arccos(np.clip((now * params.zero_ups).sum(axis=1), -1.0, 1.0))
    dt_s = 0.0 if state.time_s is None else t_s - state.time_s
    mean, covariance, kept = predict(
        model,
        mean,
        state.covariance,
        dt_s=dt_s,
        turned_rad=turned,
        home=np.zeros_like(params.zero_home) if state.zero.done else params.zero_home,
        line_growth_rad=line_growth_rad(params.start_rad, mean),
    )
    marks = tuple(
        replace(mark, pose=replace(mark.pose, shared=mark.pose.shared * kept[:, None]))
        for mark in state.marks
    )
    return replace(state, time_s=t_s, step_s=dt_s, mean=mean, covariance=covariance, marks=marks)


def _faced(params: Params, state: State, seen: CameraLook) -> State:
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
    px_per_m = camera.focal_px / away_m
    place = np.array(
        [
            (middle_px[0] - camera.middle_px[0]) / px_per_m,
            (camera.middle_px[1] - middle_px[1]) / px_per_m,
            away_m,
        ]
    )
    spread = np.diag([*_PLACE_VARIANCE, (_AWAY_RATIO * away_m) ** 2])
    state = _anew(state, np.arange(layout.root, layout.root + 3), place, spread)
    fast = np.arange(layout.fast.start, layout.fast.stop)
    stationary = params.model.stationary[layout.fast, layout.fast]
    state = _anew(state, fast, np.zeros(len(fast)), stationary)
    if state.facing is not view:
        yaw = np.array([layout.view(projection.YAW)])
        state = _anew(state, yaw, np.array([_YAW[view]]), np.array([[_YAW_VARIANCE]]))
    return replace(state, facing=view)


def _fused(
    params: Params, state: State, seen: CameraLook | None
) -> tuple[State, tuple[Rejection, ...]]:
    """The state after what a frame showed (nothing at a tick) and all waiting inertial samples."""
    assert state.time_s is not None
    channels = params.model.layout.channels
    lines = () if seen is None else seen.lines
    hindrance, fused_s = list(state.hindrance), state.fused_s.copy()
    for reading in lines:
        channel = channels.of_line[reading.line]
        hindrance[channel] = reading.unseen
        if reading.angle_rad is not None:
            fused_s[channel] = state.time_s
    imus = tuple(imu_estimate.settle(s, m) for s, m in zip(channels.imus, state.imus, strict=True))
    ups = tuple(imu_estimate.fresh_up(memory) for memory in imus)
    seen_ups: list[np.ndarray | None] = []
    for i, (memory, up) in enumerate(zip(imus, ups, strict=True)):
        seen_up = None if up is None else imu_estimate.seen_up(memory, up)
        seen_ups.append(seen_up)
        for channel in channels.of_imu(i):
            hindrance[channel] = Unseen.NOT_CALIBRATED if memory.axes is None else Unseen.STALE
            if seen_up is not None:
                fused_s[channel] = state.time_s
    state = replace(
        state,
        imus=tuple(imu_estimate.mark_read(memory) for memory in imus),
        hindrance=tuple(hindrance),
        fused_s=fused_s,
    )
    state, rejections = _updated(params, state, seen, seen_ups)
    return _zeroed(params, state, Glance(state.time_s or 0.0, lines, ups)), rejections


def _updated(
    params: Params, state: State, seen: CameraLook | None, ups: list[np.ndarray | None]
) -> tuple[State, tuple[Rejection, ...]]:
    """The filter after one joint update; landmarks that cannot belong to the body are left out."""
    lines: tuple[LineReading, ...] = ()
    points = None
    if seen is not None and state.facing is not View.UNKNOWN and seen.points is not None:
        points, lines = seen.points, frontal_lines(seen.lines)
    pairs = tuple(LINES.index(line.line) for line in lines)
    if points is None and all(up is None for up in ups):
        return state, ()
    assert state.time_s is not None
    model, layout = params.model, params.model.layout
    there = expected(
        model, state.mean, state.covariance, _image_scale_m(params, state), dt_s=state.step_s
    )
    readings: list[Reading] = []
    rejections: tuple[Rejection, ...] = ()
    if points is not None:
        landmarks = read_landmarks(
            model,
            params.lens,
            state.mean,
            there,
            points,
            view=state.facing,
            zero_places_m=params.zero_places_m,
        )
        readings.append(without_heights(landmarks, pairs))
        if lines:
            readings.append(
                read_lines(
                    layout,
                    params.start_rad,
                    state.mean,
                    lines,
                    state.facing,
                    error_ratios(points, state.facing),
                )
            )
    readings += [
        read_up(params, state.mean, there, i, up) for i, up in enumerate(ups) if up is not None
    ]
    readings += known_without_sensors(params, state, there)
    whole = weighed(state.covariance, joined(*readings))
    if points is not None:
        since_s = state.time_s - state.landmarks_s
        clear, outliers = usable_readings(whole, points, since_s=since_s, pairs=pairs)
        rejections = tuple(
            Rejection(state.time_s, "camera", RejectionReason.OUTLIER, name) for name in outliers
        )
        kept = np.ones(len(whole.spread), dtype=bool)
        kept[: len(clear)] = clear
        whole = whole.part(kept)
        if clear.any():
            state = replace(state, landmarks_s=state.time_s)
    if not len(whole.spread):
        return state, rejections
    return _corrected(state, whole, considered=layout.considered), rejections


def _corrected(state: State, whole: Weighed, *, considered: np.ndarray | None) -> State:
    """The state after readings, its marks included."""
    after = update(
        state.mean,
        state.covariance,
        whole,
        considered=considered,
        marks=tuple(mark.pose for mark in state.marks),
    )
    marks = tuple(
        replace(mark, pose=pose) for mark, pose in zip(state.marks, after.marks, strict=True)
    )
    return replace(state, mean=after.mean, covariance=after.covariance, marks=marks)


def known_without_sensors(params: Params, state: State, there: Expected) -> list[Reading]:
    """Contacts once the start posture is taken, and the ends of joint ranges."""
    found = [read_limits(params.start_rad, state.mean, dt_s=state.step_s)]
    if state.zero.done or params.zero_s is None:
        found.append(
            read_contacts(params.resting, state.mean, state.covariance, there, dt_s=state.step_s)
        )
    return [reading for reading in found if reading is not None]


def _image_scale_m(params: Params, state: State) -> float:
    """Distance that makes metres of image points, see `projection.seen`."""
    layout = params.model.layout
    if layout.channels.camera is None:
        return 1.0
    focal = layout.view(projection.FOCAL)
    return float(state.mean[layout.root + 2] * np.exp(-state.mean[focal]))


def read_up(params: Params, mean: np.ndarray, there: Expected, imu: int, up: np.ndarray) -> Reading:
    """Up in a segment's axes (3,) against the estimate: u = h(q) + (fast + mount) x h(q)."""
    layout = params.model.layout
    segment = imu_estimate.UP_OF[layout.channels.imus[imu].segment]
    at = slice(projection.UPS_AT + 3 * segment, projection.UPS_AT + 3 * segment + 3)
    x, y, z = there.here[at].tolist()
    turn = np.array([[0.0, z, -y], [-z, 0.0, x], [y, -x, 0.0]])
    slope = there.slope[at].copy()
    fast, mount = layout.imu_fast(imu), layout.mount(imu)
    slope[:, fast] = slope[:, mount] = turn
    bent = there.bent[at]
    innovation = up - there.value[at] - turn @ (mean[fast] + mean[mount])
    return Reading(innovation, slope, bent @ bent.T + np.eye(3) * _IMU_WHITE_VARIANCE)


def _zeroed(params: Params, state: State, glance: Glance) -> State:
    """The state after looking for the zero pose, and with it where it was found now."""
    declared = params.zero_s is not None
    if params.zero_s is None:
        search, found = zero_pose.look_for_still(params.start, state.zero, glance)
    else:
        search, found = zero_pose.look_in_period(state.zero, glance, params.zero_s)
    if not found:
        return state if search is state.zero else replace(state, zero=search)
    zero_rad = np.zeros_like(params.start_rad) if declared else params.start_rad
    imus = tuple(
        imu_estimate.set_axes(stream, memory, zero_pose.mean_up(search, i), zero_rad)
        for i, (stream, memory) in enumerate(zip(params.start.imus, state.imus, strict=True))
    )
    known = zero_pose.known_posture(params.start, state.mean, declared=declared)
    state = _corrected(state, weighed(state.covariance, known), considered=None)
    for i, memory in enumerate(imus):
        if memory.axes is not None:
            state = _mounted(params, state, i)
    return replace(state, imus=imus, zero=replace(search, done=True))


def _mounted(params: Params, state: State, imu: int) -> State:
    """The state once a sensor's axes follow from the zero pose.

    Turned about the vertical they are as good as the stated forward axis; otherwise as good as the
    posture is known, with which their error then goes together.
    """
    layout, up = params.model.layout, params.zero_ups[imu]
    mount = layout.mount(imu)
    about_up = np.outer(up, up)
    variance = _OFFSET_VARIANCE * (np.eye(3) - about_up) + _HEADING_VARIANCE * about_up
    state = _anew(state, np.arange(mount.start, mount.stop), np.zeros(3), variance)
    there = expected(params.model, state.mean, state.covariance, 1.0, dt_s=0.0)
    reading = read_up(params, state.mean, there, imu, up)
    return _corrected(state, weighed(state.covariance, reading), considered=None)


def _anew(state: State, at: np.ndarray, value: np.ndarray, covariance: np.ndarray) -> State:
    """The state with some variables begun anew, independent of all others."""
    mean, whole = state.mean.copy(), state.covariance.copy()
    mean[at] = value
    whole[at, :] = 0.0
    whole[:, at] = 0.0
    whole[np.ix_(at, at)] = covariance
    marks = []
    for mark in state.marks:
        shared = mark.pose.shared.copy()
        shared[at] = 0.0
        marks.append(replace(mark, pose=replace(mark.pose, shared=shared)))
    return replace(state, mean=mean, covariance=whole, marks=tuple(marks))


def _emitted(params: Params, state: State) -> BodyState:
    """The 21 coordinates with their covariance, and what may be shown of them."""
    model = params.model
    time_s = 0.0 if state.time_s is None else state.time_s
    mean_rad = params.start_rad + COORDINATE_MAP @ state.mean[:BODY_SIZE]
    body = state.covariance[:BODY_SIZE, :BODY_SIZE]
    covariance = COORDINATE_MAP @ body @ COORDINATE_MAP.T
    covariance = 0.5 * (covariance + covariance.T)
    claimed = claims(
        model.layout.channels,
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
        own_covariance_rad2=frozen_array(_own_covariance(model, state.covariance)),
        marks=tuple(_marked_pose(params, mark) for mark in state.marks),
    )


def _marked_pose(params: Params, mark: SessionMark) -> MarkedPose:
    start_rad = params.start_rad[INDEX[ANATOMICAL[0]] : INDEX[ANATOMICAL[-1]] + 1]
    return MarkedPose(
        mark.t_s,
        mark.kind,
        mark.targets,
        frozen_array(start_rad + mark.pose.mean),
        frozen_array(mark.pose.covariance),
        frozen_array(_ANATOMICAL_MAP @ mark.pose.shared[:BODY_SIZE]),
    )


_ANATOMICAL_MAP = COORDINATE_MAP[INDEX[ANATOMICAL[0]] : INDEX[ANATOMICAL[-1]] + 1]


def _own_covariance(model: Model, covariance: np.ndarray) -> np.ndarray:
    """(13, 13) covariance of the anatomical coordinates given the errors that stay in a session:

    P_xx - P_xc P_cc^-1 P_cx, with c those errors and the slow offsets of the posture.
    """
    stays = model.layout.considered.copy()
    stays[len(JOINTS) : BODY_SIZE] = True
    cross = _ANATOMICAL_MAP @ covariance[:BODY_SIZE]
    own = cross[:, :BODY_SIZE] @ _ANATOMICAL_MAP.T
    shared = cross[:, stays]
    root = lower_root(covariance[np.ix_(stays, stays)])
    known = solved_lower(root, shared.T)
    own = own - known.T @ known
    return np.asarray(0.5 * (own + own.T))
