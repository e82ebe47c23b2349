"""Use case: the week of a plan as a page shows it, with what comes short and what is held back."""

from datetime import date
from functools import partial

from msgspec import Struct

from lengthwise.contracts.own_plan import WeekMade
from lengthwise.contracts.week import Purpose, WeekAsked
from lengthwise.live.bar_said import bar_said
from lengthwise.live.constant_edits import edits_in_words
from lengthwise.live.own_plan import OwnPlan
from lengthwise.plan.allocation import FLOOR_S, FULL_S
from lengthwise.plan.eligible import bars, not_told
from lengthwise.reference.exercises import exercise
from lengthwise.report import plan_words, week_words
from lengthwise.report.words import muscle_place

LEFT_OUT = "You left them out, or what they need is not at hand."


class DayShown(Struct, frozen=True):
    """`day_off`: nothing but breathing stands in it, as in `TodayShown`."""

    date: str
    today: bool
    names: tuple[str, ...]
    takes_s: float
    day_off: bool


class MuscleShown(Struct, frozen=True):
    """Seconds of lengthening in the week, against the floor and where more brings nothing."""

    name: str
    finding: str
    week_s: float
    floor_s: float
    full_s: float


class WeekShown(Struct, frozen=True):
    """What is left out, and by which rule: `bars`; `open_bars`: only because nobody has told yet
    whether it holds. `edited`: constants that hold as a clinician has changed them. All of it in
    sentences."""

    days: tuple[DayShown, ...]
    muscles: tuple[MuscleShown, ...]
    unmet: tuple[str, ...]
    bars: tuple[str, ...]
    open_bars: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()


def week_shown(plan: OwnPlan, made: WeekMade) -> WeekShown:
    week = made.week
    days = tuple(
        DayShown(
            date=date.fromordinal(made.day + n).isoformat(),
            today=made.day + n == plan.today,
            names=tuple(exercise(i.exercise_id).plain_name for i in day.items),
            takes_s=day.takes_s,
            day_off=all(i.purpose is Purpose.BREATH for i in day.items),
        )
        for n, day in enumerate(week.days)
    )
    muscles = tuple(
        MuscleShown(muscle_place(n.group, n.side), n.finding, given_s, FLOOR_S, FULL_S)
        for n, given_s in zip(week.needs, week.gives_s, strict=True)
    )
    holding = sorted(bars(made.asked))
    untold = [r for r in holding if not_told(r, made.asked)]
    told = [r for r in holding if r not in untold]
    words = partial(_words, asked=made.asked)
    short = (
        *(week_words.unmet(u, words) for u in week.unmet),
        *(week_words.missing(m, words) for m in week.missing),
    )
    left_out, open_bars = (tuple(map(plan_words.rule_words, each)) for each in (told, untold))
    return WeekShown(days, muscles, short, left_out, open_bars, edits_in_words())


def _words(rule: str, asked: WeekAsked) -> str:
    """Here what is not at hand is left out like what is not wanted, and neither is blamed on the
    other; nor is what was not told on the person."""
    return LEFT_OUT if rule == "wish" else bar_said(rule, asked)
