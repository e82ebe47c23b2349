"""Shoulder line and hip line seen from the front, as readings of their own.

A line's inclination is the best plain measure of a side lean. As loose points the same landmarks
would say less: their heights also hold the unknown bend to the front. The line leans with the chest
whatever that is. What tilts it besides is a turn seen from above or below (`shown_line`), and arms
that carry a shoulder up (`arm_lift`). The points then leave out the height of left over right, so
that nothing counts twice. Where a turned trunk makes a line too short to be read, that height is
left out all the same: pose models show a turn of 45 degrees as a lean of up to 13.
"""

from math import atan2, cos, exp, radians, sin

import numpy as np
from msgspec import Struct

from lengthwise.body import projection
from lengthwise.body.camera_geometry import LineReading, line_lengths_m, wrapped_rad
from lengthwise.body.channels import Line
from lengthwise.body.fusion import Reading
from lengthwise.body.kinematic_chain import (
    BODY_SIZE,
    COORDINATE_MAP,
    trunk_map,
)
from lengthwise.body.landmark_reading import GROWTH, Camera, LandmarkErrors
from lengthwise.body.process import LINES, Layout
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import View
from lengthwise.reference.constants import constant


def _row(*coordinates: Coordinate) -> np.ndarray:
    """(21,) one for each of some coordinates."""
    row = np.zeros(len(COORDINATES))
    row[[INDEX[c] for c in coordinates]] = 1.0
    return row


_MOST_TURNED_RAD = radians(60.0)
_TURNED = constant("body", "turned_line_ratio")
"""Sd of the error of a line per how far it is turned away, the same again in the same posture."""
_HIP_GROWTH = constant("body", "hip_line_growth_ratio")
_LENGTH_M = line_lengths_m()
_OBLIQUITY = INDEX[Coordinate.PELVIS_OBLIQUITY]
_OBLIQUITY_MAP = COORDINATE_MAP[_OBLIQUITY]
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
    return np.array([0.0, _HIP_GROWTH * abs(_OBLIQUITY_MAP @ mean[:BODY_SIZE])])


def frontal_lines(seen: tuple[LineReading, ...]) -> tuple[LineReading, ...]:
    """The lines of LINES that can be read."""
    return tuple(r for r in seen if r.line in LINES and r.angle_rad is not None)


class Shown(Struct, frozen=True):
    """Inclination of a line in the image, and its slopes by lean, turn and the pitch of sight."""

    roll_rad: float
    by_lean: float
    by_turn: float
    by_pitch: float


def shown_line(
    lean_rad: float, turn_rad: float, pitch_rad: float, *, below_rad: float, front: float
) -> Shown:
    """How inclined a line looks that leans and is turned, along a line of sight.

    With the right end at (sin turn cos lean, -cos turn cos lean, -sin lean) from the left one, in
    axes to the front, left and up,

        tan roll = (sin lean cos pitch + sin turn cos lean sin pitch)
                   / (cos turn cos lean cos below):

    looking down, the farther end rises. `turn_rad` to the left; `pitch_rad` of the line of sight, +
    down, which is `below_rad` the camera's axis. `front` 1 from the front, -1 from the back.
    """
    turn = max(-_MOST_TURNED_RAD, min(_MOST_TURNED_RAD, turn_rad))
    sin_lean, cos_lean, sin_pitch, cos_pitch = (
        f(angle) for angle in (lean_rad, pitch_rad) for f in (sin, cos)
    )
    away, broad = front * sin(turn), cos(turn) * cos(below_rad)
    up = sin_lean * cos_pitch + away * cos_lean * sin_pitch
    across = broad * cos_lean
    over = 1.0 / (up * up + across * across)
    up_by_lean = cos_lean * cos_pitch - away * sin_lean * sin_pitch
    up_by_turn = front * cos(turn) * cos_lean * sin_pitch
    across_by_turn = -sin(turn) * cos(below_rad) * cos_lean
    return Shown(
        atan2(up, across),
        over * (across * up_by_lean + up * broad * sin_lean),
        over * (across * up_by_turn - up * across_by_turn) if turn == turn_rad else 0.0,
        over * across * (away * cos_lean * cos_pitch - sin_lean * sin_pitch),
    )


def read_lines(
    layout: Layout,
    lens: Camera,
    now_rad: np.ndarray,
    mean: np.ndarray,
    seen: tuple[LineReading, ...],
    *,
    view: View,
    errors: LandmarkErrors,
) -> Reading:
    """Lines that `frontal_lines` has left, against the estimate: mean (n,), coordinates (21,)."""
    gain = layout.view(projection.HIP_GAIN)
    roll, pitch = layout.view(projection.ROLL), layout.view(projection.PITCH)
    focal_px = lens.focal_px * exp(mean[layout.view(projection.FOCAL)])
    front = 1.0 if view is View.FRONT else -1.0
    innovations, slopes, variances = [], [], []
    for reading in seen:
        assert reading.angle_rad is not None
        slope = np.zeros(layout.size)
        if reading.line is Line.HIPS:
            lean_rad, own = -mean[gain] * now_rad[_OBLIQUITY], -mean[gain] * _OBLIQUITY_MAP
        else:
            lean_rad, own = now_rad[_LEAN], trunk_map(now_rad)[1]
        turns = _TURNS[reading.line]
        below_rad = atan2(reading.row_px - lens.middle_px[1], focal_px)
        shown = shown_line(
            float(lean_rad),
            float(turns @ now_rad),
            float(mean[pitch]) + below_rad,
            below_rad=below_rad,
            front=front,
        )
        slope[:BODY_SIZE] = shown.by_lean * own + shown.by_turn * (turns @ COORDINATE_MAP)
        if reading.line is Line.HIPS:
            slope[gain] = -shown.by_lean * now_rad[_OBLIQUITY]
        slope[roll], slope[pitch] = -front, shown.by_pitch
        ends = _ENDS[reading.line]
        worse = float(errors.ratios[ends].max())
        at = layout.lines.start + LINES.index(reading.line)
        slope[[at, at + len(LINES)]] = worse
        slope[at + 2 * len(LINES)] = _TURNED * abs(float(turns @ now_rad))
        wrong = worse * (mean[at] + mean[at + len(LINES)]) - front * mean[roll]
        grown = GROWTH * np.sqrt(errors.moved_m[ends] ** 2 @ _APART) / _LENGTH_M[reading.line]
        grows = layout.growth.start + 2 * ends + 1
        slope[grows] = grown * _UP_OVER_DOWN
        turned = at + 2 * len(LINES)
        wrong += slope[turned] * mean[turned] + slope[grows] @ mean[grows]
        innovations.append(reading.angle_rad - shown.roll_rad - wrong)
        slopes.append(slope)
        variances.append((worse * reading.white_sd_rad) ** 2)
    return Reading(wrapped_rad(np.array(innovations)), np.array(slopes), np.diag(variances))
