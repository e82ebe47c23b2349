"""Use case: what exercises do to a body, by height."""

from collections.abc import Iterable

from lengthwise.body.anatomy import Anatomy, BodyMeasures
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.home import data_home
from lengthwise.live.params import range_bounds
from lengthwise.reference.exercises import Exercise
from lengthwise.tissue.effects import EffectBody, exercise_effect


def effect_body(height_m: float | None = None) -> EffectBody:
    """The generic body, or it scaled to a height; its ranges are kept once searched."""
    anatomy = Anatomy.build(None if height_m is None else BodyMeasures(height_m=height_m))
    return EffectBody(anatomy, range_bounds(anatomy, data_home()))


def effects_of(
    chosen: Iterable[Exercise], *, side: Side = Side.LEFT, height_m: float | None = None
) -> list[ExerciseEffect]:
    body = effect_body(height_m)
    return [exercise_effect(e, body, side) for e in chosen]
