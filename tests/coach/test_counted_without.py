"""What is not known is never taken as kept: what counts without it names it and says so once."""

import math

import pytest
from coach_script import Follower, Moment, during, lunge
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.coach import hold_clock
from lengthwise.coach.hold_clock import Counting, HoldClock, Judgement
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase, Reason
from lengthwise.reference.exercise_parts import Behaviour
from lengthwise.reference.exercises import exercise, exercises

LEAN = "not_known.trunk_side_lean"
UNREQUIRED = sorted(
    (e.id, c.coordinate)
    for e in exercises().values()
    for c in e.constraints
    if c.coordinate not in e.required and c.coordinate not in {m.coordinate for m in e.path}
)


def waved(exercise_id: str):  # type: ignore[no-untyped-def]
    """Along the whole path in seven seconds, from the way in on."""
    path, begun_s = exercise(exercise_id).path, []

    def change(m: Moment) -> None:
        if m.phase in (Phase.EASE_IN, Phase.HOLD):
            begun_s.append(m.t_s)
            turn = 2.0 * math.pi * (m.t_s - begun_s[0]) / 10.0
            for part in path:
                both = part.other_end_deg is not None
                share = math.sin(turn) if both else 0.5 * (1.0 - math.cos(turn))
                span_deg = part.end_deg - part.start_deg
                m.angles_deg[part.coordinate] = part.start_deg + share * span_deg

    return change


@pytest.mark.parametrize("exercise_id", ["cat_cow", "chair_pelvic_tilts"])
def test_cycles_count_without_a_constraint_that_nobody_sees_and_say_so(exercise_id: str) -> None:
    hidden = (Coordinate.TRUNK_SIDE_LEAN,)
    person = Follower(
        exercise(exercise_id), change=waved(exercise_id), hidden=hidden, depth=None
    ).run(40.0)
    counted = [
        [r.id for r in d.reasons]
        for d in person.of(DecisionKind.HOLD_COUNTING)
        if d.reasons[0].id == "cycle.counted"
    ]
    assert len(counted) >= 2
    assert all(LEAN in ids for ids in counted)
    told = [d for d in person.of(DecisionKind.NOT_KNOWN) if d.reasons[0].id == LEAN]
    assert len(told) == 1 and told[0].text
    last = person.outputs[-1].guidance
    assert last.without_s == pytest.approx(last.effective_s)
    assert LEAN in last.counted_without


def test_all_that_is_seen_counts_without_nothing() -> None:
    person = Follower(exercise("cat_cow"), change=waved("cat_cow"), depth=None).run(40.0)
    assert person.outputs[-1].guidance.effective_s > 10.0
    assert all(
        not o.guidance.counted_without and o.guidance.without_s == 0.0 for o in person.outputs
    )


@pytest.mark.parametrize(("exercise_id", "hidden"), UNREQUIRED)
def test_no_constraint_out_of_sight_is_taken_as_kept(exercise_id: str, hidden: Coordinate) -> None:
    """Whatever counts while it is hidden names it, in any exercise."""
    e = exercise(exercise_id)
    change = waved(exercise_id) if e.behaviour is Behaviour.TO_AND_FRO else lambda m: None
    person = Follower(e, (Side.LEFT,), change=change, hidden=(hidden,), rate_hz=6.0).run(30.0)
    for before, after in zip(person.outputs, person.outputs[1:], strict=False):
        gained = after.guidance.effective_s > before.guidance.effective_s
        if gained and after.guidance.phase is Phase.HOLD:
            assert f"not_known.{hidden.value}" in after.guidance.counted_without


def test_what_goes_out_of_sight_in_a_hold_is_told_once_then() -> None:
    def hide(m: Moment) -> None:
        m.angles_deg.pop(Coordinate.TRUNK_SIDE_LEAN, None)

    person = lunge(change=during(8.0, 16.0, hide)).run(45.0)
    told = [d for d in person.of(DecisionKind.NOT_KNOWN) if d.reasons[0].id == LEAN]
    assert len(told) == 1
    begun_s = next(d.t_s for d in person.decisions if d.phase is Phase.HOLD)
    assert 8.0 < told[0].t_s - begun_s < 10.0
    last = next(o.guidance for o in reversed(person.outputs) if o.guidance.phase is Phase.HOLD)
    assert last.without_s == pytest.approx(8.0, abs=0.3)
    assert last.effective_s > 25.0


@given(st.lists(st.tuples(st.sampled_from(Counting), st.booleans()), max_size=60))
def test_seconds_without_are_some_of_the_effective_ones(
    moments: list[tuple[Counting, bool]],
) -> None:
    clock = HoldClock()
    for k, (counting, hidden) in enumerate(moments):
        judgement = Judgement(counting, (), (Reason(LEAN),) if hidden else ())
        clock, _ = hold_clock.step(clock, judgement, t_s=0.1 * k, lapse_s=1.0, largest_gap_s=0.5)
        assert 0.0 <= clock.without_s <= clock.effective_s
    assert clock.interrupted().without_s == clock.without_s
