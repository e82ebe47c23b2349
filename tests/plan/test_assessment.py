"""What counts as short: beyond a repeat's difference, on two days, and nothing if not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.assessment import Assessed, TestResult, Verdict
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.errors import InputError
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.plan.assessment import assessed
from lengthwise.reference.assessments import Short, assessments
from lengthwise.reference.evidence import evidence
from lengthwise.reference.exercise_parts import STABILISERS
from lengthwise.reference.words import alarming_words

SLR = "straight_leg_raise"


def raised(
    value: float | None, day: int, side: Side = Side.LEFT, *, sd: float = 1.0, **told: bool | None
) -> TestResult:
    said: dict[str, bool | None] = {"symptom": False, **told}
    return TestResult(SLR, day, value, sd, side, **said)


def only(*results: TestResult) -> Assessed:
    (found,) = assessed(results).assessed
    return found


results = st.builds(
    lambda test, day, value, sd, side, controlled, symptom: TestResult(
        test, day, value, sd, side if assessments()[test].sides else None, controlled, symptom
    ),
    st.sampled_from(sorted(assessments())),
    st.integers(1, 4),
    st.one_of(st.none(), st.floats(-60.0, 150.0)),
    st.floats(0.5, 20.0),
    st.sampled_from(Side),
    st.sampled_from((None, False, True)),
    st.sampled_from((None, False, True)),
)
several = st.lists(results, max_size=12)


@given(told=several)
def test_the_mirrored_person_lacks_the_mirrored(told: list[TestResult]) -> None:
    turned = [replace(r, side=r.side and r.side.other) for r in told]
    one, other = assessed(told), assessed(turned)
    assert {(n.group, n.side, n.weight) for n in one.needs} == {
        (n.group, n.side.other, n.weight) for n in other.needs
    }


@given(told=several, more=st.floats(1.0, 10.0))
def test_less_sure_results_never_find_more(told: list[TestResult], more: float) -> None:
    """But for a side difference: an unsure other side is no measure for one's own."""
    told = [r for r in told if r.test != SLR]
    unsure = [replace(r, sd_deg=None if r.sd_deg is None else more * r.sd_deg) for r in told]
    known = {(n.group, n.side) for n in assessed(told).needs}
    assert {(n.group, n.side) for n in assessed(unsure).needs} <= known


@given(told=several)
def test_what_was_not_known_finds_nothing(told: list[TestResult]) -> None:
    open_ones = [replace(r, value_deg=None) for r in told]
    assert assessed(open_ones).needs == ()
    unasked = [replace(r, controlled=None, symptom=None) for r in told]
    void = {t for t, a in assessments().items() if a.needs_control or a.void_with_symptom}
    for found in assessed(unasked).assessed:
        if found.test in void:
            assert found.verdict in (
                Verdict.NOT_MEASURED,
                Verdict.NOT_CONTROLLED,
                Verdict.SYMPTOM_NOT_ASKED,
            )


def test_a_stiff_leg_on_two_days_asks_for_the_hamstrings_of_that_side() -> None:
    found = assessed([raised(50.0, 1), raised(54.0, 8)])
    (need,) = found.needs
    assert (need.group, need.side) == (MuscleGroup.HAMSTRINGS, Side.LEFT)
    assert need.weight == pytest.approx(18.0 / 30.0)
    assert need.finding == "straight-leg raise 52 degrees"
    assert found.assessed[0].verdict is Verdict.SHORT


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ([raised(50.0, 1)], Verdict.ONE_DAY),
        ([raised(50.0, 1), raised(50.0, 1)], Verdict.ONE_DAY),
        ([raised(50.0, 1), raised(69.0, 8)], Verdict.ONE_DAY),
        ([raised(65.0, 1), raised(65.0, 8)], Verdict.NOT_BEYOND),
        ([raised(50.0, 1, sd=8.0), raised(50.0, 8, sd=8.0)], Verdict.NOT_BEYOND),
        ([raised(75.0, 1), raised(80.0, 8)], Verdict.ENOUGH),
        ([raised(None, 1)], Verdict.NOT_MEASURED),
        ([raised(40.0, 1, symptom=True), raised(40.0, 8, symptom=True)], Verdict.SYMPTOM),
        ([raised(40.0, 1, symptom=None)], Verdict.SYMPTOM_NOT_ASKED),
    ],
)
def test_a_leg_raise(told: list[TestResult], verdict: Verdict) -> None:
    assert only(*told).verdict is verdict
    assert assessed(told).needs == ()


def test_a_symptom_in_a_test_bars_what_a_nerve_bars() -> None:
    assert assessed([raised(40.0, 1, symptom=True)]).bars == (
        "N.femoral_symptoms",
        "N.sciatic_symptoms",
    )
    assert assessed([raised(40.0, 1)]).bars == ()


def test_the_lesser_of_two_sides_lacks_by_the_difference() -> None:
    days = [r for d in (1, 8) for r in (raised(75.0, d), raised(100.0, d, Side.RIGHT))]
    left, right = assessed(days).assessed
    assert (left.verdict, right.verdict) == (Verdict.SHORT, Verdict.ENOUGH)
    assert [n.side for n in assessed(days).needs] == [Side.LEFT]
    closer = [r for d in (1, 8) for r in (raised(75.0, d), raised(88.0, d, Side.RIGHT))]
    assert assessed(closer).needs == ()


def test_a_thomas_test_without_the_pelvis_says_nothing() -> None:
    def hanging(day: int, controlled: bool | None) -> TestResult:
        return TestResult("modified_thomas", day, -20.0, 1.0, Side.LEFT, controlled, symptom=False)

    for controlled in (None, False):
        told = [hanging(1, controlled), hanging(8, controlled)]
        assert only(*told).verdict is Verdict.NOT_CONTROLLED
    needs = assessed([hanging(1, True), hanging(8, True)]).needs
    assert [(n.group, n.weight) for n in needs] == [
        (MuscleGroup.ILIACUS, 1.0),
        (MuscleGroup.PSOAS, 1.0),
    ]


def test_a_test_or_side_that_does_not_exist_is_one_line() -> None:
    for wrong, said in (
        (TestResult("toe_touch", 1, 5.0, 1.0), "allowed: modified_thomas"),
        (TestResult(SLR, 1, 5.0, 1.0), "allowed: l or r"),
        (TestResult("lumbar_flexion", 1, 5.0, 1.0, Side.LEFT), "leave it out"),
    ):
        with pytest.raises(InputError, match=said):
            assessed([wrong])


def test_the_table_is_whole() -> None:
    for test, a in assessments().items():
        assert a.source and all(i in evidence() for i in a.evidence), test
        assert not set(a.muscles) & STABILISERS and alarming_words(a.name) == ()
        if a.cut is None:
            assert a.lack(10.0) is None and a.full_weight is None and a.muscles == ()
            continue
        assert a.lack(a.cut) == 0.0 and (a.full_weight or 0.0) > 0.0
        further = a.cut + (-5.0 if a.short is Short.BELOW else 5.0)
        assert a.lack(further) == 5.0


def held(seconds: float, day: int, *, at_least: bool = False) -> TestResult:
    return TestResult("sorensen", day, value_s=seconds, sd_s=1.0, symptom=False, at_least=at_least)


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ([held(10.0, 1), held(10.0, 8)], Verdict.SHORT),
        ([held(10.0, 1)], Verdict.ONE_DAY),
        ([held(40.0, 1), held(40.0, 8)], Verdict.NOT_BEYOND),
        ([held(90.0, 1), held(90.0, 8)], Verdict.ENOUGH),
        ([held(10.0, 1, at_least=True), held(10.0, 8, at_least=True)], Verdict.NOT_MEASURED),
        ([held(240.0, 1, at_least=True)], Verdict.ENOUGH),
        ([TestResult("sorensen", 1, 80.0, 1.0, symptom=False)], Verdict.NOT_MEASURED),
    ],
)
def test_a_time_that_is_held(told: list[TestResult], verdict: Verdict) -> None:
    found = only(*told)
    assert found.verdict is verdict
    assert assessed(told).needs == (), "held times ask for work, never for length"
    assert found.value_deg is None and (found.value_s is None) is (verdict is Verdict.NOT_MEASURED)


def test_what_has_no_cut_is_told_and_never_short() -> None:
    bends = [TestResult("trunk_side_bend", d, 4.0, 1.0, Side.LEFT, True) for d in (1, 8)]
    found = only(*bends)
    assert (found.verdict, found.value_deg, found.lack_deg) == (Verdict.NO_CUT, 4.0, None)


def test_a_result_is_of_one_unit() -> None:
    with pytest.raises(ValueError, match="not in both"):
        TestResult(SLR, 1, 50.0, 1.0, Side.LEFT, value_s=3.0, sd_s=1.0)
    with pytest.raises(ValueError, match="seconds"):
        TestResult("sorensen", 1, value_s=-3.0, sd_s=1.0)
