"""Up in the axes of every segment in a declared posture, and whether a worn sensor can be in it."""

from math import acos, asin, radians, sin

import numpy as np

from lengthwise.body import projection
from lengthwise.body.imu_geometry import AXIS_VECTOR
from lengthwise.body.kinematic_chain import joints_of
from lengthwise.contracts.observation import Axis, ImuStream, Segment
from lengthwise.reference.constants import constant

_WORN_WITHIN_RAD = radians(constant("body", "zero_worn_within_deg"))
_STEEPEST = sin(radians(constant("body", "zero_largest_pitch_deg")))
"""Of a stated axis that may still say how a sensor is turned about the vertical."""

UP_OF = {segment: i for i, segment in enumerate(Segment)}
"""Place of each segment among the ups of `projection`."""


def ups_of(coordinates_rad: np.ndarray, up: np.ndarray = projection.UPRIGHT) -> np.ndarray:
    """(7, 3) up in the axes of every segment in a posture given by its 21 coordinates; `up` (3,)
    see `projection`."""
    row = np.zeros((1, projection.INPUTS))
    row[0, : projection.JOINT_COUNT] = joints_of(coordinates_rad)
    ups = projection.seen(row, np.ones(10), 1.0, up)[0, projection.UPS_AT : projection.PLACES_AT]
    return np.asarray(ups.reshape(-1, 3))


def level_axis(stream: ImuStream, up_segment: np.ndarray) -> tuple[Axis, Axis] | None:
    """A stated axis of the sensor that is level enough where up in the segment is `up_segment`
    (3,), and the axis of the segment that it is; None where there is none."""
    if stream.forward_axis is not None and abs(up_segment[0]) <= _STEEPEST:
        return stream.forward_axis, Axis.X
    if stream.up_axis is not None and abs(up_segment[2]) <= _STEEPEST:
        return stream.up_axis, Axis.Z
    return None


def worn_like(stream: ImuStream, up: tuple[float, float, float], up_segment: np.ndarray) -> bool:
    """Whether a sensor that reads `up` can be on a segment in which up is `up_segment` (3,).

    With both axes stated the whole direction is compared, else as far as the one tells.
    """
    if stream.forward_axis is not None and stream.up_axis is not None:
        front, upright = (
            np.array(AXIS_VECTOR[axis]) for axis in (stream.forward_axis, stream.up_axis)
        )
        expected = np.stack([front, np.cross(upright, front), upright]).T @ up_segment
        return _angle_rad(float(expected @ up)) <= _WORN_WITHIN_RAD
    if stream.forward_axis is not None:
        steep = abs(up_segment[0]) > _STEEPEST
        forward = float(np.dot(AXIS_VECTOR[stream.forward_axis], up))
        pitch_rad = asin(max(-1.0, min(1.0, forward))) - asin(max(-1.0, min(1.0, up_segment[0])))
        return steep or abs(pitch_rad) <= _WORN_WITHIN_RAD
    if stream.up_axis is not None:
        upward = _angle_rad(float(np.dot(AXIS_VECTOR[stream.up_axis], up)))
        return abs(upward - _angle_rad(float(up_segment[2]))) <= _WORN_WITHIN_RAD
    return True


def _angle_rad(cosine: float) -> float:
    return acos(max(-1.0, min(1.0, cosine)))
