"""Shoulder line and hip line seen from the front, as readings of their own.

A line's inclination is the best plain measure of a side lean. As loose points the same landmarks
would say less: an unknown turn together with an unknown bend tilts the line too, and the filter
has to allow for both. Here that is left to one figure (the noise grows as the line shortens in the
image), and the points then leave out the height of left over right, so that nothing counts twice.
"""

import numpy as np

from lengthwise.body import projection
from lengthwise.body.camera_geometry import LineReading, wrapped_rad
from lengthwise.body.channels import LINE_SHOWS, Line
from lengthwise.body.fusion import Reading
from lengthwise.body.kinematic_chain import (
    BODY_SIZE,
    COORDINATE_MAP,
    PITCH_WEIGHTS,
    ROLL_WEIGHTS,
)
from lengthwise.body.process import LINES, Layout
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import View
from lengthwise.reference.constants import constant


def _row(*coordinates: Coordinate) -> np.ndarray:
    """(21,) one for each of some coordinates."""
    row = np.zeros(len(COORDINATES))
    row[[INDEX[c] for c in coordinates]] = 1.0
    return row


_GROWTH = np.array([constant("body", f"{line.value}_growth_ratio") for line in LINES])


_ENDS = {Line.SHOULDERS: slice(0, 2), Line.HIPS: slice(2, 4)}
"""Places of a line's ends among the fused landmarks."""
_TURNS = {
    Line.SHOULDERS: _row(Coordinate.PELVIS_ROTATION, Coordinate.THORAX_ROTATION),
    Line.HIPS: _row(Coordinate.PELVIS_ROTATION),
}
"""(21,) weights of the coordinates in how far a line is turned to the left."""


def _weights(line: Line, coordinates_rad: np.ndarray) -> np.ndarray:
    """(21,) weights of the coordinates in the roll of a line's segment."""
    link, _ = LINE_SHOWS[line]
    level, bend, turn = ROLL_WEIGHTS[link]
    pitch = float(PITCH_WEIGHTS[link] @ coordinates_rad)
    weights: np.ndarray = level + np.cos(pitch) * bend + np.sin(pitch) * turn
    return weights


def line_growth_rad(start_rad: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """(2,) sd that the change of each line since the start adds to its error."""
    now_rad = start_rad + COORDINATE_MAP @ mean[:BODY_SIZE]
    change = [_weights(line, now_rad) @ (now_rad - start_rad) for line in LINES]
    return np.asarray(_GROWTH * np.abs(np.array(change)))


def frontal_lines(seen: tuple[LineReading, ...]) -> tuple[LineReading, ...]:
    """The lines of LINES that can be read."""
    return tuple(r for r in seen if r.line in LINES and r.angle_rad is not None)


def read_lines(
    layout: Layout,
    start_rad: np.ndarray,
    mean: np.ndarray,
    seen: tuple[LineReading, ...],
    view: View,
    ratios: np.ndarray,
) -> Reading:
    """Lines that `frontal_lines` has left, against the estimate (mean (n,)).

    `start_rad` (21,) of the start posture, from which the body's variables are counted; `ratios`
    (12,) on the errors of the landmarks, see `landmark_reading`.
    """
    now_rad = start_rad + COORDINATE_MAP @ mean[:BODY_SIZE]
    gain = layout.view(projection.HIP_GAIN)
    camera_roll, camera_pitch = layout.view(projection.ROLL), layout.view(projection.PITCH)
    front = 1.0 if view is View.FRONT else -1.0
    innovations, slopes, variances = [], [], []
    for reading in seen:
        assert reading.angle_rad is not None
        weights = _weights(reading.line, now_rad)
        roll = float(weights @ now_rad)
        shown = float(mean[gain]) if reading.line is Line.HIPS else 1.0
        at = layout.lines.start + LINES.index(reading.line)
        slope = np.zeros(layout.size)
        slope[:BODY_SIZE] = shown * weights @ COORDINATE_MAP
        if reading.line is Line.HIPS:
            slope[gain] = roll
        # Looking down, a line that is turned away rises in the image towards its far end.
        turned = front * np.sin(_TURNS[reading.line] @ now_rad)
        slope[camera_roll], slope[camera_pitch] = -front, turned
        worse = float(ratios[_ENDS[reading.line]].max())
        slope[[at, at + len(LINES)]] = worse
        errors = (
            worse * (mean[at] + mean[at + len(LINES)])
            - front * mean[camera_roll]
            + turned * mean[camera_pitch]
        )
        innovations.append(reading.angle_rad - shown * roll - errors)
        slopes.append(slope)
        variances.append((worse * reading.white_sd_rad) ** 2)
    return Reading(wrapped_rad(np.array(innovations)), np.array(slopes), np.diag(variances))
