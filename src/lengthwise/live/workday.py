"""Use case: breaks to move in a working day, from a file or from what is kept."""

import time
from pathlib import Path

from msgspec.structs import replace

from lengthwise.contracts.care import Care
from lengthwise.contracts.workday import Desk, Pause, Workday, WorkdayTold
from lengthwise.live.decision_said import DecisionSaid
from lengthwise.live.json_file import json_file
from lengthwise.live.own_plan import kept_plan, needs_now
from lengthwise.live.plan_book import book_of, none_kept
from lengthwise.live.teaching import taught_by
from lengthwise.live.week import EXAMPLE
from lengthwise.plan.workday import workday
from lengthwise.record.store import ProfileStore
from lengthwise.reference.exercises import exercises
from lengthwise.report.workday_words import (
    break_words,
    longest_words,
    workday_change,
    workday_reason,
)


class WorkdaySaid(DecisionSaid, frozen=True):
    """The decision with its reason in sentences; `lines`: each break."""

    lines: tuple[str, ...]
    workday: Workday


def workday_from(path: Path) -> WorkdaySaid:
    """Raises InputError where the file tells no working day."""
    return spread(json_file(path, WorkdayTold, form="lengthwise plan schema --of workday"))


def workday_of(store: ProfileStore, *, care: Care | None = None) -> WorkdaySaid:
    """Of a kept person, with what may be given now. Raises InputError where none is kept."""
    told = book_of(store).workday
    if told is None:
        raise none_kept("workday", value="none kept yet", allowed="workday")
    asked = taught_by(store, care=care).asked
    of_plan = needs_now(kept_plan(store, at_s=time.time()))
    needs = of_plan or (() if told.asked is None else told.asked.needs)
    return spread(replace(told, asked=None if asked is None else replace(asked, needs=needs)))


def spread(told: WorkdayTold) -> WorkdaySaid:
    found = workday(told, dict(exercises()))
    return WorkdaySaid(
        action=found.action,
        rule_ids=found.rule_ids,
        evidence_ids=found.evidence_ids,
        reasons=(workday_reason(found),),
        would_change=(workday_change(found),),
        lines=(*(break_words(b) for b in found.breaks), longest_words(found)),
        workday=found,
    )


def example_workday() -> WorkdayTold:
    """An office day with lunch."""
    return WorkdayTold(
        from_min=9 * 60,
        until_min=17 * 60 + 30,
        desk=Desk.SITTING,
        sitting_h=7.0,
        pauses=(Pause(12 * 60 + 15, 40),),
        asked=EXAMPLE,
    )
