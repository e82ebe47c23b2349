"""A person's joint ends and the range they allow: laws on a stand-in anatomy, published ends."""

from math import radians

import msgspec
import numpy as np
import pytest
from fake_anatomy import MODEL, usual_bounds
from hypothesis import given, settings
from hypothesis import strategies as st
from postures_of_body import body

from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.movements import MeasuredLimit, Movement, Sex
from lengthwise.contracts.muscles import GROUP_INDEX, GROUP_SIDES, MuscleGroup
from lengthwise.contracts.person import Mark, MarkKind
from lengthwise.reference.joint_norms import norm, norm_table
from lengthwise.tissue.engine import Params, start, step
from lengthwise.tissue.groups import GroupLengths
from lengthwise.tissue.joint_ends import (
    AXES,
    ENDS,
    EVERYBODY,
    HIP,
    Dependence,
    JointEnds,
    PersonEnds,
    person_ends,
)
from lengthwise.tissue.range import RangeBounds, _extremes, _matters, range_bounds
from lengthwise.tissue.range_fraction import in_range

USUAL = usual_bounds()
AGES = st.integers(5, 110)
SEXES = st.sampled_from([None, *Sex])
HAMSTRINGS_R = (MuscleGroup.HAMSTRINGS, Side.RIGHT)
HAMSTRINGS = GROUP_INDEX[HAMSTRINGS_R]
NOW, LATER = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"


def measured(movement: Movement, side: Side | None, deg: float) -> MeasuredLimit:
    """With an sd of 3 degrees."""
    return MeasuredLimit(movement, side, radians(deg), radians(3.0), NOW, LATER)


def both(ends: JointEnds) -> PersonEnds:
    return PersonEnds(ends, ends)


def test_of_a_person_of_unknown_age_the_range_is_everybodys_to_the_last_digit() -> None:
    assert person_ends(age_years=None, sex=Sex.FEMALE) == EVERYBODY
    assert np.array_equal(USUAL.shortest_m, USUAL.usual_shortest_m)
    assert np.array_equal(USUAL.longest_m, USUAL.usual_longest_m)


def test_published_ends_come_out_as_published() -> None:
    """Troke 2001: flexion 72 at 16 and 40 at 90; Jung 2016: women of 71 extend the hip 16.8 (4.5);
    Soucie 2011: girls and boys of 2 to 8 years 26.2 and 28.3."""
    young, old = (norm(Movement.LUMBAR_FLEXION, age, None) for age in (16, 90))
    assert np.degrees([young.value_rad, old.value_rad]) == pytest.approx([72.0, 40.0])
    women = norm(Movement.HIP_EXTENSION, 71, Sex.FEMALE)
    assert np.degrees([women.value_rad, women.sd_rad]) == pytest.approx([16.8, 4.5])
    children = [norm(Movement.HIP_EXTENSION, 5, sex) for sex in Sex]
    assert np.degrees([c.value_rad for c in children]) == pytest.approx([26.2, 28.3])
    place = person_ends(age_years=71, sex=Sex.FEMALE).right
    assert np.degrees([place.value_rad[HIP], place.sd_rad[HIP]]) == pytest.approx([-16.8, 4.5])


def test_every_norm_is_sourced_plausible_and_in_order_of_age() -> None:
    for movement, table in norm_table().items():
        assert table.unit == "deg"
        for sex in ("female", "male"):
            ages = [n.age_years for n in table.norms if n.sex in (sex, "both")]
            assert ages and ages == sorted(ages), movement
        low, high = table.allowed
        for n in table.norms:
            assert n.source
            assert 0.0 < n.sd < 25.0
            assert low < n.value < high, movement


@given(age=AGES)
def test_of_unknown_sex_an_end_lies_between_those_of_both(age: int) -> None:
    for movement in Movement:
        unknown = norm(movement, age, None)
        known = [norm(movement, age, sex) for sex in Sex]
        ends = [k.value_rad for k in known]
        assert min(ends) - 1e-12 <= unknown.value_rad <= max(ends) + 1e-12
        assert unknown.sd_rad >= min(k.sd_rad for k in known) - 1e-12


@given(age=st.integers(20, 80), sex=SEXES)
def test_a_known_age_makes_the_ends_surer(age: int, sex: Sex | None) -> None:
    known = np.array(person_ends(age_years=age, sex=sex).right.sd_rad)
    unknown = np.array(EVERYBODY.right.sd_rad)
    assert known.sum() < 0.9 * unknown.sum()
    assert known[HIP] < 0.6 * unknown[HIP]


@settings(max_examples=15, deadline=None)
@given(place=st.integers(0, ENDS - 1), more_deg=st.floats(0.5, 15.0), age=AGES, sex=SEXES)
def test_a_larger_limit_never_shortens_the_range(
    place: int, more_deg: float, age: int, sex: Sex | None
) -> None:
    """To the search's own nearness, 2 thousandths of the range."""
    ends = person_ends(age_years=age, sex=sex).right
    value = list(ends.value_rad)
    value[place] += radians(more_deg) * (-1.0 if place < AXES else 1.0)
    narrow = range_bounds(MODEL, both(ends))
    wide = range_bounds(MODEL, both(JointEnds(tuple(value), ends.sd_rad)))
    if place == Dependence.BENT:  # A bend that is asked for: more of it leaves less.
        narrow, wide = wide, narrow
    slack_m = 0.002 * narrow.span_m
    assert np.all(wide.longest_m >= narrow.longest_m - slack_m)
    assert np.all(wide.shortest_m <= narrow.shortest_m + slack_m)


def test_a_measured_end_takes_the_place_of_the_norm_on_its_own_side_only() -> None:
    ends = person_ends(
        age_years=50, sex=None, measured=[measured(Movement.HIP_EXTENSION, Side.LEFT, 5.0)]
    )
    assert ends.left.value_rad[HIP] == pytest.approx(radians(-5.0))
    assert ends.left.sd_rad[HIP] == pytest.approx(radians(3.0))
    assert ends.right == person_ends(age_years=50, sex=None).right
    found = range_bounds(MODEL, ends)
    left, right = (GROUP_INDEX[MuscleGroup.ILIACUS, side] for side in Side)
    assert found.longest_m[left] < found.longest_m[right] - 0.005


def test_a_side_bend_is_of_the_side_it_goes_to() -> None:
    """In the stand-in a bend to the right shortens the right quadratus lumborum and lengthens the
    left one. Less bend to the left: the left is less short, the right less long, and no more."""
    ends = person_ends(
        age_years=None, sex=None, measured=[measured(Movement.LUMBAR_SIDE_BEND, Side.LEFT, 10.0)]
    )
    assert ends.right.value_rad[1] == pytest.approx(radians(-10.0))
    assert ends.left.value_rad[AXES + 1] == pytest.approx(radians(10.0))
    found = range_bounds(MODEL, ends)
    left, right = (GROUP_INDEX[MuscleGroup.QUADRATUS_LUMBORUM, side] for side in Side)
    assert found.shortest_m[left] > USUAL.shortest_m[left] + 0.005
    assert found.longest_m[right] < USUAL.longest_m[right] - 0.005
    assert found.longest_m[left] == pytest.approx(USUAL.longest_m[left], abs=1e-4)
    assert found.shortest_m[right] == pytest.approx(USUAL.shortest_m[right], abs=1e-4)


def test_the_latest_measurement_counts() -> None:
    older = measured(Movement.HIP_EXTENSION, Side.LEFT, 5.0)
    newer = msgspec.structs.replace(older, value_rad=radians(9.0), measured_utc="2026-02-01")
    ends = person_ends(age_years=None, sex=None, measured=[newer, older])
    assert ends.left.value_rad[HIP] == pytest.approx(radians(-9.0))


@settings(max_examples=25, deadline=None)
@given(
    hip=st.floats(40.0, 160.0), back=st.floats(-30.0, 50.0), knee=st.floats(40.0, 170.0),
    raised=st.floats(15.0, 140.0), straight=st.floats(-30.0, 20.0),
)  # fmt: skip
def test_any_believable_measurement_leaves_a_range(
    hip: float, back: float, knee: float, raised: float, straight: float
) -> None:
    limits = [
        measured(movement, Side.RIGHT, deg)
        for movement, deg in (
            (Movement.HIP_FLEXION, hip), (Movement.HIP_EXTENSION, back),
            (Movement.KNEE_FLEXION, knee), (Movement.STRAIGHT_LEG_RAISE, raised),
            (Movement.KNEE_EXTENSION, straight),
        )
    ]  # fmt: skip
    found = range_bounds(MODEL, person_ends(age_years=60, sex=None, measured=limits))
    assert np.all(np.isfinite(found.span_m))
    assert np.all(found.span_m > 0.0)
    for numbers in (found.doubt.shortest_m2, found.doubt.longest_m2):
        assert np.all(np.isfinite(numbers))
        assert np.all(numbers >= 0.0)


def _fraction_sd(sd_scale: float) -> np.ndarray:
    ends = person_ends(age_years=45, sex=None).right
    wider = JointEnds(ends.value_rad, tuple(sd_scale * s for s in ends.sd_rad))
    bounds = range_bounds(MODEL, both(wider))
    return in_range(bounds, bounds.shortest_m + 0.7 * bounds.span_m, np.zeros(32)).sd


def test_sd_of_the_fraction_grows_with_that_of_the_limits() -> None:
    none, half, whole = (_fraction_sd(scale) for scale in (0.0, 0.5, 1.0))
    assert np.all(none == 0.0)
    assert np.all(half > 0.0)
    assert np.all(whole > 1.5 * half)


def test_sd_of_the_fraction_is_that_of_people_with_drawn_limits() -> None:
    """200 people, whose sample sd errs by 5 %; where the limits matter (sd of 0.02 and more)."""
    ends = person_ends(age_years=45, sex=None).right
    bounds = range_bounds(MODEL, both(ends))
    at = np.array([0.1, 0.5, 0.9])
    lengths_m = bounds.shortest_m + at[:, None] * bounds.span_m
    rng = np.random.default_rng(2)
    drawn = np.array(ends.value_rad) + np.array(ends.sd_rad) * rng.standard_normal((200, ENDS))
    right = [i for i, (_, side) in enumerate(GROUP_SIDES) if side is Side.RIGHT]
    # Of each person the search alone: what stays everybody's is not found 200 times again.
    groups, matters = GroupLengths.over(MODEL), _matters(bounds.typical_slope_m[right])
    people = [_extremes(groups, JointEnds(tuple(d), (0.0,) * ENDS), matters) for d in drawn]
    read = np.array([(lengths_m[:, right] - p.low_m) / (p.high_m - p.low_m) for p in people]).std(
        axis=0
    )
    stated = np.array([in_range(bounds, length_m, np.zeros(32)).sd for length_m in lengths_m])
    ratio = (stated[:, right] / read)[read > 0.02]
    assert np.sqrt(np.mean((ratio - 1.0) ** 2)) < 0.1
    assert np.abs(ratio - 1.0).max() < 0.2


OTHER_ENDS = person_ends(
    age_years=72, sex=Sex.MALE, measured=[measured(Movement.STRAIGHT_LEG_RAISE, Side.RIGHT, 50.0)]
)
OTHERS = range_bounds(MODEL, OTHER_ENDS)


@pytest.mark.parametrize("hip_deg", [20.0, 45.0, 60.0, 85.0])
def test_no_age_and_no_measured_limit_moves_a_position_or_a_claim(hip_deg: float) -> None:
    def read(bounds: RangeBounds) -> tuple[object, ...]:
        low_m, span_m = float(USUAL.shortest_m[HAMSTRINGS]), float(USUAL.span_m[HAMSTRINGS])
        upright_m = float(Params(MODEL, USUAL).groups.lengths_m(np.zeros(13))[HAMSTRINGS])
        marks = tuple(
            Mark(*HAMSTRINGS_R, kind, low_m + at * span_m, 0.002, upright_m, NOW, "camera")
            for kind, at in ((MarkKind.FIRST_RESISTANCE, 0.3), (MarkKind.TOLERANCE, 0.9))
        )
        params = Params(MODEL, bounds, marks=marks)
        assert params.ground.marks == marks
        tissue = step(params, start(params), body(hip_flexion_r=hip_deg))[1]
        assert tissue is not None
        assert tissue.raw_window(*HAMSTRINGS_R) is not None
        return tissue.window(*HAMSTRINGS_R), tissue.raw_position, tissue.claimed

    assert read(OTHERS) == read(USUAL)


def test_a_stiffer_person_is_further_into_their_range_at_the_same_length() -> None:
    def fraction(bounds: RangeBounds) -> float:
        params = Params(MODEL, bounds)
        tissue = step(params, start(params), body(hip_flexion_r=40.0))[1]
        assert tissue is not None
        return tissue.fraction(*HAMSTRINGS_R).mean

    assert fraction(OTHERS) > fraction(USUAL) + 0.05
