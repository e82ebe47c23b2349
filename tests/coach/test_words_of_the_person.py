"""Pause, resume, skip, postpone and repeat, from every phase."""

import pytest
from coach_script import Follower, Moment, at, lunge

from lengthwise.coach import coach
from lengthwise.coach.settings import published_settings
from lengthwise.coach.state import LOADED
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import CoachOutput, DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind

S = published_settings()
LEFT, RIGHT = Side.LEFT, Side.RIGHT
GET_READY, EASE_IN, HOLD, RELEASE = Phase.GET_READY, Phase.EASE_IN, Phase.HOLD, Phase.RELEASE
REST, SWITCH, PAUSED, DONE = Phase.REST, Phase.SWITCH_SIDE, Phase.PAUSED, Phase.DONE

AFTER: dict[SignalKind, dict[Phase, Phase]] = {
    SignalKind.PAUSE: dict.fromkeys(
        (GET_READY, EASE_IN, HOLD, RELEASE, REST, SWITCH, PAUSED), PAUSED
    ),
    SignalKind.RESUME: {PAUSED: GET_READY},
    SignalKind.SKIP: {EASE_IN: RELEASE, HOLD: RELEASE, REST: GET_READY, SWITCH: GET_READY},
    SignalKind.POSTPONE: {
        GET_READY: DONE,
        EASE_IN: RELEASE,
        HOLD: RELEASE,
        REST: DONE,
        SWITCH: DONE,
        PAUSED: DONE,
    },
    SignalKind.REPEAT: {},
}
"""Where a word leads from the first time in each phase; everywhere else the phase stays."""


@pytest.fixture(scope="module")
def met() -> dict[Phase, tuple[Follower, coach.State]]:
    """The last state of the first time in each phase."""
    pause = at(SignalKind.PAUSE, phase=HOLD, after_s=3.0)
    found: dict[Phase, tuple[Follower, coach.State]] = {}
    for person in (lunge().run(400.0), lunge(signals=pause).run(20.0)):
        for phase in Phase:
            states = [s for s in person.states if s.phase is phase]
            if states and phase not in found:
                first = [s for s in states if s.phase_start_s == states[0].phase_start_s]
                found[phase] = (person, first[-1])
    return found


def said(
    met: dict[Phase, tuple[Follower, coach.State]], phase: Phase, kind: SignalKind
) -> tuple[coach.State, coach.State, CoachOutput]:
    person, before = met[phase]
    assert before.t_s is not None
    after, output = coach.step(person.params(), before, PersonSignal(before.t_s, kind))
    return before, after, output


@pytest.mark.parametrize("kind", AFTER)
@pytest.mark.parametrize("phase", [p for p in Phase if p is not Phase.STOPPED])
def test_what_each_word_does_in_each_phase(
    met: dict[Phase, tuple[Follower, coach.State]], phase: Phase, kind: SignalKind
) -> None:
    before, after, output = said(met, phase, kind)
    # From the first get-ready on, skipping leaves the repetition for the next one.
    assert after.phase is AFTER[kind].get(phase, phase)
    assert after.clock.effective_s <= before.clock.effective_s + 1e-9
    if phase is DONE:
        assert output.decisions == ()
    if phase in LOADED and after.phase is not phase:
        assert after.phase in (RELEASE, PAUSED), "what is under load comes back, slowly"


def test_nothing_is_under_load_again_without_being_counted_in() -> None:
    """After a pause out of a hold: at rest, three seconds, and the seconds that were kept."""
    pause = at(SignalKind.PAUSE, phase=HOLD, after_s=10.0)
    resume = at(SignalKind.RESUME, phase=PAUSED, after_s=8.0)
    person = lunge(signals=lambda m: pause(m) or resume(m)).run(40.0)
    resumed_s = next(d.t_s for d in person.decisions if d.reasons[0].id == "resume.person")
    again_s = [d.t_s for d in person.of(DecisionKind.PHASE) if d.phase is EASE_IN][1]
    assert again_s - resumed_s == pytest.approx(S.get_ready_min_s, abs=0.21)
    counted = [d for d in person.of(DecisionKind.COUNTDOWN) if d.t_s >= resumed_s]
    assert [d.reasons[0].numbers["count"] for d in counted] == [3.0, 2.0, 1.0]


@pytest.mark.parametrize("phase", [RELEASE, REST])
def test_repeat_after_a_repetition_does_it_once_more_and_says_so(phase: Phase) -> None:
    person = lunge(signals=at(SignalKind.REPEAT, phase=phase, after_s=1.0)).run(600.0)
    assert person.phases()[-1] is DONE
    holds = [key[1] for key in person.holds()]
    assert holds == [1, 2, 3, 1, 2], "one more on the side on which it was asked for"
    words = [d for d in person.of(DecisionKind.CUE) if d.cue_id == "repeat.repetition"]
    assert [d.short for d in words] == ["The same once more."]
    assert words[0].reasons[0].numbers == {"repetitions": 3.0}
    left = [o.guidance for o in person.outputs if o.guidance.side is not None]
    assert {g.repetitions for g in left} == {2, 3}
    for effective_s, _ in person.holds().values():
        assert effective_s == pytest.approx(30.0, abs=0.21)


def test_repeat_while_the_last_set_is_asked_about_rests_and_does_it_once_more() -> None:
    def say(m: Moment) -> SignalKind | None:
        asked = person.outputs[-1].guidance.question if person.outputs else None
        first = asked is not None and not any(s.extra for s in person.states)
        return SignalKind.REPEAT if first else None

    person = lunge()
    person.signals = say
    person.run(600.0)
    changes = person.phases()
    before_switch = changes[: changes.index(SWITCH)]
    assert before_switch[-6:] == [RELEASE, REST, GET_READY, EASE_IN, HOLD, RELEASE]
    assert len([d for d in person.of(DecisionKind.QUESTION) if d.cue_id == "question.pain"]) == 3


def test_repeat_while_the_sides_are_changed_goes_back_for_one_more() -> None:
    """And what was said of that side is in force there again."""
    person = lunge()
    told: list[str] = []

    def say(m: Moment) -> SignalKind | None:
        asked = person.outputs[-1].guidance.question if person.outputs else None
        if asked is not None and asked.id == "sensation" and "felt" not in told:
            told.append("felt")
            person.value = 8.0
            return SignalKind.SENSATION
        if m.phase is SWITCH and m.phase_s > 2.0 and "again" not in told:
            told.append("again")
            return SignalKind.REPEAT
        return None

    person.signals = say
    person.run(600.0)
    changes = person.phases()
    i = changes.index(SWITCH)
    assert changes[i : i + 5] == [SWITCH, SWITCH, GET_READY, EASE_IN, HOLD]
    assert changes[-1] is DONE
    eased_in = [
        (o.guidance.side, o.guidance.repetition)
        for o in person.outputs
        if o.guidance.phase is EASE_IN
    ]
    assert list(dict.fromkeys(eased_in)) == [
        (LEFT, 1),
        (LEFT, 2),
        (LEFT, 3),
        (RIGHT, 1),
        (RIGHT, 2),
    ]
    third = [s for s in person.states if s.side_index == 0 and s.repetition == 3]
    assert third
    assert all(s.said.set_sensation == 8.0 for s in third if s.phase in LOADED)
    assert any(d.reasons[0].id == "sensation.strong" for d in person.of(DecisionKind.EASE))


def test_once_more_is_enough_on_a_side() -> None:
    """Rule D asks for two to three times thirty seconds."""
    person = lunge(
        signals=lambda m: SignalKind.REPEAT if m.phase is REST and 0.05 < m.phase_s < 0.15 else None
    ).run(600.0)
    assert [key[1] for key in person.holds()] == [1, 2, 3, 1, 2, 3]
    words = [d.cue_id for d in person.of(DecisionKind.CUE) if str(d.cue_id).startswith("repeat.")]
    assert "repeat.enough" in words


def test_who_keeps_talking_over_the_questions_goes_on_without_them() -> None:
    person = lunge(signals=lambda m: SignalKind.REPEAT if m.phase is RELEASE else None).run(600.0)
    assert person.phases()[-1] is DONE


def test_who_put_it_off_does_not_get_it_once_more() -> None:
    def say(m: Moment) -> SignalKind | None:
        if m.phase is HOLD and 4.95 <= m.phase_s < 5.05:
            return SignalKind.POSTPONE
        return SignalKind.REPEAT if m.phase is RELEASE and m.phase_s < 1.0 else None

    person = lunge(signals=say).run(90.0)
    assert person.phases()[-2:] == [RELEASE, DONE]
    assert person.states[-1].extra == 0
