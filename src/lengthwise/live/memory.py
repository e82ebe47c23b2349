"""Memory that was needed on the way only, back to the machine. For processes that compute."""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import mujoco

from lengthwise.body.anatomy import let_go_of_models
from lengthwise.live.allocator import collect

_DONTNEED = 4
"""Of `madvise`, on Linux."""


def give_back() -> None:
    """What was only needed on the way (a body's shapes, a report) goes back to the machine: the
    allocator would keep it for this process, and MuJoCo the meshes that it read, which cost it
    nothing to read again."""
    let_go_of_models()
    let_go_of_meshes()


def keep_no_meshes() -> None:
    """MuJoCo keeps what it reads of each mesh for the next model: 20 MB beside the model itself,
    at the moment when most is held anyway. Read again it costs nothing that can be measured."""
    mujoco.mj_setCacheCapacity(mujoco.mj_getCache(), 0)


def let_go_of_meshes() -> None:
    """What MuJoCo read to compile a model, and the way there. Models stay."""
    mujoco.mj_clearCache(mujoco.mj_getCache())
    collect()


def let_go_of_code() -> None:
    """The pages of libraries that this process has read so far. Whatever of them it needs again is
    there at the next touch; what was needed to begin (50 MB of a compiler that compiles nothing)
    is not held by it and by all that is forked off it. Linux only, elsewhere nothing."""
    with suppress(AttributeError, OSError):
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        for begin, end in _unchanged_files(Path("/proc/self/smaps").read_text()):
            advise(begin, end - begin, _DONTNEED)


def _unchanged_files(told: str) -> Iterator[tuple[int, int]]:
    """Addresses of what is mapped from files, cannot be written to and holds nothing of this
    process's own: what a loader has changed and then closed would be lost."""
    place: tuple[int, int] | None = None
    for line in told.splitlines():
        words = line.split()
        if not words[0].endswith(":"):
            of_file = len(words) > 5 and words[5].startswith("/") and "w" not in words[1]
            begin, _, end = words[0].partition("-")
            place = (int(begin, 16), int(end, 16)) if of_file else None
        elif words[0] == "Anonymous:" and words[1] == "0" and place is not None:
            yield place
