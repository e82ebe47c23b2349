"""Use case: the next step of a person's own ladder, from a file or from what is kept."""

import time
from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from lengthwise.contracts.care import Care
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.ladder import Exposure, ExposureTold, Tried
from lengthwise.live.bar_said import bar_said
from lengthwise.live.decision_said import DecisionSaid
from lengthwise.live.json_file import json_file
from lengthwise.live.known_exercises import check_known
from lengthwise.live.own_plan import kept_plan
from lengthwise.live.plan_book import book_of, none_kept
from lengthwise.live.teaching import taught_by
from lengthwise.live.week import EXAMPLE
from lengthwise.plan.ladder import exposure
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import exercises
from lengthwise.reference.ladders import ladders
from lengthwise.report.ladder_words import (
    confidence_words,
    expectation_words,
    exposure_change,
    exposure_reason,
    offered_words,
    rung_words,
)


class ExposureSaid(DecisionSaid, frozen=True):
    """The decision with its reason in sentences; `lines`: how each step and the ratings stand."""

    lines: tuple[str, ...]
    exposure: Exposure


def exposure_from(path: Path) -> ExposureSaid:
    """Raises InputError where the file tells no ladder."""
    told = json_file(path, ExposureTold, form="lengthwise plan schema --of exposure")
    return offered(told, what=str(path))


def exposure_of(store: ProfileStore, *, care: Care | None = None) -> ExposureSaid:
    """Of a kept person, now. Raises InputError where they have chosen no ladder."""
    book, now = book_of(store), taught_by(store, care=care)
    if not book.rungs:
        raise none_kept("ladder", value="none chosen yet", allowed="rungs")
    tries = tuple(_day_after(t, pains_told(store)) for t in book.tries)
    try:
        told = ExposureTold(now.today, book.rungs, tries, now.asked)
    except ValueError as problem:
        raise InputError(
            "ladder",
            value=problem,
            allowed="steps that are there, each named once",
            remedy="correct it with: lengthwise plan keep",
        ) from problem
    return offered(told, what="the book")


def pains_told(store: ProfileStore) -> dict[int, float]:
    """Pain of each day of the plan, by its ordinal, where it was told."""
    days = kept_plan(store, at_s=time.time()).days
    return {day: d.told.pain for day, d in days.items() if d.told.pain is not None}


def _day_after(tried: Tried, pains: Mapping[int, float]) -> Tried:
    """With the pain of the next day, where the plan was told of it and the book was not."""
    after = pains.get(tried.on.toordinal() + 1)
    return tried if tried.next_day is not None else replace(tried, next_day=after)


def offered(told: ExposureTold, *, what: str) -> ExposureSaid:
    """Raises InputError for an exercise that is not known."""
    check_known(what, [r.exercise_id for r in told.rungs if r.exercise_id is not None])
    found = exposure(told, dict(exercises()))
    return ExposureSaid(
        action=offered_words(found, told),
        rule_ids=found.rule_ids,
        evidence_ids=found.evidence_ids,
        reasons=(exposure_reason(found),),
        would_change=(exposure_change(found),),
        lines=(
            *(rung_words(r, told, partial(bar_said, asked=told.asked)) for r in found.rungs),
            expectation_words(found.less, found.gap),
            confidence_words(found),
        ),
        exposure=found,
    )


def example_exposure() -> ExposureTold:
    """Somebody who does not exist, half way up."""
    ladder = ladders().ladder[0]
    rows = (
        (2, "rock", 4.0, 2.0, 5.0), (4, "rock", 3.0, 2.0, 6.0),
        (6, "fold_a_little", 6.0, 3.0, 5.0), (9, "fold_a_little", 4.0, 3.0, 6.0),
        (11, "hinge", 6.0, 3.0, 5.0),
    )  # fmt: skip
    tries = tuple(
        Tried(date(2026, 11, day), rung, expected, actual, 2.0, 2.0, confidence)
        for day, rung, expected, actual, confidence in rows
    )
    return ExposureTold(date(2026, 11, 12), ladder.rungs, tries, EXAMPLE)
