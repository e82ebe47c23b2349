"""Speed of the coach over all exercises: what is timed is a session that gets somewhere."""

import pytest

from lengthwise.coach import coach
from lengthwise.contracts.decision import CoachOutput, Phase
from lengthwise.live import bench_coach
from lengthwise.reference.exercises import exercises


def test_every_exercise_is_led_as_far_as_its_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    held: set[str] = set()
    real = coach.step

    def step(params, state, item):  # type: ignore[no-untyped-def]
        after, output = real(params, state, item)
        assert isinstance(output, CoachOutput)
        if output.guidance.phase is Phase.HOLD:
            held.add(params.exercise.id)
        return after, output

    monkeypatch.setattr(bench_coach.coach, "step", step)
    monkeypatch.setattr(bench_coach, "RATE_HZ", 5.0)
    seconds = bench_coach.each_exercise()
    assert set(seconds) == held == set(exercises())
    assert {len(taken) for taken in seconds.values()} == {int(bench_coach.LED_S * 5.0)}


def test_the_slowest_is_told_by_its_median() -> None:
    usual, slow = [1.0, 1.0, 9.0], [2.0, 2.0, 2.0]
    assert bench_coach.slowest({"usual": usual, "slow": slow}) == slow
