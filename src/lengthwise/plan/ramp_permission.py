"""Whether a graded ramp to tolerance may be led today: rule D, each reason to refuse by its name.

What is not known refuses like what is known to forbid it. Where it is refused, first resistance is
marked alone, and the first gentle pull leads.
"""

from enum import StrEnum

from msgspec import Struct

from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.reference.constants import constant
from lengthwise.reference.exercises import STABILISERS, Behaviour, Exercise

RAMPS = 2
"""Of each muscle on its day; the lower is kept (rule D)."""
_NO_STRETCH_NRS = constant("coach", "pain_no_stretch_nrs")
_LUMBAR_GROUPS = frozenset(
    {
        MuscleGroup.LONGISSIMUS,
        MuscleGroup.ILIOCOSTALIS,
        MuscleGroup.MULTIFIDUS,
        MuscleGroup.QUADRATUS_LUMBORUM,
        MuscleGroup.RECTUS_ABDOMINIS,
    }
)
"""What ends their length is the low back."""
_LUMBAR_END_RULES = frozenset(
    {"S.osteoporosis_end_range_flexion", "S.stenosis_end_range_extension"}
)
"""Rules of an exercise that takes the low back far, either way."""


class RampBar(StrEnum):
    """Why no ramp is led. `..._NOT_KNOWN`: nobody has asked or looked yet."""

    ACUTE = "acute"
    COURSE_NOT_KNOWN = "course_not_known"
    FLARE = "flare"
    FLARE_NOT_KNOWN = "flare_not_known"
    IRRITABLE = "irritable"
    IRRITABLE_NOT_KNOWN = "irritable_not_known"
    MUCH_PAIN = "much_pain"
    PAIN_NOT_KNOWN = "pain_not_known"
    HYPERMOBILE = "hypermobile"
    HYPERMOBILE_NOT_KNOWN = "hypermobile_not_known"
    OSTEOPOROTIC = "osteoporotic"
    OSTEOPOROTIC_NOT_KNOWN = "osteoporotic_not_known"
    NEURAL_SIGN = "neural_sign"
    NEURAL_SIGN_NOT_KNOWN = "neural_sign_not_known"
    PREGNANT = "pregnant"
    PREGNANT_NOT_KNOWN = "pregnant_not_known"
    PAIN_RELIEF = "pain_relief"
    PAIN_RELIEF_NOT_KNOWN = "pain_relief_not_known"
    LUMBAR_END_RANGE = "lumbar_end_range"
    STABILISER = "stabiliser"
    NO_STRETCH = "no_stretch"
    NOT_WARM = "not_warm"
    WARM_NOT_KNOWN = "warm_not_known"
    ANOTHER_GROUP_TODAY = "another_group_today"
    TODAY_NOT_KNOWN = "today_not_known"
    HARM_TODAY = "harm_today"
    BOTH_DONE = "both_done"


class RampCase(Struct, frozen=True):
    """A person on a day, and what would be ramped by which exercise. None: not known.

    `warm`: the warm-up is done, as answered or as seen. `ramped_today`: each ramp that was led
    today, to its end or not. `harmed_today`: those that a symptom, too much pain or a stop went
    with: one ends the day for every muscle and both sides.
    """

    care: Care
    group: MuscleGroup
    side: Side
    exercise: Exercise
    warm: bool | None = None
    ramped_today: tuple[tuple[MuscleGroup, Side], ...] | None = None
    harmed_today: tuple[tuple[MuscleGroup, Side], ...] = ()


def ramp_bars(case: RampCase) -> tuple[RampBar, ...]:
    """Everything that refuses a ramp; empty: it may be led."""
    return (*_of_person(case), *_of_exercise(case), *_of_today(case))


def known_bars(care: Care) -> tuple[RampBar, ...]:
    """What a session's care says against any tolerance, without what is merely not known: with one
    of these no tolerance that was said in it is kept. Pain relief is told with each mark instead.
    """
    return tuple(
        bar for forbids, bar, _ in _asked(care) if forbids and bar is not RampBar.PAIN_RELIEF
    )


def _acute(care: Care) -> bool | None:
    return None if care.course is None else care.course is Course.ACUTE


def _signs(care: Care) -> bool | None:
    return None if care.neural_signs is None else bool(care.neural_signs)


def _much_pain(care: Care) -> bool | None:
    return None if care.baseline_nrs is None else care.baseline_nrs >= _NO_STRETCH_NRS


def _answer(forbids: bool | None, bar: RampBar, not_known: RampBar | None) -> RampBar | None:
    if forbids is None:
        return not_known
    return bar if forbids else None


def _asked(care: Care) -> tuple[tuple[bool | None, RampBar, RampBar], ...]:
    """Each answer, whether it forbids, and what it is called when it does or is not known."""
    return (
        (_acute(care), RampBar.ACUTE, RampBar.COURSE_NOT_KNOWN),
        (care.flare, RampBar.FLARE, RampBar.FLARE_NOT_KNOWN),
        (care.irritable, RampBar.IRRITABLE, RampBar.IRRITABLE_NOT_KNOWN),
        (_much_pain(care), RampBar.MUCH_PAIN, RampBar.PAIN_NOT_KNOWN),
        (care.hypermobile, RampBar.HYPERMOBILE, RampBar.HYPERMOBILE_NOT_KNOWN),
        (care.osteoporotic, RampBar.OSTEOPOROTIC, RampBar.OSTEOPOROTIC_NOT_KNOWN),
        (_signs(care), RampBar.NEURAL_SIGN, RampBar.NEURAL_SIGN_NOT_KNOWN),
        (care.pregnant, RampBar.PREGNANT, RampBar.PREGNANT_NOT_KNOWN),
        (care.pain_relief, RampBar.PAIN_RELIEF, RampBar.PAIN_RELIEF_NOT_KNOWN),
    )


def _of_person(case: RampCase) -> tuple[RampBar, ...]:
    found = (_answer(*each) for each in _asked(case.care))
    return tuple(bar for bar in found if bar is not None)


def _of_exercise(case: RampCase) -> tuple[RampBar, ...]:
    written = case.exercise.for_side(case.side)
    targets = {(t.group, t.side) for t in written.targets}
    in_window = written.behaviour is Behaviour.HELD_IN_WINDOW
    far = _LUMBAR_END_RULES.intersection(written.contraindications)
    bars = {
        RampBar.LUMBAR_END_RANGE: case.group in _LUMBAR_GROUPS or bool(far),
        RampBar.STABILISER: case.group in STABILISERS,
        RampBar.NO_STRETCH: not in_window or (case.group, case.side) not in targets,
    }
    return tuple(bar for bar, holds in bars.items() if holds)


def _of_today(case: RampCase) -> tuple[RampBar, ...]:
    found = [
        _answer(
            None if case.warm is None else not case.warm, RampBar.NOT_WARM, RampBar.WARM_NOT_KNOWN
        )
    ]
    if case.harmed_today:
        found.append(RampBar.HARM_TODAY)
    if case.ramped_today is None:
        found.append(RampBar.TODAY_NOT_KNOWN)
    else:
        if any(group is not case.group for group, _ in case.ramped_today):
            found.append(RampBar.ANOTHER_GROUP_TODAY)
        if case.ramped_today.count((case.group, case.side)) >= RAMPS:
            found.append(RampBar.BOTH_DONE)
    return tuple(bar for bar in found if bar is not None)
