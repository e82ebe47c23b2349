"""Every way into guided frames passes the one gate (`live.guided.standing`); here they are listed.

Whoever adds a place that opens a session, or lets a page into one, adds it to `OPENS` with the gate
that it passes, or this fails.
"""

import ast
import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import websockets

import lengthwise
from lengthwise.contracts.screening import YesNo
from lengthwise.contracts.wire import Hello, written
from lengthwise.live import guided
from lengthwise.live.roles import PAGE
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening
from lengthwise.web.stream import serve_stream
from served import Server

SOURCE = Path(lengthwise.__file__).parent
GOOD = {q.id: q.good for q in screening().question}
GRAVE = {"version": screening().version, "answers": GOOD | {"saddle": YesNo.YES}}
NEW = {"exercise_id": "seated_hamstring", "width_px": 640, "height_px": 480}

OPENS = {
    # A page begins one: guided_started asks.
    ("web/session_routes.py", "lead"),
    ("web/phone_desk.py", "open"),
    ("web/device_desk.py", "open"),
    # A page resumes one after it was left, or after a restart: check_may_be_led, to_go_on_with.
    ("web/resume_routes.py", "open"),
    # A page comes back to one (reload, network): leading.may_lead.
    ("web/app.py", "serve_stream"),
    # The process of a session does what the server opened it for.
    ("live/rooms.py", "Room"),
    ("live/rooms.py", "gone_on_with"),
    # A recording is read; nobody is led by it.
    ("live/session.py", "LiveSession"),
    # The room itself.
    ("live/room.py", "LiveSession"),
    ("live/room.py", "cls"),
}
_NAMES = {"Room", "gone_on_with", "LiveSession", "serve_stream"}


def opened_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Name) and called.id in _NAMES:
            yield called.id
        if isinstance(called, ast.Name) and called.id == "cls" and path.name == "room.py":
            yield "cls"
        if isinstance(called, ast.Attribute):
            of = ast.unparse(called.value)
            if called.attr in _NAMES or (called.attr == "open" and of.endswith("hub")):
                yield called.attr
            if called.attr == "lead" and of.endswith(("phone", "devices")):
                yield called.attr


def test_there_is_no_other_way_into_a_session_than_those_listed() -> None:
    found = {
        (path.relative_to(SOURCE).as_posix(), name)
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0] not in ("report",)
        for name in opened_in(path)
    }
    drawn = {("live/placing.py", "Room"), ("live/exercise_render.py", "Room")}  # rooms to draw in
    assert found - drawn == OPENS


def test_no_command_opens_a_session_by_itself() -> None:
    for path in (SOURCE / "cli").glob("*.py"):
        assert not list(opened_in(path)), path.name


def test_the_gate_is_asked_before_a_page_can_compare_its_clock() -> None:
    """Else the time that it takes would count as the way of the first message, and every reading
    would lie that much astray."""
    order: list[str] = []

    class Socket:
        async def accept(self) -> None:
            order.append("accepted")

        async def receive_bytes(self) -> bytes:
            return written(Hello(1, "key"))

        async def close(self, code: int, why: str) -> None:
            order.append(why)

    meant = object()

    async def may_lead(session: object) -> bool:
        assert session is meant
        order.append("asked")
        return False

    hub = SimpleNamespace(going_on_as=lambda _: meant, session=lambda *_: meant)
    asyncio.run(serve_stream(hub, Socket(), "id", PAGE, may_lead=may_lead))  # type: ignore[arg-type]
    assert order == ["asked", "accepted", "the safety questions come first"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    assert "Traceback" not in started.stop()


async def let_in(server: Server, opened: dict[str, str]) -> bool:
    """Whether a page with the session's key is let in: it is welcomed, or the door is shut."""
    address = f"{server.origin.replace('http', 'ws')}/api/sessions/{opened['session_id']}/stream"
    cookie = "; ".join(f"{k}={v}" for k, v in server.client.cookies.items())
    headers = {"Cookie": cookie, "Origin": server.origin}
    with suppress(websockets.ConnectionClosed):
        async with websockets.connect(address, additional_headers=headers) as socket:
            await socket.send(written(Hello(1, opened["key"])))
            await socket.recv()
            return True
    return False


def test_an_answer_ends_what_goes_on_and_every_entry_is_shut(
    server: Server, tmp_path: Path
) -> None:
    post = server.client.post
    assert post("/api/sessions", json=NEW).status_code == 403, "begin, never answered"
    post("/api/screening", json={"version": screening().version, "answers": GOOD})
    opened = post("/api/sessions", json=NEW).json()
    assert asyncio.run(let_in(server, opened)), "a page that comes back while all is well"
    with ProfileStore.open(tmp_path, "anna") as store:
        guided.keep_stop(store, "20260131T081500Z-a1b2c3")
    assert not asyncio.run(let_in(server, opened)), "a reload after a stop elsewhere"
    image = {"width_px": 640, "height_px": 480}
    resume = f"/api/sessions/{opened['session_id']}/resume"
    assert post(resume, json=image).status_code == 403, "resumed while it waits"
    post("/api/screening", json={"version": screening().version, "answers": GOOD})
    assert post("/api/screening", json=GRAVE).json()["standing"]["refusal"] == "outcome"
    assert server.client.get("/api/sessions/unfinished").json() == [], "it was ended"
    assert post(resume, json=image).status_code == 403, "resumed after it"
    assert not asyncio.run(let_in(server, opened)), "a reload"
    assert post("/api/sessions", json=NEW).status_code == 403, "begun anew"
    told = server.client.get("/api/screening").json()["asked"]["told"]["emergency"]
    assert not any(letter.isdigit() for letter in told["next"])
    assert (
        post("/api/region", json={"region": "GB"})
        .json()["told"]["emergency"]["next"]
        .startswith("Call 999")
    )
    assert post("/api/region", json={"region": "XX"}).status_code in (400, 404, 422)
    assert post("/api/screening", json=GRAVE | {"language": "de"}).status_code != 200
