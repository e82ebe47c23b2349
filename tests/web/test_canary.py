"""What a person says, and what opens their files, is found nowhere but in their own files; with a
passphrase not there either.

A whole session through the real server, with values that occur nowhere else; then everything that
was written, logged, printed or answered with an error is searched for them.
"""

import asyncio
import base64
import logging
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
import uvicorn
import websockets

from forked import with_a_nursery
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.person import FractionMark, MarkKind, Person
from lengthwise.contracts.wire import (
    Clock,
    ClockAnswer,
    Credit,
    FromSession,
    Hello,
    Landmarks,
    Shown,
    Told,
    Word,
)
from lengthwise.record.store import ProfileStore
from lengthwise.vault import keyring
from lengthwise.web.server import _bound, server_config
from served_inside import GOOD, NEW, PROFILE, TOKEN, settings

WORDS, WRONG_WORDS = "canary words of anna 4417", "canary words of nobody 9926"
NOTE, QUESTION = "canary_note_5519", "canary_question_8842"
GOAL, MOVEMENT = "canary goal of anna 6613", "canary movement of anna 7724"
LOOKED = "canary clinician of anna 3391"
USUAL_PAIN = 2.719365
PAIN, WRONG_PAIN = 3.719364, 47.71936
PIXEL_PX, HEIGHT_M = 311.71936, 1.731964
WRONG_KEY = "canary-key-that-is-wrong-2291-canary-key-2291"
PATIENCE_S = 120.0
to_bytes = msgspec.msgpack.Encoder().encode
read = msgspec.msgpack.Decoder(FromSession)


def keep_something(home: Path) -> None:
    """A mark of an earlier version: a text of the person's that is kept and shown nowhere."""
    mark = FractionMark(
        MuscleGroup.HAMSTRINGS,
        Side.LEFT,
        MarkKind.TOLERANCE,
        range_fraction=0.7,
        sd=0.1,
        measured_utc="2026-01-31T08:15:00Z",
        setup=QUESTION,
    )
    with ProfileStore.open(home, PROFILE) as store:
        store.save_person(Person(PROFILE, fraction_marks=(mark,)))


def of_number(value: float) -> list[bytes]:
    """As text and in the ways in which numbers are kept here."""
    found = [f"{value:.3f}"[:-1].encode(), struct.pack("<d", value), struct.pack(">d", value)]
    single = float(np.float32(value))
    return [*found, struct.pack("<f", value), struct.pack("<d", single), struct.pack(">d", single)]


class Inside:
    """The server in a thread of this process."""

    def __init__(self, home: Path) -> None:
        bound = _bound(0)
        port = bound.getsockname()[1]
        here = settings(home, processes=1)
        here = msgspec.structs.replace(here, hosts=(f"127.0.0.1:{port}",))
        self.origin = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(server_config(here))
        self._thread = threading.Thread(target=self._server.run, args=([bound],))
        self._thread.start()
        self.client = httpx.Client(
            base_url=self.origin, headers={"origin": self.origin}, timeout=PATIENCE_S
        )
        assert self.client.post("/api/enter", json={"token": TOKEN}).status_code == 204

    def stop(self) -> None:
        self.client.close()
        self._server.should_exit = True
        self._thread.join(60.0)
        assert not self._thread.is_alive()


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inside]:
    # Of a short name, as the nursery of processes wants it.
    with tempfile.TemporaryDirectory() as temporary:
        monkeypatch.setenv("TMPDIR", temporary)
        monkeypatch.setattr(tempfile, "tempdir", None)
        with with_a_nursery():
            running = Inside(tmp_path)
            yield running
            running.stop()
    keyring._held.clear()


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """Whatever any logger says from `INFO` on, with its trace."""
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    kept, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(kept)
        root.setLevel(level)


async def led(inside: Inside, opened: dict[str, str], look: Callable[[], None]) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in inside.client.cookies.items())
    url = inside.origin.replace("http", "ws") + f"/api/sessions/{opened['session_id']}/stream"
    clock = asyncio.get_running_loop().time
    heard: list[Any] = []
    async with websockets.connect(
        url, additional_headers={"cookie": cookie}, origin=inside.origin, compression=None
    ) as socket:

        async def until(holds: Callable[[], bool]) -> None:
            async with asyncio.timeout(PATIENCE_S):
                while not holds():
                    heard.append(read.decode(await socket.recv()))
                    if isinstance(heard[-1], Shown):
                        await socket.send(to_bytes(Credit(1)))

        def shown() -> int:
            return sum(isinstance(m, Shown) for m in heard)

        await socket.send(to_bytes(Hello(1, opened["key"])))
        sent_s = clock()
        await socket.send(to_bytes(Clock(sent_s)))
        await until(lambda: any(isinstance(m, ClockAnswer) for m in heard))
        answered = next(m for m in heard if isinstance(m, ClockAnswer))
        await socket.send(to_bytes(Clock(clock(), (sent_s, answered.answered_s, clock()))))
        table = np.full((33, 7), 0.5, dtype="<f4")
        table[:, 0] = PIXEL_PX
        for seq in range(6):
            await socket.send(to_bytes(Landmarks(seq, clock(), 1, table.tobytes())))
            await until(lambda: shown() > seq)  # noqa: B023
        await socket.send(to_bytes(Word(50, SignalKind.PAIN, PAIN)))
        await socket.send(b"\xff" + NOTE.encode() + struct.pack("<d", PAIN))
        look()
        await socket.send(to_bytes(Word(100, SignalKind.STOP)))
        await until(lambda: any(isinstance(m, Told) and m.decision.kind == "stop" for m in heard))


def refused(inside: Inside, opened: dict[str, str]) -> list[str]:
    """Answers to what is wrong in every way that could bring a value back."""
    post, said = inside.client.post, []
    ends = f"/api/sessions/{opened['session_id']}/end"
    for path, form, headers in (
        ("/api/enter", {"token": WRONG_KEY}, {}),
        ("/api/screening", {"version": 1, "answers": {"adult": NOTE}}, {}),
        ("/api/screening", {"version": 1, "answers": {}, NOTE: 1}, {}),
        ("/api/sessions", NEW | {"pain_now": WRONG_PAIN}, {}),
        ("/api/plan/intake", {"activity": 20 * GOAL, "movement": MOVEMENT}, {}),
        ("/api/plan/intake", {"usual_nrs": WRONG_PAIN, "movement": MOVEMENT}, {}),
        ("/api/plan/intake", {"answers": {"course": "canarycourse"}, "activity": GOAL}, {}),
        ("/api/plan/looked", {"who": LOOKED}, {}),
        ("/api/sessions", NEW | {"note": NOTE, "pain_now": PAIN}, {}),
        (ends, {}, {"x-key": WRONG_KEY}),
        ("/api/lock/open", {"passphrase": WRONG_WORDS}, {}),
        ("/api/lock/set", {"passphrase": 3 * WRONG_WORDS * 9}, {}),
        ("/api/lock/change", {"passphrase": WRONG_WORDS, "new_passphrase": WRONG_WORDS}, {}),
        ("/api/lock/recover", {"code": WRONG_WORDS, "new_passphrase": WRONG_WORDS}, {}),
    ):
        answer = post(path, json=form, headers=headers)
        # A field that is not known may be named: the page that sent it is told which.
        if answer.status_code >= 400:
            said.append(answer.text.replace(NOTE, "") if NOTE in form else answer.text)
    return said


@pytest.mark.parametrize("passphrase", [False, True], ids=["in clear", "encrypted"])
def test_nothing_of_a_person_is_found_outside_their_files(
    tmp_path: Path,
    inside: Inside,
    capfd: pytest.CaptureFixture[str],
    passphrase: bool,
) -> None:
    folder = tmp_path / "profiles" / PROFILE
    secrets = [WORDS, WRONG_WORDS, NOTE, QUESTION, TOKEN, WRONG_KEY]
    secrets += [GOAL, MOVEMENT, LOOKED]
    marks = [s.encode() for s in secrets] + of_number(PAIN) + of_number(PIXEL_PX)
    marks += of_number(WRONG_PAIN) + of_number(HEIGHT_M) + of_number(USUAL_PAIN)
    while_running: list[bytes] = []
    with everything_logged() as logged:
        keep_something(tmp_path)
        if passphrase:
            code = inside.client.post("/api/lock/set", json={"passphrase": WORDS}).json()["code"]
            marks += [code.encode(), code.replace("-", "").encode()]
            key = keyring._held[folder.resolve()].raw()
            marks += [key, key.hex().encode(), base64.b64encode(key)]
        assert inside.client.post("/api/screening", json=GOOD).status_code == 200
        goes_by = {"activity": GOAL, "movement": MOVEMENT, "usual_nrs": USUAL_PAIN}
        assert inside.client.post("/api/plan/intake", json=goes_by).status_code == 200
        assert inside.client.post("/api/plan/day", json={"pain": PAIN}).status_code == 200
        wanted = NEW | {"pain_now": PAIN, "height_m": HEIGHT_M}
        begun = inside.client.post("/api/sessions", json=wanted)
        assert begun.status_code == 201, begun.text
        opened = begun.json()
        marks += [opened["key"].encode(), *(v.encode() for v in inside.client.cookies.values())]
        asyncio.run(led(inside, opened, lambda: while_running.append(content(folder))))
        errors = refused(inside, opened)
        ends = f"/api/sessions/{opened['session_id']}/end"
        ended = inside.client.post(ends, headers={"x-key": opened["key"]})
        assert ended.status_code == 200 and ended.json()["frames"] >= 6
        assert inside.client.get(f"/api/sessions/{opened['session_id']}/report").status_code == 200
        inside.stop()
    printed = "".join(capfd.readouterr())
    outside = content(tmp_path, but=folder) + content(Path(tempfile.gettempdir()))
    for where, found in {
        "logs": "\n".join(logged).encode(),
        "output": printed.encode(),
        "errors": "\n".join(errors).encode(),
        "other files": outside,
    }.items():
        assert [m for m in marks if m in found] == [], where
    assert len(errors) >= 13
    own = content(folder) + while_running[0]
    if passphrase:
        assert [m for m in marks if m in own] == []
        assert opened["session_id"].encode() in own, "the name of a session's folder is a time"
    else:
        number = struct.pack("<d", float(np.float32(PIXEL_PX)))
        assert number in own and QUESTION.encode() in own, "else this test could not fail"
        assert GOAL.encode() in own and str(USUAL_PAIN).encode() in own


def content(root: Path, *, but: Path | None = None) -> bytes:
    """Names and bytes of all files."""
    found = []
    for path in sorted(root.rglob("*")):
        if path.is_file() and not (but and path.is_relative_to(but)):
            found.append(str(path.relative_to(root)).encode() + b"\n" + path.read_bytes())
    return b"\n".join(found)
