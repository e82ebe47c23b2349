"""Line alignment and selectivity: what they are at known movements, and when they keep silent."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from fake_anatomy import MODEL, usual_bounds
from hypothesis import given
from hypothesis import strategies as st
from postures_of_body import body, body_at, within_limits

from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate, Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.states import BodyState, Precision
from lengthwise.reference.exercises import Exercise, ExerciseKind, exercise
from lengthwise.tissue.engine import Params, start, step
from lengthwise.tissue.groups import mirror
from lengthwise.tissue.precision import Movement, StretchLine, precision, stretch_line

BOUNDS = usual_bounds()
LUNGE = Params(MODEL, BOUNDS, exercise=exercise("half_kneeling_hip_flexor"))
KNEELING = {"knee_flexion_l": 90.0, "hip_flexion_r": 85.0, "knee_flexion_r": 90.0}


def both(body_state: BodyState, params: Params = LUNGE) -> tuple[Precision, ...]:
    tissue = step(params, start(params), body_state)[1]
    assert tissue is not None
    return tissue.precision


def left(body_state: BodyState, params: Params = LUNGE) -> Precision:
    return both(body_state, params)[0]


def line(
    targets: tuple[int, ...], region: tuple[int, ...], path: tuple[Coordinate, ...]
) -> StretchLine:
    in_path = np.array([c in path for c in ANATOMICAL])
    return StretchLine(
        side=Side.LEFT,
        targets=np.isin(np.arange(32), targets).astype(float),
        region=np.isin(np.arange(32), region).astype(float),
        in_path=in_path,
        depends=np.arange(13) < 2,
        start_rad=np.zeros(13),
        stretches=True,
    )


def movement(change: np.ndarray, slope: np.ndarray, *, sd_rad: float = 0.01) -> Movement:
    """A movement over straight muscles: the gain is slope times change."""
    return Movement(
        change_rad=change,
        covariance_rad2=np.eye(13) * sd_rad**2,
        claimed=np.ones(13, dtype=bool),
        gain=slope @ change,
        known=np.ones(32, dtype=bool),
        slope=slope,
        start_slope=slope,
    )


def two_muscles() -> np.ndarray:
    """Muscle 0 lengthens with coordinate 0 alone, muscle 1 with coordinate 1 alone."""
    slope = np.zeros((32, 13))
    slope[0, 0], slope[1, 1] = 1.0, 1.0
    return slope


@pytest.mark.parametrize("turn_deg", [0, 30, 45, 90, 135, 180])
def test_alignment_is_the_cosine_between_movement_and_line(turn_deg: float) -> None:
    change = np.zeros(13)
    change[:2] = 0.4 * np.cos(np.radians(turn_deg)), 0.4 * np.sin(np.radians(turn_deg))
    found = precision(line((0,), (0, 1), ()), movement(change, two_muscles()))
    assert found.line_alignment == pytest.approx(np.cos(np.radians(turn_deg)), abs=1e-12)


def test_alignment_takes_the_line_as_it_was_along_the_way() -> None:
    """A moment arm that turned from coordinate 0 to 1: the line on the way lies between them."""
    change = np.zeros(13)
    change[:2] = 0.3, 0.3
    before, now = np.zeros((32, 13)), np.zeros((32, 13))
    before[0, 0], now[0, 1] = 1.0, 1.0
    turned = msgspec.structs.replace(movement(change, now), start_slope=before)
    assert precision(line((0,), (0,), ()), turned).line_alignment == pytest.approx(1.0)


def test_alignment_leaves_out_what_is_neither_claimed_nor_in_the_path() -> None:
    change = np.zeros(13)
    change[:2] = 0.3, 0.3
    claimed = np.arange(13) != 1
    base = movement(change, two_muscles())
    hidden = msgspec.structs.replace(base, claimed=claimed)
    assert precision(line((0,), (0,), ()), hidden).line_alignment == pytest.approx(1.0)
    asked = line((0,), (0,), (ANATOMICAL[1],))
    assert precision(asked, hidden).line_alignment == pytest.approx(np.sqrt(0.5))


def test_selectivity_is_the_targets_share_of_what_was_gained() -> None:
    change = np.zeros(13)
    change[:2] = 0.3, 0.1
    found = precision(line((0,), (0, 1), ()), movement(change, two_muscles()))
    assert found.selectivity == pytest.approx(0.75)


def test_muscles_that_shorten_take_nothing_from_the_target() -> None:
    change = np.zeros(13)
    change[:2] = 0.3, -0.3
    found = precision(line((0,), (0, 1), ()), movement(change, two_muscles()))
    assert found.selectivity == 1.0


def test_a_target_that_shortens_while_others_lengthen_has_selectivity_zero() -> None:
    change = np.zeros(13)
    change[:2] = -0.3, 0.3
    found = precision(line((0,), (0, 1), ()), movement(change, two_muscles()))
    assert found.selectivity == 0.0


def test_the_share_of_a_target_that_is_not_known_is_not_told() -> None:
    change = np.zeros(13)
    change[:2] = 0.3, 0.1
    seen = movement(change, two_muscles())
    hidden = msgspec.structs.replace(seen, known=np.arange(32) != 0)
    assert precision(line((0,), (0, 1), ()), hidden).selectivity is None
    assert precision(line((1,), (0, 1), ()), hidden).selectivity == pytest.approx(0.25)


@given(posture=within_limits(), sd_deg=st.floats(0.1, 8.0))
def test_both_stay_in_their_bounds(posture: np.ndarray, sd_deg: float) -> None:
    found = left(body_at(posture, sd_deg=sd_deg))
    assert found.line_alignment is None or -1.0 <= found.line_alignment <= 1.0
    assert found.selectivity is None or 0.0 <= found.selectivity <= 1.0


@given(posture=within_limits())
def test_the_mirrored_body_does_the_mirrored_exercise(posture: np.ndarray) -> None:
    for side in (0, 1):
        here = step(LUNGE, start(LUNGE), body_at(posture))[1]
        there = step(LUNGE, start(LUNGE), body_at(mirror(posture)))[1]
        assert here is not None
        assert there is not None
        one, other = here.precision[side], there.precision[1 - side]
        assert one.side is other.side.other
        assert (one.line_alignment is None) == (other.line_alignment is None)
        if one.line_alignment is not None and other.line_alignment is not None:
            assert one.line_alignment == pytest.approx(other.line_alignment, abs=1e-9)
        if one.selectivity is not None and other.selectivity is not None:
            assert one.selectivity == pytest.approx(other.selectivity, abs=1e-9)


def test_at_the_start_posture_nothing_is_said() -> None:
    found = left(body(hip_flexion_l=5.0, **KNEELING))
    assert found == Precision(Side.LEFT, None, None, gained=pytest.approx(0.0))


def test_a_small_movement_is_told_only_where_it_stands_out_of_its_sd() -> None:
    moved = {"hip_flexion_l": -10.0, **KNEELING}
    assert left(body(sd_deg=1.0, **moved)).line_alignment is not None
    assert left(body(sd_deg=1.0, **moved)).selectivity is not None
    assert left(body(sd_deg=9.0, **moved)).line_alignment is None
    assert left(body(sd_deg=20.0, **moved)).selectivity is None


def test_sinking_into_the_lunge_follows_the_line_and_leaning_forward_does_not() -> None:
    sink = left(body(hip_flexion_l=-20.0, **KNEELING))
    fold = left(body(hip_flexion_l=30.0, **KNEELING))
    assert sink.line_alignment is not None
    assert fold.line_alignment is not None
    assert sink.line_alignment > 0.8 > -0.8 > fold.line_alignment


def test_the_front_leg_says_nothing_about_the_line_of_the_rear_hip() -> None:
    still = left(body(hip_flexion_l=-20.0, **KNEELING))
    sunk = left(body(hip_flexion_l=-20.0, **(KNEELING | {"knee_flexion_r": 110.0})))
    assert sunk.line_alignment == still.line_alignment is not None


def test_abducting_the_leg_as_well_lowers_alignment() -> None:
    clean = left(body(hip_flexion_l=-20.0, **KNEELING))
    askew = left(body(hip_flexion_l=-20.0, hip_rotation_l=-40.0, **KNEELING))
    assert clean.line_alignment is not None
    assert askew.line_alignment is not None
    assert askew.line_alignment < clean.line_alignment - 0.2


def test_precision_is_given_for_the_sides_asked_for() -> None:
    params = replace(LUNGE, sides=(Side.RIGHT,))
    assert [p.side for p in both(body(), LUNGE)] == [Side.LEFT, Side.RIGHT]
    assert [p.side for p in both(body(), params)] == [Side.RIGHT]


def test_a_hold_has_no_line_and_no_selectivity() -> None:
    hold: Exercise = exercise("bird_dog")
    assert hold.kind is ExerciseKind.ISOMETRIC_HOLD
    params = replace(LUNGE, exercise=hold)
    assert left(body(hip_flexion_l=-20.0), params) == Precision(Side.LEFT, None, None)


def test_the_line_of_the_right_side_mirrors_start_targets_and_path() -> None:
    lunge = exercise("half_kneeling_hip_flexor")
    one, other = (
        stretch_line(lunge, side, typical_slope_m=BOUNDS.typical_slope_m) for side in Side
    )
    assert mirror(one.start_rad) == pytest.approx(other.start_rad)
    assert set(np.flatnonzero(one.targets)) == {
        GROUP_INDEX[g, Side.LEFT] for g in (MuscleGroup.PSOAS, MuscleGroup.ILIACUS)
    }
    assert np.array_equal(other.targets[1::2], one.targets[0::2])
    assert np.array_equal(one.region, other.region)
    assert other.in_path[ANATOMICAL.index(Coordinate.HIP_FLEXION_R)]
