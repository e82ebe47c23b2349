"""What a plan begins with: the level, and what is lengthened before anything was measured. Pure.

Nothing is taken for fine because nobody told it: what is not known counts as the most careful.
"""

from collections.abc import Iterable

from msgspec import Struct

from lengthwise.contracts.assessment import Impairments, Verdict
from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.own_plan import Tight, TightPlace
from lengthwise.contracts.week import NeededLength
from lengthwise.reference.assessments import assessments
from lengthwise.reference.constants import constant

_MUCH_PAIN_NRS = constant("coach", "pain_no_stretch_nrs")
_LITTLE_PAIN_NRS = constant("plan", "green_most_nrs")
_FELT_WEIGHT = constant("own_plan", "felt_weight")
_CALM, _MID_RANGE, _SHORT_STATIC = 0, 1, 2
FELT = "feels tight, not measured"
_MUSCLES = {
    TightPlace.HIP_FRONT: (MuscleGroup.PSOAS, MuscleGroup.ILIACUS),
    TightPlace.THIGH_BACK: (MuscleGroup.HAMSTRINGS,),
    TightPlace.BUTTOCK: (MuscleGroup.GLUTEUS_MAXIMUS, MuscleGroup.PIRIFORMIS),
    TightPlace.LOW_BACK: (MuscleGroup.LONGISSIMUS, MuscleGroup.ILIOCOSTALIS),
}
"""Targets of rule T; the deep muscles are none."""


class FirstLevel(Struct, frozen=True):
    """`reason`, `would_change`: ids of sentences."""

    level: int
    rule_ids: tuple[str, ...]
    evidence_ids: tuple[str, ...]
    reason: str
    would_change: str


def first_level(care: Care, usual_nrs: float | None) -> FirstLevel:
    """Where a plan begins (rules P and K); more pain never begins higher."""
    if usual_nrs is None or usual_nrs >= _MUCH_PAIN_NRS:
        return _level(_CALM, "K", "pain_not_told" if usual_nrs is None else "much_pain")
    if care.irritable is not False:
        return _level(_CALM, "K", "irritable_not_told" if care.irritable is None else "irritable")
    if care.course in (None, Course.ACUTE):
        return _level(_MID_RANGE, "P", "course_not_told" if care.course is None else "acute")
    if usual_nrs > _LITTLE_PAIN_NRS:
        return _level(_MID_RANGE, "K", "some_pain")
    return _level(_SHORT_STATIC, "K", "little_pain")


def _level(level: int, rule: str, reason: str) -> FirstLevel:
    return FirstLevel(level, (rule,), ("progress.pain_monitoring",), reason, "greens")


def felt_in(tight: Iterable[Tight]) -> frozenset[MuscleGroup]:
    """The muscles of the places that feel tight."""
    return frozenset(group for t in tight for group in _MUSCLES[t.place])


def needs_of(found: Impairments, tight: Iterable[Tight]) -> tuple[NeededLength, ...]:
    """What was measured as short, and what feels tight where nothing was measured. A test that says
    enough is stronger than a feeling."""
    measured = {(need.group, need.side): need for need in found.needs}
    enough = {
        (group, side)
        for each in found.assessed
        if each.verdict is Verdict.ENOUGH
        for group in assessments()[each.test].muscles
        for side in ((each.side,) if each.side else tuple(Side))
    }
    felt = {
        (group, t.side): NeededLength(group, t.side, _FELT_WEIGHT, FELT)
        for t in tight
        for group in _MUSCLES[t.place]
        if (group, t.side) not in enough
    }
    whole = felt | measured
    return tuple(whole[key] for key in sorted(whole))
