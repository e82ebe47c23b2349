"""The arguments of every command and the function each one runs."""

import argparse
from difflib import get_close_matches
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
        help="before the holds lead to the most that is comfortable, in small steps by the "
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
