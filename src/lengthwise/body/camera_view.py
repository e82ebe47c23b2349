"""Which side of the person the camera sees, frame by frame, with patience.

The plane follows from how wide shoulders and hips look against the length of the trunk: frontal,
sagittal, or oblique, where nothing is read. Front and back differ in which shoulder is on which
side of the image; left and right in where nose and toes point and which side of the body the pose
model puts nearer. A declared view is believed from the start; any view gives way to another one
that lasts long enough, as when a person turns round for the other side.
"""

from math import hypot

import numpy as np
from msgspec import Struct

from lengthwise.body.camera_geometry import (
    ANKLES,
    HEELS,
    HIPS,
    KNEES,
    SHOULDERS,
    TOES,
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
    xy = points.xy_px

    def length(pair: tuple[int, int]) -> float:
        return float(hypot(*(xy[pair[0]] - xy[pair[1]])))

    return 0.5 * (
        length(SHOULDERS) / (_SHOULDER_RATIO * trunk_px) + length(HIPS) / (_HIP_RATIO * trunk_px)
    )


def _frontal_side(points: Landmarks) -> View:
    xy = points.xy_px
    left_of_right = sum(xy[pair[0], 0] - xy[pair[1], 0] for pair in (SHOULDERS, HIPS))
    return View.FRONT if left_of_right > 0.0 else View.BACK


def _clipped(value: float) -> float:
    return max(-1.0, min(1.0, value))


def _sagittal_side(points: Landmarks, trunk_px: float) -> View:
    """From nose, toes and depth order; UNKNOWN where they say too little."""
    up_xy = points.xy_px * np.array([1.0, -1.0])
    trunk = up_xy[list(SHOULDERS)].mean(axis=0) - up_xy[list(HIPS)].mean(axis=0)
    evidence = 0.0
    if points.usable[[_NOSE, *_EARS]].all():
        # Seen from the right, the front of a segment is its upward axis turned clockwise.
        ahead = up_xy[_NOSE] - up_xy[list(_EARS)].mean(axis=0)
        evidence += _clipped(_clockwise(trunk, ahead) / (0.15 * trunk_px * trunk_px))
    for knee, ankle, heel, toe in zip(KNEES, ANKLES, HEELS, TOES, strict=True):
        if points.usable[[knee, ankle, heel, toe]].all():
            shank, foot = up_xy[knee] - up_xy[ankle], up_xy[toe] - up_xy[heel]
            evidence += 0.5 * _clipped(
                _clockwise(shank, foot) / (0.25 * trunk_px * max(hypot(*shank), 1.0))
            )
    nearer_right = sum(points.z_px[pair[0]] - points.z_px[pair[1]] for pair in (SHOULDERS, HIPS))
    evidence += _clipped(float(nearer_right) / (0.6 * trunk_px))
    if abs(evidence) < _LEAST_EVIDENCE:
        return View.UNKNOWN
    return View.RIGHT if evidence > 0.0 else View.LEFT


def _clockwise(axis: np.ndarray, direction: np.ndarray) -> float:
    return float(axis[1] * direction[0] - axis[0] * direction[1])


def seen_view(points: Landmarks, trunk_px: float, current: View) -> View:
    """What this frame alone shows, with hysteresis about the current plane. UNKNOWN: oblique."""
    width = width_ratio(points, trunk_px)
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
