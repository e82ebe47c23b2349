"""`lengthwise evaluate heart` and `evaluate orientation`: what worn sensors tell, on recordings."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.live.evaluation.table import Table

_DATA = Path("../shared/data")


def add_evaluate_sensors(inner: "Commands") -> None:
    c = inner.add_parser(
        "heart",
        help="RMSSD and breathing rate against marked beats and counted breaths",
        description="Prints RMSSD of MIT-BIH record 100 with and without its premature beats, and "
        "the breaths of a belt's minute, through the steps a worn strap and a belt go through.",
    )
    _common(c, holds="physiology")
    c.set_defaults(run=_heart)
    c = inner.add_parser(
        "orientation",
        help="inertial sensors against an optical reference, with packets lost and outages",
        description="Sends recordings of a sensor below cameras through the radio's bytes, a tenth "
        "of the packets lost and five seconds missing now and then, and prints by how much the "
        "direction of up is off.",
    )
    _common(c, holds="imu/broad")
    c.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="processes; default: 1")
    c.set_defaults(run=_orientation)


def _common(c: argparse.ArgumentParser, *, holds: str) -> None:
    c.add_argument(
        "--data",
        type=Path,
        default=_DATA,
        metavar="DIR",
        help=f"folder that holds {holds}; default: {_DATA}",
    )
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)


def _heart(o: argparse.Namespace) -> int:
    from lengthwise.live.evaluation.heart import evaluate, page

    tables = evaluate(o.data)
    return _told(o, tables, page(tables, "lengthwise evaluate heart"))


def _jobs(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 100):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a whole number from 1 to 100")
    return int(text)


def _orientation(o: argparse.Namespace) -> int:
    from lengthwise.live.evaluation.orientation import evaluate, page

    tables = evaluate(o.data, jobs=o.jobs)
    return _told(o, tables, page(tables, "lengthwise evaluate orientation"))


def _told(o: argparse.Namespace, tables: "list[Table]", page: str) -> int:
    import msgspec

    from lengthwise.live.evaluation.table import markdown

    if o.write is not None:
        o.write.write_text(page, encoding="utf-8", newline="\n")
    if o.json:
        print(msgspec.json.format(msgspec.json.encode(tables), indent=2).decode())
    else:
        print(markdown(tables))
    return 0
