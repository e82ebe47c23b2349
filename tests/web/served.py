"""The real server as a program of its own, to be talked to and killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

_SERVE = """
import sys
from pathlib import Path
from lengthwise.web.server import serve
if __name__ == "__main__":
    home, told = Path(sys.argv[1]), lambda link: print(link, flush=True)
    serve(home, profile="anna", processes=1, ready=told)
"""


class Server:
    def __init__(self, home: Path) -> None:
        self.home = home
        script = home / "serve_it.py"
        script.write_text(_SERVE)
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(home)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        link = self.process.stdout.readline().strip()
        self.origin, _, token = link.partition("/#enter=")
        assert token, self.process.stderr.read() if self.process.stderr else ""
        self.token = token
        self.client = self.entered()

    def entered(self) -> httpx.Client:
        client = httpx.Client(base_url=self.origin, headers={"origin": self.origin}, timeout=120.0)
        assert client.post("/api/enter", json={"token": self.token}).status_code == 204
        return client

    def kill(self, *, alone: bool = False) -> None:
        """As a loss of power would; `alone`: its processes find that it is gone."""
        self.client.close()
        if alone:
            os.kill(self.process.pid, signal.SIGKILL)
        else:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=60.0)

    def stop(self) -> str:
        self.client.close()
        self.process.terminate()
        _, errors = self.process.communicate(timeout=60.0)
        return errors
