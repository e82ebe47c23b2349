"""Leads a person through a test: what is said and asked, and what the envelope allows.

    step(params, state, frame or signal) -> (state, output, whether the start was taken just now)

The words are those of the test's file; limits of safety, what is said of pain and stops are the
coach's own, asked with the phase that the person is in. Nobody is asked to go further, and nothing
tells how far they came until it is over.
"""

from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import coach, taking
from lengthwise.coach.compensation import Keeping
from lengthwise.coach.deciding import decision
from lengthwise.coach.envelope import Action, Verdict
from lengthwise.coach.guidance import guidance, side_of
from lengthwise.coach.if_moved import both
from lengthwise.coach.measuring import change, measured
from lengthwise.coach.params import CoachFrame
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.signals import SAYINGS
from lengthwise.coach.state import LOADED
from lengthwise.coach.taking_params import Params
from lengthwise.coach.taking_state import Moment, Stage
from lengthwise.coach.taking_state import State as Taking
from lengthwise.coach.taking_told import end_of, numbers, tested
from lengthwise.contracts.decision import (
    CoachOutput,
    Decision,
    DecisionKind,
    Earcon,
    Guidance,
    Phase,
    Question,
    QuestionId,
    Reason,
)
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.tested import FARTHEST_REACH, Tested, Untaken
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_taken import Way
from lengthwise.reference.wording import Wording

_SWITCH_S = constant("tests", "switch_s")
_PHASES = {
    Stage.READY: Phase.GET_READY,
    Stage.ASK_BEFORE: Phase.GET_READY,
    Stage.OUT: Phase.EASE_IN,
    Stage.STAY: Phase.HOLD,
    Stage.ASKED: Phase.HOLD,
    Stage.HELD: Phase.HOLD,
    Stage.BACK: Phase.RELEASE,
    Stage.ASK_AFTER: Phase.REST,
    Stage.OVER: Phase.DONE,
}
_CUES = {
    Stage.READY: "get_ready",
    Stage.ASK_BEFORE: "reach",
    Stage.OUT: "ease_in",
    Stage.STAY: "hold",
    Stage.ASKED: "changed",
    Stage.HELD: "hold",
    Stage.BACK: "release",
    Stage.ASK_AFTER: "reach",
    Stage.OVER: "done",
}
_QUESTIONS = {
    Stage.ASK_BEFORE: (QuestionId.REACH, SignalKind.REACH, float(FARTHEST_REACH)),
    Stage.ASK_AFTER: (QuestionId.REACH, SignalKind.REACH, float(FARTHEST_REACH)),
    Stage.ASKED: (QuestionId.CHANGED, SignalKind.CHANGED, 1.0),
}
_CUTS_OFF = frozenset({SignalKind.PAUSE, SignalKind.SKIP, SignalKind.POSTPONE})
_BY_SAFETY = (Untaken.EASED, Untaken.LOAD)
_ENOUGH = frozenset({SignalKind.TOLERANCE, SignalKind.SKIP})


class State(Struct, frozen=True):
    """`here`, `enough`, `answer`: said since the last frame. `cue_id`: what stands on the screen;
    `corrected`: cues said in this try; `found`: what came of the sides so far; `switching_s`: since
    when the sides are changed."""

    led: coach.State = coach.State()
    test: Taking = Taking()
    here: bool = False
    enough: bool = False
    answer: float | None = None
    cue_id: str = "get_ready"
    corrected: tuple[str, ...] = ()
    found: tuple[Tested, ...] = ()
    begun: bool = False
    switching_s: float | None = None


def start(params: Params) -> State:
    return State(coach.start(params.led))


def step(
    params: Params, state: State, item: CoachFrame | PersonSignal
) -> tuple[State, CoachOutput, bool]:
    if isinstance(item, PersonSignal):
        after, decisions = _signal(params, state, item)
        return after, CoachOutput(_guidance(params, after), decisions), False
    after, decisions = _frame(params, state, item)
    return after, CoachOutput(_guidance(params, after), decisions), after.test.placed


def found(params: Params, state: State) -> tuple[Tested, ...]:
    """What is told of each side as it stands."""
    if state.test.stage is Stage.OVER:
        return state.found
    return (*state.found, tested(params, state.led, state.test))


def _signal(
    params: Params, state: State, signal: PersonSignal
) -> tuple[State, tuple[Decision, ...]]:
    """A first gentle pull on the way is far enough: nobody is led beyond it."""
    stage = state.test.stage
    asked = _QUESTIONS.get(stage)
    if asked is not None and signal.kind is asked[1]:
        value = signal.value
        usable = value is not None and isfinite(value) and 0.0 <= value <= asked[2]
        return (replace(state, answer=value) if usable else state), ()
    if stage is Stage.HELD and signal.kind in _ENOUGH:
        return replace(state, enough=True), ()
    if signal.kind in (SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE):
        return replace(state, here=stage is Stage.OUT), ()
    if signal.kind in _CUTS_OFF and stage is not Stage.OVER:
        ended = replace(state, test=taking.over(state.test, Untaken.CUT_OFF))
        return _ended(params, ended, None)
    if signal.kind is not SignalKind.STOP and signal.kind not in SAYINGS:
        return state, ()
    if signal.kind is SignalKind.LEG_SYMPTOM and stage is not Stage.OVER:
        state = replace(state, test=replace(state.test, symptom=True))
    led, output = coach.step(params.led, state.led, signal)
    state = replace(state, led=led)
    if led.phase is not Phase.STOPPED:
        return state, output.decisions
    state, told = _stopped(params, state)
    return state, (*output.decisions, *told)


def _stopped(params: Params, state: State) -> tuple[State, tuple[Decision, ...]]:
    """A stop is written down with what came of the test, once."""
    if state.test.stage is Stage.OVER:
        return state, ()
    state = replace(state, test=taking.over(state.test, Untaken.STOPPED))
    return _told(params, state)


def _frame(params: Params, state: State, frame: CoachFrame) -> tuple[State, tuple[Decision, ...]]:
    state = replace(state, test=replace(state.test, placed=False))
    if state.led.phase is Phase.STOPPED:
        return state, ()
    t_s = frame.body.t_s
    opening: tuple[Decision, ...] = ()
    if not state.begun:
        led = replace(state.led, t_s=t_s, phase_start_s=t_s)
        state = replace(state, led=led, begun=True)
        opening = (_said(params, state, "get_ready", (reason(ReasonId.SESSION_BEGUN),)),)
    led = replace(state.led, t_s=max(t_s, state.led.t_s or t_s))
    led, reading, verdict = coach.look(params.led, led, frame)
    if verdict.action is Action.STOP:
        led, output = coach.step(params.led, led, frame)
        state, told = _stopped(params, replace(state, led=led))
        return state, (*opening, *output.decisions, *told)
    state = replace(state, led=led)
    if state.switching_s is not None:
        state, decisions = _switching(params, state)
        return state, (*opening, *decisions)
    before = state.test
    moment = _moment(params, state, reading, frame, verdict)
    test = taking.step(params.rule(led.side_index), before, moment)
    state = replace(state, test=test, here=False, enough=False, answer=None)
    state, decisions = _changed(params, state, before, reading, verdict)
    return state, (*opening, *decisions)


def _moment(
    params: Params, state: State, reading: Reading, frame: CoachFrame, verdict: Verdict
) -> Moment:
    """Before it begins, only from the start posture and not before the person may be led."""
    parts, test = params.parts(state.led.side_index), state.test
    counted = params.rule(state.led.side_index).way is Way.REPEATED
    now = measured(frame.body, parts, counted=counted)
    allowed = verdict.action
    if test.stage is Stage.READY:
        early = frame.body.t_s < params.led.ready_from_s
        if reading.misplaced or early:
            allowed = min(allowed, Action.PAUSE)
    return Moment(
        frame.body.t_s,
        now,
        change(frame.body, parts, now, test.start),
        _keeping(params, state, reading),
        allowed,
        any(r.id == ReasonId.LUMBAR_LIMIT for r in verdict.reasons),
        state.here,
        state.enough,
        state.answer,
    )


def _keeping(params: Params, state: State, reading: Reading) -> Keeping:
    """The worst of what the result rests on; without any there is nothing to leave."""
    controls = params.controls(state.led.side_index)
    found = [d.keeping for d in reading.deviations if d.limit.coordinate in controls]
    return min(found, default=Keeping.KEPT)


def _changed(
    params: Params, state: State, before: Taking, reading: Reading, verdict: Verdict
) -> tuple[State, tuple[Decision, ...]]:
    test = state.test
    if test.stage is before.stage:
        if test.eased_s is not None and before.eased_s is None and state.led.phase in LOADED:
            # Said at once; a try is given up only where it goes on.
            eased = _said(params, state, "ease", verdict.reasons)
            return state, (replace(eased, kind=DecisionKind.EASE, earcon=Earcon.EASE),)
        return _corrected(params, state, reading)
    if test.stage is Stage.OVER:
        return _ended(params, state, verdict)
    led = replace(state.led, phase=_PHASES[test.stage], phase_start_s=state.led.t_s)
    if before.stage is Stage.READY:
        led = both(led, lambda now: replace(now, start_pose=now.stillness.mean_pose()))
    state = replace(state, led=led, cue_id=_CUES[test.stage])
    if test.stage is Stage.OUT:
        state = replace(state, corrected=())
    why: tuple[Reason, ...] = (reason(ReasonId.PHASE_INSTRUCTION),)
    if test.stage in _QUESTIONS:
        said = _said(params, state, state.cue_id, (reason(ReasonId.TEST_ASKED),))
        return state, (replace(said, kind=DecisionKind.QUESTION, earcon=Earcon.QUESTION),)
    if test.stage is Stage.BACK and len(test.spoilt) > len(before.spoilt):
        why = (reason(ReasonId.TEST_NO_TRY), reason(end_of(test.spoilt[-1])), *verdict.reasons)
    said = _said(params, state, state.cue_id, why)
    return state, (replace(said, earcon=Earcon.END) if test.stage is Stage.BACK else said,)


def _corrected(
    params: Params, state: State, reading: Reading
) -> tuple[State, tuple[Decision, ...]]:
    """What has surely left its place is named once in each try, so that the next one may count."""
    if state.test.stage not in (Stage.OUT, Stage.STAY, Stage.HELD):
        return state, ()
    for d in reading.deviations:
        if d.keeping is Keeping.BEYOND and d.limit.cue not in state.corrected:
            state = replace(state, corrected=(*state.corrected, d.limit.cue))
            why = reason(ReasonId.TEST_CORRECTED)
            return state, (_said(params, state, d.limit.cue, (why,)),)
    return state, ()


def _ended(
    params: Params, state: State, verdict: Verdict | None
) -> tuple[State, tuple[Decision, ...]]:
    """The result, then the other side or the end; further down a leg is a stop (rule X)."""
    state, told = _told(params, state)
    latest = state.found[-1]
    spread = (latest.reach_after or 0) > (latest.reach_before or 0)
    if spread and latest.reach_after is not None and latest.reach_before is not None:
        word = PersonSignal(state.led.t_s or 0.0, SignalKind.LEG_SYMPTOM)
        led, output = coach.step(params.led, state.led, word)
        return replace(state, led=led), (*told, *output.decisions)
    more = state.led.side_index + 1 < len(params.led.plans)
    if more and latest.untaken is not Untaken.CUT_OFF:
        loaded = state.led.phase in LOADED
        led = replace(
            state.led,
            phase=Phase.SWITCH_SIDE,
            phase_start_s=state.led.t_s,
            side_index=state.led.side_index + 1,
        )
        cue = "release" if loaded else "switch_side"
        state = replace(state, led=led, cue_id=cue, switching_s=led.t_s)
        said = _said(params, state, cue, (reason(ReasonId.SIDE_LEFT),))
        return state, (*told, replace(said, earcon=Earcon.SIDE_SWITCH))
    safety = verdict.reasons if verdict and latest.untaken in _BY_SAFETY else ()
    why = (reason(end_of(latest.untaken)), *safety)
    return _done(params, state, latest.untaken, told, why)


def _done(
    params: Params,
    state: State,
    untaken: Untaken | None,
    told: tuple[Decision, ...],
    why: tuple[Reason, ...],
) -> tuple[State, tuple[Decision, ...]]:
    """Whoever is still in their furthest place hears the way back; why there is no result is then
    shown and not said over it."""
    loaded = state.led.phase in LOADED
    led = replace(state.led, phase=Phase.DONE, phase_start_s=state.led.t_s)
    end = "done" if untaken is None else str(end_of(untaken))
    state = replace(state, led=led, cue_id="release" if loaded else end)
    if not loaded:
        return state, (*told, _said(params, state, end, why))
    back = replace(_said(params, state, "release", why), earcon=Earcon.END)
    shown = replace(_said(params, state, end, why[:1]), kind=DecisionKind.NOT_KNOWN, earcon=None)
    return state, (*told, back, shown)


def _switching(params: Params, state: State) -> tuple[State, tuple[Decision, ...]]:
    t_s, since_s = state.led.t_s or 0.0, state.switching_s or 0.0
    if t_s - since_s < _SWITCH_S:
        return state, ()
    led = replace(state.led, phase=Phase.GET_READY, phase_start_s=t_s)
    state = replace(state, led=led, test=Taking(), cue_id="get_ready", switching_s=None)
    return state, (_said(params, state, "get_ready", (reason(ReasonId.SWITCH_OVER),)),)


def _told(params: Params, state: State) -> tuple[State, tuple[Decision, ...]]:
    """The result of this side, written down as a decision with its numbers."""
    latest = tested(params, state.led, state.test)
    state = replace(state, found=(*state.found, latest))
    why = Reason(str(end_of(latest.untaken)), numbers(params, latest))
    return state, (decision(params.led, state.led, DecisionKind.MARK, (why,)),)


def _wording(params: Params, state: State, cue_id: str) -> Wording:
    words = params.led.plans[state.led.side_index].words
    return words.cues.get(cue_id) or words.reasons[cue_id]


def _said(params: Params, state: State, cue_id: str, reasons: tuple[Reason, ...]) -> Decision:
    said = _wording(params, state, cue_id)
    return decision(params.led, state.led, DecisionKind.CUE, reasons, cue_id=cue_id, said=said)


def _question(params: Params, state: State) -> Question | None:
    asked = _QUESTIONS.get(state.test.stage)
    if asked is None:
        return None
    said = _wording(params, state, state.cue_id)
    since_s = state.test.since_s or 0.0
    return Question(
        asked[0], said.text, said.short, said.language, since_s, least=0.0, most=asked[2]
    )


def _guidance(params: Params, state: State) -> Guidance:
    """As the coach shows it, without anything that tells how far the person comes."""
    shown = guidance(params.led, state.led)
    if state.led.phase is Phase.STOPPED:
        return replace(shown, gauge=None, in_window=None, waiting_for=(), uncued=True)
    wording, test = _wording(params, state, state.cue_id), state.test
    rule = params.rule(state.led.side_index)
    repeated = rule.way is Way.REPEATED
    done = test.sets if repeated else len(test.tries)
    return replace(
        shown,
        side=side_of(params.led, state.led),
        repetition=min(done + 1, taking.SETS if repeated else rule.tries),
        repetitions=taking.SETS if repeated else rule.tries,
        in_window=None,
        gauge=None,
        waiting_for=(),
        cue_text=wording.text,
        cue_language=wording.language,
        cue_id=state.cue_id,
        cycles=test.cycles if repeated else None,
        unsure_cycles=None,
        breath=None,
        countdown=None,
        question=_question(params, state),
        uncued=True,
    )
