"""The rules of a plan, held against what was given: written from the rules, not from the plan.

Nothing of `lengthwise.plan` is used here. Each day's exercises, level and volume are checked
against what had been told by then. A rule is named by its letter, as the clinical rules name them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from lengthwise.contracts.care import Care, Course, Nerve
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.live.evaluation.planning_day import DayLog, Given
from lengthwise.live.evaluation.planning_steps import broken_steps
from lengthwise.reference.exercise_parts import ExerciseKind
from lengthwise.reference.exercises import Exercise, exercises

_STRETCHES = {ExerciseKind.STATIC_STRETCH, ExerciseKind.ECCENTRIC_LENGTHENING}
_CALM = {ExerciseKind.BREATHING, ExerciseKind.REST_POSITION, ExerciseKind.WALKING}
_WORK = {ExerciseKind.ISOMETRIC_HOLD, ExerciseKind.DYNAMIC_CONTROL, ExerciseKind.LOADED_TASK}
_WEEK = 7
_SLACK = 1e-6

RULES = (
    "S",
    "P",
    "K",
    "N",
    "T",
    "D.dose",
    "D.effort",
    "D.pain",
    "D.ramp",
    "B",
    "G",
    "X",
    "F",
    "M",
    "C",
    "L",
)


def broken(days: Sequence[DayLog]) -> Counter[str]:
    """How often each rule was broken over the days of one person."""
    found: Counter[str] = Counter()
    for at, log in enumerate(days):
        found.update(_of_exercises(log))
        found.update(_of_dose(days, at))
        found.update(_of_ramps(log))
        if not -_SLACK <= abs(log.moved - 1.0) <= 0.2 + _SLACK:
            found["C"] += 1
    found.update(broken_steps(days))
    return found


def _of_exercises(log: DayLog) -> Iterator[str]:
    for given in log.given:
        e = exercises()[given.exercise_id]
        yield from _of_screening(log, e)
        yield from _of_nerves(log.care, e)
        yield from _of_kind(log.care, e)
        if e.kind in _WORK and log.care.course in (None, Course.ACUTE):
            yield from _of_new_pain(given, e)


def _of_new_pain(given: Given, e: Exercise) -> Iterator[str]:
    """Rule D: 10 s, ten times at most, at 30 % of what the muscle can at most."""
    if e.effort is None or e.effort.high_mvc > 0.3:
        yield "D.effort"
    held = e.kind is ExerciseKind.ISOMETRIC_HOLD
    if held and (given.hold_s > 10.0 + _SLACK or given.rounds > 10):
        yield "D.effort"


def _of_screening(log: DayLog, e: Exercise) -> Iterator[str]:
    care, tags = log.care, set(e.contraindications)
    if log.barred is None:
        if any(tag[0] in "SKN" for tag in tags):
            yield "S"
    elif tags & set(log.barred):
        yield "K" if any(t.startswith("K") for t in tags & set(log.barred)) else "S"
    told = (
        (care.hypermobile, "S.hypermobile_end_range"),
        (care.osteoporotic, "S.osteoporosis_end_range_flexion"),
        (care.pregnant, "S.pregnancy"),
        (not log.kneel, "S.cannot_kneel"),
        (not log.floor, "S.cannot_get_down_to_floor"),
    )
    for answer, tag in told:
        if answer is not False and any(t.startswith(tag) for t in tags):
            yield "S"


def _of_kind(care: Care, e: Exercise) -> Iterator[str]:
    stretch = e.kind in _STRETCHES
    acute = stretch or any(t.startswith("P.acute") for t in e.contraindications)
    if care.course in (None, Course.ACUTE) and acute:
        yield "P"
    if stretch and any(t.group is MuscleGroup.MULTIFIDUS for t in e.targets):
        yield "T"
    much = care.baseline_nrs is None or care.baseline_nrs >= 7.0
    if (much and e.kind not in _CALM) or (care.irritable is not False and stretch):
        yield "D.pain"


def _of_nerves(care: Care, e: Exercise) -> Iterator[str]:
    tags, stretch = set(e.contraindications), e.kind in _STRETCHES
    nerves = {s.nerve for s in care.neural_signs or ()}
    if care.neural_signs is None:
        nerves = set(Nerve)
    hamstrings = stretch and any(t.group is MuscleGroup.HAMSTRINGS for t in e.targets)
    if Nerve.SCIATIC in nerves and (hamstrings or "N.sciatic_symptoms" in tags):
        yield "N"
    if Nerve.FEMORAL in nerves and "N.femoral_symptoms" in tags:
        yield "N"


def _of_dose(days: Sequence[DayLog], at: int) -> Iterator[str]:
    log = days[at]
    if sum(g.takes_s for g in log.given) > 600.0 + _SLACK:
        yield "B"
    for given in log.given:
        if given.lengthens and (given.hold_s > 45.0 + _SLACK or not 1 <= given.rounds <= 3):
            yield "D.dose"
    week: Counter[tuple[MuscleGroup, Side]] = Counter()
    for other in days[max(at - _WEEK + 1, 0) : at + 1]:
        for given in other.given:
            week.update(_seconds(given))
    if any(s > 600.0 + _SLACK for s in week.values()):
        yield "D.dose"


def _seconds(given: Given) -> dict[tuple[MuscleGroup, Side], int]:
    if not given.lengthens:
        return {}
    named = _named(given.exercise_id, given.sides)
    return dict.fromkeys(named, round(given.rounds * given.hold_s))


@cache
def _named(exercise_id: str, sides: tuple[Side, ...]) -> frozenset[tuple[MuscleGroup, Side]]:
    """The muscles that an exercise names on the sides that work."""
    e = exercises()[exercise_id]
    return frozenset(
        (t.group, t.side) for s in sides or (e.written_for,) for t in e.for_side(s).targets
    )


def _of_ramps(log: DayLog) -> Iterator[str]:
    if not log.ramps:
        return
    care = log.care
    refused = (
        care.course in (None, Course.ACUTE),
        care.flare is not False,
        care.irritable is not False,
        care.hypermobile is not False,
        care.osteoporotic is not False,
        care.pregnant is not False,
        care.pain_relief is not False,
        care.neural_signs is None or bool(care.neural_signs),
        care.baseline_nrs is None,
        len({group for group, _ in log.ramps}) > 1,
        max(Counter(log.ramps).values()) > 2,
        any(g in (MuscleGroup.LONGISSIMUS, MuscleGroup.MULTIFIDUS) for g, _ in log.ramps),
    )
    if any(refused):
        yield "D.ramp"
