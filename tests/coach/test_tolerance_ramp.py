"""The graded ramp: small steps by the person, ended by the first of many things, the lower kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach.limits.actions import Action
from lengthwise.coach.tolerance_ramp import (
    RampEnd,
    RampMoment,
    RampPhase,
    RampState,
    begin,
    step,
)
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.states import Estimate

FRAME_S = 0.1


def moment(t_s: float, share: float | None, **more: object) -> RampMoment:
    """A muscle of 300 mm and 100 mm of range; `share` None: not claimed."""
    length = None if share is None else Estimate(0.3 + 0.1 * share, 0.002)
    fraction = None if share is None else Estimate(share, 0.01)
    told: dict[str, object] = {"allowed": Action.HOLD} | more
    return RampMoment(t_s, length, fraction, **told)  # type: ignore[arg-type]


class Person:
    """Goes on at `pace` of the range a second while stepping, comes back otherwise."""

    def __init__(self, *, pace: float = 0.02, permitted: bool = True) -> None:
        self.state = begin(permitted=permitted)
        self.pace, self.share, self.t_s = pace, 0.2, 0.0
        self.seen: list[tuple[float, RampPhase, float]] = []

    def go(self, seconds: float, **more: object) -> "Person":
        for _ in range(round(seconds / FRAME_S)):
            way = {RampPhase.STEPPING: 1.0, RampPhase.WAITING: 0.0}.get(self.state.phase, -5.0)
            self.share = max(0.2, self.share + way * self.pace * FRAME_S)
            self.state = step(self.state, moment(self.t_s, self.share, **more))
            self.seen.append((self.t_s, self.state.phase, self.share))
            self.t_s += FRAME_S
        return self

    def says(self, **more: object) -> "Person":
        self.state = step(self.state, moment(self.t_s, self.share, **more))
        return self


def test_a_ramp_goes_by_steps_of_a_twentieth_with_five_seconds_after_each() -> None:
    """By hand: 0.05 of the range at 0.02 a second is 2.5 s; then 5 s of waiting."""
    person = Person().go(30.0)
    changes = [
        (round(t, 1), phase)
        for (_, before, _), (t, phase, _) in zip(person.seen, person.seen[1:], strict=False)
        if phase is not before
    ]
    waits = [t for t, phase in changes if phase is RampPhase.WAITING]
    steps = [t for t, phase in changes if phase is RampPhase.STEPPING]
    assert waits[1] - waits[0] == pytest.approx(7.5, abs=0.21)
    assert steps[0] - waits[0] == pytest.approx(5.0, abs=0.11)
    assert person.share < 0.2 + 5 * 0.06


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


def test_without_a_word_its_time_ends() -> None:
    person = Person(pace=0.0).go(125.0)
    assert person.state.ended[0].end is RampEnd.TIME


def test_without_leave_or_the_envelopes_word_nothing_begins() -> None:
    refused = Person(permitted=False)
    assert refused.go(10.0).says(tolerance=True).state.kept is None
    assert [m.end for m in refused.state.ended] == [RampEnd.NOT_PERMITTED]
    waiting = Person(pace=0.0).go(10.0, allowed=Action.EASE)
    assert waiting.state.phase is RampPhase.READY
    assert waiting.says(tolerance=True, allowed=Action.EASE).state.ended == ()


ACTIONS = st.sampled_from([*Action, Action.HOLD, Action.HOLD, Action.DEEPEN])
MOMENTS = st.lists(
    st.builds(
        moment,
        t_s=st.floats(0.0, 300.0),
        share=st.none() | st.floats(-0.2, 1.2),
        allowed=st.none() | ACTIONS,
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
        under_way = (RampPhase.STEPPING, RampPhase.WAITING)
        if each.allowed is not None and each.allowed < Action.HOLD and before.begun_s is not None:
            assert state.phase not in under_way or before.phase not in under_way
        too_much = each.pain_nrs is not None and each.pain_nrs > 3.0
        if each.stop or each.symptom or too_much:
            assert state.phase is RampPhase.OVER


@given(backwards=st.floats(-100.0, 0.0))
def test_time_never_goes_back(backwards: float) -> None:
    person = Person().go(10.0)
    after = step(person.state, moment(backwards, person.share))
    assert after.t_s == person.state.t_s
    assert step(person.state, replace(moment(0.0, 0.5), t_s=float("nan"))) == person.state
