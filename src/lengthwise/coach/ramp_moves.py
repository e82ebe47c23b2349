"""When one phase gives way to the next while a ramp is led; the envelope has the last word."""

from lengthwise.coach.phases import Scene, came_back, propose_ready
from lengthwise.coach.ramping import REST_S, Ramping, end_reason, result_reason
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.state import Move, State
from lengthwise.coach.tolerance_ramp import RampPhase
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.observation import SignalKind


def propose(scene: Scene, ramping: Ramping) -> Move | None:
    """The change of phase that is due now, or None."""
    phase = scene.state.phase
    if phase is Phase.GET_READY:
        return _get_ready(scene, ramping)
    if phase is Phase.EASE_IN:
        return _ease_in(scene, ramping)
    if phase is Phase.HOLD:
        # Only what was taken back still leads in the holds after a ramp.
        return Move(Phase.RELEASE, (end_reason(ramping),))
    if phase is Phase.RELEASE:
        return _release(scene, ramping)
    if phase is Phase.REST:
        return _rest(scene, ramping)
    return None


def answer(state: State, ramping: Ramping, kind: SignalKind) -> Move | None:
    """What a word of a ramp asks for; under load it comes back by a release."""
    if state.phase is not Phase.EASE_IN:
        return None
    if ramping.coming_back:
        return Move(Phase.RELEASE, (end_reason(ramping),))
    if kind is SignalKind.TOLERANCE:
        return Move(Phase.RELEASE, (reason(ReasonId.MARK_TOLERANCE),))
    return None


def onward(state: State, ramping: Ramping) -> Move:
    """Where to go from rest: to the second ramp, to holds between both marks, or to the end."""
    if state.postponed or ramping.ramp.phase not in (RampPhase.READY, RampPhase.RESTING):
        holds = follows(state, ramping) and not state.postponed
        return Move(Phase.REST, over(ramping).reasons) if holds else over(ramping)
    left = reason(ReasonId.REPETITIONS_LEFT, repetition=float(state.repetition))
    return Move(Phase.REST, (left,))


def follows(state: State, ramping: Ramping) -> bool:
    """Whether holds follow. Where a worn sensor is doubted nothing is held by what it measured."""
    return ramping.follows and state.if_moved is None


def refused() -> Move:
    """Not begun: said before anybody moves."""
    return Move(Phase.DONE, (reason(ReasonId.RAMP_NOT_KEPT), reason(ReasonId.RAMP_UNSEEN)))


def over(ramping: Ramping) -> Move:
    return Move(Phase.DONE, (result_reason(ramping), end_reason(ramping)))


def waits(ramping: Ramping) -> bool:
    """Whether nothing may be begun yet, or any more."""
    return not ramping.ready or ramping.ramp.phase is not RampPhase.READY


def _get_ready(scene: Scene, ramping: Ramping) -> Move | None:
    if ramping.ramp.phase is RampPhase.OVER:
        return _rested(scene) if follows(scene.state, ramping) else over(ramping)
    move = None if waits(ramping) else propose_ready(scene)
    if move is None or move.to is not Phase.EASE_IN or not ramping.unseen:
        return move
    # Who has only just taken the position may be measured in a moment.
    since_s = scene.state.countdown.since_s
    waited_s = 0.0 if since_s is None else scene.reading.t_s - since_s
    return refused() if waited_s >= scene.settings.get_ready_max_s else None


def _ease_in(scene: Scene, ramping: Ramping) -> Move | None:
    """Nobody watches the limits of the other leg, and what it bears is no measure of this one."""
    if ramping.coming_back:
        return Move(Phase.RELEASE, (end_reason(ramping),))
    if scene.state.other.noticed:
        left = float(scene.state.other.left)
        return Move(Phase.RELEASE, (reason(ReasonId.SIDE_OTHER, begun_anew=left),), anew=True)
    return None


def _release(scene: Scene, ramping: Ramping) -> Move | None:
    if scene.state.asking.pending or not came_back(scene):
        return None
    if ramping.ramp.phase is RampPhase.BACK:
        return None
    return onward(scene.state, ramping)


def _rest(scene: Scene, ramping: Ramping) -> Move | None:
    if ramping.ramp.phase is RampPhase.RESTING:
        return None
    if follows(scene.state, ramping):
        return _rested(scene)
    return Move(Phase.GET_READY, (reason(ReasonId.REST_OVER, rest_s=scene.in_phase_s),))


def _rested(scene: Scene) -> Move | None:
    """To the first hold, after half a minute of rest; whoever came out of a pause rests anew."""
    if scene.in_phase_s < REST_S:
        return None
    return Move(Phase.GET_READY, (reason(ReasonId.REST_OVER, rest_s=scene.in_phase_s),))
