"""Wearing positions and the words of a calibration: complete, consistent, calm."""

import pytest

from lengthwise.body.calibration.asks import MOTIONS, Ask
from lengthwise.body.calibration.outcomes import Outcome
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.observation import Axis, Posture, Segment
from lengthwise.contracts.person import FindingKind
from lengthwise.reference.calibration import calibration_words
from lengthwise.reference.constants import constants
from lengthwise.reference.exercises import exercise, exercises
from lengthwise.reference.wearing import (
    place_for_exercise,
    place_for_posture,
    position,
    positions,
    tip_rad,
)
from lengthwise.reference.words import alarming_words


def test_every_segment_has_a_position_and_every_position_its_axes_across_each_other() -> None:
    assert {at.segment for at in positions().values()} == set(Segment)
    for at in positions().values():
        assert at.front.value[1] != at.up.value[1]
        assert at.picture


@pytest.mark.parametrize("posture", list(Posture))
def test_every_start_posture_says_where_and_why(posture: Posture) -> None:
    place = place_for_posture(posture)
    assert place.recommended in positions() and place.why
    assert set(place.forbidden) <= set(positions())
    assert place.recommended not in place.forbidden


@pytest.mark.parametrize(
    ("posture", "recommended", "forbidden"),
    [
        (Posture.HALF_KNEELING, "sacrum", "belt_buckle"),
        (Posture.FOUR_POINT, "sacrum", "belt_buckle"),
        (Posture.PRONE, "sacrum", "belt_buckle"),
        (Posture.SUPINE, "belt_buckle", "sacrum"),
    ],
)
def test_nobody_lies_on_the_sensor(posture: Posture, recommended: str, forbidden: str) -> None:
    place = place_for_posture(posture)
    assert place.recommended == recommended and forbidden in place.forbidden


@pytest.mark.parametrize("name", list(exercises()))
@pytest.mark.parametrize("side", list(Side))
def test_every_exercise_has_a_place_on_the_side_that_works(name: str, side: Side) -> None:
    place = place_for_exercise(exercise(name).for_side(side))
    at = positions()[place.recommended]
    assert place.recommended not in place.forbidden
    assert not at.segment.value.endswith(f"_{side.other.value}")


def test_a_leg_raise_is_worn_on_the_raised_thigh() -> None:
    raised = exercise("supine_hamstring").for_side(Side.RIGHT)
    assert place_for_exercise(raised).recommended == "thigh_front_r"


def test_a_phone_at_the_back_and_one_at_the_front_face_opposite_ways() -> None:
    assert (position("sacrum").front, position("belt_buckle").front) == (Axis.MINUS_Z, Axis.Z)


def test_an_unknown_position_is_one_line_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="found pocket; allowed: sacrum, belt_buckle"):
        position("pocket")


@pytest.mark.parametrize("motion", [ask.value for ask in MOTIONS])
def test_left_and_right_tip_alike_in_opposite_motions(motion: str) -> None:
    swapped = motion.replace("right", "LEFT").replace("left", "right").replace("LEFT", "left")
    for part in ("thigh", "shank"):
        left, right = (Segment(f"{part}_{s}") for s in ("l", "r"))
        assert tip_rad(motion, left) == tip_rad(swapped, right)
    for segment in Segment:
        usual, spread = tip_rad(motion, segment)
        assert spread > 0.0 and usual > 0.0


def test_everything_that_is_asked_or_found_has_its_words_and_none_alarms() -> None:
    words = calibration_words()
    assert set(words.ask) == {ask.value for ask in Ask}
    assert set(words.looked_for) == {"zero", *(kind.value for kind in FindingKind)}
    assert set(words.outcome) == {outcome.value for outcome in Outcome}
    assert set(words.remedy) == set(words.outcome) - {"found"}
    said = [text for table in (words.ask, words.outcome, words.remedy) for text in table.values()]
    shown = [at.picture for at in positions().values()]
    assert alarming_words(" ".join([*said, *shown, *words.looked_for.values()])) == ()


def test_constants_lie_in_their_range_and_every_kind_of_finding_expires() -> None:
    listed = constants("calibration")
    for name, entry in listed.items():
        assert entry.low <= entry.value <= entry.high, name
        assert entry.source and entry.note, name
    for kind in FindingKind:
        assert listed[f"{kind.value}_valid_days"].value > 0.0
    for ask in Ask:
        assert ask is Ask.DONE or f"{ask.value}_longest_s" in listed
