"""Sensors on segments that lie in the zero pose: a second stated axis sets them."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from lengthwise.body import estimator
from lengthwise.body.imu_estimate import ImuMemory, seen_up, set_axes
from lengthwise.body.imu_geometry import AXIS_VECTOR
from lengthwise.body.segment_ups import UP_OF, ups_of, worn_like
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import (
    Axis,
    ImuStream,
    PersonSignal,
    Posture,
    Segment,
    SignalKind,
    Tick,
    View,
)
from lengthwise.contracts.states import BodyState, Estimate, Unseen
from lengthwise.live.evaluation.differences import difference
from lengthwise.live.evaluation.track import track
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import EXACT, Script, film

SUPINE = posture_mean_rad(Posture.SUPINE)
LYING = [
    (Posture.SUPINE, Segment.PELVIS),
    (Posture.SUPINE, Segment.THIGH_L),
    (Posture.PRONE, Segment.THIGH_R),
    (Posture.PRONE, Segment.PELVIS),
    (Posture.FOUR_POINT, Segment.PELVIS),
    (Posture.FOUR_POINT, Segment.SHANK_L),
    (Posture.SITTING, Segment.THIGH_L),
]
WORN = [(front, up) for front in Axis for up in Axis if front.value[1] != up.value[1]]


def in_sensor(stream: ImuStream, up_segment: np.ndarray) -> tuple[float, float, float]:
    """Up in a sensor worn exactly as stated, from up in its segment (3,)."""
    assert stream.forward_axis is not None and stream.up_axis is not None
    front, up = np.array(AXIS_VECTOR[stream.forward_axis]), np.array(AXIS_VECTOR[stream.up_axis])
    x, y, z = np.stack([front, np.cross(up, front), up]).T @ up_segment
    return float(x), float(y), float(z)


@pytest.mark.parametrize(("posture", "segment"), LYING)
def test_a_lying_sensor_reads_every_later_attitude(posture: Posture, segment: Segment) -> None:
    """However it is worn: set in the start posture, it then reads up in its segment anywhere."""
    zero = ups_of(posture_mean_rad(posture))[UP_OF[segment]]
    turns = Rotation.random(5, random_state=1).as_matrix()
    for front, up in WORN:
        stream = ImuStream(segment, 100.0, forward_axis=front, up_axis=up)
        assert worn_like(stream, in_sensor(stream, zero), zero), stream
        memory = set_axes(stream, ImuMemory(), in_sensor(stream, zero), zero)
        for turn in turns:
            np.testing.assert_allclose(
                seen_up(memory, in_sensor(stream, turn @ zero)),
                turn @ zero,
                atol=1e-9,
                err_msg=str(stream),
            )


def test_without_a_level_axis_it_is_not_set() -> None:
    """Supine, the stated front of a thigh points up and says nothing of where its length lies."""
    supine = ups_of(SUPINE)[UP_OF[Segment.THIGH_L]]
    stream = ImuStream(Segment.THIGH_L, 100.0, forward_axis=Axis.Z)
    assert set_axes(stream, ImuMemory(), (0.0, 0.0, 1.0), supine).axes is None
    upright = ups_of(np.zeros_like(SUPINE))[UP_OF[Segment.THIGH_L]]
    along = ImuStream(Segment.THIGH_L, 100.0, up_axis=Axis.Y)
    assert set_axes(along, ImuMemory(), (0.0, 1.0, 0.0), upright).axes is None
    assert set_axes(along, ImuMemory(), (0.0, 0.0, 1.0), supine).axes is not None


def test_a_thigh_that_stands_is_not_taken_for_one_that_lies() -> None:
    zero = ups_of(SUPINE)[UP_OF[Segment.THIGH_L]]
    for front, up in ((Axis.Z, Axis.Y), (None, Axis.Y)):
        stream = ImuStream(Segment.THIGH_L, 100.0, forward_axis=front, up_axis=up)
        assert worn_like(stream, (0.0, 0.1, 0.99), zero)
        assert not worn_like(stream, (0.0, 0.95, 0.31), zero)
    both = ImuStream(Segment.THIGH_L, 100.0, forward_axis=Axis.Z, up_axis=Axis.Y)
    assert not worn_like(both, (0.0, 0.0, -1.0), zero), "face down"


def leg_raise(*sources: View | Segment) -> tuple[BodyState, Estimate]:
    """The last estimate of a leg raise begun supine, by exact sensors; how far the hip has moved
    since a mark on the way."""
    motion = next(m for m in motions() if m.name == "leg_raise")
    script = Script(
        motion,
        3,
        ((3.0, 0.0), (6.0, 0.7), (8.0, 0.7)),
        views=(View.LEFT,),
        segments=(Segment.THIGH_L,),
        stand_s=0.0,
        spread=EXACT,
        noise=0.0,
    )
    filmed = film(script)
    params = estimator.Params(
        tuple(filmed.streams[s] for s in sources), motion.posture, motion.start_rad
    )
    mark = PersonSignal(4.5, SignalKind.FIRST_RESISTANCE)
    observations = sorted([*filmed.observations(sources), mark], key=lambda o: o.t_s)
    body = track(params, observations).states[-1]
    moved = difference(body, body.marks[-1])
    hip = INDEX[Coordinate.HIP_FLEXION_L]
    then, now = filmed.truth_at(np.array([mark.t_s, body.t_s]))[:, hip]
    assert abs(moved.mean - (now - then)) < 1.96 * moved.sd
    return body, moved


def test_a_leg_raise_begun_supine_is_better_known_with_a_sensor_on_the_thigh() -> None:
    (_, alone), (body, worn) = leg_raise(View.LEFT), leg_raise(View.LEFT, Segment.THIGH_L)
    assert worn.sd < 0.85 * alone.sd
    assert body.unseen[INDEX[Coordinate.HIP_FLEXION_L]] is not Unseen.NOT_CALIBRATED


def test_the_mount_is_as_good_as_the_stated_axis_about_the_vertical() -> None:
    """And otherwise as good as the posture is known, but never better than 8 degrees there."""
    motion = next(m for m in motions() if m.name == "leg_raise")
    script = Script(motion, 0, ((4.0, 0.0),), (View.LEFT,), (Segment.THIGH_L,), 0.0, EXACT, 0.0)
    filmed = film(script)
    sources = (View.LEFT, Segment.THIGH_L)
    params = estimator.Params(
        tuple(filmed.streams[s] for s in sources), motion.posture, motion.start_rad
    )
    state = estimator.start(params)
    for observation in filmed.observations(sources):
        state, _ = estimator.step(params, state, observation)
    assert state.imus[0].axes is not None
    mount = params.model.layout.mount(0)
    sds = np.degrees(np.sqrt(state.covariance[mount, mount].diagonal()))
    assert sds[0] == pytest.approx(8.0, abs=0.2)
    assert (sds[1:] > 2.0).all() and (sds[1:] < 20.0).all()


@pytest.mark.parametrize(("segment", "set_"), [(Segment.PELVIS, False), (Segment.THIGH_L, True)])
def test_on_all_fours_only_what_the_floor_holds_is_set(segment: Segment, set_: bool) -> None:
    """A rounded back looks level from the side; thighs over the knees do not lean."""
    motion = next(m for m in motions() if m.name == "cat_cow")
    script = Script(motion, 0, ((4.0, 0.0),), (View.LEFT,), (segment,), 0.0, EXACT, 0.0)
    filmed = film(script)
    params = estimator.Params((filmed.streams[segment],), motion.posture, motion.start_rad)
    state = estimator.start(params)
    for observation in filmed.observations((segment,)):
        state, _ = estimator.step(params, state, observation)
        state, _ = estimator.step(params, state, Tick(observation.t_s))
    assert state.zero.done
    assert (state.imus[0].axes is not None) is set_
