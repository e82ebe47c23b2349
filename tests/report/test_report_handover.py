"""The handover on paper: each figure with its doubt, no claim, and one page whatever is in it."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from lengthwise.contracts.coordinates import COORDINATES
from lengthwise.contracts.handover import (
    DecidedTold,
    Handover,
    HandoverTold,
    RangeTold,
    Screen,
    ScreenedTold,
    WhoTold,
)
from lengthwise.live.handover_example import example_handover
from lengthwise.plan.handover import handover
from lengthwise.reference.exercises import exercises
from lengthwise.reference.rules import rules
from lengthwise.reference.words import alarming_words
from lengthwise.report import handover_words as said
from lengthwise.report.handover_page import handover_page

LONG = "Carrying a really heavy shopping bag up four flights of stairs without sitting down " * 3
CHROMIUM = shutil.which("chromium")


def full() -> Handover:
    """More of everything than there is room for."""
    told = example_handover()
    ids = sorted(exercises(), key=lambda i: -len(exercises()[i].plain_name))[:12]
    today = told.written_on
    more = zip(ids * 2, told.sessions[-24:], strict=True)
    return handover(
        replace(
            told,
            who=replace(told.who, name="Maximiliane von und zu Hohenstein " * 3, since=LONG),
            goal=None if told.goal is None else replace(told.goal, text=LONG),
            movement=LONG,
            sessions=told.sessions
            + tuple(replace(s, exercise_id=i, not_seen=COORDINATES[:9]) for i, s in more),
            screened=ScreenedTold(Screen.LOOK_FIRST, today, (LONG,) * 6, tuple(rules())[:9]),
            ranges=tuple(
                RangeTold(today - timedelta(days=d), i, c, 100.0 + d, 4.0, "x")
                for i in ids[:4]
                for c in COORDINATES[4:7]
                for d in (0, 20)
            ),
            decided=tuple(DecidedTold(today, ("G", "F"), LONG, LONG) for _ in range(9)),
            relaxed=told.relaxed * 5,
            asks=(LONG,) * 9,
        )
    )


def roomy() -> Handover:
    """As much as still goes in large letters."""
    h = full()
    return replace(
        h,
        practised=h.practised[:7],
        ranges=h.ranges[:3],
        not_seen=h.not_seen[:2],
        decided=(),
        told=replace(
            h.told,
            asks=h.told.asks[:2],
            screened=replace(h.told.screened, left_out=h.told.screened.left_out[:2]),
        ),
    )


def empty() -> Handover:
    return handover(HandoverTold(date(2026, 3, 1), WhoTold("Anna")))


@pytest.mark.parametrize("sheet", [full(), empty(), handover(example_handover())])
def test_our_own_words_alarm_nobody_and_promise_nothing(sheet: Handover) -> None:
    quoted = re.sub("“[^”]*”", "", said.text(replace(sheet, decided=())))
    assert alarming_words(quoted) == ()
    assert not any(word in quoted.lower() for word in ("cure", "heals", "posture"))
    assert said.NO_CLAIM in handover_page(sheet)


def test_what_a_person_writes_is_shown_and_never_run() -> None:
    told = replace(example_handover(), movement="<script>x()</script>", asks=("<b>?</b>",))
    page = handover_page(handover(told))
    assert "<script>" not in page and "&lt;script&gt;" in page and "<b>?" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_nothing_known_is_words_and_no_figure() -> None:
    text = said.text(empty())
    assert "no sessions yet" in text and "was not told" in text and "nothing is led" in text
    told = text.split("Expert defaults")[0]
    assert not re.search(r"\d", told.replace("2026-03-01", "").replace("28 days", ""))


def test_each_mean_stands_with_its_sd_and_number_and_each_angle_with_its_sd() -> None:
    sheet = handover(example_handover())
    assert re.search(r"4\.5 \(sd 0\.6, n 10\)", said.pain_words(sheet))
    assert "95 % interval" in said.movement_words(sheet)
    first, last, verdict = said.range_words(sheet.ranges[0])
    assert "sd 3°" in first and "sd 3°" in last and verdict == "−8°, within 12°"
    assert "9 of 12 (47 to 91 %)" in [said.share_words(r.next_day) for r in sheet.practised]


def test_a_decision_says_how_well_founded_it_is() -> None:
    day = date(2026, 3, 1)
    for ids, grade in (
        (("progress.flare",), "expert default"),
        (("dose.saturation",), "unverified"),
        (("learning.repeatability", "progress.flare"), "expert default"),
    ):
        assert f", {grade}]" in said.decided_words(DecidedTold(day, ("G",), "One.", "", ids))


@pytest.mark.browser
@pytest.mark.parametrize("make", [full, roomy, empty], ids=["full", "roomy", "empty"])
def test_it_is_one_page_of_paper_with_nothing_cut_off(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    if CHROMIUM is None:
        pytest.skip("the page is not printed: apt-get install chromium")
    api = pytest.importorskip("playwright.sync_api")
    out = tmp_path / "handover.html"
    out.write_text(handover_page(make()), encoding="utf-8")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 1200})
        page.goto(out.as_uri())
        high, shown, wide, room = page.evaluate(
            "(() => { const m = document.querySelector('main');"
            "return [m.scrollHeight, m.clientHeight, m.scrollWidth, m.clientWidth]; })()"
        )
        pdf = page.pdf(prefer_css_page_size=True, print_background=True)
        browser.close()
    assert high <= shown and wide <= room
    assert pdf.count(b"/Type /Page\n") == 1
