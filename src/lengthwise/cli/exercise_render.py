"""`lengthwise exercises render`: drawings and short moving pictures from the anatomical model."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json, height_m

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

FORMATS = ("html", "png", "svg", "apng")


def add_render(inner: "Commands") -> None:
    c = inner.add_parser(
        "render",
        help="draw exercises: a page to print, pictures, or moving pictures",
        description="Draws start and end of each exercise from the anatomical model, with the "
        "muscles it is about in colour. All exercises without ID. html: one page, exercises.html, "
        "to print and to hand out; png, svg: one sheet each; apng: one moving picture each.",
    )
    c.add_argument("ids", nargs="*", metavar="ID")
    c.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to")
    c.add_argument("--side", choices=("l", "r"), default="l", help="working side; default: l")
    c.add_argument("--format", choices=FORMATS, default="html", help="default: html")
    c.add_argument("--height-m", type=height_m, metavar="H", help="body; default: generic")
    add_json(c)
    c.set_defaults(run=_render)


def _render(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.coordinates import Side
    from lengthwise.live.exercise_render import Format, RenderRequest, render_exercises

    request = RenderRequest(o.out, tuple(o.ids), Side(o.side), Format(o.format), o.height_m)
    done = render_exercises(request, say=lambda line: print(line, file=sys.stderr, flush=True))
    if o.json:
        print_json({"files": [str(f) for f in done.files], "skipped": list(done.skipped)})
        return 0
    for skipped in done.skipped:
        print(f"{skipped}: nothing moves in it, so there is no moving picture")
    print(f"{len(done.files)} written: {done.files[0] if len(done.files) == 1 else o.out}")
    return 0
