"""What a gauge or band pulls at, as options of `devices name`."""

import argparse
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import between

if TYPE_CHECKING:
    from lengthwise.contracts.devices import Drive, Pull
    from lengthwise.devices.readings import Quantity
    from lengthwise.devices.remembered import Remembered

_JOINTS = ("hip_flexion", "hip_adduction", "knee_flexion", "ankle_dorsiflexion")
ANGLES = tuple(f"{joint}_{side}" for joint in _JOINTS for side in "lr")


def add_pull(c: argparse.ArgumentParser) -> None:
    c.add_argument("--breath", action="store_true", help="a gauge in a belt round the chest")
    c.add_argument(
        "--pulls", metavar="ANGLE", choices=ANGLES, help="joint that it pulls at: hip_flexion_l"
    )
    c.add_argument(
        "--way",
        choices=("more", "less"),
        default="more",
        help="whether the pull makes that angle more or less; default: more",
    )
    c.add_argument(
        "--lever-m", type=_lever_m, metavar="L", help="from the joint's axis to the line"
    )
    c.add_argument(
        "--at",
        metavar="BONE,X,Y,Z",
        help="in place of a lever: where the line is fastened, a bone of the anatomical model and "
        "metres in it, such as tibia_l,0,-0.40,0",
    )
    c.add_argument(
        "--fixed-at",
        metavar="X,Y,Z",
        help="with --at: where the line ends, metres from the pelvis at rest, forward, up, right "
        "as of somebody who stands (who lies on the back has the feet forward)",
    )
    c.add_argument(
        "--stiff",
        action="store_true",
        help="nothing in the line gives, as in a strap without rubber",
    )
    c.add_argument(
        "--drives",
        type=_most_n,
        metavar="N",
        help="an open band that a session may have pull, while its grip is held and never with "
        "more than so many newtons, 20 to 120; default: it only measures",
    )


def check_stated(o: argparse.Namespace, tells: "set[Quantity]") -> None:
    """Raises InputError for what is stated and such a device does not measure, since nothing of it
    would ever be used, and for what cannot both be so."""
    from lengthwise.contracts.errors import InputError
    from lengthwise.devices.readings import Quantity

    worn = {"--worn": o.worn, "--forward-axis": o.forward_axis, "--up-axis": o.up_axis}
    pulls = {
        "--pulls": o.pulls, "--lever-m": o.lever_m, "--at": o.at, "--fixed-at": o.fixed_at,
        "--breath": o.breath or None, "--stiff": o.stiff or None, "--drives": o.drives,
    }  # fmt: skip
    for stated, kind, may in (
        (worn, "an inertial sensor", Quantity.INERTIAL in tells),
        (pulls, "a force gauge or band", bool(tells & {Quantity.FORCE, Quantity.BAND})),
    ):
        wrong = [name for name, value in stated.items() if value is not None]
        if wrong and not may:
            raise InputError(
                wrong[0], value=o.driver, allowed=f"only of {kind}", remedy="leave it out"
            )
    if o.breath and o.pulls is not None:
        raise InputError(
            "--breath and --pulls",
            value="both",
            allowed="a belt round the chest, or a pull at a joint",
            remedy="name it again for the other use when it is worn so",
        )
    axes = [a and a.removeprefix("minus-") for a in (o.forward_axis, o.up_axis)]
    if axes[0] is not None and axes[0] == axes[1]:
        raise InputError(
            "--forward-axis and --up-axis",
            value=f"{o.forward_axis}, {o.up_axis}",
            allowed="two axes of the sensor that lie across each other",
            remedy="look at the arrows on it",
        )


def there_for(device: "Remembered") -> str:
    """What a remembered device is there for, in a few words; what may pull by itself says so."""
    told = []
    if device.segment is not None:
        axes = [
            f"{name} {axis.value}"
            for name, axis in (("front", device.forward_axis), ("up", device.up_axis))
            if axis is not None
        ]
        told.append(f"worn: {device.segment.value}" + (f" ({', '.join(axes)})" if axes else ""))
    if device.pull is not None:
        way = "more" if device.pull.way > 0 else "less"
        told.append(f"pulls: {device.pull.coordinate.value}, {way}")
    if device.drive is not None:
        told.append(f"may pull by itself, up to {device.drive.most_n:g} N")
    if device.breath:
        told.append("breath")
    return "; ".join(told)


def stated_drive(o: argparse.Namespace) -> "Drive | None":
    """Raises InputError where what may pull is no band, or where it pulls is not stated."""
    from lengthwise.contracts.devices import Drive
    from lengthwise.contracts.errors import InputError

    if o.drives is None:
        return None
    if o.driver != "open_band" or o.pulls is None or o.breath:
        raise InputError(
            "--drives",
            value=f"{o.driver}, {'no joint' if o.pulls is None else o.pulls}",
            allowed="--driver open_band together with --pulls",
            remedy="say at which joint the band pulls, or leave --drives out",
        )
    return Drive(o.drives)


def stated_pull(o: argparse.Namespace) -> "Pull | None":
    """Raises InputError where what is stated does not go together."""
    from lengthwise.contracts.coordinates import Coordinate
    from lengthwise.contracts.devices import Pull
    from lengthwise.contracts.errors import InputError

    if o.pulls is None:
        if o.lever_m is not None or o.at is not None or o.fixed_at is not None or o.stiff:
            raise InputError(
                "--pulls", value="nothing", allowed=", ".join(ANGLES), remedy="say which joint"
            )
        return None
    way, coordinate = 1 if o.way == "more" else -1, Coordinate(o.pulls)
    if o.lever_m is not None and o.at is None and o.fixed_at is None:
        return Pull(coordinate, way, lever_m=o.lever_m, stiff=o.stiff)
    if o.lever_m is not None or o.at is None or o.fixed_at is None:
        raise InputError(
            "--pulls",
            value="a lever and anchors" if o.lever_m is not None else "neither a lever nor anchors",
            allowed="--lever-m, or --at together with --fixed-at",
            remedy="give one of them",
        )
    bone, _, point = o.at.partition(",")
    limb, fixed = _point("--at", point), _point("--fixed-at", o.fixed_at)
    return Pull(coordinate, way, bone=bone, limb_m=limb, fixed_m=fixed, stiff=o.stiff)


def _most_n(text: str) -> float:
    return between(text, 20.0, 120.0, "newtons from 20 to 120")


def _lever_m(text: str) -> float:
    return between(text, 0.02, 2.0, "metres from 0.02 to 2")


def _point(name: str, text: str) -> tuple[float, float, float]:
    from lengthwise.contracts.errors import InputError

    try:
        x, y, z = (float(part) for part in text.split(","))
    except ValueError:
        x = y = z = float("nan")
    if not all(abs(v) <= 3.0 for v in (x, y, z)):
        raise InputError(
            name, value=text, allowed="three numbers of metres, -3 to 3", remedy="correct it"
        )
    return x, y, z
