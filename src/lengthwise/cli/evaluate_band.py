"""`lengthwise evaluate band`: how well a simulated band keeps a force, and lets go."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

_SCENARIOS, _PEOPLE = 10_000, 20


def add_evaluate_band(inner: "Commands") -> None:
    c = inner.add_parser(
        "band",
        help="a motorised band on simulated people: force kept, window kept, letting go",
        description="Holds 80 N for 90 s before simulated people at 30, 100 and 200 ms, beside a "
        "locked elastic band and a strap, and runs random sessions in which one thing goes wrong. "
        "Where anything asked for is not met, the exit code is 3.",
    )
    c.add_argument(
        "--scenarios",
        type=_many,
        default=_SCENARIOS,
        metavar="N",
        help=f"random sessions; default: {_SCENARIOS}",
    )
    c.add_argument("--people", type=_few, default=_PEOPLE, metavar="N", help=f"default: {_PEOPLE}")
    c.add_argument("--jobs", type=_few, default=1, metavar="N", help="processes; default: 1")
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)
    c.set_defaults(run=_band)


def _many(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a number from 1 to 1000000")
    return int(text)


def _few(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 100):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a whole number from 1 to 100")
    return int(text)


def _band(o: argparse.Namespace) -> int:
    import msgspec
    from rich.progress import Progress

    from lengthwise.cli.screen import Screen
    from lengthwise.live.evaluation.band import evaluate, page, sound
    from lengthwise.live.evaluation.table import markdown

    with Progress(console=Screen(stderr=True), transient=True, disable=o.json) as bar:
        task = bar.add_task("sessions", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        tables = evaluate(o.scenarios, jobs=o.jobs, people=o.people, advance=advance)
    if o.write is not None:
        people = "" if o.people == _PEOPLE else f" --people {o.people}"
        text = page(tables, f"lengthwise evaluate band --scenarios {o.scenarios}{people}")
        o.write.write_text(text, encoding="utf-8", newline="\n")
    if o.json:
        print(msgspec.json.format(msgspec.json.encode(tables), indent=2).decode())
    else:
        print(markdown(tables))
    return 0 if sound(tables) else 3
