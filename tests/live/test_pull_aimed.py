"""How well a pull lies along the line of its muscle: by hand on a bare leg, then on a real one."""

from functools import lru_cache
from math import cos, radians, sin
from types import SimpleNamespace
from typing import cast

import mujoco
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.band.pull_line import pull_alignment
from lengthwise.band.torque import Anchors
from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import ANATOMICAL, COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.devices import ForceSample, Pull, Use, WornDevice
from lengthwise.contracts.home import data_home
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.contracts.observation import Posture, RecordingHeader
from lengthwise.contracts.person import Person
from lengthwise.contracts.pull import PullTotals
from lengthwise.contracts.session import (
    LOG_VERSION,
    DeviceLogged,
    FrameLogged,
    SessionConfig,
    SessionStarted,
)
from lengthwise.contracts.states import BodyState, Estimate, TissueState, Unseen
from lengthwise.live.params import range_bounds
from lengthwise.live.pull_measured import pull_measured
from lengthwise.live.pull_taken import PullTaken
from lengthwise.live.pull_told import aim_told
from lengthwise.reference.exercises import exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.tissue.range import RangeBounds

BEND, AWAY = Coordinate.HIP_FLEXION_L, Coordinate.HIP_ADDUCTION_L
SURE = np.zeros((len(COORDINATES), len(COORDINATES)))
LEG_M = 0.8
angles = st.floats(-180.0, 180.0)


def bare_leg(pose_rad: np.ndarray, point_m: np.ndarray) -> np.ndarray:
    """A straight leg that hangs from the origin: bends to +x, and aside to -y, for small angles."""
    bend, aside = pose_rad[INDEX[BEND]], pose_rad[INDEX[AWAY]]
    down_m = float(-point_m[2])
    return np.array([sin(bend), -sin(aside), -1.0]) * down_m + point_m * [1.0, 1.0, 0.0]


def towards(deg: float) -> Anchors:
    """Far away, level with the foot, `deg` from straight ahead to the side."""
    far_m = 1e4 * np.array([cos(radians(deg)), -sin(radians(deg)), 0.0])
    foot_m = np.array([0.0, 0.0, -LEG_M])
    return Anchors(foot_m, foot_m + far_m, 0.0, 0.0)


def slopes(**of: float) -> np.ndarray:
    found = np.zeros(len(ANATOMICAL))
    for name, value in of.items():
        found[ANATOMICAL.index(Coordinate(name))] = value
    return found


def aligned(anchors: Anchors, uphill: np.ndarray, covariance: np.ndarray = SURE) -> Estimate | None:
    return pull_alignment(
        anchors,
        bare_leg,
        pose_rad=np.zeros(len(COORDINATES)),
        covariance_rad2=covariance,
        uphill=uphill,
    )


@given(angles, angles)
def test_it_is_the_cosine_between_pull_and_line(pull_deg: float, line_deg: float) -> None:
    """A muscle that two joints lengthen alike is as a line in their plane."""
    line = radians(line_deg)
    uphill = slopes(hip_flexion_l=cos(line) or 1e-9, hip_adduction_l=sin(line) or 1e-9)
    found = aligned(towards(pull_deg), 3.0 * uphill)
    assert found is not None
    assert found.mean == pytest.approx(cos(radians(pull_deg - line_deg)), abs=1e-3)
    assert found.sd == 0.0


def test_a_pull_without_a_lever_or_a_direction_has_no_line() -> None:
    foot_m = np.array([0.0, 0.0, -LEG_M])
    along = Anchors(foot_m, np.array([0.0, 0.0, -5.0]), 0.0, 0.0)
    assert aligned(along, slopes(hip_flexion_l=1.0)) is None
    assert aligned(Anchors(foot_m, foot_m, 0.0, 0.0), slopes(hip_flexion_l=1.0)) is None
    assert aligned(towards(0.0), slopes()) is None


def test_the_sd_is_that_of_drawn_anchors() -> None:
    foot_m, fixed_m = np.array([0.0, 0.0, -LEG_M]), np.array([0.5, -0.5, -LEG_M])
    uphill, rng = slopes(hip_flexion_l=1.0, hip_adduction_l=1e-9), np.random.default_rng(2)
    told = aligned(Anchors(foot_m, fixed_m, 0.02, 0.03), uphill)
    drawn = [
        aligned(
            Anchors(foot_m + rng.normal(0, 0.02, 3), fixed_m + rng.normal(0, 0.03, 3), 0.0, 0.0),
            uphill,
        )
        for _ in range(800)
    ]
    assert told is not None
    assert told.sd == pytest.approx(np.std([d.mean for d in drawn if d is not None]), rel=0.1)


@lru_cache
def ground() -> tuple[Anatomy, RangeBounds]:
    anatomy = Anatomy.build()
    return anatomy, range_bounds(anatomy, data_home())


def session(
    fixed_m: tuple[float, float, float] | None, *, held: bool = True, works: Side = Side.LEFT
) -> PullTotals:
    """The left leg of who lies on the back, raised by 60 degrees, pulled at the ankle in two holds
    to a place of the room: forward (towards the feet), up, right of the pelvis."""
    anatomy, bounds = ground()
    pull = Pull(BEND, lever_m=LEG_M)
    if fixed_m is not None:
        pull = Pull(BEND, bone="tibia_l", limb_m=(0.0, -0.4, 0.0), fixed_m=fixed_m)
    config = SessionConfig(
        exercise_id="supine_hamstring",
        posture=Posture.SUPINE.value,
        mass_kg=70.0,
        devices=(WornDevice("gauge", Use.PULL, pull=pull),),
    )
    started = SessionStarted(
        LOG_VERSION, "s", "2026-01-31T08:15:00Z", "t", config, RecordingHeader("live", "live", ()),
        Person("a"),
    )  # fmt: skip
    pose = posture_mean_rad(Posture.SUPINE)
    pose[INDEX[BEND]] = radians(60.0)
    groups, taken = np.zeros(len(GROUP_SIDES)), PullTaken(started, anatomy)
    for n in range(20):
        t_s = 0.2 * (n + 1)
        body = BodyState(t_s, pose, SURE, (Unseen.CLAIMED,) * len(COORDINATES), 1.0)
        taken.take(DeviceLogged(ForceSample(t_s, "gauge", 90.0)))
        phase = Phase.HOLD if held and n % 10 > 4 else Phase.EASE_IN
        guidance = cast(Guidance, SimpleNamespace(phase=phase, side=works))
        tissue = TissueState(t_s, groups, groups, groups, groups, (), ())
        taken.take(FrameLogged(body, tissue, guidance))
    measured = pull_measured(
        taken, started, exercise("supine_hamstring"), lambda: (), earlier_beside=None,
        bounds=lambda: bounds,
    )  # fmt: skip
    assert measured.totals is not None
    return measured.totals


HEADWARDS, ASIDE = (-3.0, 1.0, -0.1), (-1.0, 1.0, -3.0)
"""Of the room: behind the head, above the floor; and mostly to the left."""


def test_a_strap_towards_the_head_lies_along_the_hamstrings_and_one_to_the_side_less() -> None:
    along, aside = session(HEADWARDS).line_alignment, session(ASIDE).line_alignment
    assert along is not None and aside is not None
    assert along.mean - 1.96 * along.sd > 0.9
    assert aside.mean + 1.96 * aside.sd < 0.8
    (line,) = aim_told(session(HEADWARDS))
    assert line.startswith(f"the pull lay along the line of what is stretched by {along.mean:.2f}")


def test_nothing_is_told_of_a_lever_of_no_hold_or_of_the_other_side() -> None:
    for totals in (
        session(None),
        session(HEADWARDS, held=False),
        session(HEADWARDS, works=Side.RIGHT),
    ):
        assert totals.line_alignment is None and aim_told(totals) == []


def test_a_pull_is_read_without_another_body_for_every_pose(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With one each a reading took half a second, five times a second, of a session that is led."""
    anatomy, _ = ground()
    made, one = [], mujoco.MjData

    def counted(model: mujoco.MjModel) -> mujoco.MjData:
        made.append(model)
        return one(model)

    monkeypatch.setattr(mujoco, "MjData", counted)
    session(HEADWARDS)
    assert anatomy is ground()[0] and 0 < len(made) < 20
