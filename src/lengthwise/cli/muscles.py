"""`lengthwise muscles`: lengths of a file of poses, or what one posture does to each group."""

import argparse
import sys
from math import inf
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_joint_options, add_json, height_m

if TYPE_CHECKING:
    from rich.text import Text

    from lengthwise.cli.arguments import Commands
    from lengthwise.live.posture_choice import PostureRequest
    from lengthwise.live.stretch_map import GroupStretch, StretchMap
    from lengthwise.tissue.joint_ends import PersonEnds

_EXAMPLES = """examples:
  lengthwise muscles --example try           # poses.csv and leg_raise.mot to begin with
  lengthwise muscles try/poses.csv --out lengths.csv
  lengthwise muscles poses.csv --out lengths.csv --moment-arms
  lengthwise muscles ik.mot --out lengths.sto
  lengthwise muscles ik.mot --out groups.csv --groups --height-m 1.72
  lengthwise muscles --stretch-map half_kneeling_hip_flexor --side l
  lengthwise muscles poses.csv --stretch-map lunge --json
  lengthwise muscles ik.mot --stretch-map 1.25
"""


def add_muscles(commands: "Commands") -> None:
    c = commands.add_parser(
        "muscles",
        help="poses in, muscle-tendon lengths out; or what one posture stretches",
        description="Lengths of all fascicles and whole muscles of the anatomical model for each "
        "pose, or of 16 muscle groups a side. Reads poses.csv (columns `<coordinate>_deg`; an "
        "absent coordinate is 0) and OpenSim motions (.mot, .sto) in OpenSim's names and signs. "
        "Obliques (EO*, IO*) are written and not to be judged by: see docs/formats.md.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    c.add_argument("input", type=Path, nargs="?", metavar="POSES", help=".csv, .mot or .sto")
    c.add_argument(
        "--out",
        type=Path,
        metavar="LENGTHS",
        help="a table in millimetres, or OpenSim's Storage in metres where it ends in .sto",
    )
    c.add_argument(
        "--moment-arms",
        action="store_true",
        help="add moment arms: minus the change of length per radian, so + means that pull turns "
        "the joint in its coordinate's + direction",
    )
    c.add_argument(
        "--groups",
        action="store_true",
        help="16 muscle groups a side, with how far into its range each is, in place of fascicles; "
        "columns begin with group_: group_psoas_l is the whole muscle, psoas_l (without this) only "
        "its hip part in the anatomical model",
    )
    c.add_argument(
        "--stretch-map",
        metavar="POSE",
        help="print what one posture does to every group, largest gain first: a posture or "
        "exercise by name, or a row of POSES by its pose_id (.csv) or its time in seconds",
    )
    c.add_argument(
        "--example",
        type=Path,
        metavar="DIR",
        help="write a small poses.csv and a small motion into this folder, to try the rest with",
    )
    add_exercise_options(c)
    c.add_argument("--height-m", type=height_m, metavar="H", help="scale to this height")
    add_joint_options(c)
    c.add_argument("--quiet", action="store_true", help="no progress bar, no notes")
    add_json(c)
    c.set_defaults(run=_muscles)


def add_exercise_options(c: argparse.ArgumentParser) -> None:
    """Options of every command that takes a posture."""
    c.add_argument("--side", choices=("l", "r"), help="working side of an exercise; default: l")
    c.add_argument(
        "--at",
        choices=("start", "end", "other-end"),
        default="end",
        help="which moment of an exercise; default: end",
    )
    c.add_argument(
        "--knees-negative",
        action="store_true",
        help="knee angles of the motion are negative in flexion (gait2392 and older models)",
    )


def stated_ends(o: argparse.Namespace) -> "PersonEnds":
    """Joint ends by the stated age and sex. Raises InputError for a sex without an age."""
    from lengthwise.contracts.errors import InputError
    from lengthwise.contracts.movements import Sex
    from lengthwise.tissue.joint_ends import person_ends

    if o.sex and o.age_years is None:
        raise InputError(
            "--sex",
            value="it without --age-years",
            allowed="both, or age alone",
            remedy="state the age too: limits are kept by age",
        )
    return person_ends(age_years=o.age_years, sex=Sex(o.sex) if o.sex else None)


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = inf
    if not -inf < value < inf:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: seconds")
    return value


def _muscles(o: argparse.Namespace) -> int:
    from lengthwise.contracts.errors import InputError

    if o.example is not None:
        return _example(o)
    if o.stretch_map is not None:
        if o.out is not None or o.groups or o.moment_arms:
            given = "--out" if o.out else "--groups" if o.groups else "--moment-arms"
            raise InputError(
                given,
                value="it beside --stretch-map",
                allowed="one of the two",
                remedy="run the command twice",
            )
        return _map(o)
    if not o.groups and (o.age_years is not None or o.sex):
        raise InputError(
            "--sex" if o.age_years is None else "--age-years",
            value="it without --groups or --stretch-map",
            allowed="with what tells of a range",
            remedy="leave it out: lengths do not depend on it",
        )
    for option, stands in (("--side", o.side is not None), ("--at", o.at != "end")):
        if stands:
            raise InputError(
                option,
                value="it without --stretch-map",
                allowed="with a posture",
                remedy="leave it out",
            )
    if o.input is None or o.out is None:
        raise InputError(
            "muscles",
            value="no file of poses" if o.input is None else "no --out",
            allowed="POSES --out LENGTHS, or --stretch-map POSE",
            remedy="a file to begin with: lengthwise muscles --example try",
        )
    return _write(o)


def _example(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.errors import InputError
    from lengthwise.live.example_poses import write_example

    if o.input is not None or o.out is not None or o.stretch_map is not None:
        raise InputError(
            "--example",
            value="it beside other work",
            allowed="a folder, by itself",
            remedy="run the command twice",
        )
    poses, motion = write_example(o.example)
    if o.json:
        print_json({"poses": str(poses), "motion": str(motion)})
        return 0
    print(f"written: {poses}, {motion}")
    print("try: lengthwise muscles", poses, "--out", o.example / "lengths.csv")
    print("try: lengthwise muscles", motion, "--out", o.example / "groups.sto --groups")
    print("try: lengthwise muscles", poses, "--stretch-map figure_four_end")
    return 0


def _write(o: argparse.Namespace) -> int:
    from rich.progress import Progress

    from lengthwise.cli.listings import print_json
    from lengthwise.cli.screen import Screen
    from lengthwise.live.muscles import muscles

    console = Screen(stderr=True)
    unseen = o.quiet or o.json or not console.is_terminal
    with Progress(console=console, transient=True, disable=unseen) as bar:
        task = bar.add_task("muscle lengths", total=1.0)
        written = muscles(
            o.input,
            o.out,
            moment_arms=o.moment_arms,
            groups=o.groups,
            height_m=o.height_m,
            ends=stated_ends(o),
            knees_negative=o.knees_negative,
            progress=lambda share: bar.update(task, completed=share),
        )
    if o.json:
        print_json({"poses": written.poses, "out": str(written.out), "notes": list(written.notes)})
        return 0
    print(f"{written.poses} poses written to {o.out}")
    if not o.quiet:
        say_notes(written.notes)
    return 0


def say_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def _map(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.live.stretch_map import stretch_map

    found = stretch_map(_request(o), height_m=o.height_m, ends=stated_ends(o))
    if o.json:
        print_json(found)
        return 0
    _show(found)
    if not o.quiet:
        say_notes(found.notes)
    return 0


def _request(o: argparse.Namespace) -> "PostureRequest":
    from lengthwise.contracts.coordinates import Side
    from lengthwise.contracts.errors import InputError
    from lengthwise.live.pose_files import MOTION_SUFFIXES
    from lengthwise.live.posture_choice import Moment, PostureRequest

    side = Side(o.side) if o.side else None
    if o.input is None:
        return PostureRequest(o.stretch_map, side=side, moment=Moment(o.at))
    pose, time_s = o.stretch_map, None
    if o.input.suffix.lower() in MOTION_SUFFIXES:
        try:
            pose, time_s = None, seconds(o.stretch_map)
        except argparse.ArgumentTypeError:
            raise InputError(
                "--stretch-map",
                value=o.stretch_map,
                allowed=f"a time of {o.input.name} in seconds",
                remedy="name a moment of the motion",
            ) from None
    return PostureRequest(
        str(o.input), pose, time_s, side=side, moment=Moment(o.at), knees_negative=o.knees_negative
    )


_SAME_MM = 0.5
_BAR = 5
"""Characters of the bar of a range: the whole table fits into 80 columns."""


def _show(found: "StretchMap") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from lengthwise.cli.screen import Screen

    has_start = found.exercise_id is not None
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("muscle", no_wrap=True)
    table.add_column("mm", justify="right", no_wrap=True)
    table.add_column("of range, \u00b1", no_wrap=True)
    # A gain in per cent is in points of the range: from 40 to 60 % of it is +20.
    table.add_column("from upright", justify="right", no_wrap=True)
    if has_start:
        table.add_column("from start", justify="right", no_wrap=True)
    shown = [row for row in found.rows if row.target or not _unmoved(row)]
    for row in shown:
        table.add_row(*_cells(row, has_start=has_start))
    screen = Screen(highlight=False)
    screen.print(Text(found.posture, style="bold"), soft_wrap=True)
    named = [f"{name.replace('_', ' ')} {deg:g}°" for name, deg in found.angles.items()]
    # A name stays beside its number where the line breaks.
    kept = ", ".join(words.replace(" ", "\u00a0") for words in named) or "every angle at zero"
    for line in wrap(kept, 80):
        screen.print(Text(line.replace("\u00a0", " "), style="dim"), soft_wrap=True)
    screen.print(table)
    if len(shown) < len(found.rows):
        print(f"The other {len(found.rows) - len(shown)} are as long as in upright standing.")
    if has_start:
        print("▸ what the exercise is about.")
    print("Whole muscles with their tendons, in a generic body scaled by height. Range:")
    print("from shortest to longest within normal joint limits, \u00b1 what the model and")
    print("how far people's joints go leave open; gains in points of it.")


def _unmoved(row: "GroupStretch") -> bool:
    gains = (row.gain_from_upright_mm, row.gain_from_start_mm)
    return row.length_mm is not None and all(g is None or abs(g) < _SAME_MM for g in gains)


def _cells(row: "GroupStretch", *, has_start: bool) -> "list[Text | str]":
    from rich.text import Text

    from lengthwise.report.words import first_upper, muscle_name

    name = Text(("▸ " if row.target else "") + first_upper(muscle_name(row.group, row.side)))
    if row.target:
        name.stylize("bold")
    cells: list[Text | str] = [name]
    if row.length_mm is None or row.range_fraction is None or row.range_fraction_sd is None:
        cells += ["", Text("not known", style="dim"), ""]
    else:
        cells += [f"{row.length_mm:.0f}", _range(row.range_fraction, row.range_fraction_sd)]
        cells.append(_gain(row.gain_from_upright_mm, row.gain_from_upright_fraction))
    if has_start:
        cells.append(_gain(row.gain_from_start_mm, row.gain_from_start_fraction))
    return cells


def _range(fraction: float, sd: float) -> "Text":
    import numpy as np
    from rich.text import Text

    from lengthwise.report.palette import hex_colour, warmth

    filled = round(_BAR * fraction)
    text = Text("█" * filled, style=hex_colour(warmth(np.array(fraction))))
    text.append("·" * (_BAR - filled), style="dim")
    text.append(f" {100 * fraction:3.0f} % {196 * sd:2.0f}")
    return text


def _gain(mm: float | None, fraction: float | None) -> str:
    if mm is None or fraction is None:
        return ""
    if abs(mm) < _SAME_MM:
        return "the same"
    points = round(100 * fraction)
    return f"{mm:+.0f} mm {f'{points:+d}' if points else '0':>3} %".replace("-", "−")
