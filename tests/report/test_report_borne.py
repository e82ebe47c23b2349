"""Load and nerves on the page: only what was known, and never as a verdict."""

import msgspec
import pytest
from report_reading import ReadPage
from report_sessions import lunge

from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import (
    Estimate,
    LevelLoad,
    LumbarLoad,
    NerveStrain,
    SideStrain,
    TissueState,
)
from lengthwise.report.borne import borne_html

TIMES = (0.0, 60.0)


def _with(frame: FrameLogged, lumbar: LumbarLoad | None, nerve: NerveStrain | None) -> FrameLogged:
    tissue: TissueState = msgspec.structs.replace(frame.tissue, lumbar=lumbar, nerve=nerve)
    return msgspec.structs.replace(frame, tissue=tissue)


def _level(ratio: float) -> LevelLoad:
    return LevelLoad(Estimate(ratio, 0.2 * ratio), Estimate(600.0, 100.0), None)


FRAMES = lunge(step_s=0.5).frames
LUMBAR = LumbarLoad(l4l5=_level(2.4), l5s1=_level(2.0))
SIDE = SideStrain(Estimate(0.031, 0.004), Estimate(0.02, 0.05), 0.01, True)


def test_nothing_is_drawn_of_what_was_never_known() -> None:
    assert borne_html([_with(f, None, None) for f in FRAMES], TIMES, ()) == ""


def test_what_was_known_for_a_moment_only_is_not_drawn() -> None:
    frames = [_with(f, LUMBAR if i < 2 else None, None) for i, f in enumerate(FRAMES)]
    assert borne_html(frames, TIMES, ()) == ""


def test_load_and_nerve_are_told_against_standing() -> None:
    frames = [_with(f, LUMBAR, NerveStrain(SIDE, SIDE)) for f in FRAMES]
    text = ReadPage(borne_html(frames, TIMES, ())).text
    assert "2.4 (up to 3.3) × standing" in text and "2.0 (up to 2.8) × standing" in text
    assert "3.1 % longer (up to 3.9 %)" in text
    assert "2.0 % longer" not in text, "too unsure to be drawn"
    assert "cannot tell that a pain is harmless" in text


def _femoral(mean: float, sd: float) -> NerveStrain:
    side = SideStrain(Estimate(-0.02, 0.004), Estimate(mean, sd), 0.0, True)
    return NerveStrain(side, side)


def test_a_nerve_that_is_stretched_and_too_unsure_is_named_with_why_and_what_would_help() -> None:
    frames = [_with(f, None, _femoral(0.03, 0.05)) for f in FRAMES]
    text = ReadPage(borne_html(frames, TIMES, ())).text
    assert "Path of the femoral nerve, left leg: This stretch also lengthens it" in text
    assert "left leg sideways" in text and "where the camera stood" in text
    assert "sensor on the thigh" in text


def test_a_nerve_that_stays_slack_needs_no_sentence() -> None:
    frames = [_with(f, None, _femoral(-0.03, 0.05)) for f in FRAMES]
    assert "femoral" not in ReadPage(borne_html(frames, TIMES, ())).text


def test_a_strain_does_not_become_untold_by_growing() -> None:
    """People's paths differ by 0.3 of a strain: 1.4 of 4.6 %, over the limit of a small one."""
    frames = [_with(f, None, _femoral(0.046, 0.015)) for f in FRAMES]
    text = ReadPage(borne_html(frames, TIMES, ())).text
    assert "4.6 % longer (up to 7.5 %)" in text and "too unsure to draw" not in text


def test_a_plot_with_gaps_never_says_at_most() -> None:
    """What could not be told may have been more."""
    frames = [_with(f, LUMBAR if i % 40 < 20 else None, None) for i, f in enumerate(FRAMES)]
    text = ReadPage(borne_html(frames, TIMES, ())).text
    assert "where it could be told 2.4" in text and "not told for" in text
    assert "at most" not in text


def test_a_path_that_stays_short_is_called_slack_and_gets_no_number() -> None:
    slack = SideStrain(Estimate(-0.03, 0.004), Estimate(0.02, 0.05), 0.0, True)
    text = ReadPage(
        borne_html([_with(f, None, NerveStrain(slack, slack)) for f in FRAMES], TIMES, ())
    ).text
    assert "slack" in text and "longer" not in text


@pytest.mark.parametrize("word", ["danger", "harmful", "damage", "risk", "wrong", "bad "])
def test_no_word_alarms(word: str) -> None:
    frames = [_with(f, LUMBAR, NerveStrain(SIDE, SIDE)) for f in FRAMES]
    assert word not in borne_html(frames, TIMES, ()).lower()
