"""What several tests do on the page, and what is asked of every screen of it."""

from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Page

from lengthwise.reference.screening import screening

ROOT = Path(__file__).parents[2]
SHOTS = ROOT / "out" / "screenshots"
AXE = ROOT / "ui" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def shot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")


def answered(page: Page, link: str) -> None:
    """Consent and the safety questions, with nothing of concern."""
    page.goto(link)
    page.get_by_role("button", name="I understand").click()
    for question in screening().question:
        page.locator(f"input[name={question.id}][value={question.good.value}]").check()
    page.get_by_role("button", name="Go on").click()


def begun(page: Page, link: str) -> None:
    """Before the camera, for one exercise that is done standing and seen from the front."""
    answered(page, link)
    page.get_by_label("Height in centimetres").fill("178")
    page.get_by_role("button", name="Go on").click()
    page.locator(".queue button").last.click()
    page.locator("[data-id=standing_side_bend] button").click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(".session")


def to(page: Page, selector: str, *, within: int = 200) -> None:
    """The focus on what is asked for, by Tab alone."""
    for _ in range(within):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    to(page, selector)
    page.keyboard.press(key)


@cache
def _axe() -> str:
    if not AXE.is_file():
        pytest.skip("what a screen reader meets is not checked: axe-core comes with make setup")
    return AXE.read_text(encoding="utf-8")


def open_to_all(page: Page, name: str) -> None:
    """No serious finding of axe in light and in dark, nothing wider than a phone; with pictures."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(_axe() if not page.evaluate("'axe' in window") else "0")
        result = page.evaluate("rules => axe.run(document, {runOnly: rules})", _RULES)
        found += [
            f"{name}, {scheme}: {v['id']}: {v['nodes'][0]['html'][:160]}"
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        shot(page, f"{name}_{scheme}")
    page.emulate_media(color_scheme="light")
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    shot(page, f"{name}_phone")
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if over > 0:
        found.append(f"{name}: {over} pixels wider than a phone")
    assert wide is not None
    page.set_viewport_size(wide)
    assert not found
