"""The tables of muscle groups and joint limits: whole, sourced, symmetric."""

from collections import Counter
from math import degrees

import pytest

from lengthwise.contracts.coordinates import COORDINATES, Coordinate, Side, mirrored
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.reference.constants import Status, constants
from lengthwise.reference.joint_limits import (
    feasible_limits_rad,
    joint_limit_table,
    joint_limits_rad,
    normal_range_rad,
)
from lengthwise.reference.muscle_groups import fascicles, muscle_group_table


def test_every_group_has_both_sides_with_the_same_fascicles_and_weights() -> None:
    for group in MuscleGroup:
        left, right = fascicles(group, Side.LEFT), fascicles(group, Side.RIGHT)
        assert left
        assert {(f.muscle.removesuffix("_l"), f.weight_n) for f in left} == {
            (f.muscle.removesuffix("_r"), f.weight_n) for f in right
        }


def test_a_fascicle_is_in_one_group_with_a_positive_weight_and_the_side_of_its_name() -> None:
    seen = Counter(f.muscle for f in muscle_group_table())
    assert max(seen.values()) == 1
    for fascicle in muscle_group_table():
        assert fascicle.weight_n > 0.0
        assert fascicle.muscle.endswith(f"_{fascicle.side.value}")


def test_fascicle_counts_are_those_of_the_model() -> None:
    """Psoas 22, iliocostalis 24, longissimus 52, QL 36, multifidus 50 in both sides together."""
    counts = Counter(f.group for f in muscle_group_table())
    assert counts[MuscleGroup.PSOAS] == 22
    assert counts[MuscleGroup.ILIOCOSTALIS] == 24
    assert counts[MuscleGroup.LONGISSIMUS] == 52
    assert counts[MuscleGroup.QUADRATUS_LUMBORUM] == 36
    assert counts[MuscleGroup.MULTIFIDUS] == 50


def test_no_verdict_rests_on_obliques_or_on_a_cut_psoas() -> None:
    for fascicle in muscle_group_table():
        assert not fascicle.muscle.startswith(("EO", "IO", "Ps_"))
        assert fascicle.muscle not in ("psoas_l", "psoas_r")


@pytest.mark.parametrize("coordinate", COORDINATES)
def test_zero_standing_is_inside_every_normal_range(coordinate: Coordinate) -> None:
    low_rad, high_rad = joint_limits_rad()[coordinate]
    assert low_rad <= 0.0 < high_rad
    assert normal_range_rad(coordinate) == pytest.approx(high_rad - low_rad)


@pytest.mark.parametrize("coordinate", COORDINATES)
def test_limits_are_symmetric_between_left_and_right(coordinate: Coordinate) -> None:
    other, sign = mirrored(coordinate)
    low_rad, high_rad = joint_limits_rad()[coordinate]
    ends = sorted((sign * low_rad, sign * high_rad))
    assert list(joint_limits_rad()[other]) == pytest.approx(ends)


def test_every_limit_names_its_source_and_feasible_lies_within_normal() -> None:
    for row in joint_limit_table():
        assert row.source
        low_rad, high_rad = feasible_limits_rad()[row.coordinate]
        assert row.low_rad <= low_rad < high_rad <= row.high_rad


def test_lumbar_rotation_is_claimed_only_below_a_quarter_of_its_small_range() -> None:
    """Troke: 7 deg each way; so the 6 deg of the general rule would be far too wide."""
    assert degrees(normal_range_rad(Coordinate.LUMBAR_ROTATION)) / 4 == pytest.approx(3.5)


@pytest.mark.parametrize("area", ["tissue", "lumbar_load", "lumbar_surrogate", "nerve"])
def test_constants_lie_in_their_own_range_and_published_ones_cite_more_than_a_default(
    area: str,
) -> None:
    for name, entry in constants(area).items():
        assert entry.low <= entry.value <= entry.high, name
        assert entry.source, name
        if entry.status is not Status.EXPERT_DEFAULT:
            assert entry.source != "expert default", name


def test_model_uncertainty_is_stated_for_every_group() -> None:
    for group, _ in GROUP_SIDES:
        assert constants("tissue")[f"geometry_sd_m_{group.value}"].value > 0.0
