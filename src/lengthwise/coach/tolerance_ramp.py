"""The graded ramp to tolerance, as a pure state machine beside the coach's own.

    step(state, moment) -> (state, told)

The person goes by themselves: to the first gentle pull, then in small steps with a wait after each.
Nobody is asked to go further than to that pull, and no step is offered before the wait is over, so
a ramp needs no more of the envelope than any stretch without a window: less than HOLD ends it.
It also ends at the first word of tolerance, at any pain above what eases, at any symptom, at the
end that the joints allow, when the muscle is out of claim, and when its time is over. A step is a
share of the way of the exercise: of the range of a hip flexor a whole lunge is one fourteenth. None
is offered while a nerve or the low back is not seen to be within its limits; where that stays so,
or a step is made all the same, the ramp is over, and measured nothing.

Two ramps with a rest between; the lower is kept, and of only one nothing is: after a ramp that
measured nothing, above all after pain, a symptom or a stop, no second one is begun. A ramp is over
when the person is back at rest; pain, a symptom or a stop takes away what was measured even when
it is said on the way back or after the end, since it tells that this was too far. Whether
a ramp may be led at all the plan says (`plan.ramp_permission`); without that leave it is over with
the first gentle pull.
"""

from enum import StrEnum
from math import inf, isfinite

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.limits.actions import Action
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

_STEP = constant("ramp", "step_ratio")
_WAIT_S = constant("ramp", "wait_s")
_OFFER_S = constant("ramp", "offer_s")
_REST_S = constant("ramp", "rest_s")
_MOST_S = constant("ramp", "most_s")
_PULL_S = constant("ramp", "pull_most_s")
_RETURN_S = constant("ramp", "return_most_s")
_LOST_S = constant("ramp", "lost_s")
_RANGE_CEILING = constant("ramp", "range_ceiling_ratio")
_BACK = constant("ramp", "back_ratio")
_ROOM = constant("ramp", "room_least_ratio")
_EDGE_SD = constant("tissue", "ceiling_sd_factor")
_PAIN_MOST_NRS = constant("coach", "pain_ease_nrs")


class RampPhase(StrEnum):
    """`READY`: nothing has begun; `PULLING`: on the way to the first gentle pull; `STEPPING`: on
    the way by one step at the most; `WAITING`: a step was made, stay; `BACK`: come back;
    `RESTING`: between the two; `OVER`: nothing follows."""

    READY = "ready"
    PULLING = "pulling"
    STEPPING = "stepping"
    WAITING = "waiting"
    BACK = "back"
    RESTING = "resting"
    OVER = "over"


UNDER_WAY = frozenset({RampPhase.PULLING, RampPhase.STEPPING, RampPhase.WAITING})
COMING_BACK = frozenset({RampPhase.BACK, RampPhase.RESTING, RampPhase.OVER})


class RampEnd(StrEnum):
    """What ended a ramp. `JOINT_END`: tolerance is at least there. `NO_FIRST_PULL`: none was said
    in its time, or tolerance before it. `LEFT`: the person went on, paused or put it off.
    `NO_FURTHER`: a nerve or the low back was not seen to be within its limits. `UNSEEN`: not begun,
    as the muscle was not seen in the start posture."""

    NOT_PERMITTED = "not_permitted"
    TOLERANCE = "tolerance"
    JOINT_END = "joint_end"
    PAIN = "pain"
    SYMPTOM = "symptom"
    STOP = "stop"
    ENVELOPE = "envelope"
    NOT_SEEN = "not_seen"
    TIME = "time"
    NO_FIRST_PULL = "no_first_pull"
    LEFT = "left"
    NO_FURTHER = "no_further"
    UNSEEN = "unseen"


MEASURED = frozenset({RampEnd.TOLERANCE, RampEnd.JOINT_END})
HARMED = frozenset({RampEnd.PAIN, RampEnd.SYMPTOM, RampEnd.STOP})


class RampMoment(Struct, frozen=True):
    """What is known at one instant. `length` (m) and `fraction` of the range of the muscle, and
    the share of the exercise's way, `progress`; None: not claimed. `allowed`: the envelope's word;
    None: it has none, and nothing begins. `further`: nerves and low back are seen to be within
    their limits. `pain_nrs` said now; the flags after it are words said now."""

    t_s: float
    length: Estimate | None
    fraction: Estimate | None
    progress: float | None
    allowed: Action | None
    further: bool = True
    first_pull: bool = False
    tolerance: bool = False
    stop: bool = False
    symptom: bool = False
    pain_nrs: float | None = None


class RampMark(Struct, frozen=True):
    """How one ramp ended, and the length (m) that it measured; None: it measured none."""

    end: RampEnd
    length: Estimate | None = None


class RampState(Struct, frozen=True):
    """`begun_s`: of this ramp; `since_s`: of the phase; `begun_at`: progress where the ramp began,
    `step_at` where its last step did, `furthest` the most of it; `seen_s`: the muscle was last
    claimed, `further_s`: nerves and low back were last within their limits. `alone`: the first
    gentle pull alone is led to. `astray`: the way back was not seen."""

    phase: RampPhase
    alone: bool = False
    ended: tuple[RampMark, ...] = ()
    begun_s: float | None = None
    since_s: float | None = None
    t_s: float | None = None
    begun_at: float | None = None
    step_at: float | None = None
    furthest: float | None = None
    seen_s: float | None = None
    further_s: float | None = None
    astray: bool = False

    @property
    def harmed(self) -> bool:
        return any(m.end in HARMED for m in self.ended)

    @property
    def kept_place(self) -> int | None:
        """Which of two ramps that both measured is the lower, 0 or 1; None before, where one did
        not, where the way back was not seen, and where pain, a symptom or a stop was ever said."""
        lengths = [m.length for m in self.ended]
        if self.harmed or self.astray or self.phase is not RampPhase.OVER or len(lengths) != 2:
            return None
        borne = [(x.mean, -x.sd, place) for place, x in enumerate(lengths) if x is not None]
        return min(borne)[2] if len(borne) == 2 else None

    @property
    def kept(self) -> Estimate | None:
        """The length of that one."""
        return None if self.kept_place is None else self.ended[self.kept_place].length


def begin(*, permitted: bool) -> RampState:
    """Without leave the first gentle pull alone follows."""
    return RampState(RampPhase.READY, alone=not permitted)


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
    if moment.further:
        state = replace(state, further_s=t_s)
    if final is not None:
        return _over(state, final)
    if state.phase is RampPhase.READY:
        return _begun(state, moment, seen)
    if state.phase in UNDER_WAY:
        return _under_way(state, moment, seen)
    return _at_rest(state, seen)


def left(state: RampState) -> RampState:
    """The person leaves a ramp that is under way or was to be: it measured nothing, and is over."""
    leaves = state.phase is RampPhase.READY or state.phase in UNDER_WAY
    return _over(state, RampEnd.LEFT) if leaves else state


def stopped(state: RampState) -> RampState:
    """The session was stopped, for whatever reason: what was measured is taken away."""
    return _over(state, RampEnd.STOP)


def refused(state: RampState) -> RampState:
    """It is not begun."""
    return _over(state, RampEnd.UNSEEN) if state.phase is RampPhase.READY else state


def unseen(state: RampState) -> bool:
    """Whether the muscle is not, or has never been, seen in the start posture."""
    return state.seen_s is None or _now(state) - state.seen_s >= _WAIT_S


def short_of_room(fraction: Estimate | None, end_fraction: float | None) -> bool:
    """Whether the joint's end with its doubt is met before a fair share of the way from `fraction`
    in the start posture to `end_fraction`, where the exercise's way ends."""
    if fraction is None or end_fraction is None or end_fraction <= fraction.mean:
        return False
    room = _RANGE_CEILING - _EDGE_SD * fraction.sd - fraction.mean
    return room < _ROOM * (end_fraction - fraction.mean)


def _seen(moment: RampMoment) -> float | None:
    """Progress with a muscle that can be measured now."""
    for value in (moment.length, moment.fraction):
        if value is None or not (isfinite(value.mean) and isfinite(value.sd)) or value.sd < 0.0:
            return None
    known = moment.progress is not None and isfinite(moment.progress)
    return moment.progress if known else None


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
    """Not unseen, nor where the envelope would not let a stretch be held; who is let into the
    stretch and cannot begin soon comes back."""
    t_s = _now(state)
    if moment.allowed is None:
        return replace(state, since_s=t_s)
    if seen is None or moment.allowed < Action.HOLD:
        if t_s - (t_s if state.since_s is None else state.since_s) < _WAIT_S:
            return state
        return _over(state, RampEnd.NOT_SEEN if seen is None else RampEnd.ENVELOPE)
    return replace(
        state,
        phase=RampPhase.PULLING,
        begun_s=t_s,
        since_s=t_s,
        begun_at=seen,
        step_at=seen,
        furthest=seen,
    )


def _under_way(state: RampState, moment: RampMoment, seen: float | None) -> RampState:
    t_s, since_s = _now(state), _now(state) if state.since_s is None else state.since_s
    end = _end(state, moment, seen)
    if end is not None:
        pulled = state.phase is not RampPhase.PULLING
        measured = moment.length if end in MEASURED and pulled and seen is not None else None
        return replace(
            state, phase=RampPhase.BACK, since_s=t_s, ended=(*state.ended, RampMark(end, measured))
        )
    if seen is None:
        return state
    state = replace(state, furthest=seen if state.furthest is None else max(seen, state.furthest))
    made = state.step_at is not None and seen - state.step_at >= _STEP
    # Who makes a smaller step, or none, is offered another after the same wait.
    passed = state.phase is RampPhase.STEPPING and t_s - since_s >= _OFFER_S
    pulled = state.phase is RampPhase.PULLING and moment.first_pull
    held = state.phase is RampPhase.STEPPING and _held_s(state) >= _LOST_S
    if pulled or passed or held or (state.phase is not RampPhase.PULLING and made):
        # A step that is made while waiting is waited for as well.
        return replace(state, phase=RampPhase.WAITING, since_s=t_s, step_at=seen)
    if state.phase is RampPhase.WAITING and t_s - since_s >= _WAIT_S and moment.further:
        return replace(state, phase=RampPhase.STEPPING, since_s=t_s, step_at=seen)
    return state


def _end(state: RampState, moment: RampMoment, seen: float | None) -> RampEnd | None:
    pulling, t_s = state.phase is RampPhase.PULLING, _now(state)
    if moment.tolerance and pulling:
        return RampEnd.NO_FIRST_PULL
    if moment.tolerance:
        return RampEnd.TOLERANCE if seen is not None else RampEnd.NOT_SEEN
    if moment.allowed is None or moment.allowed < Action.HOLD:
        return RampEnd.ENVELOPE
    measured = _end_by_sight(state, moment, seen)
    if measured is not None:
        return measured
    took_s = t_s - (t_s if state.begun_s is None else state.begun_s)
    if pulling and took_s >= _PULL_S:
        return RampEnd.NO_FIRST_PULL
    if not pulling and _goes_no_further(state, seen):
        return RampEnd.NO_FURTHER
    return RampEnd.TIME if took_s >= _MOST_S else None


def _end_by_sight(state: RampState, moment: RampMoment, seen: float | None) -> RampEnd | None:
    """What ends it by where the muscle is, or since that is not seen: on the way to the first pull,
    on which nothing is asked that needs it, after a longer time; the pull itself has to be seen."""
    pulling, fraction = state.phase is RampPhase.PULLING, moment.fraction
    pulled = moment.first_pull and pulling
    if seen is None or fraction is None:
        lost_s = inf if state.seen_s is None else _now(state) - state.seen_s
        lost = pulled or lost_s >= (_WAIT_S if pulling else _LOST_S)
        return RampEnd.NOT_SEEN if lost else None
    if fraction.mean + _EDGE_SD * fraction.sd >= _RANGE_CEILING:
        return RampEnd.JOINT_END
    if pulled and seen < _STEP / 2.0:
        # What is measured has not moved: the pull is in something else, such as the other leg.
        return RampEnd.NOT_SEEN
    return RampEnd.NOT_PERMITTED if pulled and state.alone else None


def _goes_no_further(state: RampState, seen: float | None) -> bool:
    """Whether nobody may be led on for the time of an offer, or a step was made all the same."""
    t_s, since_s = _now(state), _now(state) if state.since_s is None else state.since_s
    waited = state.phase is RampPhase.WAITING and t_s - since_s >= _WAIT_S + _OFFER_S
    made = seen is not None and state.step_at is not None and seen - state.step_at >= _STEP
    return _held_s(state) >= _LOST_S and (waited or made)


def _held_s(state: RampState) -> float:
    """Since when nerves and low back have not been seen within their limits."""
    since_s = state.begun_s if state.further_s is None else state.further_s
    return 0.0 if since_s is None else _now(state) - since_s


def _at_rest(state: RampState, seen: float | None) -> RampState:
    """Back from the first ramp to the rest before the second; back from the second it is over.
    What measured nothing is over at once: nothing is to be kept that the way back could spoil. So
    is what is not seen to come back, or is seen not to rest, in its time."""
    t_s, back = _now(state), _is_back(state, seen)
    in_phase_s = t_s - (t_s if state.since_s is None else state.since_s)
    if state.phase is RampPhase.RESTING:
        # Back it was seen to be, and a muscle at rest may be out of claim.
        if in_phase_s >= _REST_S and (back or seen is None):
            return replace(state, phase=RampPhase.READY, begun_s=None, since_s=t_s)
        lost = in_phase_s >= _REST_S + _RETURN_S
        return replace(state, phase=RampPhase.OVER, since_s=t_s) if lost else state
    measured = state.ended[-1].length is not None
    if measured and not back:
        lost = in_phase_s >= _RETURN_S
        return replace(state, phase=RampPhase.OVER, since_s=t_s, astray=True) if lost else state
    rests = measured and len(state.ended) < 2
    return replace(state, phase=RampPhase.RESTING if rests else RampPhase.OVER, since_s=t_s)


def _is_back(state: RampState, seen: float | None) -> bool:
    begun, furthest = state.begun_at, state.furthest
    if seen is None or begun is None:
        return False
    return furthest is None or seen <= begun + _BACK * (furthest - begun)


def _now(state: RampState) -> float:
    return 0.0 if state.t_s is None else state.t_s
