"""`lengthwise devices`: which worn devices it speaks with, which are near, and their names."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_group, add_json, worn_segment
from lengthwise.cli.devices_lsl import add_lsl, tell_streams, try_stream
from lengthwise.cli.pulls import add_pull, check_stated, stated_drive, stated_pull, there_for

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.contracts.observation import Axis, Segment
    from lengthwise.devices.driver import DeviceDriver
    from lengthwise.devices.recording import Resisted
    from lengthwise.devices.remembered import Remembered
    from lengthwise.devices.trying import Tried

_SCAN_S, _TEST_S, _RECORD_S = 5.0, 10.0, 60.0
_AXES = ("x", "y", "z", "minus-x", "minus-y", "minus-z")


def add_devices(commands: "Commands") -> None:
    inner = add_group(
        commands,
        "devices",
        says="worn devices over Bluetooth or LSL: find, try, name and forget them",
        description="Heart straps, force gauges, inertial sensors and instrumented bands, over "
        "Bluetooth or as streams of the Lab Streaming Layer. Settings and calibration of a device "
        "are never changed.",
    )
    c = inner.add_parser(
        "list",
        help="what it speaks with, and the devices that have a name",
    )
    c.add_argument(
        "--lsl",
        action="store_true",
        help="also the LSL streams that are sent now; each sender on the network is asked",
    )
    add_json(c)
    c.set_defaults(run=_list)
    c = inner.add_parser(
        "scan",
        help="what is near and switched on",
        description="Listens for devices that it speaks with. Nothing is sent to any.",
    )
    _seconds(c, _SCAN_S)
    add_json(c)
    c.set_defaults(run=_scan)
    c = inner.add_parser(
        "test",
        help="whether a device is heard well",
        description="Connects, listens, and says what came: how many, at what rate, with what "
        "gaps, and its battery.",
    )
    c.add_argument(
        "device", metavar="DEVICE", help="its name, its address, or with --simulated a driver"
    )
    c.add_argument("--driver", metavar="DRIVER", help="with an address that has no name")
    c.add_argument(
        "--simulated", action="store_true", help="the simulated device of a driver, without a radio"
    )
    _seconds(c, _TEST_S)
    add_json(c)
    c.set_defaults(run=_test)
    c = inner.add_parser(
        "name",
        help="remember a device under a name",
        description="Remembers what a scan found, or a stream of the Lab Streaming Layer by its "
        "name (--driver lsl_inertial, lsl_force, lsl_heart or lsl_emg), for sessions. An inertial "
        "sensor needs where it is worn. "
        "Name and address lie in clear in the data home, beside the profiles, and stay when a "
        "person is deleted: do not write a person's name into them.",
    )
    c.add_argument("address", metavar="ADDRESS", help="as a scan or list shows it")
    c.add_argument("name", metavar="NAME", help="such as 'chest strap'")
    c.add_argument("--driver", metavar="DRIVER", required=True, help="as a scan shows it")
    c.add_argument("--worn", type=worn_segment, metavar="WHERE", help="such as sacrum or thigh_l")
    c.add_argument(
        "--forward-axis",
        choices=_AXES,
        metavar="AXIS",
        help="its axis that points to the person's front, such as z or minus-z; without it a tilt "
        "has no direction",
    )
    c.add_argument("--up-axis", choices=_AXES, metavar="AXIS", help="its axis that points upwards")
    add_pull(c)
    add_json(c)
    c.set_defaults(run=_name)
    _add_record(inner)
    add_lsl(inner, seconds=_seconds)
    c = inner.add_parser("forget", help="forget a name")
    c.add_argument("name", metavar="NAME")
    add_json(c)
    c.set_defaults(run=_forget)


def _add_record(inner: "Commands") -> None:
    c = inner.add_parser(
        "record",
        help="what named devices tell, as files that analyze reads",
        description="Listens to all of them at once and writes imu.csv, force.csv and heart.csv; "
        "with --force and --lever-m also torque.csv of one joint. Ctrl-C ends it and keeps what "
        "was heard.",
    )
    c.add_argument("names", nargs="+", metavar="NAME")
    c.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    c.add_argument("--force", metavar="ANGLE", help="joint that a force gauge pulls: hip_flexion_l")
    c.add_argument("--lever-m", type=_lever_m, metavar="L", help="from its axis to the gauge")
    _seconds(c, _RECORD_S)
    add_json(c)
    c.set_defaults(run=_record)


def _lever_m(text: str) -> float:
    try:
        lever_m = float(text)
    except ValueError:
        lever_m = -1.0
    if not 0.02 <= lever_m <= 2.0:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: metres from 0.02 to 2")
    return lever_m


def _seconds(c: argparse.ArgumentParser, default: float) -> None:
    c.add_argument(
        "--seconds",
        type=_some_seconds,
        default=default,
        metavar="S",
        help=f"for so long; default: {default:g}",
    )


def _some_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 1.0 <= seconds <= 600.0:
        raise argparse.ArgumentTypeError(f"found {text}; allowed: seconds from 1 to 600")
    return seconds


def _list(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json, table
    from lengthwise.cli.screen import Screen
    from lengthwise.contracts.home import data_home
    from lengthwise.devices.driver import drivers, unusable_drivers
    from lengthwise.devices.remembered import remembered
    from lengthwise.live import lsl_streams

    known, wrong, named = drivers(), unusable_drivers(), remembered(data_home())
    heard = lsl_streams.streams() if o.lsl else None
    if o.json:
        manifests = [d.manifest for d in known.values()]
        print_json({"drivers": manifests, "unusable": wrong, "devices": named, "streams": heard})
        return 0
    if not known:
        print("no driver is announced: install the package again, as after an update")
    rows = table("driver", "device", "tells", "found by")
    for name, driver in known.items():
        m = driver.manifest
        tells = ", ".join(_stream(s.quantity.value, s.rate_hz) for s in m.streams)
        rows.add_row(name, m.title, tells, "Bluetooth" if m.extra == "devices" else m.extra or "")
    Screen().print(rows)
    for name, why in wrong.items():
        print(f"cannot be used: {name}: {why}")
    if o.lsl:
        tell_streams(heard)
    else:
        print("streams of LSL that are sent now: lengthwise devices list --lsl")
    if not named:
        print("no device has a name yet: lengthwise devices scan, then lengthwise devices name")
        return 0
    mine = table("name", "driver", "address", "there for")
    for r in named:
        mine.add_row(r.name, r.driver, r.address, there_for(r))
    Screen().print(mine)
    return 0


def _stream(quantity: str, rate_hz: float | None) -> str:
    return quantity if rate_hz is None else f"{quantity} {rate_hz:g} Hz"


def _scan(o: argparse.Namespace) -> int:
    import asyncio

    from lengthwise.cli.listings import print_json, table
    from lengthwise.cli.screen import Screen
    from lengthwise.devices.driver import drivers
    from lengthwise.devices.scanning import Found, scan
    from lengthwise.devices.trying import bluetooth

    async def run() -> tuple[Found, ...]:
        async with bluetooth():
            return await scan(drivers(), seconds_s=o.seconds)

    found = asyncio.run(run())
    if o.json:
        print_json(found)
        return 0
    if not found:
        print(f"nothing was heard in {o.seconds:g} s: wake the device (wear or move it), and end")
        print("its link to other programs and phones, since most are silent while they have one")
        return 0
    rows = table("address", "it calls itself", "strength", "driver")
    for f in found:
        rows.add_row(
            f.address, f.advertised_name or "", f"{f.rssi_dbm} dBm", " or ".join(f.drivers)
        )
    Screen().print(rows)
    print("next: lengthwise devices name ADDRESS NAME --driver DRIVER")
    return 0


def _test(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json

    if not o.simulated and (stream := _stream_named(o)) is not None:
        return try_stream(o, *stream)
    tried = _simulated(o) if o.simulated else _heard(o)
    if o.json:
        print_json(tried)
        return 0
    _tell(tried)
    return 0


def _simulated(o: argparse.Namespace) -> "Tried":
    from lengthwise.devices.driver import driver_named
    from lengthwise.devices.trying import try_simulated

    return try_simulated(driver_named(o.device), seconds_s=o.seconds)


def _heard(o: argparse.Namespace) -> "Tried":
    import asyncio
    import time

    from lengthwise.devices.trying import try_device

    driver, address = _which(o)
    return asyncio.run(try_device(driver, address, seconds_s=o.seconds, monotonic_s=time.monotonic))


def _stream_named(o: argparse.Namespace) -> "tuple[str, Segment | None] | None":
    """The stream of LSL that has this name here, and where it is worn; None: it is none."""
    from lengthwise.contracts.home import data_home
    from lengthwise.devices.remembered import STREAM_PREFIX, named

    known = named(data_home(), o.device)
    if known is None or not known.driver.startswith(STREAM_PREFIX):
        return None
    return known.address, known.segment


def _which(o: argparse.Namespace) -> "tuple[DeviceDriver, str]":
    """The driver and address of a name or an address."""
    from lengthwise.contracts.errors import InputError
    from lengthwise.contracts.home import data_home
    from lengthwise.devices.driver import driver_named
    from lengthwise.devices.remembered import named

    known = named(data_home(), o.device)
    if known is not None:
        return driver_named(o.driver or known.driver), known.address
    if o.driver is None:
        raise InputError(
            "device",
            value=o.device,
            allowed="the name of one, or an address together with --driver",
            remedy="see: lengthwise devices list, lengthwise devices scan",
        )
    return driver_named(o.driver), o.device


def _tell(tried: "Tried") -> None:
    rate = "" if tried.rate_hz is None else f", {tried.rate_hz:.1f} a second"
    print(f"{tried.samples} samples in {tried.seconds_s:g} s{rate}")
    if tried.longest_gap_s is not None:
        print(f"longest time between two: {tried.longest_gap_s:.2f} s")
    for reason, count in sorted(tried.rejected.items()):
        print(f"not used: {count} {reason.replace('_', ' ')}")
    if tried.lost_links:
        print(f"the link was lost {tried.lost_links} times: bring it nearer")
    battery = tried.battery
    if battery is None:
        print("battery: not told")
    else:
        level = "" if battery.ratio is None else f"{100 * battery.ratio:.0f} %"
        level = level or ("" if battery.voltage_v is None else f"{battery.voltage_v:.2f} V")
        print(f"battery: {level or 'level not told'}{', low: charge it' if battery.low else ''}")
    if not tried.samples:
        print("nothing was measured: wear it or move it, and see that it is charged")


def _name(o: argparse.Namespace) -> int:
    from lengthwise.contracts.errors import InputError
    from lengthwise.contracts.home import data_home
    from lengthwise.devices.driver import driver_named
    from lengthwise.devices.readings import Quantity
    from lengthwise.devices.remembered import Remembered, remember

    tells = {s.quantity for s in driver_named(o.driver).manifest.streams}
    if Quantity.INERTIAL in tells and o.worn is None:
        raise InputError(
            "--worn",
            value="nothing",
            allowed="where the inertial sensor is worn, such as sacrum, chest or thigh_l",
            remedy="say it, or nothing it measures can be used",
        )
    check_stated(o, tells)
    axes = (_axis(o.forward_axis), _axis(o.up_axis))
    pull, drive = stated_pull(o), stated_drive(o)
    device = Remembered(
        o.name, o.driver, o.address, o.worn, *axes, pull=pull, breath=o.breath, drive=drive
    )
    remember(data_home(), device)
    return _said(o, device, f"{o.name} is remembered; try it: lengthwise devices test '{o.name}'")


def _axis(text: str | None) -> "Axis | None":
    from lengthwise.contracts.observation import Axis

    if text is None:
        return None
    return Axis(("-" if text.startswith("minus") else "+") + text[-1])


def _record(o: argparse.Namespace) -> int:
    import asyncio
    import time

    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.home import data_home
    from lengthwise.devices.chosen import check_together, chosen
    from lengthwise.devices.recording import record

    devices = chosen(data_home(), o.names)
    check_together(devices)
    done = asyncio.run(
        record(
            devices,
            o.out,
            seconds_s=o.seconds,
            monotonic_s=time.monotonic,
            resisted=_resisted(o),
        )
    )
    if o.json:
        print_json(done)
        return 0
    for name, count in done.samples.items():
        print(f"{name}: {count} samples")
    for reason, count in sorted(done.rejected.items()):
        print(f"not used: {count} {reason.replace('_', ' ')}")
    if done.lost_links:
        print(f"a link was lost {done.lost_links} times: what came meanwhile is not in the files")
    for name in done.low_batteries:
        print(f"{name}: battery low, charge it")
    print(f"written to {o.out}: {', '.join(done.files) or 'nothing, as nothing was heard'}")
    return 0


def _resisted(o: argparse.Namespace) -> "Resisted | None":
    from lengthwise.contracts.errors import InputError
    from lengthwise.devices.recording import Resisted

    if o.force is None and o.lever_m is None:
        return None
    sides = ("hip_flexion", "hip_adduction", "knee_flexion", "ankle_dorsiflexion")
    joints = [f"{joint}_{side}" for joint in sides for side in "lr"]
    if o.force not in joints or o.lever_m is None:
        raise InputError(
            "--force and --lever-m",
            value=f"{o.force or 'no joint'}, {o.lever_m or 'no lever'}",
            allowed=f"both, and one of {', '.join(joints)}",
            remedy="give both, or neither",
        )
    return Resisted(o.force, o.lever_m)


def _forget(o: argparse.Namespace) -> int:
    from lengthwise.contracts.home import data_home
    from lengthwise.devices.remembered import forget

    return _said(o, forget(data_home(), o.name), f"{o.name} is forgotten")


def _said(o: argparse.Namespace, device: "Remembered", line: str) -> int:
    from lengthwise.cli.listings import print_json

    if o.json:
        print_json(device)
    else:
        print(line)
    return 0
