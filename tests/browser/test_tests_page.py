"""The tests on the page: one led from the list to its result, one typed, corrected, taken back."""

from pathlib import Path

import pytest
from page_steps import answered, looks_at, open_to_all, press, shot
from playwright.sync_api import Page, expect

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.own_plan import ResultsKept, TakenBack, TestsTaken
from lengthwise.record.store import ProfileStore
from lengthwise.sim.recording import Plan, SimulatedRecording

pytestmark = pytest.mark.browser

_LONG_NAME = """() => {
  const option = document.createElement("option");
  option.textContent = "word ".repeat(20);
  document.querySelector("select[name=test]").append(option);
}"""


def test_a_test_from_the_list_to_the_plan(page: Page, link: str, tmp_path: Path) -> None:
    broken: list[str] = []
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    person = SimulatedRecording(Plan("test_standing", Side.LEFT, 2, "camera", duration_s=8.0))
    looks_at(page, person, from_s=1.0, to_s=7.0)
    answered(page, link)
    page.get_by_role("button", name="Tests").click()
    the_list(page)
    typed(page)
    led(page)
    with ProfileStore.open(tmp_path / "home", "me") as store:
        kept = [k.event for k in store.plan_events()]
    taken = [e for e in kept if isinstance(e, TestsTaken)]
    (result,) = taken[-1].results
    assert result.test == "standing" and abs(result.value_deg or 90.0) < 15.0
    assert [type(e) for e in kept if isinstance(e, ResultsKept | TakenBack)] == [
        ResultsKept, TakenBack, ResultsKept, TakenBack,
    ]  # fmt: skip
    assert not broken


def the_list(page: Page) -> None:
    page.get_by_role("heading", name="Can be done here").wait_for()
    expect(page.locator(".card.test")).to_have_count(5)
    standing = page.locator(".card.test[data-id=test_standing]")
    expect(standing.locator(".sensors li[data-has=true]")).to_have_count(1)
    held = page.locator(".card.test[data-id=test_sorensen]")
    held.get_by_role("button").click()
    page.get_by_role("alert").get_by_text("wear it on the breastbone").wait_for()
    page.get_by_text("Nothing yet.").wait_for()
    page.locator(".elsewhere summary").click()
    page.get_by_text("no sensor of the present kinds").wait_for()
    hanging = page.locator(".elsewhere li[data-id=test_modified_thomas]")
    hanging.get_by_text("your phone can be it").wait_for()
    expect(hanging.locator(".sensors li")).to_have_count(2)
    page.get_by_text("A phone worn on the breastbone is enough for 3 of these.").wait_for()
    open_to_all(page, "tests_empty")


def typed(page: Page) -> None:
    page.locator(".typed summary").click()
    page.evaluate(_LONG_NAME)
    page.set_viewport_size({"width": 390, "height": 844})
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, "a test of a long name, as German ones have, is no wider than a phone"
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("select[name=test]").select_option("straight_leg_raise")
    page.locator("input[name=side][value=l]").check(force=True)
    page.locator("input[name=symptom][value=no]").check(force=True)
    page.locator("input[name=value]").fill("480")
    page.get_by_role("button", name="Keep it").last.click()
    expect(page.locator("input[name=value]:invalid"), "no leg goes so far").to_have_count(1)
    page.locator("input[name=value]").fill("30")
    page.get_by_role("button", name="Keep it").last.click()
    page.get_by_text("It counts once another day says the same.").wait_for()
    page.locator(".who summary").click()
    page.get_by_label("Age in years").fill("45")
    press(page, ".who button[type=submit]")
    page.get_by_text("Less than most people of your age. People differ").wait_for()
    open_to_all(page, "tests_found")
    page.get_by_role("button", name="Correct Straight-leg raise").click()
    page.locator("input[name=symptom][value=no]").check(force=True)
    page.locator("input[name=value]").fill("84")
    page.locator(".typed button[type=submit]").click()
    page.get_by_text("Within what is usual for your age.").wait_for()
    open_to_all(page, "tests_corrected")
    page.get_by_role("button", name="Take back Straight-leg raise: Left, 84°").click()
    page.locator(".rows li[data-counts=false]").nth(1).wait_for()


MOST_TRIES = 3


def led(page: Page) -> None:
    """A machine that is too busy sees too few images and says that nothing was measured: who is led
    does it once more."""
    page.locator("[name=pain-before][value='2']").check(force=True)
    for tries in range(1, MOST_TRIES + 1):
        page.get_by_role("button", name="Lead me through: How you stand").click()
        page.wait_for_selector(".session[data-stage=led]")
        assert page.get_by_role("button", name="Once more").count() == 0, "a test is not done again"
        shot(page, "test_led")
        page.locator(".tested article").wait_for()
        if page.locator(".tested .told-now").count() > 0:
            break
        assert tries < MOST_TRIES, page.locator(".tested article").inner_text()
        page.get_by_role("heading", name="No result this time").wait_for()
        page.get_by_role("button", name="Back to the tests").click()
    page.get_by_text("The plan has it from now on.").wait_for()
    open_to_all(page, "tested")
    page.get_by_role("button", name="Back to the tests").click()
    page.locator(".measured[data-result=standing]").get_by_text("led here").first.wait_for()
