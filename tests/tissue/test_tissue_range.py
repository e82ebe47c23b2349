"""Feasible postures and the bounds found over them, on a stand-in anatomy with known extremes."""

from math import radians

import numpy as np
import pytest
from fake_anatomy import MODEL, FakeAnatomy, usual_bounds
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import ANATOMICAL, Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.reference.joint_limits import feasible_limits_rad
from lengthwise.tissue.feasible import feasible_postures, knee_range_rad
from lengthwise.tissue.groups import GroupLengths, mirror
from lengthwise.tissue.range import RangeBounds, bounds_fingerprint, halton, range_bounds

UNIT = arrays(float, (4, 8), elements=st.floats(0.0, 1.0))
BOUNDS = usual_bounds()


@given(unit=UNIT)
def test_feasible_postures_stay_within_every_joints_limit(unit: np.ndarray) -> None:
    postures = feasible_postures(unit)
    for i, coordinate in enumerate(ANATOMICAL):
        low_rad, high_rad = feasible_limits_rad()[coordinate]
        assert np.all(postures[:, i] >= low_rad - 1e-9)
        assert np.all(postures[:, i] <= high_rad + 1e-9)


@given(unit=UNIT)
def test_lumbar_planes_share_their_play(unit: np.ndarray) -> None:
    postures = feasible_postures(unit)[:, :3]
    limits = [feasible_limits_rad()[c] for c in ANATOMICAL[:3]]
    used = sum(
        (np.where(q > 0, q / high, q / low)) ** 2
        for q, (low, high) in zip(postures.T, limits, strict=True)
    )
    assert np.all(used <= 1.0 + 1e-9)


@given(unit=UNIT)
def test_a_hip_flexed_past_the_straight_leg_comes_with_a_bent_knee(unit: np.ndarray) -> None:
    for hip_rad, knee_rad in feasible_postures(unit)[:, [8, 11]]:
        if hip_rad > radians(105):
            assert knee_rad >= radians(44.9)
        if hip_rad < radians(-15):
            assert knee_rad <= radians(100.1)


def test_knee_range_is_whole_at_hip_zero_and_narrow_at_both_ends() -> None:
    low_rad, high_rad = knee_range_rad(np.radians([-30.0, 0.0, 90.0, 120.0]))
    assert np.degrees(low_rad) == pytest.approx([0, 0, 0, 90], abs=0.1)
    assert np.degrees(high_rad) == pytest.approx([80, 120, 120, 120], abs=0.1)


def test_every_single_joints_end_is_a_feasible_posture() -> None:
    """The map of the lumbar ball reaches each axis end, and no other coordinate hinders a hip."""
    ends = np.full((2, 8), 0.5)
    ends[0, 0], ends[1, 0] = 0.0, 1.0
    low_rad, high_rad = feasible_limits_rad()[ANATOMICAL[0]]
    assert feasible_postures(ends)[:, 0] == pytest.approx([low_rad, high_rad])


def test_halton_points_are_even_and_always_the_same() -> None:
    points = halton(1024, 8)
    assert np.all((points > 0.0) & (points < 1.0))
    assert points.mean(axis=0) == pytest.approx(np.full(8, 0.5), abs=0.01)
    assert np.array_equal(points, halton(1024, 8))
    assert points[:4, 0] == pytest.approx([0.5, 0.25, 0.75, 0.125])


def test_bounds_are_the_analytic_extremes_of_linear_muscles() -> None:
    """QL without curvature: half-axes in mm of an ellipsoid, so the extremes are +- their norm."""
    bounds = range_bounds(FakeAnatomy(curvature_m=0.0))
    row = GROUP_INDEX[MuscleGroup.QUADRATUS_LUMBORUM, Side.RIGHT]
    longest_mm = np.hypot(np.hypot(14 * radians(63), 34 * radians(29)), 11 * radians(7))
    shortest_mm = np.hypot(np.hypot(14 * radians(29), 34 * radians(29)), 11 * radians(7))
    assert 1e3 * bounds.longest_m[row] == pytest.approx(300 + longest_mm, abs=0.05)
    assert 1e3 * bounds.shortest_m[row] == pytest.approx(300 - shortest_mm, abs=0.05)


def test_hamstrings_are_longest_at_a_right_angle_with_a_straight_knee() -> None:
    """60 mm/rad at the hip, -30 at the knee: past 90 deg the knee must bend thrice as fast."""
    at_rad = BOUNDS.longest_at_rad[GROUP_INDEX[MuscleGroup.HAMSTRINGS, Side.RIGHT]]
    assert np.degrees(at_rad[[8, 11]]) == pytest.approx([90.0, 0.0], abs=1.5)


@settings(max_examples=30)
@given(unit=arrays(float, (32, 8), elements=st.floats(0.0, 1.0)))
def test_no_feasible_posture_passes_the_bounds(unit: np.ndarray) -> None:
    lengths_m = GroupLengths.over(MODEL).lengths_batch_m(feasible_postures(unit))
    slack_m = 0.002 * BOUNDS.span_m
    assert np.all(lengths_m >= BOUNDS.shortest_m - slack_m)
    assert np.all(lengths_m <= BOUNDS.longest_m + slack_m)


def test_bounds_are_attained_at_the_postures_they_name() -> None:
    groups = GroupLengths.over(MODEL)
    rows = np.arange(len(GROUP_SIDES))
    for at_rad, length_m in (
        (BOUNDS.shortest_at_rad, BOUNDS.shortest_m),
        (BOUNDS.longest_at_rad, BOUNDS.longest_m),
    ):
        assert groups.lengths_batch_m(at_rad)[rows, rows] == pytest.approx(length_m, abs=1e-12)


def test_bounds_are_mirror_images() -> None:
    assert BOUNDS.shortest_m[0::2] == pytest.approx(BOUNDS.shortest_m[1::2], abs=1e-12)
    assert BOUNDS.longest_m[0::2] == pytest.approx(BOUNDS.longest_m[1::2], abs=1e-12)
    assert mirror(BOUNDS.longest_at_rad[0::2]) == pytest.approx(BOUNDS.longest_at_rad[1::2])


def test_coordinates_that_do_not_matter_stay_upright_in_the_extreme_postures() -> None:
    row = GROUP_INDEX[MuscleGroup.LONGISSIMUS, Side.LEFT]
    assert np.all(BOUNDS.longest_at_rad[row, 3:] == 0.0)
    assert np.all(BOUNDS.longest_at_rad[GROUP_INDEX[MuscleGroup.CALF, Side.LEFT], :3] == 0.0)


def test_the_search_gives_the_same_bytes_each_time_and_survives_the_codec() -> None:
    raw = encode(BOUNDS)
    assert encode(range_bounds(FakeAnatomy())) == raw
    assert encode(decode(raw, RangeBounds)) == raw


def test_kept_bounds_are_told_apart_when_their_ground_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = bounds_fingerprint()
    assert before == bounds_fingerprint()
    monkeypatch.setattr("lengthwise.tissue.range.joint_limit_table", lambda: ())
    assert bounds_fingerprint() != before


def test_a_model_without_a_fascicle_of_the_table_is_named() -> None:
    model = FakeAnatomy()
    model.muscle_names = tuple("other" if n == "piri_l" else n for n in model.muscle_names)
    with pytest.raises(ValueError, match="piri_l"):
        GroupLengths.over(model)
