"""What is held after both ramps, in the window between the marks just taken."""

from dataclasses import dataclass

import pytest
from climber import FURTHER, Climber
from coach_script import tip

from lengthwise.coach import coach
from lengthwise.coach.envelope import Action
from lengthwise.coach.if_moved import beside
from lengthwise.coach.params import plan_of
from lengthwise.coach.ramping import REST_S, RampLead
from lengthwise.coach.tolerance_ramp import RampPhase
from lengthwise.contracts.care import Care
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise

LUNGE = exercise("half_kneeling_hip_flexor")
RAMPS = [
    Phase.GET_READY, Phase.EASE_IN, Phase.RELEASE, Phase.REST,
    Phase.GET_READY, Phase.EASE_IN, Phase.RELEASE, Phase.REST,
]  # fmt: skip
HOLD = [Phase.GET_READY, Phase.EASE_IN, Phase.HOLD, Phase.RELEASE]


@dataclass
class Holder(Climber):
    """The same, who then goes into the window that both marks make: 0 at the first pull, 1 at
    `enough`. Within a hold `says` counts from its begin, in seconds."""

    rate_hz: float = 5.0
    held_to: float = 0.66
    sd: float = 0.04

    def __post_init__(self) -> None:
        self.ramp = self.ramp or RampLead(permitted=True, warm=True, holds=True)
        inner, self.in_hold = self.change, self.says
        self.says = None

        def window(m) -> None:  # type: ignore[no-untyped-def]
            if self.states and self.led.held:
                m.position = Estimate((m.share - 0.4) / (self.enough - 0.4), self.sd)
            inner(m)

        self.change = window
        super().__post_init__()

    def _words(self, m):  # type: ignore[no-untyped-def]
        if not (self.states and self.led.held):
            return super()._words(m)
        if self.in_hold is not None and m.phase is Phase.HOLD and m.phase_s >= self.in_hold[0]:
            kind, self.in_hold = self.in_hold[1], None
            return kind
        return None

    def _moved(self, share: float, phase: Phase) -> float:
        if not self.led.held:
            return super()._moved(share, phase)
        goal = self.held_to if phase in (Phase.EASE_IN, Phase.HOLD) else 0.0
        most = 1.0 / (8.0 * self.rate_hz)
        return share + min(most, max(-most, goal - share))


def holder(**options: object) -> Holder:
    return Holder(LUNGE, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole() -> Holder:
    person = holder()
    person.run(600.0)
    return person


def test_the_holds_of_the_exercise_follow_on_the_side_that_was_marked(whole: Holder) -> None:
    assert LUNGE.dose.repetitions == 2
    assert whole.phases() == [*RAMPS, *HOLD, Phase.REST, *HOLD, Phase.DONE]
    held = [o.guidance for o in whole.outputs if o.guidance.phase is Phase.HOLD]
    assert {(g.repetition, g.repetitions, g.hold_target_s) for g in held} == {
        (1, 2, LUNGE.dose.hold_s), (2, 2, LUNGE.dose.hold_s),
    }  # fmt: skip
    assert [e for e, _ in whole.holds().values()] == pytest.approx([30.0, 30.0], abs=0.3)


def test_the_window_leads_there_and_the_ramp_is_told_once(whole: Holder) -> None:
    assert "ease_in.in_window" in whole.reason_ids()
    assert "not_known.window" not in whole.reason_ids()
    told = [d for d in whole.of(DecisionKind.PHASE) if "ramp.kept" in {r.id for r in d.reasons}]
    assert [d.phase for d in told] == [Phase.REST]
    assert whole.led.ramp.kept is not None


def test_half_a_minute_of_rest_comes_between_and_says_what_follows(whole: Holder) -> None:
    changes = whole.of(DecisionKind.PHASE)
    rest, ready = changes[7], changes[8]
    assert ready.t_s - rest.t_s == pytest.approx(REST_S, abs=0.2)
    assert "ramp.holds" in whole.cue_ids


def test_after_the_holds_both_questions_are_asked(whole: Holder) -> None:
    asked = [d.cue_id for d in whole.of(DecisionKind.QUESTION)]
    assert asked == ["question.pain"] * 2 + ["question.sensation", "question.pain"]


def test_what_leaves_its_place_in_such_a_hold_is_corrected() -> None:
    def tips(m) -> None:  # type: ignore[no-untyped-def]
        if m.phase is Phase.HOLD and 5.0 < m.phase_s < 9.0:
            tip(m)

    person = holder(change=tips)
    person.run(260.0)
    assert "tuck_pelvis" in person.cue_ids


def test_a_ceiling_between_these_marks_eases_as_any_other() -> None:
    person = holder(held_to=0.74)
    person.run(260.0)
    over = [s for s in person.states if s.sighting.over_ceiling_since_s is not None]
    assert over and {s.phase for s in over} <= {Phase.EASE_IN, Phase.HOLD}
    assert any(s.sighting.allowed is Action.EASE for s in over)


@pytest.mark.parametrize(
    ("kind", "value", "last"),
    [
        (SignalKind.PAIN, 4.0, Phase.DONE),
        (SignalKind.PAIN, None, Phase.DONE),
        (SignalKind.PAIN, 8.0, Phase.STOPPED),
        (SignalKind.LEG_SYMPTOM, None, Phase.STOPPED),
        (SignalKind.STOP, None, Phase.STOPPED),
    ],
)
def test_harm_in_a_hold_takes_the_ramps_back_and_nothing_more_is_held(
    kind: SignalKind, value: float | None, last: Phase
) -> None:
    person = holder(says=(5.0, kind), value=value)
    person.run(400.0)
    said = next(
        i for i, item in enumerate(person.items)
        if isinstance(item, PersonSignal) and item.kind is kind
    )  # fmt: skip
    assert person.states[said].phase in (Phase.RELEASE, Phase.STOPPED), "in that very step"
    assert person.led.ramp.kept is None and person.states[-1].phase is last
    assert person.phases().count(Phase.HOLD) == 1
    later = {d.cue_id for o in person.outputs[said:] for d in o.decisions}
    assert later.isdisjoint(FURTHER)
    if last is Phase.DONE:
        assert "ramp.not_kept" in {r.id for r in person.of(DecisionKind.PHASE)[-1].reasons}


@pytest.mark.parametrize("kind", [SignalKind.PAIN, SignalKind.SKIP])
def test_what_is_no_harm_takes_nothing_back(kind: SignalKind) -> None:
    person = holder(says=(5.0, kind), value=2.0)
    person.run(600.0)
    assert person.led.ramp.kept is not None
    assert person.phases().count(Phase.HOLD) == 2


def test_pain_said_at_rest_between_the_holds_ends_it_there(whole: Holder) -> None:
    at = next(
        i for i, s in enumerate(whole.states) if s.phase is Phase.REST and s.ramping.held
    )  # fmt: skip
    params, state = whole.params(), whole.states[at]
    t_s = state.t_s
    state, output = coach.step(params, state, PersonSignal(t_s, SignalKind.PAIN, value=5.0))
    assert "ramp.pain" in {r.id for d in output.decisions for r in d.reasons}
    phases = []
    for item in whole.items[at + 1 :]:
        state, output = coach.step(params, state, item)
        phases += [d.phase for d in output.decisions if d.kind is DecisionKind.PHASE]
    assert phases == [Phase.GET_READY, Phase.DONE]


def test_a_stop_for_a_pain_that_rose_takes_the_ramps_back_though_it_is_low() -> None:
    """From none to 3 stops; 3 by itself ends no ramp."""
    person = holder(says=(5.0, SignalKind.PAIN), value=3.0, care=Care(baseline_nrs=0.0))
    person.run(400.0)
    assert person.states[-1].phase is Phase.STOPPED and person.led.ramp.kept is None
    (stop,) = person.of(DecisionKind.STOP)
    assert "pain.stop" in stop.reasons[0].id and "ramp.stop" in {r.id for r in stop.reasons}


def test_after_a_pain_that_ends_the_holds_it_is_asked_about_once_more() -> None:
    person = holder(says=(5.0, SignalKind.PAIN), value=4.0)
    person.run(400.0)
    asked = [d.cue_id for d in person.of(DecisionKind.QUESTION)]
    assert asked == ["question.pain"] * 3


def _in_the_rest(person: Holder) -> int:
    return next(
        i for i, s in enumerate(person.states)
        if s.phase is Phase.REST and s.ramping.ramp.phase is RampPhase.OVER
    )  # fmt: skip


def test_whoever_skips_the_rest_gets_ready_for_the_first_hold(whole: Holder) -> None:
    at, params = _in_the_rest(whole), whole.params()
    state = whole.states[at]
    after, _ = coach.step(params, state, PersonSignal(state.t_s, SignalKind.SKIP))
    assert after.phase is Phase.GET_READY and after.ramping.held and after.repetition == 1
    assert plan_of(params, after) is params.held_plan


def test_whoever_pauses_in_the_rest_rests_anew(whole: Holder) -> None:
    at, params = _in_the_rest(whole), whole.params()
    state = whole.states[at]
    begun_s = state.t_s
    state, _ = coach.step(params, state, PersonSignal(begun_s, SignalKind.PAUSE))
    state, _ = coach.step(params, state, PersonSignal(begun_s + 0.4, SignalKind.RESUME))
    assert state.phase is Phase.GET_READY and not state.ramping.held
    for item in whole.items[at + 1 :]:
        if isinstance(item, PersonSignal):
            continue
        state, output = coach.step(params, state, item)
        if state.ramping.held:
            break
        assert output.guidance.cue_id != "get_ready"
    assert state.t_s - begun_s >= REST_S


def test_whoever_puts_it_off_is_done_and_keeps_what_was_marked(whole: Holder) -> None:
    at, params = _in_the_rest(whole), whole.params()
    state = whole.states[at]
    after, _ = coach.step(params, state, PersonSignal(state.t_s, SignalKind.POSTPONE))
    assert after.phase is Phase.DONE and after.ramping.ramp.kept is not None


def test_where_a_worn_sensor_is_doubted_nothing_is_held_by_what_it_measured(
    whole: Holder,
) -> None:
    at, params = _in_the_rest(whole), whole.params()
    state = beside(whole.states[at], whole.states[at])
    after, _ = coach.step(params, state, PersonSignal(state.t_s, SignalKind.SKIP))
    assert not after.ramping.held
    for item in whole.items[at + 1 : at + 60]:
        after, _ = coach.step(params, after, item)
        assert after.phase not in (Phase.EASE_IN, Phase.HOLD)


@pytest.mark.parametrize(
    "lead",
    [RampLead(True, warm=True), RampLead(False, holds=True)],
    ids=["not asked for", "not permitted"],
)
def test_without_being_asked_for_or_without_leave_nothing_is_held(lead: RampLead) -> None:
    person = holder(ramp=lead)
    assert person.params().held_plan is None
    person.run(400.0)
    assert Phase.HOLD not in person.phases() and person.states[-1].phase is Phase.DONE


def test_a_ramp_that_measured_nothing_is_followed_by_nothing() -> None:
    person = holder(enough=9.0)
    person.run(400.0)
    assert Phase.HOLD not in person.phases() and person.states[-1].phase is Phase.DONE


def test_a_session_that_was_saved_in_such_a_hold_goes_on_as_if_it_had_not_been(
    whole: Holder,
) -> None:
    cut = next(i for i, s in enumerate(whole.states) if s.phase is Phase.HOLD) + 20
    params, state = whole.params(), decode(encode(whole.states[cut - 1]), coach.State)
    for item, expected in zip(whole.items[cut:], whole.outputs[cut:], strict=True):
        state, output = coach.step(params, state, item)
        assert encode(output) == encode(expected)
