"""`lengthwise evaluate plan`: simulated people under the plan and under two other programmes."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

_PEOPLE = 1000
_JOBS = 2
_MOST = 100_000


def add_evaluate_plan(inner: "Commands") -> None:
    c = inner.add_parser(
        "plan",
        help="simulated people under the plan, a fixed programme and a random one",
        description="Leads simulated people through twelve weeks with natural course, missed days, "
        "wrong and missing answers, flares and sensors that cannot see, and checks every day "
        "against the rules. Exit code 3 where a rule is broken or more holds go beyond tolerance "
        "than in the fixed programme.",
    )
    c.add_argument(
        "--people",
        type=_count,
        default=_PEOPLE,
        metavar="N",
        help=f"simulated people; default: {_PEOPLE}",
    )
    c.add_argument("--seed", type=int, default=1, metavar="N", help="default: 1")
    c.add_argument(
        "--jobs", type=_count, default=_JOBS, metavar="N", help=f"processes; default: {_JOBS}"
    )
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)
    c.set_defaults(run=_plan)


def _count(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= _MOST):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a whole number from 1 to {_MOST}")
    return int(text)


def _plan(o: argparse.Namespace) -> int:
    import msgspec
    from rich.progress import Progress

    from lengthwise.cli.screen import Screen
    from lengthwise.live.evaluation.planning import evaluate, page, sound
    from lengthwise.live.evaluation.table import markdown

    with Progress(console=Screen(stderr=True), transient=True, disable=o.json) as bar:
        task = bar.add_task("people", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        tables = evaluate(o.people, jobs=o.jobs, seed=o.seed, advance=advance)
    if o.write is not None:
        seed = "" if o.seed == 1 else f" --seed {o.seed}"
        command = f"lengthwise evaluate plan --people {o.people}{seed}"
        o.write.write_text(page(tables, command), encoding="utf-8", newline="\n")
    if o.json:
        print(msgspec.json.format(msgspec.json.encode(tables), indent=2).decode())
    else:
        print(markdown(tables))
    return 0 if sound(tables) else 3
