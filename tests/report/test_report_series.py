"""What is drawn of one quantity over time: known stretches, and fog over all the rest."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_sessions import body_state, tissue_state

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.session import FrameLogged
from lengthwise.contracts.states import Unseen
from lengthwise.report.body_plots import angle_plot, muscle_plot
from lengthwise.report.plots import Plot, label_place, plot_html
from lengthwise.report.series import Series, coordinate_series, muscle_series
from lengthwise.report.window_band import window_band

HIP = Coordinate.HIP_FLEXION_L
PSOAS = (MuscleGroup.PSOAS, Side.LEFT)


def _frames(claims: list[bool], *, step_s: float = 0.1) -> list[FrameLogged]:
    return [
        FrameLogged(
            body_state(k * step_s, {HIP: float(k)}, unseen={} if claim else {HIP: Unseen.OCCLUDED}),
            tissue_state(k * step_s, {PSOAS: 0.5}, claimed=claim),
            None,
        )
        for k, claim in enumerate(claims)
    ]


def _drawn_times(series: Series) -> set[float]:
    return {round(float(t), 6) for run in series.runs for t in run.t_s}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_no_unclaimed_frame_lies_within_a_drawn_stretch(claims: list[bool]) -> None:
    series = coordinate_series(_frames(claims), HIP)
    hidden = [k * 0.1 for k, claim in enumerate(claims) if not claim]
    for run in series.runs:
        assert not [t for t in hidden if run.t_s[0] - 1e-9 <= t <= run.t_s[-1] + 1e-9]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_every_claimed_frame_is_drawn(claims: list[bool]) -> None:
    series = coordinate_series(_frames(claims), HIP)
    assert _drawn_times(series) == {round(k * 0.1, 6) for k, c in enumerate(claims) if c}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=60))
def test_fog_and_known_stretches_cover_the_whole_time(claims: list[bool]) -> None:
    series = coordinate_series(_frames(claims), HIP)
    known = sum(float(r.t_s[-1] - r.t_s[0]) for r in series.runs)
    fogged = sum(f.end_s - f.start_s for f in series.fog)
    assert np.isclose(known + fogged, (len(claims) - 1) * 0.1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.booleans(), min_size=2, max_size=60))
def test_a_plot_has_one_stroke_per_known_stretch(claims: list[bool]) -> None:
    series = coordinate_series(_frames(claims), HIP)
    html = plot_html(angle_plot(HIP, series, time_range_s=(0.0, 6.0), shades=()))
    line = re.search(r'class="line" d="([^"]*)"', html).group(1)
    assert line.count("M") == len(series.runs)


def test_a_pause_without_frames_is_not_bridged() -> None:
    early, late = _frames([True] * 10), _frames([True] * 210)[200:]
    series = coordinate_series(early + late, HIP)
    assert len(series.runs) == 2
    assert [f.why for f in series.fog] == [None]


def test_fog_names_its_most_frequent_reason() -> None:
    frames = _frames([True, False, False, True])
    assert [f.why for f in coordinate_series(frames, HIP).fog] == [Unseen.OCCLUDED]


def test_thinning_keeps_both_ends_and_bounds_the_points() -> None:
    series = coordinate_series(_frames([True] * 5000, step_s=0.01), HIP)
    assert len(series.runs) == 1
    assert len(series.runs[0].t_s) <= 500
    assert series.runs[0].t_s[0] == 0.0
    assert np.isclose(series.runs[0].t_s[-1], 49.99)


def test_a_flickering_coordinate_shows_only_steady_stretches() -> None:
    claims = [k % 2 == 0 for k in range(1000)] + [True] * 300
    series = coordinate_series(_frames(claims), HIP)
    assert len(series.runs) == 1
    assert series.runs[0].t_s[0] >= 99.8


def test_an_unclaimed_muscle_is_all_fog() -> None:
    series = muscle_series(_frames([False] * 20), *PSOAS)
    assert not series.known
    assert series.bounds() is None
    assert len(series.fog) == 1


def test_the_window_is_read_back_from_positions_between_the_marks() -> None:
    """First resistance at .5, tolerance at .9: the window .60 to .85 lies at .74 to .84."""
    frames = [
        FrameLogged(
            body_state(t, {}),
            tissue_state(t, {PSOAS: f}, positions={PSOAS: (f - 0.5) / 0.4}),
            None,
        )
        for t, f in ((0.0, 0.5), (1.0, 0.6), (2.0, 0.8))
    ]
    assert np.allclose(window_band(frames, *PSOAS, ()), (0.74, 0.84))


def test_without_marks_there_is_no_window() -> None:
    assert window_band(_frames([True] * 5), *PSOAS, ()) is None


def test_a_lone_outlier_is_not_taken_for_the_furthest_position() -> None:
    frames = _frames([True] * 50)
    spike = body_state(2.5, {HIP: 170.0})
    frames[25] = FrameLogged(spike, frames[25].tissue, None)
    t_s, estimate = coordinate_series(frames, HIP).at_extreme(True)
    assert t_s > 4.5
    assert np.degrees(estimate.mean) < 60.0


def test_a_moment_known_for_one_frame_only_is_still_seen() -> None:
    series = coordinate_series(_frames([False, True, False]), HIP)
    html = plot_html(angle_plot(HIP, series, time_range_s=(0.0, 0.2), shades=()))
    assert re.search(r'class="line" d="M\d+ \d+h\d', html)


def _label_box(plot: Plot) -> tuple[float, float]:
    place = label_place(plot.scale, plot.mark, plot.series)
    return place.top, place.bottom


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(-60.0, 60.0), min_size=3, max_size=30),
    st.floats(0.5, 5.0),
)
def test_the_words_of_an_angle_stay_in_the_plot_and_off_the_extreme_they_name(
    degrees: list[float], sd_deg: float
) -> None:
    frames = [
        FrameLogged(body_state(float(k), {HIP: v}, sd_deg=sd_deg), tissue_state(float(k), {}), None)
        for k, v in enumerate(degrees)
    ]
    series = coordinate_series(frames, HIP)
    plot = angle_plot(HIP, series, time_range_s=(0.0, float(len(frames))), shades=())
    top, bottom = _label_box(plot)
    assert top >= -1e-9
    assert bottom <= 100.0 + 1e-9
    y = plot.scale.y(plot.mark.value)
    assert not top < y < bottom


@pytest.mark.parametrize("at", [0.05, 0.5, 0.95])
def test_the_words_of_a_muscle_stand_off_its_line(at: float) -> None:
    """A peak anywhere in time, on a line near the top of the range."""
    values = [0.85 + 0.1 * np.exp(-((k / 100 - at) ** 2) / 0.002) for k in range(101)]
    frames = [
        FrameLogged(body_state(float(k), {}), tissue_state(float(k), {PSOAS: v}), None)
        for k, v in enumerate(values)
    ]
    series = muscle_series(frames, *PSOAS)
    plot = muscle_plot("x", series, time_range_s=(0.0, 100.0), shades=(), window=None)
    top, _ = _label_box(plot)
    lowest_band = plot.scale.y(0.85 - 1.96 * 0.03)
    assert top > lowest_band


def test_the_words_of_a_mark_never_begin_beyond_the_box() -> None:
    """Long words at the end of the time: held back by their own width, not cut."""
    series = coordinate_series(_frames([True] * 20), HIP)
    html = plot_html(angle_plot(HIP, series, time_range_s=(0.0, 2.0), shades=()))
    said = re.search(r'class="said" style="(left|right):max\(0px,min\(.*?,100% - (\d+)px', html)
    assert said is not None
    assert int(said.group(2)) >= 7 * len("19° bent")


def test_a_turn_never_known_says_that_no_sensor_sees_it() -> None:
    turn = Coordinate.THORAX_ROTATION
    frames = [
        FrameLogged(
            body_state(float(k), {}, unseen={turn: Unseen.NO_SENSOR}),
            tissue_state(float(k), {}),
            None,
        )
        for k in range(5)
    ]
    series = coordinate_series(frames, turn)
    html = plot_html(angle_plot(turn, series, time_range_s=(0.0, 4.0), shades=()))
    assert "no sensor sees a turn" in html
    assert 'class="plot unknown"' in html


def test_words_go_to_the_other_side_where_the_line_falls_away() -> None:
    """High from the middle on, and low just before: the words stay near the point, after it."""
    values = [0.2] * 55 + [0.9] * 46
    frames = [
        FrameLogged(body_state(float(k), {}), tissue_state(float(k), {PSOAS: v}), None)
        for k, v in enumerate(values)
    ]
    series = muscle_series(frames, *PSOAS)
    plot = muscle_plot("x", series, time_range_s=(0.0, 100.0), shades=(), window=None)
    place = label_place(plot.scale, plot.mark, series)
    assert plot.scale.x(plot.mark.t_s) > 50
    assert place.after
    assert abs((place.top + place.bottom) / 2 - plot.scale.y(plot.mark.value)) < 25
