"""Names and numbers: complete, calm, short, and silent where nothing is known."""

from importlib.resources import files
from math import radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach.abstraction import LIMITS
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.reasons import ALL_REASON_IDS
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import RejectionReason
from lengthwise.contracts.states import Estimate, Unseen
from lengthwise.reference.words import alarming_words
from lengthwise.report import words
from lengthwise.report.not_seen import set_aside


def test_every_name_that_can_occur_has_its_words() -> None:
    known = words.labels()
    assert set(known.coordinate) == set(Coordinate)
    assert set(known.muscle) == set(MuscleGroup)
    assert set(known.unseen) == set(Unseen) - {Unseen.CLAIMED}
    assert set(known.phase) == {p.value for p in Phase}
    assert set(known.decision) == {k.value for k in DecisionKind}
    assert set(known.rejection) == {r.value for r in RejectionReason}


def test_every_coordinate_stands_in_one_area_of_the_body() -> None:
    listed = [c for area in words.labels().area for c in area.coordinates]
    assert sorted(listed) == sorted(Coordinate)


def test_every_limit_that_can_keep_the_clock_waiting_is_told_in_plain_words() -> None:
    """A stop ends the session, so no clock waits for it."""
    waits = {limit.reason for limit in LIMITS if limit.action is not Action.STOP}
    assert waits <= set(words.labels().waiting)


@pytest.mark.parametrize("reason_id", sorted(ALL_REASON_IDS))
def test_the_reason_beside_a_waiting_clock_has_at_most_five_words(reason_id: str) -> None:
    assert len(words.waiting_short(reason_id).split()) <= 5


def test_no_label_alarms() -> None:
    text = (files("lengthwise.report") / "labels.toml").read_text(encoding="utf-8")
    assert alarming_words(text) == ()


@pytest.mark.parametrize(
    ("mean_deg", "sd_deg", "said"),
    [
        (12.4, 2.0, "12° forward"),
        (-8.0, 2.0, "8° back"),
        (12.4, 3.1, "about 12° forward"),
        (0.3, 1.0, "0°"),
        (-0.4, 1.0, "0°"),
    ],
)
def test_an_angle_is_whole_degrees_with_its_direction(
    mean_deg: float, sd_deg: float, said: str
) -> None:
    estimate = Estimate(radians(mean_deg), radians(sd_deg))
    assert words.angle(Coordinate.PELVIS_TILT, estimate) == said


def test_nothing_is_said_of_the_unknown() -> None:
    assert words.angle(Coordinate.PELVIS_TILT, None) == ""
    assert words.range_share(None) == ""


@given(st.floats(0.0, 1.0), st.floats(0.0, 0.3))
def test_a_range_share_stays_between_0_and_100(mean: float, sd: float) -> None:
    said = words.range_share(Estimate(mean, sd))
    assert 0 <= int(said.removeprefix("about ").removesuffix(" %")) <= 100
    assert said.startswith("about") == (sd > 0.05)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(48.2, "48 s"), (60, "1 min"), (125, "2 min 5 s"), (3780, "1 h 3 min"), (0, "0 s")],
)
def test_durations_read_as_spoken(seconds: float, said: str) -> None:
    assert words.duration(seconds) == said


def test_muscles_are_named_by_place_first() -> None:
    assert words.muscle_place(MuscleGroup.HAMSTRINGS, Side.LEFT) == "back of the left thigh"
    assert words.muscle_name(MuscleGroup.PSOAS, Side.RIGHT) == "psoas, right"


def test_readings_set_aside_are_counted_in_words() -> None:
    text = set_aside({"camera.no_person": 1, "imu:pelvis.late": 3, "new_thing.odd": 2})
    assert "1 camera picture showed nobody." in text
    assert "3 sensor readings (pelvis) came too late" in text
    assert "2 readings were marked" in text
    assert set_aside({}) == "<p>Every reading that came in was used.</p>"


def test_what_rests_on_nothing_known_says_nothing() -> None:
    assert words.evidence_text("stop.person").startswith("Your own word: when to seek help")
    assert words.evidence_text("pause.person") == "Your own word."
    assert words.evidence_text("of_another_version.thing") == ""
