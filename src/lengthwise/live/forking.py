"""The nursery itself (`live/nursery.py`): loads everything, then forks a process for each name that
it is sent, which runs there with the end of a pipe that came along.
"""

import os
import signal
import socket
import sys
import traceback
from multiprocessing.connection import Connection

import lengthwise.live.spared
import lengthwise.live.warmed  # noqa: F401 - everything that is computed with, after what spares of it
from lengthwise.live.nursery import run

_MOST_BYTES = 500


def serve(line: int) -> None:
    """Until the other end of the line is closed."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks here what became of them
    with socket.socket(fileno=line) as asked:
        while True:
            name, fds, _, _ = socket.recv_fds(asked, _MOST_BYTES, 1)
            if not name:
                return
            pid = os.fork()
            if pid == 0:
                asked.close()
                _child(name.decode(), fds[0])
            os.close(fds[0])
            asked.send(pid.to_bytes(8, "little"))


def _child(entry: str, fd: int) -> None:
    """Never comes back: what stands behind the fork is the nursery's."""
    ended_well = False
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        run(entry, Connection(fd))
        ended_well = True
    except BaseException:  # noqa: BLE001 - whatever it is, it is the end of this process
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0 if ended_well else 1)
