"""A mark of today may take a window of another day nearer, and its ceiling never further."""

import pytest
from fake_anatomy import FakeAnatomy
from hypothesis import given, settings
from hypothesis import strategies as st
from postures_of_body import body

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.person import Mark, MarkKind, Window
from lengthwise.tissue.engine import Params, opened, start, step, withheld
from lengthwise.tissue.range import range_bounds

MODEL = FakeAnatomy()
BOUNDS = range_bounds(MODEL)
HAMSTRINGS = (MuscleGroup.HAMSTRINGS, Side.RIGHT)
ROW = GROUP_INDEX[HAMSTRINGS]
CEILINGS = st.sampled_from([0.3, 0.6, 0.9])


def at_share(share: float) -> float:
    return float(BOUNDS.shortest_m[ROW] + share * BOUNDS.span_m[ROW])


def marked(first: float, tolerance: float, *, ceiling: float, relief: bool, setup: str) -> Params:
    """A window of another day, its marks at shares of the range."""
    marks = tuple(
        Mark(*HAMSTRINGS, kind, at_share(share), 0.002, 0.3, "2026-01-01T08:00:00Z", "camera")
        for kind, share in (
            (MarkKind.FIRST_RESISTANCE, first),
            (MarkKind.TOLERANCE, tolerance),
        )
    )
    own = Window(*HAMSTRINGS, ceiling=ceiling)
    return Params(MODEL, BOUNDS, marks=marks, setup=setup, windows=(own,), relief=relief)


def lengths_at(
    params: Params, said: list[tuple[float, SignalKind]], places: tuple[float, ...]
) -> list[float] | None:
    """Muscle lengths (m) at window positions, after marks at angles of the hip (degrees); None
    where nothing fits between the marks. Positions are linear in length."""
    state, found = start(params), []
    for hip_deg, kind in said:
        state, _ = step(params, state, body(hip_flexion_r=hip_deg))
        state, _ = step(params, state, PersonSignal(1.0, kind, (HAMSTRINGS,)))
    for hip_deg in (40.0, 70.0):
        _, tissue = step(params, state, body(hip_flexion_r=hip_deg))
        assert tissue is not None
        raw = tissue.raw_window(*HAMSTRINGS)
        if raw is None:
            return None
        found.append((raw.mean, float(tissue.length_m[ROW])))
    (p_a, l_a), (p_b, l_b) = found
    return [l_a + (p - p_a) * (l_b - l_a) / (p_b - p_a) for p in places]


@settings(deadline=None)
@given(
    hip_deg=st.floats(0.0, 110.0), ceiling=CEILINGS, relief=st.booleans(),
    setup=st.sampled_from(["camera", "imu:pelvis"]),
)  # fmt: skip
def test_no_first_pull_of_today_lifts_the_ceiling(
    hip_deg: float, ceiling: float, relief: bool, setup: str
) -> None:
    params = marked(0.4, 0.8, ceiling=ceiling, relief=relief, setup=setup)
    before = lengths_at(params, [], (ceiling,))
    after = lengths_at(params, [(hip_deg, SignalKind.FIRST_RESISTANCE)], (ceiling,))
    assert before is not None
    assert after is not None, "no word of today takes the ceiling away"
    assert after[0] <= before[0] + 1e-9


@settings(deadline=None)
@given(
    first_deg=st.floats(0.0, 110.0), tolerance_deg=st.floats(0.0, 110.0), ramp=st.booleans(),
    place=st.floats(0.0, 1.0),
)  # fmt: skip
def test_under_pain_relief_no_mark_of_today_raises_any_place_of_the_window(
    first_deg: float, tolerance_deg: float, ramp: bool, place: float
) -> None:
    params = marked(0.4, 0.8, ceiling=0.9, relief=True, setup="camera")
    said = [(first_deg, SignalKind.FIRST_RESISTANCE)]
    said += [(tolerance_deg, SignalKind.TOLERANCE)] if ramp else []
    before, after = lengths_at(params, [], (place,)), lengths_at(params, said, (place,))
    assert before is not None
    assert after is None or after[0] <= before[0] + 1e-9


def test_a_pull_as_before_changes_no_place() -> None:
    params = marked(0.5, 0.8, ceiling=0.9, relief=False, setup="camera")
    places = (0.0, 0.6, 0.9, 1.0)
    first_m, *_ = lengths_at(params, [], places) or [0.0]
    low, high = 0.0, 110.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        _, tissue = step(params, start(params), body(hip_flexion_r=middle))
        assert tissue is not None
        low, high = (middle, high) if tissue.length_m[ROW] < first_m else (low, middle)
    after = lengths_at(params, [(low, SignalKind.FIRST_RESISTANCE)], places)
    assert after == pytest.approx(lengths_at(params, [], places), abs=1e-9)


def test_a_late_pull_leaves_less_between_it_and_the_same_ceiling() -> None:
    """By hand: marks at 0.4 and 0.8 of the range, the pull at 0.5; the ceiling of 0.9 stays at
    0.76, so tolerance comes to 0.5 + 0.26 / 0.9 = 0.789 of the range."""
    params = marked(0.4, 0.8, ceiling=0.9, relief=False, setup="camera")
    low, high = 0.0, 110.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        _, tissue = step(params, start(params), body(hip_flexion_r=middle))
        assert tissue is not None
        low, high = (middle, high) if tissue.length_m[ROW] < at_share(0.5) else (low, middle)
    said = [(low, SignalKind.FIRST_RESISTANCE)]
    found = lengths_at(params, said, (0.0, 0.9, 1.0))
    expected = [at_share(x) for x in (0.5, 0.76, 0.5 + 0.26 / 0.9)]
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("hip_deg", [88.0, 95.0, 110.0])
@pytest.mark.parametrize("setup", ["camera", "imu:pelvis"])
def test_a_pull_said_beyond_the_ceiling_leaves_the_window_as_it_was(
    hip_deg: float, setup: str
) -> None:
    """Else the very word that comes too late would take the ceiling away."""
    params = marked(0.4, 0.8, ceiling=0.9, relief=False, setup=setup)
    places = (0.0, 0.9, 1.0)
    before = lengths_at(params, [], places)
    _, tissue = step(params, start(params), body(hip_flexion_r=hip_deg))
    assert tissue is not None and before is not None
    assert tissue.length_m[ROW] > before[1] - 0.005
    assert lengths_at(params, [(hip_deg, SignalKind.FIRST_RESISTANCE)], places) == pytest.approx(
        before
    )


@given(
    firsts=st.tuples(st.floats(20.0, 40.0), st.floats(20.0, 40.0)),
    tolerances=st.tuples(st.floats(45.0, 80.0), st.floats(45.0, 80.0)),
)
@settings(deadline=None, max_examples=30)
def test_of_two_ramps_the_lower_is_measured_against_and_neither_while_they_are_led(
    firsts: tuple[float, float], tolerances: tuple[float, float]
) -> None:
    params = Params(MODEL, BOUNDS)
    state, seen = start(params), []
    for first, tolerance in zip(firsts, tolerances, strict=True):
        for hip_deg, kind in (
            (first, SignalKind.FIRST_RESISTANCE),
            (tolerance, SignalKind.TOLERANCE),
        ):
            state, tissue = step(params, state, body(hip_flexion_r=hip_deg))
            assert tissue is not None and tissue.raw_window(*HAMSTRINGS) is None
            seen.append(float(tissue.length_m[ROW]))
            state = withheld(params, state, PersonSignal(1.0, kind, (HAMSTRINGS,)))
    state = opened(state)
    assert state.withheld == ()
    _, tissue = step(params, state, body(hip_flexion_r=50.0))
    assert tissue is not None
    position = tissue.raw_window(*HAMSTRINGS)
    assert position is not None
    first_m, tolerance_m = min(seen[0::2]), min(seen[1::2])
    length_m = float(tissue.length_m[ROW])
    assert position.mean == pytest.approx((length_m - first_m) / (tolerance_m - first_m), abs=1e-6)


@pytest.mark.parametrize("late_deg", [45.0, 60.0])
def test_once_both_are_marked_today_a_later_mark_of_either_kind_changes_no_place(
    late_deg: float,
) -> None:
    params = Params(MODEL, BOUNDS)
    said = [(30.0, SignalKind.FIRST_RESISTANCE), (60.0, SignalKind.TOLERANCE)]
    first = lengths_at(params, said, (0.0, 0.9, 1.0))
    for kind in (SignalKind.FIRST_RESISTANCE, SignalKind.TOLERANCE):
        later = late_deg if kind is SignalKind.FIRST_RESISTANCE else late_deg + 20.0
        assert lengths_at(params, [*said, (later, kind)], (0.0, 0.9, 1.0)) == pytest.approx(first)
