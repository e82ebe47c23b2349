"""`lengthwise exercises`: list, show, draw, check and compute what the exercises do."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import LANGUAGES, add_json, height_m
from lengthwise.cli.exercise_render import add_render

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands, OneLineParser

PLACES = ("floor", "bed", "chair", "standing", "desk")
KINDS = (
    "static_stretch",
    "active_mobility",
    "isometric_hold",
    "eccentric_lengthening",
    "dynamic_control",
    "loaded_task",
    "nerve_slider",
    "breathing",
    "rest_position",
    "walking",
)


def add_exercises(commands: "Commands") -> None:
    c = commands.add_parser(
        "exercises",
        help="list, show and draw the exercises, check a file, compute what each lengthens",
        description="Without a further word: list.",
    )
    _filters(c)
    c.set_defaults(run=_list)
    inner = c.add_subparsers(dest="what", metavar="WHAT")
    one = inner.add_parser("list", help="one line each", argument_default=argparse.SUPPRESS)
    _filters(one)
    one.set_defaults(run=_list)
    one = inner.add_parser("show", help="one exercise in plain words")
    one.add_argument("id", metavar="ID")
    one.add_argument("--side", choices=("l", "r"), default="l", help="working side; default: l")
    add_json(one)
    one.set_defaults(run=_show)
    one = inner.add_parser(
        "check",
        help="what is to be put right in exercise files",
        description="Checks the given files or ids, else all that are packaged: their fields, what "
        "their angles ask for, and with --effects whether a body lengthens what they name. Exit "
        "code 2 when something is found.",
    )
    one.add_argument("files", nargs="*", type=Path, metavar="FILE")
    one.add_argument(
        "--effects", action="store_true", help="also by the anatomical model, a second each"
    )
    one.add_argument(
        "--language",
        choices=[name for name in LANGUAGES if name != "en"],
        help="instead: how much of what is said is translated, and what is to be put right there",
    )
    add_json(one)
    one.set_defaults(run=_check)
    one = inner.add_parser(
        "effects",
        help="what each exercise lengthens, loads and strains, computed for a body",
        description="ID may also be the path of an exercise file. All without it.",
    )
    one.add_argument("id", nargs="?", metavar="ID")
    one.add_argument("--side", choices=("l", "r"), default="l", help="working side; default: l")
    one.add_argument("--height-m", type=height_m, metavar="H", help="body; default: generic")
    add_json(one)
    one.set_defaults(run=_effects)
    add_render(inner)


def _filters(c: "OneLineParser") -> None:
    c.add_argument("--place", choices=PLACES, help="only those done there")
    c.add_argument("--kind", choices=KINDS, help="only of this kind")
    c.add_argument("--level", type=int, choices=range(6), help="only those used at this level")
    c.add_argument("--target", metavar="MUSCLE", help="only those that lengthen or train it")
    c.add_argument("--json", action="store_true", help="all fields as JSON")


def _list(o: argparse.Namespace) -> int:
    from lengthwise.cli import exercise_listing

    return exercise_listing.listed(
        place=o.place, kind=o.kind, level=o.level, target=o.target, as_json=o.json
    )


def _show(o: argparse.Namespace) -> int:
    from lengthwise.cli import exercise_listing

    return exercise_listing.shown(o.id, side=o.side, as_json=o.json)


def _check(o: argparse.Namespace) -> int:
    from lengthwise.cli import exercise_checking

    if o.language is not None:
        return exercise_checking.translated(o.language, as_json=o.json)
    return exercise_checking.checked(o.files, effects=o.effects, as_json=o.json)


def _effects(o: argparse.Namespace) -> int:
    from lengthwise.cli import exercise_checking

    return exercise_checking.effects(o.id, side=o.side, height_m=o.height_m, as_json=o.json)
