"""What is said first, how often, with what beside the words, and what is left to a learner."""

from itertools import pairwise

import pytest
from coach_script import Follower, Moment, leaving, lumbar_load, lunge, tip, vanish
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import msgpack, structs

from lengthwise.coach import coach
from lengthwise.coach.fading import SHARES, its_turn, may_fade
from lengthwise.coach.intents import Intent, contradict, intent
from lengthwise.coach.reasons import reason
from lengthwise.coach.settings import published_settings
from lengthwise.coach.speaking import Phrase, Priority, choose
from lengthwise.coach.state import Speech
from lengthwise.coach.wording import SPOKEN
from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.decision import Decision, DecisionKind, Earcon, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercises
from lengthwise.reference.reasons import reason_sentence, reasons
from lengthwise.reference.wording import Wording

SETTINGS = published_settings()
CUES = ("ease", "deeper", "slower", "kept", "tuck_pelvis", "known.lost", "hold", "release")
phrases = st.lists(
    st.builds(
        lambda priority, cue, adds: Phrase(
            priority, cue, Wording(cue), (reason("hold.kept"),), adds=adds
        ),
        st.sampled_from(Priority),
        st.sampled_from(CUES),
        st.booleans(),
    ),
    max_size=6,
)
times = st.lists(st.floats(0.01, 6.0), min_size=1, max_size=30)


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


@given(phrases, st.sampled_from(SHARES))
def test_safety_phases_and_what_is_not_known_never_fade(
    offered: list[Phrase], share: float
) -> None:
    speech = Speech()
    for k in range(6):
        t_s = 100.0 * k
        choice = choose(speech, offered, t_s=t_s, settings=SETTINGS, cue_share=share)
        speech = choice.speech
        never = (Priority.SAFETY, Priority.PHASE, Priority.NOT_KNOWN)
        for left in choice.held_back:
            assert left.priority not in never
            assert left.cue_id not in ("ease", "release", "slower")
        urgent = [p for p in offered if p.priority in never]
        if urgent:
            assert choice.said is not None
            assert choice.said.priority == min(p.priority for p in urgent)
        if share == 1.0:
            assert choice.held_back == ()


@given(st.integers(0, 40))
def test_of_what_fades_each_share_is_said_beginning_with_the_first(count: int) -> None:
    said = {share: [its_turn(i, share) for i in range(count)] for share in SHARES}
    assert all(said[1.0])
    assert not any(said[0.0])
    assert said[0.5] == [i % 2 == 0 for i in range(count)]


def test_only_what_corrects_leads_further_or_praises_may_fade() -> None:
    assert may_fade("tuck_pelvis")
    assert may_fade("deeper")
    assert may_fade("kept")
    assert not any(map(may_fade, ("ease", "release", "slower")))


class Learner(Follower):
    """Led with a share of the cues."""

    share = 1.0

    def params(self) -> coach.Params:
        return coach.Params(self.exercise, self.sides, cue_share=self.share)


def learner(share: float, **options: object) -> Learner:
    person = Learner(exercises()["half_kneeling_hip_flexor"], **options)  # type: ignore[arg-type]
    person.share = share
    return person


def tips_again_and_again(m: Moment) -> None:
    """A pelvis that tips for the whole of each hold; what is said of it comes due again."""
    if m.phase is Phase.HOLD:
        tip(m)


CORRECTION = "tuck_pelvis"


@pytest.mark.parametrize("share", SHARES)
def test_a_tipping_pelvis_is_named_by_its_share_and_the_record_holds_the_rest(
    share: float,
) -> None:
    """Worked: the same deviations come due at every share; said or held back, none is lost."""
    person = learner(share, change=tips_again_and_again, sides=(Side.LEFT,)).run(150.0)
    said = [d for d in person.of(DecisionKind.CUE) if d.cue_id == CORRECTION]
    left = [d for d in person.of(DecisionKind.FADED) if d.cue_id == CORRECTION]
    whole = len(said) + len(left)
    assert whole >= 4
    assert len(said) == -(-whole * int(2 * share) // 2)
    for d in left:
        assert d.held_back == "Tuck the pelvis a little."
        assert d.text is None and d.short is None and d.earcon is None
        assert [r.id for r in d.reasons] == ["compensation.pelvis_tilt", "cue.faded"]
        assert d.reasons[1].numbers == {"cue_share_ratio": share}
    if share == 0.5:
        both = sorted([*said, *left], key=lambda d: d.t_s)
        assert [d.kind for d in both[:3]] == [
            DecisionKind.CUE,
            DecisionKind.FADED,
            DecisionKind.CUE,
        ]


def test_what_is_counted_and_when_phases_change_does_not_depend_on_the_share() -> None:
    runs = [learner(share, change=tips_again_and_again).run(90.0) for share in SHARES]
    quiet = [
        [d for d in run.decisions if d.kind not in (DecisionKind.CUE, DecisionKind.FADED)]
        for run in runs
    ]
    assert quiet[0] == quiet[1] == quiet[2]
    assert runs[0].holds() == runs[2].holds()


def test_without_a_share_an_ease_is_still_said() -> None:
    def far(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s > 5.0:
            m.position = Estimate(0.95, 0.03)

    person = learner(0.0, change=far).run(40.0)
    assert "ease" in [d.cue_id for d in person.of(DecisionKind.CUE)]
    assert person.of(DecisionKind.EASE)
    silent = {d.cue_id for d in person.of(DecisionKind.CUE)} & {"deeper", "tuck_pelvis", "kept"}
    assert silent == set()


def test_a_share_that_is_none_of_the_steps_is_turned_away() -> None:
    with pytest.raises(ValueError, match="cue_share"):
        coach.Params(exercises()["cat_cow"], cue_share=0.7)


def test_what_is_not_known_is_said_before_what_is_out_of_place() -> None:
    """Without marks the pelvis tips on the way in: first that no window is known, then the tip."""

    def tips(m: Moment) -> None:
        if m.phase is Phase.EASE_IN:
            tip(m)

    person = lunge(depth=None, change=tips, pace_s=12.0).run(30.0)
    said = [d.cue_id for d in person.of(DecisionKind.CUE) if d.phase is Phase.EASE_IN]
    assert said.index("not_known.window") < said.index("tuck_pelvis")


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


ROUNDS = Coordinate.LUMBAR_FLEXION


def loaded(rounding_deg: float) -> list[tuple[float, Decision, str]]:
    """Cues and eases of a stretch whose back rounds, and is loaded, from 6 s into the hold; with
    what is shown then."""

    def change(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s > 6.0:
            m.angles_deg[ROUNDS] = rounding_deg

    person = Follower(exercises()["standing_hamstring"], sides=(Side.LEFT,), change=change)
    person.run(25.0)
    params, state = person.params(), coach.start(person.params())
    begun_s = next(d.t_s for d in person.of(DecisionKind.PHASE) if d.phase is Phase.HOLD)
    found = []
    for item in person.items:
        if isinstance(item, coach.CoachFrame) and item.body.t_s > begun_s + 6.0:
            load = lumbar_load(4.0)
            item = coach.CoachFrame(item.body, structs.replace(item.tissue, lumbar=load))
        state, output = coach.step(params, state, item)
        for d in output.decisions:
            if d.kind in (DecisionKind.CUE, DecisionKind.EASE) and d.t_s > begun_s + 5.0:
                found.append((d.t_s, d, output.guidance.cue_text))
    return found


@pytest.mark.parametrize(("rounding_deg", "waits_s"), [(0.0, 0.0), (4.0, 0.0), (8.0, 0.3)])
def test_the_words_of_an_ease_wait_a_moment_for_a_back_that_is_half_way_out(
    rounding_deg: float, waits_s: float
) -> None:
    """The ease itself is decided, and shown, at once; of 10 degrees, 8 are on the way."""
    decided_s, _, shown = next(x for x in loaded(rounding_deg) if x[1].kind is DecisionKind.EASE)
    assert shown == "Ease off a little."
    said_s = next(t_s for t_s, d, _ in loaded(rounding_deg) if d.cue_id == "ease")
    assert said_s - decided_s == pytest.approx(waits_s, abs=0.11)


def test_a_rounding_back_is_named_before_the_load_that_it_makes_is_eased_for() -> None:
    """In a stretch, "let the back grow long" takes away what "ease off a little" would be for."""
    found = loaded(20.0)
    decided_s = next(t_s for t_s, d, _ in found if d.kind is DecisionKind.EASE)
    named_s = next(t_s for t_s, d, _ in found if d.cue_id == "long_back")
    eased_s = next(t_s for t_s, d, _ in found if d.cue_id == "ease")
    assert named_s == decided_s
    assert named_s + 3.0 <= eased_s


def test_an_ease_has_its_word_after_one_correction_however_many_are_due() -> None:
    limits = exercises()["half_kneeling_hip_flexor"].constraints

    def overloads(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s >= 5.0:
            m.lumbar = lumbar_load(6.0)
            for c in limits:
                m.angles_deg[c.coordinate] = m.angles_deg.get(c.coordinate, 0.0) + 40.0 * (
                    c.direction or 1
                )

    person = Follower(
        exercises()["half_kneeling_hip_flexor"], sides=(Side.LEFT,), change=overloads
    ).run(30.0)
    began_s = next(d.t_s for d in person.of(DecisionKind.EASE))
    said = [d for d in person.of(DecisionKind.CUE) if d.t_s >= began_s]
    assert "ease" in [d.cue_id for d in said[:2]]


def passed_with(made_by: tuple[Coordinate, ...], *, tilt_deg: float = 15.0) -> list[Decision]:
    """The ceiling is passed and the pelvis has tipped, at once; the decisions from then on."""

    def passes(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s >= 6.0:
            m.angles_deg[Coordinate.PELVIS_TILT] += tilt_deg
            m.position = Estimate(0.95, 0.03)
            m.lengthened_by = made_by

    person = lunge(change=passes, sides=(Side.LEFT,)).run(40.0)
    began_s = next(d.t_s for d in person.of(DecisionKind.EASE))
    return [d for d in person.decisions if d.t_s >= began_s]


def test_where_a_fault_made_the_stretch_too_far_its_correction_is_the_ease() -> None:
    """It takes the stretch back and says where; the sound of the ease comes with it, and its words
    follow where that did not help."""
    found = passed_with((Coordinate.PELVIS_TILT,))
    said = [d for d in found if d.kind is DecisionKind.CUE]
    assert found[0].kind is DecisionKind.EASE
    assert found[0].earcon is Earcon.EASE
    assert [d.cue_id for d in said[:2]] == [CORRECTION, "ease"]
    assert said[0].t_s == found[0].t_s
    assert said[1].t_s - said[0].t_s == pytest.approx(SETTINGS.phrase_gap_s, abs=0.11)


@pytest.mark.parametrize(("made_by", "tilt_deg"), [((), 15.0), ((Coordinate.PELVIS_TILT,), 2.0)])
def test_where_it_may_bring_stretch_back_or_is_in_its_place_the_ease_is_said(
    made_by: tuple[Coordinate, ...], tilt_deg: float
) -> None:
    """A pelvis tucked in a lunge brings stretch back: above the ceiling the ease comes first."""
    found = passed_with(made_by, tilt_deg=tilt_deg)
    said = [d for d in found if d.kind is DecisionKind.CUE]
    assert (said[0].cue_id, said[0].t_s) == ("ease", found[0].t_s)


def test_words_of_an_ease_wait_a_moment_for_what_is_half_way_out_and_made_it() -> None:
    """7 of 10 degrees are on the way out; not where that takes stretch away."""
    for made_by, waits_s in (((Coordinate.PELVIS_TILT,), 0.3), ((), 0.0)):
        found = passed_with(made_by, tilt_deg=7.0)
        eased_s = next(d.t_s for d in found if d.cue_id == "ease")
        assert eased_s - found[0].t_s == pytest.approx(waits_s, abs=0.11)


@pytest.mark.parametrize(
    ("position", "why"),
    [
        (Estimate(0.95, 0.02), "envelope.ceiling_held"),
        (Estimate(1.1, 0.02), "envelope.tolerance"),
        (None, "known.lost"),
    ],
)
def test_whoever_is_led_back_before_the_time_hears_why_with_the_words_that_lead_back(
    position: Estimate | None, why: str
) -> None:
    """Else a hold that ends after a third of its time is only over."""

    def leaves(m: Moment) -> None:
        if m.phase is Phase.HOLD and m.phase_s > 8.0:
            m.position = position
            if position is None:
                vanish(m)

    person = lunge(change=leaves, sides=(Side.LEFT,)).run(45.0)
    assert leaving(person, Phase.HOLD).reasons[0].id == why
    led = next(d for d in person.of(DecisionKind.CUE) if d.cue_id == "release")
    own, because = person.exercise.cue_text("release"), reason_sentence(why)
    assert led.text == f"{own} {because}"
    assert [r.id for r in led.reasons] == ["phase.instruction", why]
    full = lunge(sides=(Side.LEFT,)).run(60.0)
    assert next(d for d in full.of(DecisionKind.CUE) if d.cue_id == "release").text == own
