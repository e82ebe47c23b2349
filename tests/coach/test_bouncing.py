"""A static stretch is held: who goes to and fro in it is eased, and led back if it goes on."""

from collections.abc import Callable
from math import degrees, pi, sin

import pytest
from coach_script import Follower, Moment, during, first, leaving, lunge
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach.limits import movement
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.states import Estimate

S = published_settings()
_FROM_S = 6.0


def _to_and_fro(ratio: float, hz: float) -> Callable[[Moment], None]:
    """By `ratio` of the way to either side, with the muscle going as far."""
    path = lunge().params().plans[0].path

    def change(m: Moment) -> None:
        off = ratio * sin(2.0 * pi * hz * (m.phase_s - _FROM_S))
        for part in path:
            if part.coordinate in m.angles_deg:
                m.angles_deg[part.coordinate] += degrees(part.span_rad) * off
        m.position = Estimate(0.72 * (1.0 + off), 0.04)

    return change


def _bounced(ratio: float, hz: float, *, until_s: float = 60.0, run_s: float = 24.0) -> Follower:
    change = during(_FROM_S, until_s, _to_and_fro(ratio, hz))
    return lunge(rate_hz=15.0, change=change).run(run_s)


@pytest.mark.parametrize("hz", [0.8, 2.0])
def test_bouncing_is_eased_within_four_turns_counts_nothing_and_is_led_back(hz: float) -> None:
    person = _bounced(0.1, hz)
    begun_s = first(person, Phase.HOLD).t_s + _FROM_S
    ease = person.of(DecisionKind.EASE)[0]
    assert ease.reasons[0].id == "speed.bounce"
    assert ease.t_s - begun_s < 2.5 / hz + 0.1
    said = next(d for d in person.of(DecisionKind.CUE) if d.t_s >= ease.t_s)
    assert said.text is not None and "hold still" in said.text
    release = leaving(person, Phase.HOLD)
    assert release.reasons[0].id == "speed.bounce"
    assert release.t_s - ease.t_s == pytest.approx(S.ease_answer_s, abs=0.1)
    counted_s = {
        o.guidance.effective_s
        for o in person.outputs
        if o.guidance.phase is Phase.HOLD and ease.t_s <= o.guidance.t_s <= release.t_s
    }
    assert len(counted_s) == 1


def test_who_stops_bouncing_holds_on_and_counts_again() -> None:
    person = _bounced(0.1, 1.0, until_s=_FROM_S + 3.0, run_s=60.0)
    assert [d.reasons[0].id for d in person.of(DecisionKind.EASE)] == ["speed.bounce"]
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete"


@pytest.mark.parametrize(("ratio", "hz"), [(0.03, 1.0), (0.1, 0.15), (0.02, 5.0)])
def test_a_sway_or_a_slow_shift_is_no_bouncing(ratio: float, hz: float) -> None:
    assert "speed.bounce" not in _bounced(ratio, hz).reason_ids()


@given(st.lists(st.floats(-2.0, 2.0), min_size=1, max_size=40))
def test_a_way_that_never_comes_back_by_a_tenth_has_at_most_one_turn(steps: list[float]) -> None:
    swings, progress = movement.Swings(), 0.0
    for i, step in enumerate(steps):
        progress += abs(step)
        swings = movement.swung(swings, progress, t_s=0.1 * i, least=S.bounce_ratio, settings=S)
    assert len(swings.turned_s) <= 1 and swings.since_s is None


@given(st.lists(st.floats(-1.0, 1.0), min_size=4, max_size=40), st.floats(0.1, 0.5))
def test_more_doubt_never_sees_more_turns(way: list[float], least: float) -> None:
    """A wider sd of the change asks for a wider turn."""

    def turns(least: float) -> int:
        swings, count, last = movement.Swings(), 0, 0
        for i, progress in enumerate(way):
            swings = movement.swung(swings, progress, t_s=0.01 * i, least=least, settings=S)
            count += len(swings.turned_s) > last
            last = len(swings.turned_s)
        return count

    assert turns(2.0 * least) <= turns(least)
