"""Puts every proposal before the envelope and takes its word."""

from math import inf

from lengthwise.coach import envelope
from lengthwise.coach.envelope import Action, Limits, Sight, Verdict
from lengthwise.coach.if_moved import as_if
from lengthwise.coach.judgement import window_standing
from lengthwise.coach.limits.said import Now
from lengthwise.coach.phases import Scene
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import LOADED, Move, State
from lengthwise.contracts.decision import Phase

_STOP, _RELEASE, _PAUSE = Action.STOP, Action.RELEASE, Action.PAUSE
_STAY, _GET_READY = Action.HOLD, Phase.GET_READY


def standing(limits: Limits, state: State, t_s: float) -> Verdict:
    """What all limits together allow now, whatever is proposed. Where a worn sensor was doubted,
    the stricter of what is believed and of what was to be believed without the doubt; where both
    allow as much, for the reasons of both: a band asks why nobody is led deeper."""
    now = alone(limits, state, t_s)
    if state.if_moved is None:
        return now
    trusted = alone(limits, as_if(state), t_s)
    if trusted.action is not now.action:
        return min(now, trusted, key=lambda verdict: verdict.action)
    told = {why.id for why in now.reasons}
    more = tuple(why for why in trusted.reasons if why.id not in told)
    return Verdict(now.action, (*now.reasons, *more)) if more else now


def alone(limits: Limits, state: State, t_s: float) -> Verdict:
    """The same of what is believed alone."""
    return envelope.strictest(sight(state, t_s, stop=False), limits)


def guarded(scene: Scene, move: Move | None, standing: Verdict) -> tuple[Move | None, Verdict]:
    """The envelope's word on what a frame proposes: the move as it may happen."""
    action = _action(scene.state.phase if move is None else move.to)
    if action is _STAY:
        _, where = window_standing(scene.reading)
        led = scene.state.sighting.window_leads and where is ReasonId.HOLD_BELOW_WINDOW
        action = Action.DEEPEN if led else Action.HOLD
    return _allowed(scene.state, move, action, standing)


def bars(scene: Scene, standing: Verdict) -> bool:
    """Whether it is the envelope that keeps the exercise from being begun: then it says why."""
    ready = scene.state.phase is _GET_READY
    return ready and standing.action < _STAY and scene.in_phase_s >= scene.settings.get_ready_min_s


def guarded_answer(limits: Limits, state: State, move: Move, t_s: float) -> Move | None:
    """The envelope's word on what the person asks for: the move as it may happen."""
    return _allowed(state, move, _action(move.to), standing(limits, state, t_s))[0]


def _allowed(
    state: State, move: Move | None, proposal: Action, standing: Verdict
) -> tuple[Move | None, Verdict]:
    """A stretch is begun only where it may at least be held; one that goes on is released.

    Whatever is proposed: nothing follows a stop, and only what was at rest comes under load.
    """
    if move is not None and state.phase not in _FROM.get(move.to, _NOT_STOPPED):
        return _allowed(state, None, min(proposal, _action(state.phase)), standing)
    verdict = envelope.cut(proposal, standing)
    if verdict.action is _STOP:
        stopped = state.phase is Phase.STOPPED
        return None if stopped else Move(Phase.STOPPED, verdict.reasons), verdict
    begins = move is not None and move.to is Phase.EASE_IN
    if proposal <= _RELEASE or verdict.action >= (_STAY if begins else _PAUSE):
        return move, verdict
    if state.phase in LOADED and verdict.action <= _RELEASE:
        return Move(Phase.RELEASE, verdict.reasons), verdict
    return None, verdict


_NOT_STOPPED = frozenset(Phase) - {Phase.STOPPED}
_FROM = {Phase.EASE_IN: frozenset({Phase.GET_READY}), Phase.HOLD: frozenset({Phase.EASE_IN})}
"""From where a phase under load may be entered; all others from everywhere but a stop."""


_ASKED = dict.fromkeys(Phase, Action.RELEASE) | {
    Phase.EASE_IN: Action.DEEPEN,
    Phase.HOLD: Action.HOLD,
}


def _action(phase: Phase) -> Action:
    """What a phase asks of the person."""
    return _ASKED[phase]


def sight(state: State, t_s: float, *, stop: bool) -> Sight:
    seen, asked_s = state.sighting, state.said.asked_s
    easing_s = seen.easing_since_s if seen.easing else None
    over_until_s = t_s if seen.below_ceiling_since_s is None else seen.below_ceiling_since_s
    over_since_s = seen.over_ceiling_since_s
    return Sight(
        stop=stop,
        now=Now(
            state.said,
            state.phase in LOADED,
            seen.progress,
            asked_for_s=0.0 if asked_s is None else t_s - asked_s,
            eased_for_s=0.0 if easing_s is None else t_s - easing_s,
        ),
        body_age_s=None if seen.body_seen_s is None else t_s - seen.body_seen_s,
        calibrated=seen.calibrated,
        remarked=state.remarked,
        window=seen.window,
        position=seen.position,
        position_age_s=None if seen.position_seen_s is None else t_s - seen.position_seen_s,
        targets=seen.targets,
        over_ceiling_s=0.0 if over_since_s is None else over_until_s - over_since_s,
        nerves=seen.nerves,
        lumbar=seen.lumbar,
        pace=seen.pace,
        guarding=state.guarding.suspected,
        since_ease_s=inf if state.eased_s is None else t_s - state.eased_s,
    )
