"""What a reason rests on: listed for each, and nothing listed that no reason uses."""

import pytest

from lengthwise.coach.reasons import ALL_REASON_IDS
from lengthwise.reference.reasons import Grade, reason_evidence, reasons
from lengthwise.reference.words import alarming_words


@pytest.mark.parametrize("reason_id", sorted(ALL_REASON_IDS))
def test_every_reason_says_what_it_rests_on(reason_id: str) -> None:
    found = reason_evidence(reason_id)
    assert found is not None
    assert found.grade is not Grade.EXPERT_DEFAULT or found.about


def test_every_entry_of_evidence_is_used() -> None:
    areas = {reason_id.partition(".")[0] for reason_id in ALL_REASON_IDS}
    assert set(reasons().evidence) <= ALL_REASON_IDS | areas


def test_every_grade_has_its_words_and_none_alarms() -> None:
    assert set(reasons().grade) == set(Grade)
    said = [*reasons().grade.values(), *(e.about for e in reasons().evidence.values())]
    assert alarming_words(" ".join(said)) == ()


def test_the_id_itself_stands_above_its_area() -> None:
    assert reason_evidence("hold.let_go") != reason_evidence("hold.in_window")
    assert reason_evidence("ease_in.first_resistance").grade is Grade.PERSON
    assert reason_evidence("of_another_version.thing") is None
