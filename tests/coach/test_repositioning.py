"""Finding a place again: laws of the machine and of its errors, then cases worked by hand."""

from math import degrees, radians, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach.limits.actions import Action
from lengthwise.coach.repositioning import (
    TRIALS,
    Moment,
    Rule,
    Stage,
    State,
    position_errors,
    result,
    step,
)
from lengthwise.contracts.repositioning import Untold
from lengthwise.contracts.states import Estimate

RATE_HZ = 10.0
RULE = Rule(way_rad=radians(30.0))
SD = radians(1.0)
ERRORS = st.lists(
    st.builds(Estimate, st.floats(-0.5, 0.5), st.floats(0.0, 0.05)), min_size=0, max_size=10
)


class Finder:
    """Goes where it is led at 10 deg/s, and misses the place by `misses_deg` in turn. `hides`: in
    which stages the angle is not claimed; `says`: in which a first gentle pull is said; `allowed`
    by stage; `sd` of each difference."""

    def __init__(
        self, misses_deg: list[float], *, way_deg: float = 30.0, start_deg: float = 5.0,
        hides: tuple[Stage, ...] = (), allowed: dict[Stage, Action] | None = None,
        stops_at_deg: float | None = None, sd: float = SD, says: tuple[Stage, ...] = (),
    ) -> None:  # fmt: skip
        self.misses, self.hides, self.sd, self.says = misses_deg, hides, sd, says
        self.rule = Rule(radians(way_deg))
        self.sign = 1.0 if way_deg > 0 else -1.0
        self.start_deg = self.angle_deg = start_deg
        self.place_deg: float | None = None
        self.stops_deg = stops_at_deg
        self.allowed = allowed or {}
        self.state, self.furthest_deg = State(), 0.0
        self.stages: list[Stage] = []

    def run(self, until_s: float = 400.0) -> State:
        for n in range(round(until_s * RATE_HZ)):
            if self.state.stage is Stage.OVER:
                break
            self._move()
            hidden = self.state.stage in self.hides
            angle = None if hidden else Estimate(radians(self.angle_deg), SD)
            gone = None
            if self.place_deg is not None and not hidden:
                gone = Estimate(radians(self.angle_deg - self.place_deg), self.sd)
            allowed = self.allowed.get(self.state.stage, Action.HOLD)
            before = self.state.stage
            moment = Moment(n / RATE_HZ, angle, gone, allowed, before in self.says)
            self.state = step(self.rule, self.state, moment)
            if self.state.placed:
                self.place_deg = self.angle_deg
            if self.state.stage is not before:
                self.stages.append(self.state.stage)
        return self.state

    def _move(self) -> None:
        stage, goal = self.state.stage, self.start_deg
        if stage is Stage.SHOWN:
            goal = self.start_deg + self.sign * 90.0 if self.stops_deg is None else self.stops_deg
        elif stage is Stage.KEPT:
            goal = self.angle_deg
        elif stage is Stage.LOOKED_FOR and self.place_deg is not None:
            miss = self.misses[len(self.state.errors) % len(self.misses)]
            goal = self.place_deg + self.sign * miss
        most = 10.0 / RATE_HZ
        self.angle_deg += min(most, max(-most, goal - self.angle_deg))
        self.furthest_deg = max(self.furthest_deg, self.sign * (self.angle_deg - self.start_deg))


@pytest.mark.parametrize("way_deg", [30.0, -30.0])
def test_what_was_missed_is_found_and_further_is_positive_either_way(way_deg: float) -> None:
    """Worked: 4, 2, 3, 1, 5 degrees too far have a mean of 3 and a spread of sqrt(10 / 4)."""
    end = Finder([4.0, 2.0, 3.0, 1.0, 5.0], way_deg=way_deg).run()
    found, untold = result(end)
    assert found is not None and untold is None
    assert [degrees(e.mean) for e in end.errors if e] == pytest.approx([4, 2, 3, 1, 5], abs=0.3)
    assert degrees(found.constant.mean) == pytest.approx(3.0, abs=0.2)
    assert degrees(found.absolute.mean) == pytest.approx(3.0, abs=0.2)
    assert degrees(found.variable.mean) == pytest.approx(sqrt(2.5), abs=0.2)
    assert degrees(found.constant.sd) == pytest.approx(1.0)
    by_hand = 1.96 * sqrt(2) * sqrt(1.0 + 2.5 / 5 + 0.5**2)
    assert degrees(found.detectable_rad) == pytest.approx(by_hand, abs=0.1)


@given(
    misses=st.lists(st.floats(-8.0, 8.0), min_size=1, max_size=5),
    way_deg=st.sampled_from([25.0, 60.0, -40.0]),
    start_deg=st.floats(-20.0, 20.0),
)
def test_nobody_is_told_to_stay_beyond_the_middle_of_the_way(
    misses: list[float], way_deg: float, start_deg: float
) -> None:
    finder = Finder(misses, way_deg=way_deg, start_deg=start_deg)
    end = finder.run()
    assert end.place is not None
    gone_deg = abs(degrees(end.place.mean) - start_deg)
    assert gone_deg <= 0.5 * abs(way_deg) + 10.0 / RATE_HZ + 1e-6
    assert len(end.errors) == TRIALS


@given(misses=st.lists(st.floats(-40.0, 40.0), min_size=5, max_size=5))
def test_who_goes_far_is_called_back_before_the_end_and_that_time_is_not_told(
    misses: list[float],
) -> None:
    finder = Finder(misses)
    end = finder.run()
    assert finder.furthest_deg <= 0.9 * 30.0 + 10.0 / RATE_HZ + 1e-6
    far = [15.0 + miss > 28.0 for miss in misses]
    assert end.called_back >= sum(far)
    for went_far, error in zip(far, end.errors, strict=True):
        if went_far:
            assert error is None


@given(errors=ERRORS, shift=st.floats(-0.2, 0.2))
def test_a_shift_of_all_trials_is_a_shift_of_the_constant_error_alone(
    errors: list[Estimate], shift: float
) -> None:
    found = position_errors(errors)
    moved = position_errors([Estimate(e.mean + shift, e.sd) for e in errors])
    assert (found is None) == (moved is None) == (len(errors) < 3)
    if found is not None and moved is not None:
        assert moved.constant.mean == pytest.approx(found.constant.mean + shift, abs=1e-9)
        assert moved.variable.mean == pytest.approx(found.variable.mean, abs=1e-9)
        assert moved.detectable_rad == pytest.approx(found.detectable_rad, abs=1e-9)


@given(errors=ERRORS)
def test_the_absolute_error_lies_between_the_constant_one_and_both_together(
    errors: list[Estimate],
) -> None:
    """|mean| <= mean of |e| <= sqrt(mean^2 + spread^2 (n - 1) / n)."""
    found = position_errors(errors)
    if found is not None:
        n = len(errors)
        most = sqrt(found.constant.mean**2 + found.variable.mean**2 * (n - 1) / n)
        assert abs(found.constant.mean) <= found.absolute.mean + 1e-12
        assert found.absolute.mean <= most + 1e-9


@pytest.mark.parametrize("stage", [Stage.SHOWN, Stage.KEPT])
def test_a_place_that_is_not_seen_is_none(stage: Stage) -> None:
    end = Finder([2.0], hides=(stage,)).run()
    assert result(end) == (None, Untold.NOT_SEEN) and end.place is None


def test_trials_that_are_not_seen_or_too_unsure_are_not_told() -> None:
    for end in (
        Finder([2.0], hides=(Stage.LOOKED_FOR,)).run(),
        Finder([2.0], sd=radians(3.5)).run(),
    ):
        assert end.errors == (None,) * TRIALS
        assert result(end) == (None, Untold.TOO_FEW)


@pytest.mark.parametrize("action", [Action.EASE, Action.PAUSE, Action.RELEASE])
@pytest.mark.parametrize("stage", [Stage.SHOWN, Stage.KEPT])
def test_what_the_envelope_holds_back_on_the_way_ends_it(stage: Stage, action: Action) -> None:
    end = Finder([2.0], allowed={stage: action}).run()
    assert result(end) == (None, Untold.ENVELOPE)


def test_an_ease_while_looking_costs_the_trial_and_less_ends_it() -> None:
    eased = Finder([2.0], allowed={Stage.LOOKED_FOR: Action.EASE}).run()
    assert result(eased) == (None, Untold.TOO_FEW)
    paused = Finder([2.0], allowed={Stage.LOOKED_FOR: Action.PAUSE}).run()
    assert result(paused) == (None, Untold.ENVELOPE)


@pytest.mark.parametrize("stage", [s for s in Stage if s is not Stage.OVER])
def test_a_stop_ends_it_at_any_time(stage: Stage) -> None:
    end = Finder([2.0], allowed={stage: Action.STOP}).run()
    assert result(end) == (None, Untold.STOPPED)


def test_a_place_of_ones_own_before_the_middle_is_one_and_next_to_the_start_is_none() -> None:
    own = Finder([1.0], stops_at_deg=13.0).run()
    assert own.place is not None and degrees(own.place.mean) == pytest.approx(13.0, abs=0.3)
    assert result(Finder([1.0], stops_at_deg=8.0).run()) == (None, Untold.NOT_REACHED)


def test_a_pull_that_is_said_on_the_way_back_to_the_place_is_no_answer() -> None:
    end = Finder([4.0], says=(Stage.LOOKED_FOR,)).run()
    assert [degrees(e.mean) for e in end.errors if e] == pytest.approx([4.0] * TRIALS, abs=0.3)
    assert degrees(Finder([4.0], says=(Stage.SHOWN,)).run().place.mean) < 5.0 + 15.0 - 5.0


def test_it_does_not_begin_where_nothing_may_be_held() -> None:
    end = Finder([1.0], allowed={Stage.READY: Action.EASE}).run(30.0)
    assert end.stage is Stage.READY and result(end) == (None, Untold.NOT_BEGUN)


def test_the_stages_follow_each_other() -> None:
    finder = Finder([1.0])
    finder.run()
    trial = [Stage.LOOKED_FOR, Stage.BACK]
    assert finder.stages == [Stage.SHOWN, Stage.KEPT, Stage.BACK, *trial * TRIALS, Stage.OVER]


def test_nothing_changes_after_the_end_and_no_number_is_no_instant() -> None:
    end = Finder([1.0]).run()
    assert step(RULE, end, Moment(1e6, Estimate(0.0, 0.1), None, Action.STOP)) == end
    begun = State()
    assert step(RULE, begun, Moment(float("nan"), None)) == begun
