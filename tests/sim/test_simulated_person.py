"""The simulated person and sensors: same seed same bytes, faults do what they say and no more."""

import numpy as np
import pytest

from covering import covering
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.decision import Guidance, Phase
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    ImuSample,
    LandmarkFrame,
    PersonSignal,
    Posture,
    Segment,
    View,
)
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise
from lengthwise.sim import camera, imu, person
from lengthwise.sim.faults import LET_GO, OVERSHOOT, PELVIS_TIPS, TREMOR, Fault
from lengthwise.sim.motion import Traits, pose_rad, start_pose_rad
from lengthwise.sim.recording import Plan, SimulatedRecording
from lengthwise.sim.skeleton import figure

LUNGE = "half_kneeling_hip_flexor"
TILT = INDEX[Coordinate.PELVIS_TILT]
KNOWN = Estimate(0.5, 0.1)


def plan(**changes: object) -> Plan:
    usual = {"exercise_id": LUNGE, "side": Side.LEFT, "seed": 3, "duration_s": 8.0}
    return Plan(**(usual | changes))  # type: ignore[arg-type]


def everything(p: Plan) -> bytes:
    return b"".join(encode(o) for o in SimulatedRecording(p).read())


def test_same_seed_same_bytes_and_another_seed_differs() -> None:
    assert everything(plan()) == everything(plan())
    assert everything(plan()) != everything(plan(seed=4))


def test_it_says_that_it_is_simulated() -> None:
    assert SimulatedRecording(plan()).header.simulated


@pytest.mark.parametrize("exercise_id", covering())
def test_noisy_sensors_give_numbers_in_the_order_of_time(exercise_id: str) -> None:
    """On the right side; of the left, and of every exercise, without noise in smooth motion."""
    items = list(
        SimulatedRecording(
            plan(
                exercise_id=exercise_id,
                side=Side.RIGHT,
                duration_s=6.0,
                stand_s=0.0,
                sensors="camera+sacrum",
            )
        ).read()
    )
    times = [o.t_s for o in items]
    assert times == sorted(times)
    frames = [o for o in items if isinstance(o, LandmarkFrame)]
    assert len(frames) == pytest.approx(6 * 30, rel=0.15)
    assert all(np.isfinite(f.xy_px).all() for f in frames)
    assert all(np.isfinite(o.acc_m_s2).all() for o in items if isinstance(o, ImuSample))


def led(phase: Phase, t_s: float, *, gauge: Estimate | None, waiting: tuple[str, ...]) -> Guidance:
    return Guidance(t_s, phase, LUNGE, Side.LEFT, 1, 2, 0.0, 0.0, 0.0, 30.0, None, gauge, waiting)


def guided(
    faults: tuple[Fault, ...] = (),
    *,
    gauge: Estimate | None = KNOWN,
    waiting: tuple[str, ...] = (),
    seed: int = 5,
) -> list[person.Truth]:
    """Ready for 5 s, ease in for 15 s, hold for 30 s, release for 10 s; at 20 Hz."""
    params = person.Params(exercise(LUNGE), (Side.LEFT,), seed, Traits.drawn(seed), faults)
    state, out = person.start(params), []
    for n in range(20 * 60):
        t_s = n / 20
        phase = next(
            p
            for p, end in (
                (Phase.GET_READY, 5),
                (Phase.EASE_IN, 20),
                (Phase.HOLD, 50),
                (Phase.RELEASE, 61),
            )
            if t_s < end
        )
        asked = waiting if phase is Phase.HOLD else ()
        state = decode(encode(state), person.State)
        state, truth = person.step(params, state, t_s, led(phase, t_s, gauge=gauge, waiting=asked))
        out.append(truth)
    return out


def position(truth: person.Truth, seed: int = 5) -> float:
    traits = Traits.drawn(seed)
    span = traits.tolerance - traits.first_resistance
    return (truth.share - traits.first_resistance) / span


def test_with_a_window_the_person_holds_inside_it_and_comes_back() -> None:
    truths = guided()
    held = [position(t) for t in truths if 25 < t.t_s < 49]
    assert min(held) > 0.60 and max(held) < 0.85
    assert abs(truths[-1].share) < 0.05


def test_without_a_window_the_person_stops_at_the_first_gentle_pull() -> None:
    truths = guided(gauge=None)
    assert max(position(t) for t in truths) < 0.05
    signals = [t.signal for t in truths if t.signal]
    assert len(signals) == 1


def tilt_deg(truths: list[person.Truth], a_s: float, b_s: float) -> float:
    start = start_pose_rad(exercise(LUNGE))[TILT]
    return max(np.degrees(t.pose_rad[TILT] - start) for t in truths if a_s < t.t_s < b_s)


def test_the_pelvis_tips_in_its_time_and_only_then() -> None:
    truths = guided((PELVIS_TIPS,))
    assert tilt_deg(truths, 20 + PELVIS_TIPS.from_s, 20 + PELVIS_TIPS.until_s) > 12
    assert tilt_deg(truths, 0, 20 + PELVIS_TIPS.from_s) < 3
    assert tilt_deg(guided(), 0, 60) < 3


def test_a_cue_takes_most_of_the_tilt_back() -> None:
    truths = guided((PELVIS_TIPS,), waiting=("compensation.pelvis_tilt",))
    assert tilt_deg(truths, 30, 37) < 5


def test_an_overshoot_passes_tolerance() -> None:
    assert max(position(t) for t in guided((OVERSHOOT,))) > 1.0


def test_a_hold_let_go_comes_back_early() -> None:
    truths = guided((LET_GO,))
    assert max(position(t) for t in truths if 45 < t.t_s < 50) < 0.0


def test_tremor_shakes_the_hip() -> None:
    hip = INDEX[Coordinate.HIP_FLEXION_L]

    def shaking(truths: list[person.Truth]) -> float:
        angle = np.array([t.pose_rad[hip] for t in truths if 26 < t.t_s < 34])
        return float(np.degrees(np.std(np.diff(angle))))

    assert shaking(guided((TREMOR,))) > 10 * shaking(guided())


def still(segment: Segment, pose: np.ndarray, posture: Posture) -> ImuSample:
    body = figure(pose, height_m=1.7, posture=posture)
    sensor = imu.Imu(segment, seed=1, noise=0.0)
    state = imu.State()
    for n in range(4):
        state, sample = imu.step(sensor, state, n / 100, body)
    return sample


def test_a_still_sensor_feels_gravity_along_its_segment() -> None:
    upright = still(
        Segment.PELVIS, start_pose_rad(exercise("standing_side_bend")), Posture.STANDING
    )
    assert upright.acc_m_s2 == pytest.approx((0, 0, 9.81), abs=1e-9)
    supine = still(Segment.PELVIS, start_pose_rad(exercise("supine_hamstring")), Posture.SUPINE)
    assert supine.acc_m_s2 == pytest.approx((9.81, 0, 0), abs=1e-9)
    assert supine.gyr_rad_s == pytest.approx((0, 0, 0), abs=1e-12)


@pytest.mark.parametrize(
    ("view", "left_of_image"),
    [(View.FRONT, "right_shoulder"), (View.BACK, "left_shoulder")],
)
def test_the_camera_sees_each_side_where_it_is(view: View, left_of_image: str) -> None:
    pose = start_pose_rad(exercise("standing_side_bend"))
    body = figure(pose, height_m=1.7, posture=Posture.STANDING)
    seen = camera.Camera(view, seed=1, posture=Posture.STANDING, noise=0.0)
    _, frame = camera.step(seen, camera.State(), 0.0, body)
    assert frame is not None
    assert frame.xy_px[LANDMARK_INDEX[left_of_image], 0] < seen.image_width_px / 2
    assert frame.xy_px[LANDMARK_INDEX["nose"], 1] < frame.xy_px[LANDMARK_INDEX["left_heel"], 1]


@pytest.mark.parametrize(("view", "faces_right"), [(View.RIGHT, True), (View.LEFT, False)])
def test_from_the_side_the_person_faces_the_right_way(view: View, faces_right: bool) -> None:
    body = figure(
        start_pose_rad(exercise("standing_side_bend")), height_m=1.7, posture=Posture.STANDING
    )
    seen = camera.Camera(view, seed=1, posture=Posture.STANDING, noise=0.0)
    _, frame = camera.step(seen, camera.State(), 0.0, body)
    assert frame is not None
    toe = frame.xy_px[LANDMARK_INDEX["left_foot_index"], 0]
    assert bool(toe > frame.xy_px[LANDMARK_INDEX["left_heel"], 0]) is faces_right


def test_a_mirrored_camera_swaps_image_and_names() -> None:
    body = figure(
        pose_rad(exercise("standing_side_bend"), 1.0), height_m=1.7, posture=Posture.STANDING
    )
    frames = []
    for mirrored in (False, True):
        seen = camera.Camera(View.FRONT, 1, Posture.STANDING, noise=0.0, mirrored=mirrored)
        frames.append(camera.step(seen, camera.State(), 0.0, body)[1])
    plain, image = frames
    assert plain is not None and image is not None
    left, right = LANDMARK_INDEX["left_wrist"], LANDMARK_INDEX["right_wrist"]
    assert image.xy_px[right, 0] == pytest.approx(1280 - plain.xy_px[left, 0])


def test_words_of_the_person_are_in_the_recording() -> None:
    items = SimulatedRecording(plan(duration_s=30.0, sensors="camera")).read()
    assert any(isinstance(o, PersonSignal) for o in items)
