"""The commands that take a recording: `demo` and `analyze`."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import (
    POSTURES,
    VIEWS,
    add_answers,
    add_cues,
    add_joint_options,
    add_language,
    add_measures,
    add_ramp,
    add_repositioning,
    held_kg,
    torque_nm,
    zero_s,
)

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands


def add_demo(commands: "Commands") -> None:
    c = commands.add_parser(
        "demo",
        help="analyse a real video and guide a simulated person through one stretch",
        description="Analyses a real video live in the terminal, guides one lunge of a simulated "
        "person, and leaves two reports. What an earlier demo left in DIR is replaced.",
    )
    c.add_argument(
        "--out",
        type=Path,
        default=Path("out/demo"),
        metavar="DIR",
        help="folder for the results; default: out/demo",
    )
    c.add_argument("--seconds", type=float, default=None, help="stop the video after this long")
    c.add_argument(
        "--pose-model", choices=("lite", "full", "heavy"), default="full", help="default: full"
    )
    add_language(c)
    c.set_defaults(run=_demo)


def _demo(o: argparse.Namespace) -> int:
    from lengthwise.cli import demo

    return demo.run(o.out, seconds=o.seconds, pose_model=o.pose_model, language=o.language)


def add_analyze(commands: "Commands") -> None:
    c = commands.add_parser(
        "analyze",
        help="a recording in; body.csv, tissue.csv, events, summary and report out",
        description="Reads a video, landmarks.csv, imu.csv, a folder with both, an Xsens folder, "
        "a qmt .mat file or a sealed session (.mcap). Without --exercise it measures and does not "
        "coach; a sealed session is taken with the options, exercise and person it was recorded "
        "with, except for what is given here.",
    )
    c.add_argument("input", type=Path, metavar="INPUT")
    c.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    c.add_argument(
        "--replace", action="store_true", help="give up a finished session that is in DIR"
    )
    c.add_argument(
        "--exercise",
        metavar="ID",
        help="coach this exercise (see: exercises); none: only measure a session that was coached",
    )
    c.add_argument("--side", choices=("l", "r"), help="only this side; default: both")
    c.add_argument("--posture", choices=POSTURES, help="start posture; default: as declared")
    c.add_argument(
        "--view",
        choices=VIEWS,
        help="which side of the person the camera sees; default: as declared, else inferred",
    )
    add_measures(
        c, height="height of the person", mass="body mass, for the load of the lumbar spine"
    )
    add_joint_options(c)
    c.add_argument(
        "--held-kg",
        type=held_kg,
        metavar="M",
        help="a weight held in both hands, arms hanging, for the same; not lying or on all fours",
    )
    c.add_argument("--zero-s", type=zero_s, metavar="A:B", help="period of upright standing")
    add_language(c)
    add_cues(c, default="as the sessions of the profile come to, else all")
    add_repositioning(c)
    c.add_argument("--mirrored", choices=("yes", "no"), help="whether the image is a mirror image")
    c.add_argument(
        "--pose-model", choices=("lite", "full", "heavy"), default="full", help="default: full"
    )
    c.add_argument(
        "--profile",
        metavar="NAME",
        help="take this person's measures, marks and joint limits, list the session there, and "
        "keep the marks that were given in it",
    )
    c.add_argument(
        "--pain-relief",
        choices=("yes", "no"),
        help="whether pain relief was at work: marks given then never raise a window; neither do "
        "marks of which it was not said",
    )
    add_ramp(c)
    add_answers(c)
    c.add_argument(
        "--smooth",
        action="store_true",
        help="also body_smoothed.csv: angles corrected by what was seen after each moment",
    )
    c.add_argument(
        "--torque",
        type=Path,
        metavar="FILE",
        help="what a joint resisted with, from a force sensor (torque.csv): extensibility beside "
        "tolerance",
    )
    c.add_argument(
        "--standard-torque-nm",
        type=torque_nm,
        metavar="N",
        help="the torque that extensibility is told at; default: as the file says, else 15 at the "
        "hip (10 sideways), 5 at the knee, 10 at the ankle",
    )
    c.add_argument("--json", action="store_true", help="print the summary as JSON")
    c.add_argument("--quiet", action="store_true", help="no progress bar")
    c.set_defaults(run=_analyze)


def _analyze(o: argparse.Namespace) -> int:
    from lengthwise.cli import analyze

    return analyze.run(o)
