"""The direction of the low back that is moved in first while pain is new or worse (rules D and F).

Found by tests on two days (`plan.direction`) or named by a clinician. It orders what may be given
and opens nothing. Pure.
"""

from lengthwise.contracts.care import Course, Direction
from lengthwise.contracts.week import WeekAsked
from lengthwise.plan.direction import BAR_OF
from lengthwise.plan.eligible import bars
from lengthwise.reference.exercise_rules import mid_range_direction
from lengthwise.reference.exercises import Exercise


def is_new_or_worse(asked: WeekAsked) -> bool:
    """New pain or a flare, told or not told: mid-range movement is what is done (rules D and F)."""
    return asked.care.course in (None, Course.ACUTE) or asked.care.flare in (None, True)


def preferred(asked: WeekAsked) -> Direction | None:
    """The direction that is moved in first while pain is new or worse: a clinician's, else the one
    that tests found; none that is left out, and none on other days."""
    word = asked.clinician
    way = asked.preferred if word is None or word.preferred is None else word.preferred
    if way is None or BAR_OF[way] in bars(asked) or not is_new_or_worse(asked):
        return None
    return way


def goes_first(asked: WeekAsked, e: Exercise) -> bool:
    """Whether it moves in the preferred direction, in the middle of the range."""
    way = preferred(asked)
    return way is not None and mid_range_direction(e) is way


def goes_astray(asked: WeekAsked, e: Exercise) -> bool:
    """Whether it moves one way alone and nothing says that this is the way."""
    return mid_range_direction(e) is not None and not goes_first(asked, e)
