"""The arguments of a bench that writes files: how long a session, and in which folder."""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

Measure = Callable[[Path, Path | None, float], None]
"""An empty folder that goes away afterwards, the folder that was named, the length asked for."""


def run(doc: str, measure: Measure, *, unit: str, default: float) -> int:
    """Measure a session of `--hours` or `--minutes` (`unit`) on the disk of `--folder`."""
    parser = argparse.ArgumentParser(description=doc.partition("\n")[0])
    parser.add_argument(f"--{unit}", type=float, default=default, dest="length")
    parser.add_argument(
        "--folder", type=Path, help="a folder on the disk to be used; default: a new one"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as scratch:
        measure(Path(scratch), options.folder, options.length)
    return 0
