"""What a page says of what was kept and of a place found again: numbers, doubt, and no more."""

from math import radians

import pytest
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.repositioning import PositionErrors, Repositioning, Untold
from lengthwise.contracts.states import Estimate
from lengthwise.live.learning import OUTCOMES, SHARES
from lengthwise.reference.words import alarming_words
from lengthwise.report.learnt import KeptRow, LearningReport, learnt_html
from lengthwise.report.repositioned import repositioned_html, repositioned_words
from lengthwise.report.words import labels


def deg(mean: float, sd: float = 1.0) -> Estimate:
    return Estimate(radians(mean), radians(sd))


def found(constant_deg: float) -> Repositioning:
    errors = PositionErrors(4, deg(constant_deg), deg(3.1), deg(1.5), radians(0.8), radians(3.4))
    return Repositioning(Coordinate.HIP_FLEXION_L, Side.LEFT, deg(20.0), 5, errors)


@pytest.mark.parametrize(
    ("constant_deg", "way"),
    [(2.5, "further"), (-2.5, "nearer"), (1.5, "neither"), (0.0, "neither")],
)
def test_which_way_it_was_missed_is_said_only_where_that_is_sure(
    constant_deg: float, way: str
) -> None:
    """With an sd of 1 degree, beyond 1.96."""
    assert labels().repositioned[way] in " ".join(repositioned_words(found(constant_deg)))


def test_numbers_stand_with_their_doubt_and_with_what_a_change_must_exceed() -> None:
    html = repositioned_html(found(2.5))
    for part in (
        "+2.5° (sd 1.0°)",
        "3.1° (sd 1.0°)",
        "1.5° (sd 1.0°)",
        "0.8°",
        "3.4°",
        "4 of them",
    ):
        assert part in html
    assert labels().repositioned["note"][:40] in html


def test_trials_that_went_too_far_are_told_to_make_the_errors_too_small() -> None:
    assert "missed it by more than is told" in repositioned_html(replace(found(1.0), called_back=2))
    assert "missed it by more than is told" not in repositioned_html(found(1.0))


@pytest.mark.parametrize("untold", list(Untold))
def test_where_nothing_is_told_it_says_why_and_gives_no_number(untold: Untold) -> None:
    none = Repositioning(Coordinate.LUMBAR_FLEXION, None, None, 0, None, untold)
    html = repositioned_html(none)
    assert labels().repositioned[f"untold_{untold.value}"] in html
    assert "°" not in html


def test_what_was_not_looked_for_and_not_to_be_kept_has_no_place_on_the_page() -> None:
    assert repositioned_html(None) == "" and learnt_html(None) == ""


def test_a_ratio_of_nothing_is_an_empty_cell_and_never_nought() -> None:
    row = KeptRow(None, Coordinate.PELVIS_TILT, "not seen", None, None, 0, 0)
    html = learnt_html(LearningReport((row,), ("In <this> session.",)))
    assert "%" not in html and html.count("<td></td>") == 2
    assert "In &lt;this&gt; session." in html
    full = KeptRow(Side.LEFT, Coordinate.PELVIS_TILT, "kept", 0.9, 1.0, 2, 1)
    told = learnt_html(LearningReport((full,), ()))
    assert "90 %" in told and "100 %" in told and "2 said, 1 left out" in told


def test_nothing_alarms_and_nothing_promises_relief() -> None:
    texts = [*labels().learnt.values(), *labels().repositioned.values()]
    texts += [*repositioned_words(found(2.5)), *SHARES.values(), *OUTCOMES.values()]
    for text in texts:
        assert alarming_words(text) == ()
        assert not any(word in text.lower() for word in ("cure", "heal ", "relief", "normal"))
