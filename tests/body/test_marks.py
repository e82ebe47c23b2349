"""Poses that the person marks: a difference from them is surer than either."""

import numpy as np
import pytest
from stick_figure import camera, frame, imu_sample, side_figure

from lengthwise.body import estimator
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import ANATOMICAL, INDEX, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import (
    Axis,
    ImuStream,
    Observation,
    PersonSignal,
    Posture,
    Segment,
    SignalKind,
    View,
)
from lengthwise.contracts.states import BodyState

HIP = Coordinate.HIP_FLEXION_L
AT = ANATOMICAL.index(HIP)
TARGETS = ((MuscleGroup.HAMSTRINGS, Side.LEFT),)


PARAMS = estimator.Params((camera(View.LEFT),), Posture.STANDING, np.zeros(21))


def session(*, second_mark_s: float | None = None) -> BodyState:
    """A hip bent by 30 degrees, marked at 3 s, then bent further to 50."""
    params = PARAMS
    state, body = estimator.start(params), None
    for k in range(240):
        t_s = k / 30
        hip = np.interp(t_s, [2.0, 3.0, 4.0, 5.0], [0, 30, 30, 50])
        seen = frame(t_s, side_figure(hip_deg=(hip, 0)), View.LEFT)
        state, out = estimator.step(params, state, seen)
        body = out.state or body
        if k == 90 or t_s == second_mark_s:
            signal = PersonSignal(t_s, SignalKind.FIRST_RESISTANCE, TARGETS)
            state, _ = estimator.step(params, state, signal)
    assert body is not None
    return body


def test_the_errors_that_stay_cancel_in_the_difference() -> None:
    body = session()
    (mark,) = body.marks
    assert (mark.t_s, mark.kind, mark.targets) == (3.0, SignalKind.FIRST_RESISTANCE, TARGETS)
    difference = body.mean_rad[INDEX[HIP]] - mark.mean_rad[AT]
    variance = (
        body.covariance_rad2[INDEX[HIP], INDEX[HIP]]
        + mark.covariance_rad2[AT, AT]
        - 2.0 * mark.shared_rad2[AT, AT]
    )
    independent = body.covariance_rad2[INDEX[HIP], INDEX[HIP]] + mark.covariance_rad2[AT, AT]
    assert abs(np.degrees(difference) - 20.0) < 4.0
    assert 0.0 < variance < 0.8 * independent
    both = np.block(
        [
            [body.covariance_rad2[3:16, 3:16], mark.shared_rad2],
            [mark.shared_rad2.T, mark.covariance_rad2],
        ]
    )
    assert np.linalg.eigvalsh(both).min() > -1e-9


def test_a_mark_does_not_move_and_a_new_one_takes_its_place() -> None:
    (first,) = session().marks
    (later,) = session(second_mark_s=6.0).marks
    assert later.t_s == 6.0
    assert np.degrees(later.mean_rad[AT] - first.mean_rad[AT]) > 10.0


def said(t_s: float, kind: SignalKind, *groups: MuscleGroup) -> PersonSignal:
    return PersonSignal(t_s, kind, tuple((group, Side.LEFT) for group in groups))


FIRST, TOLERANCE = SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE
PSOAS, CALF = MuscleGroup.PSOAS, MuscleGroup.CALF


def moving(*signals: PersonSignal, until_s: float = 4.0) -> list[Observation]:
    """A hip that bends for 4 s over bent knees, with words of the person after the frames of their
    time."""
    hips = [(k / 30, float(np.interp(k / 30, [0.5, 3.5], [0, 60]))) for k in range(120)]
    frames = [
        frame(t, side_figure(hip_deg=(hip, 40), knee_deg=(110, 110)), View.LEFT)
        for t, hip in hips
        if t <= until_s
    ]
    return sorted([*frames, *signals], key=lambda o: (o.t_s, isinstance(o, PersonSignal)))


def last_of(
    observations: list[Observation], params: estimator.Params = PARAMS
) -> tuple[estimator.State, BodyState]:
    state, body = estimator.start(params), None
    for observation in observations:
        state, out = estimator.step(params, state, observation)
        body = out.state or body
    assert body is not None
    return state, body


def test_the_covariance_between_marks_is_that_of_the_moment_of_the_later() -> None:
    """What was known of the first mark against the present just before the second was taken."""
    first = said(1.5, FIRST, PSOAS)
    _, before = last_of(moving(first, until_s=2.5))
    _, after = last_of(moving(first, said(2.5, TOLERANCE, PSOAS)))
    later = after.marks[1]
    np.testing.assert_array_equal(later.earlier_rad2, before.marks[0].shared_rad2[None])
    shared = before.covariance_rad2[3:16, 3:16]
    np.testing.assert_allclose(
        later.covariance_rad2 - np.diag(later.covariance_rad2.diagonal()),
        shared - np.diag(shared.diagonal()),
        atol=1e-15,
    )
    # What no sensor shows is told with the doubt of its prior.
    assert (later.covariance_rad2.diagonal() <= shared.diagonal() + 1e-15).all()


def test_reading_and_marks_have_one_covariance() -> None:
    """Positive semidefinite, symmetric, and each pair surer as a difference than apart."""
    _, body = last_of(moving(said(1.0, FIRST, PSOAS), said(2.0, TOLERANCE, PSOAS),
                             said(3.0, FIRST, CALF)))  # fmt: skip
    joint = body.joint_covariance_rad2([0, 1, 2])
    whole = joint.transpose(0, 2, 1, 3).reshape(4 * 13, 4 * 13)
    np.testing.assert_allclose(whole, whole.T, atol=1e-12)
    assert np.linalg.eigvalsh(whole).min() > -1e-9
    hip = joint[:, :, AT, AT]
    for i in range(4):
        for k in range(i):
            assert hip[i, i] + hip[k, k] - 2.0 * hip[i, k] < 0.8 * (hip[i, i] + hip[k, k])


def test_any_order_of_marks_gives_the_same_covariance() -> None:
    _, body = last_of(moving(said(1.0, FIRST, PSOAS), said(2.0, TOLERANCE, PSOAS)))
    there, back = body.joint_covariance_rad2([0, 1]), body.joint_covariance_rad2([1, 0])
    np.testing.assert_array_equal(back, there[np.ix_([0, 2, 1], [0, 2, 1])])


def test_a_mark_that_is_taken_anew_leaves_the_others_as_they_were() -> None:
    signals = [said(1.0, FIRST, PSOAS), said(1.5, TOLERANCE, PSOAS), said(2.0, FIRST, CALF)]
    _, plain = last_of(moving(*signals))
    _, again = last_of(moving(*signals, said(2.5, TOLERANCE, PSOAS)))
    assert [(m.t_s, m.kind) for m in again.marks] == [(1.0, FIRST), (2.0, FIRST), (2.5, TOLERANCE)]
    assert [len(m.earlier_rad2) for m in again.marks] == [0, 1, 2]
    np.testing.assert_array_equal(
        again.joint_covariance_rad2([0, 1]), plain.joint_covariance_rad2([0, 2])
    )


def test_no_more_than_six_marks_are_kept_and_the_oldest_goes_first() -> None:
    groups = list(MuscleGroup)[:8]
    _, body = last_of(moving(*(said(1.0 + k / 4, FIRST, g) for k, g in enumerate(groups))))
    assert [m.t_s for m in body.marks] == [1.0 + k / 4 for k in range(2, 8)]
    assert [len(m.earlier_rad2) for m in body.marks] == list(range(6))
    whole = body.joint_covariance_rad2(range(6)).transpose(0, 2, 1, 3).reshape(7 * 13, 7 * 13)
    assert np.linalg.eigvalsh(whole).min() > -1e-9


@pytest.mark.parametrize("cut", [20, 47, 61, 80, 110])
def test_marks_are_saved_and_resumed_byte_for_byte(cut: int) -> None:
    observations = moving(said(1.5, FIRST, PSOAS), said(2.0, TOLERANCE, PSOAS),
                          said(3.0, FIRST, PSOAS))  # fmt: skip
    whole, _ = last_of(observations)
    state = estimator.start(PARAMS)
    for k, observation in enumerate(observations):
        state = decode(encode(state), estimator.State) if k == cut else state
        state, _ = estimator.step(PARAMS, state, observation)
    assert encode(state) == encode(whole)


def test_the_zero_pose_taken_after_a_mark_keeps_one_covariance() -> None:
    """A sensor's mounting is begun anew there, and all errors are learnt at once."""
    phone = ImuStream(Segment.PELVIS, 50.0, forward_axis=Axis.MINUS_Z)
    params = estimator.Params(
        (camera(View.LEFT), phone), Posture.STANDING, np.zeros(21), zero_s=(0.0, 0.4)
    )
    felt = [imu_sample(k / 50, Segment.PELVIS, pitch_deg=0, jitter=0.01 * (-1) ** k)
            for k in range(200)]  # fmt: skip
    signals = [said(0.2, FIRST, PSOAS), said(0.3, TOLERANCE, PSOAS), said(2.0, FIRST, CALF)]
    observations = sorted([*moving(*signals), *felt], key=lambda o: o.t_s)
    state, body = last_of(observations, params)
    assert state.zero.done
    whole = body.joint_covariance_rad2([0, 1, 2]).transpose(0, 2, 1, 3).reshape(52, 52)
    assert np.linalg.eigvalsh(whole).min() > -1e-9


def test_a_sensor_more_makes_differences_no_less_certain() -> None:
    """The same frames with a sensor on the pelvis that keeps still."""
    phone = ImuStream(Segment.PELVIS, 50.0, forward_axis=Axis.MINUS_Z)
    felt = [imu_sample(k / 50, Segment.PELVIS, pitch_deg=0, jitter=0.01 * (-1) ** k)
            for k in range(200)]  # fmt: skip
    signals = [said(2.0, FIRST, PSOAS), said(3.0, TOLERANCE, PSOAS)]

    def differences(params: estimator.Params, observations: list[Observation]) -> np.ndarray:
        _, body = last_of(observations, params)
        hip = body.joint_covariance_rad2([0, 1])[:, :, AT, AT]
        return hip.diagonal()[:, None] + hip.diagonal()[None] - 2.0 * hip

    eye = camera(View.LEFT)
    alone, together = (
        differences(
            estimator.Params(streams, Posture.STANDING, np.zeros(21), zero_s=(0.0, 0.4)), seen
        )
        for streams, seen in (
            ((eye,), moving(*signals)),
            ((eye, phone), sorted([*moving(*signals), *felt], key=lambda o: o.t_s)),
        )
    )
    off = ~np.eye(3, dtype=bool)
    assert np.sqrt(together[off]).mean() < np.sqrt(alone[off]).mean() + np.radians(0.1)
