"""The one function of window position: linear between the marks, honest about shared bias."""

from math import erf, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.person import Window
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.window import (
    MarkReading,
    TargetPosition,
    about_in_window,
    in_window,
    leads,
    length_covariance_m2,
    over_ceiling,
    room_further,
    surely,
    surely_over,
    surer_further,
    tolerance_today,
    widest_sd,
    window_for,
    window_position,
)

LENGTHS_M = st.floats(0.0, 1.0)
"""Of muscles far too long, so that the numbers are easy: only ratios matter."""

LEAST_M = 0.02
SDS = st.floats(0.0, 0.2)
WINDOW = Window(MuscleGroup.PSOAS, Side.LEFT)


def _position(
    mean: float,
    *,
    sd: float = 0.03,
    first: float = 0.5,
    tolerance: float = 0.9,
    mark_sd: float = 0.03,
    this_session: bool = False,
) -> Estimate:
    marks = tuple(MarkReading(at, mark_sd, this_session) for at in (first, tolerance))
    found = window_position(
        mean,
        first=marks[0],
        tolerance=marks[1],
        covariance_m2=length_covariance_m2(sd, *marks),
        least_span_m=LEAST_M,
    )
    assert found is not None
    return found


def test_position_is_zero_at_first_resistance_and_one_at_tolerance() -> None:
    assert _position(0.5).mean == 0.0
    assert _position(0.9).mean == 1.0
    assert _position(0.7).mean == pytest.approx(0.5)


@given(a=LENGTHS_M, b=LENGTHS_M, share=st.floats(0.0, 1.0))
def test_position_is_linear_in_the_length(a: float, b: float, share: float) -> None:
    between = _position(share * a + (1 - share) * b).mean
    expected = share * _position(a).mean + (1 - share) * _position(b).mean
    assert between == pytest.approx(expected, abs=1e-9)


def test_position_beyond_the_marks_is_not_limited() -> None:
    assert _position(1.0).mean > 1.0
    assert _position(0.3).mean < 0.0


@given(first=LENGTHS_M, tolerance=LENGTHS_M)
def test_marks_in_the_other_order_or_together_give_no_position(
    first: float, tolerance: float
) -> None:
    marks = MarkReading(first, 0.03, True), MarkReading(tolerance, 0.03, True)
    found = window_position(
        0.5,
        first=marks[0],
        tolerance=marks[1],
        covariance_m2=length_covariance_m2(0.03, *marks),
        least_span_m=LEAST_M,
    )
    assert (found is None) == (tolerance - first < LEAST_M)


@given(mean=LENGTHS_M, mark_sd=SDS, more=SDS)
def test_marks_of_this_session_are_never_less_certain_than_those_of_another_day(
    mean: float, mark_sd: float, more: float
) -> None:
    """Between the marks, with a reading no surer than the marks, their errors pull against it."""
    mean, sd = 0.5 + 0.4 * mean, mark_sd + more
    own = _position(mean, sd=sd, mark_sd=mark_sd, this_session=True).sd
    old = _position(mean, sd=sd, mark_sd=mark_sd, this_session=False).sd
    assert own <= old + 1e-12


def test_another_days_marks_add_their_full_variance() -> None:
    """By hand, half-way: span 0.4, weights 1, -1/2, -1/2."""
    expected = sqrt(0.06**2 + 0.5**2 * 0.04**2 + 0.5**2 * 0.04**2) / 0.4
    assert _position(0.7, sd=0.06, mark_sd=0.04).sd == pytest.approx(expected)


def test_a_bias_common_to_reading_and_marks_cancels_but_for_the_unshared_tenth() -> None:
    """Equal sd s: the shared part 1 - 1/2 - 1/2 vanishes, (1 - 0.9)(1 + 1/4 + 1/4) s^2 remains."""
    found = _position(0.7, sd=0.1, mark_sd=0.1, this_session=True)
    assert found.sd == pytest.approx(sqrt(0.1 * 1.5) * 0.1 / 0.4)


@given(sd=SDS, wider=st.floats(0.001, 0.2))
def test_sd_grows_with_the_sd_of_another_days_marks(sd: float, wider: float) -> None:
    assert _position(0.7, sd=sd, mark_sd=sd + wider).sd > _position(0.7, sd=sd, mark_sd=sd).sd


def _inside_probability(position: Estimate) -> float:
    below, above = (
        0.5 * (1.0 + erf((edge - position.mean) / (sqrt(2.0) * position.sd)))
        for edge in (WINDOW.low, WINDOW.high)
    )
    return above - below


@given(mean=st.floats(0.4, 1.0), sd=st.floats(1e-3, 0.3))
def test_nothing_counts_as_inside_that_is_not_so_with_nine_in_ten(mean: float, sd: float) -> None:
    position = Estimate(mean, sd)
    if in_window(position, WINDOW):
        assert _inside_probability(position) >= 0.9 - 1e-3


@given(mean=st.floats(0.4, 1.0), sd=st.floats(0.0, 0.3), more=st.floats(0.0, 0.3))
def test_more_doubt_never_brings_anybody_into_the_window(
    mean: float, sd: float, more: float
) -> None:
    if not in_window(Estimate(mean, sd), WINDOW):
        assert not in_window(Estimate(mean, sd + more), WINDOW)


@pytest.mark.parametrize(
    ("mean", "inside"),
    [(0.5999, False), (0.60, True), (0.72, True), (0.85, True), (0.8501, False)],
)
def test_window_edges_belong_to_the_window(mean: float, inside: bool) -> None:
    assert in_window(Estimate(mean, 0.0), WINDOW) is inside
    assert about_in_window(Estimate(mean, 0.02), WINDOW) is inside


@pytest.mark.parametrize("mean", [0.6001, 0.63, 0.82, 0.8499])
def test_within_1_64_sds_of_an_edge_nobody_knows(mean: float) -> None:
    assert in_window(Estimate(mean, 0.02), WINDOW) is None


def test_what_is_not_known_is_neither_in_nor_out() -> None:
    assert in_window(None, WINDOW) is about_in_window(None, WINDOW) is None
    assert over_ceiling(None, WINDOW) is None
    wide = Estimate(0.7, 0.151)
    assert in_window(wide, WINDOW) is about_in_window(wide, WINDOW) is None


def test_the_middle_is_known_up_to_an_sd_of_a_thirteenth() -> None:
    """0.25 / (2 x 1.64) = 0.0762."""
    assert in_window(Estimate(0.725, 0.076), WINDOW) is True
    assert in_window(Estimate(0.725, 0.077), WINDOW) is None


@given(mean=st.floats(0.4, 1.0), sd=st.floats(0.0, 0.3))
def test_a_person_is_sent_further_only_where_further_on_is_sure(mean: float, sd: float) -> None:
    if surer_further(Estimate(mean, sd), WINDOW):
        assert in_window(Estimate(mean, sd), WINDOW) is None
        assert in_window(Estimate(0.725, sd), WINDOW)
        assert mean < 0.725


@given(mean=st.floats(0.0, 1.0), sd=st.floats(0.0, 0.3), step=st.floats(0.0, 0.1))
def test_nobody_is_led_to_where_they_would_be_eased(mean: float, sd: float, step: float) -> None:
    here = Estimate(mean, sd)
    sent = surer_further(here, WINDOW) or (
        leads(here, WINDOW) and mean < WINDOW.low and room_further(here, WINDOW)
    )
    if sent:
        assert over_ceiling(Estimate(mean + step, sd), WINDOW) is False


@given(mean=st.floats(-0.5, 1.5), sd=st.floats(0.0, 0.3), more=st.floats(0.0, 0.2))
def test_more_doubt_never_makes_a_window_lead(mean: float, sd: float, more: float) -> None:
    if leads(Estimate(mean, sd + more), WINDOW):
        assert leads(Estimate(mean, sd), WINDOW)


def test_a_window_leads_up_to_an_sd_of_0_122() -> None:
    """0.60 + 0.10 + 1.64 sd = 0.90, wherever the stretch is now."""
    for mean in (0.0, 0.6, 1.2):
        assert leads(Estimate(mean, 0.121), WINDOW)
        assert not leads(Estimate(mean, 0.123), WINDOW)
    assert not leads(None, WINDOW)


@given(sd=st.floats(0.0, 0.2))
def test_the_widest_sds_are_those_at_which_each_answer_changes(sd: float) -> None:
    widest = widest_sd(WINDOW)
    assert leads(Estimate(0.65, sd), WINDOW) is (sd <= widest.leads)
    assert (in_window(Estimate(0.725, sd), WINDOW) is True) is (sd <= widest.counts)
    assert (about_in_window(Estimate(0.65, sd), WINDOW) is True) is (sd <= widest.shown)


@given(mean=st.floats(-0.5, 1.5), sd=st.floats(0.0, 0.5))
def test_the_ceiling_is_held_against_the_estimate_plus_1_64_sd(mean: float, sd: float) -> None:
    assert over_ceiling(Estimate(mean, sd), WINDOW) is (mean + 1.64 * sd > 0.90)


def test_a_persons_own_window_comes_before_the_general_one() -> None:
    own = Window(MuscleGroup.PSOAS, Side.LEFT, low=0.3, high=0.5, ceiling=0.6)
    assert window_for((own,), MuscleGroup.PSOAS, Side.LEFT) is own
    general = window_for((own,), MuscleGroup.PSOAS, Side.RIGHT)
    assert (general.low, general.high, general.ceiling) == (0.60, 0.85, 0.90)


@given(now=LENGTHS_M, sd=SDS, then=st.floats(0.2, 0.6))
def test_no_first_resistance_of_today_lifts_tolerance(now: float, sd: float, then: float) -> None:
    carried = tolerance_today(
        MarkReading(now, sd, True),
        first_then=MarkReading(then, sd, False),
        tolerance_then=MarkReading(0.9, sd, False),
    )
    assert carried.length_m <= 0.9
    assert carried.length_m == pytest.approx(min(0.9, 0.9 + now - then))


def _carried_readings(
    position: float, *, own_ratio: float, drift: float, count: int = 20_000
) -> tuple[np.ndarray, np.ndarray]:
    """Positions as read, and their stated sd, of a stretch that truly is at `position`.

    First resistance and tolerance of another day share that day's bias; today's first resistance
    and the reading share today's. `drift`: how far both marks truly moved since.
    """
    sd, first, tolerance = 0.05, 0.3, 0.9
    own_sd = own_ratio * sd
    rng = np.random.Generator(np.random.Philox(key=5))
    then, now = sqrt(sd**2 - own_sd**2) * rng.standard_normal((2, count))
    own = own_sd * rng.standard_normal((4, count))
    reading = first + drift + position * (tolerance - first) + now
    of_session = sd**2 - own_sd**2 + np.diag([own_sd**2] * 2)
    found = []
    for k in range(count):
        first_now = MarkReading(first + drift + now[k] + own[0, k], sd, True)
        carried = tolerance_today(
            first_now,
            first_then=MarkReading(first + then[k] + own[1, k], sd, False),
            tolerance_then=MarkReading(tolerance + then[k] + own[2, k], sd, False),
            distance_sd_m=sqrt(2.0) * own_sd,
        )
        found.append(
            window_position(
                reading[k] + own[3, k],
                first=first_now,
                tolerance=carried,
                covariance_m2=length_covariance_m2(
                    sd, first_now, carried, of_session_m2=of_session
                ),
                least_span_m=LEAST_M,
            )
        )
    known = [f for f in found if f is not None]
    assert len(known) == count
    return np.array([f.mean for f in known]), np.array([f.sd for f in known])


@pytest.mark.parametrize("position", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("own_ratio", [0.2, 0.316])
def test_the_sd_on_a_carried_tolerance_is_that_of_repeated_days(
    position: float, own_ratio: float
) -> None:
    """20,000 days: the sample sd errs by 0.5 %, the linear law by 1 % at these spans. Both marks
    truly moved down, so that the carry is never cut short."""
    read, stated_sd = _carried_readings(position, own_ratio=own_ratio, drift=-0.25)
    assert read.mean() == pytest.approx(position, abs=0.01)
    assert np.sqrt(np.mean(stated_sd**2)) == pytest.approx(read.std(), rel=0.025)


@given(
    entries=st.lists(st.floats(-0.1, 0.1), min_size=9, max_size=9), position=st.floats(-0.5, 1.5)
)
def test_the_sd_is_that_of_the_position_under_the_joint_covariance(
    entries: list[float], position: float
) -> None:
    """First order: p = (f - f1) / (fT - f1) moved by each of the three in turn."""
    root = np.array(entries).reshape(3, 3)
    at = np.array([0.3 + position * 0.4, 0.3, 0.7])

    def position_of(f: np.ndarray) -> float:
        return float((f[0] - f[1]) / (f[2] - f[1]))

    hair = 1e-6
    slope = np.array([(position_of(at + d) - position_of(at - d)) / 2e-6 for d in hair * np.eye(3)])
    found = window_position(
        float(at[0]),
        first=MarkReading(at[1], 0.1, True),
        tolerance=MarkReading(at[2], 0.1, True),
        covariance_m2=root @ root.T,
        least_span_m=LEAST_M,
    )
    assert found is not None
    assert found.mean == pytest.approx(position, abs=1e-9)
    assert found.sd == pytest.approx(np.linalg.norm(root.T @ slope), rel=1e-5, abs=1e-9)


def test_a_kept_distance_is_used_before_the_rule() -> None:
    marks = {
        "first_then": MarkReading(0.3, 0.05, False),
        "tolerance_then": MarkReading(0.9, 0.05, False),
    }
    today = MarkReading(0.3, 0.05, True)
    assert tolerance_today(today, **marks, distance_sd_m=0.004).distance_sd_m == 0.004
    by_rule = tolerance_today(today, **marks).distance_sd_m
    assert by_rule == pytest.approx(sqrt(0.1 * 2.0) * 0.05)


@pytest.mark.parametrize("position", [0.6, 0.75, 0.9])
def test_the_ceiling_keeps_its_one_in_twenty_where_the_carry_is_cut_short(position: float) -> None:
    """Marks that truly stayed: half of the days would lift tolerance, and are not let to."""
    read, stated_sd = _carried_readings(position, own_ratio=0.316, drift=0.0)
    assert np.mean(read + 1.64 * stated_sd < position) <= 0.05


@given(mean=st.floats(-2.0, 2.0), sd=st.floats(0.0, 0.15))
def test_a_known_position_is_held_against_its_limits_as_it_is(mean: float, sd: float) -> None:
    assert surely(Estimate(mean, sd)) == Estimate(mean, sd)
    target = TargetPosition(Estimate(mean, sd), WINDOW, known=True)
    assert surely_over(target) is over_ceiling(Estimate(mean, sd), WINDOW)


@given(
    near=st.floats(-2.0, 3.0), further=st.floats(0.0, 2.0), sd=st.floats(0.0, 3.0),
    wider=st.floats(0.0, 1.0),
)  # fmt: skip
def test_what_is_sure_grows_with_the_position_and_shrinks_with_doubt(
    near: float, further: float, sd: float, wider: float
) -> None:
    here = surely(Estimate(near, sd))
    assert surely(Estimate(near + further, sd)).mean == pytest.approx(here.mean + further)
    assert surely(Estimate(near, sd + wider)).mean <= here.mean + 1e-12
    assert here.sd == min(sd, 0.15)


@given(sd=st.floats(0.0, 2.0), wider=st.floats(0.0, 0.5), mean=st.floats(-1.0, 2.0))
def test_more_doubt_never_leads_or_counts_further_on(sd: float, wider: float, mean: float) -> None:
    """Where a less sure stretch is led on, or counts, a surer one is and does, too."""
    sure, unsure = Estimate(mean, sd), Estimate(mean, sd + wider)
    assert room_further(unsure, WINDOW) <= room_further(sure, WINDOW)
    assert leads(unsure, WINDOW) <= leads(sure, WINDOW)
    assert (in_window(unsure, WINDOW) is True) <= (in_window(sure, WINDOW) is True)


@given(sd=st.floats(0.0, 0.3), position=st.floats(-1.0, 2.0))
def test_no_place_past_the_ceiling_is_stayed_in_by_who_is_known_to_a_third(
    sd: float, position: float
) -> None:
    """By hand: at twice the widest sd that is known, what its excess takes off is what its doubt
    adds: 0.30. Wider than that, the mean is a guess."""
    over = surely_over(TargetPosition(Estimate(position, sd), WINDOW, known=False))
    assert over or position <= 0.9 + 1e-9


@given(at=st.floats(0.0, 1.2), step=st.floats(1e-6, 1e-3))
def test_who_becomes_unsure_gains_no_room(at: float, step: float) -> None:
    """Just within and just beyond the widest sd that is known, the same places are over."""
    known = surely_over(TargetPosition(Estimate(at, 0.15), WINDOW, known=True))
    further = Estimate(at + 1.64 * step + 1e-9, 0.15 + step)
    assert surely_over(TargetPosition(further, WINDOW, known=False)) >= known


@pytest.mark.parametrize(
    ("mean", "sd", "over"),
    [(0.66, 0.15, True), (0.73, 0.20, False), (0.74, 0.20, True), (0.97, 0.20, True),
     (1.06, 0.40, False), (1.07, 0.40, True), (2.4, 2.4, False), (5.0, 2.4, True)],
)  # fmt: skip
def test_a_wide_position_is_over_the_ceiling_only_where_it_clearly_is(
    mean: float, sd: float, over: bool
) -> None:
    """By hand: mean + 1.64 x 0.15 against 0.90, and where it is not known less 1.64 (sd - 0.15)."""
    assert surely_over(TargetPosition(Estimate(mean, sd), WINDOW, known=False)) is over
