"""Readings are numbered with 16 bits: the numbers begin again, and so does a band."""

import pytest
from band_inputs import TICK_S, good, usual_params
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lengthwise.band import controller
from lengthwise.band.readings import Seen, take
from lengthwise.band.settings import coefficients
from lengthwise.band.signals import LOADED, Cause, Input, Phase, Reading

P = usual_params()
C = coefficients(P, tick_s=TICK_S)
NUMBERS = 0x10000


def reading(i: int, sequence: int) -> Reading:
    return Reading(i * TICK_S, 20.0 + 0.01 * (i % 3), 0.05, sequence % NUMBERS, grip=True)


def taken(seen: Seen, *readings: Reading) -> Seen:
    for r in readings:
        seen = take(seen, (r,), r.t_s)
    return seen


@given(st.integers(0, NUMBERS - 1))
def test_where_the_numbers_begin_does_not_matter(first: int) -> None:
    seen = taken(Seen(), *(reading(i, first + i) for i in range(100)))
    assert (seen.dropped, seen.restarted) == (0, False)
    assert [r.t_s for r in seen.recent] == [
        r.t_s for r in taken(Seen(), *(reading(i, i) for i in range(100))).recent
    ]


@given(st.integers(0, NUMBERS - 1), st.integers(1, 40), st.integers(0, 40))
def test_what_was_overtaken_or_came_twice_is_dropped_and_is_no_restart(
    first: int, at: int, back: int
) -> None:
    seen = taken(Seen(), *(reading(i, first + i) for i in range(at + 1)))
    earlier = max(at - back, 0)
    again = take(seen, (reading(earlier, first + earlier),), at * TICK_S)
    assert again.recent == seen.recent
    assert (again.dropped, again.restarted, again.fresh) == (1, False, False)


@given(st.integers(0, NUMBERS - 1), st.integers(1, 80))
def test_readings_that_never_came_are_no_restart(first: int, gap: int) -> None:
    seen = taken(Seen(), reading(0, first), reading(gap, first + gap))
    assert (seen.dropped, seen.restarted, seen.fresh) == (0, False, True)


@given(st.integers(0, NUMBERS - 1), st.integers(1, 80))
def test_a_band_that_begins_anew_is_heard_at_once_and_once_said_to(before: int, gap: int) -> None:
    """However many it had sent: only one that lies just ahead cannot be told apart."""
    far = (0 - before) % NUMBERS > 16 + 200 * gap * TICK_S
    seen = taken(Seen(), reading(0, before), reading(gap, 0))
    if before == 0:
        assert seen.dropped == 1
        return
    assert seen.restarted is far
    assert seen.last is not None and seen.last.sequence == 0
    if far:
        assert len(seen.recent) == 1, "it is compared with nothing from before"
    after = taken(seen, reading(gap + 1, 1))
    assert (after.restarted, after.fresh, after.dropped) == (False, True, 0)


def ticks(first: int, last: int, sequence: int, force_n: float, *, start: bool) -> list[Input]:
    """`sequence`: of the reading of the first tick."""
    found = []
    for i in range(first, last):
        now = good(i, force_n + 0.01 * (i % 3), start=start)
        numbered = replace(now.readings[0], sequence=(sequence + i - first) % NUMBERS)
        found.append(replace(now, readings=(numbered,)))
    return found


@pytest.mark.parametrize("before", [500, 20_000, 40_000, NUMBERS - 100])
def test_a_restart_releases_once_and_then_a_new_start_pulls(before: int) -> None:
    state = controller.start(P)
    pulled = [*ticks(0, 1, before, 0.0, start=False), *ticks(1, 40, before + 1, 1.0, start=True)]
    for now in pulled:
        state, output = controller.step(P, C, state, now)
    assert state.phase is Phase.RAMP and output.command.force_n > 0.0
    anew = ticks(40, 400, 0, 1.0, start=True)
    state, output = controller.step(P, C, state, anew[0])
    assert output.causes == (Cause.RESTART,)
    assert (output.command.force_n, state.phase) == (0.0, Phase.UNLOAD)
    for now in anew[1:]:
        state, output = controller.step(P, C, state, now)
        assert (output.causes, output.command.force_n) == ((), 0.0)
    assert state.phase is Phase.REST
    state, _ = controller.step(P, C, state, ticks(400, 401, 360, 0.0, start=False)[0])
    state, output = controller.step(P, C, state, ticks(401, 402, 361, 0.0, start=True)[0])
    assert state.phase in LOADED and output.command.force_n > 0.0
