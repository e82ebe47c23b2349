"""Where to go, over the body; and a kept session looked at again, by keys alone."""

import re

import pytest
from page_steps import begun, open_to_all, press, shot, until
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

_INK = """() => {
  const canvas = document.querySelector("lw-body canvas.ghost");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((v, i) => i % 4 === 3 && v > 100).length;
}"""


def test_the_outline_the_tone_and_the_session_again(page: Page, link: str) -> None:
    begun(page, link)
    page.wait_for_selector(".session[data-phase=get_ready]")
    page.locator("lw-body .outlined", has_text="where to begin").wait_for()
    assert page.evaluate(_INK) > 500
    tone = page.get_by_role("button", name=re.compile("^Tone"))
    assert tone.get_attribute("aria-pressed") == "false", "off until it is wanted"
    page.keyboard.press("h")
    assert tone.get_attribute("aria-pressed") == "true"
    open_to_all(page, "outline")
    page.keyboard.press("l")
    shot(page, "outline_floor")
    page.keyboard.press("l")
    page.keyboard.press("o")
    page.locator("lw-body .outlined").wait_for(state="detached")
    assert page.evaluate(_INK) == 0
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped]")
    page.get_by_role("button", name="See how it went").click()
    page.get_by_role("link", name="The whole session as a page").wait_for()
    press(page, "lw-watch button")
    scrubber = page.locator(".playback input[type=range]")
    scrubber.wait_for()
    said = scrubber.get_attribute("aria-valuetext")
    scrubber.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    assert scrubber.get_attribute("aria-valuetext") != said
    assert "not known here" in (scrubber.get_attribute("aria-valuetext") or ""), "it never was"
    assert page.locator(".course .mean").count() == 0, "and no line is drawn of it"
    until(page, "document.querySelector('.playback lw-body')?.drawn?.scene != null")
    page.keyboard.press(",")
    page.locator(".playback .line", has_text=re.compile(r"\w")).wait_for()
    page.locator(".playback").scroll_into_view_if_needed()
    open_to_all(page, "playback")
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("k")
    page.get_by_role("button", name=re.compile("^Pause")).wait_for()
