"""Pause, skip, redo, stop by keyboard on each page of a session; what ends with nobody there.

The lock of the screen is the browser's own event, as DevTools make it happen.

A clock that jumps is a machine that slept; one that runs is a wait that nobody has to sit through.
"""

import pytest
from page_steps import chosen, open_to_all, press, shot, stands, until
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser

_LATER = "(s) => { const now = Date.now(); Date.now = () => now + 1000 * s; }"
_FASTER = """(times) => {
  const [wall, page] = [Date.now(), performance.now()];
  Date.now = () => wall + times * (performance.now() - page);
}"""


_AWAKE = """() => {
  window.awake = 0;
  navigator.wakeLock.request = () => {
    window.awake += 1;
    return Promise.resolve({ release: () => Promise.resolve((window.awake -= 1)) });
  };
}"""


def row(page: Page, link: str, *ids: str, seen: bool = True) -> None:
    """Before a simulated camera, from today into the first of these."""
    stands(page)
    chosen(page, link, *ids)
    page.get_by_role("button", name="Start").click()
    if seen:
        page.wait_for_selector(".parts [data-state=seen]")


def led(page: Page) -> None:
    page.wait_for_selector(".session[data-phase=get_ready], .session[data-phase=ease_in]")


def test_every_page_of_a_session_hears_the_same_keys(page: Page, link: str) -> None:
    page.add_init_script(f"({_AWAKE})()")
    row(page, link, "standing_side_bend", "wall_side_lean", "chair_side_bend")
    until(page, "window.awake === 1")
    page.keyboard.press("p")  # the camera check waits, whatever is seen
    page.get_by_text("Take your time. Go on when you are ready.").first.wait_for()
    page.wait_for_timeout(5500)  # longer than it would have taken to begin
    assert page.locator(".session[data-phase=waiting]").count() == 1
    open_to_all(page, "placing_waits")
    page.keyboard.press("n")
    page.get_by_text("Next: Side of the trunk, standing").wait_for()
    open_to_all(page, "rest_after_skip")
    until(page, "window.awake === 1")  # in a rest as well, and held once
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Wait for me")).to_be_disabled()
    page.keyboard.press("a")  # the one before once more
    page.locator(".session h1", has_text="Side of the waist").wait_for()
    led(page)  # by itself: what waited was the page before
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped]")
    page.get_by_role("button", name="See how it went").click()
    until(page, "window.awake === 0")


def test_who_waits_before_the_place_is_known_is_waited_for(page: Page, link: str) -> None:
    held: list[Route] = []
    page.route("**/placing?**", lambda route: held.append(route))
    row(page, link, "standing_side_bend", seen=False)
    page.get_by_text("Starting the camera.").first.wait_for()
    page.keyboard.press("p")
    page.get_by_role("button", name="Go on").wait_for()
    held[0].continue_()
    page.get_by_text("Take your time. Go on when you are ready.").first.wait_for()
    page.keyboard.press("r")
    led(page)
    page.keyboard.press("p")
    page.get_by_text("You asked for a pause.").first.wait_for()
    expect(page.locator(".captions span")).to_have_class("hidden")  # no arm up in a rest


def test_space_alone_where_letters_are_not_wanted(page: Page, link: str) -> None:
    page.goto(link)
    page.wait_for_selector(".points")
    page.locator("footer select.letters").select_option("0")
    row(page, link, "standing_side_bend")
    led(page)
    for key in "pnalw":
        page.keyboard.press(key)
    page.wait_for_timeout(400)
    led(page)
    assert page.locator("body.floor, .clearing").count() == 0
    assert not page.locator(".controls kbd").first.is_visible()
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped]")


def test_a_machine_that_slept_and_a_picture_with_nobody_in_it_pause(page: Page, link: str) -> None:
    row(page, link, "standing_side_bend")
    led(page)
    page.evaluate(_LATER, 60)
    page.locator("lw-how").wait_for()
    page.wait_for_selector(".session[data-phase=paused]")
    page.keyboard.press("r")
    led(page)
    page.evaluate("() => { window.people = 0; }")
    page.evaluate(_FASTER, 25)
    page.get_by_text("Nobody was seen for three minutes, so the camera is off.").wait_for()
    expect(page.locator(".light[data-on=false]")).to_have_count(1)
    expect(page.locator(".session[data-phase=paused]")).to_have_count(1)
    shot(page, "nobody")
    page.evaluate("() => { window.people = 1; }")
    page.get_by_role("button", name="Use the camera again").click()
    page.wait_for_selector(".light[data-on=true]")
    page.locator("lw-how").wait_for()


_TRACK = "() => { window.track = document.querySelector('video').srcObject.getTracks()[0]; }"


class Desk:
    """The machine before which the page is open: its screen, and what its browser allows."""

    def __init__(self, browser: Browser, page: Page) -> None:
        self._screen = page.context.new_cdp_session(page)
        self._allows = browser.new_browser_cdp_session()
        self._context = self._screen.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
        self._page = page

    def screen(self, *, locked: bool) -> None:
        self._screen.send(
            "Emulation.setIdleOverride", {"isUserActive": True, "isScreenUnlocked": not locked}
        )

    def allows(self, setting: str) -> None:
        self._allows.send(
            "Browser.setPermission",
            {
                "permission": {"name": "idle-detection"},
                "setting": setting,
                "origin": self._page.evaluate("location.origin"),
                "browserContextId": self._context,
            },
        )


def test_a_locked_screen_is_as_a_hidden_page(page: Page, link: str, browser: Browser) -> None:
    row(page, link, "standing_side_bend", "wall_side_lean")
    desk = Desk(browser, page)
    desk.allows("granted")
    page.keyboard.press("p")
    page.get_by_text("Take your time. Go on when you are ready.").first.wait_for()
    page.locator(".locking[data-lock=off]").wait_for()  # allowed, and still not listened to
    open_to_all(page, "lock_offered")
    press(page, ".locking button")
    page.get_by_text("The camera goes off when you lock the screen.").wait_for()
    open_to_all(page, "lock_on")
    page.keyboard.press("r")
    led(page)
    page.evaluate(_TRACK)
    desk.screen(locked=True)
    page.wait_for_selector(".light[data-on=false]")
    page.wait_for_selector(".session[data-phase=paused]")
    assert page.evaluate("track.readyState") == "ended"
    page.wait_for_timeout(1000)  # nothing comes on by itself before a locked screen
    assert page.locator(".light[data-on=true]").count() == 0
    desk.screen(locked=False)
    page.wait_for_selector(".light[data-on=true]")
    page.locator("lw-how").wait_for()
    expect(page.locator(".session[data-phase=paused]")).to_have_count(1)
    shot(page, "unlocked")
    page.keyboard.press("r")
    led(page)  # at the beginning of a hold again, not in it

    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped]")
    page.get_by_role("button", name="See how it went").click()
    page.get_by_role("button", name="Back to today").click()
    page.get_by_role("button", name="Start").click()
    page.locator(".locking[data-lock=on]").wait_for()  # remembered, nobody is asked again
    page.keyboard.press("n")
    page.get_by_role("heading", name="Rest", exact=True).wait_for()
    desk.screen(locked=True)
    page.wait_for_timeout(300)
    left = page.locator(".rest .number").inner_text()
    page.wait_for_timeout(1500)
    assert page.locator(".rest .number").inner_text() == left, "a rest waits for who is away"


def test_where_the_lock_is_not_told_the_page_says_what_holds(
    page: Page, link: str, browser: Browser
) -> None:
    row(page, link, "standing_side_bend", seen=False)
    desk = Desk(browser, page)
    desk.allows("denied")
    line = page.locator(".locking[data-lock=refused]")
    expect(line).to_contain_text("three minutes with nobody seen")
    assert line.locator("button").count() == 0, "who refused is not asked again"
    page.add_init_script("delete window.IdleDetector;")
    page.reload()
    page.get_by_role("button", name="Start").click()
    missing = page.locator(".locking[data-lock=missing]")
    expect(missing).to_contain_text("after this machine has slept")
    open_to_all(page, "lock_missing")
