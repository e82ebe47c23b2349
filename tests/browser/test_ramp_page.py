"""A ramp to tolerance on the page: offered, asked, refused, and led twice to marks that are kept.
Its sensors are those of a simulated person, who is led four times as fast as the clock
(`lengthwise.testing.ramped_room`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_server import FORKS, serving
from page_steps import chosen, open_to_all, shot, stands, until
from playwright.sync_api import Page, expect

from lengthwise.contracts.person import MarkKind
from lengthwise.record.store import ProfileStore

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not FORKS, reason="its process of rooms is put in place by a fork"),
]
EXERCISE = "standing_hip_flexor"
NO = ("pain_relief", "flare", "irritable", "osteoporotic", "pregnant")
CHECKS = ("finger", "thumb", "elbow", "knee", "palms")
SMALL = {"width": 375, "height": 667}
_IN_SIGHT = """what => [...document.querySelectorAll(what)].every((e) => {
  const { top, bottom, left, right } = e.getBoundingClientRect();
  return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
})"""


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "home", rooms="lengthwise.testing.ramped_room:work") as said:
        yield said


def test_from_the_offer_to_a_mark_that_is_kept(page: Page, link: str, tmp_path: Path) -> None:
    broken: list[str] = []
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    stands(page)
    chosen(page, link, EXERCISE)
    page.get_by_role("button", name="Find how far today").click()
    asked(page)
    refused(page)
    begins(page)
    led(page)
    found(page, tmp_path / "home")
    assert not broken


def answer(page: Page, name: str, value: str) -> None:
    with page.expect_response(lambda heard: heard.url.endswith("/ramp")):
        page.locator(f".far input[name={name}][value='{value}']").check(force=True)


def asked(page: Page) -> None:
    """Nothing is answered for anybody, and what is open keeps it from being begun."""
    page.get_by_text("9 questions are still open.").wait_for()
    assert page.locator(".far input:checked").count() == 0
    open_to_all(page, "ramp_asked")
    main = page.locator(".far button.main")
    expect(main).to_be_disabled()
    answer(page, "pain_now", "1")
    for name in NO:
        answer(page, name, "no")
    answer(page, "leg_sign", "no")
    answer(page, "course", "chronic")
    page.get_by_text("1 question is still open.").wait_for()
    for check in CHECKS[:-1]:
        page.locator(f".far input[name={check}][value='0']").check(force=True)
    page.get_by_text("1 question is still open.").wait_for()
    answer(page, CHECKS[-1], "1")
    page.get_by_text("1 of 9").wait_for()
    page.get_by_text("Choose a side.").wait_for()


def refused(page: Page) -> None:
    """With what would change it, and each answer can be changed."""
    answer(page, "pain_relief", "yes")
    page.locator("[data-bar=pain_relief]").get_by_text("a day without it").wait_for()
    page.locator(".far input[name=side][value=l]").check(force=True)
    expect(page.locator(".far button.main")).to_be_disabled()
    page.evaluate("window.scrollTo(0, 0)")
    open_to_all(page, "ramp_refused")
    answer(page, "pain_relief", "no")
    page.locator("[data-bar]").first.wait_for(state="detached")


def begins(page: Page) -> None:
    page.locator(".far input[name=warm][value=true]").check(force=True)
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    shot(page, "ramp_ready")
    page.locator(".far button.main").click()
    page.locator("nav button.go").wait_for()
    page.keyboard.press("p")  # whoever is in place is not led before the pictures were taken
    page.locator("nav button.go").click()


def part(page: Page, *names: str) -> None:
    until(page, f"{list(names)}.includes(document.querySelector('.session')?.dataset.ramp)")


def led(page: Page) -> None:
    part(page, "ready", "pulling")
    expect(page.locator(".ramp-words button")).to_have_text(["First gentle pull f", "Far enough t"])
    assert page.locator(".session nav > :first-child").get_attribute("class") == "ramp-words"
    assert page.locator(".session lw-ring, .session lw-gauge").count() == 0
    for meaningless in ("Skip", "Once more"):
        assert page.get_by_role("button", name=meaningless).count() == 0
    part(page, "pulling")
    shot(page, "ramp_pulling")
    page.wait_for_timeout(1100)  # the simulated person goes, four times as fast
    page.keyboard.press("f")
    part(page, "waiting")
    shot(page, "ramp_waiting")
    part(page, "stepping")
    shot(page, "ramp_stepping")
    part(page, "waiting")
    page.keyboard.press("t")
    part(page, "back", "resting")
    shot(page, "ramp_back")
    part(page, "resting")
    page.locator(".ramping .left").wait_for()
    shot(page, "ramp_resting")
    if page.locator(".scale").count():
        page.locator(".scale button").first.click()
    second(page)


def second(page: Page) -> None:
    """On a phone's width, and then from the floor; by touch."""
    page.set_viewport_size(SMALL)
    part(page, "pulling")
    page.get_by_text("Round 2 of 2").wait_for()
    shot(page, "ramp_pulling_small")
    assert page.evaluate(_IN_SIGHT, "button.stop")
    page.wait_for_timeout(1100)
    page.get_by_role("button", name="First gentle pull").click()
    part(page, "waiting")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.keyboard.press("l")
    part(page, "stepping")
    page.wait_for_selector("body.floor")
    shot(page, "ramp_floor")
    assert page.evaluate(_IN_SIGHT, "button.stop, .ramp-words button")
    page.set_viewport_size(SMALL)
    shot(page, "ramp_floor_small")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_role("button", name="Far enough").click()
    part(page, "back", "over")
    page.keyboard.press("l")


def found(page: Page, home: Path) -> None:
    page.locator(".scale button").first.click()  # no pain
    page.locator(".found[data-kept=true]").wait_for()
    page.get_by_text("The lower of both is kept.").wait_for()
    open_to_all(page, "ramp_found")
    with ProfileStore.open(home, "me") as store:
        person = store.person()
    kinds = [m.kind for m in person.marks if m.group.value == "psoas"]
    assert kinds.count(MarkKind.TOLERANCE) == 1 and kinds.count(MarkKind.FIRST_RESISTANCE) == 2
    assert [r.harmed for r in person.ramps] == [False, False]
