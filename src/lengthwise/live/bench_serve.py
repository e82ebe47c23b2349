"""Speed and memory of the live server as people run it: one simulated person over a real socket."""

import tempfile
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from lengthwise.live.load.person import drawn
from lengthwise.live.load.run import Ran, run
from lengthwise.live.load.server import Server

LED_S = 20.0
P50_S, P99_S = 0.005, 0.015
BASE_MB, EACH_MB = 300.0, 3.0
WITHOUT_PAGE = "serve.answer and serve.memory: the page is not built; build it with: make setup"


class Served(Struct, frozen=True):
    """`answer_s`: median and 99th percentile from an image sent to its view received; `memory_mb`
    of the server's processes together, a page that they share divided among them (PSS), None where
    the system does not tell."""

    answer_s: tuple[float, float]
    memory_mb: float | None

    def against_time(self) -> dict[str, float]:
        """Both floors, each divided by what was measured."""
        p50_s, p99_s = self.answer_s
        return {"p50_floor": P50_S / p50_s, "p99_floor": P99_S / p99_s}

    def against_memory(self) -> dict[str, float]:
        return {} if self.memory_mb is None else {"floor": (BASE_MB + EACH_MB) / self.memory_mb}


def page_is_built() -> bool:
    return (files("lengthwise") / "web" / "static" / "index.html").is_file()


def served() -> Served:
    """Needs the built page, and `lengthwise setup`, or it compiles first."""
    person = drawn(1, seconds=LED_S)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "home")
        try:
            server.answer_questions()
            return of(run(server, [person], Path(folder), sessions=1, seconds=LED_S))
        finally:
            server.stop(at_once=True)


def of(ran: Ran) -> Served:
    p50_ms, p99_ms, _ = ran.answer_ms
    held = ran.most
    return Served((p50_ms / 1e3, p99_ms / 1e3), None if held is None else held.pss_mb)
