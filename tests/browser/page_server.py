"""The real server as a program of its own, for a real browser; and how long one waits for both."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lengthwise.contracts.home import data_home

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
STATIC = ROOT / "src" / "lengthwise" / "web" / "static" / "index.html"
PATIENCE_MS = 90_000

_SERVE = [sys.executable, "-m", "lengthwise.cli.main", "serve", "--no-browser"]


@contextmanager
def serving(home: Path, *options: str) -> Iterator[str]:
    """The real server over an empty home with built models; the link that it prints."""
    home.mkdir()
    for part in ("models", "anatomy"):
        (home / part).symlink_to(data_home() / part)
    process = subprocess.Popen(
        [*_SERVE, *options],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"LENGTHWISE_HOME": str(home)},
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    yield said[said.index("http") :].strip()
    process.terminate()
    process.wait(timeout=60)
