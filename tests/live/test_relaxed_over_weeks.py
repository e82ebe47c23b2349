"""What goes of the pull in a hold, over the weeks: of alike holds, and of nothing else."""

from math import radians

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.band.over_weeks import Change
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.pull import HoldRelaxed, PullTotals
from lengthwise.contracts.states import Estimate
from lengthwise.live.pull_told import PullReport, weeks_told
from lengthwise.live.relaxed_over_weeks import Session, alike, over_weeks

HIP = Coordinate.HIP_FLEXION_L
GAUGE = PullTotals("gauge", HIP, stiff=True)


def hold(
    loss: float = 0.2,
    *,
    sd: float = 0.01,
    deg: float = 60.0,
    deg_sd: float = 2.0,
    held_s: float = 30.0,
    begun_n: float = 80.0,
) -> HoldRelaxed:
    at = Estimate(radians(deg), radians(deg_sd))
    return HoldRelaxed(10.0, held_s, Estimate(loss, sd), at, begun_n)


def on(
    month: int, *holds: HoldRelaxed, done: str | None = "a", pulled: PullTotals = GAUGE
) -> Session:
    return Session(f"2026-{month:02d}-01T08:00:00Z", done, replace(pulled, relaxed=holds))


def days_of(*sessions: Session) -> list[int]:
    return [len(one.days) for one in over_weeks(sessions)]


@pytest.mark.parametrize(
    "other",
    [
        on(2, hold(), done="another exercise"),
        on(2, hold(), pulled=replace(GAUGE, coordinate=Coordinate.HIP_FLEXION_R)),
        on(2, hold(deg=64.0)),
        on(2, hold(begun_n=101.0)),
    ],
    ids=["exercise", "side", "angle", "pull"],
)
def test_what_is_not_alike_stands_for_itself(other: Session) -> None:
    assert days_of(on(1, hold()), on(2, hold(deg=62.0, begun_n=95.0))) == [2]
    assert days_of(on(1, hold()), other) == [1, 1]


@pytest.mark.parametrize(
    "left_out",
    [on(2, hold(held_s=18.0)), on(2, hold(), pulled=replace(GAUGE, stiff=False)), on(2)],
    ids=["short", "a line that gives", "no hold"],
)
def test_what_says_nothing_of_tissue_is_no_day_and_no_zero(left_out: Session) -> None:
    assert days_of(left_out) == []
    assert days_of(on(1, hold()), left_out) == [1]


def test_an_angle_that_is_hardly_known_makes_no_more_alike_than_five_degrees() -> None:
    vague = hold(deg=66.0, deg_sd=10.0)
    assert not alike(hold(), vague)
    assert alike(hold(), replace(vague, angle_rad=Estimate(radians(64.0), radians(10.0))))
    assert alike(hold(deg_sd=0.0), hold(deg=61.9, deg_sd=0.0)), "nobody keeps a joint quite still"


@given(st.lists(st.floats(50.0, 80.0), min_size=2, max_size=12))
def test_nothing_creeps_along_a_chain_of_neighbours(angles: list[float]) -> None:
    sessions = [on(n % 12 + 1, hold(deg=deg)) for n, deg in enumerate(angles)]
    for one in over_weeks(sessions):
        assert one.first.angle_rad.sd > 0.0
    told = [d for one in over_weeks(sessions) for d in one.days]
    assert sum(d.holds for d in told) == len(angles), "each hold is told once"


def test_a_person_who_gets_further_begins_another_row() -> None:
    rows = over_weeks(on(month, hold(deg=58.0 + 2.0 * month)) for month in range(1, 7))
    assert [len(one.days) for one in rows] == [2, 2, 2]
    assert all(one.change is None for one in rows)


def test_a_change_is_told_of_alike_holds_alone() -> None:
    weeks = [on(m, *[hold(loss)] * 6) for m, loss in ((1, 0.1), (2, 0.17), (3, 0.23), (4, 0.3))]
    astray = [on(m, hold(0.5, deg=30.0)) for m in (1, 2)]
    (one, other) = over_weeks([*weeks, *astray])
    assert one.change is not None and one.change.told and one.change.per_week.mean > 0.0
    assert other.change is None and [d.holds for d in one.days] == [6] * 4
    assert "1.6 % of the pull a week more goes" in weeks_told(one)


def test_many_holds_on_a_day_do_not_make_it_another_day() -> None:
    """Days differ by 3 points without anything having changed: a line that rises by as much from
    one session to the last is chance, however often the pull was measured in each."""

    def change_with(holds: int) -> Change | None:
        losses = ((1, 0.20), (2, 0.20), (3, 0.23), (4, 0.24))
        (one,) = over_weeks(on(m, *[hold(loss, sd=0.005)] * holds) for m, loss in losses)
        return one.change

    once, often = change_with(1), change_with(8)
    assert once is not None and often is not None
    assert often.per_week.mean == pytest.approx(once.per_week.mean, rel=1e-6)
    assert often.per_week.sd > 0.9 * once.per_week.sd
    assert not often.told


def test_a_time_that_cannot_be_read_is_no_day() -> None:
    assert days_of(replace(on(1, hold()), started_utc="yesterday")) == []


def test_a_report_without_a_gauge_says_nothing_of_it() -> None:
    assert PullReport(None).told() == () and PullReport(None).summary() == {"pull": None}


def test_a_hold_that_tells_no_share_is_left_out() -> None:
    """Kept of a session before a pull that grew was left out at once."""
    assert days_of(on(1, hold(-1.4)), on(2, hold(0.2)), on(3, hold(0.2), hold(1.2))) == [2]
