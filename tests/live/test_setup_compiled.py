"""Compiled steps have constants built in, so they are forgotten once a constant was changed."""

import os
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
