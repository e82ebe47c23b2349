"""`lengthwise devices lsl-send` and `lsl-hear`: streams of the Lab Streaming Layer, out and in."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_json, worn_segment

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

_SEND_S, _HEAR_S = 600.0, 10.0
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
        description="Listens to a stream of type Force, HeartRate or IMU, and says what came.",
    )
    c.add_argument("stream", metavar="STREAM", help="its name")
    c.add_argument("--worn", type=worn_segment, metavar="WHERE", help="of an inertial sensor")
    seconds(c, _HEAR_S)
    add_json(c)
    c.set_defaults(run=_hear)


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
    from lengthwise.cli.listings import print_json
    from lengthwise.live.lsl_streams import hear

    heard = hear(o.stream, seconds_s=o.seconds, segment=o.worn)
    if o.json:
        print_json(heard)
        return 0
    rate = "" if heard.rate_hz is None else f", {heard.rate_hz:.1f} a second"
    print(f"{heard.stream}: {heard.samples} samples{rate}")
    if heard.rejected:
        print(f"not used: {heard.rejected}")
    return 0
