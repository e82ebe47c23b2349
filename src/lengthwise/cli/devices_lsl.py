"""`lengthwise devices lsl-send`, `lsl-hear` and `lsl-simulate`: streams of the Lab Streaming Layer,
out and in."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json, worn_segment

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.contracts.observation import Segment
    from lengthwise.live.lsl_streams import Heard, StreamFound

_SEND_S, _HEAR_S = 600.0, 10.0
_KINDS = ("IMU", "Force", "HeartRate", "EMG")
Seconds = Callable[[argparse.ArgumentParser, float], None]


def add_lsl(inner: "Commands", *, seconds: Seconds) -> None:
    c = inner.add_parser(
        "lsl-send",
        help="what named devices tell, as streams of the Lab Streaming Layer",
        description="Each device is a stream of its own name, for other programs to record. It "
        "reaches every computer of the network, in clear. Ctrl-C ends it.",
    )
    c.add_argument("names", nargs="+", metavar="NAME")
    seconds(c, _SEND_S)
    add_json(c)
    c.set_defaults(run=_send)
    c = inner.add_parser(
        "lsl-hear",
        help="whether a stream of the Lab Streaming Layer can be used",
        description="Listens to a stream of type Force, HeartRate, IMU or EMG, and says what came.",
    )
    c.add_argument("stream", metavar="STREAM", help="its name")
    c.add_argument("--worn", type=worn_segment, metavar="WHERE", help="of an inertial sensor")
    seconds(c, _HEAR_S)
    add_json(c)
    c.set_defaults(run=_hear)

    c = inner.add_parser(
        "lsl-simulate",
        help="a simulated stream, to try a session with",
        description="Sends a made-up stream that says so of itself. Only a session in the profile "
        "of a simulated person hears it, and is marked simulated too. Ctrl-C ends it.",
    )
    c.add_argument("kind", choices=_KINDS, metavar="TYPE", help=", ".join(_KINDS))
    c.add_argument("stream", metavar="STREAM", help="the name to send it under")
    seconds(c, _SEND_S)
    add_json(c)
    c.set_defaults(run=_simulate)


def tell_streams(heard: "tuple[StreamFound, ...] | None") -> None:
    """Those that are sent now, and what to name them with."""
    from lengthwise.cli.listings import table
    from lengthwise.cli.screen import Screen

    if heard is None:
        print("streams of LSL are not looked for: pip install 'lengthwise[lsl]'")
    if not heard:
        return
    rows = table("LSL stream", "type", "channels", "rate", "driver")
    for s in heard:
        name = f"{s.name} (simulated)" if s.simulated else s.name
        rate = f"{s.rate_hz:g} Hz" if s.rate_hz > 0.0 else "as it comes"
        rows.add_row(name, s.type, str(s.channels), rate, s.driver or "none")
    Screen().print(rows)


def try_stream(o: argparse.Namespace, stream: str, segment: "Segment | None") -> int:
    """`devices test` of a stream that has a name."""
    from lengthwise.live.lsl_streams import hear

    return _tell(o, hear(stream, seconds_s=o.seconds, segment=segment))


def _simulate(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.devices.lsl.codec import Kind
    from lengthwise.live.lsl_streams import simulate

    sent = simulate(Kind(o.kind), o.stream, seconds_s=o.seconds)
    print_json({"samples": sent}) if o.json else print(f"{o.stream}: {sent} samples sent")
    return 0


def _send(o: argparse.Namespace) -> int:
    from lengthwise.cli.listings import print_json
    from lengthwise.contracts.home import data_home
    from lengthwise.devices.chosen import check_together, chosen
    from lengthwise.live.lsl_streams import send

    devices = chosen(data_home(), o.names)
    check_together(devices)
    done = send(devices, seconds_s=o.seconds)
    if o.json:
        print_json(done)
        return 0
    for name, count in done.samples.items():
        print(f"{name}: {count} samples sent")
    return 0


def _hear(o: argparse.Namespace) -> int:
    from lengthwise.live.lsl_streams import hear

    return _tell(o, hear(o.stream, seconds_s=o.seconds, segment=o.worn))


def _tell(o: argparse.Namespace, heard: "Heard") -> int:
    from lengthwise.cli.listings import print_json

    if o.json:
        print_json(heard)
        return 0
    rate = "" if heard.rate_hz is None else f", {heard.rate_hz:.1f} a second"
    made_up = ", simulated" if heard.simulated else ""
    print(f"{heard.stream}: {heard.samples} samples{rate}{made_up}")
    if heard.rejected:
        print(f"not used: {heard.rejected}")
    return 0
