"""The card of worn devices on the page: which there are, how they stand, how the sensors sit. What
the server says of them is written here; what it does with them is `tests/web/test_worn_devices.py`.
"""

import json
from typing import Any

import pytest
from page_steps import answered, open_to_all, shot
from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser


def listed(name: str, use: str, stand: str, **more: Any) -> dict[str, Any]:
    seen = {
        "stand": stand, "battery_ratio": None, "battery_low": False, "rate_hz": None, "why": "",
    } | more  # fmt: skip
    return {"name": name, "title": name, "use": use, "segment": "pelvis", "seen": seen}


def test_each_device_is_named_with_how_it_stands_and_a_lost_one_says_what_is_not_known(
    page: Page, link: str
) -> None:
    chosen: list[Any] = []
    now = {
        "devices": [
            listed("back sensor", "segment", "heard", rate_hz=60.2, battery_ratio=0.9),
            listed("chest strap", "heart", "lost", battery_low=True),
            {"name": "gauge", "title": "gauge", "use": "pull", "segment": None, "seen": None},
            {
                "name": "band", "title": "band", "use": "pull", "segment": None, "drives_n": 80.0,
                "seen": {
                    "stand": "heard", "battery_ratio": None, "battery_v": 3.87,
                    "battery_low": False, "rate_hz": 80.0,
                },
            },
        ],
        "led": False, "missing": ["heart"], "standing": None,
        "aligning": {
            "words": "", "done": True,
            "sensors": [{"segment": "pelvis", "words": "It sits well.", "well": True}],
        },
    }  # fmt: skip

    def devices(route: Route) -> None:
        if route.request.method == "POST":
            chosen.append(route.request.post_data_json)
        route.fulfill(status=200, content_type="application/json", body=json.dumps(now))

    page.route("**/api/devices**", devices)
    answered(page, link)
    card = page.locator(".devices")
    card.get_by_text("heard (60 a second), battery 90 %").wait_for()
    card.get_by_text("lost, and looked for, battery low").wait_for()
    card.get_by_text("band: may pull by itself, at most 80 newtons").wait_for()
    card.get_by_text("heard (80 a second), battery 3.9 V").wait_for()
    card.get_by_text("It sits well.").wait_for()
    shot(page, "devices_card", full_page=True)
    open_to_all(page, "devices")
    with page.expect_response(lambda heard: heard.request.method == "POST"):
        card.get_by_label("gauge").check()
    assert chosen[-1] == {"names": ["back sensor", "chest strap", "gauge", "band"]}
    now["aligning"] = {"words": "Bend forward slowly.", "done": False, "sensors": []}
    card.get_by_text("Bend forward slowly.").wait_for()

    asked: list[Route] = []

    def silent(route: Route) -> None:
        asked.append(route)

    page.route("**/api/devices**", silent)
    page.wait_for_timeout(2500)
    assert len(asked) == 1, "asked once, and not again and again behind it"
    page.unroute("**/api/devices**", silent)
    page.route("**/api/devices**", lambda route: route.fulfill(status=500))
    asked[0].fulfill(status=500)
    unheard = card.locator(".unheard")
    unheard.get_by_text("Nothing can be asked about your sensors just now.").wait_for()
    shot(page, "devices_unheard", full_page=True)
    with page.expect_request("**/api/devices"):
        unheard.get_by_role("button", name="Try again").click()
    page.route("**/api/devices**", devices)
    unheard.wait_for(state="detached")
