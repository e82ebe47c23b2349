"""The sheet for the physiotherapist: what is not known stays empty, and small numbers say so."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.handover import (
    Change,
    HandoverTold,
    PlannedTold,
    RangeTold,
    SessionGiven,
    WhoTold,
)
from lengthwise.plan.handover import handover, next_day_share

TODAY = date(2026, 3, 1)
WHO = WhoTold("Anna")
HAMSTRING, LUNGE = "supine_hamstring", "half_kneeling_hip_flexor"
NRS = st.none() | st.integers(0, 10).map(float)
SESSIONS = st.lists(
    st.builds(
        SessionGiven,
        st.integers(-10, 80).map(lambda n: TODAY - timedelta(days=n)),
        st.sampled_from([HAMSTRING, LUNGE]),
        before=NRS,
        after=NRS,
        next_day=NRS,
        movement_before=NRS,
        movement_after=NRS,
        effective_s=st.none() | st.floats(0.0, 120.0),
        stops=st.sampled_from([(), ("X",)]),
    ),
    max_size=30,
).map(tuple)


def on(days_ago: int, done: str = HAMSTRING, **told: object) -> SessionGiven:
    return SessionGiven(TODAY - timedelta(days=days_ago), done, **told)  # type: ignore[arg-type]


def angle(days_ago: int, deg: float, *, sd: float = 2.0, setup: str = "a") -> RangeTold:
    of = TODAY - timedelta(days=days_ago)
    return RangeTold(of, HAMSTRING, Coordinate.HIP_FLEXION_L, deg, sd, setup)


def sheet(**told: object):  # type: ignore[no-untyped-def]
    return handover(HandoverTold(TODAY, WHO, **told))  # type: ignore[arg-type]


@given(SESSIONS)
def test_what_is_later_than_the_day_of_writing_does_not_count(
    sessions: tuple[SessionGiven, ...],
) -> None:
    past = tuple(s for s in sessions if s.on <= TODAY)
    assert replace(sheet(sessions=sessions), told=None) == replace(  # type: ignore[arg-type]
        sheet(sessions=past), told=None  # type: ignore[arg-type]
    )  # fmt: skip


@given(SESSIONS)
def test_a_session_that_tells_nothing_changes_no_figure_of_pain(
    sessions: tuple[SessionGiven, ...],
) -> None:
    silent = tuple(on(3) for _ in range(3))
    without, with_it = sheet(sessions=sessions), sheet(sessions=(*sessions, *silent))
    assert with_it.movement == without.movement
    of = {r.exercise_id: r.next_day for r in without.practised}
    after = {r.exercise_id: r.next_day for r in with_it.practised}
    assert {i: after[i] for i in of} == of


@given(SESSIONS, st.integers(0, 29), st.floats(0.0, 10.0))
def test_more_pain_the_day_after_never_makes_it_better_borne(
    sessions: tuple[SessionGiven, ...], place: int, more: float
) -> None:
    if place >= len(sessions) or sessions[place].next_day is None:
        return
    worse = min(sessions[place].next_day + more, 10.0)
    changed = list(sessions)
    changed[place] = replace(sessions[place], next_day=worse)
    assert next_day_share(changed).count <= next_day_share(sessions).count


def test_what_a_limit_stopped_was_not_borne_well() -> None:
    calm = [on(n, before=3.0, next_day=3.0) for n in range(6)]
    assert next_day_share(calm).count == 6
    assert next_day_share([replace(s, stops=("X",)) for s in calm]).count == 0


def test_done_is_counted_against_what_was_planned_in_the_same_days() -> None:
    planned = (
        PlannedTold(HAMSTRING, 3.0, TODAY - timedelta(days=100)),
        PlannedTold(LUNGE, 3.5, TODAY - timedelta(days=13)),
    )
    found = sheet(sessions=tuple(on(n) for n in (1, 5, 27, 28, 60)), planned=planned).practised
    rows = {r.exercise_id: (r.sessions, r.planned) for r in found}
    assert rows == {HAMSTRING: (3, 12.0), LUNGE: (0, 7.0)}


def test_seconds_that_nobody_counted_are_empty_and_no_zero() -> None:
    (row,) = sheet(sessions=(on(1), on(2))).practised
    assert (row.effective_s, row.uncertain_s, row.asked_s, row.planned) == (None,) * 4


def test_a_range_changes_only_beyond_what_two_days_differ_by() -> None:
    # 1.96 hypot(2, 2, 3 sqrt 2) = 10.0 degrees.
    for last, verdict in ((69.0, Change.NOT_TOLD_APART), (71.0, Change.MORE), (49.0, Change.LESS)):
        (row,) = sheet(ranges=(angle(30, 60.0), angle(1, last))).ranges
        assert row.verdict is verdict
    assert row.detectable_deg is not None and abs(row.detectable_deg - 9.99) < 0.02


def test_a_surer_measurement_never_tells_less() -> None:
    (wide,) = sheet(ranges=(angle(30, 60.0, sd=5.0), angle(1, 71.0, sd=5.0))).ranges
    (sure,) = sheet(ranges=(angle(30, 60.0, sd=1.0), angle(1, 71.0, sd=1.0))).ranges
    assert (wide.verdict, sure.verdict) == (Change.NOT_TOLD_APART, Change.MORE)


def test_days_of_other_sensors_are_not_held_against_each_other() -> None:
    (row,) = sheet(ranges=(angle(30, 40.0, setup="b"), angle(2, 60.0), angle(1, 60.0))).ranges
    assert (row.days, row.first.angle_deg, row.verdict) == (2, 60.0, Change.NOT_TOLD_APART)
    (one,) = sheet(ranges=(angle(30, 40.0, setup="b"), angle(1, 60.0))).ranges
    assert (one.change_deg, one.verdict) == (None, Change.TOO_FEW)


def test_pain_is_compared_over_days_that_do_not_overlap() -> None:
    falling = tuple(on(40 - n, before=8.0 - 0.1 * n) for n in range(40))
    found = sheet(sessions=falling).pain
    assert found.first is not None and found.last is not None
    assert (found.first.count, found.last.count) == (14, 14)
    assert found.verdict is Change.LESS and found.matters is False
    short = sheet(sessions=falling[:7]).pain
    assert short.verdict is Change.TOO_FEW


def test_not_seen_counts_sessions_the_most_often_first() -> None:
    tilt, knee = Coordinate.PELVIS_TILT, Coordinate.KNEE_FLEXION_L
    found = sheet(sessions=(on(1, not_seen=(tilt,)), on(2, not_seen=(tilt, knee)), on(3)))
    assert [(r.coordinate, r.sessions, r.among) for r in found.not_seen] == [
        (tilt, 2, 3),
        (knee, 1, 3),
    ]


def test_sides_are_counted_each() -> None:
    both, left = on(1, sides=(Side.LEFT, Side.RIGHT)), on(2, sides=(Side.LEFT,))
    (row,) = sheet(sessions=(both, left)).practised
    assert row.sides == {"l": 2, "r": 1}
