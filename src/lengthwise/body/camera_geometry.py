"""Inclinations of lines between landmarks, in the plane of the image, and their white noise.

Image axes: x right, y down; the person's axes in the image: up is -y; in a view of the left side
the front is -x, of the right side +x; seen from the front the person's right is -x, from the back
+x. Pitch + top to the front, roll + top to the right, as in `kinematic_chain`. A mirrored image is
turned back first: x becomes width - x, and left and right labels are exchanged, since a pose model
names the limbs of a mirrored person by how they look.
"""

from collections.abc import Mapping
from math import acos, atan2, hypot, pi, radians, sin, sqrt
from types import MappingProxyType

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from lengthwise.body.channels import Line
from lengthwise.contracts.observation import LANDMARK_INDEX, LANDMARKS, View
from lengthwise.contracts.states import Unseen
from lengthwise.reference.constants import constant


def _point(name: str) -> int:
    return LANDMARK_INDEX[name]


def _sides(part: str) -> tuple[int, int]:
    return _point(f"left_{part}"), _point(f"right_{part}")


SHOULDERS, HIPS, KNEES = _sides("shoulder"), _sides("hip"), _sides("knee")
ANKLES, HEELS, TOES = _sides("ankle"), _sides("heel"), _sides("foot_index")
TORSO = (*SHOULDERS, *HIPS)
LEGS = (*KNEES, *ANKLES, *HEELS, *TOES)
TORSO_AT, LEGS_AT, USED_AT = np.array(TORSO), np.array(LEGS), np.array((*TORSO, *LEGS))
"""Places of the landmarks that the estimate rests on."""


def _exchange() -> np.ndarray:
    """(33,) place of the landmark that takes each one's role when left and right are exchanged."""
    swapped = {"left": "right", "right": "left"}
    return np.array(
        [
            _point("_".join(swapped.get(word, word) for word in name.split("_")))
            for name in LANDMARKS
        ]
    )


EXCHANGED = _exchange()


class Landmarks(Struct, frozen=True, eq=False):
    """Landmarks of a person as seen unmirrored; shapes and units as in LandmarkFrame.

    `white_ratio`: how many times as much as usual they tremble, 1 and more (`shaking`).
    """

    xy_px: np.ndarray
    z_px: np.ndarray
    visibility: np.ndarray
    usable: np.ndarray
    white_ratio: float = 1.0


def exchange_sides(points: Landmarks, places: np.ndarray | None = None) -> Landmarks:
    """Left and right exchanged, everywhere or at some landmarks only."""
    order = np.arange(len(LANDMARKS))
    chosen = order if places is None else places
    order[chosen] = EXCHANGED[chosen]
    return Landmarks(
        points.xy_px[order], points.z_px[order], points.visibility[order], points.usable[order]
    )


def turned(points: Landmarks, quarters: int, *, width_px: int, height_px: int) -> Landmarks:
    """The landmarks of an image turned about its middle by right angles, + against the clock."""
    if quarters % 4 == 0:
        return points
    middle = np.array([0.5 * width_px, 0.5 * height_px])
    x, y = (points.xy_px - middle).T
    for _ in range(quarters % 4):
        x, y = y, -x
    xy_px = np.stack([x, y], axis=1) + middle
    return Landmarks(xy_px, points.z_px, points.visibility, points.usable)


def without_points(points: Landmarks, places: list[int]) -> Landmarks:
    """The same with some landmarks not to be used."""
    usable = points.usable.copy()
    usable[places] = False
    return replace(points, usable=usable)


def unmirrored(points: Landmarks, *, image_width_px: int) -> Landmarks:
    """The person as an unmirrored camera would have seen them."""
    flipped = points.xy_px * np.array([-1.0, 1.0]) + np.array([float(image_width_px), 0.0])
    return exchange_sides(Landmarks(flipped, points.z_px, points.visibility, points.usable))


_VISIBILITY_MIN = constant("body", "visibility_min")
_ACROSS_VISIBILITY_MIN = constant("body", "across_visibility_min")
_WHITE_M = constant("body", "landmark_white_m")
_WHITE_FLOOR_PX = constant("body", "landmark_white_floor_px")
_SHORTEST = constant("body", "shortest_line_ratio")
_SHORTEST_FACING = constant("body", "shortest_facing_shoulder_line_ratio")
_FACING = sin(radians(constant("body", "facing_most_deg")))
_SHOULDER_GAIN = constant("body", "image_depth_gain_shoulders")
_SHORTEST_THIGH = constant("body", "shortest_frontal_thigh_ratio")
_TRUNK_OF_STATURE = constant("body", "trunk_line_of_stature")
_SHORTEST_SHOULDERS = constant("body", "shortest_shoulder_line_ratio")
_LONGEST = constant("body", "longest_line_ratio")
_LONGEST_LEARNT = constant("body", "longest_learnt_line_ratio")
_LONGEST_FOOT = constant("body", "longest_foot_ratio")
_OFF_PLANE = constant("body", "off_plane_noise_ratio")

_ENDS: dict[Line, tuple[tuple[int, ...], tuple[int, ...]]] = {
    Line.SHOULDERS: ((SHOULDERS[0],), (SHOULDERS[1],)),
    Line.HIPS: ((HIPS[0],), (HIPS[1],)),
    Line.FRONTAL_THIGH_L: ((HIPS[0],), (KNEES[0],)),
    Line.FRONTAL_THIGH_R: ((HIPS[1],), (KNEES[1],)),
    Line.TRUNK: (SHOULDERS, HIPS),
    Line.THIGH_L: ((HIPS[0],), (KNEES[0],)),
    Line.THIGH_R: ((HIPS[1],), (KNEES[1],)),
    Line.SHANK_L: ((KNEES[0],), (ANKLES[0],)),
    Line.SHANK_R: ((KNEES[1],), (ANKLES[1],)),
    Line.FOOT_L: ((TOES[0],), (HEELS[0],)),
    Line.FOOT_R: ((TOES[1],), (HEELS[1],)),
}
"""Each line from its second to its first end: left from right, upper from lower, toe from heel."""

_ACROSS = (Line.SHOULDERS, Line.HIPS)
_FEET = (Line.FOOT_L, Line.FOOT_R)
FRONTAL_LINES = (Line.SHOULDERS, Line.HIPS, Line.FRONTAL_THIGH_L, Line.FRONTAL_THIGH_R)
SAGITTAL_LINES = tuple(line for line in Line if line not in FRONTAL_LINES)
_EXPECTED_M = {
    line: constant("body", f"{name}_m")
    for line, name in (
        (Line.SHOULDERS, "shoulder_line"),
        (Line.HIPS, "hip_line"),
        (Line.FRONTAL_THIGH_L, "thigh"),
        (Line.FRONTAL_THIGH_R, "thigh"),
        (Line.TRUNK, "trunk_line"),
        (Line.THIGH_L, "thigh"),
        (Line.THIGH_R, "thigh"),
        (Line.SHANK_L, "shank"),
        (Line.SHANK_R, "shank"),
        (Line.FOOT_L, "foot"),
        (Line.FOOT_R, "foot"),
    )
}
_TRUNK_M = constant("body", "trunk_line_m")
_SHORTEST_RATIO = {
    Line.SHOULDERS: _SHORTEST_SHOULDERS,
    Line.FRONTAL_THIGH_L: _SHORTEST_THIGH,
    Line.FRONTAL_THIGH_R: _SHORTEST_THIGH,
}
_ORDER = {line: i for i, line in enumerate(Line)}


def line_lengths_m(
    *,
    height_m: float | None = None,
    trunk_m: float | None = None,
    thigh_m: float | None = None,
    shank_m: float | None = None,
) -> dict[Line, float]:
    """Expected length of each line: measured where given, else in proportion to the body."""
    if trunk_m is None:
        trunk_m = _TRUNK_M if height_m is None else _TRUNK_OF_STATURE * height_m
    lengths = {line: expected * trunk_m / _TRUNK_M for line, expected in _EXPECTED_M.items()}
    for measured, lines in (
        (thigh_m, (Line.FRONTAL_THIGH_L, Line.FRONTAL_THIGH_R, Line.THIGH_L, Line.THIGH_R)),
        (shank_m, (Line.SHANK_L, Line.SHANK_R)),
    ):
        if measured is not None:
            lengths.update(dict.fromkeys(lines, measured))
    return lengths


class LineReading(Struct, frozen=True):
    """What one line shows. `angle_rad` None where it is not usable, then `unseen` says why.

    `row_px` of its middle in the image. `too_long`: longer than that segment can be, so a landmark
    sits on something else.
    """

    line: Line
    angle_rad: float | None = None
    white_sd_rad: float = 0.0
    unseen: Unseen = Unseen.CLAIMED
    too_long: bool = False
    row_px: float = 0.0


class Scale(Struct, frozen=True):
    """`px_per_m` of the body in the image; `noise_ratio` of the pose model; `line_m` per Line;
    `learnt_m` how long a line may look by how long this person's has been, where that is known."""

    px_per_m: float
    noise_ratio: float
    line_m: tuple[float, ...]
    learnt_m: Mapping[Line, float] = MappingProxyType({})

    def longest_px(self, line: Line) -> float:
        """A line that looks longer cannot be that segment."""
        expected_m = self.line_m[_ORDER[line]]
        if line in _FEET:
            return _LONGEST_FOOT * expected_m * self.px_per_m
        most_m = max(_LONGEST * expected_m, self.learnt_m.get(line, 0.0))
        return min(most_m, _LONGEST_LEARNT * expected_m) * self.px_per_m


def line_angle_rad(line: Line, across_px: float, up_px: float, view: View) -> float:
    """Pitch or roll of a line from its direction in the image."""
    front = -1.0 if view is View.LEFT else 1.0
    left = -1.0 if view is View.BACK else 1.0
    if line in _ACROSS:
        return atan2(up_px, left * across_px)
    if line in FRONTAL_LINES:
        return atan2(-left * across_px, up_px)
    if line in _FEET:
        return -atan2(up_px, front * across_px)
    return atan2(front * across_px, up_px)


class _Points(Struct, frozen=True, eq=False):
    """Landmarks as plain lists: many single look-ups are faster there. `inside`: in the image."""

    xy_px: list[list[float]]
    visibility: list[float]
    usable: list[bool]
    inside: list[bool]


def _middle(xy_px: list[list[float]], places: tuple[int, ...]) -> tuple[float, float]:
    """Middle of one or two landmarks."""
    x, y = xy_px[places[0]]
    if len(places) == 1:
        return x, y
    other_x, other_y = xy_px[places[1]]
    return 0.5 * (x + other_x), 0.5 * (y + other_y)


def _faces(points: Landmarks, scale: Scale) -> bool:
    """Whether image depth shows the shoulders turned away by less than `_FACING`: then they look
    narrow for another reason, such as narrow shoulders, or a person who has moved back to sit."""
    left, right = SHOULDERS
    behind_px = points.z_px[left] - points.z_px[right]
    if not (points.usable[left] and points.usable[right]) or behind_px == 0.0:
        return False
    across_px = scale.line_m[_ORDER[Line.SHOULDERS]] * scale.px_per_m
    return bool(abs(behind_px) / _SHOULDER_GAIN < _FACING * across_px)


def _read_line(
    line: Line, points: _Points, view: View, scale: Scale, *, facing: bool
) -> LineReading:
    first, second = _ENDS[line]
    ends = first + second
    if not all(points.usable[i] for i in ends):
        return LineReading(line, unseen=Unseen.OCCLUDED)
    if not all(points.inside[i] for i in ends):
        return LineReading(line, unseen=Unseen.OUT_OF_FRAME)
    # The trunk line rests on pairs: the better seen one of each is enough.
    visibility = min(max(points.visibility[i] for i in end) for end in (first, second))
    if visibility < (_ACROSS_VISIBILITY_MIN if line in _ACROSS else _VISIBILITY_MIN):
        return LineReading(line, unseen=Unseen.OCCLUDED)
    xy = points.xy_px
    (x, y), (from_x, from_y) = _middle(xy, first), _middle(xy, second)
    across, down = x - from_x, y - from_y
    length_px = hypot(across, down)
    expected_px = scale.line_m[_ORDER[line]] * scale.px_per_m
    if length_px > scale.longest_px(line):
        return LineReading(line, unseen=Unseen.OCCLUDED, too_long=True)
    shortest = _SHORTEST_RATIO.get(line, _SHORTEST)
    if facing and line is Line.SHOULDERS:
        shortest = _SHORTEST_FACING
    if length_px < shortest * expected_px:
        return LineReading(line, unseen=Unseen.VIEW)
    doubt = scale.noise_ratio * (1.0 + 1.5 * (1.0 - visibility))
    white_px = max(_WHITE_M * scale.px_per_m, _WHITE_FLOOR_PX) * doubt
    sd = sqrt(2.0 / len(first)) * white_px / length_px
    if line in _ACROSS:
        sd = hypot(sd, _OFF_PLANE * acos(min(1.0, length_px / expected_px)))
    angle_rad = line_angle_rad(line, across, -down, view)
    return LineReading(line, angle_rad, sd, row_px=0.5 * (y + from_y))


_SHOWN: dict[View, tuple[Line, ...]] = {
    View.FRONT: FRONTAL_LINES,
    View.BACK: FRONTAL_LINES,
    View.LEFT: SAGITTAL_LINES,
    View.RIGHT: SAGITTAL_LINES,
    View.UNKNOWN: (),
}


def read_lines(
    points: Landmarks, in_frame: np.ndarray, view: View, scale: Scale
) -> tuple[LineReading, ...]:
    """All lines that the view shows, in the order of Line; the others are not seen for the view.

    `in_frame` (33,): whether each landmark lies inside the image. Where the shoulders look too
    narrow the trunk is turned away, and the hip line would show the turn as an obliquity too.
    """
    listed = _Points(
        points.xy_px.tolist(),
        points.visibility.tolist(),
        points.usable.tolist(),
        in_frame.tolist(),
    )
    shown = _SHOWN[view]
    facing = _faces(points, scale)
    read = {line: _read_line(line, listed, view, scale, facing=facing) for line in shown}
    shoulders = read.get(Line.SHOULDERS)
    if shoulders is not None and shoulders.unseen is Unseen.VIEW:
        read[Line.HIPS] = LineReading(Line.HIPS, unseen=Unseen.VIEW)
    return tuple(read.get(line) or LineReading(line, unseen=Unseen.VIEW) for line in Line)


def trunk_length_px(points: Landmarks) -> float | None:
    """Length in the image from mid-hip to mid-shoulder; None where a torso point is missing."""
    if not points.usable[TORSO_AT].all():
        return None
    (left_x, left_y), (right_x, right_y), hip_l, hip_r = points.xy_px[TORSO_AT].tolist()
    return 0.5 * hypot(
        left_x + right_x - hip_l[0] - hip_r[0], left_y + right_y - hip_l[1] - hip_r[1]
    )


def torso_middle_px(points: Landmarks) -> tuple[float, float] | None:
    """Middle of the hips in the image; None where either was not reported."""
    if not points.usable[list(HIPS)].all():
        return None
    x, y = points.xy_px[list(HIPS)].mean(axis=0).tolist()
    return x, y


def nominal_width_ratios() -> tuple[float, float]:
    """Shoulder and hip width over trunk length in a frontal view."""
    return _EXPECTED_M[Line.SHOULDERS] / _TRUNK_M, _EXPECTED_M[Line.HIPS] / _TRUNK_M


def wrapped_rad(angle_rad: np.ndarray) -> np.ndarray:
    """The same angle in -pi..pi."""
    wrapped: np.ndarray = (angle_rad + pi) % (2.0 * pi) - pi
    return wrapped
