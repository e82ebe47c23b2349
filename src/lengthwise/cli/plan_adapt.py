"""`lengthwise plan adapt`: what the plan makes of days that a person told."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.contracts.tolerance import Predicted
    from lengthwise.live.adaptation import Order


def add_plan_adapt(inner: "Commands") -> None:
    c = inner.add_parser(
        "adapt",
        help="from days, marks and what was felt: every change of the plan, and why",
        description="Replays days in their order and prints each decision with its rule, its "
        "reason and what would change it; then the marks it predicts, and equivalent exercises in "
        "the order of days like today. Nothing of it opens what safety has closed. Exit code 0 "
        "also where the plan is held.",
    )
    c.add_argument("file", type=Path, metavar="FILE", help="JSON; see `plan schema --of adapt`")
    add_json(c)
    c.set_defaults(run=_adapt)


def _adapt(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.live.adaptation import adapted_from
    from lengthwise.report.founded_words import by_words

    found = adapted_from(o.file)
    if o.json:
        print_json(found)
        return 0
    for said in found.said:
        about = f" ({said.about})" if said.about else ""
        by = by_words(said.rule_ids, said.evidence_ids)
        print(f"day {said.day}: {said.action.replace('_', ' ')}{about}. {said.reason} [{by}]")
        print(f"  What would change it: {said.would_change}")
    for w in found.windows:
        print(_window(w))
    for order in found.orders:
        print(_order(order))
    now = found.state.standing
    print("held" if now.held else f"now: level {now.level}, {found.volume:.0%} of its volume")
    return 0


def _window(w: "Predicted") -> str:
    name = f"{w.group.value} {w.side.value}"
    if w.ceiling_m is None or w.ceiling_sd_m is None or w.stale_in_days is None:
        return f"{name}: no window"
    return (
        f"{name}: ceiling at {1000 * w.ceiling_m:.0f} mm ± {1000 * w.ceiling_sd_m:.0f} mm, to be "
        f"marked anew in {w.stale_in_days:.0f} days"
    )


def _order(order: "Order") -> str:
    from lengthwise.contracts.adaptation import Choice
    from lengthwise.reference.exercises import exercise

    parts = []
    for o in order.exercises:
        near = ", ".join(
            f"day {n.case.day} {'well' if n.case.well else 'not well'} ({n.distance:.2f})"
            for n in o.neighbours
        )
        parts.append(f"{exercise(o.exercise_id).plain_name}: {near or 'not tried yet'}")
    turn = f"; in turn: {order.turn.chosen}" if isinstance(order.turn, Choice) else ""
    return "equivalent, by days like today: " + " > ".join(parts) + turn
