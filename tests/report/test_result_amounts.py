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
    assert amount_words(assessments()["standing"], value, 4.0).startswith(said)
