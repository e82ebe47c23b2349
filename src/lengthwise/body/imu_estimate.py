"""Inertial sensors between emissions: samples taken in, orientations advanced, axes set."""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body.gates import SampleMemory, imu_rejection
from lengthwise.body.imu_geometry import (
    Orientation,
    SegmentAxes,
    advance,
    segment_axes,
    up_in_segment,
)
from lengthwise.body.segment_ups import level_axis
from lengthwise.body.zero_pose import Up
from lengthwise.contracts.observation import (
    ImuSample,
    ImuStream,
    Rejection,
    RejectionReason,
)

_MOST_WAITING = 32
_ASTRAY = (RejectionReason.SATURATED, RejectionReason.FROZEN)
"""How the sensor turned meanwhile is not known: its orientation begins anew."""


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
        kept = replace(memory, last=last)
        if reason in _ASTRAY:
            kept = replace(kept, waiting=(), orientation=Orientation())
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
    stream: ImuStream, memory: ImuMemory, up: Up | None, up_segment: np.ndarray
) -> ImuMemory:
    """The memory with the segment's axes found from the zero pose, where they can be.

    `up_segment` (3,) up in the axes of the segment there.
    """
    level = level_axis(stream, up_segment)
    if up is None or level is None:
        return memory
    axes = segment_axes(up, *level, up_segment)
    return ImuMemory(memory.last, memory.waiting, memory.orientation, memory.read_s, axes)


def seen_up(memory: ImuMemory, up: Up) -> np.ndarray | None:
    """(3,) up in the axes of the segment, None before the zero pose."""
    return None if memory.axes is None else up_in_segment(memory.axes, up)
