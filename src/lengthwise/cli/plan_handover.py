"""`lengthwise plan handover`: one page for the physiotherapist."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json
from lengthwise.cli.plan_source import add_source

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands


def add_handover(plan: "Commands") -> None:
    c = plan.add_parser(
        "handover",
        help="one page for the physiotherapist, from what is kept of a person or from a file",
        description="What is practised, how it was borne, the course of pain, range with its sd, "
        "what was not seen, and what was decided; each number with how sure it is.",
    )
    add_source(c, form="handover")
    c.add_argument(
        "--name",
        metavar="NAME",
        help="as it stands on the page, with --person; default: it",
    )
    c.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="page.html to print, or .txt or .json; in clear, to be handed on; default: printed "
        "as text",
    )
    add_json(c)
    c.set_defaults(run=_run)


def _run(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.cli.plan_told import one_source
    from lengthwise.contracts.errors import InputError
    from lengthwise.live.handover import handover_from, handover_of, write_handover
    from lengthwise.report.handover_words import text

    one_source(o)
    if o.file and o.out is not None and o.out.exists() and o.out.samefile(o.file):
        raise InputError(
            "--out",
            value=o.out,
            allowed="another file than the one that is read",
            remedy="name another file",
        )
    sheet = handover_from(o.file) if o.file else handover_of(o.profile, name=o.name)
    if o.out is not None:
        write_handover(sheet, o.out)
    if o.json:
        print_json(sheet)
    elif o.out is not None:
        print(f"handover: {o.out}")
    else:
        print(text(sheet), end="")
    return 0
