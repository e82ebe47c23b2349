"""Where to go, over the body; and a kept session looked at again, by keys alone."""

import re

import pytest
from page_steps import begun, open_to_all, press, shot, until
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

_INK = """(() => {
  const canvas = document.querySelector("lw-body canvas.ghost");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((v, i) => i % 4 === 3 && v > 100).length;
})()"""


def test_the_outline_the_tone_and_the_session_again(page: Page, link: str) -> None:
    begun(page, link)
    page.wait_for_selector(".session[data-phase=get_ready]")
    page.locator("lw-body .outlined", has_text="where to begin").wait_for()
    until(page, f"{_INK} > 500")
    tone = page.get_by_role("button", name=re.compile("^Tone"))
    expect(tone, "off until it is wanted").to_have_attribute("aria-pressed", "false")
    page.keyboard.press("h")
    expect(tone).to_have_attribute("aria-pressed", "true")
    open_to_all(page, "outline")
    page.keyboard.press("l")
    shot(page, "outline_floor")
    page.keyboard.press("l")
    page.keyboard.press("o")
    page.locator("lw-body .outlined").wait_for(state="detached")
    until(page, f"{_INK} === 0")
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped]")
    page.get_by_role("button", name="See how it went").click()
    page.get_by_role("link", name="The whole session as a page").wait_for()
    press(page, "lw-watch button")
    scrubber = page.locator(".playback input[type=range]")
    scrubber.wait_for()
    said = scrubber.get_attribute("aria-valuetext") or ""
    scrubber.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    expect(scrubber).not_to_have_attribute("aria-valuetext", said)
    never_was = re.compile("not known here")
    expect(scrubber, "it never was").to_have_attribute("aria-valuetext", never_was)
    expect(page.locator(".course .mean"), "and no line is drawn of it").to_have_count(0)
    until(page, "document.querySelector('.playback lw-body')?.drawn?.scene != null")
    page.keyboard.press(",")
    page.locator(".playback .line", has_text=re.compile(r"\w")).wait_for()
    page.locator(".playback").scroll_into_view_if_needed()
    open_to_all(page, "playback")
    page.emulate_media(reduced_motion="reduce")
    page.keyboard.press("k")
    page.get_by_role("button", name=re.compile("^Pause")).wait_for()
