"""Which of equivalent exercises comes first, by the kept days that were most like today. Pure.

Only an order, shown with the days that it comes from: every exercise that may be given stays, and
none is added. The distance of two days is the mean over what is kept of both,

    d = mean_k min(|a_k - b_k| / scale_k, 1),     1 where either day does not tell k.
"""

from collections.abc import Iterable, Sequence

from lengthwise.contracts.adaptation import Case, Neighbour, Ordered
from lengthwise.reference.constants import constant
from lengthwise.reference.exercise_parts import ExerciseKind
from lengthwise.reference.exercises import Exercise

_NEAREST = int(constant("plan", "nearest_days"))
_SCALES = {
    "pain": constant("plan", "nearest_pain_nrs"),
    "stress": constant("plan", "nearest_stress_nrs"),
    "sleep_h": constant("plan", "nearest_sleep_h"),
    "level": constant("plan", "nearest_levels"),
}
_UNKNOWN = 0.5
"""An exercise without a day stands between those that went well and those that did not."""


def family(e: Exercise) -> tuple[str, ExerciseKind]:
    """What is equivalent has the same: variants of one exercise, of one kind."""
    return e.variant_of or e.id, e.kind


def equivalents(exercise_id: str, able: Iterable[Exercise]) -> tuple[Exercise, ...]:
    """Those that may be given and are equivalent to one, itself too if it may be; by id."""
    able = sorted(able, key=lambda e: e.id)
    own = {family(e) for e in able if e.id == exercise_id}
    return tuple(e for e in able if family(e) in own)


def distance(one: Case, other: Case) -> tuple[float, tuple[str, ...]]:
    """0 (alike in everything) to 1, and what both tell. Symmetric."""
    total, shared = 0.0, []
    for name, scale in _SCALES.items():
        a, b = getattr(one, name), getattr(other, name)
        if a is None or b is None:
            total += 1.0
            continue
        shared.append(name)
        total += min(abs(a - b) / scale, 1.0)
    return total / len(_SCALES), tuple(shared)


def ordered(same: Sequence[Exercise], cases: Iterable[Case], today: Case) -> tuple[Ordered, ...]:
    """Equivalent exercises, those first whose nearest days went well; equals by id. `today`: its
    exercise and outcome are not looked at. Days from today on are left out."""
    before = [c for c in cases if c.day < today.day]
    found = [_of(e.id, before, today) for e in same]
    return tuple(sorted(found, key=lambda o: (-_score(o), o.exercise_id)))


def _score(o: Ordered) -> float:
    return _UNKNOWN if o.score is None else o.score


def _of(exercise_id: str, cases: Iterable[Case], today: Case) -> Ordered:
    near = [Neighbour(c, *distance(c, today)) for c in cases if c.exercise_id == exercise_id]
    near.sort(key=lambda n: (n.distance, -n.case.day, n.case.well))
    near = near[:_NEAREST]
    score = sum(n.case.well for n in near) / len(near) if near else None
    return Ordered(exercise_id, score, tuple(near))
