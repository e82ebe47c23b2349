"""`lengthwise band`: a band that keeps a force in a stretch, simulated so far."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_group, add_json, between

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.sim.band_metrics import Kept

PLANTS = ("motor", "elastic", "strap")
_TARGET_N, _SECONDS, _LATENCY_MS = 80.0, 45.0, 100.0


def add_band(commands: "Commands") -> None:
    inner = add_group(
        commands,
        "band",
        says="a band that keeps a force in a stretch (simulated)",
        description="A motorised elastic band beside a plain one and a strap. No device is driven.",
    )
    c = inner.add_parser(
        "simulate",
        help="keep a force before a simulated person, beside a locked band and strap",
        description="Draws a band to a force, holds it before a simulated person who breathes and "
        "whose tissue gives way, and prints how well it was kept, beside an elastic band and a "
        "strap that are locked at the target with the same person. Everything is simulated.",
    )
    c.add_argument(
        "--plant", choices=PLANTS, default="motor", help="which band to look at; default: motor"
    )
    c.add_argument("--target-n", type=_target_n, default=_TARGET_N, metavar="N", help="default: 80")
    c.add_argument(
        "--seconds",
        type=_seconds,
        default=_SECONDS,
        metavar="S",
        help="of the hold, after the ramp; default: 45",
    )
    c.add_argument(
        "--latency-ms",
        type=_latency_ms,
        default=_LATENCY_MS,
        metavar="MS",
        help="from a reading to a command at work, there and back; default: 100",
    )
    c.add_argument("--seed", type=_seed, default=0, metavar="K", help="of noise; default: 0")
    c.add_argument(
        "--by-window",
        action="store_true",
        help="motor only: lead the force so that the stretch stays in the person's window",
    )
    c.add_argument("--plot", type=Path, metavar="FILE", help="a picture, .svg or .png")
    add_json(c)
    c.set_defaults(run=_simulate)


def _target_n(text: str) -> float:
    return between(text, 10.0, 120.0, "a force in newtons from 10 to 120")


def _seconds(text: str) -> float:
    return between(text, 5.0, 600.0, "seconds of hold from 5 to 600")


def _latency_ms(text: str) -> float:
    return between(text, 0.0, 250.0, "milliseconds from 0 to 250; beyond, readings are stale")


def _seed(text: str) -> int:
    if not (text.isdecimal() and int(text) < 2**31):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a whole number from 0")
    return int(text)


def _simulate(o: argparse.Namespace) -> int:
    import msgspec

    from lengthwise.contracts.errors import InputError
    from lengthwise.live.band import Asked, simulate

    if o.by_window and o.plant != "motor":
        raise InputError(
            "--by-window", value=o.plant, allowed="only --plant motor", remedy="leave it out"
        )
    asked = Asked(
        o.plant, o.target_n, o.seconds, o.latency_ms / 1000.0, o.seed, o.by_window, o.plot
    )
    result = simulate(asked)
    if o.json:
        print(msgspec.json.format(msgspec.json.encode(result.told()), indent=2).decode())
        return 0
    print(f"simulated: {o.target_n:g} N for {o.seconds:g} s, a person who breathes")
    print(f"{'':<24}{'RMSE':>7}{'over':>7}{'inside 5 %':>12}{'peak N':>8}{'settled s':>11}")
    named = [(f"{o.plant}, {o.latency_ms:g} ms", result.found)] if o.plant == "motor" else []
    for name, found in [
        *named,
        ("elastic, locked", result.elastic),
        ("strap, locked", result.strap),
    ]:
        print(_line(name, found))
    if result.in_window is not None:
        beside = 100.0 * (result.elastic_in_window or 0.0)
        print("led by the window the force goes down from the target; what counts is")
        print(
            f"in the person's window: {100.0 * result.in_window:.0f} % of the hold "
            f"(elastic band locked at the target: {beside:.0f} %)"
        )
    if result.released_by:
        print(f"released before its time: {', '.join(result.released_by)}")
    if o.plot is not None:
        print(f"picture: {o.plot}")
    return 0


def _line(name: str, found: "Kept | None") -> str:
    if found is None:
        return f"{name:<24}  no hold"
    settled = "never" if found.settle_s is None else f"{found.settle_s:.1f}"
    return (
        f"{name:<24}{100.0 * found.rmse_ratio:6.1f}%{100.0 * found.overshoot_ratio:6.1f}%"
        f"{100.0 * found.in_window_ratio:11.0f}%{found.peak_n:8.1f}{settled:>11}"
    )
