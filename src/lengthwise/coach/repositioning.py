"""Finding a place again with eyes closed: to a comfortable place, back, and there again some times.

Pure: `step(rule, state, moment) -> state`, beside the coach's own steps, as `tolerance_ramp`. The
person goes by themselves and is told to stay in the middle of the way that the exercise goes, or
wherever before that they keep still or feel a first gentle pull. Nobody is asked to go further,
neither then nor while the place is looked for, and what the envelope holds back ends the test.

An error is a difference within one session and one set-up, with the sd of that difference; one that
is not surely enough known is no error. Nothing tells the person how near they came.
"""

from collections.abc import Sequence
from enum import StrEnum
from math import isfinite, pi, sqrt

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach.limits.actions import Action
from lengthwise.contracts.repositioning import PositionErrors, Untold
from lengthwise.contracts.states import Estimate
from lengthwise.reference.constants import constant

TRIALS = round(constant("repositioning", "trials"))
_LEAST_TOLD = round(constant("repositioning", "least_told"))
_TARGET = constant("repositioning", "target_ratio")
_LEAST_WAY_RAD = constant("repositioning", "least_way_rad")
_STILL_RAD = constant("repositioning", "still_rad")
_STILL_S = constant("repositioning", "still_s")
_HOLD_S = constant("repositioning", "hold_s")
_FIND_LEAST = constant("repositioning", "find_least_ratio")
_BACK = constant("repositioning", "back_ratio")
_FURTHEST = constant("repositioning", "furthest_ratio")
_MOST_S = constant("repositioning", "phase_most_s")
_LOST_S = constant("repositioning", "lost_s")
_SD_MOST_RAD = constant("repositioning", "difference_sd_most_rad")
_DAYS_SD_RAD = constant("repositioning", "between_days_sd_rad")
_DETECTABLE = 1.96 * sqrt(2.0)
"""Of two measurements that each have an sd: what their difference exceeds one time in twenty."""


class Stage(StrEnum):
    """`READY`: at the start; `SHOWN`: on the way to the place; `KEPT`: stay there; `BACK`: come
    back; `LOOKED_FOR`: find it again, eyes closed; `OVER`: nothing follows."""

    READY = "ready"
    SHOWN = "shown"
    KEPT = "kept"
    BACK = "back"
    LOOKED_FOR = "looked_for"
    OVER = "over"


class Rule(Struct, frozen=True):
    """`way_rad`: signed way of the coordinate in the exercise, from its start to its end."""

    way_rad: float
    trials: int = TRIALS

    @property
    def sign(self) -> float:
        return 1.0 if self.way_rad >= 0.0 else -1.0


class Moment(Struct, frozen=True):
    """`angle`: of the coordinate, None: not claimed. `difference`: of it from the place as it was
    known when `placed` was told, None before and where it is not claimed. `allowed`: the envelope's
    word, None: it has none. `here`: a first gentle pull, said on the way out. It makes the place;
    said while the place is looked for it is no answer, as the person may still be on the way."""

    t_s: float
    angle: Estimate | None
    difference: Estimate | None = None
    allowed: Action | None = None
    here: bool = False


class Still(Struct, frozen=True):
    """A period in which the angle stayed by `anchor_rad`: its sums, and those of the difference."""

    since_s: float
    anchor_rad: float
    frames: int
    angle_sum_rad: float
    difference_sum_rad: float = 0.0
    differences: int = 0

    @property
    def angle_rad(self) -> float:
        return self.angle_sum_rad / self.frames


class State(Struct, frozen=True):
    """`since_s`: of the stage. `start_rad`: where it began; `place`: the angle to be found;
    `offset_rad`: from the mean of the time in the place to the instant that differences are from.
    `errors`: of each trial, None where it is not told; `called_back`: so many of these went too far
    to be let go on. `placed`: this very step took the place."""

    stage: Stage = Stage.READY
    t_s: float | None = None
    since_s: float | None = None
    seen_s: float | None = None
    still: Still | None = None
    start_rad: float | None = None
    place: Estimate | None = None
    offset_rad: float = 0.0
    errors: tuple[Estimate | None, ...] = ()
    called_back: int = 0
    untold: Untold | None = None
    placed: bool = False
    too_far: bool = False


def step(rule: Rule, state: State, moment: Moment) -> State:
    """One instant. Time never goes back, and after the end nothing changes."""
    if state.stage is Stage.OVER or not isfinite(moment.t_s):
        return replace(state, placed=False)
    t_s = moment.t_s if state.t_s is None else max(moment.t_s, state.t_s)
    seen = _usable(moment.angle)
    state = replace(
        state,
        t_s=t_s,
        since_s=t_s if state.since_s is None else state.since_s,
        seen_s=state.seen_s if seen is None else t_s,
        still=_still(state.still, seen, _usable(moment.difference), t_s),
        placed=False,
    )
    if moment.allowed is Action.STOP:
        return _over(state, Untold.STOPPED)
    if state.stage is Stage.READY:
        return _ready(state, moment, seen)
    if moment.allowed is None or moment.allowed < Action.EASE:
        return _over(state, Untold.ENVELOPE)
    return _UNDER_WAY[state.stage](rule, state, moment, seen)


def result(state: State) -> tuple[PositionErrors | None, Untold | None]:
    """What is told of a test as it stands, or why nothing is."""
    if state.stage is not Stage.OVER:
        return None, Untold.CUT_OFF if state.start_rad is not None else Untold.NOT_BEGUN
    if state.untold is not None:
        return None, state.untold
    found = position_errors([e for e in state.errors if e is not None])
    return found, Untold.TOO_FEW if found is None else None


def position_errors(errors: Sequence[Estimate]) -> PositionErrors | None:
    """None of fewer than `least_told`.

    What all trials share, the doubt of the place itself, does not shrink with their number; how
    much of each sd that is, is not known. So the sd of the mean is that of a single trial (their
    root mean square), as if it were shared, and that of the variable error as if none of it were.
    """
    n = len(errors)
    if n < _LEAST_TOLD:
        return None
    mean_rad = sum(e.mean for e in errors) / n
    spread_rad = sqrt(sum((e.mean - mean_rad) ** 2 for e in errors) / (n - 1))
    sd_rad = sqrt(sum(e.sd**2 for e in errors) / n)
    error_sd = sqrt(sd_rad**2 + spread_rad**2 / n + _DAYS_SD_RAD**2)
    return PositionErrors(
        told=n,
        constant=Estimate(mean_rad, sd_rad),
        absolute=Estimate(sum(abs(e.mean) for e in errors) / n, sd_rad),
        variable=Estimate(spread_rad, sd_rad),
        sensors_rad=sd_rad * sqrt(2.0 / pi),
        detectable_rad=_DETECTABLE * error_sd,
    )


def _usable(value: Estimate | None) -> Estimate | None:
    if value is None or not (isfinite(value.mean) and isfinite(value.sd)) or value.sd < 0.0:
        return None
    return value


def _still(
    still: Still | None, angle: Estimate | None, difference: Estimate | None, t_s: float
) -> Still | None:
    """What is not seen is not known to be still."""
    if angle is None:
        return None
    if still is None or abs(angle.mean - still.anchor_rad) > _STILL_RAD:
        still = Still(t_s, angle.mean, 0, 0.0)
    return replace(
        still,
        frames=still.frames + 1,
        angle_sum_rad=still.angle_sum_rad + angle.mean,
        difference_sum_rad=still.difference_sum_rad + (difference.mean if difference else 0.0),
        differences=still.differences + (difference is not None),
    )


def _still_for_s(state: State) -> float:
    """Since the stage began at the earliest."""
    if state.still is None:
        return 0.0
    return _now(state) - max(state.still.since_s, state.since_s or 0.0)


def _now(state: State) -> float:
    return 0.0 if state.t_s is None else state.t_s


def _in_stage_s(state: State) -> float:
    return _now(state) - (state.since_s or 0.0)


def _to(state: State, stage: Stage) -> State:
    """A stage begins; what was still before it says nothing of it."""
    return replace(state, stage=stage, since_s=state.t_s, still=None, too_far=False)


def _over(state: State, why: Untold | None) -> State:
    return replace(_to(state, Stage.OVER), untold=why)


def _lost(state: State) -> bool:
    return state.seen_s is None or _now(state) - state.seen_s >= _LOST_S


def _ready(state: State, moment: Moment, seen: Estimate | None) -> State:
    """Not unseen, nor where the envelope would not let the exercise be held."""
    allowed = moment.allowed is not None and moment.allowed >= Action.HOLD
    if seen is None or state.still is None or not allowed or _still_for_s(state) < _STILL_S:
        return state
    return replace(_to(state, Stage.SHOWN), start_rad=state.still.angle_rad)


def _gone_rad(rule: Rule, state: State, seen: Estimate) -> float:
    return rule.sign * (seen.mean - (state.start_rad or 0.0))


def _shown(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    if moment.allowed is Action.EASE:
        return _over(state, Untold.ENVELOPE)
    if seen is not None:
        gone_rad = _gone_rad(rule, state, seen)
        chosen = moment.here or _still_for_s(state) >= _STILL_S
        if gone_rad >= _TARGET * abs(rule.way_rad) or (chosen and gone_rad >= _LEAST_WAY_RAD):
            return _to(state, Stage.KEPT)
    if _lost(state):
        return _over(state, Untold.NOT_SEEN)
    return _over(state, Untold.NOT_REACHED) if _in_stage_s(state) >= _MOST_S else state


def _kept(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    """Still in the place for long enough; too far beyond it is told, and so waits for less."""
    if moment.allowed is Action.EASE:
        return _over(state, Untold.ENVELOPE)
    if _lost(state):
        return _over(state, Untold.NOT_SEEN)
    if _in_stage_s(state) >= _MOST_S:
        return _over(state, Untold.NOT_STILL)
    if seen is None or state.still is None:
        return state
    gone_rad = _gone_rad(rule, state, seen)
    state = replace(state, too_far=gone_rad >= _FURTHEST * abs(rule.way_rad))
    if state.too_far or gone_rad < _LEAST_WAY_RAD or _still_for_s(state) < _HOLD_S:
        return state
    assert state.still is not None, "seen above"
    mean_rad = state.still.angle_rad
    return replace(
        _to(state, Stage.BACK),
        place=Estimate(mean_rad, seen.sd),
        offset_rad=seen.mean - mean_rad,
        placed=True,
    )


def _back(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    place_rad = abs(state.place.mean - (state.start_rad or 0.0)) if state.place else 0.0
    near = seen is not None and _gone_rad(rule, state, seen) <= _BACK * place_rad
    rests = near and _still_for_s(state) >= _STILL_S
    if rests and len(state.errors) >= rule.trials:
        return _over(state, None)
    # As any way in, the next one waits for leave to hold.
    held_back = moment.allowed is None or moment.allowed < Action.HOLD
    if rests and not held_back:
        return _to(state, Stage.LOOKED_FOR)
    if _in_stage_s(state) < _MOST_S:
        return state
    return _over(state, Untold.ENVELOPE if rests else Untold.NOT_BACK)


def _looked_for(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    """An ease, or going too far, is answered by coming back; that trial is not told."""
    if moment.allowed is Action.EASE or _lost(state) or _in_stage_s(state) >= _MOST_S:
        return _tried(state, None)
    if seen is None or state.still is None or state.place is None:
        return state
    gone_rad = _gone_rad(rule, state, seen)
    if gone_rad >= _FURTHEST * abs(rule.way_rad):
        return replace(_tried(state, None), too_far=True, called_back=state.called_back + 1)
    out_rad = _FIND_LEAST * abs(state.place.mean - (state.start_rad or 0.0))
    if gone_rad < out_rad or _still_for_s(state) < _STILL_S:
        return state
    difference, still = _usable(moment.difference), state.still
    if difference is None or not still.differences or difference.sd > _SD_MOST_RAD:
        return _tried(state, None)
    mean_rad = still.difference_sum_rad / still.differences + state.offset_rad
    return _tried(state, Estimate(rule.sign * mean_rad, difference.sd))


def _tried(state: State, error: Estimate | None) -> State:
    return replace(_to(state, Stage.BACK), errors=(*state.errors, error))


_UNDER_WAY = {
    Stage.SHOWN: _shown,
    Stage.KEPT: _kept,
    Stage.BACK: _back,
    Stage.LOOKED_FOR: _looked_for,
}
