"""From day to day: no day on which more pain leaves more load, and the rules followed by hand."""

from collections.abc import Iterable
from math import floor

import pytest
from days_told import after, good, steady
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.errors import InputError
from lengthwise.contracts.progress import DayTold, Grade, Move, SessionTold, Standing
from lengthwise.contracts.screening import SafetyStop
from lengthwise.plan.clearance import clearance
from lengthwise.plan.progression import graded, step
from lengthwise.plan.steady import counts
from lengthwise.reference.constants import constant
from lengthwise.reference.evidence import evidence
from lengthwise.reference.screening import TWO_STOPS, screening
from lengthwise.reference.words import alarming_words
from lengthwise.report import progress_words

pain = st.one_of(st.none(), st.integers(0, 20).map(lambda n: n / 2))
sessions = st.builds(
    SessionTold, before=pain, during=pain, stops=st.sampled_from(((), (), (), ("dizzy",)))
)
lived = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.builds(
            DayTold,
            day=st.just(0),
            pain=pain,
            activity_lost=st.sampled_from((None, False, True)),
            session=st.one_of(st.none(), sessions),
            cleared=st.booleans(),
        ),
    ),
    max_size=30,
)


def days_of(rows: Iterable[tuple[int, DayTold]]) -> list[DayTold]:
    found, day = [], 0
    for gap, told in rows:
        day += gap
        found.append(replace(told, day=day))
    return found


@given(rows=lived, level=st.integers(0, 5), more=st.sampled_from(("pain", "during", "stops")))
def test_on_one_day_more_pain_never_leaves_more_load(
    rows: list[tuple[int, DayTold]], level: int, more: str
) -> None:
    *before, last = days_of(rows) or [DayTold(1)]
    now, _ = after(Standing(level), before)
    session = last.session or SessionTold()
    worse = {
        "pain": replace(last, pain=10.0),
        "during": replace(last, session=replace(session, during=10.0)),
        "stops": replace(last, session=replace(session, stops=("leg_symptom",))),
    }[more]
    same = last if more == "pain" else replace(last, session=session)
    tomorrow = DayTold(last.day + 1, pain=last.pain)
    for less_told, more_told in ((same, worse),):
        a, b = step(now, less_told)[0], step(now, more_told)[0]
        assert b.load <= a.load
        if more != "pain":
            assert step(b, tomorrow)[0].load <= step(a, tomorrow)[0].load


@given(rows=lived, level=st.integers(0, 5))
def test_load_rises_by_one_change_at_a_time_and_never_fast(
    rows: list[tuple[int, DayTold]], level: int
) -> None:
    now, last_change, last_level = Standing(level), 0, 0
    for told in days_of(rows):
        then, decided = step(now, told)
        assert 0 <= then.level <= 5 and 0.0 < then.volume <= 1.0
        if then.level > now.level or then.volume > now.volume:
            assert decided.move is Move.UP and decided.grade is Grade.GREEN
            assert (then.level > now.level) != (then.volume > now.volume)
            assert told.day - last_change >= 3 and then.volume <= 2.0 * now.volume
        if then.level > now.level:
            assert told.day - last_level >= 7
        if then.level != now.level:
            last_level = told.day
        if (then.level, then.volume) != (now.level, now.volume):
            last_change = told.day
        now = then


@given(rows=lived)
def test_a_plan_that_is_held_stays_so_until_somebody_has_looked(
    rows: list[tuple[int, DayTold]],
) -> None:
    held = Standing(3, held=True)
    days = [replace(told, cleared=False) for told in days_of(rows)]
    now, decided = after(held, days)
    assert now.held and now.load == 0.0
    assert all(d.move is Move.CLINICIAN for d in decided)


@given(rows=lived, level=st.integers(0, 5), cut=st.integers(0, 30))
def test_it_can_be_stopped_and_gone_on_with(
    rows: list[tuple[int, DayTold]], level: int, cut: int
) -> None:
    days = days_of(rows)
    whole, said = after(Standing(level), days)
    half, first = after(Standing(level), days[:cut])
    again, second = after(half, days[cut:])
    assert (again, [*first, *second]) == (whole, said)


@pytest.mark.parametrize(
    ("before", "during", "next_day", "grade"),
    [
        (2.0, 3.0, 3.0, Grade.GREEN),
        (2.0, 3.5, 2.0, Grade.GREEN),
        (2.0, 4.0, 2.0, Grade.AMBER),
        (2.5, 5.0, 2.0, Grade.AMBER),
        (2.0, 5.0, 2.0, Grade.RED),
        (0.0, 3.0, 0.0, Grade.RED),
        (2.0, 5.5, 2.0, Grade.RED),
        (2.0, 2.0, 3.5, Grade.AMBER),
        (2.0, 2.0, 4.0, Grade.RED),
        (5.0, 6.0, 5.0, Grade.GREEN),
        (5.0, 7.0, 5.0, Grade.AMBER),
        (5.0, 8.0, 5.0, Grade.RED),
        (2.0, 2.0, None, Grade.NOT_KNOWN),
        (None, 2.0, 2.0, Grade.NOT_KNOWN),
        (2.0, None, 2.0, Grade.NOT_KNOWN),
        (2.0, None, 4.0, Grade.RED),
        (None, 6.0, None, Grade.RED),
    ],
)
def test_a_session_is_graded_by_pain_during_and_the_day_after(
    before: float | None, during: float | None, next_day: float | None, grade: Grade
) -> None:
    assert graded(SessionTold(before, during), next_day) is grade
    assert graded(SessionTold(before, during, stops=("dizzy",)), next_day) is Grade.RED


def test_three_greens_and_a_week_bring_one_level_more() -> None:
    now, decided = after(Standing(2), [good(d) for d in range(1, 8)])
    assert now.level == 3 and [d.move for d in decided].count(Move.UP) == 1
    assert decided[-1].rule_ids == ("G",) and decided[-1].reason == "greens"
    short, _ = after(Standing(2), [good(d) for d in (1, 2, 3, 4, 5, 6)])
    assert short.level == 2


def test_steady_pain_of_four_or_five_goes_up_to_the_full_dose_and_no_further() -> None:
    for pain in (3.5, 4.0, 5.0):
        now, decided = after(Standing(1), steady(pain, range(1, 60)))
        ups = [d for d in decided if d.move is Move.UP]
        assert now.level == 3 and [d.day for d in ups] == [11, 18]
        assert decided[-1].reason == "stage"
        # Until two weeks tell of it nobody knows that it does not rise.
        assert next(d for d in decided if d.reason == "rising").day < 11


def test_pain_above_five_is_no_reason_for_more_however_steady() -> None:
    for pain in (5.5, 6.0, 10.0):
        now, decided = after(Standing(2), steady(pain, range(1, 60)))
        assert now.level == 2 and Move.UP not in {d.move for d in decided}


def test_pain_that_rises_from_week_to_week_is_not_steady() -> None:
    days = [t for w in range(8) for t in steady(3.0 + 0.5 * w, range(1 + 7 * w, 8 + 7 * w))]
    now, decided = after(Standing(1), days)
    assert not [d for d in decided if d.move is Move.UP and d.day > 8]
    down = [t for w in range(8) for t in steady(5.0 - 0.5 * w, range(1 + 7 * w, 8 + 7 * w))]
    assert after(Standing(1), down)[0].level > now.level


@pytest.mark.parametrize(
    ("before", "during", "next_day", "usual", "counted"),
    [
        (3.0, 3.0, 4.0, None, True),
        (2.0, 3.5, 2.0, 2.0, False),
        (4.0, 4.0, 4.0, 4.0, True),
        (4.0, 4.5, 4.0, 4.0, False),
        (4.0, 4.5, 4.0, 5.0, False),
        (4.0, 4.0, 4.5, 4.0, False),
        (4.0, 4.0, 4.5, 4.5, True),
        (5.0, 5.0, 4.0, 4.0, False),
        (5.0, 5.0, 5.0, 5.0, True),
        (5.5, 5.0, 5.0, 5.0, False),
        (4.0, 4.0, 4.0, None, False),
        (4.0, 4.0, 4.0, 6.0, False),
        (None, 2.0, 2.0, 2.0, False),
        (2.0, 2.0, None, 2.0, False),
    ],
)
def test_steady_pain_counts_where_a_session_added_nothing_to_what_is_usual(
    before: float | None,
    during: float | None,
    next_day: float | None,
    usual: float | None,
    counted: bool,
) -> None:
    assert counts(SessionTold(before, during), next_day, usual) is counted


half_points = st.integers(0, 20).map(lambda n: n / 2)
STEPS = st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0])


def green(before: float, during: float, next_day: float, usual: float | None) -> bool:
    session = SessionTold(before, during)
    return graded(session, next_day) is Grade.GREEN and counts(session, next_day, usual)


@given(b=half_points, d=half_points, n=half_points, usual=half_points, more=STEPS)
def test_a_baseline_that_rises_never_makes_green_easier(
    b: float, d: float, n: float, usual: float, more: float
) -> None:
    """All of a person's pain higher by as much; and, beyond what is usual, pain before alone."""
    higher = [x + more for x in (b, d, n, usual)]
    if max(higher) <= 10.0 and green(*higher):
        assert green(b, d, n, usual)
    if b >= max(usual, 3.5) and b + more <= 10.0 and green(b + more, d, n, usual):
        assert green(b, d, n, usual)


@given(b=half_points, d=half_points, n=half_points, usual=half_points, more=STEPS)
def test_more_pain_in_a_session_or_the_day_after_never_makes_it_count(
    b: float, d: float, n: float, usual: float, more: float
) -> None:
    if d + more <= 10.0 and green(b, d + more, n, usual):
        assert green(b, d, n, usual)
    if n + more <= 10.0 and green(b, d, n + more, usual):
        assert green(b, d, n, usual)


@given(
    start=st.floats(0.0, 5.0),
    rows=st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1.5)), min_size=20, max_size=60),
    more=st.sampled_from([0.5, 1.0, 2.0]),
)
def test_nobody_rises_further_with_all_of_their_pain_higher(
    start: float, rows: list[tuple[float, float]], more: float
) -> None:
    """Ups alone: rule D grades from a higher start by the rise, so its downs are another law."""

    def ups(shift: float) -> int:
        now, found = Standing(0), 0
        for day, (off, rise) in enumerate(rows, start=1):
            at = round(2 * (start + off)) / 2 + shift
            pain, during = (min(max(x, 0.0), 10.0) for x in (at, at + round(2 * rise) / 2))
            then, decided = step(now, DayTold(day, pain=pain, session=SessionTold(pain, during)))
            if decided.grade not in (Grade.GREEN, None) or then.held or now.held:
                return -1
            found, now = found + (decided.move is Move.UP), then
        return found

    low, high = ups(0.0), ups(more)
    if -1 not in (low, high):
        assert high <= low


@pytest.mark.parametrize("apart_days", [0.4, 3.0, 6.6, 7.0, 8.0, 9.5])
@pytest.mark.parametrize("hour", [0.0, 6.0, 12.0, 18.0, 23.0])
def test_two_stops_count_here_where_they_count_for_the_safety_questions(
    apart_days: float, hour: float
) -> None:
    first = hour / 24.0
    asked = screening()
    both = [SafetyStop(86400.0 * t) for t in (first, first + apart_days)]
    counts = TWO_STOPS in clearance(asked, both).flags
    stopped = SessionTold(before=2.0, during=2.0, stops=("leg_symptom",))
    days = [1 + floor(t) for t in (first, first + apart_days)]
    if days[0] == days[1]:
        now, _ = step(Standing(3), DayTold(1, session=stopped, more_stops=1))
    else:
        now, _ = after(Standing(3), [DayTold(d, session=stopped) for d in days])
    # Days of the calendar do not tell hours: in doubt, stops on days so far apart count.
    assert now.held or not counts
    if days[1] - days[0] > 7:
        assert not now.held


def test_days_come_in_their_order() -> None:
    now, _ = step(Standing(1), DayTold(3))
    for day in (3, 2):
        with pytest.raises(InputError, match="after day 3"):
            step(now, DayTold(day))


TESTS = SessionTold(before=1.0, during=1.0, trained=False)


def test_days_of_tests_alone_bring_no_level_and_still_count_where_they_hurt() -> None:
    tested = [DayTold(d, pain=1.0, session=TESTS) for d in range(1, 15)]
    now, said = after(Standing(2), tested)
    assert now.level == 2 and {d.move for d in said} == {Move.STAY}
    hurt = [DayTold(1, session=replace(TESTS, during=6.0)), DayTold(2, pain=1.0)]
    assert after(Standing(2), hurt)[0].level == 1


def test_every_decision_has_its_sentences_and_its_evidence() -> None:
    stopped = SessionTold(before=2.0, during=2.0, stops=("leg_symptom",))
    bad = [DayTold(d, pain=5.0, activity_lost=True) for d in range(5, 9)]
    lives = (
        [good(d) for d in range(1, 9)],
        [good(1, during=6.0), good(2)],
        [DayTold(1, session=SessionTold(before=5.0, during=5.0)), DayTold(2, pain=5.0)],
        [good(1, during=4.0), good(2), good(3, during=4.0), good(4), DayTold(9), DayTold(30)],
        [good(1, during=6.0), DayTold(2, pain=9.0, activity_lost=True), good(3), DayTold(4)],
        [*(DayTold(d, session=stopped) for d in (1, 2)), DayTold(3), DayTold(4, cleared=True)],
        [DayTold(1, flare=True)],
        [*(good(d) for d in range(1, 5)), *bad],
        [*(good(d) for d in (1, 2)), good(3, during=6.0), *(good(d) for d in range(4, 9))],
        steady(4.0, range(1, 40)),
        [DayTold(1, pain=1.0, session=TESTS), DayTold(2, pain=1.0)],
    )
    said = [d for days in lives for d in after(Standing(2), days)[1]]
    assert {d.reason for d in said} == progress_words.REASONS.keys()
    assert {d.move for d in said} == set(Move)
    for d in said:
        for sentence in (progress_words.reason(d), progress_words.would_change(d)):
            assert sentence.endswith(".") and alarming_words(sentence) == ()
        assert all(i in evidence() for i in d.evidence_ids) and d.rule_ids


def test_how_much_less_is_said_as_it_is_decided() -> None:
    """30 % are no third."""
    assert constant("plan", "down_volume_ratio") == 0.7
    assert constant("plan", "flare_volume_ratio") == 0.5
    for reason in ("red", "ambers", "cleared"):
        assert "three tenths less" in progress_words.REASONS[reason]
    for reason in ("flare", "flare_told"):
        assert "two levels less and half of it" in progress_words.REASONS[reason]
