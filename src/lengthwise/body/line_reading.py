"""Shoulder line and hip line seen from the front, as readings of their own.

A line's inclination is the best plain measure of a side lean. As loose points the same landmarks
would say less: an unknown turn together with an unknown bend tilts the line too, and the filter
has to allow for both. Here that is left to one figure (the noise grows as the line shortens in the
image), and the points then leave out the height of left over right, so that nothing counts twice.
Where a turned trunk makes a line too short to be read, that height is left out all the same: pose
models show a turn of 45 degrees as a lean of up to 13.
"""

from math import sin

import numpy as np

from lengthwise.body import projection
from lengthwise.body.camera_geometry import LineReading, line_lengths_m, wrapped_rad
from lengthwise.body.channels import Line
from lengthwise.body.fusion import Reading
from lengthwise.body.kinematic_chain import (
    BODY_SIZE,
    COORDINATE_MAP,
    trunk_map,
)
from lengthwise.body.landmark_reading import GROWTH, LandmarkErrors
from lengthwise.body.process import LINES, Layout
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import View
from lengthwise.reference.constants import constant


def _row(*coordinates: Coordinate) -> np.ndarray:
    """(21,) one for each of some coordinates."""
    row = np.zeros(len(COORDINATES))
    row[[INDEX[c] for c in coordinates]] = 1.0
    return row


_HIP_GROWTH = constant("body", "hip_line_growth_ratio")
_LENGTH_M = line_lengths_m()
_OBLIQUITY = INDEX[Coordinate.PELVIS_OBLIQUITY]
_LEAN = INDEX[Coordinate.TRUNK_SIDE_LEAN]
_ENDS = {Line.SHOULDERS: np.array([0, 1]), Line.HIPS: np.array([2, 3])}
"""Places of a line's ends among the fused landmarks, the left one first."""
_UP_OVER_DOWN = np.array([1.0, -1.0])
_APART = np.array([1.0 / (1.0 - constant("body", "pair_growth_correlation")), 1.0, 1.0])
"""How far apart the errors of a line's ends grow with a displacement to the front, left and up.
That they partly agree is measured for side-bends only."""
_TURNS = {
    Line.SHOULDERS: _row(Coordinate.PELVIS_ROTATION, Coordinate.THORAX_ROTATION),
    Line.HIPS: _row(Coordinate.PELVIS_ROTATION),
}
"""(21,) weights of the coordinates in how far a line is turned to the left."""


def line_growth_rad(mean: np.ndarray) -> np.ndarray:
    """(2,) sd that a change of the hip line since the start adds to its error.

    Its ends do not move in the pelvis; the growing error of the shoulder line is that of its ends.
    """
    return np.array([0.0, _HIP_GROWTH * abs(COORDINATE_MAP[_OBLIQUITY] @ mean[:BODY_SIZE])])


def frontal_lines(seen: tuple[LineReading, ...]) -> tuple[LineReading, ...]:
    """The lines of LINES that can be read."""
    return tuple(r for r in seen if r.line in LINES and r.angle_rad is not None)


def read_lines(
    layout: Layout,
    now_rad: np.ndarray,
    mean: np.ndarray,
    seen: tuple[LineReading, ...],
    *,
    view: View,
    errors: LandmarkErrors,
) -> Reading:
    """Lines that `frontal_lines` has left, against the estimate: mean (n,), coordinates (21,)."""
    gain = layout.view(projection.HIP_GAIN)
    camera_roll, camera_pitch = layout.view(projection.ROLL), layout.view(projection.PITCH)
    front = 1.0 if view is View.FRONT else -1.0
    innovations, slopes, variances = [], [], []
    for reading in seen:
        assert reading.angle_rad is not None
        slope = np.zeros(layout.size)
        if reading.line is Line.HIPS:
            shown, roll = float(mean[gain]), -float(now_rad[_OBLIQUITY])
            slope[:BODY_SIZE] = -shown * COORDINATE_MAP[_OBLIQUITY]
            slope[gain] = roll
        else:
            shown, roll = 1.0, float(now_rad[_LEAN])
            slope[:BODY_SIZE] = trunk_map(now_rad)[1]
        # Looking down, a line that is turned away rises in the image towards its far end.
        turned = front * sin(_TURNS[reading.line] @ now_rad)
        slope[camera_roll], slope[camera_pitch] = -front, turned
        ends = _ENDS[reading.line]
        worse = float(errors.ratios[ends].max())
        at = layout.lines.start + LINES.index(reading.line)
        slope[[at, at + len(LINES)]] = worse
        wrong = (
            worse * (mean[at] + mean[at + len(LINES)])
            - front * mean[camera_roll]
            + turned * mean[camera_pitch]
        )
        grown = GROWTH * np.sqrt(errors.moved_m[ends] ** 2 @ _APART) / _LENGTH_M[reading.line]
        slope[layout.growth.start + 2 * ends + 1] = grown * _UP_OVER_DOWN
        innovations.append(reading.angle_rad - shown * roll - wrong)
        slopes.append(slope)
        variances.append((worse * reading.white_sd_rad) ** 2)
    return Reading(wrapped_rad(np.array(innovations)), np.array(slopes), np.diag(variances))
