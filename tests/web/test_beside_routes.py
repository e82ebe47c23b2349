"""Beside the plan over HTTP: one's own movement, the sheet to hand on, what is learnt."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from test_assess_routes import RAISED
from test_plan_routes import INTAKE

from lengthwise.contracts.session import SessionTotals
from lengthwise.record.store import ProfileStore
from served_inside import GOOD, PROFILE, served

SESSION = "20260131T080000Z-000001"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with served(tmp_path) as inside:
        assert inside.post("/api/screening", json=GOOD).status_code == 200
        inside.post("/api/plan/intake", json=INTAKE | {"movement": "getting out of <the> car"})
        with ProfileStore.open(tmp_path, PROFILE) as store:
            totals = SessionTotals(
                session_id=SESSION,
                started_utc="2026-01-31T08:00:00Z",
                duration_s=200.0,
                frames=4000,
                exercise_id="seated_hamstring",
                effective_s=80.0,
                uncertain_s=3.0,
                rejections={},
                claimed_ratio={},
                simulated=False,
                complete=True,
            )
            store.add_session(totals, store.session_folder(SESSION).sealed)
        yield inside


def test_the_own_movement_is_told_twice_and_shown(client: TestClient) -> None:
    path = f"/api/sessions/{SESSION}/movement"
    assert client.post(path, json={"before": 6}).status_code == 204
    assert client.post(path, json={"after": 4}).status_code == 204
    (past,) = client.get("/api/sessions").json()
    assert (past["movement_before"], past["movement_after"]) == (6.0, 4.0)
    assert client.post(path, json={"before": 11}).status_code == 422
    nobodys = path.replace("000001", "000009")
    assert client.post(nobodys, json={"before": 1}).status_code == 404


def test_the_sheet_holds_what_was_measured_and_can_do_nothing(client: TestClient) -> None:
    client.post("/api/tests/typed", json=RAISED)
    client.post(f"/api/sessions/{SESSION}/movement", json={"before": 6, "after": 4})
    sheet = client.get("/api/handover", params={"name": "A. <b>Person</b>"})
    assert sheet.status_code == 200
    assert "Straight-leg raise, left: 48° (sd 4.0°); typed by hand" in sheet.text
    assert "<b>Person" not in sheet.text and "<the>" not in sheet.text
    policy = sheet.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "allow-scripts" not in policy
    saved = client.get("/api/handover", params={"save": True})
    assert saved.headers["content-disposition"].startswith("attachment")


def test_a_ladder_is_chosen_tried_and_a_symptom_stops(client: TestClient) -> None:
    none = client.get("/api/ladder").json()
    assert none["rungs"] == [] and "bending" in [each["id"] for each in none["ladders"]]
    assert client.post("/api/ladder", json={"ladder": "somersault"}).status_code == 404
    chosen = client.post("/api/ladder", json={"ladder": "bending"}).json()
    assert len(chosen["rungs"]) == 5 and chosen["reason"] and chosen["would_change"]
    said = " ".join(chosen["lines"])
    assert "osteoporosis" not in said, "the safety questions asked it, and it was answered with no"
    assert client.post("/api/ladder", json={"ladder": "lifting"}).status_code == 404
    rocked = {"rung": "rock", "expected": 5, "actual": 2, "confidence": 6}
    (tried,) = client.post("/api/ladder/tried", json=rocked).json()["tried"]
    assert (tried["expected"], tried["actual"]) == (5.0, 2.0)
    assert client.post("/api/ladder/tried", json={"rung": "moon"}).status_code == 404
    client.post("/api/ladder/tried", json=rocked | {"stopped": True})
    assert client.get("/api/screening").json()["standing"]["refusal"] == "stopped_since"


def test_who_learns_alone_says_so_and_writes_a_plan_for_worse_days(client: TestClient) -> None:
    told = client.get("/api/teaching").json()
    assert (told["track"], told["flare_plan"]["calms"]) == ("clinician", "")
    alone = client.post("/api/teaching", json={"track": "self_taught"}).json()
    assert alone["track"] == "self_taught" and "visits" not in alone["next"]
    plan = {"calms": "warmth", "less": "sitting long", "ask": "after three days"}
    assert client.post("/api/teaching", json=plan).json()["flare_plan"] == plan
    kept = client.get("/api/teaching").json()
    assert (kept["track"], kept["flare_plan"]) == ("self_taught", plan)
    assert client.post("/api/teaching", json={"track": "somebody"}).status_code == 422


def test_breaks_lie_within_the_day_and_are_kept(client: TestClient) -> None:
    assert client.get("/api/workday").json()["told"] is None
    day = {"from_min": 540, "until_min": 1050, "desk": "sitting", "lunch_at_min": 735}
    told = client.post("/api/workday", json=day).json()
    assert told["lines"] and told["reason"] and told["told"]["pauses"][0]["at_min"] == 735
    assert client.get("/api/workday").json() == told
    backwards = day | {"until_min": 500}
    refused = client.post("/api/workday", json=backwards)
    assert refused.status_code == 404
    assert refused.json()["values"] == {"begins": "09:00", "ends": "08:20"}


def test_what_is_learnt_names_each_exercise_that_was_done(client: TestClient) -> None:
    told = client.get("/api/teaching").json()
    (row,) = told["unlocked"]
    assert row["opening"] in ("closed", "led") and row["reason"] and row["would_change"]
    assert told["next"]
