"""Lying on the side: which side is down, and a frame that lies with the person.

The order of turns of the pelvis (rotation, obliquity, tilt) has no inverse where the obliquity is a
right angle. So of a person who lies on the side the surroundings lie too: x stays to the front, z
goes on to the head, and up is to one side. Angles of the pelvis are then those against that frame,
about zero: rotation rolls the body to the back or front, obliquity and side lean raise one end,
and tilt turns about the vertical. An image is turned by quarters until the head is at its top; then
everything that reads an upright person reads a lying one.

About the vertical gravity says nothing: that is now flexion of trunk and hips.
"""

from math import hypot, radians, sin, tan

import numpy as np
from msgspec import Struct

from lengthwise.body import projection
from lengthwise.body.camera_geometry import HIPS, KNEES, SHOULDERS, TORSO_AT, Landmarks
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.imu_geometry import AXIS_VECTOR, LARGEST_GAP_S, up_in_segment
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.observation import ImuStream
from lengthwise.reference.constants import constant

_LEAST_TURN_RAD = radians(constant("body", "side_lying_least_turn_deg"))
_KNEES_LEVEL = constant("body", "side_lying_knee_height_ratio")
_STACKED = constant("body", "side_lying_stacked_ratio")
_NEARER = constant("body", "side_lying_nearer_ratio")

_UP = {Side.LEFT: np.array([0.0, -1.0, 0.0]), Side.RIGHT: np.array([0.0, 1.0, 0.0])}


class Lying(Struct, frozen=True):
    """`down`: the side on the floor. `quarters`: by how many right angles an image is turned, +
    against the clock, for the head to be at its top; None where it has not been seen."""

    down: Side
    quarters: int | None = None


def upwards(lying: Lying | None) -> np.ndarray:
    """(3,) up in the frame of the surroundings; None: not on the side."""
    return projection.UPRIGHT if lying is None else _UP[lying.down]


def head_quarters(points: Landmarks) -> int | None:
    """The quarters that bring the head to the top best; None where the torso is not seen."""
    trunk = _trunk(points)
    if trunk is None:
        return None
    across, down = trunk
    if abs(across) > abs(down):
        return 1 if across > 0.0 else -1
    return 0 if down < 0.0 else 2


def looks_lying(points: Landmarks) -> tuple[Side | None, int] | None:
    """Which side seems down, and the quarters of the image; None where nobody seems to lie there.

    Trunk and thighs are level in the image. The lower shoulder and hip are down; where both are at
    one height the camera stands above, and the farther ones are.
    """
    trunk = _trunk(points)
    if trunk is None or not points.usable[list(KNEES)].all():
        return None
    across, down = trunk
    length_px = hypot(across, down)
    knees = points.xy_px[list(KNEES), 1].mean() - points.xy_px[list(HIPS), 1].mean()
    level = abs(across) >= tan(_LEAST_TURN_RAD) * abs(down)
    if not level or abs(knees) > _KNEES_LEVEL * length_px:
        return None
    quarters = 1 if across > 0.0 else -1
    lower, farther = 0.0, 0.0
    for left, right in (SHOULDERS, HIPS):
        lower += float(points.xy_px[left, 1] - points.xy_px[right, 1])
        farther += float(points.z_px[left] - points.z_px[right])
    if abs(lower) >= _STACKED * length_px:
        return (Side.LEFT if lower > 0.0 else Side.RIGHT), quarters
    if abs(farther) >= _NEARER * length_px:
        return (Side.LEFT if farther > 0.0 else Side.RIGHT), quarters
    return None, quarters


def _trunk(points: Landmarks) -> tuple[float, float] | None:
    """From mid-hip to mid-shoulder in the image, right and down; None where not seen."""
    if not points.usable[TORSO_AT].all():
        return None
    upper, lower = (points.xy_px[list(pair)].mean(axis=0) for pair in (SHOULDERS, HIPS))
    across, down = (upper - lower).tolist()
    return (across, down) if across or down else None


def feels_lying(stream: ImuStream, memory: ImuMemory, *, t_s: float) -> Side | None:
    """The side that is down by one sensor; None where it lies on neither or cannot tell, or has
    not been heard of late.

    Before its axes are set the two stated ones must do.
    """
    up = memory.orientation.up
    heard_s = memory.heard_s
    if up is None or heard_s is None or t_s - heard_s > LARGEST_GAP_S:
        return None
    if memory.axes is not None:
        left = float(up_in_segment(memory.axes, up)[1])
    elif stream.forward_axis is not None and stream.up_axis is not None:
        upright, front = AXIS_VECTOR[stream.up_axis], AXIS_VECTOR[stream.forward_axis]
        left = float(np.cross(upright, front) @ up)
    else:
        return None
    if abs(left) < sin(_LEAST_TURN_RAD):
        return None
    return Side.LEFT if left < 0.0 else Side.RIGHT
