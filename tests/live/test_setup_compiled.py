"""Compiled steps have constants built in, so they are forgotten once a constant was changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

from lengthwise.live.setup import forget_outdated


def test_only_what_is_older_than_the_constants_is_forgotten(tmp_path: Path) -> None:
    constants, compiled = tmp_path / "constants", tmp_path / "package" / "body" / "__pycache__"
    constants.mkdir()
    compiled.mkdir(parents=True)
    times = {"old.nbi": 100, "old.1.nbc": 100, "new.nbi": 300, "module.pyc": 100}
    for name, time_s in times.items():
        (compiled / name).write_bytes(b"")
        os.utime(compiled / name, (time_s, time_s))
    (constants / "body.toml").write_text("")
    os.utime(constants / "body.toml", (200, 200))
    assert forget_outdated(tmp_path / "package", constants) == 2
    assert sorted(f.name for f in compiled.iterdir()) == ["module.pyc", "new.nbi"]


def test_a_compiled_source_that_changed_takes_those_that_call_it_along(tmp_path: Path) -> None:
    """Its callers have it built in; a source that is not compiled takes nothing along."""
    compiled = tmp_path / "body" / "__pycache__"
    compiled.mkdir(parents=True)
    (compiled / "caller.nbi").write_bytes(b"")
    os.utime(compiled / "caller.nbi", (100, 100))
    (tmp_path / "body" / "plain.py").write_text("def plain(): ...\n")
    assert forget_outdated(tmp_path, tmp_path / "constants") == 0
    (tmp_path / "body" / "called.py").write_text("\n\n@njit(cache=True)\ndef called(): ...\n")
    assert forget_outdated(tmp_path, tmp_path / "constants") == 1


_COMPILED_LATER = """
import json, sys
from numba.core.dispatcher import Dispatcher
from lengthwise.contracts.home import data_home
from lengthwise.live import setup

setup.prepare(data_home(), say=lambda _: None)
known = [m for n, m in sys.modules.items() if n.startswith("lengthwise.")]
steps = {id(s): s for m in known for s in vars(m).values() if isinstance(s, Dispatcher)}
before = {key: set(step.signatures) for key, step in steps.items()}
setup.LED = (("knees_rocking", "camera", 12.0), ("half_kneeling_hip_flexor", "camera", 8.0))
setup.compile_sessions()
later = [s.py_func.__name__ for key, s in steps.items() if set(s.signatures) - before[key]]
print(json.dumps([len(steps), later]))
"""


def test_a_session_compiles_nothing_that_setup_has_not() -> None:
    """Compiled in the middle of somebody's first session, one step held it up for 1.6 s."""
    ran = subprocess.run(
        [sys.executable, "-c", _COMPILED_LATER], capture_output=True, text=True, check=True
    )
    steps, later = json.loads(ran.stdout.splitlines()[-1])
    assert steps > 50 and later == []
