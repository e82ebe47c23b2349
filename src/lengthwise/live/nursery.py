"""Where processes of rooms come from: forked off one that has everything in memory already.

A process that begins with nothing loads the anatomy and all compiled steps for itself: some 250 MB,
and a first image that takes a third of a second. Forked off, it is there at once, and what nobody
writes to is in memory once for all of them.
"""

import ctypes
import gc
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

_WARMED = "lengthwise.live.warmed"
_LONGEST_FOLDER = 70
"""Of 108 letters that the name of a socket may have."""


def process(run: Callable[[Connection], None], end: Connection) -> BaseProcess:
    """A process that is not begun yet. To begin it waits for the nursery, seconds at first.

    Elsewhere than on Linux parts that were loaded may not survive a fork, and the nursery is spoken
    to by a file whose name must be short: there a process begins anew.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads do not survive a fork
    if sys.platform != "linux" or len(tempfile.gettempdir()) > _LONGEST_FOLDER:
        return anew(run, end)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([_WARMED])
    return context.Process(target=run, args=(end,), daemon=True)


def anew(run: Callable[[Connection], None], end: Connection) -> BaseProcess:
    """A process that begins with nothing, not begun yet: where the nursery cannot be reached any
    more (its file lies in a folder that machines tidy)."""
    return multiprocessing.get_context("spawn").Process(target=run, args=(end,), daemon=True)


def give_back() -> None:
    """What was only needed on the way (a body, a report) goes back to the machine: the allocator
    would keep it for this process, and MuJoCo the meshes that it read, which cost it nothing to
    read again."""
    import mujoco

    mujoco.mj_clearCache(mujoco.mj_getCache())
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
