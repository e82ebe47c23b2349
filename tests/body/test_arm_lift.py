"""Lifted arms carry the shoulders up; the shoulder line is read as if they hung."""

from math import cos, pi, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body.arm_lift import line_lift_rad, shoulder_rise_m, without_lift
from lengthwise.body.camera_geometry import Landmarks, Scale, line_lengths_m, read_lines
from lengthwise.body.channels import Line
from lengthwise.contracts.observation import LANDMARK_INDEX, LANDMARKS, View
from lengthwise.reference.constants import constant

LENGTHS_M = line_lengths_m()
TRUNK_M, SHOULDERS_M, HIPS_M = (LENGTHS_M[x] for x in (Line.TRUNK, Line.SHOULDERS, Line.HIPS))
ARM_M = constant("body", "upper_arm_of_trunk_line") * TRUNK_M
RISE_M = constant("body", "shoulder_rise_m")
lifts = st.floats(0.0, pi)


def person(
    left: float,
    right: float,
    *,
    px_per_m: float = 200.0,
    lean: float = 0.0,
    outwards: float = 1.0,
    hidden: str | None = None,
) -> tuple[Landmarks, Scale]:
    """Seen from the front, arms lifted by two angles; `outwards` 0: to the front, not aside."""
    xy = {}
    for side, sign, lift in (("left", 1.0, left), ("right", -1.0, right)):
        shoulder = np.array([sign * 0.5 * SHOULDERS_M, TRUNK_M])
        xy[f"{side}_shoulder"] = shoulder
        xy[f"{side}_hip"] = np.array([sign * 0.5 * HIPS_M, 0.0])
        xy[f"{side}_elbow"] = shoulder + ARM_M * np.array([sign * outwards * sin(lift), -cos(lift)])
    points = np.zeros((len(LANDMARKS), 2))
    usable = np.zeros(len(LANDMARKS), dtype=bool)
    turn = np.array([[cos(lean), -sin(lean)], [sin(lean), cos(lean)]])
    for name, (right_m, up_m) in xy.items():
        points[LANDMARK_INDEX[name]] = 300.0 + px_per_m * (turn @ [right_m, -up_m])
        usable[LANDMARK_INDEX[name]] = name != hidden
    scale = Scale(px_per_m, 1.0, tuple(LENGTHS_M[line] for line in Line))
    return Landmarks(points, np.zeros(len(LANDMARKS)), usable.astype(float), usable), scale


@given(lifts)
def test_arms_that_are_lifted_alike_tilt_nothing(lift: float) -> None:
    assert line_lift_rad(*person(lift, lift)) == pytest.approx(0.0, abs=1e-12)


@given(lifts, lifts)
def test_exchanging_the_arms_tilts_the_line_the_other_way(left: float, right: float) -> None:
    there, back = line_lift_rad(*person(left, right)), line_lift_rad(*person(right, left))
    assert there == pytest.approx(-back, abs=1e-9)


@given(lifts, lifts, st.floats(80.0, 600.0), st.floats(-1.0, 1.0), st.sampled_from([0.0, 1.0]))
def test_only_the_lift_matters_not_size_lean_or_plane(
    left: float, right: float, px_per_m: float, lean: float, outwards: float
) -> None:
    seen = line_lift_rad(*person(left, right, px_per_m=px_per_m, lean=lean, outwards=outwards))
    assert seen == pytest.approx(line_lift_rad(*person(left, right)), abs=1e-6)


@given(lifts, lifts)
def test_a_shoulder_never_sinks_as_its_arm_lifts(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= shoulder_rise_m(low) <= shoulder_rise_m(high) <= RISE_M


def test_a_hanging_arm_raises_nothing_and_one_overhead_all() -> None:
    assert shoulder_rise_m(radians(20.0)) == 0.0
    assert line_lift_rad(*person(pi, 0.0)) == pytest.approx(RISE_M / SHOULDERS_M)


def test_without_an_elbow_nothing_is_taken_off() -> None:
    assert line_lift_rad(*person(pi, 0.0, hidden="left_elbow")) == 0.0


def test_a_level_chest_with_raised_shoulder_is_read_as_level() -> None:
    points, scale = person(pi, 0.0)
    xy = points.xy_px.copy()
    xy[[LANDMARK_INDEX[f"left_{part}"] for part in ("shoulder", "elbow")], 1] -= (
        RISE_M * scale.px_per_m
    )
    raised = Landmarks(xy, points.z_px, points.visibility, points.usable)
    lines = read_lines(raised, np.ones(len(LANDMARKS), dtype=bool), View.FRONT, scale)
    level = without_lift(lines, raised, scale)
    at = list(Line).index(Line.SHOULDERS)
    assert np.degrees(lines[at].angle_rad) > 3.0
    assert np.degrees(level[at].angle_rad) == pytest.approx(0.0, abs=0.2)
    assert [a for i, a in enumerate(level) if i != at] == [
        a for i, a in enumerate(lines) if i != at
    ]
