"""`lengthwise evaluate breathing`: what sensors show of the breath, real and simulated."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

_DATA, _PEOPLE = Path("../shared/data"), 6


def add_evaluate_breathing(inner: "Commands") -> None:
    c = inner.add_parser(
        "breathing",
        help="breathing and held breaths: false alarms, known share, rate",
        description="Listens for breathing in recordings of people and of sensors that nobody "
        "wears, and in simulated people at rest, half an hour each, and prints the share of time "
        "in which it is known, its rate, and held breaths that are told rightly and falsely.",
    )
    c.add_argument(
        "--data",
        type=Path,
        default=_DATA,
        metavar="DIR",
        help=f"folder that holds imu, keraal and physiology; default: {_DATA}",
    )
    c.add_argument(
        "--people",
        type=_people,
        default=_PEOPLE,
        metavar="N",
        help=f"simulated people of each kind; default: {_PEOPLE}",
    )
    c.add_argument("--jobs", type=_people, default=1, metavar="N", help="processes; default: 1")
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)
    c.set_defaults(run=_breathing)


def _people(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 100):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a whole number from 1 to 100")
    return int(text)


def _breathing(o: argparse.Namespace) -> int:
    import msgspec
    from rich.progress import Progress

    from lengthwise.cli.screen import Screen
    from lengthwise.live.evaluation.breathing import evaluate, page
    from lengthwise.live.evaluation.table import markdown

    with Progress(console=Screen(stderr=True), transient=True, disable=o.json) as bar:
        task = bar.add_task("people", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        tables = evaluate(o.data, people=o.people, jobs=o.jobs, advance=advance)
    if o.write is not None:
        text = page(tables, f"lengthwise evaluate breathing --people {o.people}")
        o.write.write_text(text, encoding="utf-8", newline="\n")
    if o.json:
        print(msgspec.json.format(msgspec.json.encode(tables), indent=2).decode())
    else:
        print(markdown(tables))
    return 0
