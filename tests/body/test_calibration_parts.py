"""Parts of the calibration by themselves: truthful sds, signs, a real raised arm, known priors."""

from math import radians
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.body import camera_estimate, estimator, projection
from lengthwise.body.calibration import handedness, hip_gain, lengths, machine
from lengthwise.body.calibration.asks import Ask
from lengthwise.body.calibration.handedness import HandWatch
from lengthwise.body.calibration.results import results
from lengthwise.body.priors import (
    NOTHING_KNOWN,
    Calibration,
    calibration_of,
    camera_setup_name,
    pose_model_name,
)
from lengthwise.contracts.codec import encode
from lengthwise.contracts.observation import CameraStream, PoseModel, Posture, View
from lengthwise.contracts.person import Finding, FindingKind
from lengthwise.contracts.states import Estimate
from lengthwise.live.evaluation.keraal import takes
from lengthwise.live.evaluation.keraal_take import STREAM, read_take
from lengthwise.live.evaluation.statistics import NORMAL_95
from lengthwise.live.evaluation.vicon import read_vicon, rows_of_frames
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.sim.calibration import SimulatedCalibration, Volunteer

PEOPLE = 48


def standing_lengths(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Found, sd and true lengths of one simulated person, metres; (0,) where not found."""
    recording = SimulatedCalibration(Volunteer(seed, duration_s=2.2))
    params = machine.Params(recording.header.streams, recording.traits.height_m)
    state = machine.start(params)
    for observation in recording.read():
        state, ask = machine.step(params, state, observation)
        if ask is not Ask.STAND_STILL:
            break
    found = {r.kind: r.value for r in results(params, state) if r.kind in lengths.LENGTHS}
    told = [(k, v) for k, v in found.items() if k is not None and v is not None]
    true = recording.lengths_m()
    return (
        np.array([v.mean for _, v in told]),
        np.array([v.sd for _, v in told]),
        np.array([true[k.value] for k, _ in told]),
    )


def test_stated_sds_of_lengths_hold_over_many_simulated_people() -> None:
    """Proportions, posture, camera, landmarks: all drawn; at least 93 % within 1.96 sd."""
    people = [standing_lengths(seed) for seed in range(1000, 1000 + PEOPLE)]
    whole = [person for person in people if len(person[0])]
    assert len(whole) >= 0.9 * PEOPLE
    found, sd, true = (np.array([person[i] for person in whole]) for i in range(3))
    inside = np.abs(found - true) <= NORMAL_95 * sd
    assert inside.mean() >= 0.93
    assert (inside.mean(axis=0) >= 0.90).all()
    # And not by saying nothing: each is surer than proportions alone.
    prior = np.array([0.05, 0.10, 0.15, 0.05, 0.05])
    assert ((sd / found).mean(axis=0) < prior).all()


def test_a_wider_person_is_found_wider() -> None:
    """Widths must follow the person, not the table: half of a difference at least."""
    people = [standing_lengths(seed) for seed in range(1000, 1024)]
    found, true = (np.array([p[i] for p in people if len(p[0])])[:, 1] for i in (0, 2))
    slope = np.polyfit(true, found, 1)[0]
    assert slope > 0.5


def weighed(gain: float, seed: int, *, sign: float = 1.0, range_deg: float = 9.0):  # type: ignore[no-untyped-def]
    """A filter that has seen one tip of the pelvis to each side, with the errors it expects."""
    rng = np.random.default_rng(seed)
    state, fast, offset = hip_gain.begin(1.0), rng.normal(0, radians(1.6)), rng.normal(0, 0.05)
    kept = float(np.exp(-1 / 30.0))
    for n in range(130):
        roll = radians(range_deg) * float(np.sin(2 * np.pi * n / 120)) * (n < 120)
        fast = kept * fast + rng.normal(0, radians(1.6) * (1 - kept**2) ** 0.5)
        line = offset + sign * gain * roll + fast + rng.normal(0, 0.06)
        state = hip_gain.seen(
            state, n / 30.0, line_rad=line, white_sd_rad=0.06, roll_rad=roll, noise_ratio=1.0
        )
    return state


def test_gains_of_many_people_lie_within_their_stated_sds() -> None:
    rng = np.random.default_rng(0)
    true = rng.normal(0.55, 0.15, 200)
    found = [hip_gain.gain(hip_gain.slope(weighed(g, i)), 1.0) for i, g in enumerate(true)]
    error = np.array([e.mean for e in found]) - true
    sd = np.array([e.sd for e in found])
    assert (np.abs(error) <= NORMAL_95 * sd).mean() >= 0.93
    assert np.sqrt((error**2).mean()) < 0.13 < 0.15
    assert (sd < 0.15).all()


def test_a_mirror_turns_the_sign_and_not_the_gain() -> None:
    plain, mirrored = weighed(0.6, 3), weighed(0.6, 3, sign=-1.0)
    assert hip_gain.slope(mirrored).mean < 0.0 < hip_gain.slope(plain).mean
    assert hip_gain.against(hip_gain.slope(mirrored), 1.0)
    assert not hip_gain.against(hip_gain.slope(mirrored), -1.0)


def test_tipping_to_one_side_only_is_not_enough() -> None:
    state = hip_gain.begin(1.0)
    for n in range(60):
        state = hip_gain.seen(
            state, n / 30, line_rad=0.0, white_sd_rad=0.05, roll_rad=0.2 * n / 60, noise_ratio=1.0
        )
    assert not hip_gain.tipped(state)
    assert hip_gain.tipped(weighed(0.5, 1))
    assert not hip_gain.tipped(weighed(0.5, 1, range_deg=2.0))


@given(left=st.floats(0, 3), right=st.floats(0, 3), both=st.floats(0, 3))
def test_only_one_clear_hand_shows_anything(left: float, right: float, both: float) -> None:
    watch = HandWatch(left, right, both, 6.0)
    unclear = handedness.both_raised(watch) or handedness.changed_hands(watch)
    assert not (handedness.shown(watch) and unclear)
    if handedness.shown(watch):
        assert handedness.mirrored(watch).mean == float(left > right)


@pytest.mark.shared_data
def test_the_raised_right_arm_of_a_real_take_says_that_the_image_is_mirrored(
    shared_data: Path,
) -> None:
    """KERAAL's flank stretches lift one arm, then the other; motion capture says which is which."""
    found, _ = takes(shared_data)
    flank = [take for take in found if take.exercise == "ELK"]
    assert len(flank) == 3
    for take in flank:
        frames, bodies = read_take(take.landmarks), read_vicon(take.vicon)
        above_mm = bodies[rows_of_frames(bodies, frames)][:, [9, 10], 2]
        above_mm = above_mm - bodies[rows_of_frames(bodies, frames)][:, [7, 8], 2]
        right = (above_mm[:, 0] > 0) & (above_mm[:, 1] < -100)
        during, whole = HandWatch(), HandWatch()
        setup = machine.Params((STREAM,)).camera
        assert setup is not None
        memory = camera_estimate.begin(STREAM)
        for frame, up in zip(frames, right, strict=True):
            seen = camera_estimate.look(setup, memory, frame)
            memory = seen.memory
            whole = handedness.watched(whole, seen.points, frame.t_s)
            if up:
                during = handedness.watched(during, seen.points, frame.t_s)
        assert handedness.shown(during)
        assert handedness.mirrored(during).mean == 1.0
        assert handedness.changed_hands(whole) and not handedness.shown(whole)


CAMERA = CameraStream(1280, 720, 30.0, View.FRONT, None, Posture.STANDING, PoseModel.FULL)


def params(calibration: Calibration = NOTHING_KNOWN, **more: object) -> estimator.Params:
    upright = posture_mean_rad(Posture.STANDING)
    return estimator.Params(
        (CAMERA,),
        Posture.STANDING,
        upright,
        calibration=calibration,
        **more,  # type: ignore[arg-type]
    )


def finding(kind: FindingKind, value: float, sd: float, setup: str, day: int = 1) -> Finding:
    return Finding(kind, value, sd, f"2026-01-{day:02}T08:00:00Z", "2026-06-01T08:00:00Z", setup)


def test_nothing_known_is_the_estimate_as_it_was() -> None:
    plain, empty = params(), params(Calibration())
    assert encode(estimator.start(plain)) == encode(estimator.start(empty))
    assert plain.camera is not None and not plain.camera.mirrored


@pytest.mark.parametrize(
    ("stated", "declared", "found", "mirrored"),
    [
        (None, None, True, True),
        (None, None, None, False),
        (None, False, True, False),
        (False, None, True, False),
        (True, False, False, True),
    ],
)
def test_what_is_stated_stands_above_what_is_declared_and_that_above_what_was_found(
    stated: bool | None, declared: bool | None, found: bool | None, mirrored: bool
) -> None:
    stream = CameraStream(1280, 720, 30.0, View.FRONT, declared)
    made = estimator.Params(
        (stream,),
        Posture.STANDING,
        posture_mean_rad(Posture.STANDING),
        mirrored=stated,
        calibration=Calibration(mirrored=found),
    )
    assert made.camera is not None and made.camera.mirrored is mirrored


@given(value=st.floats(0.2, 1.2), sd=st.floats(0.02, 0.2))
def test_a_kept_gain_is_the_prior_of_the_filter(value: float, sd: float) -> None:
    model = params(Calibration(hip_gain=Estimate(value, sd))).model
    at = model.layout.view(projection.HIP_GAIN)
    assert model.first_mean[at] == value
    assert model.first[at, at] == pytest.approx(sd**2)


@given(share=st.floats(0.02, 0.08))
def test_kept_lengths_are_assumed_with_their_sd(share: float) -> None:
    known = tuple((k, Estimate(0.4, 0.4 * share)) for k in lengths.LENGTHS)
    model = params(Calibration(lengths_m=known)).model
    pelvis, lumbar, chest, shoulder, hip, thigh, shank = model.body_m[:7]
    for length in (pelvis + lumbar + chest, 2 * shoulder, 2 * hip, thigh, shank):
        assert length == pytest.approx(0.4)
    at = model.layout.view(projection.LENGTHS)
    spread = model.first[at : at + 6, at : at + 6]
    trunk = np.array([pelvis + lumbar, chest]) / 0.4
    assert trunk @ spread[:2, :2] @ trunk == pytest.approx(share**2)
    assert np.diag(spread)[2:] == pytest.approx(share**2)
    assert np.linalg.eigvalsh(spread).min() > 0.0


def test_findings_of_another_camera_or_pose_model_are_left_alone() -> None:
    mine, model = camera_setup_name(CAMERA), pose_model_name(CAMERA)
    found = calibration_of(
        (
            finding(FindingKind.MIRRORED, 1.0, 0.17, "camera:640x480"),
            finding(FindingKind.HIP_LINE_GAIN, 0.7, 0.1, "pose_model:blazepose_lite"),
            finding(FindingKind.THIGH, 0.41, 0.02, model),
            finding(FindingKind.THIGH, 0.43, 0.02, model, day=2),
        ),
        (CAMERA,),
    )
    assert found == Calibration(lengths_m=((FindingKind.THIGH, Estimate(0.43, 0.02)),))
    doubtful = finding(FindingKind.MIRRORED, 1.0, 0.4, mine)
    assert calibration_of((doubtful,), (CAMERA,)).mirrored is None
    sure = finding(FindingKind.MIRRORED, 1.0, 0.17, mine)
    assert calibration_of((sure,), (CAMERA,)).mirrored is True
