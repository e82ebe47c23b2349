"""Tempo and smoothness of a set: told of what was seen well enough, against nobody but its own."""

from math import cos, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_channel import Session, sees

from lengthwise.coach.evenness import Made, finding
from lengthwise.coach.repetition import log_dimensionless_jerk, published_coefficients
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Phase
from lengthwise.reference.exercises import Behaviour, exercise, exercises

C = published_coefficients()
jerks = st.lists(st.floats(-12.0, -4.0), min_size=4, max_size=12)


def of(values: list[float | None], cycle_s: float = 6.0):  # type: ignore[no-untyped-def]
    return finding([Made(cycle_s, x) for x in values], 7.0, C)


@given(jerks, st.floats(-3.0, 3.0))
def test_where_all_movements_are_as_smooth_only_the_level_differs(
    values: list[float], shift: float
) -> None:
    one, other = of(list(values)), of([x + shift for x in values])
    assert one.id == other.id
    assert other.numbers["log_jerk"] - one.numbers["log_jerk"] == pytest.approx(shift, abs=1e-6)


@given(jerks)
def test_the_other_way_round_says_the_opposite(values: list[float]) -> None:
    even = values[: len(values) // 2 * 2]
    forth, back = of(list(even)), of(list(reversed(even)))
    opposite = {"set.smoother": "set.less_smooth", "set.less_smooth": "set.smoother"}
    assert back.id == opposite.get(forth.id, forth.id)
    assert back.numbers["log_jerk_change"] == pytest.approx(-forth.numbers["log_jerk_change"])


def test_a_clear_change_is_told_and_a_small_or_doubtful_one_is_not() -> None:
    assert of([-6.0, -6.1, -5.9, -7.0, -7.1, -6.9]).id == "set.less_smooth"
    assert of([-7.0, -7.1, -6.9, -6.0, -6.1, -5.9]).id == "set.smoother"
    assert of([-6.0, -6.1, -5.9, -6.3, -6.4, -6.2]).id == "set.as_smooth", "less than 0.5"
    assert of([-5.0, -7.0, -6.0, -5.0, -8.5, -6.0]).id == "set.as_smooth", "more than that, unsure"


def test_what_was_not_seen_well_enough_takes_no_part() -> None:
    few = of([-6.0, None, -6.0, None, None, -6.0])
    assert few.id == "set.untold"
    assert "log_jerk" not in few.numbers
    assert few.numbers["movements"] == 6.0
    assert finding([], 7.0, C).numbers == {"movements": 0.0, "asked_s": 7.0}


def test_a_movement_that_trembles_is_less_smooth() -> None:
    bin_s = C.bin_s
    times = [i * bin_s for i in range(round(6.0 / bin_s))]
    calm = tuple(0.5 * (1.0 - cos(pi * t / 3.0)) for t in times)
    shaken = tuple(x + 0.02 * sin(2 * pi * 1.3 * t) for x, t in zip(calm, times, strict=True))
    one, other = log_dimensionless_jerk(calm, bin_s), log_dimensionless_jerk(shaken, bin_s)
    assert one is not None and other is not None and other < one - 0.5


SLOW = ("roll_down", "hip_hinge", "bridge", "sit_to_stand")


def released(session: Session) -> list[Decision]:
    phases = [d for d in session.decisions if d.kind is DecisionKind.PHASE]
    return [d for d in phases if d.phase is Phase.RELEASE]


@pytest.mark.parametrize("exercise_id", SLOW)
def test_the_end_of_a_set_says_how_it_went_with_the_numbers_behind_it(exercise_id: str) -> None:
    session, eye = sees(exercise(exercise_id), rate_hz=15.0)
    session.run()
    (end,) = released(session)
    told = end.reasons[-1]
    asked = exercise(exercise_id).dose
    assert told.id == "set.as_smooth", "who moves alike all the time"
    assert told.numbers["movements"] == asked.cycles
    assert told.numbers["cycle_s"] == pytest.approx(asked.tempo.cycle_s, rel=0.15)
    assert told.numbers["cycle_sd_s"] < 0.1 * told.numbers["cycle_s"]
    said = [d for d in session.decisions if d.cue_id == told.id]
    assert len(said) == 1 and said[0].phase is Phase.RELEASE
    shown = {eye.words.understood(g.cue_text or "")[0] for g in eye.shown}
    assert told.id in shown


def test_what_was_seen_too_seldom_is_not_spoken_of() -> None:
    """Five times a second no jerk can be taken; the tempo can."""
    session, _ = sees(exercise("hip_hinge"))
    session.run()
    assert released(session)[0].reasons[-1].numbers["cycle_s"] == pytest.approx(6.0, rel=0.1)
    assert [d.reasons[-1].id for d in released(session)] == ["set.untold"]
    assert not [d for d in session.decisions if str(d.cue_id).startswith("set.")]


def test_hollow_movements_have_a_tempo_and_a_smoothness_where_they_were_seen_themselves() -> None:
    """What is not known of the pelvis makes them hollow, and takes nothing from the knee's own."""
    chosen = exercise("knee_extension_90_90")
    moved = {m.coordinate for m in chosen.path}
    hidden = frozenset(c for c in chosen.required if c not in moved)
    session, _ = sees(chosen, hidden=hidden, rate_hz=15.0, sides=(Side.LEFT,))
    session.run()
    end = released(session)[-1].reasons[-1]
    hollow = max(o.guidance.unsure_cycles or 0 for o in session.outputs)
    counted = max(o.guidance.cycles or 0 for o in session.outputs)
    assert end.id == "set.as_smooth"
    assert end.numbers["movements"] == hollow + counted


def test_a_hold_has_no_tempo() -> None:
    holds = [e for e in exercises().values() if e.behaviour is not Behaviour.TO_AND_FRO]
    session, _ = sees(next(e for e in holds if e.id == "bird_dog"))
    session.run(60.0)
    assert released(session)
    assert not [r for d in released(session) for r in d.reasons if r.id.startswith("set.")]
