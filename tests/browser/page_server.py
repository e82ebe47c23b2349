"""The real server in a process of its own, for a real browser; and how long one waits for both."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from forked import FORKS, Forked
from lengthwise.cli.main import main
from lengthwise.contracts.home import ENVIRONMENT_NAME, data_home
from lengthwise.live import workers

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
STATIC = ROOT / "src" / "lengthwise" / "web" / "static" / "index.html"
PATIENCE_MS = 90_000

_SERVE = ("serve", "--no-browser")
_Begun = tuple[IO[str], Callable[[], object]]
"""What it says, and how it is ended."""


@contextmanager
def serving(
    home: Path, *options: str, anew: bool = False, rooms: str | None = None
) -> Iterator[str]:
    """The real server over a home with built models, and nothing else that was not there; the link
    that it prints. `anew`: the program that a person starts, and not one that is loaded already;
    `rooms`: another process of rooms, by its name."""
    home.mkdir(exist_ok=True)
    for part in ("models", "anatomy"):
        if not (home / part).exists():
            (home / part).symlink_to(data_home() / part)
    begun = _program if anew or not FORKS else partial(_forked, rooms=rooms)
    told, end = begun(home, (*_SERVE, *options))
    try:
        said = ""
        while "http" not in said:
            said = told.readline()
            assert said, "it ended before it told its link"
        yield said[said.index("http") :].strip()
    finally:
        end()


def _program(home: Path, words: tuple[str, ...]) -> _Begun:
    process = subprocess.Popen(
        [sys.executable, "-m", "lengthwise.cli.main", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {ENVIRONMENT_NAME: str(home)},
    )
    assert process.stdout is not None

    def end() -> None:
        process.terminate()
        process.wait(timeout=60)

    return process.stdout, end


def _forked(home: Path, words: tuple[str, ...], *, rooms: str | None = None) -> _Begun:
    running = Forked(_serves, words, rooms, **{ENVIRONMENT_NAME: str(home)})
    return running.said, lambda: print(running.end(), file=sys.stderr)


def _serves(words: tuple[str, ...], rooms: str | None) -> None:
    if rooms is not None:
        vars(workers)["_WORK"] = rooms
    sys.exit(main(words))
