"""A ramp to tolerance as the coach leads it: the person's own steps, and whatever ends it."""

from itertools import pairwise

import pytest
from climber import FURTHER, Climber, climber
from coach_script import body_state, lumbar_load

from lengthwise.coach import coach, warm_up
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.ramping import RampLead, tap_word
from lengthwise.coach.tolerance_ramp import RampEnd, RampPhase
from lengthwise.coach.warm_up import Warmth
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.decision import DecisionKind, Earcon, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import LumbarLoad
from lengthwise.reference.exercises import exercise


def test_two_ramps_with_a_rest_between_and_the_lower_is_told() -> None:
    person = climber().run(400.0)
    assert person.phases() == [
        Phase.GET_READY, Phase.EASE_IN, Phase.RELEASE, Phase.REST,
        Phase.GET_READY, Phase.EASE_IN, Phase.RELEASE, Phase.DONE,
    ]  # fmt: skip
    assert person.reason_ids().count("mark.first_resistance") == 2
    ends = [r for d in person.of(DecisionKind.PHASE) for r in d.reasons if r.id == "ramp.tolerance"]
    assert [r.numbers["ramp"] for r in ends] == [1.0, 2.0, 2.0]
    done = [r.id for r in person.of(DecisionKind.PHASE)[-1].reasons]
    assert done == ["ramp.kept", "ramp.tolerance"]
    assert person.led.ramp.kept is not None
    assert {s.phase for s in person.states}.isdisjoint({Phase.HOLD})


def test_the_words_follow_the_parts_and_nobody_is_asked_to_the_next_step_before_the_wait() -> None:
    person = climber().run(400.0)
    said = [(d.t_s, d.cue_id) for d in person.decisions if d.cue_id in (*FURTHER, "ramp.wait")]
    first = [cue for _, cue in said][:4]
    assert first == ["ease_in", "ramp.wait", "ramp.step", "ramp.wait"]
    pulled = next(d for d in person.decisions if d.cue_id == "ease_in")
    assert pulled.text is not None and "first gentle pull" in pulled.text
    assert pulled.short is not None and pulled.earcon is Earcon.QUESTION
    steps = [t for t, cue in said if cue == "ramp.step"]
    assert all(b - a >= 5.0 for a, b in pairwise(steps))
    assert "deeper" not in person.cue_ids and "not_known.window" not in person.reason_ids()


def test_between_both_there_is_half_a_minute_and_pain_is_asked() -> None:
    person = climber().run(400.0)
    changes = person.of(DecisionKind.PHASE)
    release = next(d for d in changes if d.phase is Phase.RELEASE)
    again = [d for d in changes if d.phase is Phase.GET_READY][1]
    assert 30.0 <= again.t_s - release.t_s <= 50.0
    asked = [d.cue_id for d in person.of(DecisionKind.QUESTION)]
    assert asked == ["question.pain"] * 2


def test_the_screen_says_to_stay_while_one_waits() -> None:
    person = climber().run(60.0)
    for state, output in zip(person.states, person.outputs, strict=True):
        waits = state.ramping.ramp.phase is RampPhase.WAITING
        if waits and state.phase is Phase.EASE_IN:
            fresh = state.speech.last_s is not None and state.t_s - state.speech.last_s < 4.0
            assert fresh or output.guidance.cue_id in ("ramp.wait", "hold")


@pytest.mark.parametrize(
    ("kind", "value", "phase", "end"),
    [
        (SignalKind.PAIN, 4.0, Phase.DONE, RampEnd.PAIN),
        (SignalKind.PAIN, None, Phase.DONE, RampEnd.PAIN),
        (SignalKind.PAIN, 8.0, Phase.STOPPED, RampEnd.PAIN),
        (SignalKind.LEG_SYMPTOM, None, Phase.STOPPED, RampEnd.SYMPTOM),
        (SignalKind.DIZZY, None, Phase.STOPPED, RampEnd.SYMPTOM),
        (SignalKind.STOP, None, Phase.STOPPED, RampEnd.STOP),
        (SignalKind.SKIP, None, Phase.DONE, RampEnd.LEFT),
        (SignalKind.POSTPONE, None, Phase.DONE, RampEnd.LEFT),
        (SignalKind.SENSATION, 8.0, Phase.DONE, RampEnd.ENVELOPE),
    ],
)
def test_each_word_that_ends_it_ends_it_at_once_and_no_second_one_follows(
    kind: SignalKind, value: float | None, phase: Phase, end: RampEnd
) -> None:
    person = climber(says=(0.5, kind), value=value).run(300.0)
    said = next(
        i for i, item in enumerate(person.items)
        if isinstance(item, PersonSignal) and item.kind is kind
    )  # fmt: skip
    assert person.states[said + 1].phase in (Phase.RELEASE, Phase.STOPPED)
    assert person.led.ramp.ended[0].end is end
    assert person.states[-1].phase is phase
    assert person.phases().count(Phase.EASE_IN) == 1
    later = {d.cue_id for o in person.outputs[said:] for d in o.decisions}
    assert later.isdisjoint(FURTHER)
    assert person.led.ramp.kept is None


def test_pain_said_after_the_second_takes_away_what_was_measured() -> None:
    person = climber().run(400.0)
    state = person.states[-1]
    assert state.phase is Phase.DONE and state.ramping.ramp.kept is not None
    signal = PersonSignal(state.t_s + 2.0, SignalKind.PAIN, value=5.0)
    after, output = coach.step(person.params(), state, signal)
    assert after.ramping.ramp.kept is None
    assert "ramp.pain" in {r.id for d in output.decisions for r in d.reasons}


def test_a_pause_ends_it_and_going_on_leads_to_the_end_at_rest() -> None:
    person = climber(says=(0.5, SignalKind.PAUSE)).run(60.0)
    state, params = person.states[-1], person.params()
    assert state.phase is Phase.PAUSED and state.ramping.ramp.phase is RampPhase.OVER
    after, _ = coach.step(params, state, PersonSignal(61.0, SignalKind.RESUME))
    assert after.phase is Phase.DONE


def test_whoever_has_a_window_and_the_envelopes_leave_is_not_asked_deeper_either() -> None:
    person = climber(depth=0.3).run(100.0)
    assert any(s.sighting.allowed is Action.DEEPEN for s in person.states)
    assert "deeper" not in person.cue_ids


def out_of_sight(m) -> None:  # type: ignore[no-untyped-def]
    for coordinate in [c for c in m.angles_deg if c.value.startswith(("hip", "knee"))]:
        del m.angles_deg[coordinate]


def test_where_the_muscle_is_not_seen_any_more_nobody_is_kept_in_the_stretch() -> None:
    person = climber(change=lambda m: out_of_sight(m) if m.share > 0.2 else None).run(200.0)
    assert person.phases()[-2:] == [Phase.RELEASE, Phase.DONE]
    assert "ramp.not_seen" in person.reason_ids()


@pytest.mark.parametrize("permitted", [True, False])
def test_where_it_was_never_seen_that_is_said_before_anybody_moves(permitted: bool) -> None:
    lead = RampLead(permitted, warm=True)
    person = climber(ramp=lead, change=out_of_sight).run(200.0)
    assert person.phases() == [Phase.GET_READY, Phase.DONE]
    assert person.led.ramp.ended[-1].end is RampEnd.UNSEEN
    assert "I can't see how long this muscle is" in (person.outputs[-1].guidance.cue_text or "")
    assert FURTHER.isdisjoint(person.cue_ids)


def test_who_has_only_just_taken_the_position_is_waited_for() -> None:
    """A camera finds the size of a body, and so a muscle, some seconds after it is in place."""
    person = climber(change=lambda m: out_of_sight(m) if m.t_s < 15.0 else None).run(60.0)
    begun = next(d for d in person.of(DecisionKind.PHASE) if d.phase is Phase.EASE_IN)
    assert 15.0 <= begun.t_s <= 25.0


def test_what_is_out_of_sight_on_the_way_to_the_first_pull_ends_nothing() -> None:
    person = climber(change=lambda m: out_of_sight(m) if 0.1 < m.share < 0.35 else None).run(400.0)
    assert person.led.ramp.kept is not None


@pytest.mark.parametrize(
    ("end_fraction", "told"), [(None, False), (0.6, False), (1.2, False), (1.3, True)]
)
def test_where_the_joints_end_may_come_first_that_is_said_before(
    end_fraction: float | None, told: bool
) -> None:
    """By hand: at 0.5 with an sd of 0.03 there are 0.5 - 1.64 * 0.03 = 0.45 to the joint's end:
    0.64 of the way to 1.2, 0.56 of the way to 1.3."""
    person = climber(ramp=RampLead(True, True, end_fraction)).run(60.0)
    begun = next(d.t_s for d in person.of(DecisionKind.PHASE) if d.phase is Phase.EASE_IN)
    said = [d.t_s for d in person.of(DecisionKind.NOT_KNOWN) if d.reasons[0].id == "ramp.no_room"]
    assert said == ([begun] if told else [])


@pytest.mark.parametrize("load", [None, lumbar_load(1.0, sd=1.0)], ids=["not known", "unsure"])
def test_where_the_back_is_not_seen_within_its_limits_the_first_pull_is_all(
    load: LumbarLoad | None,
) -> None:
    def unseen(m) -> None:  # type: ignore[no-untyped-def]
        m.lumbar = load

    person = climber(change=unseen, pace_s=12.0).run(200.0)
    assert "ramp.step" not in person.cue_ids
    assert person.reason_ids().count("mark.first_resistance") == 1
    assert max(s.sighting.progress or 0.0 for s in person.states) < 0.45
    assert [m.end for m in person.led.ramp.ended] == [RampEnd.NO_FURTHER]
    assert person.led.ramp.kept is None and person.states[-1].phase is Phase.DONE
    told = [d for d in person.of(DecisionKind.NOT_KNOWN) if d.reasons[0].id == "lumbar.not_known"]
    begun = next(d.t_s for d in person.of(DecisionKind.PHASE) if d.phase is Phase.EASE_IN)
    assert [d.t_s for d in told] == ([begun] if load is None else []), "before the first pull"


def test_it_goes_on_where_the_back_is_seen_again() -> None:
    def flickers(m) -> None:  # type: ignore[no-untyped-def]
        if int(m.t_s) % 6 == 0:
            m.lumbar = None

    person = climber(change=flickers).run(400.0)
    assert person.led.ramp.kept is not None


def test_whoever_says_nothing_comes_back_when_its_time_is_over() -> None:
    person = climber(enough=9.0).run(300.0)
    assert [m.end for m in person.led.ramp.ended] == [RampEnd.TIME]
    changes = person.of(DecisionKind.PHASE)
    begun, back = (next(d for d in changes if d.phase is p) for p in (Phase.EASE_IN, Phase.RELEASE))
    assert back.t_s - begun.t_s == pytest.approx(120.0, abs=0.5)


def test_no_third_ramp_is_led_however_it_is_asked_for() -> None:
    person = climber(says=(0.5, SignalKind.REPEAT)).run(400.0)
    assert person.phases().count(Phase.EASE_IN) == 2
    assert person.states[-1].phase is Phase.DONE


def test_without_leave_the_first_gentle_pull_alone_is_marked() -> None:
    person = climber(ramp=RampLead(permitted=False)).run(100.0)
    assert person.phases() == [Phase.GET_READY, Phase.EASE_IN, Phase.RELEASE, Phase.DONE]
    assert person.reason_ids().count("mark.first_resistance") == 1
    assert "ramp.not_permitted" in person.reason_ids()
    assert "ramp.step" not in person.cue_ids
    assert max(s.sighting.progress or 0.0 for s in person.states) < 0.45


def test_before_it_one_warms_up_and_that_is_seen() -> None:
    still = climber(ramp=RampLead(permitted=True)).run(200.0)
    assert still.phases() == [Phase.GET_READY]
    assert "ramp.warm_up" in still.cue_ids
    assert still.outputs[-1].guidance.countdown is None

    def rock(m) -> None:  # type: ignore[no-untyped-def]
        if m.t_s < 130.0:
            m.angles_deg[Coordinate.HIP_FLEXION_L] += 12.0 * (int(m.t_s / 2.0) % 2)

    warm = climber(ramp=RampLead(permitted=True), change=rock).run(400.0)
    begun = next(d for d in warm.of(DecisionKind.PHASE) if d.phase is Phase.EASE_IN)
    assert 120.0 < begun.t_s < 140.0
    assert warm.states[-1].phase is Phase.DONE and warm.led.ramp.kept is not None


@pytest.mark.parametrize(
    ("span_deg", "claimed", "warm"), [(12.0, True, True), (4.0, True, False), (30.0, False, False)]
)
def test_only_what_is_seen_to_move_far_enough_warms(
    span_deg: float, claimed: bool, warm: bool
) -> None:
    warmth = Warmth()
    for n in range(1300):
        angle = span_deg * (int(n / 20) % 2)
        seen = {Coordinate.HIP_FLEXION_L: angle} if claimed or n % 20 > 2 else {}
        warmth = warm_up.step(warmth, body_state(0.1 * n, seen), 0.1 * n)
    assert warmth.warm is warm


def test_ten_minutes_of_rest_cool_down() -> None:
    warmth = Warmth(t_s=0.0, moved_s=100.0, moved_at_s=0.0, block_s=0.0)
    rested = warm_up.step(warmth, body_state(600.5, {}), 600.5)
    assert rested.moved_s == 0.0
    assert warm_up.step(warmth, body_state(599.0, {}), 599.0).moved_s == 100.0


def test_a_tap_is_the_first_pull_and_then_enough() -> None:
    person = climber().run(60.0)
    said = {s.ramping.ramp.phase: tap_word(s.ramping) for s in person.states}
    assert said[RampPhase.PULLING] is SignalKind.FIRST_RESISTANCE
    assert said[RampPhase.WAITING] is said[RampPhase.STEPPING] is SignalKind.TOLERANCE


def test_a_session_that_was_saved_goes_on_as_if_it_had_not_been() -> None:
    person = climber().run(60.0)
    params, cut = person.params(), len(person.items) // 2
    state = decode(encode(person.states[cut - 1]), coach.State)
    for item, expected in zip(person.items[cut:], person.outputs[cut:], strict=True):
        state, output = coach.step(params, state, item)
        assert encode(output) == encode(expected)


def of_the_other_leg(moment) -> None:  # type: ignore[no-untyped-def]
    """The leg raise, done with the other leg while this one rests."""
    moment.sd_deg = 0.5
    asked, other = Coordinate.HIP_FLEXION_L, Coordinate.HIP_FLEXION_R
    moment.angles_deg.setdefault(other, 0.0)
    if moment.phase is Phase.EASE_IN:
        start_deg = SUPINE.path[0].start_deg
        moment.angles_deg[other] = moment.angles_deg[asked] - start_deg
        moment.angles_deg[asked] = start_deg


SUPINE = exercise("supine_hamstring")


def test_a_ramp_of_the_other_leg_is_led_back_and_measures_nothing() -> None:
    assert SUPINE.path[0].coordinate is Coordinate.HIP_FLEXION_L
    person = Climber(SUPINE, change=of_the_other_leg).run(150.0)
    assert any(s.other.doubted for s in person.states)
    assert "ramp.step" not in person.cue_ids and "side.other" in person.cue_ids
    assert all(m.length is None for m in person.led.ramp.ended)
    assert person.phases()[-2:] == [Phase.RELEASE, Phase.DONE]


@pytest.mark.parametrize(("value", "further"), [(4.0, True), (5.0, False), (None, False)])
def test_who_says_that_it_is_enough_is_offered_no_further_step(
    value: float | None, further: bool
) -> None:
    person = climber(says=(0.5, SignalKind.SENSATION), value=value).run(60.0)
    said_s = next(d.t_s for d in person.decisions if d.reasons[0].id == "said.sensation")
    end_s = next(d.t_s for d in person.of(DecisionKind.PHASE) if d.phase is Phase.RELEASE)
    after = [o.guidance.cue_id for o in person.outputs if said_s + 4.5 < o.guidance.t_s < end_s]
    assert ("ramp.step" in after) is further


def test_a_pull_while_what_is_measured_rests_is_no_pull_of_it() -> None:
    """As of the other leg where no sensor told both hips at the start."""

    def rests(moment) -> None:  # type: ignore[no-untyped-def]
        moment.angles_deg[Coordinate.HIP_FLEXION_L] = SUPINE.path[0].start_deg
        moment.angles_deg.pop(Coordinate.HIP_FLEXION_R, None)

    person = Climber(SUPINE, change=rests).run(150.0)
    assert "ramp.step" not in person.cue_ids
    assert "mark.first_resistance" not in person.reason_ids(DecisionKind.MARK)
    assert [m.end for m in person.led.ramp.ended] == [RampEnd.NOT_SEEN]


@pytest.mark.parametrize(("load", "further"), [(1.5, True), (2.5, False)])
def test_no_step_is_offered_where_the_load_of_the_back_is_near_its_limit(
    load: float, further: bool
) -> None:
    """Above what may be deepened by, 2.0, and below what eases, 3.5."""

    def bears(moment) -> None:  # type: ignore[no-untyped-def]
        moment.lumbar = lumbar_load(load, 0.02)

    person = climber(change=bears).run(60.0)
    assert ("ramp.step" in person.cue_ids) is further
    assert ("ramp.step" in {o.guidance.cue_id for o in person.outputs}) is further
