"""The page in a real browser: what stops it, and what it does when the line is cut."""

import re

import pytest
from page_steps import begun, open_to_all
from playwright.sync_api import Page, WebSocketRoute, expect

from lengthwise.reference.screening import screening

pytestmark = pytest.mark.browser


def test_an_answer_that_needs_a_doctor_ends_the_way(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="I understand").click()
    for question in screening().question:
        value = "yes" if question.id == "bladder_bowel" else question.good.value
        page.locator(f"input[name={question.id}][value={value}]").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name=screening().told["emergency"].now).wait_for()
    page.get_by_text("Call the emergency number of the place you are in").wait_for()
    raised = page.locator(".raised li")
    raised.wait_for()  # by this answer, and by no other: more than one would be refused
    assert (
        screening().by_id("bladder_bowel").text in raised.inner_text()
        and "Yes" in raised.inner_text()
    )
    page.get_by_label("Where are you?").select_option("AU")
    page.get_by_text("Call 000 (Australia)").wait_for()
    open_to_all(page, "emergency")
    page.get_by_role("button", name="Something is new or worse").click()
    for question in screening().question:
        page.locator(f"input[name={question.id}][value={question.good.value}]").check()
    page.locator("input[name=seen_bladder_bowel][value=yes]").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("needs somebody to look first").wait_for()
    assert page.locator(".card, video").count() == 0
    page.reload()
    page.get_by_role("heading", name=screening().told["emergency"].now).wait_for()


def test_a_browser_that_keeps_no_cookie_is_told_so(page: Page, link: str) -> None:
    page.route("**/api/enter", lambda route: route.fulfill(status=204))
    page.goto(link)
    expect(page.get_by_text("This browser keeps no cookie for this page")).to_be_visible()
    assert page.get_by_role("button", name="I understand").count() == 0


def test_a_stop_before_the_session_has_begun_is_kept(page: Page, link: str) -> None:
    begun(page, link)
    page.keyboard.press("Space")
    page.wait_for_selector(".session[data-phase=stopped], .queue")
    expect(page.locator(".light[data-on=true]")).to_have_count(0)


def test_no_cue_outlasts_the_line_that_brought_it(page: Page, link: str) -> None:
    lines: list[WebSocketRoute] = []
    cut = False

    def through(line: WebSocketRoute) -> None:
        lines.append(line)
        if cut:
            line.close()
        else:
            line.connect_to_server()

    page.route_web_socket(re.compile("/stream$"), through)
    begun(page, link)
    page.wait_for_selector(".session[data-phase=get_ready]")
    cut = True
    lines[0].close()
    page.locator(".cue", has_text="come back slowly, and rest").wait_for()
    page.get_by_role("button", name="Back to today").click()
    page.get_by_role("button", name="End it there").click()
    page.get_by_role("heading", name="Today", exact=True).wait_for()
    expect(page.locator(".cue", has_text="come back slowly")).to_have_count(0)
