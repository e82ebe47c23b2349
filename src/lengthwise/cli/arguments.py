"""The arguments of every command and the function each one runs."""

import argparse
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

POSTURES = (
    "standing",
    "sitting",
    "half_kneeling",
    "four_point",
    "supine",
    "prone",
    "side_lying",
    "unknown",
)
LANGUAGES = ("en", "de")
VIEWS = ("front", "back", "left", "right", "unknown")


class OneLineParser(argparse.ArgumentParser):
    """An argument parser that answers bad usage with one line, and names what is nearest."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        near = get_close_matches(str(value), known, n=3)
        hint = f"; perhaps {' or '.join(near)}" if near else ""
        told = f"found {value}; allowed: {', '.join(known)}{hint}"
        raise argparse.ArgumentError(action, told)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see: {self.prog} --help\n")


if TYPE_CHECKING:
    from lengthwise.contracts.observation import Segment

    Commands: TypeAlias = argparse._SubParsersAction[OneLineParser]


def add_group(commands: "Commands", name: str, *, says: str, description: str) -> "Commands":
    """A command that has commands of its own."""
    group = commands.add_parser(name, help=says, description=description)
    return group.add_subparsers(dest="what", required=True, metavar="WHAT")


def add_json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="for a program to read")


def add_language(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--language",
        choices=LANGUAGES,
        help="of what the coach says; what is not translated is said in English; default: en",
    )


def add_ramp(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--ramp",
        action="store_true",
        help="in place of holds lead to the most that is comfortable, in small steps by the "
        "person, twice with a rest; where that is not permitted say why, and mark the first pull",
    )
    command.add_argument(
        "--taps",
        type=worn_segment,
        metavar="WHERE",
        help="where the phone is worn whose taps are words: one marks, two stop; such as sacrum",
    )


def worn_segment(text: str) -> "Segment":
    """A segment by its name, or as people call it."""
    from lengthwise.contracts.observation import Segment

    known = {"sacrum": Segment.PELVIS} | {s.value: s for s in Segment}
    if text not in known:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: {', '.join(known)}")
    return known[text]


def add_answers(command: argparse.ArgumentParser) -> None:
    """What decides whether a ramp may be led; see `lengthwise person --ask`."""
    command.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of the person in this session, such as flare=no; may be repeated (a wrong name lists "
        "them all); stands above what the profile holds",
    )
    command.add_argument(
        "--warm",
        choices=("yes", "no"),
        help="whether the person had moved gently for some minutes just before",
    )


def height_m(text: str) -> float:
    return between(text, 1.0, 2.3, "a height in metres from 1.0 to 2.3")


def age_years(text: str) -> float:
    return between(text, 5.0, 110.0, "an age in years from 5 to 110")


def mass_kg(text: str) -> float:
    return between(text, 20.0, 300.0, "a body mass in kilograms from 20 to 300")


def held_kg(text: str) -> float:
    return between(text, 0.0, 60.0, "a weight in kilograms from 0 to 60")


def add_joint_options(c: argparse.ArgumentParser) -> None:
    """What joint limits are taken by, in every command that tells of a range."""
    c.add_argument(
        "--age-years",
        type=age_years,
        metavar="A",
        help="joint limits of people of this age; default: the wide end of adults'",
    )
    add_sex(c, says="and of this sex; default: both")


def add_sex(c: argparse.ArgumentParser, *, says: str) -> None:
    c.add_argument("--sex", choices=("female", "male"), help=says)


def add_measures(c: argparse.ArgumentParser, *, height: str, mass: str) -> None:
    """Height and mass, each with what it is for in this command."""
    c.add_argument("--height-m", type=height_m, metavar="H", help=height)
    c.add_argument("--mass-kg", type=mass_kg, metavar="M", help=mass)


def between(text: str, low: float, high: float, allowed: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: {allowed}")
    return value


def torque_nm(text: str) -> float:
    return between(text, 0.5, 200.0, "a torque in N.m from 0.5 to 200")


CUES = {"all": 1.0, "half": 0.5, "none": 0.0}


def add_cues(c: argparse.ArgumentParser, *, default: str) -> None:
    c.add_argument(
        "--cues",
        choices=tuple(CUES),
        help="how many of the corrections, invitations and praise are said; what safety says and "
        f"what asks for less always is; default: {default}",
    )
    c.add_argument(
        "--check",
        action="store_true",
        help="a retention check: no cues, and nothing that tells how it goes",
    )


def _angle(text: str) -> str:
    from lengthwise.contracts.coordinates import COORDINATES

    names = [str(c.value) for c in COORDINATES]
    if text not in names:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: {', '.join(names)}")
    return text


def add_repositioning(c: argparse.ArgumentParser) -> None:
    c.add_argument(
        "--repositioning",
        type=_angle,
        metavar="ANGLE",
        help="find a place of this angle again with eyes closed, half way into the exercise, such "
        "as lumbar_flexion of cat_cow, on the left side unless stated; nothing else is coached",
    )


def zero_s(text: str) -> tuple[float, float]:
    """A period A:B in seconds."""
    first, _, last = text.partition(":")
    try:
        period = (float(first), float(last))
    except ValueError:
        period = (0.0, 0.0)
    if not 0 <= period[0] < period[1] < float("inf"):
        raise argparse.ArgumentTypeError(
            f"found {text}; allowed: A:B in seconds with 0 <= A < B, such as 0:4"
        )
    return period


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


def add_muscle_paths(commands: "Commands") -> None:
    c = commands.add_parser(
        "muscle-paths",
        help="what muscle lengths are computed from, as one small binary",
        description="For programs that compute lengths themselves; docs/formats.md says how.",
    )
    c.add_argument("--out", type=Path, required=True, metavar="FILE")
    c.add_argument("--height-m", type=height_m, metavar="H", help="scale to this height")
    c.set_defaults(run=_muscle_paths)


def _muscle_paths(o: argparse.Namespace) -> int:
    from lengthwise.live.muscles import muscle_paths

    count = muscle_paths(o.out, height_m=o.height_m)
    print(f"{count} muscles written to {o.out}")
    return 0


def add_history(commands: "Commands") -> None:
    c = commands.add_parser("history", help="sessions kept in a profile")
    c.add_argument("--profile", default="default", metavar="NAME")
    c.add_argument("--delete", metavar="SESSION", help="delete one session and its recording")
    c.add_argument("--report", metavar="SESSION", help="write its report to --out, in clear")
    c.add_argument("--out", type=Path, metavar="FILE", help="for --report")
    c.add_argument("--json", action="store_true", help="as JSON")
    c.set_defaults(run=_history)


def _history(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.history(o.profile, delete=o.delete, as_json=o.json, report=o.report, out=o.out)


def add_recover(commands: "Commands") -> None:
    c = commands.add_parser(
        "recover",
        help="bring back sessions that were cut off",
        description="Finds unfinished session logs, keeps every complete frame, seals them. "
        "Safe to run again.",
    )
    c.add_argument("folder", nargs="?", type=Path, help="default: the profiles of this machine")
    c.add_argument("--json", action="store_true")
    c.set_defaults(run=_recover)


def _recover(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.recovered(o.folder, as_json=o.json)


def add_doctor(commands: "Commands") -> None:
    c = commands.add_parser("doctor", help="what is installed, what is missing, what to do")
    c.add_argument("--json", action="store_true")
    c.set_defaults(run=_doctor)


def _doctor(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.doctor(as_json=o.json)


def add_bench(commands: "Commands") -> None:
    c = commands.add_parser("bench", help="speed, each figure beside a peer in the same run")
    c.add_argument("--only", default="", metavar="PREFIX", help="names that begin with this")
    c.add_argument("--json", action="store_true")
    c.set_defaults(run=_bench)


def _bench(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.bench(o.only, as_json=o.json)


def add_setup(commands: "Commands") -> None:
    c = commands.add_parser(
        "setup",
        help="build the pose models and the anatomy tables on this machine",
        description="Run once after installing. Fetches the published pose weights and the demo "
        "video through npm and pip; without them everything but video still works.",
    )
    c.set_defaults(run=_setup)


def _setup(o: argparse.Namespace) -> int:
    from lengthwise.cli import listings

    return listings.setup()
