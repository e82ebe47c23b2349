"""The command line: decode the arguments, call one use case, print what came of it.

Heavy imports stay inside the commands, so that help is instant.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from lengthwise import __version__
from lengthwise.cli import arguments
from lengthwise.contracts.errors import LengthwiseError


def parser() -> argparse.ArgumentParser:
    top = arguments.OneLineParser(
        prog="lengthwise",
        description="Which muscle a stretch lengthens, by how much, and how surely that is known.",
        epilog="Not a medical device. Pixels and recordings stay on this machine.",
    )
    top.add_argument("--version", action="version", version=f"lengthwise {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    arguments.add_demo(commands)
    arguments.add_analyze(commands)
    arguments.add_muscles(commands)
    arguments.add_exercises(commands)
    arguments.add_history(commands)
    arguments.add_recover(commands)
    arguments.add_doctor(commands)
    arguments.add_bench(commands)
    arguments.add_setup(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 done, 2 bad usage or input (one line says what), 3 refused for safety."""
    options = parser().parse_args(argv)
    try:
        return int(options.run(options))
    except LengthwiseError as known:
        print(f"lengthwise: {known}", file=sys.stderr)
        return known.exit_code
    except KeyboardInterrupt:
        print("lengthwise: stopped; what was recorded so far is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`): point stdout elsewhere so that exit stays silent.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
