"""Inertial sensors between emissions: samples taken in, orientations advanced, axes set."""

from math import radians

import numpy as np
from msgspec import Struct

from lengthwise.body.gates import SampleMemory, imu_rejection
from lengthwise.body.imu_geometry import (
    Orientation,
    SegmentAxes,
    advance,
    pitch_roll_rad,
    segment_axes,
)
from lengthwise.body.kinematic_chain import (
    LINK_OF,
    ROLL_WEIGHTS,
    pitch_of_posture_rad,
    roll_of_posture_rad,
)
from lengthwise.body.zero_pose import Up
from lengthwise.contracts.observation import ImuSample, ImuStream, Rejection
from lengthwise.reference.constants import constant

_MOST_WAITING = 32
_LARGEST_PITCH_RAD = radians(constant("body", "zero_largest_pitch_deg"))


class ImuMemory(Struct, frozen=True):
    """One sensor. `waiting`: samples not yet in the orientation; `axes`: set by the zero pose."""

    last: SampleMemory = SampleMemory()
    waiting: tuple[ImuSample, ...] = ()
    orientation: Orientation = Orientation()
    read_s: float | None = None
    axes: SegmentAxes | None = None


def take(
    stream: ImuStream, memory: ImuMemory, sample: ImuSample, filter_s: float | None
) -> tuple[ImuMemory, Rejection | None]:
    """The memory after one sample. `filter_s`: time up to which the filter has been emitted."""
    last, reason = imu_rejection(memory.last, sample, filter_s)
    if reason is not None:
        kept = ImuMemory(last, memory.waiting, memory.orientation, memory.read_s, memory.axes)
        return kept, Rejection(sample.t_s, f"imu:{stream.segment.value}", reason)
    taken = ImuMemory(
        last, (*memory.waiting, sample), memory.orientation, memory.read_s, memory.axes
    )
    if len(taken.waiting) >= _MOST_WAITING:
        taken = settle(stream, taken)
    return taken, None


def settle(stream: ImuStream, memory: ImuMemory) -> ImuMemory:
    """The waiting samples worked into the orientation."""
    if not memory.waiting:
        return memory
    return ImuMemory(
        memory.last,
        (),
        advance(stream, memory.orientation, memory.waiting),
        memory.read_s,
        memory.axes,
    )


def fresh_up(memory: ImuMemory) -> Up | None:
    """Up in sensor axes if it has not been read before."""
    orientation = memory.orientation
    if orientation.t_s is None or orientation.t_s == memory.read_s:
        return None
    return orientation.up


def mark_read(memory: ImuMemory) -> ImuMemory:
    return ImuMemory(
        memory.last, memory.waiting, memory.orientation, memory.orientation.t_s, memory.axes
    )


def set_axes(
    stream: ImuStream, memory: ImuMemory, up: Up | None, coordinates_rad: np.ndarray
) -> ImuMemory:
    """The memory with the segment's axes found from the zero pose, where they can be."""
    if up is None or stream.forward_axis is None:
        return memory
    link = LINK_OF[stream.segment]
    pitch = pitch_of_posture_rad(link, coordinates_rad)
    if abs(pitch) > _LARGEST_PITCH_RAD:
        return memory
    roll = roll_of_posture_rad(link, coordinates_rad) if link in ROLL_WEIGHTS else 0.0
    axes = segment_axes(up, stream.forward_axis, pitch_rad=pitch, roll_rad=roll)
    return ImuMemory(memory.last, memory.waiting, memory.orientation, memory.read_s, axes)


def inclination_rad(memory: ImuMemory, up: Up) -> tuple[float, float] | None:
    """Pitch and roll of the segment, None before the zero pose."""
    return None if memory.axes is None else pitch_roll_rad(memory.axes, up)
