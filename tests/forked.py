"""A server in a process of its own, as a program is, that begins at once: what it and its nursery
load, seven seconds of a core, is loaded once for all servers that a process of the tests begins.
The body in its reports is a fifth as high (`small_pictures` of `conftest.py`).
"""

import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from lengthwise.live import nursery

FORKS = nursery.FORKS
_LOADED = ["lengthwise.live.forking", "lengthwise.web.server"]
"""The nursery first: it spares what it can of what the others load."""
_WITHIN_S = 60.0
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(_LOADED)


def killed(pid: int, *, alone: bool) -> None:
    """A process at the head of its group, as by a loss of power; `alone`: the others of the group
    find that it is gone."""
    if alone:
        os.kill(pid, signal.SIGKILL)
    else:
        os.killpg(pid, signal.SIGKILL)


class Forked:
    """`run` of these arguments, which can be pickled, in a group of processes of its own, with
    these values of the environment; `said`: the lines that it prints. Where processes fork
    (`FORKS`)."""

    def __init__(self, run: Callable[..., object], *arguments: object, **environment: str) -> None:
        told, saying = _FORKS.Pipe(duplex=False)
        with tempfile.NamedTemporaryFile(delete=False) as errors:
            self._errors = Path(errors.name)
        self._process = _FORKS.Process(
            target=_begun,
            args=(run, arguments, saying, self._errors, os.environ | environment),
            daemon=True,
        )
        self._process.start()
        saying.close()
        with told:
            self.said = os.fdopen(os.dup(told.fileno()))

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def end(self) -> str:
        """Told to end, it ends: what it has printed of errors."""
        self._process.terminate()
        return self._ended()

    def kill(self, *, alone: bool = False) -> str:
        killed(self.pid, alone=alone)
        return self._ended()

    def _ended(self) -> str:
        self._process.join(_WITHIN_S)
        assert self._process.exitcode is not None, "it goes on after it was told to end"
        self.said.close()
        errors = self._errors.read_text()
        self._errors.unlink()
        return errors


def _begun(
    run: Callable[..., object],
    arguments: tuple[object, ...],
    saying: Connection,
    errors: Path,
    environment: dict[str, str],
) -> None:
    os.setsid()
    _takes(environment)
    with saying, errors.open("a") as erring:
        for descriptor, place in ((1, saying), (2, erring)):
            os.dup2(place.fileno(), descriptor)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    _has_a_nursery(environment)
    run(*arguments)


def _takes(environment: dict[str, str]) -> None:
    """It was forked off with that of the first test that asked."""
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None


def _has_a_nursery(environment: dict[str, str]) -> None:
    """One that is there already: forked off before there are threads."""
    here, there = _line()
    if os.fork() == 0:
        here.close()
        try:
            _nursery(there, environment)
        finally:
            os._exit(0)
    there.close()
    nursery._nursery._line = here


@contextmanager
def with_a_nursery() -> Iterator[None]:
    """The same for this process, in the environment that it has now."""
    if not FORKS:
        yield
        return
    mine = nursery._nursery
    before = mine._line, mine._process
    mine._line, there = _line()
    mine._process = None
    _FORKS.Process(target=_nursery, args=(there, dict(os.environ)), daemon=True).start()
    there.close()
    try:
        yield
    finally:
        mine._let_go()
        mine._line, mine._process = before


def _line() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def _nursery(line: socket.socket, environment: dict[str, str]) -> None:
    _takes(environment)
    from lengthwise.live import forking
    from lengthwise.report import moments

    moments._LONG_SIDE_PX = 120
    forking.serve(line.detach())
