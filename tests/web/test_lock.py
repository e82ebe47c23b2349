"""Locked, nothing is answered; unlocked, everything is; and only by who typed the passphrase."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from lengthwise.contracts.errors import StorageError
from lengthwise.vault import key_file, keyring
from lengthwise.web import house
from lengthwise.web.door import IDLE_S, Door
from served_inside import GOOD, PROFILE, STREAMS, TOKEN, served

WORDS = "four words of mine"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in {"_MEMORY_KIB": 64, "_PASSES": 1, "_LANES": 1}.items():
        monkeypatch.setattr(key_file, name, value)
    yield
    keyring._held.clear()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with served(tmp_path) as inside:
        yield inside


def lock(client: TestClient) -> str:
    """Set the passphrase and close; the recovery code."""
    code = client.post("/api/lock/set", json={"passphrase": WORDS})
    assert code.status_code == 200, code.text
    assert client.post("/api/lock/close").status_code == 204
    return str(code.json()["code"])


def routes(client: TestClient) -> list[tuple[str, str]]:
    paths = client.get("/api/openapi.json").json()["paths"]
    return [(method, path) for path, methods in paths.items() for method in methods]


def test_locked_nothing_is_answered_but_what_opens_it(client: TestClient) -> None:
    assert client.post("/api/screening", json=GOOD).status_code == 200
    known = routes(client)
    lock(client)
    closed = [r for r in known if not r[1].startswith(("/api/enter", "/api/lock"))]
    assert len(closed) >= 8
    for method, path in [*closed, ("get", "/api/openapi.json"), ("post", "/api/lockers")]:
        answer = client.request(method, path.replace("{session_id}", "x"), json={})
        assert answer.status_code == 423, path
        assert "passphrase" in answer.json()["detail"]
    with (
        pytest.raises(WebSocketDisconnect) as closed_by,
        client.websocket_connect(f"{STREAMS}/x/stream"),
    ):
        pass
    assert "passphrase" in closed_by.value.reason
    told = client.get("/api/lock").json()
    assert told["locked"] and told["passphrase"] and "encrypted" in told["who_reads"]
    assert client.get("/").status_code == 200, "the page itself is nobody's"


def test_the_right_words_open_it_and_wrong_ones_wait(client: TestClient, tmp_path: Path) -> None:
    client.post("/api/screening", json=GOOD)
    lock(client)
    for _ in range(3):
        wrong = client.post("/api/lock/open", json={"passphrase": "not these words"})
        assert wrong.status_code == 403 and "not these" not in wrong.text
    soon = client.post("/api/lock/open", json={"passphrase": WORDS})
    assert soon.status_code == 429 and int(soon.headers["retry-after"]) >= 1
    (tmp_path / "profiles" / PROFILE / "key.tries").unlink()
    assert client.post("/api/lock/open", json={"passphrase": WORDS}).status_code == 204
    assert client.get("/api/screening").json()["standing"]["refusal"] is None


def test_the_words_are_changed_recovered_and_taken_off(client: TestClient) -> None:
    code = lock(client)
    client.post("/api/lock/open", json={"passphrase": WORDS})
    other = {"passphrase": WORDS, "new_passphrase": "words of another kind"}
    assert client.post("/api/lock/change", json=other).status_code == 204
    client.post("/api/lock/close")
    again = {"code": code, "new_passphrase": "words of a third kind"}
    assert client.post("/api/lock/recover", json=again).status_code == 200
    assert client.get("/api/sessions").json() == []
    assert client.post("/api/lock/recover", json=again).status_code == 403
    third = {"passphrase": "words of a third kind"}
    assert client.post("/api/lock/code", json=third).status_code == 200
    assert client.post("/api/lock/remove", json=third).status_code == 204
    assert not client.get("/api/lock").json()["passphrase"]
    assert client.post("/api/lock/remove", json=third).status_code == 422


@pytest.mark.parametrize("words", ["", "short", "x" * 300, "\ud800"])
def test_words_that_cannot_be_used_are_one_line(client: TestClient, words: str) -> None:
    import json

    sent = json.dumps({"passphrase": words})
    headers = {"content-type": "application/json"}
    answer = client.post("/api/lock/set", content=sent, headers=headers)
    assert answer.status_code == 422 and isinstance(answer.json()["detail"], str)
    assert not words or words.encode("utf-8", "replace").decode() not in answer.text


def test_without_the_link_the_lock_tells_nothing(client: TestClient, tmp_path: Path) -> None:
    client.cookies.clear()
    for path in ("/api/lock", "/api/openapi.json"):
        assert client.get(path).status_code == 401
    assert client.get("/openapi.json").status_code == 404
    posts = {"open": {"passphrase": WORDS}, "delete": {"profile": PROFILE}}
    for name, form in posts.items():
        assert client.post(f"/api/lock/{name}", json=form).status_code == 401
    assert (tmp_path / "profiles" / PROFILE).exists()


def test_a_locked_profile_is_served_and_waits_for_its_words(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        client.post("/api/screening", json=GOOD)
        lock(client)
    with served(tmp_path) as again:
        assert again.get("/api/screening").status_code == 423
        assert again.post("/api/lock/open", json={"passphrase": WORDS}).status_code == 204
        assert again.get("/api/screening").json()["standing"]["refusal"] is None


def test_nobody_is_led_before_it_is_known_how_the_last_session_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop that was cut off is found at the opening; where that fails, it stays shut."""
    with served(tmp_path) as client:
        client.post("/api/screening", json=GOOD)
        lock(client)

        def fails(*_: object) -> int:
            raise StorageError("store", cause="no room", remedy="make some")

        monkeypatch.setattr(house, "recover_cut_off", fails)
        assert client.post("/api/lock/open", json={"passphrase": WORDS}).status_code == 503
        assert client.get("/api/screening").status_code == 423
        monkeypatch.undo()
        assert client.post("/api/lock/open", json={"passphrase": WORDS}).status_code == 204
        assert client.get("/api/screening").status_code == 200


def test_deleting_takes_the_key_and_the_files_and_only_by_name(
    client: TestClient, tmp_path: Path
) -> None:
    client.post("/api/screening", json=GOOD)
    lock(client)
    folder = tmp_path / "profiles" / PROFILE
    assert client.post("/api/lock/delete", json={"profile": "bert"}).status_code == 422
    assert folder.exists()
    deleted = client.post("/api/lock/delete", json={"profile": PROFILE})
    assert deleted.status_code == 200 and deleted.json()["key_destroyed"]
    assert not folder.exists()
    assert client.get("/api/screening").json()["standing"]["refusal"] == "never_answered"


def test_deleting_does_not_clear_an_answer_that_asks_somebody_to_look(client: TestClient) -> None:
    grave = {**GOOD, "answers": {**GOOD["answers"], "saddle": "yes"}}  # type: ignore[dict-item]
    client.post("/api/screening", json=grave)
    lock(client)
    client.post("/api/lock/open", json={"passphrase": WORDS})
    assert client.post("/api/lock/delete", json={"profile": PROFILE}).json()["answers_stay"]
    assert client.post("/api/screening", json=GOOD).status_code == 403


def test_the_cookie_lives_by_use_and_locks_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 0.0
    real = Door.__init__
    virtual = lambda self, **_: real(self, clock_s=lambda: now_s)  # noqa: E731
    monkeypatch.setattr(Door, "__init__", virtual)
    with served(tmp_path) as client:
        client.post("/api/lock/set", json={"passphrase": WORDS})
        for _ in range(5):
            now_s += 0.9 * IDLE_S
            answer = client.get("/api/sessions")
            assert answer.status_code == 200, "renewed by use"
            assert f"Max-Age={IDLE_S:.0f}" in answer.headers["set-cookie"]
        now_s += 1.1 * IDLE_S
        assert client.get("/api/sessions").status_code == 423
        assert client.get("/api/lock").status_code == 401
        assert client.post("/api/enter", json={"token": TOKEN}).status_code == 204
        assert client.get("/api/sessions").status_code == 423
        assert client.post("/api/lock/open", json={"passphrase": WORDS}).status_code == 204
        assert client.get("/api/sessions").status_code == 200
        now_s += 1.1 * IDLE_S
        assert client.get("/api/lock").status_code == 401
        assert client.post("/api/enter", json={"token": TOKEN}).status_code == 204
        assert client.get("/api/sessions").status_code == 423, "it locked before anybody came"
