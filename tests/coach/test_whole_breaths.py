"""Holds end with the led breath: when they wait, for how long at most, and what never waits."""

import pytest
from coach_script import Follower, during, first, leaving, lunge, tip, vanish
from msgspec.structs import replace

from lengthwise.coach import breath, coach
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.observation import SignalKind
from lengthwise.reference.exercises import exercises

S = published_settings()


def held_s(person: Follower) -> float:
    return leaving(person, Phase.HOLD).t_s - first(person, Phase.HOLD).t_s


def test_an_undisturbed_hold_is_three_whole_breaths() -> None:
    assert held_s(lunge().run(41.0)) == pytest.approx(3 * S.breath_paced_s, abs=0.21)


@pytest.mark.parametrize("lasts_s", [1.0, 3.0, 5.0, 8.0])
def test_a_hold_with_a_lapse_ends_with_the_breath_and_not_before_its_seconds(
    lasts_s: float,
) -> None:
    person = lunge(change=during(8.0, 8.0 + lasts_s, tip)).run(90.0)
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete"
    over_s = held_s(person) % S.breath_paced_s
    assert over_s <= S.breath_slack_s + 0.11
    effective_s, _ = person.holds()[Side.LEFT, 1]
    assert 29.9 <= effective_s <= 30.0 + S.breath_paced_s


def test_seconds_that_cannot_be_known_wait_for_the_breath_too() -> None:
    person = lunge(hidden=(Coordinate.PELVIS_TILT,), change=during(8.0, 9.0, vanish)).run(90.0)
    assert held_s(person) % S.breath_paced_s <= S.breath_slack_s + 0.11
    _, uncertain_s = person.holds()[Side.LEFT, 1]
    assert uncertain_s <= S.dose_ceiling_ratio * 30.0


def test_the_ceiling_of_the_dose_does_not_wait() -> None:
    """Breaths of 25 s would lead a hold of 30 s to 50 s; the ceiling ends it at 45 s."""
    person = lunge()
    slow = replace(S, breath_paced_s=25.0)
    person.params = lambda: coach.Params(  # type: ignore[method-assign]
        person.exercise, person.sides, settings=slow
    )
    person.run(70.0)
    why = leaving(person, Phase.HOLD).reasons[0]
    assert why.id == "hold.dose_ceiling"
    assert held_s(person) == pytest.approx(S.dose_ceiling_ratio * 30.0, abs=0.21)


@pytest.mark.parametrize("kind", [SignalKind.SKIP, SignalKind.TOLERANCE, SignalKind.POSTPONE])
def test_no_word_of_the_person_waits_for_a_breath(kind: SignalKind) -> None:
    person = lunge()
    person.signals = lambda m: kind if m.phase is Phase.HOLD and m.phase_s >= 13.0 else None
    person.run(40.0)
    assert held_s(person) == pytest.approx(13.0, abs=0.11)


def test_a_hold_against_load_does_not_wait_for_a_breath() -> None:
    """Ten seconds of a bird-dog with a lapse of two are not made twenty."""
    person = Follower(exercises()["bird_dog"], depth=None, change=during(3.0, 5.0, tip)).run(30.0)
    assert held_s(person) < 1.5 * person.exercise.dose.hold_s
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete"


def test_stretches_and_breathing_wait_and_nothing_else_does() -> None:
    for e in exercises().values():
        waits = breath.unfinished(coach.Params(e).plans[0], 5.0, S)
        assert waits == (e.kind in ("static_stretch", "breathing")), e.id
