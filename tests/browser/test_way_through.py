"""The whole way by keyboard alone, from the link to everything deleted; each screen with axe."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_server import PATIENCE_MS, serving
from page_steps import open_to_all, press, shot, stands_from_now_on, to
from playwright.sync_api import Page, expect

from lengthwise.contracts.screening import YesNo
from lengthwise.reference.screening import screening

pytestmark = pytest.mark.browser

_RING_CUT = """() => {
  const high = (what) => document.querySelector(what).getBoundingClientRect().height;
  const cue = document.querySelector(".cue");
  cue.style.minHeight = "45vh";
  const cut = high("lw-ring svg") > high(".side");
  cue.style.minHeight = "";
  return cut;
}"""


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """Of the program itself, as a person starts it."""
    with serving(tmp_path / "home", anew=True) as said:
        yield said


def test_the_whole_way_by_keyboard_open_to_all(page: Page, link: str, tmp_path: Path) -> None:
    origin = link.partition("/#")[0]
    asked: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    page.goto(link)
    first_time(page)
    plan_of_today(page)
    led_through_the_first(page)
    stopped_in_the_second(page)
    after_and_history(page, tmp_path)
    assert "enter=" not in page.url, "the link's token does not stay in the address"
    assert not broken
    elsewhere = [url for url in asked if not url.startswith((origin, "blob:", "data:"))]
    assert not elsewhere


def first_time(page: Page) -> None:
    page.wait_for_selector(".points")
    open_to_all(page, "consent")
    press(page, "button.main")
    page.wait_for_selector(".question")
    page.locator("h1:focus").wait_for()  # a screen begins at its head
    open_to_all(page, "questions")
    for question in screening().question:
        press(page, f"[name={question.id}]", "Space")
        if question.good is YesNo.YES:
            page.keyboard.press("ArrowRight")
    press(page, "button.main")
    page.wait_for_selector("input[name=height]")
    to(page, "input[name=height]")
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    page.get_by_text("Between 120 and 230").wait_for()
    open_to_all(page, "height")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    page.wait_for_selector(".queue")


def plan_of_today(page: Page) -> None:
    press(page, "[name=pain-before]", "Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".queue li")).to_have_count(1)  # what is proposed to begin with
    to(page, "input[type=search]")
    page.keyboard.type("waist standing")
    page.locator(".card").nth(5).wait_for(state="detached")  # few are left
    page.locator(".card").first.wait_for()
    press(page, "[data-id=standing_side_bend] button")
    page.wait_for_selector("[data-id=standing_side_bend] [aria-pressed=true]")
    press(page, ".queue li:nth-of-type(2) button")  # up: the man in the video stands
    open_to_all(page, "today")
    page.reload()  # the routine and the height were kept
    page.wait_for_selector(".queue li:nth-of-type(2)")
    page.get_by_role("button", name="Height: 178 cm").wait_for()
    press(page, "[name=pain-before]", "Space")
    page.keyboard.press("ArrowRight")
    press(page, "button.main")


def led_through_the_first(page: Page) -> None:
    page.wait_for_selector("svg.silhouette ellipse")
    expect(page.locator(".light")).to_have_attribute("data-on", "true")
    page.wait_for_selector(".parts [data-state=seen]")
    shot(page, "placing")
    page.wait_for_selector(".count-over")
    page.wait_for_selector(".session[data-phase=get_ready]")  # by itself: nobody pressed anything
    expect(page.locator("[aria-live], [role=status], [role=alert]")).to_have_count(1)
    open_to_all(page, "session")
    page.keyboard.press("l")
    page.wait_for_selector("body.floor")
    open_to_all(page, "floor")
    letters = page.locator(".cue").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert letters >= 80  # of 800 pixels of height
    assert not page.evaluate(_RING_CUT), "long words take room from the ring, and do not cut it"
    page.keyboard.press("l")
    page.wait_for_selector("body:not(.floor)")
    for _ in range(PATIENCE_MS // 250):  # each repetition of both sides is left out
        page.keyboard.press("n")
        page.wait_for_timeout(250)
        if page.locator(".session[data-phase=done], .rest").count():
            break
    page.wait_for_selector(".rest")  # by itself
    # The lighter pose model, which a busy machine goes on with, is not sure that he stands.
    stands_from_now_on(page)
    press(page, ".rest .begin button:nth-of-type(2)")
    open_to_all(page, "rest")
    press(page, ".rest button.main")


def stopped_in_the_second(page: Page) -> None:
    page.get_by_text("Take the position shown.").first.wait_for()  # he does not sit
    press(page, ".session nav button.go")
    page.wait_for_selector(".session[data-phase=get_ready]")
    to(page, ".controls button:nth-of-type(2)")
    page.keyboard.press("Space")  # stops, and does not press what has the focus
    page.wait_for_selector(".session[data-phase=stopped]")
    page.wait_for_selector(".light[data-on=false]")
    open_to_all(page, "stopped")
    press(page, "button.main")


def after_and_history(page: Page, tmp_path: Path) -> None:
    page.locator("article a").nth(1).wait_for(
        timeout=180_000
    )  # drawn beside everything else, when the machine has time
    press(page, "[name=pain-after]", "Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    press(page, "summary")
    open_to_all(page, "after")
    press(page, ".begin button.main")
    page.wait_for_selector(".queue")
    press(page, ".sections button:last-of-type")
    page.get_by_text("1 → 2").wait_for()
    page.get_by_text("1 → –").wait_for()
    open_to_all(page, "history")
    with page.expect_download() as download:
        press(page, "a[download]")
    taken = tmp_path / "taken.zip"
    download.value.save_as(taken)
    names = zipfile.ZipFile(taken).namelist()
    assert "person.json" in names and any(n.endswith("session.mcap") for n in names)
    press(page, ".sessions .does > button:last-of-type")
    press(page, ".sessions .does button.warm")
    page.locator("[data-session]").nth(1).wait_for(state="detached")
    press(page, ".yours button")
    press(page, ".yours button.warm")
    page.wait_for_selector(".points")
