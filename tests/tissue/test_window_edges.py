"""The edges that a screen draws are those that the position is measured between."""

import numpy as np
from fake_anatomy import FakeAnatomy
from hypothesis import given, settings
from hypothesis import strategies as st
from postures_of_body import body

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind, Window
from lengthwise.tissue.engine import Params, State, start, step
from lengthwise.tissue.range import range_bounds
from lengthwise.tissue.window_edges import CEILING, FIRST, LOWER, TOLERANCE, UPPER, window_edges

MODEL = FakeAnatomy()
BOUNDS = range_bounds(MODEL)
HAMSTRINGS = (MuscleGroup.HAMSTRINGS, Side.RIGHT)
ROW = GROUP_INDEX[HAMSTRINGS]
FIRST_KIND, TOLERANCE_KIND = MarkKind.FIRST_RESISTANCE, MarkKind.TOLERANCE


def params(marks: dict[MarkKind, float], window: Window | None = None) -> Params:
    """Marks of another day at shares of the range."""
    kept = tuple(
        Mark(
            *HAMSTRINGS, kind, float(BOUNDS.shortest_m[ROW] + share * BOUNDS.span_m[ROW]),
            0.002, 0.3, "2026-01-01T08:00:00Z", "camera",
        )
        for kind, share in marks.items()
    )  # fmt: skip
    windows = () if window is None else (window,)
    return Params(MODEL, BOUNDS, marks=kept, setup="camera", windows=windows)


def edges(of: Params, state: State | None = None, *, window_leads: bool = True) -> np.ndarray:
    marks = () if state is None else state.marks
    return window_edges(of.ground, marks, window_leads=window_leads)


@settings(deadline=None)
@given(
    hip_deg=st.floats(5.0, 80.0), first=st.floats(0.2, 0.4), tolerance=st.floats(0.6, 0.9),
    marked_deg=st.none() | st.floats(10.0, 60.0),
)  # fmt: skip
def test_a_reading_at_an_edge_has_the_position_of_the_window_there(
    hip_deg: float, first: float, tolerance: float, marked_deg: float | None
) -> None:
    of = params({FIRST_KIND: first, TOLERANCE_KIND: tolerance})
    state = start(of)
    if marked_deg is not None:
        state, _ = step(of, state, body(hip_flexion_r=marked_deg))
        said = PersonSignal(1.0, SignalKind.FIRST_RESISTANCE, (HAMSTRINGS,))
        state, _ = step(of, state, said)
    _, tissue = step(of, state, body(hip_flexion_r=hip_deg))
    assert tissue is not None
    row = edges(of, state)[ROW]
    position = tissue.raw_window(*HAMSTRINGS)
    if position is None:
        assert np.isnan(row[TOLERANCE])
        return
    share = (tissue.length_m[ROW] - BOUNDS.shortest_m[ROW]) / BOUNDS.span_m[ROW]
    assert np.isclose((share - row[FIRST]) / (row[TOLERANCE] - row[FIRST]), position.mean)


def test_the_window_is_the_persons_own() -> None:
    own = Window(*HAMSTRINGS, low=0.5, high=0.7, ceiling=0.8)
    row = edges(params({FIRST_KIND: 0.2, TOLERANCE_KIND: 0.7}, own))[ROW]
    assert np.allclose(row, [0.2, 0.45, 0.55, 0.6, 0.7])


def test_without_both_marks_there_is_no_window() -> None:
    found = edges(params({FIRST_KIND: 0.3}))
    assert np.isclose(found[ROW, FIRST], 0.3)
    assert np.isnan(np.delete(found, FIRST, axis=1)).all()
    assert np.isnan(edges(params({TOLERANCE_KIND: 0.7}))).all()
    assert np.isnan(edges(params({FIRST_KIND: 0.7, TOLERANCE_KIND: 0.3}))[ROW, 1:]).all()


def test_whoever_is_not_led_by_a_window_sees_none() -> None:
    row = edges(params({FIRST_KIND: 0.2, TOLERANCE_KIND: 0.7}), window_leads=False)[ROW]
    assert np.isnan(row[[LOWER, UPPER]]).all()
    assert np.isfinite(row[[FIRST, CEILING, TOLERANCE]]).all()
