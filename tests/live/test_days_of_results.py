"""One calendar for what was led, typed and planned: a finding takes two days of it."""

import time
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from lengthwise.live.sessions_told import day_of
from lengthwise.live.tests_kept import day_on


@pytest.fixture(params=["America/Los_Angeles", "Pacific/Auckland", "UTC"])
def _elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_elsewhere")
def test_a_led_test_is_of_the_day_on_which_it_would_have_been_typed() -> None:
    for hour in range(0, 24, 3):
        utc = f"2026-01-31T{hour:02d}:30:00.000Z"
        led = day_on(utc)
        assert led is not None
        assert led.toordinal() == day_of(datetime.fromisoformat(utc).timestamp())


@pytest.mark.usefixtures("_elsewhere")
def test_what_is_no_time_is_no_day_and_a_bare_time_is_utc() -> None:
    assert day_on("yesterday") is None
    assert day_on("2026-01-31T12:00:00") == day_on("2026-01-31T12:00:00Z")
    assert isinstance(day_on("2026-01-31T12:00:00"), date)
