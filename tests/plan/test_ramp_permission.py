"""Rule D: a ramp to tolerance only where everything that forbids it is known to be absent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.care import Care, Course, Nerve, NeuralSign
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.plan.ramp_permission import RampBar, RampCase, known_bars, ramp_bars
from lengthwise.reference.exercises import exercise, exercises
from well_told import WELL

PSOAS_L = (MuscleGroup.PSOAS, Side.LEFT)
ALLOWED = RampCase(
    WELL,
    *PSOAS_L,
    exercise("half_kneeling_hip_flexor"),
    warm=True,
    ramped_today=(),
)
SIGN = NeuralSign(Side.RIGHT, Nerve.SCIATIC)


def test_where_all_is_known_and_nothing_forbids_it_a_ramp_is_led() -> None:
    assert ramp_bars(ALLOWED) == ()


@pytest.mark.parametrize(
    ("name", "forbids", "bar", "not_known"),
    [
        ("warm", False, RampBar.NOT_WARM, RampBar.WARM_NOT_KNOWN),
        ("ramped_today", (PSOAS_L, PSOAS_L), RampBar.BOTH_DONE, RampBar.TODAY_NOT_KNOWN),
    ],
)
def test_each_answer_that_forbids_and_each_that_is_missing_refuses_by_its_name(
    name: str, forbids: object, bar: RampBar, not_known: RampBar
) -> None:
    assert ramp_bars(replace(ALLOWED, **{name: forbids})) == (bar,)
    assert ramp_bars(replace(ALLOWED, **{name: None})) == (not_known,)


@pytest.mark.parametrize(
    ("name", "forbids", "bar", "not_known"),
    [
        ("course", Course.ACUTE, RampBar.ACUTE, RampBar.COURSE_NOT_KNOWN),
        ("baseline_nrs", 7.0, RampBar.MUCH_PAIN, RampBar.PAIN_NOT_KNOWN),
        ("neural_signs", (SIGN,), RampBar.NEURAL_SIGN, RampBar.NEURAL_SIGN_NOT_KNOWN),
        ("pain_relief", True, RampBar.PAIN_RELIEF, RampBar.PAIN_RELIEF_NOT_KNOWN),
        ("flare", True, RampBar.FLARE, RampBar.FLARE_NOT_KNOWN),
        ("irritable", True, RampBar.IRRITABLE, RampBar.IRRITABLE_NOT_KNOWN),
        ("hypermobile", True, RampBar.HYPERMOBILE, RampBar.HYPERMOBILE_NOT_KNOWN),
        ("osteoporotic", True, RampBar.OSTEOPOROTIC, RampBar.OSTEOPOROTIC_NOT_KNOWN),
        ("pregnant", True, RampBar.PREGNANT, RampBar.PREGNANT_NOT_KNOWN),
    ],
)
def test_so_does_what_the_care_of_the_day_says(
    name: str, forbids: object, bar: RampBar, not_known: RampBar
) -> None:
    forbidden = replace(ALLOWED, care=replace(WELL, **{name: forbids}))
    unknown = replace(ALLOWED, care=replace(WELL, **{name: None}))
    assert ramp_bars(forbidden) == (bar,)
    assert ramp_bars(unknown) == (not_known,)
    of_relief = bar is RampBar.PAIN_RELIEF
    assert known_bars(forbidden.care) == (() if of_relief else (bar,))
    assert known_bars(unknown.care) == ()


def test_of_whom_nothing_is_known_no_ramp_is_led() -> None:
    nothing = RampCase(Care(), *PSOAS_L, ALLOWED.exercise)
    bars = ramp_bars(nothing)
    assert len(bars) == 11
    assert all(bar.value.endswith("not_known") for bar in bars)
    assert known_bars(Care()) == ()


def test_one_group_a_day_and_two_ramps_of_each_side() -> None:
    other = (MuscleGroup.HAMSTRINGS, Side.LEFT)
    assert ramp_bars(replace(ALLOWED, ramped_today=(other,))) == (RampBar.ANOTHER_GROUP_TODAY,)
    assert ramp_bars(replace(ALLOWED, ramped_today=(PSOAS_L,))) == ()
    across = (MuscleGroup.PSOAS, Side.RIGHT)
    assert ramp_bars(replace(ALLOWED, ramped_today=(across, across))) == ()


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize(
    "group", [MuscleGroup.PSOAS, MuscleGroup.ILIACUS, MuscleGroup.HAMSTRINGS], ids=str
)
def test_harm_ends_the_day_for_every_muscle_and_both_sides(group: MuscleGroup, side: Side) -> None:
    """Whatever else was led, and also where what went before was never begun."""
    for led in ((), (PSOAS_L,)):
        case = replace(ALLOWED, side=side, ramped_today=led, harmed_today=((group, Side.LEFT),))
        assert RampBar.HARM_TODAY in ramp_bars(case)


@given(
    which=st.sampled_from(sorted(exercises())), group=st.sampled_from(MuscleGroup),
    side=st.sampled_from(Side),
)  # fmt: skip
def test_only_targets_of_stretches_away_from_the_low_back_are_ramped(
    which: str, group: MuscleGroup, side: Side
) -> None:
    case = replace(ALLOWED, exercise=exercise(which), group=group, side=side)
    if ramp_bars(case):
        return
    written = exercise(which).for_side(side)
    assert (group, side) in {(t.group, t.side) for t in written.targets}
    assert written.kind.value == "static_stretch"
    assert group.value not in (
        "multifidus", "longissimus", "iliocostalis", "quadratus_lumborum", "rectus_abdominis",
    )  # fmt: skip
    assert not {"S.osteoporosis_end_range_flexion", "S.stenosis_end_range_extension"} & set(
        written.contraindications
    )


def test_some_stretches_can_be_ramped() -> None:
    found = {
        t.group.value
        for e in exercises().values()
        for t in e.targets
        if not ramp_bars(replace(ALLOWED, exercise=e, group=t.group, side=t.side))
    }
    assert {"psoas", "hamstrings", "rectus_femoris", "calf", "adductors"} <= found


@given(data=st.data())
def test_knowing_less_never_permits_more(data: st.DataObject) -> None:
    fields = ("flare", "irritable", "hypermobile", "osteoporotic", "pregnant", "pain_relief")
    told = {f: data.draw(st.sampled_from((True, False, None))) for f in fields}
    forgotten = data.draw(st.sampled_from(fields))
    whole = ramp_bars(replace(ALLOWED, care=replace(WELL, **told)))
    less = ramp_bars(replace(ALLOWED, care=replace(WELL, **(told | {forgotten: None}))))
    assert bool(less) >= bool(whole)
    assert less, "what is not known refuses"
