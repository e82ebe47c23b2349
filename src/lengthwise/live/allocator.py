"""What a process asks of its allocator, so that it holds no more than it uses. Loads nothing.

Of the GNU C library alone; elsewhere each does nothing.
"""

import ctypes
import gc
from contextlib import suppress

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
_LARGE = 1 << 18


def one_place() -> None:
    """For a process that stays and has many threads: each would be given a place of its own, of
    which nothing goes back. To be called before they begin."""
    _opt(_ARENA_MAX, 1)


def ends_soon() -> None:
    """For a process that makes one large thing and ends: what it frees goes back at once, and not
    only once all beside it is free too. Costs time where much is made and thrown away."""
    _opt(_MMAP_THRESHOLD, _LARGE)
    _opt(_TRIM_THRESHOLD, _LARGE)


def hold_still() -> None:
    """What is there now stays as long as the process, so the collector looks at it no more: it
    takes less time, and comes sooner to what is not needed any more."""
    gc.collect()
    gc.freeze()


def collect() -> None:
    """Whatever nobody needs any more, to the machine."""
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _opt(which: int, value: int) -> None:
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(which, value)
