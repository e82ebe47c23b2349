"""A sensor that standing could not set about the vertical reads a roll in full once one lies."""

from functools import cache

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from lengthwise.body import estimator
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import ImuSample, Posture, Segment, Tick
from lengthwise.contracts.states import BodyState, Unseen
from lengthwise.reference.exercises import exercise
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim import imu
from lengthwise.sim.displaced import displaced
from lengthwise.sim.motion import between, eased
from lengthwise.sim.skeleton import Figure, blended, figure
from lengthwise.sim.stance import Stance

_STOOD_S, _LAY_S, _ROLLS_S, _END_S = 4.0, 8.0, 11.0, 14.0
_OBLIQUITY = INDEX[Coordinate.PELVIS_OBLIQUITY]
_WORN = (Segment.PELVIS, Segment.T12, Segment.THIGH_L, Segment.THIGH_R)
_STANCE = Stance(exercise("bridge"))
_UPRIGHT, _DOWN = posture_mean_rad(Posture.STANDING), _STANCE.pose_rad(0.0)


def _figure(t_s: float, roll_rad: float, posture: Posture) -> Figure:
    standing = figure(_UPRIGHT, height_m=1.7, posture=Posture.STANDING)
    if posture is Posture.STANDING or t_s <= _STOOD_S:
        return standing
    down = eased((t_s - _STOOD_S) / (_LAY_S - _STOOD_S))
    rolled_rad = roll_rad * eased(t_s - _ROLLS_S)
    pose = (
        _DOWN if down < 1.0 else displaced(_DOWN, Coordinate.PELVIS_OBLIQUITY, rolled_rad, _STANCE)
    )
    pose = between(_UPRIGHT, pose, (t_s - _STOOD_S) / (_LAY_S - _STOOD_S))
    lying = figure(pose, height_m=1.7, posture=posture)
    return blended(figure(pose, height_m=1.7, posture=Posture.STANDING), lying, down)


@cache
def _states(
    yaw_deg: float, roll_deg: float, posture: Posture = Posture.SUPINE
) -> tuple[estimator.State, tuple[BodyState, ...]]:
    """By exact sensors of which that on the sacrum is worn turned about the vertical."""
    worn = {segment: imu.Imu(segment, 0, noise=0.0) for segment in _WORN}
    felt = {segment: imu.State() for segment in _WORN}
    turned = Rotation.from_euler("z", yaw_deg, degrees=True).as_matrix().T
    start = _UPRIGHT if posture is Posture.STANDING else _DOWN
    streams = tuple(sensor.stream() for sensor in worn.values())
    params = estimator.Params(streams, posture, start, zero_s=(0.5, _STOOD_S), pelvis_kept=True)
    state, states = estimator.start(params), []
    for n in range(round(_END_S * 100.0)):
        t_s = n / 100.0
        body = _figure(t_s, np.radians(roll_deg), posture)
        for segment, sensor in worn.items():
            felt[segment], sample = imu.step(sensor, felt[segment], t_s, body)
            to_sensor = turned if segment is Segment.PELVIS else np.eye(3)
            # One that repeats itself to the last digit is taken for dead.
            force = np.array(sample.acc_m_s2) + 1e-3 * (-1) ** n
            acc = tuple((to_sensor @ force).tolist())
            gyr = tuple((to_sensor @ np.array(sample.gyr_rad_s)).tolist())
            state, _ = estimator.step(params, state, ImuSample(t_s, segment, acc, gyr))
        if n % 5 == 0:
            state, out = estimator.step(params, state, Tick(t_s))
            assert out.state is not None
            states.append(out.state)
    return state, tuple(states)


def _change_deg(states: tuple[BodyState, ...]) -> float:
    """Of the obliquity, from the end of the rest to two seconds after the roll began."""
    rest, rolled = (
        next(s for s in states if s.t_s >= at_s) for at_s in (_ROLLS_S - 0.1, _ROLLS_S + 2.0)
    )
    return float(np.degrees(rolled.mean_rad[_OBLIQUITY] - rest.mean_rad[_OBLIQUITY]))


@pytest.mark.parametrize(("yaw_deg", "roll_deg"), [(-8.0, 13.0), (8.0, 13.0), (8.0, -13.0)])
def test_a_pelvis_that_rolls_is_read_nearly_in_full(yaw_deg: float, roll_deg: float) -> None:
    """Chest and thighs stay. Without the rest weighed with the mountings free it was 0.52."""
    _, states = _states(yaw_deg, roll_deg)
    assert 0.7 < _change_deg(states) / roll_deg < 1.1


@pytest.mark.parametrize(("yaw_deg", "roll_deg"), [(-8.0, 13.0), (8.0, 13.0)])
def test_the_roll_is_claimed_and_lies_within_its_interval(yaw_deg: float, roll_deg: float) -> None:
    """No camera shows the hips: what the sensor settled to is enough, and states its own doubt."""
    _, states = _states(yaw_deg, roll_deg)
    rolled = next(s for s in states if s.t_s >= _ROLLS_S + 2.0)
    sd_deg = np.degrees(np.sqrt(rolled.covariance_rad2[_OBLIQUITY, _OBLIQUITY]))
    assert rolled.unseen[_OBLIQUITY] is Unseen.CLAIMED
    assert abs(np.degrees(rolled.mean_rad[_OBLIQUITY]) - roll_deg) < 1.96 * sd_deg


@pytest.mark.parametrize("yaw_deg", [-8.0, 8.0])
def test_how_it_is_worn_is_learnt_as_far_as_the_posture_is_known_and_no_further(
    yaw_deg: float,
) -> None:
    """sm sx / sqrt(sm^2 + sx^2) with 8 degrees of the axis and 9 of an unseen roll: 6.0; a little
    less, as chest and thighs lie with it."""
    state, states = _states(yaw_deg, 13.0)
    rest = next(s for s in states if s.t_s >= _ROLLS_S - 0.1)
    sd_deg = np.degrees(np.sqrt(rest.covariance_rad2[_OBLIQUITY, _OBLIQUITY]))
    assert 4.0 < sd_deg < 6.5
    assert abs(np.degrees(rest.mean_rad[_OBLIQUITY])) < sd_deg
    assert state.settling.done


def test_who_stays_upright_is_read_as_before() -> None:
    """Nothing inclines, so there is nothing more to learn: the search is over at once."""
    state, _ = _states(8.0, 0.0, Posture.STANDING)
    assert state.settling.done and state.settling.since_s is None
