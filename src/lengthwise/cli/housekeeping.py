"""The commands about what is kept and what is installed here."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import height_m

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands


def add_muscle_paths(commands: "Commands") -> None:
    c = commands.add_parser(
        "muscle-paths",
        help="what muscle lengths are computed from, as one small binary",
        description="For programs that compute lengths themselves; docs/formats.md says how.",
    )
    c.add_argument("--out", type=Path, required=True, metavar="FILE")
    c.add_argument("--height-m", type=height_m, metavar="H", help="scale to this height")
    c.set_defaults(run=_muscle_paths)


def _muscle_paths(o: argparse.Namespace) -> int:
    from lengthwise.live.muscles import muscle_paths

    count = muscle_paths(o.out, height_m=o.height_m)
    print(f"{count} muscles written to {o.out}")
    return 0


def add_history(commands: "Commands") -> None:
    c = commands.add_parser("history", help="sessions kept in a profile")
    c.add_argument("--profile", default="default", metavar="NAME")
    c.add_argument("--delete", metavar="SESSION", help="delete one session and its recording")
    c.add_argument("--report", metavar="SESSION", help="write its report to --out, in clear")
    c.add_argument("--out", type=Path, metavar="FILE", help="for --report")
    c.add_argument("--json", action="store_true", help="as JSON")
    c.set_defaults(run=_history)


def _history(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.history(o.profile, delete=o.delete, as_json=o.json, report=o.report, out=o.out)


def add_recover(commands: "Commands") -> None:
    c = commands.add_parser(
        "recover",
        help="bring back sessions that were cut off",
        description="Finds unfinished session logs, keeps every complete frame, seals them. "
        "Safe to run again.",
    )
    c.add_argument("folder", nargs="?", type=Path, help="default: the profiles of this machine")
    c.add_argument("--json", action="store_true")
    c.set_defaults(run=_recover)


def _recover(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.recovered(o.folder, as_json=o.json)


def add_doctor(commands: "Commands") -> None:
    c = commands.add_parser("doctor", help="what is installed, what is missing, what to do")
    c.add_argument("--json", action="store_true")
    c.set_defaults(run=_doctor)


def _doctor(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.doctor(as_json=o.json)


def add_bench(commands: "Commands") -> None:
    c = commands.add_parser("bench", help="speed, each figure beside a peer in the same run")
    c.add_argument("--only", default="", metavar="PREFIX", help="names that begin with this")
    c.add_argument("--json", action="store_true")
    c.set_defaults(run=_bench)


def _bench(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.bench(o.only, as_json=o.json)


def add_setup(commands: "Commands") -> None:
    c = commands.add_parser(
        "setup",
        help="build the pose models and the anatomy tables on this machine",
        description="Run once after installing. Fetches the published pose weights and the demo "
        "video through npm and pip; without them everything but video still works.",
    )
    c.set_defaults(run=_setup)


def _setup(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.setup()
