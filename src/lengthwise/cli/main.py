"""The command line: decode the arguments, call one use case, print what came of it.

Heavy imports stay inside the commands, so that help is instant.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper

from lengthwise import __version__
from lengthwise.cli import arguments, housekeeping, recordings
from lengthwise.cli.assess import add_assess
from lengthwise.cli.band import add_band
from lengthwise.cli.body import add_body
from lengthwise.cli.calibrate import add_calibrate
from lengthwise.cli.devices import add_devices
from lengthwise.cli.evaluate import add_evaluate
from lengthwise.cli.evidence import add_evidence
from lengthwise.cli.exercises import add_exercises
from lengthwise.cli.muscles import add_muscles
from lengthwise.cli.person import add_person
from lengthwise.cli.plan import add_plan
from lengthwise.cli.safety import add_safety
from lengthwise.cli.serve import add_serve
from lengthwise.cli.simulate import add_simulate
from lengthwise.cli.unlocking import unlock_for
from lengthwise.contracts.errors import LengthwiseError


def parser() -> argparse.ArgumentParser:
    top = arguments.OneLineParser(
        prog="lengthwise",
        description="Which muscle a stretch lengthens, by how much, and how surely that is known.",
        epilog="Not a medical device. Pixels and recordings stay on this machine.",
    )
    top.add_argument("--version", action="version", version=f"lengthwise {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    recordings.add_demo(commands)
    add_serve(commands)
    recordings.add_analyze(commands)
    add_muscles(commands)
    housekeeping.add_muscle_paths(commands)
    add_exercises(commands)
    add_person(commands)
    add_plan(commands)
    add_assess(commands)
    housekeeping.add_history(commands)
    housekeeping.add_recover(commands)
    add_calibrate(commands)
    add_body(commands)
    add_band(commands)
    add_evaluate(commands)
    add_evidence(commands)
    add_safety(commands)
    add_simulate(commands)
    add_devices(commands)
    housekeeping.add_doctor(commands)
    housekeeping.add_bench(commands)
    housekeeping.add_setup(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 2 bad usage or input (one line says what), 3 refused for safety,
    130 interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A file name may hold what the terminal's encoding does not: shown escaped.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(argv)
        # What print has kept back is written here, where its failure can still be told.
        if sys.stdout is not None:
            sys.stdout.flush()
    except LengthwiseError as known:
        return _said(str(known), code=known.exit_code)
    except KeyboardInterrupt:
        return _said("stopped", code=130)
    except BrokenPipeError:
        # The reader went away (`| head`): nothing to tell, and nobody to tell it to.
        _silence_stdout()
        return 0
    except OSError as cause:
        place = cause.filename
        if place is None:
            _silence_stdout()
            place = "standard output"
        why = cause.strerror or type(cause).__name__
        return _said(f"{place}: {why}; make room or check its permissions, then try again", code=2)
    return code


def _run(argv: Sequence[str] | None) -> int:
    try:
        options = parser().parse_args(argv)
    except SystemExit as told:
        # Help, version or bad usage: argparse has printed it.
        return int(told.code or 0)
    unlock_for(options)
    return int(options.run(options))


def _said(line: str, *, code: int) -> int:
    with suppress(OSError):
        print(f"lengthwise: {line}", file=sys.stderr)
    return code


def _silence_stdout() -> None:
    """Let what is still kept back go nowhere, so that leaving Python does not try it again."""
    if sys.stdout is not None:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
