"""The graded ramp to tolerance, as a pure state machine beside the coach's own.

    step(state, moment) -> (state, told)

The person goes by themselves, in small steps with a wait after each; nobody is asked to go further,
so a ramp needs no more of the envelope than any stretch without a window: less than HOLD ends it.
It also ends at the first word of tolerance, at any pain above what eases, at any symptom, at the
end that the joints allow, when the muscle is out of claim, and when its time is over.

Two ramps with a rest between; the lower is kept, and of only one nothing is: after a ramp that
measured nothing, above all after pain, a symptom or a stop, no second one is begun. A ramp is over
when the person is back at rest; pain, a symptom or a stop takes away what was measured even when
it is said on the way back or after the end, since it tells that this was too far. Whether
a ramp may be led at all the plan says (`plan.ramp_permission`); without that leave nothing begins.
"""

from enum import StrEnum
from math import isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.limits.actions import Action
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_STEP = constant("ramp", "step_ratio")
_WAIT_S = constant("ramp", "wait_s")
_REST_S = constant("ramp", "rest_s")
_MOST_S = constant("ramp", "most_s")
_LOST_S = constant("ramp", "lost_s")
_RANGE_CEILING = constant("ramp", "range_ceiling_ratio")
_BACK = constant("ramp", "back_ratio")
_EDGE_SD = constant("tissue", "ceiling_sd_factor")
_PAIN_MOST_NRS = constant("coach", "pain_ease_nrs")


class RampPhase(StrEnum):
    """`READY`: nothing has begun; `STEPPING`: on the way by one step at the most; `WAITING`: a step
    was made, stay; `BACK`: come back; `RESTING`: between the two; `OVER`: nothing follows."""

    READY = "ready"
    STEPPING = "stepping"
    WAITING = "waiting"
    BACK = "back"
    RESTING = "resting"
    OVER = "over"


class RampEnd(StrEnum):
    """What ended a ramp. `JOINT_END`: tolerance is at least there."""

    NOT_PERMITTED = "not_permitted"
    TOLERANCE = "tolerance"
    JOINT_END = "joint_end"
    PAIN = "pain"
    SYMPTOM = "symptom"
    STOP = "stop"
    ENVELOPE = "envelope"
    NOT_SEEN = "not_seen"
    TIME = "time"


_MEASURED = frozenset({RampEnd.TOLERANCE, RampEnd.JOINT_END})
_HARMED = frozenset({RampEnd.PAIN, RampEnd.SYMPTOM, RampEnd.STOP})


class RampMoment(Struct, frozen=True):
    """What is known at one instant. `length` (m) and `fraction` of the range of the muscle; None:
    not claimed. `allowed`: the envelope's word; None: it has none. `pain_nrs` said now; the flags
    are words said now."""

    t_s: float
    length: Estimate | None
    fraction: Estimate | None
    allowed: Action | None
    tolerance: bool = False
    stop: bool = False
    symptom: bool = False
    pain_nrs: float | None = None


class RampMark(Struct, frozen=True):
    """How one ramp ended, and the length (m) that it measured; None: it measured none."""

    end: RampEnd
    length: Estimate | None = None


class RampState(Struct, frozen=True):
    """`begun_s`: of this ramp; `since_s`: of the phase; `from_fraction`: where the ramp began and
    `step_from` where its last step did; `seen_s`: the muscle was last claimed."""

    phase: RampPhase
    ended: tuple[RampMark, ...] = ()
    begun_s: float | None = None
    since_s: float | None = None
    t_s: float | None = None
    from_fraction: float | None = None
    step_from: float | None = None
    furthest: float | None = None
    seen_s: float | None = None

    @property
    def harmed(self) -> bool:
        return any(m.end in _HARMED for m in self.ended)

    @property
    def kept(self) -> Estimate | None:
        """The lower of two ramps that both measured; None before, where one did not, and where
        pain, a symptom or a stop was said at any time."""
        if self.harmed:
            return None
        lengths = [m.length for m in self.ended if m.length is not None]
        if self.phase is not RampPhase.OVER or len(self.ended) < 2 or len(lengths) < 2:
            return None
        return min(lengths, key=lambda length: (length.mean, -length.sd))


def begin(*, permitted: bool) -> RampState:
    if not permitted:
        return RampState(RampPhase.OVER, (RampMark(RampEnd.NOT_PERMITTED),))
    return RampState(RampPhase.READY)


def step(state: RampState, moment: RampMoment) -> RampState:
    """One instant. Time never goes back, and after the end nothing changes but that pain, a symptom
    or a stop is still heard, once."""
    final = _final(moment)
    if state.phase is RampPhase.OVER or not isfinite(moment.t_s):
        return state if final is None else _over(state, final)
    t_s = moment.t_s if state.t_s is None else max(moment.t_s, state.t_s)
    seen = _seen(moment)
    state = replace(state, t_s=t_s, since_s=t_s if state.since_s is None else state.since_s)
    if seen is not None:
        state = replace(state, seen_s=t_s)
    if final is not None:
        return _over(state, final)
    if state.phase is RampPhase.READY:
        return _begun(state, moment, seen)
    if state.phase in (RampPhase.STEPPING, RampPhase.WAITING):
        return _under_way(state, moment, seen)
    return _at_rest(state, moment, seen)


def _seen(moment: RampMoment) -> float | None:
    """Range fraction of a muscle that can be measured now."""
    for value in (moment.length, moment.fraction):
        if value is None or not (isfinite(value.mean) and isfinite(value.sd)) or value.sd < 0.0:
            return None
    return None if moment.fraction is None else moment.fraction.mean


def _final(moment: RampMoment) -> RampEnd | None:
    """What allows no second ramp. A pain without a usable number counts as too much."""
    if moment.stop or moment.allowed is Action.STOP:
        return RampEnd.STOP
    if moment.symptom:
        return RampEnd.SYMPTOM
    pain = moment.pain_nrs
    if pain is not None and not (0.0 <= pain <= _PAIN_MOST_NRS):
        return RampEnd.PAIN
    return None


def _over(state: RampState, end: RampEnd) -> RampState:
    if state.harmed:
        return state
    return replace(state, phase=RampPhase.OVER, ended=(*state.ended, RampMark(end)))


def _begun(state: RampState, moment: RampMoment, seen: float | None) -> RampState:
    """Not unseen, nor where the envelope would not let a stretch be held."""
    if seen is None or moment.allowed is None or moment.allowed < Action.HOLD:
        return state
    t_s = _now(state)
    return replace(
        state,
        phase=RampPhase.STEPPING,
        begun_s=t_s,
        since_s=t_s,
        from_fraction=seen,
        step_from=seen,
        furthest=seen,
    )


def _under_way(state: RampState, moment: RampMoment, seen: float | None) -> RampState:
    t_s, since_s = _now(state), _now(state) if state.since_s is None else state.since_s
    end = _end(state, moment, seen)
    if end is not None:
        measured = moment.length if end in _MEASURED and seen is not None else None
        return replace(
            state, phase=RampPhase.BACK, since_s=t_s, ended=(*state.ended, RampMark(end, measured))
        )
    if seen is None:
        return state
    state = replace(state, furthest=seen if state.furthest is None else max(seen, state.furthest))
    made = state.step_from is not None and seen - state.step_from >= _STEP
    if state.phase is RampPhase.STEPPING and made:
        return replace(state, phase=RampPhase.WAITING, since_s=t_s)
    if state.phase is RampPhase.WAITING and t_s - since_s >= _WAIT_S:
        return replace(state, phase=RampPhase.STEPPING, since_s=t_s, step_from=seen)
    return state


def _end(state: RampState, moment: RampMoment, seen: float | None) -> RampEnd | None:
    t_s = _now(state)
    if moment.tolerance:
        return RampEnd.TOLERANCE if seen is not None else RampEnd.NOT_SEEN
    if moment.allowed is None or moment.allowed < Action.HOLD:
        return RampEnd.ENVELOPE
    fraction = moment.fraction
    if seen is not None and fraction is not None:
        if fraction.mean + _EDGE_SD * fraction.sd >= _RANGE_CEILING:
            return RampEnd.JOINT_END
    elif state.seen_s is None or t_s - state.seen_s >= _LOST_S:
        return RampEnd.NOT_SEEN
    return RampEnd.TIME if t_s - (state.begun_s or 0.0) >= _MOST_S else None


def _at_rest(state: RampState, moment: RampMoment, seen: float | None) -> RampState:
    """Back from the first ramp to the rest before the second; back from the second it is over.
    What measured nothing is over at once: nothing is to be kept that the way back could spoil."""
    t_s, since_s = _now(state), state.since_s
    if state.phase is RampPhase.RESTING:
        if since_s is not None and t_s - since_s >= _REST_S and _is_back(state, seen):
            return replace(state, phase=RampPhase.READY, begun_s=None, since_s=t_s)
        return state
    measured = state.ended[-1].length is not None
    if measured and not _is_back(state, seen):
        return state
    rests = measured and len(state.ended) < 2
    return replace(state, phase=RampPhase.RESTING if rests else RampPhase.OVER, since_s=t_s)


def _is_back(state: RampState, seen: float | None) -> bool:
    begun, furthest = state.from_fraction, state.furthest
    if seen is None or begun is None:
        return False
    return furthest is None or seen <= begun + _BACK * (furthest - begun)


def _now(state: RampState) -> float:
    return 0.0 if state.t_s is None else state.t_s
