"""The finite picture walked exhaustively, and the real coach held against it."""

from collections import deque
from itertools import product

import numpy as np
import pytest

from lengthwise.coach import abstraction, coach, cues, guard
from lengthwise.coach.abstraction import EVENTS, STOPS, Abstract, Word, every_state, successors
from lengthwise.coach.envelope import cut
from lengthwise.coach.limits.actions import Action, Verdict
from lengthwise.coach.reasons import ReasonId, reason
from lengthwise.coach.state import LOADED, Move
from lengthwise.contracts.decision import Phase
from lengthwise.live.evaluation import envelope as evaluation
from lengthwise.live.evaluation.envelope_traces import sessions

STATES = tuple(every_state())


def reachable(
    begin: frozenset[Abstract], *, barred: frozenset[Phase] = frozenset()
) -> set[Abstract]:
    """Everything that any events lead to, without going through the barred phases."""
    met, edge = set(begin), deque(begin)
    while edge:
        state = edge.popleft()
        for event in EVENTS:
            for after in successors(state, event):
                if after not in met and after.phase not in barred:
                    met.add(after)
                    edge.append(after)
    return met


def in_phase(*phases: Phase) -> frozenset[Abstract]:
    return frozenset(s for s in STATES if s.phase in phases)


def test_every_phase_can_be_reached_from_the_start() -> None:
    """Else the laws below could hold for want of anything to hold for."""
    met = reachable(frozenset({abstraction.start()}))
    assert {s.phase for s in met} == set(Phase)
    assert {s.pain for s in met} == set(abstraction.Pain)
    assert any(s.settling and s.loaded for s in met)


def test_no_path_leads_from_a_stop_to_anything_else() -> None:
    assert {s.phase for s in reachable(in_phase(Phase.STOPPED))} == {Phase.STOPPED}


def test_every_stop_is_reached_in_one_step_from_every_state() -> None:
    for state, event in product(STATES, (*STOPS, Action.STOP)):
        if isinstance(event, Word) or abstraction.possible(state, event):
            assert {s.phase for s in successors(state, event)} == {Phase.STOPPED}, (state, event)


def test_whatever_is_missing_or_too_far_is_released_in_one_step() -> None:
    for state in in_phase(*LOADED):
        assert {s.phase for s in successors(state, Action.RELEASE)} == {Phase.RELEASE}


def test_whatever_comes_under_load_was_at_rest_in_get_ready() -> None:
    """From a pause, a release (for a loss, an ease, the end), a rest or a change of sides."""
    outside = in_phase(Phase.PAUSED, Phase.RELEASE, Phase.REST, Phase.SWITCH_SIDE, Phase.DONE)
    met = reachable(outside, barred=frozenset({Phase.GET_READY}))
    assert not any(s.loaded for s in met)
    for state, event in product(STATES, EVENTS):
        for after in successors(state, event):
            if after.phase is Phase.EASE_IN and state.phase is not Phase.EASE_IN:
                assert state.phase is Phase.GET_READY
                assert isinstance(event, Action)
                assert event >= Action.HOLD


def test_an_ease_is_never_followed_by_deeper_before_its_time_is_over() -> None:
    for state, event in product(STATES, (Action.EASE, Action.PAUSE)):
        for after in successors(state, event) if state.loaded else ():
            assert after.settling
            assert all(not later.settling for later in successors(after, Action.DEEPEN))


def test_pain_in_force_allows_nothing_deeper_and_an_unknown_one_nothing_at_all() -> None:
    for state in STATES:
        if state.pain is not abstraction.Pain.FREE:
            assert successors(state, Action.DEEPEN) == frozenset()
        if state.pain is abstraction.Pain.NOT_KNOWN:
            assert successors(state, Action.HOLD) == frozenset()


def test_no_event_without_a_successor_but_what_cannot_be() -> None:
    for state, event in product(STATES, EVENTS):
        cannot = isinstance(event, Action) and not abstraction.possible(state, event)
        assert bool(successors(state, event)) != cannot


@pytest.mark.parametrize("proposal", Action)
@pytest.mark.parametrize("limit", abstraction.LIMITS, ids=lambda x: f"{x.reason}-{x.action.name}")
def test_no_limit_allows_more_than_was_proposed(proposal: Action, limit: abstraction.Limit) -> None:
    standing = Verdict(limit.action, (reason(limit.reason),))
    assert cut(proposal, standing).action <= min(proposal, max(limit.action, Action.RELEASE))


def test_a_put_off_exercise_ends() -> None:
    for state in STATES:
        if state.postponed and state.phase is Phase.RELEASE:
            for action in Action:
                after = {s.phase for s in successors(state, action)}
                assert after <= {Phase.RELEASE, Phase.DONE, Phase.STOPPED}


def found_in(seed: int, count: int) -> evaluation.Found:
    found = evaluation.Found()
    for params, chance in sessions(seed, count):
        found.add(evaluation.check(params, chance))
    return found


def test_the_real_coach_takes_only_steps_of_the_picture() -> None:
    """Of 150 random sessions; 60 see a broken envelope, below, and `lengthwise evaluate envelope`
    takes 10,000."""
    found = found_in(7, 150)
    assert found.examples == {}
    assert not any(found.broken.values())
    assert {k for k, n in found.allowed.items() if n > 100} == {a.name.lower() for a in Action}
    assert found.steps["words"] > 1000


def test_the_envelope_is_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything proposes to go deeper, at every frame and from every phase: nothing gets past."""
    monkeypatch.setattr(
        coach, "propose", lambda scene: Move(Phase.EASE_IN, (reason(ReasonId.SESSION_BEGUN),))
    )
    rest = Action.RELEASE
    monkeypatch.setattr(guard, "_action", lambda phase: Action.DEEPEN if phase in LOADED else rest)
    below = evaluation.Action, reason(ReasonId.HOLD_BELOW_WINDOW)
    monkeypatch.setattr(cues, "window_finding", lambda reading: below)
    found = found_in(8, 60)
    broken = {law: n for law, n in found.broken.items() if law != evaluation.CONTRADICTION}
    assert broken == {}, found.examples


def test_the_checks_see_a_broken_envelope(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an envelope that lets everything pass, the same sessions break the laws."""
    monkeypatch.setattr(guard.envelope, "cut", lambda proposal, standing: Verdict(proposal))
    found = found_in(7, 60)
    assert found.broken[evaluation.PICTURE] > 0
    assert found.broken[evaluation.LAST] > 0


def test_a_session_is_the_same_each_time() -> None:
    one, other = ([evaluation.check(p, c).steps for p, c in sessions(3, 4)] for _ in range(2))
    assert one == other
    assert np.all([x["frames"] > 0 for x in one])
