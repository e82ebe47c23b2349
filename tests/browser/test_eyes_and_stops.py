"""A camera that is given late, refused or taken away, and a stop that nothing can hear."""

import re

import pytest
from page_steps import begun, open_to_all, shot, until
from playwright.sync_api import Page, WebSocketRoute, expect

pytestmark = pytest.mark.browser

_ASKED = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) => new Promise((done, cannot) => {
    window.answered = (name) =>
      name ? cannot(new DOMException("", name)) : ask(wanted).then(done, cannot);
  });
}"""
"""Leave is given when the test says so; a browser without a screen asks nobody."""

_TAKEN = """() => {
  for (const track of document.querySelector("video").srcObject.getTracks()) {
    track.stop();
    track.dispatchEvent(new Event("ended"));
  }
}"""


def phase(page: Page, *names: str) -> None:
    page.wait_for_selector(", ".join(f".session[data-phase={name}]" for name in names))


def test_leave_for_the_camera_late_refused_and_taken_back(page: Page, link: str) -> None:
    page.add_init_script(f"({_ASKED})()")
    begun(page, link)
    page.get_by_text("Your browser asks whether this page may use the camera").wait_for()
    assert page.locator(".light[data-on=true]").count() == 0
    shot(page, "camera_asked")

    page.evaluate("answered('NotAllowedError')")
    page.get_by_text("The camera is not allowed for this page").wait_for()
    page.get_by_role("button", name="Back to today").wait_for()
    open_to_all(page, "camera_refused")
    page.get_by_role("button", name="Use the camera again").click()
    page.get_by_text("Your browser asks whether this page may use the camera").wait_for()
    page.evaluate("answered()")
    page.wait_for_selector(".light[data-on=true]")
    phase(page, "get_ready", "ease_in")
    assert page.locator("lw-how").count() == 0, "who has just begun is not asked"

    page.evaluate(_TAKEN)
    page.get_by_text("The camera was taken away").wait_for()
    page.wait_for_selector(".light[data-on=false]")
    phase(page, "paused")
    expect(page.locator("button.stop")).to_be_visible()
    open_to_all(page, "camera_taken")
    page.get_by_role("button", name="Use the camera again").click()
    until(page, "window.answered")
    page.evaluate("answered()")
    page.wait_for_selector(".light[data-on=true]")
    page.locator("lw-how").wait_for()
    phase(page, "paused")


_POOR = """() => {
  localStorage.setItem("queue", "{");
  sessionStorage.setItem("row", "7");
  delete window.AudioContext;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const refused = ["NotFoundError", "NotReadableError"];
  navigator.mediaDevices.getUserMedia = (wanted) => {
    const name = refused.shift();
    return name ? Promise.reject(new DOMException("", name)) : ask(wanted);
  };
}"""
"""A browser without sound, with what it kept damaged, and a camera that is not there, then busy."""


def test_each_thing_that_a_browser_lacks_has_its_own_words(page: Page, link: str) -> None:
    broken: list[str] = []
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    page.add_init_script(f"({_POOR})()")
    begun(page, link)
    again = page.get_by_role("button", name="Use the camera again")
    page.get_by_text("No camera was found. Plug one in").wait_for()
    again.click()
    page.get_by_text("Another program uses the camera. Close it there").wait_for()
    page.evaluate(
        """() => {
          window.taken = HTMLVideoElement.prototype.requestVideoFrameCallback;
          delete HTMLVideoElement.prototype.requestVideoFrameCallback;
        }"""
    )
    again.click()
    page.get_by_text("This browser is too old").wait_for()
    assert page.locator(".light[data-on=true]").count() == 0
    page.evaluate("() => { HTMLVideoElement.prototype.requestVideoFrameCallback = window.taken; }")
    again.click()
    phase(page, "get_ready", "ease_in")
    assert not broken


class Line:
    """The line of the session, cut and mended by the test."""

    def __init__(self, page: Page) -> None:
        self.cut = self.deaf = False
        self._open: list[WebSocketRoute] = []
        page.route_web_socket(re.compile("/stream$"), self._through)

    def _through(self, here: WebSocketRoute) -> None:
        if self.cut:
            here.close()
            return
        there = here.connect_to_server()
        self._open.append(here)
        here.on_message(lambda message: None if self.deaf else there.send(message))

    def lose(self) -> None:
        self.cut = True
        for here in self._open:
            here.close()


NOT_KEPT = "Your stop is not kept yet"
NONE_UNKEPT = "localStorage.getItem('unkept_stops') === null"


def test_a_stop_while_the_line_is_lost_is_kept_when_it_is_back(page: Page, link: str) -> None:
    line = Line(page)
    begun(page, link)
    phase(page, "get_ready")
    line.lose()
    page.locator(".cue", has_text="come back slowly, and rest").wait_for()
    expect(page.locator("button.stop")).to_be_visible()
    page.keyboard.press("Space")
    page.get_by_text(NOT_KEPT).wait_for()
    assert page.locator(".session[data-phase=stopped]").count() == 0, "nothing kept, nothing shown"
    open_to_all(page, "stop_not_kept")
    line.cut = False
    phase(page, "stopped")
    expect(page.get_by_text(NOT_KEPT)).to_have_count(0)
    until(page, NONE_UNKEPT)
    page.get_by_role("button", name="See how it went").wait_for()


def test_a_stop_that_a_line_swallows_and_a_closed_page_are_not_led_past(
    page: Page, link: str
) -> None:
    line = Line(page)
    begun(page, link)
    phase(page, "get_ready")
    line.deaf = True  # it is open, and nothing comes through
    page.keyboard.press("Space")
    page.get_by_text(NOT_KEPT).wait_for()
    line.cut = True
    page.reload()
    page.get_by_role("heading", name="Today", exact=True).wait_for()
    assert page.get_by_role("heading", name="You were in the middle of").count() == 0
    until(page, NONE_UNKEPT)
    page.get_by_role("button", name="History").click()
    page.locator("lw-history li small").first.wait_for()
    assert page.get_by_text("ended early").count() == 0, "it was stopped, and is kept as that"
