"""`lengthwise evidence`: what a claim or constant rests on, who leans on it, and changing one."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json
from lengthwise.cli.evidence_edits import ACTIONS, add_edit_arguments, check_alone, run_edit

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

STATUSES = ("verified", "unverified", "not found", "contradicted", "expert default")


def add_evidence(commands: "Commands") -> None:
    c = commands.add_parser(
        "evidence",
        help="what a claim or a constant rests on, and what was looked for and not found",
        description="Without an id: every claim with how well it is founded. With one: its source, "
        "whom it is of, how large the effect, and which exercises and constants lean on it.",
    )
    c.add_argument(
        "id",
        nargs="?",
        metavar="ID",
        help="of a claim, such as effect.stretching, or of a constant by area and name, such as "
        "plan.tolerance_valid_days; an area alone lists its constants; or set, unset, changed",
    )
    add_edit_arguments(c)
    c.add_argument("--status", choices=STATUSES, help="only claims of this kind")
    c.add_argument("--due", action="store_true", help="only claims to be looked at again")
    c.add_argument("--write", type=Path, metavar="FILE", help="all claims as a page of Markdown")
    add_json(c)
    c.set_defaults(run=_run)


def _run(o: argparse.Namespace) -> int:
    from lengthwise.cli import evidence_listing

    if o.id in ACTIONS:
        return run_edit(o)
    check_alone(o)
    if o.write is not None:
        return evidence_listing.written(o.write)
    if o.id is None:
        return evidence_listing.listed(status=o.status, due=o.due, as_json=o.json)
    return evidence_listing.explained(o.id, as_json=o.json)
