"""The plan's adaptation: what it may never do, whatever is told, and each rule followed by hand."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.adaptation import (
    Adapt,
    Adaptation,
    AdaptDay,
    Adaptive,
    AdaptTold,
    Expected,
    Lived,
    Step,
)
from lengthwise.contracts.care import Care
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.progress import DayTold, SessionTold, Standing
from lengthwise.contracts.week import NeededLength, WeekAsked
from lengthwise.plan.adapting import adapt, asked_of, begun
from lengthwise.plan.plateau import retargeted
from lengthwise.plan.sitting import weighed
from lengthwise.plan.thirds import thirds_of
from lengthwise.reference.evidence import evidence
from lengthwise.reference.words import alarming_words
from lengthwise.report import adaptation_words

nrs = st.integers(0, 20).map(lambda n: n / 2)
pain = st.one_of(st.none(), nrs)
lived = st.builds(
    Lived,
    stress=pain,
    sleep_h=st.one_of(st.none(), st.floats(0.0, 14.0)),
    active_min=st.one_of(st.none(), st.floats(0.0, 300.0)),
    sitting_h=st.one_of(st.none(), st.floats(0.0, 16.0)),
)
expected = st.lists(
    st.builds(Expected, st.sampled_from(("hip_hinge", "roll_down")), nrs, pain), max_size=3
).map(tuple)
days = st.builds(
    AdaptDay,
    told=st.builds(
        DayTold,
        day=st.just(0),
        pain=pain,
        activity_lost=st.sampled_from((None, False, True)),
        session=st.one_of(
            st.none(),
            st.builds(SessionTold, pain, pain, st.sampled_from(((), (), (), ("dizzy",)))),
        ),
        cleared=st.booleans(),
    ),
    lived=lived,
    month=st.one_of(st.none(), st.integers(1, 12)),
    expected=expected,
)
lives = st.lists(st.tuples(st.integers(1, 9), days), max_size=30)
BEGUN = begun(AdaptTold(3, ()))
PSOAS = (MuscleGroup.PSOAS, Side.LEFT)


def dated(rows: Iterable[tuple[int, AdaptDay]]) -> list[AdaptDay]:
    found, at = [], 0
    for gap, day in rows:
        at += gap
        found.append(replace(day, told=replace(day.told, day=at)))
    return found


def after(days: Iterable[AdaptDay], state: Adaptive = BEGUN) -> tuple[Adaptive, list[Adaptation]]:
    said: list[Adaptation] = []
    for day in days:
        state, decided = adapt(state, day)
        said += decided.adapted
    return state, said


def good(day: int, *, nrs: float = 2.0, **more: object) -> AdaptDay:
    told = DayTold(day, pain=nrs, session=SessionTold(before=nrs, during=nrs))
    return AdaptDay(told, **more)  # type: ignore[arg-type]


@given(rows=lives, cut=st.integers(0, 30))
def test_it_is_replayed_from_what_was_told_stopped_anywhere(
    rows: list[tuple[int, AdaptDay]], cut: int
) -> None:
    days = dated(rows)
    whole, said = after(days)
    half, first = after(days[:cut])
    again, second = after(days[cut:], half)
    assert (again, [*first, *second]) == (whole, said)


@given(rows=lives, seed=st.randoms(use_true_random=False))
def test_the_order_of_answers_within_a_day_changes_nothing(
    rows: list[tuple[int, AdaptDay]], seed: object
) -> None:
    days = dated(rows)
    mixed = []
    for day in days:
        told = list(day.expected)
        seed.shuffle(told)  # type: ignore[attr-defined]
        mixed.append(replace(day, expected=tuple(told)))
    assert after(mixed) == after(days)


@given(rows=lives, which=st.sampled_from(("pain", "during", "stress", "stop", "flare")))
def test_on_one_day_more_pain_or_stress_never_leaves_more(
    rows: list[tuple[int, AdaptDay]], which: str
) -> None:
    *before, last = dated(rows) or [good(1)]
    now, _ = after(before)
    told = replace(last.told, session=last.told.session or SessionTold())
    last = replace(last, told=told)
    session = told.session or SessionTold()
    worse = {
        "pain": replace(last, told=replace(told, pain=10.0)),
        "during": replace(last, told=replace(told, session=replace(session, during=10.0))),
        "stop": replace(last, told=replace(told, session=replace(session, stops=("dizzy",)))),
        "stress": replace(last, lived=replace(last.lived, stress=10.0)),
        "flare": replace(last, told=replace(told, pain=10.0, activity_lost=True)),
    }[which]
    less, more = adapt(now, last)[0], adapt(now, worse)[0]
    assert load(more) <= load(less) + 1e-12


def load(state: Adaptive) -> float:
    return 0.0 if state.standing.held else state.standing.level + state.volume


@given(rows=lives, actual=nrs)
def test_more_pain_in_an_exercise_never_leaves_a_larger_step(
    rows: list[tuple[int, AdaptDay]], actual: float
) -> None:
    now, _ = after(dated(rows))
    day = (now.standing.day or 0) + 1
    for thirds in (1, 2, 3):
        steps = () if thirds == 3 else (Step("hip_hinge", thirds),)
        start = replace(now, steps=steps)
        left = []
        for nrs in (actual, 10.0):
            told = AdaptDay(DayTold(day), expected=(Expected("hip_hinge", 8.0, nrs),))
            left.append(thirds_of(adapt(start, told)[0], "hip_hinge"))
        assert 1 <= left[1] <= left[0] <= 3


@given(rows=lives)
def test_volume_moves_by_a_fifth_at_most_and_is_never_more_than_all(
    rows: list[tuple[int, AdaptDay]],
) -> None:
    now = BEGUN
    for day in dated(rows):
        now, decided = adapt(now, day)
        assert 0.8 <= now.factor <= 1.2 + 1e-12
        assert 0.0 < now.volume <= 1.0
        assert now.volume <= 1.2 * now.standing.volume + 1e-12
        for said in decided.adapted:
            assert said.rule_ids and all(i in evidence() for i in said.evidence_ids)
            for words in (adaptation_words.reason(said), adaptation_words.would_change(said)):
                assert words.endswith(".") and alarming_words(words) == ()
            if said.action is Adapt.VOLUME:
                assert abs(said.ratio - 1.0) <= 0.2


def test_every_reason_has_its_sentence_and_none_is_idle() -> None:
    days = [good(d, nrs=4.0, lived=Lived(4.0, 7.0, 40.0, 9.0)) for d in range(1, 9)]
    days += [good(9, nrs=4.0, month=1, lived=Lived(9.0, 3.0, 200.0, 9.0))]
    said = after(days)[1]
    assert {"stress_less", "sleep_less", "activity_less", "season_less", "sitting_more"} <= {
        a.reason for a in said
    }
    for reason in adaptation_words.REASONS.values():
        assert reason.endswith(".") and alarming_words(reason) == ()


def test_a_strained_short_night_takes_a_fifth_and_no_more() -> None:
    days = [good(d, lived=Lived(4.0, 7.0, 40.0)) for d in range(1, 8)]
    now, _ = after([*days, good(8, month=1, lived=Lived(9.0, 2.0, 200.0))])
    assert now.factor == pytest.approx(0.8)
    now, said = after([*days, good(8, lived=Lived(5.5, 7.0, 40.0))])
    assert now.factor == pytest.approx(0.95) and {a.about for a in said} >= {"stress"}
    assert after([*days, good(8, lived=Lived(None, None, None))])[0].factor == 1.0


def test_a_calm_day_gives_back_only_what_was_borne_well() -> None:
    calm = Lived(1.0, 9.0, 40.0)
    days = [good(d, lived=Lived(4.0, 7.0, 40.0)) for d in range(1, 7)]
    low = replace(BEGUN, standing=Standing(3, volume=0.7))
    now, said = after([*days, good(7, lived=Lived(4.0, 7.0, 40.0))], low)
    standing = replace(now.standing, volume=0.7, since_day=0, green_days=(6,))
    risen, said = adapt(replace(now, standing=standing), AdaptDay(DayTold(8, pain=2.0), calm))
    assert risen.factor == pytest.approx(1.1) and risen.volume == pytest.approx(0.77)
    assert {a.reason for a in said.adapted} == {"stress_more", "sleep_more"}
    untold, _ = adapt(replace(now, standing=standing), AdaptDay(DayTold(8), calm))
    assert untold.factor == 1.0
    amber = replace(standing, ambers=1)
    assert (
        adapt(replace(now, standing=amber), AdaptDay(DayTold(8, pain=2.0), calm))[0].factor == 1.0
    )


def test_a_good_night_makes_up_for_what_lowers_and_no_more() -> None:
    days = [good(d, lived=Lived(4.0, 7.0, 40.0)) for d in range(1, 8)]
    for month, names in ((1, {"season", "sleep"}), (4, set())):
        told = AdaptDay(DayTold(8), Lived(None, 9.0, 40.0), month)
        now, decided = adapt(after(days)[0], told)
        assert now.factor == 1.0
        assert {a.about for a in decided.adapted if a.action is Adapt.VOLUME} == names


def test_summer_in_the_south_is_in_january() -> None:
    for southern, month, reason in ((False, 1, "season_less"), (True, 7, "season_less")):
        now, said = after([good(1, month=month)], replace(BEGUN, southern=southern))
        assert now.factor == pytest.approx(0.95) and [a.reason for a in said] == [reason]


def weeks(count: int, *, last: float, every: int = 1, first: float = 4.0) -> list[AdaptDay]:
    return [
        good(d, nrs=first if d < 8 else last, stretched=(PSOAS,))
        if d % every == 0
        else AdaptDay(DayTold(d, pain=first if d < 8 else last))
        for d in range(1, 7 * count + 2)
    ]


@pytest.mark.parametrize(
    ("count", "last", "every", "action", "reason"),
    [
        (6, 3.0, 1, Adapt.CHANGE_TARGETS, "no_better"),
        (6, 2.5, 1, Adapt.WAIT, "better"),
        (6, 3.0, 2, Adapt.WAIT, "few_sessions"),
        (12, 3.0, 1, Adapt.CLINICIAN, "no_better_late"),
        (12, 2.0, 1, Adapt.WAIT, "better"),
    ],
)
def test_six_and_twelve_weeks_are_looked_back_on(
    count: int, last: float, every: int, action: Adapt, reason: str
) -> None:
    now, said = after(weeks(count, last=last, every=every))
    found = [a for a in said if a.rule_ids == ("L",)]
    assert (found[-1].action, found[-1].reason) == (action, reason)
    assert len(found) == count // 6
    assert (PSOAS in now.retargeted) == any(a.action is Adapt.CHANGE_TARGETS for a in found)


def test_without_pain_told_nothing_is_judged() -> None:
    days = [AdaptDay(DayTold(d, session=SessionTold())) for d in range(1, 44)]
    (found,) = [a for a in after(days)[1] if a.rule_ids == ("L",)]
    assert (found.action, found.reason) == (Adapt.WAIT, "pain_not_told")


def test_what_was_feared_grows_by_thirds_as_it_hurts_less() -> None:
    now, left = BEGUN, []
    for day, (before, actual) in enumerate(
        [(8.0, 2.0), (7.0, 2.0), (6.0, 6.0), (6.0, None), (6.0, 1.0), (5.0, 2.0)], start=1
    ):
        told = AdaptDay(DayTold(day), expected=(Expected("hip_hinge", before, actual),))
        now, _ = adapt(now, told)
        left.append(thirds_of(now, "hip_hinge"))
    assert left == [1, 2, 1, 1, 2, 3]
    assert now.steps == ()


def test_a_flare_and_a_stop_ask_the_safety_questions_anew() -> None:
    now, _ = after([good(1), good(2)])
    flare = AdaptDay(DayTold(3, pain=6.0, activity_lost=True))
    stop = AdaptDay(DayTold(3, session=SessionTold(2.0, 2.0, ("leg_symptom",))))
    for day, rule in ((flare, "F"), (stop, "X")):
        (found,) = [a for a in adapt(now, day)[1].adapted if a.action is Adapt.RESCREEN]
        assert found.rule_ids == ("S", rule)


needs = st.lists(
    st.tuples(st.sampled_from(MuscleGroup), st.sampled_from(Side), st.floats(0.05, 1.0)),
    max_size=6,
    unique_by=lambda n: n[:2],
).map(lambda rows: tuple(NeededLength(*row) for row in rows))


@given(needs=needs, hours=st.none() | st.floats(0.0, 24.0))
def test_weights_stay_weights_and_turn_with_the_person(
    needs: tuple[NeededLength, ...], hours: float | None
) -> None:
    def mirror(of: Iterable[NeededLength]) -> tuple[NeededLength, ...]:
        return tuple(replace(n, side=n.side.other) for n in of)

    rested = [(n.group, n.side) for n in needs[:2]]
    turned = [(group, side.other) for group, side in rested]
    found = weighed(retargeted(needs, rested), hours)
    assert mirror(found) == weighed(retargeted(mirror(needs), turned), hours)
    assert [(n.group, n.side) for n in found] == [(n.group, n.side) for n in needs]
    assert all(0.0 < n.weight <= 1.0 for n in found)


@given(rows=lives, needs=needs)
def test_the_week_that_is_asked_for_opens_nothing(
    rows: list[tuple[int, AdaptDay]], needs: tuple[NeededLength, ...]
) -> None:
    now, _ = after(dated(rows))
    asked = WeekAsked(level=5, care=Care(), needs=needs, barred=("S.hip_prosthesis",))
    found = asked_of(asked, now)
    assert found.level == now.standing.level and 0.1 <= found.volume <= 1.0
    assert (found.barred, found.kneel, found.floor) == (asked.barred, asked.kneel, asked.floor)
    assert found.care in (asked.care, replace(asked.care, flare=True))
    assert found.minutes_a_day == asked.minutes_a_day


def test_one_thing_changes_upwards_and_is_named() -> None:
    _, said = after([good(d) for d in range(1, 23)], begun(AdaptTold(2, ())))
    new = [a for a in said if a.action is Adapt.ONE_THING]
    assert [a.about for a in new] == ["hold", "dynamics", "load"]
    assert all(a.rule_ids == ("G",) for a in new)
    low = replace(BEGUN, standing=Standing(3, volume=0.35))
    _, said = after([good(d) for d in range(1, 5)], low)
    (volume,) = [a for a in said if a.action is Adapt.ONE_THING]
    assert volume.about == "volume" and volume.ratio == pytest.approx(2.0)
