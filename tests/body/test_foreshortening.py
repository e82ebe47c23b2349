"""From the front a short trunk is bent, and only a large bend is known to be to the front."""

import numpy as np
import pytest

from lengthwise.body import projection
from lengthwise.body.foreshortening import read_bend
from lengthwise.body.fusion import Reading
from lengthwise.body.kinematic_chain import BODY_SIZE, COORDINATE_MAP
from lengthwise.body.process import layout_of
from lengthwise.contracts.observation import CameraStream, Posture, View

STREAM = CameraStream(640, 480, 30.0, view=View.FRONT)
LAYOUT = layout_of((STREAM,))
DT_S = 1 / 30


def reading(
    ratio: float,
    *,
    pitch_deg: float = 0.0,
    sd_deg: float = 40.0,
    posture: Posture = Posture.STANDING,
    view: View = View.FRONT,
) -> Reading:
    """Of a trunk tilted with the pelvis by an estimate of that mean and sd."""
    mean, covariance = np.zeros(LAYOUT.size), np.zeros((LAYOUT.size, LAYOUT.size))
    mean[0], covariance[0, 0] = np.radians(pitch_deg), np.radians(sd_deg) ** 2
    now_rad = COORDINATE_MAP @ mean[:BODY_SIZE]
    return read_bend(LAYOUT, posture, now_rad, mean, covariance, ratio, view=view, dt_s=DT_S)


def target_deg(found: Reading, pitch_deg: float = 0.0) -> float:
    return float(np.degrees(found.innovation[0])) + pitch_deg


@pytest.mark.parametrize("angle_deg", [45.0, 60.0, 80.0])
def test_a_large_bend_is_to_the_front(angle_deg: float) -> None:
    found = reading(np.cos(np.radians(angle_deg)))
    assert target_deg(found) == pytest.approx(angle_deg, abs=2.0)


def test_a_small_one_is_to_either_side_and_its_spread_covers_both() -> None:
    found, full = reading(np.cos(np.radians(12.0))), reading(1.0)
    assert abs(target_deg(found)) < 3.0
    assert found.noise[0, 0] > full.noise[0, 0]


def test_an_estimate_that_knows_decides() -> None:
    """Someone who leans back on a chair, as a sensor on the chest tells."""
    ratio = np.cos(np.radians(30.0))
    known = reading(ratio, pitch_deg=-30.0, sd_deg=3.0, posture=Posture.SITTING)
    assert target_deg(known, -30.0) < -20.0
    assert target_deg(reading(ratio, posture=Posture.SITTING)) > 15.0


def test_full_length_or_more_says_upright_within_what_the_ratio_can_tell() -> None:
    found = reading(1.2)
    assert target_deg(found) == pytest.approx(0.0, abs=1e-9)
    frames = np.degrees(np.sqrt(found.noise[0, 0]))
    assert frames > 20.0


def test_a_camera_that_looks_down_from_the_front_sees_a_bend_shorter_and_from_behind_longer() -> (
    None
):
    pitch = LAYOUT.view(projection.PITCH)
    assert reading(0.9).slope[0, pitch] == 1.0
    assert reading(0.9, view=View.BACK).slope[0, pitch] == -1.0
