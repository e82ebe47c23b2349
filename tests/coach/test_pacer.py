"""The pacer: six slow breaths a minute, out for longer than in, where breathing is led."""

import pytest
from coach_script import Follower
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach.pacer import paced
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.decision import BreathPhase, Phase
from lengthwise.reference.exercises import exercise

SETTINGS = published_settings()
STILL = exercise("supine_breathing")


@given(st.floats(0.0, 600.0))
def test_it_is_always_somewhere_in_a_breath_and_the_same_one_breath_later(phase_s: float) -> None:
    now = paced(STILL, Phase.HOLD, phase_s, SETTINGS)
    later = paced(STILL, Phase.HOLD, phase_s + SETTINGS.breath_paced_s, SETTINGS)
    assert now is not None and later is not None
    assert 0.0 <= now.progress <= 1.0

    def place(p: object) -> float:
        out = p.phase is BreathPhase.OUT  # type: ignore[attr-defined]
        return (1.0 if out else 0.0) + p.progress  # type: ignore[attr-defined]

    apart = abs(place(now) - place(later))
    assert min(apart, 2.0 - apart) < 1e-6


def test_six_breaths_a_minute_that_begin_with_breathing_in_and_go_out_for_longer() -> None:
    told = [paced(STILL, Phase.HOLD, n / 10, SETTINGS) for n in range(600)]
    phases = [p.phase for p in told if p is not None]
    begins = [
        n for n in range(600) if phases[n] is BreathPhase.IN and phases[n - 1] is not phases[n]
    ]
    assert len(begins) == 6 and begins[0] == 0
    assert phases.count(BreathPhase.OUT) == pytest.approx(1.5 * phases.count(BreathPhase.IN), abs=6)
    first = told[0]
    assert first is not None and first.progress == 0.0 and first.phase_s == 4.0


@pytest.mark.parametrize(
    ("exercise_id", "led"),
    [
        ("supine_breathing", True),
        ("half_kneeling_hip_flexor", True),
        ("bird_dog", True),
        ("cat_cow", False),
        ("walking", False),
    ],
)
def test_what_is_held_still_is_paced_and_what_moves_is_not(exercise_id: str, led: bool) -> None:
    assert (paced(exercise(exercise_id), Phase.HOLD, 3.0, SETTINGS) is not None) == led
    for phase in Phase:
        if phase is not Phase.HOLD:
            assert paced(exercise(exercise_id), phase, 3.0, SETTINGS) is None


def test_guidance_carries_it_through_a_hold_and_nowhere_else() -> None:
    person = Follower(exercise("half_kneeling_hip_flexor")).run(40.0)
    holds = [o.guidance for o in person.outputs if o.guidance.phase is Phase.HOLD]
    assert holds
    for g in (o.guidance for o in person.outputs):
        assert (g.breath is not None) == (g.phase is Phase.HOLD)
    assert holds[0].breath is not None and holds[0].breath.phase is BreathPhase.IN


def test_a_breath_that_is_known_is_made_longer_and_at_most_the_slow_one() -> None:
    quick = paced(STILL, Phase.HOLD, 0.0, SETTINGS, own_s=4.0)
    slow = paced(STILL, Phase.HOLD, 0.0, SETTINGS, own_s=9.0)
    unknown = paced(STILL, Phase.HOLD, 0.0, SETTINGS)
    assert quick is not None and slow is not None and unknown is not None
    in_ratio = SETTINGS.breath_in_ratio
    assert quick.phase_s == pytest.approx(in_ratio * 6.0) and slow == unknown


def test_led_by_the_own_breath_it_begins_again_after_a_whole_one() -> None:
    once = paced(STILL, Phase.HOLD, 1.0, SETTINGS, own_s=4.0)
    assert paced(STILL, Phase.HOLD, 7.0, SETTINGS, own_s=4.0) == once
