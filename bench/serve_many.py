"""`lengthwise serve` without the rule that one person is led once: for `serve_load.py` alone.

All else is the server as people run it: its routes, its processes, its records.
"""

import sys

from lengthwise.cli.main import main
from lengthwise.web.hub import Guided, Hub


def _none_known(self: Hub) -> list[Guided]:
    return []


if __name__ == "__main__":
    Hub.going_on = _none_known  # type: ignore[method-assign]
    sys.exit(main(sys.argv[1:]))
