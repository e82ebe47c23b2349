"""Follows the movements to and fro of one frame and says what there is to tell of them."""

from msgspec.structs import replace

from lengthwise.coach import cycles
from lengthwise.coach.cycles import CycleNews
from lengthwise.coach.judgement import counted_without, deserved
from lengthwise.coach.limits.actions import Verdict
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.state import State
from lengthwise.contracts.decision import DecisionKind, Phase, Reason

_TOLD = {
    CycleNews.COUNTED: (DecisionKind.HOLD_COUNTING, ReasonId.CYCLE_COUNTED),
    CycleNews.UNSURE: (DecisionKind.HOLD_COUNTING, ReasonId.CYCLE_UNSURE),
    CycleNews.UNKEPT: (DecisionKind.HOLD_PAUSED, ReasonId.CYCLE_UNKEPT),
}
"""What is too quick is told by the clock, which waits for it."""


def followed(
    plan: SidePlan, state: State, reading: Reading, standing: Verdict
) -> tuple[State, tuple[DecisionKind, tuple[Reason, ...]] | None]:
    """From the way in on, where rest is seen and the first movement begins; counted in the hold."""
    if plan.cycle is None:
        return state, None
    holding = state.phase is Phase.HOLD
    count, news = cycles.step(
        state.cycles,
        plan.cycle,
        reading.movement,
        t_s=reading.t_s,
        known=reading.progress,
        deserves=deserved(plan, state, reading, standing) if holding else None,
    )
    state = replace(state, cycles=count)
    if news is None or news not in _TOLD:
        return state, None
    kind, told = _TOLD[news]
    without = counted_without(reading) if news is CycleNews.COUNTED else ()
    why = reason(
        told,
        cycle=count.counted,
        unsure=count.unsure,
        cycles=plan.exercise.dose.cycles,
        cycle_s=count.cycle_s,
    )
    return state, (kind, (why, *without))
