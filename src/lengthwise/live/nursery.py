"""Where processes that compute come from: forked off one that has everything in memory already.

A process that begins with nothing loads the anatomy and all compiled steps for itself: some 150 MB,
and a first image that takes a third of a second. Forked off, it is there at once, and what nobody
writes to is in memory once for all of them.

Who asks for one loads nothing of it: what runs there is told by its name, "module:function".
"""

import atexit
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from importlib import import_module
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

FORKS = sys.platform == "linux"
"""Elsewhere parts that were loaded may not survive a fork: there a process begins anew."""
_BEGIN = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + (
    "from lengthwise.live.forking import serve; serve({line})"
)
_OF_ITS_OWN = {
    "OPENBLAS_NUM_THREADS": "1",  # threads do not survive a fork
    "MUJOCO_GL": "disabled",  # nothing is drawn by it
    "MALLOC_ARENA_MAX": "1",  # a place of its own for each thread is never given back whole
    "MALLOC_MMAP_THRESHOLD_": "262144",  # what is large goes back whole, and leaves no hole
}


class Process:
    """Runs `entry` with one end of a pipe, of which `end` is the other. Begun by `start`."""

    def __init__(self, entry: str) -> None:
        self._entry = entry
        self.end, self._there = Pipe()
        self._pidfd: int | None = None
        self._anew: BaseProcess | None = None

    def start(self) -> None:
        """Waits for the nursery, seconds at first. Raises OSError or EOFError."""
        try:
            for _ in range(2 if FORKS else 0):  # of one that is gone, another takes the place
                with suppress(OSError, EOFError):
                    self._pidfd = _nursery.fork(self._entry, self._there)
                    return
            self._anew = get_context("spawn").Process(
                target=run, args=(self._entry, self._there), daemon=True
            )
            self._anew.start()
        finally:
            self._there.close()

    def finish(self, *, within_s: float) -> None:
        """Wait for its end; what takes longer is ended."""
        if self._anew is not None:
            self._anew.join(within_s)
            if self._anew.is_alive():
                self._anew.terminate()
        elif self._pidfd is not None:
            ended, _, _ = select.select([self._pidfd], [], [], within_s)
            if not ended:
                with suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._pidfd, signal.SIGTERM)
            os.close(self._pidfd)
            self._pidfd = None


def begin() -> None:
    """The nursery begins to load, so that whoever needs it later waits less. Waits for nothing."""
    if FORKS:
        _nursery.begin()


def run(entry: str, end: Connection) -> None:
    """What happens in a process. Ctrl+C is for whoever asked for it alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    module, _, name = entry.partition(":")
    getattr(import_module(module), name)(end)


class _Nursery:
    """The other side is `live/forking.py`. Ends with this process, or when its line is closed."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._over = False

    def begin(self) -> None:
        with self._one_at_a_time:
            if self._line is None:
                self._line = self._begun()

    def fork(self, entry: str, end: Connection) -> int | None:
        """A file descriptor of the process that was forked off; None: it has ended already, or this
        system has no such thing. Raises OSError, EOFError where the nursery is gone; the next one
        to ask gets another."""
        with self._one_at_a_time:
            if self._line is None:
                self._line = self._begun()
            try:
                socket.send_fds(self._line, [entry.encode()], [end.fileno()])
                told = self._line.recv(8)
                if not told:
                    raise EOFError("the nursery is gone")
            except (OSError, EOFError):
                self._let_go()
                raise
        with suppress(OSError):
            return os.pidfd_open(int.from_bytes(told, "little"))
        return None

    def end(self) -> None:
        """For good. Whoever waits for it hears that it is gone."""
        self._over = True
        if self._process is not None:
            self._process.terminate()
        with self._one_at_a_time:
            self._let_go()

    def _begun(self) -> socket.socket:
        if self._over:
            raise OSError("this program is ending")
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = os.pathsep.join(place for place in sys.path if place)
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BEGIN.format(line=there.fileno())],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
                env=os.environ | _OF_ITS_OWN | {"PYTHONPATH": path},
            )
        return here

    def _let_go(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
        self._line = self._process = None


_nursery = _Nursery()
atexit.register(_nursery.end)
