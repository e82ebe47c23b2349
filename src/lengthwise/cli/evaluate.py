"""`lengthwise evaluate`: how true the estimates are, on data with a reference."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lengthwise.cli.arguments import add_group, add_json, height_m
from lengthwise.cli.evaluate_band import add_evaluate_band
from lengthwise.cli.evaluate_breathing import add_evaluate_breathing
from lengthwise.cli.evaluate_plan import add_evaluate_plan
from lengthwise.cli.evaluate_screening import add_evaluate_screening
from lengthwise.cli.evaluate_sensors import add_evaluate_sensors
from lengthwise.cli.evaluated import tell_tables

if TYPE_CHECKING:
    from lengthwise.cli.arguments import Commands
    from lengthwise.live.evaluation.jobs import Advance

_SECTIONS = ("keraal", "recordings", "differences", "windows", "synthetic", "afterwards", "faults")
_DATA = Path("../shared/data")
_SEEDS, _JOBS = 20, 2
_SEQUENCES = 10_000
_WORN = ("camera", "phone", "imus")
_NOISES_MM = (5.0, 20.0)


def add_evaluate(commands: "Commands") -> None:
    inner = add_group(
        commands,
        "evaluate",
        says="how true the estimates are, on data with a reference",
        description="Compares estimates with a reference and prints tables.",
    )
    c = inner.add_parser(
        "body",
        help="the body estimate against motion capture, recordings and simulated people",
        description="Prints claimed share, coverage and error of every angle: of KERAAL takes "
        "(BlazePose landmarks of a sitting person, Vicon beside them), of inertial recordings, and "
        "of simulated people whose truth is known, with and without failing sensors.",
    )
    c.add_argument(
        "--only",
        action="append",
        choices=_SECTIONS,
        help="only this part; may be given several times; default: all",
    )
    c.add_argument(
        "--seeds",
        type=_count,
        default=_SEEDS,
        metavar="N",
        help=f"simulated people per motion; default: {_SEEDS}",
    )
    c.add_argument(
        "--data",
        type=Path,
        default=_DATA,
        metavar="DIR",
        help=f"folder that holds keraal/blazepose, keraal/vicon and imu; default: {_DATA}",
    )
    c.add_argument(
        "--jobs", type=_count, default=_JOBS, metavar="N", help=f"processes; default: {_JOBS}"
    )
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)
    c.set_defaults(run=_body)
    c = inner.add_parser(
        "stretches",
        help="which muscles the canonical stretches lengthen, beside what is said of them",
        description="Prints for each canonical stretch which muscle groups gain most of their "
        "range by the anatomical model, and whether what is said of it holds.",
    )
    c.add_argument(
        "--height-m", type=height_m, default=None, metavar="H", help="body; default: generic"
    )
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)
    c.set_defaults(run=_stretches)
    c = inner.add_parser(
        "exercises",
        help="what every exercise lengthens, loads and strains",
        description="Prints for each exercise which muscle groups gain most of their range by the "
        "anatomical model, the load of the low back and the strain of the nerves.",
    )
    c.add_argument(
        "--height-m", type=height_m, default=None, metavar="H", help="body; default: generic"
    )
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)
    c.set_defaults(run=_exercises)
    c = inner.add_parser(
        "repetitions",
        help="counting of repetitions against hand-made boundaries",
        description="Prints per exercise of the KIMORE signals F1, precision, recall and the share "
        "of people whose count is within one, of the report and of the live count.",
    )
    c.add_argument(
        "--data",
        type=Path,
        default=_DATA,
        metavar="DIR",
        help=f"folder that holds kimore_signals; default: {_DATA}",
    )
    c.add_argument(
        "--experts", action="store_true", help="only the people on whom the constants were chosen"
    )
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)
    c.set_defaults(run=_repetitions)
    c = inner.add_parser(
        "envelope",
        help="the safety envelope against its finite picture, on random sequences",
        description="Runs random sequences of events through the coach and counts exceptions, "
        "steps that its finite picture does not have, contradictions, and anything that leads "
        "further than the envelope allows. All must be none; else the exit code is 3.",
    )
    c.add_argument(
        "--sequences",
        type=_many,
        default=_SEQUENCES,
        metavar="N",
        help=f"random sequences; default: {_SEQUENCES}",
    )
    c.add_argument(
        "--jobs", type=_count, default=_JOBS, metavar="N", help=f"processes; default: {_JOBS}"
    )
    c.add_argument(
        "--write", type=Path, default=None, metavar="FILE", help="the finite picture as a page"
    )
    add_json(c)
    c.set_defaults(run=_envelope)
    _add_coach(inner)
    add_evaluate_breathing(inner)
    add_evaluate_screening(inner)
    add_evaluate_plan(inner)
    add_evaluate_sensors(inner)
    add_evaluate_band(inner)


def _add_coach(inner: "Commands") -> None:
    c = inner.add_parser(
        "coach",
        help="the coach leading simulated people, clean and with every fault",
        description="Leads a simulated person through the first hold of each exercise, once clean "
        "and once for each constraint with that constraint broken, and prints what was said and "
        "counted beside what was really so. All exercises take about ten minutes for each set of "
        "sensors, landmark noise and seed; --keep goes on from where it was interrupted.",
    )
    c.add_argument(
        "--exercise", action="append", metavar="ID", help="only this; several times; default: all"
    )
    c.add_argument(
        "--sensors",
        action="append",
        choices=_WORN,
        help="the camera alone, with one phone, or inertial sensors alone; several times; "
        "default: all",
    )
    c.add_argument(
        "--noise",
        type=_noises,
        default=_NOISES_MM,
        metavar="MM,..",
        help="landmark noise in mm; default: 5,20",
    )
    c.add_argument(
        "--seeds", type=_count, default=1, metavar="N", help="simulated people; default: 1"
    )
    c.add_argument("--jobs", type=_count, default=1, metavar="N", help="processes; default: 1")
    c.add_argument(
        "--keep", type=Path, default=None, metavar="FILE", help="finished runs, to go on from"
    )
    c.add_argument("--write", type=Path, default=None, metavar="FILE", help="also as a page")
    add_json(c)
    c.set_defaults(run=_coach)


def _count(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 1000):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a whole number from 1 to 1000")
    return int(text)


def _many(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError(f"found {text}; allowed: a number from 1 to 1000000")
    return int(text)


def _noises(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if not found or not all(0.0 <= mm <= 100.0 for mm in found):
        raise argparse.ArgumentTypeError(
            f"found {text}; allowed: millimetres from 0 to 100, joined by commas"
        )
    return found


def _body(o: argparse.Namespace) -> int:
    from rich.progress import Progress

    from lengthwise.cli.screen import Screen
    from lengthwise.live.evaluation.body import evaluate, page

    with Progress(console=Screen(stderr=True), transient=True, disable=o.json) as bar:

        def tell(section: str) -> "Advance":
            task = bar.add_task(section, total=None)
            return lambda done, total: bar.update(task, completed=done, total=total)

        tables = evaluate(o.data, only=o.only or _SECTIONS, seeds=o.seeds, jobs=o.jobs, tell=tell)
    tell_tables(o, tables, page(tables, _command(o)))
    return 0


def _stretches(o: argparse.Namespace) -> int:
    from lengthwise.body.anatomy import BodyMeasures
    from lengthwise.live.evaluation.stretching import evaluate, page

    tables = evaluate(None if o.height_m is None else BodyMeasures(height_m=o.height_m))
    height = "" if o.height_m is None else f" --height-m {o.height_m:g}"
    tell_tables(o, tables, page(tables, f"lengthwise evaluate stretches{height}"))
    return 0


def _exercises(o: argparse.Namespace) -> int:
    from lengthwise.live.evaluation.exercising import evaluate, page

    tables = evaluate(o.height_m)
    height = "" if o.height_m is None else f" --height-m {o.height_m:g}"
    tell_tables(o, tables, page(tables, f"lengthwise evaluate exercises{height}"))
    return 0


def _repetitions(o: argparse.Namespace) -> int:
    from lengthwise.live.evaluation.repetitions import evaluate, page

    tables = evaluate(o.data, experts_only=o.experts)
    experts = " --experts" if o.experts else ""
    tell_tables(o, tables, page(tables, f"lengthwise evaluate repetitions{experts}"))
    return 0


def _envelope(o: argparse.Namespace) -> int:
    from rich.progress import Progress

    from lengthwise.cli.screen import Screen
    from lengthwise.live.evaluation.envelope import evaluate, page, sound

    with Progress(console=Screen(stderr=True), transient=True, disable=o.json) as bar:
        task = bar.add_task("sequences", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        tables = evaluate(o.sequences, jobs=o.jobs, advance=advance)
    tell_tables(o, tables, page())
    return 0 if sound(tables) else 3


def _coach(o: argparse.Namespace) -> int:
    from rich.progress import Progress

    from lengthwise.cli.screen import Screen
    from lengthwise.live.evaluation.coaching import evaluate, page

    with Progress(console=Screen(stderr=True), transient=True, disable=o.json) as bar:
        task = bar.add_task("runs", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        tables = evaluate(
            only=o.exercise or (),
            sensors=o.sensors or _WORN,
            noises_mm=o.noise,
            seeds=o.seeds,
            jobs=o.jobs,
            advance=advance,
            kept=o.keep,
        )
    words = [f"--exercise {x}" for x in o.exercise or ()]
    words += [f"--sensors {x}" for x in o.sensors or ()]
    words += ["--noise " + ",".join(f"{mm:g}" for mm in o.noise), f"--seeds {o.seeds}"]
    tell_tables(o, tables, page(tables, " ".join(["lengthwise evaluate coach", *words])))
    return 0


def _command(o: argparse.Namespace) -> str:
    """The command that makes the same tables; where the data lie is left to the reader."""
    words = ["lengthwise evaluate body", *(f"--only {part}" for part in o.only or ())]
    return " ".join([*words, f"--seeds {o.seeds}"])
