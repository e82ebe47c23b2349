"""Personal figures of passive tension: from marks, from the population, and their doubt."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tension_body import COUNT, HAMSTRINGS, KNOWN, SURE, tense_body

from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.passive_tension import (
    MarkedLength,
    PersonalTension,
    Tension,
    TensionSource,
    calibrated,
    first_resistance_n,
    marked_lengths,
    population,
    tension,
    tolerance_n,
)
from lengthwise.tissue.tension_window import tension_position, torque_position

BODY = tense_body()
CURVES = BODY.curves
USUAL = population(CURVES)
NEUTRAL_M = CURVES.neutral_m
rows = st.integers(0, COUNT - 1)
firsts = st.floats(-0.02, 0.06)
spans = st.floats(0.008, 0.05)


def mark(row: int, kind: MarkKind, further_m: float, sd_m: float = 0.0) -> MarkedLength:
    """`further_m` beyond the neutral length."""
    group, side = GROUP_SIDES[row]
    return MarkedLength(group, side, kind, float(NEUTRAL_M[row]) + further_m, sd_m)


def first_only(row: int, further_m: float, sd_m: float = 0.0) -> PersonalTension:
    return calibrated(CURVES, USUAL, [mark(row, MarkKind.FIRST_RESISTANCE, further_m, sd_m)])


def both(row: int, first_m: float, span_m: float, sd_m: float = 0.0) -> PersonalTension:
    marks = [
        mark(row, MarkKind.FIRST_RESISTANCE, first_m, sd_m),
        mark(row, MarkKind.TOLERANCE, first_m + span_m, sd_m),
    ]
    return calibrated(CURVES, USUAL, marks)


def at(personal: PersonalTension, further_m: float, sd_m: float = 0.0) -> Tension:
    return tension(CURVES, personal, NEUTRAL_M + further_m, length_sd_m=SURE + sd_m, known=KNOWN)


@given(rows, firsts)
def test_first_resistance_is_exactly_where_it_was_marked(row: int, first_m: float) -> None:
    found = at(first_only(row, first_m), first_m).tension_n[row]
    assert found == pytest.approx(first_resistance_n(CURVES, row), rel=1e-9)


@given(rows, firsts, spans)
def test_both_marks_are_exactly_where_they_were_marked(
    row: int, first_m: float, span_m: float
) -> None:
    personal = both(row, first_m, span_m)
    assert at(personal, first_m).tension_n[row] == pytest.approx(
        first_resistance_n(CURVES, row), rel=1e-9
    )
    if personal.source[row] is TensionSource.BOTH_MARKS:
        assert at(personal, first_m + span_m).tension_n[row] == pytest.approx(
            tolerance_n(CURVES, row), rel=1e-8
        )


def test_the_result_says_what_it_rests_on() -> None:
    assert set(at(USUAL, 0.0).source) == {TensionSource.POPULATION}
    one = at(first_only(HAMSTRINGS, 0.03), 0.0).source
    assert one[HAMSTRINGS] is TensionSource.FIRST_RESISTANCE
    assert one[HAMSTRINGS - 1] is TensionSource.POPULATION
    assert at(both(HAMSTRINGS, 0.03, 0.02), 0.0).source[HAMSTRINGS] is TensionSource.BOTH_MARKS


def test_a_tolerance_alone_changes_nothing() -> None:
    found = calibrated(CURVES, USUAL, [mark(HAMSTRINGS, MarkKind.TOLERANCE, 0.05)])
    assert encode(found) == encode(USUAL)


@pytest.mark.parametrize("span_m", [-0.01, 0.0, 0.0015, 0.5])
def test_marks_that_make_no_sense_together_leave_the_first(span_m: float) -> None:
    found = both(HAMSTRINGS, 0.03, span_m)
    assert found.source[HAMSTRINGS] is TensionSource.FIRST_RESISTANCE
    assert found.stiffness_ratio[HAMSTRINGS] == USUAL.stiffness_ratio[HAMSTRINGS]


@given(rows, firsts, st.floats(0.001, 0.02))
def test_who_feels_it_later_has_a_later_slack_by_as_much(
    row: int, first_m: float, later_m: float
) -> None:
    early, late = (
        first_only(row, m).slack_shift_m(CURVES)[row] for m in (first_m, first_m + later_m)
    )
    assert late - early == pytest.approx(later_m, abs=1e-9)


@given(st.integers(0, COUNT // 2 - 1), firsts, spans, st.floats(-0.02, 0.08))
def test_sides_change_places_with_the_marks(
    group: int, first_m: float, span_m: float, further_m: float
) -> None:
    left, right = (at(both(2 * group + i, first_m, span_m), further_m) for i in (0, 1))
    assert left.tension_n[2 * group] == pytest.approx(right.tension_n[2 * group + 1], rel=1e-9)


def test_a_taller_person_feels_the_population_at_the_same_share_of_length() -> None:
    tall = tense_body(1.90).curves
    figures = population(tall, generic=CURVES)
    share = figures.slack_shift_m(tall) / tall.neutral_m
    assert share == pytest.approx(USUAL.slack_shift_m(CURVES) / NEUTRAL_M, rel=0.02, abs=1e-12)


def test_unknown_lengths_stay_unknown_and_nothing_else_changes() -> None:
    length_m, known = NEUTRAL_M + 0.03, KNOWN.copy()
    length_m[0], known[4] = np.nan, False
    found = tension(CURVES, USUAL, length_m, length_sd_m=SURE, known=known)
    whole = at(USUAL, 0.03)
    assert found.of(MuscleGroup.PSOAS, Side.LEFT) is None
    assert found.of(MuscleGroup.RECTUS_FEMORIS, Side.LEFT) is None
    assert np.all(np.isfinite(found.tension_n))
    others = [i for i in range(COUNT) if i not in (0, 4)]
    assert np.array_equal(found.tension_n[others], whole.tension_n[others])
    assert found.of(MuscleGroup.PSOAS, Side.RIGHT) == whole.of(MuscleGroup.PSOAS, Side.RIGHT)


@given(rows, firsts, spans, st.floats(0.0, 0.01), st.floats(0.0005, 0.01))
def test_the_sd_grows_with_that_of_the_length(
    row: int, first_m: float, span_m: float, sd_m: float, more_m: float
) -> None:
    personal = both(row, first_m, span_m, 0.002)
    here, wider = (at(personal, first_m + 0.5 * span_m, s).sd_n[row] for s in (sd_m, sd_m + more_m))
    assert wider > here * (1.0 - 1e-9)


def test_marks_make_the_tension_surer_than_the_population_does() -> None:
    """Half way between the marks, in every group, at a known length."""
    for row in range(COUNT):
        middle_m = 0.5 * sum(
            CURVES.stretch_at(row, level(CURVES, row))
            for level in (first_resistance_n, tolerance_n)
        )
        where_m = middle_m / USUAL.stiffness_ratio[row] + USUAL.slack_shift_m(CURVES)[row]
        usual = at(USUAL, where_m)
        marked = at(both(row, where_m - 0.01, 0.02, 0.002), where_m)
        assert marked.sd_n[row] / marked.tension_n[row] < usual.sd_n[row] / usual.tension_n[row]


@pytest.mark.parametrize(
    ("group", "sd_m"),
    [
        ("hamstrings", 0.001),
        ("hamstrings", 0.003),
        ("psoas", 0.001),
        ("rectus_femoris", 0.003),
        ("calf", 0.001),
        ("adductors", 0.001),
    ],
)
@pytest.mark.parametrize("further", [0.0, 0.6, 0.9])
def test_the_sd_of_a_marked_person_agrees_with_monte_carlo_within_a_tenth(
    group: str, sd_m: float, further: float
) -> None:
    """Marks, their levels, the length and the fascicles' error drawn anew 200,000 times."""
    row = GROUP_INDEX[MuscleGroup(group), Side.RIGHT]
    rng, count, span_m = np.random.default_rng(11), 200_000, 0.025
    where_m = 0.03 + further * span_m
    told = at(both(row, 0.03, span_m, sd_m), where_m, 0.002)
    grid_m = CURVES.start_m[row] + CURVES.step_m[row] * np.linspace(0.0, 800.0, 20_000)
    tension_n = np.array([CURVES.at(row, u)[0] for u in grid_m])
    high_n = tolerance_n(CURVES, row) * np.exp(rng.normal(0.0, 0.3, count))
    low_m = CURVES.stretch_at(row, first_resistance_n(CURVES, row))
    high_m = np.interp(high_n, tension_n, grid_m)
    l1, l2 = rng.normal(0.03, sd_m, count), rng.normal(0.03 + span_m, sd_m, count)
    errs_m = np.hypot(0.002, CURVES.fascicle_sd_m[row])
    u = low_m + (high_m - low_m) * (rng.normal(where_m, errs_m, count) - l1) / (l2 - l1)
    drawn_n = np.interp(u, grid_m, tension_n) * np.exp(rng.normal(0.0, 0.5, count))
    about_told_n = np.sqrt(np.mean((drawn_n - told.tension_n[row]) ** 2))
    assert told.sd_n[row] == pytest.approx(about_told_n, rel=0.1)


@pytest.mark.parametrize("marks", [first_only, lambda *at: both(*at[:2], 0.025, at[2])])
def test_the_sd_of_the_slack_is_that_of_drawn_figures(
    marks: Callable[[int, float, float], PersonalTension],
) -> None:
    """Where tension begins lies off the place that is marked, as far as the stiffness leads: 24 mm
    with a first resistance and 10 with both marks, each known to 1 mm."""
    personal = marks(HAMSTRINGS, 0.03, 0.001)
    a, c = personal.anchor_stretch_m[HAMSTRINGS], personal.stiffness_ratio[HAMSTRINGS]
    rng = np.random.default_rng(3)
    drawn = rng.multivariate_normal([a, np.log(c)], personal.covariance[HAMSTRINGS], 100_000)
    slack_m = -drawn[:, 0] / np.exp(drawn[:, 1])
    told_m = personal.slack_shift_sd_m()[HAMSTRINGS]
    assert told_m == pytest.approx(np.quantile(slack_m, [0.16, 0.84]) @ [-0.5, 0.5], rel=0.1)


def test_a_distance_that_is_known_well_makes_the_stiffness_surer() -> None:
    first = mark(HAMSTRINGS, MarkKind.FIRST_RESISTANCE, 0.03, 0.004)
    last = mark(HAMSTRINGS, MarkKind.TOLERANCE, 0.05, 0.004)
    near = MarkedLength(*GROUP_SIDES[HAMSTRINGS], last.kind, last.length_m, 0.004, 0.001)
    apart, together = (calibrated(CURVES, USUAL, [first, m]) for m in (last, near))
    assert together.covariance[HAMSTRINGS, 1, 1] < apart.covariance[HAMSTRINGS, 1, 1]
    for found in (apart, together):
        assert np.linalg.eigvalsh(found.covariance[HAMSTRINGS])[0] > -1e-12


def test_kept_marks_grow_with_the_body_they_are_read_on() -> None:
    first = _mark(MarkKind.FIRST_RESISTANCE, 0.01)
    kept = _mark(MarkKind.TOLERANCE, 0.03, distance_sd_m=0.001)
    _, same = marked_lengths([kept, first], NEUTRAL_M)
    assert same.length_m == kept.length_m
    _, found = marked_lengths([kept, first], 1.02 * NEUTRAL_M)
    assert found.length_m == pytest.approx(1.02 * (NEUTRAL_M[HAMSTRINGS] + 0.03))
    assert (found.sd_m, found.distance_sd_m) == pytest.approx((0.00204, 0.00102))


def _mark(
    kind: MarkKind,
    stretch_m: float,
    *,
    day: str = "2026-01-01",
    setup: str = "side",
    distance_sd_m: float | None = None,
) -> Mark:
    upright_m = float(NEUTRAL_M[HAMSTRINGS])
    return Mark(
        *GROUP_SIDES[HAMSTRINGS], kind, upright_m + stretch_m, 0.002, upright_m, f"{day}T10:00:00Z",
        setup, distance_sd_m=distance_sd_m,
    )  # fmt: skip


def test_marks_that_were_not_taken_together_say_nothing_of_stiffness() -> None:
    """The latest first resistance counts in whatever order they are kept; a tolerance of another
    day or set-up is left out."""
    newer = _mark(MarkKind.FIRST_RESISTANCE, 0.02, day="2026-01-05")
    older = _mark(MarkKind.FIRST_RESISTANCE, 0.01)
    for tolerance in (
        _mark(MarkKind.TOLERANCE, 0.04),
        _mark(MarkKind.TOLERANCE, 0.04, day="2026-01-05", setup="front"),
    ):
        (found,) = marked_lengths([newer, tolerance, older], NEUTRAL_M)
        assert found.kind is MarkKind.FIRST_RESISTANCE
        assert found.length_m == pytest.approx(NEUTRAL_M[HAMSTRINGS] + 0.02)
    together = _mark(MarkKind.TOLERANCE, 0.04, day="2026-01-05")
    assert len(marked_lengths([newer, together, older], NEUTRAL_M)) == 2


def test_figures_survive_a_file() -> None:
    figures = both(HAMSTRINGS, 0.03, 0.02, 0.002)
    assert encode(decode(encode(figures), PersonalTension)) == encode(figures)


@given(rows)
def test_marks_are_the_ends_of_the_window_in_tension_too(row: int) -> None:
    assert tension_position(CURVES, row, Estimate(0.0, 0.0)).mean == pytest.approx(0.0, abs=1e-9)
    assert tension_position(CURVES, row, Estimate(1.0, 0.0)).mean == pytest.approx(1.0)


@given(rows, st.floats(0.02, 0.98), st.floats(0.001, 0.1))
def test_half_way_in_length_is_less_in_tension(row: int, position: float, sd: float) -> None:
    sure, found = (tension_position(CURVES, row, Estimate(position, s)) for s in (0.0, sd))
    assert 0.0 < found.mean < position
    assert 0.0 < sure.sd < found.sd


def test_the_window_in_tension_is_that_of_the_calibrated_person() -> None:
    personal, row = both(HAMSTRINGS, 0.03, 0.025), HAMSTRINGS
    for position in (0.3, 0.6, 0.85):
        direct_n = at(personal, 0.03 + position * 0.025).tension_n[row]
        first_n, last_n = first_resistance_n(CURVES, row), tolerance_n(CURVES, row)
        found = tension_position(CURVES, row, Estimate(position, 0.01))
        assert found.mean == pytest.approx((direct_n - first_n) / (last_n - first_n), rel=1e-6)


def test_at_the_marks_the_levels_do_not_matter_and_between_them_a_little() -> None:
    sds = [tension_position(CURVES, HAMSTRINGS, Estimate(p, 0.0)).sd for p in (0.0, 0.3, 0.7, 1.0)]
    assert sds[0] == pytest.approx(0.0, abs=1e-9)
    assert sds[3] == pytest.approx(0.0, abs=1e-9)
    assert 0.005 < max(sds) < 0.1


def test_torque_window_by_hand() -> None:
    """(14 - 5) / (20 - 5) = 0.6; sds 1, 2, 3: sqrt(1 + .16 x 4 + .36 x 9) / 15."""
    found = torque_position(
        Estimate(14.0, 1.0), first_nm=Estimate(5.0, 2.0), tolerance_nm=Estimate(20.0, 3.0)
    )
    assert found is not None
    assert found.mean == pytest.approx(0.6)
    assert found.sd == pytest.approx((1.0 + 0.64 + 3.24) ** 0.5 / 15.0)


def test_what_the_torques_share_cancels_and_marks_too_close_give_no_window() -> None:
    one = Estimate(14.0, 2.0)
    whole = torque_position(one, first_nm=Estimate(5.0, 2.0), tolerance_nm=Estimate(20.0, 2.0))
    shared = torque_position(
        one, first_nm=Estimate(5.0, 2.0), tolerance_nm=Estimate(20.0, 2.0), shared_nm2=3.9
    )
    assert whole is not None and shared is not None
    assert shared.sd < 0.2 * whole.sd
    assert torque_position(one, first_nm=one, tolerance_nm=Estimate(14.5, 1.0)) is None


def test_hamstrings_are_in_the_place_that_the_table_of_groups_gives() -> None:
    assert GROUP_INDEX[MuscleGroup.HAMSTRINGS, Side.RIGHT] == HAMSTRINGS
