"""The process that talks to browsers computes nothing, so it holds nothing to compute with.

It once held 290 MB of compilers and solvers that it never called. A use case that needs them is
called through `live.apart`.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from lengthwise.reference.screening import screening
from served import Server

HEAVY = ("numba", "llvmlite", "scipy", "mujoco", "PIL", "vqf")
GOOD = {
    "version": screening().version,
    "answers": {q.id: q.good.value for q in screening().question},
}
NEW = {"exercise_id": "seated_hamstring", "width_px": 640, "height_px": 480, "height_m": 1.83}
_WHO = """
import sys

class Watched:
    "Says which of our modules asks for a heavy one first."

    def find_spec(self, name, path=None, target=None):
        if name in HEAVY:
            frame, ours = sys._getframe(), []
            while frame is not None:
                module = frame.f_globals.get("__name__", "")
                if module.startswith("lengthwise.") and module not in ours:
                    ours.append(module)
                frame = frame.f_back
            print(name, "by", " <- ".join(ours))

HEAVY = set(sys.argv[1:])
sys.meta_path.insert(0, Watched())
import lengthwise.cli.serve
import lengthwise.web.server
"""


def test_nothing_heavy_is_imported_with_the_server() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _WHO, *HEAVY], capture_output=True, text=True, check=True
    )
    assert not ran.stdout, (
        "the edge imports what computes; call that use case through lengthwise.live.apart, or "
        f"import in the function that needs it:\n{ran.stdout}"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="what a process has open is told by /proc")
def test_nothing_heavy_is_loaded_by_what_a_page_asks_for(tmp_path: Path) -> None:
    server = Server(tmp_path, anew=True)
    ask = server.client
    asked = [
        ask.get("/api/person"),
        ask.post("/api/person", json={"height_m": 1.83}),
        ask.get("/api/screening"),
        ask.post("/api/screening", json=GOOD),
        ask.get("/api/exercises"),
        ask.get("/api/words"),
        ask.get("/api/exercises/seated_hamstring/placing"),
        ask.get("/api/exercises/seated_hamstring/ramp"),
        ask.get("/api/body/names"),
        ask.get("/api/body/targets/seated_hamstring"),
        ask.get("/api/body/ghost/seated_hamstring"),
        ask.get("/api/body/shape"),
        ask.get("/api/body/paths"),
        ask.get("/api/sessions/unfinished"),
        ask.get("/api/lock"),
    ]
    opened = ask.post("/api/sessions", json=NEW).json()
    asked += [
        ask.post(f"/api/sessions/{opened['session_id']}/end", headers={"x-key": opened["key"]}),
        ask.get("/api/sessions"),
        ask.get("/api/data/export"),
    ]
    mapped = Path(f"/proc/{server.process.pid}/maps").read_text()
    errors = server.stop()
    assert [a.status_code for a in asked if a.status_code not in (200, 204)] == []
    assert "Traceback" not in errors
    assert [name for name in HEAVY if f"/{name}/" in mapped] == []
