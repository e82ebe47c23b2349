"""Pain by its baseline (rule D), the sensation of stretch, symptoms: what they ease, stop, bar."""

import math

import pytest
from coach_script import Follower, Moment, at, first, leaving, lunge
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.limits.said import Now, PainLevel, Said, pain, pain_level, pain_said
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.care import Care
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.reference.exercises import exercise

S = published_settings()
FREE, EASE, STOP = PainLevel.FREE, PainLevel.EASE, PainLevel.STOP


@pytest.mark.parametrize(
    ("baseline", "levels"),
    [
        (0.0, {0: FREE, 2: FREE, 3: STOP}),
        (1.0, {3: FREE, 4: STOP}),
        (2.0, {3: FREE, 4: EASE, 5: STOP}),
        (3.0, {3: FREE, 4: EASE, 5: EASE, 6: STOP}),
        (4.0, {5: FREE, 6: EASE, 7: STOP}),
        (6.0, {7: FREE, 8: EASE, 9: STOP}),
        (None, {3: FREE, 4: EASE, 5: EASE, 6: STOP}),
    ],
)
def test_pain_by_its_baseline(baseline: float | None, levels: dict[int, PainLevel]) -> None:
    """Rule D, with rule X: three above the least of the session stops."""
    for nrs, level in levels.items():
        assert pain_level(pain_said(Said(), nrs, loaded=True), baseline, S) is level, nrs


def test_three_above_the_least_that_was_said_stops_without_a_baseline() -> None:
    said = pain_said(pain_said(Said(), 1.0, loaded=False), 4.0, loaded=True)
    assert pain_level(said, None, S) is STOP


def test_pain_is_in_force_until_a_lower_one_is_said_at_rest() -> None:
    said = pain_said(Said(), 5.0, loaded=True)
    assert pain_said(said, 1.0, loaded=True) == said
    assert pain_said(said, 1.0, loaded=False).pain_nrs == 1.0


ratings = st.floats(0.0, 10.0)


@given(st.one_of(st.none(), ratings), ratings, ratings, st.booleans())
def test_more_pain_never_allows_more(
    baseline: float | None, one: float, other: float, loaded: bool
) -> None:
    def allowed(nrs: float) -> Action:
        now = Now(pain_said(Said(), nrs, loaded=loaded), loaded, 0.5, 0.0)
        return pain(now, baseline_nrs=baseline, comfort=False, settings=S).action

    low, high = sorted((one, other))
    assert allowed(high) <= allowed(low)


@pytest.mark.parametrize("value", [None, math.nan, -1.0, 11.0])
def test_a_pain_without_a_usable_number_releases_at_the_word(value: float | None) -> None:
    person = lunge().run(20.0)
    state, output = coach.step(
        person.params(), person.states[-1], PersonSignal(20.0, SignalKind.PAIN, value=value)
    )
    assert person.states[-1].phase is Phase.HOLD
    assert state.phase is Phase.RELEASE
    assert output.decisions[-1].reasons[0].id == "envelope.missing"


class Says:
    """A signal with a value once, some seconds into a hold; the body eases if asked to."""

    def __init__(self, value: float, *, care: Care | None = None) -> None:
        self.value, self.care = value, care or Care()

    def run(self, until_s: float, *, eases: bool) -> Follower:
        def back(m: Moment) -> None:
            if eases and m.phase is Phase.HOLD and m.phase_s >= 11.0 and m.repetition == 1:
                for part in exercise("half_kneeling_hip_flexor").path:
                    span = part.end_deg - part.start_deg
                    m.angles_deg[part.coordinate] = part.start_deg + 0.8 * span

        person = lunge(change=back, signals=at(SignalKind.PAIN, phase=Phase.HOLD, after_s=10.0))
        params, value = coach.Params(person.exercise, person.sides, care=self.care), self.value
        step = coach.step

        def valued(p, state, item):  # type: ignore[no-untyped-def]
            if isinstance(item, PersonSignal):
                item = replace(item, value=value)
            return step(p, state, item)

        person.params = lambda: params  # type: ignore[method-assign]
        coach.step = valued
        try:
            return person.run(until_s)
        finally:
            coach.step = step


def test_pain_that_eases_is_answered_at_the_word_and_lets_go_on_where_eased_to() -> None:
    person = Says(4.0).run(52.0, eases=True)
    eased = person.of(DecisionKind.EASE)
    said_s = first(person, Phase.HOLD).t_s + 10.0
    assert eased[0].t_s == pytest.approx(said_s, abs=0.11)
    assert eased[0].reasons[0].id == "pain.ease"
    assert leaving(person, Phase.HOLD).reasons[0].id.startswith("hold.")
    effective_s, _ = next(iter(person.holds().values()))
    assert effective_s > 25.0
    assert "deeper" not in [d.cue_id for d in person.of(DecisionKind.CUE) if d.t_s > said_s]


def test_going_back_to_the_depth_with_pain_is_eased_again() -> None:
    person = Says(4.0).run(75.0, eases=True)
    second = [d for d in person.of(DecisionKind.EASE) if d.t_s > leaving(person, Phase.HOLD).t_s]
    assert second
    assert second[0].reasons[0].id == "pain.ease"


def test_pain_that_eases_and_no_easing_seen_is_released() -> None:
    person = Says(4.0).run(40.0, eases=False)
    release = leaving(person, Phase.HOLD)
    assert release.reasons[0].id == "pain.held"
    assert release.t_s - first(person, Phase.HOLD).t_s == pytest.approx(15.2, abs=0.31)
    assert Phase.EASE_IN not in person.phases()[4:], "nothing begins until it is said lower"


def test_pain_that_stops_ends_the_session_and_asks_to_be_screened() -> None:
    person = Says(7.0).run(30.0, eases=False)
    stop = person.of(DecisionKind.STOP)[0]
    assert [r.id for r in stop.reasons] == ["pain.stop", "screening.needed"]
    assert person.states[-1].screening_needed
    assert person.outputs[-1].guidance.screening_needed
    assert person.outputs[-1].guidance.cue_text == stop.text


def test_with_much_pain_before_it_nothing_is_stretched_and_it_is_said_why() -> None:
    person = lunge()
    params = coach.Params(person.exercise, person.sides, care=Care(baseline_nrs=7.0))
    person.params = lambda: params  # type: ignore[method-assign]
    person.run(30.0)
    assert person.phases() == [Phase.GET_READY]
    assert person.outputs[-1].guidance.waiting_for == ("pain.baseline",)
    assert "pain.baseline" in [d.cue_id for d in person.of(DecisionKind.CUE)]


@pytest.mark.parametrize(
    ("kind", "why"),
    [(SignalKind.LEG_SYMPTOM, "symptom.leg"), (SignalKind.DIZZY, "symptom.dizzy")],
)
def test_a_symptom_stops_at_once_from_every_phase(kind: SignalKind, why: str) -> None:
    person = lunge(rate_hz=8.0).run(300.0)
    met = {state.phase: state for state in person.states}
    assert len(met) == 7
    for state in met.values():
        stopped, output = coach.step(person.params(), state, PersonSignal(state.t_s, kind))
        assert output.guidance.phase is Phase.STOPPED
        assert [r.id for r in output.decisions[-1].reasons] == [why, "screening.needed"]
        assert stopped.screening_needed
        frame = next(i for i in person.items if isinstance(i, coach.CoachFrame))
        _, later = coach.step(person.params(), stopped, frame)
        assert later.decisions == ()


def test_dizziness_said_after_a_stop_still_asks_to_be_screened() -> None:
    person = lunge().run(10.0)
    params = person.params()
    state, _ = coach.step(params, person.states[-1], PersonSignal(10.0, SignalKind.STOP))
    assert not state.screening_needed
    state, _ = coach.step(params, state, PersonSignal(11.0, SignalKind.DIZZY))
    assert state.screening_needed


def test_a_strong_sensation_eases_and_is_no_pain() -> None:
    person = lunge().run(20.0)
    signal = PersonSignal(20.0, SignalKind.SENSATION, value=7.0)
    state, output = coach.step(person.params(), person.states[-1], signal)
    assert state.phase is Phase.HOLD
    assert [r.id for r in output.decisions[-1].reasons] == ["sensation.strong"]
    assert state.said.pain_nrs is None


def test_postpone_ends_the_exercise_by_a_release() -> None:
    person = lunge(signals=at(SignalKind.POSTPONE, phase=Phase.HOLD, after_s=5.0)).run(60.0)
    assert person.phases()[-2:] == [Phase.RELEASE, Phase.DONE]
    assert person.states[-1].postponed


def test_repeat_says_the_instruction_once_more() -> None:
    person = lunge(signals=at(SignalKind.REPEAT, phase=Phase.HOLD, after_s=12.0)).run(30.0)
    held = [d for d in person.of(DecisionKind.CUE) if d.cue_id == "hold"]
    assert len(held) == 2
    assert held[1].reasons[0].id == "repeat.person"
    assert held[1].t_s - first(person, Phase.HOLD).t_s == pytest.approx(12.0, abs=0.21)


def test_a_signal_of_an_older_recording_is_read() -> None:
    """Written before signals had a value: two fields and the tag."""
    old = encode({"type": "signal", "t_s": 1.0, "kind": "stop"})
    assert decode(old, PersonSignal) == PersonSignal(1.0, SignalKind.STOP)
