"""A ramp to tolerance through the running server: it counts as it begins, a tab that is closed
keeps nothing, nobody comes back into it, and pain that is told afterwards takes the day."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from led_inside import end, heard_until, stream, to_bytes
from starlette.testclient import TestClient, WebSocketTestSession

from lengthwise.contracts.observation import SignalKind
from lengthwise.contracts.person import Person
from lengthwise.contracts.wire import Hello, Shown, Word
from lengthwise.live import workers
from lengthwise.record.store import ProfileStore
from served_inside import GOOD, PROFILE, served

EXERCISE = "standing_hip_flexor"
NEW = {
    "exercise_id": EXERCISE, "side": "l", "width_px": 640, "height_px": 480,
    "ramp": True, "warm": True,
}  # fmt: skip
ALLOWS = {
    "pain_relief": "no", "flare": "no", "irritable": "no", "leg_sign": "no", "course": "chronic",
    "hypermobile": "0", "osteoporotic": "no", "pregnant": "no",
}  # fmt: skip


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(workers, "_WORK", "lengthwise.testing.ramped_room:work")
    with served(tmp_path, processes=1) as inside:
        assert inside.post("/api/screening", json=GOOD).status_code == 200
        day = {"pain": 1, "answers": ALLOWS}
        assert inside.post("/api/plan/day", json=day).status_code == 200
        yield inside


def opened(client: TestClient, **more: Any) -> dict[str, str]:
    found = client.post("/api/sessions", json=NEW | more)
    assert found.status_code == 201, found.text
    session: dict[str, str] = found.json()
    return session


def at(part: str) -> Callable[[Any], bool]:
    return lambda m: isinstance(m, Shown) and m.ramp is not None and m.ramp.part == part


def hello(socket: WebSocketTestSession, session: dict[str, str]) -> None:
    socket.send_bytes(to_bytes(Hello(1, session["key"])))


def kept(home: Path) -> Person:
    with ProfileStore.open(home, PROFILE) as store:
        return store.person()


def against(client: TestClient) -> dict[str, list[str]]:
    sides = client.get(f"/api/exercises/{EXERCISE}/ramp").json()["sides"]
    return {s["side"]: [r["bar"] for r in s["refusals"]] for s in sides}


def test_a_tab_that_is_closed_in_mid_ramp_keeps_nothing_and_it_counts(
    client: TestClient, tmp_path: Path
) -> None:
    session = opened(client)
    with stream(client, session) as page:
        hello(page, session)
        heard_until(page, at("pulling"))
        for _ in range(100):  # a thread of its own keeps it
            if kept(tmp_path).ramps:
                break
            heard_until(page, at("pulling"))
        (begun,) = kept(tmp_path).ramps
        assert begun.harmed is None, "whatever becomes of it now, it counts"
        assert against(client)["r"] == ["harm_today"]
    assert client.get("/api/sessions/unfinished").json() == []
    image = {"width_px": 640, "height_px": 480}
    gone_on = client.post(f"/api/sessions/{session['session_id']}/resume", json=image)
    assert gone_on.status_code == 403, "nobody comes back into half a ramp"
    again = client.post("/api/sessions", json=NEW | {"ramp": False})
    assert again.status_code == 201, "the one before has ended where it stood"
    person = kept(tmp_path)
    assert [r.harmed for r in person.ramps] == [False] and person.marks == ()
    assert against(client) == {"l": [], "r": []}
    told = client.get(f"/api/sessions/{session['session_id']}").json()["ramp"]
    assert told["ended"] == [], "it was broken off"
    assert not told["kept"] and told["begun"] == 1 and not told["harmed"]


def test_pain_that_is_told_afterwards_ends_the_day_for_ramps(
    client: TestClient, tmp_path: Path
) -> None:
    session = opened(client)
    with stream(client, session) as page:
        hello(page, session)
        heard_until(page, at("pulling"))
        page.send_bytes(to_bytes(Word(1, SignalKind.POSTPONE)))
        heard_until(page, at("over"))
        end(client, session)
    assert against(client) == {"l": [], "r": []}
    path = f"/api/sessions/{session['session_id']}"
    little, much = ({"moment": "after", "nrs": n} for n in (3, 4))
    assert client.post(f"{path}/pain", json=little).status_code == 204
    assert against(client) == {"l": [], "r": []}
    assert client.post(f"{path}/pain", json=much).status_code == 204
    assert [r.harmed for r in kept(tmp_path).ramps] == [True]
    assert against(client) == {"l": ["harm_today"], "r": ["harm_today"]}
    assert client.get(path).json()["ramp"]["harmed"]
