"""`lengthwise evaluate`: how true the estimates are, on data with a reference."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands


def add_evaluate(commands: "Commands") -> None:
    group = commands.add_parser(
        "evaluate",
        help="how true the estimates are, on data with a reference",
        description="Compares estimates with a reference and prints tables.",
    )
    inner = group.add_subparsers(dest="what", required=True, metavar="WHAT")
    c = inner.add_parser(
        "body",
        help="the body estimate from a camera against motion capture",
        description="Runs the body estimate over KERAAL takes (BlazePose landmarks of a sitting "
        "person, Vicon beside them) and prints claimed share, coverage and error of every angle.",
    )
    c.add_argument(
        "--data",
        type=Path,
        default=Path("../shared/data"),
        metavar="DIR",
        help="folder that holds keraal/blazepose and keraal/vicon; default: ../shared/data",
    )
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    c.add_argument("--json", action="store_true", help="for a program to read")
    c.set_defaults(run=_body)


def _body(o: argparse.Namespace) -> int:
    import msgspec
    from rich.progress import Progress

    from lengthwise.cli.screen import Screen
    from lengthwise.live.evaluation import keraal
    from lengthwise.live.evaluation.table import markdown

    with Progress(console=Screen(stderr=True), transient=True, disable=o.json) as bar:
        task = bar.add_task("takes", total=None)
        tables = keraal.evaluate(
            o.data / "keraal",
            advance=lambda done, of: bar.update(task, completed=done, total=of),
        )
    if o.write is not None:
        page = f"# The body estimate against references\n\n{markdown(tables)}"
        o.write.write_text(page, encoding="utf-8", newline="\n")
    if o.json:
        print(msgspec.json.format(msgspec.json.encode(tables), indent=2).decode())
    else:
        print(markdown(tables))
    return 0
