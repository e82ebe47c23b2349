"""A plan of one's own on the page: intake, today and why, the week, the next day, and a flare."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from page_steps import answered, open_to_all, press, shot, to
from playwright.sync_api import Page, expect

from lengthwise.contracts.session import SessionTotals
from lengthwise.contracts.told import PainMoment, PainTold
from lengthwise.record.store import ProfileStore
from lengthwise.reference.screening import screening

pytestmark = pytest.mark.browser


def test_a_plan_from_the_intake_to_a_flare(page: Page, link: str, tmp_path: Path) -> None:
    broken: list[str] = []
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    answered(page, link)
    no_plan_yet(page)
    intake(page)
    today_and_why(page)
    week(page)
    beside_the_week(page)
    the_next_day(page, tmp_path / "home")
    flare(page)
    assert not broken


def test_new_pain_and_much_pain_have_days_that_are_easy(page: Page, link: str) -> None:
    """Low effort, easy movement and walking; with pain of 8 positions, of which the person keeps
    what eases."""
    answered(page, link)
    press(page, "button.make")
    page.get_by_role("heading", name="What do you want back?").wait_for()
    press(page, "[name=usual]", "ArrowRight")
    press(page, ".intake button.main")
    page.get_by_role("heading", name="What is possible?").wait_for()
    press(page, "[name=irritable]", "ArrowRight")  # no
    press(page, "[name=course]", "Space")  # the first: less than six weeks
    press(page, "[name=hypermobile]", "Space")
    for thing in ("chair", "mat"):
        press(page, f"input[name=at_hand-{thing}]", "Space")
    press(page, ".intake button.main")
    page.get_by_role("heading", name="Is one of these so today?").wait_for()
    press(page, "button[data-none]")
    page.locator(".daily").wait_for(state="detached")
    page.locator("[name=pain-before][value='4']").check(force=True)
    page.locator(".queue li[data-id=chair_pelvic_tilts]").wait_for()
    page.locator(".queue li[data-id=heel_slide_hollowing]").wait_for()
    open_to_all(page, "easy_new")
    page.get_by_role("button", name="Week").click()
    page.get_by_text("harder than new pain asks for").first.wait_for(state="attached")
    open_to_all(page, "easy_new_week")
    page.get_by_role("button", name="Today").click()
    page.locator("[name=pain-before][value='8']").check(force=True)
    rests = page.locator(".queue li", has_text="a position that feels easier")
    rests.first.wait_for()
    open_to_all(page, "easy_much")
    left_out = rests.first.get_attribute("data-id")
    rests.first.get_by_role("button", name="It does not ease: leave it out").click()
    page.locator(f".queue li[data-id={left_out}]").wait_for(state="detached")
    rests.first.get_by_role("button", name="It eases").click()
    rests.first.locator("button[aria-pressed=true]").wait_for()
    open_to_all(page, "easy_chosen")


def no_plan_yet(page: Page) -> None:
    page.get_by_role("button", name="Week").click()
    page.get_by_text("There is no plan yet.").wait_for()
    open_to_all(page, "week_empty")
    page.get_by_role("button", name="Today").click()
    page.get_by_text("A plan of your own.").wait_for()
    shot(page, "plan_offered")
    press(page, "button.make")
    page.get_by_role("heading", name="What do you want back?").wait_for()


def intake(page: Page) -> None:
    """By the keyboard alone."""
    to(page, "input[name=activity]")
    page.keyboard.type("carry my child upstairs")
    to(page, "input[name=movement]")
    page.keyboard.type("getting out of the car")
    press(page, "[name=usual]", "ArrowRight")
    page.keyboard.press("ArrowRight")
    for place in ("hip_front-l", "thigh_back-l", "thigh_back-r"):
        press(page, f"input[name=tight-{place}]", "Space")
    open_to_all(page, "intake")
    press(page, ".intake button.main")
    page.get_by_role("heading", name="What is possible?").wait_for()
    press(page, "[name=irritable]", "ArrowRight")  # no
    press(page, "[name=course]", "ArrowUp")  # from the first to the last: longer
    press(page, "[name=hypermobile]", "Space")
    for thing in ("chair", "mat"):
        press(page, f"input[name=at_hand-{thing}]", "Space")
    open_to_all(page, "intake_possible")
    press(page, ".intake button.main")


def today_and_why(page: Page) -> None:
    page.get_by_text("carry my child upstairs").wait_for()
    page.locator(".queue li[data-id]").first.wait_for()  # breathing and walking at least
    page.get_by_role("heading", name="Is one of these so today?").wait_for()
    open_to_all(page, "planned_open")
    press(page, "button[data-none]")
    page.locator(".daily").wait_for(state="detached")
    press(page, "[name=pain-before]", "ArrowRight")
    page.keyboard.press("ArrowRight")
    page.locator(".not-now").wait_for(state="detached")
    page.locator(".queue li[data-id]").nth(1).wait_for()
    stretch = page.locator(".queue li", has_text="It lengthens the").first
    stretch.get_by_text("Why?").click()
    stretch.get_by_text("What would change it:").wait_for()
    stretch.get_by_text("Static stretches of 30 s").first.wait_for()
    press(page, "input[name=apart-short_night]", "Space")
    page.locator("input[name=apart-short_night]:checked").wait_for()
    page.get_by_text("The plan begins at level 2.").first.wait_for()
    press(page, ".own-movement summary")
    page.locator("[name=movement-before][value='5']").check(force=True)
    open_to_all(page, "planned")
    left_out = stretch.get_attribute("data-id")
    stretch.get_by_role("button", name="Leave it out").click()
    page.locator(f".queue li[data-id={left_out}]").wait_for(state="detached")


def week(page: Page) -> None:
    page.get_by_role("button", name="Week").click()
    page.get_by_role("heading", name="Your week").wait_for()
    shot(page, "week_top")
    page.locator(".doses li").last.scroll_into_view_if_needed()
    shot(page, "week_muscles")
    expect(page.locator(".days > li")).to_have_count(7)
    expect(page.locator(".days > li[data-today=true]")).to_have_count(1)
    page.locator(".doses li", has_text="back of the left thigh").wait_for()
    page.locator(".timeline li[data-kind=begun]").get_by_text("begins at level 2").wait_for()
    page.locator(".timeline li[data-kind=week] summary").first.click()
    open_to_all(page, "week")


def beside_the_week(page: Page) -> None:
    press(page, ".learning summary")
    page.get_by_text("No exercise was done yet").wait_for()
    page.locator("input[name=track][value=self_taught]").check(force=True)
    page.locator("input[name=calms]").fill("warmth")
    open_to_all(page, "week_learning")
    press(page, ".ladder summary")
    page.get_by_role("button", name="Bending forward").click()
    page.locator("select[name=rung]").select_option("rock")
    page.locator("[name=expected][value='5']").check(force=True)
    assert page.locator("[name=actual]").count() == 0, "what is expected is said before"
    page.locator("[name=confidence][value='6']").check(force=True)
    page.locator("[name=actual][value='2']").check(force=True)
    open_to_all(page, "week_ladder")
    page.locator(".ladder").get_by_role("button", name="Keep it").click()
    page.get_by_text("expected 5, was 2").wait_for()
    press(page, ".breaks summary")
    page.locator("input[name=lunch]").fill("12:15")
    page.locator("input[name=sitting]").fill("9")
    page.get_by_role("button", name="Spread the breaks").click()
    page.locator(".breaks li", has_text="min: ").first.wait_for()
    open_to_all(page, "week_breaks")
    press(page, ".handover summary")
    page.locator(".handover input").fill("A. Person")
    open_to_all(page, "week_beside")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open it, to print").click()
    opened.value.get_by_role("heading", name="A. Person").wait_for()
    shot(opened.value, "handover_opened")
    opened.value.close()


def the_next_day(page: Page, home: Path) -> None:
    """A session of yesterday, as it would be kept; the day before a plan tells how it was borne."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with ProfileStore.open(home, "me") as store:
        totals = SessionTotals(
            session_id="20260131T080000Z-000001",
            started_utc=yesterday.isoformat(),
            duration_s=200.0,
            frames=4000,
            exercise_id="seated_hamstring",
            effective_s=80.0,
            uncertain_s=3.0,
            rejections={},
            claimed_ratio={},
            simulated=False,
            complete=True,
        )
        store.add_session(totals, store.session_folder(totals.session_id).sealed)
        for moment, nrs in ((PainMoment.BEFORE, 1.0), (PainMoment.MOST, 3.0)):
            store.tell_pain(PainTold(totals.session_id, moment, nrs, time.time()))
    page.get_by_role("button", name="Today").click()
    page.locator("input[name=change][value=worse]").check(force=True)
    page.locator("input[name=lost][value=false]").check(force=True)
    page.locator("[name=pain-before][value='4']").check(force=True)
    page.get_by_text("one level less, and three tenths less of it").wait_for()
    open_to_all(page, "check_in")


def flare(page: Page) -> None:
    press(page, "button.flare")
    page.get_by_role("button", name="Yes, clearly worse").wait_for()
    shot(page, "flare_asked")
    press(page, "button[data-flare]")
    page.get_by_role("heading", name="A few questions first").wait_for()
    page.reload()  # no way round them
    page.get_by_role("heading", name="A few questions first").wait_for()
    for question in screening().question:
        page.locator(f"input[name={question.id}][value={question.good.value}]").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("Easy days:").wait_for()
    expect(page.locator(".queue li", has_text="It lengthens the")).to_have_count(0)
    expect(page.get_by_role("button", name="It is clearly worse")).to_have_count(0)
    open_to_all(page, "flare")
    page.get_by_role("button", name="Week").click()
    page.locator(".timeline li[data-kind=flare]").wait_for()
