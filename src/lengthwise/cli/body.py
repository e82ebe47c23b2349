"""`lengthwise body`: a posture to look at; what the estimate can know, and how it does."""

import argparse
import sys
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import POSTURES, VIEWS, add_group, add_json, height_m, zero_s
from lengthwise.cli.body_show import add_show

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.cli.screen import Screen
    from lengthwise.contracts.coordinates import Coordinate
    from lengthwise.live.observability import Observability
    from lengthwise.live.window_known import WindowKnown

_PLACES = {
    "camera": "a camera where the exercise wants it (see: lengthwise exercises)",
    "sacrum": "your phone in the waistband, at the back and in the middle",
    "t12": "a sensor on the spine, at the height of the lowest ribs",
    "thigh_l": "a sensor on the front of the left thigh",
    "thigh_r": "a sensor on the front of the right thigh",
    "shank_l": "a sensor on the left shin",
    "shank_r": "a sensor on the right shin",
}
_BY_FEEL = (
    "Without that you can still do it by feel: you say where a gentle pull begins, and seconds "
    "that cannot be judged are shown as such and not counted."
)


def add_body(commands: "Commands") -> None:
    inner = add_group(
        commands,
        "body",
        says="look at a posture, at what the estimate can know, and at how it does",
        description="A posture to look at; what the body estimate can know of a person, and how "
        "it does on a recording.",
    )
    c = inner.add_parser(
        "observability",
        help="which angles will be known, and how surely, for an exercise and a set of sensors",
        description="Before you film or wear anything: runs a simulated person through an exercise "
        "in front of the sensors named, prints which angles are seen in the hold and how surely, "
        "what the exercise needs, and which one sensor more would help. Takes a minute or more and "
        "says on stderr what it is trying.",
    )
    c.add_argument("--exercise", required=True, metavar="ID", help="see: lengthwise exercises")
    c.add_argument(
        "--sensors",
        required=True,
        metavar="LIST",
        help="camera, front, side, sacrum, t12, thorax, thigh_l, thigh_r, shank_l, shank_r, imu4, "
        "imu6, joined by +, such as camera+sacrum",
    )
    c.add_argument("--side", choices=("l", "r"), default="l", help="working side; default: l")
    add_json(c)
    c.set_defaults(run=_observability)
    _add_debug(inner)
    add_show(inner)


def _add_debug(inner: "Commands") -> None:
    c = inner.add_parser(
        "debug",
        help="innovations, spreads and gates of the estimate over a recording, as a page",
        description="For work on the estimate: runs a recording and writes one page with what "
        "every reading was off by, against what the estimate allowed it, what was left out and "
        "why, and how surely each angle was known.",
    )
    c.add_argument("input", type=Path, metavar="RECORDING")
    c.add_argument(
        "--out",
        type=Path,
        default=Path("out/body-debug.html"),
        metavar="FILE.html",
        help="default: out/body-debug.html",
    )
    c.add_argument(
        "--from", type=_seconds, default=0.0, metavar="S", dest="from_s", help="default: its start"
    )
    c.add_argument(
        "--to", type=_seconds, default=inf, metavar="S", dest="to_s", help="default: its end"
    )
    c.add_argument("--posture", choices=POSTURES, help="start posture; default: as declared")
    c.add_argument("--exercise", metavar="ID", help="whose start posture to take; default: none")
    c.add_argument("--side", choices=("l", "r"), help="working side of the exercise")
    c.add_argument("--view", choices=VIEWS, help="which side the camera sees; default: as declared")
    c.add_argument("--zero-s", type=zero_s, metavar="A:B", help="period of upright standing")
    c.add_argument("--mirrored", choices=("yes", "no"), help="whether the image is a mirror image")
    c.add_argument("--height-m", type=height_m, metavar="H", help="height of the person")
    # Neither joint limits nor weights enter the estimate of the body.
    c.set_defaults(run=_debug, age_years=None, sex=None, mass_kg=None, held_kg=None)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value < inf:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: seconds from 0")
    return value


def _debug(o: argparse.Namespace) -> int:
    from rich.progress import Progress

    from lengthwise.cli.analyze import session_config
    from lengthwise.cli.screen import Screen
    from lengthwise.contracts.errors import InputError
    from lengthwise.contracts.observation import View
    from lengthwise.live.analyze import AnalyzeRequest
    from lengthwise.live.body_debug import debug_body

    if o.from_s >= o.to_s:
        raise InputError(
            "--to",
            value=o.to_s,
            allowed=f"later than --from {o.from_s:g}",
            remedy="give a later time",
        )
    request = AnalyzeRequest(
        input=o.input,
        out=o.out.parent,
        config=session_config(o),
        view=View(o.view) if o.view else None,
    )
    with Progress(console=Screen(stderr=True), transient=True) as bar:
        task = bar.add_task("running the estimate", total=None)
        trace = debug_body(
            request,
            o.out,
            from_s=o.from_s,
            to_s=o.to_s,
            progress=lambda t_s: bar.update(task, completed=t_s),
        )
    print(f"{len(trace.t_s)} estimates, {len(trace.readings)} readings: {o.out}")
    return 0


def _observability(o: argparse.Namespace) -> int:
    import msgspec
    from rich.progress import Progress

    from lengthwise.cli.screen import Screen
    from lengthwise.contracts.coordinates import Side
    from lengthwise.live.observability import observability

    screen, aside = Screen(highlight=False), Screen(stderr=True, highlight=False)
    with Progress(console=aside, transient=True, disable=not aside.is_terminal) as bar:
        task = bar.add_task("", total=1.0)
        told: set[str] = set()

        def tell(share: float, sensors: str) -> None:
            said = f"trying on a simulated person: {sensors}"
            bar.update(task, completed=share, description=said)
            # Where no bar can be drawn, each set of sensors is a line.
            if not aside.is_terminal and sensors not in told:
                told.add(sensors)
                print(said, file=sys.stderr, flush=True)

        found = observability(o.exercise, o.sensors, side=Side(o.side), progress=tell)
    if o.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _show(found, screen)
    return 0


def _show(found: "Observability", screen: "Screen") -> None:
    from rich import box
    from rich.table import Table

    from lengthwise.reference.exercises import exercise
    from lengthwise.report.words import coordinate_name, labels, side_word

    name = exercise(found.exercise_id).plain_name
    screen.print(f"[bold]{name}[/], {side_word(found.side)} side, seen by {found.sensors}")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("angle", "needed", "seen in the hold", "give or take"):
        table.add_column(column)
    shown = [a for a in found.angles if a.required or a.enough]
    for angle in sorted(shown, key=lambda a: not a.required):
        seen = f"{100 * angle.claimed_ratio:.0f} % of the time"
        if not angle.enough:
            seen = f"[dim]no: {labels().unseen[angle.unseen][0]}[/]"
        table.add_row(
            coordinate_name(angle.coordinate),
            "yes" if angle.required else "",
            seen,
            f"{angle.sd_deg:.0f}°" if angle.enough else "",
        )
    screen.print(table)
    rest = [coordinate_name(a.coordinate).lower() for a in found.angles if a not in shown]
    if rest:
        screen.print(f"[dim]Not seen and not needed: {', '.join(rest)}.[/]")
    print(
        "Tried on a simulated person. Give or take is one standard deviation, as the estimate "
        "states it: two times in three the truth is nearer."
    )
    print(sentence(found))
    if found.window is not None:
        print(window_sentence(found.window))


def window_sentence(window: "WindowKnown") -> str:
    """How surely the place in the window would be known, and how surely it should be."""
    needed = window.needed
    if not window.numeric:
        then = "so the first gentle pull leads, and seconds fill the hollow ring."
    elif window.sd > needed.leads:
        then = "so the first gentle pull leads, and no second is sure to be in your window."
    elif window.sd > needed.counts:
        then = "so the window leads, and seconds are told as likely in it, not as effective."
    else:
        then = "so seconds in the middle of the window count."
    known = "" if window.numeric else ", too unsure to go by"
    return (
        f"Between your first gentle pull (0) and the most you bear well (1) your place would be "
        f"known to ±{window.sd:.2f}{known}: {then} For the window to lead ±{needed.leads:.2f} is "
        f"needed, for seconds to count ±{needed.counts:.2f}."
    )


def sentence(found: "Observability") -> str:
    """What the sensors at hand allow, and what would help."""
    from lengthwise.report.words import coordinate_name, joined_words

    if not found.missing:
        return "These sensors see all that this exercise needs."

    def named(coordinates: "tuple[Coordinate, ...]") -> str:
        return joined_words([coordinate_name(c).lower() for c in coordinates])

    cannot = f"With these sensors I cannot see {named(found.missing)}"
    if found.advice is None:
        return f"{cannot}, and no single one more would change that. {_BY_FEEL}"
    made = "most of it" if found.still_missing else "it"
    need = f"{cannot}. Add {_PLACES[found.advice]}, and I can see {made}."
    if found.still_missing:
        need += f" Even then I could not see {named(found.still_missing)}."
    return f"{need} {_BY_FEEL}"
