"""The estimate corrected by all that was seen since the last frame or tick, in one update."""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import imu_estimate, projection
from lengthwise.body.bounds import read_contacts, read_limits
from lengthwise.body.camera_estimate import CameraLook
from lengthwise.body.camera_geometry import LineReading
from lengthwise.body.channels import Line
from lengthwise.body.claims import shown
from lengthwise.body.foreshortening import read_bend
from lengthwise.body.fusion import Expected, Reading, Weighed, expected, joined, weighed
from lengthwise.body.going import going, unseen_before
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.kinematic_chain import BODY_SIZE, coordinates_of
from lengthwise.body.landmark_reading import (
    is_frontal,
    name_of,
    outliers,
    owners,
    read_landmarks,
)
from lengthwise.body.line_reading import frontal_lines, read_lines
from lengthwise.body.lying_down import resting_of
from lengthwise.body.pace import LONGEST_S
from lengthwise.body.prediction import caught_up
from lengthwise.body.process import Layout, Model
from lengthwise.body.session import Params
from lengthwise.body.session_state import State, corrected, turned_since_zero_rad
from lengthwise.body.settling import settled
from lengthwise.body.side_lying import upwards
from lengthwise.body.sliding import watched
from lengthwise.body.slipping import heard_again
from lengthwise.body.up_reading import read_up
from lengthwise.body.zero_pose import Glance, Up
from lengthwise.body.zeroing import zeroed
from lengthwise.contracts.observation import Rejection, RejectionReason, View
from lengthwise.contracts.states import Unseen


class Compared(Struct, frozen=True, eq=False):
    """What an update compared, for whoever asks how the filter does; nothing follows from it.

    `whole` all readings, in this order: landmarks and depths (by their `outputs` of `projection`),
    the trunk's bend (where `bent`), `lines`, three of each of `ups` (by place among the sensors),
    joint limits, contacts; `used` (k,) which of them were fused; `there` what was expected.
    """

    whole: Weighed
    used: np.ndarray
    there: Expected
    outputs: np.ndarray
    bent: bool
    lines: tuple[Line, ...]
    ups: tuple[int, ...]


def fused(
    params: Params, state: State, seen: CameraLook | None
) -> tuple[State, tuple[Rejection, ...], Compared | None]:
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
    rough = tuple(imu_estimate.rough_up(memory) for memory in imus)
    state = _as_rough(state, params.model.layout, imus, rough)
    ups = tuple(
        imu_estimate.fresh_up(memory) if poor is None else poor[0]
        for memory, poor in zip(imus, rough, strict=True)
    )
    seen_ups: list[np.ndarray | None] = []
    for i, (memory, up) in enumerate(zip(imus, ups, strict=True)):
        seen_up = None if up is None else imu_estimate.seen_up(memory, up)
        seen_ups.append(seen_up)
        for channel in channels.of_imu[i]:
            hindrance[channel] = Unseen.NOT_CALIBRATED if memory.axes is None else Unseen.STALE
            if seen_up is not None:
                fused_s[channel] = state.time_s
    state = replace(
        state,
        imus=tuple(
            memory if up is None else imu_estimate.mark_read(memory)
            for memory, up in zip(imus, ups, strict=True)
        ),
        hindrance=tuple(hindrance),
        fused_s=fused_s,
    )
    slipped: list[Rejection] = []
    for i, (stream, memory, up) in enumerate(zip(channels.imus, imus, ups, strict=True)):
        seen_up = seen_ups[i]
        if seen_up is None or up is None or not imu_estimate.interrupted(stream, memory):
            continue
        state, has_slipped = heard_again(params, state, i, up=up, seen_up=seen_up)
        if has_slipped:
            seen_ups[i] = None
            detail = "worn otherwise after an interruption"
            source = f"imu:{stream.segment.value}"
            slipped.append(
                Rejection(state.time_s or 0.0, source, RejectionReason.REMOUNTED, detail)
            )
    state, rejections, compared = _updated(params, state, seen, seen_ups, params.model)
    state, slid = watched(params, state, seen)
    glance = Glance(state.time_s or 0.0, lines, ups)
    state = settled(params, zeroed(params, state, glance), glance)
    return state, (*slipped, *slid, *rejections), compared


def _as_rough(
    state: State,
    layout: Layout,
    imus: tuple[ImuMemory, ...],
    rough: tuple[tuple[Up, float] | None, ...],
) -> State:
    """The state before sensors are read that came back and are not sure of up yet: their error may
    be as large as they say. It is one that passes, as the filter's own (`imu_fast`) does."""
    if all(poor is None for poor in rough):
        return state
    covariance = state.covariance.copy()
    for i, (memory, poor) in enumerate(zip(imus, rough, strict=True)):
        if poor is not None:
            at = np.arange(layout.imu_fast(i).start, layout.imu_fast(i).stop)
            covariance[at, at] += imu_estimate.rough_variance(memory, poor[1])
    return replace(state, covariance=covariance)


def audit_fused(
    params: Params, state: State, seen: CameraLook
) -> tuple[State, tuple[Rejection, ...]]:
    """The state after what a second pose model showed of an image; see `audit`."""
    assert params.audit is not None
    shoulders = tuple(line for line in seen.lines if line.line is Line.SHOULDERS)
    seen = replace(seen, lines=shoulders, length_ratio=None)
    unread: list[np.ndarray | None] = [None] * len(state.imus)
    state, rejections, _ = _updated(params, state, seen, unread, params.audit.model)
    return state, rejections


def _updated(
    params: Params,
    state: State,
    seen: CameraLook | None,
    ups: list[np.ndarray | None],
    model: Model,
) -> tuple[State, tuple[Rejection, ...], Compared | None]:
    """The filter after one joint update; landmarks that cannot belong to the body are left out."""
    sight = None
    if seen is not None and seen.points is not None and state.facing is not View.UNKNOWN:
        sight = seen
    if sight is None and all(up is None for up in ups):
        return state, (), None
    layout = model.layout
    if sight is not None and model is params.model:
        state = _seen_again(params, state, sight)
    there = expected(
        model,
        state.mean,
        state.covariance,
        _image_scale_m(params, state),
        dt_s=state.step_s,
        up=upwards(state.lying),
    )
    now_rad = coordinates_of(params.start_rad, state.mean[:BODY_SIZE])
    readings: list[Reading] = []
    outputs = np.empty(0, dtype=int)
    lines: tuple[LineReading, ...] = ()
    if sight is not None:
        lines = frontal_lines(sight.lines) if is_frontal(state.facing) else ()
        readings, outputs = _read_camera(params, model, state, sight, lines, there, now_rad)
    bent = len(readings) > 1 + bool(lines)
    turned_rad = turned_since_zero_rad(params, state)
    readings += [
        read_up(layout, state.mean, there, i, up, turned_rad)
        for i, up in enumerate(ups)
        if up is not None
    ]
    if model is params.model:
        readings += _known_without_sensors(params, state, there, now_rad)
    assert state.time_s is not None
    if not readings:
        return replace(state, going=going(params, state, sight, ups, there)), (), None
    whole = weighed(state.covariance, joined(*readings))
    outlying = outliers(whole, outputs, since_s=state.time_s - state.landmarks_s)
    if model is params.model:
        state = replace(state, going=going(params, state, sight, ups, there, outlying))
    used = np.ones(len(whole.spread), dtype=bool)
    if outlying:
        used[: len(outputs)] = ~np.isin(owners(outputs), outlying)
    compared = Compared(
        whole,
        used,
        there,
        outputs,
        bent,
        tuple(line.line for line in lines),
        tuple(i for i, up in enumerate(ups) if up is not None),
    )
    if outlying:
        whole = whole.part(used)
    if used[: len(outputs)].any():
        state = replace(state, landmarks_s=state.time_s)
    rejections = tuple(
        Rejection(state.time_s or 0.0, "camera", RejectionReason.OUTLIER, name_of(j))
        for j in outlying
    )
    if not len(whole.spread):
        return state, rejections, compared
    considered = layout.considered_from(state.facing)
    return corrected(state, whole, considered=considered), rejections, compared


def _seen_again(params: Params, state: State, sight: CameraLook) -> State:
    """The state before landmarks are read that come after a gap."""
    unseen_s, moved = unseen_before(params, state, sight)
    if unseen_s <= LONGEST_S:
        return state
    return caught_up(params, state, unseen_s=unseen_s, moved=moved)


def _read_camera(
    params: Params,
    model: Model,
    state: State,
    seen: CameraLook,
    lines: tuple[LineReading, ...],
    there: Expected,
    now_rad: np.ndarray,
) -> tuple[list[Reading], np.ndarray]:
    """What a frame with points says: landmarks first, with the output of each of their rows; then
    the trunk's bend and the lines."""
    assert seen.points is not None
    layout, view, mean = model.layout, state.facing, state.mean
    landmarks = read_landmarks(
        model,
        params.lens,
        mean,
        there,
        seen.points,
        view=view,
        zero_places_m=params.zero_places_m,
        px_per_m=_px_per_m(params, state),
    )
    readings = [landmarks.reading]
    if is_frontal(view):
        if seen.length_ratio is not None:
            readings.append(
                read_bend(
                    layout,
                    params.posture,
                    now_rad,
                    mean,
                    state.covariance,
                    seen.length_ratio,
                    view=view,
                    dt_s=state.step_s,
                )
            )
        if lines:
            errors, lens = landmarks.errors, params.lens
            readings.append(
                read_lines(layout, lens, now_rad, mean, lines, view=view, errors=errors)
            )
    return readings, landmarks.outputs


def _known_without_sensors(
    params: Params, state: State, there: Expected, now_rad: np.ndarray
) -> list[Reading]:
    """Contacts once the start posture is taken, and the ends of joint ranges."""
    channels, t_s = params.model.layout.channels, state.time_s
    assert t_s is not None, "nothing is read before time has begun"
    lately = shown(channels, t_s=t_s, fused_s=state.fused_s)
    size, dt_s = len(state.mean), state.step_s
    found = [read_limits(params.posture, now_rad, size, shown=lately, dt_s=dt_s)]
    if state.zero.done or params.zero_s is None:
        found.append(
            read_contacts(resting_of(params, state), state.mean, state.covariance, there, dt_s=dt_s)
        )
    return [reading for reading in found if reading is not None]


def _px_per_m(params: Params, state: State) -> float:
    """At the person, by the length of the trunk in the image."""
    trunk_px = state.camera.trunk_px
    assert params.camera is not None and trunk_px is not None, "landmarks are read of a trunk"
    return trunk_px / params.camera.trunk_m


def _image_scale_m(params: Params, state: State) -> float:
    """Distance that makes metres of image points, see `projection.seen`."""
    layout = params.model.layout
    if layout.channels.camera is None:
        return 1.0
    focal = layout.view(projection.FOCAL)
    return float(np.exp(state.mean[layout.root + 2] - state.mean[focal]))
