"""`lengthwise plan workday`: breaks to move in a working day."""

import argparse
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json
from lengthwise.cli.plan_source import add_answers_now, add_source

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.live.workday import WorkdaySaid


def add_workday(plan: "Commands") -> None:
    c = plan.add_parser(
        "workday",
        help="short breaks to move in a working day, with exercises for the desk",
        description="By hours, breaks that there are anyway and how many a person likes. The hours "
        "that are sat weigh needs by at most a fifth, here and, told as sitting_h, in `plan week`.",
    )
    add_source(c, form="workday")
    add_answers_now(c, such_as="pain_now=2")
    add_json(c)
    c.set_defaults(run=_run)


def _run(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.cli.plan_safety import refused_by_safety
    from lengthwise.cli.plan_told import one_source
    from lengthwise.report.founded_words import by_words

    one_source(o)
    if refused_by_safety(o):
        return 3
    said = _said(o)
    if o.json:
        print_json(said)
        return 0
    for line in said.lines:
        print(line)
    print(f"{said.reasons[0]} [{by_words(said.rule_ids, said.evidence_ids)}]")
    print(f"What would change it: {said.would_change[0]}")
    return 0


def _said(o: argparse.Namespace) -> "WorkdaySaid":
    from lengthwise.cli.plan_told import of_source
    from lengthwise.live.workday import workday_from, workday_of

    return of_source(o, workday_from, lambda store, care: workday_of(store, care=care))
