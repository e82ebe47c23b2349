"""How far lifted arms carry the shoulders up, and so tilt the shoulder line in the chest.

Lifting an arm turns collar bone and shoulder blade up with it, so the shoulder rises in the chest.
With one arm over the head the line between the shoulders leans more than the chest does. How far
an arm is lifted follows from how far the upper arm reaches up along the trunk in the image, so it
may be lifted to the side or to the front alike.
"""

from math import acos, hypot, pi, radians

from msgspec.structs import replace

from lengthwise.body.camera_geometry import HIPS, SHOULDERS, Landmarks, LineReading, Scale
from lengthwise.body.channels import Line
from lengthwise.contracts.observation import LANDMARK_INDEX
from lengthwise.reference.constants import constant

_ELBOWS = LANDMARK_INDEX["left_elbow"], LANDMARK_INDEX["right_elbow"]
_NEEDED = (*SHOULDERS, *HIPS, *_ELBOWS)
_TRUNK_AT, _SHOULDERS_AT = (list(Line).index(line) for line in (Line.TRUNK, Line.SHOULDERS))
_VISIBILITY_MIN = constant("body", "visibility_min")
_ARM_OF_TRUNK = constant("body", "upper_arm_of_trunk_line")
_RISE_M = constant("body", "shoulder_rise_m")
_FROM_RAD = radians(constant("body", "shoulder_rise_from_deg"))


def without_lift(
    lines: tuple[LineReading, ...], points: Landmarks, scale: Scale
) -> tuple[LineReading, ...]:
    """The lines with the shoulder line inclined as if both arms hung."""
    shoulders = lines[_SHOULDERS_AT]
    if shoulders.angle_rad is None:
        return lines
    level = replace(shoulders, angle_rad=shoulders.angle_rad - line_lift_rad(points, scale))
    return tuple(level if line is shoulders else line for line in lines)


def line_lift_rad(points: Landmarks, scale: Scale) -> float:
    """Roll of the shoulder line in the chest, + to the right: the left shoulder is higher.

    0 where shoulders, hips or elbows are not seen: whether an arm is lifted is then not known.
    """
    if not all(points.usable[i] and points.visibility[i] >= _VISIBILITY_MIN for i in _NEEDED):
        return 0.0
    xy = points.xy_px
    down = (xy[HIPS[0]] + xy[HIPS[1]] - xy[SHOULDERS[0]] - xy[SHOULDERS[1]]).tolist()
    arm_px = _ARM_OF_TRUNK * scale.line_m[_TRUNK_AT] * scale.px_per_m
    length_px2 = max(hypot(*down), 1.0) * arm_px
    rises_m = []
    for shoulder, elbow in zip(SHOULDERS, _ELBOWS, strict=True):
        x, y = (xy[elbow] - xy[shoulder]).tolist()
        hanging = (x * down[0] + y * down[1]) / length_px2
        rises_m.append(shoulder_rise_m(acos(max(-1.0, min(1.0, hanging)))))
    left_m, right_m = rises_m
    return (left_m - right_m) / scale.line_m[_SHOULDERS_AT]


def shoulder_rise_m(lift_rad: float) -> float:
    """Rise of a shoulder in the chest with its arm lifted, from 0 hanging to pi straight up."""
    return _RISE_M * max(lift_rad - _FROM_RAD, 0.0) / (pi - _FROM_RAD)
