"""The real server over real sockets: who is let in, who is led, and a session from end to end."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np
import pytest
import websockets

from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.wire import (
    Clock,
    ClockAnswer,
    Credit,
    FromSession,
    Hello,
    Landmarks,
    Shown,
    Told,
    Welcome,
    Word,
)
from lengthwise.live.load.memory import family
from lengthwise.live.voice import speaks
from lengthwise.reference.screening import screening
from lengthwise.web import server as server_module
from served import Server

GOOD = {q.id: q.good.value for q in screening().question}
NEW = {"exercise_id": "seated_hamstring", "width_px": 640, "height_px": 480}
IMAGE = {"width_px": 640, "height_px": 480}
PATIENCE_S = 60.0
VIEWS = 10
to_bytes = msgspec.msgpack.Encoder().encode
read = msgspec.msgpack.Decoder(FromSession)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    assert "Traceback" not in running.stop()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """For what leads nobody and leaves nothing behind: one start of the server for all of it."""
    running = Server(tmp_path_factory.mktemp("asked"))
    yield running
    assert "Traceback" not in running.stop()


def test_a_view_behind_a_decision_does_not_wait_for_the_browser_to_acknowledge_it() -> None:
    with server_module._bound(0) as bound, socket.create_connection(bound.getsockname()):
        accepted, _ = bound.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_who_knocks_too_often_takes_nothing_from_who_is_in(asked: Server) -> None:
    """Other accounts of this machine reach the loopback address as well."""
    assert asked.client.get("/api/person").status_code == 200
    host, _, port = asked.origin.removeprefix("http://").partition(":")
    beyond = 40
    knocking = [
        socket.create_connection((host, int(port)), timeout=PATIENCE_S)
        for _ in range(server_module.MOST_CONNECTIONS + beyond)
    ]
    try:
        # The last ones are let go before anything is read, and without having said anything.
        assert all(late.recv(1) == b"" for late in knocking[-beyond:])
        assert asked.client.get("/api/person").status_code == 200, "who is in stays in"
    finally:
        for each in knocking:
            each.close()
    again = asked.entered()
    assert again.get("/api/person").status_code == 200
    again.close()


def test_nobody_is_led_who_was_not_asked(server: Server) -> None:
    refused = server.client.post("/api/sessions", json=NEW)
    assert refused.status_code == 403
    assert "safety questions" in refused.json()["detail"]
    assert refused.json()["code"] is None  # the page says why in these words, and in no fewer
    grave = {"version": screening().version, "answers": GOOD | {"saddle": "yes"}}
    told = server.client.post("/api/screening", json=grave).json()["standing"]
    assert told["result"]["outcome"] == "emergency"
    assert server.client.post("/api/sessions", json=NEW).status_code == 403
    edited = {"version": screening().version, "answers": GOOD}
    assert server.client.post("/api/screening", json=edited).status_code == 403
    assert server.client.post("/api/sessions", json=NEW).status_code == 403


def test_what_is_no_form_is_refused_with_one_line(asked: Server) -> None:
    for version in ("NaN", "1e999", '"\\ud800"', "null", "-1", "[" * 9000):
        raw = '{"version": ' + version + ', "answers": {"adult": "\\ud800"}}'
        found = asked.client.post(
            "/api/screening", content=raw, headers={"content-type": "application/json"}
        )
        assert found.status_code in (400, 422), version
        assert isinstance(found.json()["detail"], str)


@pytest.mark.parametrize(
    ("path", "sent", "told"),
    [
        ("/api/plan/intake", {"minutes_a_day": 30}, ("minutes_a_day", 2.0, 10.0)),
        ("/api/tests/who", {"age_years": -1e300}, ("age_years", 18.0, 110.0)),
        ("/api/screening", {"version": 2e6, "answers": {}}, ("version", 0.0, 1e6)),
    ],
)
def test_the_bounds_of_a_number_are_named_and_not_the_number(
    asked: Server, path: str, sent: dict[str, object], told: tuple[object, ...]
) -> None:
    refused = asked.client.post(path, json=sent)
    assert refused.status_code == 422
    found = refused.json()
    assert found["code"] == "not_the_form"
    assert found["values"] == dict(zip(("field", "low", "high"), told, strict=True))
    assert all(part in found["detail"] for part in (str(told[0]), "allowed", "correct"))
    assert not any(str(v) in found["detail"] for v in sent.values()), "it may be somebody's pain"


def test_what_else_is_no_form_is_said_by_its_line(asked: Server) -> None:
    found = asked.client.post("/api/plan/looked", json={"who": "x" * 101}).json()
    assert found.get("code") is None
    assert "who" in found["detail"] and "100 characters" in found["detail"]


def test_a_model_that_setup_has_not_brought_is_not_there(asked: Server) -> None:
    assert asked.client.get("/models/pose_landmarker_full.task").status_code == 404


def test_words_are_spoken_or_it_is_said_what_is_missing(asked: Server) -> None:
    said = asked.client.post("/api/speech", json={"text": "Ease off.", "language": "en"})
    if speaks("en"):
        assert said.headers["content-type"] == "audio/wav"
        assert said.content.startswith(b"RIFF")
    else:
        assert said.status_code == 409
    unknown = asked.client.post("/api/speech", json={"text": "Ease off.", "language": "xx"})
    assert "it speaks en and de" in unknown.json()["detail"]


def test_without_the_link_nothing_is_told(asked: Server) -> None:
    stranger = httpx.Client(base_url=asked.origin, headers={"origin": asked.origin})
    for path in ("/api/screening", "/api/exercises", "/api/sessions", "/api/data/export"):
        assert stranger.get(path).status_code == 401
    assert stranger.post("/api/enter", json={"token": "x" * 32}).status_code == 403
    assert stranger.post("/api/sessions", json=NEW).status_code == 401
    assert stranger.get("/api/screening", headers={"cookie": "lengthwise=x"}).status_code == 401


def test_what_is_kept_of_a_person_is_asked_once_and_deleted_by_its_word(asked: Server) -> None:
    person = asked.client.get("/api/person").json()
    assert (person["height_m"], person["consented"]) == (None, None)
    assert asked.client.post("/api/person", json={"height_m": 17.8}).status_code == 422
    asked.client.post("/api/person", json={"height_m": 1.78})
    asked.client.post("/api/consent", json={"version": 1})
    person = asked.client.get("/api/person").json()
    assert (person["height_m"], person["consented"]) == (1.78, 1)
    assert asked.client.post("/api/data/delete", json={"confirm": "yes"}).status_code == 404
    assert asked.client.get("/api/person").json() == person
    gone = asked.client.post("/api/data/delete", json={"confirm": "delete everything"})
    assert gone.json() == {"answers_stay": False}
    assert asked.client.get("/api/person").json()["height_m"] is None


def test_each_exercise_tells_where_to_be(asked: Server) -> None:
    place = asked.client.get("/api/exercises/supine_hamstring/placing?side=r").json()
    assert (place["view"], place["near"]) == ("right", "r")
    assert "knees" in place["parts"] and len(place["body"]) > 100
    assert asked.client.get("/api/exercises/none_of_these/placing").status_code == 404
    waiting = asked.client.get("/api/words").json()["waiting"]
    assert all(len(words.split()) <= 5 for i, words in waiting.items() if "not_known" not in i)


async def led(
    server: Server, key: str, session_id: str, *, last_word: SignalKind = SignalKind.STOP
) -> list[FromSession]:
    """A still person in view until ten views were shown, then the last word, until it is answered
    or the server closes."""
    cookie = "; ".join(f"{name}={value}" for name, value in server.client.cookies.items())
    url = server.origin.replace("http", "ws") + f"/api/sessions/{session_id}/stream"
    heard: list[FromSession] = []
    clock = asyncio.get_running_loop().time

    async with websockets.connect(
        url, additional_headers={"cookie": cookie}, origin=server.origin, compression=None
    ) as socket:

        async def until(holds: Callable[[], bool]) -> None:
            async with asyncio.timeout(PATIENCE_S):
                while not holds():
                    heard.append(read.decode(await socket.recv()))
                    if isinstance(heard[-1], Shown):
                        await socket.send(to_bytes(Credit(1)))

        await socket.send(to_bytes(Hello(1, key)))
        sent_s = clock()
        await socket.send(to_bytes(Clock(sent_s)))
        await until(lambda: any(isinstance(m, ClockAnswer) for m in heard))
        answered = next(m for m in heard if isinstance(m, ClockAnswer))
        await socket.send(to_bytes(Clock(clock(), (sent_s, answered.answered_s, clock()))))
        table = np.full((33, 7), 0.5, dtype="<f4").tobytes()
        for seq in range(VIEWS):
            await socket.send(to_bytes(Landmarks(seq, clock(), 1, table)))
            await until(lambda: len(views(heard)) > seq)  # noqa: B023
        await socket.send(to_bytes(Word(100, last_word)))
        await until(lambda: any(isinstance(m, Told) and m.decision.kind == "stop" for m in heard))
    return heard


def views(heard: list[FromSession]) -> list[Shown]:
    return [m for m in heard if isinstance(m, Shown)]


def test_a_session_from_the_questions_to_its_report(server: Server) -> None:
    answers = {"version": screening().version, "answers": GOOD}
    assert server.client.post("/api/screening", json=answers).json()["standing"]["refusal"] is None
    begun = server.client.post("/api/sessions", json=NEW | {"pain_now": 2})
    assert begun.status_code == 201, begun.text
    opened = begun.json()
    heard = asyncio.run(led(server, opened["key"], opened["session_id"]))
    assert isinstance(heard[0], Welcome)
    shown = views(heard)
    assert [m.seq for m in shown] == sorted({m.seq for m in shown}) and len(shown) >= VIEWS
    told = [m for m in heard if isinstance(m, Told)]
    assert [m.seq for m in told] == list(range(1, len(told) + 1))
    assert any(m.decision.kind == "stop" for m in told)
    ended = server.client.post(
        f"/api/sessions/{opened['session_id']}/end", headers={"x-key": opened["key"]}
    )
    assert ended.status_code == 200 and ended.json()["frames"] >= VIEWS
    listed: list[dict[str, Any]] = server.client.get("/api/sessions").json()
    assert [s["session_id"] for s in listed] == [opened["session_id"]]
    report = server.client.get(f"/api/sessions/{opened['session_id']}/report")
    assert report.status_code == 200 and "sandbox" in report.headers["content-security-policy"]
    one = f"/api/sessions/{opened['session_id']}"
    assert server.client.post(f"{one}/pain", json={"moment": "after", "nrs": 11}).status_code == 422
    assert server.client.post(f"{one}/pain", json={"moment": "after", "nrs": 3}).status_code == 204
    past = server.client.get(one).json()["past"]
    assert (past["pain_before"], past["pain_after"]) == (2.0, 3.0)
    assert server.client.get("/api/data/export").content[:2] == b"PK"
    assert server.client.delete(one).status_code == 200
    assert server.client.delete(one).status_code == 404
    assert server.client.get("/api/sessions").json() == []


def test_after_a_symptom_nobody_is_led_though_the_session_was_never_ended(server: Server) -> None:
    answers = {"version": screening().version, "answers": GOOD}
    server.client.post("/api/screening", json=answers)
    opened = server.client.post("/api/sessions", json=NEW).json()
    symptom = led(server, opened["key"], opened["session_id"], last_word=SignalKind.LEG_SYMPTOM)
    heard = asyncio.run(symptom)
    assert any(isinstance(m, Told) and m.decision.kind == "stop" for m in heard)
    refused = server.client.post("/api/sessions", json=NEW)
    assert refused.status_code == 403 and "symptom" in refused.json()["detail"]
    told = server.client.post("/api/screening", json=answers).json()["standing"]
    assert told["refusal"] is None
    server.client.post(
        f"/api/sessions/{opened['session_id']}/end", headers={"x-key": opened["key"]}
    )
    again = server.client.get("/api/screening").json()["standing"]
    assert again["refusal"] is None, "the same symptom asks once"


def test_a_process_that_is_gone_is_replaced(server: Server) -> None:
    answers = {"version": screening().version, "answers": GOOD}
    server.client.post("/api/screening", json=answers)
    opened = server.client.post("/api/sessions", json=NEW).json()
    begun = family(server.process.pid)[1:]
    if not begun:
        pytest.skip("which processes the server began is only known where there is /proc")
    for each in begun:
        os.kill(each, signal.SIGKILL)
    ended = server.client.post(
        f"/api/sessions/{opened['session_id']}/end", headers={"x-key": opened["key"]}
    )
    assert ended.status_code in (404, 503)
    assert server.client.post("/api/sessions", json=NEW).status_code == 403
    server.client.post("/api/screening", json=answers)
    assert server.client.post("/api/sessions", json=NEW).status_code == 201


def test_another_key_opens_nothing(server: Server) -> None:
    answers = {"version": screening().version, "answers": GOOD}
    server.client.post("/api/screening", json=answers)
    opened = server.client.post("/api/sessions", json=NEW).json()
    heard: list[FromSession] = []
    with suppress(websockets.ConnectionClosed):
        heard = asyncio.run(led(server, "x" * 43, opened["session_id"]))
    assert not heard
    wrong = server.client.post(
        f"/api/sessions/{opened['session_id']}/end", headers={"x-key": "x" * 43}
    )
    assert wrong.status_code == 404


@pytest.mark.parametrize("last_word", [SignalKind.STOP, SignalKind.LEG_SYMPTOM])
def test_a_stop_that_was_shown_outlasts_the_server(tmp_path: Path, last_word: SignalKind) -> None:
    server = Server(tmp_path)
    answers = {"version": screening().version, "answers": GOOD}
    server.client.post("/api/screening", json=answers)
    opened = server.client.post("/api/sessions", json=NEW).json()
    asyncio.run(led(server, opened["key"], opened["session_id"], last_word=last_word))
    server.kill()
    again = Server(tmp_path)
    listed: list[dict[str, Any]] = again.client.get("/api/sessions").json()
    assert [s["session_id"] for s in listed] == [opened["session_id"]]
    assert again.client.get("/api/sessions/unfinished").json() == []
    resumed = again.client.post(f"/api/sessions/{opened['session_id']}/resume", json=IMAGE)
    assert resumed.status_code == 403
    asked = again.client.get("/api/screening").json()["standing"]["refusal"]
    assert asked == ("stopped_since" if last_word is SignalKind.LEG_SYMPTOM else None)
    assert "Traceback" not in again.stop()


def test_somebody_is_led_in_one_tab_at_a_time(server: Server) -> None:
    answers = {"version": screening().version, "answers": GOOD}
    server.client.post("/api/screening", json=answers)
    first = server.client.post("/api/sessions", json=NEW).json()

    async def beside() -> int:
        cookie = "; ".join(f"{name}={value}" for name, value in server.client.cookies.items())
        url = server.origin.replace("http", "ws") + f"/api/sessions/{first['session_id']}/stream"
        async with websockets.connect(
            url, additional_headers={"cookie": cookie}, origin=server.origin
        ) as socket:
            await socket.send(to_bytes(Hello(1, first["key"])))
            await socket.recv()
            second = await asyncio.to_thread(server.client.post, "/api/sessions", json=NEW)
            return second.status_code

    assert asyncio.run(beside()) == 409
    assert server.client.post("/api/sessions", json=NEW).status_code == 201
