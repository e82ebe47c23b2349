"""What the hours that somebody sits weigh in the week (rule W), by a fifth at most. Pure.

Weights are moved here alone, and once: from the hours that a week is asked with (`WeekAsked`).
Whatever else knows of those hours tells them, and leaves the weights as they are. That sitting
harms is not claimed: people with and without back pain sit alike.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.week import NeededLength
from lengthwise.reference.constants import constant

_MOST = constant("workday", "weight_most_ratio")
_USUAL_H = constant("workday", "usual_sitting_h")
_SPAN_H = constant("workday", "weight_span_h")
SHORT_SITTING = frozenset(
    {MuscleGroup.PSOAS, MuscleGroup.ILIACUS, MuscleGroup.TENSOR_FASCIAE_LATAE}
)
"""Shorter sitting than standing, by the geometry of the hip; nobody says it shortens them. That it
is these is an expert default."""


def sitting_ratio(hours: float | None) -> float:
    """What the weight of those muscles is multiplied with, .8 to 1.2; 1 where it was not told."""
    if hours is None:
        return 1.0
    return 1.0 + _MOST * min(max((hours - _USUAL_H) / _SPAN_H, -1.0), 1.0)


def weighed(needs: Iterable[NeededLength], hours: float | None) -> tuple[NeededLength, ...]:
    """The needs by the hours of a usual day; none above 1, their order among others kept."""
    found, ratio = tuple(needs), sitting_ratio(hours)
    weights = [n.weight * (ratio if n.group in SHORT_SITTING else 1.0) for n in found]
    most = max([1.0, *weights])
    return tuple(replace(n, weight=w / most) for n, w in zip(found, weights, strict=True))
