"""Whoever comes back to a session is asked how they are, and it goes on at rest by their own word.

A hidden tab is played by what the page is told of it: a browser without a screen hides none.
"""

import re

import pytest
from page_steps import begun, shot
from playwright.sync_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser

_LOOKED_AT = """(looked) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => !looked });
  Object.defineProperty(document, "visibilityState",
    { configurable: true, get: () => (looked ? "visible" : "hidden") });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def phase(page: Page, *names: str) -> None:
    page.wait_for_selector(", ".join(f".session[data-phase={name}]" for name in names))


def test_a_lost_line_a_hidden_tab_and_a_page_loaded_anew(
    page: Page,
    link: str,
) -> None:
    lines: list[tuple[WebSocketRoute, WebSocketRoute]] = []
    page.route_web_socket(
        re.compile("/stream$"), lambda line: lines.append((line, line.connect_to_server()))
    )
    begun(page, link)
    phase(page, "get_ready")
    how = page.locator("lw-how")
    assert how.count() == 0, "who has just begun is not asked"

    here, there = lines[0]
    there.close()
    here.close()
    how.wait_for()
    phase(page, "paused")
    assert len(lines) == 2
    shot(page, "how-are-you")
    page.keyboard.press("r")
    phase(page, "get_ready", "ease_in")
    expect(how).to_have_count(0)

    page.evaluate(_LOOKED_AT, False)
    page.wait_for_selector(".light[data-on=false]")
    phase(page, "paused")
    page.evaluate(_LOOKED_AT, True)
    page.wait_for_selector(".light[data-on=true]")
    how.wait_for()
    phase(page, "paused")

    page.reload()
    page.get_by_role("heading", name="You were in the middle of").wait_for()
    shot(page, "resume")
    page.get_by_role("button", name="Go on").click()
    how.wait_for()
    phase(page, "paused")
    page.get_by_role("button", name="Well: go on").click()
    phase(page, "get_ready", "ease_in")

    page.evaluate(_LOOKED_AT, False)
    page.evaluate(_LOOKED_AT, True)
    how.wait_for()
    page.keyboard.press("Space")
    phase(page, "stopped")
    page.get_by_role("button", name="See how it went").click()
    page.get_by_role("button", name="Back to today").click()
    page.get_by_role("heading", name="A few questions first").wait_for()
