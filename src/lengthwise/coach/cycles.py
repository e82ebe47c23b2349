"""Counts the slow movements of an exercise to and fro, and what each was worth. A pure step.

What a movement is, is said by `repetitions` alone: it leaves a rest that was seen, turns, and comes
back. Where there is an end on either side the first one leaves from the middle, so it is counted
when the next one leaves from the other end. A cycle is worth the least of what its time under way
deserved; a lapse of `lapse_s` in all is forgiven.
"""

from enum import StrEnum
from math import acos, pi

from msgspec import Struct
from msgspec.structs import replace

from lengthwise.coach import repetitions
from lengthwise.coach.evenness import Made
from lengthwise.coach.hold_clock import Counting
from lengthwise.coach.repetition import Coefficients, Form, published_coefficients
from lengthwise.coach.settings import Settings
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercise_parts import Tempo

_WHOLE_OF_HALF = 1.67
"""Of an even movement: from end to end and back beside from the middle to one end and back, each
between its departure and its return as they are noticed."""


class CycleNews(StrEnum):
    """`unsure`: made, and something that matters was not known; `unkept`: something left its
    place; `fast`: quicker than asked for. The last two count for nothing."""

    COUNTED = "counted"
    UNSURE = "unsure"
    UNKEPT = "unkept"
    FAST = "fast"


class CycleRule(Struct, frozen=True):
    """What counts as a cycle of one exercise.

    `both_ways`: there is an end on either side of the start. `least`: share of the way to an end
    below which nothing is a movement, `doubts` the same in sd of the movement, whichever is more;
    where `doubts` are more than `surest` it is led by ear: only how quick it is is told;
    `shortest_s` of a cycle; `noticed` is the share of an even one between its departure and its
    return as they are noticed.
    """

    both_ways: bool
    least: float
    doubts: float
    surest: float
    shortest_s: float
    noticed: float
    lapse_s: float
    largest_gap_s: float
    coefficients: Coefficients


class CycleCount(Struct, frozen=True, gc=False):
    """`counted` in full, `unsure` hollow ones.

    `signal`: of the movement. `from_middle`: the next one may leave from the middle; `first_s`: how
    long one that did took there and back, while it is under way to its other end, else None.
    `unkept_s`, `unknown_s`: of the cycle under way; `known_low`, `known_high`: how far it went by
    angles that are claimed, None before any is. `previous_s`: the latest frame. `cycle_s`
    seconds of the last cycle, as if even, `last_fast` whether it was too quick. `by_ear`: the one
    under way was at some time seen too unsurely to be counted. `made`: those
    that were seen by claimed angles, whatever they counted for, for what is said of the set.
    """

    counted: int = 0
    unsure: int = 0
    signal: repetitions.State = repetitions.State()
    from_middle: bool = True
    first_s: float | None = None
    unkept_s: float = 0.0
    unknown_s: float = 0.0
    known_low: float | None = None
    known_high: float | None = None
    previous_s: float | None = None
    cycle_s: float | None = None
    last_fast: bool = False
    by_ear: bool = False
    made: tuple[Made, ...] = ()

    @property
    def moving(self) -> bool:
        return self.signal.phase is repetitions.Phase.MOVING

    @property
    def known_sweep(self) -> float:
        if self.known_low is None or self.known_high is None:
            return 0.0
        return self.known_high - self.known_low

    @property
    def seen(self) -> int:
        """However they were made known, in full or hollow."""
        return self.counted + self.unsure

    def interrupted(self) -> "CycleCount":
        """The cycles kept, and nothing counted across the interruption."""
        return CycleCount(self.counted, self.unsure, made=self.made)

    def from_rest(self) -> "CycleCount":
        """The same where the body has been seen at rest until now."""
        return replace(self, signal=repetitions.rested())


def cycle_rule(tempo: Tempo, *, both_ways: bool, settings: Settings) -> CycleRule:
    """By the tempo asked for, else slow in general."""
    c = published_coefficients()
    asked_s = tempo.cycle_s
    shortest_s = settings.cycle_min_s if asked_s is None else settings.cycle_fast_ratio * asked_s
    return CycleRule(
        both_ways=both_ways,
        least=settings.cycle_least_ratio,
        doubts=settings.cycle_doubts_ratio,
        surest=settings.cycle_surest_ratio * (2.0 if both_ways else 1.0),
        shortest_s=shortest_s,
        noticed=_noticed(c),
        lapse_s=settings.lapse_s,
        largest_gap_s=settings.largest_gap_s,
        coefficients=c,
    )


def _noticed(c: Coefficients) -> float:
    """Of the eased cycle x = (1 - cos 2 pi u) / 2."""
    leaves, returns = c.rest_ratio * c.depart_ratio, c.return_ratio
    return 1.0 - (acos(1.0 - 2.0 * leaves) + acos(1.0 - 2.0 * returns)) / (2.0 * pi)


def step(
    count: CycleCount,
    rule: CycleRule,
    movement: Estimate | None,
    *,
    t_s: float,
    deserves: Counting | None,
    known: float | None = None,
) -> tuple[CycleCount, CycleNews | None]:
    """One frame. `movement` as share of the way to an end, None: not known; `known` the same by
    angles that are claimed alone; `deserves`: what this moment is worth whatever moves, None while
    nothing is counted yet. A movement whose claimed angles did not go as far is hollow."""
    sd = 0.0 if movement is None else movement.sd
    least = max(rule.least, rule.doubts * sd)
    params = repetitions.Params(Form.THERE_AND_BACK, least, rule.coefficients)
    value = None if movement is None else movement.mean
    signal, out = repetitions.step(params, count.signal, repetitions.Sample(t_s, value))
    count = _swept(_spent(count, signal, rule, t_s, deserves), known)
    if count.moving and not countable(rule, movement):
        count = replace(count, by_ear=True)
    if deserves is None:
        return _anew(count), None
    if count.first_s is not None and count.moving:
        return _made(count, rule, _WHOLE_OF_HALF * count.first_s, log_jerk=None)
    found = out.repetition
    if found is None or found.amplitude < rule.least:
        clean = count.unkept_s == 0.0 and count.unknown_s == 0.0 and not count.by_ear
        if clean or count.moving or count.first_s is not None:
            return count, None
        return _anew(count), None
    if rule.both_ways and count.from_middle:
        return replace(count, from_middle=False, first_s=found.duration_s), None
    smooth = sd <= rule.coefficients.smooth_sd_ratio
    return _made(count, rule, found.duration_s, log_jerk=found.log_jerk if smooth else None)


def countable(rule: CycleRule, movement: Estimate | None) -> bool:
    """Whether it is known well enough to be counted, not only to be called too quick."""
    return movement is not None and rule.doubts * movement.sd <= rule.surest


def _swept(count: CycleCount, known: float | None) -> CycleCount:
    if known is None:
        return count
    low = known if count.known_low is None else min(known, count.known_low)
    high = known if count.known_high is None else max(known, count.known_high)
    return replace(count, known_low=low, known_high=high)


def _anew(count: CycleCount) -> CycleCount:
    """Time under way begins anew; how far it went does so where a movement was made."""
    if count.unkept_s == 0.0 and count.unknown_s == 0.0 and not count.by_ear:
        return count
    return replace(count, unkept_s=0.0, unknown_s=0.0, by_ear=False)


def _spent(
    count: CycleCount,
    signal: repetitions.State,
    rule: CycleRule,
    t_s: float,
    deserves: Counting | None,
) -> CycleCount:
    """Only time under way counts against a cycle: between two of them anybody may rest."""
    previous_s = t_s if count.previous_s is None else count.previous_s
    lasts_s = min(max(t_s - previous_s, 0.0), rule.largest_gap_s)
    if signal.phase is not repetitions.Phase.MOVING:
        lasts_s = 0.0
    return replace(
        count,
        signal=signal,
        previous_s=t_s,
        unkept_s=count.unkept_s + lasts_s * (deserves is Counting.WAITING),
        unknown_s=count.unknown_s + lasts_s * (deserves is Counting.UNCERTAIN),
    )


def _made(
    count: CycleCount, rule: CycleRule, noticed_s: float, *, log_jerk: float | None
) -> tuple[CycleCount, CycleNews | None]:
    cycle_s = noticed_s / rule.noticed
    news: CycleNews | None = _worth(count, rule, cycle_s)
    if count.by_ear and news is not CycleNews.FAST:
        news = None
    seen = news is not None and count.known_sweep >= rule.least
    made = (Made(cycle_s, log_jerk),) if seen else ()
    done = replace(
        count,
        counted=count.counted + (news is CycleNews.COUNTED),
        unsure=count.unsure + (news is CycleNews.UNSURE),
        first_s=None,
        unkept_s=0.0,
        unknown_s=0.0,
        known_low=None,
        known_high=None,
        cycle_s=cycle_s,
        last_fast=news is CycleNews.FAST,
        by_ear=False,
        made=(*count.made, *made),
    )
    return done, news


def _worth(count: CycleCount, rule: CycleRule, cycle_s: float) -> CycleNews:
    if cycle_s < rule.shortest_s:
        return CycleNews.FAST
    if count.unkept_s > rule.lapse_s:
        return CycleNews.UNKEPT
    if count.unkept_s + count.unknown_s > rule.lapse_s or count.known_sweep < rule.least:
        return CycleNews.UNSURE
    return CycleNews.COUNTED
