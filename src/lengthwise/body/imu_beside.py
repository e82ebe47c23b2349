"""Up in a leg's sensor that came back, by the sensor beside its joint that was never gone.

A thigh has the hip in common with the pelvis, a shank the knee with the thigh (`imu_swing`). Levers
are those of a sensor in the middle of its segment, of the pelvis at the sacrum; how far they may be
off is in what is said. The trunk is not asked of a leg: a leg is less surely known than what the
trunk feels by itself.
"""

from math import radians, sqrt

import numpy as np

from lengthwise.body.imu_estimate import ImuMemory, is_sure
from lengthwise.body.imu_geometry import LARGEST_GAP_S, SegmentAxes, turned
from lengthwise.body.imu_swing import Side, shared_up
from lengthwise.body.zero_pose import Up
from lengthwise.contracts.observation import ImuStream, Segment
from lengthwise.reference.constants import constant

_ALONG_M = constant("body", "imu_joint_lever_m")
_ALONG_SD_M = constant("body", "imu_joint_lever_sd_m")
_HIP_FRONT_M = constant("body", "imu_joint_hip_front_m")
_HIP_ASIDE_M = constant("body", "imu_joint_hip_aside_m")
_HIP_BELOW_M = constant("body", "imu_joint_hip_below_m")
_KNOWN_RAD2 = 2.0 * (
    radians(constant("body", "imu_white_sd_deg")) ** 2
    + radians(constant("body", "imu_fast_sd_deg")) ** 2
)
"""Of a sensor's up that is told without reserve, both ways that it can be off together."""

BESIDE: dict[Segment, tuple[Segment, tuple[float, float, float]]] = {
    Segment.THIGH_L: (Segment.PELVIS, (_HIP_FRONT_M, _HIP_ASIDE_M, -_HIP_BELOW_M)),
    Segment.THIGH_R: (Segment.PELVIS, (_HIP_FRONT_M, -_HIP_ASIDE_M, -_HIP_BELOW_M)),
    Segment.SHANK_L: (Segment.THIGH_L, (0.0, 0.0, -_ALONG_M)),
    Segment.SHANK_R: (Segment.THIGH_R, (0.0, 0.0, -_ALONG_M)),
}
"""The segment that each has its upper joint in common with, and the joint from the sensor there
(m, front, left, up)."""
_UPPER_END = (0.0, 0.0, _ALONG_M)


def ups_beside(
    streams: tuple[ImuStream, ...], memories: tuple[ImuMemory, ...]
) -> tuple[tuple[Up, float] | None, ...]:
    """Of each sensor that is not sure of up: up in its axes by its neighbour, and the sd of its
    direction (rad, both ways that it can be off together); None where nothing can be said."""
    of = {stream.segment: memory for stream, memory in zip(streams, memories, strict=True)}
    found: list[tuple[Up, float] | None] = []
    for stream, memory in zip(streams, memories, strict=True):
        beside = BESIDE.get(stream.segment)
        neighbour = None if beside is None else of.get(beside[0])
        if beside is None or neighbour is None or is_sure(memory):
            found.append(None)
        else:
            found.append(up_beside(neighbour, memory, beside[1]))
    return tuple(found)


def up_beside(
    neighbour: ImuMemory, memory: ImuMemory, joint_m: tuple[float, float, float]
) -> tuple[Up, float] | None:
    """The same of one, whose upper joint is at `joint_m` (front, left, up) from its neighbour."""
    there, now = neighbour.orientation, memory.orientation
    if neighbour.axes is None or memory.axes is None or there.up is None:
        return None
    there_s, now_s = neighbour.heard_s, memory.heard_s
    if there_s is None or now_s is None or abs(there_s - now_s) > LARGEST_GAP_S:
        return None
    if not is_sure(neighbour):
        return None
    known = Side(there.swing, _in_sensor(neighbour.axes, joint_m), _ALONG_SD_M)
    sought = Side(now.swing, _in_sensor(memory.axes, _UPPER_END), _ALONG_SD_M)
    found = shared_up(known, sought, turned(there.carried, there.up))
    if found is None:
        return None
    up, by_joint_rad2 = found
    w, x, y, z = now.carried
    by_neighbour_rad2 = max(_KNOWN_RAD2, neighbour.missed_rad2)
    return turned((w, -x, -y, -z), up), sqrt(by_joint_rad2 + by_neighbour_rad2 + memory.missed_rad2)


def _in_sensor(axes: SegmentAxes, place_m: tuple[float, float, float]) -> np.ndarray:
    return np.asarray(np.array(place_m) @ np.array([axes.front, axes.left, axes.up]))
