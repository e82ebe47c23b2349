"""The coach on cases worked by hand: a person who follows, and what goes otherwise."""

import pytest
from coach_script import (
    COUNTED,
    LUNGE,
    Follower,
    Moment,
    at,
    during,
    first,
    leaving,
    lunge,
    tip,
    tip_and_lean,
    vanish,
)
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.muscles import MuscleGroup
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise, exercises

ONE_REPETITION = [Phase.GET_READY, Phase.EASE_IN, Phase.HOLD, Phase.RELEASE]


def test_a_guided_lunge_with_marks() -> None:
    """Two sides of two repetitions, 30 s each, all of them effective."""
    person = lunge().run(400.0)
    one_side = [*ONE_REPETITION, Phase.REST, *ONE_REPETITION]
    assert person.phases() == [*one_side, Phase.SWITCH_SIDE, *one_side, Phase.DONE]
    holds = person.holds()
    assert list(holds) == [(Side.LEFT, 1), (Side.LEFT, 2), (Side.RIGHT, 1), (Side.RIGHT, 2)]
    for effective_s, uncertain_s in holds.values():
        assert effective_s == pytest.approx(30.0, abs=0.21)
        assert uncertain_s == 0.0
    told = [d.kind for d in person.decisions if d.kind in COUNTED]
    assert told == [DecisionKind.HOLD_COUNTING] * 4
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete"


def test_what_takes_most_of_the_stretch_is_spoken_of_first_and_says_how_much() -> None:
    person = lunge(change=during(10.0, 15.0, tip_and_lean)).run(40.0)
    beyond = [
        d
        for d in person.of(DecisionKind.CUE)
        if any(r.id.startswith("compensation.") for r in d.reasons)
    ]
    assert beyond[0].reasons[0].id == "compensation.trunk_side_lean"
    assert beyond[0].reasons[0].numbers["stretch_lost_ratio"] == pytest.approx(0.5)


def test_the_coach_says_little_and_the_right_side() -> None:
    person = lunge().run(400.0)
    spoken = person.of(DecisionKind.CUE)
    assert spoken[0].text == "Kneel on your left knee, right foot in front."
    assert len(spoken) <= 6.5 * person.outputs[-1].guidance.t_s / 60
    right = [d.text for d in spoken if d.side is Side.RIGHT and d.cue_id == "ease_in"]
    assert right[0] == "Let the front of the right hip sink, slowly."


def test_a_pelvis_that_tips_stops_the_clock_and_is_named() -> None:
    person = lunge(change=during(10.0, 15.0, tip)).run(60.0)
    told = [d for d in person.decisions if d.kind in COUNTED]
    assert [d.kind for d in told[:3]] == [
        DecisionKind.HOLD_COUNTING,
        DecisionKind.HOLD_PAUSED,
        DecisionKind.HOLD_COUNTING,
    ]
    why = told[1].reasons[0]
    assert why.id == "compensation.pelvis_tilt"
    assert why.numbers["change_deg"] == pytest.approx(15.0)
    assert why.numbers["tolerance_deg"] == pytest.approx(8.0)
    assert any(d.text == "Tuck the pelvis a little." for d in person.of(DecisionKind.CUE))
    held_s = leaving(person, Phase.HOLD).t_s - first(person, Phase.HOLD).t_s
    assert held_s == pytest.approx(40.0, abs=0.2), "its 30 s are full at 35.1, in a breath"
    assert person.holds()[Side.LEFT, 1][0] == pytest.approx(34.9, abs=0.21)


def test_praise_is_a_fact_said_once_a_side() -> None:
    steady = lunge().run(100.0)
    assert [d.cue_id for d in steady.of(DecisionKind.CUE)].count("kept") == 1
    tipped = lunge(change=during(10.0, 11.5, tip)).run(52.0)
    assert "kept" not in [d.cue_id for d in tipped.of(DecisionKind.CUE)]


def test_praise_that_was_still_to_be_said_is_not_said_after_a_stop() -> None:
    """The praise of a hold waits for the words of the release; the person stops in between."""
    person = Follower(exercise("bird_dog"), depth=None, pace_s=6.0, rate_hz=8.0).run(22.0)
    params, state = person.params(), person.states[-1]
    assert state.speech.praise_cue is not None
    state, _ = coach.step(params, state, PersonSignal(22.0, SignalKind.STOP))
    frame = next(i for i in person.items if isinstance(i, coach.CoachFrame))
    for t_s in (23.0, 28.0):
        later = replace(frame, body=replace(frame.body, t_s=t_s))
        state, output = coach.step(params, state, later)
        assert output.decisions == ()


def test_an_unseen_pelvis_is_said_and_nothing_counts_as_effective() -> None:
    person = lunge(hidden=(Coordinate.PELVIS_TILT,)).run(400.0)
    for effective_s, uncertain_s in person.holds().values():
        assert effective_s == 0.0
        assert uncertain_s == pytest.approx(30.0, abs=0.21)
    unseen = person.of(DecisionKind.NOT_KNOWN)
    assert [d.side for d in unseen] == [Side.LEFT, Side.RIGHT]
    assert unseen[0].reasons[0].id == "not_known.pelvis_tilt"
    assert "phone in the waistband" in (unseen[0].text or "")
    guidance = [o.guidance for o in person.outputs if o.guidance.phase is Phase.HOLD]
    assert guidance[25].waiting_for == ("not_known.pelvis_tilt",)


def test_an_unseen_side_lean_is_said_but_does_not_hold_the_clock() -> None:
    person = lunge(hidden=(Coordinate.TRUNK_SIDE_LEAN,)).run(60.0)
    assert "not_known.trunk_side_lean" in person.reason_ids(DecisionKind.NOT_KNOWN)
    assert person.holds()[Side.LEFT, 1][0] == pytest.approx(30.0, abs=0.21)


def test_without_marks_the_hold_begins_at_the_first_gentle_pull() -> None:
    say = at(SignalKind.FIRST_RESISTANCE, phase=Phase.EASE_IN, after_s=2.0)
    person = lunge(depth=None, signals=say).run(60.0)
    hold = first(person, Phase.HOLD)
    assert hold.t_s == pytest.approx(5.0, abs=0.11)
    assert hold.reasons[0].id == "ease_in.first_resistance"
    mark = person.of(DecisionKind.MARK)[0]
    assert mark.reasons[0].id == "mark.first_resistance"
    assert mark.reasons[0].numbers["range_fraction"] == pytest.approx(0.5)
    effective_s, uncertain_s = person.holds()[Side.LEFT, 1]
    assert effective_s == 0.0
    assert uncertain_s == pytest.approx(30.0, abs=0.21)
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete_uncertain"
    spoken = [d.cue_id for d in person.of(DecisionKind.CUE)]
    assert "deeper" not in spoken
    assert all(o.guidance.gauge is None and o.guidance.in_window is None for o in person.outputs)


def test_without_marks_and_words_the_hold_begins_where_movement_rests() -> None:
    person = lunge(depth=None, pace_s=6.0).run(60.0)
    hold = first(person, Phase.HOLD)
    assert hold.reasons[0].id == "ease_in.at_rest"
    assert 3.0 + 6.0 < hold.t_s < 3.0 + 6.0 + 2.5
    assert person.holds()[Side.LEFT, 1][0] == 0.0
    told = [d.cue_id for d in person.of(DecisionKind.CUE)].count("not_known.window")
    assert told == 1


def test_a_stretch_that_cannot_be_seen_waits_for_the_person() -> None:
    path = tuple(m.coordinate for m in exercise(LUNGE).path)
    person = lunge(depth=None, hidden=path).run(50.0)
    assert leaving(person, Phase.EASE_IN).reasons[0].id == "ease_in.not_seen"
    assert person.holds() == {}
    assert "ease_in.not_seen" in [d.cue_id for d in person.of(DecisionKind.CUE)]
    say = at(SignalKind.FIRST_RESISTANCE, phase=Phase.EASE_IN, after_s=4.0)
    marked = lunge(depth=None, hidden=path, signals=say).run(50.0)
    assert marked.holds()[Side.LEFT, 1] == (0.0, pytest.approx(30.0, abs=0.21))


def test_a_person_who_does_not_move_is_not_counted() -> None:
    person = lunge(depth=None, pace_s=1e9).run(50.0)
    assert leaving(person, Phase.EASE_IN).reasons[0].id == "ease_in.not_begun"
    assert person.holds() == {}


def test_nobody_there_is_waited_for() -> None:
    person = lunge(change=vanish).run(120.0)
    assert person.phases() == [Phase.GET_READY]
    assert person.outputs[-1].guidance.waiting_for == ("known.lost",)


def test_a_person_in_another_posture_is_waited_for_then_gone_on_with() -> None:
    def lie_down(m: Moment) -> None:
        m.angles_deg[Coordinate.TRUNK_FLEXION] = -90.0

    person = lunge(change=lie_down).run(30.0)
    ease_in = first(person, Phase.EASE_IN)
    assert ease_in.t_s == pytest.approx(20.0, abs=0.1)
    assert [r.id for r in ease_in.reasons] == ["get_ready.time_bound", "get_ready.posture"]
    assert ease_in.reasons[1].numbers["trunk_flexion_deg"] == pytest.approx(-90.0)
    waiting = [o.guidance for o in person.outputs if o.guidance.phase is Phase.GET_READY]
    assert waiting[50].waiting_for == ("get_ready.posture",)


def test_a_short_loss_of_sight_waits_and_a_long_one_releases() -> None:
    short = lunge(change=during(10.0, 13.0, vanish)).run(60.0)
    paused = next(d for d in short.of(DecisionKind.HOLD_PAUSED))
    assert paused.reasons[0].id == "known.lost"
    assert short.holds()[Side.LEFT, 1][0] == pytest.approx(36.9, abs=0.31), (
        "to the 4th breath's end"
    )
    long = lunge(change=during(10.0, 20.0, vanish)).run(60.0)
    release = leaving(long, Phase.HOLD)
    assert release.reasons[0].id == "known.lost"
    assert release.t_s - first(long, Phase.HOLD).t_s == pytest.approx(15.0, abs=0.2)
    assert long.holds()[Side.LEFT, 1][0] == pytest.approx(10.0, abs=0.21)


def test_coming_back_early_is_a_fact() -> None:
    def come_back(m: Moment) -> None:
        for motion in exercise(LUNGE).path:
            m.angles_deg[motion.coordinate] = motion.start_deg
        m.position = Estimate(0.0, 0.03)

    person = lunge(change=during(10.0, 60.0, come_back)).run(60.0)
    release = leaving(person, Phase.HOLD)
    assert release.reasons[0].id == "hold.let_go"
    assert person.holds()[Side.LEFT, 1][0] == pytest.approx(10.0, abs=0.21)
    assert Phase.REST in person.phases()


def test_a_hold_below_the_window_is_invited_deeper_only_when_all_is_well() -> None:
    def shallow(m: Moment) -> None:
        m.position = Estimate(0.4, 0.03)

    def shallow_and_tipped(m: Moment) -> None:
        shallow(m)
        tip(m)

    def said(do) -> list[str | None]:  # type: ignore[no-untyped-def]
        person = lunge(change=during(10.0, 22.0, do)).run(40.0)
        return [d.cue_id for d in person.of(DecisionKind.CUE)]

    assert "deeper" in said(shallow)
    assert "deeper" not in said(shallow_and_tipped)
    assert "tuck_pelvis" in said(shallow_and_tipped)


def test_too_wide_a_position_is_uncertain_and_never_deeper() -> None:
    person = lunge(position_sd=0.2).run(80.0)
    assert "deeper" not in [d.cue_id for d in person.of(DecisionKind.CUE)]
    assert all(effective_s == 0.0 for effective_s, _ in person.holds().values())


def test_off_the_line_does_not_count() -> None:
    def sideways(m: Moment) -> None:
        m.alignment = 0.1

    person = lunge(change=during(10.0, 15.0, sideways)).run(60.0)
    paused = person.of(DecisionKind.HOLD_PAUSED)[0]
    assert paused.reasons[0].id == "hold.off_line"
    assert paused.reasons[0].numbers == {"line_alignment": pytest.approx(0.1)}


def test_a_mark_of_tolerance_leads_back() -> None:
    say = at(SignalKind.TOLERANCE, phase=Phase.HOLD, after_s=5.0)
    person = lunge(signals=say).run(30.0)
    assert leaving(person, Phase.HOLD).reasons[0].id == "mark.tolerance"
    assert person.of(DecisionKind.MARK)[-1].reasons[0].id == "mark.tolerance"


def test_a_pause_resumes_at_rest_and_keeps_the_seconds() -> None:
    pause = at(SignalKind.PAUSE, phase=Phase.HOLD, after_s=10.0)
    resume = at(SignalKind.RESUME, phase=Phase.PAUSED, after_s=8.0)
    person = lunge(signals=lambda m: pause(m) or resume(m)).run(80.0)
    assert person.phases()[:7] == [
        Phase.GET_READY,
        Phase.EASE_IN,
        Phase.HOLD,
        Phase.PAUSED,
        Phase.GET_READY,
        Phase.EASE_IN,
        Phase.HOLD,
    ]
    paused = [o.guidance for o in person.outputs if o.guidance.phase is Phase.PAUSED]
    assert paused[0].cue_text == "You asked for a pause. Come back slowly and rest."
    assert paused[0].effective_s == pytest.approx(10.0, abs=0.21)
    assert paused[0].effective_s == paused[-1].effective_s
    assert person.holds()[Side.LEFT, 1][0] == pytest.approx(30.0, abs=0.21)


def test_a_skip_leads_out_of_a_hold_by_a_release() -> None:
    say = at(SignalKind.SKIP, phase=Phase.HOLD, after_s=5.0)
    person = lunge(signals=say).run(30.0)
    assert person.phases()[:5] == [*ONE_REPETITION, Phase.REST]
    assert leaving(person, Phase.HOLD).reasons[0].id == "skip.person"


def test_a_skip_at_rest_goes_to_the_next_repetition_then_the_next_side() -> None:
    person = lunge(signals=lambda m: SignalKind.SKIP if m.phase is Phase.GET_READY else None).run(
        40.0
    )
    assert person.phases()[:4] == [
        Phase.GET_READY,
        Phase.GET_READY,
        Phase.SWITCH_SIDE,
        Phase.GET_READY,
    ]
    assert person.phases()[-1] is Phase.DONE


def test_an_isometric_hold_counts_where_it_is_reached() -> None:
    bird_dog = exercise("bird_dog")
    person = Follower(bird_dog, depth=None).run(400.0)
    assert len(person.holds()) == 12
    assert sum(e for e, _ in person.holds().values()) == pytest.approx(120.0, abs=2.4)

    def sink(m: Moment) -> None:
        m.angles_deg[Coordinate.HIP_FLEXION_L] = 40.0

    sunk = Follower(bird_dog, depth=None, change=during(3.0, 6.0, sink)).run(25.0)
    assert sunk.of(DecisionKind.HOLD_PAUSED)[0].reasons[0].id == "hold.not_reached"


def test_cycles_of_one_breath_each_are_counted() -> None:
    cat_cow = exercise("cat_cow")

    def breathe(m: Moment) -> None:
        turn = (m.phase_s + (3.0 if m.phase is Phase.HOLD else 0.0)) % 10.0 / 10.0
        wave = (4 * turn, 2 - 4 * turn, 4 * turn - 4)[(turn > 0.25) + (turn > 0.75)]
        for part in cat_cow.path:
            end_deg = part.end_deg if wave > 0 else part.other_end_deg
            share = abs(wave) if m.phase in (Phase.EASE_IN, Phase.HOLD) else 0.0
            m.angles_deg[part.coordinate] = part.start_deg + share * (end_deg - part.start_deg)

    person = Follower(cat_cow, depth=None, change=breathe).run(120.0)
    assert person.reason_ids().count("cycle.counted") == 6
    assert person.outputs[-1].guidance.cycles == 6
    assert leaving(person, Phase.HOLD).reasons[0].id == "cycle.complete"
    assert person.phases()[-1] is Phase.DONE
    assert {d.side for d in person.decisions} == {None}
    assert 50.0 < person.holds()[None, 1][0] < 66.0


def test_marks_are_about_the_targets_of_the_working_side() -> None:
    params = coach.Params(exercise(LUNGE), (Side.RIGHT, Side.LEFT))
    assert coach.current_targets(params, coach.start(params)) == (
        (MuscleGroup.PSOAS, Side.RIGHT),
        (MuscleGroup.ILIACUS, Side.RIGHT),
    )


@pytest.mark.parametrize("exercise_id", sorted(exercises()))
def test_every_exercise_is_guided_to_its_end(exercise_id: str) -> None:
    done = exercises()[exercise_id]
    longest_s = 2 * done.dose.rounds * (2 * done.dose.hold_s + done.dose.rest_s + 60.0)
    person = Follower(done, rate_hz=8.0).run(longest_s)
    assert person.phases()[-1] is Phase.DONE
    assert person.holds()


def test_who_is_not_seen_at_all_is_waited_for_and_told_so_now_and_then() -> None:
    def nobody(m: Moment) -> None:
        if m.t_s < 50.0:
            vanish(m)

    person = lunge(change=nobody).run(70.0)
    told = [d.t_s for d in person.of(DecisionKind.CUE) if d.cue_id == "known.lost"]
    assert told == pytest.approx([5.0, 17.0, 29.0, 41.0], abs=0.21)
    assert first(person, Phase.EASE_IN).t_s > 50.0
