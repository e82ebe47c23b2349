"""What changes in memory when a phase begins."""

from msgspec.structs import replace

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.cycles import CycleCount
from lengthwise.coach.guarding import NOTHING
from lengthwise.coach.hold_clock import HoldClock
from lengthwise.coach.if_moved import both
from lengthwise.coach.limits import said
from lengthwise.coach.other_side import OtherSide
from lengthwise.coach.plan import SidePlan
from lengthwise.coach.reading import Reading
from lengthwise.coach.reasons import ReasonId
from lengthwise.coach.state import (
    LOADED,
    Asking,
    Countdown,
    HoldEntry,
    Move,
    SideLeft,
    Sighting,
    Speech,
    State,
)
from lengthwise.coach.stillness import Stillness
from lengthwise.coach.wording import LEFT, OF_A_SET, OUT_OF_IT
from lengthwise.contracts.decision import Phase


def enter(state: State, move: Move, *, t_s: float) -> State:
    """The state at the first moment of the phase that `move` leads to."""
    return both(state, lambda before: _entered(before, move, t_s=t_s))


def _entered(state: State, move: Move, *, t_s: float) -> State:
    goes_on = state.phase in LOADED and move.to in LOADED
    begun = replace(
        state,
        phase=move.to,
        phase_start_s=t_s,
        stillness=Stillness(),
        speech=replace(state.speech, phase_said=False, asked=False),
        guarding=NOTHING,
        waiting_for=(),
        counted_without=(),
        countdown=Countdown(),
        sighting=replace(
            state.sighting,
            over_ceiling=state.sighting.over_ceiling if goes_on else (),
            over_ceiling_since_s=state.sighting.over_ceiling_since_s if goes_on else None,
            below_ceiling_since_s=state.sighting.below_ceiling_since_s if goes_on else None,
            lost_since_s=None,
            let_go_since_s=None,
            easing=False,
        ),
    )
    change = _CHANGES.get(move.to)
    return change(begun, state, move) if change else begun


def kept_so_far(kept: tuple[bool, ...], reading: Reading) -> tuple[bool, ...]:
    """Per constraint: known and in place at every frame of the hold until now."""
    if reading.keeping is Keeping.KEPT:
        return kept
    return tuple(
        before and d.keeping is Keeping.KEPT
        for before, d in zip(kept, reading.deviations, strict=True)
    )


def earned_praise(plan: SidePlan, state: State) -> str | None:
    """The cue of the first constraint that was kept, after a hold that was effective in full."""
    if state.clock.effective_s < plan.exercise.dose.hold_s:
        return None
    for limit, kept in zip(plan.limits, state.kept, strict=False):
        if kept and limit.kept_cue is not None:
            return limit.kept_cue
    return None


def _get_ready(begun: State, before: State, move: Move) -> State:
    """At rest. After a finished repetition the next one begins, else this one goes on."""
    fresh = replace(
        begun,
        start_pose={},
        entry=HoldEntry(),
        clock=begun.clock.interrupted(),
        cycles=begun.cycles.interrupted(),
        sighting=replace(begun.sighting, required_seen=False, path_seen=False),
        speech=replace(begun.speech, praise_cue=None),
    )
    if not (before.repetition_over or move.next_repetition):
        return fresh
    return replace(
        fresh,
        repetition=before.repetition + 1,
        repetition_over=False,
        speech=_left_anew(fresh.speech),
        clock=HoldClock(),
        cycles=CycleCount(),
    )


def _left_anew(speech: Speech) -> Speech:
    """How much is left, and how it went, is told of each hold."""
    return replace(speech, told=tuple(i for i in speech.told if i not in LEFT | OF_A_SET))


def _ease_in(begun: State, before: State, move: Move) -> State:
    """What was measured while getting ready becomes the start pose, and the rest to move from."""
    rested = any(why.id == ReasonId.GET_READY_IN_PLACE for why in move.reasons)
    return replace(
        begun,
        start_pose=before.stillness.mean_pose(),
        asking=Asking(),
        cycles=begun.cycles.from_rest() if rested else begun.cycles,
    )


def _hold(begun: State, before: State, move: Move) -> State:
    return replace(
        begun,
        stillness=before.stillness,
        entry=HoldEntry(before.sighting.progress, move.by_signal, before.sighting.way),
        kept=(),
    )


def _release(begun: State, before: State, move: Move) -> State:
    led_back = any(why.id == ReasonId.SIDE_OTHER for why in move.reasons)
    other = OtherSide(led_back=led_back, left=before.other.left + led_back)
    clock = begun.clock.interrupted()
    if move.anew:
        # What was held for want of knowledge may have been of the other side.
        clock = replace(clock, uncertain_s=0.0)
    led_out = next((str(why.id) for why in move.reasons if why.id in OUT_OF_IT), None)
    speech = replace(begun.speech, led_out=led_out)
    return replace(begun, repetition_over=not move.anew, clock=clock, other=other, speech=speech)


def _switch_side(begun: State, before: State, move: Move) -> State:
    fresh = replace(
        begun,
        remarked=False,
        start_pose={},
        clock=HoldClock(),
        cycles=CycleCount(),
        entry=HoldEntry(),
        noted=(),
        speech=_left_anew(replace(begun.speech, praise_cue=None)),
        sighting=Sighting(body_seen_s=before.sighting.body_seen_s),
        other=OtherSide(),
    )
    left, told = before.left, before.said
    if move.back and left is not None:
        # What was said of that side is in force there again.
        return replace(
            fresh,
            side_index=before.side_index - 1,
            repetition=left.repetition,
            repetition_over=True,
            extra=left.extra + 1,
            said=replace(
                told,
                set_sensation=left.set_sensation,
                set_depth=left.set_depth,
                set_way=left.set_way,
                short_of_set=False,
            ),
            left=None,
        )
    return replace(
        fresh,
        side_index=before.side_index + 1,
        repetition=1,
        repetition_over=False,
        extra=0,
        said=said.set_left(told),
        left=SideLeft(
            before.repetition,
            before.extra,
            told.set_sensation,
            told.set_depth,
            before.entry.progress,
            told.set_way,
            before.entry.way,
        ),
    )


_CHANGES = {
    Phase.GET_READY: _get_ready,
    Phase.EASE_IN: _ease_in,
    Phase.HOLD: _hold,
    Phase.RELEASE: _release,
    Phase.SWITCH_SIDE: _switch_side,
}
