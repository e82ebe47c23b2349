"""Force in the stretch: torque about a joint from a band, and what becomes of it over weeks."""

from math import cos, hypot, pi, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.band.over_weeks import change
from lengthwise.band.torque import Anchors, band_torque, on_bone
from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.measured_torque import RangeKind, applied_torque, extensibility, tolerance
from lengthwise.tissue.tension_window import torque_position

HIP = INDEX[Coordinate.HIP_FLEXION_L]
SIZE = len(COORDINATES)
SURE = np.zeros((SIZE, SIZE))


def leg(pose_rad: np.ndarray, point_m: np.ndarray) -> np.ndarray:
    """A leg in a plane, turning about the origin: hanging down at 0, to the front with flexion."""
    angle = float(pose_rad[HIP])
    turn = np.array([[cos(angle), -sin(angle), 0.0], [sin(angle), cos(angle), 0.0], [0, 0, 1.0]])
    return np.asarray(turn @ point_m)


def pull(
    angle_rad: float,
    *,
    force_n: Estimate,
    fixed_m: tuple[float, float, float],
    limb_sd_m: float = 0.0,
    fixed_sd_m: float = 0.0,
    angle_sd_rad: float = 0.0,
) -> Estimate:
    pose, covariance = np.zeros(SIZE), SURE.copy()
    pose[HIP], covariance[HIP, HIP] = angle_rad, angle_sd_rad**2
    anchors = Anchors(np.array([0.0, -0.8, 0.0]), np.array(fixed_m), limb_sd_m, fixed_sd_m)
    found = band_torque(
        force_n,
        anchors,
        leg,
        pose_rad=pose,
        covariance_rad2=covariance,
        coordinate=Coordinate.HIP_FLEXION_L,
    )
    assert found is not None
    return found


def test_a_pull_square_to_the_leg_is_force_times_lever() -> None:
    """80 N at 0.8 m from the hip, forwards: 64 N.m into flexion; to the back as much against it."""
    forward = pull(0.0, force_n=Estimate(80.0, 0.0), fixed_m=(100.0, -0.8, 0.0))
    back = pull(0.0, force_n=Estimate(80.0, 0.0), fixed_m=(-100.0, -0.8, 0.0))
    assert forward.mean == pytest.approx(64.0, rel=1e-4)
    assert back.mean == pytest.approx(-64.0, rel=1e-4)


def test_a_pull_along_the_leg_turns_nothing() -> None:
    along = pull(0.0, force_n=Estimate(80.0, 1.0), fixed_m=(0.0, 2.0, 0.0))
    assert along.mean == pytest.approx(0.0, abs=1e-6)


@given(st.floats(0.0, 1.4), st.floats(0.5, 3.0), st.floats(-1.0, 2.0))
def test_it_is_the_cross_product(angle_rad: float, x_m: float, y_m: float) -> None:
    """Axis z through the origin: r x F."""
    r = leg(np.eye(SIZE)[HIP] * angle_rad, np.array([0.0, -0.8, 0.0]))
    way = np.array([x_m, y_m, 0.0]) - r
    force = 80.0 * way / np.linalg.norm(way)
    by_hand = float(np.cross(r, force)[2])
    found = pull(angle_rad, force_n=Estimate(80.0, 0.0), fixed_m=(x_m, y_m, 0.0))
    assert found.mean == pytest.approx(by_hand, abs=1e-4)


def test_errors_are_those_of_the_hand_formula() -> None:
    """`tissue.measured_torque.applied_torque`, where the other anchor is far away: what errs there
    in the angle between limb and pull is here the angle of the joint."""
    angle_rad = pi / 3
    found = pull(
        angle_rad,
        force_n=Estimate(80.0, 2.0),
        fixed_m=(0.0, 1e4, 0.0),
        limb_sd_m=0.02,
        angle_sd_rad=0.05,
    )
    by_hand = applied_torque(
        Estimate(80.0, 2.0), Estimate(0.8, 0.02), Estimate(pi - angle_rad, 0.05)
    )
    along_m = 80.0 * 0.02 * cos(angle_rad)
    assert found.mean == pytest.approx(by_hand.mean, rel=1e-3)
    # Our anchor also errs across the limb, which the hand formula does not know.
    assert found.sd == pytest.approx(hypot(by_hand.sd, along_m), rel=0.01)


@given(st.floats(0.0, 0.1), st.floats(0.0, 0.05), st.floats(0.0, 0.2))
def test_more_doubt_never_makes_it_surer(fixed_m: float, limb_m: float, angle_rad: float) -> None:
    force_n = Estimate(80.0, 1.0)
    sure = pull(0.7, force_n=force_n, fixed_m=(1.0, 0.5, 0.0))
    less = pull(
        0.7,
        force_n=force_n,
        fixed_m=(1.0, 0.5, 0.0),
        limb_sd_m=limb_m,
        fixed_sd_m=fixed_m,
        angle_sd_rad=angle_rad,
    )
    assert less.sd >= sure.sd - 1e-9
    assert less.mean == sure.mean


def test_anchors_that_meet_have_no_torque() -> None:
    anchors = Anchors(np.array([0.0, -0.8, 0.0]), np.array([0.0, -0.8, 0.0]), 0.01, 0.01)
    assert (
        band_torque(
            Estimate(80.0, 1.0),
            anchors,
            leg,
            pose_rad=np.zeros(SIZE),
            covariance_rad2=SURE,
            coordinate=Coordinate.HIP_FLEXION_L,
        )
        is None
    )


@pytest.mark.parametrize("side", ["l", "r"])
def test_on_the_anatomical_model_a_leg_is_its_own_lever(side: str) -> None:
    """A band that draws the heel where flexion takes it, on either side."""
    anatomy = Anatomy.build()
    heel = on_bone(anatomy, f"calcn_{side}")
    pose = np.zeros(SIZE)
    at = heel(pose, np.zeros(3))
    hip = Coordinate(f"hip_flexion_{side}")
    step = pose.copy()
    step[INDEX[hip]] = 0.01
    ahead = heel(step, np.zeros(3)) - at
    anchors = Anchors(np.zeros(3), at + 1000.0 * ahead / np.linalg.norm(ahead), 0.0, 0.0)
    found = band_torque(
        Estimate(80.0, 0.0),
        anchors,
        heel,
        pose_rad=pose,
        covariance_rad2=SURE,
        coordinate=hip,
    )
    assert found is not None
    assert found.mean == pytest.approx(80.0 * float(np.linalg.norm(ahead)) / 0.01, rel=0.01)
    assert 55.0 < found.mean < 80.0, "a leg is 0.7 to 1 m from hip to heel"


def test_a_ramp_by_a_band_tells_the_window_in_torque_and_two_results() -> None:
    """A hip that resists with 2 N.m at 20 degrees and twice as much each 12 degrees further."""
    angle_rad = np.radians(np.linspace(20.0, 62.0, 200))
    resisting_nm = 2.0 * 2.0 ** ((np.degrees(angle_rad) - 20.0) / 12.0)
    standard = extensibility(
        Coordinate.HIP_FLEXION_L,
        angle_rad,
        resisting_nm,
        standard_nm=15.0,
        angle_sd_rad=0.02,
        torque_sd_nm=0.8,
    )
    borne = tolerance(
        Coordinate.HIP_FLEXION_L, Estimate(float(angle_rad[-1]), 0.02), Estimate(22.6, 0.8)
    )
    assert standard is not None
    assert standard.kind is RangeKind.EXTENSIBILITY
    assert np.degrees(standard.angle_rad.mean) == pytest.approx(54.9, abs=0.3)
    assert borne.angle_rad.mean > standard.angle_rad.mean
    position = torque_position(
        Estimate(15.0, 0.8), first_nm=Estimate(4.0, 0.8), tolerance_nm=Estimate(22.6, 0.8)
    )
    assert position is not None
    assert position.mean == pytest.approx(11.0 / 18.6)


def test_a_change_over_weeks_is_told_only_where_it_is_sure() -> None:
    weeks = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    steady = change(weeks, [Estimate(0.25 + 0.01 * (-1) ** k, 0.03) for k in range(8)])
    falling = change(weeks, [Estimate(0.35 - 0.02 * k, 0.03) for k in range(8)])
    assert steady is not None
    assert falling is not None
    assert not steady.told
    assert falling.told
    assert falling.per_week.mean == pytest.approx(-0.02)


@given(st.lists(st.floats(0.0, 0.5), min_size=3, max_size=12), st.floats(0.01, 0.2))
def test_what_all_holds_share_is_no_change(losses: list[float], shift: float) -> None:
    weeks = [float(k) for k in range(len(losses))]
    one = change(weeks, [Estimate(x, 0.05) for x in losses])
    other = change(weeks, [Estimate(x + shift, 0.05) for x in losses])
    if one is None or other is None:
        assert weeks[-1] < 2.0
        return
    assert other.per_week.mean == pytest.approx(one.per_week.mean, abs=1e-9)


def test_few_holds_or_days_tell_nothing() -> None:
    assert change([0.0, 3.0], [Estimate(0.2, 0.01)] * 2) is None
    assert change([0.0, 0.5, 1.0], [Estimate(0.2, 0.01)] * 3) is None
