"""The server in this process, over ASGI: as a browser that came in by the link sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from lengthwise.reference.screening import screening
from lengthwise.web.app import build
from lengthwise.web.house import Settings

HOST = "127.0.0.1:8123"
OURS = f"http://{HOST}"
STREAMS = f"ws://{HOST}/api/sessions"
TOKEN = "canary-token-of-this-start-5521"
PROFILE = "anna"
ANSWERS = {q.id: q.good.value for q in screening().question}
GOOD = {"version": screening().version, "answers": ANSWERS}
NEW = {"exercise_id": "seated_hamstring", "width_px": 640, "height_px": 480}


def settings(home: Path, *, processes: int = 0) -> Settings:
    page = home / "page"
    page.mkdir(parents=True, exist_ok=True)
    (page / "index.html").write_text("<p>the page</p>")
    return Settings(
        home=home, profile=PROFILE, hosts=(HOST,), token=TOKEN, processes=processes, page=page
    )


@contextmanager
def served(home: Path, *, processes: int = 0, enters: bool = True) -> Iterator[TestClient]:
    with TestClient(
        build(settings(home, processes=processes)), base_url=OURS, headers={"origin": OURS}
    ) as client:
        if enters:
            assert client.post("/api/enter", json={"token": TOKEN}).status_code == 204
        yield client
