"""A line across the body as an image shows it: against the whole projection, and its slopes."""

from math import atan2, cos, log, pi, radians

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body import projection
from lengthwise.body.kinematic_chain import JOINT
from lengthwise.body.line_reading import shown_line

BODY_M = np.array([0.060, 0.105, 0.123, 0.105, 0.052, 0.245, 0.246, 0.039, 0.035, 0.105]) * 1.7
FAR_M = 1e5
"""No perspective: every line of sight has the camera's pitch."""
leans, turns, pitches = (st.floats(-radians(d), radians(d)) for d in (60.0, 55.0, 25.0))
fronts = st.sampled_from([1.0, -1.0])


def projected_rad(
    lean: float,
    turn: float,
    pitch: float,
    *,
    front: float,
    away_m: float = FAR_M,
    up_m: float = 0.0,
) -> float:
    """Roll of the shoulder line of a body whose pelvis leans and is turned, + to its right."""
    rows = np.zeros((1, projection.INPUTS))
    rows[0, JOINT["pelvis_rotation"]], rows[0, JOINT["pelvis_obliquity"]] = turn, -lean
    rows[0, projection.PITCH] = pitch
    rows[0, projection.YAW] = 0.0 if front > 0.0 else pi
    rows[0, projection.ROOT + 1], rows[0, projection.ROOT + 2] = up_m / away_m, log(away_m)
    rows[0, projection.HIP_GAIN] = 1.0
    left_x, left_y, right_x, right_y = projection.seen(rows, BODY_M, away_m)[0, :4]
    return atan2(left_y - right_y, front * (left_x - right_x))


@given(leans, turns, pitches, fronts)
def test_a_far_line_looks_as_the_whole_projection_has_it(
    lean: float, turn: float, pitch: float, front: float
) -> None:
    shown = shown_line(lean, turn, pitch, below_rad=0.0, front=front)
    expected = projected_rad(lean, turn, pitch, front=front)
    assert shown.roll_rad == pytest.approx(expected, abs=1e-4)


@given(leans, turns, pitches, pitches, fronts)
def test_slopes_are_those_of_the_inclination(
    lean: float, turn: float, pitch: float, below: float, front: float
) -> None:
    shown, step = shown_line(lean, turn, pitch, below_rad=below, front=front), 1e-6

    def by(*way: float) -> float:
        ahead, behind = (
            shown_line(
                *(a + s * d for a, d in zip((lean, turn, pitch), way, strict=True)),
                below_rad=below,
                front=front,
            )
            for s in (step, -step)
        )
        return (ahead.roll_rad - behind.roll_rad) / (2.0 * step)

    assert shown.by_lean == pytest.approx(by(1.0, 0.0, 0.0), abs=1e-6)
    assert shown.by_turn == pytest.approx(by(0.0, 1.0, 0.0), abs=1e-6)
    assert shown.by_pitch == pytest.approx(by(0.0, 0.0, 1.0), abs=1e-6)


@given(leans, turns, pitches, fronts)
def test_the_mirror_image_leans_the_other_way(
    lean: float, turn: float, pitch: float, front: float
) -> None:
    shown = shown_line(lean, turn, pitch, below_rad=0.0, front=front)
    mirrored = shown_line(-lean, -turn, pitch, below_rad=0.0, front=front)
    assert mirrored.roll_rad == pytest.approx(-shown.roll_rad, abs=1e-12)


@given(leans, pitches, fronts)
def test_a_level_camera_shows_the_lean_of_a_line_across_wherever_it_lies(
    lean: float, below: float, front: float
) -> None:
    shown = shown_line(lean, 0.0, below, below_rad=below, front=front)
    assert shown.roll_rad == pytest.approx(lean, abs=1e-12)


@pytest.mark.parametrize(("lean_deg", "pitch_deg"), [(0.0, 0.0), (0.0, 10.0), (25.0, -5.0)])
def test_shoulders_above_the_camera_are_seen_from_below(lean_deg: float, pitch_deg: float) -> None:
    """At 2 m, 0.6 m above the camera's axis: sight rises by 17 degrees, and a level line that is
    turned by 30 degrees shows nearly 10 degrees of lean to a level camera."""
    lean, pitch, turn = radians(lean_deg), radians(pitch_deg), radians(30.0)
    up_m, away_m = 0.6, 2.0
    hips_m = up_m - BODY_M[:3].sum() * cos(lean)
    seen = projected_rad(lean, turn, pitch, front=1.0, away_m=away_m, up_m=hips_m)
    below = -atan2(up_m, away_m)
    shown = shown_line(lean, turn, pitch + below, below_rad=below, front=1.0).roll_rad
    plain = shown_line(lean, turn, pitch, below_rad=0.0, front=1.0).roll_rad
    assert shown == pytest.approx(seen, abs=radians(3.0))
    assert abs(shown - seen) < 0.5 * abs(plain - seen)


def test_beyond_sixty_degrees_a_turn_says_nothing_more() -> None:
    at, beyond = (shown_line(0.1, radians(d), 0.2, below_rad=0.0, front=1.0) for d in (60.0, 85.0))
    assert beyond.roll_rad == at.roll_rad
    assert beyond.by_turn == 0.0
