"""Compiled steps that hold only what they run can still be taken in by what is compiled later."""

import os
import subprocess
import sys
from pathlib import Path

_STEP = """
from numba import njit

@njit(cache=True)
def twice(x):
    return 2.0 * x
"""
_LATER = """
from lengthwise.live.compiled_code import keep_only_what_runs
assert keep_only_what_runs()
from step import twice
assert twice(1.5) == 3.0
library = twice.overloads[twice.signatures[0]].library
read_from_cache = sum(twice.stats.cache_hits.values())
holds = library._shared_module is not None

from numba import njit

@njit
def four_times(x):
    return twice(twice(x))

print(read_from_cache, holds, four_times(1.5))
"""


def test_a_step_read_from_the_cache_holds_less_and_is_compiled_into_others(tmp_path: Path) -> None:
    (tmp_path / "step.py").write_text(_STEP)
    stated = os.environ | {
        "NUMBA_CACHE_DIR": str(tmp_path / "cache"),
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *filter(None, sys.path)]),
    }
    for program in ("from step import twice; twice(1.5)", _LATER):
        ran = subprocess.run(
            [sys.executable, "-c", program], env=stated, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["1", "False", "6.0"]
