"""Which side of the person the camera sees, frame by frame, with patience.

The plane follows from how wide shoulders and hips look against the length of the trunk: frontal,
sagittal, or oblique, where nothing is read. Front and back differ in which shoulder is on which
side of the image; left and right in where nose and toes point and which side of the body the pose
model puts nearer. A declared view is believed from the start; any view gives way to another one
that lasts long enough, as when a person turns round for the other side.
"""

from math import hypot

from msgspec import Struct

from lengthwise.body.camera_geometry import (
    ANKLES,
    HEELS,
    HIPS,
    KNEES,
    SHOULDERS,
    TOES,
    TORSO_AT,
    Landmarks,
    nominal_width_ratios,
)
from lengthwise.contracts.observation import LANDMARK_INDEX, View
from lengthwise.reference.constants import constant

_FRONTAL_ENTER = constant("body", "frontal_width_enter")
_FRONTAL_LEAVE = constant("body", "frontal_width_leave")
_SAGITTAL_ENTER = constant("body", "sagittal_width_enter")
_SAGITTAL_LEAVE = constant("body", "sagittal_width_leave")
_FIRST_DWELL_S = constant("body", "view_first_dwell_s")
_CHANGE_DWELL_S = constant("body", "view_change_dwell_s")
_SHOULDER_RATIO, _HIP_RATIO = nominal_width_ratios()
_FRONTAL = (View.FRONT, View.BACK)
_SAGITTAL = (View.LEFT, View.RIGHT)
_LEAST_EVIDENCE = 0.3
_NOSE = LANDMARK_INDEX["nose"]
_EARS = (LANDMARK_INDEX["left_ear"], LANDMARK_INDEX["right_ear"])


class ViewMemory(Struct, frozen=True):
    """`view` believed now; `rival` another one seen since `rival_since_s`."""

    view: View
    rival: View = View.UNKNOWN
    rival_since_s: float = 0.0


def width_ratio(points: Landmarks, trunk_px: float) -> float:
    """Mean of shoulder and hip width over their frontal expectation: 1 frontal, 0 sagittal."""
    left, right, hip_l, hip_r = points.xy_px[TORSO_AT].tolist()
    shoulders_px = hypot(left[0] - right[0], left[1] - right[1])
    hips_px = hypot(hip_l[0] - hip_r[0], hip_l[1] - hip_r[1])
    return 0.5 * (shoulders_px / _SHOULDER_RATIO + hips_px / _HIP_RATIO) / trunk_px


def _frontal_side(points: Landmarks) -> View:
    xy = points.xy_px
    left_of_right = sum(xy[pair[0], 0] - xy[pair[1], 0] for pair in (SHOULDERS, HIPS))
    return View.FRONT if left_of_right > 0.0 else View.BACK


def _clipped(value: float) -> float:
    return max(-1.0, min(1.0, value))


def _sagittal_side(points: Landmarks, trunk_px: float) -> View:
    """From nose, toes and depth order; UNKNOWN where they say too little."""
    xy = [(x, -y) for x, y in points.xy_px.tolist()]
    usable, z = points.usable.tolist(), points.z_px.tolist()
    trunk = _half_sum(xy, SHOULDERS, HIPS)
    evidence = 0.0
    if usable[_NOSE] and usable[_EARS[0]] and usable[_EARS[1]]:
        # Seen from the right, the front of a segment is its upward axis turned clockwise.
        ahead = _half_sum(xy, (_NOSE, _NOSE), _EARS)
        evidence += _clipped(_clockwise(trunk, ahead) / (0.15 * trunk_px * trunk_px))
    for knee, ankle, heel, toe in zip(KNEES, ANKLES, HEELS, TOES, strict=True):
        if usable[knee] and usable[ankle] and usable[heel] and usable[toe]:
            shank, foot = _from(xy, ankle, knee), _from(xy, heel, toe)
            shank_px = max(hypot(*shank), 1.0)
            evidence += 0.5 * _clipped(_clockwise(shank, foot) / (0.25 * trunk_px * shank_px))
    nearer_right = sum(z[left] - z[right] for left, right in (SHOULDERS, HIPS))
    evidence += _clipped(nearer_right / (0.6 * trunk_px))
    if abs(evidence) < _LEAST_EVIDENCE:
        return View.UNKNOWN
    return View.RIGHT if evidence > 0.0 else View.LEFT


_Direction = tuple[float, float]


def _from(xy: list[_Direction], start: int, end: int) -> _Direction:
    return xy[end][0] - xy[start][0], xy[end][1] - xy[start][1]


def _half_sum(xy: list[_Direction], ends: tuple[int, int], starts: tuple[int, int]) -> _Direction:
    """From the middle of one pair to the middle of another."""
    first, second = _from(xy, starts[0], ends[0]), _from(xy, starts[1], ends[1])
    return 0.5 * (first[0] + second[0]), 0.5 * (first[1] + second[1])


def _clockwise(axis: _Direction, direction: _Direction) -> float:
    return axis[1] * direction[0] - axis[0] * direction[1]


def seen_view(points: Landmarks, trunk_px: float, width: float, current: View) -> View:
    """What this frame alone shows, with hysteresis about the current plane. UNKNOWN: oblique.

    `width` as from `width_ratio`.
    """
    if width > (_FRONTAL_LEAVE if current in _FRONTAL else _FRONTAL_ENTER):
        return _frontal_side(points)
    if width < (_SAGITTAL_LEAVE if current in _SAGITTAL else _SAGITTAL_ENTER):
        return _sagittal_side(points, trunk_px)
    return View.UNKNOWN


def follow_view(
    memory: ViewMemory, seen: View, width: float, t_s: float
) -> tuple[ViewMemory, View]:
    """The memory after one frame, and the view to read this frame with (UNKNOWN: not to be read).

    `width` is the ratio of this frame: a sagittal frame that does not say left or right is read
    with the side believed.
    """
    current = memory.view
    if seen is View.UNKNOWN and current in _SAGITTAL and width < _SAGITTAL_LEAVE:
        return ViewMemory(current), current
    if seen in (View.UNKNOWN, current):
        return ViewMemory(current), seen
    since = memory.rival_since_s if memory.rival is seen else t_s
    dwell = _FIRST_DWELL_S if current is View.UNKNOWN else _CHANGE_DWELL_S
    if t_s - since >= dwell:
        return ViewMemory(seen), seen
    return ViewMemory(current, seen, since), View.UNKNOWN
