"""The calibration, step by step: what to do now, what was found, and when to give something up.

A pure step over observations, live or of a recording:

    step(params, state, observation) -> (state, ask)

The next thing is asked for as soon as the present one was seen, or has been waited for long enough;
nothing is ever guessed. The module `results` says what was found, what was not, and why.
"""

from dataclasses import dataclass, field
from math import asin, radians

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import camera_estimate, imu_estimate, zero_pose
from lengthwise.body.calibration import handedness, hip_gain, lengths, worn_check
from lengthwise.body.calibration.asks import MOTIONS, Ask, asks_for
from lengthwise.body.calibration.handedness import HandWatch
from lengthwise.body.calibration.hip_gain import GainFilter
from lengthwise.body.calibration.lengths import StandingLook
from lengthwise.body.calibration.worn_check import Tip, WornSensor
from lengthwise.body.camera_estimate import CameraLook, CameraMemory, CameraSetup
from lengthwise.body.camera_geometry import Landmarks, line_lengths_m
from lengthwise.body.channels import Line
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.imu_geometry import up_in_segment
from lengthwise.body.landmark_reading import Camera
from lengthwise.body.segment_ups import UP_OF, ups_of
from lengthwise.body.zero_pose import Glance, StartPosture, Up, ZeroSearch
from lengthwise.contracts.observation import (
    CameraStream,
    ImuSample,
    ImuStream,
    LandmarkFrame,
    Observation,
    PersonSignal,
    Posture,
    Segment,
    Stream,
    View,
)
from lengthwise.reference.constants import constant
from lengthwise.reference.postures import posture_mean_rad

_LONGEST_S: dict[Ask, float] = {
    ask: constant("calibration", f"{ask.value}_longest_s") for ask in Ask if ask is not Ask.DONE
}
_KNEE_UP = constant("calibration", "camera_knee_up_ratio")
_BENT = constant("calibration", "camera_bent_ratio")
_STALE_S = 0.1
_BEAT_S = 0.05
_SHOWN_S = constant("calibration", "camera_shown_s")
_LEVEL_RAD = radians(3.0)


@dataclass(frozen=True)
class Params:
    """`height_m` as stated by the person, None where it was not; `worn` in the order of `imus`,
    as declared by streams where nothing else is stated.
    """

    streams: tuple[Stream, ...]
    height_m: float | None = None
    positions: tuple[WornSensor, ...] = ()
    asks: tuple[Ask, ...] = field(init=False)
    camera: CameraSetup | None = field(init=False)
    focal_px: float = field(init=False)
    imus: tuple[ImuStream, ...] = field(init=False)
    worn: tuple[WornSensor, ...] = field(init=False)
    start: StartPosture = field(init=False)

    def __post_init__(self) -> None:
        stream = next((s for s in self.streams if isinstance(s, CameraStream)), None)
        of_segment = {s.segment: s for s in self.streams if isinstance(s, ImuStream)}
        stated = {sensor.segment: sensor for sensor in self.positions}
        worn = tuple(
            stated.get(segment, WornSensor(segment, front=s.forward_axis, up=s.up_axis))
            for segment, s in of_segment.items()
        )
        imus = tuple(
            replace(s, forward_axis=w.front, up_axis=w.up)
            for s, w in zip(of_segment.values(), worn, strict=True)
        )
        # How a sensor is worn is what is to be found: standing still must not depend on it.
        bare = tuple(replace(s, forward_axis=None, up_axis=None) for s in imus)
        upright = posture_mean_rad(Posture.STANDING)
        focal = 1.0
        if stream is not None:
            focal = Camera.of_image(stream.image_width_px, stream.image_height_px).focal_px
        for name, value in (
            ("asks", (*asks_for(self.streams), Ask.DONE)),
            ("camera", None if stream is None else _camera(stream, self.height_m)),
            ("focal_px", focal),
            ("imus", imus),
            ("worn", worn),
            ("start", StartPosture(Posture.STANDING, upright, bare)),
        ):
            object.__setattr__(self, name, value)


def _camera(stream: CameraStream, height_m: float | None) -> CameraSetup:
    expected = line_lengths_m(height_m=height_m)
    name = stream.pose_model.value.removeprefix("blazepose_")
    return CameraSetup(
        stream=stream,
        mirrored=False,
        posture=Posture.STANDING,
        noise_ratio=constant("body", f"pose_model_{name}_noise_ratio"),
        line_m=tuple(expected[line] for line in Line),
        trunk_m=expected[Line.TRUNK],
    )


class State(Struct, frozen=True):
    """`ask` since `since_s`; `begun_s`, `time_s` the first and the latest time of all.

    `still_ups`: up in each sensor in the zero pose; `tips` per motion of MOTIONS and sensor;
    `showed`: for each of MOTIONS whether the camera saw it; `there_since_s`: since when it sees the
    present one; `standing`: heights of shoulders and knees over the hips in the zero pose, pixels;
    `seen`: frames that showed the person; `took_s` per ask; `zero_s` period of the zero pose.
    """

    camera: CameraMemory
    imus: tuple[ImuMemory, ...]
    zero: ZeroSearch
    gain: GainFilter
    ask: Ask = Ask.STAND_STILL
    since_s: float = 0.0
    begun_s: float | None = None
    time_s: float | None = None
    look: StandingLook = StandingLook()
    view: View = View.UNKNOWN
    hand: HandWatch = HandWatch()
    still_ups: tuple[Up | None, ...] = ()
    tips: tuple[tuple[Tip, ...], ...] = ()
    showed: tuple[bool, ...] = (False,) * len(MOTIONS)
    standing: tuple[float, float, float] | None = None
    there_since_s: float | None = None
    seen: int = 0
    took_s: tuple[tuple[Ask, float], ...] = ()
    zero_s: tuple[float, float] | None = None


def start(params: Params) -> State:
    count = len(params.imus)
    ratio = 1.0 if params.camera is None else params.camera.noise_ratio
    return State(
        camera=camera_estimate.begin(None if params.camera is None else params.camera.stream),
        imus=(ImuMemory(),) * count,
        zero=zero_pose.begin(count),
        gain=hip_gain.begin(ratio),
        still_ups=(None,) * count,
        tips=((Tip(),) * count,) * len(MOTIONS),
    )


def step(params: Params, state: State, observation: Observation) -> tuple[State, Ask]:
    """The state after one observation, and what the person is to do now."""
    t_s = observation.t_s
    if state.ask is Ask.DONE or isinstance(observation, PersonSignal) or not np.isfinite(t_s):
        return state, state.ask
    if state.time_s is not None and t_s < state.time_s:
        return state, state.ask
    if isinstance(observation, ImuSample):
        state = _taken(params, state, observation)
        # With a camera, its frames are the beat; without one, samples are.
        waits = state.time_s is not None and t_s - state.time_s < _BEAT_S
        if params.camera is not None or waits:
            return state, state.ask
    if state.begun_s is None:
        state = replace(state, begun_s=t_s, since_s=t_s)
    seen = None
    if isinstance(observation, LandmarkFrame) and params.camera is not None:
        if state.camera.frame_s is not None and t_s <= state.camera.frame_s:
            return state, state.ask
        seen = camera_estimate.look(params.camera, state.camera, observation)
        found = seen.points is not None
        state = replace(state, camera=seen.memory, seen=state.seen + found)
    state, ups = _settled(params, replace(state, time_s=t_s))
    state = _answered(params, state, seen, ups)
    if _over(params, state) or t_s - state.since_s >= _LONGEST_S[state.ask]:
        state = _next(params, state)
    return state, state.ask


def _taken(params: Params, state: State, sample: ImuSample) -> State:
    at = next((i for i, s in enumerate(params.imus) if s.segment is sample.segment), None)
    if at is None:
        return state
    memory, _ = imu_estimate.take(params.imus[at], state.imus[at], sample, state.time_s)
    return replace(state, imus=(*state.imus[:at], memory, *state.imus[at + 1 :]))


def _settled(params: Params, state: State) -> tuple[State, tuple[Up | None, ...]]:
    """All waiting samples worked in, and what is new of up in each sensor."""
    imus = tuple(imu_estimate.settle(s, m) for s, m in zip(params.imus, state.imus, strict=True))
    ups = tuple(imu_estimate.fresh_up(memory) for memory in imus)
    return replace(state, imus=tuple(imu_estimate.mark_read(m) for m in imus)), ups


def _answered(
    params: Params, state: State, seen: CameraLook | None, ups: tuple[Up | None, ...]
) -> State:
    """The state after what was seen now, for what is asked."""
    points = None if seen is None else seen.points
    assert state.time_s is not None
    if state.ask is Ask.STAND_STILL:
        return _stood(params, state, seen, ups)
    if state.ask is Ask.RAISE_RIGHT_HAND:
        if seen is None:
            return state
        return replace(state, hand=handedness.watched(state.hand, points, state.time_s))
    if state.ask is Ask.TIP_PELVIS:
        return _weighed(params, state, seen)
    return _moved(state, points, ups)


def _stood(
    params: Params, state: State, seen: CameraLook | None, ups: tuple[Up | None, ...]
) -> State:
    assert state.time_s is not None
    if seen is not None and seen.points is not None and not lengths.upright(seen.points):
        return replace(state, zero=zero_pose.begin(len(params.imus)), look=StandingLook())
    glance = Glance(state.time_s, () if seen is None else seen.lines, ups)
    search, found = zero_pose.look_for_still(params.start, state.zero, glance, asked=True)
    # A period that began anew takes its look with it.
    look = state.look if search.since_s == state.zero.since_s else StandingLook()
    view = state.camera.view.view
    if seen is not None and seen.points is not None and search.since_s is not None:
        look = lengths.looked(look, seen.points, view, state.time_s)
    state = replace(state, zero=search, look=look, view=view)
    if not found:
        return state
    assert search.since_s is not None
    still = tuple(zero_pose.mean_up(search, i) for i in range(len(params.imus)))
    there = ups_of(params.start.coordinates_rad)
    imus = tuple(
        imu_estimate.set_axes(stream, memory, up, there[UP_OF[stream.segment]])
        for stream, memory, up in zip(params.imus, state.imus, still, strict=True)
    )
    return replace(
        state,
        zero=replace(search, done=True),
        zero_s=(search.since_s, state.time_s),
        still_ups=still,
        imus=imus,
        standing=lengths.heights_px(look),
    )


def _weighed(params: Params, state: State, seen: CameraLook | None) -> State:
    """Hip line and sacrum sensor at one time, into the filter of their ratio."""
    assert state.time_s is not None
    roll_rad = _pelvis_roll_rad(params, state)
    line = None if seen is None else next((x for x in seen.lines if x.line is Line.HIPS), None)
    if roll_rad is None or line is None or line.angle_rad is None or params.camera is None:
        return state
    gain = hip_gain.seen(
        state.gain,
        state.time_s,
        line_rad=line.angle_rad,
        white_sd_rad=line.white_sd_rad,
        roll_rad=roll_rad,
        noise_ratio=params.camera.noise_ratio,
    )
    return replace(state, gain=gain)


def _pelvis_roll_rad(params: Params, state: State) -> float | None:
    """+ left side up, since the zero pose; None without a fresh reading."""
    for stream, memory in zip(params.imus, state.imus, strict=True):
        if stream.segment is not Segment.PELVIS or memory.axes is None:
            continue
        at_s, up = memory.orientation.t_s, memory.orientation.up
        if up is None or at_s is None or state.time_s is None:
            return None
        if state.time_s - at_s > _STALE_S:
            return None
        return asin(max(-1.0, min(1.0, float(up_in_segment(memory.axes, up)[1]))))
    return None


def _moved(state: State, points: Landmarks | None, ups: tuple[Up | None, ...]) -> State:
    """One of MOTIONS: how far each sensor has tipped, and whether the camera sees it."""
    at = MOTIONS.index(state.ask)
    tips = tuple(
        tip if up is None or still is None else worn_check.tipped(tip, still, up)
        for tip, still, up in zip(state.tips[at], state.still_ups, ups, strict=True)
    )
    state = replace(state, tips=(*state.tips[:at], tips, *state.tips[at + 1 :]))
    if points is None or state.standing is None:
        return state
    now = lengths.heights_px(lengths.looked(StandingLook(), points, View.UNKNOWN, 0.0))
    if now is None:
        return state
    trunk_px = max(state.standing[0], 1.0)
    if state.ask is Ask.BEND_FORWARD:
        there = state.standing[0] - now[0] > _BENT * trunk_px
    else:
        # Which knee it is depends on the mirror: either will do.
        risen = max(now[1] - state.standing[1], now[2] - state.standing[2])
        there = risen > _KNEE_UP * trunk_px
    assert state.time_s is not None
    if not there:
        return replace(state, there_since_s=None)
    since_s = state.time_s if state.there_since_s is None else state.there_since_s
    showed = state.showed[at] or state.time_s - since_s >= _SHOWN_S
    return replace(
        state,
        showed=(*state.showed[:at], showed, *state.showed[at + 1 :]),
        there_since_s=since_s,
    )


def _over(params: Params, state: State) -> bool:
    """Whether what was asked for has been done, and is over."""
    if state.ask is Ask.STAND_STILL:
        return state.zero.done
    if state.ask is Ask.RAISE_RIGHT_HAND:
        return handedness.shown(state.hand)
    if state.ask is Ask.TIP_PELVIS:
        roll_rad = _pelvis_roll_rad(params, state)
        back = roll_rad is not None and abs(roll_rad) < _LEVEL_RAD
        return back and hip_gain.tipped(state.gain)
    at = MOTIONS.index(state.ask)
    sensed = any(worn_check.over(tip) for tip in state.tips[at])
    return state.there_since_s is None and (sensed or state.showed[at])


def _next(params: Params, state: State) -> State:
    assert state.time_s is not None
    following = params.asks[params.asks.index(state.ask) + 1]
    took = (*state.took_s, (state.ask, state.time_s - state.since_s))
    return replace(state, ask=following, since_s=state.time_s, took_s=took, there_since_s=None)
