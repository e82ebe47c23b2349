"""Films of simulated people: the truth is what the angles say, and sensors see the same body."""

import numpy as np
import pytest

from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    ImuSample,
    LandmarkFrame,
    Posture,
    Segment,
    View,
)
from lengthwise.sim.build import Build
from lengthwise.sim.motions import Motion, motions, thighs_kept
from lengthwise.sim.scripted import EXACT, Film, Script, film
from lengthwise.sim.skeleton import figure

_C = Coordinate
NAMES = [m.name for m in motions()]


def motion(name: str) -> Motion:
    return next(m for m in motions() if m.name == name)


def filmed(name: str, *, stand_s: float = 0.0) -> Film:
    """A second of stillness, then out and back, with exact sensors and the usual body."""
    return film(
        Script(
            motion(name),
            3,
            ((0.5, 0.0), (2.0, 1.0), (2.5, 1.0)),
            views=(View.LEFT,),
            segments=(Segment.PELVIS,),
            stand_s=stand_s,
            spread=EXACT,
            noise=0.0,
        )
    )


def test_there_are_eight_motions_of_several_postures() -> None:
    assert len(NAMES) == len(set(NAMES)) == 8
    assert {m.posture for m in motions()} >= {
        Posture.STANDING,
        Posture.SITTING,
        Posture.HALF_KNEELING,
        Posture.SUPINE,
        Posture.FOUR_POINT,
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_motion_begins_near_its_declared_start_and_has_no_corners(name: str) -> None:
    """On all fours arms and kneeling make the start differ from the one written."""
    m = motion(name)
    stays = [INDEX[c] for c in COORDINATES if not c.startswith(("ankle", "pelvis_rotation"))]
    assert np.degrees(np.abs(m.pose_rad(0.0) - m.start_rad))[stays].max() < 20.0
    assert np.degrees(np.abs(np.diff(m.path_rad, axis=0))).max() < 6.0


@pytest.mark.parametrize("side", ["l", "r"])
def test_kept_thighs_point_where_they_did(side: str) -> None:
    before = motion("sitting_lean").pose_rad(0.0)
    after = before.copy()
    after[INDEX[_C.PELVIS_TILT]] += 0.3
    after[INDEX[_C.PELVIS_OBLIQUITY]] -= 0.2
    after[INDEX[_C.PELVIS_ROTATION]] += 0.25
    kept = thighs_kept(before, after)
    segment = Segment(f"thigh_{side}")
    was, now = (
        figure(pose, height_m=1.7, posture=Posture.SITTING).rotation[segment]
        for pose in (before, kept)
    )
    assert now == pytest.approx(was, abs=1e-9)
    assert (kept[:3] == after[:3]).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_build_changes_lengths_and_not_directions(name: str) -> None:
    build = Build(trunk=1.1, shoulders=0.9, hips=1.05, thigh=1.08, shank=1.08, foot=0.95)
    m = motion(name)
    usual = figure(m.pose_rad(0.7), height_m=1.7, posture=m.posture)
    own = build.of(usual, height_m=1.7, posture=m.posture)

    def way(of: np.ndarray, a: str, b: str) -> np.ndarray:
        return np.asarray(of[LANDMARK_INDEX[b]] - of[LANDMARK_INDEX[a]])

    for a, b, ratio in (
        ("left_hip", "left_knee", 1.08),
        ("right_knee", "right_ankle", 1.08),
        ("left_ankle", "left_heel", 0.95),
        ("left_hip", "right_hip", 1.05),
        ("left_shoulder", "right_shoulder", 0.9),
        ("left_shoulder", "left_elbow", 1.0),
    ):
        assert way(own.landmarks_m, a, b) == pytest.approx(ratio * way(usual.landmarks_m, a, b))


def test_a_built_body_rests_on_the_floor() -> None:
    build = Build(thigh=1.1, shank=1.1)
    m = motion("squat")
    heels = [LANDMARK_INDEX[f"{w}_heel"] for w in ("left", "right")]
    for share in (0.0, 0.5, 1.0):
        usual = figure(m.pose_rad(share), height_m=1.7, posture=m.posture)
        own = build.of(usual, height_m=1.7, posture=m.posture)
        assert own.landmarks_m[heels, 2] == pytest.approx(usual.landmarks_m[heels, 2], abs=0.003)
        assert own.landmarks_m[heels, :2] == pytest.approx(usual.landmarks_m[heels, :2], abs=0.02)


def test_builds_differ_by_seed_and_legs_can_be_alike() -> None:
    drawn = [Build.drawn(seed, sd_ratio=0.05) for seed in range(300)]
    assert np.std([b.trunk for b in drawn]) == pytest.approx(0.05, abs=0.01)
    assert len({b.thigh for b in drawn}) == 300
    alike = Build.drawn(4, sd_ratio=0.05, legs_alike=True)
    assert alike.thigh == alike.shank != 1.0


def test_the_pelvis_sensor_feels_the_tilt_that_the_truth_says() -> None:
    """An exact sensor at rest: its front axis sinks by the sine of the tilt."""
    seen = filmed("forward_bend")
    last = seen.samples[Segment.PELVIS][-1]
    tilt = np.arctan2(-last.acc_m_s2[0], last.acc_m_s2[2])
    truth = seen.truth_rad[-1, INDEX[_C.PELVIS_TILT]]
    assert tilt == pytest.approx(truth, abs=0.02) and truth > 0.5


def test_the_side_camera_sees_the_thigh_go_up_in_a_leg_raise() -> None:
    seen = filmed("leg_raise")
    hip, knee = LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["left_knee"]
    first, last = seen.frames[View.LEFT][0].xy_px, seen.frames[View.LEFT][-1].xy_px
    raised_px = (first[knee, 1] - first[hip, 1]) - (last[knee, 1] - last[hip, 1])
    assert raised_px > 60.0


def test_the_truth_of_the_pelvis_on_all_fours_is_in_the_house_order() -> None:
    """There obliquity is roll about the horizontal, not a turn about the vertical."""
    seen = filmed("cat_cow")
    obliquity = np.degrees(seen.truth_rad[:, INDEX[_C.PELVIS_OBLIQUITY]])
    assert np.abs(obliquity).max() < 2.0
    derived = seen.truth_rad[:, INDEX[_C.TRUNK_FLEXION]]
    parts = seen.truth_rad[:, [INDEX[_C.PELVIS_TILT], INDEX[_C.THORAX_FLEXION]]]
    assert derived == pytest.approx(parts.sum(axis=1), abs=1e-3)


def test_standing_comes_first_and_is_upright() -> None:
    seen = filmed("lunge", stand_s=1.5)
    upright = seen.truth_rad[seen.t_s < 1.4]
    assert np.degrees(np.abs(upright)).max() < 2.0
    assert np.degrees(seen.truth_rad[-1, INDEX[_C.KNEE_FLEXION_R]]) > 80.0


def test_observations_come_by_time_and_only_of_those_asked_for() -> None:
    seen = filmed("side_bend")
    both = seen.observations((View.LEFT, Segment.PELVIS))
    times = [o.t_s for o in both]
    assert times == sorted(times)
    assert sum(isinstance(o, LandmarkFrame) for o in both) * 2 == pytest.approx(
        sum(isinstance(o, ImuSample) for o in both), abs=1
    )
    assert all(isinstance(o, LandmarkFrame) for o in seen.observations((View.LEFT,)))


def test_a_film_is_the_same_each_time_and_another_for_another_seed() -> None:
    script = Script(
        motion("side_bend"), 5, ((0.2, 0.0), (0.5, 0.5)), (View.FRONT,), (Segment.PELVIS,), 0.0
    )
    one, again = film(script), film(script)
    assert (one.truth_rad == again.truth_rad).all()
    assert (one.frames[View.FRONT][3].xy_px == again.frames[View.FRONT][3].xy_px).all()
    other = film(Script(script.motion, 6, script.shares, script.views, script.segments, 0.0))
    assert (one.frames[View.FRONT][3].xy_px != other.frames[View.FRONT][3].xy_px).any()
