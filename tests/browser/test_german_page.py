"""The page in German: what still stands there in English is what safety hangs on, and says why."""

import pytest
from page_steps import open_to_all, press, shot
from playwright.sync_api import Page, expect

from lengthwise.reference.answers import asked
from lengthwise.reference.rules import rules
from lengthwise.reference.screening import screening
from lengthwise.report.plan_words import RULES
from lengthwise.report.week_words import bar_words

pytestmark = pytest.mark.browser

FLARES = {
    RULES["F"],
    bar_words("F.flare_training"),
    *(rule.sentence for i, rule in rules().items() if i.startswith("F.")),
}
_ENGLISH = """() => [...document.querySelectorAll("main [lang=en]")]
  .filter((e) => e.checkVisibility()).flatMap((e) => e.innerText.trim().split("\\n"))"""
_OPENED = "document.querySelectorAll('main details').forEach((d) => (d.open = true))"


def in_english(page: Page) -> set[str]:
    return {text for text in page.evaluate(_ENGLISH) if text}


def test_a_german_page_keeps_to_german_but_for_words_of_safety(page: Page, link: str) -> None:
    broken: list[str] = []
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    page.add_init_script("localStorage.setItem('language', 'de')")
    page.goto(link)
    page.get_by_role("button", name="Verstanden").click()
    begins(page)
    measured(page)
    plans(page)
    week(page)
    assert not broken


def begins(page: Page) -> None:
    page.get_by_text("Die Fragen stehen auf Englisch").wait_for()
    for question in screening().question:
        page.locator(f"input[name={question.id}][value={question.good.value}]").check()
    assert in_english(page) == {question.text for question in screening().question}
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Größe in Zentimetern").fill("178")
    page.get_by_role("button", name="Weiter").click()
    page.locator("[name=pain-before][value='8']").check(force=True)
    page.get_by_text("Das steht auf Englisch, weil").wait_for()
    assert len(in_english(page)) == 1
    page.locator("[name=pain-before][value='2']").check(force=True)
    expect(page.get_by_text("Das steht auf Englisch, weil")).to_have_count(0)
    assert not in_english(page)


def measured(page: Page) -> None:
    page.get_by_role("button", name="Tests").click()
    page.get_by_role("heading", name="Geht hier").wait_for()
    page.evaluate(_OPENED)
    page.locator("select[name=test]").select_option("straight_leg_raise")
    page.get_by_text("Das steht auf Englisch, weil").wait_for()
    assert len(in_english(page)) == 1, "what is asked about a feeling in the leg"
    page.locator("input[name=side][value=l]").check(force=True)
    page.locator("input[name=symptom][value=no]").check(force=True)
    page.locator("input[name=value]").fill("30")
    page.locator(".typed button[type=submit]").click()
    page.get_by_text("Links, 30°").wait_for()
    expect(page.get_by_text("Das steht auf Englisch, weil")).to_have_count(0)
    assert not in_english(page)


def plans(page: Page) -> None:
    page.get_by_role("button", name="Heute", exact=True).click()
    press(page, "button.make")
    page.locator("input[name=tight-thigh_back-l]").check(force=True)
    press(page, "[name=usual]", "ArrowRight")
    page.keyboard.press("ArrowRight")
    press(page, ".intake button.main")
    page.get_by_text("Das steht auf Englisch, weil").wait_for()
    questions = {q.ask for q in asked().values()}
    assert in_english(page) & questions, "asked in the words that were reviewed"
    press(page, "[name=irritable]", "ArrowRight")
    press(page, "[name=course]", "ArrowUp")
    press(page, "[name=hypermobile]", "Space")
    for thing in ("chair", "mat"):
        press(page, f"input[name=at_hand-{thing}]", "Space")
    press(page, ".intake button.main")
    page.locator("button[data-none]").wait_for()
    assert in_english(page) <= questions
    page.get_by_text("Das steht auf Englisch, weil").wait_for()
    press(page, "button[data-none]")
    page.locator(".daily").wait_for(state="detached")
    page.evaluate(_OPENED)
    assert in_english(page) <= FLARES
    shot(page, "german_planned", full_page=True)


def week(page: Page) -> None:
    page.get_by_role("button", name="Woche").click()
    page.get_by_role("heading", name="Deine Woche").wait_for()
    page.evaluate(_OPENED)
    page.get_by_text("Noch wurde keine Übung gemacht").wait_for()
    page.locator(".ladder").get_by_role("button", name="Vorbeugen").click()
    page.locator("select[name=rung]").select_option("rock")
    page.locator("[name=expected][value='5']").check(force=True)
    page.locator("[name=confidence][value='6']").check(force=True)
    page.locator("[name=actual][value='2']").check(force=True)
    page.locator(".ladder").get_by_role("button", name="Behalten").click()
    page.get_by_text("erwartet 5, war 2").wait_for()
    page.locator("input[name=lunch]").fill("12:15")
    page.get_by_role("button", name="Pausen verteilen").click()
    page.get_by_text("Längste Zeit ohne Pause").wait_for()
    assert in_english(page) <= FLARES
    open_to_all(page, "german_week")
