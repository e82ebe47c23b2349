"""What is asked after a set, what answers it, and what becomes of no answer."""

import math
from itertools import pairwise

import pytest
from coach_script import Follower, Moment, leaving, lunge
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import replace

from lengthwise.coach import coach, questions
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.limits.said import Now, Said, last_set, set_said
from lengthwise.coach.settings import published_settings
from lengthwise.coach.state import Asking
from lengthwise.contracts.care import Care
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import Decision, DecisionKind, Guidance, Phase, QuestionId
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise, exercises

S = published_settings()
SENSATION, PAIN = QuestionId.SENSATION, QuestionId.PAIN


class Answers:
    """A person who follows and answers what is open, some seconds after it was asked."""

    def __init__(
        self,
        answers: dict[QuestionId, float | None],
        *,
        after_s: float = 2.0,
        person: Follower | None = None,
        care: Care | None = None,
    ) -> None:
        self.answers, self.after_s = answers, after_s
        self.person = person or lunge()
        if care is not None:
            self.person.care = care

    def run(self, until_s: float) -> Follower:
        person = self.person

        def say(m: Moment) -> SignalKind | None:
            asked = person.outputs[-1].guidance.question if person.outputs else None
            if (
                asked is None
                or m.t_s - asked.asked_s < self.after_s
                or asked.id not in self.answers
            ):
                return None
            person.value = self.answers[asked.id]
            return SignalKind(asked.id.value)

        person.signals = say
        return person.run(until_s)


def rated(person: Follower) -> list[Decision]:
    """What was answered; a first gentle pull is a mark too, and about no question."""
    return [d for d in person.of(DecisionKind.MARK) if d.cue_id is not None]


def asked(person: Follower) -> list[Decision]:
    return person.of(DecisionKind.QUESTION)


def test_each_set_of_a_stretch_is_asked_about_once_by_either_question_stretch_first() -> None:
    person = Answers({SENSATION: 4.0, PAIN: 1.0}).run(400.0)
    assert person.phases()[-1] is Phase.DONE
    assert [(d.cue_id, d.side) for d in asked(person)] == [
        (f"question.{q}", side) for side in Side for q in ("sensation", "pain")
    ]
    marks = rated(person)
    assert [d.cue_id for d in marks] == [d.cue_id for d in asked(person)]
    assert [d.reasons[0].numbers["rating"] for d in marks] == [4.0, 1.0] * 2
    assert all(d.reasons[1].id == "question.answered" for d in marks)
    assert all(d.reasons[1].numbers["waited_s"] == pytest.approx(2.0, abs=0.11) for d in marks)
    assert person.of(DecisionKind.UNANSWERED) == []


@pytest.mark.parametrize("exercise_id", ["bird_dog", "cat_cow", "seated_breathing", "walking"])
def test_what_is_no_stretch_is_asked_about_pain_alone_and_after_its_last_repetition(
    exercise_id: str,
) -> None:
    done = exercises()[exercise_id]
    person = Answers({PAIN: 0.0}, person=Follower(done, (Side.LEFT,), rate_hz=5.0)).run(700.0)
    assert person.phases()[-1] is Phase.DONE
    assert [d.cue_id for d in asked(person)] == ["question.pain"]
    repetition = person.outputs[-1].guidance.repetition
    assert repetition == done.dose.repetitions


def test_it_is_asked_at_rest_one_at_a_time_with_its_words_and_scale() -> None:
    person = Answers({SENSATION: 4.0, PAIN: 1.0}).run(400.0)
    shown = [o.guidance for o in person.outputs if o.guidance.question is not None]
    assert {g.question.id for g in shown} == {SENSATION, PAIN}  # type: ignore[union-attr]
    for g in shown:
        assert g.question is not None
        assert g.phase is Phase.RELEASE
        assert (g.question.least, g.question.most) == (0.0, 10.0)
        assert g.question.short is not None and len(g.question.short.split()) <= 6
        assert g.cue_text == g.question.text
    first = asked(person)[0]
    assert first.short == "Stretch felt, 0 to 10."
    assert first.earcon == "question"
    back_s = next(d.t_s for d in person.of(DecisionKind.PHASE) if d.phase is Phase.RELEASE)
    assert first.t_s >= back_s + S.release_min_s


def test_a_question_is_a_phrase_and_keeps_its_distance() -> None:
    person = Answers({SENSATION: 4.0, PAIN: 1.0}, after_s=0.0).run(400.0)
    spoken = [d for d in person.decisions if d.kind in (DecisionKind.CUE, DecisionKind.QUESTION)]
    times_s = [d.t_s for d in spoken]
    assert all(b - a >= S.phrase_gap_s - 1e-9 for a, b in pairwise(times_s))


def test_who_does_not_answer_is_written_down_as_that_and_goes_on() -> None:
    person = lunge().run(400.0)
    assert person.phases()[-1] is Phase.DONE
    assert rated(person) == []
    without = person.of(DecisionKind.UNANSWERED)
    assert [d.cue_id for d in without] == [d.cue_id for d in asked(person)]
    for d in without:
        assert d.reasons[0].id == "question.not_answered"
        assert d.reasons[0].numbers == {"waited_s": pytest.approx(S.question_wait_s, abs=0.11)}
    said = person.states[-1].said
    assert (said.pain_nrs, said.set_sensation) == (None, None), "no answer is no zero"


def test_pain_said_while_the_stretch_is_asked_about_is_not_asked_again() -> None:
    person = lunge().run(110.0)
    params, i = person.params(), _first_open(person)
    state, _ = coach.step(
        params, person.states[i], PersonSignal(person.states[i].t_s, SignalKind.PAIN, value=1.0)
    )
    assert state.asking.open is SENSATION
    assert PAIN not in state.asking.pending


def _first_open(person: Follower) -> int:
    return next(i for i, s in enumerate(person.states) if s.asking.open is not None)


@pytest.mark.parametrize("value", [None, math.nan, -1.0, 11.0])
def test_an_answer_without_a_usable_number_answers_nothing(value: float | None) -> None:
    asking = Asking((SENSATION, PAIN), 5.0, True)
    for kind in (SignalKind.SENSATION, SignalKind.PAIN):
        after = questions.answered(asking, PersonSignal(6.0, kind, value=value), 6.0)
        assert after == (asking, None, ())


def test_pain_that_stops_said_in_answer_stops_the_session() -> None:
    person = Answers({SENSATION: 4.0, PAIN: 6.0}).run(100.0)
    assert person.states[-1].phase is Phase.STOPPED
    assert [r.id for r in person.of(DecisionKind.STOP)[0].reasons] == [
        "pain.stop",
        "screening.needed",
    ]
    assert person.outputs[-1].guidance.question is None


def test_pain_that_eases_said_in_answer_keeps_the_next_side_from_being_begun() -> None:
    """It is asked about again, not often; the next test says a lower one."""
    person = Answers({SENSATION: 4.0, PAIN: 5.0}).run(190.0)
    assert person.phases()[-2:] == [Phase.SWITCH_SIDE, Phase.GET_READY]
    again = [d for d in asked(person) if d.phase is Phase.GET_READY]
    assert [d.cue_id for d in again] == ["question.pain"] * len(again)
    gaps_s = [b.t_s - a.t_s for a, b in pairwise(again)]
    assert gaps_s
    assert min(gaps_s) >= S.question_again_s


def test_a_lower_pain_said_at_rest_lets_the_next_side_begin() -> None:
    person = lunge()
    ratings = [5.0, 2.0]

    def say(m: Moment) -> SignalKind | None:
        open_one = person.outputs[-1].guidance.question if person.outputs else None
        if open_one is None or open_one.id is not PAIN or m.t_s - open_one.asked_s < 1.0:
            return None
        person.value = ratings.pop(0) if ratings else 1.0
        return SignalKind.PAIN

    person.signals = say
    person.run(400.0)
    assert person.phases()[-1] is Phase.DONE
    assert [d.phase for d in rated(person)][:2] == [Phase.RELEASE, Phase.GET_READY]


def test_skip_leaves_the_questions_and_says_so() -> None:
    person = lunge()
    person.signals = lambda m: (
        SignalKind.SKIP if person.outputs and person.outputs[-1].guidance.question else None
    )
    person.run(110.0)
    left = person.of(DecisionKind.UNANSWERED)
    assert [d.cue_id for d in left] == ["question.sensation", "question.pain"]
    assert [r.id for r in left[0].reasons] == ["question.not_answered", "skip.person"]
    assert len(asked(person)) == 1
    assert Phase.SWITCH_SIDE in person.phases()


def test_a_pause_keeps_an_open_question_open() -> None:
    person = lunge().run(400.0)
    i = _first_open(person)
    params, t_s = person.params(), person.states[i].t_s
    state, output = coach.step(params, person.states[i], PersonSignal(t_s, SignalKind.PAUSE))
    assert output.guidance.phase is Phase.PAUSED
    assert output.guidance.question is not None
    state, output = coach.step(params, state, PersonSignal(t_s, SignalKind.SENSATION, value=3.0))
    assert output.guidance.question is None
    assert state.said.set_sensation == 3.0


def test_a_stop_takes_the_question_away() -> None:
    person = lunge().run(400.0)
    i = _first_open(person)
    signal = PersonSignal(person.states[i].t_s, SignalKind.STOP)
    state, output = coach.step(person.params(), person.states[i], signal)
    assert output.guidance.question is None
    assert state.asking == Asking()
    assert [d.kind for d in output.decisions] == [DecisionKind.STOP]


def test_every_exercise_that_is_put_off_is_still_asked_about() -> None:
    person = lunge()
    person.signals = lambda m: SignalKind.POSTPONE if 20.0 <= m.t_s < 20.1 else None
    person.run(60.0)
    assert person.phases()[-1] is Phase.DONE
    assert [d.cue_id for d in asked(person)] == ["question.sensation", "question.pain"]
    assert leaving(person, Phase.RELEASE).t_s > asked(person)[-1].t_s


ratings = st.floats(0.0, 10.0)
depths = st.one_of(st.none(), st.floats(-1.0, 1.5))


@given(ratings, ratings, depths, depths)
def test_a_stronger_last_set_never_allows_more(
    one: float, other: float, depth: float | None, progress: float | None
) -> None:
    def allowed(felt: float) -> Action:
        now = Now(set_said(Said(), felt, depth=depth), True, progress, 0.0)
        return last_set(now, settings=S).action

    low, high = sorted((one, other))
    assert allowed(high) <= allowed(low)
    assert allowed(high) >= Action.EASE


def test_a_last_set_that_felt_strong_is_eased_short_of_where_it_was() -> None:
    """Held from 0.8 of the way, one step (a tenth of it) back: eased above 0.72."""
    said = replace(set_said(Said(), 7.0, depth=0.8), short_of_set=True)
    above, below = 0.8 - S.ease_step_ratio * 0.8 + 0.01, 0.8 - S.ease_step_ratio * 0.8 - 0.01
    assert last_set(Now(said, True, above, 0.0), settings=S).action is Action.EASE
    assert last_set(Now(said, True, below, 0.0), settings=S).action is Action.HOLD
    assert last_set(Now(said, False, above, 0.0), settings=S).action is Action.DEEPEN
    assert last_set(Now(set_said(said, None, depth=0.5), True, above, 0.0), settings=S).action is (
        Action.EASE
    )


def test_the_other_side_is_another_stretch() -> None:
    person = Answers({SENSATION: 8.0, PAIN: 0.0}).run(110.0)
    right = [s for s in person.states if s.side_index == 1]
    assert right
    assert all(s.said.set_sensation is None for s in right)


def test_a_question_survives_saving() -> None:
    person = lunge().run(110.0)
    state = person.states[_first_open(person)]
    assert decode(encode(state), coach.State) == state


def test_in_german_the_question_is_german() -> None:
    person = lunge()
    person.params = lambda: coach.Params(person.exercise, person.sides, language="de")  # type: ignore[method-assign]
    person.run(110.0)
    first = asked(person)[0]
    assert first.language == "de"
    assert first.short == "Dehnung gespürt, 0 bis 10."


def test_an_older_guidance_without_a_question_is_read() -> None:
    written = to_builtins(lunge().run(1.0).outputs[-1].guidance)
    del written["question"]
    assert decode(encode(written), Guidance).question is None


def test_exercises_of_sets_are_asked_after_each_set() -> None:
    base = exercise("half_kneeling_hip_flexor")
    two = replace(base, dose=replace(base.dose, sets=2, repetitions=1))
    person = Answers({SENSATION: 4.0, PAIN: 0.0}, person=Follower(two, (Side.LEFT,))).run(300.0)
    assert person.phases()[-1] is Phase.DONE
    assert len(asked(person)) == 4


@pytest.mark.parametrize(("obeys", "held_s"), [(True, 30.0), (False, 5.0)])
def test_too_strong_a_set_is_followed_by_a_shorter_way_or_none(obeys: bool, held_s: float) -> None:
    """Who eases has a hold of its usual length; who does not is led back; nobody waits for ever."""
    once: list[float] = []

    def say(m: Moment) -> SignalKind | None:
        if m.phase is Phase.RELEASE and m.phase_s > 2.0 and m.repetition == 1 and not once:
            once.append(m.t_s)
            return SignalKind.SENSATION
        return None

    def eases(m: Moment) -> None:
        if not (obeys and m.repetition == 2):
            return
        for part in exercise("half_kneeling_hip_flexor").for_side(m.side).path:
            span = part.end_deg - part.start_deg
            m.angles_deg[part.coordinate] = part.start_deg + 0.7 * m.share * span
        m.position = Estimate(0.5 * m.share, 0.04)

    person = lunge(sides=(Side.LEFT,), signals=say, value=8.0, change=eases).run(200.0)
    told = person.of(DecisionKind.PHASE)
    held = [b.t_s - a.t_s for a, b in pairwise(told) if a.phase is Phase.HOLD]
    assert held[1] == pytest.approx(held_s, abs=1.5)
