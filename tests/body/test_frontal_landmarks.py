"""Shoulders from the front: their middle is read, and a slope blurs the depth between them."""

import numpy as np
import pytest

from lengthwise.body import projection
from lengthwise.body.camera_geometry import SHOULDERS, Landmarks
from lengthwise.body.fusion import expected
from lengthwise.body.landmark_reading import LandmarkReading, read_landmarks
from lengthwise.body.session import Params
from lengthwise.contracts.observation import LANDMARKS, CameraStream, View
from lengthwise.reference.postures import posture_mean_rad

STREAM = CameraStream(640, 480, 30.0, view=View.FRONT)
PARAMS = Params((STREAM,), STREAM.posture, posture_mean_rad(STREAM.posture))
PAIR = projection.PAIRS_AT
ASIDE = 0


def read(left_px: tuple[float, float], right_px: tuple[float, float]) -> LandmarkReading:
    """Shoulders alone, from the middle of the image."""
    count, (left, right) = len(LANDMARKS), SHOULDERS
    xy, usable = np.full((count, 2), 200.0), np.zeros(count, dtype=bool)
    z = np.zeros(count)
    xy[left], xy[right] = np.add(left_px, (320.0, 240.0)), np.add(right_px, (320.0, 240.0))
    z[left], usable[[left, right]] = 30.0, True
    model = PARAMS.model
    mean = model.first_mean.copy()
    there = expected(model, mean, model.first, 2.5, dt_s=1 / 30)
    points = Landmarks(xy, z, usable.astype(float), usable)
    zero = PARAMS.zero_places_m
    return read_landmarks(
        model,
        PARAMS.lens,
        mean,
        there,
        points,
        view=View.FRONT,
        zero_places_m=zero,
        px_per_m=200.0,
    )


def innovation(found: LandmarkReading, output: int) -> float:
    return float(found.reading.innovation[np.flatnonzero(found.outputs == output)[0]])


def pair_error_slope(found: LandmarkReading) -> float:
    row = np.flatnonzero(found.outputs == PAIR)[0]
    return float(found.reading.slope[row, PARAMS.model.layout.fast.start + PAIR])


def test_of_shoulder_points_only_their_middle_aside_is_read() -> None:
    found = read((40.0, -60.0), (-40.0, -60.0))
    assert found.outputs.tolist() == [ASIDE, PAIR]


def test_neither_width_nor_height_of_the_shoulders_moves_their_middle() -> None:
    level, narrow = read((40.0, -60.0), (-40.0, -60.0)), read((20.0, -60.0), (-20.0, -60.0))
    sloping, aside = read((40.0, -90.0), (-40.0, -30.0)), read((52.0, -60.0), (-28.0, -60.0))
    for other in (narrow, sloping):
        assert innovation(other, ASIDE) == pytest.approx(innovation(level, ASIDE), abs=1e-12)
    assert innovation(aside, ASIDE) > innovation(level, ASIDE)


def test_a_sloping_line_says_less_of_its_turn_to_either_side_alike() -> None:
    level = pair_error_slope(read((40.0, -60.0), (-40.0, -60.0)))
    left_up = pair_error_slope(read((40.0, -80.0), (-40.0, -40.0)))
    right_up = pair_error_slope(read((40.0, -40.0), (-40.0, -80.0)))
    steeper = pair_error_slope(read((40.0, -90.0), (-40.0, -30.0)))
    assert level == pytest.approx(1.0)
    assert left_up == pytest.approx(right_up)
    assert level < left_up < steeper
