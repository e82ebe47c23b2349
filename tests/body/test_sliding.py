"""A sensor that slides while it is felt: told where all else stays, and nowhere else."""

from functools import cache
from math import radians

import numpy as np
import pytest
from msgspec.structs import replace
from scipy.spatial.transform import Rotation

from lengthwise.body import estimator
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import (
    ImuSample,
    LandmarkFrame,
    Observation,
    Posture,
    RejectionReason,
    Segment,
    View,
)
from lengthwise.sim.motions import motions
from lengthwise.sim.scripted import Film, Script, film

SQUAT = next(m for m in motions() if m.name == "squat")
WORN = (Segment.PELVIS, Segment.THIGH_L)
AT_S, SLIDES_S = 9.0, 0.5
ACROSS, AHEAD = (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)
STILL = ((0.0, 0.0), (5.0, 0.0))
QUICK = ((1.0, 0.0), (1.8, 0.8), (2.4, 0.8), (3.2, 0.0), (5.0, 0.0))


@cache
def filmed(shares: tuple[tuple[float, float], ...]) -> tuple[Film, estimator.Params]:
    found = film(Script(SQUAT, 811_003, shares, views=(View.LEFT,), segments=WORN, stand_s=4.0))
    streams = tuple(found.streams[source] for source in (View.LEFT, *WORN))
    return found, estimator.Params(streams, Posture.STANDING, SQUAT.start_rad, zero_s=(0.5, 3.5))


def slid(
    stream: list[Observation],
    segment: Segment,
    axis: tuple[float, float, float],
    *,
    back_s: float = np.inf,
) -> list[Observation]:
    """One sensor turns by 20 degrees within half a second, and back as fast at `back_s`."""
    angle_rad = radians(20.0)

    def of(o: ImuSample) -> ImuSample:
        on = np.clip((o.t_s - AT_S) / SLIDES_S, 0.0, 1.0)
        off = np.clip((o.t_s - back_s) / SLIDES_S, 0.0, 1.0) if np.isfinite(back_s) else 0.0
        rate = (float(0.0 < on < 1.0) - float(0.0 < off < 1.0)) * angle_rad / SLIDES_S
        turn = Rotation.from_rotvec((on - off) * angle_rad * np.array(axis))
        acc, gyr = turn.apply(o.acc_m_s2), turn.apply(o.gyr_rad_s) - rate * np.array(axis)
        return replace(o, acc_m_s2=tuple(acc.tolist()), gyr_rad_s=tuple(gyr.tolist()))

    return [of(o) if isinstance(o, ImuSample) and o.segment is segment else o for o in stream]


def run(
    params: estimator.Params, stream: list[Observation], *, cut: int = -1
) -> tuple[estimator.State, list[str], dict[float, np.ndarray]]:
    """The last state, what was named `remounted`, and mean, sd (2, 21) by time."""
    state, named, told = estimator.start(params), [], {}
    for k, observation in enumerate(stream):
        if k == cut:
            state = decode(encode(state), estimator.State)
        state, out = estimator.step(params, state, observation)
        named += [r.source for r in out.rejections if r.reason is RejectionReason.REMOUNTED]
        if out.state is not None:
            sd = np.sqrt(out.state.covariance_rad2.diagonal())
            told[out.state.t_s] = np.degrees([out.state.mean_rad, sd])
    return state, named, told


@pytest.mark.parametrize(
    ("segment", "axis", "coordinate"),
    [
        (Segment.THIGH_L, ACROSS, Coordinate.HIP_FLEXION_L),
        (Segment.PELVIS, ACROSS, Coordinate.PELVIS_TILT),
        (Segment.PELVIS, AHEAD, Coordinate.PELVIS_OBLIQUITY),
    ],
)
def test_a_sensor_that_turns_alone_is_named_once_and_covered(
    segment: Segment, axis: tuple[float, float, float], coordinate: Coordinate
) -> None:
    """A worn sensor's axes differ between sensors, so the axis that tilts most is looked for."""
    found, params = filmed(STILL)
    whole = found.observations((View.LEFT, *WORN))
    _, none, _ = run(params, whole)
    assert none == []
    tilted = []
    for way in (ACROSS, AHEAD, (0.0, 0.0, 1.0)):
        _, named, told = run(params, slid(whole, segment, way))
        assert named in ([], [f"imu:{segment.value}"])
        at, covered = INDEX[coordinate], []
        for t_s, (mean, sd) in told.items():
            if named and t_s > AT_S + 1.0:
                truth = np.degrees(found.truth_at(np.array([t_s]))[0, at])
                covered.append(abs(mean[at] - truth) <= 1.96 * sd[at])
        assert not named or np.mean(covered) >= 0.9
        tilted.append(bool(named))
    assert sum(tilted) == 2, "about the vertical gravity shows nothing"


def test_what_moves_with_the_landmarks_is_no_slide() -> None:
    found, params = filmed(QUICK)
    _, named, told = run(params, found.observations((View.LEFT, *WORN)))
    assert named == []
    assert max(mean[INDEX[Coordinate.HIP_FLEXION_L]] for mean, _ in told.values()) > 30.0


def test_a_picture_that_stands_still_shows_no_slide() -> None:
    """It shows a body that keeps its place, whatever that does meanwhile."""
    found, params = filmed(QUICK)
    stands: LandmarkFrame | None = None
    stream: list[Observation] = []
    for o in found.observations((View.LEFT, *WORN)):
        if isinstance(o, LandmarkFrame) and o.t_s > 7.8:
            stands = stands or o
            o = replace(stands, t_s=o.t_s)
        stream.append(o)
    _, named, _ = run(params, stream)
    assert named == []


def test_without_a_camera_nobody_is_known_to_hold_still() -> None:
    found, params = filmed(STILL)
    worn = estimator.Params(
        params.streams[1:], Posture.STANDING, params.start_rad, zero_s=(0.5, 3.5)
    )
    for axis in (ACROSS, AHEAD):
        _, named, _ = run(worn, slid(found.observations(WORN), Segment.THIGH_L, axis))
        assert named == []


def test_a_sensor_that_turns_back_was_no_slide() -> None:
    """A tuck of the pelvis and its end: the mounting is as sure as before."""
    found, params = filmed(STILL)
    for axis in (ACROSS, AHEAD, (0.0, 0.0, 1.0)):
        stream = slid(found.observations((View.LEFT, *WORN)), Segment.PELVIS, axis, back_s=10.2)
        state, named, told = run(params, stream)
        tilt_sd = {t_s: sd[INDEX[Coordinate.PELVIS_TILT]] for t_s, (_, sd) in told.items()}
        before = max(sd for t_s, sd in tilt_sd.items() if 8.0 < t_s < AT_S)
        assert max(sd for t_s, sd in tilt_sd.items() if t_s > 11.5) < before + 1.0
        assert state.sliding.doubts == () or named == []


def test_saved_in_the_middle_it_goes_on_the_same() -> None:
    found, params = filmed(STILL)
    stream = slid(found.observations((View.LEFT, *WORN)), Segment.THIGH_L, ACROSS)
    cut = next(k for k, o in enumerate(stream) if o.t_s > AT_S + 0.3)
    whole, named, _ = run(params, stream)
    resumed, again, _ = run(params, stream, cut=cut)
    assert named == again
    assert encode(whole) == encode(resumed)
