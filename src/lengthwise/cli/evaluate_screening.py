"""`lengthwise evaluate screening`: the life of a clearance against its finite picture."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json
from lengthwise.cli.evaluated import tell_tables

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

_LIVES = 2000


def add_evaluate_screening(inner: "Commands") -> None:
    c = inner.add_parser(
        "screening",
        help="who may be led after which answers: every state, and random lives",
        description="Walks every state and event of the finite picture of the safety questions, "
        "counts ways to an exercise that must not be, and holds the real code against it on "
        "random lives. All must be none; else the exit code is 3.",
    )
    c.add_argument(
        "--lives", type=_count, default=_LIVES, metavar="N", help=f"random ones; default: {_LIVES}"
    )
    c.add_argument(
        "--write", type=Path, default=None, metavar="FILE", help="questions and picture as a page"
    )
    add_json(c)
    c.set_defaults(run=_screening)


def _count(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a number from 1 to 1000000")
    return int(text)


def _screening(o: argparse.Namespace) -> int:
    from lengthwise.live.evaluation.screening import evaluate, page, sound

    found = evaluate(o.lives)
    tell_tables(o, found, page())
    return 0 if sound(found) else 3
