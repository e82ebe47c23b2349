"""On a small phone, or a laptop at twice the size: Stop, cue and focus in sight, none too wide."""

import pytest
from page_steps import begun, shot
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_SMALL = ((320, 640), (375, 667), (640, 400), (800, 500))
"""320 pixels is what WCAG 2.2 (1.4.10) asks for, 640 by 400 a laptop enlarged to twice the size."""
_WRONG = """() => {
  const stop = document.querySelector("nav button.stop").getBoundingClientRect();
  const seen = stop.top >= 0 && stop.bottom <= innerHeight && stop.right <= innerWidth;
  const cue = document.querySelector(".cue").getBoundingClientRect();
  const covered = cue.bottom > stop.top;
  const over = document.documentElement.scrollWidth - innerWidth;
  return [...(seen ? [] : ["Stop is out of sight"]),
    ...(covered ? ["Stop covers the cue"] : []), ...(over > 0 ? [`${over} px too wide`] : [])];
}"""

_UNDER = """() => {
  const box = (e) => e.getBoundingClientRect();
  const has = document.activeElement;
  const meet = (a, b) => a.top < b.bottom && b.top < a.bottom;
  const over = document.querySelector("nav button.stop");
  return over !== has && meet(box(over), box(has));
}"""


def wrong(page: Page, name: str) -> list[str]:
    found = []
    for width, height in _SMALL:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("() => new Promise(requestAnimationFrame)")
        shot(page, f"{name}_{width}")
        found += [f"{name} {width}: {what}" for what in page.evaluate(_WRONG)]
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


def test_stop_is_in_sight_however_small_the_screen(page: Page, link: str) -> None:
    begun(page, link)
    page.wait_for_selector(".parts [data-state=seen]")
    found = wrong(page, "placing")
    page.wait_for_selector(".session[data-phase=get_ready], .session[data-phase=ease_in]")
    found += wrong(page, "session")
    page.set_viewport_size({"width": 375, "height": 667})
    page.keyboard.press("w")
    page.locator(".clearing:focus").wait_for()
    reached = page.locator(":is(.clearing button, .clearing summary):visible")
    assert reached.count() > 1
    for _ in range(reached.count()):
        page.keyboard.press("Tab")
        assert not page.evaluate(_UNDER), "what has the focus in the panel lies below a button"
    page.keyboard.press("Escape")
    page.locator("lw-how").wait_for()
    page.keyboard.press("r")
    page.wait_for_selector(".session[data-phase=get_ready], .session[data-phase=ease_in]")
    page.keyboard.press("l")
    page.wait_for_selector("body.floor")
    found += wrong(page, "floor")
    assert not found
