"""Rule A: what was expected to hurt much begins small, and grows as it hurts less than that. Pure.

A step never gives more than the plan does: it is a third, two thirds or all of an exercise's
rounds. More pain never leaves a larger step.
"""

from msgspec.structs import replace

from lengthwise.contracts.adaptation import Adapt, Adaptation, Adaptive, Expected, Step
from lengthwise.reference.constants import constant

_MUCH = constant("plan", "amber_most_nrs")
_LITTLE = constant("plan", "green_most_nrs")
_ALL = 3


def in_thirds(
    now: Adaptive, day: int, told: tuple[Expected, ...]
) -> tuple[Adaptive, tuple[Adaptation, ...]]:
    """In whatever order exercises are told; of one told twice the worse counts."""
    found = []
    for exercise_id in sorted({t.exercise_id for t in told}):
        of_it = [t for t in told if t.exercise_id == exercise_id]
        actuals = [t.actual for t in of_it]
        worst = None if None in actuals else max(a for a in actuals if a is not None)
        expected = max(t.expected for t in of_it)
        before = thirds_of(now, exercise_id)
        thirds = _next(before, expected, worst)
        if thirds == _ALL == before:
            continue
        now = _with(now, exercise_id, thirds)
        found.append(_said(day, exercise_id, before, thirds, worst))
    return now, tuple(found)


def thirds_of(now: Adaptive, exercise_id: str) -> int:
    """Of its rounds; all where nobody was afraid of it."""
    return next((s.thirds for s in now.steps if s.exercise_id == exercise_id), _ALL)


def _next(before: int, expected: float, actual: float | None) -> int:
    """One step at a time upwards, and from all of it to the smallest where much is expected."""
    if before == _ALL:
        return 1 if expected > _MUCH else _ALL
    if actual is None:
        return before
    if actual > _MUCH:
        return max(before - 1, 1)
    if actual > _LITTLE or actual >= expected:
        return before
    return before + 1


def _with(now: Adaptive, exercise_id: str, thirds: int) -> Adaptive:
    others = [s for s in now.steps if s.exercise_id != exercise_id]
    kept = others if thirds == _ALL else [*others, Step(exercise_id, thirds)]
    return replace(now, steps=tuple(sorted(kept, key=lambda s: s.exercise_id)))


def _said(day: int, about: str, before: int, thirds: int, actual: float | None) -> Adaptation:
    if thirds > before:
        action, reason, change = Adapt.NEXT_STEP, "less_than_expected", "hurts_more"
    elif thirds < before:
        reason = "much_expected" if before == _ALL else "hurt_much"
        action, change = Adapt.SMALLER_STEP, "hurts_less"
    else:
        reason = "actual_not_told" if actual is None else "as_expected"
        action, change = Adapt.SAME_STEP, "hurts_less"
    return Adaptation(
        day,
        action,
        ("A",),
        ("progress.exposure",),
        reason,
        change,
        about=about,
        ratio=thirds / _ALL,
    )
