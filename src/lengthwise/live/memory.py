"""Memory that was needed on the way only, back to the machine. For processes that compute."""

import ctypes
import gc
from contextlib import suppress

import mujoco

from lengthwise.body.anatomy import let_go_of_models


def give_back() -> None:
    """What was only needed on the way (a body's shapes, a report) goes back to the machine: the
    allocator would keep it for this process, and MuJoCo the meshes that it read, which cost it
    nothing to read again."""
    let_go_of_models()
    mujoco.mj_clearCache(mujoco.mj_getCache())
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
