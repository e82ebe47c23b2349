"""Weeks: what no week may ever do, whoever asks; and a few that can be followed by hand."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.care import Care, Course, Direction, Nerve, NeuralSign
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.effect import ExerciseEffect
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.week import (
    Action,
    Clinician,
    Lack,
    NeededLength,
    PlannedItem,
    Purpose,
    Week,
    WeekAsked,
)
from lengthwise.live.exercise_effects import effects_of
from lengthwise.plan.allocation import (
    FLOOR_S,
    FULL_S,
    purpose_of,
)
from lengthwise.plan.beginning import FELT
from lengthwise.plan.eligible import bars, eligible, left_out, much_pain, raised
from lengthwise.plan.preferred import is_new_or_worse, preferred
from lengthwise.plan.week import planned
from lengthwise.reference.exercise_parts import LENGTHENING, STABILISERS
from lengthwise.reference.exercise_rules import mid_range_direction
from lengthwise.reference.exercises import exercise, exercises
from lengthwise.reference.rules import rules
from lengthwise.reference.words import alarming_words
from lengthwise.report import week_words
from well_told import WELL

HAMSTRINGS = tuple(NeededLength(MuscleGroup.HAMSTRINGS, side, 1.0) for side in Side)
ASKED = WeekAsked(level=3, care=WELL, needs=HAMSTRINGS, barred=(), kneel=True, floor=True)
STRETCHED = sorted({t.group for e in exercises().values() for t in e.targets})
EASY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def effects() -> dict[str, ExerciseEffect]:
    moved = [e for e in exercises().values() if e.path and purpose_of(e) is Purpose.LENGTH]
    return {e.exercise_id: e for e in effects_of(moved)}


def week(asked: WeekAsked, effects: dict[str, ExerciseEffect]) -> Week:
    return planned(asked, exercises().values(), effects)


maybe = st.sampled_from((None, False, True))
needs = st.lists(
    st.tuples(
        st.sampled_from(STRETCHED), st.sampled_from(Side), st.sampled_from((0.2, 0.5, 0.8, 1.0))
    ),
    max_size=6,
    unique_by=lambda n: n[:2],
).map(lambda rows: tuple(NeededLength(*row) for row in rows))
cares = st.builds(
    Care,
    baseline_nrs=st.sampled_from((None, 0.0, 4.0, 6.9, 7.0, 10.0)),
    course=st.sampled_from((None, *Course)),
    neural_signs=st.sampled_from((None, (), (NeuralSign(Side.LEFT, Nerve.SCIATIC),))),
    flare=maybe,
    irritable=maybe,
    hypermobile=maybe,
    osteoporotic=maybe,
    pregnant=maybe,
)
some = st.lists(st.sampled_from(sorted(exercises())), max_size=3, unique=True).map(tuple)
anyone = st.builds(
    WeekAsked,
    level=st.integers(0, 5),
    care=st.one_of(st.just(WELL), cares),
    needs=needs,
    barred=st.one_of(
        st.none(), st.lists(st.sampled_from(sorted(rules())), max_size=3, unique=True).map(tuple)
    ),
    kneel=maybe,
    floor=maybe,
    minutes_a_day=st.sampled_from((3.0, 6.0, 10.0)),
    volume=st.sampled_from((0.35, 0.7, 1.0)),
    left_out=some,
    liked=some,
    sitting_h=st.sampled_from((None, 0.0, 12.0)),
    preferred=st.sampled_from((None, *Direction)),
    clinician=st.one_of(
        st.none(),
        st.builds(
            Clinician,
            reason=st.just("seen"),
            level_most=st.sampled_from((None, 1, 3)),
            left_out=some,
            lifted=st.sampled_from(((), ("P.acute_end_range", "F.flare_end_range"))),
            preferred=st.sampled_from((None, *Direction)),
        ),
    ),
)


def mirrored(asked: WeekAsked) -> WeekAsked:
    care = asked.care
    signs = care.neural_signs and tuple(
        NeuralSign(s.side.other, s.nerve) for s in care.neural_signs
    )
    turned = tuple(replace(n, side=n.side.other) for n in asked.needs)
    return replace(asked, needs=turned, care=replace(care, neural_signs=signs))


def done(item: PlannedItem, *, other: bool = False) -> tuple[str, int, frozenset[Side]]:
    return item.exercise_id, item.rounds, frozenset(s.other if other else s for s in item.sides)


def stretching_s(found: Week) -> Counter[tuple[MuscleGroup, Side]]:
    """Seconds of lengthening of every muscle, reckoned from the days alone."""
    total: Counter[tuple[MuscleGroup, Side]] = Counter()
    for item in (i for day in found.days for i in day.items if i.purpose is Purpose.LENGTH):
        e = exercise(item.exercise_id)
        named = {
            (t.group, t.side) for s in item.sides or (e.written_for,) for t in e.for_side(s).targets
        }
        for muscle in named:
            total[muscle] += round(item.rounds * item.hold_s)
    return total


@EASY
@given(asked=anyone)
def test_no_week_breaks_a_rule(asked: WeekAsked, effects: dict[str, ExerciseEffect]) -> None:
    found = week(asked, effects)
    assert [day.number for day in found.days] == list(range(1, 8))
    breath_s = sum(i.takes_s for d in found.days for i in d.items if i.purpose is Purpose.BREATH)
    led_s = sum(day.takes_s for day in found.days) - breath_s
    assert led_s <= asked.volume * 7.0 * (60.0 * asked.minutes_a_day - 60.0) + 1e-6
    holding = bars(asked)
    for day in found.days:
        assert day.takes_s <= 60.0 * asked.minutes_a_day + 1e-6
        named = [item.exercise_id for item in day.items]
        assert len(set(named)) == len(named)
        for item in day.items:
            e = exercise(item.exercise_id)
            assert not left_out(e, asked, holding)
            if item.purpose is Purpose.CONTROL and asked.care.course in (None, Course.ACUTE):
                assert e.effort is not None and e.effort.high_mvc <= 0.3
                assert item.hold_s <= 10.0 and 6 <= item.rounds <= 10
            if item.purpose is Purpose.REST:
                assert much_pain(asked.care)
            way = mid_range_direction(e)
            assert way is None or (preferred(asked) is way and is_new_or_worse(asked))
    purposes = {item.purpose for day in found.days for item in day.items}
    assert {m.purpose for m in found.missing} == {Purpose.CONTROL, Purpose.WALK} - purposes
    total = stretching_s(found)
    assert not total.keys() & {(group, side) for group in STABILISERS for side in Side}
    for need, gives_s in zip(found.needs, found.gives_s, strict=True):
        assert total[need.group, need.side] == round(gives_s) <= FULL_S
    assert {u.need for u in found.unmet} == {
        n for n, s in zip(found.needs, found.gives_s, strict=True) if s < FLOOR_S
    }


@EASY
@given(asked=anyone)
def test_the_mirrored_person_gets_the_mirrored_week(
    asked: WeekAsked, effects: dict[str, ExerciseEffect]
) -> None:
    one, other = week(asked, effects), week(mirrored(asked), effects)
    for day, turned in zip(one.days, other.days, strict=True):
        assert {done(i) for i in day.items} == {done(i, other=True) for i in turned.items}


@EASY
@given(asked=anyone, seed=st.randoms(use_true_random=False))
def test_the_order_of_answers_changes_nothing(
    asked: WeekAsked, seed: object, effects: dict[str, ExerciseEffect]
) -> None:
    mixed = list(exercises().values())
    seed.shuffle(mixed)  # type: ignore[attr-defined]
    word = asked.clinician
    turned = replace(
        asked,
        needs=asked.needs[::-1],
        barred=asked.barred and asked.barred[::-1],
        left_out=asked.left_out[::-1],
        liked=asked.liked[::-1],
        clinician=word and replace(word, left_out=word.left_out[::-1], lifted=word.lifted[::-1]),
    )
    assert planned(turned, mixed, effects) == week(asked, effects)


@given(asked=anyone, rule=st.sampled_from(sorted(rules())))
def test_one_more_flag_opens_nothing(asked: WeekAsked, rule: str) -> None:
    asked = replace(asked, barred=asked.barred or ())
    before = eligible(asked, exercises().values())
    after = eligible(replace(asked, barred=(*(asked.barred or ()), rule)), exercises().values())
    assert {e.id for e in after} <= {e.id for e in before}


@given(asked=anyone, way=st.sampled_from(Direction))
def test_a_direction_orders_and_opens_nothing(asked: WeekAsked, way: Direction) -> None:
    told = replace(asked, preferred=way)
    assert eligible(told, exercises().values()) == eligible(asked, exercises().values())
    assert preferred(told) is None or f"K.{preferred(told)}_barred" not in bars(told)


@given(asked=anyone, pains=st.tuples(st.floats(0.0, 10.0), st.floats(0.0, 10.0)))
def test_more_pain_opens_nothing(asked: WeekAsked, pains: tuple[float, float]) -> None:
    less, more = (
        {
            e.id
            for e in eligible(
                replace(asked, care=replace(asked.care, baseline_nrs=pain)), exercises().values()
            )
        }
        for pain in sorted(pains)
    )
    assert more <= less


@pytest.mark.parametrize(
    "field", ["flare", "irritable", "hypermobile", "osteoporotic", "pregnant", "neural_signs"]
)
def test_what_was_not_asked_opens_nothing(field: str) -> None:
    unasked = replace(ASKED, care=replace(WELL, **{field: None}))
    more = {e.id for e in eligible(ASKED, exercises().values())}
    assert {e.id for e in eligible(unasked, exercises().values())} < more


def test_without_the_safety_questions_all_that_they_raise_holds() -> None:
    unasked = replace(ASKED, barred=None)
    left = {e.id for e in eligible(unasked, exercises().values())}
    assert left < {e.id for e in eligible(ASKED, exercises().values())}
    raised_by_them = {r for r in rules() if r.startswith(("S.", "K.", "N."))}
    assert all(not raised_by_them & set(exercise(i).contraindications) for i in left)


def test_what_an_answer_raises_is_told_from_what_was_not_asked() -> None:
    assert raised(Care()) == frozenset()
    assert raised(WELL) == frozenset()
    assert "F.flare_end_range" in raised(Care(flare=True))
    assert "P.acute_end_range" in raised(Care(course=Course.ACUTE))
    assert raised(Care(neural_signs=(NeuralSign(Side.LEFT, Nerve.SCIATIC),))) == {
        "N.sciatic_symptoms"
    }


def test_nobody_who_was_asked_nothing_is_stretched(effects: dict[str, ExerciseEffect]) -> None:
    found = week(WeekAsked(level=5, care=Care(), needs=HAMSTRINGS), effects)
    assert found.action is Action.NO_STRETCH
    kinds = {exercise(i.exercise_id).kind for day in found.days for i in day.items}
    assert not kinds & LENGTHENING
    assert {u.lack for u in found.unmet} == {Lack.BARRED}
    assert all("D.much_pain" in u.bars for u in found.unmet)


def test_a_week_has_floors_control_and_walking(effects: dict[str, ExerciseEffect]) -> None:
    found = week(ASKED, effects)
    assert found.action is Action.WEEK
    times = Counter(i.purpose for day in found.days for i in day.items)
    assert times[Purpose.CONTROL] >= 3 and times[Purpose.WALK] >= 2
    assert times[Purpose.BREATH] == 7
    assert all(FLOOR_S <= s <= FULL_S for s in found.gives_s) and not found.unmet
    (hamstrings,) = [w for w in found.why if w.purpose is Purpose.LENGTH]
    assert hamstrings.exercise_id == "supine_hamstring" and hamstrings.gain_ratio == 1.0


def test_what_only_feels_tight_is_not_said_to_be_measured(
    effects: dict[str, ExerciseEffect],
) -> None:
    felt = tuple(replace(n, finding=FELT) for n in HAMSTRINGS)
    for needs, measured in ((felt, False), ((felt[0], HAMSTRINGS[1]), True)):
        (why,) = [
            w for w in week(replace(ASKED, needs=needs), effects).why if w.purpose is Purpose.LENGTH
        ]
        assert ("I" in why.rule_ids) == measured
        assert ("short on two days" in week_words.would_change(why)) == measured


def test_the_side_that_needs_it_more_gets_more(effects: dict[str, ExerciseEffect]) -> None:
    left, right = HAMSTRINGS
    found = week(replace(ASKED, needs=(left,)), effects)
    total = stretching_s(found)
    assert total[left.group, left.side] > total[right.group, right.side]


def test_an_exercise_that_is_left_out_is_replaced(effects: dict[str, ExerciseEffect]) -> None:
    found = week(replace(ASKED, left_out=("supine_hamstring",)), effects)
    (hamstrings,) = [w for w in found.why if w.purpose is Purpose.LENGTH]
    assert hamstrings.exercise_id in ("seated_hamstring", "standing_hamstring")
    assert all(s >= FLOOR_S for s in found.gives_s)


def test_in_the_first_weeks_easy_movement_stands_in(effects: dict[str, ExerciseEffect]) -> None:
    care = replace(WELL, course=Course.ACUTE)
    found = week(replace(ASKED, care=care), effects)
    times = Counter(i.purpose for day in found.days for i in day.items)
    assert times[Purpose.MOVE] >= 3 and times[Purpose.WALK] >= 2
    done_ids = {i.exercise_id for day in found.days for i in day.items}
    assert "side_bridge" not in done_ids
    assert all("P.acute_end_range" not in exercise(i).contraindications for i in done_ids)


@pytest.mark.parametrize("way", list(Direction))
def test_the_direction_says_by_whose_word_it_comes_first(
    way: Direction, effects: dict[str, ExerciseEffect]
) -> None:
    acute = replace(ASKED, care=replace(WELL, course=Course.ACUTE), needs=())
    word = Clinician(reason="seen", preferred=way)
    for asked, rule in (
        (replace(acute, preferred=way), "K"),
        (replace(acute, clinician=word), "clinician"),
    ):
        moves = [w for w in week(asked, effects).why if w.purpose is Purpose.MOVE]
        assert {w.direction for w in moves} == {way} and len(moves) == 2
        for why in moves:
            assert {rule, "D", "P"} <= set(why.rule_ids)
            assert ("clinician named" in week_words.reason(why)) == (rule == "clinician")
            assert "test that finds otherwise" in week_words.would_change(why)
    (usual,) = [w for w in week(acute, effects).why if w.purpose is Purpose.MOVE]
    assert usual.direction is None and "K" not in usual.rule_ids


def test_work_while_pain_is_new_says_that_it_is_light(effects: dict[str, ExerciseEffect]) -> None:
    acute = replace(ASKED, care=replace(WELL, course=Course.ACUTE))
    harder = replace(acute, clinician=Clinician("seen", lifted=("P.acute_effort",)))
    for asked, light in ((acute, True), (harder, False), (ASKED, False)):
        (control,) = [w for w in week(asked, effects).why if w.purpose is Purpose.CONTROL]
        assert ("little effort" in week_words.reason(control)) is light
        assert ("work may grow" in week_words.would_change(control)) is light


def test_breath_is_done_where_it_is_liked(effects: dict[str, ExerciseEffect]) -> None:
    for liked, first in (((), "seated_breathing"), (("supine_breathing",), "supine_breathing")):
        days = week(replace(ASKED, liked=liked), effects).days
        assert {day.items[0].exercise_id for day in days} == {first}


def test_every_reason_is_a_sentence_that_does_not_alarm(
    effects: dict[str, ExerciseEffect],
) -> None:
    named = tuple(NeededLength(g, s, 0.5, "short by 8 degrees") for g in STRETCHED for s in Side)
    well = week(replace(ASKED, needs=named), effects)
    unasked = week(WeekAsked(level=0, care=Care(), needs=named), effects)
    new = replace(ASKED, care=replace(WELL, course=Course.ACUTE))
    acute = week(new, effects)
    one_way = [week(replace(new, preferred=way), effects) for way in Direction]
    much = week(replace(ASKED, care=replace(WELL, baseline_nrs=8.0)), effects)
    for found in (well, unasked, acute, much, *one_way):
        said = [week_words.reason(w) for w in found.why]
        said += [week_words.would_change(w) for w in found.why]
        said += [week_words.unmet(u) for u in found.unmet]
        said += [week_words.missing(m) for m in found.missing]
        for sentence in said:
            assert sentence.endswith(".") and alarming_words(sentence) == (), sentence
            assert sentence[0].isupper() and "_" not in sentence, sentence
