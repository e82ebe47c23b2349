"""What is spoken: a text in each language, a few words, and a sound."""

from coach_script import Follower, Moment, lunge
from cue_phrases import tips_again_and_again
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import msgpack

from lengthwise.coach import coach
from lengthwise.coach.intents import Intent, intent
from lengthwise.coach.wording import SPOKEN
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Earcon, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.reference.exercises import exercises
from lengthwise.reference.reasons import reasons


def spoken(person: Follower) -> list[Decision]:
    worded = (DecisionKind.CUE, DecisionKind.NOT_KNOWN, DecisionKind.STOP, DecisionKind.QUESTION)
    return [d for d in person.decisions if d.kind in worded]


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(sorted(exercises())),
    st.sampled_from([None, 0.5, 0.72, 0.95]),
    st.sampled_from([None, *SignalKind]),
    st.floats(5, 40),
)
def test_what_is_spoken_carries_its_text_a_few_words_and_its_sound(
    exercise_id: str, depth: float | None, kind: SignalKind | None, at_s: float
) -> None:
    told: list[float] = []

    def say(m: Moment) -> SignalKind | None:
        if told or m.t_s < at_s:
            return None
        told.append(m.t_s)
        return kind

    person = Follower(exercises()[exercise_id], depth=depth, rate_hz=8.0, signals=say).run(50.0)
    assert spoken(person)
    for d in spoken(person):
        own = d.cue_id or d.reasons[0].id
        assert own in person.exercise.cues or own in SPOKEN
        assert d.text and d.short and len(d.short.split()) <= 6
        assert d.language == "en"
        if own in person.exercise.cues and d.text == person.exercise.for_side(
            d.side or Side.LEFT
        ).cue_text(own):
            assert d.earcon is person.exercise.sound(own)
    for d in person.decisions:
        if d not in spoken(person):
            assert (d.text, d.short, d.language) == (None,) * 3
            released = d.kind is DecisionKind.PHASE and d.phase is Phase.RELEASE
            sounds = released or d.kind in (DecisionKind.COUNTDOWN, DecisionKind.EASE)
            assert (d.earcon is None) != sounds


def test_the_reasons_that_can_be_spoken_are_those_that_are_worded_for_it() -> None:
    assert set(reasons().spoken) == SPOKEN


def test_a_stop_sounds_and_its_few_words_say_what_to_do() -> None:
    person = lunge().run(20.0)
    state = person.states[-1]
    _, output = coach.step(person.params(), state, PersonSignal(20.1, SignalKind.STOP))
    (stop,) = output.decisions
    assert stop.short == "Come back slowly and rest."
    assert stop.earcon is Earcon.END


def test_a_decision_of_an_older_record_is_read() -> None:
    old = {
        "t_s": 1.0,
        "kind": "cue",
        "phase": "hold",
        "exercise_id": "cat_cow",
        "side": None,
        "reasons": [{"id": "phase.instruction", "numbers": {}}],
        "cue_id": "hold",
        "text": "Stay.",
    }
    read = msgpack.decode(msgpack.encode(old), type=Decision)
    assert (read.text, read.short, read.earcon, read.held_back) == ("Stay.", None, None, None)


class German(Follower):
    def params(self) -> coach.Params:
        return coach.Params(self.exercise, self.sides, language="de")


def test_the_coach_speaks_german_decides_the_same_and_says_what_is_not_german() -> None:
    chosen = exercises()["half_kneeling_hip_flexor"]
    german = German(chosen, change=tips_again_and_again).run(100.0)
    english = Follower(chosen, change=tips_again_and_again).run(100.0)
    for ours, theirs in zip(german.decisions, english.decisions, strict=True):
        assert (ours.t_s, ours.kind, ours.cue_id, ours.reasons) == (
            theirs.t_s,
            theirs.kind,
            theirs.cue_id,
            theirs.reasons,
        )
    by_cue = {d.cue_id: d for d in german.of(DecisionKind.CUE)}
    assert by_cue["get_ready"].text == "Knie dich auf das linke Knie, rechter Fuß vorn."
    assert by_cue["tuck_pelvis"].short == "Becken etwas kippen."
    assert {d.language for d in german.of(DecisionKind.CUE)} == {"de"}
    assert {o.guidance.cue_language for o in german.outputs} == {"de"}
    assert [o.guidance.cue_id for o in german.outputs] == [
        o.guidance.cue_id for o in english.outputs
    ]
    state = german.states[-1]
    stopped, output = coach.step(german.params(), state, PersonSignal(101.0, SignalKind.STOP))
    (stop,) = output.decisions
    assert (stop.language, output.guidance.cue_language) == ("en", "en")
    assert stop.text == output.guidance.cue_text
    assert output.guidance.cue_id == stop.reasons[0].id
    assert stop.text is not None and stop.text.startswith("You asked to stop.")
    assert intent(stop.cue_id) is Intent.NONE
    assert stopped.phase is Phase.STOPPED
