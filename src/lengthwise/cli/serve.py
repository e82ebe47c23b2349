"""`lengthwise serve`: the guided session in the browser of this machine."""

import argparse
import webbrowser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands

_PROFILE = "me"


def add_serve(commands: "Commands") -> None:
    c = commands.add_parser(
        "serve",
        help="be guided in the browser, before the camera of this machine",
        description="Opens a page in your browser that asks a few safety questions and leads you "
        "through an exercise before your camera. Images stay in the page; nothing leaves this "
        "machine. Nothing else can reach it, but a phone once you ask for it on the page. Stop it "
        "with Ctrl+C.",
    )
    c.add_argument(
        "--profile", default=_PROFILE, metavar="NAME", help=f"who you are; default: {_PROFILE}"
    )
    c.add_argument("--port", type=_port, default=0, help="default: any that is free")
    c.add_argument(
        "--phone-address",
        metavar="ADDRESS",
        help="address of this machine that a phone reaches; default: found when you ask for it",
    )
    c.add_argument(
        "--device",
        action="append",
        default=[],
        metavar="NAME",
        help="a device that is worn, by the name that you gave it (see: lengthwise devices); may "
        "be given several times, and the page can choose others",
    )
    c.add_argument(
        "--no-browser", action="store_true", help="only print the link, and open nothing"
    )
    c.set_defaults(run=_serve)


def _serve(o: argparse.Namespace) -> int:
    from lengthwise.cli.unlocking import unlock_or_leave
    from lengthwise.contracts.home import data_home
    from lengthwise.devices.chosen import check_together, chosen
    from lengthwise.web.server import serve

    def ready(link: str) -> None:
        print(f"Open this link in a browser of this machine: {link}", flush=True)
        print("It is for you alone. Ctrl+C stops.", flush=True)
        if not o.no_browser:
            webbrowser.open(link)

    if not unlock_or_leave(data_home(), o.profile):
        print("The profile is locked: the page asks for the passphrase.", flush=True)
    check_together(chosen(data_home(), o.device))
    serve(
        data_home(),
        profile=o.profile,
        port=o.port,
        phone_address=o.phone_address,
        devices=tuple(o.device),
        ready=ready,
    )
    return 0


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text) <= 65535:
        raise argparse.ArgumentTypeError(
            f"found {text}; allowed: 0 to 65535; leave it out to take any that is free"
        )
    return int(text)
