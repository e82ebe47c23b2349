"""Shoulders that look narrow are turned away, unless depth shows that they face the camera."""

from math import radians, sin

import numpy as np
import pytest

from lengthwise.body.camera_geometry import (
    HIPS,
    SHOULDERS,
    Landmarks,
    LineReading,
    Scale,
    line_lengths_m,
    read_lines,
)
from lengthwise.body.channels import Line
from lengthwise.contracts.observation import View
from lengthwise.contracts.states import Unseen
from lengthwise.reference.constants import constant

PX_PER_M = 300.0
GAIN = constant("body", "image_depth_gain_shoulders")
LENGTHS_M = line_lengths_m()
LINES = tuple(Line)


def seen(width: float, *, behind_px: float) -> tuple[LineReading, LineReading]:
    """Shoulders and hips so wide, as shares of what is expected, the left shoulder so far behind
    the right one in image depth."""
    xy, z = np.zeros((33, 2)), np.zeros(33)
    for pair, line, y in ((SHOULDERS, Line.SHOULDERS, 100.0), (HIPS, Line.HIPS, 250.0)):
        half = 0.5 * width * LENGTHS_M[line] * PX_PER_M
        xy[pair[0]], xy[pair[1]] = (300.0 + half, y), (300.0 - half, y)
    z[SHOULDERS[0]] = behind_px
    points = Landmarks(xy, z, np.ones(33), np.ones(33, dtype=bool))
    scale = Scale(PX_PER_M, 1.0, tuple(LENGTHS_M[line] for line in LINES), {})
    read = read_lines(points, np.ones(33, dtype=bool), View.FRONT, scale)
    return read[LINES.index(Line.SHOULDERS)], read[LINES.index(Line.HIPS)]


def turned_px(degrees: float) -> float:
    """Image depth between shoulders that are turned by so much."""
    return GAIN * sin(radians(degrees)) * LENGTHS_M[Line.SHOULDERS] * PX_PER_M


@pytest.mark.parametrize("degrees", [-15.0, 4.0, 25.0])
def test_narrow_shoulders_that_face_the_camera_are_read(degrees: float) -> None:
    shoulders, hips = seen(0.6, behind_px=turned_px(degrees))
    assert shoulders.angle_rad == pytest.approx(0.0, abs=1e-9)
    assert hips.angle_rad is not None


@pytest.mark.parametrize("degrees", [-50.0, 35.0, 60.0])
def test_those_that_depth_shows_turned_are_not_and_neither_are_the_hips(degrees: float) -> None:
    for line in seen(0.6, behind_px=turned_px(degrees)):
        assert line.angle_rad is None and line.unseen is Unseen.VIEW


def test_without_depth_narrow_ones_count_as_turned() -> None:
    assert seen(0.6, behind_px=0.0)[0].unseen is Unseen.VIEW


def test_what_a_short_line_leaves_open_is_in_its_sd() -> None:
    narrow, wide = (seen(width, behind_px=turned_px(4.0))[0] for width in (0.6, 0.95))
    assert narrow.white_sd_rad > 1.7 * wide.white_sd_rad


def test_hardly_any_width_is_never_read() -> None:
    assert seen(0.4, behind_px=turned_px(4.0))[0].unseen is Unseen.VIEW
