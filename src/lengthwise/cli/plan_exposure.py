"""`lengthwise plan exposure`: the next step of a person's own ladder."""

import argparse
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json
from lengthwise.cli.plan_source import add_answers_now, add_source

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.live.ladder import ExposureSaid


def add_exposure(plan: "Commands") -> None:
    c = plan.add_parser(
        "exposure",
        help="the next step of a ladder of feared movements, expected against actual pain",
        description="The person chooses the ladder and what to try; what is offered is the first "
        "step that has not gone well on two days yet.",
    )
    add_source(c, form="exposure")
    add_answers_now(c, such_as="flare=no")
    c.add_argument("--ladders", action="store_true", help="ladders to begin from, and nothing else")
    add_json(c)
    c.set_defaults(run=_run)


def _run(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.cli.plan_safety import refused_by_safety
    from lengthwise.cli.plan_told import one_source
    from lengthwise.report.founded_words import by_words

    if o.ladders:
        return _ladders(as_json=o.json)
    one_source(o)
    if refused_by_safety(o, waits="the next step"):
        return 3
    said = _said(o)
    if o.json:
        print_json(said)
        return 0
    print(said.action)
    print(f"  {said.reasons[0]} [{by_words(said.rule_ids, said.evidence_ids)}]")
    print(f"  What would change it: {said.would_change[0]}")
    for line in said.lines:
        print(line)
    return 0


def _said(o: argparse.Namespace) -> "ExposureSaid":
    from lengthwise.cli.plan_told import of_source
    from lengthwise.live.ladder import exposure_from, exposure_of

    return of_source(o, exposure_from, lambda store, care: exposure_of(store, care=care))


def _ladders(*, as_json: bool) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.reference.ladders import ladders

    if as_json:
        print_json(ladders())
        return 0
    for ladder in ladders().ladder:
        print(ladder.name)
        for rung in ladder.rungs:
            print(f"  {rung.text}" + (f" ({rung.exercise_id})" if rung.exercise_id else ""))
    return 0
