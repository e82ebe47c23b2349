"""How hard an exercise works: stated or not, with whose word it is, and what new pain leaves."""

import pytest
from msgspec import MsgspecError
from msgspec.structs import replace

from lengthwise.reference import effort
from lengthwise.reference.constants import constant
from lengthwise.reference.effort import ACUTE_EFFORT, is_much, named_rules, too_much_later
from lengthwise.reference.evidence import EvidenceStatus, evidence
from lengthwise.reference.exercise_check import check_exercise
from lengthwise.reference.exercise_parts import TRAINING, ExerciseKind, TrainedMuscle
from lengthwise.reference.exercises import (
    Exercise,
    exercise,
    exercises,
    led_exercises,
    read_exercise,
)
from lengthwise.report.exercise_words import effort_lines

WORK = [e for e in led_exercises().values() if e.kind in TRAINING]


def with_effort(e: Exercise, low: float, high: float) -> Exercise:
    assert e.effort is not None
    return replace(e, effort=replace(e.effort, low_mvc=low, high_mvc=high))


@pytest.mark.parametrize("e", WORK, ids=lambda e: e.id)
def test_new_pain_has_no_work_but_what_is_surely_little(e: Exercise) -> None:
    little = e.effort is not None and e.effort.high_mvc <= 0.3
    assert (ACUTE_EFFORT in e.contraindications) == (not little)
    if e.kind is ExerciseKind.ISOMETRIC_HOLD and little:
        assert e.dose.hold_s <= 10.0 and 6 <= e.dose.rounds <= 10


def test_what_is_left_works_the_deep_muscles_lying_and_on_a_chair() -> None:
    left = [e for e in exercises().values() if e.kind in TRAINING and not is_much(e)]
    deep = {TrainedMuscle.MULTIFIDUS, TrainedMuscle.TRANSVERSUS_ABDOMINIS}
    easy = [e for e in left if deep <= {t.muscle for t in e.trained} and 0 in e.levels]
    assert {e.place.value for e in easy} >= {"bed", "desk"}
    assert "bird_dog" not in {e.id for e in left}


def test_the_bird_dog_has_its_published_figure() -> None:
    """doi:10.3390/sports11060119: 23 to 46 % of the maximum."""
    found = exercise("bird_dog").effort
    assert found is not None and (found.low_mvc, found.high_mvc) == (0.23, 0.46)
    assert evidence()[found.evidence].status is EvidenceStatus.VERIFIED


def test_what_is_not_stated_counts_as_much() -> None:
    hollowing = exercise("heel_slide_hollowing")
    assert not is_much(hollowing) and ACUTE_EFFORT not in named_rules(hollowing)
    unstated = replace(hollowing, effort=None)
    assert is_much(unstated) and ACUTE_EFFORT in named_rules(unstated)
    assert [f.where for f in check_exercise(unstated)] == ["effort", "contraindications"]
    assert effort_lines(unstated) == ["Not stated, so it waits while pain is new"]


@pytest.mark.parametrize(("high", "much"), [(0.3, False), (0.31, True), (1.0, True)])
def test_the_upper_end_decides(high: float, much: bool) -> None:
    assert is_much(with_effort(exercise("heel_slide_hollowing"), 0.1, high)) is much


def test_a_longer_hold_waits_as_well() -> None:
    e = exercise("heel_slide_hollowing")
    assert is_much(replace(e, dose=replace(e.dose, hold_s=12.0)))


def test_a_tighter_limit_holds_without_a_change_of_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tight = {"acute_effort_most_mvc": 0.2}
    monkeypatch.setattr(effort, "constant", lambda a, n: tight.get(n, constant(a, n)))
    e = exercise("heel_slide_hollowing")
    assert ACUTE_EFFORT in named_rules(e) and ACUTE_EFFORT not in e.contraindications
    assert named_rules(exercise("walking")) == exercise("walking").contraindications


def test_nobody_is_given_a_hold_that_surely_asks_for_more_than_half() -> None:
    assert not any(too_much_later(e) for e in exercises().values())
    assert too_much_later(with_effort(exercise("side_bridge"), 0.51, 0.8))
    assert not too_much_later(with_effort(exercise("side_bridge"), 0.5, 0.8))


def test_a_figure_that_nobody_read_in_a_source_says_that_it_is_a_choice() -> None:
    for e in WORK:
        if e.effort is not None and "expert default" not in e.effort.source:
            assert evidence()[e.effort.evidence].status is EvidenceStatus.VERIFIED
    e = exercise("bridge")
    assert e.effort is not None
    unsaid = replace(e, effort=replace(e.effort, source="somebody said so"))
    assert [f.where for f in check_exercise(unsaid)] == ["effort.source"]


@pytest.mark.parametrize(
    "changes",
    [
        {"muscle": TrainedMuscle.CALF},
        {"low_mvc": 0.5, "high_mvc": 0.4},
    ],
)
def test_an_effort_that_fits_nothing_is_refused(changes: dict[str, object]) -> None:
    e = exercise("bird_dog")
    with pytest.raises(ValueError, match="bird_dog: its effort"):
        replace(e, effort=replace(e.effort, **changes))
    with pytest.raises(ValueError, match="belongs to kinds that train"):
        replace(exercise("walking"), effort=e.effort)


@pytest.mark.parametrize("share", ["1.2", "-0.1", "nan"])
def test_a_share_is_between_nothing_and_all(share: str) -> None:
    from importlib.resources import files

    path = files("lengthwise.reference") / "exercises_data" / "bird_dog.toml"
    text = path.read_text("utf-8").replace("high_mvc = 0.46", f"high_mvc = {share}")
    assert share in text
    with pytest.raises((MsgspecError, ValueError)):
        read_exercise(text.encode())
