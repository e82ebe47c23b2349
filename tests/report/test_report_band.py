"""What a motorised band did, on the page of its session."""

from dataclasses import replace

from msgspec.structs import replace as changed
from report_reading import ReadPage
from report_sessions import lunge

from lengthwise.band.signals import Cause
from lengthwise.report.band_driven import (
    BandMoment,
    BandRelease,
    BandReport,
    band_driven_html,
    release_words,
)
from lengthwise.report.page import build_report

TIMES = (0.0, 20.0)
PULLED = BandReport(
    name="band", cap_n=100.0, pulled_s=12.4, by_force_s=0.0, held_s=11.0, in_window_s=9.0,
    unsure_s=2.0, rmse_n=0.52, most_n=58.3, commanded_n=60.0,
    releases=(BandRelease(14.0, ("grip", "not_allowed")),),
    course=tuple(BandMoment(0.1 * i, min(i, 58.0), 58.0 if i < 140 else 0.0) for i in range(150)),
)  # fmt: skip


def said(band: BandReport | None) -> str:
    return ReadPage(band_driven_html(band, TIMES, ())).text


def test_every_cause_of_a_release_has_words() -> None:
    told = {release_words((cause.value,)) for cause in Cause}
    assert len(told) == len(Cause), "and each its own"


def test_a_cause_of_a_later_version_is_told_by_its_name() -> None:
    assert release_words(("too_cold",)) == "too cold"
    assert release_words(()) == "at rest"


def test_it_says_how_long_how_strongly_and_how_much_of_it_in_the_window() -> None:
    text = said(PULLED)
    assert "12 s in all, at most 58 N; you allowed 100 N" in text
    assert "for 11 s: 9 s of them surely in your window, 2 s where that was not known" in text
    assert "0:14: the grip was let go of, the coach lets nothing pull now" in text
    assert "position was not known" not in text, "it never was led by force alone"


def test_what_was_led_by_force_alone_is_told() -> None:
    assert "For 0.8 s of it your position was not known" in said(
        BandReport(
            **{n: getattr(PULLED, n) for n in PULLED.__struct_fields__} | {"by_force_s": 0.8}
        )
    )


def test_a_gap_in_its_readings_is_not_bridged() -> None:
    early, late = PULLED.course[:50], PULLED.course[100:]
    whole = band_driven_html(PULLED, TIMES, ()).count("M")
    torn = band_driven_html(changed(PULLED, course=(*early, *late)), TIMES, ())
    assert torn.count("M") > whole


def test_the_mark_stands_at_a_pull_of_the_band_and_tells_that_one() -> None:
    """Not at what somebody pulled on it while it was at rest."""
    tugged = (*PULLED.course, BandMoment(15.0, 90.0, 0.0))
    drawn = band_driven_html(changed(PULLED, course=tugged), TIMES, ())
    assert 'class="mark" style="left:29.00%' in drawn, "5.8 of 20 s"
    assert "58 N" in drawn and "90 N" not in drawn


def test_what_is_told_of_steadiness_is_no_bound() -> None:
    assert "within 0.5 N" not in said(PULLED) and "by 0.5 N (root mean square" in said(PULLED)


def test_without_a_band_nothing_is_said_and_with_one_the_page_has_it() -> None:
    assert said(None) == ""
    session = lunge()
    assert "The band" not in ReadPage(build_report(session)).text
    page = ReadPage(build_report(replace(session, band=PULLED))).text
    assert "The band" in page and "Pull of the band" in page
