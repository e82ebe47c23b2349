"""What a band's controller never does, whatever comes in."""

from itertools import pairwise
from math import isfinite

import pytest
from band_inputs import TICK_S, good, inputs, mostly_good, usual_params, window
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.band import controller
from lengthwise.band.settings import coefficients
from lengthwise.band.signals import LOADED, Cause, Input, Phase
from lengthwise.contracts.codec import decode, encode
from lengthwise.contracts.coordinates import Side
from lengthwise.contracts.states import Estimate

P = usual_params(window=window())
C = coefficients(P, tick_s=TICK_S)
anything = st.one_of(st.lists(inputs, max_size=40), mostly_good())


def steps(
    ticks: list[Input], state: controller.State | None = None
) -> list[tuple[controller.State, controller.Output]]:
    state = state or controller.start(P)
    found = []
    for now in ticks:
        state, output = controller.step(P, C, state, now)
        found.append((state, output))
    return found


def pulling(force_n: float = 5.0) -> controller.State:
    """In a ramp, with a reading of so much."""
    found = steps([good(0, start=False), good(1), good(2)])
    state = found[-1][0]
    assert state.phase is Phase.RAMP
    return state


@given(anything)
def test_no_command_is_above_the_cap_or_no_number(ticks: list[Input]) -> None:
    for _, output in steps(ticks):
        command = output.command
        assert 0.0 <= command.force_n <= P.limits.cap_n
        assert 0.0 < command.rate_n_s <= max(P.limits.rise_n_s, P.limits.unload_n_s)
        assert 0.0 < command.valid_for_s <= 0.2


@given(anything)
def test_a_cause_releases_in_the_very_tick(ticks: list[Input]) -> None:
    for state, output in steps(ticks):
        if output.causes or state.phase not in LOADED:
            assert output.command.force_n == 0.0
            assert output.command.rate_n_s == P.limits.unload_n_s


@given(anything)
def test_whoever_pulls_has_a_closed_grip_and_no_stop(ticks: list[Input]) -> None:
    for now, (state, output) in zip(ticks, steps(ticks), strict=True):
        if output.command.force_n > 0.0:
            assert now.stop is False
            assert now.link is True
            assert now.allowed is True
            assert state.seen.last is not None
            assert state.seen.last.grip is True


@given(anything)
def test_a_pull_begins_at_rest_slack_and_newly_asked_for(ticks: list[Input]) -> None:
    states = [controller.start(P), *(s for s, _ in steps(ticks))]
    for (before, after), now in zip(pairwise(states), ticks, strict=True):
        if after.phase in LOADED and before.phase not in LOADED:
            assert before.phase is Phase.REST
            assert now.start
            assert not before.asked
            assert after.seen.last is not None
            assert after.seen.last.force_n <= P.limits.rest_n


@given(anything)
def test_nothing_follows_on_a_stop(ticks: list[Input]) -> None:
    found = steps(ticks)
    stopped = [i for i, now in enumerate(ticks) if now.stop is not False]
    assume(stopped)
    for state, output in found[stopped[0] :]:
        assert state.phase is Phase.STOPPED
        assert output.command.force_n == 0.0


@given(anything, st.integers(0, 40))
def test_saved_and_resumed_is_the_same(ticks: list[Input], at: int) -> None:
    whole = steps(ticks)
    assume(0 < at < len(ticks))
    saved = decode(encode(whole[at - 1][0]), controller.State)
    again = steps(ticks[at:], saved)
    assert [o.command for _, o in again] == [o.command for _, o in whole[at:]]
    assert [encode(s) for s, _ in again] == [encode(s) for s, _ in whole[at:]]


@given(mostly_good())
def test_the_side_of_the_body_does_not_matter(ticks: list[Input]) -> None:
    other = replace(P, window=window(Side.RIGHT))
    one, two = controller.start(P), controller.start(other)
    for now in ticks:
        one, left = controller.step(P, C, one, now)
        two, right = controller.step(other, C, two, now)
        assert left == right


def _with(now: Input, **changed: object) -> Input:
    return replace(now, readings=(replace(now.readings[0], **changed),))


WRONG = [
    (replace(good(3, 5.0), stop=True), Cause.STOP, Phase.STOPPED),
    (replace(good(3, 5.0), stop=None), Cause.STOP, Phase.STOPPED),
    (replace(good(3, 5.0), link=False), Cause.LINK, Phase.UNLOAD),
    (replace(good(3, 5.0), link=None), Cause.LINK, Phase.UNLOAD),
    (replace(good(3, 5.0), allowed=False), Cause.NOT_ALLOWED, Phase.UNLOAD),
    (replace(good(3, 5.0), allowed=None), Cause.NOT_ALLOWED, Phase.UNLOAD),
    (_with(good(3), grip=False), Cause.GRIP, Phase.UNLOAD),
    (_with(good(3), grip=None), Cause.GRIP, Phase.UNLOAD),
    (_with(good(3), sound=False), Cause.CRC, Phase.UNLOAD),
    (_with(good(3), force_n=float("nan")), Cause.NOT_A_NUMBER, Phase.UNLOAD),
    (_with(good(3), force_n=97.0), Cause.OVER_FORCE, Phase.UNLOAD),
    (_with(good(3), force_n=30.0), Cause.JERK, Phase.UNLOAD),
    (_with(good(3), stroke_m=0.7), Cause.STROKE, Phase.UNLOAD),
    (_with(good(3), t_s=9.0), Cause.CLOCK, Phase.UNLOAD),
    (_with(good(3), unloads=True), Cause.DEVICE, Phase.UNLOAD),
    (replace(good(3), t_s=0.0), Cause.CLOCK, Phase.UNLOAD),
    (replace(good(3), t_s=float("nan")), Cause.CLOCK, Phase.UNLOAD),
    (Input(0.3, (), stop=False, link=True), Cause.STALE, Phase.UNLOAD),
]


@pytest.mark.parametrize(("now", "cause", "phase"), WRONG)
def test_each_thing_that_is_wrong_releases_at_once(now: Input, cause: Cause, phase: Phase) -> None:
    state, output = controller.step(P, C, pulling(), now)
    assert cause in output.causes
    assert state.phase is phase
    assert output.command.force_n == 0.0


def test_too_fast_a_band_releases() -> None:
    state = pulling()
    for i in range(3, 14):
        reading = replace(good(i).readings[0], stroke_m=0.01 + 0.002 * (i - 2))
        state, output = controller.step(P, C, state, replace(good(i), readings=(reading,)))
    assert Cause.OVER_SPEED in output.causes


def test_a_load_cell_that_stays_the_same_while_the_band_is_wound_releases() -> None:
    state = pulling()
    for i in range(3, 40):
        reading = replace(good(i, 1.0).readings[0], stroke_m=0.01 + 0.0002 * i)
        state, output = controller.step(P, C, state, replace(good(i), readings=(reading,)))
        if output.causes:
            break
    assert output.causes == (Cause.CELL,)
    assert 0.3 < i * TICK_S < 0.4


def test_a_lone_missing_reading_changes_nothing() -> None:
    state, output = controller.step(P, C, pulling(), replace(good(3), readings=()))
    assert output.causes == ()
    assert output.command.force_n > 0.0
    assert state.phase is Phase.RAMP


def test_a_grip_that_closes_again_does_not_resume() -> None:
    state, _ = controller.step(P, C, pulling(), _with(good(3, 5.0), grip=False))
    for i in range(4, 60):
        state, output = controller.step(P, C, state, good(i, max(5.0 - 0.2 * i, 0.0)))
        assert output.command.force_n == 0.0
    assert state.phase is Phase.REST, "slack again, and still asked for all the time"
    state, _ = controller.step(P, C, state, good(60, start=False))
    state, output = controller.step(P, C, state, good(61))
    assert state.phase is Phase.RAMP
    assert isfinite(output.command.force_n)


def test_eased_to_nothing_above_the_ceiling_it_does_not_come_back_by_itself() -> None:
    state, deep = pulling(), Estimate(0.95, 0.02)
    for i in range(3, 200):
        now = replace(good(i, 1.0 + 0.01 * (i % 3)), position=deep, position_t_s=i * TICK_S)
        state, output = controller.step(P, C, state, now)
        if state.phase not in LOADED:
            break
    assert output.causes == (Cause.CEILING,)
    assert state.phase is Phase.UNLOAD
    for i in range(200, 220):
        state, output = controller.step(P, C, state, good(i, 1.0 + 0.01 * (i % 3)))
        assert output.command.force_n == 0.0
    assert state.phase is Phase.REST


NAN = float("nan")
LOST: dict[str, dict[str, object]] = {
    "nothing came": {"position": None},
    "stale": {"position_t_s": 0.0},
    "no time": {"position_t_s": None},
    "no number": {"position": Estimate(NAN, 0.02)},
    "no sd": {"position": Estimate(0.3, NAN)},
}


def followed(
    state: controller.State, ticks: range, force_n: float, **changed: object
) -> list[tuple[controller.State, controller.Output]]:
    """A band that follows what it is told at 0.5 s, with a load cell that is never quite still."""
    found = []
    for i in ticks:
        now = good(i, force_n + 0.01 * (i % 3), start=True)
        state, output = controller.step(P, C, state, replace(now, **changed))
        force_n += (output.command.force_n - force_n) * TICK_S / 0.5
        found.append((state, output))
    return found


def reference_n(state: controller.State) -> float:
    assert state.t_s is not None
    return controller.reference(P, C, state, state.t_s)[0]


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
@pytest.mark.parametrize("upto", [300, 1400], ids=["ramp", "hold"])
def test_a_position_that_is_lost_under_a_ceiling_eases_and_comes_back_slowly(
    lost: dict[str, object], upto: int
) -> None:
    """At about 30 N in a ramp and 80 N in a hold: three seconds without, then it is back."""
    before, _ = followed(pulling(), range(3, upto), 0.0)[-1]
    phase = before.phase
    assert phase is (Phase.RAMP if upto == 300 else Phase.HOLD)
    gone = followed(before, range(upto, upto + 240), before.seen.last.force_n, **lost)  # type: ignore[union-attr]
    commanded = [before.commanded_n, *(o.command.force_n for _, o in gone)]
    for one, other in pairwise(commanded):
        assert other <= one - P.limits.ease_n_s * TICK_S + 1e-9
    after, output = gone[-1]
    assert after.phase is phase and output.causes == ()
    assert reference_n(after) == pytest.approx(reference_n(before) - 3.0 * P.limits.ease_n_s)
    force_n = after.seen.last.force_n  # type: ignore[union-attr]
    back = followed(after, range(upto + 240, upto + 280), force_n)
    asked = [reference_n(after), *(reference_n(s) for s, _ in back)]
    fastest_n_s = P.ramp_n_s if phase is Phase.RAMP else 1.0
    assert all(0.0 < b - a <= fastest_n_s * TICK_S + 1e-9 for a, b in pairwise(asked))


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_under_a_ceiling_a_pull_waits_for_a_position(lost: dict[str, object]) -> None:
    first = range(100, 102)
    state = controller.start(P)
    for i in first:
        now = replace(good(i, start=i > first[0]), **lost)
        state, output = controller.step(P, C, state, now)
        assert output.command.force_n == 0.0
        assert output.causes == (Cause.CEILING,)
    assert state.phase is Phase.REST


@given(anything)
def test_a_command_of_nothing_is_never_under_load(ticks: list[Input]) -> None:
    for state, output in steps(ticks):
        assert (output.command.force_n > 0.0) == (state.phase in LOADED)
