"""Lying on the side: a frame that lies with the person, seen by simulated cameras and sensors."""

from functools import cache
from math import pi

import numpy as np
import pytest
from msgspec.structs import replace

from lengthwise.body import estimator, projection
from lengthwise.body.camera_geometry import turned
from lengthwise.body.gates import finite_landmarks
from lengthwise.body.lying_down import lain_down
from lengthwise.body.segment_ups import UP_OF, ups_of
from lengthwise.body.shaking import Shaking
from lengthwise.body.side_lying import Lying, looks_lying, upwards
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.observation import Posture, Segment, Tick, View
from lengthwise.contracts.states import Unseen
from lengthwise.live.evaluation.track import Track, track
from lengthwise.sim.motions import Motion, motions, side_lying_motions
from lengthwise.sim.scripted import EXACT, Film, Script, film
from lengthwise.sim.skeleton import figure

UPPER = {Side.LEFT: View.RIGHT, Side.RIGHT: View.LEFT}
SEGMENTS = (Segment.PELVIS, Segment.T12, Segment.THIGH_L, Segment.THIGH_R)
SHARES = ((2.0, 0.0), (4.0, 0.8), (6.0, 0.8))


@cache
def lying(name: str, *, stand_s: float = 0.0, noise: float = 1.0, seed: int = 11) -> Film:
    motion = next(m for m in side_lying_motions() if m.name == name)
    assert motion.down is not None
    views = (View.FRONT, UPPER[motion.down])
    spread = {"spread": EXACT} if noise == 0.0 else {}
    return film(Script(motion, seed, SHARES, views, SEGMENTS, stand_s, noise=noise, **spread))


def params_of(
    filmed: Film, *sources: View | Segment, stands: bool = False, **more: Side
) -> estimator.Params:
    start = side_lying_motions()[0].start_rad
    streams = tuple(filmed.streams[s] for s in sources)
    zero_s = (0.5, 3.5) if stands else None
    return estimator.Params(streams, Posture.SIDE_LYING, start, zero_s=zero_s, **more)


def seen(filmed: Film, *sources: View | Segment, stands: bool = False) -> Track:
    return track(params_of(filmed, *sources, stands=stands), filmed.observations(sources))


def final(filmed: Film, *sources: View | Segment, stands: bool = False) -> estimator.State:
    params = params_of(filmed, *sources, stands=stands)
    state = estimator.start(params)
    for observation in filmed.observations(sources):
        state, _ = estimator.step(params, state, observation)
    return state


@pytest.mark.parametrize("motion", side_lying_motions(), ids=lambda m: m.name)
@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_up_in_each_segment_is_that_of_the_rolled_figure(motion: Motion, share: float) -> None:
    assert motion.down is not None
    pose = motion.pose_rad(share)
    body = figure(pose, height_m=1.7, posture=Posture.SIDE_LYING, roll_rad=motion.roll_rad)
    ups = ups_of(pose, upwards(Lying(motion.down)))
    for segment in Segment:
        np.testing.assert_allclose(ups[UP_OF[segment]], body.rotation[segment][2], atol=1e-9)


def test_who_lies_down_before_a_trembling_picture_has_the_same_picture_after() -> None:
    filmed = lying("lift_l")
    state = final(filmed, View.FRONT)
    shaking = Shaking(white_m=0.02)
    state = replace(state, camera=replace(state.camera, shaking=shaking))
    after = lain_down(params_of(filmed, View.FRONT), state, Lying(Side.RIGHT, 1))
    assert after.camera.shaking.white_m == 0.02 and after.camera.shaking.before == ()


@pytest.mark.parametrize("down", list(Side))
def test_the_upper_leg_is_above_the_lower_one(down: Side) -> None:
    """And hips are stacked: one half width over and under the middle."""
    row = np.zeros((1, projection.INPUTS))
    heights = projection.seen(row, np.ones(10), 1.0, upwards(Lying(down)))[0]
    left, right = heights[projection.HEIGHTS_AT + 2 : projection.HEIGHTS_AT + 4]
    assert bool(left < right) is (down is Side.LEFT)


def test_an_image_turned_four_times_is_itself() -> None:
    frame = lying("lift_l").frames[View.FRONT][0]
    points, _ = finite_landmarks(frame)
    once = turned(points, 1, width_px=1280, height_px=720)
    assert not np.allclose(once.xy_px, points.xy_px)
    for _ in range(3):
        once = turned(once, 1, width_px=1280, height_px=720)
    np.testing.assert_allclose(once.xy_px, points.xy_px)
    back = turned(turned(points, -1, width_px=1280, height_px=720), 1, width_px=1280, height_px=720)
    np.testing.assert_allclose(back.xy_px, points.xy_px)


@pytest.mark.parametrize("down", list(Side))
def test_which_side_is_down_is_seen_and_felt(down: Side) -> None:
    filmed = lying(f"lift_{down.value}")
    assert final(filmed, View.FRONT).lying == Lying(down, 1 if down is Side.LEFT else -1)
    above = final(filmed, UPPER[down]).lying
    assert above is not None and above.down is down and above.quarters is not None
    assert final(filmed, Segment.PELVIS).lying is None, "nothing is emitted, so nothing followed"
    felt = final(filmed, View.FRONT, Segment.PELVIS).lying
    assert felt is not None and felt.down is down


@pytest.mark.parametrize("down", list(Side))
def test_lying_down_is_seen_between_ticks_too(down: Side) -> None:
    """A camera of 15 images a second; a tick falls between every two of them."""
    filmed = lying(f"lift_{down.value}", stand_s=4.0)
    params = params_of(filmed, View.FRONT, stands=True)
    state = estimator.start(params)
    for k, seen_frame in enumerate(filmed.frames[View.FRONT]):
        if k % 2 == 0:
            state, _ = estimator.step(params, state, seen_frame)
        else:
            state, _ = estimator.step(params, state, Tick(seen_frame.t_s))
    assert state.lying is not None and state.lying.down is down


@pytest.mark.parametrize("name", ["forward_bend", "cat_cow", "squat"])
def test_nobody_who_does_not_lie_seems_to(name: str) -> None:
    motion = next(m for m in motions() if m.name == name)
    filmed = film(Script(motion, 2, SHARES, (View.FRONT, View.LEFT), (), 0.0))
    for view in (View.FRONT, View.LEFT):
        for frame in filmed.frames[view]:
            points, _ = finite_landmarks(frame)
            assert looks_lying(points) is None


@pytest.mark.parametrize("sources", [(View.FRONT,), (View.FRONT, *SEGMENTS)])
def test_what_is_claimed_is_covered(sources: tuple[View | Segment, ...]) -> None:
    """Six people together, both sides, every other one beginning with standing: one person's errors
    stay for a session."""
    covered = []
    for seed in range(11, 17):
        for down in Side:
            stand_s = 4.0 * (seed % 2)
            filmed = lying(f"lift_{down.value}", stand_s=stand_s, seed=seed)
            found = seen(filmed, *sources, stands=stand_s > 0.0)
            late = found.t_s > (9.0 if stand_s > 0.0 else 2.0)
            error = found.mean_rad[late] - filmed.truth_at(found.t_s[late])
            claimed = found.claimed[late]
            assert np.isfinite(found.covariance_rad2).all()
            covered.append((np.abs(error) <= 1.96 * found.sd_rad[late])[claimed])
    assert len(np.concatenate(covered)) > 500
    assert np.concatenate(covered).mean() > 0.93


def test_flexion_is_about_the_vertical_and_no_sensor_claims_it() -> None:
    """Gravity does not turn in a hip that bends lying on the side; the camera in front sees it
    only as a shortening."""
    filmed = lying("curl_l", stand_s=4.0)
    found = seen(filmed, View.FRONT, *SEGMENTS, stands=True)
    last = found.states[-1]
    for coordinate in (Coordinate.PELVIS_TILT, Coordinate.LUMBAR_FLEXION):
        assert not found.claimed[:, INDEX[coordinate]][found.t_s > 7.0].any()
        assert last.unseen[INDEX[coordinate]] is Unseen.NEVER_FROM_CAMERA
    assert last.unseen[INDEX[Coordinate.HIP_FLEXION_R]] is not Unseen.CLAIMED
    assert last.believed(Coordinate.HIP_FLEXION_R).sd > 6.0 * pi / 180.0


def test_from_above_flexion_is_in_the_image() -> None:
    """Exact sensors: a camera above follows the bend of the upper knee."""
    filmed = lying("heel_to_seat_l", noise=0.0)
    found = seen(filmed, View.RIGHT)
    knee = INDEX[Coordinate.KNEE_FLEXION_R]
    truth = filmed.truth_at(found.t_s)[:, knee]
    moved = found.mean_rad[-1, knee] - found.mean_rad[50, knee]
    assert moved == pytest.approx(truth[-1] - truth[50], abs=0.2)


def test_nothing_is_read_until_it_is_known_how_somebody_lies() -> None:
    """A trunk upright in the image is nobody who lies on the side."""
    motion = next(m for m in motions() if m.name == "side_bend")
    filmed = film(Script(motion, 1, ((2.0, 0.0),), (View.FRONT,), (), 0.0))
    found = seen(filmed, View.FRONT)
    assert not found.claimed.any()
    assert found.states[-1].unseen[INDEX[Coordinate.TRUNK_SIDE_LEAN]] is Unseen.VIEW


def test_a_declared_side_is_believed_from_the_start_unless_the_person_stands_first() -> None:
    filmed = lying("lift_r")
    begun = estimator.start(params_of(filmed, Segment.PELVIS, side_down=Side.RIGHT))
    assert begun.lying == Lying(Side.RIGHT)
    stands = params_of(filmed, Segment.PELVIS, stands=True, side_down=Side.RIGHT)
    assert estimator.start(stands).lying is None


def test_it_does_not_matter_on_which_side() -> None:
    """A person on the other side, left and right exchanged, gives the same estimate mirrored."""
    filmed = lying("lift_l", noise=0.0)
    other = lying("lift_r", noise=0.0)
    a, b = seen(filmed, View.FRONT), seen(other, View.FRONT)
    for name in ("hip_adduction_r", "hip_flexion_r", "knee_flexion_r"):
        left = INDEX[Coordinate(name.removesuffix("r") + "l")]
        right = INDEX[Coordinate(name)]
        np.testing.assert_allclose(a.mean_rad[-1, right], b.mean_rad[-1, left], atol=0.06)


def test_the_state_is_the_same_saved_and_restored() -> None:
    filmed = lying("curl_r", stand_s=4.0)
    sources = (View.FRONT, Segment.PELVIS)
    params = params_of(filmed, *sources, stands=True)
    whole = broken = estimator.start(params)
    for n, observation in enumerate(filmed.observations(sources)):
        whole, _ = estimator.step(params, whole, observation)
        if n % 300 == 0:
            broken = decode(encode(broken), estimator.State)
        broken, _ = estimator.step(params, broken, observation)
    assert encode(whole) == encode(broken)
    assert whole.lying is not None
