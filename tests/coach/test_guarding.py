"""Guarding is suspected only from what a sensor can show, and eased with a gentle sentence."""

from math import pi, radians, sin

import numpy as np
import pytest
from coach_script import first, lunge
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.guarding import NOTHING, Guarding, Signs, step
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.states import Estimate

S = published_settings()


def watched(signs: list[Signs]) -> list[tuple[str, ...]]:
    guarding, found = NOTHING, []
    for each in signs:
        guarding = step(guarding, each, S)
        found.append(tuple(r.id for r in guarding.suspected))
    return found


def shaken(
    hz: float, *, rate_hz: float = 60.0, deg: float = 1.5, seconds: float = 8.0
) -> list[Signs]:
    times_s = np.arange(int(seconds * rate_hz)) / rate_hz
    return [
        Signs(t, quick_rad=0.3 + 0.01 * t + radians(deg) * sin(2 * pi * hz * t)) for t in times_s
    ]


@pytest.mark.parametrize("hz", [5.0, 7.0, 9.0, 11.0])
def test_tremor_is_suspected_once_it_lasts(hz: float) -> None:
    found = watched(shaken(hz))
    assert found[-1] == ("guarding.tremor",)
    assert not any(found[: int(1.5 * 60)])


@pytest.mark.parametrize("hz", [0.3, 1.0, 2.5])
def test_sway_and_breath_are_no_tremor(hz: float) -> None:
    assert not any(watched(shaken(hz, deg=4.0)))


def test_a_little_tremor_is_everybodys() -> None:
    assert not any(watched(shaken(9.0, deg=0.1)))


def test_tremor_is_not_known_at_a_low_rate_of_frames() -> None:
    assert not any(watched(shaken(6.0, rate_hz=20.0)))


@pytest.mark.parametrize("rate_hz", [30.0, 60.0])
def test_noise_of_two_degrees_is_no_tremor(rate_hz: float) -> None:
    chance = np.random.default_rng(1)
    noise_rad = chance.normal(0.0, radians(2.0), int(120 * rate_hz))
    found = watched([Signs(k / rate_hz, quick_rad=x) for k, x in enumerate(noise_rad)])
    assert sum(map(bool, found)) / len(found) < 0.01


def test_a_breath_held_longer_than_eight_seconds() -> None:
    found = watched([Signs(t / 10, breath_held_s=t / 10) for t in range(100)])
    assert found[79] == ()
    assert found[85] == ("guarding.breath",)


def pull(share_left: float) -> list[tuple[str, ...]]:
    """A still hold of 30 s in which a measured pull goes to a share of itself."""
    return watched(
        [
            Signs(
                t / 10,
                pull_n=Estimate(40.0 * (1 - (1 - share_left) * min(t / 200, 1.0)), 0.2),
                still_since_s=0.0,
            )
            for t in range(300)
        ]
    )


def test_a_pull_that_does_not_fall_is_suspected_and_one_that_falls_is_not() -> None:
    held, relaxed = pull(1.0), pull(0.8)
    assert held[199] == ()
    assert held[-1] == ("guarding.tension",)
    assert not any(relaxed)


def test_a_new_stillness_begins_anew() -> None:
    signs = [
        Signs(t / 10, pull_n=Estimate(40.0, 0.2), still_since_s=float(t // 150) * 15.0)
        for t in range(290)
    ]
    assert not any(watched(signs))


def test_a_sign_that_is_not_seen_is_not_known() -> None:
    assert step(NOTHING, Signs(1.0), S) == Guarding()


def test_a_held_breath_eases_in_that_frame_in_its_own_words() -> None:
    person = lunge().run(25.0)
    params, state = person.params(), person.states[-1]
    assert state.phase is Phase.HOLD
    frame = next(i for i in reversed(person.items) if isinstance(i, coach.CoachFrame))
    t_s, said = 25.0, []
    for k in range(40):
        body = replace(frame.body, t_s=t_s + k / 10)
        state, output = coach.step(
            params, state, replace(frame, body=body, breath_held_s=7.5 + k / 10)
        )
        said += output.decisions
    ease = next(d for d in said if d.kind is DecisionKind.EASE)
    assert ease.reasons[0].id == "guarding.breath"
    assert ease.t_s == pytest.approx(t_s + 0.6, abs=0.11)
    spoken = next(d for d in said if d.kind is DecisionKind.CUE)
    assert spoken.text == "Ease off a little and let the breath flow."
    assert first(person, Phase.HOLD).t_s < t_s


def test_a_heart_that_is_faster_than_at_rest_is_a_sign_while_it_is_told() -> None:
    told = step(NOTHING, Signs(0.0, heart_effort_per_min=18.0), S)
    assert [(w.id, w.numbers) for w in told.suspected] == [
        ("guarding.heart", {"heart_rise_per_min": 18.0})
    ]
    for nothing in (None, float("nan")):
        assert step(told, Signs(1.0, heart_effort_per_min=nothing), S).suspected == ()
