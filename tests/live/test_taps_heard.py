"""Taps on the worn phone on their way through the session: a stop, a mark, and nothing else."""

import dataclasses

import pytest
from msgspec.structs import replace

from lengthwise.coach import taps
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.contracts.observation import (
    ImuSample,
    Observation,
    PersonSignal,
    Segment,
    SignalKind,
)
from lengthwise.contracts.person import Mark, Person
from lengthwise.contracts.session import (
    LOG_VERSION,
    DecisionLogged,
    SessionConfig,
    SessionStarted,
)
from lengthwise.live import pipeline
from lengthwise.live.marks_taken import MarksTaken
from lengthwise.live.params import pipeline_params
from lengthwise.live.session import session_events
from lengthwise.sim.recording import Plan, SimulatedRecording

PLAN = Plan(
    "half_kneeling_hip_flexor", Side.LEFT, seed=12, sensors="camera+sacrum", duration_s=14.0
)


@pytest.fixture(scope="module")
def observations() -> list[Observation]:
    return list(SimulatedRecording(PLAN).read())


@pytest.fixture(scope="module")
def started() -> SessionStarted:
    config = SessionConfig(
        exercise_id=PLAN.exercise_id,
        side=PLAN.side,
        zero_s=(0.5, PLAN.stand_s),
        tap_segment=Segment.PELVIS,
    )
    return SessionStarted(
        LOG_VERSION,
        "20260101T000000Z-000000",
        "2026-01-01T00:00:00Z",
        "test",
        config,
        SimulatedRecording(PLAN).header,
        Person("test", simulated=True),
    )


@pytest.fixture(scope="module")
def params(started: SessionStarted) -> pipeline.Params:
    return pipeline_params(started)


def tapped(observations: list[Observation], *at_s: float) -> list[Observation]:
    """Each tap is one sample of the phone, 15 m/s2 larger."""
    out, left = [], list(at_s)
    for o in observations:
        if isinstance(o, ImuSample) and o.segment is Segment.PELVIS and left and o.t_s >= left[0]:
            left.pop(0)
            x, y, z = o.acc_m_s2
            o = replace(o, acc_m_s2=(x, y, z + 15.0))
        out.append(o)
    return out


def decided(
    params: pipeline.Params, observations: list[Observation], *, save_at: int | None = None
) -> tuple[pipeline.State, list[Decision]]:
    state, decisions = pipeline.start(params), []
    for i, o in enumerate(observations):
        if i == save_at:
            state = decode(encode(state), pipeline.State)
        state, output = pipeline.step(params, state, o)
        decisions += output.decisions
    return state, decisions


def stops(decisions: list[Decision]) -> list[Decision]:
    return [d for d in decisions if d.kind is DecisionKind.STOP]


def test_two_taps_stop_and_nobody_taps_by_kneeling_down(
    params: pipeline.Params, observations: list[Observation]
) -> None:
    _, quiet = decided(params, observations)
    assert stops(quiet) == []
    assert not [d for d in quiet if d.kind is DecisionKind.MARK]
    state, decisions = decided(params, tapped(observations, 12.5, 12.8))
    assert [d.reasons[0].id for d in stops(decisions)] == ["stop.person"]
    assert stops(decisions)[0].t_s == pytest.approx(12.9, abs=0.15)
    assert state.coach is not None and state.coach.phase is Phase.STOPPED


def test_a_restored_session_hears_the_second_tap(
    params: pipeline.Params, observations: list[Observation]
) -> None:
    with_taps = tapped(observations, 12.5, 12.8)
    between = next(i for i, o in enumerate(with_taps) if o.t_s > 12.65)
    whole = decided(params, with_taps)
    resumed = decided(params, with_taps, save_at=between)
    assert encode(resumed[1]) == encode(whole[1])
    assert stops(resumed[1])


def test_one_tap_marks_while_easing_in_and_the_hold_begins_there(
    params: pipeline.Params, observations: list[Observation]
) -> None:
    _, decisions = decided(params, tapped(observations, 12.5))
    marks = [d for d in decisions if d.kind is DecisionKind.MARK]
    assert [d.phase for d in marks] == [Phase.EASE_IN]
    assert marks[0].t_s == pytest.approx(13.1, abs=0.15)
    held = next(d for d in decisions if d.kind is DecisionKind.PHASE and d.phase is Phase.HOLD)
    assert held.t_s == marks[0].t_s
    assert held.reasons[0].id == "ease_in.first_resistance"


def marked(
    params: pipeline.Params, started: SessionStarted, observations: list[Observation]
) -> tuple[list[Mark], list[Decision]]:
    """What a session of these keeps."""
    taken, decisions = MarksTaken(started, params), []
    for event in session_events(params, observations):
        taken.take(event)
        if isinstance(event, DecisionLogged):
            decisions.append(event.decision)
    return list(taken.marks()), decisions


def test_a_tapped_mark_is_kept_like_a_keyed_one(
    params: pipeline.Params, started: SessionStarted, observations: list[Observation]
) -> None:
    by_tap, decisions = marked(params, started, tapped(observations, 12.5))
    at_s = next(d.t_s for d in decisions if d.kind is DecisionKind.MARK)
    key = PersonSignal(at_s, SignalKind.FIRST_RESISTANCE)
    keyed = sorted([*observations, key], key=lambda o: (o.t_s, isinstance(o, PersonSignal)))
    by_key, _ = marked(params, started, keyed)
    assert [(m.group, m.kind) for m in by_tap] == [(m.group, m.kind) for m in by_key] != []
    for one, other in zip(by_tap, by_key, strict=True):
        assert one.length_m == pytest.approx(other.length_m, abs=2e-4)


def test_a_tap_soon_after_one_that_marked_stops_and_nothing_is_kept(
    params: pipeline.Params, started: SessionStarted, observations: list[Observation]
) -> None:
    """A hand too slow for a double tap: at 11.5 s and a second later."""
    marks, decisions = marked(params, started, tapped(observations, 11.5, 12.5))
    assert [d.reasons[0].id for d in decisions if d.kind is DecisionKind.MARK]
    assert [d.reasons[0].id for d in stops(decisions)] == ["stop.person"]
    assert marks == []


def test_one_tap_before_anything_is_eased_into_marks_nothing(
    params: pipeline.Params, observations: list[Observation]
) -> None:
    first = [o for o in tapped(observations, 1.5) if o.t_s < 3.0]
    heard, state = [], taps.Taps()
    assert params.coach is not None
    for o in first:
        if isinstance(o, ImuSample) and o.segment is Segment.PELVIS:
            state, kind = taps.step(state, o.acc_m_s2, o.t_s, params.coach.settings)
            heard += [kind] if kind else []
    assert heard == [SignalKind.FIRST_RESISTANCE], "it is a tap"
    _, decisions = decided(params, first)
    assert not [d for d in decisions if d.kind is DecisionKind.MARK]


def test_without_a_worn_phone_that_listens_a_tap_is_a_reading_like_any_other(
    params: pipeline.Params, observations: list[Observation]
) -> None:
    deaf = pipeline.Params(params.anatomy, params.body, params.tissue, params.coach)
    _, decisions = decided(deaf, tapped(observations, 12.5, 12.8))
    assert stops(decisions) == []


def test_taps_of_a_phone_in_the_network_stop_and_can_do_nothing_else(
    params: pipeline.Params, observations: list[Observation]
) -> None:
    only_stop = dataclasses.replace(params, taps_only_stop=True)
    _, once = decided(only_stop, tapped(observations, 12.5))
    assert not [d for d in once if d.kind is DecisionKind.MARK]
    _, twice = decided(only_stop, tapped(observations, 12.5, 12.8))
    assert stops(twice)
