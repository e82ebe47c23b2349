"""A person who only reads the screen can do a session without sound, and one who only listens can
do it without the screen: whole sessions of both, in two languages, from the start posture to the
end.
"""

from functools import cache

import pytest
from one_channel import Ear, Eye, Session, hears, sees

from covering import covering
from lengthwise.coach.channels import breath_pitch, heard, window_pitch
from lengthwise.coach.settings import published_settings
from lengthwise.coach.state import LOADED
from lengthwise.coach.wording import wordbook
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import DecisionKind, Earcon, Phase
from lengthwise.contracts.observation import SignalKind
from lengthwise.reference.exercises import Behaviour, exercises
from lengthwise.reference.translations import translation

S = published_settings()
LUNGE = exercises()["half_kneeling_hip_flexor"]
CHOSEN = covering(
    lambda e: {("kind", e.kind), ("behaviour", e.behaviour, e.bilateral)}, exercises().values()
)
LANGUAGES = ("en", "de")


@cache
def listened(exercise_id: str, language: str) -> tuple[Session, Ear]:
    session, ear = hears(exercises()[exercise_id], language)
    return session.run(), ear


@cache
def watched(exercise_id: str, language: str) -> tuple[Session, Eye]:
    session, eye = sees(exercises()[exercise_id], language)
    return session.run(), eye


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exercise_id", CHOSEN)
@pytest.mark.parametrize("channel", [listened, watched])
def test_a_whole_session_is_done_by_one_channel_alone(channel, exercise_id, language) -> None:  # type: ignore[no-untyped-def]
    session, _ = channel(exercise_id, language)
    chosen = exercises()[exercise_id]
    sides = 2 if chosen.bilateral else 1
    assert session.phases()[-1] is Phase.DONE
    assert len(session.holds()) == sides * chosen.dose.rounds
    for output, truth in _together(session):
        g = output.guidance
        if chosen.bilateral and g.phase in LOADED and g.phase_s > S.phrase_gap_s + 1.0:
            assert truth.side is g.side, f"at {g.t_s} s the other side works"
    if chosen.behaviour is Behaviour.HELD_IN_WINDOW:
        most = max(o.guidance.effective_s for o in session.outputs)
        assert most > 0.5 * chosen.dose.hold_s, "the window was found"


def _together(session: Session):  # type: ignore[no-untyped-def]
    at = {t.t_s: t for t in session.truths}
    return [(o, at[o.guidance.t_s]) for o in session.outputs if o.guidance.t_s in at]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exercise_id", CHOSEN)
def test_who_only_hears_is_told_everything_that_there_is_to_do(exercise_id, language) -> None:  # type: ignore[no-untyped-def]
    session, ear = listened(exercise_id, language)
    chosen, words = exercises()[exercise_id], ear.words
    meant = [(h.t_s, words.understood(h.text)[0]) for h in ear.said if h.text is not None]
    assert all(meaning is not None for _, meaning in meant)
    for begin_s, end_s in session.holds():
        before = [m for t, m in meant if t <= begin_s + S.phrase_gap_s]
        assert "get_ready" in before and "ease_in" in before
        counts = [h for h in ear.said if h.sound is Earcon.COUNT and h.t_s < begin_s]
        assert len(counts) >= 3
        left = {m for t, m in meant if begin_s < t < end_s}
        if chosen.dose.cycles is not None:
            assert "cycle.two_left" in left
        elif chosen.dose.hold_s >= 2.0 * S.time_left_s:
            (at_s,) = [t for t, m in meant if m == "hold.ten_left" and begin_s < t < end_s]
            assert end_s - at_s <= 2.0 * S.time_left_s, "a paced breath may be added"
        assert any(h.sound is Earcon.END and h.t_s == end_s for h in ear.said)
    asked = [m for _, m in meant if m is not None and m.startswith("question.")]
    sets = 2 if chosen.bilateral else 1
    each = 2 if chosen.behaviour is Behaviour.HELD_IN_WINDOW else 1
    assert len(asked) == sets * each
    assert meant[-1][1] == "done", "and that it is over"
    if chosen.bilateral:
        assert next(side for _, side in ear.sided) is Side.LEFT
        assert "switch_side" in [m for _, m in meant]
    if chosen.dose.rounds > 1:
        assert "plan.repetition_left" in [m for _, m in meant]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exercise_id", CHOSEN)
def test_who_only_sees_is_shown_everything_that_there_is_to_do(exercise_id, language) -> None:  # type: ignore[no-untyped-def]
    session, eye = watched(exercise_id, language)
    chosen = exercises()[exercise_id]
    assert all(g.cue_text for g in eye.shown)
    meant = [eye.words.understood(g.cue_text or "")[0] for g in eye.shown]
    assert None not in meant
    for g, meaning in zip(eye.shown, meant, strict=True):
        assert (g.question is not None) == str(meaning).startswith("question.")
    resting = {m for g, m in zip(eye.shown, meant, strict=True) if g.phase is Phase.REST}
    assert "plan.repetition_left" in resting or not resting
    for begin_s, end_s in session.holds():
        hold = [g for g in eye.shown if begin_s <= g.t_s < end_s]
        rings = [max(g.effective_s, g.uncertain_s) for g in hold]
        assert rings == sorted(rings)
        assert all(g.hold_target_s == chosen.dose.hold_s for g in hold)
        assert chosen.dose.cycles is None or hold[-1].cycles is not None
        assert chosen.bilateral == (hold[0].side is not None)
    assert {g.countdown for g in eye.shown if g.phase is Phase.GET_READY} >= {1, 2, 3}
    shown_at_end = eye.words.understood(eye.shown[-1].cue_text or "")[0]
    assert (eye.shown[-1].phase, shown_at_end) == (Phase.DONE, "done")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("exercise_id", [e for e in exercises() if exercises()[e].bilateral])
def test_the_working_side_is_named_aloud_before_anything_is_under_load(
    exercise_id: str, language: str
) -> None:
    """In the words of the posture or in those that lead in; a change of sides is one of its own."""
    said = {
        side: wordbook(exercises()[exercise_id].for_side(side), translation(language)).cues
        for side in Side
    }
    named = [
        cue
        for cue in ("get_ready", "ease_in")
        if said[Side.LEFT][cue].text != said[Side.RIGHT][cue].text
        and said[Side.LEFT][cue].short != said[Side.RIGHT][cue].short
    ]
    assert named
    assert "switch_side" in said[Side.LEFT]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pause_and_going_on_reach_both(language: str) -> None:
    says = ((20.0, SignalKind.PAUSE, None), (30.0, SignalKind.RESUME, None))
    session, ear = hears(LUNGE, language, says=says)
    session.run(60.0)
    meant = {h.t_s: ear.words.understood(h.text)[0] for h in ear.said if h.text is not None}
    paused_s = [t for t, m in meant.items() if m == "pause.person"]
    assert len(paused_s) == 1 and paused_s[0] <= 20.0 + S.phrase_gap_s + 0.3
    assert any(h.sound is Earcon.COUNT and h.t_s > 30.0 for h in ear.said)
    assert ear.now.phase in LOADED, "and is led in once more"
    session, eye = sees(LUNGE, language, says=says)
    session.run(60.0)
    during = [g for g in eye.shown if 20.5 < g.t_s < 29.5]
    assert {eye.words.understood(g.cue_text or "")[0] for g in during} == {"pause.person"}
    assert eye.shown[-1].phase in LOADED


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stop_reaches_both_at_once(language: str) -> None:
    says = ((20.0, SignalKind.STOP, None),)
    session, ear = hears(LUNGE, language, says=says)
    session.run(25.0)
    stop = next(h for h in ear.said if h.t_s >= 20.0)
    assert stop.t_s == 20.0 and stop.sound is Earcon.END
    assert ear.now.phase is Phase.STOPPED and session.truths[-1].share < 0.2
    session, eye = sees(LUNGE, language, says=says)
    session.run(25.0)
    assert eye.shown[-1].phase is Phase.STOPPED
    assert eye.shown[-1].cue_text == stop.text
    assert session.truths[-1].share < 0.2


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_safety_reach_both(language: str) -> None:
    """An ease has its sound and its picture at once, whatever was said before, its words soon."""
    says = ((22.0, SignalKind.PAIN, 4.0),)
    session, ear = hears(LUNGE, language, says=says)
    session.run(30.0)
    eased = next(h for h in ear.said if h.t_s >= 22.0)
    assert (eased.t_s, eased.sound) == (22.0, Earcon.EASE)
    worded_s = [h.t_s for h in ear.said if h.text and ear.words.understood(h.text)[0] == "ease"]
    assert worded_s and worded_s[0] <= 22.0 + S.phrase_gap_s + 0.3
    session, eye = sees(LUNGE, language, says=says)
    session.run(30.0)
    after = next(g for g in eye.shown if g.t_s > 22.0)
    assert eye.words.understood(after.cue_text or "")[0] == "ease"


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_nothing_is_seen_reaches_both_while_they_wait(language: str) -> None:
    session, ear = hears(LUNGE, language, unseen=(0.0, 18.0))
    session.run(18.0)
    assert "known.lost" in [ear.words.understood(h.text)[0] for h in ear.said if h.text]
    session, eye = sees(LUNGE, language, unseen=(0.0, 18.0))
    session.run(18.0)
    assert "known.lost" in eye.shown[-1].waiting_for


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_posture_is_another_one_reaches_both(language: str) -> None:
    session, ear = hears(LUNGE, language, away_until_s=18.0)
    session.run(16.0)
    told = next(
        h for h in ear.said if h.text and ear.words.understood(h.text)[0] == "get_ready.posture"
    )
    wanted = ear.said[next(i for i, h in enumerate(ear.said) if h.text)].text
    assert told.text is not None and wanted is not None and told.text.endswith(wanted)
    session, eye = sees(LUNGE, language, away_until_s=18.0)
    session.run(16.0)
    assert "get_ready.posture" in eye.shown[-1].waiting_for


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_of_a_stretch_is_not_seen_reaches_both_by_name(language: str) -> None:
    hidden = frozenset({Coordinate.TRUNK_SIDE_LEAN, Coordinate.TRUNK_FLEXION})
    session, ear = hears(LUNGE, language, hidden=hidden)
    session.run(60.0)
    told = [h for h in ear.said if h.text and ear.words.understood(h.text)[0] == "not_known.here"]
    assert len(told) == 1, "once"
    book = wordbook(LUNGE.for_side(Side.LEFT), translation(language)).reasons
    for c in hidden:
        short = book[f"not_known.{c.value}"].short
        assert short is not None and told[0].text is not None and short in told[0].text
    session, eye = sees(LUNGE, language, hidden=hidden)
    session.run(60.0)
    assert {f"not_known.{c.value}" for c in hidden} <= {d.reasons[0].id for d in eye.noted}
    assert all(d.text for d in eye.noted)


def test_a_paced_breath_and_the_gauge_have_a_tone() -> None:
    _, eye = watched("seated_breathing", "en")
    paced = [(g.breath, breath_pitch(g)) for g in eye.shown if g.breath is not None]
    assert paced and all(p is not None and 0.0 <= p <= 1.0 for _, p in paced)
    rising = [p for b, p in paced if b.phase == "in"]
    assert max(p or 0.0 for p in rising) > 0.9
    assert breath_pitch(eye.shown[0]) is None
    _, eye = watched("bed_edge_hip_flexor", "en")
    for g in eye.shown:
        assert (window_pitch(g) is not None) == (g.gauge is not None and g.phase in LOADED)


def test_the_ear_does_not_get_what_is_for_the_eye() -> None:
    session, _ = listened("bird_dog", "en")
    for d in session.decisions:
        sound = heard(d)
        if d.kind in (DecisionKind.NOT_KNOWN, DecisionKind.HOLD_COUNTING, DecisionKind.MARK):
            assert sound is None
        if d.kind in (DecisionKind.CUE, DecisionKind.QUESTION, DecisionKind.STOP):
            assert sound is not None and sound.text == d.text
