"""The estimate corrected by all that was seen since the last frame or tick, in one update."""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body import imu_estimate, projection
from lengthwise.body.bounds import read_contacts, read_limits
from lengthwise.body.camera_estimate import CameraLook
from lengthwise.body.camera_geometry import LineReading
from lengthwise.body.channels import Line
from lengthwise.body.fusion import Expected, Reading, Weighed, expected, joined, weighed
from lengthwise.body.landmark_reading import (
    error_ratios,
    read_landmarks,
    usable_readings,
    without_heights,
)
from lengthwise.body.line_reading import frontal_lines, read_lines
from lengthwise.body.process import LINES
from lengthwise.body.session import Params
from lengthwise.body.session_state import State, corrected
from lengthwise.body.up_reading import read_up
from lengthwise.body.zero_pose import Glance
from lengthwise.body.zeroing import zeroed
from lengthwise.contracts.observation import Rejection, RejectionReason, View
from lengthwise.contracts.states import Unseen


class Compared(Struct, frozen=True, eq=False):
    """What an update compared, for whoever asks how the filter does; nothing follows from it.

    `whole` all readings, in this order: landmarks (26, where `landmarks`), `lines`, three of each
    of `ups` (by place among the sensors), joint limits, contacts; `used` (k,) which of them were
    fused; `there` what was expected.
    """

    whole: Weighed
    used: np.ndarray
    there: Expected
    landmarks: bool
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
    state, rejections, compared = _updated(params, state, seen, seen_ups)
    return zeroed(params, state, Glance(state.time_s or 0.0, lines, ups)), rejections, compared


def _updated(
    params: Params, state: State, seen: CameraLook | None, ups: list[np.ndarray | None]
) -> tuple[State, tuple[Rejection, ...], Compared | None]:
    """The filter after one joint update; landmarks that cannot belong to the body are left out."""
    lines: tuple[LineReading, ...] = ()
    points = None
    if seen is not None and state.facing is not View.UNKNOWN and seen.points is not None:
        points, lines = seen.points, frontal_lines(seen.lines)
    pairs = tuple(LINES.index(line.line) for line in lines)
    if points is None and all(up is None for up in ups):
        return state, (), None
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
            ratios = error_ratios(points, state.facing)
            readings.append(
                read_lines(layout, params.start_rad, state.mean, lines, state.facing, ratios)
            )
    readings += [
        read_up(layout, state.mean, there, i, up) for i, up in enumerate(ups) if up is not None
    ]
    readings += _known_without_sensors(params, state, there)
    whole = weighed(state.covariance, joined(*readings))
    kept = np.ones(len(whole.spread), dtype=bool)
    compared = Compared(
        whole,
        kept,
        there,
        points is not None,
        tuple(line.line for line in lines),
        tuple(i for i, up in enumerate(ups) if up is not None),
    )
    if points is not None:
        since_s = state.time_s - state.landmarks_s
        clear, outliers = usable_readings(whole, points, since_s=since_s, pairs=pairs)
        rejections = tuple(
            Rejection(state.time_s, "camera", RejectionReason.OUTLIER, name) for name in outliers
        )
        kept[: len(clear)] = clear
        whole = whole.part(kept)
        if clear.any():
            state = replace(state, landmarks_s=state.time_s)
    if not len(whole.spread):
        return state, rejections, compared
    return corrected(state, whole, considered=layout.considered), rejections, compared


def _known_without_sensors(params: Params, state: State, there: Expected) -> list[Reading]:
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
