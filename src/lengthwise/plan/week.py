"""The week: who may do what, how often, on which day, and why.

    week = planned(asked, exercises().values(), effects)

Pure: the same question gives the same week, in whatever order its parts stand. `effects` by
exercise, of this body, with the left side working.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.week import (
    Action,
    Day,
    Lack,
    Missing,
    NeededLength,
    PlannedItem,
    Purpose,
    Unmet,
    Week,
    WeekAsked,
    Why,
)
from lengthwise.plan.allocation import (
    DAYS,
    FLOOR_S,
    Allocation,
    Candidate,
    allocated,
    candidates,
    day_s_of,
    purpose_of,
)
from lengthwise.plan.beginning import FELT
from lengthwise.plan.days import spread
from lengthwise.plan.eligible import bars, eligible, left_out, left_out_by
from lengthwise.plan.preferred import goes_first, preferred
from lengthwise.plan.sitting import weighed
from lengthwise.reference.constants import constant
from lengthwise.reference.effort import ACUTE_EFFORT
from lengthwise.reference.exercises import Exercise

_BREATH_S = constant("plan", "day_breath_s")
_TIGHTER_S = 1.0
"""Where the days do not hold the week, so much of what it takes is given up."""
_RULES = {
    Purpose.BREATH: ("B",),
    Purpose.REST: ("D",),
    Purpose.MOVE: ("P", "F"),
    Purpose.CONTROL: ("T", "D"),
    Purpose.LENGTH: ("I", "T", "D", "B"),
    Purpose.WALK: ("D", "F"),
}
_IF = frozenset({"P", "F", "I"})
"""Those of phase and flare only where they hold, that of what is short where it was measured."""
_ORDER = tuple(Purpose)

Days = Sequence[Sequence[Candidate]]


def planned(
    asked: WeekAsked, known: Iterable[Exercise], effects: Mapping[str, ExerciseEffect]
) -> Week:
    """The week of one person."""
    needs = weighed(sorted(asked.needs, key=lambda n: (n.group, n.side)), asked.sitting_h)
    asked = replace(asked, needs=needs)
    known = sorted(known, key=lambda e: e.id)
    able = eligible(asked, known)
    found = candidates(asked, able, effects)
    allocation, days = _fitted(asked, found)
    why = tuple(_why(asked, c, n, found) for c, n in _whole(allocation))
    breaths = [e for e in able if purpose_of(e) is Purpose.BREATH]
    breath = min(breaths, key=lambda e: (e.id not in asked.liked, e.id), default=None)
    return Week(
        action=Action.WEEK if any(allocation.gives_s.values()) else Action.NO_STRETCH,
        days=tuple(_day(n + 1, breath, items) for n, items in enumerate(days)),
        why=why,
        unmet=_unmet(asked, allocation, able, known),
        needs=asked.needs,
        gives_s=tuple(allocation.gives_s[n.group, n.side] for n in asked.needs),
        rule_ids=tuple(
            sorted(
                {
                    *bars(asked),
                    *left_out_by(asked, known),
                    *(rule for w in why for rule in w.rule_ids),
                }
            )
        ),
        evidence_ids=tuple(sorted({i for w in why for i in w.evidence_ids})),
        missing=_missing(asked, {w.purpose for w in why}, known),
    )


def _fitted(asked: WeekAsked, found: Sequence[Candidate]) -> tuple[Allocation, Days]:
    """The best week that its days hold."""
    day_s = day_s_of(asked)
    time_s = asked.volume * DAYS * day_s
    while True:
        allocation = allocated(asked, found, time_s=time_s)
        days = spread(allocation.times, day_s=day_s)
        if days is not None:
            return allocation, days
        time_s = sum(n * c.takes_s for c, n in allocation.times) - _TIGHTER_S


def _whole(allocation: Allocation) -> list[tuple[Candidate, int]]:
    """Each exercise once, with all its times, whichever sides."""
    times: dict[str, tuple[Candidate, int]] = {}
    for c, n in allocation.times:
        before = times.get(c.exercise.id)
        times[c.exercise.id] = (c, n) if before is None else (before[0], before[1] + n)
    return list(times.values())


def _why(asked: WeekAsked, c: Candidate, times: int, found: Sequence[Candidate]) -> Why:
    serves = [n for n in asked.needs if (n.group, n.side) in c.gives_s]
    serves.sort(key=lambda n: -n.weight)
    first = (serves[0].group, serves[0].side) if serves else None
    holding = {rule.partition(".")[0] for rule in bars(asked)}
    if any(not n.finding.startswith(FELT) for n in serves):
        holding.add("I")
    rules = tuple(r for r in _RULES[c.purpose] if r not in _IF or r in holding)
    if c.purpose is Purpose.CONTROL and ACUTE_EFFORT in bars(asked):
        rules = (*rules, "P")
    way = preferred(asked) if goes_first(asked, c.exercise) else None
    if way is not None:
        by_word = asked.clinician is not None and asked.clinician.preferred is way
        rules = ("D", *(("clinician",) if by_word else ("K",)), *rules)
    rivals = {o.exercise.id for o in found if first in o.gives_s}
    return Why(
        exercise_id=c.exercise.id,
        purpose=c.purpose,
        times=times,
        serves=tuple(serves),
        gain_ratio=None if first is None else c.worth_s[first] / c.gives_s[first],
        among=len(rivals),
        rule_ids=rules,
        evidence_ids=c.exercise.evidence,
        direction=way,
    )


def _day(number: int, breath: Exercise | None, items: Sequence[Candidate]) -> Day:
    done = [_item(c) for c in items]
    done.sort(key=lambda item: (_ORDER.index(item.purpose), item.exercise_id))
    if breath is not None:
        dose = breath.dose
        first = PlannedItem(breath.id, (), Purpose.BREATH, 1, dose.hold_s, _BREATH_S)
        done.insert(0, first)
    return Day(number, tuple(done))


def _item(c: Candidate) -> PlannedItem:
    dose = c.exercise.dose
    return PlannedItem(c.exercise.id, c.sides, c.purpose, c.rounds, dose.hold_s, c.takes_s)


def _unmet(
    asked: WeekAsked, allocation: Allocation, able: Sequence[Exercise], known: Sequence[Exercise]
) -> tuple[Unmet, ...]:
    holding = bars(asked)
    found = []
    for need in asked.needs:
        week_s = allocation.gives_s[need.group, need.side]
        if week_s >= FLOOR_S:
            continue
        if any(_lengthens(e, need) for e in able):
            found.append(Unmet(need, week_s, Lack.TIME))
            continue
        made = [e for e in known if _lengthens(e, need)]
        reasons = {reason for e in made for reason in left_out(e, asked, holding)}
        lack = Lack.BARRED if made else Lack.NO_EXERCISE
        found.append(Unmet(need, week_s, lack, tuple(sorted(reasons))))
    return tuple(found)


def _missing(
    asked: WeekAsked, there: set[Purpose], known: Sequence[Exercise]
) -> tuple[Missing, ...]:
    """Control and walking belong to every week; where one is not in it, that is said."""
    holding, found = bars(asked), []
    for purpose in (Purpose.CONTROL, Purpose.WALK):
        if purpose in there:
            continue
        reasons = [set(left_out(e, asked, holding)) for e in known if purpose_of(e) is purpose]
        shared = set.intersection(*reasons) if reasons else set()
        barred = shared or (set.union(*reasons) if all(reasons) else set())
        found.append(Missing(purpose, tuple(sorted(barred))))
    return tuple(found)


def _lengthens(e: Exercise, need: NeededLength) -> bool:
    """Whether a stretch is for that muscle, on either side where it is done on both."""
    sides = {t.side for t in e.targets if t.group is need.group}
    return purpose_of(e) is Purpose.LENGTH and bool(sides) and (e.bilateral or need.side in sides)
