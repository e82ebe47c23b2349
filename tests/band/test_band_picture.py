"""The finite picture of the band's controller, walked whole, and the real step held against it."""

from band_inputs import TICK_S, inputs, mostly_good, usual_params, window
from hypothesis import given
from hypothesis import strategies as st

from lengthwise.band import abstraction, controller
from lengthwise.band.abstraction import EVENTS, Abstract
from lengthwise.band.settings import coefficients
from lengthwise.band.signals import LOADED, Input, Phase

P = usual_params(window=window())
C = coefficients(P, tick_s=TICK_S)


def reachable(first: set[Abstract]) -> set[Abstract]:
    found, edge = set(first), list(first)
    while edge:
        state = edge.pop()
        for event in EVENTS:
            for after in abstraction.successors(state, event) - found:
                found.add(after)
                edge.append(after)
    return found


def test_every_state_that_is_reached_answers_every_event() -> None:
    for state in reachable({abstraction.start()}):
        for event in EVENTS:
            assert abstraction.successors(state, event)


def test_no_path_leads_from_a_stop_anywhere() -> None:
    stopped = {s for s in abstraction.every_state() if s.phase is Phase.STOPPED}
    assert {s.phase for s in reachable(stopped)} == {Phase.STOPPED}


def test_a_stop_is_reached_in_one_step_from_everywhere() -> None:
    for state in abstraction.every_state():
        for event in (e for e in EVENTS if e.stop):
            after = abstraction.successors(state, event)
            assert {s.phase for s in after} == {Phase.STOPPED}


def test_with_a_cause_nothing_pulls_in_that_very_tick() -> None:
    for state in abstraction.every_state():
        for event in (e for e in EVENTS if e.cause or e.stop):
            for after in abstraction.successors(state, event):
                assert not abstraction.may_pull(after, event)
                assert after.phase not in LOADED


def test_under_load_begins_only_at_rest_slack_and_by_a_new_asking() -> None:
    for state in abstraction.every_state():
        for event in EVENTS:
            for after in abstraction.successors(state, event):
                if after.phase in LOADED and state.phase not in LOADED:
                    assert state.phase is Phase.REST
                    assert event.start
                    assert not state.asked
                    assert event.slack


def test_a_release_passes_rest_before_it_is_under_load_again() -> None:
    unloading = {s for s in abstraction.every_state() if s.phase is Phase.UNLOAD}
    for state in unloading:
        for event in EVENTS:
            after = {s.phase for s in abstraction.successors(state, event)}
            assert after <= {Phase.UNLOAD, Phase.REST, Phase.STOPPED}


@given(st.one_of(st.lists(inputs, max_size=40), mostly_good()))
def test_every_step_of_the_controller_is_in_the_picture(ticks: list[Input]) -> None:
    state = controller.start(P)
    for now in ticks:
        before = abstraction.abstract(state)
        state, output = controller.step(P, C, state, now)
        event = abstraction.event(P, now, state, output)
        after = abstraction.abstract(state)
        assert after in abstraction.successors(before, event)
        if output.command.force_n > 0.0:
            assert abstraction.may_pull(after, event)
