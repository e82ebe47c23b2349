"""The tests over HTTP: listed with what they need, typed, corrected, taken back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from test_plan_routes import INTAKE, NONE_OF_THESE

from lengthwise.contracts.own_plan import ResultsKept, TakenBack
from lengthwise.record.store import ProfileStore
from served_inside import GOOD, PROFILE, served

RAISED = {"test": "straight_leg_raise", "side": "l", "value": 48, "symptom": False}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with served(tmp_path) as inside:
        assert inside.post("/api/screening", json=GOOD).status_code == 200
        yield inside


def measured(shown: dict[str, Any], result: str) -> dict[str, Any]:
    (found,) = [m for m in shown["measured"] if m["result"] == result]
    return found


def test_a_list_says_what_each_closes_and_invents_nothing(client: TestClient) -> None:
    client.post("/api/plan/intake", json=INTAKE)
    client.post("/api/plan/day", json={"pain": 2, "answers": NONE_OF_THESE})
    shown = client.get("/api/tests").json()
    tests = {t["id"]: t for t in shown["tests"]}
    assert len(tests) == 14
    raises = tests["test_straight_leg_raise"]
    assert raises["wanted"] and "feels tight there" in raises["why"]
    assert raises["reach"] == "more" and not all(s["has"] for s in raises["sensors"])
    assert tests["test_hip_internal_rotation"]["reach"] == "none"
    assert tests["test_standing"]["reach"] == "ready" and tests["test_standing"]["not_now"] == []
    assert tests["test_sorensen"]["reach"] == "phone"
    assert tests["test_sorensen"]["wear"] == "on the breastbone"
    assert not any(m["found"] or m["rows"] for m in shown["measured"])


def test_one_door_closes_tests_as_well(client: TestClient) -> None:
    client.post("/api/plan/flare")
    tests = client.get("/api/tests").json()["tests"]
    assert all(t["not_now"] for t in tests)
    new = {"exercise_id": "test_standing", "width_px": 640, "height_px": 480}
    assert client.post("/api/sessions", json=new).status_code == 403


def test_what_was_typed_is_corrected_and_nothing_is_lost(
    client: TestClient, tmp_path: Path
) -> None:
    client.post("/api/plan/intake", json=INTAKE)
    first = measured(client.post("/api/tests/typed", json=RAISED).json(), "straight_leg_raise")
    (row,) = first["rows"]
    assert (row["value"], row["counts"], row["typed"]) == (48.0, True, True)
    assert "It counts once another day says the same" in first["found"][0]["counts"]
    right = RAISED | {"value": 84, "replaces": row["place"]}
    second = measured(client.post("/api/tests/typed", json=right).json(), "straight_leg_raise")
    assert [(r["value"], r["counts"]) for r in second["rows"]] == [(84.0, True), (48.0, False)]
    assert second["found"][0]["verdict"] == "enough"
    place = second["rows"][0]["place"]
    third = client.post("/api/tests/taken-back", json={"place": place}).json()
    assert measured(third, "straight_leg_raise")["found"] == []
    assert client.post("/api/tests/taken-back", json={"place": place}).status_code == 404
    with ProfileStore.open(tmp_path, PROFILE) as store:
        kept = [k.event for k in store.plan_events()]
    assert sum(isinstance(e, ResultsKept) for e in kept) == 2
    assert sum(isinstance(e, TakenBack) for e in kept) == 2
    assert "taken back" in client.get("/api/plan/history").text


def test_an_age_brings_the_norm_and_a_hold_is_in_seconds(client: TestClient) -> None:
    typed = client.post("/api/tests/typed", json=RAISED | {"value": 66}).json()
    assert "Tell your age" in measured(typed, "straight_leg_raise")["found"][0]["norm"]
    told = client.post("/api/tests/who", json={"age_years": 45, "sex": "female"}).json()
    assert told["age_years"] == pytest.approx(45, abs=0.01)
    norm = measured(told, "straight_leg_raise")["found"][0]["norm"]
    assert norm == "Within what is usual for your age."
    held = {"test": "sorensen", "value": 90, "symptom": False}
    (found,) = measured(client.post("/api/tests/typed", json=held).json(), "sorensen")["found"]
    assert found["amount"].startswith("About 90 seconds") and found["verdict"] == "enough"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"test": "somersault", "value": 10}, 404),
        ({"test": "straight_leg_raise", "value": 10}, 404),
        (RAISED | {"value": 170}, 404),
        (RAISED | {"value": 181}, 404),
        ({"test": "somersault", "value": 900}, 404),
        ({"test": "sorensen", "value": 900, "symptom": False}, 404),
        (RAISED | {"value": 4000}, 422),
        (RAISED | {"replaces": 77}, 404),
    ],
)
def test_what_cannot_be_is_one_line_and_is_not_kept(
    client: TestClient, form: dict[str, object], status: int
) -> None:
    answer = client.post("/api/tests/typed", json=form)
    assert answer.status_code == status, answer.text
    assert "\n" not in answer.json()["detail"]
    assert not any(m["rows"] for m in client.get("/api/tests").json()["measured"])


def test_of_a_session_that_was_no_test_nothing_is_told(client: TestClient) -> None:
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-000001"
    assert client.post(f"/api/tests/{name}/taken").status_code == 404
