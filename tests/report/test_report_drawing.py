"""The drawn body: there, warm where it lengthens, foggy where it is not known."""

import base64
import io
import re
from math import radians

import numpy as np
import pytest
from PIL import Image
from report_reading import ReadPage
from report_sessions import body_state, lunge, tissue_state

from lengthwise.body.anatomy import Anatomy
from lengthwise.contracts.coordinates import INDEX, Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Posture, View
from lengthwise.contracts.states import BodyState, Unseen
from lengthwise.reference.postures import posture_mean_rad
from lengthwise.report.body_drawing import BodyPainter, draw_body
from lengthwise.report.body_parts import BodyPart
from lengthwise.report.known_parts import drawn_mean_rad, unknown_parts
from lengthwise.report.page import build_report
from lengthwise.report.stated_posture import stated_body

PSOAS_L = (MuscleGroup.PSOAS, Side.LEFT)
HAMSTRINGS = MuscleGroup.HAMSTRINGS
LUNGE = {
    Coordinate.HIP_FLEXION_L: -15.0,
    Coordinate.KNEE_FLEXION_L: 75.0,
    Coordinate.HIP_FLEXION_R: 90.0,
    Coordinate.KNEE_FLEXION_R: 90.0,
}
SIZE = (190, 220)


@pytest.fixture(scope="module")
def anatomy() -> Anatomy:
    return Anatomy.build()


def _pixels(
    anatomy: Anatomy,
    state: BodyState,
    fraction: float = 0.8,
    *,
    claimed: bool = True,
    target: tuple[MuscleGroup, Side] = PSOAS_L,
    view: View = View.LEFT,
) -> np.ndarray:
    tissue = tissue_state(0.0, {target: fraction}, claimed=claimed)
    image = draw_body(anatomy, state, tissue, target=[target], view_from=view, size_px=SIZE)
    assert image.size == SIZE
    return np.asarray(image).astype(float)


def _warm(pixels: np.ndarray) -> int:
    """Pixels clearly redder than they are blue, and not see-through."""
    return int(((pixels[..., 0] - pixels[..., 2] > 80) & (pixels[..., 3] > 150)).sum())


def test_a_body_is_drawn_on_a_clear_ground(anatomy: Anatomy) -> None:
    pixels = _pixels(anatomy, body_state(0.0, LUNGE))
    covered = (pixels[..., 3] > 60).mean()
    assert 0.10 < covered < 0.70
    assert pixels[0, 0, 3] == 0
    assert pixels[0, -1, 3] == 0


@pytest.mark.parametrize(("ankle_deg", "lies"), [(-48.0, True), (-20.0, False)])
def test_a_pointed_foot_under_a_lying_shank_lies_on_its_back(
    anatomy: Anatomy, ankle_deg: float, *, lies: bool
) -> None:
    """On all fours the knee carries: the toes are no deeper. A foot that is told to be otherwise is
    drawn as it is told."""
    mean = posture_mean_rad(Posture.FOUR_POINT)
    mean[INDEX[Coordinate.ANKLE_DORSIFLEXION_L]] = radians(ankle_deg)
    told = stated_body(mean, frozenset(Coordinate))
    painter = BodyPainter(anatomy)
    soft = painter.flesh.placed(painter.placed(told))
    low_m = soft.centre_m[:, 2] - np.linalg.norm(soft.shape_m[:, 2], axis=1)
    shank_m, foot_m = (
        low_m[np.asarray(soft.label) == part].min() for part in (BodyPart.SHANK_L, BodyPart.FOOT_L)
    )
    assert (foot_m > shank_m - 0.01) == lies


@pytest.mark.parametrize("posture", [Posture.SUPINE, Posture.STANDING])
def test_a_pointed_foot_in_the_air_is_drawn_as_it_is_told(
    anatomy: Anatomy, posture: Posture
) -> None:
    """Both shanks lie: over somebody on the back with the hip bent, and behind one who stands and
    draws the heel to the seat."""
    mean = posture_mean_rad(posture).copy()
    mean[INDEX[Coordinate.HIP_FLEXION_L]] = radians(90.0 if posture is Posture.SUPINE else 0.0)
    mean[INDEX[Coordinate.KNEE_FLEXION_L]] = radians(90.0)
    mean[INDEX[Coordinate.ANKLE_DORSIFLEXION_L]] = radians(-48.0)
    drawn = BodyPainter(anatomy).placed(stated_body(mean, frozenset(Coordinate)))
    np.testing.assert_array_equal(drawn.qpos, anatomy.place(mean).qpos)


def test_a_longer_muscle_is_warmer(anatomy: Anatomy) -> None:
    state = body_state(0.0, LUNGE)
    warm = [_warm(_pixels(anatomy, state, fraction)) for fraction in (0.2, 0.6, 0.95)]
    assert warm[0] < warm[1] < warm[2]
    assert warm[2] > 100


def test_a_muscle_that_is_not_known_looks_the_same_however_long_it_is_believed(
    anatomy: Anatomy,
) -> None:
    state = body_state(0.0, LUNGE)
    short, long = (_pixels(anatomy, state, f, claimed=False) for f in (0.1, 0.95))
    assert np.array_equal(short, long)
    assert _warm(long) == 0


def test_an_unseen_pelvis_lies_in_fog_and_a_seen_one_does_not(anatomy: Anatomy) -> None:
    """Fog hides the bones: the fogged picture has far fewer light bone pixels at the pelvis."""
    seen = body_state(0.0, LUNGE)
    hidden = body_state(0.0, LUNGE, unseen={Coordinate.PELVIS_TILT: Unseen.NEVER_FROM_CAMERA})
    assert unknown_parts(seen, View.LEFT) == ()
    assert unknown_parts(hidden, View.LEFT) == (BodyPart.PELVIS,)
    clear, foggy = _pixels(anatomy, seen), _pixels(anatomy, hidden)
    changed = np.abs(clear - foggy).max(axis=2) > 25
    rows, columns = np.nonzero(changed)
    assert changed.sum() > 300
    middle = (columns.mean() / SIZE[0], rows.mean() / SIZE[1])
    assert 0.3 < middle[0] < 0.7
    assert 0.3 < middle[1] < 0.7


def test_what_a_view_does_not_show_puts_no_fog_on_it() -> None:
    state = body_state(0.0, {}, unseen={Coordinate.HIP_ROTATION_L: Unseen.VIEW})
    assert unknown_parts(state, View.LEFT) == ()
    leaning = body_state(0.0, {}, unseen={Coordinate.PELVIS_OBLIQUITY: Unseen.VIEW})
    assert unknown_parts(leaning, View.LEFT) == ()
    assert unknown_parts(leaning, View.BACK) == (BodyPart.PELVIS,)


def test_a_chest_drawn_elsewhere_than_known_is_fogged() -> None:
    state = body_state(0.0, {Coordinate.TRUNK_FLEXION: 30.0})
    assert unknown_parts(state, View.LEFT) == (BodyPart.CHEST,)
    bent = {Coordinate.TRUNK_FLEXION: 30.0, Coordinate.LUMBAR_FLEXION: 28.0}
    assert unknown_parts(body_state(0.0, bent), View.LEFT) == ()


def test_an_unseen_low_back_carries_the_chest_to_where_it_is_seen() -> None:
    hidden = {Coordinate.LUMBAR_FLEXION: Unseen.NEVER_FROM_CAMERA}
    tipped = {Coordinate.TRUNK_FLEXION: 30.0, Coordinate.PELVIS_TILT: 5.0}
    state = body_state(0.0, tipped, unseen=hidden)
    drawn = drawn_mean_rad(state)
    assert np.isclose(np.degrees(drawn[INDEX[Coordinate.LUMBAR_FLEXION]]), 25.0)
    assert unknown_parts(state, View.LEFT) == (BodyPart.LUMBAR,)
    folded = body_state(0.0, {Coordinate.TRUNK_FLEXION: 110.0}, unseen=hidden)
    assert unknown_parts(folded, View.LEFT) == (BodyPart.CHEST, BodyPart.LUMBAR)


def test_left_from_the_left_is_the_mirror_of_right_from_the_right(anatomy: Anatomy) -> None:
    left = _pixels(
        anatomy,
        body_state(0.0, {Coordinate.HIP_FLEXION_L: 70.0}),
        target=(HAMSTRINGS, Side.LEFT),
        view=View.LEFT,
    )
    right = _pixels(
        anatomy,
        body_state(0.0, {Coordinate.HIP_FLEXION_R: 70.0}),
        target=(HAMSTRINGS, Side.RIGHT),
        view=View.RIGHT,
    )
    # Light falls from one side, so only what is covered is compared.
    difference = np.abs(left[..., 3] - right[:, ::-1, 3]) > 60
    assert difference.mean() < 0.01


def test_the_target_is_found_again_for_its_label(anatomy: Anatomy) -> None:
    painter = BodyPainter(anatomy)
    state = body_state(0.0, LUNGE)
    picture = painter.draw(
        state,
        tissue_state(0.0, {PSOAS_L: 0.8}),
        target=[PSOAS_L],
        view_from=View.LEFT,
        frame=painter.frame([state], View.LEFT),
        size_px=SIZE,
    )
    x, y = picture.target_at
    column, row = round(x * SIZE[0]), round(y * SIZE[1])
    around = np.asarray(picture.image).astype(float)[row - 12 : row + 13, column - 12 : column + 13]
    assert _warm(around) > 20
    assert picture.body_span[0] < x < picture.body_span[1]


def test_the_page_holds_small_pictures_with_the_target_in_them(anatomy: Anatomy) -> None:
    text = build_report(lunge(anatomy=anatomy, step_s=0.5))
    page = ReadPage(text)
    assert (page.open, page.misnested) == ([], [])
    found = re.findall(r'src="data:image/webp;base64,([^"]*)"', text)
    assert len(found) == 2
    raw = [base64.b64decode(data) for data in found]
    assert all(2_000 < len(data) <= 60_000 for data in raw)
    assert len(text.encode()) < 1_500_000
    warm = [_warm(np.asarray(Image.open(io.BytesIO(d)).convert("RGBA")).astype(float)) for d in raw]
    assert min(warm) > 50
    assert warm[1] > warm[0]
