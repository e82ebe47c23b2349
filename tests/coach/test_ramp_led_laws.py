"""Laws of a ramp that the coach leads, over random words, sights and movements."""

import pytest
from climber import FURTHER

from lengthwise.coach import coach
from lengthwise.coach.abstracted import abstract
from lengthwise.coach.abstraction import Word
from lengthwise.coach.limits import tissue
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.ramping import REST_S
from lengthwise.coach.state import LOADED
from lengthwise.coach.tolerance_ramp import COMING_BACK, RampEnd, RampPhase
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.live.evaluation import envelope as evaluation
from lengthwise.live.evaluation.envelope_traces import STEPS, Step, ramp_sessions, trace

RANDOM = 200
Trace = list[Step]


@pytest.fixture(scope="module")
def walked() -> list[tuple[coach.Params, Trace]]:
    ramps = ramp_sessions(12, RANDOM)
    return [(params, list(trace(params, chance, steps=500))) for params, chance in ramps]


@pytest.fixture(scope="module")
def traces(walked: list[tuple[coach.Params, Trace]]) -> list[Trace]:
    return [each for _, each in walked]


def test_random_ramps_meet_everything(traces: list[Trace]) -> None:
    """Else the laws below could hold for want of anything to hold for."""
    ends = {m.end for t in traces for m in t[-1][2].ramping.ramp.ended}
    assert ends == set(RampEnd)
    assert sum(t[-1][2].ramping.ramp.kept is not None for t in traces) >= 15
    assert {s.ramping.ramp.phase for t in traces for _, _, s, _ in t} == set(RampPhase)


def test_no_path_goes_on_after_a_stop_a_symptom_or_pain(traces: list[Trace]) -> None:
    for each in traces:
        harmed = False
        for _, _, after, output in each:
            if harmed:
                assert {d.cue_id for d in output.decisions}.isdisjoint(FURTHER)
                assert after.ramping.ramp.kept is None
            harmed = harmed or after.ramping.ramp.harmed
            if harmed:
                assert after.phase not in LOADED
                assert after.ramping.ramp.phase is RampPhase.OVER


def test_what_has_ended_is_left_in_that_very_step(traces: list[Trace]) -> None:
    for each in traces:
        for _, _, after, _ in each:
            if after.phase in LOADED and not after.ramping.held:
                assert after.phase is not Phase.HOLD
                assert after.ramping.ramp.phase not in COMING_BACK


def test_what_is_held_was_measured_twice_and_follows_half_a_minute_of_rest(
    walked: list[tuple[coach.Params, Trace]],
) -> None:
    """Unless the person skips the rest; and only where it was asked for."""
    held = 0
    for params, each in walked:
        for before, item, after, _ in each:
            if not after.ramping.held or before.ramping.held:
                continue
            held += 1
            assert params.held_plan is not None and after.phase is Phase.GET_READY
            assert after.ramping.ramp.kept is not None
            rested_s = (after.t_s or 0.0) - (before.phase_start_s or 0.0)
            asked = isinstance(item, PersonSignal) and item.kind is SignalKind.SKIP
            assert asked or rested_s >= REST_S
    assert held >= 5


def test_there_are_two_ramps_at_the_most_and_one_without_leave(traces: list[Trace]) -> None:
    for each in traces:
        begun = sum(
            a.phase is Phase.EASE_IN and b.phase is not Phase.EASE_IN and not a.ramping.held
            for b, _, a, _ in each
        )
        assert begun <= (1 if each[0][0].ramping.ramp.alone else 2)


def test_one_step_is_offered_at_a_time_and_only_with_the_envelopes_leave(
    traces: list[Trace],
) -> None:
    """No offer without a wait since the last one, none at less than to hold, none deeper."""
    for each in traces:
        waited = False
        for before, _, after, output in each:
            ramp = after.ramping.ramp
            if ramp.phase is RampPhase.WAITING:
                waited = True
            said = {d.cue_id for d in output.decisions}
            if after.ramping.held:
                continue
            assert "deeper" not in said
            if "ramp.step" in said:
                assert waited and ramp.phase is RampPhase.STEPPING and not ramp.alone
                assert after.phase is Phase.EASE_IN
                assert after.sighting.allowed is not None
                assert after.sighting.allowed >= Action.HOLD
                seen = after.sighting
                assert tissue.within(seen.nerves, seen.lumbar)
                waited = after.speech.asked or before.speech.asked
            if "ease_in" in said:
                assert ramp.phase in (RampPhase.READY, RampPhase.PULLING)


def test_random_ramps_take_only_steps_of_the_picture_with_the_envelope_last(
    walked: list[tuple[coach.Params, Trace]],
) -> None:
    """Of each as many steps as of any other random session."""
    found = evaluation.Found()
    for params, each in walked:
        found.add(evaluation.check_steps(params, each[:STEPS]))
    assert found.examples == {}
    assert found.steps["frames"] > 10_000 and Word.TOLERANCE in Word
    params, _ = walked[0]
    assert abstract(params, coach.start(params)).phase is Phase.GET_READY
    assert params.sides == (Side.LEFT,)
