"""A ramp to tolerance over HTTP: offered or refused by what is known, begun, and kept."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import RampLed
from lengthwise.contracts.session import SessionStarted
from lengthwise.record.log_reading import read_log
from lengthwise.record.store import ProfileStore
from lengthwise.reference.answers import asked
from served_inside import ANSWERS, GOOD, PROFILE, served

LUNGE = "half_kneeling_hip_flexor"
NEW = {"exercise_id": LUNGE, "width_px": 640, "height_px": 480, "ramp": True}
ALLOWS = {
    "pain_relief": "no", "flare": "no", "irritable": "no", "leg_sign": "no", "course": "chronic",
    "hypermobile": "0", "osteoporotic": "no", "pregnant": "no",
}  # fmt: skip


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with served(tmp_path) as inside:
        assert inside.post("/api/screening", json=GOOD).status_code == 200
        yield inside


def told(client: TestClient, pain: float = 1.0, **answers: str) -> None:
    day = {"pain": pain, "answers": ALLOWS | answers}
    assert client.post("/api/plan/day", json=day).status_code == 200


def offered(client: TestClient, exercise_id: str = LUNGE) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/api/exercises/{exercise_id}/ramp").json()
    return found


def against(client: TestClient, exercise_id: str = LUNGE) -> dict[str | None, list[str]]:
    sides = offered(client, exercise_id)["sides"]
    return {s["side"]: [r["bar"] for r in s["refusals"]] for s in sides}


def started(home: Path, opened: dict[str, str]) -> SessionStarted:
    log = home / "profiles" / PROFILE / "sessions" / opened["session_id"] / "session.log"
    first = next(iter(read_log(log)))
    assert isinstance(first, SessionStarted)
    return first


def test_what_is_not_answered_is_asked_and_refuses_until_it_is(client: TestClient) -> None:
    questions = offered(client)["questions"]
    assert [q["name"] for q in questions] == list(asked())
    assert all(q["open"] and q["value"] is None for q in questions)
    assert against(client) == {"l": [], "r": []}, "what is only not answered is asked"
    refused = client.post("/api/sessions", json=NEW | {"side": "l"})
    assert refused.status_code == 403
    assert "how much pain there is now was not answered today" in refused.json()["detail"]
    told(client)
    questions = offered(client)["questions"]
    assert not any(q["open"] for q in questions)
    assert {q["name"]: q["value"] for q in questions} == ALLOWS | {"pain_now": "1"}


def test_where_nothing_is_against_it_a_session_begins_with_it(
    client: TestClient, tmp_path: Path
) -> None:
    told(client)
    begun = client.post("/api/sessions", json=NEW | {"side": "l", "warm": True})
    assert begun.status_code == 201, begun.text
    config = started(tmp_path, begun.json()).config
    assert config.ramp is not None and config.ramp.ramped_today == ()
    assert config.side is Side.LEFT and config.care.warm is True
    held = client.post("/api/sessions", json=NEW | {"side": "l", "warm": True, "ramp": False})
    config = started(tmp_path, held.json()).config
    assert config.ramp is None and config.care.warm is None


@pytest.mark.parametrize(
    ("answers", "pain", "bar"),
    [
        ({"pain_relief": "yes"}, 1.0, "pain_relief"),
        ({"irritable": "yes"}, 1.0, "irritable"),
        ({"hypermobile": "6"}, 1.0, "hypermobile"),
        ({}, 8.0, "much_pain"),
    ],
)
def test_each_reason_is_told_with_what_would_change_it_and_the_server_holds_to_it(
    client: TestClient, answers: dict[str, str], pain: float, bar: str
) -> None:
    told(client, pain, **answers)
    for side in offered(client)["sides"]:
        assert [r["bar"] for r in side["refusals"]] == [bar]
        (why,) = side["refusals"]
        assert why["why"] and why["change"]
    refused = client.post("/api/sessions", json=NEW | {"side": "l", "pain_now": pain})
    assert refused.status_code == 403, refused.text
    # With some answers the exercise itself is left out, which is said first.
    said = refused.json()["detail"]
    assert why["why"] in said or "leaves this exercise out" in said
    told(client)
    assert against(client) == {"l": [], "r": []}, "every answer can be changed"


def test_what_the_safety_questions_raised_stands_above_an_answer(client: TestClient) -> None:
    raised = next(k for k in ANSWERS if k.startswith("osteo"))
    yes = GOOD | {"answers": ANSWERS | {raised: "yes"}}
    assert client.post("/api/screening", json=yes).status_code == 200
    told(client)
    assert against(client, "seated_hamstring")["l"] == ["osteoporotic"]


def test_one_muscle_a_day_twice_and_none_after_harm(client: TestClient, tmp_path: Path) -> None:
    told(client)

    def led(*ramps: tuple[MuscleGroup, Side, bool | None]) -> dict[str | None, list[str]]:
        with ProfileStore.open(tmp_path, PROFILE) as store:
            before = datetime.now(UTC) - timedelta(hours=1)
            kept = [
                RampLed(group, side, (before + timedelta(minutes=n)).isoformat(), "s", harmed)
                for n, (group, side, harmed) in enumerate(ramps)
            ]
            person = store.person()
            store.save_person(type(person)(person.profile_id, answers=person.answers))
            store.save_person(store.person().with_ramps(tuple(kept)))
        return against(client)

    psoas, other = MuscleGroup.PSOAS, MuscleGroup.HAMSTRINGS
    assert led((psoas, Side.LEFT, False)) == {"l": [], "r": []}
    twice = led((psoas, Side.LEFT, False), (psoas, Side.LEFT, False))
    assert twice == {"l": ["both_done"], "r": []}
    assert led((other, Side.LEFT, False))["l"] == ["another_group_today"]
    assert led((psoas, Side.RIGHT, True))["l"] == ["harm_today"]
    assert led((psoas, Side.RIGHT, None))["l"] == ["harm_today"], "not known is not fine"


def test_bad_input_is_one_clear_line(client: TestClient) -> None:
    told(client)
    no_side = client.post("/api/sessions", json=NEW)
    assert no_side.status_code == 404 and no_side.json()["code"] == "ramp_side"
    assert "choose one side" in no_side.json()["detail"]
    assert client.post("/api/sessions", json=NEW | {"ramp": "yes please"}).status_code == 422
    no_stretch = client.post("/api/sessions", json=NEW | {"exercise_id": "bird_dog", "side": "l"})
    assert no_stretch.status_code == 403 and "no stretch" in no_stretch.json()["detail"]
    unknown = client.get("/api/exercises/handstand/ramp")
    assert unknown.status_code == 404 and "one of the list" in unknown.json()["detail"]


def test_only_stretches_that_may_be_ramped_are_marked_so(client: TestClient) -> None:
    ramps = {e["id"] for e in client.get("/api/exercises").json() if e["ramps"]}
    assert {LUNGE, "supine_hamstring", "seated_straddle"} <= ramps
    assert ramps.isdisjoint({"childs_pose", "bird_dog", "seated_breathing", "standing_side_bend"})
