"""How often each exercise is done in a week: the most for what is short, within the time.

An integer programme. Lengthening counts in seconds of the muscles that an exercise names, each by
how far it takes this body's muscle beside the best exercise that may be given. The benefit of a
muscle grows with its weekly seconds up to a floor, half as fast from there to where flexibility
saturates, and not beyond. The heaviest needs come to their floor before anything else; work of
control and walking are always in. While pain is new, worse or much, days have what is easy:
movement in the preferred direction, positions that feel easier, and more walking. Equals are
decided by the person's liking, then by name, and never by side: a person in the mirror gets the
week in the mirror.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.week import NeededLength, Purpose, WeekAsked
from lengthwise.plan.eligible import bars, much_pain
from lengthwise.plan.preferred import goes_astray, goes_first, is_new_or_worse
from lengthwise.reference.constants import constant
from lengthwise.reference.effort import ACUTE_EFFORT, reaches_later
from lengthwise.reference.exercise_parts import TRAINING, ExerciseKind, TrainedMuscle
from lengthwise.reference.exercises import Exercise

DAYS = 7
FLOOR_S = constant("plan", "week_floor_s")
FULL_S = constant("plan", "week_full_s")
_BEYOND = constant("plan", "week_beyond_floor_ratio")
_TOP_NEEDS = int(constant("plan", "week_top_needs"))
_CONTROL_TIMES = constant("plan", "week_control_times")
_WALK_TIMES = constant("plan", "week_walk_times")
_EASY_TIMES = constant("plan", "week_easy_times")
_EASY_WALK_TIMES = constant("plan", "week_easy_walk_times")
_COMFORT_TIMES = constant("plan", "week_comfort_each_times")
_BREATH_S = constant("plan", "day_breath_s")
_ACUTE_ROUNDS = int(constant("plan", "acute_rounds_most"))
_CHANGE_S = 10.0
"""Between two holds (rule B)."""
_MOST_ROUNDS = 3
_PROMISED = 100.0
"""What a missing promise (a floor, control, walking) weighs beside all benefit together."""
_WISHED = 1.0
"""The same of what easy days have besides."""
_TOO_LIGHT = 2e-3
"""What work below rule D's effort of later phases costs a time: beside what reaches it, it is not
done, liked or not."""
_EFFORT = 4e-4
"""What all that a muscle can costs a time while pain is new: of equals the lighter one is done."""
_LIKED = 1e-3
_SECOND = 1e-6
"""What a second costs: what brings no benefit is not done."""
_TIE = 1e-7
_EDGE = 1e-6
_SCALE = 1000.0
"""Far above what the solver takes for equal."""

_DEEP = (TrainedMuscle.MULTIFIDUS, TrainedMuscle.TRANSVERSUS_ABDOMINIS)
"""Held and never stretched (rule T)."""
_PURPOSES = {
    ExerciseKind.STATIC_STRETCH: Purpose.LENGTH,
    ExerciseKind.ACTIVE_MOBILITY: Purpose.MOVE,
    ExerciseKind.BREATHING: Purpose.BREATH,
    ExerciseKind.REST_POSITION: Purpose.REST,
    ExerciseKind.WALKING: Purpose.WALK,
}

Muscle = tuple[MuscleGroup, Side]


class Candidate(Struct, frozen=True):
    """An exercise on the sides it would be done on; none: both work at once. `gives_s`: seconds of
    lengthening a time by muscle; `worth_s`: the same, each by how far it takes the muscle beside
    the best exercise for it."""

    exercise: Exercise
    sides: tuple[Side, ...]
    purpose: Purpose
    rounds: int
    takes_s: float
    gives_s: dict[Muscle, float]
    worth_s: dict[Muscle, float]


class Allocation(Struct, frozen=True):
    """`times` a week of each candidate that is done at all; `gives_s`: lengthening of each needed
    muscle in the week."""

    times: tuple[tuple[Candidate, int], ...]
    gives_s: dict[Muscle, float]


def purpose_of(e: Exercise) -> Purpose | None:
    """None: it is in no plan of its own, as nerve sliders are not."""
    return Purpose.CONTROL if e.kind in TRAINING else _PURPOSES.get(e.kind)


class Promise(Struct, frozen=True):
    """Of which candidates how many times a week at least, and what each missing time weighs."""

    of: frozenset[int]
    times: float
    weight: float = _PROMISED


def promises(asked: WeekAsked, found: Sequence[Candidate]) -> list[Promise]:
    """What is done where the time holds it: each deep muscle of the trunk at work, and walking.
    Easy movement stands in for far stretches as long as those are left out because pain is new or
    worse, in the preferred direction where there is one; with much pain there are positions that
    feel easier. On such days more of what is easy is done as far as there is room."""

    def of(purpose: Purpose) -> frozenset[int]:
        return frozenset(i for i, c in enumerate(found) if c.purpose is purpose)

    walks = of(Purpose.WALK)
    made = [
        Promise(frozenset(i for i, c in enumerate(found) if _trains(c, m)), _CONTROL_TIMES)
        for m in _DEEP
    ]
    made.append(Promise(walks, _WALK_TIMES))
    new, much = is_new_or_worse(asked), much_pain(asked.care)
    if new or much:
        made.append(Promise(walks, _EASY_WALK_TIMES, _WISHED))
    if new:
        first = frozenset(i for i, c in enumerate(found) if goes_first(asked, c.exercise))
        moves = first or of(Purpose.MOVE)
        made += [Promise(moves, _CONTROL_TIMES), Promise(moves, _EASY_TIMES, _WISHED)]
        made += [Promise(frozenset({i}), _EASY_TIMES, _WISHED) for i in sorted(first)]
    if much:
        rests = of(Purpose.REST)
        made += [Promise(rests, _CONTROL_TIMES), Promise(rests, _EASY_TIMES, _WISHED)]
        made += [Promise(frozenset({i}), _COMFORT_TIMES, _WISHED) for i in sorted(rests)]
    return made


def _trains(c: Candidate, muscle: TrainedMuscle) -> bool:
    return c.purpose is Purpose.CONTROL and any(t.muscle is muscle for t in c.exercise.trained)


def day_s_of(asked: WeekAsked) -> float:
    """Seconds of a day beside its breathing."""
    return 60.0 * asked.minutes_a_day - _BREATH_S


def takes_s(e: Exercise, sides: int, rounds: int) -> float:
    """Seconds with coming in and rests; at least what rule B reckons."""
    a_round = e.dose.hold_s + max(e.dose.ease_in_s + e.dose.rest_s, _CHANGE_S)
    return max(sides, 1) * rounds * a_round


def candidates(
    asked: WeekAsked, able: Sequence[Exercise], effects: Mapping[str, ExerciseEffect]
) -> tuple[Candidate, ...]:
    """`able`: exercises that may be given; `effects` of each with the left side working. An
    exercise that lengthens nothing that is needed is not there, nor one that goes one way alone
    unless that way is the preferred one."""
    weights = {(need.group, need.side): need.weight for need in asked.needs}
    best = _best_gains(able, effects)
    walks = _walks(asked, able)
    found: list[Candidate] = []
    for e in able:
        purpose = purpose_of(e)
        if purpose is None or purpose is Purpose.BREATH:
            continue
        if goes_astray(asked, e) or (purpose is Purpose.WALK and e.id not in walks):
            continue
        for sides in _sides(e, purpose, weights):
            shares = {m: _share(effects.get(e.id), m, sides, best) for m in _lengthened(e, sides)}
            if purpose is not Purpose.LENGTH:
                shares = {}
            elif not shares.keys() & weights.keys():
                continue
            for rounds in _rounds(asked, e, purpose):
                gives = dict.fromkeys(shares, rounds * e.dose.hold_s)
                worth = {m: shares[m] * s for m, s in gives.items()}
                takes = takes_s(e, len(sides), rounds)
                found.append(Candidate(e, sides, purpose, rounds, takes, gives, worth))
    return tuple(found)


def _walks(asked: WeekAsked, able: Sequence[Exercise]) -> frozenset[str]:
    """The longest that a day holds, and what else is liked."""
    day_s = day_s_of(asked)
    walks = [e for e in able if purpose_of(e) is Purpose.WALK]
    fitting = [e.dose.hold_s for e in walks if takes_s(e, int(e.bilateral), 1) <= day_s]
    longest_s = max(fitting, default=0.0)
    return frozenset(e.id for e in walks if e.dose.hold_s == longest_s or e.id in asked.liked)


def _sides(
    e: Exercise, purpose: Purpose, weights: Mapping[Muscle, float]
) -> list[tuple[Side, ...]]:
    """Both sides, and the side that needs it more on its own."""
    if not e.bilateral:
        return [()]
    both: list[tuple[Side, ...]] = [(Side.LEFT, Side.RIGHT)]
    if purpose is Purpose.LENGTH:
        needed = {s: sum(weights.get(m, 0.0) for m in _lengthened(e, (s,))) for s in Side}
        if needed[Side.LEFT] != needed[Side.RIGHT]:
            both.append((max(Side, key=lambda s: needed[s]),))
    return both


def _rounds(asked: WeekAsked, e: Exercise, purpose: Purpose) -> tuple[int, ...]:
    """A stretch may have one round more than its file says, to three; while pain is new a hold has
    ten at most (rule D)."""
    own = e.dose.rounds
    if e.kind is ExerciseKind.ISOMETRIC_HOLD and ACUTE_EFFORT in bars(asked):
        own = min(own, _ACUTE_ROUNDS)
    more = purpose is Purpose.LENGTH and own < _MOST_ROUNDS
    return (own, own + 1) if more else (own,)


def _lengthened(e: Exercise, sides: tuple[Side, ...]) -> list[Muscle]:
    """Each muscle once that the exercise names on the sides that work."""
    working = sides or (e.written_for,)
    named = [(t.group, t.side) for side in working for t in e.for_side(side).targets]
    return list(dict.fromkeys(named))


def _gain(effect: ExerciseEffect, group: MuscleGroup, side: Side, sides: tuple[Side, ...]) -> float:
    """The most that a muscle gains, whichever of the sides works."""
    working = sides or (effect.side,)
    own = [side if s is effect.side else side.other for s in working]
    return max(max(effect.of(group, s).gain for s in own), 0.0)


def _best_gains(
    able: Sequence[Exercise], effects: Mapping[str, ExerciseEffect]
) -> dict[MuscleGroup, float]:
    best: dict[MuscleGroup, float] = {}
    for e in able:
        if e.id in effects and purpose_of(e) is Purpose.LENGTH:
            for t in e.targets:
                gain = effects[e.id].of(t.group, t.side).gain
                best[t.group] = max(best.get(t.group, 0.0), gain)
    return best


def _share(
    effect: ExerciseEffect | None,
    muscle: Muscle,
    sides: tuple[Side, ...],
    best: Mapping[MuscleGroup, float],
) -> float:
    """0..1; without a computed effect nothing is known to be gained."""
    group, side = muscle
    if effect is None or best.get(group, 0.0) <= 0.0:
        return 0.0
    return min(_gain(effect, group, side, sides) / best[group], 1.0)


def allocated(asked: WeekAsked, found: Sequence[Candidate], *, time_s: float) -> Allocation:
    """The best week whose exercises take at most `time_s` together."""
    muscles = [(need.group, need.side) for need in asked.needs]
    solved = _Programme(asked, found, muscles).solved(time_s)
    times = tuple((c, int(n)) for c, n in zip(found, solved, strict=True) if n > 0)
    gives = {m: sum(n * c.gives_s.get(m, 0.0) for c, n in times) for m in muscles}
    return Allocation(times, gives)


class _Programme:
    """Columns: times of each candidate; worth below and above the floor of each muscle; what is
    missing of each promise: the floors of the muscles, then how often."""

    def __init__(
        self,
        asked: WeekAsked,
        found: Sequence[Candidate],
        muscles: Sequence[Muscle],
    ) -> None:
        self.asked, self.found, self.muscles = asked, found, muscles
        self.below, self.above = len(found), len(found) + len(muscles)
        self.missing = len(found) + 2 * len(muscles)
        self.promises, self.day_s = promises(asked, found), day_s_of(asked)
        self.new = ACUTE_EFFORT in bars(asked)
        self.columns = self.missing + len(muscles) + len(self.promises)
        self.rows: list[tuple[NDArray[np.float64], float, float]] = []

    def solved(self, time_s: float) -> NDArray[np.int64]:
        # Here: the process that talks to browsers reads plans and makes none.
        from scipy.optimize import Bounds, LinearConstraint, milp

        self._row({i: c.takes_s for i, c in enumerate(self.found)}, most=time_s)
        half_s, longest_s = 0.5 * self.day_s, max((c.takes_s for c in self.found), default=0.0)
        parts_s = {c.takes_s for c in self.found if self.day_s - longest_s < c.takes_s < half_s}
        for part_s in sorted({half_s, *parts_s}):
            self._row(self._share_of_a_day(part_s), most=DAYS)
        promised = _promised(self.asked.needs)
        for k, muscle in enumerate(self.muscles):
            worth = {i: c.worth_s.get(muscle, 0.0) for i, c in enumerate(self.found)}
            given = {i: c.gives_s.get(muscle, 0.0) for i, c in enumerate(self.found)}
            self._row({**worth, self.below + k: -1.0, self.above + k: -1.0}, least=0.0)
            self._row(given, most=FULL_S)
            if muscle in promised:
                self._row({**given, self.missing + k: 1.0}, least=FLOOR_S)
        for k, promise in enumerate(self.promises):
            done = dict.fromkeys(sorted(promise.of), 1.0)
            self._row({**done, self.missing + len(self.muscles) + k: 1.0}, least=promise.times)
        table, least, most = (np.array(part) for part in zip(*self.rows, strict=True))
        result = milp(
            -_SCALE * self._benefit(),
            integrality=np.arange(self.columns) < len(self.found),
            bounds=Bounds(0.0, self._most()),
            constraints=LinearConstraint(table, least, most),
            options={"mip_rel_gap": 0.0},
        )
        solved: NDArray[np.int64] = np.rint(result.x[: len(self.found)]).astype(np.int64)
        return solved

    def _share_of_a_day(self, part_s: float) -> dict[int, float]:
        """Of a day that holds one exercise beside which none of `part_s` goes, or as many of
        `part_s` and longer as go into it: what each takes of it, together at most all of it. Half
        a day at most is such a part. So a week is not asked for that its days do not hold."""
        most = int((self.day_s + _EDGE) / part_s)
        shares: dict[int, float] = {}
        for i, c in enumerate(self.found):
            if c.takes_s > self.day_s + _EDGE:
                shares[i] = DAYS + 1.0
            elif c.takes_s + part_s > self.day_s + _EDGE:
                shares[i] = 1.0
            elif c.takes_s >= part_s:
                shares[i] = 1.0 / most
        return shares

    def _row(
        self, of: Mapping[int, float], *, least: float = -np.inf, most: float = np.inf
    ) -> None:
        row = np.zeros(self.columns)
        row[list(of)] = list(of.values())
        self.rows.append((row, least, most))

    def _most(self) -> NDArray[np.float64]:
        most = np.full(self.columns, np.inf)
        most[: self.below] = DAYS
        most[self.below : self.above] = FLOOR_S
        most[self.above : self.missing] = FULL_S - FLOOR_S
        return most

    def _benefit(self) -> NDArray[np.float64]:
        benefit = np.zeros(self.columns)
        for i, c in enumerate(self.found):
            liked = _LIKED if c.exercise.id in self.asked.liked else 0.0
            cost = _SECOND * c.takes_s + _TIE * (i + 1) + self._effort_cost(c)
            benefit[i] = liked - cost
        for k, need in enumerate(self.asked.needs):
            benefit[self.below + k] = need.weight / FLOOR_S
            benefit[self.above + k] = _BEYOND * need.weight / FLOOR_S
            benefit[self.missing + k] = -_PROMISED * need.weight / FLOOR_S
        promised = self.missing + len(self.muscles)
        benefit[promised:] = [-promise.weight for promise in self.promises]
        return benefit

    def _effort_cost(self, c: Candidate) -> float:
        """Low effort while pain is new, later enough of it (rule D); at level 0, or with pain that
        comes up quickly, light work is what is meant."""
        if c.purpose is not Purpose.CONTROL:
            return 0.0
        if self.new:
            effort = c.exercise.effort
            return _EFFORT * (1.0 if effort is None else effort.high_mvc)
        light = self.asked.level == 0 or self.asked.care.irritable is not False
        return 0.0 if light or reaches_later(c.exercise) else _TOO_LIGHT


def _promised(needs: Sequence[NeededLength]) -> frozenset[Muscle]:
    """The heaviest; where the last of them is one of equals, all of these."""
    weights = sorted((need.weight for need in needs), reverse=True)
    if not weights:
        return frozenset()
    least = weights[min(_TOP_NEEDS, len(weights)) - 1]
    return frozenset((need.group, need.side) for need in needs if need.weight >= least)
