"""A leg's sensor that comes back is told of by its neighbour that was never gone, by no other."""

from math import degrees, radians

import numpy as np
import pytest
from msgspec.structs import replace
from two_links import Link, links

from lengthwise.body import correction, estimator, imu_estimate
from lengthwise.body.imu_beside import BESIDE, up_beside, ups_beside
from lengthwise.body.imu_estimate import ImuMemory
from lengthwise.body.imu_geometry import SegmentAxes
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import (
    Axis,
    ImuSample,
    ImuStream,
    Observation,
    Posture,
    Segment,
    Tick,
)
from lengthwise.contracts.states import BodyState

RATE_HZ, GONE_S, BACK_S = 100.0, 3.0, 8.0
PELVIS, THIGH = ImuStream(Segment.PELVIS, RATE_HZ), ImuStream(Segment.THIGH_L, RATE_HZ)
HIP_M = BESIDE[Segment.THIGH_L][1]
WORN = estimator.Params(
    (
        ImuStream(Segment.PELVIS, RATE_HZ, forward_axis=Axis.X),
        ImuStream(Segment.THIGH_L, RATE_HZ, forward_axis=Axis.X),
    ),
    Posture.STANDING,
    np.zeros(21),
    zero_s=(0.0, 1.0),
)
AXES = SegmentAxes((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
UPPER_END_M = np.array([0.0, 0.0, 0.2])


def heard(link: Link, *, until_s: float, gap: bool) -> ImuMemory:
    memory = ImuMemory(axes=AXES)
    stream = ImuStream(Segment.THORAX, RATE_HZ)
    for n in range(round(until_s * RATE_HZ) + 1):
        t_s = n / RATE_HZ
        if gap and GONE_S <= t_s < BACK_S:
            continue
        x, y, z = link.force_m_s2(t_s).tolist()
        # The filter takes a turn as that since the sample before.
        p, q, r = link.turn_rad_s(t_s - 0.5 / RATE_HZ).tolist()
        sample = ImuSample(t_s, Segment.THORAX, (x, y, z), (p, q, r))
        memory, _ = imu_estimate.take(stream, memory, sample, None)
        if n % 5 == 0:
            memory = imu_estimate.mark_read(imu_estimate.settle(stream, memory))
    return imu_estimate.settle(stream, memory)


def pair(
    seed: int, since_s: float = 1.0, *, size_m: float = 0.1
) -> tuple[Link, tuple[ImuMemory, ImuMemory]]:
    """Pelvis and thigh, `since_s` after the thigh's return; not read just then."""
    known, sought = links(np.random.default_rng(seed), (np.array(HIP_M), UPPER_END_M), size_m)
    until_s = BACK_S + since_s + 0.02
    return sought, (
        heard(known, until_s=until_s, gap=False),
        heard(sought, until_s=until_s, gap=True),
    )


def observed() -> list[Observation]:
    """Both stand, then the body is thrown to and fro sideways; the thigh is gone for 5 s."""
    found: list[Observation] = [Tick(k / 20.0) for k in range(round((BACK_S + 1.0) * 20) + 1)]
    for n in range(round((BACK_S + 1.0) * RATE_HZ)):
        t_s = n / RATE_HZ
        thrown = 4.0 * np.sin(6.0 * t_s) if t_s > 2.0 else 0.0
        for segment in (Segment.PELVIS, Segment.THIGH_L):
            if segment is Segment.PELVIS or not GONE_S <= t_s < BACK_S:
                acc = (1e-4 * (n % 7), float(thrown), 9.81)
                found.append(ImuSample(t_s, segment, acc, (1e-5 * (n % 5), 0.0, 0.0)))
    return sorted(found, key=lambda o: o.t_s)


def off_deg(link: Link, memory: ImuMemory, up: tuple[float, float, float]) -> float:
    t_s = memory.orientation.t_s
    assert t_s is not None
    true = link.rot(t_s).inv().apply([0.0, 0.0, 1.0])
    return degrees(np.arccos(np.clip(np.dot(up, true), -1.0, 1.0)))


def test_a_thigh_that_is_thrown_is_told_within_a_second_of_its_return() -> None:
    """By 4 m/s2 and more; alone it is told later, or with more doubt."""
    errors, ratios, sds = [], [], []
    for seed in range(100, 112):
        link, memories = pair(seed)
        beside = ups_beside((PELVIS, THIGH), memories)[1]
        told = imu_estimate.rough_up(memories[1], beside)
        alone = imu_estimate.rough_up(memories[1])
        assert told is not None
        assert alone is None or alone[1] > told[1]
        errors.append(off_deg(link, memories[1], told[0]))
        ratios.append(radians(errors[-1]) / told[1])
        sds.append(degrees(told[1]))
    assert np.mean(np.array(errors) <= 2.0) >= 0.9
    assert np.mean(np.array(ratios) <= 1.73) >= 0.9
    assert np.median(sds) < 3.5


def test_only_a_leg_that_is_not_sure_asks_and_only_one_that_is_answers() -> None:
    _, (pelvis, thigh) = pair(1)
    assert ups_beside((PELVIS, THIGH), (pelvis, thigh))[0] is None
    assert ups_beside((PELVIS, THIGH), (pelvis, thigh))[1] is not None
    assert ups_beside((THIGH,), (thigh,)) == (None,)
    assert ups_beside((PELVIS, THIGH), (thigh, pelvis)) == (None, None)
    assert ups_beside((PELVIS, THIGH), (thigh, thigh)) == (None, None), "the neighbour is not sure"
    trunk = ImuStream(Segment.T12, RATE_HZ)
    assert ups_beside((PELVIS, trunk), (pelvis, thigh)) == (None, None)


def test_nothing_is_said_before_the_zero_pose_nor_by_one_that_is_not_heard() -> None:
    _, (pelvis, thigh) = pair(1)
    assert up_beside(pelvis, replace(thigh, axes=None), HIP_M) is None
    assert up_beside(replace(pelvis, axes=None), thigh, HIP_M) is None
    assert up_beside(replace(pelvis, late_s=100.0), thigh, HIP_M) is None, "it tells of the past"
    earlier = heard(
        links(np.random.default_rng(1), (np.array(HIP_M), UPPER_END_M))[0], until_s=8.0, gap=False
    )
    assert up_beside(earlier, thigh, HIP_M) is None
    assert up_beside(ImuMemory(axes=AXES), thigh, HIP_M) is None


def test_just_after_the_return_nothing_is_said() -> None:
    _, memories = pair(2, since_s=0.2)
    assert ups_beside((PELVIS, THIGH), memories)[1] is None


def test_what_the_neighbour_missed_is_doubted() -> None:
    _, (pelvis, thigh) = pair(3)
    plain = up_beside(pelvis, thigh, HIP_M)
    missed = replace(pelvis, holes=replace(pelvis.holes, rad2=radians(5.0) ** 2))
    doubted = up_beside(missed, thigh, HIP_M)
    assert plain is not None and doubted is not None
    assert doubted[0] == plain[0]
    assert plain[1] < radians(5.0) < doubted[1]


def test_a_memory_saved_in_between_tells_the_same() -> None:
    _, (pelvis, thigh) = pair(4)
    again = decode(encode(thigh), ImuMemory)
    assert up_beside(pelvis, again, HIP_M) == up_beside(pelvis, thigh, HIP_M)


def test_the_body_reads_what_a_neighbour_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same session, with neighbours and without: only after the return it differs, and what a
    leg's sensor is doubted by is less."""

    def run(*, ask: bool) -> list[BodyState]:
        if not ask:
            monkeypatch.setattr(correction, "ups_beside", lambda _, imus: (None,) * len(imus))
        state, bodies = estimator.start(WORN), []
        for observation in observed():
            state, out = estimator.step(WORN, state, observation)
            if out.state is not None:
                bodies.append(out.state)
        return bodies

    asked, alone = run(ask=True), run(ask=False)
    before = [n for n, body in enumerate(asked) if body.t_s < BACK_S]
    assert all(encode(asked[n]) == encode(alone[n]) for n in before)
    at = next(n for n, body in enumerate(asked) if body.t_s >= BACK_S + 0.8)
    hip = INDEX[Coordinate.HIP_FLEXION_L]
    assert asked[at].covariance_rad2[hip, hip] < 0.8 * alone[at].covariance_rad2[hip, hip]


@pytest.mark.parametrize("segment", list(BESIDE))
def test_left_is_the_mirror_of_right(segment: Segment) -> None:
    other = Segment(segment.value[:-1] + ("r" if segment.value.endswith("l") else "l"))
    (parent, (x, y, z)), (mirrored, place) = BESIDE[segment], BESIDE[other]
    assert place == (x, -y, z)
    assert parent.value.rstrip("lr") == mirrored.value.rstrip("lr")
