"""Each exercise begins by marking today's first gentle pull; without it nobody is led further."""

from itertools import pairwise

import pytest
from coach_script import Follower, Moment, at, body_state, first, lunge, tissue_state, verdict_on
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.envelope import Action
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import Estimate

QUESTION = "Press a key at today's first gentle pull."


def asked(person: Follower) -> list[tuple[Side | None, float]]:
    """Side and time of each question."""
    cues = person.of(DecisionKind.CUE)
    return [(d.side, d.t_s) for d in cues if QUESTION in (d.text or "")]


def said(person: Follower) -> list[str | None]:
    return [d.cue_id for d in person.of(DecisionKind.CUE)]


def test_the_question_comes_with_the_words_that_lead_in_once_on_each_side() -> None:
    marked: list[Side] = []

    def say(m: Moment) -> SignalKind | None:
        if m.phase is not Phase.EASE_IN or m.phase_s < 2.0 or m.side in marked:
            return None
        marked.append(m.side)
        return SignalKind.FIRST_RESISTANCE

    person = lunge(pulls=False, signals=say).run(400.0)
    assert marked == [Side.LEFT, Side.RIGHT]
    assert [side for side, _ in asked(person)] == [Side.LEFT, Side.RIGHT]
    led_in = next(d for d in person.of(DecisionKind.CUE) if d.cue_id == "ease_in")
    assert led_in.text == f"Let the front of the left hip sink, slowly. {QUESTION}"
    assert led_in.short == "Key at the first gentle pull."
    assert [r.id for r in led_in.reasons] == ["phase.instruction", "not_known.today"]


def test_without_a_window_or_in_other_work_nobody_is_asked_for_today() -> None:
    assert asked(lunge(depth=None).run(60.0)) == []


def test_who_does_not_mark_is_asked_again_on_the_next_way_in() -> None:
    person = lunge(pulls=False).run(400.0)
    assert [side for side, _ in asked(person)] == [
        Side.LEFT, Side.LEFT, Side.RIGHT, Side.RIGHT,
    ]  # fmt: skip


def test_who_is_slow_to_mark_is_asked_again_when_the_time_to_ease_in_is_over() -> None:
    """By hand: led in at 4 s; the way in began at 3 s and takes 8; then 12 s between two."""
    times = [t for _, t in asked(lunge(pulls=False, pace_s=25.0).run(30.0))]
    assert times == pytest.approx([4.0, 11.0, 23.0], abs=0.11)


def shallow(**options: object) -> Follower:
    """Comes to rest below the window: the place where one would be led further."""
    return lunge(depth=0.45, **options)


def test_below_the_window_a_marked_person_is_led_further_and_an_unmarked_one_is_not() -> None:
    assert "deeper" in said(shallow().run(90.0))
    unmarked = shallow(pulls=False).run(90.0)
    assert "deeper" not in said(unmarked)
    assert first(unmarked, Phase.HOLD).reasons[0].id == "ease_in.time_bound"


def test_where_first_resistance_leads_alone_no_mark_leads_further() -> None:
    """Rule D: acute, flare and the like; the question is asked as ever."""
    person = shallow(window_leads=False).run(90.0)
    assert "deeper" not in said(person)
    assert "mark.first_resistance" in person.reason_ids(DecisionKind.MARK)
    assert "envelope.ceiling" in lunge(depth=1.0, window_leads=False).run(60.0).reason_ids(
        DecisionKind.EASE
    )


def test_seconds_inside_a_window_of_another_day_still_count() -> None:
    """Where the body is has its honest sd; what is missing is the leave to go further."""
    person = lunge(pulls=False).run(60.0)
    assert person.holds()[Side.LEFT, 1] == (pytest.approx(30.0, abs=0.21), 0.0)


def test_the_ceiling_of_another_day_eases_as_ever() -> None:
    person = lunge(depth=1.0, pulls=False).run(60.0)
    assert "envelope.ceiling" in person.reason_ids(DecisionKind.EASE)


def test_a_mark_inside_the_hold_is_late_and_leads_nobody_on() -> None:
    say = at(SignalKind.FIRST_RESISTANCE, phase=Phase.HOLD, after_s=3.0)
    person = shallow(pulls=False, signals=say).run(90.0)
    assert "mark.first_resistance" in person.reason_ids(DecisionKind.MARK)
    assert "deeper" not in said(person)


def test_a_mark_that_could_not_be_measured_does_not_count() -> None:
    """One target with a window is out of claim: the tissue takes no mark of it."""
    params = lunge().params()
    state = coach.start(params)
    plan = params.plans[0]
    angles = {c: 57.29578 * x for c, x in plan.start_rad}
    places = dict.fromkeys(plan.targets, Estimate(0.1, 0.03))
    for claimed, counts in ((False, False), (True, True)):
        tissue = tissue_state(0.0, places)
        if not claimed:
            tissue = replace(tissue, claimed=(False, *tissue.claimed[1:]))
        seen, _ = coach.step(params, state, coach.CoachFrame(body_state(0.0, angles), tissue))
        seen = replace(seen, phase=Phase.EASE_IN)
        marked, _ = coach.step(params, seen, PersonSignal(0.0, SignalKind.FIRST_RESISTANCE))
        assert marked.remarked is counts


def test_the_other_side_is_marked_anew_and_the_next_repetition_is_not() -> None:
    person = lunge().run(400.0)
    marks = [d.side for d in person.of(DecisionKind.MARK)]
    assert marks == [Side.LEFT, Side.RIGHT]
    switched = [b for a, b in pairwise(person.states) if a.side_index != b.side_index]
    assert [s.remarked for s in switched] == [False]


def test_the_envelope_says_so_where_nothing_else_is_amiss() -> None:
    """By hand: 0.3 between the marks, all calm; only the mark of today differs."""
    person = Follower(lunge().exercise, pulls=False, depth=0.3)
    params = person.params()
    person.run(9.0)
    frame = next(i for i in reversed(person.items) if isinstance(i, coach.CoachFrame))
    before = person.states[-1]
    still = replace(before, eased_s=None)
    assert verdict_on(params, still, frame, Action.DEEPEN) is Action.HOLD
    marked = replace(still, remarked=True)
    assert verdict_on(params, marked, frame, Action.DEEPEN) is Action.DEEPEN


@settings(max_examples=12, deadline=None)
@given(
    phase=st.sampled_from([Phase.GET_READY, Phase.EASE_IN, Phase.HOLD]),
    after_s=st.floats(0.0, 20.0),
    repetition=st.integers(1, 2),
)
def test_whenever_a_mark_is_said_nobody_is_led_deeper_without_one_on_the_way_in(
    phase: Phase, after_s: float, repetition: int
) -> None:
    say = at(SignalKind.FIRST_RESISTANCE, phase=phase, after_s=after_s, repetition=repetition)
    person = shallow(pulls=False, signals=say, sides=(Side.LEFT,)).run(160.0)
    marked_s = [
        d.t_s for d in person.of(DecisionKind.MARK) if d.phase is Phase.EASE_IN
    ]  # fmt: skip
    led_s = [d.t_s for d in person.of(DecisionKind.CUE) if d.cue_id == "deeper"]
    assert all(marked_s and marked_s[0] <= t for t in led_s)


def test_a_question_is_said_in_the_language_of_what_leads_in() -> None:
    params = coach.Params(lunge().exercise, (Side.LEFT,), language="de")
    person = Follower(lunge().exercise, (Side.LEFT,), pace_s=20.0)
    person.params = lambda: params  # type: ignore[method-assign]
    led_in = next(d for d in person.run(12.0).of(DecisionKind.CUE) if d.cue_id == "ease_in")
    assert led_in.language == "de"
    assert (led_in.text or "").endswith("Drück heute beim ersten sanften Zug eine Taste.")
