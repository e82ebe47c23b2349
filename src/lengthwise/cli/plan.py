"""`lengthwise plan`: a week of at most ten minutes a day, from a file."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_group, add_json, height_m
from lengthwise.cli.plan_adapt import add_plan_adapt
from lengthwise.cli.plan_exposure import add_exposure
from lengthwise.cli.plan_handover import add_handover
from lengthwise.cli.plan_keep import add_keep
from lengthwise.cli.plan_questionnaire import add_questionnaire
from lengthwise.cli.plan_teach import add_teach
from lengthwise.cli.plan_told import FORMS as TOLD
from lengthwise.cli.plan_workday import add_workday

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.contracts.assessment import Impairments


FORMS = ("week", "days", "results", "adapt")


def add_plan(commands: "Commands") -> None:
    inner = add_group(
        commands,
        "plan",
        says="a week of at most ten minutes a day for what is short, and why",
        description="Chooses exercises and days by what each lengthens in this body, within the "
        "rules of safety. What the file does not answer bars like a yes.",
    )
    c = inner.add_parser("week", help="the week that a file asks for")
    c.add_argument("file", type=Path, metavar="FILE", help="JSON; see `plan schema`")
    c.add_argument("--height-m", type=height_m, help="of the body; default: the generic one")
    add_json(c)
    c.set_defaults(run=_week)
    c = inner.add_parser(
        "days",
        help="from what a person told of each day: level and volume, and why",
        description="Replays days in their order. Exit code 0 also where the plan is held.",
    )
    c.add_argument("file", type=Path, metavar="FILE", help="JSON; see `plan schema --of days`")
    add_json(c)
    c.set_defaults(run=_days)
    c = inner.add_parser(
        "assess",
        help="from results of tests on several days: what is short, and what says nothing",
        description="What it prints as needs goes into the file of `plan week`.",
    )
    c.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="JSON; see `plan schema --of results`"
    )
    c.add_argument("--profile", metavar="ID", help="in its place: tests that are kept")
    add_json(c)
    c.set_defaults(run=_assess)
    add_plan_adapt(inner)
    add_questionnaire(inner)
    add_handover(inner)
    add_teach(inner)
    add_exposure(inner)
    add_workday(inner)
    add_keep(inner)
    c = inner.add_parser("schema", help="the JSON Schema of such a file")
    c.add_argument("--of", choices=(*FORMS, *TOLD), default="week", help="default: week")
    c.set_defaults(run=_schema)
    c = inner.add_parser("example", help="such a file, to begin with")
    c.add_argument("--of", choices=(*FORMS, *TOLD), default="week", help="default: week")
    c.set_defaults(run=_example)


def _week(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json, table
    from lengthwise.cli.screen import Screen
    from lengthwise.live.week import week_from
    from lengthwise.reference.exercises import exercise
    from lengthwise.report.founded_words import by_words
    from lengthwise.report.week_words import item_words

    told = week_from(o.file, height_m=o.height_m)
    if o.json:
        print_json(told)
        return 0
    rows = table("day", "min", "exercises")
    for day in told.week.days:
        items = " · ".join(map(item_words, day.items))
        rows.add_row(str(day.number), f"{day.takes_s / 60.0:.1f}", items)
    Screen(highlight=False).print(rows)
    for why, reason, change in zip(told.week.why, told.reasons, told.would_change, strict=True):
        by = by_words(why.rule_ids, why.evidence_ids)
        print(f"{exercise(why.exercise_id).plain_name}, {why.times} times: {reason} [{by}]")
        print(f"  What would change it: {change}")
    for line in (*told.too_little, *told.edited):
        print(line)
    return 0


def _days(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.live.progress import days_from
    from lengthwise.report.founded_words import by_words

    told = days_from(o.file)
    if o.json:
        print_json(told)
        return 0
    for decided, reason, change in zip(told.decided, told.reasons, told.would_change, strict=True):
        by = by_words(decided.rule_ids, decided.evidence_ids)
        print(f"day {decided.day}: {decided.move.value.replace('_', ' ')}. {reason} [{by}]")
        print(f"  What would change it: {change}")
    for line in told.edited:
        print(line)
    now = told.standing
    print("held" if now.held else f"now: level {now.level}, {now.volume:.0%} of its volume")
    return 0


def _assess(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.live.progress import impairments_of, said_of
    from lengthwise.live.tests_kept import date_of, typed_by_hand
    from lengthwise.report.tested_words import typed_words

    found = impairments_of(o.file, o.profile)
    if o.json:
        print_json(said_of(found))
        return 0
    if not found.assessed:
        print("no result of a test is told" if o.file else "no result of a test is kept yet")
        print("Which tests there are: lengthwise assess list")
    else:
        _print_assessed(found)
    for typed in typed_by_hand(o.profile) if o.profile else ():
        print(f"{date_of(typed)}  {typed_words(typed)}")
    for need in found.needs:
        print(f"need: {need.group.value} {need.side.value}, weight {need.weight:.2f}")
    return 0


def _print_assessed(found: "Impairments") -> None:
    from lengthwise.cli.listings import table
    from lengthwise.cli.screen import Screen
    from lengthwise.report.week_words import amount, verdict

    rows = table("test", "side", "value", "repeat differs by", "what it says")
    rows.columns[0].no_wrap = True  # it is typed as it stands
    for a in found.assessed:
        value, repeat = (amount(a.value_deg, a.value_s), amount(a.mdc_deg, a.mdc_s))
        rows.add_row(a.test, a.side.value if a.side else "", value, repeat, verdict(a.verdict))
    Screen(highlight=False).print(rows)


def _schema(o: argparse.Namespace) -> int:
    import msgspec

    from lengthwise.cli.listings import print_json
    from lengthwise.cli.plan_told import forms as told_forms
    from lengthwise.contracts.adaptation import AdaptTold
    from lengthwise.contracts.assessment import ResultsTold
    from lengthwise.contracts.progress import DaysTold
    from lengthwise.contracts.week import WeekAsked

    forms = {"week": WeekAsked, "days": DaysTold, "results": ResultsTold, "adapt": AdaptTold}
    print_json(msgspec.json.schema(told_forms()[o.of][0] if o.of in TOLD else forms[o.of]))
    return 0


def _example(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.cli.plan_told import forms as told_forms
    from lengthwise.live import adaptation, progress, week

    examples = {
        "week": week.EXAMPLE,
        "days": progress.EXAMPLE_DAYS,
        "results": progress.EXAMPLE_RESULTS,
        "adapt": adaptation.EXAMPLE,
    }
    print_json(told_forms()[o.of][1]() if o.of in TOLD else examples[o.of])
    return 0
