"""How long what is held stays in its place, with how surely that is known.

With x the held angle now, x0 where it was reached, b how far it may come back and s the sd of
x - x0, it has left with P = Phi((x0 - x - b) / s); what has to be kept leaves as a compensation
does. The end lies between the instant from which that was more likely than not and the one from
which it was sure; half of what is between them is its sd.
"""

from msgspec.structs import replace

from lengthwise.coach.compensation import Keeping, Limit, beyond_probability, difference_sd_rad
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.taking_state import Moment, Rule, Stage, State
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.tested import Untaken
from lengthwise.reference.constants import constant

_LOST_S = constant("tests", "lost_s")
_EASE_S = constant("tests", "ease_most_s")
_LAPSE_S = constant("tests", "left_lapse_s")
_SURE = constant("coach", "compensation_probability")
_LEAST_SD_S = 0.5
"""Of who says enough: as surely as a word and a frame can be told apart in time."""


def held(rule: Rule, state: State, moment: Moment, seen: Estimate | None) -> State:
    """One instant of holding."""
    t_s, since_s = state.t_s or 0.0, state.since_s or 0.0
    if held_back(state, moment):
        return _over(state, why_back(moment, seen))
    if state.seen_s is None or t_s - state.seen_s >= _LOST_S:
        return _over(state, Untaken.NOT_SEEN)
    if moment.keeping is not Keeping.NOT_KNOWN or not rule.controlled or state.control_s is None:
        state = replace(state, control_s=t_s)
    elif t_s - state.control_s >= _LOST_S:
        return _over(state, Untaken.CONTROL_NOT_SEEN)
    if moment.enough:
        return _ended(state, t_s - since_s, _LEAST_SD_S)
    if t_s - since_s >= rule.longest_s:
        return replace(_ended(state, t_s - since_s, _LEAST_SD_S), at_least=True)
    if seen is None or state.held is None:
        return state
    left = _left(rule, state.held, seen, moment.keeping)
    doubt_s = None if left < 0.5 else (state.doubt_s if state.doubt_s is not None else t_s)
    left_s = None if left < _SURE else (state.left_s if state.left_s is not None else t_s)
    state = replace(state, doubt_s=doubt_s, left_s=left_s)
    if doubt_s is None or left_s is None or t_s - left_s < _LAPSE_S:
        return state
    end_s, half_s = 0.5 * (doubt_s + left_s), 0.5 * (left_s - doubt_s)
    return _ended(state, end_s - since_s, max(half_s, _LEAST_SD_S))


def held_back(state: State, moment: Moment) -> bool:
    """Whether the envelope takes what is done away: at once, or as an ease that goes on."""
    if moment.allowed is None or moment.allowed < Action.EASE:
        return True
    return state.eased_s is not None and (state.t_s or 0.0) - state.eased_s >= _EASE_S


def why_back(moment: Moment, seen: Estimate | None) -> Untaken:
    """Why somebody who was held back has no result."""
    if seen is None:
        return Untaken.NOT_SEEN
    return Untaken.LOAD if moment.by_load else Untaken.EASED


def _left(rule: Rule, held: Estimate, seen: Estimate, keeping: Keeping) -> float:
    """Probability that it is not held any more."""
    back = Limit(Coordinate.TRUNK_FLEXION, rule.leaves_rad, -1, "", None, False)
    sd_rad = difference_sd_rad(seen.sd, held.sd)
    of_place = beyond_probability(seen.mean - held.mean, sd_rad, back)
    of_keeping = {Keeping.BEYOND: 1.0, Keeping.DOUBTFUL: 0.5}.get(keeping, 0.0)
    return max(of_place, of_keeping if rule.controlled else 0.0)


def _ended(state: State, held_s: float, sd_s: float) -> State:
    return replace(_back(state), held_for=Estimate(max(held_s, 0.0), sd_s))


def _back(state: State) -> State:
    return replace(state, stage=Stage.BACK, since_s=state.t_s, still=None, stayed=None, recent=())


def _over(state: State, why: Untaken) -> State:
    """No time is told of it; the way back is led all the same."""
    return replace(_back(state), spoilt=(*state.spoilt, why))
