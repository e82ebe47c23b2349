"""Pain by its baseline (rule D), the sensation of stretch, symptoms: what they ease, stop, bar."""

import math

import pytest
from coach_script import Follower, Moment, at, first, leaving, lunge
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.limits.actions import Action
from lengthwise.coach.limits.said import (
    Now,
    PainLevel,
    Said,
    Seen,
    followed,
    last_set,
    pain,
    pain_level,
    pain_said,
    set_said,
)
from lengthwise.coach.plan import PathPart
from lengthwise.coach.settings import published_settings
from lengthwise.coach.way import progress
from lengthwise.contracts.care import Care
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise

S = published_settings()
FREE, EASE, STOP = PainLevel.FREE, PainLevel.EASE, PainLevel.STOP


@pytest.mark.parametrize(
    ("baseline", "levels"),
    [
        (0.0, {0: FREE, 2: FREE, 3: STOP}),
        (1.0, {3: FREE, 4: STOP}),
        (2.0, {3: FREE, 4: EASE, 5: STOP}),
        (3.0, {3: FREE, 4: EASE, 5: EASE, 6: STOP}),
        (4.0, {5: FREE, 6: EASE, 7: STOP}),
        (6.0, {7: FREE, 8: EASE, 9: STOP}),
        (None, {3: FREE, 4: EASE, 5: EASE, 6: STOP}),
    ],
)
def test_pain_by_its_baseline(baseline: float | None, levels: dict[int, PainLevel]) -> None:
    """Rule D, with rule X: three above the least of the session stops."""
    for nrs, level in levels.items():
        assert pain_level(pain_said(Said(), nrs, loaded=True), baseline, S) is level, nrs


def test_three_above_the_least_that_was_said_stops_without_a_baseline() -> None:
    said = pain_said(pain_said(Said(), 1.0, loaded=False), 4.0, loaded=True)
    assert pain_level(said, None, S) is STOP


def test_pain_is_in_force_until_a_lower_one_is_said_at_rest() -> None:
    said = pain_said(Said(), 5.0, loaded=True)
    assert pain_said(said, 1.0, loaded=True) == said
    assert pain_said(said, 1.0, loaded=False).pain_nrs == 1.0


ratings = st.floats(0.0, 10.0)


@given(st.one_of(st.none(), ratings), ratings, ratings, st.booleans())
def test_more_pain_never_allows_more(
    baseline: float | None, one: float, other: float, loaded: bool
) -> None:
    def allowed(nrs: float) -> Action:
        now = Now(pain_said(Said(), nrs, loaded=loaded), loaded, 0.5, 0.0)
        return pain(now, baseline_nrs=baseline, comfort=False, settings=S).action

    low, high = sorted((one, other))
    assert allowed(high) <= allowed(low)


@pytest.mark.parametrize("value", [None, math.nan, -1.0, 11.0])
def test_a_pain_without_a_usable_number_releases_at_the_word(value: float | None) -> None:
    person = lunge().run(20.0)
    state, output = coach.step(
        person.params(), person.states[-1], PersonSignal(20.0, SignalKind.PAIN, value=value)
    )
    assert person.states[-1].phase is Phase.HOLD
    assert state.phase is Phase.RELEASE
    assert output.decisions[-1].reasons[0].id == "envelope.missing"


class Says:
    """A signal with a value once, some seconds into a hold; the body eases if asked to."""

    def __init__(self, value: float, *, care: Care | None = None) -> None:
        self.value, self.care = value, care or Care()

    def run(self, until_s: float, *, eases: bool) -> Follower:
        def back(m: Moment) -> None:
            if eases and m.phase is Phase.HOLD and m.phase_s >= 11.0 and m.repetition == 1:
                for part in exercise("half_kneeling_hip_flexor").path:
                    span = part.end_deg - part.start_deg
                    m.angles_deg[part.coordinate] = part.start_deg + 0.8 * span

        person = lunge(change=back, signals=at(SignalKind.PAIN, phase=Phase.HOLD, after_s=10.0))
        params, value = coach.Params(person.exercise, person.sides, care=self.care), self.value
        step = coach.step

        def valued(p, state, item):  # type: ignore[no-untyped-def]
            if isinstance(item, PersonSignal):
                item = replace(item, value=value)
            return step(p, state, item)

        person.params = lambda: params  # type: ignore[method-assign]
        coach.step = valued
        try:
            return person.run(until_s)
        finally:
            coach.step = step


def test_pain_that_eases_is_answered_at_the_word_and_lets_go_on_where_eased_to() -> None:
    person = Says(4.0).run(52.0, eases=True)
    eased = person.of(DecisionKind.EASE)
    said_s = first(person, Phase.HOLD).t_s + 10.0
    assert eased[0].t_s == pytest.approx(said_s, abs=0.11)
    assert eased[0].reasons[0].id == "pain.ease"
    assert leaving(person, Phase.HOLD).reasons[0].id.startswith("hold.")
    effective_s, _ = next(iter(person.holds().values()))
    assert effective_s > 25.0
    assert "deeper" not in [d.cue_id for d in person.of(DecisionKind.CUE) if d.t_s > said_s]


def test_going_back_to_the_depth_with_pain_is_eased_again() -> None:
    person = Says(4.0).run(75.0, eases=True)
    second = [d for d in person.of(DecisionKind.EASE) if d.t_s > leaving(person, Phase.HOLD).t_s]
    assert second
    assert second[0].reasons[0].id == "pain.ease"


def test_pain_that_eases_and_no_easing_seen_is_released() -> None:
    person = Says(4.0).run(40.0, eases=False)
    release = leaving(person, Phase.HOLD)
    assert release.reasons[0].id == "pain.held"
    assert release.t_s - first(person, Phase.HOLD).t_s == pytest.approx(15.2, abs=0.31)
    assert Phase.EASE_IN not in person.phases()[4:], "nothing begins until it is said lower"


def test_pain_that_stops_ends_the_session_and_asks_to_be_screened() -> None:
    person = Says(7.0).run(30.0, eases=False)
    stop = person.of(DecisionKind.STOP)[0]
    assert [r.id for r in stop.reasons] == ["pain.stop", "screening.needed"]
    assert person.states[-1].screening_needed
    assert person.outputs[-1].guidance.screening_needed
    assert person.outputs[-1].guidance.cue_text == stop.text


def test_with_much_pain_before_it_nothing_is_stretched_and_it_is_said_why() -> None:
    person = lunge()
    params = coach.Params(person.exercise, person.sides, care=Care(baseline_nrs=7.0))
    person.params = lambda: params  # type: ignore[method-assign]
    person.run(30.0)
    assert person.phases() == [Phase.GET_READY]
    assert person.outputs[-1].guidance.waiting_for == ("pain.baseline",)
    assert "pain.baseline" in [d.cue_id for d in person.of(DecisionKind.CUE)]


@pytest.mark.parametrize(
    ("kind", "why"),
    [(SignalKind.LEG_SYMPTOM, "symptom.leg"), (SignalKind.DIZZY, "symptom.dizzy")],
)
def test_a_symptom_stops_at_once_from_every_phase(kind: SignalKind, why: str) -> None:
    person = lunge(rate_hz=8.0).run(300.0)
    met = {state.phase: state for state in person.states}
    assert len(met) == 7
    for state in met.values():
        stopped, output = coach.step(person.params(), state, PersonSignal(state.t_s, kind))
        assert output.guidance.phase is Phase.STOPPED
        assert [r.id for r in output.decisions[-1].reasons] == [why, "screening.needed"]
        assert stopped.screening_needed
        frame = next(i for i in person.items if isinstance(i, coach.CoachFrame))
        _, later = coach.step(person.params(), stopped, frame)
        assert later.decisions == ()


def test_dizziness_said_after_a_stop_still_asks_to_be_screened() -> None:
    person = lunge().run(10.0)
    params = person.params()
    state, _ = coach.step(params, person.states[-1], PersonSignal(10.0, SignalKind.STOP))
    assert not state.screening_needed
    state, _ = coach.step(params, state, PersonSignal(11.0, SignalKind.DIZZY))
    assert state.screening_needed


def test_a_strong_sensation_eases_and_is_no_pain() -> None:
    person = lunge().run(20.0)
    signal = PersonSignal(20.0, SignalKind.SENSATION, value=7.0)
    state, output = coach.step(person.params(), person.states[-1], signal)
    assert state.phase is Phase.HOLD
    assert [r.id for r in output.decisions[-1].reasons] == ["sensation.strong"]
    assert state.said.pain_nrs is None


def test_postpone_ends_the_exercise_by_a_release() -> None:
    person = lunge(signals=at(SignalKind.POSTPONE, phase=Phase.HOLD, after_s=5.0)).run(60.0)
    assert person.phases()[-2:] == [Phase.RELEASE, Phase.DONE]
    assert person.states[-1].postponed


def test_repeat_says_the_instruction_once_more() -> None:
    person = lunge(signals=at(SignalKind.REPEAT, phase=Phase.HOLD, after_s=12.0)).run(30.0)
    held = [d for d in person.of(DecisionKind.CUE) if d.cue_id == "hold"]
    assert len(held) == 2
    assert held[1].reasons[0].id == "repeat.person"
    assert held[1].t_s - first(person, Phase.HOLD).t_s == pytest.approx(12.0, abs=0.21)


def test_a_signal_of_an_older_recording_is_read() -> None:
    """Written before signals had a value: two fields and the tag."""
    old = encode({"type": "signal", "t_s": 1.0, "kind": "stop"})
    assert decode(old, PersonSignal) == PersonSignal(1.0, SignalKind.STOP)


HIP, KNEE = (
    PathPart(c, 0.0, -0.4, 0.0) for c in (Coordinate.HIP_FLEXION_L, Coordinate.KNEE_FLEXION_L)
)
PATH = (HIP, KNEE)


def stands(hip: float | None, knee: float | None, *, sd_rad: float = 0.02) -> Seen:
    """So far each joint has gone on its way; None: out of sight."""
    along = {
        p.coordinate: Estimate(p.span_rad * share, sd_rad)
        for p, share in ((HIP, hip), (KNEE, knee))
        if share is not None
    }
    start = {p.coordinate: Estimate(0.0, sd_rad) for p in PATH}
    return Seen(PATH, start, progress(PATH, start, along), along)


def eased(frames: list[Seen], *, nrs: float = 4.0) -> Said:
    """A pain that eases, said at the first of the frames."""
    said = pain_said(Said(), nrs, loaded=True)
    for k, seen in enumerate(frames):
        said = followed(
            said, t_s=k / 10, loaded=True, seen=seen, baseline_nrs=None, settings=S
        )  # fmt: skip
    return said


def test_a_joint_that_goes_out_of_sight_has_not_eased() -> None:
    """The hip is at the end and the knee in the middle; nobody moves, and the hip is hidden."""
    before, after = stands(1.0, 0.5), stands(None, 0.5)
    assert before.progress == pytest.approx(0.75) and after.progress == pytest.approx(0.5)
    assert eased([before, after]).eased_to is None
    assert eased([before, stands(0.7, 0.3)]).eased_to == pytest.approx(0.5)


def test_what_may_be_the_error_of_the_sensors_has_not_eased() -> None:
    """A fifth of the way back: 4.6 degrees, with 1.1 of sd each seen and with 11 not."""
    assert eased([stands(1.0, 1.0), stands(0.8, 0.8)]).eased_to == pytest.approx(0.8)
    unsure = [stands(1.0, 1.0, sd_rad=0.2), stands(0.8, 0.8, sd_rad=0.2)]
    assert eased(unsure).eased_to is None


shares = st.one_of(st.none(), st.floats(0.0, 1.2))


@given(shares, shares, shares, shares, st.floats(0.001, 0.3))
def test_easing_is_seen_only_where_the_plain_progress_shows_it_too(
    hip: float | None, knee: float | None, hip_now: float | None, knee_now: float | None, sd: float
) -> None:
    """Sure differences never allow more than the comparison they stand beside."""
    before, now = stands(hip, knee, sd_rad=sd), stands(hip_now, knee_now, sd_rad=sd)
    found = eased([before, now])
    if found.eased_to is not None:
        assert before.progress is not None and now.progress is not None
        assert now.progress <= before.progress - S.ease_step_ratio * abs(before.progress)


@given(shares, shares, shares, shares)
def test_deeper_than_eased_to_is_eased_by_either_comparison(
    hip: float | None, knee: float | None, hip_now: float | None, knee_now: float | None
) -> None:
    said = eased([stands(1.0, 1.0), stands(0.5, 0.5), stands(hip, knee), stands(hip_now, knee_now)])
    assert said.eased_to == pytest.approx(0.5)
    now = stands(hip_now, knee_now)
    allowed = pain(
        Now(said, True, now.progress, 9.0), baseline_nrs=None, comfort=False, settings=S
    ).action
    assert allowed <= Action.HOLD
    if now.progress is None:
        assert allowed is Action.PAUSE
    elif now.progress > 0.55 + 1e-9:
        assert allowed is Action.EASE
    shown = [x for x in (hip_now, knee_now) if x is not None]
    if shown and min(shown) > 0.55 + 1e-9:
        assert allowed is Action.EASE


def test_the_set_before_that_felt_strong_is_kept_short_of_surely_or_not_at_all() -> None:
    """Ten per cent less is asked for: hidden joints and unsure ones do not make it."""
    deep = stands(1.0, 1.0)
    strong = set_said(Said(), 7.0, depth=deep.progress, along=deep.along)

    def allowed(seen: Seen) -> Action:
        said = followed(strong, t_s=0.0, loaded=True, seen=seen, baseline_nrs=None, settings=S)
        return last_set(Now(said, True, seen.progress, 0.0), settings=S).action

    assert allowed(stands(0.6, 0.6)) is Action.HOLD
    assert allowed(stands(0.95, 0.95)) is Action.EASE
    assert allowed(stands(0.85, 0.85, sd_rad=0.2)) is Action.EASE
    assert allowed(stands(None, None)) is Action.EASE
