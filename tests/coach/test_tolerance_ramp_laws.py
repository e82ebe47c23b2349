"""Laws of the graded ramp, over whatever may happen in any order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from ramped_person import Person, moment

from lengthwise.coach.limits.actions import Action
from lengthwise.coach.tolerance_ramp import (
    UNDER_WAY,
    RampEnd,
    RampMoment,
    RampPhase,
    RampState,
    begin,
    step,
)
from lengthwise.contracts.codec import decode, encode

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
