"""Out of the fog by one tap: why a part is not known, and the way out beside it, while it rests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_server import serving
from page_steps import chosen, open_to_all, press, shot, stands
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

_WHERE = """(part) => new Promise((found, failed) => {
  const canvas = document.querySelector("lw-body canvas[role=img]");
  canvas.scrollIntoView({ block: "nearest" });
  const { drawing } = canvas.parentElement;
  const seen = () => {
    const { width, height, left, top } = canvas.getBoundingClientRect();
    const fits = Math.abs(canvas.width / canvas.height / (width / height) - 1) < 0.02;
    const limb = drawing.scene.limbs.find((each) => each.part === part);
    const [a, b] = limb.ends.map((end) => drawing.at(end));
    return { fits, x: left + (a[0] + b[0]) / 2, y: top + (a[1] + b[1]) / 2 };
  };
  let [before, still] = [seen(), 0];
  const look = () => {
    const now = seen();
    still = now.fits && Math.hypot(now.x - before.x, now.y - before.y) < 3 ? still + 1 : 0;
    before = now;
    if (still < 3) return requestAnimationFrame(look);
    clearTimeout(late);
    const meets = document.elementFromPoint(now.x, now.y);
    if (meets === canvas) found([now.x, now.y]);
    else failed(Error(`over the ${part} lies ${meets?.outerHTML.slice(0, 160)}`));
  };
  const late = setTimeout(() => failed(Error("the body does not come to rest")), 20_000);
  requestAnimationFrame(look);
})"""
"""On the page, drawn at its size and at rest for three images; nothing lies over it."""
_OPENED = "document.querySelector('lw-session').seeking.told[0]?.part ?? null"
_PHONE = "async () => (await (await fetch('/api/phone')).json()).state"

_BEFORE = """(parts) => {
  const found = parts.map((part) => document.querySelector(part));
  const follows = (a, b) => a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING;
  return found.every((one, i) => one && (i === 0 || follows(found[i - 1], one)));
}"""
_ABOVE_STOP = """(one) => {
  const [of, stop] = [one, document.querySelector("nav button.stop")]
    .map((e) => e.getBoundingClientRect());
  return scrollY === 0 && of.top >= 0 && of.bottom <= stop.top && stop.bottom <= innerHeight;
}"""


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "home", "--phone-address", "127.0.0.1") as said:
        yield said


def kneels(page: Page, link: str) -> None:
    """Led through a half-kneeling stretch, though the camera sees somebody who stands."""
    stands(page)
    chosen(page, link, "half_kneeling_hip_flexor")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Begin anyway").click()
    page.locator("lw-body .unseen").wait_for()
    led(page)


def led(page: Page) -> None:
    page.wait_for_selector(".session[data-phase=get_ready], .session[data-phase=ease_in]")


def tap(page: Page, part: str) -> None:
    """Pressed at once where it is now: what waits for a free way presses where it was. It opens as
    it is pressed or it does not; nobody waits for what another part, or none, has opened."""
    page.mouse.click(*page.evaluate(_WHERE, part))
    opened = page.evaluate(_OPENED)
    if opened != part:
        shot(page, f"fog_missed_{part}")
    assert opened == part, f"a touch on the {part} has opened {opened}"


def rests(page: Page) -> None:
    page.wait_for_selector(".session[data-phase=paused]")
    assert page.locator("lw-how").count() == 0, "asked when it is closed, not before"


def asked(page: Page) -> None:
    """Closed: nothing goes on before the person has said how they are."""
    page.locator("lw-how").wait_for()
    expect(page.locator(".clearing")).to_have_count(0)
    expect(page.locator(".session[data-phase=paused]")).to_have_count(1)


def test_one_tap_on_a_segment_tells_why_and_shows_the_way_out(page: Page, link: str) -> None:
    kneels(page, link)
    tap(page, "chest")
    panel = page.get_by_role("dialog", name="Chest")
    panel.get_by_text("Your chest cannot be told from where the camera stands.").wait_for()
    panel.get_by_text("Turn your left side to the camera.").wait_for()
    expect(page.locator(".mirror .silhouette")).to_be_visible()  # the place of this exercise
    rests(page)
    open_to_all(page, "fog_place")
    page.keyboard.press("n")  # what leads on waits for the answer
    page.keyboard.press("Escape")
    asked(page)
    page.keyboard.press("r")
    led(page)

    page.set_viewport_size({"width": 320, "height": 640})
    page.route("**/api/phone?*", lambda asked: asked.abort())
    tap(page, "pelvis")
    unheard = page.locator(".clearing .unheard")
    expect(unheard).to_contain_text("Nothing can be asked about your phone just now.")
    shot(page, "fog_unheard_320")
    with page.expect_request("**/api/phone?*"):
        unheard.get_by_role("button", name="Try again").click()
    page.unroute("**/api/phone?*")
    use = page.get_by_role("dialog", name="Pelvis").get_by_role("button", name="Use my phone")
    use.wait_for()
    rests(page)
    expect(page.get_by_text("then listens in your network")).to_be_visible()
    assert page.evaluate(_PHONE) == "off", "a touch on the body opens no network"
    use.click()
    page.locator(".clearing img.qr").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, "fog_320")
    with page.expect_response(lambda heard: heard.request.method == "DELETE"):
        page.locator(".clearing .close").click()
    asked(page)
    assert page.evaluate(_PHONE) == "off", "nothing listens any more"


def test_by_keyboard_into_the_fog_and_back(page: Page, link: str) -> None:
    kneels(page, link)
    press(page, "lw-body .unseen")
    panel = page.get_by_role("dialog", name="Pelvis")
    panel.get_by_role("button", name="Use my phone").wait_for()  # a phone shows it
    rests(page)
    assert page.evaluate(_PHONE) == "off", "this line does not say that it opens the network"
    expect(page.locator(".clearing:focus")).to_have_count(1)
    press(page, ".clearing summary")
    shot(page, "fog_all")
    for name in ("Low back", "Left foot", "Head and arms"):
        expect(panel.get_by_role("heading", name=name)).to_be_visible()
    feet = panel.locator("section", has=page.get_by_role("heading", name="Left foot"))
    assert feet.get_by_role("button").count() == 0, "nothing makes it visible"
    chest = panel.locator("section", has=page.get_by_role("heading", name="Chest"))
    chest.get_by_role("button", name="Make it visible").press("Enter")
    page.get_by_role("dialog", name="Chest").get_by_text("Find your place").wait_for()
    page.keyboard.press("r")  # closes; it goes on after the answer alone
    asked(page)
    expect(page.locator("lw-body .unseen:focus")).to_have_count(1)
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped]")


def test_what_nothing_makes_visible_is_told_and_nobody_rests_for_it(page: Page, link: str) -> None:
    """Beside what leads on; on a small screen as well, which a stop has for itself."""

    def before(*parts: str) -> bool:
        return bool(page.evaluate(_BEFORE, list(parts)))

    kneels(page, link)
    tap(page, "foot_l")
    page.get_by_role("dialog", name="Left foot").get_by_text("No camera alone").wait_for()
    page.wait_for_timeout(300)
    assert page.locator(".session[data-phase=paused]").count() == 0
    assert before("lw-band", ".side lw-ring, .side lw-gauge", ".clearing"), "leads on above it"
    shot(page, "fog_told_1280")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".clearing, lw-how")).to_have_count(0)

    tap(page, "foot_l")
    page.get_by_role("dialog", name="Left foot").wait_for()
    page.set_viewport_size({"width": 375, "height": 667})
    expect(page.locator(".cue")).to_be_in_viewport()
    shot(page, "fog_told_375")
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped]")
    expect(page.locator(".clearing, .session[data-seeks]")).to_have_count(0)
    expect(page.locator(".cue")).to_be_visible()


def test_one_tap_that_says_so_shows_the_code_and_a_closed_tab_ends_it(
    page: Page, link: str
) -> None:
    kneels(page, link)
    page.set_viewport_size({"width": 375, "height": 667})
    shot(page, "fog_line_375")
    page.set_viewport_size({"width": 1280, "height": 800})
    shot(page, "fog_line_1280")
    said = page.get_by_role("button", name="with your phone (listens in your network)")
    said.click()
    page.locator(".clearing img.qr").wait_for()
    rests(page)
    assert page.evaluate(_PHONE) == "waiting"
    here = page.url
    page.goto("about:blank")
    page.goto(here)
    page.wait_for_function(f"async () => (await ({_PHONE})()) === 'off'")


def test_a_phone_is_asked_for_in_sight_on_a_small_screen(page: Page, link: str) -> None:
    """And a lost line is said where the panel was."""
    kneels(page, link)
    page.set_viewport_size({"width": 375, "height": 667})
    tap(page, "shank_l")
    use = page.get_by_role("button", name="Use my phone")
    use.wait_for()
    shot(page, "fog_sensors_375")
    assert use.evaluate(_ABOVE_STOP)
    use.click()
    code = page.locator(".clearing img.qr")
    code.wait_for()
    page.evaluate("scrollTo(0, 0)")
    shot(page, "fog_code_375")
    assert code.evaluate(_ABOVE_STOP)
    page.get_by_role("button", name="Never mind").click()
    use.wait_for()
    page.evaluate("scrollTo(0, 0)")
    assert use.evaluate(_ABOVE_STOP)

    page.evaluate("document.querySelector('lw-session').heard(false)")
    expect(page.locator(".clearing, .session[data-seeks]")).to_have_count(0)
    expect(page.locator(".cue")).to_contain_text("connection is lost")
    shot(page, "fog_lost_375")
