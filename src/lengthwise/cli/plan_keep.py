"""`lengthwise plan keep`: what a person told for the plan, kept with their profile."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands


def add_keep(plan: "Commands") -> None:
    c = plan.add_parser(
        "keep",
        help="keep what a person told for the plan: goal, own movement, ratings, visits, work",
        description="What is told again takes the place of what was, lists grow, and nothing that "
        "is left out is forgotten. Without FILE it shows what is kept.",
    )
    c.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="JSON; see `plan schema --of book`"
    )
    c.add_argument("--person", dest="profile", required=True, metavar="NAME", help="a profile")
    add_json(c)
    c.set_defaults(run=_run)


def _run(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.home import data_home
    from lengthwise.contracts.plan_book import PlanBook
    from lengthwise.live.json_file import json_file
    from lengthwise.live.plan_book import book_of, keep_told
    from lengthwise.record.store import ProfileStore

    told = json_file(o.file, PlanBook, form="lengthwise plan schema --of book") if o.file else None
    with ProfileStore.open_known(data_home(), o.profile) as store:
        book = book_of(store) if told is None else keep_told(store, told)
    if o.json or told is None:
        print_json(book)
    else:
        print(f"kept for {o.profile}")
    return 0
