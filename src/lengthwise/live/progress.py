"""Use cases: days that a person told, replayed with their decisions; and results of tests."""

from pathlib import Path

from msgspec import Struct

from lengthwise.contracts.assessment import Impairments, ResultsTold
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.progress import DaysTold, Decided, Standing
from lengthwise.live.constant_edits import edit_notes
from lengthwise.live.json_file import json_file
from lengthwise.live.tests_kept import results_of
from lengthwise.plan.assessment import assessed_told
from lengthwise.plan.progression import step
from lengthwise.report.progress_words import reason, would_change


class Progress(Struct, frozen=True):
    """One decision a day, and where the person stands after the last; `edited`: constants that hold
    as a clinician has changed them."""

    decided: tuple[Decided, ...]
    reasons: tuple[str, ...]
    would_change: tuple[str, ...]
    standing: Standing
    edited: tuple[str, ...] = ()


def days_from(path: Path) -> Progress:
    """Raises InputError where the file does not tell days in their order."""
    told = json_file(path, DaysTold, form="lengthwise plan schema --of days")
    standing, decided = Standing(told.level), []
    for day in told.days:
        standing, said = step(standing, day)
        decided.append(said)
    return Progress(
        tuple(decided),
        tuple(reason(d) for d in decided),
        tuple(would_change(d) for d in decided),
        standing,
        edit_notes(),
    )


def impairments_from(path: Path) -> Impairments:
    """Raises InputError where the file tells no results of tests."""
    told = json_file(path, ResultsTold, form="lengthwise plan schema --of results")
    return assessed_told(told)


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
