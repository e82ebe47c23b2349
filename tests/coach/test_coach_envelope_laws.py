"""Whatever state the coach is in, nothing leads deeper against the envelope."""

import numpy as np
from coach_script import (
    body_state,
    leads_deeper,
    lunge,
    tissue_state,
    verdict_on,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.coach import coach
from lengthwise.coach.envelope import Action, evaluate
from lengthwise.coach.guard import guarded_answer, sight
from lengthwise.coach.state import ENDED, Move, Sighting, Speech
from lengthwise.contracts.decision import Phase
from lengthwise.contracts.observation import PersonSignal, SignalKind
from lengthwise.contracts.states import Estimate
from lengthwise.tissue.window import TargetPosition

estimates = st.builds(
    Estimate,
    mean=st.one_of(st.floats(-1.0, 2.0), st.floats(0.6, 1.0)),
    sd=st.one_of(st.floats(0.0, 0.15), st.floats(0.0, 2.0)),
)
ages_s = st.one_of(st.none(), st.floats(0.0, 8.0))


@st.composite
def anywhere(draw: st.DrawFn) -> tuple[coach.Params, coach.State, coach.CoachFrame]:
    """Any phase, any memory of positions, any present one, and an ease that was just told or not.

    What is rare by itself is drawn often: a phase whose time is over, a position near its ceiling.
    """
    person = lunge(rate_hz=8.0)
    params, t_s = person.params(), 100.0
    plan = params.plans[0]
    angles = {c: float(np.degrees(x)) for c, x in plan.start_rad}
    angles |= {limit.coordinate: angles.get(limit.coordinate, 0.0) for limit in plan.limits}
    share = draw(st.sampled_from([0.0, 0.5, 1.0]))
    for part in plan.path:
        angles[part.coordinate] = float(np.degrees(part.start_rad + share * part.span_rad))
    seen = {c: x for c, x in angles.items() if draw(st.integers(0, 9)) > 0}
    positions = {t: draw(estimates) for t in plan.targets if draw(st.booleans())}
    frame = coach.CoachFrame(body_state(t_s, seen), tissue_state(t_s, positions))

    def ago() -> float | None:
        age_s = draw(ages_s)
        return None if age_s is None else t_s - age_s

    sighting = Sighting(
        body_seen_s=ago(),
        calibrated=draw(st.booleans()),
        position=draw(st.one_of(st.none(), estimates)),
        window=draw(st.one_of(st.none(), st.just(plan.windows[0]))),
        position_seen_s=ago(),
        over_ceiling=draw(st.sampled_from([(), plan.targets[:1], plan.targets])),
        over_ceiling_since_s=ago(),
        below_ceiling_since_s=ago(),
        progress=share,
    )
    ordinary = [p for p in Phase if p not in ENDED]
    phase = draw(st.sampled_from([*ordinary, *[Phase.GET_READY] * 4, *[Phase.EASE_IN] * 4]))
    told = Speech(last_s=t_s - 5.0, said_s={"ease": t_s - 5.0})
    state = coach.State(
        t_s=t_s - 0.1,
        phase=phase,
        phase_start_s=t_s - draw(st.sampled_from([0.0, 4.0, 25.0, 60.0])),
        sighting=sighting,
        speech=draw(st.sampled_from([Speech(), told])),
    )
    return params, state, frame


@settings(max_examples=300, deadline=None)
@given(anywhere())
def test_no_stretch_is_begun_or_deepened_in_a_frame_that_the_envelope_holds_back(
    at: tuple[coach.Params, coach.State, coach.CoachFrame],
) -> None:
    params, before, frame = at
    _, output = coach.step(params, before, frame)
    for needed in leads_deeper(before, output):
        assert verdict_on(params, before, frame, Action.DEEPEN) >= needed


@given(anywhere(), st.sampled_from([k for k in SignalKind if k is not SignalKind.STOP]))
def test_no_word_of_the_person_begins_a_stretch(
    at: tuple[coach.Params, coach.State, coach.CoachFrame], kind: SignalKind
) -> None:
    params, before, _ = at
    after, _ = coach.step(params, before, PersonSignal(100.0, kind))
    assert after.phase is not Phase.EASE_IN or before.phase is Phase.EASE_IN


@given(anywhere())
def test_what_the_person_asks_for_is_put_before_the_envelope_as_what_it_is(
    at: tuple[coach.Params, coach.State, coach.CoachFrame],
) -> None:
    """Easing in asks for DEEPEN: it is begun where a hold is allowed, and nowhere else."""
    params, state, _ = at
    targets = (TargetPosition(Estimate(0.3, 0.03), params.plans[0].windows[0], known=True),)
    state = replace(state, phase=Phase.GET_READY, sighting=replace(state.sighting, targets=targets))
    asked = Move(Phase.EASE_IN, ())
    allowed = evaluate(Action.DEEPEN, sight(state, 100.0, stop=False), params.limits).action
    answer = guarded_answer(params.limits, state, asked, 100.0)
    assert answer is (asked if allowed >= Action.HOLD else None)
