"""What is said first, how soon after what, and what contradicts what."""

from itertools import pairwise

import pytest
from coach_script import Moment, lunge, tip
from cue_phrases import SETTINGS, phrases
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from lengthwise.coach.fading import SHARES
from lengthwise.coach.intents import Intent, contradict, intent
from lengthwise.coach.reasons import reason
from lengthwise.coach.speaking import Phrase, Priority, choose
from lengthwise.coach.state import Speech
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.reference.wording import Wording


def test_the_order_is_safety_unknown_compensation_window_breath_left_praise_question() -> None:
    order = sorted(Priority)
    asked = ["SAFETY", "NOT_KNOWN", "COMPENSATION", "WINDOW", "BREATH"]
    asked += ["LEFT", "NOT_SEEN", "PRAISE", "QUESTION"]
    assert [p.name for p in order if p is not Priority.PHASE] == asked
    assert order.index(Priority.PHASE) == 1


@given(phrases)
def test_the_most_important_phrase_is_said_and_only_that(offered: list[Phrase]) -> None:
    choice = choose(Speech(), offered, t_s=0.0, settings=SETTINGS)
    assert (choice.said is None) == (not offered)
    if choice.said is not None:
        assert choice.said.priority == min(p.priority for p in offered)


@given(st.lists(st.tuples(phrases, st.floats(0.01, 6.0)), max_size=30), st.sampled_from(SHARES))
def test_phrases_stand_apart_and_none_contradicts_the_one_before(
    frames: list[tuple[list[Phrase], float]], share: float
) -> None:
    """Three seconds are the least that two phrases that contradict must stand apart.

    Only a correction and the words of an ease come sooner than the gap, after a phrase that is no
    correction; an ease not after another one.
    """
    assert SETTINGS.phrase_gap_s >= SETTINGS.ease_lapse_s >= 3.0
    speech, t_s, said = Speech(), 0.0, []
    for offered, after_s in frames:
        t_s += after_s
        choice = choose(speech, offered, t_s=t_s, settings=SETTINGS, cue_share=share)
        speech = choice.speech
        if choice.said is not None:
            said.append((t_s, choice.said))
    for (one_s, one), (other_s, other) in pairwise(said):
        corrects = [p.priority is Priority.COMPENSATION for p in (one, other)]
        led_back = intent(one.cue_id) is Intent.BACK
        eases = other.priority is Priority.SAFETY and intent(other.cue_id) is Intent.BACK
        soon = not corrects[0] and (corrects[1] or (eases and not led_back))
        gap_s = SETTINGS.correction_gap_s if soon else SETTINGS.phrase_gap_s
        assert other_s - one_s >= gap_s - 1e-9
        back = intent(one.cue_id) is Intent.BACK and other.adds
        if back or contradict(intent(one.cue_id), intent(other.cue_id)):
            assert other_s - one_s >= 3.0


def correction(*, adds: bool = False) -> Phrase:
    why = (reason("compensation.pelvis_tilt"),)
    return Phrase(Priority.COMPENSATION, "tuck_pelvis", Wording("Tuck."), why, adds=adds)


YIELDING = st.builds(
    lambda cue: Phrase(Priority.SAFETY, cue, Wording(cue), (reason("hold.kept"),), yields=True),
    st.sampled_from(("hold", "ease")),
)


@given(phrases, st.lists(YIELDING, max_size=2), st.booleans())
def test_a_correction_is_said_before_all_but_safety_the_unknown_and_what_it_contradicts(
    offered: list[Phrase], yielding: list[Phrase], adds: bool
) -> None:
    """Heard late, a correction is about a posture that is gone: it was right only for that moment.

    To stay, and to ease a load which that very posture makes, can be said after it and still be
    true; that something is not known or hurts cannot wait for it.
    """
    offered = [p for p in offered if p.priority is not Priority.COMPENSATION]
    corrected = correction(adds=adds)
    choice = choose(Speech(), [*offered, *yielding, corrected], t_s=0.0, settings=SETTINGS)
    assert choice.said is not None
    urgent = [p for p in offered if p.priority < Priority.COMPENSATION]
    contradicted = adds and any(intent(p.cue_id) is Intent.BACK for p in yielding)
    if not urgent and not contradicted:
        assert choice.said.priority is Priority.COMPENSATION
    if contradicted:
        assert choice.said.priority is not Priority.COMPENSATION


@given(
    st.sampled_from([p for p in Priority if p is not Priority.COMPENSATION]),
    st.sampled_from(("hold", "deeper", "known.lost", "kept")),
    st.floats(0.0, 4.0),
    st.booleans(),
)
def test_whatever_was_just_said_a_correction_comes_within_a_second_and_a_half(
    priority: Priority, cue_id: str, after_s: float, adds: bool
) -> None:
    """Unless that led back: worked below."""
    before = Phrase(priority, cue_id, Wording(cue_id), (reason("hold.kept"),))
    speech = choose(Speech(), [before], t_s=0.0, settings=SETTINGS).speech
    t_s = after_s
    while choose(speech, [correction(adds=adds)], t_s=t_s, settings=SETTINGS).said is None:
        t_s += 0.05
    assert t_s - after_s <= 1.5 + 0.05


@pytest.mark.parametrize(
    ("yields", "adds", "earliest_s"), [(True, False, 1.5), (True, True, 3.0), (False, False, 3.0)]
)
def test_after_what_leads_back_only_a_correction_of_its_cause_comes_soon(
    yields: bool, adds: bool, earliest_s: float
) -> None:
    """A pelvis tucked brings back stretch; within 3 s of "ease off" that would contradict it."""
    ease = Phrase(Priority.SAFETY, "ease", Wording("Ease."), (reason("x"),), yields=yields)
    speech = choose(Speech(), [ease], t_s=0.0, settings=SETTINGS).speech
    for t_s in (1.4, 1.6, 2.9, 3.1):
        said = choose(speech, [correction(adds=adds)], t_s=t_s, settings=SETTINGS).said
        assert (said is not None) == (t_s >= earliest_s)


@pytest.mark.parametrize(
    ("before", "earliest_s"),
    [("known.lost", 1.5), ("hold", 3.0), ("deeper", 3.0), ("release", 4.0), ("ease", 4.0)],
)
def test_the_words_of_an_ease_wait_only_as_long_as_they_would_contradict(
    before: str, earliest_s: float
) -> None:
    """Whoever only hears has nothing but a sound until then."""
    first = Phrase(Priority.PHASE, before, Wording(before), (reason("x"),))
    ease = Phrase(Priority.SAFETY, "ease", Wording("Ease."), (reason("x"),))
    speech = choose(Speech(), [first], t_s=0.0, settings=SETTINGS).speech
    if before == "ease":
        speech = structs.replace(speech, said_s={})
    for t_s in (1.4, 1.6, 2.9, 3.1, 3.9, 4.1):
        said = choose(speech, [ease], t_s=t_s, settings=SETTINGS).said
        assert (said is not None) == (t_s >= earliest_s)


def test_after_a_correction_an_ease_leaves_time_to_follow_it() -> None:
    speech = choose(Speech(), [correction()], t_s=0.0, settings=SETTINGS).speech
    ease = Phrase(Priority.SAFETY, "ease", Wording("Ease."), (reason("x"),))
    for t_s in (1.6, 3.9, 4.1):
        said = choose(speech, [ease], t_s=t_s, settings=SETTINGS).said
        assert (said is not None) == (t_s >= SETTINGS.phrase_gap_s)


def test_nothing_cuts_in_ahead_of_what_matters_more_and_still_waits() -> None:
    """An ease that keeps the gap is not put off by a correction that would begin a new one."""
    hold = Phrase(Priority.PHASE, "hold", Wording("Stay."), (reason("x"),))
    speech = choose(Speech(), [hold], t_s=0.0, settings=SETTINGS).speech
    for waits in (Priority.SAFETY, Priority.NOT_KNOWN):
        other = Phrase(waits, "known.lost", Wording("Wait."), (reason("x"),))
        for t_s in (2.0, 3.9):
            both = choose(speech, [correction(), other], t_s=t_s, settings=SETTINGS)
            assert both.said is None
            assert choose(speech, [correction()], t_s=t_s, settings=SETTINGS).said is not None
        assert choose(speech, [correction(), other], t_s=4.0, settings=SETTINGS).said is other


def test_what_is_not_known_is_said_before_what_is_out_of_place() -> None:
    """Without marks the pelvis tips on the way in: first that no window is known, then the tip."""

    def tips(m: Moment) -> None:
        if m.phase is Phase.EASE_IN:
            tip(m)

    person = lunge(depth=None, change=tips, pace_s=12.0).run(30.0)
    said = [d.cue_id for d in person.of(DecisionKind.CUE) if d.phase is Phase.EASE_IN]
    assert said.index("not_known.window") < said.index("tuck_pelvis")
