"""Who works the other side in a session is told so and led back, and nothing of it is counted."""

from itertools import pairwise
from math import degrees

import pytest
from coach_script import LUNGE, Follower, Moment, at, during, first
from msgspec.structs import replace
from sides_drawn import BIRD_DOG, SIDE_BEND, SIDED, S, at_share, led, mistaken, seconds, told_by

from lengthwise.coach import coach
from lengthwise.contracts.coordinates import COORDINATES, INDEX, Side, mirrored
from lengthwise.contracts.decision import DecisionKind, Earcon, Phase
from lengthwise.contracts.observation import SignalKind
from lengthwise.reference.exercises import exercise


def named(person: Follower, *kinds: DecisionKind) -> list[float]:
    return [
        d.t_s
        for d in person.decisions
        if (not kinds or d.kind in kinds) and any(r.id == "side.other" for r in d.reasons)
    ]


def test_who_raises_the_other_leg_is_led_back_told_and_begins_anew() -> None:
    person = led(BIRD_DOG, mistaken(BIRD_DOG, until_s=14.0)).run(40.0)
    began = first(person, Phase.EASE_IN)
    out = first(person, Phase.RELEASE)
    assert [r.id for r in out.reasons] == ["side.other"]
    assert began.t_s + S.other_side_s <= out.t_s <= began.t_s + S.other_side_s + 2.0
    said = next(d for d in person.of(DecisionKind.CUE) if d.cue_id == "side.other")
    assert said.t_s - out.t_s < 4.0
    assert said.text == (
        "This is the other side: come back calmly and change over. The time waits for you."
    )
    assert (said.short, said.earcon) == (
        "The other side: change over calmly.",
        Earcon.SIDE_SWITCH,
    )
    assert not any(r.startswith("compensation.") for r in person.reason_ids())
    again = [o.guidance for o in person.outputs if o.guidance.phase is Phase.HOLD]
    assert again and {g.repetition for g in again} == {1}
    assert again[-1].effective_s > 5.0
    assert DecisionKind.QUESTION not in {d.kind for d in person.decisions}


def test_who_kneels_on_the_other_knee_is_waited_for_at_rest() -> None:
    """The one leg in front is 80 degrees from where it should be, and so is the other."""
    person = led(LUNGE, mistaken(LUNGE, until_s=40.0)).run(70.0)
    assert first(person, Phase.EASE_IN).t_s > 40.0
    told = named(person, DecisionKind.CUE)
    assert told and told[0] < 8.0
    cues = [d for d in person.of(DecisionKind.CUE) if (d.cue_id or "").startswith("side.")]
    exchanged = [d.t_s for d in cues if d.cue_id == "side.sensors"]
    assert told[-1] < exchanged[0] == pytest.approx(S.get_ready_max_s + 1.0, abs=1.2)
    assert all(later - earlier >= S.phrase_repeat_s - 0.01 for earlier, later in pairwise(told))
    waiting = [o.guidance.waiting_for for o in person.outputs if 10.0 < o.guidance.t_s < 40.0]
    assert set(waiting) == {("side.other",)}
    assert person.phases()[:3] == [Phase.GET_READY, Phase.EASE_IN, Phase.HOLD]
    assert seconds(person) > 5.0


@pytest.mark.parametrize("exercise_id", [BIRD_DOG, SIDE_BEND, LUNGE, "heel_slide_hollowing"])
def test_no_second_of_the_other_side_is_ever_counted_or_faulted(exercise_id: str) -> None:
    """Nor for ever waited for: who keeps to it under load is led on through the exercise."""
    person = led(exercise_id, mistaken(exercise_id)).run(400.0)
    assert named(person)
    assert seconds(person) == 0.0
    assert not any(r.startswith("compensation.") for r in person.reason_ids())
    if exercise_id != LUNGE:
        anew = [d for d in person.of(DecisionKind.PHASE) if d.phase is Phase.REST
                and any(r.id == "side.other" for r in d.reasons)]  # fmt: skip
        assert len(anew) == S.other_side_most
        last = [d for d in person.of(DecisionKind.CUE) if (d.cue_id or "").startswith("side.")]
        assert last[-1].cue_id == "side.sensors"
        assert person.phases()[-1] is Phase.DONE


@pytest.mark.parametrize("exercise_id", SIDED)
def test_who_does_both_sides_as_asked_hears_nothing_of_it(exercise_id: str) -> None:
    """One short hold a side, all joints claimed, and the change of sides takes its six seconds."""
    whole, since = exercise(exercise_id), {"side": Side.LEFT, "s": 0.0}
    e = replace(whole, dose=replace(whole.dose, hold_s=6.0, repetitions=1, sets=1, rest_s=2.0))

    def change(m: Moment) -> None:
        if m.side is not since["side"]:
            since.update(side=m.side, s=m.t_s)
        late = m.side is Side.RIGHT and m.t_s < since["s"] + S.switch_side_s
        pose = at_share(e, m.side.other if late else m.side, m.share)
        for c in COORDINATES:
            m.angles_deg[c] = degrees(pose[INDEX[c]])

    person = Follower(e, change=change, rate_hz=8.0).run(90.0)
    assert any(s.side_index == 1 and s.phase is Phase.HOLD for s in person.states)
    assert named(person) == []


def test_where_the_side_cannot_be_seen_nothing_is_said_of_it() -> None:
    legs = tuple(c for c in COORDINATES if c.value.endswith("_r"))
    for exercise_id in (BIRD_DOG, LUNGE):
        person = led(exercise_id, mistaken(exercise_id, hides=legs)).run(60.0)
        assert named(person) == []


def test_an_image_that_may_be_a_mirror_image_tells_no_side() -> None:
    person = led(LUNGE, mistaken(LUNGE))
    params = coach.Params(person.exercise, person.sides, sides_told=False)
    person.params = lambda: params  # type: ignore[method-assign]
    assert named(person.run(60.0)) == []


def test_a_pull_of_the_other_side_is_no_mark_of_this_one() -> None:
    pull = at(SignalKind.FIRST_RESISTANCE, phase=Phase.EASE_IN, after_s=1.5)
    person = led(SIDE_BEND, mistaken(SIDE_BEND), depth=None, signals=pull).run(14.0)
    mark = person.of(DecisionKind.MARK)[0]
    assert [r.id for r in mark.reasons] == ["side.other"]
    assert not any(state.remarked for state in person.states)
    assert Phase.HOLD not in person.phases()
    state = next(s for s in person.states if s.t_s == mark.t_s)
    assert not coach.heeds_marks(state)


def test_seconds_held_well_before_stay_and_hollow_ones_do_not() -> None:
    """Eight seconds on the leg that is asked for, then the other one: only what was seen counts."""
    wrong = mistaken(BIRD_DOG)
    right = mistaken(BIRD_DOG, until_s=0.0)
    swap = during(8.0, 60.0, wrong)

    def change(m: Moment) -> None:
        right(m)
        swap(m)

    person = led(BIRD_DOG, change, pace_s=1.0).run(60.0)
    out = first(person, Phase.RELEASE)
    assert [r.id for r in out.reasons] == ["side.other"]
    effective_s, uncertain_s = person.holds()[Side.LEFT, 1]
    assert effective_s >= 7.0 and uncertain_s == 0.0


def test_other_words_and_limits_go_on_while_the_other_side_is_worked() -> None:
    stop = at(SignalKind.STOP, phase=Phase.EASE_IN, after_s=3.0)
    person = led(BIRD_DOG, mistaken(BIRD_DOG), signals=stop).run(30.0)
    assert person.outputs[-1].guidance.phase is Phase.STOPPED
    assert [d.reasons[0].id for d in person.of(DecisionKind.STOP)] == ["stop.person"]


def test_a_mirrored_coordinate_pairs_with_its_other_side() -> None:
    for exercise_id in SIDED:
        for p in told_by(exercise_id):
            assert mirrored(p.one) == (p.other, p.sign)
