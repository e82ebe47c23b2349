"""The ladder as the page tells it: what was said of each day settles a step, and bars hold here."""

import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from plan_told import DAY, GOOD, INTAKE, LASTING, NONE_OF_THESE, NOON, VERSION

from lengthwise.contracts.assessment import DirectionTold
from lengthwise.contracts.care import Direction
from lengthwise.contracts.ladder import Tried
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.own_plan import TestsTaken
from lengthwise.contracts.workday import Desk, WorkdayTold
from lengthwise.live import guided
from lengthwise.live.own_plan import kept_plan
from lengthwise.live.own_plan_told import DaySaid, tell_day, tell_intake
from lengthwise.live.steps_and_breaks import (
    LadderShown,
    choose_ladder,
    ladder_shown,
    tell_tried,
    tell_workday,
)
from lengthwise.record.store import ProfileStore

ME = "me"


class Days:
    """Days told one after the other, each at noon."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch, first: datetime) -> None:
        self.home, self.patch, self.now = home, patch, first
        self.at(first)
        with ProfileStore.open(home, ME) as store:
            guided.answer(store, GOOD, version=VERSION)
            tell_intake(store, INTAKE, LASTING, at_s=first.timestamp())

    def at(self, now: datetime) -> None:
        self.now = now
        self.patch.setattr(time, "time", now.timestamp)

    def tell(self, pain: float | None) -> None:
        with ProfileStore.open(self.home, ME) as store:
            said = DaySaid(pain=pain, answers=NONE_OF_THESE)
            tell_day(store, said, at_s=self.now.timestamp())

    def tried(self, rung: str) -> LadderShown:
        """As the page tells it: how the back is was told of the day, and is again of the next."""
        done = Tried(self.now.date(), rung, expected=5.0, actual=2.0, confidence=6.0)
        return tell_tried(self.home, ME, done)


@pytest.fixture
def days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Days:
    lived = Days(tmp_path, monkeypatch, NOON - 3 * DAY)
    choose_ladder(tmp_path, ME, "bending")
    return lived


def climbed(days: Days) -> LadderShown:
    for n in (3, 2, 1):
        days.at(NOON - n * DAY)
        days.tell(2.0)
        if n > 1:
            days.tried("rock")
    return ladder_shown(days.home, ME)


def test_hours_that_are_sat_weigh_in_the_next_week_and_breaks_stretch_what_is_needed(
    days: Days,
) -> None:
    days.tell(2.0)
    sits = WorkdayTold(540, 1080, Desk.SITTING, sitting_h=9.0, minutes_each=5.0)
    shown = tell_workday(days.home, ME, sits)
    named = " ".join(shown.lines)
    assert "Front of the hip" in named and "Back of the thigh" in named, "what was said to be tight"
    days.at(NOON - 2 * DAY)
    days.tell(2.0)
    with ProfileStore.open(days.home, ME) as store:
        week = kept_plan(store, at_s=days.now.timestamp()).week
    assert week is not None and week.asked.sitting_h == 9.0
    weights = {n.group: n.weight for n in week.week.needs}
    told = {n.group: n.weight for n in week.asked.needs}
    assert weights[MuscleGroup.PSOAS] == pytest.approx(1.2 * told[MuscleGroup.PSOAS])
    assert weights[MuscleGroup.HAMSTRINGS] == told[MuscleGroup.HAMSTRINGS]


def test_two_good_days_of_the_page_settle_a_step(days: Days) -> None:
    shown = climbed(days)
    assert "Rocking the pelvis on a chair: settled" in shown.lines
    assert shown.rung == "fold_a_little"


def test_more_the_day_after_settles_nothing(days: Days) -> None:
    climbed(days)
    days.at(NOON)
    days.tell(2.0)
    days.tried("fold_a_little")
    days.at(NOON + DAY)
    days.tell(4.5)
    assert ladder_shown(days.home, ME).rung == "rock"


def test_without_how_the_back_is_nothing_is_settled(days: Days) -> None:
    for n in (3, 2, 1):
        days.at(NOON - n * DAY)
        days.tell(None)
        days.tried("rock")
    shown = ladder_shown(days.home, ME)
    assert not [line for line in shown.lines if "settled" in line]
    assert "It waits until you say how your back is." in shown.lines[0]
    assert not any("7 or more" in line for line in shown.lines), "usual pain is 2"


def test_a_direction_that_spread_a_feeling_holds_for_the_ladder_too(days: Days) -> None:
    climbed(days)
    with ProfileStore.open(days.home, ME) as store:
        day = date.toordinal(days.now.date() - timedelta(days=1))
        told = DirectionTold(Direction.FLEXION, day, before=1, after=4)
        taken = TestsTaken("none", (), directions=(told,))
        store.add_plan_events((taken,), at_s=days.now.timestamp())
    shown = ladder_shown(days.home, ME)
    assert shown.rung == "rock" and "left out for now" in shown.reason
    assert "bending forward spreads your pain" in shown.lines[1]
    assert "bending forward spreads your pain" in shown.lines[3], "tying shoes bends as well"
