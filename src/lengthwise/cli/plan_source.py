"""What a decision of the plan is made from: a file, or what is kept of a person and said now."""

import argparse
from pathlib import Path


def add_source(c: argparse.ArgumentParser, *, form: str) -> None:
    c.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help=f"JSON; see `plan schema --of {form}`"
    )
    c.add_argument("--person", dest="profile", metavar="NAME", help="a profile, in place of FILE")


def add_answers_now(c: argparse.ArgumentParser, *, such_as: str) -> None:
    c.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"of the person now, such as {such_as}; may be repeated (see: person --ask)",
    )
