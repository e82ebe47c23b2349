"""What of a planned week is done today, by where a person stands today. Pure.

    items = of_today(week, 3, standing, given_s)

A week is planned for seven days as they come, but days go otherwise: plans are made anew within a
week, sessions are caught up. So what any muscle got in the six days before is counted here, and
more than it may have in seven days is not given, whatever the weeks say.
"""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.progress import Standing
from lengthwise.contracts.week import PlannedItem, Purpose, Week
from lengthwise.plan.allocation import DAYS, FULL_S
from lengthwise.reference.exercises import Exercise

Muscle = tuple[MuscleGroup, Side]

_WHILE_HELD = frozenset({Purpose.BREATH, Purpose.WALK})
"""Nobody is told to rest."""


def of_today(
    week: Week,
    number: int,
    standing: Standing,
    given_s: Mapping[Muscle, float],
    known: Mapping[str, Exercise],
    thirds: Mapping[str, int] | None = None,
) -> tuple[PlannedItem, ...]:
    """The items of day `number` (1 to 7). `given_s`: seconds of lengthening of each muscle in the
    six days before this one. `thirds`: of an exercise's rounds, where it was expected to hurt
    (`plan.thirds`); one round is left of each."""
    items: Iterable[PlannedItem] = week.days[(number - 1) % DAYS].items
    if standing.held:
        return tuple(item for item in items if item.purpose in _WHILE_HELD)
    done: list[PlannedItem] = []
    sums = dict(given_s)
    for item in items:
        fitting = _fitting(_part(item, (thirds or {}).get(item.exercise_id, 3)), sums, known)
        if fitting is None:
            continue
        done.append(fitting)
        for muscle, seconds in lengthens_s(fitting, known).items():
            sums[muscle] = sums.get(muscle, 0.0) + seconds
    return tuple(done)


def _part(item: PlannedItem, thirds: int) -> PlannedItem:
    """Fewer rounds, never more."""
    rounds = min(max(item.rounds * thirds // 3, 1), item.rounds)
    return replace(item, rounds=rounds, takes_s=item.takes_s * rounds / item.rounds)


def _fitting(
    item: PlannedItem, sums: Mapping[Muscle, float], known: Mapping[str, Exercise]
) -> PlannedItem | None:
    """The item with as many rounds as every muscle of it may still have."""
    for rounds in range(item.rounds, 0, -1):
        takes_s = item.takes_s * rounds / item.rounds
        fewer = replace(item, rounds=rounds, takes_s=takes_s) if rounds < item.rounds else item
        gives = lengthens_s(fewer, known)
        if all(sums.get(muscle, 0.0) + s <= FULL_S for muscle, s in gives.items()):
            return fewer
    return None


def lengthens_s(item: PlannedItem, known: Mapping[str, Exercise]) -> dict[Muscle, float]:
    """Seconds for which an item lengthens each muscle that it names."""
    if item.purpose is not Purpose.LENGTH:
        return {}
    e = known[item.exercise_id]
    named = {
        (t.group, t.side) for s in item.sides or (e.written_for,) for t in e.for_side(s).targets
    }
    return dict.fromkeys(sorted(named), item.rounds * item.hold_s)
