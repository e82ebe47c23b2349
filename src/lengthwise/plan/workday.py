"""Short breaks to move in a working day, and what the day weighs in the week (rule W). Pure.

Each break goes into the middle of the longest time without one, until none is longer than
`still_most_min` or there are as many as the person likes. What is done in them takes turns: some
steps, an easy movement, a stretch for the heaviest need that fits into the minutes, as `sitting`
weighs them. How somebody sits is no finding and is not asked; a day makes no need and opens
nothing.
"""

from collections.abc import Mapping, Sequence

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.week import NeededLength
from lengthwise.contracts.workday import Break, Desk, Doing, Workday, WorkdayTold
from lengthwise.plan.allocation import takes_s
from lengthwise.plan.eligible import eligible
from lengthwise.plan.preferred import goes_astray
from lengthwise.plan.sitting import weighed
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_parts import ExerciseKind, Place
from lengthwise.reference.exercises import Exercise

_STILL_MIN = int(constant("workday", "still_most_min"))
_APART_MIN = int(constant("workday", "apart_least_min"))
_ROOM_MIN = max(_STILL_MIN + 1, 2 * _APART_MIN)
_SEATED = frozenset({Place.DESK})
_STANDING = frozenset({Place.DESK, Place.CHAIR, Place.STANDING})
_EVIDENCE = ("effect.work_stretching", "work.prompts")

Done = tuple[Exercise, tuple[Side, ...]]


def workday(told: WorkdayTold, known: Mapping[str, Exercise]) -> Workday:
    """The breaks of a day, and what the hours that are sat weigh in it and in a week."""
    needs = _by_hours(told)
    before = _gaps(told, ())
    breaks = _filled(told, _placed(told), _candidates(told, known, needs))
    longest = max(b - a for a, b in _gaps(told, [b.at_min for b in breaks]))
    wanting = longest > _STILL_MIN
    reason = "breaks" if breaks else "none_needed" if not wanting else "none_wanted"
    return Workday(
        action="breaks" if breaks else "none",
        breaks=breaks,
        longest_min=longest,
        longest_before_min=max(b - a for a, b in before),
        weighed=_weighed(told, needs),
        too_few=wanting,
        reason=reason,
        would_change="more_breaks" if wanting else "other_day",
        rule_ids=("W",),
        evidence_ids=_EVIDENCE,
    )


def _by_hours(told: WorkdayTold) -> tuple[NeededLength, ...]:
    if told.asked is None:
        return ()
    return weighed(told.asked.needs, hours_of(told))


def hours_of(told: WorkdayTold) -> float | None:
    """Hours that are sat, by the day itself or else by the week that is asked for."""
    of_week = None if told.asked is None else told.asked.sitting_h
    return of_week if told.sitting_h is None else told.sitting_h


def _weighed(told: WorkdayTold, needs: Sequence[NeededLength]) -> dict[str, float]:
    asked = () if told.asked is None else told.asked.needs
    return {
        f"{n.group.value}_{n.side.value}": n.weight / before.weight
        for n, before in zip(needs, asked, strict=True)
        if n.weight != before.weight
    }


def _placed(told: WorkdayTold) -> tuple[int, ...]:
    """Minutes of the day at which a break is suggested, in order."""
    at: tuple[int, ...] = ()
    while len(at) < told.most:
        room = [(a, b) for a, b in _gaps(told, at) if b - a >= _ROOM_MIN]
        if not room:
            break
        a, b = max(room, key=lambda gap: (gap[1] - gap[0], -gap[0]))
        at = tuple(sorted((*at, (a + b) // 2)))
    return at


def _gaps(told: WorkdayTold, at: Sequence[int]) -> list[tuple[int, int]]:
    """Times without a break, from begin to end."""
    stops = [(p.at_min, p.at_min + p.minutes) for p in told.pauses] + [(m, m) for m in at]
    gaps, begin = [], told.from_min
    for first, last in sorted(stops):
        if last <= begin or first >= told.until_min:
            continue
        gaps.append((begin, max(first, begin)))
        begin = last
    return [*gaps, (min(begin, told.until_min), told.until_min)]


def _candidates(
    told: WorkdayTold, known: Mapping[str, Exercise], needs: Sequence[NeededLength]
) -> list[list[Done]]:
    """Easy movements, and stretches the heaviest need first, each short enough."""
    if told.asked is None:
        return [[], []]
    places = _STANDING if told.stands else _SEATED
    able = [e for e in eligible(told.asked, known.values()) if e.place in places]
    move = [e for e in able if e.kind is ExerciseKind.ACTIVE_MOBILITY]
    move = [e for e in move if not goes_astray(told.asked, e)]
    most_s = 60.0 * told.minutes_each
    moves: list[Done] = [
        (e, tuple(Side) if e.bilateral else ())
        for e in move
        if takes_s(e, 2 if e.bilateral else 1, 1) <= most_s
    ]
    stretches: list[Done] = []
    for need in sorted(needs, key=lambda n: -n.weight):
        for e in able:
            done = _for_need(e, need)
            if done is not None and takes_s(e, max(len(done[1]), 1), 1) <= most_s:
                # Two muscles of one place may have the same stretch: it comes once in a turn.
                stretches += [] if done in stretches else [done]
                break
    return [moves, stretches]


def _for_need(e: Exercise, need: NeededLength) -> Done | None:
    if e.kind is not ExerciseKind.STATIC_STRETCH:
        return None
    if e.bilateral and any(t.group is need.group for t in e.targets):
        side = next(s for s in Side if any((t.group, t.side) == (need.group, need.side)
                                           for t in e.for_side(s).targets))  # fmt: skip
        return e, (side,)
    named = any((t.group, t.side) == (need.group, need.side) for t in e.targets)
    return (e, ()) if named else None


def _filled(
    told: WorkdayTold, at: Sequence[int], candidates: Sequence[Sequence[Done]]
) -> tuple[Break, ...]:
    """In turn some steps, an easy movement and a stretch, as far as there are any; nobody who
    stands or moves all day is sent walking."""
    walks = told.stands and told.desk in (Desk.SITTING, Desk.SIT_STAND)
    kinds = [*([None] if walks else []), *(c for c in candidates if c)]
    if not kinds:
        return ()
    breaks = []
    for place, minute in enumerate(at):
        turn, kind = place // len(kinds), kinds[place % len(kinds)]
        if kind is None:
            breaks.append(Break(minute, told.minutes_each, Doing.WALK))
            continue
        e, sides = kind[turn % len(kind)]
        breaks.append(Break(minute, told.minutes_each, Doing.EXERCISE, e.id, sides))
    return tuple(breaks)
