"""How much landmarks tremble: found in metres, only ever more than usual, and no movement."""

from math import pi

import numpy as np
import pytest

from lengthwise.body.camera_geometry import Landmarks
from lengthwise.body.shaking import Shaking, followed
from lengthwise.contracts.observation import View
from lengthwise.reference.constants import constant

PX_PER_M = 300.0
USUAL_M = constant("body", "landmark_white_m")
PLACES_PX = np.random.default_rng(1).uniform(100.0, 500.0, (33, 2))


def watched(
    white_m: float,
    *,
    seconds: float = 6.0,
    rate_hz: float = 30.0,
    moves_m: float = 0.0,
    hidden: int = 0,
    exchanged_at: int | None = None,
) -> Shaking:
    """A body of which every point goes to and fro once a second by `moves_m`."""
    rng = np.random.default_rng(7)
    shaking, usable = Shaking(), np.ones(33, dtype=bool)
    usable[33 - hidden :] = False
    for n in range(round(seconds * rate_hz)):
        t_s = n / rate_hz
        xy_px = PLACES_PX + PX_PER_M * moves_m * np.sin(2 * pi * t_s)
        if n == exchanged_at:
            xy_px = xy_px[::-1]
        xy_px = xy_px + rng.normal(0.0, white_m * PX_PER_M, (33, 2))
        points = Landmarks(xy_px, np.zeros(33), np.ones(33), usable)
        shaking = followed(shaking, points, View.FRONT, t_s=t_s, px_per_m=PX_PER_M)
    return shaking


@pytest.mark.parametrize("white_m", [0.004, 0.01, 0.02, 0.03])
@pytest.mark.parametrize("hidden", [0, 4])
def test_white_noise_is_found_in_metres(white_m: float, hidden: int) -> None:
    assert watched(white_m, hidden=hidden).white_m == pytest.approx(white_m, rel=0.15)


def test_only_more_than_usual_counts() -> None:
    assert watched(0.002).ratio(1.0) == 1.0
    assert watched(USUAL_M).ratio(1.0) == 1.0
    assert watched(2.0 * USUAL_M).ratio(1.0) == pytest.approx(2.0, rel=0.15)
    assert watched(2.0 * USUAL_M).ratio(2.0) == 1.0, "a model that trembles as much by itself"


def test_a_quick_movement_is_no_trembling() -> None:
    """To and fro by 15 cm once a second: up to a metre a second."""
    assert watched(0.002, moves_m=0.15).ratio(1.0) == 1.0


def test_left_and_right_exchanged_for_a_frame_are_no_trembling() -> None:
    assert watched(0.005, exchanged_at=90).ratio(1.0) == 1.0


@pytest.mark.parametrize("rate_hz", [8.0, 12.0])
def test_few_frames_a_second_tell_nothing(rate_hz: float) -> None:
    assert watched(0.02, rate_hz=rate_hz).white_m is None


def test_a_body_of_unknown_size_tells_nothing_and_is_remembered() -> None:
    shaking = Shaking()
    points = Landmarks(PLACES_PX, np.zeros(33), np.ones(33), np.ones(33, dtype=bool))
    for n in range(10):
        shaking = followed(shaking, points, View.FRONT, t_s=n / 30.0, px_per_m=None)
    assert shaking.white_m is None and len(shaking.before) == 3
