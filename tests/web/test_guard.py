"""Nobody comes in by another name, from another page, or with more than is asked for."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from lengthwise.web.guard import MOST_BODY_BYTES, Guard

HOST = "127.0.0.1:8123"
OURS = f"http://{HOST}"


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("in")


@pytest.fixture
def client() -> TestClient:
    routes = [
        Route("/api/x", echo, methods=["GET", "POST"]),
        WebSocketRoute("/api/stream", stream),
    ]
    app = Guard(Starlette(routes=routes), hosts=[HOST])
    return TestClient(app, base_url=OURS)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:8124", "localhost:8123", "", HOST + "."]
)
def test_another_name_is_not_answered(client: TestClient, host: str) -> None:
    assert client.get("/api/x", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", OURS + "0", "http://" + HOST + "/"]
)
def test_another_page_changes_nothing(client: TestClient, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    assert client.post("/api/x", headers=headers).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(f"ws://{HOST}/api/stream", headers=headers),
    ):
        pass


def test_our_own_page_comes_in_and_may_load_nothing_from_elsewhere(client: TestClient) -> None:
    answer = client.post("/api/x", headers={"origin": OURS}, content=b"abc")
    assert (answer.status_code, answer.text) == (200, "3")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe-inline" not in policy
    assert "unsafe-eval'" not in policy.replace("wasm-unsafe-eval'", "")
    assert answer.headers["cache-control"] == "no-store"
    with client.websocket_connect(f"ws://{HOST}/api/stream", headers={"origin": OURS}) as socket:
        assert socket.receive_text() == "in"


def test_too_much_is_refused_whether_its_length_is_told_or_not(client: TestClient) -> None:
    much = b"x" * (MOST_BODY_BYTES + 1)
    headers = {"origin": OURS}
    assert client.post("/api/x", headers=headers, content=much).status_code == 413
    pieces = (much[i : i + 1000] for i in range(0, len(much), 1000))
    assert client.post("/api/x", headers=headers, content=pieces).status_code == 413
    for length in (b"-1", b"1e3", "²".encode()):
        refused = client.post(
            "/api/x", headers={b"origin": OURS.encode(), b"content-length": length}
        )
        assert refused.status_code == 413
