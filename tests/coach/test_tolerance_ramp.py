"""The graded ramp: small steps by the person, ended by the first of many things, the lower kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ramped_person import Person, moment

from lengthwise.coach.limits.actions import Action
from lengthwise.coach.tolerance_ramp import COMING_BACK, RampEnd, RampPhase, begin, left, step


def test_a_ramp_goes_by_steps_of_a_tenth_with_five_seconds_after_each() -> None:
    """By hand: 0.1 of the way at 0.02 a second is 5 s; then 5 s of waiting."""
    person = Person().go(30.0)
    changes = [
        (round(t, 1), phase)
        for (_, before, _), (t, phase, _) in zip(person.seen, person.seen[1:], strict=False)
        if phase is not before
    ]
    waits = [t for t, phase in changes if phase is RampPhase.WAITING]
    steps = [t for t, phase in changes if phase is RampPhase.STEPPING]
    assert waits[1] - waits[0] == pytest.approx(10.0, abs=0.21)
    assert steps[0] - waits[0] == pytest.approx(5.0, abs=0.11)
    assert person.share < 0.2 + 3 * 0.11


def test_the_first_gentle_pull_comes_first_and_is_waited_at() -> None:
    person = Person(pull=0.15).go(7.4)
    assert {phase for _, phase, _ in person.seen} == {RampPhase.PULLING}, "no step before it"
    person.go(0.5)
    assert person.state.phase is RampPhase.WAITING
    assert person.share == pytest.approx(0.35, abs=0.005)
    person.go(4.0)
    assert person.state.phase is RampPhase.WAITING


@pytest.mark.parametrize("more", [{}, {"tolerance": True}])
def test_without_a_first_pull_nothing_is_measured_and_no_step_is_offered(
    more: dict[str, object],
) -> None:
    person = Person(pull=None, pace=0.001).go(20.0)
    person.says(**more).go(30.0)
    assert [(m.end, m.length) for m in person.state.ended] == [(RampEnd.NO_FIRST_PULL, None)]
    assert person.state.phase is RampPhase.OVER
    assert RampPhase.STEPPING not in {phase for _, phase, _ in person.seen}


def test_a_step_made_while_waiting_is_waited_for_as_well() -> None:
    """By hand: the pull at 0 s, a step further at 4 s; the next is offered at 9 s, not at 5 s."""
    state = step(begin(permitted=True), moment(0.0, 0.2))
    state = step(state, moment(0.0, 0.2, first_pull=True))
    for t_s, share, phase in (
        (3.9, 0.25, RampPhase.WAITING),
        (4.0, 0.31, RampPhase.WAITING),
        (8.9, 0.31, RampPhase.WAITING),
        (9.0, 0.31, RampPhase.STEPPING),
    ):
        state = step(state, moment(t_s, share))
        assert state.phase is phase, t_s


def test_a_step_that_is_made_where_none_was_offered_ends_it() -> None:
    """By hand: nerves and back are out of sight from the pull on; half a step is no step."""
    state = step(begin(permitted=True), moment(0.0, 0.2))
    state = step(state, moment(0.1, 0.2, first_pull=True))
    for t_s in (1.0, 2.0):
        state = step(state, moment(t_s, 0.25, further=False))
        assert state.phase is RampPhase.WAITING
    state = step(state, moment(3.0, 0.31, further=False))
    assert state.phase in COMING_BACK
    assert [(m.end, m.length) for m in state.ended] == [(RampEnd.NO_FURTHER, None)]


def test_what_goes_out_of_sight_for_less_than_a_second_ends_nothing() -> None:
    state = step(begin(permitted=True), moment(0.0, 0.2))
    state = step(state, moment(0.1, 0.2, first_pull=True))
    state = step(state, moment(0.5, 0.31, further=False))
    assert state.phase is RampPhase.WAITING
    for n in range(60):
        state = step(state, moment(0.6 + 0.1 * n, 0.31))
    assert state.phase is RampPhase.STEPPING


@given(seen=st.lists(st.booleans(), min_size=200, max_size=200))
def test_a_step_is_offered_only_in_a_moment_that_sees_nerves_and_back(seen: list[bool]) -> None:
    state = step(begin(permitted=True), moment(0.0, 0.2))
    state = step(state, moment(0.0, 0.2, first_pull=True))
    for n, further in enumerate(seen):
        before, state = state, step(state, moment(0.3 * (n + 1), 0.2, further=further))
        if state.phase is RampPhase.STEPPING and before.phase is not RampPhase.STEPPING:
            assert further


def test_who_goes_on_to_something_else_has_measured_nothing() -> None:
    person = Person().go(20.0)
    person.state = left(person.state)
    assert [m.end for m in person.state.ended] == [RampEnd.LEFT]
    assert person.go(60.0).state.phase is RampPhase.OVER
    resting = Person().go(40.0).says(tolerance=True).go(10.0).state
    assert left(resting) == resting, "at rest there is nothing to leave"


def test_who_is_not_seen_to_come_back_keeps_nothing() -> None:
    """After the second tolerance the body stays where it is, or out of sight, for half a minute."""
    person = Person().go(30.0).says(tolerance=True).go(40.0).go(25.0).says(tolerance=True)
    for k in range(300):
        person.state = step(person.state, moment(person.t_s + 0.1 * k, None))
    assert person.state.phase is RampPhase.BACK
    person.state = step(person.state, moment(person.t_s + 30.1, 0.2))
    assert person.state.kept is not None, "seen at the last moment"
    lost = Person().go(30.0).says(tolerance=True).go(40.0).go(25.0).says(tolerance=True)
    for k in range(310):
        lost.state = step(lost.state, moment(lost.t_s + 0.1 * k, None))
    assert lost.state.phase is RampPhase.OVER and lost.state.kept is None


def test_a_muscle_out_of_claim_at_rest_may_be_ramped_again_and_one_in_the_stretch_not() -> None:
    for share, phase in ((None, RampPhase.READY), (0.2, RampPhase.READY), (0.9, RampPhase.OVER)):
        person = Person().go(30.0).says(tolerance=True).go(5.0)
        assert person.state.phase is RampPhase.RESTING
        for k in range(700):
            met = person.state.phase
            person.state = step(person.state, moment(person.t_s + 0.1 * k, share, allowed=None))
            if person.state.phase is not met:
                break
        assert person.state.phase is phase, share


def test_two_ramps_with_a_rest_and_the_lower_is_kept() -> None:
    person = Person().go(40.0).says(tolerance=True)
    first = person.share
    assert person.state.kept is None
    person.go(3.0).go(10.0)
    assert person.state.phase is RampPhase.RESTING
    person.go(25.0)
    assert person.state.phase is not RampPhase.RESTING
    person.go(25.0).says(tolerance=True)
    second = person.share
    person.go(1.0)
    assert person.state.phase is RampPhase.BACK and person.state.kept is None
    person.go(3.0)
    assert second < first
    assert person.state.phase is RampPhase.OVER
    assert person.state.kept is not None
    assert person.state.kept.mean == pytest.approx(0.3 + 0.1 * second)
    assert [m.end for m in person.state.ended] == [RampEnd.TOLERANCE] * 2


@pytest.mark.parametrize(
    ("more", "end"),
    [
        ({"pain_nrs": 3.1}, RampEnd.PAIN),
        ({"pain_nrs": float("nan")}, RampEnd.PAIN),
        ({"symptom": True}, RampEnd.SYMPTOM),
        ({"stop": True}, RampEnd.STOP),
        ({"allowed": Action.STOP}, RampEnd.STOP),
        ({"pain_nrs": 4.0, "tolerance": True}, RampEnd.PAIN),
    ],
)
def test_pain_a_symptom_and_a_stop_end_it_all_at_once(
    more: dict[str, object], end: RampEnd
) -> None:
    person = Person().go(20.0).says(**more)
    assert person.state.phase is RampPhase.OVER
    assert [m.end for m in person.state.ended] == [end]
    before = person.state
    assert person.go(100.0).state == before
    assert person.state.kept is None


@pytest.mark.parametrize("allowed", [Action.RELEASE, Action.PAUSE, Action.EASE, None])
def test_whatever_the_envelope_holds_back_ends_the_ramp_without_a_mark(
    allowed: Action | None,
) -> None:
    person = Person().go(20.0).says(allowed=allowed)
    assert [(m.end, m.length) for m in person.state.ended] == [(RampEnd.ENVELOPE, None)]
    assert person.go(60.0).state.phase is RampPhase.OVER
    assert person.state.kept is None


@pytest.mark.parametrize("more", [{"pain_nrs": 8.0}, {"symptom": True}, {"stop": True}])
@pytest.mark.parametrize("later_s", [0.0, 0.1, 10.0])
def test_pain_a_symptom_or_a_stop_after_the_second_tolerance_leaves_nothing_kept(
    more: dict[str, object], later_s: float
) -> None:
    """On the way back, and after the end: it was too far."""
    person = Person().go(30.0).says(tolerance=True).go(40.0)
    person.go(25.0).says(tolerance=True).go(later_s)
    assert [m.end for m in person.state.ended] == [RampEnd.TOLERANCE] * 2
    assert (person.state.kept is None) == (later_s < 1.0)
    person.says(**more)
    assert person.state.phase is RampPhase.OVER and person.state.kept is None
    assert person.says(**more).go(10.0).state.kept is None
    assert len(person.state.ended) == 3


def test_pain_of_three_goes_on() -> None:
    assert Person().go(20.0).says(pain_nrs=3.0).state.ended == ()


def test_the_end_that_the_joints_allow_ends_it_with_what_was_borne() -> None:
    """By hand: 1 - 1.64 x 0.01 of the range."""
    person = Person(pace=0.05).go(100.0)
    assert person.state.ended[0].end is RampEnd.JOINT_END
    length = person.state.ended[0].length
    assert length is not None and length.mean == pytest.approx(0.39836, abs=5e-4)


def test_a_muscle_out_of_claim_ends_it_after_a_second_and_a_word_then_measures_nothing() -> None:
    person = Person().go(20.0)
    for k in range(12):
        person.state = step(person.state, moment(person.t_s + 0.1 * k, None))
    assert person.state.ended[0].end is RampEnd.NOT_SEEN
    blind = Person().go(20.0)
    blind.state = step(blind.state, moment(blind.t_s, None, tolerance=True))
    assert [(m.end, m.length) for m in blind.state.ended] == [(RampEnd.NOT_SEEN, None)]


def test_without_leave_the_first_gentle_pull_alone_is_led_to() -> None:
    person = Person(permitted=False, pull=0.1).go(30.0)
    assert {phase for _, phase, _ in person.seen} <= {
        RampPhase.READY,
        RampPhase.PULLING,
    } | COMING_BACK
    assert [(m.end, m.length) for m in person.state.ended] == [(RampEnd.NOT_PERMITTED, None)]
    assert person.share < 0.32


def test_without_a_word_its_time_ends() -> None:
    person = Person(pace=0.0).go(125.0)
    assert person.state.ended[0].end is RampEnd.TIME


def test_without_leave_or_the_envelopes_word_nothing_begins() -> None:
    refused = Person(permitted=False)
    assert refused.go(10.0).says(tolerance=True).state.kept is None
    assert [m.end for m in refused.state.ended] == [RampEnd.NOT_PERMITTED]
    waiting = Person(pace=0.0).go(4.5, allowed=Action.EASE)
    assert waiting.state.phase is RampPhase.READY
    assert waiting.says(tolerance=True, allowed=Action.EASE).state.ended == ()
    waiting.go(1.0, allowed=Action.EASE)
    assert [m.end for m in waiting.state.ended] == [RampEnd.ENVELOPE]
    outside = Person(pace=0.0).go(20.0, allowed=None)
    assert outside.state.phase is RampPhase.READY and outside.state.ended == ()
