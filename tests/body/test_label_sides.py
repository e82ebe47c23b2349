"""Which side is which: exchanged labels and mirror images are put back as they were before."""

from collections import Counter
from math import degrees, radians

import numpy as np
import pytest
from msgspec.structs import replace
from stick_figure import camera, frame, front_figure, mirror_image, side_figure, worn

from lengthwise.body import estimator
from lengthwise.body.camera_geometry import EXCHANGED, LEGS_AT, Landmarks
from lengthwise.body.label_sides import SeenBody, face_contradicts, worn_contradicts
from lengthwise.contracts.codec import frozen_array
from lengthwise.contracts.coordinates import INDEX, Coordinate
from lengthwise.contracts.observation import (
    LANDMARKS,
    Axis,
    ImuStream,
    LandmarkFrame,
    Posture,
    RejectionReason,
    Segment,
    View,
)

FPS_HZ = 30.0
SIDE = estimator.Params((camera(View.LEFT),), Posture.STANDING, np.zeros(21))
FRONT = estimator.Params((camera(View.FRONT),), Posture.STANDING, np.zeros(21))
LEAN = INDEX[Coordinate.TRUNK_SIDE_LEAN]
KNEE = INDEX[Coordinate.KNEE_FLEXION_L]
LUNGE = side_figure(hip_deg=(30.0, 0.0), knee_deg=(40.0, 5.0))


def run(
    params: estimator.Params, seen: list[LandmarkFrame], coordinate: int
) -> tuple[list[float], Counter[RejectionReason]]:
    """Degrees of one coordinate after each frame, and what was rejected."""
    state, shown = estimator.start(params), []
    counted: Counter[RejectionReason] = Counter()
    for one in seen:
        state, out = estimator.step(params, state, one)
        counted.update(r.reason for r in out.rejections)
        assert out.state is not None
        shown.append(degrees(out.state.mean_rad[coordinate]))
    return shown, counted


def side(frames: int, from_s: float = 0.0) -> list[LandmarkFrame]:
    return [frame(from_s + k / FPS_HZ, LUNGE, View.LEFT) for k in range(frames)]


def leaning(frames: int, from_s: float = 0.0, aside_px: float = 60.0) -> list[LandmarkFrame]:
    figure = front_figure(chest_lean_deg=12)
    return [
        frame(from_s + k / FPS_HZ, figure, View.FRONT, shift_px=(aside_px, 0.0))
        for k in range(frames)
    ]


def exchanged(seen: LandmarkFrame) -> LandmarkFrame:
    return replace(
        seen,
        xy_px=frozen_array(seen.xy_px[EXCHANGED]),
        image_z_px=frozen_array(seen.image_z_px[EXCHANGED]),
    )


@pytest.mark.parametrize(
    ("params", "seen", "coordinate"), [(SIDE, side(120), KNEE), (FRONT, leaning(120), LEAN)]
)
def test_a_mirror_image_from_the_middle_on_changes_nothing_but_is_counted(
    params: estimator.Params, seen: list[LandmarkFrame], coordinate: int
) -> None:
    clean, _ = run(params, seen, coordinate)
    shown, counted = run(
        params, [*seen[:40], *(mirror_image(f) for f in seen[40:90]), *seen[90:]], coordinate
    )
    assert counted == {RejectionReason.MIRRORED: 50}
    np.testing.assert_allclose(shown, clean, atol=1e-6)


def test_a_mirror_image_of_who_leans_a_little_in_the_middle_is_seen() -> None:
    """Nothing but the shoulders moves, from one side to the other between two frames."""
    seen = leaning(120, aside_px=0.0)
    clean, _ = run(FRONT, seen, LEAN)
    shown, counted = run(FRONT, [*seen[:40], *(mirror_image(f) for f in seen[40:])], LEAN)
    assert counted == {RejectionReason.MIRRORED: 80}
    np.testing.assert_allclose(shown, clean, atol=1e-6)


def test_who_swings_from_side_to_side_is_no_mirror_image() -> None:
    """Once a second by 20 degrees, in the middle of the image, at ten images a second."""
    leans_deg = 20.0 * np.sin(2.0 * np.pi * np.arange(60) / 10.0)
    seen = [
        frame(k / 10.0, front_figure(chest_lean_deg=float(lean)), View.FRONT)
        for k, lean in enumerate(leans_deg)
    ]
    assert RejectionReason.MIRRORED not in run(FRONT, seen, LEAN)[1]


@pytest.mark.parametrize("aside_px", range(-400, 401, 40))
def test_a_camera_that_is_pushed_aside_shows_no_mirror_image(aside_px: int) -> None:
    pushed = [
        frame(k / FPS_HZ, LUNGE, View.LEFT, shift_px=(float(aside_px), 60.0)) for k in range(40, 60)
    ]
    assert RejectionReason.MIRRORED not in run(SIDE, [*side(40), *pushed], KNEE)[1]


def test_labels_exchanged_one_behind_the_other_are_known_by_their_depth() -> None:
    """Standing seen from the side: both shoulders and hips lie at the same place of the image."""
    seen = [frame(k / FPS_HZ, side_figure(), View.LEFT) for k in range(60)]
    _, counted = run(SIDE, [*seen[:30], *(exchanged(f) for f in seen[30:38]), *seen[38:]], KNEE)
    assert counted == {RejectionReason.SIDES: 8}


def test_labels_that_the_face_contradicts_are_never_believed() -> None:
    """Two seconds: much longer than labels would be doubted without a face."""
    seen = side(120)
    clean, _ = run(SIDE, seen, KNEE)
    shown, counted = run(
        SIDE, [*seen[:40], *(exchanged(f) for f in seen[40:100]), *seen[100:]], KNEE
    )
    assert counted == {RejectionReason.SIDES: 60}
    np.testing.assert_allclose(shown, clean, atol=1e-6)


def test_legs_that_cross_between_two_frames_are_labels_for_as_long_as_it_lasts() -> None:
    """Two seconds from the front, where no face says anything about the legs."""
    seen = leaning(120)
    names = np.arange(33)
    names[LEGS_AT] = EXCHANGED[LEGS_AT]
    crossed = [replace(f, xy_px=frozen_array(f.xy_px[names])) for f in seen[40:100]]
    adduction = INDEX[Coordinate.HIP_ADDUCTION_L]
    clean, _ = run(FRONT, seen, adduction)
    shown, counted = run(FRONT, [*seen[:40], *crossed, *seen[100:]], adduction)
    assert counted == {RejectionReason.SIDES: 60}
    np.testing.assert_allclose(shown, clean, atol=1e-6)


def faceless(seen: LandmarkFrame) -> LandmarkFrame:
    """Nothing tells which side is which: ears and toes are not seen."""
    present = np.array(seen.present, dtype=bool)
    present[[i for i, name in enumerate(LANDMARKS) if "ear" in name or "foot" in name]] = False
    return replace(seen, present=frozen_array(present, dtype="bool"))


@pytest.mark.parametrize("frames", [10, 45, 80])
def test_where_nothing_tells_the_sides_exchanged_ones_are_never_taken_in(frames: int) -> None:
    """Put back for half a second, then not used; the right ones are used at once again."""
    seen = [faceless(f) for f in side(180)]
    shown, counted = run(
        SIDE,
        [*seen[:60], *(exchanged(f) for f in seen[60 : 60 + frames]), *seen[60 + frames :]],
        KNEE,
    )
    assert counted[RejectionReason.SIDES] == frames
    assert np.abs(np.array(shown[60:]) - 40.0).max() < 15.0


def test_labels_that_were_believed_and_are_undone_are_believed_at_once() -> None:
    seen = [faceless(f) for f in side(300)]
    shown, counted = run(
        SIDE, [*seen[:100], *(exchanged(f) for f in seen[100:220]), *seen[220:]], KNEE
    )
    assert counted[RejectionReason.SIDES] <= 95
    assert shown[-50] == pytest.approx(40.0, abs=3.0)


def test_legs_named_rightly_after_a_wrong_beginning_are_believed() -> None:
    """A model that begins with the legs exchanged: they are not kept crossed for ever."""
    seen = leaning(120)
    names = np.arange(33)
    names[LEGS_AT] = EXCHANGED[LEGS_AT]
    wrong = [replace(f, xy_px=frozen_array(f.xy_px[names])) for f in seen[:30]]
    _, counted = run(FRONT, [*wrong, *seen[30:]], INDEX[Coordinate.HIP_ADDUCTION_L])
    assert 10 <= counted[RejectionReason.SIDES] <= 20


def test_after_a_pause_it_may_be_a_turn_but_not_when_it_is_undone_at_once() -> None:
    """The image is mirrored while nobody is seen, and right again between two frames."""
    seen = side(150)
    shown, counted = run(
        SIDE, [*seen[:40], *(mirror_image(f) for f in seen[60:75]), *seen[75:]], KNEE
    )
    assert counted[RejectionReason.MIRRORED] == 1
    assert shown[-1] == pytest.approx(40.0, abs=3.0)


def points(of: LandmarkFrame) -> Landmarks:
    return Landmarks(of.xy_px, of.image_z_px, of.visibility, np.asarray(of.present, dtype=bool))


def laid_down(seen: LandmarkFrame, quarters: int) -> LandmarkFrame:
    """The same person lying: turned in the plane of the image."""
    middle = np.array([640.0, 360.0])
    x, y = (seen.xy_px - middle).T
    for _ in range(quarters):
        x, y = y, -x
    return replace(seen, xy_px=frozen_array(np.stack([x, y], axis=1) + middle))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("view", [View.LEFT, View.RIGHT])
def test_the_face_agrees_with_the_side_that_is_nearer(view: View, quarters: int) -> None:
    """However the person lies."""
    seen = laid_down(frame(0.0, LUNGE, view), quarters)
    image = SeenBody(320.0, 1280)
    assert not face_contradicts(points(seen), image)
    assert face_contradicts(points(exchanged(seen)), image)
    assert not face_contradicts(points(mirror_image(seen)), image)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_sensor_on_a_thigh_says_which_thigh_it_is(quarters: int) -> None:
    """The left one hangs at 30 degrees, the right one straight down, also in an image that was
    turned to have the head at its top."""
    seen = laid_down(frame(0.0, LUNGE, View.LEFT), quarters)
    down = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)][quarters]

    def told(*hang_deg: float | None) -> list[bool]:
        worn = tuple(None if a is None else radians(a) for a in hang_deg)
        image = SeenBody(320.0, 1280, down, worn)
        return [worn_contradicts(points(f), image) for f in (seen, exchanged(seen))]

    assert told(30.0, None, None, None) == [False, True]
    assert told(None, 0.0, None, None) == [False, True]
    assert told(15.0, None, None, None) == [False, False], "neither is nearer"
    assert told(90.0, None, None, None) == [False, False], "as neither of them hangs"
    assert told(None, None, None, None) == [False, False]


def test_labels_that_a_worn_sensor_contradicts_are_never_believed() -> None:
    """Nobody's face is seen; two seconds, and the right ones are used at once again."""
    worn_on_the_thigh = ImuStream(Segment.THIGH_L, 100.0, forward_axis=Axis.MINUS_Z)
    params = estimator.Params(
        (camera(View.LEFT), worn_on_the_thigh), Posture.STANDING, np.zeros(21), zero_s=(0.0, 1.0)
    )
    stands = [frame(k / FPS_HZ, side_figure(), View.LEFT) for k in range(60)]
    moved = [faceless(f) for f in side(120, from_s=2.0)]
    wrong = [*moved[:30], *(exchanged(f) for f in moved[30:90]), *moved[90:]]
    samples = worn(Segment.THIGH_L, [(0.0, 0.0), (1.9, 0.0), (2.0, 30.0), (6.0, 30.0)])
    both = sorted([*stands, *wrong, *samples], key=lambda o: o.t_s)
    state = estimator.start(params)
    counted: Counter[RejectionReason] = Counter()
    for one in both:
        state, out = estimator.step(params, state, one)
        counted.update(r.reason for r in out.rejections)
    assert counted[RejectionReason.SIDES] == 60
