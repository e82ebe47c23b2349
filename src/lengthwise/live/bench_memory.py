"""Whether memory stays flat: by how much the process grows while frames go through a step.

The resident memory of the process, so that what compiled code keeps counts too. It is looked at in
parts, after a first one that fills what is filled once: a leak shows in every part, and so in the
median; what the allocator once took for itself shows in the largest alone.
"""

import gc
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

PARTS = 10
KERNEL_FRAMES, TISSUE_STEPS = 200_000, 20_000
_STATM = Path("/proc/self/statm")


def growth_bytes(call: Callable[[int], object], frames: int) -> list[float]:
    """Bytes per frame, (PARTS,), while `call` does frame i of each part."""
    part = max(1, frames // PARTS)
    sizes = []
    for _ in range(PARTS + 1):
        for i in range(part):
            call(i)
        gc.collect()
        sizes.append(resident_bytes())
    return [(after - before) / part for before, after in pairwise(sizes)]


def resident_bytes() -> int:
    """Of this process, now; where the system does not tell that, the most it ever was."""
    import resource

    if _STATM.exists():
        return int(_STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest * 1024
