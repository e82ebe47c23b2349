"""What the program refuses is said in German on a German page, by its code: the English line that
comes with it is read off the wire, and stands nowhere on the page."""

import re

import msgspec
import pytest
from page_steps import chosen, open_to_all, shot, stands
from playwright.sync_api import Locator, Page, WebSocketRoute

from lengthwise.contracts.wire import Over

pytestmark = pytest.mark.browser


def refused(page: Page, button: Locator, german: str) -> None:
    """Pressed, it is refused: said in German, and the English line of it nowhere."""
    with page.expect_response(lambda answer: answer.status >= 400) as answer:
        button.click()
    line = answer.value.json()["detail"]
    page.get_by_text(german).wait_for()
    assert line and line not in page.locator("body").inner_text()


def in_german(page: Page, link: str) -> None:
    page.add_init_script("localStorage.setItem('language', 'de')")
    chosen(page, link, "standing_side_bend")


def test_what_is_refused_is_said_in_german(page: Page, link: str) -> None:
    stands(page)
    in_german(page, link)
    page.get_by_role("button", name="Tests").click()
    page.get_by_role("heading", name="Geht hier").wait_for()
    page.evaluate("document.querySelectorAll('main details').forEach((d) => (d.open = true))")
    page.locator("select[name=test]").select_option("straight_leg_raise")
    page.locator("input[name=side][value=l]").check(force=True)
    page.locator("input[name=symptom][value=no]").check(force=True)
    page.locator("input[name=value]").evaluate("field => { field.max = ''; }")
    page.locator("input[name=value]").fill("400")
    send = page.locator(".typed button[type=submit]")
    refused(page, send, "400° kann nicht sein: möglich ist")
    open_to_all(page, "german_refused")

    with page.expect_popup() as opened:
        page.evaluate("open('/')")
    other = opened.value
    stands(other)
    other.goto(link.partition("#")[0])
    other.locator(".begin button.main").click()
    other.wait_for_selector(".session[data-phase=get_ready], .session[data-phase=ease_in]")
    page.get_by_role("button", name="Heute", exact=True).click()
    start = page.locator(".begin button.main")
    refused(page, start, "In einem anderen Tab läuft eine Sitzung: beende sie dort zuerst.")
    shot(page, "german_elsewhere")
    other.close()


def test_why_a_session_could_not_go_on_is_said_in_german(page: Page, link: str) -> None:
    lines: list[WebSocketRoute] = []
    over: list[bytes] = []

    def through(here: WebSocketRoute) -> None:
        there = here.connect_to_server()
        there.on_message(lambda message: None if over else here.send(message))
        lines.append(here)

    page.route_web_socket(re.compile("/stream$"), through)
    stands(page)
    in_german(page, link)
    page.locator(".begin button.main").click()
    page.wait_for_selector(".session[data-phase=get_ready], .session[data-phase=ease_in]")
    english = "writing session.log: No space left on device; free some space"
    told = Over("x", complete=False, why=english, code="no_room", values={"path": "session.log"})
    over.append(msgspec.msgpack.encode(told))
    lines[0].send(over[0])
    page.get_by_text("Für session.log ist kein Platz mehr.").wait_for()
    assert english not in page.locator("body").inner_text()
    shot(page, "german_no_room")
