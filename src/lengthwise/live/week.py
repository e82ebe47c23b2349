"""Use case: a week from a file, for the body of a person."""

from functools import partial
from pathlib import Path

from lengthwise.contracts.care import Care, Course
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.week import NeededLength, Week, WeekAsked
from lengthwise.live.bar_said import bar_said
from lengthwise.live.constant_edits import edit_notes
from lengthwise.live.decision_said import DecisionSaid
from lengthwise.live.exercise_effects import effects_of
from lengthwise.live.json_file import json_file
from lengthwise.plan.allocation import purpose_of
from lengthwise.plan.week import planned
from lengthwise.reference.exercises import exercises
from lengthwise.reference.rules import rules
from lengthwise.report.week_words import missing, reason, unmet, would_change

EXAMPLE = WeekAsked(
    level=2,
    care=Care(
        baseline_nrs=2.0,
        course=Course.CHRONIC,
        neural_signs=(),
        pain_relief=False,
        flare=False,
        irritable=False,
        hypermobile=False,
        osteoporotic=False,
        pregnant=False,
    ),
    needs=(
        NeededLength(MuscleGroup.HAMSTRINGS, Side.LEFT, 1.0, "leg raise 55 degrees"),
        NeededLength(MuscleGroup.HAMSTRINGS, Side.RIGHT, 1.0, "leg raise 58 degrees"),
        NeededLength(MuscleGroup.PSOAS, Side.LEFT, 0.6),
    ),
    barred=(),
    kneel=True,
    floor=True,
)
"""A file to begin with."""


class WeekTold(DecisionSaid, frozen=True):
    """A decision with its reasons in sentences; `reasons` and `would_change` in the order of
    `week.why`; `edited`: constants that hold as a clinician has changed them."""

    too_little: tuple[str, ...]
    week: Week
    edited: tuple[str, ...] = ()


def week_from(path: Path, *, height_m: float | None = None) -> WeekTold:
    """Raises InputError where the file is no question for a week."""
    return told(asked_from(path), height_m=height_m)


def asked_from(path: Path) -> WeekAsked:
    """Raises InputError where the file is no question for a week."""
    asked = json_file(path, WeekAsked, form="lengthwise plan schema")
    for name, given, known in (
        ("barred", asked.barred or (), rules()),
        ("left_out", asked.left_out, exercises()),
        ("liked", asked.liked, exercises()),
    ):
        for word in given:
            if word not in known:
                raise InputError(
                    str(path),
                    value=f"{name}: {word}",
                    allowed=", ".join(known),
                    remedy="correct or leave it out",
                )
    return asked


def told(asked: WeekAsked, *, height_m: float | None = None) -> WeekTold:
    """The week, computed for the generic body or one of that height."""
    week = planned(asked, exercises().values(), effects_of_week(height_m))
    words = partial(bar_said, asked=asked)
    return WeekTold(
        action=week.action.value,
        rule_ids=week.rule_ids,
        evidence_ids=week.evidence_ids,
        reasons=tuple(reason(why) for why in week.why),
        would_change=tuple(would_change(why) for why in week.why),
        too_little=(
            *(unmet(found, words) for found in week.unmet),
            *(missing(found, words) for found in week.missing),
        ),
        week=week,
        edited=edit_notes(),
    )


def effects_of_week(height_m: float | None) -> dict[str, ExerciseEffect]:
    """What the exercises of a week lengthen in the generic body, or one of that height."""
    plannable = [e for e in exercises().values() if purpose_of(e) is not None and e.path]
    return {e.exercise_id: e for e in effects_of(plannable, height_m=height_m)}
