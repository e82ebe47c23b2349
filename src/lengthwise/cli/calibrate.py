"""`lengthwise calibrate`: what a calibration found, what it did not, and what to do about that."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import height_m

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.live.calibrate import Calibrated, Line


def add_calibrate(commands: "Commands") -> None:
    c = commands.add_parser(
        "calibrate",
        help="mirror image, body lengths and worn sensors, from twenty seconds of a recording",
        description="Runs the calibration over a recording in which a person stands still, raises "
        "the right hand, tips the pelvis, bends forward and raises a knee, and prints what it "
        "found, how surely, until when it holds, and what to do about the rest.",
    )
    c.add_argument("input", type=Path, nargs="?", metavar="RECORDING")
    c.add_argument("--height-m", type=height_m, metavar="H", help="height of the person")
    c.add_argument(
        "--worn",
        action="append",
        default=[],
        metavar="POSITION",
        help="a sensor is worn as in this picture; may be given several times (see --positions)",
    )
    c.add_argument(
        "--view", choices=("front", "back", "left", "right", "unknown"), help="default: as declared"
    )
    c.add_argument(
        "--pose-model", choices=("lite", "full", "heavy"), default="full", help="default: full"
    )
    c.add_argument("--profile", metavar="NAME", help="whose height to take, and where to keep")
    c.add_argument("--keep", action="store_true", help="keep what was found with the person")
    c.add_argument(
        "--simulate", type=int, metavar="SEED", help="a simulated person in place of a recording"
    )
    c.add_argument(
        "--positions", action="store_true", help="list the wearing positions and their pictures"
    )
    c.add_argument(
        "--exercise",
        metavar="ID",
        help="with --positions: where to wear it for this one",
    )
    c.add_argument("--side", choices=("l", "r"), default="l", help="its working side; default: l")
    c.add_argument("--json", action="store_true", help="for a program to read")
    c.set_defaults(run=_calibrate)


def _calibrate(o: argparse.Namespace) -> int:
    from lengthwise.contracts.errors import InputError
    from lengthwise.contracts.observation import View
    from lengthwise.live.calibrate import CalibrateRequest, calibrate
    from lengthwise.live.calibration_rehearsal import simulated_calibration

    if o.positions:
        if o.exercise is not None:
            return _place(o.exercise, o.side, as_json=o.json)
        return _positions(as_json=o.json)
    if o.exercise is not None:
        raise InputError(
            "--exercise", value=o.exercise, allowed="with --positions", remedy="add --positions"
        )
    if (o.input is None) == (o.simulate is None):
        raise InputError(
            "calibrate",
            value="no recording" if o.input is None else "a recording and --simulate",
            allowed="a RECORDING or --simulate SEED",
            remedy="name one of them",
        )
    request = CalibrateRequest(
        input=o.input or Path(),
        height_m=o.height_m,
        view=View(o.view) if o.view else None,
        worn=tuple(o.worn),
        pose_model=o.pose_model,
        profile=o.profile,
        keep=o.keep,
    )
    found = calibrate(request) if o.input else simulated_calibration(request, o.simulate)
    if o.json:
        _print_json(found)
    else:
        _show(found)
    return 0


def _print_json(value: object) -> None:
    import msgspec

    print(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def _show(found: "Calibrated") -> None:
    from rich import box
    from rich.table import Table

    from lengthwise.cli.screen import Screen

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("looked for", "found", "sd", "holds until"):
        table.add_column(column, overflow="fold")
    for line in found.lines:
        until = "this recording" if line.finding is None else line.finding.expires_utc[:10]
        known = line.value is not None
        table.add_row(line.looked_for, _value(line), _sd(line), until if known else "")
    Screen(highlight=False).print(table)
    simulated = ", simulated" if found.simulated else ""
    print(f"{found.took_s:.1f} s{simulated}" + ("" if found.complete else "; it ended too early"))
    if found.zero_s is not None:
        print(f"stood still from {found.zero_s[0]:.1f} to {found.zero_s[1]:.1f} s")
    for line in found.lines:
        if line.value is None:
            print(f"{line.looked_for}: {line.told} {line.remedy}")
    for note in found.notes:
        print(f"note: {note}")
    if found.kept is not None:
        print(f"kept with profile {found.kept}")


def _value(line: "Line") -> str:
    from lengthwise.contracts.person import FindingKind

    if line.value is None:
        return "not found"
    if line.finding is None:
        return "yes"
    if line.finding.kind is FindingKind.MIRRORED:
        return "yes" if line.value >= 0.5 else "no"
    if line.finding.kind is FindingKind.WEARING_TURN:
        return f"as declared, turned {line.value:+.0f}°"
    return f"{line.value:.3f} {line.unit}".rstrip()


def _sd(line: "Line") -> str:
    from lengthwise.contracts.person import FindingKind

    if line.sd is None:
        return ""
    if line.finding is not None and line.finding.kind is FindingKind.MIRRORED:
        sure = 0.5 + (max(0.25 - line.sd**2, 0.0)) ** 0.5
        return f"{100 * sure:.0f} % sure"
    return f"{line.sd:.1f}°" if line.unit == "°" else f"{line.sd:.3f} {line.unit}".rstrip()


def _positions(*, as_json: bool) -> int:
    from lengthwise.reference.wearing import positions

    if as_json:
        _print_json(positions())
        return 0
    for name, at in positions().items():
        print(f"{name}: {at.picture}")
    return 0


def _place(exercise_id: str, side: str, *, as_json: bool) -> int:
    """Where to wear the one sensor one has for an exercise, where not, and why."""
    from lengthwise.contracts.coordinates import Side
    from lengthwise.reference.exercises import exercise
    from lengthwise.reference.wearing import place_for_exercise, position

    place = place_for_exercise(exercise(exercise_id).for_side(Side(side)))
    if as_json:
        _print_json(place)
        return 0
    worn = position(place.recommended)
    print(f"{place.recommended}: {worn.picture}")
    for name in place.forbidden:
        print(f"not {position(name).name}")
    print(place.why)
    return 0
