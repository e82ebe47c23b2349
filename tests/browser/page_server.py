"""The real server in a process of its own, for a real browser; and how long one waits for both."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO

from lengthwise.cli.main import main
from lengthwise.contracts.home import ENVIRONMENT_NAME, data_home
from lengthwise.live import nursery

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
STATIC = ROOT / "src" / "lengthwise" / "web" / "static" / "index.html"
PATIENCE_MS = 90_000
WITHIN_S = 60.0

_SERVE = ("serve", "--no-browser")
_LOADED = ["lengthwise.live.forking", "lengthwise.web.server"]
"""The nursery first: it spares what it can of what the others load."""


@contextmanager
def serving(home: Path, *options: str, anew: bool = False) -> Iterator[str]:
    """The real server over a home with built models, and nothing else that was not there; the link
    that it prints. What a server and its nursery load, seven seconds of a core, is loaded once for
    all servers of this process; `anew`: as the program that a person starts."""
    home.mkdir(exist_ok=True)
    for part in ("models", "anatomy"):
        if not (home / part).exists():
            (home / part).symlink_to(data_home() / part)
    begun = _program if anew or not nursery.FORKS else _forked
    told, end = begun(home, [*_SERVE, *options])
    try:
        said = ""
        while "http" not in said:
            said = told.readline()
            assert said, "it ended before it told its link"
        yield said[said.index("http") :].strip()
    finally:
        end()
        told.close()


_Begun = tuple[IO[str], Callable[[], None]]
"""What it says, and how it is ended."""


def _program(home: Path, words: list[str]) -> _Begun:
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
        process.wait(timeout=WITHIN_S)

    return process.stdout, end


def _forked(home: Path, words: list[str]) -> _Begun:
    forks = get_context("forkserver")
    forks.set_forkserver_preload(_LOADED)
    here, there = forks.Pipe(duplex=False)
    process = forks.Process(target=_serves, args=(home, words, there))
    process.start()
    there.close()
    told = os.fdopen(os.dup(here.fileno()))
    here.close()

    def end() -> None:
        process.terminate()
        process.join(WITHIN_S)
        assert process.exitcode is not None, "it goes on after it was told to end"

    return told, end


def _serves(home: Path, words: list[str], said: Connection) -> None:
    """In that process: with a nursery that is there already, before there are threads."""
    from lengthwise.live import forking

    os.environ[ENVIRONMENT_NAME] = str(home)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if os.fork() == 0:
        here.close()
        said.close()
        forking.serve(there.detach())
        os._exit(0)
    there.close()
    nursery._nursery._line = here
    sys.stdout = os.fdopen(os.dup(said.fileno()), "w", buffering=1)
    said.close()
    sys.exit(main(words))
