"""Constants in sentences: as words where people would write one, and exact otherwise."""

import pytest

from lengthwise.report import number_words


@pytest.mark.parametrize(
    ("value", "number", "span", "less"),
    [
        (3.0, "three", "three days", None),
        (7.0, "seven", "a week", None),
        (14.0, "14", "two weeks", None),
        (4.5, "4.5", "4.5 days", None),
        (0.7, "0.7", "0.7 days", "three tenths less"),
        (0.9, "0.9", "0.9 days", "one tenth less"),
        (0.5, "0.5", "0.5 days", "half of it"),
        (0.35, "0.35", "0.35 days", "65 % less"),
    ],
)
def test_a_constant_is_said_as_it_holds(
    value: float, number: str, span: str, less: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(number_words, "constant", lambda area, name: value)
    assert number_words.number("plan", "any") == number
    assert number_words.span("plan", "any") == span
    assert less is None or number_words.less("plan", "any") == less
