"""`lengthwise evidence set`, `unset`, `changed`: constants of the plan that a clinician changes."""

import argparse

from lengthwise.contracts.errors import InputError

ACTIONS = ("set", "unset", "changed")
EXAMPLES = """examples:
  lengthwise evidence plan.up_green_days
  lengthwise evidence set plan.up_green_days 4 --by "A. Physio" --reason "slow to settle"
  lengthwise evidence unset plan.up_green_days --by "A. Physio" --reason "settled"
  lengthwise evidence changed"""


def add_edit_arguments(c: argparse.ArgumentParser) -> None:
    c.epilog, c.formatter_class = EXAMPLES, argparse.RawDescriptionHelpFormatter
    c.add_argument(
        "more",
        nargs="*",
        metavar="CONSTANT VALUE",
        help="after `set`; after `unset` the constant alone. `changed` lists what is changed; "
        "`evidence AREA` lists constants, such as those of plan. A limit of safety can only be "
        "drawn tighter than it ships",
    )
    c.add_argument(
        "--by",
        default="",
        metavar="NAME",
        help="who changes it, as a clinician signs; kept beside it, and for good: in clear, "
        "beside the profiles, also when a person is deleted",
    )
    c.add_argument(
        "--reason",
        default="",
        metavar="TEXT",
        help="why; kept in the same place, so do not write the name of the person who trains "
        "into it",
    )


def run_edit(o: argparse.Namespace) -> int:
    """Raises InputError on words that are no such command."""
    wanted = {"set": 2, "unset": 1, "changed": 0}[o.id]
    if len(o.more) != wanted:
        raise InputError(
            f"evidence {o.id}",
            value=" ".join(o.more) or "nothing more",
            allowed=("nothing more", "CONSTANT", "CONSTANT VALUE")[wanted],
            remedy="see: lengthwise evidence --help",
        )
    if o.id == "changed":
        return _changed(as_json=o.json)
    from lengthwise.cli.evidence_listing import explained
    from lengthwise.live.constant_edits import set_constant, unset_constant

    if o.id == "set":
        set_constant(o.more[0], _number(o.more[1]), by=o.by, reason=o.reason)
    else:
        unset_constant(o.more[0], by=o.by, reason=o.reason)
    code = explained(o.more[0], as_json=o.json)
    if not o.json:
        print("  It holds in what begins from now on; a server that is running keeps what it has.")
    return code


def check_alone(o: argparse.Namespace) -> None:
    """Raises InputError on words behind an id that changes nothing."""
    if o.more:
        raise InputError(
            "evidence",
            value=" ".join((o.id, *o.more)),
            allowed=f"one id, or {', '.join(ACTIONS)}",
            remedy="see: lengthwise evidence --help",
        )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as cause:
        raise InputError(
            "value", value=text, allowed="a number", remedy="see: lengthwise evidence --help"
        ) from cause


def _changed(*, as_json: bool) -> int:
    from lengthwise.cli.evidence_listing import WAYS
    from lengthwise.cli.listings import print_json, table
    from lengthwise.cli.screen import Screen
    from lengthwise.live.constant_edits import constant_now, edit_words
    from lengthwise.reference.edits import editable, edits

    holding = {n: now for n in editable() if (now := constant_now(n)).edit is not None}
    if as_json:
        print_json({"changes": edits(), "constants": holding})
        return 0
    for edit in edits():
        print(edit_words(edit))
    if not holding:
        print("no constant of the plan is changed: each holds as it ships")
        return 0
    rows = table("constant", "value", "ships as", "from", "to", "may be drawn")
    rows.columns[0].no_wrap = True
    for name, now in holding.items():
        shipped, way = now.shipped, now.way
        least = shipped.value if way == "higher" else shipped.low
        most = shipped.value if way == "lower" else shipped.high
        said = WAYS.get(str(way), "either way")
        numbers = (now.value, shipped.value, least, most)
        rows.add_row(name, *(f"{n:g}" for n in numbers), said)
    Screen().print(rows)
    return 0
