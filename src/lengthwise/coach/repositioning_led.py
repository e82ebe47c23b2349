"""Leads a person through finding a place again: what is said, and what the envelope allows.

    step(params, state, frame or signal) -> (state, output, whether the place was taken just now)

The words that lead in and back are those of the exercise; limits of safety, what is said of pain
and stops are the coach's own, asked with the phase that the person is in.
"""

from dataclasses import dataclass, field
from math import radians, sqrt

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach import repositioning as machine
from lengthwise.coach.compensation import difference_sd_rad
from lengthwise.coach.deciding import decision
from lengthwise.coach.envelope import Action, Verdict
from lengthwise.coach.guidance import guidance, side_of
from lengthwise.coach.if_moved import both
from lengthwise.coach.params import CoachFrame
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.repositioning import Rule, Stage
from lengthwise.coach.signals import SAYINGS
from lengthwise.contracts.coordinates import ANATOMICAL, Coordinate
from lengthwise.contracts.decision import (
    CoachOutput,
    Decision,
    DecisionKind,
    Earcon,
    Guidance,
    Phase,
    Reason,
)
from lengthwise.contracts.observation import PersonSignal, Posture, SignalKind
from lengthwise.contracts.repositioning import Repositioning, Untold
from lengthwise.contracts.states import BodyState, Estimate
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_rules import is_loaded
from lengthwise.reference.exercises import Behaviour, Exercise, ExerciseKind
from lengthwise.reference.wording import Wording

_LEAST_WAY_RAD = constant("repositioning", "least_way_rad")
_TARGET = constant("repositioning", "target_ratio")
_SAFE_BLIND = frozenset(
    {Posture.SITTING, Posture.FOUR_POINT, Posture.SUPINE, Posture.PRONE, Posture.SIDE_LYING}
)
"""Postures in which nobody falls over with eyes closed."""
_LED = frozenset({Behaviour.HELD_IN_WINDOW, Behaviour.TO_AND_FRO})
_KINDS = frozenset(
    {ExerciseKind.STATIC_STRETCH, ExerciseKind.ACTIVE_MOBILITY, ExerciseKind.DYNAMIC_CONTROL}
)
_ASKED = frozenset({Coordinate.PELVIS_TILT, *ANATOMICAL})
_PHASES = {
    Stage.READY: Phase.GET_READY,
    Stage.SHOWN: Phase.EASE_IN,
    Stage.KEPT: Phase.HOLD,
    Stage.BACK: Phase.RELEASE,
    Stage.LOOKED_FOR: Phase.EASE_IN,
    Stage.OVER: Phase.DONE,
}
_CUES = {
    Stage.READY: "get_ready",
    Stage.SHOWN: "ease_in",
    Stage.KEPT: str(ReasonId.REPOSITION_STAY),
    Stage.BACK: "release",
    Stage.LOOKED_FOR: str(ReasonId.REPOSITION_FIND),
}
_ENDS_IT = frozenset({SignalKind.PAUSE, SignalKind.SKIP, SignalKind.POSTPONE, SignalKind.TOLERANCE})


def unsuitable(exercise: Exercise, coordinate: Coordinate) -> str | None:
    """What speaks against looking for a place of that angle in that exercise; None: nothing."""
    if exercise.start_posture not in _SAFE_BLIND:
        return "it is done standing or kneeling upright, and eyes are closed"
    if exercise.behaviour not in _LED or exercise.kind not in _KINDS or is_loaded(exercise):
        return "it is no quiet movement that can be stopped half way"
    if coordinate not in _ASKED:
        return "a place of that angle cannot be told apart from its start"
    if _TARGET * abs(_way_rad(exercise, coordinate)) < _LEAST_WAY_RAD:
        return "it hardly moves that angle"
    return None


def askable(exercise: Exercise) -> tuple[Coordinate, ...]:
    """The angles whose place can be looked for in that exercise."""
    return tuple(m.coordinate for m in exercise.path if unsuitable(exercise, m.coordinate) is None)


def _way_rad(exercise: Exercise, coordinate: Coordinate) -> float:
    return next(
        (radians(m.end_deg - m.start_deg) for m in exercise.path if m.coordinate is coordinate), 0.0
    )


@dataclass(frozen=True)
class Params:
    """`led`: the exercise on its first side; `coordinate`: whose place is looked for. Raises
    ValueError where the exercise does not suit."""

    led: coach.Params
    coordinate: Coordinate
    rule: Rule = field(init=False)

    def __post_init__(self) -> None:
        plan = self.led.plans[0]
        against = unsuitable(plan.exercise, self.coordinate)
        if against is not None:
            raise ValueError(f"{self.coordinate.value} in {plan.exercise.id}: {against}")
        object.__setattr__(self, "rule", Rule(_way_rad(plan.exercise, self.coordinate)))


class State(Struct, frozen=True):
    """`here`: the person has said so since the last frame. `cue_id`: what stands on the screen."""

    led: coach.State = coach.State()
    test: machine.State = machine.State()
    here: bool = False
    cue_id: str = "get_ready"
    begun: bool = False


def start(params: Params) -> State:
    return State(coach.start(params.led))


def step(
    params: Params, state: State, item: CoachFrame | PersonSignal
) -> tuple[State, CoachOutput, bool]:
    if isinstance(item, PersonSignal):
        after, decisions = _signal(params, state, item)
        return after, CoachOutput(_guidance(params, after), decisions), False
    return _frame(params, state, item)


def found(params: Params, state: State) -> Repositioning:
    """What is told of the test as it stands."""
    errors, untold = machine.result(state.test)
    return Repositioning(
        params.coordinate,
        side_of(params.led, state.led),
        state.test.place,
        len(state.test.errors),
        errors,
        untold,
        state.test.called_back,
    )


def difference(body: BodyState, coordinate: Coordinate, place: Estimate | None) -> Estimate | None:
    """How far an angle is from the place, with the sd of that difference in one set-up.

    var(x - m) = var(x) + var(m) - 2 cov(x, m), with m as marked. The tilt of the pelvis is not
    among what marks hold: as of a compensation, a fixed share of its errors is taken as shared.
    """
    now = body.claimed(coordinate)
    if now is None or place is None:
        return None
    if coordinate not in ANATOMICAL:
        return Estimate(now.mean - place.mean, difference_sd_rad(now.sd, place.sd))
    mark = next((m for m in body.marks if m.targets == ()), None)
    if mark is None:
        return None
    i = ANATOMICAL.index(coordinate)
    variance = now.sd**2 + float(mark.covariance_rad2[i, i]) - 2.0 * float(mark.shared_rad2[i, i])
    return Estimate(now.mean - float(mark.mean_rad[i]), sqrt(max(variance, 0.0)))


def _signal(
    params: Params, state: State, signal: PersonSignal
) -> tuple[State, tuple[Decision, ...]]:
    """A first gentle pull on the way is a place, too: nobody is led beyond it."""
    if signal.kind is SignalKind.FIRST_RESISTANCE:
        return replace(state, here=True), ()
    if signal.kind in _ENDS_IT and state.test.stage is not Stage.OVER:
        return _ended(params, replace(state, test=_stopped(state.test)), None)
    if signal.kind is not SignalKind.STOP and signal.kind not in SAYINGS:
        return state, ()
    led, output = coach.step(params.led, state.led, signal)
    if led.phase is Phase.STOPPED:
        state = replace(state, test=_stopped(state.test))
    return replace(state, led=led), output.decisions


def _stopped(test: machine.State) -> machine.State:
    if test.stage is Stage.OVER:
        return test
    return replace(test, stage=Stage.OVER, untold=Untold.STOPPED)


def _frame(params: Params, state: State, frame: CoachFrame) -> tuple[State, CoachOutput, bool]:
    if state.led.phase is Phase.STOPPED:
        return state, CoachOutput(_guidance(params, state)), False
    opening: tuple[Decision, ...] = ()
    t_s = frame.body.t_s
    if not state.begun:
        led = replace(state.led, t_s=t_s, phase_start_s=t_s)
        state = replace(state, led=led, begun=True)
        opening = (_said(params, state, "get_ready", (reason(ReasonId.SESSION_BEGUN),)),)
    led = replace(state.led, t_s=max(t_s, state.led.t_s or t_s))
    led, reading, verdict = coach.look(params.led, led, frame)
    if verdict.action is Action.STOP:
        led, output = coach.step(params.led, led, frame)
        after = replace(state, led=led, test=_stopped(state.test))
        return after, CoachOutput(_guidance(params, after), (*opening, *output.decisions)), False
    before = state.test
    moment = machine.Moment(
        t_s,
        frame.body.claimed(params.coordinate),
        difference(frame.body, params.coordinate, _marked(params, before, frame.body)),
        _allowed(params, before, reading.misplaced != (), verdict),
        state.here,
    )
    test = machine.step(params.rule, before, moment)
    state = replace(state, led=led, test=test, here=False)
    state, decisions = _changed(params, state, before, verdict)
    return state, CoachOutput(_guidance(params, state), (*opening, *decisions)), test.placed


def _marked(params: Params, test: machine.State, body: BodyState) -> Estimate | None:
    """The place at the instant that differences are from."""
    if test.place is None:
        return None
    return Estimate(test.place.mean + test.offset_rad, test.place.sd)


def _allowed(params: Params, test: machine.State, misplaced: bool, verdict: Verdict) -> Action:
    """Before it begins, only from the start posture and not before the person may be led."""
    if test.stage is not Stage.READY:
        return verdict.action
    early = test.t_s is None or test.t_s < params.led.ready_from_s
    return min(verdict.action, Action.PAUSE) if misplaced or early else verdict.action


def _changed(
    params: Params, state: State, before: machine.State, verdict: Verdict
) -> tuple[State, tuple[Decision, ...]]:
    test = state.test
    decisions: tuple[Decision, ...] = ()
    if test.too_far and not before.too_far:
        why = reason(ReasonId.REPOSITION_TOO_FAR)
        decisions = (_said(params, state, str(ReasonId.REPOSITION_TOO_FAR), (why,)),)
    if test.stage is before.stage:
        return state, decisions
    if test.stage is Stage.OVER:
        return _ended(params, state, verdict)
    phase = _PHASES[test.stage]
    led = replace(state.led, phase=phase, phase_start_s=state.led.t_s)
    if test.stage is Stage.SHOWN:
        led = both(led, lambda now: replace(now, start_pose=now.stillness.mean_pose()))
    state = replace(state, led=led, cue_id=_CUES[test.stage])
    numbers = {"repetition": float(len(test.errors) + (test.stage is Stage.LOOKED_FOR))}
    of_stage = {
        Stage.KEPT: ReasonId.REPOSITION_STAY,
        Stage.BACK: ReasonId.REPOSITION_BACK,
        Stage.LOOKED_FOR: ReasonId.REPOSITION_FIND,
    }
    why = reason(of_stage.get(test.stage, ReasonId.PHASE_INSTRUCTION), **numbers)
    told = _said(params, state, state.cue_id, (why,))
    if test.stage is Stage.BACK:
        eased = verdict.reasons if verdict.action is Action.EASE else ()
        told = replace(told, earcon=Earcon.END, reasons=(*told.reasons, *eased))
    return state, (*decisions, told)


def _ended(
    params: Params, state: State, verdict: Verdict | None
) -> tuple[State, tuple[Decision, ...]]:
    """Every way it ends has its words; what safety asked for stands among the reasons."""
    words = {
        None: ReasonId.REPOSITION_DONE,
        Untold.NOT_SEEN: ReasonId.REPOSITION_NOT_SEEN,
    }
    end = words.get(state.test.untold, ReasonId.REPOSITION_ENDED)
    safety: tuple[Reason, ...] = ()
    if verdict is not None and state.test.untold is Untold.ENVELOPE:
        safety = verdict.reasons
    led = replace(state.led, phase=Phase.DONE, phase_start_s=state.led.t_s)
    state = replace(state, led=led, cue_id=str(end))
    return state, (_said(params, state, str(end), (reason(end), *safety)),)


def _wording(params: Params, cue_id: str) -> Wording:
    words = params.led.plans[0].words
    return words.cues.get(cue_id) or words.reasons[cue_id]


def _said(params: Params, state: State, cue_id: str, reasons: tuple[Reason, ...]) -> Decision:
    return decision(
        params.led,
        state.led,
        DecisionKind.CUE,
        reasons,
        cue_id=cue_id,
        said=_wording(params, cue_id),
    )


def _guidance(params: Params, state: State) -> Guidance:
    """As the coach shows it, without anything that tells how near the person comes."""
    shown = guidance(params.led, state.led)
    if state.led.phase is Phase.STOPPED:
        return replace(shown, gauge=None, in_window=None, waiting_for=(), uncued=True)
    wording = _wording(params, state.cue_id)
    return replace(
        shown,
        repetition=len(state.test.errors) + 1,
        repetitions=params.rule.trials,
        in_window=None,
        gauge=None,
        waiting_for=(),
        cue_text=wording.text,
        cue_language=wording.language,
        cue_id=state.cue_id,
        cycles=None,
        unsure_cycles=None,
        breath=None,
        countdown=None,
        uncued=True,
    )
