"""What simulated sensors add to the truth: as much as is stated, and none when asked for none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Coordinate, Side
from lengthwise.contracts.observation import (
    LANDMARK_INDEX,
    ImuSample,
    LandmarkFrame,
    Posture,
    Segment,
    View,
)
from lengthwise.reference.exercises import exercise
from lengthwise.sim import camera, imu
from lengthwise.sim.motion import pose_rad
from lengthwise.sim.recording import Plan, SimulatedRecording
from lengthwise.sim.skeleton import Figure, figure
from lengthwise.sim.turns import turned_by

LEFT_HIP, RIGHT_HIP = LANDMARK_INDEX["left_hip"], LANDMARK_INDEX["right_hip"]


def standing(**angles_deg: float) -> Figure:
    pose = np.zeros(len(COORDINATES))
    for name, value in angles_deg.items():
        pose[INDEX[Coordinate(name)]] = np.radians(value)
    return figure(pose, height_m=1.7, posture=Posture.STANDING)


def frames(eye: camera.Camera, bodies: list[Figure], rate_hz: float = 30.0) -> list[LandmarkFrame]:
    state, out = camera.State(), []
    for n, body in enumerate(bodies):
        state, frame = camera.step(eye, state, n / rate_hz, body)
        if frame is not None:
            out.append(frame)
    return out


def one(view: View, body: Figure, posture: Posture = Posture.STANDING) -> LandmarkFrame:
    return frames(camera.Camera(view, 1, posture, noise=0.0), [body])[0]


@given(
    st.sampled_from([View.FRONT, View.BACK, View.LEFT, View.RIGHT]),
    st.floats(-0.4, 0.4),
    st.floats(1.5, 5.0),
    st.floats(0.3, 1.6),
)
def test_every_point_is_on_its_own_ray(
    view: View, pitch_rad: float, distance_m: float, height_m: float
) -> None:
    """The image point, taken back at the point's distance, is the point."""
    body = standing(lumbar_side_bend=15, hip_flexion_l=30)
    eye = camera.Camera(view, 1, Posture.STANDING, distance_m, height_m, pitch_rad, noise=0.0)
    frame = frames(eye, [body])[0]
    from_camera = (body.landmarks_m - eye.middle_m()) @ eye.axes.T
    depth = from_camera[:, 2] + distance_m
    across = (frame.xy_px - [eye.image_width_px / 2, eye.image_height_px / 2]) / eye.focal_px
    assert across[:, 0] * depth == pytest.approx(from_camera[:, 0], abs=1e-9)
    assert -across[:, 1] * depth == pytest.approx(from_camera[:, 1], abs=1e-9)
    assert eye.axes @ eye.axes.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(eye.axes) == pytest.approx(-1.0)


def test_lying_on_the_back_is_seen_from_the_side_and_from_above() -> None:
    e = exercise("supine_hamstring")
    body = figure(pose_rad(e, 0.0), height_m=1.7, posture=Posture.SUPINE)
    nose, heel = LANDMARK_INDEX["nose"], LANDMARK_INDEX["left_heel"]
    side = one(View.LEFT, body, Posture.SUPINE)
    assert side.xy_px[nose, 0] - side.xy_px[heel, 0] > 300
    above = one(View.FRONT, body, Posture.SUPINE)
    assert above.xy_px[nose, 1] < above.xy_px[heel, 1] - 300
    left, right = LANDMARK_INDEX["left_shoulder"], LANDMARK_INDEX["right_shoulder"]
    assert above.xy_px[left, 0] > above.xy_px[right, 0]


def test_image_depth_is_smaller_for_what_is_nearer() -> None:
    frame = one(View.LEFT, standing())
    assert frame.image_z_px[LEFT_HIP] < 0 < frame.image_z_px[RIGHT_HIP]


def test_the_far_side_is_seen_less_well() -> None:
    frame = one(View.LEFT, standing())
    knees = LANDMARK_INDEX["left_knee"], LANDMARK_INDEX["right_knee"]
    assert frame.visibility[knees[0]] > 0.9
    assert frame.visibility[knees[1]] < 0.5
    front = one(View.FRONT, standing())
    assert front.visibility[list(knees)].min() > 0.9


def spread_m(name: str, view: View = View.FRONT, **angles_deg: float) -> tuple[float, float]:
    """Sd over persons of a landmark's error across and up, in metres, in the first frame."""
    body, row = standing(**angles_deg), LANDMARK_INDEX[name]
    errors = []
    for seed in range(150):
        noisy = frames(camera.Camera(view, seed, Posture.STANDING), [body])[0]
        exact = frames(camera.Camera(view, seed, Posture.STANDING, noise=0.0), [body])[0]
        errors.append((noisy.xy_px - exact.xy_px)[row] * 3.0 / 900.0)
    across, up = np.std(errors, axis=0)
    return float(across), float(up)


@pytest.mark.parametrize(
    ("name", "across", "up"),
    [
        ("left_shoulder", np.hypot(0.030, 0.020), np.hypot(0.050, 0.015)),
        ("left_knee", 0.030, 0.030),
        ("left_foot_index", 0.040, 0.040),
    ],
)
def test_landmark_errors_have_their_stated_size(name: str, across: float, up: float) -> None:
    found = spread_m(name)
    assert found[0] == pytest.approx(np.hypot(across, 0.010), rel=0.3)
    assert found[1] == pytest.approx(np.hypot(up, 0.010), rel=0.3)


def test_errors_grow_with_the_way_from_the_first_pose() -> None:
    """15 % of the displacement of a raised knee: about 9 % along each axis."""
    zero, raised = standing(), standing(hip_flexion_l=75)
    row = LANDMARK_INDEX["left_knee"]
    moved_m = np.linalg.norm(
        (raised.landmarks_m[row] - raised.landmarks_m[LEFT_HIP])
        - (zero.landmarks_m[row] - zero.landmarks_m[LEFT_HIP])
    )
    errors = []
    for seed in range(150):
        pairs = []
        for scale in (1.0, 0.0):
            eye = camera.Camera(View.LEFT, seed, Posture.STANDING, noise=scale)
            pairs.append(np.mean([f.xy_px[row] for f in frames(eye, [zero] + [raised] * 3)[1:]], 0))
        errors.append((pairs[0] - pairs[1]) * 3.0 / 900.0)
    expected = np.sqrt(0.030**2 + (0.15 * moved_m) ** 2 / 3)
    assert np.std(errors) == pytest.approx(expected, rel=0.25)


def test_a_rigid_turn_of_the_whole_body_adds_no_error_of_displacement() -> None:
    """Seen from very far, so that perspective does not change the errors either."""
    row, errors = LANDMARK_INDEX["left_knee"], []
    for tilt in (0, 90):
        pair = []
        for scale in (1.0, 0.0):
            eye = camera.Camera(
                View.LEFT, 1, Posture.STANDING, distance_m=300, focal_px=90_000, noise=scale
            )
            state, _ = camera.step(eye, camera.State(), 0.0, standing())
            _, frame = camera.step(eye, state, 1e9, standing(pelvis_tilt=tilt))
            assert frame is not None
            pair.append(frame.xy_px[row])
        errors.append(pair[0] - pair[1])
    assert np.abs(errors[0]).max() > 1.0
    assert errors[0] == pytest.approx(errors[1], abs=0.05)


def test_the_hip_line_shows_part_of_an_obliquity() -> None:
    """KERAAL: the slope of the hip landmarks against the Vicon pelvis is 0.55."""
    slopes = []
    for seed in range(60):
        eye = camera.Camera(View.FRONT, seed, Posture.STANDING)
        frame = frames(eye, [standing(pelvis_obliquity=10)] * 20)[-1]
        way = frame.xy_px[LEFT_HIP] - frame.xy_px[RIGHT_HIP]
        slopes.append(np.degrees(np.arctan2(way[1], way[0])))
    assert np.mean(slopes) == pytest.approx(5.5, abs=2.5)


def test_half_of_the_frames_can_be_dropped() -> None:
    eye = camera.Camera(View.FRONT, 1, Posture.STANDING, drop_ratio=0.5)
    assert 60 < len(frames(eye, [standing()] * 200)) < 140


def test_who_is_out_of_the_image_is_not_there() -> None:
    eye = camera.Camera(View.FRONT, 1, Posture.STANDING)
    _, frame = camera.step(eye, camera.State(), 0.0, standing(), aside_m=6.0)
    assert frame is not None
    assert not frame.present.any() and frame.person_count == 0


def test_a_camera_saved_and_restored_goes_on_with_the_same_bytes() -> None:
    eye = camera.Camera(View.FRONT, 1, Posture.STANDING)
    plain = saved = camera.State()
    for n in range(40):
        body = standing(hip_flexion_l=n)
        plain, a = camera.step(eye, plain, n / 30, body)
        saved, b = camera.step(eye, decode(encode(saved), camera.State), n / 30, body)
        assert encode(a) == encode(b)


@pytest.mark.parametrize("segment", list(Segment))
def test_an_imu_saved_and_restored_goes_on_with_the_same_bytes(segment: Segment) -> None:
    sensor = imu.Imu(segment, 1)
    plain = saved = imu.State()
    for n in range(40):
        body = standing(hip_flexion_l=n, lumbar_rotation=n / 4, pelvis_tilt=n / 3)
        plain, a = imu.step(sensor, plain, n / 100, body)
        saved, b = imu.step(sensor, decode(encode(saved), imu.State), n / 100, body)
        assert encode(a) == encode(b)


@pytest.mark.parametrize("segment", list(Segment))
def test_gravity_of_a_still_imu_is_up_in_its_segment(segment: Segment) -> None:
    body = standing(pelvis_tilt=20, hip_flexion_l=50, knee_flexion_l=30, lumbar_side_bend=10)
    sensor, state = imu.Imu(segment, 1, noise=0.0), imu.State()
    for n in range(4):
        state, sample = imu.step(sensor, state, n / 100, body)
    assert sample.acc_m_s2 == pytest.approx(tuple(9.81 * body.rotation[segment][2]), abs=1e-9)


def test_the_gyroscope_reads_the_rate_of_turning() -> None:
    """A thigh that is raised at 20 degrees a second turns about its left axis, backwards."""
    sensor, state = imu.Imu(Segment.THIGH_L, 1, noise=0.0), imu.State()
    for n in range(30):
        state, sample = imu.step(sensor, state, n / 100, standing(hip_flexion_l=20 * n / 100))
    assert sample.gyr_rad_s == pytest.approx((0.0, np.radians(-20), 0.0), abs=1e-4)


def of_thigh(o: object) -> bool:
    return isinstance(o, ImuSample) and o.segment is Segment.THIGH_L


def test_gyroscope_integrated_is_the_rotation() -> None:
    plan = Plan("supine_hamstring", Side.LEFT, 2, sensors="imu4", duration_s=22.0, noise=0.0)
    recording = SimulatedRecording(plan)
    rates = [o.gyr_rad_s for o in recording.read() if of_thigh(o)]
    _, poses = recording.truth()
    ends = [
        figure(p, height_m=1.7, posture=Posture.SUPINE, arms=False).rotation[Segment.THIGH_L]
        for p in (poses[0], poses[-1])
    ]
    turned = Rotation.identity()
    for rate in rates:
        turned = turned * Rotation.from_rotvec(np.array(rate) / 100)
    expected = Rotation.from_matrix(ends[0].T @ ends[1])
    assert np.degrees((turned.inv() * expected).magnitude()) < 0.2


def test_mounting_errors_are_about_six_degrees() -> None:
    turns = [
        np.degrees(
            Rotation.from_matrix(imu.Imu(Segment.PELVIS, s).rot_sensor_from_segment).as_rotvec()
        )
        for s in range(200)
    ]
    assert np.std(turns) == pytest.approx(6.0, rel=0.15)


@pytest.mark.parametrize("size_rad", [0.0, 1e-5, 1e-3, 0.1, 3.0])
def test_a_turn_is_that_of_scipy_to_the_last_bit(size_rad: float) -> None:
    for rotvec in size_rad * np.random.default_rng(2).normal(size=(200, 3)):
        assert turned_by(rotvec).tobytes() == Rotation.from_rotvec(rotvec).as_matrix().tobytes()
