"""What to say and what to count now: the coach as one pure step.

    step(params, state, frame or signal) -> (state, output)

In one frame: read what the body and the tissue say in the terms of the exercise, judge the moment
and count it, propose a change of phase, let the envelope cut the proposal down, then speak.
"""

from dataclasses import dataclass, field
from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import cues, cycles, envelope, hold_clock, signals, transitions
from lengthwise.coach.envelope import Action, Limits, Sight, Verdict
from lengthwise.coach.guard import guarded, guarded_answer
from lengthwise.coach.hold_clock import Counting, Judgement
from lengthwise.coach.judgement import judge, not_known_reason
from lengthwise.coach.phases import Scene, posture_reason, propose
from lengthwise.coach.plan import SidePlan, side_plan
from lengthwise.coach.reading import Reading, read
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.settings import Settings, published_settings
from lengthwise.coach.sighting import observe
from lengthwise.coach.state import LOADED, Move, State
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import (
    CoachOutput,
    Decision,
    DecisionKind,
    Guidance,
    Phase,
    Reason,
)
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import BodyState, TissueState
from lengthwise.reference.exercises import Behaviour, Exercise
from lengthwise.reference.reasons import reason_sentence


@dataclass(frozen=True)
class Params:
    """What stays fixed during a session.

    `exercise` as loaded; `sides` the working sides in the order they are done (a single one for an
    exercise that is not bilateral); `windows` the person's own, general ones where absent. The
    other fields follow.
    """

    exercise: Exercise
    sides: tuple[Side, ...] = (Side.LEFT, Side.RIGHT)
    windows: tuple[Window, ...] = ()
    settings: Settings = field(default_factory=published_settings)
    plans: tuple[SidePlan, ...] = field(init=False)
    limits: Limits = field(init=False)

    def __post_init__(self) -> None:
        if not self.sides:
            raise ValueError("an exercise needs at least one working side")
        sides = self.sides if self.exercise.bilateral else self.sides[:1]
        s = self.settings
        plans = tuple(side_plan(self.exercise, side, self.windows) for side in sides)
        limits = Limits(
            s.stale_s, s.lost_release_s, s.over_ceiling_release_s, s.tolerance_position_ratio
        )
        object.__setattr__(self, "sides", sides)
        object.__setattr__(self, "plans", plans)
        object.__setattr__(self, "limits", limits)


class CoachFrame(Struct, frozen=True):
    """The body and its tissue at one instant; both carry the same time."""

    body: BodyState
    tissue: TissueState


def start(params: Params) -> State:
    return State()


def current_targets(params: Params, state: State) -> tuple[tuple[MuscleGroup, Side], ...]:
    """The muscles that a mark of the person is about now."""
    return _plan(params, state).targets


def step(
    params: Params, state: State, item: CoachFrame | PersonSignal
) -> tuple[State, CoachOutput]:
    """One frame or one word from the person. An instant that is no number changes nothing."""
    stated_s = item.t_s if isinstance(item, PersonSignal) else item.body.t_s
    if not isfinite(stated_s):
        return state, CoachOutput(_guidance(params, state))
    begun, opening = _at(params, state, stated_s)
    if isinstance(item, PersonSignal):
        after, decisions = _signal(params, begun, item.kind)
    else:
        after, decisions = _frame(params, begun, item)
    return after, CoachOutput(_guidance(params, after), (*opening, *decisions))


def _at(params: Params, state: State, stated_s: float) -> tuple[State, tuple[Decision, ...]]:
    """Time passes, never backwards; the first instant opens the session."""
    if state.t_s is not None:
        return replace(state, t_s=max(state.t_s, stated_s)), ()
    begun = replace(state, t_s=stated_s, phase_start_s=stated_s)
    why = reason(ReasonId.SESSION_BEGUN, sides=len(params.plans))
    return begun, (_decision(params, begun, DecisionKind.PHASE, (why,)),)


def _frame(params: Params, before: State, frame: CoachFrame) -> tuple[State, tuple[Decision, ...]]:
    plan, settings = _plan(params, before), params.settings
    reading = read(plan, before.start_pose, frame.body, frame.tissue, settings)
    reading = replace(reading, t_s=_now(before))
    state = observe(plan, before, reading, settings)
    judgement = judge(plan, state, reading, settings) if state.phase is Phase.HOLD else None
    decisions: list[Decision] = []
    if judgement is not None:
        state, counted = _count(params, state, reading, judgement)
        decisions += counted
    scene = Scene(plan, settings, len(params.plans), state, reading)
    move, verdict = guarded(params.limits, scene, propose(scene))
    state = replace(state, waiting_for=_waiting_for(scene, judgement, move, verdict))
    state, eased = _note_easing(params, state, verdict)
    decisions += eased
    if move is not None:
        state, entered = _enter(params, state, move, reading)
        decisions += entered
    state, spoken = _speak(params, state, reading, judgement, verdict)
    return state, (*decisions, *spoken)


def _now(state: State) -> float:
    return 0.0 if state.t_s is None else state.t_s


def _plan(params: Params, state: State) -> SidePlan:
    return params.plans[state.side_index]


def _count(
    params: Params, state: State, reading: Reading, judgement: Judgement
) -> tuple[State, list[Decision]]:
    """Seconds and cycles of a hold, and what there is to tell about them."""
    settings, plan = params.settings, _plan(params, state)
    clock, news = hold_clock.step(
        state.clock,
        judgement,
        t_s=reading.t_s,
        lapse_s=settings.lapse_s,
        largest_gap_s=settings.largest_gap_s,
    )
    kept = state.kept or (True,) * len(plan.limits)
    counted = replace(state, clock=clock, kept=transitions.kept_so_far(kept, reading))
    decisions = []
    if news is not None:
        kind = DecisionKind.HOLD_PAUSED if news is Counting.WAITING else DecisionKind.HOLD_COUNTING
        decisions.append(_decision(params, counted, kind, judgement.reasons))
    if plan.exercise.dose.cycles is None or reading.progress is None:
        return counted, decisions
    cycle_count, cycle_news = cycles.step(
        state.cycles,
        reading.progress,
        t_s=reading.t_s,
        turn=settings.cycle_turn_ratio * plan.excursion,
        cycle_min_s=cycles.shortest_s(plan.exercise.dose.tempo, settings),
    )
    counted = replace(counted, cycles=cycle_count)
    if cycle_news is cycles.CycleNews.COUNTED:
        why = reason(
            ReasonId.CYCLE_COUNTED,
            cycle=cycle_count.counted,
            cycles=plan.exercise.dose.cycles,
            cycle_s=cycle_count.cycle_s,
        )
        decisions.append(_decision(params, counted, DecisionKind.HOLD_COUNTING, (why,)))
    return counted, decisions


def _waiting_for(
    scene: Scene, judgement: Judgement | None, move: Move | None, verdict: Verdict
) -> tuple[str, ...]:
    state, reading = scene.state, scene.reading
    if judgement is not None:
        told_effective = state.clock.told is Counting.EFFECTIVE
        effective = judgement.counting is Counting.EFFECTIVE
        return () if told_effective or effective else tuple(r.id for r in judgement.reasons)
    if state.phase is not Phase.GET_READY or move is not None:
        return ()
    if not reading.body_known:
        return (str(ReasonId.KNOWN_LOST),)
    if reading.misplaced:
        return (posture_reason(scene).id,)
    return tuple(r.id for r in verdict.reasons if verdict.action < Action.HOLD)


def _note_easing(
    params: Params, state: State, verdict: Verdict
) -> tuple[State, tuple[Decision, ...]]:
    """An ease is written down when it begins, not at every frame it lasts."""
    easing = verdict.action is Action.EASE and state.phase in LOADED
    if easing == state.sighting.easing:
        return state, ()
    noted = replace(state, sighting=replace(state.sighting, easing=easing))
    if not easing:
        return noted, ()
    return noted, (_decision(params, noted, DecisionKind.EASE, verdict.reasons),)


def _enter(
    params: Params, state: State, move: Move, reading: Reading | None
) -> tuple[State, list[Decision]]:
    """A change of phase, and at the start of a stretch what of it cannot be seen."""
    entered = transitions.enter(state, move, t_s=_now(state))
    if move.to is Phase.RELEASE:
        praise = transitions.earned_praise(_plan(params, state), state)
        if praise is not None and praise not in state.noted:
            said_once = (*entered.noted, praise)
            speech = replace(entered.speech, praise_cue=praise)
            entered = replace(entered, speech=speech, noted=said_once)
    decisions = [_decision(params, entered, DecisionKind.PHASE, move.reasons)]
    if move.to is not Phase.EASE_IN or reading is None:
        return entered, decisions
    unseen = [r for r in _unseen(params, entered, reading) if r.id not in entered.noted]
    decisions += [
        _decision(params, entered, DecisionKind.NOT_KNOWN, (why,), text=reason_sentence(why.id))
        for why in unseen
    ]
    return replace(entered, noted=(*entered.noted, *(r.id for r in unseen))), decisions


def _unseen(params: Params, state: State, reading: Reading) -> list[Reason]:
    plan = _plan(params, state)
    asked = dict.fromkeys([*plan.required, *(limit.coordinate for limit in plan.limits)])
    found = [not_known_reason(c, reading) for c in asked if c not in reading.pose]
    stretch = plan.exercise.behaviour is Behaviour.HELD_IN_WINDOW
    if stretch and not state.sighting.calibrated:
        found.append(reason(ReasonId.NOT_KNOWN_WINDOW))
    if plan.unseen_allowed:
        found.append(reason(ReasonId.TIME_ALONE))
    return found


def _speak(
    params: Params,
    state: State,
    reading: Reading,
    judgement: Judgement | None,
    verdict: Verdict,
) -> tuple[State, list[Decision]]:
    scene = Scene(_plan(params, state), params.settings, len(params.plans), state, reading)
    speech, phrase = cues.choose(
        state.speech,
        cues.phrases(scene, judgement, verdict),
        t_s=reading.t_s,
        settings=params.settings,
    )
    spoken = replace(state, speech=speech)
    if phrase is None:
        return spoken, []
    return spoken, [
        _decision(
            params,
            spoken,
            DecisionKind.CUE,
            phrase.reasons,
            cue_id=phrase.cue_id,
            text=phrase.text,
        )
    ]


def _signal(params: Params, state: State, kind: SignalKind) -> tuple[State, tuple[Decision, ...]]:
    if kind is SignalKind.STOP:
        return _stop(params, state)
    plan, decisions = _plan(params, state), []
    mark = signals.mark_reason(state, kind)
    if mark is not None:
        decisions.append(_decision(params, state, DecisionKind.MARK, (mark,)))
    move = signals.answer(plan, state, kind, side_count=len(params.plans))
    if move is not None:
        move = guarded_answer(params.limits, plan, state, move, _now(state))
    if move is None:
        return state, tuple(decisions)
    entered, entry_decisions = _enter(params, state, move, None)
    return entered, (*decisions, *entry_decisions)


def _stop(params: Params, state: State) -> tuple[State, tuple[Decision, ...]]:
    """A stop is done at once, from anywhere."""
    verdict = envelope.evaluate(Action.RELEASE, Sight(stop=True), params.limits)
    stopped = transitions.enter(state, Move(Phase.STOPPED, verdict.reasons), t_s=_now(state))
    text = reason_sentence(ReasonId.STOP_PERSON)
    return stopped, (_decision(params, stopped, DecisionKind.STOP, verdict.reasons, text=text),)


def _decision(
    params: Params,
    state: State,
    kind: DecisionKind,
    reasons: tuple[Reason, ...],
    *,
    cue_id: str | None = None,
    text: str | None = None,
) -> Decision:
    return Decision(
        t_s=_now(state),
        kind=kind,
        phase=state.phase,
        exercise_id=params.exercise.id,
        side=_side(params, state),
        reasons=reasons,
        cue_id=cue_id,
        text=text,
    )


def _side(params: Params, state: State) -> Side | None:
    return _plan(params, state).side if params.exercise.bilateral else None


def _guidance(params: Params, state: State) -> Guidance:
    dose, plan = params.exercise.dose, _plan(params, state)
    loaded = state.phase in LOADED
    phase_start_s = state.phase_start_s
    return Guidance(
        t_s=_now(state),
        phase=state.phase,
        exercise_id=params.exercise.id,
        side=_side(params, state),
        repetition=state.repetition,
        repetitions=dose.rounds,
        phase_s=0.0 if phase_start_s is None else _now(state) - phase_start_s,
        effective_s=state.clock.effective_s,
        uncertain_s=state.clock.uncertain_s,
        hold_target_s=dose.hold_s,
        in_window=state.sighting.in_window if loaded else None,
        gauge=state.sighting.gauge,
        waiting_for=state.waiting_for,
        cue_text=cues.shown_text(plan, state, params.settings),
        cycles=None if dose.cycles is None else state.cycles.counted,
    )
