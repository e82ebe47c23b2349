"""What a file can be found wanting in: fields that do not fit, rules that its angles ask for."""

from math import radians, sin

import jsonschema
import msgspec
import pytest
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Posture, Segment
from lengthwise.reference.exercise_check import TOLERANCE_DEG, check_exercise, shown_by
from lengthwise.reference.exercise_files import checked_files, packaged_files
from lengthwise.reference.exercise_parts import (
    BEHAVIOUR,
    LENGTHENING,
    POSTURES_AT,
    Dose,
    Earcon,
    ExerciseKind,
    Motion,
    Need,
    Observe,
    Place,
    Short,
    Tempo,
    TrainedMuscle,
)
from lengthwise.reference.exercise_rules import required_rules
from lengthwise.reference.exercise_schema import exercise_schema
from lengthwise.reference.exercises import Exercise, Target, exercise, exercises
from lengthwise.reference.rules import rules
from lengthwise.reference.wearing import positions
from lengthwise.reference.words import alarming_words

LUNGE = exercise("half_kneeling_hip_flexor")
CAT_COW = exercise("cat_cow")
LEG_RAISE = exercise("supine_hamstring")
BOX_LIFT = exercise("box_lift")
HAMSTRINGS = (Target(MuscleGroup.HAMSTRINGS, Side.LEFT),)
VALIDATOR = jsonschema.Draft202012Validator(exercise_schema())


def content(exercise_id: str) -> dict:  # type: ignore[type-arg]
    return msgspec.toml.decode(dict(packaged_files())[f"{exercise_id}.toml"])


def wheres(e: Exercise) -> list[str]:
    return [f.where for f in check_exercise(e, frozenset(exercises()))]


def whats(e: Exercise) -> str:
    return "\n".join(f.what for f in check_exercise(e))


def moved(e: Exercise, **ends_deg: float) -> Exercise:
    """With other ends of the path; the start follows posture and file."""
    path = [Motion(Coordinate(c), e.start.get(Coordinate(c), 0.0), v) for c, v in ends_deg.items()]
    return replace(e, path=tuple(path))


def already(e: Exercise, **start_deg: float) -> Exercise:
    """The same movement of the knee alone, from a start that is bent already."""
    start = e.start | {Coordinate(c): v for c, v in start_deg.items()}
    return moved(replace(e, start=start), knee_flexion_l=100.0)


def test_every_packaged_file_is_in_order() -> None:
    checked = checked_files([])
    assert len(checked) == len(exercises())
    assert [(c.name, c.findings) for c in checked if c.findings] == []


@pytest.mark.parametrize("kind", sorted(LENGTHENING))
@pytest.mark.parametrize("barred", ["multifidus", "transversus_abdominis"])
def test_a_schema_validator_refuses_to_lengthen_a_stabiliser(kind: str, barred: str) -> None:
    stretch = content("half_kneeling_hip_flexor") | {"kind": kind}
    if kind == "eccentric_lengthening":
        stretch["dose"] = stretch["dose"] | {"cycles": 6}
    assert VALIDATOR.is_valid(stretch)
    stretch["targets"] = [{"group": barred, "side": "l"}]
    stretch["region"] = [*stretch["region"], "multifidus"]
    assert not VALIDATOR.is_valid(stretch)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(stretch, Exercise)


@pytest.mark.parametrize("barred", sorted({"multifidus", "transversus_abdominis"}))
def test_a_hold_may_train_a_stabiliser_and_names_no_target(barred: str) -> None:
    hold = content("bird_dog") | {"trained": [{"muscle": barred, "side": "l"}]}
    assert VALIDATOR.is_valid(hold)
    assert not VALIDATOR.is_valid(hold | {"trained": []})
    assert not VALIDATOR.is_valid(hold | {"targets": [{"group": "hamstrings", "side": "l"}]})


@pytest.mark.parametrize("kind", list(ExerciseKind))
@pytest.mark.parametrize("exercise_id", ["figure_four", "bird_dog", "cat_cow", "walking"])
def test_the_schema_and_the_type_refuse_the_same_kinds(
    kind: ExerciseKind, exercise_id: str
) -> None:
    """Turned into another kind, a file is refused by both or by none; cues only the type knows."""
    other = content(exercise_id) | {"kind": kind.value}
    words = ("deeper", "ease", "slower", "switch_side")
    other["cues"] = dict.fromkeys(words, "A little slower.") | other["cues"]
    by_schema = VALIDATOR.is_valid(other)
    try:
        msgspec.convert(other, Exercise)
    except msgspec.ValidationError:
        assert not by_schema
    else:
        assert by_schema


def test_a_region_of_few_is_refused_by_both() -> None:
    small = content("figure_four") | {"region": ["piriformis", "gluteus_maximus"]}
    assert not VALIDATOR.is_valid(small)
    with pytest.raises(msgspec.ValidationError, match="fewer than 5"):
        msgspec.convert(small, Exercise)


def test_levels_and_counts_are_bounded_in_the_schema() -> None:
    plain = content("figure_four")
    assert not VALIDATOR.is_valid(plain | {"levels": [6]})
    assert not VALIDATOR.is_valid(plain | {"schema_version": 1})
    assert not VALIDATOR.is_valid(plain | {"dose": plain["dose"] | {"sets": 0}})


def test_every_kind_has_a_behaviour_and_every_place_a_posture() -> None:
    assert set(BEHAVIOUR) == set(ExerciseKind)
    assert set(POSTURES_AT) == set(Place) and all(POSTURES_AT.values())


def test_every_group_of_the_length_model_can_be_trained() -> None:
    assert {m.group for m in TrainedMuscle} - {None} == set(MuscleGroup)
    assert TrainedMuscle.TRANSVERSUS_ABDOMINIS.group is None


def test_needs_follow_from_place_and_posture() -> None:
    assert LUNGE.needs == (Need.KNEEL, Need.GET_DOWN_TO_FLOOR)
    assert replace(exercise("figure_four"), place=Place.BED).needs == ()
    assert exercise("standing_side_bend").needs == ()


@pytest.mark.parametrize("e", list(exercises().values()), ids=lambda e: e.id)
def test_an_exercise_carries_the_rules_that_it_needs_on_either_side(e: Exercise) -> None:
    needed = required_rules(e)
    assert set(needed) <= set(e.contraindications) <= set(rules())
    assert required_rules(e.for_side(Side.RIGHT)).keys() == needed.keys()


@pytest.mark.parametrize(
    ("e", "rule"),
    [
        (moved(CAT_COW, lumbar_flexion=21), "S.osteoporosis_end_range_flexion"),
        (moved(CAT_COW, thorax_flexion=21), "S.osteoporosis_end_range_flexion"),
        (moved(CAT_COW, lumbar_flexion=-6), "S.stenosis_end_range_extension"),
        (moved(CAT_COW, lumbar_flexion=16), "K.flexion_barred"),
        (already(CAT_COW, lumbar_flexion=25), "K.flexion_barred"),
        (already(CAT_COW, lumbar_flexion=25), "S.osteoporosis_end_range_flexion"),
        (moved(CAT_COW, lumbar_flexion=25), "F.flare_end_range"),
        (moved(CAT_COW, lumbar_side_bend=-16), "S.spine_fusion"),
        (moved(CAT_COW, lumbar_flexion=16), "S.recent_spine_surgery"),
        (BOX_LIFT, "S.spine_fusion"),
        (BOX_LIFT, "S.pregnancy_not_cleared"),
        (replace(exercise("standing_side_bend"), levels=(5,)), "P.acute_loaded"),
        (replace(exercise("standing_side_bend"), equipment=("two weights",)), "F.flare_loaded"),
        (exercise("suitcase_carry"), "S.blood_pressure_held_effort"),
        (exercise("wall_side_lean"), "P.acute_side_bridge"),
        (LUNGE, "S.falls_standing"),
        (LUNGE, "S.pregnancy_not_cleared"),
        (CAT_COW, "S.pregnancy_not_cleared"),
        (LEG_RAISE, "S.pregnancy_not_cleared"),
        (moved(LUNGE, hip_flexion_l=-10), "S.hip_prosthesis"),
        (moved(LUNGE, hip_flexion_l=-6, knee_flexion_l=30), "N.femoral_symptoms"),
        (moved(LEG_RAISE, hip_flexion_l=45, knee_flexion_l=45), "N.sciatic_symptoms"),
        (replace(LUNGE, targets=HAMSTRINGS, region=LEG_RAISE.region), "N.sciatic_symptoms"),
        (moved(CAT_COW, lumbar_flexion=-8), "K.extension_barred"),
        (moved(CAT_COW, lumbar_flexion=-16), "P.acute_end_range"),
        (moved(LUNGE, hip_flexion_r=95), "S.hip_prosthesis"),
        (moved(LUNGE, hip_adduction_l=15), "S.hip_prosthesis"),
        (moved(LUNGE, hip_flexion_l=-6), "N.femoral_symptoms"),
        (moved(exercise("supine_hamstring"), hip_flexion_l=60), "N.sciatic_symptoms"),
        (LUNGE, "S.hypermobile_end_range"),
        (LUNGE, "S.cannot_kneel"),
        (exercise("standing_side_bend"), "S.falls_standing"),
        (replace(exercise("figure_four"), start_posture=Posture.PRONE), "S.pregnancy_prone"),
        (replace(exercise("bird_dog"), start_posture=Posture.SIDE_LYING), "P.acute_side_bridge"),
        (replace(CAT_COW, kind=ExerciseKind.NERVE_SLIDER, targets=()), "N.motor_loss"),
    ],
)
def test_angles_kind_and_place_ask_for_their_rules(e: Exercise, rule: str) -> None:
    assert rule in required_rules(e)
    assert f"{rule} is asked for" in whats(replace(e, contraindications=()))


@pytest.mark.parametrize(
    ("e", "rule"),
    [
        (moved(CAT_COW, lumbar_flexion=19), "S.osteoporosis_end_range_flexion"),
        (moved(CAT_COW, lumbar_flexion=-5), "S.stenosis_end_range_extension"),
        (moved(CAT_COW, lumbar_flexion=14), "K.flexion_barred"),
        (moved(CAT_COW, lumbar_flexion=19), "F.flare_end_range"),
        (moved(CAT_COW, lumbar_flexion=14), "S.spine_fusion"),
        (exercise("walking"), "P.acute_loaded"),
        (exercise("standing_side_bend"), "S.pregnancy_not_cleared"),
        (exercise("side_bridge"), "S.pregnancy_not_cleared"),
        (exercise("side_bridge"), "S.falls_standing"),
        (moved(LUNGE, hip_flexion_l=-9, hip_flexion_r=90), "S.hip_prosthesis"),
        (moved(LUNGE, hip_flexion_l=-4), "N.femoral_symptoms"),
        (replace(LUNGE, place=Place.BED), "S.cannot_get_down_to_floor"),
        (exercise("bird_dog"), "S.hypermobile_end_range"),
        (
            replace(
                exercise("supine_hamstring"),
                kind=ExerciseKind.NERVE_SLIDER,
                targets=(),
                dose=CAT_COW.dose,
                cues=CAT_COW.cues | LEG_RAISE.cues,
            ),
            "N.sciatic_symptoms",
        ),
    ],
)
def test_what_stays_below_the_cut_asks_for_nothing(e: Exercise, rule: str) -> None:
    assert rule not in required_rules(e)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"place": Place.STANDING}, "place"),
        ({"levels": (3, 2)}, "levels"),
        ({"levels": (0,)}, "levels"),
        ({"variant_of": "yoga"}, "variant_of"),
        ({"variant_of": "half_kneeling_hip_flexor"}, "variant_of"),
        ({"evidence": ("none.such",)}, "evidence"),
        ({"evidence": ()}, "evidence"),
        ({"contraindications": (*LUNGE.contraindications, "S.none")}, "contraindications"),
        ({"summary": "Cures a tight hip."}, "summary"),
        ({"summary": "Takes the pain out of the hip."}, "summary"),
        ({"summary": "Lengthens {side}."}, "summary"),
        ({"required": (Coordinate.HIP_ROTATION_L,)}, "required"),
        ({"start": LUNGE.start | {Coordinate.HIP_FLEXION_R: 130.0}}, "start.hip_flexion_r"),
        ({"start": LUNGE.start | {Coordinate.HIP_FLEXION_L: 10.0}}, "path.hip_flexion_l"),
        ({"cues": LUNGE.cues | {"ease": "x" * 61 + "."}}, "cues.ease"),
        ({"short": {"ease": Short("One two three four five six seven.")}}, "short.ease"),
        (
            {"observe": (Observe(Coordinate.PELVIS_TILT, (Segment.THORAX,)),)},
            "observe.pelvis_tilt",
        ),
        ({"observe": (Observe(Coordinate.HIP_ROTATION_L, ()),)}, "observe.hip_rotation_l"),
        ({"dose": Dose(0.0, 2, 8.0, 10.0, "expert default")}, "dose.hold_s"),
    ],
)
def test_what_does_not_fit_is_found_at_its_place(changes: dict, where: str) -> None:  # type: ignore[type-arg]
    assert wheres(LUNGE) == []
    assert where in wheres(replace(LUNGE, **changes))


def test_a_tempo_that_does_not_fill_the_seconds_is_found() -> None:
    assert Tempo(2.0, None, 3.0).cycle_s == 5.0 and Tempo(2.0).cycle_s is None
    slow = replace(CAT_COW, dose=replace(CAT_COW.dose, tempo=Tempo(20.0, 5.0, 20.0)))
    assert "dose.tempo" in wheres(slow)


def test_every_rule_is_asked_of_some_file() -> None:
    assert {i for e in exercises().values() for i in e.contraindications} == set(rules())


def test_what_shows_a_coordinate_is_worn_on_both_of_its_ends() -> None:
    stands = Posture.STANDING
    assert shown_by(Coordinate.HIP_FLEXION_L, stands) == {Segment.PELVIS, Segment.THIGH_L}
    assert shown_by(Coordinate.KNEE_FLEXION_R, stands) == {Segment.THIGH_R, Segment.SHANK_R}
    assert shown_by(Coordinate.PELVIS_ROTATION, stands) == set()
    wearable = {p.segment for p in positions().values()}
    assert all(shown_by(c, posture) <= wearable for c in Coordinate for posture in Posture)


def test_lying_on_the_side_gravity_shows_the_turn_and_not_the_tilt() -> None:
    lies = Posture.SIDE_LYING
    assert shown_by(Coordinate.PELVIS_ROTATION, lies) == {Segment.PELVIS}
    assert shown_by(Coordinate.HIP_ADDUCTION_L, lies) == {Segment.PELVIS, Segment.THIGH_L}
    for hidden in ("pelvis_tilt", "lumbar_flexion", "hip_flexion_l", "knee_flexion_l"):
        assert shown_by(Coordinate(hidden), lies) == set()
        assert shown_by(Coordinate(hidden), Posture.SUPINE) != set()


def test_only_two_files_ask_for_nothing_that_gravity_shows() -> None:
    blind = [
        e.id
        for e in exercises().values()
        if e.required and not any(shown_by(c, e.start_posture) for c in e.required)
    ]
    assert blind == ["seated_rotation", "side_lying_quadriceps"]


@pytest.mark.parametrize("endless", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_is_none_is_found_wherever_it_stands(endless: float) -> None:
    path = (replace(LUNGE.path[0], end_deg=endless), *LUNGE.path[1:])
    assert wheres(replace(LUNGE, path=path)) == [f"path.{path[0].coordinate}.end_deg"]
    start = LUNGE.start | {Coordinate.HIP_FLEXION_R: endless}
    assert wheres(replace(LUNGE, start=start)) == ["start.hip_flexion_r"]
    dose = replace(LUNGE.dose, hold_s=endless)
    assert wheres(replace(LUNGE, dose=dose)) == ["dose.hold_s"]


@pytest.mark.parametrize("beside_deg", [TOLERANCE_DEG[0] - 0.1, TOLERANCE_DEG[1] + 0.1])
def test_a_tolerance_that_no_sensor_could_keep_is_found(beside_deg: float) -> None:
    kept = (replace(LUNGE.constraints[0], tolerance_deg=beside_deg), *LUNGE.constraints[1:])
    assert wheres(replace(LUNGE, constraints=kept)) == [f"constraints.{kept[0].coordinate}"]


def test_all_fours_are_kept_from_rolling_by_what_is_the_roll_there() -> None:
    dog = {c.coordinate for c in exercise("bird_dog").constraints}
    assert Coordinate.PELVIS_OBLIQUITY in dog and Coordinate.PELVIS_ROTATION not in dog


def test_hips_that_leave_the_floor_in_a_press_up_are_seen_at_the_pelvis() -> None:
    """Face down it is tilted by 90; lifted with the chest it comes nearer to upright."""
    (kept,) = (
        c for c in exercise("press_up").constraints if c.coordinate is Coordinate.PELVIS_TILT
    )
    assert kept.direction == -1


def test_who_stands_up_begins_with_the_centre_of_mass_above_the_feet() -> None:
    """Lengths and masses as shares of height and mass (Winter 2009), arms hanging, sagittal."""
    at = {c.value: radians(v) for c, v in exercise("sit_to_stand").start.items()}
    thigh = at["pelvis_tilt"] - at["hip_flexion_l"]
    shank = thigh + at["knee_flexion_l"]
    assert shank == pytest.approx(at["ankle_dorsiflexion_l"], abs=radians(1.0)), "feet flat"
    knee = 0.246 * sin(shank)
    hip = knee + 0.245 * sin(thigh)
    centre = (
        0.029 * 0.03
        + 0.093 * 0.567 * knee
        + 0.2 * (hip + 0.433 * (knee - hip))
        + 0.678 * (hip + 0.626 * 0.288 * sin(at["trunk_flexion"]))
    )
    assert -0.03 < centre < 0.1, "between heel and toes"


def test_a_cue_in_short_is_as_written_else_shared_else_short_anyway_else_found() -> None:
    assert LUNGE.short_text("tuck_pelvis") == "Tuck a little."
    assert LUNGE.short_text("ease") == "Ease off a little."
    assert LUNGE.short_text("get_ready") == "Kneel on the left knee."
    long = "Let the front of the hip sink down a little."
    unshortened = replace(LUNGE, cues=LUNGE.cues | {"ease_in": long})
    assert unshortened.short_text("ease_in") is None
    assert "cues.ease_in" in wheres(unshortened)
    right = exercise("supine_hamstring").for_side(Side.RIGHT)
    assert right.short_text("other_leg_heavy") == "Let the left leg rest."
    assert LUNGE.sound("done") is Earcon.END and LUNGE.sound("stay_tall") is None
    assert replace(LUNGE, short={"done": Short(sound=Earcon.EASE)}).sound("done") is Earcon.EASE


def test_sensors_are_mirrored_with_their_side() -> None:
    right = LUNGE.for_side(Side.RIGHT)
    assert Observe(Coordinate.HIP_FLEXION_R, (Segment.PELVIS, Segment.THIGH_R)) in right.observe


def test_rules_say_where_they_are_from() -> None:
    for rule_id, rule in rules().items():
        assert rule_id.partition(".")[0] in {"S", "P", "K", "N", "F"}
        assert rule.source and rule.sentence.endswith(".")
        assert alarming_words(rule.sentence) == ()


def test_what_is_not_an_exercise_is_one_finding(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for text in (b"not toml", b"\xff\xfe", b"id = 3"):
        (tmp_path / "x.toml").write_bytes(text)
        (checked,) = checked_files([tmp_path / "x.toml"])
        assert checked.exercise is None and len(checked.findings) == 1
        assert "\n" not in checked.findings[0].what


def test_a_file_that_has_another_name_than_its_exercise_is_found(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "lunge.toml").write_bytes(dict(packaged_files())["half_kneeling_hip_flexor.toml"])
    (checked,) = checked_files([tmp_path / "lunge.toml"])
    assert [f.where for f in checked.findings] == ["id"]
