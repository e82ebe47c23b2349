"""Exercise files: what every one must be, whatever it stretches."""

import json
from importlib.resources import files
from string import Formatter

import jsonschema
import msgspec
import pytest

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import Posture, View
from lengthwise.reference.exercise_check import AGAINST_GRAVITY
from lengthwise.reference.exercise_parts import TrainedMuscle
from lengthwise.reference.exercise_schema import exercise_schema
from lengthwise.reference.exercises import (
    STABILISERS,
    Exercise,
    ExerciseKind,
    Target,
    Trained,
    exercise,
    exercises,
)
from lengthwise.reference.joint_limits import joint_limits_rad
from lengthwise.reference.words import alarming_words

FOLDER = files("lengthwise.reference") / "exercises_data"
FILES = sorted(f.name for f in FOLDER.iterdir() if f.name.endswith(".toml"))
ALL = list(exercises().values())
BOTH_SIDES = [e.for_side(side) for e in ALL for side in Side]


def named(e: Exercise) -> str:
    return f"{e.id}-{e.written_for.value}"


def published_schema() -> dict[str, object]:
    return json.loads((files("lengthwise.reference") / "exercise.schema.json").read_text())


def test_the_published_schema_is_the_one_of_the_type() -> None:
    """To renew it after a change of the type: write `exercise_schema()` over the file."""
    assert published_schema() == exercise_schema()


@pytest.mark.parametrize("name", FILES)
def test_every_file_fits_the_schema(name: str) -> None:
    content = msgspec.toml.decode((FOLDER / name).read_bytes())
    jsonschema.Draft202012Validator(published_schema()).validate(content)
    assert content["id"] == name.removesuffix(".toml")


def test_the_schema_refuses_an_unknown_coordinate_and_an_unknown_field() -> None:
    validator = jsonschema.Draft202012Validator(published_schema())
    content = msgspec.toml.decode((FOLDER / FILES[0]).read_bytes())
    assert not validator.is_valid(content | {"start": {"elbow_flexion_l": 3}})
    assert not validator.is_valid(content | {"colour": "green"})
    assert not validator.is_valid({k: v for k, v in content.items() if k != "dose"})


def test_the_six_to_begin_with_are_here() -> None:
    assert set(exercises()) >= {
        "half_kneeling_hip_flexor",
        "supine_hamstring",
        "figure_four",
        "standing_side_bend",
        "cat_cow",
        "bird_dog",
    }


@pytest.mark.parametrize("e", BOTH_SIDES, ids=named)
def test_mirrored_twice_is_the_same(e: Exercise) -> None:
    other = e.for_side(e.written_for.other)
    assert other != e
    assert other.for_side(e.written_for) == e


@pytest.mark.parametrize("e", BOTH_SIDES, ids=named)
def test_angles_are_within_the_normal_range(e: Exercise) -> None:
    """Attitudes in the room have other values lying and kneeling."""
    limits = joint_limits_rad()
    for coordinate, angle_rad in e.start_rad().items():
        if coordinate not in AGAINST_GRAVITY:
            low_rad, high_rad = limits[coordinate]
            assert low_rad <= angle_rad <= high_rad, coordinate
    for motion in e.path:
        assert motion.start_deg != motion.end_deg
        if motion.coordinate in AGAINST_GRAVITY:
            continue
        low_rad, high_rad = limits[motion.coordinate]
        other_deg = motion.start_deg if motion.other_end_deg is None else motion.other_end_deg
        for angle_deg in (motion.start_deg, motion.end_deg, other_deg):
            assert low_rad <= angle_deg * 0.017453292 <= high_rad, motion.coordinate


@pytest.mark.parametrize("e", ALL, ids=named)
def test_the_parts_of_an_exercise_agree(e: Exercise) -> None:
    moved = {m.coordinate for m in e.path}
    if e.path:
        assert moved & set(e.required), "coaching needs to see something of the movement"
    for motion in e.path:
        assert e.start.get(motion.coordinate, motion.start_deg) == motion.start_deg
    for constraint in e.constraints:
        assert constraint.direction in (-1, 0, 1)
        assert constraint.tolerance_deg > 0
        assert constraint.why.endswith(".")
    assert set(e.required) <= moved | {c.coordinate for c in e.constraints}
    assert e.dose.hold_s > 0
    assert e.dose.repetitions >= 1
    assert e.dose.source
    assert e.camera_view() is not View.UNKNOWN
    if e.start_posture in (Posture.FOUR_POINT, Posture.PRONE, Posture.SUPINE):
        # From in front or behind nothing is read of who lies or is on all fours.
        assert e.camera_view() in (View.LEFT, View.RIGHT)


@pytest.mark.parametrize("e", BOTH_SIDES, ids=named)
def test_every_cue_can_be_said(e: Exercise) -> None:
    for cue, words in e.cues.items():
        names = {name for _, name, _, _ in Formatter().parse(words) if name is not None}
        assert names <= {"side", "other"}
        text = e.cue_text(cue)
        assert "{" not in text
        assert text.endswith(".")
        assert len(text) <= 60, "a phrase is heard once, lying on the floor"


@pytest.mark.parametrize("e", ALL, ids=named)
def test_no_word_alarms(e: Exercise) -> None:
    texts = [e.name, e.plain_name, *e.cues.values(), *(c.why for c in e.constraints)]
    assert [alarming_words(text) for text in texts if alarming_words(text)] == []


def test_the_word_lint_finds_what_it_should() -> None:
    assert alarming_words("This is Bad posture, and WRONG.") == ("bad posture", "wrong")
    assert alarming_words("Come back slowly, the badge is fine.") == ()


def test_mirroring_changes_the_words_and_the_signs() -> None:
    right = exercise("standing_side_bend").for_side(Side.RIGHT)
    assert right.targets[0] == Target(MuscleGroup.QUADRATUS_LUMBORUM, Side.RIGHT)
    assert [m.end_deg for m in right.path] == [-20.0, -20.0, -20.0]
    assert right.cue_text("ease_in") == "Reach up and over to the left, slowly."
    cat_cow = exercise("cat_cow")
    assert cat_cow.for_side(Side.RIGHT).path[0].other_end_deg == cat_cow.path[0].other_end_deg


@pytest.mark.parametrize("group", sorted(STABILISERS))
def test_a_stabiliser_is_no_target_of_a_stretch(group: MuscleGroup) -> None:
    stretch = exercise("figure_four")
    targets = (Target(group, Side.LEFT),)
    region = (*stretch.region, group)
    with pytest.raises(ValueError, match=group.value):
        msgspec.structs.replace(stretch, targets=targets, region=region)
    trained = (Trained(TrainedMuscle(group.value), Side.LEFT),)
    hold = msgspec.structs.replace(exercise("bird_dog"), trained=trained)
    assert hold.kind is ExerciseKind.ISOMETRIC_HOLD and hold.about == targets


def test_an_exercise_without_its_words_is_refused() -> None:
    whole = exercise("figure_four")
    for cue in ("release", "pelvis_heavy"):
        cues = {k: v for k, v in whole.cues.items() if k != cue}
        with pytest.raises(ValueError, match="cue"):
            msgspec.structs.replace(whole, cues=cues)


def test_cycles_belong_to_active_mobility() -> None:
    stretch = exercise("figure_four")
    dose = msgspec.structs.replace(stretch.dose, cycles=3)
    with pytest.raises(ValueError, match="cycles"):
        msgspec.structs.replace(stretch, dose=dose)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("half_kneling_hip_flexor", "perhaps half_kneeling_hip_flexor"), ("qqq", "choose one of")],
)
def test_a_misspelt_exercise_is_answered_with_the_nearest_in_one_short_line(
    typed: str, told: str
) -> None:
    with pytest.raises(InputError, match=told) as found:
        exercise(typed)
    assert len(str(found.value)) < 250
