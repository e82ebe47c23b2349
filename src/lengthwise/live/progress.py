"""Use cases: days that a person told, replayed with their decisions; and results of tests."""

from pathlib import Path

from lengthwise.contracts.assessment import (
    Assessed,
    DirectionFound,
    Impairments,
    ResultsTold,
    TestResult,
    Verdict,
)
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.progress import DaysTold, DayTold, Decided, SessionTold, Standing
from lengthwise.contracts.week import NeededLength
from lengthwise.live.constant_edits import edit_notes
from lengthwise.live.decision_said import DecisionSaid
from lengthwise.live.json_file import json_file
from lengthwise.live.tests_kept import results_of
from lengthwise.plan.assessment import assessed_told
from lengthwise.plan.progression import step
from lengthwise.reference.assessments import assessments
from lengthwise.report.progress_words import reason, would_change
from lengthwise.report.week_words import verdict
from lengthwise.report.words import side_word

NOTHING_TOLD = "nothing_told"
"""What is decided where no day and no result was told."""


class Progress(DecisionSaid, frozen=True):
    """One decision a day, each with its reason in the order of `decided`, and where the person
    stands after the last, which is the action; `edited`: constants that hold as a clinician has
    changed them."""

    decided: tuple[Decided, ...]
    standing: Standing
    edited: tuple[str, ...] = ()


class AssessedSaid(DecisionSaid, frozen=True):
    """What results of tests come to, each with its reason in the order of `assessed`. The action is
    `short`, `not_short`, or that nothing was told."""

    assessed: tuple[Assessed, ...]
    needs: tuple[NeededLength, ...]
    bars: tuple[str, ...]
    directions: tuple[DirectionFound, ...]
    edited: tuple[str, ...] = ()


def days_from(path: Path) -> Progress:
    """Raises InputError where the file does not tell days in their order."""
    told = json_file(path, DaysTold, form="lengthwise plan schema --of days")
    standing, decided = Standing(told.level), []
    for day in told.days:
        standing, said = step(standing, day)
        decided.append(said)
    last = decided[-1] if decided else None
    return Progress(
        action=NOTHING_TOLD if last is None else last.move.value,
        rule_ids=() if last is None else last.rule_ids,
        evidence_ids=() if last is None else last.evidence_ids,
        reasons=tuple(reason(d) for d in decided),
        would_change=tuple(would_change(d) for d in decided),
        decided=tuple(decided),
        standing=standing,
        edited=edit_notes(),
    )


def impairments_from(path: Path) -> Impairments:
    """Raises InputError where the file tells no results of tests."""
    told = json_file(path, ResultsTold, form="lengthwise plan schema --of results")
    return assessed_told(told)


def said_of(found: Impairments) -> AssessedSaid:
    """A decision in sentences (rule I)."""
    tests = assessments()
    is_short = any(a.verdict is Verdict.SHORT for a in found.assessed)
    return AssessedSaid(
        action=NOTHING_TOLD if not found.assessed else "short" if is_short else "not_short",
        rule_ids=("I", *found.bars),
        evidence_ids=tuple(sorted({i for a in found.assessed for i in tests[a.test].evidence})),
        reasons=tuple(f"{_name(a)}: {verdict(a.verdict)}." for a in found.assessed),
        would_change=("The same test on another day.",) * len(found.assessed),
        assessed=found.assessed,
        needs=found.needs,
        bars=found.bars,
        directions=found.directions,
        edited=edit_notes(),
    )


def _name(a: Assessed) -> str:
    name = assessments()[a.test].name
    return name if a.side is None else f"{name}, {side_word(a.side)}"


def impairments_of(path: Path | None, profile: str | None) -> Impairments:
    """Of a file, or of what a profile keeps of guided tests. Raises InputError unless it is one of
    both."""
    if (path is None) is (profile is None):
        raise InputError(
            "plan assess",
            value="both" if path else "neither a file nor a profile",
            allowed="a file of results, or --profile for guided tests that are kept",
            remedy="give one of them",
        )
    return impairments_from(path) if path is not None else results_of(profile or "").found


EXAMPLE_DAYS = DaysTold(
    2,
    (
        DayTold(1, pain=3.0, activity_lost=False, session=SessionTold(3.0, 3.0)),
        DayTold(2, pain=3.0, activity_lost=False, session=SessionTold(3.0, 5.0)),
        DayTold(3, pain=5.0, activity_lost=False),
    ),
)
"""A file to begin with: two sessions, of which the second was too much."""
EXAMPLE_RESULTS = ResultsTold(
    tuple(
        TestResult("straight_leg_raise", day, deg, 4.0, Side.LEFT, symptom=False)
        for day, deg in ((1, 48.0), (4, 51.0))
    )
)
"""A file to begin with: one leg raise, short on two days."""
