"""Worked cases: figures drawn with known angles, and what may be said about them."""

from collections.abc import Sequence
from math import cos, degrees, radians, sin

import numpy as np
import pytest
from stick_figure import camera, frame, front_figure, mirror_image, side_figure, worn

from lengthwise.body import estimator
from lengthwise.body.imu_geometry import segment_axes, up_in_segment
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import (
    Axis,
    CameraStream,
    ImuStream,
    LandmarkFrame,
    Observation,
    PersonSignal,
    Posture,
    Segment,
    SignalKind,
    Stream,
    Tick,
    View,
)
from lengthwise.contracts.states import BodyState, Unseen
from lengthwise.reference.postures import posture_mean_rad

FPS_HZ = 30.0


def last(
    streams: Sequence[Stream],
    observations: Sequence[Observation],
    *,
    posture: Posture = Posture.STANDING,
    zero_s: tuple[float, float] | None = None,
) -> BodyState:
    params = estimator.Params(tuple(streams), posture, posture_mean_rad(posture), zero_s=zero_s)
    state, body = estimator.start(params), None
    for observation in observations:
        state, out = estimator.step(params, state, observation)
        body = out.state or body
    assert body is not None
    return body


def held(
    figure: dict[str, tuple[float, float]], view: View, frames: int = 60, *, from_s: float = 0.0
) -> list[LandmarkFrame]:
    return [frame(from_s + k / FPS_HZ, figure, view) for k in range(frames)]


def deg(body: BodyState, coordinate: Coordinate) -> float:
    return degrees(body.believed(coordinate).mean)


def why(body: BodyState, coordinate: Coordinate) -> Unseen:
    return body.unseen[INDEX[coordinate]]


@pytest.mark.parametrize("view", [View.LEFT, View.RIGHT])
def test_side_view_reads_hip_knee_and_ankle(view: View) -> None:
    """Standing on a leg, the near hip bent by 30, knee by 50, ankle by 10 degrees."""
    figure = side_figure(hip_deg=(30, 30), knee_deg=(50, 50), ankle_deg=(10, 10))
    body = last([camera(view)], held(figure, view))
    side = "l" if view is View.LEFT else "r"
    assert deg(body, Coordinate(f"hip_flexion_{side}")) == pytest.approx(30, abs=2)
    assert deg(body, Coordinate(f"knee_flexion_{side}")) == pytest.approx(50, abs=2)
    assert deg(body, Coordinate(f"ankle_dorsiflexion_{side}")) == pytest.approx(10, abs=4)


def test_a_knee_from_the_side_is_at_least_as_unsure_as_published() -> None:
    """Cosoli 2026: knee in a squat by one camera from the side, sd 6.4 degrees: not claimed.

    Standing before it takes away a part of what stays in the landmarks' errors.
    """
    figure = side_figure(hip_deg=(30, 30), knee_deg=(50, 50), ankle_deg=(10, 10))
    body = last([camera(View.LEFT)], held(figure, View.LEFT))
    assert degrees(body.believed(Coordinate.KNEE_FLEXION_L).sd) > 6.4
    assert why(body, Coordinate.KNEE_FLEXION_L) is Unseen.UNCERTAIN
    stood = [*held(side_figure(), View.LEFT, 75), *held(figure, View.LEFT, from_s=2.5)]
    after = last([camera(View.LEFT)], stood, zero_s=(0.2, 2.3))
    assert 5.0 < degrees(after.believed(Coordinate.KNEE_FLEXION_L).sd) < 10.0


def test_a_foot_in_the_picture_does_not_make_its_ankle_known() -> None:
    """Heel and toe lie a foot apart, each off by 40 mm: two of thirty people were off by 25 degrees
    where the filter by itself was sure to 5.
    """
    figure = side_figure(hip_deg=(30, 30), knee_deg=(50, 50), ankle_deg=(10, 10))
    stood = [*held(side_figure(), View.LEFT, 75), *held(figure, View.LEFT, from_s=2.5)]
    body = last([camera(View.LEFT)], stood, zero_s=(0.2, 2.3))
    for side in "lr":
        ankle = Coordinate(f"ankle_dorsiflexion_{side}")
        assert why(body, ankle) is Unseen.NEVER_FROM_CAMERA
        assert body.believed(ankle).sd >= radians(25)


def test_what_a_camera_in_front_does_not_show_is_told_with_the_doubt_of_its_prior() -> None:
    """Bent knees fit two angles, to the front and to the back: a narrow sd would be a guess."""
    body = last([camera(View.FRONT)], held(front_figure(), View.FRONT, 300))
    unseen_before = last([camera(View.FRONT)], [Tick(0.0)])
    for coordinate in (Coordinate.KNEE_FLEXION_L, Coordinate.TRUNK_FLEXION, Coordinate.PELVIS_TILT):
        assert body.believed(coordinate).sd >= 0.999 * unseen_before.believed(coordinate).sd
    lean = Coordinate.TRUNK_SIDE_LEAN
    assert body.believed(lean).sd < 0.5 * unseen_before.believed(lean).sd
    assert np.linalg.eigvalsh(body.covariance_rad2).min() > -1e-12


def test_supine_leg_raise_from_the_side() -> None:
    """On the back, left leg up: the thigh rises by 60 degrees from a level trunk.

    The image does not show whose share of it is the pelvis'; it is taken to go along as it mostly
    does, and a hip that bends by all of it is within two sds.
    """
    figure = side_figure(trunk_deg=-90, hip_deg=(60, 0), knee_deg=(5, 0))
    body = last([camera(View.LEFT)], held(figure, View.LEFT), posture=Posture.SUPINE)
    tilted = -90 - deg(body, Coordinate.PELVIS_TILT)
    assert 0.0 < tilted < 12.0
    assert deg(body, Coordinate.HIP_FLEXION_L) + tilted == pytest.approx(60, abs=3)
    hip = body.believed(Coordinate.HIP_FLEXION_L)
    assert abs(radians(60) - hip.mean) < 2.0 * hip.sd
    # Of a knee that is known to some degrees, what is told is the part that bends forwards.
    knee = body.believed(Coordinate.KNEE_FLEXION_L)
    assert radians(5) < knee.mean < radians(5) + knee.sd
    # The lumbar spine is taken to make up for the pelvis; the chest is what remains of both.
    chest = body.believed(Coordinate.TRUNK_FLEXION)
    assert abs(radians(-90) - chest.mean) < chest.sd
    assert deg(body, Coordinate.TRUNK_FLEXION) == pytest.approx(-90, abs=6)


def test_on_all_fours_from_the_side() -> None:
    figure = side_figure(trunk_deg=90, hip_deg=(90, 90), knee_deg=(90, 90))
    body = last([camera(View.RIGHT)], held(figure, View.RIGHT), posture=Posture.FOUR_POINT)
    assert deg(body, Coordinate.HIP_FLEXION_R) == pytest.approx(90, abs=4)
    assert deg(body, Coordinate.KNEE_FLEXION_R) == pytest.approx(90, abs=4)


def test_front_view_reads_side_bend_with_its_sign() -> None:
    """The chest leans 20 degrees to the person's right: the right shoulder is lower."""
    straight = held(front_figure(), View.FRONT, 60)
    bent = held(front_figure(chest_lean_deg=20), View.FRONT, 60, from_s=2.0)
    body = last([camera(View.FRONT)], [*straight, *bent])
    assert deg(body, Coordinate.TRUNK_SIDE_LEAN) == pytest.approx(20, abs=2)
    assert deg(body, Coordinate.THORAX_SIDE_BEND) == pytest.approx(20, abs=2.5)
    assert why(body, Coordinate.TRUNK_SIDE_LEAN) is Unseen.CLAIMED
    assert why(body, Coordinate.THORAX_SIDE_BEND) is Unseen.CLAIMED


def test_front_view_reads_a_hip_hitch_through_the_short_hip_line() -> None:
    """Hip landmarks show .55 of a pelvic obliquity: 5.5 degrees mean 10, right side up."""
    straight = held(front_figure(), View.FRONT, 60)
    hitched = held(front_figure(hips_up_right_deg=5.5), View.FRONT, 120, from_s=2.0)
    body = last([camera(View.FRONT)], [*straight, *hitched])
    # Hips that move by a centimetre, as landmarks do of themselves, are believed slowly, and so
    # short a line is drawn some way back to the start posture; the sd says so.
    hitch = body.believed(Coordinate.PELVIS_OBLIQUITY)
    assert 4.0 < degrees(hitch.mean) < 11.0
    assert abs(radians(10) - hitch.mean) < 2.0 * hitch.sd


def test_back_view_keeps_left_and_right() -> None:
    """From behind, the person's right is image right; the same lean to the right."""
    seen = []
    for lean, first in ((0.0, 0), (20.0, 60)):
        figure = {
            name: (-across, up) for name, (across, up) in front_figure(chest_lean_deg=lean).items()
        }
        seen += [frame((first + k) / FPS_HZ, figure, View.BACK) for k in range(60)]
    body = last([camera(View.BACK)], seen)
    assert deg(body, Coordinate.TRUNK_SIDE_LEAN) == pytest.approx(20, abs=2)


def test_an_undeclared_view_is_found() -> None:
    figure = side_figure(hip_deg=(30, 30), knee_deg=(50, 50))
    for view in (View.LEFT, View.RIGHT):
        body = last([camera(View.UNKNOWN)], held(figure, view))
        side = "l" if view is View.LEFT else "r"
        assert deg(body, Coordinate(f"knee_flexion_{side}")) == pytest.approx(50, abs=2)
    lean = last([camera(View.UNKNOWN)], held(front_figure(chest_lean_deg=20), View.FRONT))
    assert deg(lean, Coordinate.TRUNK_SIDE_LEAN) == pytest.approx(20, abs=2)


def test_a_person_who_turns_round_is_read_from_the_other_side() -> None:
    first = held(side_figure(knee_deg=(40, 0)), View.LEFT, 60)
    turned = held(side_figure(knee_deg=(0, 40)), View.RIGHT, 90, from_s=3.0)
    body = last([camera(View.LEFT)], [*first, *turned])
    assert deg(body, Coordinate.KNEE_FLEXION_R) == pytest.approx(40, abs=2)
    assert why(body, Coordinate.KNEE_FLEXION_R) is Unseen.UNCERTAIN
    assert why(body, Coordinate.TRUNK_SIDE_LEAN) is Unseen.VIEW


def test_the_camera_never_claims_turns_pelvic_tilt_or_the_lumbar_share() -> None:
    front = last([camera(View.FRONT)], held(front_figure(), View.FRONT, 90))
    side = last([camera(View.LEFT)], held(side_figure(), View.LEFT, 90))
    for body in (front, side):
        for coordinate in (
            Coordinate.PELVIS_ROTATION,
            Coordinate.LUMBAR_ROTATION,
            Coordinate.THORAX_ROTATION,
            Coordinate.HIP_ROTATION_L,
            Coordinate.PELVIS_TILT,
            Coordinate.LUMBAR_FLEXION,
            Coordinate.LUMBAR_SIDE_BEND,
            Coordinate.THORAX_FLEXION,
        ):
            assert why(body, coordinate) is Unseen.NEVER_FROM_CAMERA
    assert why(front, Coordinate.KNEE_FLEXION_L) is Unseen.VIEW
    assert why(side, Coordinate.TRUNK_SIDE_LEAN) is Unseen.VIEW


def test_a_prior_alone_is_not_knowledge() -> None:
    """Without a pelvis sensor the hip stays uncertain from the side; with one it is claimed.

    A bend of 12 degrees: the error of the thigh's line grows with the change from the zero pose.
    """
    figure = side_figure(hip_deg=(12, 12), knee_deg=(12, 12))
    standing = held(side_figure(), View.LEFT, 60)
    seen = [*standing, *held(figure, View.LEFT, 240, from_s=2.0)]
    alone = last([camera(View.LEFT)], seen)
    assert why(alone, Coordinate.HIP_FLEXION_L) is Unseen.UNCERTAIN
    pelvis = ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.MINUS_Z)
    together = last(
        [camera(View.LEFT), pelvis],
        sorted([*seen, *worn(Segment.PELVIS, [(0, 0), (10, 0)])], key=lambda o: o.t_s),
    )
    assert why(together, Coordinate.HIP_FLEXION_L) is Unseen.CLAIMED
    assert why(together, Coordinate.PELVIS_TILT) is Unseen.CLAIMED


def test_reasons_for_what_is_not_seen() -> None:
    figure = side_figure(knee_deg=(40, 40))
    seen = held(figure, View.LEFT, 60)
    hidden = [
        LandmarkFrame(
            f.t_s, f.xy_px, f.image_z_px, np.where(np.arange(33) == 25, 0.1, 1.0), f.present
        )
        for f in seen
    ]
    assert why(last([camera(View.LEFT)], hidden), Coordinate.KNEE_FLEXION_L) is Unseen.OCCLUDED
    low = [frame(k / FPS_HZ, figure, View.LEFT, shift_px=(0, 300)) for k in range(60)]
    assert why(last([camera(View.LEFT)], low), Coordinate.KNEE_FLEXION_L) is Unseen.OUT_OF_FRAME
    gone = [*seen, *(Tick(2.0 + k / 20) for k in range(40))]
    assert why(last([camera(View.LEFT)], gone), Coordinate.KNEE_FLEXION_L) is Unseen.STALE
    lone = ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.MINUS_Z)
    body = last([lone], [Tick(0.0), *worn(Segment.PELVIS, [(0, 0), (0.5, 0)]), Tick(0.5)])
    assert why(body, Coordinate.PELVIS_TILT) is Unseen.NOT_CALIBRATED
    assert why(body, Coordinate.KNEE_FLEXION_L) is Unseen.NO_SENSOR


def ticked(observations: list[Observation]) -> list[Observation]:
    end = max(o.t_s for o in observations)
    return sorted(
        [*observations, *(Tick(k / 20) for k in range(int(end * 20) + 2))], key=lambda o: o.t_s
    )


def test_inertial_sensors_read_change_from_the_zero_pose() -> None:
    """Worn 15 degrees askew in standing; then the pelvis tilts back 20, the chest leans 10 on."""
    pelvis = ImuStream(Segment.PELVIS, 100.0, forward_axis=Axis.MINUS_Z)
    t12 = ImuStream(Segment.T12, 100.0, forward_axis=Axis.MINUS_Z)
    felt: list[Observation] = [
        *worn(Segment.PELVIS, [(0, 15), (3, 15), (4, -5), (7, -5)]),
        *worn(Segment.T12, [(0, -12), (3, -12), (4, -2), (7, -2)]),
    ]
    body = last([pelvis, t12], ticked(felt), zero_s=(0.5, 2.5))
    assert deg(body, Coordinate.PELVIS_TILT) == pytest.approx(-20, abs=1.5)
    assert deg(body, Coordinate.LUMBAR_FLEXION) == pytest.approx(30, abs=2.5)
    assert why(body, Coordinate.LUMBAR_FLEXION) is Unseen.CLAIMED
    found = last([pelvis, t12], ticked(felt))
    assert deg(found, Coordinate.PELVIS_TILT) == pytest.approx(-20, abs=1.5)
    assert found.believed(Coordinate.PELVIS_TILT).sd > body.believed(Coordinate.PELVIS_TILT).sd


def test_a_sensor_of_unknown_front_is_not_calibrated() -> None:
    unknown = ImuStream(Segment.PELVIS, 100.0, forward_axis=None)
    body = last([unknown], ticked(worn(Segment.PELVIS, [(0, 0), (4, 0)])), zero_s=(0.5, 2.0))
    assert why(body, Coordinate.PELVIS_TILT) is Unseen.NOT_CALIBRATED


def test_roll_of_the_chest_is_a_side_bend_upright_and_unknown_when_bent_far() -> None:
    """About the vertical gravity says nothing: bent forward by 80, a roll may be a turn."""
    streams = [
        ImuStream(segment, 100.0, forward_axis=Axis.MINUS_Z)
        for segment in (Segment.PELVIS, Segment.THORAX)
    ]
    level = worn(Segment.PELVIS, [(0, 0), (6, 0)])
    side = ticked(
        [*level, *worn(Segment.THORAX, [(0, 0)], rolls_deg=[(0, 0), (3, 0), (4, 15), (6, 15)])]
    )
    body = last(streams, side, zero_s=(0.5, 2.5))
    assert deg(body, Coordinate.THORAX_SIDE_BEND) == pytest.approx(15, abs=1.5)
    assert why(body, Coordinate.THORAX_SIDE_BEND) is Unseen.CLAIMED
    bent = ticked(
        [
            *level,
            *worn(
                Segment.THORAX,
                [(0, 0), (3, 0), (4, 80), (6, 80)],
                rolls_deg=[(0, 0), (4.5, 0), (5, 15), (6, 15)],
            ),
        ]
    )
    assert why(last(streams, bent, zero_s=(0.5, 2.5)), Coordinate.THORAX_SIDE_BEND) is (
        Unseen.UNCERTAIN
    )


@pytest.mark.parametrize(
    ("pitch_deg", "roll_deg"), [(0, 0), (35, 0), (-60, 0), (20, 25), (150, -10)]
)
def test_segment_axes_read_back_the_pose_they_were_set_in(
    pitch_deg: float, roll_deg: float
) -> None:
    up = (0.1, 0.2, 0.97)
    pitch, roll = radians(pitch_deg), radians(roll_deg)
    known = np.array([-sin(pitch) * cos(roll), sin(roll), cos(pitch) * cos(roll)])
    axes = segment_axes(up, Axis.X, Axis.X, known)
    assert axes is not None
    norm = float(np.linalg.norm(up))
    read = up_in_segment(axes, (up[0] / norm, up[1] / norm, up[2] / norm))
    np.testing.assert_allclose(read, known, atol=1e-12)
    np.testing.assert_allclose(np.cross(axes.front, axes.left), axes.up, atol=1e-12)


def test_a_segment_that_points_up_to_the_front_has_no_axes() -> None:
    assert segment_axes((0.1, 0.2, 0.97), Axis.X, Axis.X, np.array([-1.0, 0.0, 0.1])) is None


def test_what_the_person_says_does_not_move_the_body() -> None:
    params = estimator.Params((camera(View.LEFT),), Posture.STANDING, np.zeros(21))
    state = estimator.start(params)
    after, out = estimator.step(params, state, PersonSignal(1.0, SignalKind.PAUSE))
    assert after is state and out.state is None


def test_measured_lengths_are_taken_from_the_person() -> None:
    """A child of half the size, near the camera: scale follows the measure, not the average."""
    from lengthwise.body.scaling import BodyMeasures

    stream: CameraStream = camera(View.LEFT)
    small = estimator.Params(
        (stream,), Posture.STANDING, np.zeros(21), measures=BodyMeasures(height_m=0.87)
    )
    plain = estimator.Params((stream,), Posture.STANDING, np.zeros(21))
    assert small.camera is not None and plain.camera is not None
    assert small.camera.trunk_m == pytest.approx(0.5 * plain.camera.trunk_m, rel=0.01)


def test_mirrored_in_the_session_overrides_the_stream() -> None:
    seen = [mirror_image(f) for f in held(front_figure(chest_lean_deg=20), View.FRONT)]
    params = estimator.Params(
        (camera(View.FRONT, mirrored=None),), Posture.STANDING, np.zeros(21), mirrored=True
    )
    state, body = estimator.start(params), None
    for observation in seen:
        state, out = estimator.step(params, state, observation)
        body = out.state
    assert body is not None
    assert deg(body, Coordinate.TRUNK_SIDE_LEAN) == pytest.approx(20, abs=2)
