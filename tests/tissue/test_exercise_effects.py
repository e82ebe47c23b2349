"""What an exercise names as lengthened is what a body lengthens, on three bodies."""

import numpy as np
import pytest
from msgspec.structs import replace
from three_bodies import BODIES, built

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.muscles import GROUP_SIDES, MuscleGroup
from lengthwise.contracts.observation import Posture
from lengthwise.reference.exercises import (
    SMALLEST_REGION,
    Exercise,
    ExerciseKind,
    Target,
    exercise,
    exercises,
)
from lengthwise.tissue.effects import (
    LEAST_GAIN,
    POINTS,
    TOP,
    EffectBody,
    check_effect,
    exercise_effect,
    path_rad,
)

ALL = list(exercises().values())
LUNGE = exercise("half_kneeling_hip_flexor")
LEG_RAISE = exercise("supine_hamstring")


@pytest.fixture(scope="module", params=BODIES, ids=str)
def body(request: pytest.FixtureRequest) -> EffectBody:
    return EffectBody(*built(request.param))


@pytest.fixture(scope="module")
def generic() -> EffectBody:
    return EffectBody(*built("generic"))


@pytest.mark.parametrize("e", ALL, ids=lambda e: e.id)
def test_the_model_finds_nothing_to_put_right(e: Exercise, body: EffectBody) -> None:
    """And a stretch lengthens what it names."""
    effect = exercise_effect(e, body)
    assert check_effect(e, effect) == []
    if e.kind is ExerciseKind.STATIC_STRETCH:
        assert len(e.region) >= SMALLEST_REGION
        for g in effect.targets:
            assert g.rank is not None and g.rank <= TOP
            assert g.gain > LEAST_GAIN


@pytest.mark.parametrize("e", ALL, ids=lambda e: e.id)
def test_the_other_side_is_the_mirror_of_it(e: Exercise, generic: EffectBody) -> None:
    one, other = (exercise_effect(e, generic, side) for side in Side)
    for g in one.groups:
        assert other.of(g.group, g.side.other).gain == pytest.approx(g.gain, abs=2e-3)
    assert other.sciatic.mean == pytest.approx(one.sciatic.mean, abs=1e-3)
    if one.load_l4l5 is not None and other.load_l4l5 is not None:
        assert other.load_l4l5.mean == pytest.approx(one.load_l4l5.mean, abs=0.02)


def test_all_groups_are_there_and_survive_the_wire(generic: EffectBody) -> None:
    effect = exercise_effect(LUNGE, generic)
    assert [(g.group, g.side) for g in effect.groups] == list(GROUP_SIDES)
    assert decode(encode(effect), ExerciseEffect) == effect
    assert {(g.group, g.side) for g in effect.targets} == {
        (MuscleGroup.PSOAS, Side.LEFT),
        (MuscleGroup.ILIACUS, Side.LEFT),
    }


def test_a_path_goes_from_start_to_end_and_one_without_another_end_stays() -> None:
    there, back = path_rad(LUNGE), path_rad(LUNGE, other_end=True)
    hip = list(Coordinate).index(Coordinate.HIP_FLEXION_L)
    assert there.shape == (POINTS, len(Coordinate))
    assert np.degrees(there[[0, -1], hip]) == pytest.approx([5.0, -20.0])
    assert (back == there[0]).all()
    cat = np.degrees(path_rad(exercise("cat_cow"), other_end=True))
    assert cat[-1, list(Coordinate).index(Coordinate.LUMBAR_FLEXION)] == pytest.approx(-12.0)


def test_a_target_that_is_not_lengthened_is_found(generic: EffectBody) -> None:
    """Nobody stretches the calf of the kneeling leg's other side, nor the glutei, by a lunge."""
    wrong = replace(
        LUNGE,
        targets=(Target(MuscleGroup.GLUTEUS_MAXIMUS, Side.LEFT),),
        region=(*LUNGE.region, MuscleGroup.GLUTEUS_MAXIMUS),
    )
    found = check_effect(wrong, exercise_effect(wrong, generic))
    assert [f.where for f in found] == ["targets", "targets"]


def test_a_region_that_leaves_out_what_gains_more_is_found_unless_it_says_why(
    generic: EffectBody,
) -> None:
    cut = replace(
        LEG_RAISE,
        region=tuple(g for g in LEG_RAISE.region if g is not MuscleGroup.GLUTEUS_MAXIMUS),
    )
    (finding,) = check_effect(cut, exercise_effect(cut, generic))
    assert finding.where == "region" and "gluteus_maximus" in finding.what
    noted = replace(cut, region_note="It begins short.")
    assert check_effect(noted, exercise_effect(noted, generic)) == []


def test_a_strained_nerve_asks_for_its_rule(generic: EffectBody) -> None:
    for e, rule in ((LEG_RAISE, "N.sciatic_symptoms"), (LUNGE, "N.femoral_symptoms")):
        bare = replace(e, contraindications=())
        found = check_effect(bare, exercise_effect(bare, generic))
        assert [rule in f.what for f in found] == [True]


def test_load_is_told_of_a_declared_posture_and_of_no_other(generic: EffectBody) -> None:
    side_bend = exercise("standing_side_bend")
    told = exercise_effect(side_bend, generic)
    assert told.load_l4l5 is not None and told.load_l4l5.mean > 1.2 and told.load_l4l5.sd > 0.05
    unknown = exercise_effect(replace(side_bend, start_posture=Posture.UNKNOWN), generic)
    assert unknown.load_l4l5 is None and unknown.load_l5s1 is None
    assert exercise_effect(exercise("walking"), generic).load_l4l5 is None
    assert exercise_effect(exercise("bird_dog"), generic).load_l4l5 is None


@pytest.mark.parametrize(
    "name", ["bridge", "side_bridge", "dead_bug", "bridge_heel_slide", "heel_slide_hollowing"]
)
def test_who_works_lying_down_is_not_told_the_load_of_one_at_rest(
    name: str, generic: EffectBody
) -> None:
    assert exercise_effect(exercise(name), generic).load_l4l5 is None


def test_who_rests_lying_down_is_told_it(generic: EffectBody) -> None:
    for name in ("supine_hamstring", "knees_side_to_side", "prone_knee_bend", "press_up"):
        assert exercise_effect(exercise(name), generic).load_l4l5 is not None


def test_a_box_of_unstated_mass_leaves_the_load_empty(generic: EffectBody) -> None:
    assert exercise_effect(exercise("box_lift"), generic).load_l5s1 is None
    assert exercise_effect(exercise("hip_hinge"), generic).load_l5s1 is not None


def test_a_path_that_loads_beyond_what_anybody_is_led_to_is_found(generic: EffectBody) -> None:
    """Bent to a right angle with a round back: 5.3 times standing at the upper edge."""
    deep = {Coordinate.LUMBAR_FLEXION: 42.0, Coordinate.PELVIS_TILT: 30.0}
    roll = exercise("roll_down")
    path = tuple(replace(m, end_deg=deep.get(m.coordinate, m.end_deg)) for m in roll.path)
    far = replace(roll, path=path)
    assert "path" in {f.where for f in check_effect(far, exercise_effect(far, generic))}
    assert check_effect(roll, exercise_effect(roll, generic)) == []


def test_only_what_is_meant_to_lengthen_has_a_line(generic: EffectBody) -> None:
    assert exercise_effect(exercise("bird_dog"), generic).line_alignment is None
    clean = exercise_effect(LUNGE, generic)
    assert clean.line_alignment is not None and clean.line_alignment > 0.7
    assert clean.selectivity is not None and 0.0 < clean.selectivity <= 1.0


@pytest.mark.parametrize("side", Side)
def test_a_tolerance_wider_than_the_stretch_bears_is_found(side: Side, generic: EffectBody) -> None:
    """Twelve degrees forward in a side-bend would pass the ceiling before a word could be said."""
    bend = exercise("standing_side_bend")
    wide = tuple(
        replace(c, tolerance_deg=12.0) if c.coordinate is Coordinate.TRUNK_FLEXION else c
        for c in bend.constraints
    )
    wider = replace(bend, constraints=wide)
    (found,) = check_effect(wider, exercise_effect(wider, generic, side))
    assert found.where == "constraints.trunk_flexion" and "tolerance_deg smaller" in found.what


def test_what_shortens_a_target_may_leave_as_far_as_it_did(generic: EffectBody) -> None:
    """A pelvis that tips takes the stretch of a lunge away; it carries nobody to a ceiling."""
    found = {c.coordinate: c.position for c in exercise_effect(LUNGE, generic).compensations}
    assert found[Coordinate.PELVIS_TILT] < 0.0 < found[Coordinate.TRUNK_SIDE_LEAN]


def test_only_a_stretch_has_marks_to_be_carried_between(generic: EffectBody) -> None:
    still = exercise("bird_dog")
    assert still.constraints and exercise_effect(still, generic).compensations == ()
