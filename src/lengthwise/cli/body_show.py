"""`lengthwise body show`: one posture as a picture or a page."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_joint_options, add_json, height_m
from lengthwise.cli.muscles import add_exercise_options, say_notes, seconds, stated_ends

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

SIGHTS = ("left", "right", "front", "back", "oblique")
_EXAMPLES = """examples:
  lengthwise body show half_kneeling_hip_flexor --side r --out lunge.html
  lengthwise body show sitting --view oblique --out sitting.png
  lengthwise body show poses.csv --pose deep --muscles psoas_l,iliacus_l --out deep.png
  lengthwise body show ik.mot --time 1.25 --exercise supine_hamstring --side l --out leg.html
"""


def add_show(inner: "Commands") -> None:
    c = inner.add_parser(
        "show",
        help="a posture with its muscles coloured by how far they are into their range",
        description="Draws one posture: a picture where --out ends in .png, a page to turn and "
        "look into where it ends in .html. POSTURE is the name of a posture (standing, sitting, "
        "half_kneeling, four_point, supine, prone, side_lying), an exercise (its end; see: "
        "lengthwise exercises), or a file of poses (.csv, .mot, .sto).",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    c.add_argument("posture", nargs="?", metavar="POSTURE")
    c.add_argument("--out", type=Path, required=True, metavar="FILE", help=".png or .html")
    c.add_argument("--pose", metavar="ID", help="which pose of a poses.csv")
    c.add_argument("--time", type=seconds, metavar="S", help="which moment of a .mot or .sto")
    c.add_argument(
        "--exercise",
        metavar="ID",
        help="highlight what this exercise is about; without POSTURE show its end",
    )
    add_exercise_options(c)
    c.add_argument(
        "--muscles",
        metavar="LIST",
        help="highlight these in place of an exercise's, such as psoas_l,iliacus_l",
    )
    c.add_argument(
        "--view",
        choices=SIGHTS,
        help="from where; default: as the exercise is seen best, else oblique",
    )
    c.add_argument(
        "--size", type=size_px, default=(900, 1100), metavar="WxH",
        help="of a picture, in pixels; default: 900x1100",
    )  # fmt: skip
    c.add_argument("--height-m", type=height_m, metavar="H", help="scale to this height")
    add_joint_options(c)
    add_json(c)
    c.set_defaults(run=_show)


def size_px(text: str) -> tuple[int, int]:
    """Width and height of a picture."""
    width, _, height = text.lower().partition("x")
    if width.isascii() and height.isascii() and width.isdigit() and height.isdigit():
        size = (int(width), int(height))
        if all(120 <= side <= 4000 for side in size):
            return size
    raise argparse.ArgumentTypeError(
        f"found {text}; allowed: WxH in pixels from 120 to 4000, such as 900x1100"
    )


def _show(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.coordinates import Side
    from lengthwise.live.body_show import ShowRequest, show_body, targets_named
    from lengthwise.live.posture_choice import Moment, PostureRequest
    from lengthwise.report.posture_picture import Sight

    posture = PostureRequest(
        what=o.posture,
        pose=o.pose,
        time_s=o.time,
        exercise_id=o.exercise,
        side=Side(o.side) if o.side else None,
        moment=Moment(o.at),
        knees_negative=o.knees_negative,
    )
    shown = show_body(
        ShowRequest(
            posture=posture,
            out=o.out,
            targets=None if o.muscles is None else targets_named(o.muscles),
            sight=Sight(o.view) if o.view else None,
            size_px=o.size,
            height_m=o.height_m,
            ends=stated_ends(o),
        )
    )
    if o.json:
        targets = [f"{group.value}_{side.value}" for group, side in shown.targets]
        print_json(
            {
                "out": str(shown.out),
                "title": shown.title,
                "targets": targets,
                "notes": list(shown.notes),
            }
        )
        return 0
    print(f"{shown.title}: {shown.out}")
    say_notes(shown.notes)
    return 0
