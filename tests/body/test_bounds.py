"""Floor, chair and joint limits: readings that nobody wears a sensor for."""

import numpy as np
import pytest

from lengthwise.body import projection
from lengthwise.body.bounds import contacts, kneeling_side, read_contacts, read_limits
from lengthwise.body.fusion import expected, update, weighed
from lengthwise.body.kinematic_chain import JOINT, joints_of
from lengthwise.body.process import Model, session_model
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.observation import Axis, ImuStream, Posture, Segment
from lengthwise.reference.postures import posture_mean_rad

BODY_M = np.array([0.10, 0.18, 0.21, 0.18, 0.10, 0.42, 0.42, 0.067, 0.06, 0.18])
DT_S = 1 / 30
UNSEEN = np.zeros(21, dtype=bool)


def model(posture: Posture) -> Model:
    stream = ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.X)
    return session_model((stream,), posture, joints_of(posture_mean_rad(posture)), body_m=BODY_M)


def contact_reading(posture: Posture, mean: np.ndarray, side: Side | None = None):  # type: ignore[no-untyped-def]
    m = model(posture)
    there = expected(m, mean, m.first, 1.0, dt_s=DT_S)
    return m, read_contacts(contacts(posture, side), mean, m.first, there, dt_s=DT_S)


def test_the_floor_brings_a_lying_chest_down_to_it() -> None:
    """A spine said to be bent up by 12 degrees while hips and shoulders lie on one floor."""
    mean = model(Posture.SUPINE).first_mean.copy()
    mean[JOINT["lumbar_flexion"]] = np.radians(12)
    m, reading = contact_reading(Posture.SUPINE, mean)
    assert reading is not None
    covariance = m.first
    for _ in range(300):
        there = expected(m, mean, covariance, 1.0, dt_s=DT_S)
        reading = read_contacts(contacts(Posture.SUPINE, None), mean, covariance, there, dt_s=DT_S)
        assert reading is not None
        after = update(mean, covariance, weighed(covariance, reading), considered=None)
        mean, covariance = after.mean, after.covariance
    heights = expected(m, mean, covariance, 1.0, dt_s=DT_S).here[projection.HEIGHTS_AT :]
    assert abs(heights[:2].mean() - heights[2:4].mean()) < 0.03


def test_a_leg_that_is_lifted_far_is_no_contact() -> None:
    """Bird-dog: the left shank is no longer level; the right one still stands."""
    mean = model(Posture.FOUR_POINT).first_mean.copy()
    _, resting = contact_reading(Posture.FOUR_POINT, mean)
    mean[JOINT["knee_flexion_l"]] = np.radians(-60)
    _, lifted = contact_reading(Posture.FOUR_POINT, mean)
    assert resting is not None and len(resting.innovation) == 2
    assert lifted is not None and len(lifted.innovation) == 1


def test_repeating_a_contact_makes_it_no_surer() -> None:
    """A second of frames weighs about as much as one look a second apart."""
    mean = model(Posture.SUPINE).first_mean
    _, often = contact_reading(Posture.SUPINE, mean)
    assert often is not None
    frames = 10.0 / DT_S
    assert often.noise[0, 0] / frames == pytest.approx(0.5 * 0.03**2, rel=0.5)


@pytest.mark.parametrize(
    ("bent", "side"), [("hip_flexion_r", Side.LEFT), ("hip_flexion_l", Side.RIGHT)]
)
def test_the_kneeling_side_is_that_of_the_straighter_hip(bent: str, side: Side) -> None:
    pose = np.zeros(21)
    pose[INDEX[Coordinate(bent)]] = np.radians(80)
    assert kneeling_side(pose) is side
    assert kneeling_side(np.zeros(21)) is None


def test_only_joints_beyond_their_range_are_drawn_back() -> None:
    now_rad = posture_mean_rad(Posture.STANDING)
    size = model(Posture.STANDING).layout.size
    assert read_limits(Posture.STANDING, now_rad, size, shown=UNSEEN, dt_s=DT_S) is None
    now_rad[INDEX[Coordinate.KNEE_FLEXION_R]] = np.radians(-20)
    reading = read_limits(Posture.STANDING, now_rad, size, shown=UNSEEN, dt_s=DT_S)
    assert reading is not None
    assert np.degrees(reading.innovation) == pytest.approx([20.0])
    assert reading.slope[0, JOINT["knee_flexion_r"]] == 1.0


def test_a_knee_that_is_shown_is_not_drawn_back() -> None:
    now_rad = posture_mean_rad(Posture.STANDING)
    now_rad[[INDEX[Coordinate.KNEE_FLEXION_L], INDEX[Coordinate.KNEE_FLEXION_R]]] = -0.3
    size, shown = model(Posture.STANDING).layout.size, UNSEEN.copy()
    shown[INDEX[Coordinate.KNEE_FLEXION_L]] = True
    reading = read_limits(Posture.STANDING, now_rad, size, shown=shown, dt_s=DT_S)
    assert reading is not None
    assert reading.slope[:, JOINT["knee_flexion_l"]].tolist() == [0.0]
    assert reading.slope[:, JOINT["knee_flexion_r"]].tolist() == [1.0]
    shown[INDEX[Coordinate.KNEE_FLEXION_R]] = True
    assert read_limits(Posture.STANDING, now_rad, size, shown=shown, dt_s=DT_S) is None


def test_the_chest_too_is_drawn_back_to_its_range() -> None:
    now_rad = np.zeros(21)
    now_rad[INDEX[Coordinate.THORAX_SIDE_BEND]] = np.radians(200)
    reading = read_limits(
        Posture.PRONE, now_rad, model(Posture.PRONE).layout.size, shown=UNSEEN, dt_s=DT_S
    )
    assert reading is not None
    assert np.degrees(reading.innovation[0]) < -90.0


@pytest.mark.parametrize(("posture", "drawn"), [(Posture.STANDING, True), (Posture.PRONE, False)])
def test_upright_the_chest_does_not_stay_far_back(posture: Posture, drawn: bool) -> None:
    now_rad = np.zeros(21)
    now_rad[INDEX[Coordinate.TRUNK_FLEXION]] = np.radians(-50)
    reading = read_limits(posture, now_rad, model(posture).layout.size, shown=UNSEEN, dt_s=DT_S)
    if drawn:
        assert reading is not None
        assert np.degrees(reading.innovation) == pytest.approx([30.0])
    else:
        assert reading is None
