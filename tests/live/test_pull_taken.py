"""What a hold says of the pull, by hand: it is told of a still joint only, and a small movement is
taken out by what the way into the stretch showed."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import COORDINATES, Coordinate
from lengthwise.contracts.devices import ForceSample, Pull, Use, WornDevice
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.observation import RecordingHeader
from lengthwise.contracts.person import Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    DeviceLogged,
    FrameLogged,
    SessionConfig,
    SessionStarted,
)
from lengthwise.contracts.states import BodyState, Estimate, TissueState, Unseen
from lengthwise.live.pull_taken import PullTaken, _Row, growth_per_rad, relaxation

GROWTH = Estimate(4.0, 0.5)


def held(
    *, loss: float, moved_rad: float = 0.0, seconds: float = 40.0, seen: bool = True, way: int = 1
) -> list[_Row]:
    """80 N that fall evenly, by `loss` from the third second on within 30 s, while the joint moves
    evenly by `moved_rad` in the sense of the stretch."""
    rows = []
    for n in range(round(seconds / 0.2)):
        t_s = 0.2 * n
        share = min(max((t_s - 3.0) / 30.0, 0.0), 1.0)
        force_n = 80.0 * (1.0 - loss * share) * exp(GROWTH.mean * moved_rad * share)
        angle = Estimate(0.5 + way * moved_rad * share, 0.03) if seen else None
        rows.append(_Row(t_s, force_n, 0.4 * force_n, 1.0, angle))
    return rows


@given(st.floats(0.0, 0.4), st.sampled_from([1, -1]))
def test_a_still_joint_tells_what_went(loss: float, way: int) -> None:
    found = relaxation(held(loss=loss, way=way), GROWTH, way=way)
    assert found is not None and found.held_s == pytest.approx(30.0, abs=0.3)
    assert found.loss_ratio.mean == pytest.approx(loss, abs=0.02)
    assert found.begun_n == pytest.approx(80.0, rel=0.01)
    assert (found.angle_rad.mean, found.angle_rad.sd) == pytest.approx((0.5, 0.03))


@given(st.floats(0.0, 0.3), st.floats(-0.03, 0.03))
def test_a_small_movement_is_taken_out(loss: float, moved_rad: float) -> None:
    moved = relaxation(held(loss=loss, moved_rad=moved_rad), GROWTH, way=1)
    assert moved is not None
    assert moved.loss_ratio.mean == pytest.approx(loss, abs=0.025)


def test_what_was_taken_out_for_a_movement_is_doubted_by_how_well_its_growth_is_known() -> None:
    rows = held(loss=0.2, moved_rad=0.03)
    known, guessed = (relaxation(rows, Estimate(4.0, sd), way=1) for sd in (0.0, 4.0))
    assert known is not None and guessed is not None
    added = guessed.loss_ratio.sd**2 - known.loss_ratio.sd**2
    assert added == pytest.approx((4.0 * 0.03) ** 2, rel=0.15)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        held(loss=0.2, seconds=10.0),
        held(loss=0.2, moved_rad=0.1),
        held(loss=0.2, seen=False),
        [_Row(r.t_s, 0.02 * r.force_n, 0.0, 1.0, r.angle_rad) for r in held(loss=0.2)],
        held(loss=-0.6),
        held(loss=-1.2),
        held(loss=-15.0),
        held(loss=1.1),
    ],
    ids=["none", "short", "moved", "unseen", "slack", "harder", "doubled", "sixteenfold", "gone"],
)
def test_what_says_nothing_of_the_tissue_is_not_told(rows: list[_Row]) -> None:
    assert relaxation(rows, GROWTH, way=1) is None


def test_the_way_into_the_stretch_tells_how_steep_it_is() -> None:
    rows = [
        _Row(0.2 * n, 6.0 * exp(5.0 * 0.01 * n), 0.0, 1.0, Estimate(-0.01 * n, 0.03))
        for n in range(40)
    ]  # fmt: skip
    found = growth_per_rad(rows, way=-1)
    assert found.mean == pytest.approx(5.0, rel=1e-6)
    short = growth_per_rad(rows[:5], way=-1)
    assert short.sd == pytest.approx(2.0), "that of anybody"


def standing_torque_nm(fixed_m: tuple[float, float, float], *, way: int = 1) -> float:
    """Of 80 N at the left ankle of somebody who stands, about the left hip."""
    pull = Pull(
        Coordinate.HIP_FLEXION_L, way, bone="tibia_l", limb_m=(0.0, -0.4, 0.0), fixed_m=fixed_m
    )
    worn = SessionConfig(devices=(WornDevice("gauge", Use.PULL, pull=pull),))
    recording = RecordingHeader("live", "live", ())
    taken = PullTaken(
        SessionStarted(LOG_VERSION, "s", "2026-01-31T08:15:00Z", "t", worn, recording, Person("a")),
        Anatomy.build(),
    )
    count, groups = len(COORDINATES), np.zeros(len(GROUP_SIDES))
    for t_s in (1.0, 1.3):
        taken.take(DeviceLogged(ForceSample(t_s, "gauge", 80.0)))
        body = BodyState(
            t_s, np.zeros(count), np.zeros((count, count)), (Unseen.CLAIMED,) * count, 1.0
        )
        tissue = TissueState(t_s, groups, groups, groups, groups, (), ())
        taken.take(FrameLogged(body, tissue, None))
    measured = taken.measured()
    assert measured is not None
    return float(measured.resisting_nm[0])


def test_a_line_to_somewhere_in_front_bends_the_hip_and_one_behind_stretches_it() -> None:
    """The hip is some 0.08 m below the pelvis, the ankle 0.8 m below the hip: 80 N square to the
    leg are 64 N.m."""
    level_m = -0.88
    ahead = standing_torque_nm((3.0, level_m, -0.08))
    behind = standing_torque_nm((-3.0, level_m, -0.08), way=-1)
    assert ahead == pytest.approx(64.0, abs=5.0)
    assert behind == pytest.approx(64.0, abs=5.0)
    assert abs(standing_torque_nm((0.0, level_m, 3.0))) < 5.0, "to the right: no bending"
    assert abs(standing_torque_nm((-0.056, 3.0, -0.08))) < 5.0, "along the leg"


@given(st.floats(-20.0, 2.0), st.floats(-0.03, 0.03))
def test_what_is_told_is_a_share_that_a_sheet_can_hold(loss: float, moved_rad: float) -> None:
    found = relaxation(held(loss=loss, moved_rad=moved_rad), GROWTH, way=1)
    assert found is None or -0.5 <= found.loss_ratio.mean < 1.0
