"""How much a test came to, in words."""

import pytest

from lengthwise.reference.assessments import assessments
from lengthwise.report.test_results import amount_words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (1.2, "About 1 degree, probably between"),
        (-1.2, "About \N{MINUS SIGN}1 degree, probably between"),
        (11.0, "About 11 degrees, probably between"),
        (0.2, "About 0 degrees, probably between"),
    ],
)
def test_one_degree_is_said_as_one(value: float, said: str) -> None:
    assert amount_words(assessments()["modified_thomas"], value, 4.0).startswith(said)


@pytest.mark.parametrize("value", [2.0, -2.0, 0.0])
def test_what_may_be_none_at_all_is_no_figure(value: float) -> None:
    said = amount_words(assessments()["standing"], value, 5.6)
    assert "About" not in said and "less than 11 degrees does not show" in said
    assert amount_words(assessments()["standing"], 14.0 + value, 5.6).startswith("About 1")


def test_beside_a_limit_even_a_doubtful_angle_says_something() -> None:
    said = amount_words(assessments()["modified_thomas"], 2.0, 5.6)
    assert said == "About 2 degrees, probably between \N{MINUS SIGN}9 and 13"
