"""Use case: what is told for the plan, wherever it was told: beside the page, or on it."""

from collections import Counter
from datetime import date

from msgspec.structs import replace

from lengthwise.contracts.handover import DecidedTold, GoalTold, PlannedTold
from lengthwise.contracts.own_plan import Intake, WeekMade
from lengthwise.contracts.plan_book import PlanBook
from lengthwise.contracts.progress import Move
from lengthwise.live.own_plan import OwnPlan, kept_plan
from lengthwise.live.plan_book import book_of
from lengthwise.record.store import ProfileStore
from lengthwise.report import progress_words


def whole_book(store: ProfileStore, *, at_s: float) -> PlanBook:
    """The book, and where it tells nothing what the person's plan of the page does; the level is
    that plan's as soon as it has begun. `at_s` since 1970 UTC. Raises InputError for a book of
    another version."""
    book, plan = book_of(store), kept_plan(store, at_s=at_s)
    intake = plan.intake or Intake()
    return replace(
        book,
        goal=book.goal or (GoalTold(intake.activity) if intake.activity else None),
        movement=book.movement or intake.movement,
        level=book.level if plan.begun is None else _level(plan),
        planned=book.planned or _planned(plan.week),
        decided=(*book.decided, *_decided(plan)),
    )


def _level(plan: OwnPlan) -> int | None:
    if plan.days:
        return plan.days[max(plan.days)].after.level
    return None if plan.begun is None else plan.begun.level


def _planned(week: WeekMade | None) -> tuple[PlannedTold, ...]:
    """Each exercise of the week that holds, on so many of its days."""
    if week is None:
        return ()
    on_days = Counter(item.exercise_id for day in week.week.days for item in day.items)
    since = date.fromordinal(week.day)
    return tuple(PlannedTold(name, float(times), since) for name, times in sorted(on_days.items()))


def _decided(plan: OwnPlan) -> tuple[DecidedTold, ...]:
    """What changed something; that all stays as it was is said by nothing else."""
    return tuple(
        DecidedTold(
            on=date.fromordinal(day),
            rule_ids=each.decided.rule_ids,
            sentence=progress_words.reason(each.decided),
            would_change=progress_words.would_change(each.decided),
            evidence_ids=each.decided.evidence_ids,
        )
        for day, each in sorted(plan.days.items())
        if each.decided.move not in (Move.STAY, Move.GO_ON)
    )
