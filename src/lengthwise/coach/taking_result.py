"""The result of a test from its tries, or why there is none. Pure."""

from math import hypot, sqrt
from statistics import fmean, median

from msgspec import Struct

from lengthwise.coach.compensation import Keeping
from lengthwise.coach.taking_state import Rule, Stage, State, Try
from lengthwise.contracts.states import Estimate
from lengthwise.contracts.tested import Untaken
from lengthwise.reference.exercise_taken import OfTries, Way


class Told(Struct, frozen=True):
    """What is told of a test: `value` (rad, of what is held s) or why not."""

    value: Estimate | None = None
    controlled: bool | None = None
    untaken: Untaken | None = None


def result(rule: Rule, state: State) -> Told:
    """What is told of a test as it stands, or why nothing is."""
    if state.stage is not Stage.OVER:
        begun = state.start is not None
        return Told(untaken=Untaken.CUT_OFF if begun else Untaken.NOT_BEGUN)
    if state.untaken is not None:
        return Told(untaken=state.untaken)
    if rule.way is Way.REPEATED:
        answered = None not in (state.before, state.after)
        return Told(untaken=None if answered else Untaken.NOT_ANSWERED)
    if rule.way is Way.HELD:
        return Told(state.held_for, rule.controlled or None)
    return _of_tries(rule, state.tries)


def _of_tries(rule: Rule, tries: tuple[Try, ...]) -> Told:
    """Only tries in which what has to be kept was known to be kept.

    What all tries share, the doubt of start and set-up, does not shrink with their number.
    """
    kept = [t for t in tries if not rule.controlled or t.keeping is Keeping.KEPT]
    if not kept:
        left = any(t.keeping is Keeping.BEYOND for t in tries)
        why = Untaken.NOT_CONTROLLED if left else Untaken.CONTROL_NOT_SEEN
        return Told(controlled=False if left else None, untaken=why)
    values = [t.angle.mean for t in kept]
    value = median(values) if rule.of_tries is OfTries.MEDIAN else max(values)
    sd_rad = sqrt(fmean(t.angle.sd**2 for t in kept))
    spread_rad = 0.0
    if len(values) > 1:
        mean_rad = fmean(values)
        spread_rad = sqrt(sum((v - mean_rad) ** 2 for v in values) / (len(values) - 1))
    sd = hypot(sd_rad, spread_rad / sqrt(len(values)))
    return Told(Estimate(value, sd), True if rule.controlled else None)
