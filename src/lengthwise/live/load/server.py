"""A real `lengthwise serve` in a process of its own, and what a page asks of it over HTTP."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from msgspec import Struct

from lengthwise.contracts.home import ENVIRONMENT_NAME, data_home
from lengthwise.live.load.person import Drawn
from lengthwise.reference.screening import screening

SERVE = ("-m", "lengthwise.cli.main")
_PATIENCE_S = 300.0


class Opened(Struct, frozen=True):
    session_id: str
    key: str


class Server:
    """Runs until `stop`. `program`: what is run in place of `lengthwise`; `home` is a folder of its
    own, with the models of this machine."""

    def __init__(self, home: Path, *, program: tuple[str, ...] = SERVE) -> None:
        home.mkdir(parents=True, exist_ok=True)
        for part in ("models", "anatomy"):
            (home / part).symlink_to(data_home() / part)
        self._process = subprocess.Popen(
            [sys.executable, *program, "serve", "--no-browser"],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {ENVIRONMENT_NAME: str(home)},
            start_new_session=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        self.origin, _, token = said[said.index("http") :].strip().partition("/#enter=")
        self.cookie = ""
        with self._ask("/api/enter", {"token": token}) as answer:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]

    @property
    def pid(self) -> int:
        return self._process.pid

    def answer_questions(self) -> None:
        good = {q.id: q.good.value for q in screening().question}
        self.post("/api/screening", {"version": screening().version, "answers": good})

    def begin(self, who: Drawn, *, height_m: float | None = None) -> Opened:
        told = self.post(
            "/api/sessions",
            {
                "exercise_id": who.exercise_id,
                "width_px": who.width_px,
                "height_px": who.height_px,
                "height_m": height_m or who.height_m,
            },
        )
        return Opened(told["session_id"], told["key"])

    def end(self, opened: Opened) -> dict[str, Any]:
        told: dict[str, Any] = self.post(
            f"/api/sessions/{opened.session_id}/end", {}, {"x-key": opened.key}
        )
        return told

    def post(self, path: str, body: object, headers: dict[str, str] | None = None) -> Any:
        with self._ask(path, body, headers or {}) as answer:
            return json.loads(answer.read() or b"null")

    def _ask(self, path: str, body: object, headers: dict[str, str] | None = None) -> Any:
        stated = {
            "content-type": "application/json",
            "origin": self.origin,
            "cookie": self.cookie,
            **(headers or {}),
        }
        request = Request(self.origin + path, json.dumps(body).encode(), stated)
        return urlopen(request, timeout=_PATIENCE_S)

    def stop(self, *, at_once: bool = False) -> None:
        """`at_once`: what is going on is not ended, and no report of it drawn."""
        if at_once:
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.terminate()
        self._process.wait(timeout=_PATIENCE_S)
