"""Stress relaxation: at a constant effort tissue lets go and the angle creeps. That is no pushing.

The window is a length between the person's own marks, so it does not move with the creep: within it
creep is allowed and counted, past the ceiling it is eased like any other way there.
"""

import pytest
from coach_script import Follower, Moment, first, leaving, lunge
from hypothesis import given, settings
from hypothesis import strategies as st

from lengthwise.coach.limits.actions import Action
from lengthwise.coach.limits.said import Now, Said, last_set, set_said
from lengthwise.coach.settings import published_settings
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.decision import DecisionKind, Phase
from lengthwise.contracts.states import Estimate
from lengthwise.reference.exercises import exercise

S = published_settings()
few = settings(max_examples=3, deadline=None)
CEILING, SD, SURE = 0.90, 0.03, 1.64
SETTLED_S = 3.0


def creeping(begin: float, rate_per_s: float, *, most: float = 2.0) -> Follower:
    """A hold in which position and angles go on together, once it has come to rest."""

    def creep(m: Moment) -> None:
        settled = m.phase is Phase.HOLD and m.phase_s >= SETTLED_S
        if not settled or m.repetition != 1 or m.side is not Side.LEFT:
            return
        where = min(most, begin + rate_per_s * (m.phase_s - SETTLED_S))
        m.position = Estimate(where, SD)
        for part in exercise("half_kneeling_hip_flexor").path:
            span = part.end_deg - part.start_deg
            m.angles_deg[part.coordinate] = part.start_deg + span * where / begin

    return lunge(depth=begin, position_sd=SD, change=creep)


@few
@given(st.floats(0.66, 0.69), st.floats(0.0, 0.1 / 30.0))
def test_creep_within_the_window_counts_every_second_and_eases_nobody(
    begin: float, rate_per_s: float
) -> None:
    person = creeping(begin, rate_per_s).run(41.0)
    assert person.of(DecisionKind.EASE) == []
    assert person.of(DecisionKind.HOLD_PAUSED) == []
    assert person.holds()[Side.LEFT, 1][0] == pytest.approx(30.0, abs=0.31)
    assert leaving(person, Phase.HOLD).reasons[0].id == "hold.complete"
    held = [d.cue_id for d in person.of(DecisionKind.CUE) if d.phase is Phase.HOLD]
    assert set(held) <= {"hold", "kept", "hold.ten_left"}, (
        "nobody is asked deeper, or back, for creeping"
    )


@few
@given(st.floats(0.70, 0.80), st.floats(0.01, 0.03))
def test_creep_past_the_ceiling_is_eased_at_the_same_place_as_any_other_way_there(
    begin: float, rate_per_s: float
) -> None:
    person = creeping(begin, rate_per_s).run(41.0)
    held_s = first(person, Phase.HOLD).t_s
    eased = person.of(DecisionKind.EASE)[0]
    assert eased.reasons[0].id == "envelope.ceiling"
    passes_s = SETTLED_S + (CEILING - SURE * SD - begin) / rate_per_s
    assert eased.t_s - held_s == pytest.approx(passes_s, abs=0.31)
    assert eased.reasons[0].numbers["position"] + SURE * SD >= CEILING - 1e-9


def test_creep_that_stays_past_the_ceiling_is_released() -> None:
    person = creeping(0.8, 0.02, most=0.93).run(41.0)
    eased_s = person.of(DecisionKind.EASE)[0].t_s
    release = leaving(person, Phase.HOLD)
    assert release.reasons[0].id == "envelope.ceiling_held"
    assert release.t_s - eased_s == pytest.approx(S.over_ceiling_release_s, abs=0.21)


def test_creep_never_moves_what_was_eased_to() -> None:
    """Strong in the last set: the next one is eased short of where that one began."""
    said = set_said(Said(), 7.0, depth=0.8)
    for crept in (0.73, 0.8, 0.9):
        assert last_set(Now(said, True, crept, 0.0), settings=S).action is Action.EASE
