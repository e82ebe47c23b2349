"""Three, two, one: when it runs, when it begins anew, and that nothing begins before its end."""

from collections.abc import Callable

import pytest
from coach_script import Follower, Moment, first, lunge, vanish

from lengthwise.coach.settings import published_settings
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.decision import Decision, DecisionKind, Earcon, Phase
from lengthwise.reference.exercises import exercise, exercises

S = published_settings()


def counts(person: Follower) -> list[Decision]:
    return person.of(DecisionKind.COUNTDOWN)


def numbers(person: Follower) -> list[float]:
    return [d.reasons[0].numbers["count"] for d in counts(person)]


def while_ready(begin_s: float, end_s: float, do: Callable[[Moment], None]):  # type: ignore[no-untyped-def]
    def change(m: Moment) -> None:
        if m.phase is Phase.GET_READY and begin_s <= m.t_s < end_s:
            do(m)

    return change


def sit_back(m: Moment) -> None:
    m.angles_deg[Coordinate.TRUNK_FLEXION] = -60.0


def test_it_counts_three_two_one_a_second_each_and_then_it_begins() -> None:
    person = lunge().run(10.0)
    assert numbers(person) == [3.0, 2.0, 1.0]
    times_s = [d.t_s for d in counts(person)]
    assert times_s == pytest.approx([0.0, 1.1, 2.1], abs=0.11)
    assert all(d.earcon is Earcon.COUNT and d.text is None for d in counts(person))
    assert first(person, Phase.EASE_IN).t_s == pytest.approx(3.0, abs=0.01)
    shown = {o.guidance.countdown for o in person.outputs if o.guidance.phase is Phase.GET_READY}
    assert shown == {3, 2, 1}
    after = [o.guidance for o in person.outputs if o.guidance.phase is not Phase.GET_READY]
    assert {g.countdown for g in after} == {None}


@pytest.mark.parametrize("do", [sit_back, vanish])
def test_leaving_the_posture_or_the_sight_begins_it_anew(do: Callable[[Moment], None]) -> None:
    person = lunge(change=while_ready(1.5, 3.5, do)).run(12.0)
    assert numbers(person) == [3.0, 2.0, 3.0, 2.0, 1.0]
    assert first(person, Phase.EASE_IN).t_s == pytest.approx(6.5, abs=0.21)
    away = [o.guidance for o in person.outputs if 2.2 < o.guidance.t_s < 3.4]
    assert {g.countdown for g in away} == {None}


def test_a_short_lapse_does_not_begin_it_anew() -> None:
    """Two frames at the edge of the tolerance, as the noise of a camera makes them."""
    person = lunge(change=while_ready(1.5, 1.7, sit_back)).run(8.0)
    assert numbers(person) == [3.0, 2.0, 1.0]
    assert first(person, Phase.EASE_IN).t_s == pytest.approx(3.0, abs=0.01)


def test_who_is_just_leaving_at_the_end_of_it_is_not_begun_with() -> None:
    person = lunge(change=while_ready(2.8, 3.2, sit_back)).run(8.0)
    assert 3.2 <= first(person, Phase.EASE_IN).t_s <= 4.3


def test_every_repetition_and_every_side_is_counted_in() -> None:
    person = lunge().run(400.0)
    assert numbers(person) == [3.0, 2.0, 1.0] * 4


@pytest.mark.parametrize("exercise_id", sorted(exercises()))
def test_nothing_begins_without_a_countdown_that_came_to_its_end(exercise_id: str) -> None:
    person = Follower(exercise(exercise_id), rate_hz=5.0).run(12.0)
    begun_s = first(person, Phase.EASE_IN).t_s
    assert [n for n, d in zip(numbers(person), counts(person), strict=True) if d.t_s < begun_s] == [
        3.0,
        2.0,
        1.0,
    ]


def test_it_ends_when_the_person_may_first_be_led() -> None:
    person = lunge(ready_from_s=9.0).run(20.0)
    assert counts(person)[0].t_s == pytest.approx(6.0, abs=0.11)
    assert first(person, Phase.EASE_IN).t_s == pytest.approx(9.0, abs=0.11)


def test_a_body_unlike_the_drawing_is_counted_in_at_the_end_of_waiting() -> None:
    person = lunge(change=while_ready(0.0, 99.0, sit_back)).run(25.0)
    assert numbers(person) == [3.0, 2.0, 1.0]
    assert counts(person)[0].t_s == pytest.approx(S.get_ready_max_s - 3.0, abs=0.11)
    assert first(person, Phase.EASE_IN).reasons[0].id == "get_ready.time_bound"


def test_while_the_envelope_bars_it_nothing_is_counted() -> None:
    from lengthwise.contracts.care import Care

    person = lunge(care=Care(baseline_nrs=8.0)).run(10.0)
    assert numbers(person) == []
    assert all(o.guidance.countdown is None for o in person.outputs)


def test_the_end_of_a_hold_is_heard_at_once_and_a_change_of_sides_has_its_own_sound() -> None:
    person = lunge().run(400.0)
    over = [d for d in person.of(DecisionKind.PHASE) if d.phase is Phase.RELEASE]
    assert [d.earcon for d in over] == [Earcon.END] * 4
    cues = {d.cue_id: d.earcon for d in person.of(DecisionKind.CUE)}
    assert cues["switch_side"] is Earcon.SIDE_SWITCH
    assert cues["done"] is Earcon.END
