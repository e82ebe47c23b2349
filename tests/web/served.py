"""The real server as a program of its own, to be talked to and killed."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

from forked import FORKS, Forked, killed
from lengthwise.web.server import serve


def serves(home: Path) -> None:
    serve(home, profile="anna", processes=1, ready=lambda link: print(link, flush=True))


class Program:
    """As `Forked`, begun with nothing loaded."""

    def __init__(self, home: Path) -> None:
        begin = f"import served; from pathlib import Path; served.serves(Path({str(home)!r}))"
        self._process = subprocess.Popen(
            [sys.executable, "-c", begin],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self.pid = self._process.pid
        assert self._process.stdout is not None
        self.said = self._process.stdout

    def end(self) -> str:
        self._process.terminate()
        return self._ended()

    def kill(self, *, alone: bool = False) -> str:
        killed(self.pid, alone=alone)
        return self._ended()

    def _ended(self) -> str:
        return self._process.communicate(timeout=60.0)[1]


class Server:
    """`anew`: the program itself, with nothing in memory that another has loaded."""

    def __init__(self, home: Path, *, anew: bool = False) -> None:
        self.process = Program(home) if anew or not FORKS else Forked(serves, home)
        link = self.process.said.readline().strip()
        self.origin, _, token = link.partition("/#enter=")
        assert token, self.process.kill()
        self.token = token
        self.client = self.entered()

    def entered(self) -> httpx.Client:
        client = httpx.Client(base_url=self.origin, headers={"origin": self.origin}, timeout=120.0)
        assert client.post("/api/enter", json={"token": self.token}).status_code == 204
        return client

    def kill(self, *, alone: bool = False) -> None:
        """As a loss of power would; `alone`: its processes find that it is gone."""
        self.client.close()
        self.process.kill(alone=alone)

    def stop(self) -> str:
        self.client.close()
        return self.process.end()
