"""Taking the result of a test from what is seen: still at the start, as far as the person chooses,
still there for a moment, back, and again.

Pure: `step(rule, state, moment) -> state`, beside the coach's own steps. Nobody is asked to go
further: the person stays where they choose, and whatever the envelope holds back takes the try
away. An angle is a difference within one session and set-up where the test says so, with the sd of
that difference; what is not surely enough known, not kept or not answered is no result.
"""

from math import exp, hypot, isfinite
from statistics import fmean

from msgspec.structs import replace

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.taking_held import held, held_back, why_back
from lengthwise.coach.taking_state import Moment, Rule, Stage, State, Stayed, Top, Try
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.tested import FARTHEST_REACH, Untaken
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_taken import Asked, Way

_STILL_RAD = constant("tests", "still_rad")
_SMOOTH_S = constant("tests", "smooth_s")
_WAY_SD = constant("tests", "way_sd_ratio")
_STILL_SD = constant("tests", "still_sd_ratio")
_START_STILL_S = constant("tests", "start_still_s")
_SETTLE_S = constant("tests", "settle_s")
_STAY_RAD = constant("tests", "stay_rad")
_STAY_S = constant("tests", "stay_s")
_TURNING_S = constant("tests", "turning_s")
_LEAST_WAY_RAD = constant("tests", "least_way_rad")
_TURNED_BACK = constant("tests", "turned_back_ratio")
_BACK = constant("tests", "back_ratio")
_MOST_S = constant("tests", "phase_most_s")
_ANSWER_S = constant("tests", "answer_most_s")
_LOST_S = constant("tests", "lost_s")
_SEEN_LEAST = constant("tests", "seen_least_ratio")
_SD_MOST_RAD = constant("tests", "largest_sd_rad")
_COUNTED_SD = constant("tests", "counted_sd_ratio")
_MORE_TRIES = round(constant("tests", "more_tries"))
_HELD_REACHED = constant("tests", "held_reached_ratio")
_CYCLE_OUT = constant("tests", "cycle_out_ratio")
SETS = 2
"""Of repeated movements (rule K)."""


def step(rule: Rule, state: State, moment: Moment) -> State:
    """One instant. Time never goes back, and after the end nothing changes."""
    if state.stage is Stage.OVER or not isfinite(moment.t_s):
        return replace(state, placed=False)
    t_s = moment.t_s if state.t_s is None else max(moment.t_s, state.t_s)
    seen = _smoothed(state, usable(moment.angle, largest_sd_rad(rule)), t_s)
    state = replace(
        state,
        t_s=t_s,
        smooth_rad=None if seen is None else seen.mean,
        since_s=t_s if state.since_s is None else state.since_s,
        seen_s=state.seen_s if seen is None else t_s,
        placed=False,
    )
    state = _stilled(_easing(state, moment), seen)
    if moment.allowed is Action.STOP:
        return over(state, Untaken.STOPPED)
    if state.stage is not Stage.READY and moment.allowed is None:
        return over(state, Untaken.EASED)
    return _STEPS[state.stage](rule, state, moment, seen)


def _smoothed(state: State, seen: Estimate | None, t_s: float) -> Estimate | None:
    """What stages go by: jitter alone is neither a way nor a turn. Values are taken of what was
    seen."""
    if seen is None or state.smooth_rad is None or state.t_s is None:
        return seen
    share = 1.0 - exp(-(t_s - state.t_s) / _SMOOTH_S)
    return Estimate(state.smooth_rad + share * (seen.mean - state.smooth_rad), seen.sd)


def _easing(state: State, moment: Moment) -> State:
    """Since when an ease is asked for; what is reached meanwhile is taken for nothing."""
    if moment.allowed is None or moment.allowed >= Action.HOLD:
        return state if state.eased_s is None else replace(state, eased_s=None, still=None)
    return state if state.eased_s is not None else replace(state, eased_s=state.t_s)


def usable(value: Estimate | None, most_rad: float = _SD_MOST_RAD) -> Estimate | None:
    """An angle that is known surely enough to be a result."""
    if value is None or not (isfinite(value.mean) and isfinite(value.sd)):
        return None
    return value if 0.0 <= value.sd <= most_rad else None


def largest_sd_rad(rule: Rule) -> float:
    """Movements to and fro are told apart by an angle that may be too unsure to be a result."""
    counted_rad = _COUNTED_SD * rule.way_rad if rule.way is Way.REPEATED else 0.0
    return max(_SD_MOST_RAD, counted_rad)


def over(state: State, why: Untaken | None) -> State:
    return replace(to(state, Stage.OVER), untaken=why)


def to(state: State, stage: Stage) -> State:
    """A stage begins; what was still before it says nothing of it."""
    return replace(
        state, stage=stage, since_s=state.t_s, near_s=None, still=None, stayed=None, recent=()
    )


def _stilled(state: State, seen: Estimate | None) -> State:
    """What is not seen is not known to be still."""
    still = state.still
    if seen is None:
        return replace(state, still=None)
    if still is None or abs(seen.mean - still.anchor_rad) > max(_STILL_RAD, _STILL_SD * seen.sd):
        still = Stayed(_now(state), seen.mean)
    return replace(state, still=still.added(seen.mean, seen.sd, Keeping.KEPT))


def _now(state: State) -> float:
    return 0.0 if state.t_s is None else state.t_s


def _in_stage_s(state: State) -> float:
    return _now(state) - (state.since_s or 0.0)


def _still_for_s(state: State) -> float:
    return 0.0 if state.still is None else _now(state) - state.still.since_s


def _lost(state: State) -> bool:
    return state.seen_s is None or _now(state) - state.seen_s >= _LOST_S


def _gone_rad(state: State, seen: Estimate) -> float:
    return seen.mean - (state.start.mean if state.start else 0.0)


def _may_begin(moment: Moment) -> bool:
    return moment.allowed is not None and moment.allowed >= Action.HOLD


def _ready(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    """Not unseen, nor where the envelope would not let anything be held."""
    if seen is None or state.still is None or not _may_begin(moment):
        return state
    if _still_for_s(state) < _START_STILL_S:
        return state
    begun = replace(state, start=Estimate(state.still.mean, seen.sd), placed=True)
    if Asked.REACH in rule.asks:
        return to(begun, Stage.ASK_BEFORE)
    return to(begun, Stage.STAY if rule.way is Way.STILL else Stage.OUT)


def _ask_before(_: Rule, state: State, moment: Moment, __: Estimate | None) -> State:
    reach = _reach(moment.answer)
    if reach is not None:
        return to(replace(state, before=reach), Stage.OUT)
    return over(state, Untaken.NOT_ANSWERED) if _in_stage_s(state) >= _ANSWER_S else state


def _ask_after(_: Rule, state: State, moment: Moment, __: Estimate | None) -> State:
    reach = _reach(moment.answer)
    if reach is not None:
        return over(replace(state, after=reach), None)
    return over(state, Untaken.NOT_ANSWERED) if _in_stage_s(state) >= _ANSWER_S else state


def _reach(answer: float | None) -> int | None:
    whole = answer is not None and isfinite(answer) and answer == round(answer)
    return round(answer) if answer is not None and whole and 0 <= answer <= FARTHEST_REACH else None


def _out(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    if _lost(state):
        return spoilt(rule, state, Untaken.NOT_SEEN)
    if held_back(state, moment):
        return spoilt(rule, state, why_back(moment, seen))
    if state.eased_s is not None:
        return state
    if rule.way is Way.REPEATED:
        return _repeating(rule, state, seen)
    if seen is not None:
        state = _recent(rule, state, moment, seen)
        gone_rad = _gone_rad(state, seen)
        settled = moment.here or _still_for_s(state) >= _SETTLE_S
        if rule.way is Way.HELD:
            if gone_rad >= _HELD_REACHED * rule.way_rad and settled and state.still is not None:
                reached = Estimate(state.still.mean, seen.sd)
                return replace(to(state, Stage.HELD), held=reached)
        elif gone_rad >= _least_way_rad(seen) and settled:
            return to(state, Stage.STAY)
        elif _turned_back(state, seen):
            return _of_the_top(rule, state)
    return spoilt(rule, state, Untaken.NOT_REACHED) if _in_stage_s(state) >= _MOST_S else state


def _recent(rule: Rule, state: State, moment: Moment, seen: Estimate) -> State:
    """The furthest mean of a short while, with the worst that was kept in it."""
    value = _measured(rule, moment)
    if value is None:
        return state
    now = (_now(state), _gone_rad(state, seen), value, moment.keeping)
    recent = tuple(r for r in (*state.recent, now) if now[0] - r[0] <= _TURNING_S)
    gone_rad = fmean(r[1] for r in recent)
    state = replace(state, recent=recent)
    if state.top is not None and gone_rad <= state.top.gone_rad:
        return state
    angle = Estimate(fmean(r[2].mean for r in recent), value.sd)
    return replace(state, top=Top(gone_rad, angle, min(r[3] for r in recent)))


def _measured(rule: Rule, moment: Moment) -> Estimate | None:
    if rule.absolute:
        return usable(moment.angle)
    return usable(moment.change)


def _least_way_rad(seen: Estimate) -> float:
    """Less is no way gone, or cannot be told from none."""
    return max(_LEAST_WAY_RAD, _WAY_SD * seen.sd)


def _turned_back(state: State, seen: Estimate) -> bool:
    top, gone_rad = state.top, _gone_rad(state, seen)
    if top is None or top.gone_rad < _least_way_rad(seen):
        return False
    return gone_rad < _TURNED_BACK * top.gone_rad and top.gone_rad - gone_rad >= seen.sd


def _of_the_top(rule: Rule, state: State) -> State:
    """Somebody who turned back without staying."""
    assert state.top is not None, "asked before"
    return _tried(rule, state, Try(state.top.angle, state.top.keeping))


def _stay(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    if _lost(state):
        return spoilt(rule, state, Untaken.NOT_SEEN)
    if held_back(state, moment):
        return spoilt(rule, state, why_back(moment, seen))
    if state.eased_s is not None:
        return replace(state, stayed=None)
    if seen is not None and rule.way is not Way.STILL:
        state = _recent(rule, state, moment, seen)
        if _turned_back(state, seen):
            return _of_the_top(rule, state)
    stayed = _stayed(rule, state, moment, seen)
    state = replace(state, stayed=stayed)
    if stayed is not None and _now(state) - stayed.since_s >= _STAY_S:
        return _stayed_enough(rule, state, stayed)
    return spoilt(rule, state, Untaken.NOT_STILL) if _in_stage_s(state) >= _MOST_S else state


def _stayed(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> Stayed | None:
    """Who goes on, however slowly, has not stayed yet."""
    value = None if seen is None else _measured(rule, moment)
    stayed = state.stayed
    if seen is None or value is None:
        return None if stayed is None else stayed.missed()
    if stayed is None or abs(seen.mean - stayed.anchor_rad) > max(_STAY_RAD, _STILL_SD * seen.sd):
        stayed = Stayed(_now(state), seen.mean)
    return stayed.added(value.mean, value.sd, moment.keeping)


def _stayed_enough(rule: Rule, state: State, stayed: Stayed) -> State:
    if stayed.seen_ratio < _SEEN_LEAST:
        return spoilt(rule, state, Untaken.NOT_SEEN)
    angle = Estimate(stayed.mean, hypot(stayed.sd, stayed.spread))
    tried = Try(angle, stayed.keeping)
    if Asked.CHANGED in rule.asks and not state.asked:
        return replace(to(state, Stage.ASKED), tries=(*state.tries, tried), asked=True)
    return _tried(rule, state, tried)


def _asked(rule: Rule, state: State, moment: Moment, _: Estimate | None) -> State:
    """The person is in their furthest place: whatever eases them ends the question."""
    if moment.answer is not None:
        return to(replace(state, symptom=moment.answer >= 0.5), Stage.BACK)
    late = _in_stage_s(state) >= _ANSWER_S
    return to(state, Stage.BACK) if late or held_back(state, moment) else state


def _tried(rule: Rule, state: State, tried: Try) -> State:
    if rule.way is Way.STILL:
        return over(replace(state, tries=(*state.tries, tried)), None)
    return to(replace(state, tries=(*state.tries, tried)), Stage.BACK)


def spoilt(rule: Rule, state: State, why: Untaken) -> State:
    """A try that is none: back, and of how far somebody goes once more, if that does not happen
    too often. Nobody is let go of without the way back."""
    if state.start is None or rule.way is Way.STILL:
        return over(state, why)
    return to(replace(state, spoilt=(*state.spoilt, why)), Stage.BACK)


def _repeating(rule: Rule, state: State, seen: Estimate | None) -> State:
    if seen is not None:
        gone_rad = _gone_rad(state, seen)
        if gone_rad >= _CYCLE_OUT * rule.way_rad:
            state = replace(state, outward=True)
        elif state.outward and gone_rad <= _BACK * rule.way_rad:
            state = replace(state, outward=False, cycles=state.cycles + 1, since_s=state.t_s)
    if rule.cycles is not None and state.cycles >= rule.cycles:
        return to(replace(state, cycles=0, sets=state.sets + 1), Stage.BACK)
    return spoilt(rule, state, Untaken.NOT_REACHED) if _in_stage_s(state) >= _MOST_S else state


def _back(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    """Near the start for a moment: who moves to and fro without a rest comes back, too."""
    far_rad = rule.way_rad if state.top is None else max(state.top.gone_rad, _LEAST_WAY_RAD)
    near = seen is not None and _gone_rad(state, seen) <= max(_BACK * far_rad, _STILL_RAD)
    near_s = (state.near_s if state.near_s is not None else state.t_s) if near else None
    state = replace(state, near_s=near_s)
    rest_s = _START_STILL_S if rule.way is Way.REPEATED else _TURNING_S
    if near_s is not None and _now(state) - near_s >= rest_s:
        return _next(rule, state, moment)
    return over(state, _why_over(rule, state)) if _in_stage_s(state) >= _MOST_S else state


def _next(rule: Rule, state: State, moment: Moment) -> State:
    if _done(rule, state):
        return over(state, _why_over(rule, state))
    if rule.way is Way.REPEATED and state.sets >= SETS:
        return to(state, Stage.ASK_AFTER)
    # As any way in, the next one waits for leave to hold.
    return replace(to(state, Stage.OUT), top=None) if _may_begin(moment) else state


def _done(rule: Rule, state: State) -> bool:
    if rule.way is Way.HELD or state.symptom is True or Untaken.LOAD in state.spoilt:
        return True
    if rule.way is Way.REPEATED:
        return bool(state.spoilt)
    return len(state.tries) >= rule.tries or len(state.spoilt) > _MORE_TRIES


def _why_over(rule: Rule, state: State) -> Untaken | None:
    """None where there is something to tell of."""
    if state.tries or state.held_for is not None:
        return None
    return state.spoilt[-1] if state.spoilt else Untaken.NOT_BACK


_STEPS = {
    Stage.READY: _ready,
    Stage.ASK_BEFORE: _ask_before,
    Stage.OUT: _out,
    Stage.STAY: _stay,
    Stage.ASKED: _asked,
    Stage.HELD: held,
    Stage.BACK: _back,
    Stage.ASK_AFTER: _ask_after,
}
