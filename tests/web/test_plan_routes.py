"""The plan over HTTP: told, shown, and closed where it has to be."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening
from served_inside import GOOD, NEW, PROFILE, served

INTAKE = {
    "usual_nrs": 2,
    "activity": "carry my child upstairs",
    "at_hand": ["chair"],
    "tight": [{"place": "thigh_back", "side": "l"}],
    "answers": {"course": "chronic", "hypermobile": "0", "irritable": "no"},
}
NONE_OF_THESE = {"flare": "no", "irritable": "no", "leg_sign": "no"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with served(tmp_path) as inside:
        assert inside.post("/api/screening", json=GOOD).status_code == 200
        yield inside


def test_a_plan_is_told_shown_and_changed(client: TestClient) -> None:
    assert client.get("/api/plan").json()["intake"] is None
    assert client.get("/api/plan/history").json() == []
    told = client.post("/api/plan/intake", json=INTAKE).json()
    assert told["intake"]["activity"] == INTAKE["activity"]
    waits = told["today"]["questions"]
    assert waits == ["flare", "leg_sign"]
    day = client.post("/api/plan/day", json={"pain": 2, "answers": NONE_OF_THESE}).json()
    assert day["today"]["questions"] == [] and day["today"]["pain"] == 2
    assert [i for i in day["today"]["items"] if not i["not_now"]]
    assert any(m["week_s"] > 0 for m in day["week"]["muscles"])
    liked = day["week"]["days"][0]["names"]
    assert liked
    wish = {"exercise_id": "seated_hamstring", "wish": "like"}
    assert "seated_hamstring" in client.post("/api/plan/wish", json=wish).json()["intake"]["liked"]
    again = client.post("/api/plan/intake", json=INTAKE).json()["intake"]
    assert again["liked"] == ["seated_hamstring"], "what was wished stays"
    kinds = [k["kind"] for k in client.get("/api/plan/history").json()]
    assert kinds[-2:] == ["begun", "intake"] and "week" in kinds


def test_a_day_with_one_exercise_is_no_day_off(client: TestClient) -> None:
    """With hardly anything told a day may hold a walk alone; the page called that a day off."""
    client.post("/api/plan/intake", json={"usual_nrs": 3, "tight": INTAKE["tight"]})
    day = client.post("/api/plan/day", json={"pain": 3, "answers": NONE_OF_THESE}).json()
    walks = [d for d in day["week"]["days"] if d["names"] == ["Walk at your own pace"]]
    assert walks and not any(d["day_off"] for d in walks)
    assert all(d["day_off"] for d in day["week"]["days"] if not d["names"])


def test_a_flare_closes_the_session_by_the_server(client: TestClient) -> None:
    client.post("/api/plan/intake", json=INTAKE)
    client.post("/api/plan/day", json={"pain": 2, "answers": NONE_OF_THESE})
    assert client.post("/api/plan/flare").status_code == 200
    assert client.get("/api/screening").json()["standing"]["refusal"] == "stopped_since"
    refused = client.post("/api/sessions", json=NEW)
    assert refused.status_code == 403, refused.text
    grave = {q.id: q.good.value for q in screening().question} | {"saddle": "yes"}
    client.post("/api/screening", json={"version": screening().version, "answers": grave})
    assert client.post("/api/screening", json=GOOD).status_code == 403
    shown = client.post("/api/plan/day", json={"answers": NONE_OF_THESE}).json()
    assert all(i["not_now"] for i in shown["today"]["items"])


def test_a_held_plan_holds_the_list_and_the_session(client: TestClient, tmp_path: Path) -> None:
    client.post("/api/plan/intake", json=INTAKE)
    with ProfileStore.open(tmp_path, PROFILE) as store:
        store.add_safety_stop("session-1", at_s=time.time())
        store.add_safety_stop("session-1", at_s=time.time())  # told twice it is one
    client.post("/api/screening", json=GOOD)
    opened = client.post("/api/plan/day", json={}).json()["today"]
    assert not opened["held"] and opened["apart"] is None, "looking tells nothing"
    told = client.post("/api/plan/day", json={"apart": ["strained", "strained"]}).json()["today"]
    assert told["apart"] == ["strained"]
    assert client.post("/api/plan/day", json={"pain": 2}).json()["today"]["apart"] == ["strained"]
    with ProfileStore.open(tmp_path, PROFILE) as store:
        store.add_safety_stop("session-2", at_s=time.time())
    client.post("/api/screening", json=GOOD)
    shown = client.post("/api/plan/day", json={"pain": 2, "answers": NONE_OF_THESE}).json()
    assert shown["today"]["held"]
    refusals = {e["id"]: e["refusal"] for e in client.get("/api/exercises").json()}
    assert set(refusals.values()) == {"outcome"}, "two stops: somebody has to look first"
    assert client.post("/api/sessions", json=NEW).status_code == 403


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("intake", {"usual_nrs": 11}, 422),
        ("intake", {"minutes_a_day": 30}, 422),
        ("intake", {"answers": {"course": "blue"}}, 404),
        ("day", {"change": "great"}, 422),
        ("day", {"apart": ["a bad day"]}, 422),
        ("wish", {"exercise_id": "somersault", "wish": "like"}, 404),
        ("looked", {"who": "my physiotherapist"}, 403),
    ],
)
def test_what_cannot_be_is_one_line(
    client: TestClient, path: str, form: dict[str, object], status: int
) -> None:
    answer = client.post(f"/api/plan/{path}", json=form)
    assert answer.status_code == status, answer.text
    assert "\n" not in answer.json()["detail"]
