"""The graded ramp: small steps by the person, ended by the first of many things, the lower kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach.limits.actions import Action
from lengthwise.coach.tolerance_ramp import (
    COMING_BACK,
    UNDER_WAY,
    RampEnd,
    RampMoment,
    RampPhase,
    RampState,
    begin,
    left,
    step,
)
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.states import Estimate

FRAME_S = 0.1


def moment(t_s: float, share: float | None, **more: object) -> RampMoment:
    """A muscle of 300 mm and 100 mm of range, all in the exercise; `share` None: not claimed."""
    length = None if share is None else Estimate(0.3 + 0.1 * share, 0.002)
    fraction = None if share is None else Estimate(share, 0.01)
    told: dict[str, object] = {"allowed": Action.HOLD} | more
    return RampMoment(t_s, length, fraction, share, **told)  # type: ignore[arg-type]


class Person:
    """Goes on at `pace` of the way a second while stepping, comes back otherwise; says the first
    pull `pull` further than the start, None: never."""

    def __init__(
        self, *, pace: float = 0.02, permitted: bool = True, pull: float | None = 0.0
    ) -> None:
        self.state = begin(permitted=permitted)
        self.pace, self.pull = pace, pull
        self.share, self.t_s = 0.2, 0.0
        self.seen: list[tuple[float, RampPhase, float]] = []

    def go(self, seconds: float, **more: object) -> "Person":
        for _ in range(round(seconds / FRAME_S)):
            pulling = self.state.phase is RampPhase.PULLING
            way = -5.0 if self.state.phase in COMING_BACK else 1.0
            way = 0.0 if self.state.phase is RampPhase.WAITING else way
            self.share = max(0.2, self.share + way * self.pace * FRAME_S)
            pulled = pulling and self.pull is not None and self.share >= 0.2 + self.pull
            told = {"first_pull": pulled} | more
            self.state = step(self.state, moment(self.t_s, self.share, **told))
            self.seen.append((self.t_s, self.state.phase, self.share))
            self.t_s += FRAME_S
        return self

    def says(self, **more: object) -> "Person":
        self.state = step(self.state, moment(self.t_s, self.share, **more))
        return self


def test_a_ramp_goes_by_steps_of_a_tenth_with_five_seconds_after_each() -> None:
    """By hand: 0.1 of the way at 0.02 a second is 5 s; then 5 s of waiting."""
    person = Person().go(30.0)
    changes = [
        (round(t, 1), phase)
        for (_, before, _), (t, phase, _) in zip(person.seen, person.seen[1:], strict=False)
        if phase is not before
    ]
    waits = [t for t, phase in changes if phase is RampPhase.WAITING]
    steps = [t for t, phase in changes if phase is RampPhase.STEPPING]
    assert waits[1] - waits[0] == pytest.approx(10.0, abs=0.21)
    assert steps[0] - waits[0] == pytest.approx(5.0, abs=0.11)
    assert person.share < 0.2 + 3 * 0.11


def test_the_first_gentle_pull_comes_first_and_is_waited_at() -> None:
    person = Person(pull=0.15).go(7.4)
    assert {phase for _, phase, _ in person.seen} == {RampPhase.PULLING}, "no step before it"
    person.go(0.5)
    assert person.state.phase is RampPhase.WAITING
    assert person.share == pytest.approx(0.35, abs=0.005)
    person.go(4.0)
    assert person.state.phase is RampPhase.WAITING


@pytest.mark.parametrize("more", [{}, {"tolerance": True}])
def test_without_a_first_pull_nothing_is_measured_and_no_step_is_offered(
    more: dict[str, object],
) -> None:
    person = Person(pull=None, pace=0.001).go(20.0)
    person.says(**more).go(30.0)
    assert [(m.end, m.length) for m in person.state.ended] == [(RampEnd.NO_FIRST_PULL, None)]
    assert person.state.phase is RampPhase.OVER
    assert RampPhase.STEPPING not in {phase for _, phase, _ in person.seen}


def test_a_step_made_while_waiting_is_waited_for_as_well() -> None:
    """By hand: the pull at 0 s, a step further at 4 s; the next is offered at 9 s, not at 5 s."""
    state = step(begin(permitted=True), moment(0.0, 0.2))
    state = step(state, moment(0.0, 0.2, first_pull=True))
    for t_s, share, phase in (
        (3.9, 0.25, RampPhase.WAITING),
        (4.0, 0.31, RampPhase.WAITING),
        (8.9, 0.31, RampPhase.WAITING),
        (9.0, 0.31, RampPhase.STEPPING),
    ):
        state = step(state, moment(t_s, share))
        assert state.phase is phase, t_s


def test_a_step_that_is_made_where_none_was_offered_ends_it() -> None:
    """By hand: nerves and back are out of sight from the pull on; half a step is no step."""
    state = step(begin(permitted=True), moment(0.0, 0.2))
    state = step(state, moment(0.1, 0.2, first_pull=True))
    for t_s in (1.0, 2.0):
        state = step(state, moment(t_s, 0.25, further=False))
        assert state.phase is RampPhase.WAITING
    state = step(state, moment(3.0, 0.31, further=False))
    assert state.phase in COMING_BACK
    assert [(m.end, m.length) for m in state.ended] == [(RampEnd.NO_FURTHER, None)]


def test_what_goes_out_of_sight_for_less_than_a_second_ends_nothing() -> None:
    state = step(begin(permitted=True), moment(0.0, 0.2))
    state = step(state, moment(0.1, 0.2, first_pull=True))
    state = step(state, moment(0.5, 0.31, further=False))
    assert state.phase is RampPhase.WAITING
    for n in range(60):
        state = step(state, moment(0.6 + 0.1 * n, 0.31))
    assert state.phase is RampPhase.STEPPING


@given(seen=st.lists(st.booleans(), min_size=200, max_size=200))
def test_a_step_is_offered_only_in_a_moment_that_sees_nerves_and_back(seen: list[bool]) -> None:
    state = step(begin(permitted=True), moment(0.0, 0.2))
    state = step(state, moment(0.0, 0.2, first_pull=True))
    for n, further in enumerate(seen):
        before, state = state, step(state, moment(0.3 * (n + 1), 0.2, further=further))
        if state.phase is RampPhase.STEPPING and before.phase is not RampPhase.STEPPING:
            assert further


def test_who_goes_on_to_something_else_has_measured_nothing() -> None:
    person = Person().go(20.0)
    person.state = left(person.state)
    assert [m.end for m in person.state.ended] == [RampEnd.LEFT]
    assert person.go(60.0).state.phase is RampPhase.OVER
    resting = Person().go(40.0).says(tolerance=True).go(10.0).state
    assert left(resting) == resting, "at rest there is nothing to leave"


def test_who_is_not_seen_to_come_back_keeps_nothing() -> None:
    """After the second tolerance the body stays where it is, or out of sight, for half a minute."""
    person = Person().go(30.0).says(tolerance=True).go(40.0).go(25.0).says(tolerance=True)
    for k in range(300):
        person.state = step(person.state, moment(person.t_s + 0.1 * k, None))
    assert person.state.phase is RampPhase.BACK
    person.state = step(person.state, moment(person.t_s + 30.1, 0.2))
    assert person.state.kept is not None, "seen at the last moment"
    lost = Person().go(30.0).says(tolerance=True).go(40.0).go(25.0).says(tolerance=True)
    for k in range(310):
        lost.state = step(lost.state, moment(lost.t_s + 0.1 * k, None))
    assert lost.state.phase is RampPhase.OVER and lost.state.kept is None


def test_a_muscle_out_of_claim_at_rest_may_be_ramped_again_and_one_in_the_stretch_not() -> None:
    for share, phase in ((None, RampPhase.READY), (0.2, RampPhase.READY), (0.9, RampPhase.OVER)):
        person = Person().go(30.0).says(tolerance=True).go(5.0)
        assert person.state.phase is RampPhase.RESTING
        for k in range(700):
            met = person.state.phase
            person.state = step(person.state, moment(person.t_s + 0.1 * k, share, allowed=None))
            if person.state.phase is not met:
                break
        assert person.state.phase is phase, share


def test_two_ramps_with_a_rest_and_the_lower_is_kept() -> None:
    person = Person().go(40.0).says(tolerance=True)
    first = person.share
    assert person.state.kept is None
    person.go(3.0).go(10.0)
    assert person.state.phase is RampPhase.RESTING
    person.go(25.0)
    assert person.state.phase is not RampPhase.RESTING
    person.go(25.0).says(tolerance=True)
    second = person.share
    person.go(1.0)
    assert person.state.phase is RampPhase.BACK and person.state.kept is None
    person.go(3.0)
    assert second < first
    assert person.state.phase is RampPhase.OVER
    assert person.state.kept is not None
    assert person.state.kept.mean == pytest.approx(0.3 + 0.1 * second)
    assert [m.end for m in person.state.ended] == [RampEnd.TOLERANCE] * 2


@pytest.mark.parametrize(
    ("more", "end"),
    [
        ({"pain_nrs": 3.1}, RampEnd.PAIN),
        ({"pain_nrs": float("nan")}, RampEnd.PAIN),
        ({"symptom": True}, RampEnd.SYMPTOM),
        ({"stop": True}, RampEnd.STOP),
        ({"allowed": Action.STOP}, RampEnd.STOP),
        ({"pain_nrs": 4.0, "tolerance": True}, RampEnd.PAIN),
    ],
)
def test_pain_a_symptom_and_a_stop_end_it_all_at_once(
    more: dict[str, object], end: RampEnd
) -> None:
    person = Person().go(20.0).says(**more)
    assert person.state.phase is RampPhase.OVER
    assert [m.end for m in person.state.ended] == [end]
    before = person.state
    assert person.go(100.0).state == before
    assert person.state.kept is None


@pytest.mark.parametrize("allowed", [Action.RELEASE, Action.PAUSE, Action.EASE, None])
def test_whatever_the_envelope_holds_back_ends_the_ramp_without_a_mark(
    allowed: Action | None,
) -> None:
    person = Person().go(20.0).says(allowed=allowed)
    assert [(m.end, m.length) for m in person.state.ended] == [(RampEnd.ENVELOPE, None)]
    assert person.go(60.0).state.phase is RampPhase.OVER
    assert person.state.kept is None


@pytest.mark.parametrize("more", [{"pain_nrs": 8.0}, {"symptom": True}, {"stop": True}])
@pytest.mark.parametrize("later_s", [0.0, 0.1, 10.0])
def test_pain_a_symptom_or_a_stop_after_the_second_tolerance_leaves_nothing_kept(
    more: dict[str, object], later_s: float
) -> None:
    """On the way back, and after the end: it was too far."""
    person = Person().go(30.0).says(tolerance=True).go(40.0)
    person.go(25.0).says(tolerance=True).go(later_s)
    assert [m.end for m in person.state.ended] == [RampEnd.TOLERANCE] * 2
    assert (person.state.kept is None) == (later_s < 1.0)
    person.says(**more)
    assert person.state.phase is RampPhase.OVER and person.state.kept is None
    assert person.says(**more).go(10.0).state.kept is None
    assert len(person.state.ended) == 3


def test_pain_of_three_goes_on() -> None:
    assert Person().go(20.0).says(pain_nrs=3.0).state.ended == ()


def test_the_end_that_the_joints_allow_ends_it_with_what_was_borne() -> None:
    """By hand: 1 - 1.64 x 0.01 of the range."""
    person = Person(pace=0.05).go(100.0)
    assert person.state.ended[0].end is RampEnd.JOINT_END
    length = person.state.ended[0].length
    assert length is not None and length.mean == pytest.approx(0.39836, abs=5e-4)


def test_a_muscle_out_of_claim_ends_it_after_a_second_and_a_word_then_measures_nothing() -> None:
    person = Person().go(20.0)
    for k in range(12):
        person.state = step(person.state, moment(person.t_s + 0.1 * k, None))
    assert person.state.ended[0].end is RampEnd.NOT_SEEN
    blind = Person().go(20.0)
    blind.state = step(blind.state, moment(blind.t_s, None, tolerance=True))
    assert [(m.end, m.length) for m in blind.state.ended] == [(RampEnd.NOT_SEEN, None)]


def test_without_leave_the_first_gentle_pull_alone_is_led_to() -> None:
    person = Person(permitted=False, pull=0.1).go(30.0)
    assert {phase for _, phase, _ in person.seen} <= {
        RampPhase.READY,
        RampPhase.PULLING,
    } | COMING_BACK
    assert [(m.end, m.length) for m in person.state.ended] == [(RampEnd.NOT_PERMITTED, None)]
    assert person.share < 0.32


def test_without_a_word_its_time_ends() -> None:
    person = Person(pace=0.0).go(125.0)
    assert person.state.ended[0].end is RampEnd.TIME


def test_without_leave_or_the_envelopes_word_nothing_begins() -> None:
    refused = Person(permitted=False)
    assert refused.go(10.0).says(tolerance=True).state.kept is None
    assert [m.end for m in refused.state.ended] == [RampEnd.NOT_PERMITTED]
    waiting = Person(pace=0.0).go(4.5, allowed=Action.EASE)
    assert waiting.state.phase is RampPhase.READY
    assert waiting.says(tolerance=True, allowed=Action.EASE).state.ended == ()
    waiting.go(1.0, allowed=Action.EASE)
    assert [m.end for m in waiting.state.ended] == [RampEnd.ENVELOPE]
    outside = Person(pace=0.0).go(20.0, allowed=None)
    assert outside.state.phase is RampPhase.READY and outside.state.ended == ()


ACTIONS = st.sampled_from([*Action, Action.HOLD, Action.HOLD, Action.DEEPEN])
MOMENTS = st.lists(
    st.builds(
        moment,
        t_s=st.floats(0.0, 300.0),
        share=st.none() | st.floats(-0.2, 1.2),
        allowed=st.none() | ACTIONS,
        first_pull=st.booleans(),
        tolerance=st.booleans(),
        stop=st.sampled_from([False] * 9 + [True]),
        symptom=st.sampled_from([False] * 9 + [True]),
        pain_nrs=st.none() | st.floats(0.0, 10.0),
    ),
    max_size=40,
)


@settings(deadline=None)
@given(moments=MOMENTS, permitted=st.booleans())
def test_whatever_happens_what_is_kept_was_borne_twice_and_is_the_lower(
    moments: list[RampMoment], permitted: bool
) -> None:
    state = begin(permitted=permitted)
    for each in sorted(moments, key=lambda m: m.t_s):
        before, state = state, step(state, each)
        assert decode(encode(state), RampState) == state
        harm = (RampEnd.PAIN, RampEnd.SYMPTOM, RampEnd.STOP)
        harmed = any(m.end in harm for m in state.ended)
        assert len(state.ended) <= (3 if harmed else 2)
        if before.phase is RampPhase.OVER:
            assert state == before or (harmed and not before.harmed)
        borne = [m.length for m in state.ended if m.length is not None]
        if state.kept is not None:
            assert permitted and len(borne) == 2 and not harmed
            assert state.kept.mean == min(x.mean for x in borne)
        if each.allowed is not None and each.allowed < Action.HOLD and before.begun_s is not None:
            assert state.phase not in UNDER_WAY or before.phase not in UNDER_WAY
        too_much = each.pain_nrs is not None and each.pain_nrs > 3.0
        if each.stop or each.symptom or too_much:
            assert state.phase is RampPhase.OVER


@settings(deadline=None)
@given(moments=MOMENTS, permitted=st.booleans())
def test_every_step_is_offered_after_a_wait_that_followed_a_pull_or_a_step(
    moments: list[RampMoment], permitted: bool
) -> None:
    """So nobody is ever let further than one step on from where they last waited."""
    state, waited_s, waited_at = begin(permitted=permitted), None, 0.0
    for each in sorted(moments, key=lambda m: m.t_s):
        before, state = state, step(state, each)
        entered = state.phase is not before.phase
        if state.phase is RampPhase.WAITING and (entered or state.since_s != before.since_s):
            assert before.phase is not RampPhase.PULLING or each.first_pull
            waited_s, waited_at = each.t_s, state.step_at or 0.0
        if state.phase is RampPhase.STEPPING and entered:
            assert permitted and before.phase is RampPhase.WAITING and waited_s is not None
            assert each.t_s - waited_s >= 5.0
            assert each.progress is not None and each.progress < waited_at + 0.1
        if state.phase is RampPhase.STEPPING:
            assert state.step_at is not None and each.allowed is not None
            assert each.progress is None or each.progress < state.step_at + 0.1


@given(backwards=st.floats(-100.0, 0.0))
def test_time_never_goes_back(backwards: float) -> None:
    person = Person().go(10.0)
    after = step(person.state, moment(backwards, person.share))
    assert after.t_s == person.state.t_s
    assert step(person.state, replace(moment(0.0, 0.5), t_s=float("nan"))) == person.state


ALPHABET: tuple[dict[str, object], ...] = (
    {"dt": 0.1}, {"dt": 0.1, "on": 0.05}, {"dt": 0.1, "on": 0.2}, {"dt": 0.1, "on": -1.0},
    {"dt": 6.0}, {"dt": 31.0}, {"dt": 6.0, "first_pull": True}, {"dt": 0.1, "first_pull": True},
    {"dt": 0.1, "tolerance": True}, {"dt": 0.1, "allowed": Action.EASE}, {"dt": 1.5, "lost": True},
    {"dt": 0.1, "pain_nrs": 4.0}, {"dt": 0.1, "stop": True}, {"dt": 0.1, "symptom": True},
)  # fmt: skip
"""What can happen next: time, a movement, a word, the envelope, and the muscle out of claim."""


def _happens(state: RampState, what: dict[str, object], share: float) -> tuple[RampState, float]:
    share = max(0.2, share + float(what.get("on", 0.0)))  # type: ignore[arg-type]
    told = {k: v for k, v in what.items() if k not in ("dt", "on", "lost")}
    t_s = (state.t_s or 0.0) + float(what["dt"])  # type: ignore[arg-type]
    return step(state, moment(t_s, None if "lost" in what else share, **told)), share


def _walked(state: RampState, share: float, depth: int) -> int:
    """Every path of so many events, each step held against the laws; how many steps."""
    if depth == 0:
        return 0
    steps = 0
    for what in ALPHABET:
        after, moved = _happens(state, what, share)
        steps += 1
        if state.harmed:
            assert after == state, "no path goes on after pain, a symptom or a stop"
            continue
        if {"pain_nrs", "stop", "symptom"} & what.keys():
            assert after.phase is RampPhase.OVER and after.harmed and after.kept is None
        if "allowed" in what:
            assert after.phase not in UNDER_WAY
        if after.phase is RampPhase.STEPPING and state.phase is not RampPhase.STEPPING:
            assert state.phase is RampPhase.WAITING
            assert (after.t_s or 0.0) - (state.since_s or 0.0) >= 5.0
        if state.phase is RampPhase.OVER:
            assert after.phase is RampPhase.OVER
        steps += _walked(after, moved, depth - 1)
    return steps


def test_every_path_from_every_phase_keeps_the_laws() -> None:
    """Exhaustively, four events deep from each phase of the first ramp and of the second."""
    person, met, steps = Person(), set[tuple[RampPhase, int]](), 0
    while person.t_s < 140.0:
        past = person.state.phase in (RampPhase.STEPPING, RampPhase.WAITING)
        person.go(0.1, tolerance=past and person.share >= 0.4)
        key = (person.state.phase, len(person.state.ended))
        if key not in met:
            met.add(key)
            steps += _walked(person.state, person.share, 4 if len(met) % 3 == 1 else 3)
    assert {phase for phase, _ in met} == set(RampPhase)
    assert steps > 100_000
