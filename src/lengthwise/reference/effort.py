"""How hard an exercise may work when pain is new, and later (rule D): 10 s, six to ten times, at 10
to 30 % of what the muscle can; later 30 to 50 %. What is not known counts as more."""

from lengthwise.reference.constants import constant, constants
from lengthwise.reference.exercise_parts import TRAINING, ExerciseKind
from lengthwise.reference.exercises import Exercise

ACUTE_EFFORT = "P.acute_effort"
"""The rule of `rules.toml` by which it is left out when pain is new."""
_MOST, _HOLD_S = "acute_effort_most_mvc", "acute_hold_most_s"


def is_much(e: Exercise) -> bool:
    """Whether it surely or possibly asks for more than is given when pain is new, as that ships."""
    shipped = constants("plan")
    return _beyond(e, most_mvc=shipped[_MOST].value, hold_s=shipped[_HOLD_S].value)


def named_rules(e: Exercise) -> tuple[str, ...]:
    """The rules that leave it out where they hold: those that its file names, and that of its
    effort as the limits hold here."""
    much = _beyond(e, most_mvc=constant("plan", _MOST), hold_s=constant("plan", _HOLD_S))
    if not much or ACUTE_EFFORT in e.contraindications:
        return e.contraindications
    return (*e.contraindications, ACUTE_EFFORT)


def _beyond(e: Exercise, *, most_mvc: float, hold_s: float) -> bool:
    if e.kind not in TRAINING:
        return False
    if e.effort is None or e.effort.high_mvc > most_mvc:
        return True
    return e.kind is ExerciseKind.ISOMETRIC_HOLD and e.dose.hold_s > hold_s


def too_much_later(e: Exercise) -> bool:
    """Whether a hold surely asks for more than rule D ever gives."""
    held = e.kind is ExerciseKind.ISOMETRIC_HOLD and e.effort is not None
    return held and e.effort.low_mvc > constant("plan", "later_effort_most_mvc")  # type: ignore[union-attr]


def reaches_later(e: Exercise) -> bool:
    """Whether it reaches the effort of later phases; what is not known is not known to."""
    return e.effort is not None and e.effort.high_mvc > constant("plan", "later_effort_least_mvc")
