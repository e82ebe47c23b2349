"""A second screen in another browser: it sees what the first one is told, and can do nothing."""

import re

import pytest
from page_steps import begun, shot
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_second_screen_shows_the_cue_and_the_stop(page: Page, link: str) -> None:
    begun(page, link)
    page.wait_for_selector(".session[data-phase=get_ready]")
    page.get_by_role("button", name="Show on a second screen").click()
    where = page.get_by_role("link", name="Open it").get_attribute("href")
    assert where is not None and page.context.browser is not None
    other = page.context.browser.new_context(viewport={"width": 1280, "height": 720})
    screen = other.new_page()
    broken: list[str] = []
    screen.on("pageerror", lambda problem: broken.append(str(problem)))
    screen.goto(link.partition("/#")[0] + where)
    screen.wait_for_selector(".viewer[data-phase=get_ready]", timeout=90_000)
    expect(screen.locator(".cue")).to_have_text(re.compile(r"\w"))
    expect(screen.locator("button")).to_have_count(0)
    shot(screen, "viewer")
    page.keyboard.press("Space")
    screen.wait_for_selector(".viewer[data-phase=stopped]", timeout=90_000)
    assert not broken
    other.close()
