"""Puts every proposal before the envelope and takes its word."""

from lengthwise.coach import envelope
from lengthwise.coach.envelope import Action, Limits, Sight, Verdict
from lengthwise.coach.judgement import window_finding
from lengthwise.coach.phases import Scene
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import LOADED, Move, State
from lengthwise.contracts.decision import Phase


def guarded(limits: Limits, scene: Scene, move: Move | None) -> tuple[Move | None, Verdict]:
    """The envelope's word on the proposal: the move as it may happen."""
    proposal = _action(scene, move)
    verdict = envelope.evaluate(proposal, sight(scene.state, scene.reading.t_s, stop=False), limits)
    if proposal <= Action.RELEASE or verdict.action > Action.RELEASE:
        return move, verdict
    if scene.state.phase in LOADED:
        return Move(Phase.RELEASE, verdict.reasons), verdict
    return None, verdict


def _action(scene: Scene, move: Move | None) -> Action:
    phase = scene.state.phase if move is None else move.to
    if phase is Phase.EASE_IN:
        return Action.DEEPEN
    if phase is not Phase.HOLD:
        return Action.RELEASE
    _, where = window_finding(scene.reading)
    return Action.DEEPEN if where.id == ReasonId.HOLD_BELOW_WINDOW else Action.HOLD


def sight(state: State, t_s: float, *, stop: bool) -> Sight:
    seen = state.sighting

    def age_s(at_s: float | None) -> float | None:
        return None if at_s is None else t_s - at_s

    return Sight(
        stop=stop,
        body_age_s=age_s(seen.body_seen_s),
        calibrated=seen.calibrated,
        window=seen.window,
        position=seen.position,
        position_age_s=age_s(seen.position_seen_s),
        over_ceiling_s=age_s(seen.over_ceiling_since_s) or 0.0,
    )
