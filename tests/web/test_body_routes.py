"""What the page is told to draw the body with."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from lengthwise.contracts.coordinates import COORDINATES
from lengthwise.contracts.home import data_home
from lengthwise.contracts.muscles import GROUP_SIDES
from lengthwise.web.body_routes import body_routes


@pytest.fixture(scope="module")
def page() -> TestClient:
    app = FastAPI()
    app.include_router(body_routes(data_home()))
    return TestClient(app)


def test_each_part_is_known_by_angles_that_there_are(page: TestClient) -> None:
    told = page.get("/api/body/names").json()
    assert told["coordinates"] == [c.value for c in COORDINATES]
    assert len(told["places"]) == len(told["groups"]) == len(GROUP_SIDES)
    for part, rule in told["parts"].items():
        for seen_from in ("side", "front"):
            assert rule[seen_from] and all(rule[seen_from]), part
            assert {c for way in rule[seen_from] for c in way} <= set(told["coordinates"])
        assert rule["clear"] or "foot" in part
        assert (rule["by"] == "phone") == ("phone" in rule["clear"]), part


def test_only_a_stretch_is_held_in_a_window(page: TestClient) -> None:
    held = page.get("/api/body/targets/half_kneeling_hip_flexor").json()
    assert held["stretch"] and held["l"] and held["l"] != held["r"]
    assert not page.get("/api/body/targets/bird_dog").json()["stretch"]
    assert page.get("/api/body/targets/no_such_thing").status_code == 404


def test_the_shape_is_the_same_packed_or_not_and_sent_once(page: TestClient) -> None:
    packed = page.get("/api/body/shape", headers={"accept-encoding": "gzip"})
    plain = page.get("/api/body/shape", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    again = page.get("/api/body/shape", headers={"if-none-match": packed.headers["etag"]})
    assert again.status_code == 304 and not again.content


def test_a_shape_that_cannot_be_kept_is_still_drawn(tmp_path: Path) -> None:
    app = FastAPI()
    (tmp_path / "anatomy").write_text("no folder")
    app.include_router(body_routes(tmp_path))
    assert TestClient(app).get("/api/body/shape").status_code == 200
